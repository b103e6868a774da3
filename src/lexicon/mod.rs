//! The words of human languages by which Opsbook recognises what notes and reports say: `erledigt`, `Decision:`,
//! `should have`.
//!
//! This module owns one file of words for each language, and [`Lexicon`], which joins them: a German page may say
//! `done`. It must not know where a word may stand in a text; grammar and structure belong to `page::facts` and
//! `page::incidents`. Characters that belong to no language, such as ✅ and `#`, stay there too, because the code also
//! treats them as punctuation.

mod entry_words;
mod merge;
mod months;
mod phrases;
mod word_set;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

pub use entry_words::EntryWords;
pub use months::Months;
pub use phrases::{MarkerSpellings, Phrases};
pub use word_set::WordSet;

/// The code of each language with the text of its file. The order has no effect.
const LANGUAGES: &[(&str, &str)] = &[("de", include_str!("de.toml")), ("en", include_str!("en.toml"))];

/// The words of all languages, in lower case.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lexicon {
    /// The names of months.
    pub months: Months,
    pub dates: DateWords,
    pub joints: JointWords,
    pub people: PeopleWords,
    pub owners: OwnerLabels,
    /// The spellings of markers, compared as written.
    pub markers: MarkerSpellings,
    pub orders: OrderWords,
    pub states: StateWords,
    pub columns: ColumnHeadings,
    pub nothing: NothingWords,
    pub decisions: DecisionWords,
    pub sections: SectionHeadings,
    pub agenda: AgendaWords,
    pub meetings: MeetingWords,
    pub blame: BlameWords,
    /// Names of time zones as written, each with its one offset from UTC in hours.
    pub utc_offsets: BTreeMap<String, i8>,
    pub prose: ProseWords,
    pub titles: TitleWords,
}

/// Words within and before dates.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DateWords {
    /// Endings of a number in a date: `1st`. The code knows the full stop of `1.`.
    pub ordinals: Phrases,
    /// Words between the day and the name of the month: `1st of March`.
    pub before_month: WordSet,
    /// Words before the date by which something is due.
    pub due: Phrases,
    /// Words that may stand between such a word and the date.
    pub after_due: WordSet,
}

/// Words that join names.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JointWords {
    pub and: WordSet,
    pub or: WordSet,
    /// Articles that may stand before a name.
    pub articles: WordSet,
}

/// Words in lists of people.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PeopleWords {
    /// Words that stand for everybody, as owners.
    pub everybody: WordSet,
    /// Words in lower case that belong to a name: `von`.
    pub particles: WordSet,
    /// Words of a remark about the presence of a person.
    pub presence: WordSet,
    /// Parts of headings above the people who were absent.
    pub excused: Phrases,
}

/// Labels before an owner.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnerLabels {
    /// Labels that stand anywhere in an action, before a colon and any name.
    pub labels: Phrases,
    /// Labels in brackets at the end of a text, before a colon and handles.
    pub labels_of_handles: WordSet,
}

/// Words around and after the markers of action items.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrderWords {
    /// Words between the marker and a handle: `AI for @ada`.
    pub before_owner: WordSet,
    /// The word before an infinitive: `AI to write`.
    pub infinitive: WordSet,
    /// Verbs of the future that are not part of the task: `AI @ada will write`.
    pub future: WordSet,
    /// Verbs between a name and the task, beside those of `infinitive` and `future`: `AI Kurt should write`.
    pub duty: WordSet,
    /// Verbs that an order begins with.
    pub verbs: WordSet,
    /// Verbs after a word of `verbs` that make a statement of it: `AI talk is on Friday`.
    pub statement: WordSet,
    /// Words after `AI` where it means the technology, or a list of items.
    pub after_ai: WordSet,
    /// Words after `TODO` that make it a name: `TODO list`.
    pub after_todo: WordSet,
}

