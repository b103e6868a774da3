//! What other programs write, and what is published of it: formulas, drawings, pictures.

use std::borrow::Cow;

use opsbook::diagrams::{self, Piece};
use opsbook::markdown::math::{Placement, mathml};
use opsbook::metadata::{Format, clean};

use super::text;
use crate::judge::{hazards, misnested};
use crate::scan::elements;

/// A formula.
pub fn math(bytes: &[u8]) {
    let formula = text(bytes);
    for placement in [Placement::Inline, Placement::Block] {
        let Ok(html) = mathml(&formula, placement) else { continue };
        for element in elements(&html) {
            assert!(element.name.starts_with('m'), "<{}> in a formula\n{formula}\n{html}", element.name);
        }
        assert_eq!(hazards(&html), Vec::<String>::new(), "{formula}\n{html}");
        assert_eq!(misnested(&html), Vec::<String>::new(), "{formula}\n{html}");
    }
}

/// The source of a diagram.
pub fn diagrams(bytes: &[u8]) {
    let source = text(bytes);
    let Ok(drawing) = diagrams::draw(&source) else { return };
    let mut html = String::new();
    for piece in diagrams::pieces(&drawing, "d1") {
        match piece {
            Piece::Html(text) => html.push_str(&text),
            Piece::Open(_) => html.push_str("<a>"),
            Piece::Close(_) => html.push_str("</a>"),
        }
    }
    let read = roxmltree::Document::parse(&html);
    assert!(read.is_ok(), "a drawing is not well formed: {read:?}\n{html}");
    let dangers: Vec<_> = hazards(&html).into_iter().filter(|d| d != "<svg>" && d != "<title>").collect();
    assert_eq!(dangers, Vec::<String>::new(), "{source}\n{html}");
}

/// An SVG image: what is published runs nothing and loads nothing, and is clean when it is looked at again.
pub fn svg(bytes: &[u8]) {
    let Ok(cleaned) = clean(Format::Svg, bytes) else { return };
    let again = clean(Format::Svg, &cleaned);
    assert!(again.is_ok_and(|again| matches!(again, Cow::Borrowed(_))), "a clean drawing is cleaned again");
    let Ok(text) = std::str::from_utf8(&cleaned) else { return };
    for element in elements(text) {
        assert!(!ACTIVE.contains(&element.name.as_str()), "<{}> in a drawing\n{text}", element.name);
        for (name, value) in &element.attributes {
            assert!(!name.starts_with("on"), "{name} in a drawing\n{text}");
            if name == "href" || name.ends_with(":href") || name == "src" {
                let linked = element.name == "a"
                    && ["http:", "https:", "mailto:"].iter().any(|s| value.starts_with(s));
                let own = value.starts_with('#') || value.starts_with("data:image/") || value.is_empty();
                assert!(own || linked, "{name}={value:?} in a drawing\n{text}");
            }
        }
    }
    // What a browser sees that reads the image as XML.
    let Ok(document) = roxmltree::Document::parse(text) else { return };
    for node in document.descendants().filter(roxmltree::Node::is_element) {
        let name = node.tag_name().name().to_ascii_lowercase();
        let browsers = [None, Some("http://www.w3.org/2000/svg"), Some("http://www.w3.org/1999/xhtml")];
        let seen = browsers.contains(&node.tag_name().namespace());
        assert!(!seen || !ACTIVE.contains(&name.as_str()), "<{name}> in a drawing\n{text}");
        let event =
            node.attributes().find(|attribute| attribute.name().to_ascii_lowercase().starts_with("on"));
        assert!(event.is_none(), "{event:?} in a drawing\n{text}");
    }
}

/// Elements that run or load something.
const ACTIVE: &[&str] = &[
    "script", "iframe", "object", "embed", "link", "meta", "base", "form", "frame", "handler", "listener",
    "portal", "audio", "video", "source", "template",
];

/// The formats, by the first byte of an input.
pub const FORMATS: &[Format] = &[
    Format::Avif,
    Format::Drawio,
    Format::Gif,
    Format::Ico,
    Format::Jpeg,
    Format::Matroska,
    Format::Mp3,
    Format::Mp4,
    Format::Office,
    Format::Ogg,
    Format::Pdf,
    Format::Png,
    Format::Svg,
    Format::Wav,
    Format::Webp,
];

/// A file of any format, which the first byte names: what is clean stays as it is.
pub fn metadata(bytes: &[u8]) {
    let Some((format, bytes)) = bytes.split_first() else { return };
    let format = FORMATS[usize::from(*format) % FORMATS.len()];
    let Ok(cleaned) = clean(format, bytes) else { return };
    let again = clean(format, &cleaned);
    let settled = again.as_ref().is_ok_and(|again| **again == *cleaned);
    assert!(settled, "{format:?}: what was cleaned is cleaned again: {cleaned:?}, {again:?}");
}
