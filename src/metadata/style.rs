//! Style sheets inside of a drawing.
//!
//! Owns leaving out their comments.

/// The style sheet with a blank for every comment.
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

/// Behind the closing quote, or before the end of the line that closes it too.
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
    fn comments_go_and_strings_stay() {
        let sheet = "/* a */.b::after{content:'/* c */'}/*d*//\\* .e{f:url(\"g\\\"/*h\")}/* open";
        assert_eq!(without_comments(sheet), " .b::after{content:'/* c */'} /\\* .e{f:url(\"g\\\"/*h\")} ");
        for text in [sheet, "//* a */*", "'\n/*x*/", "\\", "/", "'\\"] {
            let once = without_comments(text);
            assert_eq!(without_comments(&once), once, "{text}");
        }
    }
}
