//! Commands and steps of a text: what readers run and tick.
//!
//! Owns [`Commands`], the code blocks and what is wrong with their first lines, and which list items are steps: those
//! of ordered lists that stand in no other list, and tasks. Notes which destructive blocks lack a warning. Knows no kind.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::code::{self, FenceInfo, Figure, Risk, Setting, Wrong};
use super::copy::{Copy, Patch};
use super::inline::urls;
use super::writer::{Close, CodeBlock, Open, Writer};
use crate::bounds::{CODE_BLOCKS, CODE_BYTES};
use crate::diagnostic::Diagnostic;
use crate::memo::Digest;
use crate::rules::CODE_ATTRIBUTE;
use crate::source::Span;

/// Whether items are steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Checklist {
    #[default]
    Leave,
    Mark,
}

/// What an item of a list is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Item {
    /// One of an ordered list that stands in no other list.
    Numbered,
    Other,
}

/// Where a code stands.
#[derive(Clone, Copy)]
enum Shown {
    Block,
    InLine,
}

/// What a text tells readers to do.
#[derive(Debug, Default)]
pub struct Commands {
    /// Items that can be ticked.
    pub steps: usize,
    /// The ids of headings with commands right beneath them, in order: the steps of a text without lists.
    pub headings: Vec<String>,
    /// The most dangerous block, and where it begins.
    pub risk: Option<(Risk, Span)>,
    /// Whether a block says what its commands do.
    pub marked: bool,
    /// Which variables stand in code, and which of their literals.
    pub used: BTreeSet<(usize, Option<usize>)>,
    /// Destructive blocks without a danger box before them in their section.
    pub unguarded: Vec<Span>,
    /// The wildcards in destructive blocks, each with the line that opens its block.
    pub wildcards: Vec<(String, Span)>,
    /// The sections that are open and have a danger box, by the level of their headings.
    boxes: BTreeSet<u8>,
    /// Literals that stand in prose, where no value replaces them: the variable, the literal, and where.
    pub in_prose: Vec<(usize, String, Span)>,
    /// How often each step's name was given.
    names: BTreeMap<String, u32>,
}

/// What stands before the first heading: deeper than any heading, so no section lies in it.
const BEFORE_SECTIONS: u8 = 7;

