//! The server: ready at once, unharmed by those who do not finish, gone when told.

use crate::both;
use crate::stage::Stage;
use rustix::process::{Pid, Signal, kill_process};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

struct Server {
    child: Child,
    address: SocketAddr,
}

impl Server {
    fn start(stage: &Stage, args: &[&str]) -> Server {
        let mut command = stage.command(&[&["serve", "--listen", "127.0.0.1:0"], args].concat());
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().rsplit('/').next().and_then(|it| it.parse().ok());
        Server { child, address: address.unwrap_or_else(|| panic!("{line}")) }
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        stream
    }

    fn healthz(&self) -> String {
        ask(self.connect())
    }

    /// How it ended, after a signal.
    fn stop(mut self) -> Option<i32> {
        kill_process(Pid::from_child(&self.child), Signal::TERM).unwrap();
        self.child.wait().unwrap().code()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
    }
}

fn ask(mut stream: impl Read + Write) -> String {
    stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

both!(it_is_ready_at_once_and_goes_when_told, |stage| {
    stage.run(&["unit", "add", "--name", "走访办"]).ok();
    let begun = Instant::now();
    let server = Server::start(stage, &[]);
    // 300 ms is the promise for a release build on an idle machine; tests share theirs.
    assert!(begun.elapsed() < Duration::from_secs(3), "{:?}", begun.elapsed());
    assert!(server.healthz().starts_with("HTTP/1.1 200"));
    // The verbs work beside it.
    stage.run(&["unit", "add", "--name", "建设局"]).ok();
    stage.run(&["audit", "verify"]).ok();
    assert_eq!(server.stop(), Some(0));
});

#[test]
fn those_who_do_not_finish_harm_nobody() {
    let stage = Stage::sqlite();
    let server = Server::start(&stage, &[]);
    let idle: Vec<TcpStream> = (0..400).map(|_| server.connect()).collect();
    let half: Vec<TcpStream> = (0..200)
        .map(|_| {
            let mut stream = server.connect();
            let head = "POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{\"login\":";
            stream.write_all(head.as_bytes()).unwrap();
            stream
        })
        .collect();
    let begun = Instant::now();
    assert!(server.healthz().starts_with("HTTP/1.1 200"));
    assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
    drop(half);
    assert!(server.healthz().starts_with("HTTP/1.1 200"));
    drop(idle);
    assert_eq!(server.stop(), Some(0));
}

#[test]
fn its_own_certificate_is_made_once_and_can_be_trusted() {
    let stage = Stage::sqlite();
    let cert = stage.data().join("tls/cert.pem");
    for _ in 0..2 {
        let before = std::fs::read(&cert).ok();
        let server = Server::start(&stage, &["--tls-self-signed"]);
        if let Some(before) = before {
            assert_eq!(std::fs::read(&cert).unwrap(), before);
        }
        let mut roots = rustls::RootCertStore::empty();
        use rustls::pki_types::pem::PemObject;
        roots.add(rustls::pki_types::CertificateDer::from_pem_file(&cert).unwrap()).unwrap();
        let config = rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        let name = rustls::pki_types::ServerName::try_from("127.0.0.1").unwrap();
        let client = rustls::ClientConnection::new(Arc::new(config), name).unwrap();
        let answer = ask(rustls::StreamOwned::new(client, server.connect()));
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        assert_eq!(server.stop(), Some(0));
    }
}

#[test]
fn an_address_in_use_or_a_bad_certificate_is_refused_in_words() {
    let stage = Stage::sqlite();
    let server = Server::start(&stage, &[]);
    let taken = server.address.to_string();
    assert!(stage.run(&["serve", "--listen", &taken]).refused().err.contains("--listen"));
    let bad = stage.file("bad.pem", "no certificate");
    let bad = bad.to_str().unwrap();
    stage.run(&["serve", "--listen", "127.0.0.1:0", "--tls", bad, bad]).refused();
}
