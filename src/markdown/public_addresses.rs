//! IP addresses of the public internet in a text.
//!
//! Owns which texts are addresses, and which ranges are not public: those for documentation (RFC 5737, RFC 3849,
//! RFC 9637), private networks, and all that no router forwards. `2001:db8::7` and `10.0.0.1` are fine; the resolvers that
//! everybody may ask are too. A number such as `version 1.2.3.4` is not an address.

// The types alone; `std::net` also reaches other machines.
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::ops::Range;

use super::prose_words::{Word, words};
use crate::lexicon::Lexicon;

/// Resolvers that everybody may ask.
const RESOLVERS: &[&str] = &[
    "1.0.0.1",
    "1.1.1.1",
    "8.8.4.4",
    "8.8.8.8",
    "9.9.9.9",
    "149.112.112.112",
    "2001:4860:4860::8844",
    "2001:4860:4860::8888",
    "2606:4700:4700::1001",
    "2606:4700:4700::1111",
    "2620:fe::fe",
];

/// The public addresses in a text, with their ranges in bytes.
pub(super) fn public_addresses(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut before = "";
    words(text).filter_map(move |word| {
        let previous = std::mem::replace(&mut before, word.text);
        let length = address(word.text).filter(|_| is_place_of_address(text, &word, previous))?;
        Some(word.start..word.start + length)
    })
}

/// The length of the public address that a word begins with. A port may follow.
fn address(word: &str) -> Option<usize> {
    // Every other word is left without a parse.
    if !word.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let with_port = word.split_once(':').map_or(word, |(host, _)| host);
    for written in [word, with_port] {
        if let Ok(address) = written.parse::<IpAddr>() {
            let is_public = match address {
                IpAddr::V4(address) => is_public_v4(address),
                IpAddr::V6(address) => is_public_v6(address),
            };
            return (is_public && !RESOLVERS.contains(&written)).then_some(written.len());
        }
    }
    None
}

/// Whether an address can stand here: no part of a path, and no number of a version.
fn is_place_of_address(text: &str, word: &Word<'_>, previous: &str) -> bool {
    let before = &text[..word.start];
    let is_in_path = before.ends_with(['/', '\\']) && !before.ends_with("//");
    !is_in_path
        && !before.ends_with("==")
        && !Lexicon::all().prose.before_version.contains(&previous.to_lowercase())
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [first, second, third, _] = address.octets();
    let is_special = match (first, second, third) {
        // This network, loopback, multicast and what is reserved.
        (0 | 127 | 224.., ..) => true,
        // Shared by carriers; protocols; benchmarks; the former anycast of 6to4.
        (100, 64..128, _) | (192, 0, 0) | (198, 18..20, _) | (192, 88, 99) => true,
        // Four small numbers are those of a chapter: `11.3.1.3`.
        _ if address.octets().iter().all(|part| *part < 30) => true,
        _ => address.is_private() || address.is_link_local() || address.is_documentation(),
    };
    !is_special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let [first, second, ..] = address.segments();
    // Only 2000::/3 is given to networks.
    let is_global = first & 0xe000 == 0x2000;
    let is_documentation = (first, second) == (0x2001, 0x0db8) || (first == 0x3fff && second < 0x1000);
    is_global && !is_documentation
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        public_addresses(text).map(|range| &text[range]).collect()
    }

    #[test]
    fn addresses_of_the_public_internet_are_found() {
        assert_eq!(found("Log in to 81.163.192.4, then 5.9.1.200:8443."), ["81.163.192.4", "5.9.1.200"]);
        assert_eq!(found("ssh root@2a01:4f8::1 or 81.163.192.0/24"), ["2a01:4f8::1", "81.163.192.0"]);
        assert_eq!(found("(2a01:4f8:0:1::2) http://81.163.192.4/"), ["2a01:4f8:0:1::2", "81.163.192.4"]);
        assert_eq!(found("ping 172.32.0.1"), ["172.32.0.1"]);
    }

    #[test]
    fn ranges_for_documentation_and_private_networks_are_fine() {
        for text in [
            "192.0.2.1 198.51.100.255 203.0.113.7 2001:db8::1 3fff::1",
            "10.1.2.3 172.16.0.1 172.31.255.254 192.168.1.1 127.0.0.1 0.0.0.0 255.255.255.0",
            "169.254.169.254 100.64.0.1 198.18.0.1 224.0.0.1 fe80::1 fd00::1 ::1 ff02::1",
            "8.8.8.8 and 1.1.1.1",
        ] {
            assert!(found(text).is_empty(), "{text}: {:?}", found(text));
        }
    }

    #[test]
    fn numbers_that_look_like_addresses_are_left_alone() {
        for text in [
            "version 5.9.1.99, Version 5.9.1.99, v5.9.1.99, 5.9.1.99-rc1, pkg-5.9.1.99",
            "Requirement 11.3.1.3",
            "5.9.1 5.9.1.99.3 5.9.1.256 05:09:01 12:30 2026-11-21T02:12:00",
            "download/5.9.1.99/x pkg==5.9.1.99 std::vec 2a01",
            "Kapitel5.9.1.99ü",
        ] {
            assert!(found(text).is_empty(), "{text}: {:?}", found(text));
        }
    }
}
