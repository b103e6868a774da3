//! What the readers of one site see, in values that outlive the site.
//!
//! Owns [`SiteState`] and the text of a rendered page, line by line.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use jiff::civil::Date;

use crate::diagnostic::Diagnostic;
use crate::entities;
use crate::html_escape::end_of_tag;
use crate::path::{FilePath, UrlPath};
use crate::renames::Renames;
use crate::render;
use crate::site::{FolderRole, PageId, PublishedAddresses, Site, SitePage, Target};
use crate::view::Href;

/// The pages, addresses and problems of one site.
#[derive(Debug, Default)]
pub struct SiteState {
    /// The pages that have a file.
    pub pages: BTreeMap<FilePath, PageState>,
    pub addresses: PublishedAddresses,
    pub problems: Vec<Diagnostic>,
    /// Whether nothing is hidden from its audience.
    pub sees_all: bool,
}

/// A page as its readers see it.
#[derive(Debug)]
pub struct PageState {
    pub url: UrlPath,
    pub title: String,
    /// The text of the rendered body: a line for each paragraph, heading, item or cell.
    pub lines: Vec<String>,
    /// Fields with their values as readers see them.
    pub fields: BTreeMap<String, String>,
    /// Who is asked about a change of the page: the owner in its front matter.
    pub owners: Vec<String>,
    /// The last day on which the review of the page is valid.
    pub reviewed_until: Option<Date>,
}

impl SiteState {
    /// Reads a site and the problems of its build.
    pub fn new(site: &Site) -> SiteState {
        let written = site.ids().filter(|(_, page)| page.section != FolderRole::Listing);
        let pages = written.map(|(id, page)| (page.page.file.clone(), page_state(site, id, page))).collect();
        let visibility = &site.config.visibility;
        let sees_all = visibility.default.is_none() || visibility.sees_all();
        SiteState { pages, addresses: site.published_addresses(), problems: Vec::new(), sees_all }
    }

    /// The state of a handbook that does not exist.
    pub(super) fn empty() -> &'static SiteState {
        static EMPTY: OnceLock<SiteState> = OnceLock::new();
        EMPTY.get_or_init(SiteState::default)
    }

    /// The pages by their files in a later state.
    pub(super) fn by_file_after(&self, renames: &Renames) -> BTreeMap<FilePath, &PageState> {
        self.pages.iter().map(|(file, page)| (renames.after(file), page)).collect()
    }
}

impl PageState {
    /// Whether readers of the other state see something else on the page.
    pub(super) fn has_other_content(&self, other: &PageState) -> bool {
        (&self.title, &self.lines, &self.fields) != (&other.title, &other.lines, &other.fields)
    }
}

fn page_state(site: &Site, id: PageId, page: &SitePage) -> PageState {
    let front = &page.page.front;
    let hrefs: Vec<Href> = page
        .resolved
        .targets
        .iter()
        .map(|target| match target {
            Target::Broken => Href::Broken,
            Target::Page { .. } | Target::Asset { .. } => Href::To { url: String::new(), size: None },
        })
        .collect();
    let fields = front.data.record.iter().map(|(name, value)| (name.to_owned(), value.to_string()));
    PageState {
        url: page.url.clone(),
        title: page.page.title.clone(),
        lines: lines(&render::body(&page.page.document, &hrefs, &[])),
        fields: fields.collect(),
        owners: front.owner.iter().cloned().collect(),
        reviewed_until: site.registers.reviews.for_page(id).and_then(|review| review.until),
    }
}

/// The text of HTML that Opsbook wrote. Inline markup does not end a line; an image is its description.
fn lines(html: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut end = |line: &mut String| {
        for part in line.lines() {
            let words: Vec<&str> = part.split_whitespace().collect();
            if !words.is_empty() {
                lines.push(words.join(" "));
            }
        }
        line.clear();
    };
    // Whether the text is the title or the description of a drawing, which repeat its texts.
    let mut is_silent = false;
    let mut rest = html;
    while let Some(at) = rest.find(['<', '&']) {
        if !is_silent {
            line.push_str(&rest[..at]);
        }
        rest = &rest[at..];
        if rest.starts_with('&') {
            let (character, length) = entities::first(rest, entities::xml).unwrap_or(('&', 1));
            line.push(character);
            rest = &rest[length..];
            continue;
        }
        let tag = &rest[..end_of_tag(rest)];
        rest = &rest[tag.len()..];
        let inside = tag.trim_start_matches(['<', '/']);
        match inside.split([' ', '/', '>', '\n']).next().unwrap_or("") {
            "a" | "abbr" | "b" | "code" | "del" | "em" | "i" | "ins" | "kbd" | "mark" | "q" | "s"
            | "samp" | "small" | "span" | "strong" | "sub" | "sup" | "u" | "var" | "wbr" => {}
            "img" => {
                let alt = tag.split_once(" alt=\"").and_then(|(_, rest)| rest.split_once('"'));
                line.push_str(&entities::decode_xml(alt.map_or("", |(alt, _)| alt)));
            }
            "title" | "desc" => is_silent = !tag.starts_with("</"),
            _ => end(&mut line),
        }
    }
    line.push_str(rest);
    end(&mut line);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_block_is_a_line_and_inline_markup_does_not_end_one() {
        let html = "<h2 id=\"a\">A <code>b</code><a class=\"anchor\" href=\"?x>y\"></a></h2><p>un<em>do</em> &lt;x&gt;\n\
                    y</p><ul><li>one</li><li>two <img src=\"\" alt=\"A &amp; B\"></li></ul><pre><code>l\n  m</code></pre>\
                    <svg><title>t</title><text>n</text></svg>";
        assert_eq!(lines(html), ["A b", "undo <x>", "y", "one", "two A & B", "l", "m", "n"]);
    }
}
