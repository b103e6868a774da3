//! Text without what an audience may not see.
//!
//! Owns [`redact`], which runs before anything else looks at a text: pages, includes, copies and facts are made of what
//! it leaves. What is hidden is decided on the events of the parser with which the page is written: `document` reads them,
//! `marks` finds the four forms in them, `hidden` adds what goes with it, `cut` takes it out. Then `proof` parses what is
//! left and compares it with the whole: where they differ nothing of the text is published. Knows no page.

mod cut;
mod document;
mod hidden;
mod marks;
mod numbers;
mod proof;
mod words;

use std::ops::Range;

use crate::diagnostic::Diagnostic;
use crate::rules::VISIBILITY_STRAY;
use crate::source::{Source, Span};
use crate::visibility::{Audience, Cuts, Levels, What, Why, Withheld};

use super::directives::Dialect;
use super::notes::Flavor;
use super::syntax::{Extensions, Syntax};
use document::Document;
use hidden::{Cause, Hidden};
pub(in crate::markdown) use marks::mark as mark_at;
pub use marks::{Included, OpenSections};
use marks::{Marks, Problem};

/// For whom a text is redacted, and how it is read.
#[derive(Clone, Copy)]
pub struct Redacting<'a> {
    pub levels: &'a Levels,
    pub audience: Audience,
    /// What stands where something was withheld; may be empty.
    pub mark: &'a str,
    /// Those with which pages are written.
    pub extensions: Extensions,
    /// What included texts end with, where anything is known of them.
    pub included: Option<Included<'a>>,
}

/// What became of a text.
#[derive(Debug)]
pub struct Redaction {
    /// With the digest of what is left.
    pub source: Source,
    /// From what is left back to the written text.
    pub cuts: Cuts,
    /// Places in the written text.
    pub withheld: Vec<Withheld>,
    /// The hidden sections that go on behind the includes of this text.
    pub open_sections: OpenSections,
    /// Where the text first names a level that not everybody sees, as it was written.
    pub named: Option<Span>,
    /// Places in the written text.
    pub diagnostics: Vec<Diagnostic>,
}

/// Takes out of a Markdown text what the audience may not see; front matter stays as it is. `None` where no mark stands in
/// the text.
pub fn redact(source: &Source, redacting: &Redacting<'_>) -> Option<Redaction> {
    let base = super::front::split(&source.text).body;
    let may_hide = redacting.included.is_some() || may_hold_marks(&source.text[base..], redacting.levels);
    if !source.path.is_markdown() || !may_hide {
        return None;
    }
    let (front, body) = source.text.split_at(base);
    let dialect = Dialect::of(&source.path);
    let mut results = Vec::new();
    for flavor in flavors(front, body) {
        let syntax = Syntax { dialect, flavor: *flavor, extensions: redacting.extensions };
        results.push(read(front, body, syntax, redacting));
    }
    if results.iter().all(Option::is_none) {
        return None;
    }
    let mut results =
        results.into_iter().map(|result| result.unwrap_or_else(|| Reading::whole(&source.text)));
    let mut result = results.next()?;
    // Which flavor a page has depends on its kind, and an included text has that of the page.
    if let Some(other) = results.find(|other| other.left != result.left) {
        let place = first_difference(&other.left, &result.left);
        let at = body.floor_char_boundary(other.cuts.written(place).saturating_sub(base));
        result.problems.push(Problem {
            rule: &VISIBILITY_STRAY,
            range: at..marks::line_end(body, at),
            message: "what is hidden depends on whether this text is read as notes of a meeting".to_owned(),
            help: "put an empty line above lines of dashes".to_owned(),
        });
    }
    Some(result.finish(source, base, redacting))
}

/// Whether parsing a text may find a mark: a level in braces, or behind colons. Errs on the side of parsing.
fn may_hold_marks(text: &str, levels: &Levels) -> bool {
    let names = |rest: &str| {
        levels.names().any(|name| {
            let start = rest.as_bytes().get(..name.len());
            start.is_some_and(|start| start.eq_ignore_ascii_case(name.as_bytes()))
        })
    };
    let braces = text.find('{').map_or("", |at| &text[at..]);
    braces.split('.').skip(1).any(names)
        || text
            .split(":::")
            .skip(1)
            .any(|rest| names(rest.trim_start_matches(|c: char| !c.is_alphanumeric())))
}

/// The ways in which a text may be read: notes of meetings have lines that other pages do not have.
fn flavors(front: &str, body: &str) -> &'static [Flavor] {
    if super::notes::are_slides(front) {
        &[Flavor::Slides]
    } else if super::notes::is_as_plain(body) {
        &[Flavor::Plain]
    } else {
        &[Flavor::Plain, Flavor::Notes]
    }
}

