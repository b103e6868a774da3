//! The HTTP headers of all files of a site: `_headers` for hosts that read it, `headers.nginx.conf` for nginx, `headers.caddy` for
//! Caddy.
//!
//! Owns the syntax of the three files. [`crate::headers`] defines the headers that protect readers and how long files are kept,
//! [`crate::published_types`] the media types of texts.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::later;
use super::redirects::{prefix, quoted};
use crate::headers::{self, Worker, cache_control};
use crate::output::{Output, OutputName};
use crate::path::UrlPath;
use crate::published_types::{PLAIN_TEXT, media_type, named_texts, text_types};
use crate::site::Site;

/// The file that nginx includes in its configuration.
const NGINX: &str = "headers.nginx.conf";

/// The file that Caddy imports into its configuration.
const CADDY: &str = "headers.caddy";

/// The largest number of rules in `_headers`: Cloudflare reads no more.
const MOST_RULES: usize = 100;

/// The paths of outputs whose names change with their content, below the path of the site, as a regular expression of nginx and of
/// Caddy. Files of authors may match it, too.
const NAMED_BY_CONTENT: &str = r"/(assets/.+\.[0-9a-f]{8}\.[0-9a-z]+|search/[0-9a-f]{10}\.json)$";

/// The headers of all files, in three forms.
pub fn emit(site: &Arc<Site>) -> Vec<Output> {
    vec![later(site, "_headers", hosted), later(site, CADDY, caddy), later(site, NGINX, nginx)]
}

/// The headers of every answer.
fn common(site: &Site) -> Vec<(&'static str, String)> {
    // A service worker is allowed only if browsers keep pages of the site.
    let worker = if site.offline.is_some() { Worker::Allowed } else { Worker::Absent };
    let mut common = Vec::from(headers::site_headers(worker));
    common.extend(site.config.noindex.then(|| ("X-Robots-Tag", "noindex".to_owned())));
    common
}

/// The text of `_headers`. Hosts join the values of all rules that match a path, so no header is in two rules for one file.
fn hosted(site: &Site) -> String {
    let prefix = prefix(site);
    let mut rules = vec![format!("{prefix}/*\n")];
    for (name, value) in common(site) {
        rules[0].push_str(&format!("  {name}: {value}\n"));
    }
    // A pattern of these files knows only the folder.
    if !paths_of_authors(site).any(|path| path.starts_with("assets/")) {
        let cache = cache_control(OutputName::OfContent);
        rules.push(format!("{prefix}/assets/*\n  Cache-Control: {cache}\n"));
    }
    let texts = plain_texts(site).into_iter().map(|path| {
        let path = UrlPath::new(path).encoded();
        format!("{prefix}/{path}\n  Content-Type: {PLAIN_TEXT}\n")
    });
    rules.extend(texts);
    // What is left out is downloaded: the first rule forbids browsers to guess a type.
    rules.truncate(MOST_RULES);
    rules.concat()
}

/// The patterns of the texts of this site that hosts do not know: `*.rules` or, without an extension, the whole path.
fn plain_texts(site: &Site) -> BTreeSet<String> {
    let files = site.assets.iter().chain(&site.static_files);
    let plain = files.filter(|(url, asset)| asset.form.is_some() || media_type(url.as_str()) == PLAIN_TEXT);
    let mut patterns = BTreeSet::from(["*.md".to_owned()]);
    for (url, _) in plain {
        match extension(url) {
            Some("txt") => {}
            Some(extension) => drop(patterns.insert(format!("*.{extension}"))),
            None => drop(patterns.insert(url.to_string())),
        }
    }
    patterns
}

fn extension(url: &UrlPath) -> Option<&str> {
    let (_, name) = url.as_str().rsplit_once('/').unwrap_or(("", url.as_str()));
    name.rsplit_once('.').map(|(_, extension)| extension)
}

/// The extensions of texts by media type, with those of types that the handbook has added.
fn extensions(site: &Site) -> BTreeMap<&'static str, Vec<&str>> {
    let mut types: BTreeMap<&str, Vec<&str>> = text_types();
    let plain = types.entry("text/plain").or_default();
    plain.extend(site.config.asset_types.0.keys().map(String::as_str));
    plain.sort_unstable();
    plain.dedup();
    types
}

