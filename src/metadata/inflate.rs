//! Unpacking parts of documents, with a limit for all parts of one document together.
//!
//! Owns [`Budget`]: no document, however packed, costs more than its length allows.

use flate2::{Decompress, FlushDecompress, Status};

/// What may be unpacked of one document: bytes that go in and bytes that come out, each.
#[derive(Debug)]
pub(super) struct Budget {
    input: usize,
    output: usize,
}

/// What became of a packed part.
pub(super) struct Unpacked {
    pub bytes: Vec<u8>,
    /// How many packed bytes were read.
    pub read: usize,
}

/// How the part is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wrap {
    /// As in PDF: with a header of two bytes.
    Zlib,
    /// As in ZIP.
    Raw,
}

impl Budget {
    /// `length` is that of the document. A part that is packed twice as well as text ever is must be hostile.
    pub fn new(length: usize) -> Budget {
        Budget { input: length, output: (length * 64).clamp(1 << 20, 256 << 20) }
    }

    /// A part that is not packed. `None` where it is more than may be unpacked.
    pub fn copy(&mut self, part: &[u8]) -> Option<Vec<u8>> {
        self.output = self.output.checked_sub(part.len())?;
        Some(part.to_vec())
    }

    /// Unpacks the part at the start of `packed`. `None` where it is damaged or more than may be unpacked.
    pub fn unpack(&mut self, packed: &[u8], wrap: Wrap) -> Option<Unpacked> {
        let packed = &packed[..packed.len().min(self.input)];
        let mut unpacker = Decompress::new(wrap == Wrap::Zlib);
        let mut bytes = Vec::new();
        let whole = loop {
            let before = (unpacker.total_in(), bytes.len());
            bytes.reserve(16 * 1024);
            let rest = &packed[unpacker.total_in() as usize..];
            match unpacker.decompress_vec(rest, &mut bytes, FlushDecompress::None) {
                Ok(Status::StreamEnd) => break bytes.len() <= self.output,
                Ok(_) if bytes.len() <= self.output && before != (unpacker.total_in(), bytes.len()) => {}
                _ => break false,
            }
        };
        let read = unpacker.total_in() as usize;
        self.input -= read;
        self.output -= bytes.len().min(self.output);
        whole.then_some(Unpacked { bytes, read })
    }
}
