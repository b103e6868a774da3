//! JSON with a line for each row.
//!
//! Owns where lines end: each key of the document and each item of its lists has a line, and nothing within an item
//! ends one. So a change of one row is a change of one line, and a list of thousands is half as large as with a line
//! for each value. Knows no register.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};

/// How deep lines end: the document, and its lists.
const DEEPEST: usize = 2;

/// One JSON document, with a line end.
pub(super) fn document(value: &impl Serialize) -> String {
    let mut bytes = Vec::new();
    let rows = Rows { depth: 0, filled: false };
    value
        .serialize(&mut Serializer::with_formatter(&mut bytes, rows))
        .expect("strings, numbers and lists are always JSON");
    bytes.push(b'\n');
    String::from_utf8(bytes).expect("JSON of strings is text")
}

struct Rows {
    /// How many lists and maps are open.
    depth: usize,
    /// Whether the one that ends next holds anything.
    filled: bool,
}

impl Rows {
    fn open<W: ?Sized + Write>(&mut self, writer: &mut W, sign: &[u8]) -> io::Result<()> {
        self.depth += 1;
        self.filled = false;
        writer.write_all(sign)
    }

    fn close<W: ?Sized + Write>(&mut self, writer: &mut W, sign: &[u8]) -> io::Result<()> {
        if self.filled && self.depth <= DEEPEST {
            self.end_line(writer, self.depth - 1)?;
        }
        self.depth -= 1;
        writer.write_all(sign)
    }

    fn next<W: ?Sized + Write>(&mut self, writer: &mut W, comma: &[u8]) -> io::Result<()> {
        writer.write_all(comma)?;
        if self.depth <= DEEPEST { self.end_line(writer, self.depth) } else { Ok(()) }
    }

    fn end_line<W: ?Sized + Write>(&self, writer: &mut W, indent: usize) -> io::Result<()> {
        writer.write_all(&b"\n    "[..1 + 2 * indent])
    }
}

impl Formatter for Rows {
    fn begin_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.open(writer, b"[")
    }

    fn end_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.close(writer, b"]")
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.next(writer, if first { b"" } else { b"," })
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, _writer: &mut W) -> io::Result<()> {
        self.filled = true;
        Ok(())
    }

    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.open(writer, b"{")
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.close(writer, b"}")
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.next(writer, if first { b"" } else { b"," })
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(if self.depth <= DEEPEST { b": " } else { b":" })
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, _writer: &mut W) -> io::Result<()> {
        self.filled = true;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::document;
    use serde_json::json;

    #[test]
    fn each_row_has_a_line() {
        let value =
            json!({"a": 1, "b": [], "c": {}, "d": [{"x": [1, 2], "y": {"z": null}}, 3], "e": {"f": [true]}});
        let want = concat!(
            "{\n  \"a\": 1,\n  \"b\": [],\n  \"c\": {},\n  \"d\": [\n    {\"x\":[1,2],\"y\":{\"z\":null}},\n    3\n  ],\n",
            "  \"e\": {\n    \"f\": [true]\n  }\n}\n"
        );
        assert_eq!(document(&value), want);
        assert_eq!(serde_json::from_str::<serde_json::Value>(want).unwrap(), value);
        assert_eq!(document(&json!([])), "[]\n");
    }
}
