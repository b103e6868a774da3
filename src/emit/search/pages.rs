//! The lines of pages: URL, title, kind and language, which a result shows before the page itself is fetched.
//!
//! Owns the format of a line, and the files of lines.

use crate::site::{Site, SitePage};

/// The number of pages in a file, which then has some kilobytes.
pub const PER_FILE: usize = 512;

/// The line of each page as JSON: `["url","title","kind","language"]`. The language is left out if all pages have the
/// same, and then the kind `page` is left out too.
pub fn lines(site: &Site) -> Vec<String> {
    let mut languages = site.pages.iter().map(|page| site.language(page));
    let first = languages.next();
    let several = languages.any(|language| Some(language) != first);
    let line = |page| line(&address(site, page), page, several.then(|| site.language(page)));
    site.pages.iter().map(line).collect()
}

fn line(url: &str, page: &SitePage, language: Option<&str>) -> String {
    let (title, kind) = (&page.page.title, page.page.front.kind());
    match language {
        Some(language) => super::json(&(url, title, kind, language)),
        None if kind == "page" => super::json(&(url, title)),
        None => super::json(&(url, title, kind)),
    }
}

/// The URL of the page relative to the root; empty for the home page of a site.
pub fn address(site: &Site, page: &SitePage) -> String {
    site.path_of(&page.encoded)
}

/// The files of lines, in the order of the pages.
pub fn files(lines: &[String]) -> Vec<String> {
    lines.chunks(PER_FILE).map(|lines| format!("[{}]", lines.join(",\n"))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emit::fixture;

    #[test]
    fn languages_are_named_where_there_are_several() {
        let page = |language: &str| format!("---\nlanguage: {language}\n---\n# A\n");
        let (german, english) = (page("de"), page("en"));
        let said = |pages: &[(&str, &str)]| lines(&fixture::site(pages, None)).join(" ");
        assert_eq!(said(&[("content/a.md", &english)]), r#"["","Handbook"] ["a/","A"]"#);
        let both = said(&[("content/a.md", &english), ("content/b.md", &german)]);
        assert_eq!(both, r#"["","Handbook","page","en"] ["a/","A","page","en"] ["b/","A","page","de"]"#);
    }
}
