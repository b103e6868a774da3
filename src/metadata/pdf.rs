//! PDF: what the document's properties, its XMP and the pictures in it say.
//!
//! They are found and not taken out: what is deleted from a PDF stays in it unless the whole file is written anew. Owns
//! the search through all objects, also older versions of them and packed ones. A document that is encrypted, or packed
//! in a way that is not known here, is a find of its own, because nothing can be ruled out.

use super::cursor::find as find_bytes;
use super::inflate::{Budget, Wrap};
use super::{exif, xmp};

/// Properties that tell of people or of the work; a title is shown by viewers, programs are no people.
const TELLING: &[(&str, &str)] = &[
    ("Author", "author"),
    ("Subject", "subject"),
    ("Keywords", "keywords"),
    ("Company", "company"),
    ("Manager", "manager"),
    ("SourceModified", "history of its source"),
];
/// Words by which the program is known that a document was made with.
const PROGRAMS: &[&str] = &[
    "acrobat",
    "adobe",
    "asciidoctor",
    "calc",
    "canva",
    "chrom",
    "confluence",
    "draw",
    "excel",
    "firefox",
    "ghostscript",
    "google",
    "impress",
    "indesign",
    "inkscape",
    "keynote",
    "latex",
    "libreoffice",
    "mozilla",
    "numbers",
    "openoffice",
    "pages",
    "pandoc",
    "pdf",
    "powerpoint",
    "prince",
    "pscript",
    "quartz",
    "safari",
    "scribus",
    "tex",
    "typst",
    "visio",
    "weasyprint",
    "word",
    "writer",
];

/// The most pictures that are looked into; more are a find.
const PICTURES: usize = 1000;

const SECRET: &str = "encryption, so that nothing more can be ruled out";
const UNKNOWN: &str = "parts that are packed in a way that Opsbook cannot read";
const XMP: &str = "XMP, such as the author or the history";
const EXIF: &str = "EXIF of a picture, such as the place and the camera";

/// What the document says beside what it shows. `None` where it is no PDF.
pub(super) fn find(bytes: &[u8]) -> Option<Vec<&'static str>> {
    // Viewers accept some bytes before the header.
    find_bytes(&bytes[..bytes.len().min(1024)], b"%PDF-")?;
    let mut search = Search { bytes, budget: Budget::new(bytes.len()), found: Vec::new() };
    search.objects();
    search.pictures();
    search.packets(bytes);
    if is_encrypted(bytes) {
        search.found.retain(|found| *found != UNKNOWN);
        search.found.push(SECRET);
    }
    search.found.sort_unstable();
    search.found.dedup();
    Some(search.found)
}

struct Search<'a> {
    bytes: &'a [u8],
    budget: Budget,
    found: Vec<&'static str>,
}