/// The paths of files and pages whose names an author has given.
fn paths_of_authors(site: &Site) -> impl Iterator<Item = String> {
    let form = site.config.addresses;
    let pages = site.pages.iter().map(move |page| page.url.output_file(form));
    let markdown = site.pages.iter().map(move |page| form.markdown_file(&page.url).to_string());
    let files = site.assets.keys().chain(site.static_files.keys()).map(UrlPath::to_string);
    pages.chain(markdown).chain(files)
}

/// The paths of authors that [`NAMED_BY_CONTENT`] matches as well.
fn look_named_by_content(site: &Site) -> BTreeSet<String> {
    paths_of_authors(site).filter(|path| looks_named_by_content(path)).collect()
}

/// Whether [`NAMED_BY_CONTENT`] matches a path.
fn looks_named_by_content(path: &str) -> bool {
    let is_digest = |text: &str, length| {
        text.len() == length && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    };
    if let Some(part) = path.strip_prefix("search/").and_then(|name| name.strip_suffix(".json")) {
        return is_digest(part, 10);
    }
    let Some(name) = path.strip_prefix("assets/") else { return false };
    let mut parts = name.rsplitn(3, '.');
    let (Some(extension), Some(digest), Some(stem)) = (parts.next(), parts.next(), parts.next()) else {
        return false;
    };
    let is_plain = extension.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    is_plain && !extension.is_empty() && is_digest(digest, 8) && !stem.is_empty()
}

/// The text of `headers.nginx.conf`. A `location` with headers of its own would lose those of the server, so each sets a variable
/// or a media type.
fn nginx(site: &Site) -> String {
    let root = prefix(site);
    let mut conf = format!("# Headers of every answer. In the `server` block: include {NGINX};\n");
    for (name, value) in common(site) {
        conf.push_str(&format!("add_header {name} \"{value}\" always;\n"));
    }
    let [fixed, lasting] = [OutputName::Fixed, OutputName::OfContent].map(cache_control);
    conf.push_str(&format!("set $opsbook_cache \"{fixed}\";\nadd_header Cache-Control $opsbook_cache;\n"));
    for path in look_named_by_content(site) {
        let media = media_type(&path).split(';').next().unwrap_or(PLAIN_TEXT);
        let path = quoted(&format!("{root}/{path}"));
        conf.push_str(&format!("location = {path} {{ types {{}} default_type {media}; }}\n"));
    }
    let pattern = quoted(&format!("^{}{NAMED_BY_CONTENT}", escaped(root)));
    conf.push_str(&format!("location ~ {pattern} {{ set $opsbook_cache \"{lasting}\"; }}\n"));
    for (media, extensions) in extensions(site) {
        let pattern = quoted(&format!(
            "\\.({})$",
            extensions.iter().map(|end| escaped(end)).collect::<Vec<_>>().join("|")
        ));
        conf.push_str(&format!("location ~* {pattern} {{ types {{}} default_type {media}; }}\n"));
    }
    let pattern = quoted(&format!("/({})$", named_texts().collect::<Vec<_>>().join("|")));
    conf.push_str(&format!("location ~* {pattern} {{ types {{}} default_type text/plain; }}\n"));
    conf
}

