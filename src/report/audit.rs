//! The report of an audit: the withheld parts, the problems found, and a summary in one line.
//!
//! Owns the result of an audit ([`Audited`]) and the text around its diagnostics, which the formats of `check`
//! render.

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::rules::Severity;
use crate::visibility::{Levels, Withheld, WithheldReason};

use super::escape::escape;
use super::places::SpanPositions;
use super::{Lookup, ReportStyle, counted, human, short};

/// The audit of one site.
#[derive(Debug)]
pub struct Audited {
    /// The name of the audience.
    pub audience: String,
    pub levels: Levels,
    /// The number of files that were checked.
    pub files: usize,
    /// The parts that the audience does not get; empty if a folder was audited.
    pub withheld: Vec<Withheld>,
    pub diagnostics: Vec<Diagnostic>,
    /// The URL of the sources, if the handbook names one.
    pub repository: Option<String>,
    /// The number of errors in the content. With errors nothing is published.
    pub errors: usize,
}

impl Audited {
    /// Whether there is an error to repair before the site is published.
    pub fn failed(&self) -> bool {
        self.errors > 0 || self.count(Severity::Error) > 0
    }

    pub(super) fn count(&self, level: Severity) -> usize {
        self.diagnostics.iter().filter(|problem| problem.severity == level).count()
    }

    /// A warning about the limits of redaction, if something was withheld and the handbook names its sources.
    pub fn caution(&self) -> Option<String> {
        let url = self.repository.as_ref().filter(|_| !self.withheld.is_empty())?;
        Some(format!(
            "the sources lie in {url}: in a public repository redaction is cosmetic, readers can look into the sources"
        ))
    }

