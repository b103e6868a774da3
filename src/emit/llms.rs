//! `llms.txt`: the handbook as a list of links for language models, in the format of llmstxt.org.
//!
//! Each top-level section is a heading. Links lead to the Markdown file beside each page; without `base_url` they are
//! relative to `llms.txt`.

use std::sync::Arc;

use super::later;
use super::text::markdown_url;
use crate::output::Output;
use crate::site::{FolderRole, PageId, Site, SitePage};

/// The maximum length of a description, in characters.
const DESCRIPTION: usize = 200;

/// The list of all pages.
pub fn emit(site: &Arc<Site>) -> Vec<Output> {
    vec![later(site, "llms.txt", list)]
}

fn list(site: &Site) -> String {
    let config = &site.config;
    let mut text = format!("# {}\n", line(&config.title));
    if !config.description.is_empty() {
        text.push_str(&format!("\n> {}\n", line(&config.description)));
    }
    let Some(home) = site.pages.first() else { return text };
    let (sections, single): (Vec<PageId>, Vec<PageId>) =
        home.children.iter().partition(|child| site.page(**child).section != FolderRole::No);
    text.push_str(&format!("\n## {}\n\n", line(&home.page.title)));
    push_page(&mut text, site, home);
    // Pages directly under the home page have no section, so they are listed under its heading.
    for page in single {
        push_page(&mut text, site, site.page(page));
    }
    for section in sections {
        text.push_str(&format!("\n## {}\n\n", line(&site.page(section).page.title)));
        push_branch(&mut text, site, section);
    }
    text
}

/// Appends a page and all pages below it, in reading order.
fn push_branch(text: &mut String, site: &Site, top: PageId) {
    let mut waiting = vec![top];
    while let Some(id) = waiting.pop() {
        let page = site.page(id);
        push_page(text, site, page);
        // The last entry is taken first, so the children are added in reverse.
        waiting.extend(page.children.iter().rev());
    }
}

/// Appends the link to a page. Drafts and pages without Markdown are left out.
fn push_page(text: &mut String, site: &Site, page: &SitePage) {
    // A listing has no text of its own, so it has no Markdown.
    let Some(url) = markdown_url(site, page).filter(|_| !page.page.front.draft) else { return };
    let base = site.config.base_url.as_deref().unwrap_or("");
    let title = line(&page.page.title).replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]");
    // A bare parenthesis would end the link.
    text.push_str(&format!("- [{title}]({base}{})", url.encoded().replace('(', "%28").replace(')', "%29")));
    let description: String = line(&page.page.description).chars().take(DESCRIPTION).collect();
    if !description.is_empty() {
        text.push_str(&format!(": {description}"));
    }
    text.push('\n');
}

/// The text on one line: each run of whitespace becomes one space.
fn line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use super::*;

    #[test]
    fn sections_are_headings_and_links_lead_to_markdown() {
        let files = [
            ("content/_index.md", "# Home\n\nWelcome.\n"),
            ("content/b.md", "# B [x]\n"),
            ("content/run/_index.md", "# Runbooks\n"),
            ("content/run/deep/c.md", "# C\n\nDoes\nthings.\n"),
        ];
        let text = fixture::text(&emit(&fixture::site(&files, None)), "llms.txt");
        let want = "# Handbook\n\n## Home\n\n- [Home](index.md): Welcome.\n- [B \\[x\\]](b/index.md)\n\n## Runbooks\n\n\
            - [Runbooks](run/index.md)\n- [C](run/deep/c/index.md): Does things.\n";
        assert_eq!(text, want);
        let absolute = fixture::text(&emit(&fixture::site(&files, Some("https://e.org/x/"))), "llms.txt");
        assert!(absolute.contains("](https://e.org/x/run/index.md)"));
    }
}
