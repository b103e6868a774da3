//! The size of an SVG drawing.
//!
//! Owns the reading of lengths and of the view box of the root element. Checks nothing else.

use crate::entities;

use super::svg_namespaces::local;
use super::xml::{Tag, XmlToken, XmlTokens};

/// The width and height in CSS pixels of the root element, else of its view box; `None` where it has neither.
pub fn size(drawing: &[u8]) -> Option<(u32, u32)> {
    let text = std::str::from_utf8(drawing).ok()?;
    let opened = XmlTokens::new(text.trim_start_matches('\u{FEFF}')).find_map(|token| match token {
        Some(XmlToken::Open(tag)) => Some(tag),
        _ => None,
    });
    opened.filter(|tag| local(tag.name) == "svg").and_then(|tag| canvas(&tag))
}

/// The size by the attributes of the root element. One missing length follows from the proportions of the view box.
fn canvas(tag: &Tag<'_>) -> Option<(u32, u32)> {
    let attribute = |name: &str| {
        tag.attributes()
            .flatten()
            .find(|attribute| attribute.name == name)
            .map(|found| entities::decode_xml(found.value))
    };
    let length = |name: &str| attribute(name).and_then(|text| pixels(&text));
    let (width, height) = (length("width"), length("height"));
    let view = attribute("viewBox").and_then(|text| view_box(&text));
    let (width, height) = match (width, height, view) {
        (Some(width), Some(height), _) => (width, height),
        (Some(width), None, Some((w, h))) => (width, width * h / w),
        (None, Some(height), Some((w, h))) => (height * w / h, height),
        (_, _, Some(view)) => view,
        _ => return None,
    };
    let whole =
        |side: f64| (side.is_finite() && (0.5..65_536.0).contains(&side)).then(|| side.round() as u32);
    Some((whole(width)?, whole(height)?))
}

fn view_box(text: &str) -> Option<(f64, f64)> {
    let numbers: Vec<f64> = text
        .split(|c: char| c == ',' || c.is_whitespace())
        .filter(|part| !part.is_empty())
        .map_while(|part| part.parse().ok())
        .collect();
    match numbers[..] {
        [_, _, width, height] if width > 0.0 && height > 0.0 => Some((width, height)),
        _ => None,
    }
}

/// A length in CSS pixels; `None` for relative lengths such as `100%`.
fn pixels(text: &str) -> Option<f64> {
    let text = text.trim();
    let end =
        text.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '+' | '-'))).unwrap_or(text.len());
    let number: f64 = text[..end].parse().ok().filter(|n| *n > 0.0)?;
    let factor = match text[end..].trim().to_ascii_lowercase().as_str() {
        "" | "px" => 1.0,
        "pt" => 96.0 / 72.0,
        "pc" => 16.0,
        "in" => 96.0,
        "cm" => 96.0 / 2.54,
        "mm" => 96.0 / 25.4,
        _ => return None,
    };
    Some(number * factor)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_size_comes_from_lengths_else_from_the_view_box() {
        let size = |attributes: &str| {
            let text = format!("<?xml version='1.0'?><!-- <svg width='1'> --><svg {attributes}><g/></svg>");
            super::size(text.as_bytes())
        };
        assert_eq!(size("width='120' height=\"80px\""), Some((120, 80)));
        assert_eq!(size("viewBox='0 0 24,12'"), Some((24, 12)));
        assert_eq!(size("width='100%' height='100%' viewBox='0 0 640 480'"), Some((640, 480)));
        assert_eq!(size("width='320' viewBox='0 0 640 480'"), Some((320, 240)));
        assert_eq!(size("width='1in' height='72pt'"), Some((96, 96)));
        assert_eq!(size("width='1e999' height='5'"), None);
        assert_eq!(size(""), None);
        assert_eq!(super::size(b"<html width='1' height='1'/>"), None);
    }
}