impl Writer<'_> {
    /// Opens the section of a heading: sections at its level and below it have ended.
    pub(super) fn begin_section(&mut self, level: u8) {
        self.commands.boxes.retain(|open| *open < level);
    }

    /// Notes an admonition: a danger box warns of what follows in its section.
    pub(super) fn note_box(&mut self, kind: &str) {
        // GitHub has no `danger`: `caution` is the strongest of its alerts.
        if matches!(kind, "danger" | "caution") {
            self.commands.boxes.insert(self.outline.last().map_or(BEFORE_SECTIONS, |heading| heading.level));
        }
    }

    pub(super) fn end_code(&mut self, CodeBlock { info, fenced, range }: CodeBlock) {
        let block = self.verbatim.take().unwrap_or_default();
        let fence = FenceInfo::parse(&info);
        self.report_marks_behind_fence(&fence, &range);
        if !fenced || !self.is_closed(&block, &range) {
            // This may not have been meant to be code.
            self.report_marks(range.clone());
        }
        if let Err(shown) = self.drawn(&fence, &block, &range) {
            self.figure(&fence, &shown, range.clone());
            self.name_in_copy(range.clone(), Shown::Block);
        }
        let span = self.first_line(&range);
        for wrong in &fence.wrong {
            self.diagnostics.push(attribute(wrong, span.clone()));
        }
        if fence.risk == Some(Risk::Destructive) {
            self.destructive(&fence, &block.text, &span);
        }
        if let Some(risk) = fence.risk
            && self.commands.risk.as_ref().is_none_or(|(most, _)| *most < risk)
        {
            self.commands.risk = Some((risk, span));
        }
    }

    /// Notes what a block lacks that destroys something.
    fn destructive(&mut self, fence: &FenceInfo, code: &str, span: &Span) {
        if self.commands.boxes.is_empty() {
            self.commands.unguarded.push(span.clone());
        }
        if let Some(word) = code::wildcard(&fence.language, code) {
            self.commands.wildcards.push((word, span.clone()));
        }
    }

    /// Writes a block of code that stands at `place`. Where a page has too much code, the rest is shown without colours.
    pub(super) fn figure(&mut self, fence: &FenceInfo, code: &str, place: Range<usize>) {
        let (blocks, bytes) = (self.held.code_blocks, self.held.code_bytes);
        (self.held.code_blocks, self.held.code_bytes) = (blocks + 1, bytes + code.len());
        let few = self.admits(&CODE_BLOCKS, blocks..blocks + 1, || place.clone());
        let short = self.admits(&CODE_BYTES, bytes..bytes + code.len(), || place.clone());
        let plain = Setting { highlight: &|_, _| None, ..self.environment.code };
        let setting = if few && short { &self.environment.code } else { &plain };
        let figure = Figure::new(fence, code, setting, self.environment.strings);
        self.out().raw(&figure.html);
        self.commands.used.extend(figure.used);
        self.commands.marked |=
            fence.risk.is_some() || fence.run_on.is_some() || fence.expect.is_some() || fence.undo.is_some();
        if figure.commands
            && let Some(heading) = self.outline.last()
            && !heading.id.is_empty()
            && self.commands.headings.last() != Some(&heading.id)
        {
            self.commands.headings.push(heading.id.clone());
        }
    }

    /// The line that opens a block.
    pub(super) fn first_line(&self, range: &Range<usize>) -> Span {
        let text = self.origin.text.get(range.clone()).unwrap_or("");
        self.span(range.start..range.start + text.lines().next().unwrap_or("").trim_end().len())
    }

    /// Names variables in the copy of a code: an example in it could be run.
    fn name_in_copy(&mut self, range: Range<usize>, shown: Shown) {
        let written = self.origin.text.get(range.clone()).unwrap_or("");
        let first = match shown {
            Shown::Block if written.starts_with(['`', '~']) => written.find('\n').unwrap_or(written.len()),
            Shown::Block | Shown::InLine => 0,
        };
        for (place, name) in self.environment.code.variables.literals(written) {
            // Of the first line only texts are shown; the rest are numbers of lines and the like.
            if place.start >= first || written[..place.start].matches('"').count() % 2 == 1 {
                let place = range.start + place.start..range.start + place.end;
                self.patch(place, Patch::Inline(Copy::of(name)));
            }
        }
    }

    /// Writes a code within a line.
    pub(super) fn code_in_line(&mut self, code: &str, range: Range<usize>) {
        self.name_in_copy(range, Shown::InLine);
        let (html, used) = code::inline(code, self.environment.code.variables);
        self.commands.used.extend(used);
        self.out().raw(&html);
    }

    /// Notes the literals of variables in a text that is not code, except in addresses.
    pub(super) fn prose(&mut self, written: &str, range: &Range<usize>) {
        let variables = self.environment.code.variables;
        if variables.is_empty() {
            return;
        }
        let urls: Vec<_> = urls(written).collect();
        for found in variables.find(written) {
            let Range { start, end } = found.range;
            let after = urls.partition_point(|url| url.end <= start);
            let in_url = urls.get(after).is_some_and(|url| url.contains(&start));
            if found.literal.is_some() && !in_url {
                let span = self.span(range.start + start..range.start + end);
                self.commands.in_prose.push((found.variable, written[start..end].to_owned(), span));
            }
        }
    }

    /// What the item is that begins now.
    pub(super) fn item(&self) -> Item {
        let list = |open: &Open| match open {
            Open::Block(Close::Html(html @ ("</ol>\n" | "</ul>\n"))) => Some(*html),
            _ => None,
        };
        let list = self.open.iter().rev().find_map(list);
        let numbered = self.items.is_empty() && list == Some("</ol>\n");
        if numbered { Item::Numbered } else { Item::Other }
    }

    /// Names the item whose start tag ends at `at`, where it is a step. The name follows from what it says, so what
    /// readers have ticked stays with the step when others come before it.
    pub(super) fn end_step(&mut self, at: usize, item: Item) {
        if self.environment.checklist == Checklist::Leave || self.html.len() > 1 {
            return;
        }
        let said = self.out().text[at..].to_owned();
        if item == Item::Other && !said.starts_with(" class=\"task\"") {
            return;
        }
        let mut name = Digest::of(&[said.as_bytes()]).hex();
        name.truncate(8);
        let count = self.commands.names.entry(name.clone()).or_default();
        *count += 1;
        if *count > 1 {
            name.push_str(&format!("-{count}"));
        }
        self.commands.steps += 1;
        self.out().insert(at, &format!(" data-step=\"{name}\""));
    }
}

fn attribute(wrong: &Wrong, span: Span) -> Diagnostic {
    let (message, help) = match wrong {
        Wrong::Risk { written, near } => {
            let names = Risk::ALL.map(Risk::name).join(", ");
            let help = near.map_or(format!("use one of {names}"), |near| format!("did you mean `{near}`?"));
            (format!("`{written}` is no risk"), help)
        }
        Wrong::Key { written, near } => {
            (format!("a code block has no attribute `{written}`"), format!("did you mean `{near}`?"))
        }
    };
    Diagnostic::new(&CODE_ATTRIBUTE, span, message).help(help)
}
