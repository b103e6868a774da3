//! What the readers of one site see, in values that outlive the site.
//!
//! Owns [`SiteState`] and the text of a rendered page, line by line.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::OnceLock;

use jiff::civil::Date;

use crate::diagnostic::Diagnostic;
use crate::entities;
use crate::html_escape::end_of_tag;
use crate::path::{FilePath, UrlPath};
use crate::renames::Renames;
use crate::render;
use crate::report::owners;
use crate::site::{FolderRole, PageId, PublishedAddresses, Site, SitePage, Target};
use crate::view::Href;

/// The pages, addresses and problems of one site.
#[derive(Debug, Default)]
pub struct SiteState {
    /// The pages that have a file.
    pub pages: BTreeMap<FilePath, PageState>,
    pub addresses: PublishedAddresses,
    pub problems: Vec<Diagnostic>,
    /// The files of which the audience does not see every part.
    pub cut_files: BTreeSet<FilePath>,
    /// Whether nothing is hidden from its audience.
    pub sees_all: bool,
}

/// A page as its readers see it.
#[derive(Debug)]
pub struct PageState {
    pub file: FilePath,
    /// As links of the site write it.
    pub url: UrlPath,
    pub title: String,
    /// The rendered body: a line for each paragraph, heading, item or cell.
    pub lines: Vec<TextLine>,
    /// Fields with their values as readers see them, without the title.
    pub fields: BTreeMap<String, String>,
    /// Who is asked about a change of the page: the owner in its front matter.
    pub owners: Vec<String>,
    /// The last day on which the review of the page is valid.
    pub reviewed_until: Option<Date>,
}

/// A line of the text of a page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TextLine {
    pub text: String,
    /// Links and images of the line.
    pub links: Vec<TextLink>,
}

/// A link or an image in a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextLink {
    /// The text of the link, or the description of the image.
    pub label: String,
    pub target: TextTarget,
}

/// Where a link leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TextTarget {
    /// A page or another file of the handbook.
    File { file: FilePath, anchor: Option<String> },
    /// An address outside the handbook.
    Web(String),
    /// Nothing, or something hidden. A problem says so.
    Broken,
}

impl fmt::Display for TextTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TextTarget::File { file, anchor: Some(anchor) } => write!(f, "{file}#{anchor}"),
            TextTarget::File { file, anchor: None } => write!(f, "{file}"),
            TextTarget::Web(address) => f.write_str(address),
            TextTarget::Broken => f.write_str("nothing"),
        }
    }
}

