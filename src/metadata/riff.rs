//! RIFF, the container format of WebP: a list of chunks.
//!
//! Owns the reading and writing of chunks. `webp` decides which of them stay.

use super::byte_reader::Cursor;

/// The chunks of a file of this form (`WEBP`). Bytes after its end are ignored. `None` where the file is truncated or
/// of another form.
pub(super) fn chunks<'a>(bytes: &'a [u8], form: &[u8; 4]) -> Option<Chunks<'a>> {
    let mut rest = Cursor(bytes.strip_prefix(b"RIFF")?);
    let length = rest.u32_le()?;
    let content = rest.take(length)?.strip_prefix(form)?;
    Some(Chunks(Cursor(content)))
}

/// Iterates over chunks.
pub(super) struct Chunks<'a>(pub Cursor<'a>);

impl<'a> Iterator for Chunks<'a> {
    /// The name and data of a chunk. A truncated chunk is a last item `None`.
    type Item = Option<([u8; 4], &'a [u8])>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.0.is_empty() {
            return None;
        }
        let next = self.chunk();
        if next.is_none() {
            self.0 = Cursor(&[]);
        }
        Some(next)
    }
}

impl<'a> Chunks<'a> {
    fn chunk(&mut self) -> Option<([u8; 4], &'a [u8])> {
        let kind = self.0.array()?;
        let length = self.0.u32_le()?;
        let data = self.0.take(length)?;
        // Some writers leave out the byte that makes the last length even.
        self.0.take(length % 2).or_else(|| self.0.take(0))?;
        Some((kind, data))
    }
}

/// Writes one chunk, padded to an even length.
pub(super) fn push(out: &mut Vec<u8>, kind: [u8; 4], data: &[u8]) {
    out.extend_from_slice(&kind);
    out.extend_from_slice(&(data.len() as u32).to_le_bytes());
    out.extend_from_slice(data);
    out.resize(out.len() + data.len() % 2, 0);
}

/// Begins a file of this form; [`finish`] writes its length.
pub(super) fn begin(form: &[u8; 4], capacity: usize) -> Vec<u8> {
    let mut out = Vec::with_capacity(capacity);
    out.extend_from_slice(b"RIFF\0\0\0\0");
    out.extend_from_slice(form);
    out
}

/// Writes the length of the whole file into its header.
pub(super) fn finish(mut out: Vec<u8>) -> Vec<u8> {
    let length = (out.len() - 8) as u32;
    out[4..8].copy_from_slice(&length.to_le_bytes());
    out
}
