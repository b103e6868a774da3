//! The addresses that the preview listens on. ⚡
//!
//! Loopback only: there is no setting for anything else, because content that is not published yet is
//! nobody else's business.

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, TcpListener};

use crate::input::Failure;

/// Which port is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Port {
    /// This one, or one of the next twenty.
    Near(u16),
    /// This one only; 0 is any free one.
    Exactly(u16),
}

/// Listens on 127.0.0.1, and on the same port of `::1` where there is one.
pub(super) fn bind(port: Port) -> Result<Vec<TcpListener>, Failure> {
    let (first, last) = match port {
        Port::Near(port) => (port, port.saturating_add(20)),
        Port::Exactly(port) => (port, port),
    };
    let mut reason = io::Error::from(io::ErrorKind::AddrInUse);
    for port in first..=last {
        match listen(port) {
            Ok(listeners) => return Ok(listeners),
            Err(error) => reason = error,
        }
    }
    let ports = if first == last { format!("port {first}") } else { format!("ports {first} to {last}") };
    Err(Failure::new(
        format!("cannot listen on {ports} of 127.0.0.1: {reason}"),
        "Stop what uses the port, or choose another with `--port`.",
    ))
}

fn listen(port: u16) -> io::Result<Vec<TcpListener>> {
    let first = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
    let port = first.local_addr()?.port();
    let second = TcpListener::bind((Ipv6Addr::LOCALHOST, port)).ok();
    let listeners: Vec<TcpListener> = std::iter::once(first).chain(second).collect();
    for listener in &listeners {
        listener.set_nonblocking(true)?;
    }
    Ok(listeners)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_in_use_is_passed_over_unless_it_was_asked_for() {
        let taken = bind(Port::Exactly(0)).unwrap();
        let port = taken[0].local_addr().unwrap().port();
        assert!(bind(Port::Exactly(port)).unwrap_err().message.contains(&format!("port {port} of")));
        let next = bind(Port::Near(port)).unwrap();
        assert!(next[0].local_addr().unwrap().port() > port);
        assert!(next.iter().all(|listener| listener.local_addr().unwrap().ip().is_loopback()));
    }
}
