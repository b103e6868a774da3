//! What each mark hides.
//!
//! Owns the meaning of a mark by where it stands, and what is wrong with those that mean nothing. Where it is unclear
//! what was meant, the whole block is hidden.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::ops::Range;

use super::Redacting;
use super::outline::{Label, Leaf, Outline, Sort};
use super::pairs::{self, Pair, line_end};
use super::spots::{Exactness, Form, Spot, Spots, meant};
use crate::markdown::directives::{Mark, holds};
use crate::rules::{Rule, VISIBILITY_STRAY, VISIBILITY_UNCLOSED, VISIBILITY_UNKNOWN};
use crate::source::{Span, floor_boundary};
use crate::visibility::{Level, What, Why, Withheld};

/// Words in brackets are not longer. In bytes.
const MOST_WORDS: usize = 8_000;

/// What is to be taken out of a text.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// What the audience may not see, sorted; ranges may lie in one another.
    pub hidden: Vec<Hidden>,
    /// Marks of which only the text behind them stays.
    pub marks: Vec<Range<usize>>,
    pub named: Option<Range<usize>>,
    pub problems: Vec<Problem>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Hidden {
    pub range: Range<usize>,
    pub what: What,
    /// `None` where it is unclear what was meant.
    pub level: Option<Level>,
}

#[derive(Debug)]
pub(super) struct Problem {
    pub rule: &'static Rule,
    pub range: Range<usize>,
    pub message: String,
    pub help: Option<String>,
}

impl Found {
    /// Whether the text has nothing to do with levels after all.
    pub fn is_empty(&self) -> bool {
        self.hidden.is_empty() && self.marks.is_empty() && self.named.is_none() && self.problems.is_empty()
    }
}

impl Hidden {
    /// Outer ones come before inner ones.
    fn order(&self) -> (usize, Reverse<usize>) {
        (self.range.start, Reverse(self.range.end))
    }

    pub fn withheld(&self, span: Span) -> Withheld {
        Withheld { span, what: self.what, why: self.level.map_or(Why::Unclear, Why::Level) }
    }
}

/// Of several ranges in one another, in order, only the outer ones.
pub(super) fn outermost(hidden: &[Hidden]) -> Vec<&Hidden> {
    let mut outer: Vec<&Hidden> = Vec::new();
    for hidden in hidden {
        if outer.last().is_none_or(|last| last.range.end < hidden.range.end) {
            outer.push(hidden);
        }
    }
    outer
}

/// Reads what spots mean.
pub(super) fn decide(text: &str, outline: &Outline, spots: Spots, redacting: &Redacting<'_>) -> Found {
    let pairs = pairs::of(text, outline);
    let mut deciding = Deciding { text, outline, pairs: &pairs, redacting, found: Found::default() };
    pairs.iter().for_each(|pair| deciding.pair(pair));
    for line in spots.lines {
        deciding.line(&line.range, &line.word);
    }
    for spot in &spots.braces {
        deciding.spot(spot);
    }
    deciding.definitions();
    let mut found = deciding.found;
    found.hidden.sort_by_key(Hidden::order);
    found
}

struct Deciding<'a> {
    text: &'a str,
    outline: &'a Outline,
    pairs: &'a [Pair],
    redacting: &'a Redacting<'a>,
    found: Found,
}

impl<'a> Deciding<'a> {
    /// What only hidden text refers to is hidden with it.
    fn definitions(&mut self) {
        self.found.hidden.sort_by_key(Hidden::order);
        let outer: Vec<Hidden> = outermost(&self.found.hidden).into_iter().cloned().collect();
        let within = |at: usize| {
            let behind = outer.partition_point(|hidden| hidden.range.start <= at);
            behind.checked_sub(1).map(|last| &outer[last]).filter(|hidden| at < hidden.range.end)
        };
        let mut places: HashMap<&Label, Vec<usize>> = HashMap::new();
        self.outline.references.iter().for_each(|(to, at)| places.entry(to).or_default().push(*at));
        for (label, range) in &self.outline.definitions {
            let Some(places) = places.get(label) else { continue };
            let holders: Option<Vec<&Hidden>> = places.iter().map(|at| within(*at)).collect();
            if let Some(first) = holders.as_ref().and_then(|holders| holders.first()) {
                let hidden = Hidden { range: range.clone(), what: What::Block, level: first.level };
                self.found.hidden.push(hidden);
            }
        }
    }

