//! Files beside the pages: settings, rule files, kinds, health data, calendars, owners, and what the audit looks at.

use opsbook::audit::{BuildMachine, Scanner};
use opsbook::codeowners::{CodeOwners, OwnersSyntax, change_block};
use opsbook::config::{self, AuditSettings};
use opsbook::kinds::Kinds;
use opsbook::path::FilePath;
use opsbook::people::PeopleNames;
use opsbook::source::Source;
use opsbook::{alerts as rules, calendar, controls};

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

/// The data of a monitor, or of a status page, and the pages made of it.
pub fn health(bytes: &[u8]) {
    let source = source("data/health/a.json", bytes);
    let book = "[book]\ntitle = \"H\"\nbase_url = \"https://h.example/\"\n[status]\ntitle = \"S\"\n";
    let files = [
        ("book.toml".to_owned(), book.as_bytes().to_vec()),
        ("content/a.md".to_owned(), b"# A\n\nWords.\n".to_vec()),
        ("data/health/a.json".to_owned(), source.text.as_bytes().to_vec()),
    ];
    let today = jiff::civil::date(2026, 11, 21);
    site::check(&Handbook { files: files.into(), today, ..Handbook::default() }.build());
}

/// A calendar, and the times of its events in a year with two changes of the clock.
pub fn calendars(bytes: &[u8]) {
    let source = source("data/calendar/a.yaml", bytes);
    let mut problems = Vec::new();
    let file = calendar::read(&source, &mut problems);
    check_places(&source.text, &problems);
    let (from, to) = (jiff::civil::date(2026, 1, 1), jiff::civil::date(2026, 12, 31));
    for event in file.iter().flat_map(|file| &file.events) {
        let times = event.occurrences(from, to);
        assert!(times.is_sorted(), "the times of an event are in order");
        for time in times {
            assert!(time.start <= time.end && (from..=to).contains(&time.begin.date()), "{time:?}");
        }
    }
}

/// `CODEOWNERS` for both forges, and a list of people.
pub fn owners(bytes: &[u8]) {
    let file = source("CODEOWNERS", bytes);
    for syntax in [OwnersSyntax::GitHub, OwnersSyntax::GitLab] {
        let owners = CodeOwners::parse(&file, syntax);
        check_places(&file.text, &owners.problems);
        for path in ["content/a.md", "content/a b/[c]*.md", "docs"] {
            let _ = owners.owners_of(path);
        }
        if let Ok(Some(change)) = change_block(&file.text, &[], syntax) {
            let mut written = file.text.to_string();
            written.replace_range(change.range, &change.text);
            assert!(
                matches!(change_block(&written, &[], syntax), Ok(None)),
                "a block is written once:\n{written}"
            );
        }
    }
    let people = source("data/people.yaml", bytes);
    let mut problems = Vec::new();
    let names = PeopleNames::read([&people], &mut problems);
    check_places(&people.text, &problems);
    for word in people.text.split_whitespace() {
        assert!(names.is_same(word, names.name(word)), "{word} and its name are one person");
    }
}

/// The definition of a kind of pages, of a framework of controls.
pub fn kinds(bytes: &[u8]) {
    let kind = source("kinds/own.toml", bytes);
    let (_, problems) = Kinds::with(std::slice::from_ref(&kind), &[]);
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
