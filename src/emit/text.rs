//! What several formats write alike: dates, absolute URLs, the id of a page, XML text.
//!
//! Owns these spellings, so that two formats never differ in them. Knows no format.

use crate::markdown::escape::escape_attribute;
use crate::path::{UrlPath, encode};
use crate::site::{Site, SitePage, Target};

/// When the page last changed, as RFC 3339 in UTC.
pub fn changed(page: &SitePage) -> Option<String> {
    page.change.as_ref().and_then(|change| timestamp(change.seconds))
}

/// Seconds since 1970 as RFC 3339 in UTC; `None` outside of what calendars know.
pub fn timestamp(seconds: i64) -> Option<String> {
    jiff::Timestamp::from_second(seconds).ok().map(|time| time.to_string())
}

/// The absolute URL, where `base_url` is set.
pub fn absolute(site: &Site, url: &UrlPath) -> Option<String> {
    site.config.base_url.as_ref().map(|base| format!("{base}{}", url.encoded()))
}

/// Where a link of a page leads: absolute where `base_url` is set, else relative. `None` where it is broken.
pub fn target(site: &Site, from: &SitePage, target: &Target) -> Option<String> {
    let (url, anchor) = match target {
        Target::Page { page, anchor } => (&site.page(*page).url, anchor),
        Target::Asset { url, anchor, .. } => (url, anchor),
        Target::Broken => return None,
    };
    let url = absolute(site, url).unwrap_or_else(|| from.url.relative(url));
    let anchor = anchor.as_ref().map_or(String::new(), |anchor| format!("#{}", encode(anchor)));
    Some(format!("{url}{anchor}"))
}

/// The page's id: its URL without the last slash, `home` for the first page.
pub fn id(url: &UrlPath) -> &str {
    match url.as_str().trim_end_matches('/') {
        "" => "home",
        id => id,
    }
}

/// The page's Markdown in the site, where it has any.
pub fn markdown_url(page: &SitePage) -> Option<UrlPath> {
    (!page.page.document.markdown.text.is_empty()).then(|| UrlPath::new(format!("{}index.md", page.url)))
}

/// Escaped for XML, without characters that XML cannot hold.
pub fn xml(text: &str) -> String {
    let allowed =
        |c: char| (!c.is_control() || matches!(c, '\t' | '\n')) && !matches!(c, '\u{FFFE}' | '\u{FFFF}');
    escape_attribute(&text.chars().filter(|c| allowed(*c)).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn xml_holds_no_control_characters() {
        assert_eq!(xml("a<b>&\"\u{1b}[0m\u{0}\tc"), "a&lt;b&gt;&amp;&quot;[0m\tc");
    }

    #[test]
    fn dates_are_in_utc() {
        assert_eq!(timestamp(86_399).as_deref(), Some("1970-01-01T23:59:59Z"));
        assert_eq!(timestamp(i64::MAX), None);
    }
}
