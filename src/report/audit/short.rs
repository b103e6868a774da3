//! An audit, one line for each place.
//!
//! Owns the form of the lines: what was withheld, what was found, the summary last.

use std::fmt::Write;

use crate::report::escape::escape;
use crate::report::places::Places;
use crate::report::{Lookup, level_name};
use crate::source::Position;

use super::{Audited, decoded, help, message, why};

/// `FILE:LINE:COLUMN: withheld[block]: only for …`, then `PATH:LINE:COLUMN: error[leak.…]: …`.
pub fn render(audited: &Audited, lookup: Lookup<'_, '_>) -> String {
    let mut places = Places::new(lookup);
    let mut out = String::new();
    let mut line =
        |text: String| writeln!(out, "{}", escape(&text)).expect("writing to a String cannot fail");
    for withheld in &audited.withheld {
        let (at, why) = (places.of(&withheld.span).0, why(&withheld.why, &audited.levels));
        let file = &withheld.span.file;
        line(format!(
            "{}:{}:{}: withheld[{}]: {why}",
            file.as_str(),
            at.line,
            at.column,
            withheld.what.name()
        ));
    }
    if let Some(caution) = audited.caution() {
        line(format!("note: {caution}"));
    }
    for find in &audited.finds {
        let (level, rule) = (level_name(find.level), find.rule.name);
        let origin = find.origin.as_ref().map_or(String::new(), |origin| {
            format!("; written in {}:{}:{}", origin.file.as_str(), origin.at.line, origin.at.column)
        });
        for at in &find.places {
            let (path, Position { line: row, column }, decoded) = (&at.path, at.at, decoded(at));
            line(format!(
                "{path}:{row}:{column}: {level}[{rule}]: {}{decoded}{origin}; {}",
                message(find),
                help(find)
            ));
        }
    }
    line(audited.to_string());
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::path::FilePath;

    #[test]
    fn every_place_has_a_line() {
        let (audited, source) = crate::report::audit::tests::audited();
        let lookup = |path: &FilePath| (*path == source.path).then_some(&source);
        let text = render(&audited, &lookup);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 5, "{text}");
        assert_eq!(lines[0], "content/a.md:2:1: withheld[block]: only for `internal`");
        assert!(lines[2].starts_with("a/index.html:2:2: warning[leak.email]: an e-mail address: `anna… (12 characters)`, decoded from HTML entities; written in content/a.md:2:9;"), "{text}");
    }
}