impl SiteState {
    /// Reads the pages and addresses of a site. Its build knows the problems and the files that are cut. `code_owners`
    /// gives the owners of a file in `CODEOWNERS`. They count only if the audience sees everything: the file is not a part
    /// of the handbook, so no level says who may know its accounts.
    pub fn new(site: &Site, code_owners: &dyn Fn(&FilePath) -> Vec<String>) -> SiteState {
        let visibility = &site.config.visibility;
        let sees_all = visibility.default.is_none() || visibility.sees_all();
        let mut pages = BTreeMap::new();
        for (id, page) in site.ids().filter(|(_, page)| page.section != FolderRole::Listing) {
            let file = &page.page.file;
            let code_owners = if sees_all { code_owners(file) } else { Vec::new() };
            pages.insert(file.clone(), page_state(site, id, page, code_owners));
        }
        SiteState { pages, addresses: site.published_addresses(), sees_all, ..SiteState::default() }
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

fn page_state(site: &Site, id: PageId, page: &SitePage, code_owners: Vec<String>) -> PageState {
    let front = &page.page.front;
    let targets: Vec<TextTarget> =
        page.resolved.targets.iter().map(|target| link_target(site, page, target)).collect();
    // A number in place of an address leads back to the target.
    let numbers = 0..targets.len();
    let hrefs: Vec<Href> = numbers.map(|number| Href::To { url: number.to_string(), size: None }).collect();
    let fields = front.data.record.iter().filter(|(name, _)| *name != "title");
    let fields = fields.map(|(name, value)| (name.to_owned(), value.to_string()));
    PageState {
        file: page.page.file.clone(),
        url: page.url.written(site.config.addresses),
        title: page.page.title.clone(),
        lines: lines(
            &render::body(&page.page.document, render::BodyParts { hrefs: &hrefs, ..Default::default() }),
            &targets,
        ),
        fields: fields.collect(),
        owners: owners::of_page(front, code_owners, &site.registers.people).0,
        reviewed_until: site.registers.reviews.for_page(id).and_then(|review| review.until),
    }
}

fn link_target(site: &Site, page: &SitePage, target: &Target) -> TextTarget {
    match target {
        Target::Page { page, anchor } => {
            TextTarget::File { file: site.page(*page).page.file.clone(), anchor: anchor.clone() }
        }
        Target::Asset { url, anchor, .. } => {
            match page.resolved.published().iter().find(|(published, _)| published == url) {
                Some((_, asset)) => TextTarget::File { file: asset.file.clone(), anchor: anchor.clone() },
                None => TextTarget::Web(format!("/{url}")),
            }
        }
        Target::Broken => TextTarget::Broken,
    }
}

/// The text of HTML that Opsbook wrote, with numbers of `targets` as the addresses of links inside the handbook. Inline
/// markup does not end a line; an image is its description.
fn lines(html: &str, targets: &[TextTarget]) -> Vec<TextLine> {
    let mut reader = LineReader::default();
    // Whether the text is the title or the description of a drawing, which repeat its texts.
    let mut is_silent = false;
    let mut rest = html;
    while let Some(at) = rest.find(['<', '&']) {
        if !is_silent {
            reader.text.push_str(&rest[..at]);
        }
        rest = &rest[at..];
        if rest.starts_with('&') {
            let (character, length) = entities::first(rest, entities::xml).unwrap_or(('&', 1));
            reader.text.push(character);
            rest = &rest[length..];
            continue;
        }
        let tag = &rest[..end_of_tag(rest)];
        rest = &rest[tag.len()..];
        let inside = tag.trim_start_matches(['<', '/']);
        match inside.split([' ', '/', '>', '\n']).next().unwrap_or("") {
            "a" if tag.starts_with("</") => reader.end_link(),
            "a" => {
                reader.open_link = target_of(tag, "href", targets).map(|target| (reader.text.len(), target))
            }
            "abbr" | "b" | "code" | "del" | "em" | "i" | "ins" | "kbd" | "mark" | "q" | "s" | "samp"
            | "small" | "span" | "strong" | "sub" | "sup" | "u" | "var" | "wbr" => {}
            "img" => {
                let label = attribute(tag, "alt").unwrap_or_default();
                reader.text.push_str(&label);
                if let Some(target) = target_of(tag, "src", targets) {
                    reader.links.push(TextLink { label, target });
                }
            }
            "title" | "desc" => is_silent = !tag.starts_with("</"),
            _ => reader.end_line(),
        }
    }
    reader.text.push_str(rest);
    reader.end_line();
    reader.lines
}

/// Collects text into lines.
#[derive(Default)]
struct LineReader {
    lines: Vec<TextLine>,
    /// The text since the end of the last line.
    text: String,
    /// The links of that text.
    links: Vec<TextLink>,
    /// Where the text of the open link begins, and where the link leads.
    open_link: Option<(usize, TextTarget)>,
}

impl LineReader {
    fn end_link(&mut self) {
        if let Some((begin, target)) = self.open_link.take() {
            // A link around several lines began in an earlier one.
            let label = one_line(self.text.get(begin..).unwrap_or(&self.text));
            self.links.push(TextLink { label, target });
        }
    }

    fn end_line(&mut self) {
        let begin = self.lines.len();
        for part in self.text.lines() {
            let text = one_line(part);
            if !text.is_empty() {
                self.lines.push(TextLine { text, links: Vec::new() });
            }
        }
        let links = std::mem::take(&mut self.links);
        if self.lines.len() > begin {
            self.lines[begin].links = links;
        } else if !links.is_empty() {
            self.lines.push(TextLine { text: String::new(), links });
        }
        self.text.clear();
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The target of a tag; none if it has no address, or that of a place in its page that the writer made.
fn target_of(tag: &str, name: &str, targets: &[TextTarget]) -> Option<TextTarget> {
    let address = attribute(tag, name).filter(|address| !address.is_empty() && !address.starts_with('#'))?;
    match address.parse::<usize>() {
        Ok(number) => targets.get(number).cloned(),
        Err(_) => Some(TextTarget::Web(address)),
    }
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, value) = tag.split_once(&format!(" {name}=\""))?;
    let (value, _) = value.split_once('"')?;
    Some(entities::decode_xml(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_block_is_a_line_and_inline_markup_does_not_end_one() {
        let html = "<h2 id=\"a\">A <code>b</code><a class=\"anchor\" href=\"?x>y\"></a></h2><p>un<em>do</em> &lt;x&gt;\n\
                    y</p><ul><li>one</li><li>two <img src=\"\" alt=\"A &amp; B\"></li></ul><pre><code>l\n  m</code></pre>\
                    <svg><title>t</title><text>n</text></svg>";
        let texts: Vec<String> = lines(html, &[]).into_iter().map(|line| line.text).collect();
        assert_eq!(texts, ["A b", "undo <x>", "y", "one", "two A & B", "l", "m", "n"]);
    }
    #[test]
    fn links_belong_to_their_lines() {
        let file = FilePath::new("content/a.md").unwrap();
        let targets = [TextTarget::Broken, TextTarget::File { file, anchor: None }];
        let html = "<h2>A<a class=\"anchor\" href=\"#a\"></a></h2><p>See <a href=\"1\">the <em>page</em></a> and\n\
                    <a rel=\"x\" href=\"https://example.com/?a&amp;b\">more</a>.</p><p><img src=\"0\" alt=\"\"></p>";
        let link =
            |label: &str, target: &TextTarget| TextLink { label: label.to_owned(), target: target.clone() };
        let web = TextTarget::Web("https://example.com/?a&b".to_owned());
        assert_eq!(
            lines(html, &targets),
            [
                TextLine { text: "A".to_owned(), links: Vec::new() },
                TextLine {
                    text: "See the page and".to_owned(),
                    links: vec![link("the page", &targets[1]), link("more", &web)]
                },
                TextLine { text: "more.".to_owned(), links: Vec::new() },
                TextLine { text: String::new(), links: vec![link("", &TextTarget::Broken)] },
            ]
        );
    }
}
