//! Removes everything from a text that an audience must not see.
//!
//! Owns [`redact`], which runs before anything else reads a text: pages, includes, exports and facts are made from its
//! result. What is hidden is decided on the same parser events that the page is written from. `nodes` builds a tree of
//! them, `marks` finds the four forms of marks, `hidden` adds everything that follows from them, and `cut` removes it.
//! The result has a proof: whoever writes a page or an include of the redacted text compares the events that it writes
//! with those of the whole text. If they differ, the build stops. Must not know pages.

mod cut;
mod hidden;
mod inline_cuts;
mod marks;
mod nodes;
mod proof;
mod renumber;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::bounds::PAGE_PARTS;
use crate::diagnostic::Diagnostic;
use crate::memo::Digest;
use crate::path::FilePath;
use crate::rules::{INTERNAL_ERROR, VISIBILITY_STRAY};
use crate::source::{Source, Span};
use crate::visibility::{Audience, Cuts, Levels, Withheld, WithheldPart, WithheldReason};

use super::notes::Flavor;
use super::syntax::{Extensions, ParsedText, Syntax, TooManyParts};
use super::text_origin::TextOrigin;
use super::writer::bound_exceeded;
use cut::CutText;
use hidden::{HiddenBy, HiddenNode};
use marks::Marks;
pub use marks::{IncludeEnds, OpenSection};
pub(in crate::markdown) use marks::{StrayMarkMessage, mark as mark_at};
use nodes::NodeTree;
use proof::{CHANGES_MEANING, Proof, ProofToken, SET_APART};

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
    /// The redacted text. Its digest covers the proof as well, so that no result of another proof is reused.
    pub source: Source,
    /// What its events must be; `None` if nothing of the text is shown.
    proof: Option<Proof>,
    /// The mapping from the redacted text to the written text.
    pub cuts: Cuts,
    /// The withheld ranges, in the written text.
    pub withheld: Vec<Withheld>,
    /// The hidden sections that continue after an include of this text.
    pub open_sections: Vec<OpenSection>,
    /// The first span in the written text that names a level above the lowest.
    pub level_named_at: Option<Span>,
    /// The diagnostics, with spans in the written text.
    pub diagnostics: Vec<Diagnostic>,
}

/// The redactions of texts, by file. A text without marks has none.
#[derive(Debug, Default)]
pub struct Redactions(BTreeMap<FilePath, Arc<Option<Redaction>>>);

impl Redactions {
    pub fn insert(&mut self, file: FilePath, redaction: Arc<Option<Redaction>>) {
        self.0.insert(file, redaction);
    }

    pub fn get(&self, file: &FilePath) -> Option<&Redaction> {
        self.0.get(file)?.as_ref().as_ref()
    }

    pub fn iter(&self) -> impl Iterator<Item = (&FilePath, &Redaction)> {
        self.0.iter().filter_map(|(file, redaction)| Some((file, redaction.as_ref().as_ref()?)))
    }

    /// Whether something in a file is withheld.
    pub fn withholds(&self, file: &FilePath) -> bool {
        self.get(file).is_some_and(|redaction| !redaction.withheld.is_empty())
    }

    /// The problem of a redacted text whose events are not those of the whole text.
    pub(super) fn disprove(
        &self,
        origin: &TextOrigin<'_>,
        parsed: &ParsedText<'_>,
        flavor: Flavor,
        levels: &Levels,
    ) -> Option<Diagnostic> {
        self.get(origin.file)?.proof.as_ref()?.compare(origin, parsed, flavor, levels)
    }
}

