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
use crate::rules::INTERNAL_ERROR;
use crate::source::{Source, Span};
use crate::visibility::{Audience, Cuts, Levels, Withheld, WithheldPart, WithheldReason};

use super::notes::Flavor;
use super::syntax::{Extensions, Syntax};
use cut::CutText;
use hidden::{HiddenBy, HiddenNode, HiddenRanges};
pub use marks::{IncludeEnds, OpenSection};
use marks::{MarkProblem, Marks};
pub(in crate::markdown) use marks::{StrayMarkMessage, mark as mark_at};
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
    pub open_sections: Vec<OpenSection>,
    /// The first span in the written text that names a level above the lowest. In a handbook without a default level, the missing
    /// default is reported there.
    pub level_named_at: Option<Span>,
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
    let flavor = if super::notes::are_slides(front) { Flavor::Slides } else { Flavor::Plain };
    let syntax = Syntax { dialect, flavor, extensions: redacting.extensions };
    // Two parses: the whole text, and the proof. The page parses the redacted text once more, because it is another
    // memo with other inputs, and because several pages may include the text.
    let mut redacted = RedactedFlavor::read(front, body, syntax, redacting);
    // The flavor of a page depends on its kind, which folders may hand down, and an included text has the flavor of the
    // page. It is therefore unknown here, and the result must be the same in each flavor. Where the flavors differ, both
    // are parsed and proven.
    if flavor == Flavor::Plain && !redacted.is_same_as_notes {
        let notes = RedactedFlavor::read(front, body, Syntax { flavor: Flavor::Notes, ..syntax }, redacting);
        if notes.rest != redacted.rest {
            let place = first_difference(&notes.rest, &redacted.rest);
            let at = body.floor_char_boundary(notes.cuts.written(place).saturating_sub(base));
            redacted.problems.push(MarkProblem::stray(
                at..marks::line_end(body, at),
                "what is hidden depends on whether this text is read as notes of a meeting",
                "put an empty line above lines of dashes",
            ));
        }
        redacted.has_marks |= notes.has_marks;
        // As notes the text may be redacted to the same rest, and still fail the proof.
        redacted.problems.extend(notes.problems);
    }
    redacted.has_marks.then(|| redacted.finish(source, base, redacting))
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

/// The result for a body in one flavor. By default, nothing is hidden.
#[derive(Default)]
struct RedactedFlavor {
    rest: String,
    cuts: Cuts,
    hidden: Vec<HiddenNode>,
    open_sections: Vec<OpenSection>,
    level_named_at: Option<Range<usize>>,
    problems: Vec<MarkProblem>,
    has_marks: bool,
    /// Whether the body and the rest of it are parsed the same as notes. Known for plain Markdown only.
    is_same_as_notes: bool,
}

impl RedactedFlavor {
    fn read(front: &str, body: &str, syntax: Syntax, redacting: &RedactionContext<'_>) -> RedactedFlavor {
        let included = redacting.included.unwrap_or(&|_| Vec::new());
        syntax.parse(body, |parsed| {
            let mut is_same_as_notes = parsed.is_same_as_notes();
            let document = NodeTree::new(body, parsed);
            let Marks { found, open_sections, mut problems, level_named_at } =
                marks::find(&document, redacting.levels, included);
            let has_marks = !(found.is_empty() && problems.is_empty() && open_sections.is_empty());
            let (hidden, unclear) = hidden::find(&document, &found, redacting.audience);
            problems.extend(unclear);
            let cut = cut::cut(front, &document, &hidden, &found, redacting.replacement);
            // A text with problems is not published to anyone who does not see all of it, so it needs no proof.
            if has_marks && problems.is_empty() {
                let removed = proof::removed_ranges(&hidden, &found);
                match prove(&document, &removed, &cut, syntax, redacting.levels) {
                    Ok(rest_is_same) => is_same_as_notes &= rest_is_same,
                    Err(at) => problems.push(ambiguous(body, &hidden, at)),
                }
            }
            let CutText { rest, cuts, .. } = cut;
            RedactedFlavor {
                rest,
                cuts,
                hidden,
                open_sections,
                level_named_at,
                problems,
                has_marks,
                is_same_as_notes,
            }
        })
    }
}

