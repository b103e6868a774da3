//! SVG drawings: what browsers draw, and nothing else.
//!
//! Elements and attributes of namespaces that browsers do not draw go: those of editors (Inkscape, Illustrator, Figma,
//! Sketch), RDF, licences. So do comments, instructions, the document type, `metadata`, names of layers (`data-…`) and
//! the whole diagram that diagrams.net keeps in an attribute. Titles and descriptions are for readers and stay.

use super::embedded;
use super::style;
use super::xml::{Attribute, Tag, Token, Tokens};

const SVG: &str = "http://www.w3.org/2000/svg";
/// Namespaces that browsers draw or need.
const SHOWN: &[&str] = &[
    "",
    SVG,
    "http://www.w3.org/1999/xlink",
    "http://www.w3.org/XML/1998/namespace",
    "http://www.w3.org/1999/xhtml",
    "http://www.w3.org/1998/Math/MathML",
];
/// Declarations that may be in force at one place: each tag looks through all of them.
const DECLARED: usize = 256;

/// `None` where it is no well-formed SVG image.
pub(super) fn clean(bytes: &[u8]) -> Option<Vec<u8>> {
    clean_at(bytes, 0)
}

/// The same inside of as many drawings.
pub(super) fn clean_at(bytes: &[u8], depth: usize) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(bytes).ok()?;
    let bare = text.trim_start_matches('\u{FEFF}');
    let sheets = bare.contains("[data-");
    let mut drawing = Drawing {
        out: String::with_capacity(bare.len()),
        open: Vec::new(),
        declared: vec![("xml", SHOWN[3])],
        skipped: None,
        sheet: String::new(),
        rooted: Root::Awaited,
        depth,
        layers: if sheets { Layers::Keep } else { Layers::Drop },
    };
    for token in Tokens::new(bare) {
        drawing.token(token?)?;
    }
    let whole = drawing.rooted == Root::Seen && drawing.open.is_empty();
    whole.then(|| drawing.out.into_bytes())
}

/// A drawing that is written anew.
struct Drawing<'a> {
    out: String,
    open: Vec<Opened<'a>>,
    /// Prefixes and namespaces in force, the nearest last.
    declared: Vec<(&'a str, &'a str)>,
    /// How many elements were open where the one began that is left out.
    skipped: Option<usize>,
    /// The style sheet that is being read.
    sheet: String,
    rooted: Root,
    depth: usize,
    layers: Layers,
}

struct Opened<'a> {
    name: &'a str,
    /// How many declarations were in force outside.
    declared: usize,
}

#[derive(Clone, Copy, PartialEq)]
enum Root {
    Awaited,
    Seen,
}

/// What becomes of `data-…` attributes: style sheets may ask for them.
#[derive(Clone, Copy, PartialEq)]
enum Layers {
    Keep,
    Drop,
}

impl<'a> Drawing<'a> {
    fn token(&mut self, token: Token<'a>) -> Option<()> {
        match token {
            Token::Open(tag) => self.opening(&tag)?,
            Token::Close(name) => self.close(name)?,
            Token::Instruction(text) if self.out.is_empty() && text.starts_with("xml ") => {
                self.out.push_str("<?");
                self.out.push_str(text);
                self.out.push_str("?>");
            }
            Token::Comment | Token::Instruction(_) | Token::Doctype => {}
            Token::Text(_) | Token::Data(_) if self.skipped.is_some() => {}
            Token::Text(text) | Token::Data(text) if self.open.is_empty() => {
                text.trim().is_empty().then(|| self.out.push_str(text))?;
            }
            Token::Text(text) if self.in_style() => self.sheet.push_str(text),
            // One way of writing a sheet, so that it can be read as a whole.
            Token::Data(text) if self.in_style() => self.sheet.push_str(&escaped(text)),
            Token::Text(text) => self.out.push_str(text),
            Token::Data(text) => {
                self.out.push_str("<![CDATA[");
                self.out.push_str(text);
                self.out.push_str("]]>");
            }
        }
        Some(())
    }

    fn in_style(&self) -> bool {
        self.open.last().is_some_and(|open| local(open.name) == "style")
    }

    fn opening(&mut self, tag: &Tag<'a>) -> Option<()> {
        let outside = self.declared.len();
        let attributes: Vec<Attribute<'a>> = tag.attributes().collect::<Option<_>>()?;
        for attribute in &attributes {
            match attribute.name.strip_prefix("xmlns") {
                Some("") => self.declared.push(("", attribute.value)),
                Some(prefix) if prefix.starts_with(':') => {
                    self.declared.push((&prefix[1..], attribute.value))
                }
                _ => {}
            }
        }
        (self.declared.len() <= DECLARED).then_some(())?;
        if self.open.is_empty() {
            let first = self.rooted == Root::Awaited && local(tag.name) == "svg";
            (first && self.is_shown(tag.name)).then_some(())?;
            self.rooted = Root::Seen;
        }
        if self.skipped.is_none() && !self.stays(tag.name) {
            self.skipped = Some(self.open.len());
        }
        self.open.push(Opened { name: tag.name, declared: outside });
        if self.skipped.is_none() {
            self.flush_sheet()?;
            self.write(tag, &attributes)?;
        }
        if tag.closed { self.leave() } else { Some(()) }
    }

    fn close(&mut self, name: &str) -> Option<()> {
        (self.open.last()?.name == name).then_some(())?;
        if self.skipped.is_none() {
            self.flush_sheet()?;
            self.out.push_str("</");
            self.out.push_str(name);
            self.out.push('>');
        }
        self.leave()
    }

