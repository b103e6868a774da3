//! What each mark hides.
//!
//! Owns the meaning of a mark by where it stands. Where it is unclear what was meant, see `unclear`.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::Redacting;
use super::found::{Found, Hidden, Problem, Sign};
use super::outline::{Leaf, Outline, Sort};
use super::pairs::{self, Pair, line_end, line_start};
use super::spots::{Exactness, Form, Spot, Spots};
use super::strange::{Place, Strange};
use super::{hollow, linked, sections};
use crate::markdown::directives::holds;
use crate::rules::{Rule, VISIBILITY_STRAY, VISIBILITY_UNCLOSED};
use crate::visibility::{Level, What};

/// How often what is hidden may hide something else: a footnote, then the paragraph that only refers to it.
const MOST_ROUNDS: usize = 4;

/// Reads what spots mean.
pub(super) fn decide(
    text: &str,
    outline: &Outline,
    (spots, strange): (Spots, &[Strange]),
    redacting: &Redacting<'_>,
) -> Found {
    let pairs = pairs::of(text, outline);
    let ends = sections::ends(text, outline, &pairs);
    let mut deciding = Deciding {
        text,
        outline,
        pairs: &pairs,
        ends: &ends,
        redacting,
        brackets: brackets(text, outline),
        words: Vec::new(),
        found: Found::default(),
    };
    pairs.iter().for_each(|pair| deciding.pair(pair));
    let opened: HashSet<usize> = spots.lines.iter().map(|line| line.word.start).collect();
    for line in spots.lines {
        deciding.line(&line.range, &line.word);
    }
    for spot in &spots.braces {
        deciding.spot(spot);
    }
    // What begins a line was looked at already.
    for strange in
        strange.iter().filter(|one| one.place != Place::Colons || !opened.contains(&one.range.start))
    {
        deciding.strange(strange);
    }
    deciding.headings();
    let mut found = deciding.found;
    for _ in 0..MOST_ROUNDS {
        hollow::fill(text, outline, &mut found.hidden);
        hollow::parts(text, &pairs, &mut found.hidden);
        let more = linked::follow(outline, &found.hidden);
        if more.is_empty() {
            break;
        }
        found.hidden.extend(more);
    }
    found.hidden.sort_by_key(Hidden::order);
    found.problems.sort_by_key(|problem| (problem.range.start, problem.range.end));
    found.problems.dedup_by(|later, first| first.range.contains(&later.range.start));
    found
}

pub(super) struct Deciding<'a> {
    pub text: &'a str,
    pub outline: &'a Outline,
    pub pairs: &'a [Pair],
    /// Where the section ends of each leaf that is a heading.
    pub ends: &'a [usize],
    pub redacting: &'a Redacting<'a>,
    /// Where brackets close, and where they open.
    pub brackets: HashMap<usize, usize>,
    /// What marks in lines mean, also for those who see it.
    pub words: Vec<Hidden>,
    pub found: Found,
}

