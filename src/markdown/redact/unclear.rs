//! What somebody may have meant who wrote something that hides nothing.
//!
//! Owns the problems, and what is hidden with each: rather too much than too little, for such a site is not published.

use std::ops::Range;

use super::decide::Deciding;
use super::found::{Hidden, Sign};
use super::hollow;
use super::outline::Sort;
use super::pairs::{line_end, line_start};
use super::spots::{Form, Spot, meant};
use super::strange::{Place, Strange};
use crate::markdown::directives::{Mark, holds};
use crate::rules::{VISIBILITY_STRAY, VISIBILITY_UNKNOWN};
use crate::source::floor_boundary;
use crate::visibility::What;

/// Brackets in different blocks are looked for no further apart. In bytes.
const MOST_WORDS: usize = 8_000;

impl Deciding<'_> {
    /// A line that looks like the opening of a block.
    pub(super) fn line(&mut self, line: &Range<usize>, word: &Range<usize>) {
        let name = &self.text[word.clone()];
        let levels = self.redacting.levels;
        let known = match self.outline.marks.get(&line.start) {
            Some((Mark::Open { name: read, .. }, _)) => levels.find(name).is_some() && read == name,
            _ => false,
        };
        if known || self.is_text(line.start) && !holds(&self.outline.accidental, line.start) {
            return;
        }
        let near = meant(levels, name)
            .or_else(|| levels.names().find(|level| name.to_lowercase().starts_with(level)));
        let near = near.unwrap_or(levels.name(levels.highest()));
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
        self.hide_from(line.start);
    }

    /// A level in the form of another program.
    pub(super) fn strange(&mut self, strange: &Strange) {
        let at = strange.range.start;
        let may_be_comment = matches!(strange.place, Place::Tag | Place::Stated);
        let in_comment = may_be_comment && holds(&self.outline.comments, at);
        let leaf = self.leaf(at);
        let opens = leaf.is_some_and(|leaf| {
            leaf.sort == Sort::Fence && strange.range.end <= line_end(self.text, leaf.range.start)
        });
        if match strange.place {
            Place::Fence => !opens,
            Place::Stated => self.is_text(at) && !in_comment && !opens,
            Place::Text | Place::Tag | Place::Colons => self.is_text(at) && !in_comment,
        } {
            return;
        }
        let message = format!("`{}` hides nothing", &self.text[strange.range.clone()]);
        let help = match strange.place {
            Place::Stated => {
                "write it in the front matter: between two lines `---` at the very beginning of the file"
            }
            Place::Colons => "write `:::LEVEL` at the beginning of a line of its own",
            _ => "use a block, `:::LEVEL` … `:::`, or a mark, `{.LEVEL}`",
        };
        self.report(&VISIBILITY_STRAY, strange.range.clone(), message, Some(help.to_owned()));
        match strange.place {
            Place::Fence => self.hide_around(&strange.range),
            Place::Stated => self.hide_unclear(0..self.text.len()),
            Place::Text | Place::Tag | Place::Colons => self.hide_line_on(&strange.range),
        }
    }

    /// In code that somebody has fenced it is text; what is code by accident may be a mistake.
    pub(super) fn in_code(&mut self, spot: &Spot) {
        let accidental = holds(&self.outline.accidental, spot.range.start);
        if accidental && matches!(spot.form, Form::Mark(_) | Form::Misspelt) {
            self.stray(&spot.range);
        }
    }

    /// Hides from all but those who see everything.
    pub(super) fn hide_unclear(&mut self, range: Range<usize>) {
        if !self.sees(self.redacting.levels.highest()) {
            self.found.hidden.push(Hidden { range, what: What::Block, level: None, sign: Sign::Own });
        }
    }

    /// Hides all from an offset on to the end of the directive or of the container around it.
    pub(super) fn hide_from(&mut self, at: usize) {
        let number = self.pairs.binary_search_by_key(&at, |pair| pair.opening.start);
        let whole = number.ok().map(|number| self.pairs[number].whole.clone());
        let around = || at..self.outline.containers[self.outline.around(&(at..at))].range.end.max(at);
        self.hide_unclear(whole.unwrap_or_else(around));
    }

    /// Hides all from the line of something on to the end of the directive that the line opens, or of the container that
    /// the thing stands in.
    fn hide_line_on(&mut self, range: &Range<usize>) {
        let at = line_start(self.text, range.start);
        if self.pairs.binary_search_by_key(&at, |pair| pair.opening.start).is_ok() {
            return self.hide_from(at);
        }
        let around = &self.outline.containers[self.outline.around(range)].range;
        self.hide_unclear(at..around.end.max(range.end));
    }

    pub(super) fn unknown(&mut self, range: &Range<usize>) {
        let written = self.text[range.clone()].to_owned();
        let levels = self.redacting.levels;
        let name = written.trim_matches(|c: char| !c.is_alphanumeric());
        let near = levels.near(name).map(|near| format!("did you mean `{{.{near}}}`?"));
        let help = near.unwrap_or_else(|| format!("use one of {}, written `{{.LEVEL}}`", levels.listed()));
        self.report(&VISIBILITY_UNKNOWN, range.clone(), format!("`{written}` names no level"), Some(help));
        self.hide_around(range);
    }

    pub(super) fn stray(&mut self, range: &Range<usize>) {
        let message = format!("`{}` hides nothing where it stands", &self.text[range.clone()]);
        let help = "put the words in brackets, `[these words]{.LEVEL}`, or set the mark at the end of what is to be hidden";
        self.report(&VISIBILITY_STRAY, range.clone(), message, Some(help.to_owned()));
        self.hide_around(range);
    }

    /// A mark that is all of a block: other programs have such lines before or behind what they mean.
    pub(super) fn stray_beside(&mut self, range: &Range<usize>) {
        self.stray(range);
        let Some(number) = self.outline.leaf(range.start) else { return };
        for beside in [number.checked_sub(1), Some(number + 1)].into_iter().flatten() {
            if let Some(leaf) = self.outline.leaves.get(beside) {
                self.hide_unclear(leaf.whole.clone());
            }
        }
    }

    /// A mark behind brackets that open in another block.
    pub(super) fn stray_from_bracket(&mut self, mark: &Range<usize>) {
        self.stray(mark);
        let from = floor_boundary(self.text, mark.start.saturating_sub(MOST_WORDS));
        let bracket = self.text[..mark.start].ends_with(']').then(|| self.text[from..mark.start].rfind('['));
        if let Some(open) = bracket.flatten() {
            let leaf = self.leaf(from + open).map_or(from + open, |leaf| leaf.whole.start);
            self.hide_unclear(leaf..mark.end);
        }
    }

    /// Headings of which no words are left: was the heading meant, or its section?
    pub(super) fn headings(&mut self) {
        for number in hollow::headings(self.text, self.outline, &self.words) {
            let leaf = &self.outline.leaves[number];
            let line = leaf.range.start..line_end(self.text, leaf.range.start);
            let help = "to hide the section, set ` {.LEVEL}` at the end of the heading";
            let message = "nothing is left of this heading, but its section stays".to_owned();
            self.report(&VISIBILITY_STRAY, line, message, Some(help.to_owned()));
            self.hide_unclear(leaf.whole.start..self.section_end(leaf));
        }
    }

    /// Hides the block around something unclear.
    pub(super) fn hide_around(&mut self, range: &Range<usize>) {
        let number = self.pairs.partition_point(|pair| pair.opening.start <= range.start);
        let directive = number.checked_sub(1).map(|last| &self.pairs[last]);
        let directive = directive.filter(|pair| pair.opening.contains(&range.start));
        let whole = self.leaf(range.start).map(|leaf| leaf.whole.start..self.section_end(leaf));
        let whole = directive.map(|pair| pair.whole.clone()).or(whole);
        let line = || line_start(self.text, range.start)..line_end(self.text, range.end);
        self.hide_unclear(whole.unwrap_or_else(line));
    }
}