    /// A directive that is named like a level.
    fn pair(&mut self, pair: &Pair) {
        let Some(level) = self.redacting.levels.find(&pair.name) else { return };
        if !self.text[pair.opening.clone()].trim_start_matches(':').trim_start().starts_with(&pair.name) {
            // Written with capitals; reported with the other lines.
            self.hide_unclear(pair.whole.clone());
            return;
        }
        self.name(level, &pair.opening);
        if !pair.closed {
            let message = format!("`:::{}` is not closed", pair.name);
            let help = "close it with as many colons, in the same list item or quote";
            self.report(&VISIBILITY_UNCLOSED, pair.opening.clone(), message, Some(help.to_owned()));
        }
        if in_table(self.text, &pair.opening) {
            let message = "a block cannot hide rows of a table";
            let help = format!("set ` {{.{}}}` at the end of each row", pair.name);
            self.report(&VISIBILITY_STRAY, pair.opening.clone(), message.to_owned(), Some(help));
        }
        self.hide(pair.whole.clone(), What::Block, level);
    }

    /// A line that looks like the opening of a block.
    fn line(&mut self, line: &Range<usize>, word: &Range<usize>) {
        let name = &self.text[word.clone()];
        let levels = self.redacting.levels;
        let known = match self.outline.marks.get(&line.start) {
            Some((Mark::Open { name: read, .. }, _)) => levels.find(name).is_some() && read == name,
            _ => false,
        };
        if known || self.is_fenced(line.start) {
            return;
        }
        let near = meant(levels, name)
            .or_else(|| levels.names().find(|level| name.to_lowercase().starts_with(level)));
        let near = near.unwrap_or("internal");
        if levels.find(name).is_some() {
            let message = format!("`{}` hides nothing here", &self.text[line.clone()]);
            let help =
                format!("write `:::{near}` on a line of its own, with the indent of the text around it");
            self.report(&VISIBILITY_STRAY, line.clone(), message, Some(help));
        } else {
            let message = format!("there is no level `{name}`");
            let help = format!("did you mean `:::{near}`?");
            self.report(&VISIBILITY_UNKNOWN, line.clone(), message, Some(help));
        }
        // What follows was perhaps meant to be hidden.
        let number = self.pairs.binary_search_by_key(&line.start, |pair| pair.opening.start);
        let whole = number.ok().map(|number| self.pairs[number].whole.clone());
        self.hide_unclear(whole.unwrap_or(line.start..self.container_end(line.start)));
    }

    fn spot(&mut self, spot: &Spot) {
        let at = spot.range.start;
        let leaf = self.leaf(at);
        let fence = leaf.filter(|leaf| leaf.sort == Sort::Fence);
        let in_info = fence.is_some_and(|leaf| at < line_end(self.text, leaf.range.start));
        if !in_info && holds(&self.outline.verbatim, at) {
            return self.in_code(spot);
        }
        match &spot.form {
            Form::Mark(level) => self.mark(*level, &spot.range, spot.range.clone(), leaf),
            Form::Among(level, token) => match leaf.map(|leaf| leaf.sort) {
                Some(Sort::Heading(_) | Sort::Fence) => self.mark(*level, &spot.range, token.clone(), leaf),
                _ => self.stray(&spot.range),
            },
            Form::Misspelt | Form::Other => self.unknown(&spot.range),
            Form::Bare(exact) => {
                let behind = self.text[..at].ends_with([']', ')']);
                if behind || *exact == Exactness::Same && self.ends_leaf(&spot.range, leaf) {
                    self.unknown(&spot.range);
                }
            }
        }
    }

    /// In code that somebody has fenced it is text; a line that is code by its indent alone may be a mistake.
    fn in_code(&mut self, spot: &Spot) {
        let indented = holds(&self.outline.indented, spot.range.start);
        if indented && matches!(spot.form, Form::Mark(_) | Form::Misspelt) {
            self.stray(&spot.range);
        }
    }