impl<'a> Deciding<'a> {
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
            // What was to be hidden may well go on behind the item or the quote.
            self.hide_unclear(pair.whole.start..self.text.len());
        }
        if in_table(self.text, &pair.opening) {
            let message = "a block cannot hide rows of a table";
            let help = format!("set ` {{.{}}}` at the end of each row", pair.name);
            self.report(&VISIBILITY_STRAY, pair.opening.clone(), message.to_owned(), Some(help));
        }
        self.hide(pair.whole.clone(), What::Block, level);
    }

    fn spot(&mut self, spot: &Spot) {
        let at = spot.range.start;
        let leaf = self.leaf(at);
        let fence = leaf.filter(|leaf| leaf.sort == Sort::Fence);
        let in_info = fence.is_some_and(|leaf| at < line_end(self.text, leaf.range.start));
        if !in_info && self.is_text(at) {
            return self.in_code(spot);
        }
        let in_tag = holds(&self.outline.html, at);
        match &spot.form {
            Form::Mark(_) | Form::Among(..) if in_tag => self.stray(&spot.range),
            Form::Mark(level) => self.mark(*level, &spot.range, spot.range.clone(), leaf),
            Form::Among(level, token) => match leaf.map(|leaf| leaf.sort) {
                Some(Sort::Heading(_) | Sort::Doubtful | Sort::Fence) => {
                    self.mark(*level, &spot.range, token.clone(), leaf);
                }
                _ => self.stray(&spot.range),
            },
            Form::Misspelt | Form::Other => self.unknown(&spot.range),
            Form::Bare(exact) => {
                let behind = self.outline.inline.contains_key(&at) || self.text[..at].ends_with([']', ')']);
                if *exact == Exactness::Same || behind {
                    self.unknown(&spot.range);
                }
            }
        }
    }

    /// Whether a mark is plain text: in code, or in a comment that nobody sees.
    pub(super) fn is_text(&self, at: usize) -> bool {
        holds(&self.outline.code, at) || holds(&self.outline.comments, at)
    }

    /// A mark of a level; `token` is what of it goes where the rest stays.
    fn mark(&mut self, level: Level, range: &Range<usize>, token: Range<usize>, leaf: Option<&Leaf>) {
        self.name(level, range);
        let Some(leaf) = leaf else { return self.stray(range) };
        let blank = self.text[..range.start].ends_with([' ', '\t', '\n']);
        let ends = blank && self.ends_leaf(range, leaf);
        match leaf.sort {
            Sort::Fence => self.block(level, leaf, What::Block, token),
            _ if self.is_alone(range, leaf) => self.stray_beside(range),
            Sort::Heading(_) | Sort::Doubtful if ends => {
                let section = leaf.whole.start..self.section_end(leaf);
                self.hide_or_clean(section, What::Section, level, self.with_blanks(token));
            }
            _ if ends => {
                let what = match leaf.sort {
                    Sort::Item | Sort::Term => What::Item,
                    Sort::Row => What::Row,
                    _ => What::Paragraph,
                };
                self.block(level, leaf, what, self.with_blanks(token));
            }
            _ if blank => self.stray(range),
            _ => self.inline(level, range, leaf),
        }
    }

    /// Whether a block is nothing but a mark.
    fn is_alone(&self, mark: &Range<usize>, leaf: &Leaf) -> bool {
        let before = &self.text[leaf.range.start..mark.start];
        let blank = before.bytes().all(|byte| b" \t\n>|#".contains(&byte));
        blank && leaf.whole == leaf.range && self.ends_leaf(mark, leaf)
            || blank && leaf.sort == Sort::Item && self.text[mark.end..leaf.whole.end].trim().is_empty()
    }

    fn block(&mut self, level: Level, leaf: &Leaf, what: What, mark: Range<usize>) {
        self.hide_or_clean(leaf.whole.clone(), what, level, mark);
    }

    /// What stands directly before a mark: an element, or words in brackets.
    fn inline(&mut self, level: Level, mark: &Range<usize>, leaf: &Leaf) {
        if let Some(start) = self.outline.inline.get(&mark.start) {
            self.words.push(Hidden::words(*start..mark.end, level));
            return self.hide_or_clean(*start..mark.end, What::Inline, level, mark.clone());
        }
        let Some(open) = mark.start.checked_sub(1).and_then(|close| self.brackets.get(&close)).copied()
        else {
            return self.stray_from_bracket(mark);
        };
        let words = &self.text[open + 1..mark.start - 1];
        if self.is_sign(words, open, leaf) {
            return self.stray(mark);
        }
        self.words.push(Hidden::words(open..mark.end, level));
        if self.sees(level) {
            self.found.marks.extend([open..open + 1, mark.start - 1..mark.end]);
        } else {
            self.hide(open..mark.end, What::Inline, level);
        }
    }

    /// Whether what stands in brackets is a sign of its own, such as the box of a task or the number of a footnote
    /// that is not there: the rest would stay. Bars part cells.
    fn is_sign(&self, words: &str, open: usize, leaf: &Leaf) -> bool {
        let begins = self.text[leaf.range.start..open].trim().is_empty();
        let bar = |at: usize| !words[..at].ends_with('\\');
        words.starts_with(['!', '^'])
            || words.trim().is_empty()
            || begins && leaf.sort == Sort::Item && matches!(words, "x" | "X")
            || leaf.sort == Sort::Row && words.match_indices('|').any(|(at, _)| bar(at))
    }

    pub(super) fn sees(&self, level: Level) -> bool {
        self.redacting.audience.sees(level)
    }

    fn hide_or_clean(&mut self, range: Range<usize>, what: What, level: Level, mark: Range<usize>) {
        if self.sees(level) { self.found.marks.push(mark) } else { self.hide(range, what, level) }
    }

    fn hide(&mut self, range: Range<usize>, what: What, level: Level) {
        if !self.sees(level) {
            self.found.hidden.push(Hidden { range, what, level: Some(level), sign: Sign::Own });
        }
    }

    pub(super) fn report(
        &mut self,
        rule: &'static Rule,
        range: Range<usize>,
        message: String,
        help: Option<String>,
    ) {
        self.found.problems.push(Problem { rule, range, message, help });
    }

    fn name(&mut self, level: Level, range: &Range<usize>) {
        if level > self.redacting.levels.lowest()
            && self.found.named.as_ref().is_none_or(|n| range.start < n.start)
        {
            self.found.named = Some(range.clone());
        }
    }

    /// The block whose own text holds an offset.
    pub(super) fn leaf(&self, at: usize) -> Option<&'a Leaf> {
        self.outline.leaf(at).map(|number| &self.outline.leaves[number])
    }

    /// Whether nothing of a block's own text follows a mark.
    fn ends_leaf(&self, mark: &Range<usize>, leaf: &Leaf) -> bool {
        let rest = &self.text[mark.end.min(leaf.range.end)..leaf.range.end];
        match leaf.sort {
            Sort::Row => rest.trim_matches([' ', '\t', '|', '\n']).is_empty(),
            Sort::Heading(_) | Sort::Doubtful => {
                rest.trim_matches([' ', '\t', '#', '=', '-', '\n', '>']).is_empty()
            }
            _ => rest.trim_matches([' ', '\t', '\n', '>']).is_empty(),
        }
    }

    /// Where a block ends with all that is beneath it.
    pub(super) fn section_end(&self, leaf: &Leaf) -> usize {
        let number = self.outline.leaf(leaf.range.start);
        number.map_or(leaf.whole.end, |number| self.ends[number].max(leaf.whole.end))
    }

    /// A mark with the blanks before it, and with its line where nothing else stands there.
    fn with_blanks(&self, mark: Range<usize>) -> Range<usize> {
        let start = self.text[..mark.start].trim_end_matches([' ', '\t']).len();
        let before = self.text[..mark.start].trim_end_matches([' ', '\t', '>']);
        let alone = before.ends_with('\n') && line_end(self.text, mark.end) == mark.end;
        if alone { before.len() - 1..mark.end } else { start..mark.end }
    }
}

