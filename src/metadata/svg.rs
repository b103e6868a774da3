//! SVG drawings, reduced to the parts that browsers draw.
//!
//! Removes elements and attributes of editors (Inkscape, Illustrator, Figma, Sketch), RDF, licences, names that SVG
//! does not define, and style sheets and fonts from other places. Also removes comments, instructions, the document
//! type, `metadata`, names of layers (`data-…`), and the whole diagram that diagrams.net writes into an attribute.
//! Titles and descriptions are for readers and stay. A drawing that could run or load something is refused.

use crate::entities;

use super::MetadataProblem;
use super::embedded;
use super::svg_allowlist::{self, Verdict};
use super::svg_namespaces::{Namespaces, SvgNamespace, local};
use super::svg_safety::{self, Danger};
use super::svg_style;
use super::xml::{self, Attribute, Tag, XmlToken, XmlTokens};

/// The parts of an SVG image that are published.
///
/// # Errors
/// The drawing is not well formed, or could run or load something.
pub(super) fn clean(bytes: &[u8]) -> Result<Vec<u8>, MetadataProblem> {
    clean_at(bytes, 0)
}

/// The same for a drawing inside `depth` other drawings.
pub(super) fn clean_at(bytes: &[u8], depth: usize) -> Result<Vec<u8>, MetadataProblem> {
    let text = std::str::from_utf8(bytes).map_err(|_| MetadataProblem::Unreadable)?;
    let bare = text.trim_start_matches('\u{FEFF}');
    let mut drawing = SvgCleaner {
        text: bare,
        out: String::with_capacity(bare.len()),
        open: Vec::new(),
        namespaces: Namespaces::default(),
        skipped: None,
        sheet: String::new(),
        has_root: false,
        depth,
        // Style sheets may select elements by `data-…` attributes.
        keeps_data: bare.contains("[data-"),
        at: 0,
        danger: None,
    };
    let mut tokens = XmlTokens::new(bare);
    while let Some(token) = tokens.next() {
        drawing.token(token.ok_or(MetadataProblem::Unreadable)?)?;
        drawing.at = bare.len() - tokens.rest().len();
    }
    if !drawing.has_root || !drawing.open.is_empty() {
        return Err(MetadataProblem::Unreadable);
    }
    match drawing.danger {
        None => Ok(drawing.out.into_bytes()),
        Some(danger) => Err(MetadataProblem::Active(danger)),
    }
}

/// Checks a drawing and writes it anew, token by token. Each piece is checked when it is written, so nothing is
/// published unchecked.
struct SvgCleaner<'a> {
    text: &'a str,
    out: String,
    /// The names of the open elements.
    open: Vec<&'a str>,
    namespaces: Namespaces<'a>,
    /// The number of open elements around the one that is being removed.
    skipped: Option<usize>,
    /// The style sheet that is being read, with its references not decoded.
    sheet: String,
    has_root: bool,
    depth: usize,
    keeps_data: bool,
    /// The byte offset of the current token.
    at: usize,
    /// The first danger.
    danger: Option<Danger>,
}

impl<'a> SvgCleaner<'a> {
    fn token(&mut self, token: XmlToken<'a>) -> Result<(), MetadataProblem> {
        match token {
            XmlToken::Open(tag) => self.opening(&tag)?,
            XmlToken::Close(name) => self.close(name)?,
            XmlToken::Instruction(text) if self.out.is_empty() && text.starts_with("xml ") => {
                let danger = svg_safety::declaration(text);
                self.judge(danger);
                self.out.push_str("<?");
                self.out.push_str(text);
                self.out.push_str("?>");
            }
            XmlToken::Comment | XmlToken::Instruction(_) | XmlToken::Doctype => {}
            XmlToken::Text(_) | XmlToken::Data(_) if self.skipped.is_some() => {}
            XmlToken::Text(text) | XmlToken::Data(text) if self.open.is_empty() => {
                if !text.trim().is_empty() {
                    return Err(MetadataProblem::Unreadable);
                }
                self.out.push_str(text);
            }
            XmlToken::Text(text) if self.in_style() => self.sheet.push_str(text),
            // A sheet may mix text and CDATA: escaped, both are checked as one text.
            XmlToken::Data(text) if self.in_style() => self.sheet.push_str(&xml::escape(text)),
            XmlToken::Text(text) => {
                self.judge(svg_safety::references(text));
                self.out.push_str(text);
            }
            XmlToken::Data(text) => {
                self.out.push_str("<![CDATA[");
                self.out.push_str(text);
                self.out.push_str("]]>");
            }
        }
        Ok(())
    }

    /// Keeps the first danger, with its line in the author's file.
    fn judge(&mut self, danger: Option<Danger>) {
        if self.danger.is_none()
            && let Some(danger) = danger
        {
            let line = self.text[..self.at].matches('\n').count() + 1;
            self.danger = Some(Danger { line: Some(line), ..danger });
        }
    }

