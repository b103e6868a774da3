//! Finds the lists of people in the blocks of a text.
//!
//! Owns where such a list begins and ends, and which of its entries are withheld: those that name people. A pure
//! function of the blocks and the classifier.

use std::ops::Range;

use super::blocks::{ListItem, ParticipantBlocks, TopBlock, TopBlockType};
use super::doubts::{Doubt, DoubtReason};
use super::entries::{EntryTally, WeighedItem, weigh};
use super::{HeadingMeaning, ParticipantClassifier, PersonEntry};

/// The withheld parts of a text.
#[derive(Debug, Default)]
pub struct WithheldParticipants {
    /// In order, without overlaps.
    pub ranges: Vec<Range<usize>>,
    pub doubts: Vec<Doubt>,
}

/// Finds the withheld parts of a text.
pub fn find_people(
    blocks: &ParticipantBlocks,
    classifier: ParticipantClassifier<'_>,
) -> WithheldParticipants {
    let mut search = ParticipantSearch {
        text: &blocks.text,
        tops: &blocks.tops,
        items: &blocks.items,
        weighed: weigh(&blocks.items, classifier),
        first_text: blocks.tops.iter().position(|top| top.shape != TopBlockType::Heading),
        classifier,
        found: WithheldParticipants::default(),
    };
    let mut at = 0;
    while at < search.tops.len() {
        at = search.section(at).unwrap_or(at + 1);
    }
    search.labelled_items();
    // `remaining` searches the ranges by their order, and reports only lists that are not withheld.
    search.found.ranges = merged(search.found.ranges);
    search.remaining();
    search.found
}

/// Sorts ranges and merges those that touch or overlap.
fn merged(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.retain(|range| !range.is_empty());
    ranges.sort_by_key(|range| range.start);
    let mut merged: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match merged.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    merged
}

struct ParticipantSearch<'s> {
    text: &'s str,
    tops: &'s [TopBlock],
    items: &'s [ListItem],
    /// The classification of each item.
    weighed: Vec<WeighedItem>,
    /// The index of the first block that is not a heading.
    first_text: Option<usize>,
    classifier: ParticipantClassifier<'s>,
    found: WithheldParticipants,
}