/// Parses the redacted text and compares it with the whole text, without the `removed` ranges. Returns whether it is
/// parsed the same as notes. The error is the first offset from which on the texts differ.
fn prove(
    whole: &NodeTree<'_>,
    removed: &HiddenRanges,
    cut: &CutText,
    syntax: Syntax,
    levels: &Levels,
) -> Result<bool, usize> {
    // After its first lines are removed, a text may begin with something that looks like front matter.
    if super::front::split(&cut.rest).body != cut.body {
        return Err(0);
    }
    let body = &cut.rest[cut.body..];
    syntax.parse(body, |parsed| {
        let is_same_as_notes = parsed.is_same_as_notes();
        proof::compare(whole, removed, &NodeTree::new(body, parsed), &cut.inserted, levels)?;
        Ok(is_same_as_notes)
    })
}

/// The problem that the redacted text would be parsed differently.
fn ambiguous(body: &str, hidden: &[HiddenNode], at: usize) -> MarkProblem {
    let before = hidden.iter().rev().find(|one| one.range.start <= at).or(hidden.first());
    let range = before.map_or(at..body.len(), |one| one.range.clone());
    MarkProblem::stray(
        range.start..marks::line_end(body, range.start).min(range.end),
        "removing this would change how the rest of the text is parsed",
        "hide the block around it, or set it apart by blank lines",
    )
}

impl Redaction {
    /// The result for a text on which the parser panicked: what it hides is unknown, also below an include of it.
    pub fn failed(source: &Source, redacting: &RedactionContext<'_>) -> Redaction {
        let base = super::front::split(&source.text).body;
        let open = OpenSection { rank: 1, level: redacting.levels.highest(), ends_text: true };
        let problem = MarkProblem {
            rule: &INTERNAL_ERROR,
            range: 0..marks::line_end(&source.text[base..], 0),
            message: "Opsbook failed on this text".to_owned(),
            help: "this is a defect of Opsbook: please report it with the text".to_owned(),
        };
        let mut cuts = Cuts::default();
        cuts.keep(0, 0..source.text.len());
        let result = RedactedFlavor {
            rest: source.text.to_string(),
            cuts,
            open_sections: vec![open],
            problems: vec![problem],
            ..RedactedFlavor::default()
        };
        result.finish(source, base, redacting)
    }
}

impl RedactedFlavor {
    fn finish(mut self, source: &Source, base: usize, redacting: &RedactionContext<'_>) -> Redaction {
        let span = |range: &Range<usize>| Span::new(&source.path, base + range.start..base + range.end);
        self.problems.sort_by_key(|problem| (problem.range.start, problem.range.end));
        self.problems.dedup_by(|later, first| first.range.contains(&later.range.start));
        let mut withheld = Vec::new();
        for one in self.hidden.iter().filter(|one| one.cause != HiddenBy::Emptied) {
            let why = WithheldReason::Level(one.level);
            withheld.push(Withheld { span: span(&one.range), what: one.what, why });
        }
        // It is unknown what the author meant to hide, so only an audience that sees everything gets any of the text.
        if !self.problems.is_empty() && !redacting.audience.sees(redacting.levels.highest()) {
            (self.rest, self.cuts) = (source.text[..base].to_owned(), Cuts::default());
            self.cuts.keep(0, 0..base);
            let span = Span::new(&source.path, base..source.text.len());
            withheld = vec![Withheld { span, what: WithheldPart::Block, why: WithheldReason::Unclear }];
        }
        let problem = |problem: MarkProblem| {
            Diagnostic::new(problem.rule, span(&problem.range), problem.message).help(problem.help)
        };
        Redaction {
            source: Source::new(source.path.clone(), self.rest),
            cuts: self.cuts,
            withheld,
            open_sections: self.open_sections,
            level_named_at: self.level_named_at.as_ref().map(span),
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
