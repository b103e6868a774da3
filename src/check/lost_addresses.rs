//! Addresses that were published and lead nowhere now.
//!
//! Owns `redirect.missing`: which addresses count, where the problem is reported, and the line that ends it.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::Diagnostic;
use crate::path::FilePath;
use crate::renames::Renames;
use crate::rules::REDIRECT_MISSING;
use crate::site::PublishedAddresses;
use crate::source::{Source, Span};

/// The addresses of one audience in two states of a handbook.
pub struct AddressChange<'a> {
    pub before: &'a PublishedAddresses,
    pub after: &'a PublishedAddresses,
    pub renames: &'a Renames,
    /// The texts of the later state, also those that are hidden from the audience.
    pub sources: &'a BTreeMap<FilePath, Source>,
    /// The file of settings.
    pub settings: &'a FilePath,
}

impl AddressChange<'_> {
    /// A problem for each address that ended: a page of the content had it, as its own or as an alias.
    pub fn problems(&self) -> Vec<Diagnostic> {
        let published: BTreeSet<&FilePath> =
            self.after.values().filter(|address| address.is_written).map(|address| &address.file).collect();
        let mut problems = Vec::new();
        for (url, old) in self.before {
            if !old.is_written || self.after.contains_key(url) {
                continue;
            }
            let file = self.renames.after(&old.file);
            let line = alias_line(url);
            let (place, help) = if published.contains(&file) {
                (file, format!("add it to the front matter of the page: `{line}`"))
            } else if self.sources.contains_key(&file) {
                let help =
                    format!("the page is not published any more; add `{line}` to one that takes its place");
                (file, help)
            } else {
                (
                    self.parent(url),
                    format!("add `{line}` to the front matter of the page that takes its place"),
                )
            };
            let message = format!(
                "the address `/{}` of {} was published, and nothing is there now",
                old.written, old.file
            );
            problems.push(Diagnostic::new(&REDIRECT_MISSING, Span::start_of(&place), message).help(help));
        }
        problems
    }

    /// The page of the nearest folder above an address.
    fn parent(&self, url: &str) -> FilePath {
        let mut rest = url.trim_end_matches('/');
        while let Some((folder, _)) = rest.rsplit_once('/') {
            if let Some(page) = self.written(&format!("{folder}/")) {
                return page;
            }
            rest = folder;
        }
        self.written("").unwrap_or_else(|| self.settings.clone())
    }

    fn written(&self, url: &str) -> Option<FilePath> {
        self.after.get(url).filter(|address| address.is_written).map(|address| address.file.clone())
    }
}

/// The line of front matter that gives a page an old address.
fn alias_line(url: &str) -> String {
    let is_plain = url.chars().all(|c| c.is_alphanumeric() || "-_./".contains(c));
    let quote = if is_plain { "" } else { "\"" };
    format!("aliases: [{quote}/{url}{quote}]")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::renames::Rename;
    use crate::site::PublishedAddress;

    fn file(name: &str) -> FilePath {
        FilePath::new(name).unwrap()
    }

    fn addresses(list: &[(&str, &str)]) -> PublishedAddresses {
        let address = |url: &str, name: &str| PublishedAddress {
            file: file(name.trim_start_matches('?')),
            is_written: !name.starts_with('?'),
            written: url.to_owned(),
        };
        list.iter().map(|(url, name)| ((*url).to_owned(), address(url, name))).collect()
    }

    #[test]
    fn each_lost_address_is_reported_where_it_can_be_mended() {
        let before = addresses(&[
            ("", "c/_index.md"),
            ("a/", "c/a.md"),
            ("b/", "c/b.md"),
            ("b-old/", "c/b.md"),
            ("hidden/", "c/hidden.md"),
            ("list/", "?c/list/_index.md"),
            ("s/gone/", "c/s/gone.md"),
            ("t/un, known/", "c/t/gone.md"),
        ]);
        let after = addresses(&[
            ("", "c/_index.md"),
            ("a/", "?c/a/_index.md"),
            ("d/", "c/d.md"),
            ("b/", "c/d.md"),
            ("s/", "c/s/_index.md"),
        ]);
        let renames = Renames { list: vec![Rename { from: file("c/b.md"), to: file("c/d.md") }] };
        let hidden = Source::new(file("c/hidden.md"), "");
        let sources = BTreeMap::from([(hidden.path.clone(), hidden)]);
        let settings = file("book.toml");
        let change = AddressChange {
            before: &before,
            after: &after,
            renames: &renames,
            sources: &sources,
            settings: &settings,
        };
        let said: Vec<String> = change
            .problems()
            .iter()
            .map(|problem| format!("{}: {}", problem.span.file, problem.sentence()))
            .collect();
        let was = "was published, and nothing is there now";
        assert_eq!(
            said,
            [
                format!(
                    "c/d.md: the address `/b-old/` of c/b.md {was}; add it to the front matter of the page: `aliases: [/b-old/]`"
                ),
                format!(
                    "c/hidden.md: the address `/hidden/` of c/hidden.md {was}; the page is not published any more; add \
                     `aliases: [/hidden/]` to one that takes its place"
                ),
                format!(
                    "c/s/_index.md: the address `/s/gone/` of c/s/gone.md {was}; add `aliases: [/s/gone/]` to the front \
                     matter of the page that takes its place"
                ),
                format!(
                    "c/_index.md: the address `/t/un, known/` of c/t/gone.md {was}; add `aliases: [\"/t/un, known/\"]` to \
                     the front matter of the page that takes its place"
                ),
            ]
        );
    }
}
