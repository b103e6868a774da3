//! Scripts and style sheets without what only their authors read: whole lines of comments, and indents.
//!
//! Owns which lines may go. Lines are looked at one by one and nothing within a line is touched, so what is left stays
//! readable in a browser's tools. Made for the built-in theme, whose scripts hold no text over several lines; a
//! handbook's own files are published as they are.

use std::sync::Arc;

/// What is left of an asset; anything but scripts and style sheets stays as it is.
pub(super) fn slim(path: &str, bytes: &'static [u8]) -> Arc<[u8]> {
    let Some(text) = text(path, bytes) else { return bytes.into() };
    let mut left = String::with_capacity(text.len());
    let mut comment = false;
    for line in text.lines().map(str::trim) {
        comment |= line.starts_with("/*");
        if comment {
            comment = !line.ends_with("*/");
        } else if !line.is_empty() && !line.starts_with("//") {
            left.push_str(line);
            left.push('\n');
        }
    }
    left.into_bytes().into()
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
        String::from_utf8(slim(path, text.as_bytes()).to_vec()).unwrap()
    }

    #[test]
    fn comments_indents_and_empty_lines_go() {
        let script = "// Head.\n\n/**\n * Says\n * much. */\nfunction a() {\n  return \"// b\"; // c\n}\n";
        assert_eq!(said("assets/a.js", script), "function a() {\nreturn \"// b\"; // c\n}\n");
        assert_eq!(said("assets/a.css", "/* One. */\na {\n  b: c;\n}\n"), "a {\nb: c;\n}\n");
        assert_eq!(said("assets/a.svg", " <svg>\n"), " <svg>\n");
        assert_eq!(said("templates/a.html", "  // b\n"), "  // b\n");
    }

    /// A line of the built-in theme may go only where nothing goes on over it.
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