/// Phrases for the states of an action.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StateWords {
    pub open: Phrases,
    pub doing: Phrases,
    pub done: Phrases,
    pub dropped: Phrases,
    /// Words after such a phrase that do not make it another statement: `done by Ada`.
    pub may_follow: WordSet,
    /// Beginnings of labels before a state: `Status: done`.
    pub labels: Phrases,
}

/// The headings of columns in tables of actions.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnHeadings {
    pub id: WordSet,
    pub text: WordSet,
    pub owner: WordSet,
    pub kind: WordSet,
    pub due: WordSet,
    pub state: WordSet,
    pub link: WordSet,
}

/// Words in places that hold nothing.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NothingWords {
    /// Instead of an action.
    pub actions: WordSet,
    /// In a cell of a table of actions.
    pub cells: WordSet,
    /// Instead of a decision, beside the phrases of [`StateWords`].
    pub decisions: WordSet,
}

/// Words that introduce a decision.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DecisionWords {
    /// Labels before a colon.
    pub labels: WordSet,
    /// Beginnings of an item without a label: `Decided to …`.
    pub beginnings: Phrases,
}

/// The headings of sections in notes, beside those that the definition of the kind names.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SectionHeadings {
    pub participants: WordSet,
    pub agenda: WordSet,
    pub actions: WordSet,
    pub decisions: WordSet,
    /// Words before such a heading that do not change its meaning.
    pub before: WordSet,
    /// Words after a heading of `participants` that do not change its meaning.
    pub after_participants: WordSet,
    /// The last word of `… participants list`.
    pub list: WordSet,
    /// Words for another meeting.
    pub of_other_meetings: WordSet,
    /// Words for the actions of another meeting.
    pub actions_of_other_meetings: WordSet,
    /// Phrases for the actions of another meeting.
    pub action_phrases: Phrases,
    /// Beginnings of words about participants.
    pub of_people: Phrases,
    /// Labels that stand above people and above other things.
    pub may_name_people: WordSet,
    /// Words in such labels that do not change their meaning.
    pub fillers: WordSet,
    /// Words that resemble a heading of `participants` and are not misspellings of it.
    pub no_slips: WordSet,
}

/// Words about the topics of a meeting.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgendaWords {
    /// Labels before the handles of those who raised a topic.
    pub sponsors: WordSet,
    /// Headings that are not topics.
    pub no_topics: WordSet,
}

/// Words about minutes as files.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MeetingWords {
    /// Names of folders of minutes that name no group.
    pub folders: WordSet,
    /// Words in the names of folders of minutes, beside the names of the kind.
    pub in_folders: WordSet,
    /// Labels before a link to the minutes of another group.
    pub minutes: Phrases,
    /// Remarks after such a label that say that the minutes do not exist.
    pub missing: WordSet,
}

/// Words of reports that look for causes in people.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BlameWords {
    /// Names for errors of people.
    pub errors: Phrases,
    /// Phrases about what did not happen.
    pub counterfactual: Phrases,
    /// Verbs about what did not happen, if a word of `conditional_with` follows in the sentence.
    pub conditional: Phrases,
    pub conditional_with: Phrases,
    /// Forms of address before a name.
    pub titles: Phrases,
    /// Words that deny that an error of people was the cause.
    pub negations: Phrases,
}

/// Words that a reader of instructions cannot use.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProseWords {
    /// Marks of unfinished work, which authors write in capital letters.
    pub unfinished: WordSet,
    /// The same, where a colon follows.
    pub unfinished_labels: WordSet,
    /// Words before a number that looks like an address: `version 1.2.3.4`.
    pub before_version: WordSet,
    /// Whole texts of links that do not say where the links lead.
    pub vague_links: WordSet,
}

/// Words in the titles of pages.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TitleWords {
    /// Titles that say nothing about the content of a folder.
    pub generic: WordSet,
}

