//! Finds lists of people that readers may not see, such as the participants of a meeting.
//!
//! Owns the vocabulary of the search: what a heading and an entry may mean, and what happens to the people. `blocks`
//! reads the parser's events, `search` finds the lists in them, `entries` classifies their entries, and `doubts`
//! reports where it is unclear who is named. The writer removes withheld text before it writes anything, like a comment, so the text is in no
//! output. Must not decide what a text means: the caller's [`ParticipantClassifier`] does.

mod blocks;
mod doubts;
mod entries;
mod search;

pub use blocks::ParticipantBlocks;
pub use search::{WithheldParticipants, find_people};

/// The meaning of a text as a heading, or as the label of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeadingMeaning {
    /// The heading of a list of people.
    People,
    /// The heading of a list of people, if its entries look like people.
    Perhaps,
    /// The heading of something else.
    Other,
    Nothing,
}

/// The meaning of a text as an entry of a list of people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PersonEntry {
    Empty,
    /// A handle or an e-mail address.
    Handle,
    /// A full name, or several names.
    Name,
    /// One word, which may be a name.
    Word,
    /// A person with a short remark.
    Remark,
    /// A few words that are withheld with the people.
    Unclear,
    /// A person with more than a remark, or words that may name someone.
    Mixed,
    /// A statement, which is not an entry of a list of people.
    Notes,
}

impl PersonEntry {
    fn is_person(self) -> bool {
        matches!(self, PersonEntry::Handle | PersonEntry::Name | PersonEntry::Word | PersonEntry::Remark)
    }

    /// Whether it names a person in any list.
    fn is_sure(self) -> bool {
        matches!(self, PersonEntry::Handle | PersonEntry::Name | PersonEntry::Remark)
    }
}

/// The functions that decide what a text means.
#[derive(Clone, Copy)]
pub struct ParticipantClassifier<'a> {
    pub label: &'a (dyn Fn(&str) -> HeadingMeaning + Sync),
    pub entry: &'a (dyn Fn(&str) -> PersonEntry + Sync),
    /// Whether a heading is a date, so that the text directly below it precedes the agenda.
    pub dated: &'a (dyn Fn(&str) -> bool + Sync),
}

/// What happens to the people that a text lists.
#[derive(Clone, Copy)]
pub enum ParticipantPolicy<'a> {
    /// They are shown.
    Show,
    /// They are shown. [`Document::participants`](super::Document::participants) is filled, for a page that perhaps
    /// lacks a kind.
    ShowAndCollect,
    /// They are withheld.
    Hide(ParticipantClassifier<'a>),
    /// They are withheld. [`Document::withheld`](super::Document::withheld) is filled, so that they can be counted.
    Count(ParticipantClassifier<'a>),
}

impl<'a> ParticipantPolicy<'a> {
    /// The classifier, if people are withheld.
    pub(super) fn classifier(self) -> Option<ParticipantClassifier<'a>> {
        match self {
            ParticipantPolicy::Show | ParticipantPolicy::ShowAndCollect => None,
            ParticipantPolicy::Hide(classifier) | ParticipantPolicy::Count(classifier) => Some(classifier),
        }
    }
}

impl ParticipantBlocks {
    /// Whether the text lists people that would be withheld.
    pub fn list_people(&self, classifier: ParticipantClassifier<'_>) -> bool {
        !find_people(self, classifier).ranges.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::fixture::plain_context;
    use crate::markdown::{self, MarkdownContext};
    use crate::path::FilePath;
    use crate::source::Source;

    fn classifier() -> ParticipantClassifier<'static> {
        ParticipantClassifier {
            label: &|text| if text == "People" { HeadingMeaning::People } else { HeadingMeaning::Nothing },
            entry: &|text| if text.starts_with('@') { PersonEntry::Handle } else { PersonEntry::Unclear },
            dated: &|_| false,
        }
    }

    fn parsed(text: &str, participants: ParticipantPolicy<'_>) -> markdown::Document {
        let source = Source::new(FilePath::new("content/a.md").expect("it is a path"), text);
        markdown::parse(&source, 0, None, &MarkdownContext { participants, ..plain_context() })
    }

    #[test]
    fn withheld_people_are_read_for_counting_and_are_in_no_output() {
        let text = "## People\n\n- @a\n  - @b\n- <b>@c\n\n## C\n\nd[^1]\n\n[^1]: f\n\n## People\n\n@e\n";
        let document = parsed(text, ParticipantPolicy::Count(classifier()));
        let said: Vec<&str> = document.withheld.iter().map(|block| block.text.as_str()).collect();
        assert_eq!(said, ["People", "@a", "@b", "@c", "People", "@e"]);
        for output in [&document.html, &document.markdown.text] {
            assert!(!output.contains('@') && output.contains('d') && output.contains('f'), "{output}");
        }
        assert!(parsed(text, ParticipantPolicy::Hide(classifier())).withheld.is_empty());
    }

    #[test]
    fn a_text_is_parsed_twice_however_many_lists_are_counted() {
        for lists in [1, 30] {
            let text = "## People\n\n- @a\n\n## C\n\nd\n\n".repeat(lists);
            let before = markdown::parses();
            let document = parsed(&text, ParticipantPolicy::Count(classifier()));
            assert_eq!(document.withheld.len(), 2 * lists);
            assert_eq!(markdown::parses() - before, 2, "whole, and without the people");
        }
    }

    #[test]
    fn people_are_found_after_the_parse_unless_notes_are_parsed_differently() {
        let collected = |text: &str| parsed(text, ParticipantPolicy::ShowAndCollect).participants;
        let listed = |text: &str| collected(text).map(|blocks| blocks.list_people(classifier()));
        assert_eq!(listed("## People\n\n- @a\n"), Some(true));
        assert_eq!(listed("## C\n\nd\n\n- @a\n"), Some(false));
        assert_eq!(listed("a\nb\n---\n"), None);
        assert!(parsed("## People\n\n- @a\n", ParticipantPolicy::Show).participants.is_none());
    }
}
