//! Reads numbers and slices from bytes, forward only, never past the end.
//!
//! Owns [`Cursor`]. Knows no format.

/// The bytes that are left to read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cursor<'a>(pub &'a [u8]);

impl<'a> Cursor<'a> {
    /// The next bytes; `None` where there are fewer.
    pub fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    pub fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    pub fn byte(&mut self) -> Option<u8> {
        self.array().map(|[byte]| byte)
    }

    pub fn u16_be(&mut self) -> Option<usize> {
        self.array().map(|bytes| usize::from(u16::from_be_bytes(bytes)))
    }

    pub fn u16_le(&mut self) -> Option<usize> {
        self.array().map(|bytes| usize::from(u16::from_le_bytes(bytes)))
    }

    pub fn u32_be(&mut self) -> Option<usize> {
        self.array().map(|bytes| u32::from_be_bytes(bytes) as usize)
    }

    pub fn u32_le(&mut self) -> Option<usize> {
        self.array().map(|bytes| u32::from_le_bytes(bytes) as usize)
    }

    /// A big-endian number of `length` bytes; `None` where that is more than eight.
    pub fn number(&mut self, length: usize) -> Option<u64> {
        let bytes = self.take(length).filter(|_| length <= 8)?;
        Some(bytes.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte)))
    }
}
