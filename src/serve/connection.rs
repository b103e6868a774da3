//! Connections with limits.
//!
//! A client that sends its request byte by byte, or never, must not hold the server up. Owns the limits on
//! number, time and bytes of connections; knows nothing of HTTP but that requests here have no bodies, so
//! whatever arrives between two responses is one head.

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

const MOST_CONNECTIONS: usize = 512;
/// From one response, or from the beginning, to the next response.
const LONGEST_SILENCE: Duration = Duration::from_secs(10);
/// Bytes of a request's head.
const LONGEST_HEAD: usize = 64 * 1024;
/// Bytes that are read at once: most requests have less.
const BUFFER: usize = 4096;
/// How long to wait where no connection can be accepted, such as for want of file descriptors.
const RECOVERY: Duration = Duration::from_secs(1);

/// Accepts connections while there is room for them.
pub(super) struct Gate {
    listener: TcpListener,
    room: Arc<Semaphore>,
}

impl Gate {
    pub fn new(listener: TcpListener) -> Gate {
        Gate { listener, room: Arc::new(Semaphore::new(MOST_CONNECTIONS)) }
    }
    /// The next connection, when there is room for it.
    pub async fn accept(&self) -> Connection {
        let room = Arc::clone(&self.room).acquire_owned().await.expect("the semaphore is never closed");
        let stream = loop {
            match self.listener.accept().await {
                Ok((stream, _)) => break stream,
                // The client has gone before it was accepted; the next one may be there already.
                Err(error) if is_of_the_client(&error) => {}
                Err(_) => sleep(RECOVERY).await,
            }
        };
        // Answers are small and awaited: waiting to fill a packet only delays them.
        let _ = stream.set_nodelay(true);
        Connection { stream, received: 0, silence: Box::pin(sleep(LONGEST_SILENCE)), _room: room }
    }
}

fn is_of_the_client(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

/// A connection that ends by itself when it is silent for too long, or receives too much.
pub(super) struct Connection {
    stream: TcpStream,
    /// Bytes since the last response.
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

    /// The clock starts again with every byte that is sent.
    fn answered(&mut self, context: &mut Context<'_>) {
        self.received = 0;
        self.silence.as_mut().reset(Instant::now() + LONGEST_SILENCE);
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
            // A client that does not take its answer is silent too.
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
