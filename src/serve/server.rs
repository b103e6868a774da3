//! The thread that answers requests.
//!
//! Owns the life of the server: a thread with its own tokio runtime that ends with the [`Server`] value, or
//! with Ctrl-C. The module `answer` decides the responses.

#![expect(clippy::disallowed_methods, reason = "opens the browser")]

use std::convert::Infallible;
use std::io;
use std::net::TcpListener;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::thread::JoinHandle;

use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use tokio::sync::oneshot;

use crate::input::Failure;

use super::connection::Gate;
use super::guard::Guard;
use super::payload::Payload;
use super::ports::{self, Port, Reach};
use super::store::Store;
use super::{answer, events};

/// The number of requests that are answered at the same time.
const THREADS: usize = 4;

/// Ctrl-C was pressed, or the process was asked to end.
#[derive(Debug, Clone, Copy)]
pub struct Signal;

/// A running server. Dropping it ends every connection.
#[derive(Debug)]
pub struct Server {
    port: u16,
    guard: Guard,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// The context of every request.
#[derive(Clone)]
struct RequestContext {
    store: Arc<Store>,
    guard: Guard,
}

impl Server {
    /// Serves `store` on a port; for programs with a loop of their own.
    ///
    /// # Errors
    /// The port is not free, or the operating system starts no thread.
    pub fn bind(port: Port, reach: &Reach, store: Arc<Store>) -> Result<Server, Failure> {
        Server::start(ports::bind(port, reach)?, reach, store, |Signal| {})
    }

    /// Serves `store` on the given listeners. `signalled` is called once, when the process is asked to stop.
    ///
    /// # Errors
    /// The operating system starts no thread.
    pub(super) fn start(
        listeners: Vec<TcpListener>,
        reach: &Reach,
        store: Arc<Store>,
        signalled: impl FnOnce(Signal) + Send + 'static,
    ) -> Result<Server, Failure> {
        let failure = |error: io::Error| {
            Failure::new(format!("the server cannot start: {error}"), "Free some resources and try again.")
        };
        let port = listeners[0].local_addr().map_err(failure)?.port();
        let guard = Guard::new(port, reach)?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .max_blocking_threads(THREADS)
            .build()
            .map_err(failure)?;
        let (stop, stopped) = oneshot::channel();
        let desk = RequestContext { store, guard: guard.clone() };
        let thread = std::thread::Builder::new().name("server".to_owned()).spawn(move || {
            runtime.block_on(async {
                for listener in listeners {
                    tokio::spawn(serve(listener, desk.clone()));
                }
                tokio::select! {
                    () = signal() => signalled(Signal),
                    _ = stopped => {}
                }
            });
        });
        Ok(Server { port, guard, stop: Some(stop), thread: Some(thread.map_err(failure)?) })
    }

    /// The port that the server listens on.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// What follows the path in the URL with which a browser enters: the token of a shared preview.
    pub fn entrance(&self) -> String {
        self.guard.entrance()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            // If no one receives this, the thread has ended already.
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

async fn serve(listener: TcpListener, desk: RequestContext) {
    let gate = Gate::new(tokio::net::TcpListener::from_std(listener).expect("the listener does not block"));
    loop {
        let connection = gate.accept().await;
        let desk = desk.clone();
        tokio::spawn(async move {
            let service = service_fn(|request| respond(desk.clone(), request));
            // An error ends only this connection, and the client sees it.
            let _ = http1::Builder::new().serve_connection(connection, service).await;
        });
    }
}

async fn respond(desk: RequestContext, request: Request<Incoming>) -> Result<Response<Payload>, Infallible> {
    let (request, _) = request.into_parts();
    // Some files are made or read on request. They are answered in threads of their own, so that other requests
    // need not wait for them.
    let answer = move || {
        let events = || events::stream(desk.store.subscribe());
        answer::answer(&request, &desk.store, &desk.guard, events)
    };
    Ok(tokio::task::spawn_blocking(answer).await.unwrap_or_else(|_| answer::defect()))
}

/// Waits for Ctrl-C or for the signal that a service manager sends to end a process.
async fn signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else { return std::future::pending().await };
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => {
            if interrupted.is_err() {
                std::future::pending::<()>().await;
            }
        }
        _ = terminate.recv() => {}
    }
}

/// Opens the user's browser. The URL is always our own address, which needs no quoting.
pub(super) fn open_browser(url: &str) -> io::Result<()> {
    let program = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    let mut command = Command::new(program);
    command.arg(url).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().map(drop)
}
