//! A web server on this machine that answers as a test says.
//!
//! Owns the answers and the list of requests. It speaks as much of HTTP as a check of links needs.

#![expect(clippy::disallowed_methods, reason = "serves in threads of its own, and measures pauses")]

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

/// A request as the server got it.
#[derive(Debug, Clone)]
pub struct WebRequest {
    /// `HEAD /path?query`
    pub line: String,
    /// Header lines in lower case, sorted.
    pub headers: Vec<String>,
    pub at: Instant,
}

/// What the server does with a request.
pub enum WebReply {
    Status(u16),
    /// A status with one header line.
    With(u16, String),
    /// The connection ends without an answer.
    Close,
    /// An answer that comes too late.
    Late(Duration),
}

type Routes = dyn Fn(&str, usize) -> WebReply + Send + Sync;

pub struct WebServer {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<WebRequest>>>,
    is_over: Arc<AtomicBool>,
}

impl WebServer {
    /// Starts a server. `routes` gets `HEAD /path` and how often that was asked before.
    pub fn start(routes: impl Fn(&str, usize) -> WebReply + Send + Sync + 'static) -> WebServer {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let requests: Arc<Mutex<Vec<WebRequest>>> = Arc::default();
        let is_over = Arc::new(AtomicBool::new(false));
        let (log, over, routes) = (Arc::clone(&requests), Arc::clone(&is_over), Arc::new(routes));
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if over.load(Ordering::SeqCst) {
                    return;
                }
                let (log, routes) = (Arc::clone(&log), Arc::clone(&routes));
                thread::spawn(move || answer(stream, &log, &*routes));
            }
        });
        WebServer { address, requests, is_over }
    }

    /// `http://127.0.0.1:PORT` with a path.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub fn requests(&self) -> Vec<WebRequest> {
        self.requests.lock().unwrap().clone()
    }

    /// The request lines, sorted.
    pub fn lines(&self) -> Vec<String> {
        let mut lines: Vec<String> = self.requests().into_iter().map(|request| request.line).collect();
        lines.sort();
        lines
    }

    pub fn forget(&self) {
        self.requests.lock().unwrap().clear();
    }
}

impl Drop for WebServer {
    /// No one listens at the address any more.
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::SeqCst);
        // Wakes the thread that accepts connections.
        let _ = TcpStream::connect(self.address);
        while TcpStream::connect(self.address).is_ok() {
            thread::sleep(Duration::from_millis(5));
        }
    }
}

fn answer(mut stream: TcpStream, log: &Mutex<Vec<WebRequest>>, routes: &Routes) -> Option<()> {
    let mut lines = BufReader::new(stream.try_clone().ok()?).lines().map_while(Result::ok);
    let line = lines.next()?.trim_end_matches(" HTTP/1.1").to_owned();
    let mut headers: Vec<String> =
        lines.take_while(|line| !line.is_empty()).map(|line| line.to_lowercase()).collect();
    headers.sort();
    let asked_before = {
        let mut log = log.lock().unwrap();
        let before = log.iter().filter(|request| request.line == line).count();
        log.push(WebRequest { line: line.clone(), headers, at: Instant::now() });
        before
    };
    let (status, header) = match routes(&line, asked_before) {
        WebReply::Status(status) => (status, String::new()),
        WebReply::With(status, header) => (status, format!("{header}\r\n")),
        WebReply::Close => return None,
        WebReply::Late(time) => {
            thread::sleep(time);
            (200, String::new())
        }
    };
    let text = format!("HTTP/1.1 {status} x\r\n{header}connection: close\r\ncontent-length: 0\r\n\r\n");
    stream.write_all(text.as_bytes()).ok()
}
