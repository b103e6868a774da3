//! Compressed data: gzip, zlib, and members of ZIP files.
//!
//! Owns the search for compressed streams at any offset, and the limits on their size. Brotli, zstd and xz are not
//! unpacked.

use flate2::{Decompress, FlushDecompress, Status};

use super::view::{DecodeStep, DecodedView, ViewDecoder};

/// The most bytes that one stream may unpack to.
const STREAM: usize = 16 * 1024 * 1024;

/// The number of bytes that may still be unpacked for one file.
#[derive(Debug)]
pub(super) struct Budget {
    bytes: usize,
    /// Whether a stream was too large to be unpacked as a whole.
    pub exceeded: bool,
}

impl Budget {
    /// A file of `length` bytes may unpack to forty times its size: at least 64 MiB, at most 1 GiB.
    pub fn new(length: usize) -> Budget {
        Budget { bytes: length.saturating_mul(40).clamp(64 << 20, 1 << 30), exceeded: false }
    }
}

/// The unpacked streams of a view, one view for each stream.
pub(super) fn unpacked(view: &DecodedView<'_>, budget: &mut Budget) -> Vec<DecodedView<'static>> {
    let mut views = Vec::new();
    for at in 0..view.bytes.len().saturating_sub(4) {
        let Some((start, wrap)) = stream(&view.bytes, at) else { continue };
        let Some(bytes) = inflate(&view.bytes[start..], wrap, budget) else { continue };
        let mut maker = ViewDecoder::new(view);
        maker.push_decoded(at, &bytes);
        views.extend(maker.finish(DecodeStep::Packed));
    }
    views
}

/// The wrapper of a deflate stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wrap {
    Zlib,
    Raw,
}

/// The start of the stream whose header is at offset `at`. The pixels of a PNG (`IDAT`) are not unpacked.
fn stream(bytes: &[u8], at: usize) -> Option<(usize, Wrap)> {
    match bytes[at..] {
        [0x78, 0x01 | 0x5e | 0x9c | 0xda, ..] if !bytes[..at].ends_with(b"IDAT") => Some((at, Wrap::Zlib)),
        [0x1f, 0x8b, 8, flags, ..] => Some((gzip(bytes, at, flags)?, Wrap::Raw)),
        [b'P', b'K', 3, 4, ..] => Some((zip(bytes, at)?, Wrap::Raw)),
        _ => None,
    }
}

/// The end of a gzip header (RFC 1952): extra fields, file name, comment, checksum.
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

/// The end of the local header of a ZIP member that is compressed by deflate.
fn zip(bytes: &[u8], at: usize) -> Option<usize> {
    let number = |offset: usize| {
        Some(usize::from(u16::from_le_bytes([*bytes.get(at + offset)?, *bytes.get(at + offset + 1)?])))
    };
    let end = at + 30 + number(26)? + number(28)?;
    (number(8)? == 8 && end < bytes.len()).then_some(end)
}

/// Unpacks a stream. A damaged stream gives the bytes before the damage.
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
        // A truncated stream makes no progress and reports no error: without this check the loop would not end.
        let moved = before != (unpacker.total_in(), bytes.len());
        if !matches!(status, Ok(Status::Ok | Status::BufError)) || !moved {
            break;
        }
    }
    budget.bytes -= bytes.len().min(budget.bytes);
    (!bytes.is_empty()).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::{GzEncoder, ZlibEncoder};

    use super::*;

    fn unpack(bytes: &[u8]) -> Vec<String> {
        let file = DecodedView::file(bytes);
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
        let file = DecodedView::file(&bytes);
        let views = unpacked(&file, &mut budget);
        assert!(budget.exceeded && views.iter().all(|view| view.bytes.len() <= 2 * STREAM));
    }
}
