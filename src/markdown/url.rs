//! Classifies destinations: inside the handbook, outside, or refused.
//!
//! Owns the allowlist of schemes. Destinations are read as browsers read them (WHATWG URL): spaces and control
//! characters at both ends, and all tabs and line breaks, are removed. Does not resolve paths.

use std::borrow::Cow;

/// A classified destination.
#[derive(Debug, PartialEq, Eq)]
pub enum Reference<'a> {
    /// Inside the handbook: a path, perhaps with `#anchor`.
    Inside(Cow<'a, str>),
    /// An absolute URL. It is safe in `href` after escaping.
    Outside(Cow<'a, str>),
    /// A scheme that is not allowed, or an invalid URL.
    Refused,
}

/// The schemes of links that a reader may follow.
const SCHEMES: &[&str] =
    &["http", "https", "mailto", "tel", "sip", "matrix", "xmpp", "irc", "ircs", "ssh", "git", "ftp"];

/// Classifies a destination.
pub fn classify(destination: &str) -> Reference<'_> {
    let url = cleaned(destination);
    if url.contains(|c: char| c.is_control()) || url.starts_with("\\") || url.starts_with("/\\") {
        return Reference::Refused;
    }
    if let Some(host) = url.strip_prefix("//") {
        return Reference::Outside(Cow::Owned(format!("https://{host}")));
    }
    match scheme(&url) {
        None => Reference::Inside(url),
        Some(scheme) if SCHEMES.contains(&scheme.to_ascii_lowercase().as_str()) => Reference::Outside(url),
        Some(_) => Reference::Refused,
    }
}

fn cleaned(destination: &str) -> Cow<'_, str> {
    let trimmed = destination.trim_matches(|c: char| c <= ' ');
    if trimmed.contains(['\t', '\n', '\r']) {
        return Cow::Owned(trimmed.replace(['\t', '\n', '\r'], ""));
    }
    Cow::Borrowed(trimmed)
}

/// The scheme, if the text has the form of an absolute URL.
fn scheme(url: &str) -> Option<&str> {
    let (scheme, _) = url.split_once(':')?;
    let letter = scheme.starts_with(|c: char| c.is_ascii_alphabetic());
    let rest = scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b));
    (letter && rest).then_some(scheme)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_schemes_lead_outside() {
        for hostile in [
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            " javascript:alert(1)",
            "java\nscript:alert(1)",
            "\u{1}javascript:alert(1)",
            "data:text/html,x",
            "vbscript:x",
            "file:///etc/passwd",
            "\\\\host\\x",
            "/\\host",
        ] {
            assert_eq!(classify(hostile), Reference::Refused, "{hostile:?}");
        }
        assert_eq!(classify("//host/x"), Reference::Outside("https://host/x".into()));
        assert_eq!(classify("HTTPS://a"), Reference::Outside("HTTPS://a".into()));
        assert_eq!(classify("a/b.md#c:d"), Reference::Inside("a/b.md#c:d".into()));
        assert_eq!(classify("#x"), Reference::Inside("#x".into()));
    }
}
