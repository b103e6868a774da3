//! Removes from scripts and style sheets what only their authors read: comment lines, indentation, and in style
//! sheets the spaces and line ends next to punctuation.
//!
//! Each line is looked at alone. Made for the built-in theme, whose scripts have no text over several lines; a
//! handbook's own files are published as they are.

use std::sync::Arc;

/// The bytes of an asset after removal. Only scripts and style sheets change.
pub(super) fn minify(path: &str, bytes: &'static [u8]) -> Arc<[u8]> {
    let Some(text) = text(path, bytes) else { return bytes.into() };
    let is_style_sheet = path.ends_with(".css");
    let mut left = String::with_capacity(text.len());
    let mut comment = false;
    for line in text.lines().map(str::trim) {
        comment |= line.starts_with("/*");
        if comment {
            comment = !line.ends_with("*/");
        } else if !line.is_empty() && !line.starts_with("//") {
            if !is_style_sheet {
                left.push_str(line);
                left.push('\n');
                continue;
            }
            if line.starts_with('}') && left.ends_with(';') {
                left.pop();
            }
            left.push_str(&without_spaces(line));
            // Imports are resolved later, line by line.
            if line.starts_with("@import") || !line.ends_with(['{', '}', ';', ',']) {
                left.push('\n');
            }
        }
    }
    left.into_bytes().into()
}

/// A line of a style sheet without the spaces and zeros that mean nothing. A space *before* a colon does: `a :hover`.
fn without_spaces(line: &str) -> String {
    const PAIRS: [(&str, &str); 12] = [
        (": ", ":"),
        ("; ", ";"),
        (", ", ","),
        (" {", "{"),
        ("{ ", "{"),
        (" }", "}"),
        (";}", "}"),
        (" > ", ">"),
        (":0.", ":."),
        (",0.", ",."),
        ("(0.", "(."),
        (" 0.", " ."),
    ];
    let mut left = String::with_capacity(line.len());
    let mut rest = line;
    while !rest.is_empty() {
        let plain = rest.find(['"', '\'']).unwrap_or(rest.len());
        let mut outside = rest[..plain].to_owned();
        for (spaced, short) in PAIRS {
            outside = outside.replace(spaced, short);
        }
        left.push_str(&outside);
        rest = &rest[plain..];
        // A quoted text stays as it is.
        if let Some(quote) = rest.chars().next() {
            let end = rest[1..].find(quote).map_or(rest.len(), |at| at + 2);
            left.push_str(&rest[..end]);
            rest = &rest[end..];
        }
    }
    left
}

fn text(path: &str, bytes: &'static [u8]) -> Option<&'static str> {
    let slims = path.starts_with("assets/") && (path.ends_with(".js") || path.ends_with(".css"));
    slims.then(|| std::str::from_utf8(bytes).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theme::built_in::FILES;

    fn said(path: &str, text: &'static str) -> String {
        String::from_utf8(minify(path, text.as_bytes()).to_vec()).unwrap()
    }

    #[test]
    fn comments_indents_empty_lines_and_spaces_go() {
        let script = "// Head.\n\n/**\n * Says\n * much. */\nfunction a() {\n  return \"// b\"; // c\n}\n";
        assert_eq!(said("assets/a.js", script), "function a() {\nreturn \"// b\"; // c\n}\n");
        assert_eq!(said("assets/a.css", "/* One. */\na {\n  b: c;\n}\n"), "a{b:c}");
        assert_eq!(
            said("assets/a.css", "@import \"./b.css\";\na,\nb\nc { d: e; }\n"),
            "@import \"./b.css\";\na,b\nc{d:e}"
        );
        let style = "@media (x: 1) { a :hover, b > c { d: calc(1px + 2px) e; f: g; } }\na::after { content: \": {\"; }\n";
        let short = "@media (x:1){a :hover,b>c{d:calc(1px + 2px) e;f:g}}a::after{content:\": {\"}";
        assert_eq!(said("assets/a.css", style), short);
        assert_eq!(said("assets/a.css", "a { b: 0.5em 0.25em 10.5em; }\n"), "a{b:.5em .25em 10.5em}");
        assert_eq!(said("assets/a.svg", " <svg>\n"), " <svg>\n");
        assert_eq!(said("templates/a.html", "  // b\n"), "  // b\n");
    }

    /// It is safe to remove a line of the built-in theme only if no text and no comment continues over it.
    #[test]
    fn no_text_and_no_comment_of_the_built_in_theme_hides_a_line() {
        for (path, text) in FILES.iter().filter_map(|(path, bytes)| Some((path, text(path, bytes)?))) {
            let mut comment = false;
            for (number, line) in text.lines().map(str::trim).enumerate() {
                let at = format!("{path}:{}: {line}", number + 1);
                assert!(line.matches('`').count() % 2 == 0 || line.starts_with("//"), "{at}");
                assert!(!line.ends_with('\\'), "{at}");
                comment |= line.starts_with("/*");
                assert!(comment || !line.starts_with('*') || path.ends_with(".css"), "{at}");
                assert!(!comment || !line.contains("*/") || line.ends_with("*/"), "{at}");
                comment &= !line.ends_with("*/");
            }
            assert!(!comment, "{path} ends in a comment");
        }
    }
}
