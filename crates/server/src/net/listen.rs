//! From a bound address to the last answer: limits, TLS or not, and an end that lets what was begun finish.

use super::guard::Guard;
use super::{background, limit, tls};
use crate::out::say;
use crate::said::no;
use axum_server::tls_rustls::RustlsAcceptor;
use axum_server::{Handle, Server};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpSocket};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tower_http::timeout::RequestBodyTimeoutLayer;
use web::App;

/// A whole first request must have come within this time, so that a connection that says nothing costs little.
const FIRST_REQUEST: Duration = Duration::from_secs(20);
/// The head of any later request; also how long a connection may rest between two requests.
const HEAD: Duration = Duration::from_secs(75);
/// Between two pieces of a body: 200 phones that lose their signal in the middle of a report hold nothing for long.
const BODY: Duration = Duration::from_secs(30);
/// Nothing moves in either direction.
const SILENCE: Duration = Duration::from_secs(120);
/// What is being answered when the program is told to stop may take so long.
const FAREWELL: Duration = Duration::from_secs(10);

pub fn bind(listen: SocketAddr) -> anyhow::Result<TcpListener> {
    let bound = (|| {
        let socket = if listen.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
        socket.set_reuseaddr(true)?;
        socket.bind(listen)?;
        socket.listen(4_096)
    })();
    bound.map_err(|error| {
        no(
            format!("不能在 {listen} 上监听：地址可能已被占用，或端口小于1024而无权使用。请用 --listen 换一个。"),
            format!("Cannot listen on {listen}: {error}. Name another address with --listen."),
        )
    })
}

/// Serves until SIGTERM or SIGINT.
pub async fn serve(listener: TcpListener, app: Arc<App>, pair: Option<tls::Pair>) -> anyhow::Result<()> {
    let address = listener.local_addr()?;
    let guard = Guard::new(limit::connections(), SILENCE);
    let handle = Handle::new();
    let (stop, stopping) = watch::channel(false);
    let work = tokio::spawn(background::run(app.clone(), stopping));
    stop_on_signal(handle.clone())?;
    let router = web::router(app).layer(RequestBodyTimeoutLayer::new(BODY));
    let make = router.into_make_service_with_connect_info::<SocketAddr>();
    let served = match pair {
        Some(pair) => {
            let acceptor = RustlsAcceptor::new(tls::config(&pair)?).acceptor(guard);
            say(&format!("ready: https://{address}"));
            limited(Server::from_listener(listener).acceptor(acceptor)).handle(handle).serve(make).await
        }
        None => {
            say(&format!("ready: http://{address}"));
            limited(Server::from_listener(listener).acceptor(guard)).handle(handle).serve(make).await
        }
    };
    stop.send_replace(true);
    // A tick that is under way ends by itself; one that hangs is given up, its transaction undone.
    let _ = tokio::time::timeout(FAREWELL, work).await;
    tracing::info!("stopped");
    Ok(served?)
}

fn limited<A>(server: Server<SocketAddr, A>) -> Server<SocketAddr, A> {
    let mut server = server.first_request_timeout(FIRST_REQUEST).http1_only();
    server.http_builder().http1().header_read_timeout(HEAD).max_buf_size(64 << 10);
    server
}

fn stop_on_signal(handle: Handle<SocketAddr>) -> std::io::Result<()> {
    let (mut term, mut int) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    tokio::spawn(async move {
        tokio::select! {
            _ = term.recv() => {}
            _ = int.recv() => {}
        }
        tracing::info!("stopping; a second signal ends at once");
        handle.graceful_shutdown(Some(FAREWELL));
        tokio::select! {
            _ = term.recv() => {}
            _ = int.recv() => {}
        }
        handle.shutdown();
    });
    Ok(())
}
