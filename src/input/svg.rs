//! What an SVG image says about itself: its size, and whether it could run anything.
//!
//! Owns a scan over tags that errs towards [`Safety::Active`]. Knows no files; it never changes an image.

use crate::asset::Safety;

/// What a look into an image found.
#[derive(Debug, PartialEq, Eq)]
pub struct Svg {
    /// Width and height in CSS pixels.
    pub size: Option<(u32, u32)>,
    pub safety: Safety,
}

/// Elements that run or load something. `foreignObject` does neither by itself, drawing programs use it for
/// text, and what stands in it is looked at like the rest.
const ACTIVE: &[&str] = &["script", "handler", "listener", "iframe", "embed", "object", "audio", "video"];

/// Looks through the bytes of an SVG image.
pub fn inspect(bytes: &[u8]) -> Svg {
    let Ok(text) = std::str::from_utf8(bytes) else { return Svg { size: None, safety: Safety::Active } };
    let mut svg = Svg { size: None, safety: Safety::Inert };
    if declares_danger(text) {
        svg.safety = Safety::Active;
    }
    for tag in tags(text) {
        if svg.size.is_none() && local(tag.name) == "svg" {
            svg.size = size(&tag);
        }
        if is_active(&tag) {
            svg.safety = Safety::Active;
        }
    }
    svg
}

/// Entities can hide anything, a style sheet instruction can load a program, another encoding can hide tags.
fn declares_danger(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let declared = lower.split_once("encoding=").map(|(_, rest)| rest.trim_start_matches(['"', '\'']));
    let foreign = lower.trim_start_matches('\u{FEFF}').starts_with("<?xml")
        && declared.is_some_and(|name| {
            !["utf-8", "us-ascii", "iso-8859-1"].iter().any(|known| name.starts_with(known))
        });
    lower.contains("<!entity") || lower.contains("<?xml-stylesheet") || foreign
}

/// An opening tag.
struct Tag<'a> {
    name: &'a str,
    attributes: Vec<(&'a str, String)>,
}

/// Every opening tag; comments are passed over.
fn tags(text: &str) -> impl Iterator<Item = Tag<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        loop {
            rest = &rest[rest.find('<')? + 1..];
            if let Some(comment) = rest.strip_prefix("!--") {
                rest = comment.split_once("-->").map_or("", |(_, after)| after);
                continue;
            }
            let end =
                rest.find(|c: char| c.is_whitespace() || matches!(c, '>' | '/' | '<')).unwrap_or(rest.len());
            let name = &rest[..end];
            rest = &rest[end..];
            if name.starts_with(|c: char| c.is_alphabetic() || c == '_' || c == ':') {
                let attributes = attributes(&mut rest);
                return Some(Tag { name, attributes });
            }
        }
    })
}

/// Takes the attributes up to the end of the tag.
fn attributes<'a>(rest: &mut &'a str) -> Vec<(&'a str, String)> {
    let mut found = Vec::new();
    loop {
        *rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
        if rest.is_empty() || rest.starts_with(['>', '<']) {
            return found;
        }
        let end = rest
            .find(|c: char| c.is_whitespace() || matches!(c, '=' | '>' | '/' | '<'))
            .unwrap_or(rest.len());
        let name = &rest[..end];
        *rest = rest[end..].trim_start();
        let Some(after) = rest.strip_prefix('=') else {
            found.push((name, String::new()));
            continue;
        };
        *rest = after.trim_start();
        found.push((name, decode(value(rest))));
    }
}

/// Takes one attribute value, quoted or not.
fn value<'a>(rest: &mut &'a str) -> &'a str {
    if let Some(quote) = rest.chars().next().filter(|c| matches!(c, '"' | '\'')) {
        let body = &rest[1..];
        let (value, after) = body.split_once(quote).unwrap_or((body, ""));
        *rest = after;
        return value;
    }
    let end = rest.find(|c: char| c.is_whitespace() || c == '>').unwrap_or(rest.len());
    let (value, after) = rest.split_at(end);
    *rest = after;
    value
}

/// Undoes numeric and the usual named references.
fn decode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let end = after.find(|c: char| !c.is_ascii_alphanumeric() && c != '#').unwrap_or(after.len());
        out.push(reference(&after[..end]).unwrap_or('&'));
        rest = if reference(&after[..end]).is_some() { after[end..].trim_start_matches(';') } else { after };
    }
    out.push_str(rest);
    out
}

