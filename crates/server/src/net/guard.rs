//! A limit on connections, and an end for those on which nothing moves any more.

use axum_server::accept::Accept;
use std::future::{Future, Ready, ready};
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready as wait_for};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, Sleep};

#[derive(Clone)]
pub struct Guard {
    places: Arc<Semaphore>,
    silence: Duration,
}

impl Guard {
    pub fn new(most: usize, silence: Duration) -> Guard {
        Guard { places: Arc::new(Semaphore::new(most)), silence }
    }
}

impl<S> Accept<TcpStream, S> for Guard {
    type Stream = Watched;
    type Service = S;
    type Future = Ready<io::Result<(Watched, S)>>;

    fn accept(&self, stream: TcpStream, service: S) -> Self::Future {
        // Turned away at once instead of waiting: a waiting one would hold a file open all the same.
        let place = self.places.clone().try_acquire_owned().map_err(|_| io::Error::other("too many connections"));
        ready(place.and_then(|place| {
            stream.set_nodelay(true)?;
            let sleep = Box::pin(tokio::time::sleep(self.silence));
            Ok((Watched { stream, sleep, moved: false, silence: self.silence, _place: place }, service))
        }))
    }
}

/// A connection that ends when neither side has moved a byte for a while, whatever it waits for: the rest of a body
/// that a phone lost on the way, or a client that does not read its answer.
pub struct Watched {
    stream: TcpStream,
    sleep: Pin<Box<Sleep>>,
    /// Whether anything moved since the alarm was set; setting it anew for every read would cost more than it gives.
    moved: bool,
    silence: Duration,
    _place: OwnedSemaphorePermit,
}

impl Watched {
    /// Pending, or the error that ends it.
    fn waited(&mut self, cx: &mut Context<'_>) -> Poll<io::Error> {
        loop {
            wait_for!(self.sleep.as_mut().poll(cx));
            if !std::mem::take(&mut self.moved) {
                return Poll::Ready(io::Error::new(io::ErrorKind::TimedOut, "nothing moved on this connection"));
            }
            let next = Instant::now() + self.silence;
            self.sleep.as_mut().reset(next);
        }
    }

    fn watch<T>(&mut self, cx: &mut Context<'_>, done: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        match done {
            Poll::Ready(done) => {
                self.moved = true;
                Poll::Ready(done)
            }
            Poll::Pending => self.waited(cx).map(Err),
        }
    }
}

impl AsyncRead for Watched {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let done = Pin::new(&mut self.stream).poll_read(cx, buf);
        self.watch(cx, done)
    }
}

impl AsyncWrite for Watched {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let done = Pin::new(&mut self.stream).poll_write(cx, buf);
        self.watch(cx, done)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let done = Pin::new(&mut self.stream).poll_write_vectored(cx, bufs);
        self.watch(cx, done)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
