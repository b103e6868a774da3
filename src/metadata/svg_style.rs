//! Style sheets inside a drawing.
//!
//! Owns the removal of comments and of rules that load something, and the check whether a sheet still loads something.

use crate::entities;

/// The style sheet with a space for every comment.
pub(super) fn without_comments(sheet: &str) -> String {
    let mut out = String::with_capacity(sheet.len());
    let mut rest = sheet;
    while let Some(at) = rest.find(['"', '\'', '/', '\\']) {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let (kept, length) = match from.as_bytes() {
            [b'/', b'*', ..] => (" ", from[2..].find("*/").map_or(from.len(), |end| end + 4)),
            [quote @ (b'"' | b'\''), ..] => {
                let end = string_end(from, *quote);
                (&from[..end], end)
            }
            [b'\\', ..] => {
                let end = from.char_indices().nth(2).map_or(from.len(), |(at, _)| at);
                (&from[..end], end)
            }
            _ => ("/", 1),
        };
        out.push_str(kept);
        rest = &from[length..];
    }
    out + rest
}

/// The style sheet without `@import` and without fonts from other places. A page shows a drawing as an image, and an
/// image loads neither.
pub(super) fn without_loads(sheet: &str) -> String {
    let mut out = String::with_capacity(sheet.len());
    let mut rest = sheet;
    while let Some(at) = rest.find('@') {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let begins =
            |name: &str| from[1..].get(..name.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(name));
        let length = if begins("import") || begins("font-face") { rule_end(from) } else { 1 };
        let goes =
            begins("import") || begins("font-face") && load(&entities::decode_xml(&from[..length])).is_some();
        out.push_str(if goes { "" } else { &from[..length] });
        rest = &from[length..];
    }
    out + rest
}

/// The length in bytes of the rule at the start of a text, with its `;` or its block.
fn rule_end(text: &str) -> usize {
    let (mut at, mut blocks, mut brackets) = (0, 0_usize, 0_usize);
    while let Some(byte) = text.as_bytes().get(at) {
        match byte {
            b'"' | b'\'' => {
                at += string_end(&text[at..], *byte);
                continue;
            }
            b'\\' => at += 1,
            b'(' => brackets += 1,
            b')' => brackets = brackets.saturating_sub(1),
            b';' if blocks == 0 && brackets == 0 => return at + 1,
            b'{' => blocks += 1,
            b'}' if blocks <= 1 => return at + blocks,
            b'}' => blocks -= 1,
            _ => {}
        }
        at += 1;
    }
    text.len()
}

/// The first part of a style sheet, or of a CSS value, that would load something from another place. References are
/// decoded already. Prefers false alarms: comments and strings are searched too.
pub(super) fn load(sheet: &str) -> Option<String> {
    if !sheet.contains(['(', '@', '\\']) {
        return None;
    }
    let (written, read) = (sheet.to_ascii_lowercase(), unescaped(sheet).to_ascii_lowercase());
    if read.contains("@import") {
        return Some("@import".to_owned());
    }
    // Escapes change offsets, so an escaped `url(` is not checked, only refused.
    if written.matches("url(").count() != read.matches("url(").count() {
        return Some("an escaped url()".to_owned());
    }
    let foreign = |(at, _): (usize, &str)| (!is_held(&sheet[at + 4..])).then(|| address(&sheet[at..]));
    written.match_indices("url(").find_map(foreign).or_else(|| load_by_name(&read))
}

/// The first function that takes a URL as a string, without `url()`.
fn load_by_name(sheet: &str) -> Option<String> {
    ["image-set(", "image(", "src("].into_iter().find_map(|name| {
        let end_of_name = |at: usize| !sheet[..at].ends_with(|c: char| c.is_ascii_alphanumeric());
        let mut found = sheet.match_indices(name).map(|(at, _)| at).filter(|at| end_of_name(*at));
        found.any(|at| has_string_argument(&sheet[at + name.len()..])).then(|| format!("{name})"))
    })
}

/// Whether a function whose arguments begin a text has a string among them. Strings of functions within it do not count.
fn has_string_argument(arguments: &str) -> bool {
    let (mut at, mut depth) = (0, 0_usize);
    while let Some(byte) = arguments.as_bytes().get(at) {
        match byte {
            b'"' | b'\'' if depth == 0 => return true,
            // A bracket in a string closes nothing.
            b'"' | b'\'' => {
                at += string_end(&arguments[at..], *byte);
                continue;
            }
            b'(' => depth += 1,
            b')' if depth == 0 => return false,
            b')' => depth -= 1,
            _ => {}
        }
        at += 1;
    }
    false
}

/// Whether a URL in a style sheet is a fragment of the drawing, or contains a picture or a font itself.
fn is_held(address: &str) -> bool {
    let address = address.trim_ascii_start();
    let address = address.strip_prefix(['"', '\'']).unwrap_or(address);
    let kinds = ["image/", "font/", "application/font", "application/x-font", "application/octet-stream"];
    let data = address.strip_prefix("data:");
    address.starts_with(['#', ')'])
        || data.is_some_and(|data| kinds.iter().any(|kind| data.starts_with(kind)))
}

/// The call of `url` at the start of a text, up to its closing bracket.
fn address(text: &str) -> String {
    text[..text.find(')').map_or(text.len(), |end| end + 1)].to_owned()
}

/// Decodes the escapes of CSS (CSS Syntax, 4.3.7).
fn unescaped(sheet: &str) -> String {
    let mut out = String::with_capacity(sheet.len());
    let mut rest = sheet;
    while let Some((before, after)) = rest.split_once('\\') {
        out.push_str(before);
        let digits = after.bytes().take(6).take_while(u8::is_ascii_hexdigit).count();
        match u32::from_str_radix(&after[..digits], 16) {
            Ok(code) => {
                out.push(char::from_u32(code).unwrap_or('\u{FFFD}'));
                let more = &after[digits..];
                rest = more.strip_prefix("\r\n").or_else(|| more.strip_prefix(CSS_SPACE)).unwrap_or(more);
            }
            // The character itself follows.
            Err(_) => rest = after,
        }
    }
    out + rest
}

/// The whitespace that ends an escape and belongs to it.
const CSS_SPACE: [char; 5] = [' ', '\t', '\n', '\r', '\u{C}'];

/// The length of the string at the start of a text: with its closing quote, or up to the line end that also closes it.
fn string_end(text: &str, quote: u8) -> usize {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'\n' => return at,
            _ if byte == quote => return at + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_in_image_sets_load_wherever_they_are() {
        for sheet in [
            "a{b:image-set(\"https://example.org/t.png\" 1x)}",
            "a{b:image-set(url(#a) 1x, 'https://example.org/t.png' 2x)}",
            "a{b:image-set(url(\"#a)\") 1x, 'https://example.org/t.png' 2x)}",
        ] {
            assert!(load(sheet).is_some(), "{sheet}");
        }
        assert_eq!(
            load("a{b:image-set(url(#a) 1x type('image/png'), url('#b') 2x)} c::after{content:'x'}"),
            None
        );
    }

    #[test]
    fn comments_go_and_strings_stay() {
        let sheet = "/* a */.b::after{content:'/* c */'}/*d*//\\* .e{f:url(\"g\\\"/*h\")}/* open";
        assert_eq!(without_comments(sheet), " .b::after{content:'/* c */'} /\\* .e{f:url(\"g\\\"/*h\")} ");
        for text in [sheet, "//* a */*", "'\n/*x*/", "\\", "/", "'\\"] {
            let once = without_comments(text);
            assert_eq!(without_comments(&once), once, "{text}");
        }
    }
}
