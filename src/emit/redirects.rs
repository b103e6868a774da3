//! Redirects from old URLs (`aliases`): an HTML page at each, and two tables for web servers that can redirect.
//!
//! The page works on any host and without scripts. It has `refresh` for browsers, a canonical link for search engines
//! and a visible link for everything else.

use std::sync::Arc;

use super::later;
use super::text::absolute;
use crate::html_escape::{escape_attribute, escape_text};
use crate::output::Output;
use crate::path::UrlPath;
use crate::site::{PageId, Site, SitePage};

/// The Content Security Policy of a redirect page, which loads nothing.
const POLICY: &str = "default-src 'none'; base-uri 'none'; form-action 'none'";

/// The file that a web server includes in its configuration.
const NGINX: &str = "redirects.nginx.conf";

/// The pages at aliases, and the lists of redirects for servers.
pub fn emit(site: &Arc<Site>) -> Vec<Output> {
    // The file is written even without redirects, because nginx does not start if an included file is missing. If the
    // path were free, a page could also publish a file of this name, which would become part of the server's
    // configuration.
    let nginx = later(site, NGINX, nginx);
    if site.redirects.is_empty() {
        return vec![nginx];
    }
    let page = |(old, id): (&String, &PageId)| {
        let (old, id) = (UrlPath::new(old.as_str()), *id);
        later(site, site.output_file(&old), move |site| html(site, &old, site.page(id)))
    };
    let tables = [later(site, "_redirects", hosted), nginx];
    site.redirects.iter().map(page).chain(tables).collect()
}

/// Each old URL with the page that it redirects to.
fn moves(site: &Site) -> impl Iterator<Item = (UrlPath, &SitePage)> {
    site.redirects.iter().map(|(old, page)| (UrlPath::new(old.as_str()), site.page(*page)))
}

/// The page at `old` that redirects to `page`.
fn html(site: &Site, old: &UrlPath, page: &SitePage) -> String {
    let relative = escape_attribute(&site.relative(old, &page.url));
    let canonical = absolute(site, &page.url).map_or_else(|| relative.clone(), |url| escape_attribute(&url));
    let language = site.language(page);
    let (t, frame) = (site.strings.for_language(language), escape_attribute(site.strings.frame(language)));
    let (moved, before) = (escape_text(t.say("moved.title")), escape_text(t.say("moved.before")));
    format!(
        "<!DOCTYPE html>\n<html lang=\"{frame}\">\n<head>\n<meta charset=\"utf-8\">\n\
        <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
        <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
        <meta name=\"robots\" content=\"noindex\">\n\
        <meta http-equiv=\"refresh\" content=\"0; url={relative}\">\n\
        <link rel=\"canonical\" href=\"{canonical}\">\n<title>{moved}</title>\n</head>\n<body>\n<main>\n\
        <h1>{moved}</h1>\n<p>{before} <a href=\"{relative}\" lang=\"{}\">{}</a>.</p>\n</main>\n</body>\n</html>\n",
        escape_attribute(language),
        escape_text(&page.page.title)
    )
}

/// The path of the site on its host without the last slash, such as `/h`. Empty without `base_url`.
pub(super) fn prefix(site: &Site) -> &str {
    let base = site.config.base_url.as_deref().unwrap_or("");
    let host = base.split_once("://").map_or("", |(_, rest)| rest);
    host.find('/').map_or("", |at| host[at..].trim_end_matches('/'))
}

/// The old URL as it is and, if it ends with a slash, without the slash.
fn spellings(old: &str) -> impl Iterator<Item = &str> {
    std::iter::once(old).chain(old.strip_suffix('/'))
}

/// The text of `_redirects`: a line with old URL, new URL and status code for each spelling.
fn hosted(site: &Site) -> String {
    let prefix = prefix(site);
    let mut table = String::new();
    for (old, page) in moves(site) {
        let new = site.config.web_path(&page.url);
        for old in spellings(&old.encoded()) {
            table.push_str(&format!("{prefix}/{old} {prefix}/{new} 301\n"));
        }
    }
    table
}

/// The text of `redirects.nginx.conf`: one `location` for each spelling of an old URL. A `map` would be shorter, but
/// nginx refuses one with long keys unless the administrator raises `map_hash_bucket_size`.
fn nginx(site: &Site) -> String {
    let prefix = prefix(site);
    let mut conf =
        "# Redirects from old URLs. In the `server` block: include redirects.nginx.conf;\n".to_owned();
    for (old, page) in moves(site) {
        // nginx would read a `$` as the start of a variable.
        let new = quoted(&format!("{prefix}/{}", site.config.web_path(&page.url)).replace('$', "%24"));
        // nginx compares a `location` with the decoded path, so the old URL is not encoded.
        for old in spellings(old.as_str()) {
            let old = quoted(&format!("{prefix}/{old}"));
            conf.push_str(&format!("location = {old} {{ return 301 {new}; }}\n"));
        }
    }
    conf
}

/// A quoted string of nginx's configuration.
pub(super) fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use super::*;

    const FILES: &[(&str, &str)] = &[("content/new/ä.md", "---\naliases: [/old/x, /y.html]\n---\n# A & B\n")];

    #[test]
    fn a_page_at_the_old_url_leads_on_without_a_script() {
        let outputs = emit(&fixture::site(FILES, None));
        let html = fixture::text(&outputs, "old/x/index.html");
        assert!(
            html.contains("content=\"0; url=../../new/%C3%A4/\"") && html.contains(">A &amp; B</a>"),
            "{html}"
        );
        assert!(fixture::text(&outputs, "y.html").contains("href=\"new/%C3%A4/\""));
        assert!(!html.contains("<script"));
        let absolute = fixture::text(&emit(&fixture::site(FILES, Some("https://e.org/h/"))), "y.html");
        assert!(
            absolute.contains("<link rel=\"canonical\" href=\"https://e.org/h/new/%C3%A4/\">"),
            "{absolute}"
        );
    }

    #[test]
    fn tables_for_servers_hold_both_spellings_beneath_the_sites_path() {
        let outputs = emit(&fixture::site(FILES, Some("https://e.org/h/")));
        let table =
            "/h/old/x/ /h/new/%C3%A4/ 301\n/h/old/x /h/new/%C3%A4/ 301\n/h/y.html /h/new/%C3%A4/ 301\n";
        assert_eq!(fixture::text(&outputs, "_redirects"), table);
        let conf = fixture::text(&outputs, NGINX);
        assert!(conf.contains("\nlocation = \"/h/old/x\" { return 301 \"/h/new/%C3%A4/\"; }\n"), "{conf}");
    }

    #[test]
    fn without_aliases_there_is_only_a_file_for_nginx_to_include() {
        let outputs = emit(&fixture::site(&[("content/a.md", "x")], None));
        assert_eq!(outputs.iter().map(|output| output.path.as_str()).collect::<Vec<_>>(), [NGINX]);
        assert!(fixture::text(&outputs, NGINX).lines().all(|line| line.starts_with('#')));
    }
}