impl ParticipantSearch<'_> {
    /// Withholds the list of people that begins with the block at index `at`, if there is one. Returns the index of the
    /// block after it.
    fn section(&mut self, at: usize) -> Option<usize> {
        let top = &self.tops[at];
        match top.shape {
            TopBlockType::Heading | TopBlockType::Html => {
                let label = (self.classifier.label)(top.text.trim());
                if !matches!(label, HeadingMeaning::People | HeadingMeaning::Perhaps) {
                    return None;
                }
                let end = self.section_end(at, label);
                self.decide(label, self.start(top), at + 1..end).then_some(end)
            }
            TopBlockType::Paragraph => {
                // A paragraph is a label only if a list, or a paragraph of names, follows it directly.
                let is_above_people = self.tops.get(at + 1).is_some_and(|next| match next.shape {
                    TopBlockType::List => true,
                    TopBlockType::Paragraph => (self.classifier.entry)(&next.text).is_sure(),
                    _ => false,
                });
                let label = self.lone_label(&top.text).filter(|_| is_above_people);
                if label.is_some_and(|label| self.decide(label, top.range.start, at + 1..at + 2)) {
                    return Some(at + 2);
                }
                self.labelled_lines(at);
                self.first_list(at)
            }
            TopBlockType::List => self.first_list(at),
            _ => None,
        }
    }

    /// Withholds the blocks below a label, from byte `start` on, if they are people. Returns whether the section was
    /// handled: it was withheld, or its label means people.
    fn decide(&mut self, label: HeadingMeaning, start: usize, tops: Range<usize>) -> bool {
        let tally = self.tally(tops.clone());
        let hides = match label {
            HeadingMeaning::People => tally.people + tally.mixed.len() > 0 || tally.notes.is_empty(),
            HeadingMeaning::Perhaps => tally.people > 0 && tally.people * 2 >= tally.entries,
            HeadingMeaning::Other | HeadingMeaning::Nothing => return false,
        };
        if !hides {
            if label == HeadingMeaning::People {
                self.doubt(DoubtReason::Shown, &tally.notes);
            }
            return label == HeadingMeaning::People;
        }
        let end = self.begins(tops.end);
        let mut from = start;
        for notes in &tally.notes {
            self.found.ranges.push(from..notes.start);
            from = notes.end;
        }
        // The text after notes keeps its distance from them.
        let kept =
            if tally.notes.is_empty() { end } else { from + self.text[from..end.max(from)].trim_end().len() };
        self.found.ranges.push(from..kept);
        self.doubt(DoubtReason::Hidden, &tally.mixed);
        self.doubt(DoubtReason::Shown, &tally.notes);
        true
    }

    fn doubt(&mut self, why: DoubtReason, places: &[Range<usize>]) {
        if let Some(first) = places.first() {
            self.found.doubts.push(Doubt { why, count: places.len(), range: first.clone() });
        }
    }

    /// Withholds a list of people, or a line of handles, directly below the title or the date.
    fn first_list(&mut self, at: usize) -> Option<usize> {
        let above = &self.tops[..at];
        // Only headings are above the first text, and one of them is the title.
        let title = self.first_text == Some(at);
        let dated = above
            .last()
            .is_some_and(|top| top.shape == TopBlockType::Heading && (self.classifier.dated)(&top.text));
        if !(title && !above.is_empty() || dated) || self.labels_something(at) {
            return None;
        }
        let top = &self.tops[at];
        let entries: Vec<PersonEntry> = match top.shape {
            TopBlockType::List => self.direct(top).map(|item| self.entry(item)).collect(),
            _ => top.text.split([',', '\n']).map(|part| (self.classifier.entry)(part)).collect(),
        };
        let count = entries.iter().filter(|entry| **entry != PersonEntry::Empty).count();
        let of = |wanted: PersonEntry| entries.iter().filter(|entry| **entry == wanted).count();
        let (handles, sure) = (of(PersonEntry::Handle), of(PersonEntry::Handle) + of(PersonEntry::Name));
        // A list with handles may have one other entry in five. A list of names only is a guess, which is reported.
        if handles > 0
            && (sure + of(PersonEntry::Word)) * 5 >= count * 4
            && (count > 1 || top.shape == TopBlockType::List)
        {
            self.found.ranges.push(top.range.clone());
        } else if top.shape == TopBlockType::List && count > 1 && sure == count {
            self.found.ranges.push(top.range.clone());
            self.found.doubts.push(Doubt { why: DoubtReason::Guessed, count, range: top.range.clone() });
        } else {
            return None;
        }
        Some(at + 1)
    }

    /// Whether the heading above a block names something other than people.
    fn labels_something(&self, at: usize) -> bool {
        let above = self.tops[..at].last();
        above.is_some_and(|top| (self.classifier.label)(top.text.trim()) == HeadingMeaning::Other)
    }

    /// Withholds the lines of a paragraph that begin with a label such as `Participants: …`, and the lines that
    /// continue them.
    fn labelled_lines(&mut self, number: usize) {
        let top = &self.tops[number];
        let (mut hidden, mut lines) = (false, Vec::new());
        let mut at = top.range.start;
        let mut mixed = Vec::new();
        for line in self.text[top.range.clone()].split_inclusive('\n') {
            let range = at..at + line.len();
            at = range.end;
            let (label, rest) = labelled(line);
            hidden = match label {
                Some(label) if self.names_people(label, rest) => true,
                Some(_) => {
                    hidden
                        && !matches!((self.classifier.entry)(rest), PersonEntry::Notes | PersonEntry::Empty)
                }
                None => hidden,
            };
            if hidden {
                if matches!((self.classifier.entry)(rest), PersonEntry::Notes | PersonEntry::Mixed) {
                    mixed.push(range.clone());
                }
                lines.push(range);
            }
        }
        match merged(lines).as_slice() {
            // The blank lines after a paragraph are withheld with it.
            [all] if *all == top.range => self.found.ranges.push(all.start..self.begins(number + 1)),
            lines => self.found.ranges.extend_from_slice(lines),
        }
        self.doubt(DoubtReason::Hidden, &mixed);
    }

    /// The offset where a block begins, or the end of the text.
    fn begins(&self, number: usize) -> usize {
        self.tops.get(number).map_or(self.text.len(), |top| top.range.start)
    }

    /// Whether the text after a label and a colon names people.
    fn names_people(&self, label: &str, rest: &str) -> bool {
        match (self.classifier.label)(label) {
            HeadingMeaning::People => true,
            HeadingMeaning::Perhaps => {
                matches!((self.classifier.entry)(rest), PersonEntry::Handle | PersonEntry::Name)
            }
            HeadingMeaning::Other | HeadingMeaning::Nothing => false,
        }
    }

    /// The meaning of a text that consists of a label, with or without a colon.
    fn lone_label(&self, text: &str) -> Option<HeadingMeaning> {
        let text = text.trim().trim_end_matches([':', ' ', '*']);
        let label = (!text.contains(['\n', ':'])).then(|| (self.classifier.label)(text))?;
        matches!(label, HeadingMeaning::People | HeadingMeaning::Perhaps).then_some(label)
    }

    /// Withholds items that begin with a label, or are the label of a nested list.
    fn labelled_items(&mut self) {
        for (at, item) in self.items.iter().enumerate() {
            let first = item.text.lines().next().unwrap_or_default();
            let (label, rest) = labelled(first);
            let beneath = self.weighed[at];
            let lone = self.lone_label(&item.text).filter(|_| item.holds_list);
            let hides = label.is_some_and(|label| self.names_people(label, rest))
                || lone == Some(HeadingMeaning::People)
                || lone == Some(HeadingMeaning::Perhaps)
                    && beneath.people > 0
                    && beneath.people * 2 >= beneath.entries;
            if hides {
                self.found.ranges.push(item.range.clone());
                if beneath.notes > 0 {
                    let (why, count, range) = (DoubtReason::Hidden, beneath.notes, item.range.clone());
                    self.found.doubts.push(Doubt { why, count, range });
                }
            }
        }
    }

    /// Reports lists of handles that are not withheld.
    fn remaining(&mut self) {
        let mut other = false;
        for top in self.tops {
            if top.shape == TopBlockType::Heading {
                other = (self.classifier.label)(top.text.trim()) == HeadingMeaning::Other;
            }
            let next = self.found.ranges.partition_point(|range| range.end <= top.range.start);
            let hidden = self.found.ranges.get(next).is_some_and(|range| range.start < top.range.end);
            if top.shape != TopBlockType::List || other || hidden {
                continue;
            }
            let entries: Vec<PersonEntry> = self
                .direct(top)
                .map(|item| self.entry(item))
                .filter(|entry| *entry != PersonEntry::Empty)
                .collect();
            let handles = entries.iter().filter(|entry| **entry == PersonEntry::Handle).count();
            if handles > 1 && handles * 5 >= entries.len() * 4 {
                let (count, range) = (entries.len(), top.range.clone());
                self.found.doubts.push(Doubt { why: DoubtReason::Remains, count, range });
            }
        }
    }

    /// The index after the last block of a heading's section.
    fn section_end(&self, at: usize, label: HeadingMeaning) -> usize {
        // The content of a `<details>` element ends with it.
        let written = |at: usize| &self.text[self.tops[at].range.clone()];
        let fold = written(at).contains("<details");
        let closed = |at: usize| fold && written(at).starts_with("</details");
        let goes_on = |next: &usize| self.goes_on(*next, label) && !closed(next - 1);
        (at + 1..self.tops.len()).take_while(goes_on).last().map_or(at + 1, |last| last + 1)
    }

    /// Whether a section with label `begun` continues with the block at an index.
    fn goes_on(&self, at: usize, begun: HeadingMeaning) -> bool {
        let top = &self.tops[at];
        match top.shape {
            TopBlockType::Rule => false,
            TopBlockType::Heading => match (self.classifier.label)(top.text.trim()) {
                HeadingMeaning::People | HeadingMeaning::Perhaps => begun == HeadingMeaning::People,
                HeadingMeaning::Other => false,
                // A heading such as `### Team A` above more people.
                HeadingMeaning::Nothing => {
                    (self.classifier.entry)(&top.text) == PersonEntry::Handle
                        || self.tops.get(at + 1).is_some_and(|next| {
                            !next.items.is_empty() && self.direct(next).all(|item| self.entry(item).is_sure())
                        })
                }
            },
            _ => match (self.classifier.label)(&top.text) {
                HeadingMeaning::Other => false,
                // A block of raw HTML is a label as well. A section that may not be one ends there as at a heading;
                // otherwise each of many such labels would read all blocks below it.
                HeadingMeaning::People | HeadingMeaning::Perhaps if top.shape == TopBlockType::Html => {
                    begun == HeadingMeaning::People
                }
                _ => true,
            },
        }
    }

    /// Classifies the entries of some blocks.
    fn tally(&self, tops: Range<usize>) -> EntryTally {
        let mut tally = EntryTally::default();
        for at in tops {
            let top = &self.tops[at];
            match top.shape {
                TopBlockType::Paragraph => {
                    // A paragraph above a list of notes introduces that list.
                    let entry = match (self.classifier.entry)(&top.text) {
                        PersonEntry::Unclear if self.notes_follow(at) => PersonEntry::Notes,
                        entry => entry,
                    };
                    tally.add(entry, &top.text, top.range.clone());
                }
                TopBlockType::List | TopBlockType::Table => {
                    for item in self.direct(top) {
                        // A row cannot be shown outside its table.
                        let entry = match self.entry(item) {
                            PersonEntry::Notes if top.shape == TopBlockType::Table => PersonEntry::Mixed,
                            entry => entry,
                        };
                        tally.add(entry, &self.items[item].text, self.items[item].range.clone());
                    }
                }
                _ => {}
            }
        }
        tally
    }

    fn notes_follow(&self, at: usize) -> bool {
        let next = self.tops.get(at + 1).filter(|next| next.shape == TopBlockType::List);
        next.is_some_and(|next| self.direct(next).all(|item| self.entry(item) == PersonEntry::Notes))
    }

    /// The items of the outermost list of a block, or the rows of a table.
    fn direct(&self, top: &TopBlock) -> impl Iterator<Item = usize> {
        top.items.clone().filter(|at| self.items[*at].parent.is_none())
    }

    /// The classification of an item together with its nested items.
    fn entry(&self, at: usize) -> PersonEntry {
        self.weighed[at].entry
    }

    /// The offset where the withheld text begins: after the date in `# 2026-03-01 ## Participants`.
    fn start(&self, top: &TopBlock) -> usize {
        let written = &self.text[top.range.clone()];
        let merged = written.match_indices(" #").map(|(at, _)| at).find(|at| {
            let label = written[*at..].trim_start_matches([' ', '#']).trim();
            let names =
                matches!((self.classifier.label)(label), HeadingMeaning::People | HeadingMeaning::Perhaps);
            names && written[..*at].contains(char::is_alphanumeric)
        });
        top.range.start + merged.unwrap_or(0)
    }
}

