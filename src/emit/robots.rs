//! `robots.txt`: search engines may read the whole site, unless the static folder has a file with other words.
//!
//! Owns this one file. Content that must not be found is not in the site at all. A site that asks to be left out may be read,
//! too: what a crawler must not read it lists by the address alone, since it never sees the `noindex` in the page.

use std::sync::Arc;

use crate::output::Output;
use crate::site::Site;

const PATH: &str = "robots.txt";

/// The file for search engines.
pub fn emit(site: &Arc<Site>) -> Vec<Output> {
    if site.static_files.contains_key(PATH) {
        return Vec::new();
    }
    let mut text = "User-agent: *\nAllow: /\n".to_owned();
    if let Some(base) = site.config.base_url.as_ref().filter(|_| !site.config.noindex) {
        text.push_str(&format!("\nSitemap: {base}sitemap.xml\n"));
    }
    vec![Output::text(PATH, text)]
}

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use super::*;

    #[test]
    fn the_sitemap_is_named_where_there_is_one() {
        let text = |base| fixture::text(&emit(&fixture::site(&[], base)), "robots.txt");
        assert_eq!(text(None), "User-agent: *\nAllow: /\n");
        assert!(text(Some("https://example.org/")).ends_with("\nSitemap: https://example.org/sitemap.xml\n"));
    }
}
