//! The change of a handbook as a comment on a request: Markdown that GitHub, GitLab and Forgejo show alike.
//!
//! Owns the sections, their order, and how much of them is said. No comment is longer than [`MOST_CHARACTERS`]: lists and
//! differences become shorter until it fits, and the comment says so.

use std::fmt::Write;

use jiff::civil::Date;

use super::markdown_text::escape;
use super::page_difference::{FieldChange, MOST_LINES, Piece};
use super::site_state::PageState;
use super::{DueReview, HandbookChange, PagePair, ShownProblem};
use crate::path::UrlPath;
use crate::report::counted;
use crate::rules::Severity;

/// The longest comment on GitHub, in characters.
pub const MOST_CHARACTERS: usize = 65_536;

/// The first line. A pipeline finds its last comment by it, and replaces that one. In a repository with several
/// handbooks each has a comment of its own, so the line names the folder of a handbook that is not the root.
fn mark(folder: &str) -> String {
    if folder.is_empty() {
        "<!-- opsbook report -->".to_owned()
    } else {
        format!("<!-- opsbook report {} -->", UrlPath::new(folder.to_owned()).encoded())
    }
}

/// A change that is written as a comment.
pub struct ChangeComment<'a> {
    pub change: &'a HandbookChange<'a>,
    /// The handbook's folder in the repository; empty if it is the root.
    pub folder: &'a str,
    /// What the earlier state is called.
    pub commit: &'a str,
    /// The address of a preview, with a slash at its end.
    pub preview: Option<&'a str>,
    /// The last day of a review that is said to be due.
    pub due: Date,
}

/// How much a comment says.
#[derive(Clone, Copy)]
struct Detail {
    /// The most entries of a list.
    entries: usize,
    /// The most changed lines of a page.
    lines: usize,
    /// The most pages whose differences are shown.
    differences: usize,
}

/// From everything that is useful to the bare counts. A comment has the first that fits.
const DETAILS: [Detail; 6] = [
    Detail { entries: 200, lines: MOST_LINES, differences: 100 },
    Detail { entries: 100, lines: 15, differences: 50 },
    Detail { entries: 50, lines: 5, differences: 30 },
    Detail { entries: 30, lines: 2, differences: 10 },
    Detail { entries: 5, lines: 0, differences: 0 },
    Detail { entries: 0, lines: 0, differences: 0 },
];