/// What is left of a body in one flavor.
struct Reading {
    left: String,
    cuts: Cuts,
    hidden: Vec<Hidden>,
    open_sections: OpenSections,
    named: Option<Range<usize>>,
    problems: Vec<Problem>,
}

/// Reads the marks of a body; `None` where there are none.
fn read(front: &str, body: &str, syntax: Syntax, redacting: &Redacting<'_>) -> Option<Reading> {
    let masked = syntax.mask(body);
    let document = Document::read(body, &masked, syntax);
    let included = redacting.included.unwrap_or(&|_| OpenSections::default());
    let Marks { found, open_sections, mut problems, named } =
        marks::find(&document, redacting.levels, included);
    if found.is_empty() && problems.is_empty() && open_sections.is_empty() {
        return None;
    }
    let (hidden, unclear) = hidden::find(&document, &found, redacting.audience);
    problems.extend(unclear);
    let (left, cuts) = cut::cut(front, &document, &hidden, &found, redacting.mark);
    if problems.is_empty() {
        let redacted = proof::Redacted {
            hidden: &hidden,
            marks: &found,
            levels: redacting.levels,
            note: redacting.mark,
        };
        let result = prove(&document, &redacted, (front, &left), syntax);
        problems.extend(result.err().map(|at| ambiguous(&document, &hidden, at)));
    }
    Some(Reading { left, cuts, hidden, open_sections, named, problems })
}

/// Parses what is left and compares it with the whole. The error is a place from which on they differ.
fn prove(
    whole: &Document<'_>,
    redacted: &proof::Redacted<'_>,
    (front, left): (&str, &str),
    syntax: Syntax,
) -> Result<(), usize> {
    // Without its first lines a text may begin with what looks like front matter.
    if super::front::split(left).body != front.len() {
        return Err(0);
    }
    let body = &left[front.len()..];
    let masked = syntax.mask(body);
    proof::compare(whole, redacted, &Document::read(body, &masked, syntax))
}

/// The problem that what is left would be read otherwise.
fn ambiguous(document: &Document<'_>, hidden: &[Hidden], at: usize) -> Problem {
    let before = hidden.iter().rev().find(|one| one.range.start <= at).or(hidden.first());
    let range = match before {
        Some(one) => one.range.start..marks::line_end(document.text, one.range.start).min(one.range.end),
        None => at..marks::line_end(document.text, at),
    };
    Problem {
        rule: &VISIBILITY_STRAY,
        range,
        message: "without this, the rest of the text would mean something else".to_owned(),
        help: "hide the block around it, or set it apart by blank lines".to_owned(),
    }
}

impl Reading {
    /// A text in which nothing is hidden.
    fn whole(text: &str) -> Reading {
        let mut cuts = Cuts::default();
        cuts.keep(0, 0..text.len());
        Reading {
            left: text.to_owned(),
            cuts,
            hidden: Vec::new(),
            open_sections: OpenSections::default(),
            named: None,
            problems: Vec::new(),
        }
    }

    fn finish(mut self, source: &Source, base: usize, redacting: &Redacting<'_>) -> Redaction {
        let span = |range: &Range<usize>| Span::new(&source.path, base + range.start..base + range.end);
        self.problems.sort_by_key(|problem| (problem.range.start, problem.range.end));
        self.problems.dedup_by(|later, first| first.range.contains(&later.range.start));
        let mut withheld: Vec<Withheld> = self
            .hidden
            .iter()
            .filter(|one| one.cause != Cause::Emptied)
            .map(|one| Withheld { span: span(&one.range), what: one.what, why: Why::Level(one.level) })
            .collect();
        let sees_all = redacting.audience.sees(redacting.levels.highest());
        if !self.problems.is_empty() {
            // What was meant is not known: only those who see all get any of the text.
            if !sees_all {
                (self.left, self.cuts) = (source.text[..base].to_owned(), Cuts::default());
                self.cuts.keep(0, 0..base);
                let span = Span::new(&source.path, base..source.text.len());
                withheld = vec![Withheld { span, what: What::Block, why: Why::Unclear }];
            }
        }
        let problem = |problem: Problem| {
            Diagnostic::new(problem.rule, span(&problem.range), problem.message).help(problem.help)
        };
        Redaction {
            source: Source::new(source.path.clone(), self.left),
            cuts: self.cuts,
            withheld,
            open_sections: self.open_sections,
            named: self.named.as_ref().map(span),
            diagnostics: self.problems.into_iter().map(problem).collect(),
        }
    }
}

/// Where two texts begin to differ.
fn first_difference(one: &str, other: &str) -> usize {
    one.bytes().zip(other.bytes()).take_while(|(one, other)| one == other).count()
}

#[cfg(test)]
mod tests;
