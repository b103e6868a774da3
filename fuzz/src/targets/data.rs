//! Files beside the pages: settings, rule files, kinds, and what the audit looks at.

use opsbook::audit::{BuildMachine, Scanner};
use opsbook::config::{self, AuditSettings};
use opsbook::kinds::Kinds;
use opsbook::path::FilePath;
use opsbook::source::Source;
use opsbook::{alerts as rules, controls};

use super::{check_places, text};
use crate::handbook::Handbook;
use crate::site;

fn source(path: &str, bytes: &[u8]) -> Source {
    Source::new(FilePath::new(path).expect("the path is a plain one"), text(bytes))
}

/// A rule file of Prometheus.
pub fn alerts(bytes: &[u8]) {
    for path in ["data/a.rules", "data/a.yml"] {
        let source = source(path, bytes);
        let mut problems = Vec::new();
        for alert in rules::read(&source, &mut problems) {
            let _ = rules::readable(&alert.summary.unwrap_or_default());
        }
        check_places(&source.text, &problems);
    }
}

/// A `book.toml`, and a handbook of one page under it.
pub fn book(bytes: &[u8]) {
    let source = source("book.toml", bytes);
    let (_, problems) = config::parse(&source);
    check_places(&source.text, &problems);
    // What is wrong is known by now, and a handbook is built from nothing each time.
    if !problems.is_empty() {
        return;
    }
    let page = b"---\ntags: [a]\n---\n# A\n\nWords. [Hidden]{.internal}\n\n$x$\n".to_vec();
    let files =
        [("book.toml".to_owned(), source.text.as_bytes().to_vec()), ("content/a.md".to_owned(), page)];
    let today = jiff::civil::date(2026, 11, 21);
    site::check(&Handbook { files: files.into(), today, ..Handbook::default() }.build());
}

/// The definition of a kind of pages, of a framework of controls.
pub fn kinds(bytes: &[u8]) {
    let kind = source("kinds/own.toml", bytes);
    let (_, problems) = Kinds::with(std::slice::from_ref(&kind));
    check_places(&kind.text, &problems);
    let framework = source("data/controls/own.toml", bytes);
    let mut problems = Vec::new();
    let _ = controls::read(&framework, &mut problems);
    check_places(&framework.text, &problems);
}

/// A finished file, which the audit looks at.
pub fn audit(bytes: &[u8]) {
    thread_local! {
        static SCANNER: Scanner =
            Scanner::new(&AuditSettings::default(), &BuildMachine { root: None, home: None, host: None }).expect("no list is too long");
    }
    SCANNER.with(|scanner| {
        for path in ["a.html", "a.json", "a.svg", "a.gz", "a.zip", "a.pdf", "a.md"] {
            scanner.look(path, bytes);
        }
    });
}