impl ChangeComment<'_> {
    /// The text, with a line break at its end.
    pub fn render(&self) -> String {
        let mut text = self.text(DETAILS[0], "");
        for detail in &DETAILS[1..] {
            if text.chars().count() <= MOST_CHARACTERS {
                break;
            }
            text = self.text(
                *detail,
                "This report is shortened, because a comment has at most 65,536 characters.\n\n",
            );
        }
        text
    }

    fn text(&self, detail: Detail, note: &str) -> String {
        let change = self.change;
        let mut out = CommentText { text: String::new(), detail };
        let (audience, commit) = (code(change.audience), code(self.commit));
        let mark = mark(self.folder);
        writeln!(out.text, "{mark}\n## What changes for {audience}\n").expect(INFALLIBLE);
        if change.is_empty() {
            writeln!(out.text, "Nothing changes for {audience} since commit {commit}.").expect(INFALLIBLE);
            return out.text;
        }
        writeln!(out.text, "Since commit {commit}: {}.\n", self.summary()).expect(INFALLIBLE);
        out.text.push_str(note);
        for level in &change.levels {
            let audience = code(level.audience);
            out.list(&format!("Becomes visible for {audience}"), &level.gained, |page| self.link(page));
            out.list(&format!("Becomes hidden from {audience}"), &level.lost, |page| title(page));
        }
        out.list("New problems", &change.new_problems, problem);
        out.list("Links in unchanged files that break", &change.broken_elsewhere, problem);
        out.list("Addresses that would be lost", &change.ended_addresses, |ended| {
            format!("{} ({})", code(&format!("/{}", ended.url)), escape(ended.title))
        });
        if !change.ended_addresses.is_empty() {
            out.text
                .push_str("An entry in `aliases:` of the page that takes its place keeps an address.\n\n");
        }
        out.list("Added pages", &change.added, |page| self.link(page));
        let moved: Vec<&PagePair<'_>> = change.pairs.iter().filter(|pair| pair.is_moved).collect();
        out.list("Moved pages", &moved, |pair| {
            let [from, to] = [pair.before, pair.after].map(|page| code(&format!("/{}", page.url)));
            format!("{}: {from} → {to}", self.link(pair.after))
        });
        out.list("Removed pages", &change.removed, |page| title(page));
        let changed: Vec<&PagePair<'_>> = change.pairs.iter().filter(|pair| pair.is_changed()).collect();
        self.changed_pages(&changed, &mut out);
        out.list("Ended problems", &change.ended_problems, problem);
        let owners: Vec<_> = change.owners().into_iter().collect();
        out.list("Owners to ask", &owners, |(owner, pages)| {
            format!("{}: {}", escape(owner), counted(pages.len(), "page"))
        });
        let day = self.due;
        out.list(&format!("Reviews due by {day}"), &change.due_reviews, |DueReview { page, until }| {
            format!("{}: {until}", self.link(page))
        });
        while out.text.ends_with("\n\n") {
            out.text.pop();
        }
        out.text
    }

    /// The counts in one sentence.
    fn summary(&self) -> String {
        let change = self.change;
        let mut parts = Vec::new();
        for level in &change.levels {
            let audience = code(level.audience);
            for (pages, what) in [(&level.gained, "visible for"), (&level.lost, "hidden from")] {
                if !pages.is_empty() {
                    let verb = if pages.len() == 1 { "becomes" } else { "become" };
                    parts.push(format!("{} {verb} {what} {audience}", counted(pages.len(), "page")));
                }
            }
        }
        let moved = change.pairs.iter().filter(|pair| pair.is_moved).count();
        let changed = change.pairs.iter().filter(|pair| pair.is_changed()).count();
        let counts = [
            (change.added.len(), "added"),
            (changed, "changed"),
            (moved, "moved"),
            (change.removed.len(), "removed"),
        ];
        for (count, what) in counts.into_iter().filter(|(count, _)| *count > 0) {
            parts.push(format!("{} {what}", counted(count, "page")));
        }
        let new = change.new_problems.len() + change.broken_elsewhere.len();
        for (count, what) in [(new, "new problem"), (change.ended_problems.len(), "ended problem")] {
            if count > 0 {
                parts.push(counted(count, what));
            }
        }
        match change.ended_addresses.len() {
            0 => {}
            1 => parts.push("1 address ends".to_owned()),
            count => parts.push(format!("{count} addresses end")),
        }
        parts.join(", ")
    }

    fn changed_pages(&self, pairs: &[&PagePair<'_>], out: &mut CommentText) {
        if pairs.is_empty() {
            return;
        }
        let Detail { differences, lines, .. } = out.detail;
        if differences == 0 {
            out.list("Changed pages", pairs, |pair| self.link(pair.after));
            return;
        }
        out.text.push_str("### Changed pages\n\n");
        for pair in pairs.iter().take(differences) {
            writeln!(out.text, "<details><summary>{}</summary>\n", title(pair.after)).expect(INFALLIBLE);
            if self.preview.is_some() {
                writeln!(out.text, "{}\n", self.link(pair.after)).expect(INFALLIBLE);
            }
            let difference = &pair.difference;
            out.text.push_str(&fields(&difference.fields));
            let shown = difference.lines.len().min(lines);
            for line in &difference.lines[..shown] {
                writeln!(out.text, "- {}", pieces(line)).expect(INFALLIBLE);
            }
            if difference.line_count > shown {
                let more = counted(difference.line_count - shown, "changed line");
                writeln!(out.text, "- {more} more").expect(INFALLIBLE);
            }
            if difference.line_count > 0 {
                out.text.push('\n');
            }
            out.text.push_str("</details>\n\n");
        }
        if pairs.len() > differences {
            writeln!(out.text, "{} more changed.\n", counted(pairs.len() - differences, "page"))
                .expect(INFALLIBLE);
        }
    }

    /// The title of a page, as a link where there is a preview.
    fn link(&self, page: &PageState) -> String {
        match self.preview {
            Some(preview) => {
                let url = page.url.encoded().replace('(', "%28").replace(')', "%29");
                format!("[{}]({preview}{url})", title(page))
            }
            None => title(page),
        }
    }
}

const INFALLIBLE: &str = "writing to a String cannot fail";

/// A comment that is being written.
struct CommentText {
    text: String,
    detail: Detail,
}

impl CommentText {
    /// A section with an entry for each item; nothing if there is none.
    fn list<T>(&mut self, heading: &str, items: &[T], entry: impl Fn(&T) -> String) {
        if items.is_empty() {
            return;
        }
        writeln!(self.text, "### {heading}\n").expect(INFALLIBLE);
        let most = self.detail.entries;
        for item in items.iter().take(most) {
            writeln!(self.text, "- {}", entry(item)).expect(INFALLIBLE);
        }
        if items.len() > most {
            let more = if most == 0 { "" } else { " more" };
            writeln!(self.text, "- {}{more}", items.len() - most).expect(INFALLIBLE);
        }
        self.text.push('\n');
    }
}

fn title(page: &PageState) -> String {
    escape(&page.title)
}

fn code(text: &str) -> String {
    format!("<code>{}</code>", escape(text))
}

fn problem(problem: &ShownProblem) -> String {
    let severity = match problem.severity {
        Severity::Error => "**error**",
        Severity::Warn | Severity::Off => "warning",
    };
    let place = match problem.line {
        Some(line) => escape(&format!("{}:{line}", problem.file)),
        None => escape(problem.file.as_str()),
    };
    format!("{severity} {} {place}: {}", code(problem.rule.name), escape(&problem.message))
}

/// The fields with another value, as a table.
fn fields(changes: &[FieldChange]) -> String {
    if changes.is_empty() {
        return String::new();
    }
    let mut table = "| field | before | after |\n|---|---|---|\n".to_owned();
    for FieldChange { name, before, after } in changes {
        let [before, after] = [before, after].map(|value| escape(value.as_deref().unwrap_or("")));
        writeln!(table, "| {} | {before} | {after} |", escape(name)).expect(INFALLIBLE);
    }
    table.push('\n');
    table
}

fn pieces(line: &[Piece]) -> String {
    let piece = |piece: &Piece| match piece {
        Piece::Same(text) => escape(text),
        Piece::Deleted(text) => format!("<del>{}</del>", escape(text)),
        Piece::Inserted(text) => format!("<ins>{}</ins>", escape(text)),
    };
    line.iter().map(piece).collect::<Vec<_>>().join(" ")
}
