//! Feedback about a page: the link to a form or a letter with the title, address, source and revision of the page.
//!
//! This module owns the texts in it and their encoding in a URL. The recipient is a setting.

use super::nav::PageLinks;
use super::times::change;
use crate::site::{FolderRole, SitePage};

/// The link to the form or letter; only for pages that an author wrote.
pub(super) fn link(here: &PageLinks<'_>, page: &SitePage) -> Option<String> {
    let feedback = here.site.config.feedback.as_ref().filter(|_| page.section != FolderRole::Listing)?;
    let title = here.t.fill("feedback.title", &[("title", &page.page.title)]);
    let base = here.site.config.base_url.as_deref().unwrap_or("/");
    let address = format!("{base}{}", here.site.config.web_path(&page.url));
    let mut lines = vec![here.t.fill("feedback.page", &[("address", &address)])];
    lines.push(here.t.fill("feedback.source", &[("path", &page.page.file)]));
    lines.extend(revision(here, page));
    // The lines of a mail end with CR LF; forms accept that, too.
    let body = format!("{}\r\n\r\n{}\r\n", lines.join("\r\n"), here.t.say("feedback.said"));
    let url = feedback.url.replace("{body}", &encoded(&body));
    Some(url.replace("{title}", &encoded(&title)))
}

/// The revision that the reader has seen: the commit in Git, else the date of the page.
fn revision(here: &PageLinks<'_>, page: &SitePage) -> Option<String> {
    if let Some(known) = &page.change {
        let day = change(known).date;
        return Some(match &known.commit {
            Some(commit) => here.t.fill("feedback.revision", &[("commit", commit), ("day", &day)]),
            None => here.t.fill("feedback.changed", &[("day", &day)]),
        });
    }
    page.page.front.date.map(|day| here.t.fill("feedback.dated", &[("day", &day)]))
}

/// A text percent-encoded for a query. Only characters without a special meaning in any URL stay.
fn encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/:".contains(&byte);
    text.bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_sign_of_a_title_ends_its_part_of_the_address() {
        assert_eq!(encoded("a&b=c#d?e\r\n%{body} \"ü"), "a%26b%3Dc%23d%3Fe%0D%0A%25%7Bbody%7D%20%22%C3%BC");
        assert_eq!(encoded("https://h.example/a-b/"), "https://h.example/a-b/");
    }
}
