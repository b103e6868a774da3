//! Removes everything from a text that an audience must not see.
//!
//! Owns [`redact`], which runs before anything else reads a text: pages, includes, exports and facts are made from its
//! result. What is hidden is decided on the same parser events that the page is written from. `nodes` builds a tree of
//! them, `marks` finds the four forms of marks, `hidden` adds everything that follows from them, and `cut` removes it.
//! Then `proof` parses the result and compares it with the whole text. If they differ, nothing of the text is
//! published. Must not know pages.

mod cut;
mod hidden;
mod inline_cuts;
mod marks;
mod nodes;
mod proof;
mod renumber;

use std::ops::Range;

use crate::diagnostic::Diagnostic;
use crate::rules::{INTERNAL_ERROR, VISIBILITY_STRAY};
use crate::source::{Source, Span};
use crate::visibility::{Audience, Cuts, Levels, Withheld, WithheldPart, WithheldReason};

use super::notes::Flavor;
use super::syntax::{Extensions, Syntax};
use hidden::{HiddenBy, HiddenNode};
pub(in crate::markdown) use marks::mark as mark_at;
pub use marks::{IncludeEnds, OpenSections};
use marks::{MarkProblem, Marks, OpenSection};
use nodes::NodeTree;

/// The audience that a text is redacted for, and how the text is parsed.
#[derive(Clone, Copy)]
pub struct RedactionContext<'a> {
    pub levels: &'a Levels,
    pub audience: Audience,
    /// The replacement for withheld text; may be empty.
    pub replacement: &'a str,
    /// The extensions that pages are parsed with.
    pub extensions: Extensions,
    /// Returns the open sections of included texts, if they are known.
    pub included: Option<IncludeEnds<'a>>,
}

/// The result of redacting a text.
#[derive(Debug)]
pub struct Redaction {
    /// The redacted text, with its digest.
    pub source: Source,
    /// The mapping from the redacted text to the written text.
    pub cuts: Cuts,
    /// The withheld ranges, in the written text.
    pub withheld: Vec<Withheld>,
    /// The hidden sections that continue after an include of this text.
    pub open_sections: OpenSections,
    /// The first span in the written text that names a level above the lowest.
    pub named: Option<Span>,
    /// The diagnostics, with spans in the written text.
    pub diagnostics: Vec<Diagnostic>,
}

/// Removes from a Markdown text what the audience must not see. Front matter does not change. Returns `None` if the
/// text has no marks.
pub fn redact(source: &Source, redacting: &RedactionContext<'_>) -> Option<Redaction> {
    let dialect = source.dialect?;
    let base = super::front::split(&source.text).body;
    if redacting.included.is_none() && !may_hold_marks(&source.text[base..], redacting.levels) {
        return None;
    }
    let (front, body) = source.text.split_at(base);
    let mut results = Vec::new();
    for flavor in flavors(front, body) {
        let syntax = Syntax { dialect, flavor: *flavor, extensions: redacting.extensions };
        results.push(read(front, body, syntax, redacting));
    }
    if results.iter().all(Option::is_none) {
        return None;
    }
    let mut results =
        results.into_iter().map(|result| result.unwrap_or_else(|| RedactedFlavor::whole(&source.text)));
    let mut result = results.next()?;
    // The flavor of a page depends on its kind, and an included text has the flavor of the page. The result must
    // therefore be the same in each flavor.
    if let Some(other) = results.find(|other| other.left != result.left) {
        let place = first_difference(&other.left, &result.left);
        let at = body.floor_char_boundary(other.cuts.written(place).saturating_sub(base));
        result.problems.push(MarkProblem {
            rule: &VISIBILITY_STRAY,
            range: at..marks::line_end(body, at),
            message: "what is hidden depends on whether this text is read as notes of a meeting".to_owned(),
            help: "put an empty line above lines of dashes".to_owned(),
        });
    }
    Some(result.finish(source, base, redacting))
}

/// Whether a text may contain a mark: the name of a level in braces or after colons. False positives only cost a parse.
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

/// The flavors that a text may be read in: notes of meetings have lines that other pages do not have.
fn flavors(front: &str, body: &str) -> &'static [Flavor] {
    if super::notes::are_slides(front) {
        &[Flavor::Slides]
    } else if super::notes::is_as_plain(body) {
        &[Flavor::Plain]
    } else {
        &[Flavor::Plain, Flavor::Notes]
    }
}

/// The result for a body in one flavor.
struct RedactedFlavor {
    left: String,
    cuts: Cuts,
    hidden: Vec<HiddenNode>,
    open_sections: OpenSections,
    named: Option<Range<usize>>,
    problems: Vec<MarkProblem>,
}

/// Redacts a body in one flavor. Returns `None` if it has no marks.
fn read(front: &str, body: &str, syntax: Syntax, redacting: &RedactionContext<'_>) -> Option<RedactedFlavor> {
    syntax.parse(body, |parsed| read_marks(front, &NodeTree::new(body, parsed), syntax, redacting))
}