    /// A mark of a level; `token` is what of it goes where the rest stays.
    fn mark(&mut self, level: Level, range: &Range<usize>, token: Range<usize>, leaf: Option<&Leaf>) {
        self.name(level, range);
        let Some(leaf) = leaf else { return self.stray(range) };
        let blank = self.text[..range.start].ends_with([' ', '\t', '\n']);
        match leaf.sort {
            Sort::Fence => self.block(level, leaf, What::Block, token),
            Sort::Heading(depth) if blank && self.ends_leaf(range, Some(leaf)) => {
                let section = leaf.whole.start..self.section_end(leaf, depth);
                self.hide_or_clean(section, What::Section, level, self.with_blanks(token));
            }
            _ if blank && self.ends_leaf(range, Some(leaf)) => {
                let what = match leaf.sort {
                    Sort::Item => What::Item,
                    Sort::Row => What::Row,
                    _ => What::Paragraph,
                };
                self.block(level, leaf, what, self.with_blanks(token));
            }
            _ if blank => self.stray(range),
            _ => self.inline(level, range, leaf),
        }
    }

    fn block(&mut self, level: Level, leaf: &Leaf, what: What, mark: Range<usize>) {
        self.hide_or_clean(leaf.whole.clone(), what, level, mark);
    }

    /// What stands directly before a mark: an element, or words in brackets.
    fn inline(&mut self, level: Level, mark: &Range<usize>, leaf: &Leaf) {
        if let Some(start) = self.outline.inline.get(&mark.start) {
            return self.words(*start..mark.end, level, mark, leaf);
        }
        let Some(open) = self.bracket(leaf.range.start, mark.start) else { return self.stray(mark) };
        if self.sees(level) {
            self.found.marks.extend([open..open + 1, mark.start - 1..mark.end]);
        } else {
            self.words(open..mark.end, level, mark, leaf);
        }
    }

    /// Words, or the paragraph or item that holds nothing else.
    fn words(&mut self, range: Range<usize>, level: Level, mark: &Range<usize>, leaf: &Leaf) {
        let before = self.text[leaf.range.start..range.start].trim();
        let alone =
            matches!(leaf.sort, Sort::Paragraph) && before.is_empty() && self.ends_leaf(&range, Some(leaf));
        match alone && !self.sees(level) {
            true => self.hide(leaf.whole.clone(), What::Paragraph, level),
            false => self.hide_or_clean(range, What::Inline, level, mark.clone()),
        }
    }

    /// Where the bracket opens that is closed before `end`.
    fn bracket(&self, start: usize, end: usize) -> Option<usize> {
        let start = start.max(floor_boundary(self.text, end.saturating_sub(MOST_WORDS)));
        let text = self.text[start..end].strip_suffix(']')?;
        let mut depth = 1;
        for (at, _) in text.rmatch_indices(['[', ']']) {
            let (place, escaped) =
                (start + at, text[..at].bytes().rev().take_while(|b| *b == b'\\').count() % 2 == 1);
            if escaped || holds(&self.outline.verbatim, place) {
                continue;
            }
            depth = if text[at..].starts_with(']') { depth + 1 } else { depth - 1 };
            if depth == 0 {
                return Some(place);
            }
        }
        None
    }

    fn sees(&self, level: Level) -> bool {
        self.redacting.audience.sees(level)
    }

    fn hide_or_clean(&mut self, range: Range<usize>, what: What, level: Level, mark: Range<usize>) {
        if self.sees(level) { self.found.marks.push(mark) } else { self.hide(range, what, level) }
    }

    fn hide(&mut self, range: Range<usize>, what: What, level: Level) {
        if !self.sees(level) {
            self.found.hidden.push(Hidden { range, what, level: Some(level) });
        }
    }

    /// Hides from all but those who see everything.
    fn hide_unclear(&mut self, range: Range<usize>) {
        if !self.sees(self.redacting.levels.highest()) {
            self.found.hidden.push(Hidden { range, what: What::Block, level: None });
        }
    }

    fn unknown(&mut self, range: &Range<usize>) {
        let written = self.text[range.clone()].to_owned();
        let levels = self.redacting.levels;
        let name = written.trim_matches(|c: char| !c.is_alphanumeric());
        let near = levels.near(name).map(|near| format!("did you mean `{{.{near}}}`?"));
        let help = near.unwrap_or_else(|| format!("use one of {}, written `{{.LEVEL}}`", levels.listed()));
        self.report(&VISIBILITY_UNKNOWN, range.clone(), format!("`{written}` names no level"), Some(help));
        self.hide_around(range);
    }

