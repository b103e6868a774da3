//! ZIP, in which office documents are packed: the list at its end, and its parts.
//!
//! Owns just enough of the format for reading: names, places, and parts that are packed in the usual way or not at all.

use super::cursor::Cursor;
use super::inflate::{Budget, Wrap};

/// Bytes of the record at the end without its comment.
const END: usize = 22;

/// One packed part.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part<'a> {
    pub name: &'a str,
    method: usize,
    /// Packed bytes.
    length: usize,
    /// Where its own head begins.
    offset: usize,
}

/// All parts by the list at the end. `None` where there is none, or it is damaged.
pub(super) fn parts(bytes: &[u8]) -> Option<Vec<Part<'_>>> {
    // A comment behind the end has at most 64 KiB.
    let from = bytes.len().saturating_sub(END + 0xFFFF);
    let at = bytes[from..].windows(4).rposition(|four| four == b"PK\x05\x06")?;
    let mut end = Cursor(bytes.get(from + at + 10..)?);
    let (count, _, start) = (end.u16_le()?, end.u32_le()?, end.u32_le()?);
    let mut list = Cursor(bytes.get(start..)?);
    (0..count).map(|_| part(&mut list)).collect()
}

fn part<'a>(list: &mut Cursor<'a>) -> Option<Part<'a>> {
    (list.take(4)? == b"PK\x01\x02").then_some(())?;
    list.take(6)?;
    let method = list.u16_le()?;
    list.take(8)?;
    let length = list.u32_le()?;
    list.take(4)?;
    let (name, extra, comment) = (list.u16_le()?, list.u16_le()?, list.u16_le()?);
    list.take(8)?;
    let offset = list.u32_le()?;
    let name = std::str::from_utf8(list.take(name)?).unwrap_or_default();
    list.take(extra + comment)?;
    Some(Part { name, method, length, offset })
}

impl Part<'_> {
    /// Its bytes, unpacked. `None` where it is damaged, packed in an unknown way, or more than may be unpacked.
    pub fn unpack(&self, bytes: &[u8], budget: &mut Budget) -> Option<Vec<u8>> {
        let mut head = Cursor(bytes.get(self.offset..)?);
        (head.take(4)? == b"PK\x03\x04").then_some(())?;
        head.take(22)?;
        let (name, extra) = (head.u16_le()?, head.u16_le()?);
        head.take(name + extra)?;
        let packed = head.take(self.length)?;
        match self.method {
            0 => budget.copy(packed),
            8 => Some(budget.unpack(packed, Wrap::Raw)?.bytes),
            _ => None,
        }
    }
}
