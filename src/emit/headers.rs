//! The HTTP headers that protect readers: `_headers` for hosts that read it, `headers.nginx.conf` for nginx.
//!
//! Owns the syntax of both files. [`crate::headers`] defines the headers and their values.

use std::sync::Arc;

use super::later;
use super::redirects::{prefix, quoted};
use crate::headers::{self, Worker};
use crate::output::Output;
use crate::path::UrlPath;
use crate::published_types::PLAIN_TEXT;
use crate::site::Site;

/// The file that a web server includes in its configuration.
const NGINX: &str = "headers.nginx.conf";

pub fn emit(site: &Arc<Site>) -> Vec<Output> {
    vec![later(site, "_headers", hosted), later(site, NGINX, nginx)]
}

/// A service worker is allowed only if browsers keep pages of the site.
fn worker(site: &Site) -> Worker {
    if site.offline.is_some() { Worker::Allowed } else { Worker::Absent }
}

/// The text of `_headers`: one rule for all paths of the site.
fn hosted(site: &Site) -> String {
    let mut table = format!("{}/*\n", prefix(site));
    for (name, value) in headers::site_headers(worker(site)) {
        table.push_str(&format!("  {name}: {value}\n"));
    }
    for url in plain_texts(site) {
        table.push_str(&format!("{}/{}\n  Content-Type: {PLAIN_TEXT}\n", prefix(site), url.encoded()));
    }
    table
}

/// The text of `headers.nginx.conf`: one `add_header` for each header.
fn nginx(site: &Site) -> String {
    let mut conf = format!("# Headers of every answer. In the `server` block: include {NGINX};\n");
    for (name, value) in headers::site_headers(worker(site)) {
        conf.push_str(&format!("add_header {name} \"{value}\" always;\n"));
    }
    for url in plain_texts(site) {
        // nginx compares a `location` with the decoded path, and inherits the headers above.
        let path = quoted(&format!("{}/{url}", prefix(site)));
        conf.push_str(&format!("location = {path} {{ types {{}} default_type text/plain; }}\n"));
    }
    conf
}

/// The files of types that the handbook has added, which servers do not know.
fn plain_texts(site: &Site) -> impl Iterator<Item = &UrlPath> {
    let added = site.assets.iter().chain(&site.static_files).filter(|(_, asset)| asset.form.is_some());
    added.map(|(url, _)| url)
}

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use super::*;

    #[test]
    fn both_files_hold_every_header() {
        let outputs = emit(&fixture::site(&[("content/a.md", "x")], Some("https://e.org/h/")));
        let (table, conf) = (fixture::text(&outputs, "_headers"), fixture::text(&outputs, NGINX));
        assert!(table.starts_with("/h/*\n  Content-Security-Policy: default-src 'none'; "), "{table}");
        assert!(table.contains("\n  X-Content-Type-Options: nosniff\n"), "{table}");
        for (name, value) in headers::site_headers(Worker::Absent) {
            // nginx would interpret a quote, a variable or a backslash.
            assert!(!value.contains(['"', '$', '\\', '\n']), "{value}");
            assert!(conf.contains(&format!("\nadd_header {name} \"{value}\" always;\n")), "{conf}");
        }
    }
}
