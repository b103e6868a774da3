//! What is packed: gzip, zlib, members of ZIP files, UTF-16, base64, hexadecimal digits.
//!
//! Owns how it is found in any bytes, wherever it begins, and the limits. Brotli, zstd and xz are not unpacked.

use flate2::{Decompress, FlushDecompress, Status};

use crate::leaks::base64;

use super::runs::{self, Runs};
use super::view::{Maker, Step, View};

/// One packed stream may become so many bytes.
const STREAM: usize = 16 * 1024 * 1024;

/// What may still be unpacked for one file.
#[derive(Debug)]
pub(super) struct Budget {
    bytes: usize,
    /// Whether something was left packed for its size.
    pub exceeded: bool,
}

impl Budget {
    /// A file may become forty times as large, and a small one 64 MiB.
    pub fn new(length: usize) -> Budget {
        Budget { bytes: length.saturating_mul(40).clamp(64 << 20, 1 << 30), exceeded: false }
    }
}

/// What is unpacked, one view for each stream.
pub(super) fn unpacked(view: &View<'_>, budget: &mut Budget) -> Vec<View<'static>> {
    let mut views = Vec::new();
    for at in 0..view.bytes.len().saturating_sub(4) {
        let Some((start, wrap)) = stream(&view.bytes, at) else { continue };
        let Some(bytes) = inflate(&view.bytes[start..], wrap, budget) else { continue };
        let mut maker = Maker::new(view);
        maker.made(at, &bytes);
        views.extend(maker.finish(Step::Packed));
    }
    views
}

/// How a stream is wrapped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wrap {
    Zlib,
    Raw,
}

/// Where the stream begins whose header stands at `at`. The pixels of a PNG are not looked at.
fn stream(bytes: &[u8], at: usize) -> Option<(usize, Wrap)> {
    match bytes[at..] {
        [0x78, 0x01 | 0x5e | 0x9c | 0xda, ..] if !bytes[..at].ends_with(b"IDAT") => Some((at, Wrap::Zlib)),
        [0x1f, 0x8b, 8, flags, ..] => Some((gzip(bytes, at, flags)?, Wrap::Raw)),
        [b'P', b'K', 3, 4, ..] => Some((zip(bytes, at)?, Wrap::Raw)),
        _ => None,
    }
}

/// The end of the header of gzip: extra fields, name, remark, checksum.
fn gzip(bytes: &[u8], at: usize, flags: u8) -> Option<usize> {
    let mut end = at + 10;
    if flags & 4 != 0 {
        end += 2 + usize::from(u16::from_le_bytes([*bytes.get(end)?, *bytes.get(end + 1)?]));
    }
    for text in [8, 16] {
        if flags & text != 0 {
            end += bytes.get(end..)?.iter().position(|byte| *byte == 0)? + 1;
        }
    }
    end += if flags & 2 != 0 { 2 } else { 0 };
    (end < bytes.len()).then_some(end)
}

/// The end of the header of a member that is packed by deflate.
fn zip(bytes: &[u8], at: usize) -> Option<usize> {
    let number = |offset: usize| {
        Some(usize::from(u16::from_le_bytes([*bytes.get(at + offset)?, *bytes.get(at + offset + 1)?])))
    };
    let end = at + 30 + number(26)? + number(28)?;
    (number(8)? == 8 && end < bytes.len()).then_some(end)
}

/// What a stream becomes. A damaged one becomes what comes before the damage.
fn inflate(packed: &[u8], wrap: Wrap, budget: &mut Budget) -> Option<Vec<u8>> {
    let mut unpacker = Decompress::new(wrap == Wrap::Zlib);
    let (mut bytes, most) = (Vec::new(), budget.bytes.min(STREAM));
    loop {
        let before = (unpacker.total_in(), bytes.len());
        bytes.reserve(4 * 1024);
        let rest = &packed[unpacker.total_in() as usize..];
        let status = unpacker.decompress_vec(rest, &mut bytes, FlushDecompress::None);
        if bytes.len() > most {
            budget.exceeded = true;
            break;
        }
        let moved = before != (unpacker.total_in(), bytes.len());
        if !matches!(status, Ok(Status::Ok | Status::BufError)) || !moved {
            break;
        }
    }
    budget.bytes -= bytes.len().min(budget.bytes);
    (!bytes.is_empty()).then_some(bytes)
}