/// The text of `headers.caddy`. Within `route` the lines are executed in their order, so the special ones come last.
fn caddy(site: &Site) -> String {
    let root = prefix(site);
    let mut conf = format!(
        "# Headers of every answer. In the block of the site: import {CADDY}\nroute {{\n\theader {{\n"
    );
    for (name, value) in common(site) {
        conf.push_str(&format!("\t\t{name} \"{value}\"\n"));
    }
    let [fixed, lasting] = [OutputName::Fixed, OutputName::OfContent].map(cache_control);
    conf.push_str(&format!("\t\tCache-Control \"{fixed}\"\n\t}}\n"));
    conf.push_str(&format!(
        "\t@opsbook_named_by_content {{\n\t\tfile\n\t\tpath_regexp ^{}{NAMED_BY_CONTENT}\n",
        escaped(root)
    ));
    let others: Vec<String> =
        look_named_by_content(site).iter().map(|path| quoted(&format!("{root}/{path}"))).collect();
    if !others.is_empty() {
        conf.push_str(&format!("\t\tnot path {}\n", others.join(" ")));
    }
    conf.push_str(&format!("\t}}\n\theader @opsbook_named_by_content Cache-Control \"{lasting}\"\n"));
    let mut patterns: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (media, extensions) in extensions(site) {
        patterns.entry(media).or_default().extend(extensions.iter().map(|end| format!("*.{end}")));
    }
    patterns.entry("text/plain").or_default().extend(named_texts().map(|name| format!("*/{name}")));
    for (media, patterns) in patterns {
        let name = format!("@opsbook_{}", media.replace(['/', '-'], "_"));
        // Without `file` the page for wrong addresses would get the type of the missing file.
        conf.push_str(&format!("\t{name} {{\n\t\tfile\n\t\tpath {}\n\t}}\n", patterns.join(" ")));
        conf.push_str(&format!("\theader {name} Content-Type \"{media}; charset=utf-8\"\n"));
    }
    conf.push_str("}\n");
    conf
}

/// A text as a regular expression that matches it.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if ".+*?()|[]{}^$\\".contains(c) {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use super::*;
    use crate::build_target::BuildTarget;
    use crate::config::Config;

    #[test]
    fn all_files_hold_every_header() {
        let outputs = emit(&fixture::site(&[("content/a.md", "x")], Some("https://e.org/h/")));
        let [table, conf, caddy] = ["_headers", NGINX, CADDY].map(|path| fixture::text(&outputs, path));
        assert!(table.starts_with("/h/*\n  Content-Security-Policy: default-src 'none'; "), "{table}");
        assert!(table.contains("\n  X-Content-Type-Options: nosniff\n"), "{table}");
        for (name, value) in headers::site_headers(Worker::Absent) {
            // nginx would interpret a quote, a variable or a backslash, Caddy a brace.
            assert!(!value.contains(['"', '$', '\\', '\n', '{']), "{value}");
            assert!(conf.contains(&format!("\nadd_header {name} \"{value}\" always;\n")), "{conf}");
            assert!(caddy.contains(&format!("\n\t\t{name} \"{value}\"\n")), "{caddy}");
        }
        assert!(![table, conf, caddy].iter().any(|text| text.contains("X-Robots-Tag")));
    }

    #[test]
    fn a_site_that_asks_to_be_left_out_says_so_in_all_files() {
        let config = Config { noindex: true, ..Config::default() };
        let outputs = emit(&fixture::configured(&[("content/a.md", "x")], config, &BuildTarget::Site));
        for (path, line) in [
            ("_headers", "  X-Robots-Tag: noindex\n"),
            (NGINX, "add_header X-Robots-Tag \"noindex\" always;\n"),
            (CADDY, "\t\tX-Robots-Tag \"noindex\"\n"),
        ] {
            assert!(fixture::text(&outputs, path).contains(line), "{path}");
        }
    }

    #[test]
    fn what_an_author_has_named_is_not_kept_forever() {
        for path in ["assets/style.dba8d9ca.css", "assets/own/a.b.01234567.svg", "search/3cd987e983.json"] {
            assert!(looks_named_by_content(path), "{path}");
        }
        for path in
            ["assets/style.css", "assets/a.dba8d9cA.css", "search/index.json", "x/assets/a.dba8d9ca.css"]
        {
            assert!(!looks_named_by_content(path), "{path}");
        }
        let cached = |file| {
            let outputs = emit(&fixture::site(&[(file, "x")], None));
            fixture::text(&outputs, "_headers")
                .contains("\n/assets/*\n  Cache-Control: public, max-age=31536000, immutable\n")
        };
        assert!(cached("content/a.md") && !cached("content/assets/a.md"));
    }
}
