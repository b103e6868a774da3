//! Connections with limits.
//!
//! A client that sends its request byte by byte, or never, must not block the server. Owns the limits on the
//! number, time and bytes of connections. The only thing it knows about HTTP is that requests here have no
//! bodies, so all bytes between two responses are one request header.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use hyper::rt::{Read, ReadBufCursor, Write};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, Sleep, sleep};

/// The largest number of open connections on one listener.
const MOST_CONNECTIONS: usize = 512;
/// The longest time from one response, or from the beginning, to the next response.
const LONGEST_SILENCE: Duration = Duration::from_secs(10);
/// The longest request header, in bytes.
const LONGEST_HEAD: usize = 64 * 1024;
/// The number of bytes that are read at once. Most requests are shorter.
const BUFFER: usize = 4096;
/// The pause after a connection cannot be accepted, for example because there are no file descriptors left.
const RECOVERY: Duration = Duration::from_secs(1);

/// Accepts connections up to the limit.
pub(super) struct Gate {
    listener: TcpListener,
    room: Arc<Semaphore>,
}

impl Gate {
    pub fn new(listener: TcpListener) -> Gate {
        Gate { listener, room: Arc::new(Semaphore::new(MOST_CONNECTIONS)) }
    }
    /// The next connection, as soon as there is room for it.
    pub async fn accept(&self) -> Connection {
        let room = Arc::clone(&self.room).acquire_owned().await.expect("the semaphore is never closed");
        let stream = loop {
            match self.listener.accept().await {
                Ok((stream, _)) => break stream,
                // The client has gone before its connection was accepted. The next one may be waiting, so there
                // is not a pause.
                Err(error) if is_of_the_client(&error) => {}
                Err(_) => sleep(RECOVERY).await,
            }
        };
        // Responses are small and awaited; waiting to fill a packet would only delay them.
        let _ = stream.set_nodelay(true);
        Connection { stream, received: 0, silence: Box::pin(sleep(LONGEST_SILENCE)), _room: room }
    }
}

fn is_of_the_client(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

/// A connection that ends by itself after a long silence or too many bytes.
pub(super) struct Connection {
    stream: TcpStream,
    /// The number of bytes received since the last response.
    received: usize,
    silence: Pin<Box<Sleep>>,
    _room: OwnedSemaphorePermit,
}

impl Connection {
    fn check(&mut self, context: &mut Context<'_>) -> io::Result<()> {
        if self.received > LONGEST_HEAD {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "the head of the request is too long"));
        }
        match self.silence.as_mut().poll(context) {
            Poll::Ready(()) => Err(io::ErrorKind::TimedOut.into()),
            Poll::Pending => Ok(()),
        }
    }

    /// Resets the limits after bytes were sent.
    fn answered(&mut self, context: &mut Context<'_>) {
        self.received = 0;
        self.silence.as_mut().reset(Instant::now() + LONGEST_SILENCE);
        // A timer that was reset wakes the task only if it is polled again.
        let _ = self.silence.as_mut().poll(context);
    }
}

impl Read for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        mut to: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        self.check(context)?;
        let mut bytes = [0; BUFFER];
        let room = to.remaining().min(BUFFER);
        let mut buffer = ReadBuf::new(&mut bytes[..room]);
        ready!(Pin::new(&mut self.stream).poll_read(context, &mut buffer))?;
        self.received += buffer.filled().len();
        to.put_slice(buffer.filled());
        Poll::Ready(Ok(()))
    }
}

impl Write for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let Poll::Ready(written) = Pin::new(&mut self.stream).poll_write(context, bytes) else {
            // A client that does not read its response is silent too.
            self.check(context)?;
            return Poll::Pending;
        };
        self.answered(context);
        Poll::Ready(written)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