/// Runs of UTF-16 of both orders, as UTF-8: letters of Latin-1 with zeros between them.
pub(super) fn utf16(view: &View<'_>) -> Option<View<'static>> {
    let bytes = &*view.bytes;
    if !bytes.contains(&0) {
        return None;
    }
    let mut maker = Maker::new(view);
    let mut at = 0;
    while at + 1 < bytes.len() {
        let order = match bytes[at..at + 2] {
            [letter, 0] if is_letter(letter) => 0,
            [0, letter] if is_letter(letter) => 1,
            _ => {
                at += 1;
                continue;
            }
        };
        let is_unit = |unit: &[u8]| is_letter(unit[order]) && unit[1 - order] == 0;
        let units = bytes[at..].chunks_exact(2).take_while(|unit| is_unit(unit)).count();
        if units >= 4 {
            let letters = bytes[at..at + 2 * units].chunks_exact(2).map(|unit| char::from(unit[order]));
            // With a letter before it the other order begins as this one does, and has one letter more.
            let last = bytes.get(at + 2 * units).copied().filter(|last| order == 0 && is_letter(*last));
            let text: String = letters.chain(last.map(char::from)).chain(['\n']).collect();
            maker.made(at, text.as_bytes());
            at += 2 * units - 1;
        }
        at += 1;
    }
    maker.finish(Step::Utf16)
}

fn is_letter(byte: u8) -> bool {
    byte >= 0x20 && byte != 0x7f || byte == b'\n' || byte == b'\t' || byte == b'\r'
}

/// What runs of base64 stand for, from each of four signs on: a run may begin within a word.
pub(super) fn base64(view: &View<'_>, runs: &Runs) -> Option<View<'static>> {
    let mut maker = Maker::new(view);
    for run in &runs.base64 {
        if view.is_copied(run) {
            continue;
        }
        for shift in 0..4.min(run.len()) {
            let length = maker.bytes.len();
            maker.begin_made(run.start);
            let signs = view.bytes[run.start + shift..run.end].iter().copied();
            base64::decode_into(signs.filter(|byte| !byte.is_ascii_whitespace()), &mut maker.bytes);
            keep(&mut maker, length);
        }
    }
    maker.finish(Step::Base64)
}

/// What runs of hexadecimal digits stand for.
pub(super) fn hexadecimal(view: &View<'_>, runs: &Runs) -> Option<View<'static>> {
    let mut maker = Maker::new(view);
    for run in &runs.hex {
        if run.len() < runs::LEAST || view.is_copied(run) {
            continue;
        }
        let length = maker.bytes.len();
        maker.begin_made(run.start);
        let digit = |byte: u8| char::from(byte).to_digit(16).unwrap_or(0) as u8;
        let pairs = view.bytes[run.clone()].chunks_exact(2);
        maker.bytes.extend(pairs.map(|pair| digit(pair[0]) << 4 | digit(pair[1])));
        keep(&mut maker, length);
    }
    maker.finish(Step::Hex)
}

/// Keeps what was decoded since `from` if it can be something, with an end; else takes it back.
fn keep(maker: &mut Maker<'_, '_>, from: usize) {
    if is_something(&maker.bytes[from..]) {
        maker.bytes.extend_from_slice(b"\n\0\n");
    } else {
        maker.take_back(from);
    }
}

/// Whether bytes hold a word, every second of them is zero, or they begin as packed data does.
fn is_something(bytes: &[u8]) -> bool {
    let mut length = 0;
    let word = bytes.iter().any(|byte| {
        length = if (0x20..0x7f).contains(byte) || *byte >= 0xc0 || length > 0 && *byte >= 0x80 {
            length + 1
        } else {
            0
        };
        length >= 8
    });
    let wide = bytes
        .windows(4)
        .filter(|part| (part[0] == 0) != (part[1] == 0) && (part[0] == 0) == (part[2] == 0))
        .count()
        > 6;
    word || wide
        || matches!(
            bytes,
            [0x1f, 0x8b, 8, ..] | [0x78, 0x01 | 0x5e | 0x9c | 0xda, ..] | [b'P', b'K', 3, 4, ..]
        )
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::{GzEncoder, ZlibEncoder};

    use super::*;

    fn unpack(bytes: &[u8]) -> Vec<String> {
        let file = View::file(bytes);
        let views = unpacked(&file, &mut Budget::new(bytes.len()));
        views.iter().map(|view| String::from_utf8_lossy(&view.bytes).into_owned()).collect()
    }

    #[test]
    fn streams_are_found_wherever_they_begin() {
        let mut zlib = ZlibEncoder::new(b"before ".to_vec(), Compression::best());
        zlib.write_all(b"hello hello hello").unwrap();
        assert_eq!(unpack(&zlib.finish().unwrap()), ["hello hello hello"]);
        let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
        gzip.write_all(b"hello hello hello").unwrap();
        let mut bytes = gzip.finish().unwrap();
        bytes.extend_from_slice(b"after");
        assert_eq!(unpack(&bytes), ["hello hello hello"]);
        assert_eq!(unpack(&bytes[..bytes.len() - 20]).len(), 1, "a damaged stream gives what it has");
    }

    #[test]
    fn a_bomb_is_left_packed() {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
        (0..64).for_each(|_| gzip.write_all(&[b'a'; 1 << 20]).unwrap());
        let bytes = gzip.finish().unwrap();
        let mut budget = Budget::new(bytes.len());
        let file = View::file(&bytes);
        let views = unpacked(&file, &mut budget);
        assert!(budget.exceeded && views.iter().all(|view| view.bytes.len() <= 2 * STREAM));
    }

    #[test]
    fn wide_letters_are_read() {
        let wide: Vec<u8> = "Grüße hv-01".encode_utf16().flat_map(u16::to_be_bytes).collect();
        for bytes in [
            wide.clone(),
            [b"x".as_slice(), &wide].concat(),
            wide.iter().copied().skip(1).chain([0]).collect(),
        ] {
            let file = View::file(&bytes);
            let view = utf16(&file).unwrap();
            assert!(String::from_utf8_lossy(&view.bytes).contains("rüße hv-01"), "{bytes:?}");
        }
    }

    #[test]
    fn base64_is_read_from_each_sign_on() {
        for text in ["xSGVsbG8gd29ybGQsIGhlbGxv", "/a/SGVsbG8gd29ybGQsIGhlbGxv", "SGVsbG8gd29ybGQsIGhlbGxv"] {
            let file = View::file(text.as_bytes());
            let view = base64(&file, &Runs::of(text.as_bytes())).unwrap();
            assert!(String::from_utf8_lossy(&view.bytes).contains("Hello world, hello"), "{text}");
        }
    }
}