/// Removes from a Markdown text what the audience must not see. Front matter does not change. Returns `None` if the
/// text has no marks.
pub fn redact(source: &Source, redacting: &RedactionContext<'_>) -> Option<Redaction> {
    source.dialect?;
    let base = super::front::split(&source.text).body;
    if redacting.included.is_none() && !may_hold_marks(&source.text[base..], redacting.levels) {
        return None;
    }
    let origin = TextOrigin::new(source, base);
    let decided = DecidedText::in_each_flavor(source, &origin, redacting).unwrap_or_else(|parts| {
        let problem = bound_exceeded(&PAGE_PARTS, origin.span(parts.first));
        DecidedText::unknown(source, redacting, problem)
    });
    let is_marked = !decided.marks.is_empty();
    is_marked.then(|| decided.finish(source, &origin, redacting))
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

/// What is hidden in a text that is read in one flavor. By default, nothing is.
#[derive(Default)]
struct DecidedText {
    marks: Marks,
    hidden: Vec<HiddenNode>,
    cut: CutText,
    form: Vec<ProofToken>,
    form_as_notes: Option<Vec<ProofToken>>,
    /// Whether the text is parsed the same as notes. Known for plain Markdown only.
    is_same_as_notes: bool,
}

impl DecidedText {
    /// What is hidden, whatever the flavor of the text is.
    ///
    /// The flavor of a page depends on its kind, which folders may hand down, and an included text has the flavor of the
    /// page. It is therefore unknown here, and the same must be hidden in each flavor. Where the flavors differ, there is
    /// a proof for each.
    fn in_each_flavor(
        source: &Source,
        origin: &TextOrigin<'_>,
        redacting: &RedactionContext<'_>,
    ) -> Result<DecidedText, TooManyParts> {
        let flavor = if origin.slides { Flavor::Slides } else { Flavor::Plain };
        let syntax = Syntax { dialect: origin.dialect, flavor, extensions: redacting.extensions };
        let mut decided = DecidedText::read(source, origin, syntax, redacting)?;
        if flavor == Flavor::Plain && !decided.is_same_as_notes {
            let syntax = Syntax { flavor: Flavor::Notes, ..syntax };
            let notes = DecidedText::read(source, origin, syntax, redacting)?;
            if notes.cut.left != decided.cut.left {
                let both = notes.cut.left.bytes().zip(decided.cut.left.bytes());
                let place = notes.cut.cuts.written(both.take_while(|(one, other)| one == other).count());
                let at = origin.text.floor_char_boundary(place.saturating_sub(origin.base));
                let line = origin.span(at..marks::line_end(origin.text, at));
                let message = "what is hidden depends on whether this text is read as notes of a meeting";
                let problem = Diagnostic::new(&VISIBILITY_STRAY, line, message);
                decided.marks.problems.push(problem.help("put an empty line above lines of dashes"));
            }
            decided.form_as_notes = Some(notes.form);
            decided.marks.problems.extend(notes.marks.problems);
            decided.marks.found.extend(notes.marks.found);
        }
        Ok(decided)
    }

    fn read(
        source: &Source,
        origin: &TextOrigin<'_>,
        syntax: Syntax,
        redacting: &RedactionContext<'_>,
    ) -> Result<DecidedText, TooManyParts> {
        let included = redacting.included.unwrap_or(&|_| Vec::new());
        syntax.parse(origin.text, |parsed| {
            let document = NodeTree::new(origin, &parsed);
            let mut marks = marks::find(&document, redacting.levels, included);
            let (hidden, unclear) = hidden::find(&document, &marks.found, redacting.audience);
            marks.problems.extend(unclear);
            let front = &source.text[..origin.base];
            let cut = cut::cut(front, &document, &hidden, &marks.found, redacting.replacement);
            // After its first lines are removed, a text may begin with something that looks like front matter.
            if super::front::split(&cut.left).body != front.len() {
                let first = hidden.first().map_or(0, |first| first.range.start);
                let line = first..marks::line_end(origin.text, first);
                marks.problems.push(document.stray(line, CHANGES_MEANING, SET_APART));
            }
            let mut form = Vec::new();
            // A text with problems is not published to anyone who does not see all of it, so it needs no proof.
            if marks.problems.is_empty() && !marks.is_empty() {
                form = proof::form_without(&document, &hidden, &marks.found, redacting.levels);
            }
            let is_same_as_notes = parsed.is_same_as_notes();
            DecidedText { marks, hidden, cut, form, form_as_notes: None, is_same_as_notes }
        })
    }
}

impl Redaction {
    /// The result for a text on which the parser panicked.
    pub fn failed(source: &Source, redacting: &RedactionContext<'_>) -> Redaction {
        let origin = TextOrigin::new(source, super::front::split(&source.text).body);
        let line = origin.span(0..marks::line_end(origin.text, 0));
        let problem = Diagnostic::new(&INTERNAL_ERROR, line, "Opsbook failed on this text")
            .help("this is a defect of Opsbook: please report it with the text");
        DecidedText::unknown(source, redacting, problem).finish(source, &origin, redacting)
    }
}

impl DecidedText {
    /// A text that could not be read. What it hides is unknown, also below an include of it.
    fn unknown(source: &Source, redacting: &RedactionContext<'_>, problem: Diagnostic) -> DecidedText {
        let open = OpenSection { rank: 1, level: redacting.levels.highest(), ends_text: true };
        let mut cuts = Cuts::default();
        cuts.keep(0, 0..source.text.len());
        let cut = CutText { left: source.text.to_string(), cuts, ..CutText::default() };
        let marks = Marks { open_sections: vec![open], problems: vec![problem], ..Marks::default() };
        DecidedText { marks, cut, ..DecidedText::default() }
    }

    fn finish(self, source: &Source, origin: &TextOrigin<'_>, redacting: &RedactionContext<'_>) -> Redaction {
        let Marks { found, mut problems, open_sections } = self.marks;
        let CutText { mut left, mut cuts, inserted, joints } = self.cut;
        problems.sort_by_key(|problem| (problem.span.start, problem.span.end));
        problems.dedup_by(|later, first| later.span.start < first.span.end);
        let mut withheld = Vec::new();
        for one in self.hidden.iter().filter(|one| one.cause != HiddenBy::Emptied) {
            let why = WithheldReason::Level(one.level);
            withheld.push(Withheld { span: origin.span(one.range.clone()), what: one.what, why });
        }
        let named = found.iter().filter(|mark| mark.level > redacting.levels.lowest());
        let named = named.map(|mark| &mark.named).min_by_key(|named| named.start);
        let mut proof = None;
        if problems.is_empty() {
            proof = Some(Proof { form: self.form, form_as_notes: self.form_as_notes, inserted, joints });
        } else if !redacting.audience.sees(redacting.levels.highest()) {
            // It is unknown what the author meant to hide, so only an audience that sees everything gets any of the text.
            (left, cuts) = (source.text[..origin.base].to_owned(), Cuts::default());
            cuts.keep(0, 0..origin.base);
            let (span, why) = (origin.span(0..origin.text.len()), WithheldReason::Unclear);
            withheld = vec![Withheld { span, what: WithheldPart::Block, why }];
        }
        let forms = proof.as_ref().map(|proof| (&proof.form, &proof.form_as_notes));
        let text = Source::new(source.path.clone(), left);
        Redaction {
            source: Source { digest: Digest::of_value(&(text.digest, forms)), ..text },
            proof,
            cuts,
            withheld,
            open_sections,
            level_named_at: named.map(|named| origin.span(named.clone())),
            diagnostics: problems,
        }
    }
}

#[cfg(test)]
mod tests;
