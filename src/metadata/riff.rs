//! RIFF, the list of chunks that WebP is made of.
//!
//! Owns the walk and the writing of chunks; which of them stay, `webp` says.

use super::byte_reader::Cursor;

/// The chunks of a file of this form (`WEBP`); bytes after its end are not looked at.
pub(super) fn chunks<'a>(bytes: &'a [u8], form: &[u8; 4]) -> Option<Chunks<'a>> {
    let mut rest = Cursor(bytes.strip_prefix(b"RIFF")?);
    let length = rest.u32_le()?;
    let content = rest.take(length)?.strip_prefix(form)?;
    Some(Chunks(Cursor(content)))
}

/// Chunks one by one.
pub(super) struct Chunks<'a>(pub Cursor<'a>);

impl<'a> Iterator for Chunks<'a> {
    /// Name and data; `None` where the chunk is cut off, which ends the walk for whoever reads it.
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

/// Writes one chunk.
pub(super) fn push(out: &mut Vec<u8>, kind: [u8; 4], data: &[u8]) {
    out.extend_from_slice(&kind);
    out.extend_from_slice(&(data.len() as u32).to_le_bytes());
    out.extend_from_slice(data);
    out.resize(out.len() + data.len() % 2, 0);
}

/// Begins a file of this form.
pub(super) fn begin(form: &[u8; 4], capacity: usize) -> Vec<u8> {
    let mut out = Vec::with_capacity(capacity);
    out.extend_from_slice(b"RIFF\0\0\0\0");
    out.extend_from_slice(form);
    out
}

/// Writes the length of the whole.
pub(super) fn finish(mut out: Vec<u8>) -> Vec<u8> {
    let length = (out.len() - 8) as u32;
    out[4..8].copy_from_slice(&length.to_le_bytes());
    out
}
