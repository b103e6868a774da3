//! Diagrams of diagrams.net: the root element names the program, host and time of the last change.
//!
//! Owns the list of attributes that are removed from it. Its content is the diagram and stays, including other pages.

use super::xml::{Tag, XmlToken, XmlTokens};

/// The attributes of the root element that do not describe the diagram.
const SILENT: &[&str] = &["agent", "etag", "host", "modified", "userAgent"];

/// The diagram without metadata. `None` where it is not a diagram.
pub(super) fn clean(bytes: &[u8]) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(bytes).ok()?;
    let mut tokens = XmlTokens::new(text);
    let tag = loop {
        match tokens.next()?? {
            XmlToken::Open(tag) if matches!(tag.name, "mxfile" | "mxGraphModel") => break tag,
            XmlToken::Comment | XmlToken::Instruction(_) | XmlToken::Doctype => {}
            XmlToken::Text(text) if text.trim_start_matches('\u{FEFF}').trim().is_empty() => {}
            _ => return None,
        }
    };
    Some(format!("{}{}", opening(&tag)?, tokens.rest()).into_bytes())
}

fn opening(tag: &Tag<'_>) -> Option<String> {
    let mut out = format!("<{}", tag.name);
    for attribute in tag.attributes() {
        let attribute = attribute?;
        if !SILENT.contains(&attribute.name) {
            out.push_str(&format!(" {}={2}{}{2}", attribute.name, attribute.value, attribute.quote));
        }
    }
    out.push_str(if tag.closed { "/>" } else { ">" });
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_diagram_stays_and_what_drew_it_goes() {
        let loud = "<!-- x --><mxfile host='h' modified=\"m\" agent='a' pages='1'><diagram id='d'>7Z</diagram></mxfile>";
        let quiet = "<mxfile pages='1'><diagram id='d'>7Z</diagram></mxfile>";
        assert_eq!(clean(loud.as_bytes()), Some(quiet.into()));
        assert_eq!(clean(quiet.as_bytes()), Some(quiet.into()));
        assert_eq!(clean(b"<svg/>"), None);
    }
}