impl Search<'_> {
    /// Walks over all objects once, whether or not the document still refers to them.
    fn objects(&mut self) {
        let (bytes, mut at, mut object) = (self.bytes, 0, None);
        while at < bytes.len() {
            let rest = &bytes[at..];
            let ends = bytes[..at].ends_with(b"end");
            if rest.starts_with(b"obj") {
                let start = object.replace(at + 3);
                self.properties(&bytes[start.unwrap_or(at)..at]);
                object = object.filter(|_| !ends);
                at += 3;
            } else if rest.starts_with(b"stream") && !ends {
                let dictionary = &bytes[object.take().unwrap_or(at)..at];
                self.properties(dictionary);
                at += 6;
                match packing(dictionary) {
                    Packing::Pictures => {}
                    Packing::None => object = Some(at),
                    Packing::Deflate => at += self.packed(&bytes[at..]),
                    Packing::Other => self.found.push(UNKNOWN),
                }
            } else {
                at += 1;
            }
        }
    }

    /// A packed part that begins behind the end of this line. Returns how far it reaches.
    fn packed(&mut self, rest: &[u8]) -> usize {
        let line = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).take(2).count();
        let Some(part) = self.budget.unpack(&rest[line..], Wrap::Zlib) else {
            self.found.push(UNKNOWN);
            return 0;
        };
        self.properties(&part.bytes);
        self.packets(&part.bytes);
        line + part.read
    }

    fn properties(&mut self, dictionary: &[u8]) {
        for (key, name) in TELLING {
            if values(dictionary, key).any(|value| says_something(&value)) {
                self.found.push(name);
            }
        }
        if values(dictionary, "Creator").any(|value| says_something(&value) && !is_program(&value)) {
            self.found.push("creator");
        }
    }

    fn packets(&mut self, bytes: &[u8]) {
        let mut rest = bytes;
        while let Some(at) = find_bytes(rest, b"<rdf:RDF") {
            rest = &rest[at..];
            let end = find_bytes(rest, b"</rdf:RDF>").map_or(rest.len(), |end| end + 10);
            let (packet, after) = rest.split_at(end);
            if std::str::from_utf8(packet).map_or(true, xmp::says_more) {
                self.found.push(XMP);
            }
            rest = after;
        }
    }

    fn pictures(&mut self) {
        let (mut rest, mut seen) = (self.bytes, 0);
        while let Some(at) = find_bytes(rest, b"Exif\0\0") {
            rest = &rest[at + 6..];
            seen += 1;
            if seen > PICTURES || exif::tells(rest) {
                return self.found.push(EXIF);
            }
        }
    }
}

/// How the stream behind a dictionary is packed, where it may hold properties.
enum Packing {
    /// It holds what is shown.
    Pictures,
    None,
    Deflate,
    Other,
}

fn packing(dictionary: &[u8]) -> Packing {
    let has = |name: &str| find_bytes(dictionary, name.as_bytes()).is_some();
    let others =
        ["/LZWDecode", "/ASCII85Decode", "/ASCIIHexDecode", "/RunLengthDecode", "/Crypt", "/Predictor"];
    match () {
        () if !has("/ObjStm") && !has("/XML") => Packing::Pictures,
        () if others.iter().any(|other| has(other)) => Packing::Other,
        () if has("/FlateDecode") => Packing::Deflate,
        () if has("/Filter") => Packing::Other,
        () => Packing::None,
    }
}

fn is_encrypted(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    while let Some(at) = find_bytes(rest, b"/Encrypt") {
        rest = &rest[at + 8..];
        let value = rest.iter().find(|byte| !byte.is_ascii_whitespace());
        if value.is_some_and(|byte| byte.is_ascii_digit() || *byte == b'<') {
            return true;
        }
    }
    false
}

/// The values of a key, as text that may have lost its accents.
fn values(dictionary: &[u8], key: &str) -> impl Iterator<Item = String> {
    let mut rest = dictionary;
    std::iter::from_fn(move || {
        loop {
            rest = &rest[find_bytes(rest, key.as_bytes())?..];
            let named = dictionary[..dictionary.len() - rest.len()].ends_with(b"/");
            rest = &rest[key.len()..];
            let value = rest.trim_ascii_start();
            match value.first() {
                Some(b'(') if named => return Some(literal(&value[1..])),
                Some(b'<') if named && value.get(1) != Some(&b'<') => return Some(hexadecimal(&value[1..])),
                // It stands elsewhere.
                Some(digit) if named && digit.is_ascii_digit() && value.len() < rest.len() => {
                    return Some("elsewhere".to_owned());
                }
                _ => {}
            }
        }
    })
}

/// The most bytes of a value that are read.
const VALUE: usize = 1024;

fn literal(rest: &[u8]) -> String {
    let (mut depth, mut escaped, mut out) = (1, false, Vec::new());
    for byte in rest.iter().take(VALUE) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => {
                escaped = true;
                continue;
            }
            b'(' => depth += 1,
            b')' if depth == 1 => break,
            b')' => depth -= 1,
            _ => {}
        }
        out.push(*byte);
    }
    text(&out)
}