fn reference(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "colon" => Some(':'),
        "Tab" | "NewLine" => Some('\n'),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16),
                None => number.parse(),
            };
            char::from_u32(code.ok()?)
        }
    }
}

/// The name without its namespace prefix, in lower case.
fn local(name: &str) -> String {
    name.rsplit_once(':').map_or(name, |(_, local)| local).to_ascii_lowercase()
}

fn is_active(tag: &Tag) -> bool {
    ACTIVE.contains(&local(tag.name).as_str()) || tag.attributes.iter().any(|(name, value)| runs(name, value))
}

/// Whether an attribute is an event handler, sets one, or leads to a program.
fn runs(name: &str, value: &str) -> bool {
    let tight: String = value.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect();
    let tight = tight.to_ascii_lowercase();
    let name = local(name);
    let scheme = ["javascript:", "vbscript:", "data:text/html", "data:application/xhtml"];
    name.starts_with("on")
        || (name == "attributename" && tight.starts_with("on"))
        || scheme.iter().any(|scheme| tight.contains(scheme))
}

/// Width and height of the outermost element, else of its view box.
fn size(tag: &Tag) -> Option<(u32, u32)> {
    let attribute =
        |name: &str| tag.attributes.iter().find(|(n, _)| *n == name).map(|(_, value)| value.as_str());
    let (width, height) = (attribute("width").and_then(pixels), attribute("height").and_then(pixels));
    let view = attribute("viewBox").and_then(view_box);
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

/// A length in CSS pixels; relative lengths have none.
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
    use super::*;

    fn looked(text: &str) -> (Option<(u32, u32)>, Safety) {
        let svg = inspect(text.as_bytes());
        (svg.size, svg.safety)
    }

    #[test]
    fn the_size_comes_from_lengths_else_from_the_view_box() {
        let size = |attributes: &str| {
            looked(&format!("<?xml version='1.0'?><!-- <svg width='1'> --><svg {attributes}><g/></svg>")).0
        };
        assert_eq!(size("width='120' height=\"80px\""), Some((120, 80)));
        assert_eq!(size("viewBox='0 0 24,12'"), Some((24, 12)));
        assert_eq!(size("width='100%' height='100%' viewBox='0 0 640 480'"), Some((640, 480)));
        assert_eq!(size("width='320' viewBox='0 0 640 480'"), Some((320, 240)));
        assert_eq!(size("width='1in' height='72pt'"), Some((96, 96)));
        assert_eq!(size("width='1e999' height='5'"), None);
        assert_eq!(size(""), None);
    }

    #[test]
    fn whatever_could_run_is_active() {
        for hostile in [
            "<svg><script>alert(1)</script></svg>",
            "<svg><s:script xmlns:s='x'/></svg>",
            "<svg onload='x()'/>",
            "<svg><g\nonclick = x></g></svg>",
            "<svg><a href='java&#x73;cript:alert(1)'/></svg>",
            "<svg><a xlink:href=' java\tscript:alert(1)'/></svg>",
            "<svg><set attributeName='onmouseover' to='x'/></svg>",
            "<svg><animate values='javascript:alert(1)'/></svg>",
            "<!DOCTYPE svg [<!ENTITY x 'y'>]><svg>&x;</svg>",
            "<svg><foreignObject><iframe/></foreignObject></svg>",
            "<?xml-stylesheet href='x'?><svg/>",
        ] {
            assert_eq!(looked(hostile).1, Safety::Active, "{hostile}");
        }
        assert_eq!(inspect(b"<svg>\xff</svg>").safety, Safety::Active);
    }

    #[test]
    fn plain_drawings_are_inert() {
        for plain in [
            "<svg><text>if a &lt; b then on = off; javascript: is a scheme</text></svg>",
            "<svg><style>.on{fill:red}</style><path d='M0 0' style='one:two'/></svg>",
            "<?xml version='1.0' encoding='UTF-8'?><svg><a href='https://example.org/?a=1&amp;b=2'/></svg>",
            "<svg><",
            "<",
            "",
            "<svg a='unclosed",
        ] {
            assert_eq!(looked(plain).1, Safety::Inert, "{plain}");
        }
    }
}