    fn stray(&mut self, range: &Range<usize>) {
        let message = format!("`{}` hides nothing where it stands", &self.text[range.clone()]);
        let help = "put the words in brackets, `[these words]{.LEVEL}`, or set the mark at the end of what is to be hidden";
        self.report(&VISIBILITY_STRAY, range.clone(), message, Some(help.to_owned()));
        self.hide_around(range);
    }

    /// Hides the block around something unclear.
    fn hide_around(&mut self, range: &Range<usize>) {
        let whole = self.leaf(range.start).map(|leaf| leaf.whole.clone());
        let line =
            || self.text[..range.start].rfind('\n').map_or(0, |at| at + 1)..line_end(self.text, range.end);
        let whole = whole.unwrap_or_else(line);
        self.hide_unclear(whole);
    }

    fn report(&mut self, rule: &'static Rule, range: Range<usize>, message: String, help: Option<String>) {
        self.found.problems.push(Problem { rule, range, message, help });
    }

    fn name(&mut self, level: Level, range: &Range<usize>) {
        if level > self.redacting.levels.lowest()
            && self.found.named.as_ref().is_none_or(|n| range.start < n.start)
        {
            self.found.named = Some(range.clone());
        }
    }

    /// The innermost block whose own text holds an offset.
    fn leaf(&self, at: usize) -> Option<&'a Leaf> {
        let leaves: &'a [Leaf] = &self.outline.leaves;
        let behind = leaves.partition_point(|leaf| leaf.range.start <= at);
        leaves[..behind].iter().rev().take(64).find(|leaf| at < leaf.range.end)
    }

    /// Whether nothing of a block's own text follows a mark.
    fn ends_leaf(&self, mark: &Range<usize>, leaf: Option<&Leaf>) -> bool {
        let Some(leaf) = leaf else { return false };
        let rest = &self.text[mark.end.min(leaf.range.end)..leaf.range.end];
        match leaf.sort {
            Sort::Row => rest.trim_matches([' ', '\t', '|', '\n']).is_empty(),
            Sort::Heading(_) => rest.trim_matches([' ', '\t', '#', '=', '-', '\n', '>']).is_empty(),
            _ => rest.trim_matches([' ', '\t', '\n', '>']).is_empty(),
        }
    }

    /// Where the section of a heading ends: at the next one of its weight, or with what the heading stands in.
    fn section_end(&self, heading: &Leaf, depth: u8) -> usize {
        let ends = |leaf: &&Leaf| {
            leaf.range.start > heading.range.start
                && leaf.container == heading.container
                && matches!(leaf.sort, Sort::Heading(other) if other <= depth)
        };
        let behind = self.outline.leaves.partition_point(|leaf| leaf.range.start <= heading.range.start);
        let next = self.outline.leaves[behind..].iter().find(ends).map(|leaf| leaf.range.start);
        let around = self.pairs.iter().filter(|pair| pair.whole.contains(&heading.range.start));
        let around = around.map(|pair| match pair.closed {
            true => line_start(self.text, pair.whole.end),
            false => pair.whole.end,
        });
        let container = self.outline.containers[heading.container].end;
        around.chain(next).chain([container]).min().unwrap_or(container)
    }

    fn container_end(&self, at: usize) -> usize {
        let around = self.outline.containers.iter().filter(|range| range.contains(&at));
        around.map(|range| range.end).min().unwrap_or(self.text.len())
    }

    fn is_fenced(&self, at: usize) -> bool {
        holds(&self.outline.verbatim, at) && !holds(&self.outline.indented, at)
    }

    /// A mark with the blanks before it.
    fn with_blanks(&self, mark: Range<usize>) -> Range<usize> {
        self.text[..mark.start].trim_end_matches([' ', '\t']).len()..mark.end
    }
}

fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |line| line + 1)
}

/// Whether rows of a table stand before and behind a line.
fn in_table(text: &str, line: &Range<usize>) -> bool {
    let is_row = |line: &str| line.trim_start_matches([' ', '\t', '>']).starts_with('|');
    let before = text[..line_start(text, line.start)].lines().next_back();
    let after = text[line.end..].lines().nth(1);
    before.is_some_and(is_row) && after.is_some_and(is_row)
}