    /// The number of withheld parts of each type: `2 pages, 1 block`.
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
        let (errors, warnings) = (self.count(Severity::Error), self.count(Severity::Warn));
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

/// Renders an audit for people.
pub fn render_human(audited: &Audited, lookup: Lookup<'_, '_>, look: ReportStyle) -> String {
    let mut out = String::new();
    if !audited.withheld.is_empty() {
        out.push_str(&format!("withheld from `{}`:\n", escape(&audited.audience)));
        for line in withheld(audited, lookup).iter().take(look.most) {
            out.push_str(&format!("  {line}\n"));
        }
        if let Some(more) = audited.withheld.len().checked_sub(look.most).filter(|more| *more > 0) {
            out.push_str(&format!("  … and {more} more; `opsbook audit --format short` lists all of them\n"));
        }
        out.push('\n');
    }
    if let Some(caution) = audited.caution() {
        out.push_str(&format!("note: {}\n\n", escape(&caution)));
    }
    out.push_str(&human::problems(&audited.diagnostics, lookup, look, "opsbook audit"));
    out.push_str(&format!("{}\n", escape(&audited.to_string())));
    out
}

/// Renders an audit with one line for each position, the summary last.
pub fn render_short(audited: &Audited, lookup: Lookup<'_, '_>) -> String {
    let mut out = String::new();
    for line in withheld(audited, lookup) {
        out.push_str(&line);
        out.push('\n');
    }
    if let Some(caution) = audited.caution() {
        out.push_str(&format!("note: {}\n", escape(&caution)));
    }
    out.push_str(&short::render(&audited.diagnostics, lookup));
    out.push_str(&format!("{}\n", escape(&audited.to_string())));
    out
}

/// The withheld parts, one line each: `content/a.md:2:1: withheld[block]: only for …`.
fn withheld(audited: &Audited, lookup: Lookup<'_, '_>) -> Vec<String> {
    let mut places = SpanPositions::new(lookup);
    let line = |withheld: &Withheld| {
        let at = places.positions(&withheld.span).0;
        let (file, why) = (escape(withheld.span.file.as_str()), why(&withheld.why, &audited.levels));
        format!("{file}:{}:{}: withheld[{}]: {}", at.line, at.column, withheld.what.name(), escape(&why))
    };
    audited.withheld.iter().map(line).collect()
}

/// A number of withheld parts with its noun.
fn plural(count: usize, name: &str) -> String {
    match name {
        "inline" => format!("{} in a line", counted(count, "passage")),
        _ => counted(count, name),
    }
}

/// The reason for withholding, as the end of a sentence.
fn why(why: &WithheldReason, levels: &Levels) -> String {
    match why {
        WithheldReason::Level(level) => format!("only for `{}`", levels.name(*level)),
        WithheldReason::Clearance(state) => format!("clearance {state}"),
        WithheldReason::Embargo(until) => format!("not before {until}"),
        WithheldReason::Unclear => "its visibility cannot be read".to_owned(),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::ColourChoice;
    use super::*;
    use crate::audit::{BuildMachine, FileFinds, Scanner, Sources, gather};
    use crate::config::AuditSettings;
    use crate::path::FilePath;
    use crate::source::{Source, Span};
    use crate::visibility::WithheldPart;

    /// An audit with one problem and one withheld part.
    pub fn audited() -> (Audited, Source) {
        let file = FilePath::new("content/a.md").unwrap();
        let source = Source::new(file.clone(), "# A\nMail to anna@acme.io\n");
        let scanner = Scanner::new(&AuditSettings::default(), &BuildMachine::default()).unwrap();
        let looked: Vec<FileFinds> = ["a/index.html", "b.txt"]
            .iter()
            .map(|path| scanner.look(path, b"x\n anna&#64;acme.io"))
            .collect();
        let (rules, page) =
            (
                Default::default(),
                |path: &str| if path == "a/index.html" { vec![&source] } else { Vec::new() },
            );
        let sources = Sources { pages: &page, rules: &rules, levels: &Default::default() };
        let diagnostics = gather(looked, &scanner, &sources);
        let levels = Levels::default();
        let withheld = Withheld {
            span: Span::new(&file, 4..8),
            what: WithheldPart::Block,
            why: WithheldReason::Level(levels.highest()),
        };
        let repository = Some("https://git.example/x".to_owned());
        let audience = "public".to_owned();
        (
            Audited {
                audience,
                levels,
                files: 2,
                withheld: vec![withheld],
                diagnostics,
                repository,
                errors: 0,
            },
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

    #[test]
    fn a_person_reads_places_and_the_way_out() {
        let (audited, source) = audited();
        let lookup = |path: &FilePath| (*path == source.path).then_some(&source);
        let look = ReportStyle { colour: ColourChoice::Never, width: 100, most: 10 };
        let want = "\
withheld from `public`:
  content/a.md:2:1: withheld[block]: only for `internal`

note: the sources lie in https://git.example/x: in a public repository redaction is cosmetic, readers can look into the sources

warning[leak.email]: an e-mail address: `anna… (12 characters)`
--> content/a.md:2:9
 = note: in a/index.html:2:2, decoded from HTML entities
 = note: in b.txt:2:2, decoded from HTML entities
 = help: take it out, or add it to `allow` of `[audit]` in book.toml

audited 2 files for `public`: 1 warning found; withheld 1 block
";
        assert_eq!(render_human(&audited, &lookup, look), want);
    }

    #[test]
    fn a_find_whose_source_is_not_known_is_shown_in_the_finished_file() {
        let (mut audited, _) = audited();
        let scanner = Scanner::new(&AuditSettings::default(), &BuildMachine::default()).unwrap();
        let pages = |_: &str| Vec::new();
        let sources = Sources { pages: &pages, rules: &Default::default(), levels: &Default::default() };
        audited.withheld.clear();
        audited.diagnostics = gather(vec![scanner.look("b.txt", b"x\n anna@acme.io")], &scanner, &sources);
        let look = ReportStyle { colour: ColourChoice::Never, width: 100, most: 10 };
        let text = render_human(&audited, &|_| None, look);
        assert!(text.contains("\n--> b.txt:2:2\n") && !text.contains("note: in"), "{text}");
        let text = render_short(&audited, &|_| None);
        assert!(
            text.starts_with(
                "b.txt:2:2: warning[leak.email]: an e-mail address: `anna… (12 characters)`; take"
            ),
            "{text}"
        );
    }

    #[test]
    fn editors_get_a_line_for_each_place() {
        let (audited, source) = audited();
        let lookup = |path: &FilePath| (*path == source.path).then_some(&source);
        let text = render_short(&audited, &lookup);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 5, "{text}");
        assert_eq!(lines[0], "content/a.md:2:1: withheld[block]: only for `internal`");
        let wanted = "a/index.html:2:2: warning[leak.email]: an e-mail address: `anna… (12 characters)`, decoded from \
                      HTML entities; written in content/a.md:2:9; take it out";
        assert!(lines[2].starts_with(wanted), "{text}");
    }
}