/// Splits a line into its label and the text after the colon. Without a label, returns the whole line.
fn labelled(line: &str) -> (Option<&str>, &str) {
    let marks = |c: char| c.is_whitespace() || matches!(c, '*' | '_' | '\\');
    let line = line.trim_matches(marks);
    match line.split_once(':') {
        Some((label, rest))
            if (1..60).contains(&label.trim_matches(marks).len()) && !rest.starts_with("//") =>
        {
            (Some(label.trim_matches(marks)), rest.trim_start_matches(marks))
        }
        _ => (None, line),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::Dialect;
    use crate::markdown::notes::Flavor;
    use crate::markdown::syntax::{Extensions, Syntax};

    fn label(text: &str) -> HeadingMeaning {
        match text.trim().trim_start_matches("2026-03-01 ## ") {
            "People" | "Guests" => HeadingMeaning::People,
            "Remote" => HeadingMeaning::Perhaps,
            "Agenda" => HeadingMeaning::Other,
            _ => HeadingMeaning::Nothing,
        }
    }

    fn entry(text: &str) -> PersonEntry {
        match text.trim() {
            "" => PersonEntry::Empty,
            text if text.starts_with('@') && text.split_whitespace().count() > 3 => PersonEntry::Mixed,
            text if text.starts_with('@') => PersonEntry::Handle,
            text if text.len() < 3 => PersonEntry::Word,
            text if text.split_whitespace().count() > 3 => PersonEntry::Notes,
            text if text.contains(' ') && text.chars().all(|c| c == ' ' || c.is_uppercase()) => {
                PersonEntry::Name
            }
            _ => PersonEntry::Unclear,
        }
    }

    fn judged(text: &str) -> WithheldParticipants {
        let classifier =
            ParticipantClassifier { label: &label, entry: &entry, dated: &|text| text.starts_with("2026") };
        let extensions = Extensions { math: false, smart_punctuation: false };
        let syntax = Syntax { dialect: Dialect::Handbook, flavor: Flavor::Plain, extensions };
        let blocks = syntax.parse(text, |parsed| ParticipantBlocks::read(parsed.masked, &parsed.events));
        find_people(&blocks.expect("the text is short"), classifier)
    }

    fn kept(text: &str) -> String {
        let mut rest = text.to_owned();
        judged(text).ranges.into_iter().rev().for_each(|range| rest.replace_range(range, "\n"));
        rest.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_section_is_withheld_up_to_what_is_something_else() {
        assert_eq!(kept("# A\n\n## People\n\n- @a\n- B\n\n## C\n\nd\n"), "# A ## C d");
        assert_eq!(kept("## People\n\n### Team\n\n- @a\n\n## Guests\n\nB\n\n### C\n\nd\n"), "### C d");
        assert_eq!(kept("## People\n\n@a, @b\n---\n\nc\n"), "", "a setext heading of handles");
        assert_eq!(kept("## People\n\n- @a\n---\nc\n"), "--- c");
        assert_eq!(kept("## People\n\n- @a\n\nAgenda\n\n- c\n"), "Agenda - c");
        assert_eq!(kept("People\n======\n\n| A |\n|-|\n| b |\n\n# C\n"), "# C");
    }

    #[test]
    fn sections_in_raw_html_are_withheld_too() {
        let text = "<details>\n<summary>People</summary>\n\n- @a\n\n</details>\n\nb\n";
        assert_eq!(kept(text), "b");
        assert_eq!(kept("<h2>People</h2>\n\n- @a\n\n## C\n"), "## C");
        assert_eq!(kept("<p>b</p>\n\n- c\n"), "<p>b</p> - c");
    }

    #[test]
    fn a_date_before_the_label_stays() {
        assert_eq!(kept("# 2026-03-01 ## People\n\n- @a\n\n## Agenda\n"), "# 2026-03-01 ## Agenda");
    }

    #[test]
    fn labels_without_a_heading_are_withheld_with_their_lists() {
        assert_eq!(kept("**People:**\n\n- @a\n\nb\n"), "b");
        assert_eq!(kept("People: A, B\n\n- b\n"), "- b");
        assert_eq!(kept("- People\n  - @a\n- b\n  - People: A\n  - c\n"), "- b - c");
        assert_eq!(kept("People are nice.\n\n- People\n"), "People are nice. - People");
    }

    fn doubts(text: &str) -> String {
        let say = |doubt: &Doubt| format!("{:?} {}", doubt.why, doubt.count);
        judged(text).doubts.iter().map(say).collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn notes_in_a_list_of_people_stay_and_are_reported() {
        let text = "## People\n\n- @a\n- we spoke of the disks\n- B\n\n## C\n";
        assert_eq!((kept(text), doubts(text)), ("- we spoke of the disks ## C".into(), "Shown 1".into()));
        let text = "## People\n\nA\n\nTalk\n\n- we spoke of the disks\n  - and of the fans\n";
        assert_eq!(kept(text), "Talk - we spoke of the disks - and of the fans");
        let text = "## People\n\nWe spoke of the disks.\n";
        assert_eq!((kept(text), doubts(text)), (text.trim().replace("\n\n", " "), "Shown 1".into()));
        let text = "## People\n\n- @a has to leave at ten\n- who will join us next\n  - @b\n";
        assert_eq!((kept(text), doubts(text)), (String::new(), "Hidden 2".into()));
    }

    #[test]
    fn a_label_that_may_mean_people_needs_people() {
        assert_eq!(kept("## Remote\n\n- @a\n- B\n\n## C\n"), "## C");
        assert_eq!(kept("## Remote\n\n- hands for the racks\n"), "## Remote - hands for the racks");
        assert_eq!(kept("## Remote\n\n### Team\n\n- @a\n\n## C\n"), "## C");
        assert_eq!(kept("Remote: @a\n\nRemote: hands\n"), "Remote: hands");
        assert_eq!(kept("- Remote\n  - @a\n- b\n"), "- b");
        assert_eq!(kept("- Remote\n  - hands for the racks\n"), "- Remote - hands for the racks");
    }

    #[test]
    fn a_list_right_beneath_the_date_is_people_if_it_looks_so() {
        assert_eq!(kept("# T\n\n-\n- @a\n- @b\n\n## C\n"), "# T ## C");
        assert_eq!(kept("# T\n\n## 2026\n\n@a, @b\n\nc\n"), "# T ## 2026 c");
        let text = "# T\n\n- A B\n- C D\n";
        assert_eq!((kept(text), doubts(text)), ("# T".into(), "Guessed 2".into()));
        assert_eq!(kept("# T\n\n- a\n- b\n"), "# T - a - b");
        assert_eq!(kept("# T\n\nText.\n\n- @a\n"), "# T Text. - @a");
        assert_eq!(kept("- @a\n"), "- @a");
        assert_eq!(kept("## Agenda\n\n- @a\n- @b\n"), "## Agenda - @a - @b");
    }

    #[test]
    fn a_list_of_handles_that_remains_is_reported() {
        assert_eq!(doubts("# T\n\nText.\n\n- @a\n- @b\n"), "Remains 2");
        assert_eq!(doubts("# T\n\n## Agenda\n\n- @a\n- @b\n"), "");
        assert_eq!(doubts("# T\n\n## People\n\n- @a\n- @b\n"), "");
    }

    #[test]
    fn only_lines_with_people_vanish_from_a_paragraph() {
        assert_eq!(
            kept("When: ten o'clock on Monday\nPeople: @a,\n@b\nWhere: in the big meeting room\nc\n"),
            "When: ten o'clock on Monday Where: in the big meeting room c"
        );
        assert_eq!(kept("**People:** A\n**Scribe:** @b\n"), "");
    }

    #[test]
    fn tables_of_people_are_withheld_as_a_whole() {
        assert_eq!(kept("## Remote\n\n| Name | At |\n|-|-|\n| @a | c |\n| @b | d |\n\n# C\n"), "# C");
        assert_eq!(
            kept("## Remote\n\n| A |\n|-|\n| hands for |\n\n# C\n"),
            "## Remote | A | |-| | hands for | # C"
        );
    }
}