impl Lexicon {
    /// The words of all languages that come with Opsbook.
    pub fn all() -> &'static Lexicon {
        static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
            merge::read(LANGUAGES)
                .unwrap_or_else(|problem| panic!("the built-in lexicon is sound: {problem}"))
        });
        &LEXICON
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Every list of a file, with its path such as `states.done`.
    fn lists(file: &str) -> Vec<(String, Vec<String>)> {
        let table: toml::Table = file.parse().unwrap();
        let groups = table.iter().filter_map(|(name, group)| Some((name, group.as_table()?)));
        let list = |(path, value): (String, &toml::Value)| {
            let words = value.as_array()?.iter().map(|word| word.as_str().unwrap().to_owned());
            Some((path, words.collect()))
        };
        groups
            .flat_map(|(name, group)| group.iter().map(move |(key, list)| (format!("{name}.{key}"), list)))
            .filter_map(list)
            .collect()
    }

    #[test]
    fn every_language_is_read_and_has_every_list() {
        for (code, file) in LANGUAGES {
            merge::read(&[(code, file)]).unwrap_or_else(|problem| panic!("{problem}"));
        }
        let paths = |file: &str| lists(file).into_iter().map(|(path, _)| path).collect::<BTreeSet<_>>();
        let all: Vec<_> = LANGUAGES.iter().map(|(_, file)| paths(file)).collect();
        assert!(all.windows(2).all(|pair| pair[0] == pair[1]));
        Lexicon::all();
    }

    #[test]
    fn a_missing_and_an_unknown_list_are_errors() {
        let (_, english) = LANGUAGES.iter().find(|(code, _)| *code == "en").unwrap();
        for (wrong, want) in [
            (english.replace("agenda = ", "agendas = "), "unknown field `agendas`"),
            (english.replace("[joints]\nand = [\"and\"]", "[joints]"), "missing field `and`"),
            (english.replace("3 = [\"march\"]\n", ""), "`months` needs the keys 1 to 12"),
        ] {
            let problem = merge::read(&[("xx", &wrong)]).unwrap_err();
            assert!(problem.starts_with("xx.toml: ") && problem.contains(want), "{problem}");
        }
    }

    #[test]
    fn words_are_trimmed_in_lower_case_and_once_in_their_list() {
        for (code, file) in LANGUAGES {
            for (path, words) in lists(file) {
                let different: BTreeSet<&String> = words.iter().collect();
                assert_eq!(different.len(), words.len(), "{code}.toml: a word stands twice in `{path}`");
                for word in &words {
                    let as_compared = path.starts_with("markers.") || *word == word.to_lowercase();
                    let sound = as_compared && !word.is_empty() && word.trim() == word;
                    assert!(sound, "{code}.toml: `{path}`: {word:?}");
                }
            }
        }
    }

    /// Where a text is classified, the order of the languages would decide between two meanings.
    #[test]
    fn no_word_has_two_meanings_in_one_classification() {
        let words = Lexicon::all();
        let StateWords { open, doing, done, dropped, .. } = &words.states;
        let states = [open, doing, done, dropped].map(|phrases| phrases.iter().collect::<Vec<_>>());
        let columns = &words.columns;
        let columns = [
            &columns.id,
            &columns.text,
            &columns.owner,
            &columns.kind,
            &columns.due,
            &columns.state,
            &columns.link,
        ]
        .map(|list| list.iter().collect::<Vec<_>>());
        let sections = &words.sections;
        let topics = [&sections.participants, &sections.agenda, &sections.actions, &sections.decisions];
        let topics = topics.map(|list| list.iter().collect::<Vec<_>>());
        for lists in [&states[..], &columns[..], &topics[..]] {
            let different: BTreeSet<&str> = lists.iter().flatten().copied().collect();
            assert_eq!(different.len(), lists.iter().map(Vec::len).sum::<usize>());
        }
    }

    #[test]
    fn languages_are_joined_in_any_order() {
        let reversed: Vec<_> = LANGUAGES.iter().rev().copied().collect();
        let (one, other) = (merge::read(LANGUAGES).unwrap(), merge::read(&reversed).unwrap());
        assert_eq!(format!("{one:?}"), format!("{other:?}"));
        assert!(one.joints.and.contains("and") && one.joints.and.contains("und"));
    }
}
