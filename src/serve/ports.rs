//! The addresses that the preview listens on. Opens sockets.
//!
//! Loopback, unless the user asks for another address: unpublished content should not be readable from other machines.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, UdpSocket};

use crate::input::Failure;

/// The requested port.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Port {
    /// This port, or the next free one of the twenty after it.
    Near(u16),
    /// This port only; 0 means any free port.
    Exactly(u16),
}

/// The machines that may reach the preview.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// This one only.
    Machine,
    /// All that can reach the address. They need the token that is printed.
    Network {
        address: IpAddr,
        /// The names by which they reach it, in addition to addresses.
        names: Vec<String>,
    },
}

impl Reach {
    /// The address to listen on.
    fn address(&self) -> IpAddr {
        match self {
            Reach::Machine => IpAddr::V4(Ipv4Addr::LOCALHOST),
            Reach::Network { address, .. } => *address,
        }
    }

    /// The addresses for the URLs that are printed. This machine reaches the last one.
    pub(super) fn printed(&self, port: u16) -> Vec<SocketAddr> {
        let address = self.address();
        if !address.is_unspecified() {
            return vec![SocketAddr::new(address, port)];
        }
        let addresses = outward_address().into_iter().chain([IpAddr::V4(Ipv4Addr::LOCALHOST)]);
        addresses.map(|address| SocketAddr::new(address, port)).collect()
    }
}

/// The address with which this machine reaches others. Nothing is sent: connecting a UDP socket only chooses a route.
fn outward_address() -> Option<IpAddr> {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
    // An address of the range for documentation is beyond the local network.
    socket.connect((Ipv4Addr::new(192, 0, 2, 1), 9)).ok()?;
    let address = socket.local_addr().ok()?.ip();
    (!address.is_unspecified()).then_some(address)
}

/// Listens on the address, and for 127.0.0.1 on the same port of `::1` where that is possible.
///
/// # Errors
/// None of the ports is free, or the machine does not have the address.
pub(super) fn bind(port: Port, reach: &Reach) -> Result<Vec<TcpListener>, Failure> {
    let address = reach.address();
    let (first, last) = match port {
        Port::Near(port) => (port, port.saturating_add(20)),
        Port::Exactly(port) => (port, port),
    };
    let mut reason = io::Error::from(io::ErrorKind::AddrInUse);
    for port in first..=last {
        match listen(address, port) {
            Ok(listeners) => return Ok(listeners),
            // Another port does not help.
            Err(error) if error.kind() == io::ErrorKind::AddrNotAvailable => {
                return Err(Failure::new(
                    format!("this machine does not have the address {address}"),
                    "Give an address of this machine, or `--host 0.0.0.0` for all of them.",
                ));
            }
            Err(error) => reason = error,
        }
    }
    let ports = if first == last { format!("port {first}") } else { format!("ports {first} to {last}") };
    Err(Failure::new(
        format!("cannot listen on {ports} of {address}: {reason}"),
        "Stop what uses the port, or choose another with `--port`.",
    ))
}

fn listen(address: IpAddr, port: u16) -> io::Result<Vec<TcpListener>> {
    let first = TcpListener::bind((address, port))?;
    // With port 0 the operating system has chosen one, and both addresses must use the same.
    let port = first.local_addr()?.port();
    let mut listeners = vec![first];
    if address == Ipv4Addr::LOCALHOST {
        listeners.extend(TcpListener::bind((Ipv6Addr::LOCALHOST, port)));
    }
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
        let taken = bind(Port::Exactly(0), &Reach::Machine).unwrap();
        let port = taken[0].local_addr().unwrap().port();
        assert!(
            bind(Port::Exactly(port), &Reach::Machine)
                .unwrap_err()
                .message
                .contains(&format!("port {port} of"))
        );
        let next = bind(Port::Near(port), &Reach::Machine).unwrap();
        assert!(next[0].local_addr().unwrap().port() > port);
        assert!(next.iter().all(|listener| listener.local_addr().unwrap().ip().is_loopback()));
    }

    #[test]
    fn an_address_that_the_machine_does_not_have_is_named() {
        let reach = Reach::Network { address: IpAddr::from([192, 0, 2, 1]), names: Vec::new() };
        let failure = bind(Port::Near(4567), &reach).unwrap_err();
        assert_eq!(failure.message, "this machine does not have the address 192.0.2.1");
    }

    #[test]
    fn an_address_of_this_machine_is_printed_last() {
        let network = |address: [u8; 4]| Reach::Network { address: IpAddr::from(address), names: Vec::new() };
        let here = SocketAddr::from((Ipv4Addr::LOCALHOST, 4567));
        assert_eq!(Reach::Machine.printed(4567), [here]);
        assert_eq!(network([192, 0, 2, 7]).printed(80), [SocketAddr::from(([192, 0, 2, 7], 80))]);
        assert_eq!(network([0; 4]).printed(4567).last(), Some(&here));
    }
}
