//! The addresses that the preview listens on. Opens sockets.
//!
//! Loopback only. There is no setting for another address, because unpublished content must not be readable
//! from other machines.

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, TcpListener};

use crate::input::Failure;

/// The requested port.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Port {
    /// This port, or the next free one of the twenty after it.
    Near(u16),
    /// This port only; 0 means any free port.
    Exactly(u16),
}

/// Listens on 127.0.0.1, and on the same port of `::1` where that is possible.
///
/// # Errors
/// None of the ports is free.
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
    // With port 0 the operating system has chosen one, and both addresses must use the same.
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
