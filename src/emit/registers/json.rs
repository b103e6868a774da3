//! The rows of a register as JSON, with one line for each row.
//!
//! Owns the layout of a document. Each key of the document and each item of its lists has a line of its own, and no
//! item contains a line break. A change of one row is therefore a change of one line, and a list of thousands of rows
//! is half as large as with one line for each value.

use std::io::{self, Write};

use serde::Serialize;
use serde::ser::{SerializeMap, SerializeSeq};
use serde_json::ser::{Formatter, Serializer};

use crate::path::UrlPath;
use crate::site::Site;
use crate::site::registers::table::{CellValue, FileRows, RowList};

/// The version of the format. It is raised when a key changes its meaning or is removed, not when one is added.
const FORMAT: u32 = 1;

/// The deepest nesting with line breaks: 1 is the document, 2 are its lists.
const DEEPEST: usize = 2;

/// The rows of a register as a JSON document. `path` is its path in the site.
pub(super) fn document(site: &Site, path: &str, rows: &FileRows<'_>) -> String {
    written(&RegisterDocument { place: DownloadPath { site, path }, rows })
}

/// The path of a document, to which the URLs in it are relative.
#[derive(Clone, Copy)]
struct DownloadPath<'a> {
    site: &'a Site,
    path: &'a str,
}

struct RegisterDocument<'a> {
    place: DownloadPath<'a>,
    rows: &'a FileRows<'a>,
}

impl Serialize for RegisterDocument<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let RegisterDocument { place, rows } = *self;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("format", &FORMAT)?;
        for (key, value) in &rows.head {
            map.serialize_entry(key, &CellJson { place, value })?;
        }
        for list in &rows.lists {
            map.serialize_entry(&list.key, &RowSequence { place, list })?;
        }
        map.end()
    }
}

struct RowSequence<'a> {
    place: DownloadPath<'a>,
    list: &'a RowList<'a>,
}

impl Serialize for RowSequence<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut sequence = serializer.serialize_seq(Some(self.list.rows.len()))?;
        for row in &self.list.rows {
            sequence.serialize_element(&RowJson { place: self.place, keys: &self.list.keys, row })?;
        }
        sequence.end()
    }
}

struct RowJson<'a> {
    place: DownloadPath<'a>,
    keys: &'a [std::borrow::Cow<'a, str>],
    row: &'a [CellValue<'a>],
}

impl Serialize for RowJson<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let place = self.place;
        serializer
            .collect_map(self.keys.iter().zip(self.row).map(|(key, value)| (key, CellJson { place, value })))
    }
}

/// The value of a cell.
struct CellJson<'a> {
    place: DownloadPath<'a>,
    value: &'a CellValue<'a>,
}

impl Serialize for CellJson<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let place = self.place;
        match self.value {
            CellValue::None => serializer.serialize_none(),
            CellValue::Text(text) => serializer.serialize_str(text),
            CellValue::Number(number) => serializer.serialize_i64(*number),
            CellValue::Flag(flag) => serializer.serialize_bool(*flag),
            CellValue::Date(date) => serializer.collect_str(date),
            CellValue::Page(id) => {
                let page = place.site.page(*id);
                let mut map = serializer.serialize_map(Some(4))?;
                // The keys are those of `handbook.json`.
                map.serialize_entry("id", crate::emit::text::id(&page.url))?;
                map.serialize_entry("title", &page.page.title)?;
                map.serialize_entry("kind", page.page.front.kind())?;
                map.serialize_entry("url", &place.site.relative(&UrlPath::new(place.path), &page.url))?;
                map.end()
            }
            CellValue::List(items) => {
                serializer.collect_seq(items.iter().map(|value| CellJson { place, value }))
            }
            CellValue::Map(entries) => {
                serializer.collect_map(entries.iter().map(|(key, value)| (key, CellJson { place, value })))
            }
        }
    }
}

/// The value as a JSON document that ends with a line break.
fn written(value: &impl Serialize) -> String {
    let mut bytes = Vec::new();
    let rows = RowFormatter { depth: 0, filled: false };
    value
        .serialize(&mut Serializer::with_formatter(&mut bytes, rows))
        .expect("strings, numbers and lists are always JSON");
    bytes.push(b'\n');
    String::from_utf8(bytes).expect("JSON of strings is text")
}

/// Formats a JSON document with one line for each row.
struct RowFormatter {
    /// The number of open lists and maps.
    depth: usize,
    /// Whether the list or map that closes next has any items.
    filled: bool,
}

impl RowFormatter {
    fn open<W: ?Sized + Write>(&mut self, writer: &mut W, sign: &[u8]) -> io::Result<()> {
        self.depth += 1;
        self.filled = false;
        writer.write_all(sign)
    }

    fn close<W: ?Sized + Write>(&mut self, writer: &mut W, sign: &[u8]) -> io::Result<()> {
        // An empty list or map stays on one line.
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

impl Formatter for RowFormatter {
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
    use super::written;
    use serde_json::json;

    #[test]
    fn each_row_has_a_line() {
        let value =
            json!({"a": 1, "b": [], "c": {}, "d": [{"x": [1, 2], "y": {"z": null}}, 3], "e": {"f": [true]}});
        let want = concat!(
            "{\n  \"a\": 1,\n  \"b\": [],\n  \"c\": {},\n  \"d\": [\n    {\"x\":[1,2],\"y\":{\"z\":null}},\n    3\n  ],\n",
            "  \"e\": {\n    \"f\": [true]\n  }\n}\n"
        );
        assert_eq!(written(&value), want);
        assert_eq!(serde_json::from_str::<serde_json::Value>(want).unwrap(), value);
        assert_eq!(written(&json!([])), "[]\n");
    }
}