/// Brackets of a text by where they close: both stand in one block, and neither in code.
fn brackets(text: &str, outline: &Outline) -> HashMap<usize, usize> {
    let (mut pairs, mut open, mut block) = (HashMap::new(), Vec::new(), None);
    let escaped = |at: usize| text[..at].bytes().rev().take_while(|byte| *byte == b'\\').count() % 2 == 1;
    let verbatim =
        |at| [&outline.code, &outline.comments, &outline.html].iter().any(|ranges| holds(ranges, at));
    for (at, bracket) in text.match_indices(['[', ']']) {
        let leaf = outline.leaf(at);
        if block != leaf {
            (block, open) = (leaf, Vec::new());
        }
        if leaf.is_none() || escaped(at) || verbatim(at) {
            continue;
        }
        match bracket {
            "[" => open.push(at),
            _ => pairs.extend(open.pop().map(|start| (at, start))),
        }
    }
    pairs
}

/// Whether rows of a table stand before and behind a line.
fn in_table(text: &str, line: &Range<usize>) -> bool {
    let is_row = |line: &str| line.trim_start_matches([' ', '\t', '>']).starts_with('|');
    let before = text[..line_start(text, line.start)].lines().next_back();
    let after = text[line.end..].lines().nth(1);
    before.is_some_and(is_row) && after.is_some_and(is_row)
}
