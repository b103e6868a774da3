//! What other programs write, and what is published of it: formulas, drawings, pictures.

use std::borrow::Cow;

use opsbook::diagrams::{self, MarkupPiece};
use opsbook::markdown::math::{Placement, mathml};
use opsbook::metadata::{ImageFormat, clean};
use url::Url;

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
            MarkupPiece::Html(text) => html.push_str(&text),
            MarkupPiece::Open(_) => html.push_str("<a>"),
            MarkupPiece::Close(_) => html.push_str("</a>"),
        }
    }
    // Control characters of a text are no XML, and nothing to HTML.
    html.retain(|c| !c.is_control());
    let read = roxmltree::Document::parse(&html);
    assert!(read.is_ok(), "a drawing is not well formed: {read:?}\n{html}");
    let dangers: Vec<_> = hazards(&html).into_iter().filter(|d| d != "<svg>" && d != "<title>").collect();
    assert_eq!(dangers, Vec::<String>::new(), "{source}\n{html}");
}

/// An SVG image: what is published runs nothing and loads nothing, and is clean when it is looked at again.
pub fn svg(bytes: &[u8]) {
    let Ok(cleaned) = clean(ImageFormat::Svg, bytes) else { return };
    let again = clean(ImageFormat::Svg, &cleaned);
    assert!(again.is_ok_and(|again| matches!(again, Cow::Borrowed(_))), "a clean drawing is cleaned again");
    let Ok(text) = std::str::from_utf8(&cleaned) else { return };
    match roxmltree::Document::parse(text) {
        Ok(document) => check_drawing(&document),
        // A browser shows a drawing that is not well formed up to its mistake. What XML alone knows is no HTML.
        Err(_) if !text.contains("<!") && !text.contains("<?") => check_tags(text),
        Err(_) => {}
    }
}

/// A drawing as a browser reads it.
fn check_drawing(document: &roxmltree::Document<'_>) {
    let text = document.input_text();
    for node in document.descendants().filter(roxmltree::Node::is_element) {
        let name = node.tag_name().name().to_ascii_lowercase();
        let browsers = [None, Some("http://www.w3.org/2000/svg"), Some("http://www.w3.org/1999/xhtml")];
        let seen = browsers.contains(&node.tag_name().namespace());
        assert!(!seen || !ACTIVE.contains(&name.as_str()), "<{name}> in a drawing\n{text}");
        node.attributes()
            .for_each(|attribute| check_attribute(&name, (attribute.name(), attribute.value()), text));
    }
}

/// A drawing that is not well formed, tag by tag.
fn check_tags(text: &str) {
    for element in elements(text) {
        assert!(!ACTIVE.contains(&element.name.as_str()), "<{}> in a drawing\n{text}", element.name);
        for (name, value) in &element.attributes {
            // A prefix may have any name: `xmlns:onx` is no handler.
            if name.starts_with("xmlns:") {
                continue;
            }
            let name = name.rsplit_once(':').map_or(name.as_str(), |(_, name)| name);
            check_attribute(&element.name, (name, value), text);
        }
    }
}

/// An attribute runs nothing, and loads nothing from elsewhere.
fn check_attribute(element: &str, (name, value): (&str, &str), text: &str) {
    let name = name.to_ascii_lowercase();
    assert!(!name.starts_with("on"), "{name} in a drawing\n{text}");
    if name == "href" || name == "src" {
        let value = value.trim();
        let own = value.starts_with('#') || value.starts_with("data:image/") || value.is_empty();
        let linked = element == "a" && leads_to_page(value);
        assert!(own || linked, "{name}={value:?} in a drawing\n{text}");
    }
}

/// Whether a browser that follows a link comes to a page, or to a program for mail.
fn leads_to_page(link: &str) -> bool {
    let base = Url::parse("https://h.example/a/").expect("the address is a plain one");
    base.join(link).map_or(true, |url| ["http", "https", "mailto"].contains(&url.scheme()))
}

/// Elements that run or load something.
const ACTIVE: &[&str] = &[
    "script", "iframe", "object", "embed", "link", "meta", "base", "form", "frame", "handler", "listener",
    "portal", "audio", "video", "source", "template",
];

/// The formats, by the first byte of an input.
pub const FORMATS: &[ImageFormat] = &[
    ImageFormat::Avif,
    ImageFormat::Drawio,
    ImageFormat::Gif,
    ImageFormat::Ico,
    ImageFormat::Jpeg,
    ImageFormat::Png,
    ImageFormat::Svg,
    ImageFormat::Webp,
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