    fn in_style(&self) -> bool {
        self.open.last().is_some_and(|open| local(open) == "style")
    }

    fn opening(&mut self, tag: &Tag<'a>) -> Result<(), MetadataProblem> {
        let attributes: Option<Vec<Attribute<'a>>> = tag.attributes().collect();
        let attributes = attributes.ok_or(MetadataProblem::Unreadable)?;
        self.namespaces.enter(&attributes).ok_or(MetadataProblem::Unreadable)?;
        let space = self.namespaces.namespace_of(tag.name);
        if self.open.is_empty() {
            let is_drawing = local(tag.name) == "svg" && space == SvgNamespace::Svg;
            if self.has_root || !is_drawing {
                return Err(MetadataProblem::Unreadable);
            }
            self.has_root = true;
        }
        let verdict = svg_allowlist::element(space, tag.name);
        if self.skipped.is_none() && verdict == Verdict::Goes {
            self.skipped = Some(self.open.len());
        }
        if self.skipped.is_none() {
            // A style sheet ends elsewhere in HTML than in XML, so it must not contain elements.
            if verdict == Verdict::Unfit || self.in_style() {
                self.judge(Some(svg_safety::element(tag.name)));
            }
            self.flush_sheet()?;
            self.write(tag, &attributes)?;
        }
        self.open.push(tag.name);
        if tag.closed {
            self.leave();
        }
        Ok(())
    }

    fn close(&mut self, name: &str) -> Result<(), MetadataProblem> {
        if self.open.last() != Some(&name) {
            return Err(MetadataProblem::Unreadable);
        }
        if self.skipped.is_none() {
            self.flush_sheet()?;
            self.out.push_str("</");
            self.out.push_str(name);
            self.out.push('>');
        }
        self.leave();
        Ok(())
    }

    fn leave(&mut self) {
        self.open.pop();
        self.namespaces.leave();
        if self.skipped == Some(self.open.len()) {
            self.skipped = None;
        }
    }

    /// Cleans, checks and writes the style sheet that was read.
    fn flush_sheet(&mut self) -> Result<(), MetadataProblem> {
        if self.sheet.is_empty() {
            return Ok(());
        }
        let sheet = std::mem::take(&mut self.sheet);
        let sheet = svg_style::without_loads(&svg_style::without_comments(&sheet));
        let sheet = embedded::cleaned(&sheet, self.depth)?;
        self.judge(
            svg_safety::references(&sheet).or_else(|| svg_safety::sheet(&entities::decode_xml(&sheet))),
        );
        self.out.push_str(&sheet);
        Ok(())
    }

    fn attribute_verdict(&self, name: &str) -> Verdict {
        if name.starts_with("data-") {
            return if self.keeps_data { Verdict::Stays } else { Verdict::Goes };
        }
        // A declaration stays if its namespace does.
        let space = match name.strip_prefix("xmlns:") {
            Some(prefix) => self.namespaces.namespace_of(&format!("{prefix}:")),
            None => self.namespaces.of_attribute(name),
        };
        svg_allowlist::attribute(space, name)
    }

    fn write(&mut self, tag: &Tag<'a>, attributes: &[Attribute<'a>]) -> Result<(), MetadataProblem> {
        self.out.push('<');
        self.out.push_str(tag.name);
        for attribute in attributes {
            let verdict = self.attribute_verdict(attribute.name);
            if verdict == Verdict::Goes {
                continue;
            }
            // The check reads the cleaned value, which is the one that is published.
            let value = embedded::cleaned(attribute.value, self.depth)?;
            if verdict == Verdict::Unfit {
                self.judge(Some(svg_safety::handler(attribute.name)));
            }
            self.judge(svg_safety::attribute(tag.name, attribute.name, &value));
            self.out.push(' ');
            self.out.push_str(attribute.name);
            self.out.push('=');
            self.out.push(attribute.quote);
            self.out.push_str(&value);
            self.out.push(attribute.quote);
        }
        self.out.push_str(if tag.closed { "/>" } else { ">" });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base64;
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
        assert_eq!(clean(&cleaned), Ok(cleaned));
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
            format!("<svg><style>a{{b:url({picture})}}</style><image href='{picture}'/></svg>")
        };
        assert_eq!(cleaned(&drawing(&loud)), drawing(&quiet));
        assert_eq!(cleaned(&drawing(&quiet)), drawing(&quiet));
        let inner = "<svg><image href='data:image/svg+xml,%3Csvg%3E%3C!--a--%3E%3C/svg%3E'/></svg>";
        assert!(cleaned(inner).contains(&base64::encode(b"<svg></svg>")));
        let broken = b"<svg><image href='data:image/png;base64,AAAA'/></svg>";
        assert_eq!(clean(broken), Err(MetadataProblem::Unreadable));
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
            assert_eq!(clean(wrong.as_bytes()), Err(MetadataProblem::Unreadable), "{wrong}");
        }
        assert_eq!(clean(b"<svg>\xFF</svg>"), Err(MetadataProblem::Unreadable));
    }
}
