//! Values that several formats write: dates, absolute URLs, page ids, XML text.
//!
//! Owns their spelling, so that two formats never differ in it. Depends on no format.

use crate::html_escape::{escape_attribute, is_xml_character};
use crate::path::{UrlPath, encode};
use crate::site::{Site, SitePage, Target};

/// The time of the page's last change, as RFC 3339 in UTC. `None` if it is not known.
pub fn changed(page: &SitePage) -> Option<String> {
    page.change.as_ref().and_then(|change| timestamp(change.seconds))
}

/// A time in seconds since 1970 as RFC 3339 in UTC. `None` outside of the range of [`jiff::Timestamp`].
pub fn timestamp(seconds: i64) -> Option<String> {
    jiff::Timestamp::from_second(seconds).ok().map(|time| time.to_string())
}

/// The absolute URL of a page or file. `None` without `base_url`.
pub fn absolute(site: &Site, url: &UrlPath) -> Option<String> {
    site.config.absolute(url)
}

/// The URL that a link on the page `from` leads to: absolute with `base_url`, else relative. `None` for a broken
/// link.
pub fn target(site: &Site, from: &SitePage, target: &Target) -> Option<String> {
    let (url, anchor) = match target {
        Target::Page { page, anchor } => (&site.page(*page).url, anchor),
        Target::Asset { url, anchor, .. } => (url, anchor),
        Target::Broken => return None,
    };
    let url = absolute(site, url).unwrap_or_else(|| site.relative(&from.url, url));
    let anchor = anchor.as_ref().map_or(String::new(), |anchor| format!("#{}", encode(anchor)));
    Some(format!("{url}{anchor}"))
}

/// The id of the page at `url`: the URL without its last slash, `home` for the home page.
pub fn id(url: &UrlPath) -> &str {
    match url.as_str().trim_end_matches('/') {
        "" => "home",
        id => id,
    }
}

/// The URL of the page's Markdown file. `None` for a page without Markdown.
pub fn markdown_url(site: &Site, page: &SitePage) -> Option<UrlPath> {
    (!page.page.document.markdown.text.is_empty()).then(|| site.addresses().markdown_file(&page.url))
}

/// The text escaped for XML, without the characters that XML does not allow.
pub fn xml(text: &str) -> String {
    escape_attribute(&text.chars().filter(|c| is_xml_character(*c)).collect::<String>())
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
