//! What an audit says: what was withheld, what was found, and one line that sums it up.
//!
//! Owns what there is to report ([`Audited`]) and its words. Never shows what was found or withheld itself.

pub mod human;
pub mod json;
pub mod short;

use std::fmt;

use crate::audit::{Find, Place};
use crate::rules::Level;
use crate::visibility::{Levels, Why, Withheld};

use super::counted;

/// The audit of one site.
#[derive(Debug)]
pub struct Audited {
    /// The name of the audience.
    pub audience: String,
    pub levels: Levels,
    /// Files looked at.
    pub files: usize,
    /// What the audience does not get; empty where a folder was looked at.
    pub withheld: Vec<Withheld>,
    pub finds: Vec<Find>,
    /// Where the sources live, as far as the handbook says.
    pub repository: Option<String>,
    /// Errors in the content: with them nothing is published.
    pub errors: usize,
}

impl Audited {
    /// Whether anything must be repaired before the site is published.
    pub fn failed(&self) -> bool {
        self.errors > 0 || self.count(Level::Error) > 0
    }

    fn count(&self, level: Level) -> usize {
        self.finds.iter().filter(|find| find.level == level).count()
    }

    /// What redaction cannot do, where something was withheld from sources that others may read.
    pub fn caution(&self) -> Option<String> {
        let url = self.repository.as_ref().filter(|_| !self.withheld.is_empty())?;
        Some(format!(
            "the sources lie in {url}: in a public repository redaction is cosmetic, readers can look into the sources"
        ))
    }

    /// How many things of each sort were withheld: `2 pages, 1 block`.
    fn counts(&self) -> Vec<(&'static str, usize)> {
        let mut counts: Vec<(&'static str, usize)> = Vec::new();
        for withheld in &self.withheld {
            let name = withheld.what.name();
            match counts.iter_mut().find(|(known, _)| *known == name) {
                Some((_, count)) => *count += 1,
                None => counts.push((name, 1)),
            }
        }
        counts.sort_unstable();
        counts
    }
}

impl fmt::Display for Audited {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "audited {} for `{}`: ", counted(self.files, "file"), self.audience)?;
        let (errors, warnings) = (self.count(Level::Error), self.count(Level::Warn));
        match (errors, warnings) {
            (0, 0) => f.write_str("nothing found")?,
            (_, 0) => write!(f, "{} found", counted(errors, "error"))?,
            (0, _) => write!(f, "{} found", counted(warnings, "warning"))?,
            _ => write!(f, "{} and {} found", counted(errors, "error"), counted(warnings, "warning"))?,
        }
        let counts: Vec<String> =
            self.counts().into_iter().map(|(name, count)| plural(count, name)).collect();
        if !counts.is_empty() {
            write!(f, "; withheld {}", counts.join(", "))?;
        }
        if self.errors > 0 {
            write!(f, "; {} in the content, so nothing would be published", counted(self.errors, "error"))?;
        }
        Ok(())
    }
}

/// A number of things that were withheld.
fn plural(count: usize, name: &str) -> String {
    match name {
        "inline" => format!("{} in a line", counted(count, "passage")),
        _ => counted(count, name),
    }
}

/// Why something was withheld, as the end of a sentence.
fn why(why: &Why, levels: &Levels) -> String {
    match why {
        Why::Level(level) => format!("only for `{}`", levels.name(*level)),
        Why::Clearance(state) => format!("clearance {state}"),
        Why::Embargo(until) => format!("not before {until}"),
        Why::Unclear => "its visibility cannot be read".to_owned(),
    }
}

/// A place and how it was decoded there.
fn place(place: &Place) -> String {
    format!("{}:{}:{}{}", place.path, place.at.line, place.at.column, decoded(place))
}

/// How a place was decoded, as the end of a sentence.
fn decoded(place: &Place) -> String {
    let steps: Vec<&str> = place.steps.iter().map(|step| step.name()).collect();
    if steps.is_empty() { String::new() } else { format!(", decoded from {}", steps.join(" in ")) }
}

/// What was found, without showing it.
fn message(find: &Find) -> String {
    format!("{}: `{}`", find.what, find.excerpt)
}

/// The way out, by rule.
fn help(find: &Find) -> &'static str {
    match find.rule.name {
        "leak.secret" | "leak.token" | "leak.password" => {
            "take it out and change it where it is used: earlier versions still have it"
        }
        "leak.denied" => "take it out, or withhold it with a level of visibility",
        "asset.metadata" => "take it out of the file, or publish what `opsbook build` made",
        "asset.unsafe" => "save it as plain SVG or as PNG, or publish what `opsbook build` made",
        "leak.file" => "leave the file out of the site",
        "leak.machine" => "build elsewhere, or name the folder in general words",
        "leak.unchecked" => "look at it yourself",
        _ => "take it out, or add it to `allow` of `[audit]` in book.toml",
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::audit::{Looked, Machine, Scanner, Sources, gather};
    use crate::config::Audit;
    use crate::path::FilePath;
    use crate::source::{Source, Span};
    use crate::visibility::What;

    /// An audit with a find and something withheld.
    pub fn audited() -> (Audited, Source) {
        let file = FilePath::new("content/a.md").unwrap();
        let source = Source::new(file.clone(), "# A\nMail to anna@acme.io\n");
        let scanner = Scanner::new(&Audit::default(), &Machine::default()).unwrap();
        let looked: Vec<Looked> = ["a/index.html", "b.txt"]
            .iter()
            .map(|path| scanner.look(path, b"x\n anna&#64;acme.io"))
            .collect();
        let (rules, page) =
            (
                Default::default(),
                |path: &str| if path == "a/index.html" { vec![&source] } else { Vec::new() },
            );
        let sources = Sources { pages: &page, rules: &rules, levels: &Default::default() };
        let finds = gather(looked, &scanner, &sources);
        let levels = Levels::default();
        let withheld =
            Withheld { span: Span::new(&file, 4..8), what: What::Block, why: Why::Level(levels.highest()) };
        let repository = Some("https://git.example/x".to_owned());
        let audience = "public".to_owned();
        (
            Audited { audience, levels, files: 2, withheld: vec![withheld], finds, repository, errors: 0 },
            source,
        )
    }

    #[test]
    fn the_summary_is_one_line() {
        let (mut audited, _) = audited();
        assert_eq!(audited.to_string(), "audited 2 files for `public`: 1 warning found; withheld 1 block");
        assert!(!audited.failed());
        (audited.errors, audited.withheld) = (1, Vec::new());
        assert_eq!(
            audited.to_string(),
            "audited 2 files for `public`: 1 warning found; 1 error in the content, so nothing would be published"
        );
        assert!(audited.failed() && audited.caution().is_none());
    }
}