fn hexadecimal(rest: &[u8]) -> String {
    let digits = rest.iter().take(VALUE).take_while(|byte| **byte != b'>');
    let digits: Vec<u8> =
        digits.filter_map(|byte| char::from(*byte).to_digit(16)).map(|digit| digit as u8).collect();
    text(&digits.chunks(2).map(|pair| pair[0] << 4 | pair.get(1).unwrap_or(&0)).collect::<Vec<_>>())
}

/// The mark of UTF-16 and the zeros of its plain letters are left out.
fn text(bytes: &[u8]) -> String {
    bytes.iter().filter(|byte| !matches!(byte, 0 | 0xFE | 0xFF)).map(|byte| char::from(*byte)).collect()
}

fn says_something(value: &str) -> bool {
    value.chars().any(char::is_alphanumeric) && !matches!(value, "anonymous" | "unknown" | "untitled")
}

/// Programs are known by their names, or by their versions.
fn is_program(value: &str) -> bool {
    let lower = value.to_lowercase();
    lower.contains(|c: char| c.is_ascii_digit()) || PROGRAMS.iter().any(|program| lower.contains(program))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metadata::fixtures::{pdf, zlib};

    fn found(parts: &[&[u8]]) -> Vec<&'static str> {
        find(&pdf(parts)).unwrap()
    }

    #[test]
    fn properties_are_found_in_either_form_and_programs_are_none() {
        assert!(
            found(&[b"<< /Producer (LibreOffice 24) /Creator (Writer) /Title (Plan) /Author () >>"])
                .is_empty()
        );
        assert_eq!(found(&[b"<< /Author (Jane \\(Ops\\)) >>"]), ["author"]);
        assert_eq!(found(&[b"<</Author<FEFF004A0061006E0065>/Keywords(a)>>"]), ["author", "keywords"]);
        assert_eq!(found(&[b"<< /Creator (Jane Doe) >>"]), ["creator"]);
        assert_eq!(found(&[b"<< /Author 7 0 R >>"]), ["author"]);
        assert!(found(&[b"<< /CreatorInfo << /Authors 2 >> /S /Author >>"]).is_empty());
    }

    #[test]
    fn packed_objects_are_looked_into() {
        let stream = |dictionary: &str, data: &[u8]| {
            [format!("<< {dictionary} >>\nstream\n").as_bytes(), data, b"\nendstream"].concat()
        };
        let properties = b"7 0 << /Author (Jane) >>";
        assert_eq!(found(&[&stream("/Type /ObjStm /Filter /FlateDecode", &zlib(properties))]), ["author"]);
        assert_eq!(found(&[&stream("/Type /ObjStm", properties)]), ["author"]);
        assert_eq!(found(&[&stream("/Type /ObjStm /Filter /LZWDecode", properties)]), [UNKNOWN]);
        assert_eq!(found(&[&stream("/Type /ObjStm /Filter /FlateDecode", b"damaged")]), [UNKNOWN]);
        let packet = b"<rdf:RDF><dc:creator>Jane</dc:creator></rdf:RDF>";
        assert_eq!(found(&[&stream("/Subtype /XML /Filter /FlateDecode", &zlib(packet))]), [XMP]);
        assert_eq!(found(&[&stream("/Subtype /XML", packet)]), [XMP]);
        assert!(found(&[&stream("/Filter /FlateDecode", b"a page, packed")]).is_empty());
    }

    #[test]
    fn pictures_with_places_and_encryption_are_found() {
        let picture = [
            b"<< /Filter /DCTDecode >> stream\n\xFF\xD8Exif\0\0".as_slice(),
            &crate::metadata::fixtures::exif(1),
        ];
        assert_eq!(found(&[&picture.concat()]), [EXIF]);
        assert_eq!(found(&[b"trailer << /Encrypt 9 0 R >>"]), [SECRET]);
        assert_eq!(find(b"<html>"), None);
    }
}
