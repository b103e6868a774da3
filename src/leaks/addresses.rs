//! Addresses of private networks.
//!
//! Owns the private ranges (RFC 1918, 3927, 4193, 6598, 4291), and the private addresses that are not leaks: whole
//! ranges, and addresses that are the same everywhere.

use core::net::{Ipv4Addr, Ipv6Addr};
use std::ops::Range;

use super::{after, before, run_most};

/// The private ranges: network, and the length of its prefix in bits.
const RANGES_4: &[(Ipv4Addr, u32)] = &[
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(169, 254, 0, 0), 16),
];
const RANGES_6: &[(Ipv6Addr, u32)] = &[
    (Ipv6Addr::new(0xfc00, 0, 0, 0, 0, 0, 0, 0), 7),
    (Ipv6Addr::new(0xfd00, 0, 0, 0, 0, 0, 0, 0), 8),
    (Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0), 10),
];
/// The most bytes that are read as an address.
const LONGEST: usize = 64;
/// The metadata service of clouds, which has the same address everywhere.
const EVERYWHERE: &[Ipv4Addr] = &[Ipv4Addr::new(169, 254, 169, 254)];

/// The private IPv4 address that begins at `at`.
pub(super) fn version_4(text: &[u8], at: Range<usize>) -> Option<Range<usize>> {
    if before(text, at.start, |byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte)) {
        return None;
    }
    let run = run_most(text, at.start, LONGEST, |byte| byte.is_ascii_digit() || byte == b'.');
    let end = at.start + text[at.start..run].iter().rposition(u8::is_ascii_digit)? + 1;
    let address: Ipv4Addr = str::from_utf8(&text[at.start..end]).ok()?.parse().ok()?;
    let range = RANGES_4.iter().find(|(network, prefix)| {
        let mask = u32::MAX << (32 - prefix);
        u32::from(address) & mask == u32::from(*network)
    })?;
    // `10.0.0.0/8` is the whole range, which everyone knows; `10.0.0.0/24` is one network.
    let whole = address == range.0 && prefix(text, end).is_none_or(|length| length <= range.1);
    let sound =
        !after(text, end, |byte| byte.is_ascii_alphanumeric() || byte == b'_') && !is_drawn(text, at.start);
    (sound && !whole && !EVERYWHERE.contains(&address)).then_some(at.start..end)
}

/// The length of a prefix: the number after a slash at `end`.
fn prefix(text: &[u8], end: usize) -> Option<u32> {
    if text.get(end) != Some(&b'/') {
        return None;
    }
    let digits = run_most(text, end + 1, 4, |byte| byte.is_ascii_digit());
    str::from_utf8(&text[end + 1..digits]).ok()?.parse().ok()
}

/// Whether an offset is within the numbers of an SVG attribute: `d="M 10.5.2.3 …"`.
fn is_drawn(text: &[u8], at: usize) -> bool {
    // The limit keeps the search linear. In a longer attribute, a number may be reported as an address.
    let from = at.saturating_sub(4096);
    let Some(quote) = text[from..at].iter().rposition(|byte| *byte == b'"') else { return false };
    let name = &text[from..from + quote];
    [&b" d="[..], b"points=", b"transform=", b"viewBox="].iter().any(|attribute| name.ends_with(attribute))
}

/// The private IPv6 address that begins at `at`.
pub(super) fn version_6(text: &[u8], at: Range<usize>) -> Option<Range<usize>> {
    let is_part = |byte: u8| byte.is_ascii_hexdigit() || byte == b':';
    let is_joined = |byte: u8| is_part(byte) || byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    let run = at.start..run_most(text, at.start, LONGEST, is_part);
    let free = !before(text, at.start, is_joined)
        && !after(text, run.end, |byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let written = str::from_utf8(&text[run.clone()]).ok()?;
    if !free || written.matches(':').count() < 2 {
        return None;
    }
    // A colon at the end belongs to the sentence, unless it ends the address: `fc00::`.
    let written = if written.ends_with("::") { written } else { written.trim_end_matches(':') };
    let address: Ipv6Addr = written.parse().ok()?;
    let whole = RANGES_6.iter().any(|(network, _)| *network == address);
    let private = RANGES_6.iter().any(|(network, prefix)| {
        let mask = u128::MAX << (128 - prefix);
        u128::from(address) & mask == u128::from(*network)
    });
    let end = run.start + written.len();
    (private && !(whole && prefix(text, end).is_none_or(|length| length <= 10))).then_some(run.start..end)
}

#[cfg(test)]
mod tests {
    use crate::leaks::tests::{assert_found, assert_silent};

    #[test]
    fn private_addresses_are_found() {
        assert_found(
            "leak.address",
            &[
                "ssh «10.1.2.3»",
                "(«192.168.16.5»)",
                "http://«172.31.0.9»:8080/",
                "«100.64.7.1»,",
                "link-local «169.254.3.4».",
                "the network «10.20.0.0»/16",
                "«10.0.0.0»/24",
                "ping «fd12:3456:789a::1»",
                "[«fe80::1ff:fe23:4567:890a»%eth0]",
                "«fc00::5»/64",
            ],
        );
    }

    #[test]
    fn public_documented_and_whole_ranges_are_none() {
        assert_silent(
            "leak.address",
            &[
                "192.0.2.10",
                "198.51.100.7 and 203.0.113.99",
                "2001:db8::1",
                "127.0.0.1 and ::1",
                "0.0.0.0/0",
                "10.0.0.0/8",
                "172.16.0.0/12, 192.168.0.0/16",
                "fc00::/7, fd00::/8 and fe80::/10",
                "172.15.0.1",
                "172.32.0.1",
                "100.128.0.1",
                "100.63.0.1",
                "8.8.8.8",
                "version 10.1.2",
                "v10.1.2.3",
                "10.1.2.3.4",
                "10.1.2.256",
                "curl http://169.254.169.254/",
                "fd: 3",
                "feed:beef",
                "a fe80 b",
                "<path d=\"M3 10.5.2.3 4\"/>",
                "package-10.0.0.1",
                "facade:dead:beef::",
                "1.10.2.3.4",
            ],
        );
    }
}