fn read_marks(
    front: &str,
    document: &NodeTree<'_>,
    syntax: Syntax,
    redacting: &RedactionContext<'_>,
) -> Option<RedactedFlavor> {
    let included = redacting.included.unwrap_or(&|_| OpenSections::default());
    let Marks { found, open_sections, mut problems, named } =
        marks::find(document, redacting.levels, included);
    if found.is_empty() && problems.is_empty() && open_sections.is_empty() {
        return None;
    }
    let (hidden, unclear) = hidden::find(document, &found, redacting.audience);
    problems.extend(unclear);
    let (left, cuts) = cut::cut(front, document, &hidden, &found, redacting.replacement);
    // A text with problems is not published to anyone who does not see all of it, so it needs no proof.
    if problems.is_empty() {
        let redacted = proof::Redacted {
            hidden: &hidden,
            marks: &found,
            levels: redacting.levels,
            note: redacting.replacement,
        };
        let result = prove(document, &redacted, (front, &left), syntax);
        problems.extend(result.err().map(|at| ambiguous(document, &hidden, at)));
    }
    Some(RedactedFlavor { left, cuts, hidden, open_sections, named, problems })
}

/// Parses the redacted text and compares it with the whole text. The error is the first offset from which on they
/// differ.
fn prove(
    whole: &NodeTree<'_>,
    redacted: &proof::Redacted<'_>,
    (front, left): (&str, &str),
    syntax: Syntax,
) -> Result<(), usize> {
    // After its first lines are removed, a text may begin with something that looks like front matter.
    if super::front::split(left).body != front.len() {
        return Err(0);
    }
    let body = &left[front.len()..];
    syntax.parse(body, |parsed| proof::compare(whole, redacted, &NodeTree::new(body, parsed)))
}

/// The problem that the redacted text would be parsed differently.
fn ambiguous(document: &NodeTree<'_>, hidden: &[HiddenNode], at: usize) -> MarkProblem {
    let before = hidden.iter().rev().find(|one| one.range.start <= at).or(hidden.first());
    let range = match before {
        Some(one) => one.range.start..marks::line_end(document.text, one.range.start).min(one.range.end),
        None => at..marks::line_end(document.text, at),
    };
    MarkProblem {
        rule: &VISIBILITY_STRAY,
        range,
        message: "removing this would change how the rest of the text is parsed".to_owned(),
        help: "hide the block around it, or set it apart by blank lines".to_owned(),
    }
}

impl Redaction {
    /// The result for a text on which the parser panicked: what it hides is unknown, also below an include of it.
    pub fn failed(source: &Source, redacting: &RedactionContext<'_>) -> Redaction {
        let base = super::front::split(&source.text).body;
        let mut result = RedactedFlavor::whole(&source.text);
        let open = OpenSection { rank: 1, level: redacting.levels.highest() };
        result.open_sections = OpenSections { at_end: vec![open], in_parts: vec![open] };
        result.problems.push(MarkProblem {
            rule: &INTERNAL_ERROR,
            range: 0..marks::line_end(&source.text[base..], 0),
            message: "Opsbook failed on this text".to_owned(),
            help: "this is a defect of Opsbook: please report it with the text".to_owned(),
        });
        result.finish(source, base, redacting)
    }
}

impl RedactedFlavor {
    /// The result for a text in which nothing is hidden.
    fn whole(text: &str) -> RedactedFlavor {
        let mut cuts = Cuts::default();
        cuts.keep(0, 0..text.len());
        RedactedFlavor {
            left: text.to_owned(),
            cuts,
            hidden: Vec::new(),
            open_sections: OpenSections::default(),
            named: None,
            problems: Vec::new(),
        }
    }

    fn finish(mut self, source: &Source, base: usize, redacting: &RedactionContext<'_>) -> Redaction {
        let span = |range: &Range<usize>| Span::new(&source.path, base + range.start..base + range.end);
        self.problems.sort_by_key(|problem| (problem.range.start, problem.range.end));
        self.problems.dedup_by(|later, first| first.range.contains(&later.range.start));
        let mut withheld: Vec<Withheld> = self
            .hidden
            .iter()
            .filter(|one| one.cause != HiddenBy::Emptied)
            .map(|one| Withheld {
                span: span(&one.range),
                what: one.what,
                why: WithheldReason::Level(one.level),
            })
            .collect();
        let sees_all = redacting.audience.sees(redacting.levels.highest());
        if !self.problems.is_empty() {
            // It is unknown what the author meant to hide, so only an audience that sees everything gets any of the
            // text.
            if !sees_all {
                (self.left, self.cuts) = (source.text[..base].to_owned(), Cuts::default());
                self.cuts.keep(0, 0..base);
                let span = Span::new(&source.path, base..source.text.len());
                withheld = vec![Withheld { span, what: WithheldPart::Block, why: WithheldReason::Unclear }];
            }
        }
        let problem = |problem: MarkProblem| {
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

/// The number of bytes that two texts have in common at their start.
fn first_difference(one: &str, other: &str) -> usize {
    one.bytes().zip(other.bytes()).take_while(|(one, other)| one == other).count()
}

#[cfg(test)]
mod tests;
