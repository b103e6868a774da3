//! The headers that protect readers, for hosts and servers that take them from a file.
//!
//! Owns the spelling of both files. What the headers say is decided in [`crate::headers`].

use std::sync::Arc;

use super::later;
use super::redirects::prefix;
use crate::headers::{self, Worker};
use crate::output::Output;
use crate::site::Site;

/// The file that a web server includes into its configuration.
const NGINX: &str = "headers.nginx.conf";

pub fn emit(site: &Arc<Site>) -> Vec<Output> {
    vec![later(site, "_headers", hosted), later(site, NGINX, nginx)]
}

fn worker(site: &Site) -> Worker {
    if site.kept.is_some() { Worker::Allowed } else { Worker::Absent }
}

/// The table for hosts that read `_headers`.
fn hosted(site: &Site) -> String {
    let mut table = format!("{}/*\n", prefix(site));
    for (name, value) in headers::all(worker(site)) {
        table.push_str(&format!("  {name}: {value}\n"));
    }
    table
}

fn nginx(site: &Site) -> String {
    let mut conf = format!("# Headers of every answer. In the `server` block: include {NGINX};\n");
    for (name, value) in headers::all(worker(site)) {
        conf.push_str(&format!("add_header {name} \"{value}\" always;\n"));
    }
    conf
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
        for (name, value) in headers::all(Worker::Absent) {
            // A quote or a variable would mean something to nginx.
            assert!(!value.contains(['"', '$', '\\', '\n']), "{value}");
            assert!(conf.contains(&format!("\nadd_header {name} \"{value}\" always;\n")), "{conf}");
        }
    }
}