    fn leave(&mut self) -> Option<()> {
        let left = self.open.pop()?;
        self.declared.truncate(left.declared);
        if self.skipped == Some(self.open.len()) {
            self.skipped = None;
        }
        Some(())
    }

    fn flush_sheet(&mut self) -> Option<()> {
        let sheet = std::mem::take(&mut self.sheet);
        self.out.push_str(&embedded::cleaned(&style::without_comments(&sheet), self.depth)?);
        Some(())
    }

    /// Whether the name belongs to a namespace that is drawn. `xmlns` itself does.
    fn is_shown(&self, name: &str) -> bool {
        let (prefix, _) = name.split_once(':').unwrap_or(("", name));
        let found = self.declared.iter().rev().find(|(known, _)| *known == prefix);
        found.map_or(prefix.is_empty(), |(_, space)| SHOWN.contains(space))
    }

    fn stays(&self, name: &str) -> bool {
        self.is_shown(name) && local(name) != "metadata"
    }

    fn attribute_stays(&self, name: &str) -> bool {
        match name.split_once(':') {
            Some(("xmlns", prefix)) => self.is_shown(&format!("{prefix}:")),
            Some(_) => self.is_shown(name),
            None if name.starts_with("data-") => self.layers == Layers::Keep,
            // The source of the diagram, with its hidden layers and pages.
            None => name != "content" || self.open.len() > 1,
        }
    }

    fn write(&mut self, tag: &Tag<'a>, attributes: &[Attribute<'a>]) -> Option<()> {
        self.out.push('<');
        self.out.push_str(tag.name);
        for attribute in
            attributes.iter().filter(|attribute| self.attribute_stays(attribute.name)).collect::<Vec<_>>()
        {
            let value = embedded::cleaned(attribute.value, self.depth)?;
            self.out.push(' ');
            self.out.push_str(attribute.name);
            self.out.push('=');
            self.out.push(attribute.quote);
            self.out.push_str(&value);
            self.out.push(attribute.quote);
        }
        self.out.push_str(if tag.closed { "/>" } else { ">" });
        Some(())
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

/// The name without its prefix.
fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metadata::base64;
    use crate::metadata::fixtures::{self, TOKEN, holds};

    fn cleaned(text: &str) -> String {
        String::from_utf8(clean(text.as_bytes()).unwrap()).unwrap()
    }

    #[test]
    fn only_what_is_drawn_stays() {
        let loud = fixtures::svg_loud();
        assert!(holds(&loud, TOKEN));
        let cleaned = clean(&loud).unwrap();
        assert!(!holds(&cleaned, TOKEN), "{}", String::from_utf8_lossy(&cleaned));
        assert_eq!(String::from_utf8_lossy(&cleaned), String::from_utf8_lossy(&fixtures::svg_quiet()));
        assert_eq!(clean(&cleaned), Some(cleaned));
    }

    #[test]
    fn a_plain_drawing_is_left_as_it_is() {
        let plain = "<?xml version='1.0'?>\n<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink' \
            role=\"img\"><title>T</title><desc>D</desc><use xlink:href='#a'/><text>a &amp; b</text>\n</svg>\n";
        assert_eq!(cleaned(plain), plain);
    }

    #[test]
    fn a_namespace_is_known_by_its_address_and_not_by_its_prefix() {
        let text = "<s:svg xmlns:s='http://www.w3.org/2000/svg' xmlns:svg='https://x'><svg:a>b</svg:a><s:g svg:c='d'/></s:svg>";
        assert_eq!(cleaned(text), "<s:svg xmlns:s='http://www.w3.org/2000/svg'><s:g/></s:svg>");
    }

    #[test]
    fn names_of_layers_stay_where_a_style_sheet_asks_for_them() {
        let text = "<svg><style>[data-a]{fill:red}</style><g data-a='b'/></svg>";
        assert_eq!(cleaned(text), text);
        assert_eq!(cleaned("<svg><g data-a='b'/></svg>"), "<svg><g/></svg>");
    }

    #[test]
    fn pictures_in_it_are_cleaned_too() {
        let packed = |bytes: &[u8]| format!("data:image/png;base64,{}", base64::encode(bytes));
        let (loud, quiet) = (packed(&fixtures::png_loud()), packed(&fixtures::png_quiet()));
        let drawing = |picture: &str| {
            format!(
                "<svg><style>a{{b:url({picture})}}</style><image href='{picture}'/><image href=\"x.png\"/></svg>"
            )
        };
        assert_eq!(cleaned(&drawing(&loud)), drawing(&quiet));
        assert_eq!(cleaned(&drawing(&quiet)), drawing(&quiet));
        let inner = "<svg><image href='data:image/svg+xml,%3Csvg%3E%3C!--a--%3E%3C/svg%3E'/></svg>";
        assert!(cleaned(inner).contains(&base64::encode(b"<svg></svg>")));
        assert_eq!(clean(b"<svg><image href='data:image/png;base64,AAAA'/></svg>"), None);
    }

    #[test]
    fn what_is_not_well_formed_is_no_drawing() {
        for wrong in [
            "",
            "x",
            "<svg>",
            "<svg></a>",
            "<svg/><svg/>",
            "<svg/>x",
            "<html/>",
            "<svg><a></svg></a>",
            "<svg a=b/>",
        ] {
            assert_eq!(clean(wrong.as_bytes()), None, "{wrong}");
        }
        assert_eq!(clean(b"<svg>\xFF</svg>"), None);
    }
}
