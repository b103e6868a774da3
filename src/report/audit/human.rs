//! An audit as a person reads it.
//!
//! Owns the layout: what was withheld, what was found with its places and the way out, the summary.

use std::fmt::Write;

use crate::audit::Find;
use crate::report::escape::escape;
use crate::report::places::Places;
use crate::report::{Colour, Look, Lookup, level_name};
use crate::rules::Level;

use super::{Audited, help, message, place, why};

/// Places shown of one find.
const MOST_PLACES: usize = 3;

/// The whole report.
pub fn render(audited: &Audited, lookup: Lookup<'_, '_>, look: Look) -> String {
    let mut out = withheld(audited, lookup, look.most);
    if let Some(caution) = audited.caution() {
        out.push_str(&format!("note: {}\n\n", escape(&caution)));
    }
    for find in audited.finds.iter().take(look.most) {
        push(&mut out, find, look.colour);
    }
    if let Some(more) = audited.finds.len().checked_sub(look.most).filter(|more| *more > 0) {
        out.push_str(&format!("… and {more} more; `opsbook audit --format short` lists all of them\n\n"));
    }
    out.push_str(&format!("{}\n", escape(&audited.to_string())));
    out
}

fn withheld(audited: &Audited, lookup: Lookup<'_, '_>, most: usize) -> String {
    if audited.withheld.is_empty() {
        return String::new();
    }
    let mut places = Places::new(lookup);
    let mut out = format!("withheld from `{}`:\n", escape(&audited.audience));
    for withheld in audited.withheld.iter().take(most) {
        let at = places.of(&withheld.span).0;
        let (file, why) = (escape(withheld.span.file.as_str()), why(&withheld.why, &audited.levels));
        writeln!(out, "  {file}:{}:{}: {}, {}", at.line, at.column, withheld.what.name(), escape(&why))
            .expect("writing to a String cannot fail");
    }
    if let Some(more) = audited.withheld.len().checked_sub(most).filter(|more| *more > 0) {
        out.push_str(&format!("  … and {more} more; `opsbook audit --format short` lists all of them\n"));
    }
    out + "\n"
}

fn push(out: &mut String, find: &Find, colour: Colour) {
    let (start, end) = match (colour, find.level) {
        (Colour::Never, _) => ("", ""),
        (Colour::Always, Level::Error) => ("\u{1b}[1;91m", "\u{1b}[0m"),
        (Colour::Always, _) => ("\u{1b}[1;33m", "\u{1b}[0m"),
    };
    let level = level_name(find.level);
    out.push_str(&format!("{start}{level}[{}]{end}: {}\n", find.rule.name, escape(&message(find))));
    if let Some(origin) = &find.origin {
        out.push_str(&format!(
            " --> {}:{}:{}\n",
            escape(origin.file.as_str()),
            origin.at.line,
            origin.at.column
        ));
    }
    for at in find.places.iter().take(MOST_PLACES) {
        out.push_str(&format!("  = in {}\n", escape(&place(at))));
    }
    if let Some(more) = find.places.len().checked_sub(MOST_PLACES).filter(|more| *more > 0) {
        out.push_str(&format!("  = and in {more} more files\n"));
    }
    out.push_str(&format!("  = help: {}\n\n", help(find)));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::path::FilePath;

    #[test]
    fn a_find_has_its_places_and_the_way_out() {
        let (audited, source) = crate::report::audit::tests::audited();
        let lookup = |path: &FilePath| (*path == source.path).then_some(&source);
        let look = Look { colour: Colour::Never, width: 100, most: 10 };
        let want = "\
withheld from `public`:
  content/a.md:2:1: block, only for `internal`

note: the sources lie in https://git.example/x: in a public repository redaction is cosmetic, readers can look into the sources

warning[leak.email]: an e-mail address: `anna… (12 characters)`
 --> content/a.md:2:9
  = in a/index.html:2:2, decoded from HTML entities
  = in b.txt:2:2, decoded from HTML entities
  = help: take it out, or add it to `allow` of `[audit]` in book.toml

audited 2 files for `public`: 1 warning found; withheld 1 block
";
        assert_eq!(render(&audited, &lookup, look), want);
    }
}
