//! Reads the words of all pages.
//!
//! Owns which texts of a page are read, in which field each word counts, and its position. Pages are read in
//! parallel, in groups; the groups are then merged in the order of the pages.

use std::ops::Range;

use rayon::prelude::*;

use super::primary;
use super::text::{TextType, stretches};
use super::tokenized_text::{PositionedWord, TokenPolicy, Tokenizer};
use super::vocabulary::{self, IndexedWord, PageGroup, Posting};
use crate::site::{Site, SitePage};

/// The words of a handbook, and the lengths of its pages.
#[derive(Debug, Default)]
pub struct Corpus {
    /// Sorted by text.
    pub terms: Vec<IndexedWord>,
    /// One for each page, in the order of the pages.
    pub lengths: Vec<TextLength>,
}

/// The length of the text of a page, in words.
#[derive(Debug, Clone, Copy, Default)]
pub struct TextLength {
    pub title: u32,
    pub body: u32,
    /// Whether the page is in German.
    pub german: bool,
}

/// The text of a page that a word is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SearchField {
    /// The title, and the names of alerts that the page answers.
    Title,
    /// Description, tags, aliases, owner, navigation title, layer, id and kind.
    About,
    Heading,
    Code,
    Body,
}

/// The size at which a group of pages is closed, in bytes of HTML. Groups of one size keep all threads busy to the end; in
/// smaller ones more words would occur twice.
const BYTES_PER_GROUP: usize = 2 << 20;

/// Reads the words of every page.
pub fn corpus(site: &Site) -> Corpus {
    let read = |pages: Range<usize>| {
        let mut reader = GroupReader::default();
        let mut lengths = Vec::with_capacity(pages.len());
        for number in pages {
            lengths.push(reader.page(number as u32, site, &site.pages[number]));
        }
        (reader.group(), lengths)
    };
    let (groups, lengths): (Vec<PageGroup>, Vec<_>) =
        groups(site).into_par_iter().with_max_len(1).map(read).unzip();
    let corpus = Corpus { terms: vocabulary::merge(&groups), lengths: lengths.concat() };
    // The words of groups are many small texts. Another thread can free them.
    rayon::spawn(move || drop(groups));
    corpus
}

/// The ranges of pages that are read together.
fn groups(site: &Site) -> Vec<Range<usize>> {
    let mut groups = Vec::new();
    let (mut start, mut bytes) = (0, 0);
    for (number, page) in site.pages.iter().enumerate() {
        bytes += page.page.document.html.len();
        if bytes >= BYTES_PER_GROUP || number + 1 == site.pages.len() {
            groups.push(start..number + 1);
            (start, bytes) = (number + 1, 0);
        }
    }
    groups
}

/// Reads the pages of one group.
#[derive(Default)]
struct GroupReader {
    tokenizer: Tokenizer,
    /// For each word, by its number, the index of its last posting in `hits`.
    last: Vec<u32>,
    /// Postings in the order of the pages, each with the number of its word.
    hits: Vec<(u32, Posting)>,
    page: u32,
    /// The position of the last word read on the page; the first word has position 1.
    place: u32,
}

impl GroupReader {
    /// Reads a page and returns the length of its text.
    fn page(&mut self, number: u32, site: &Site, page: &SitePage) -> TextLength {
        (self.page, self.place) = (number, 0);
        let language = primary(site.language(page));
        self.tokenizer.set_language(&language);
        self.read(SearchField::Title, &page.page.title);
        let title = self.place;
        self.leave_gap();
        stretches(&page.page.document.html, &mut |sort, text| match sort {
            TextType::Prose => self.read(SearchField::Body, text),
            TextType::Heading => self.read(SearchField::Heading, text),
            TextType::Code => self.read(SearchField::Code, text),
        });
        let body = self.place - title;
        self.about(page);
        TextLength { title, body, german: language == "de" }
    }

    /// Reads the texts about a page that are in its front matter.
    fn about(&mut self, page: &SitePage) {
        let front = &page.page.front;
        // These texts are not part of the running text. No position is recorded for their words, because this one is
        // too large for `Posting::stands_at`.
        self.place = u32::MAX;
        // A reader who is woken by an alert pastes its name, and needs the page that says what to do, not one that
        // mentions the alert.
        for alert in front.data.texts("alerts") {
            self.read(SearchField::Title, alert);
        }
        let described = front.description.iter();
        let named = front.tags.iter().chain(&front.aliases).chain(&front.owner).chain(&front.nav_title);
        for text in described.chain(named) {
            self.read(SearchField::About, text);
        }
        // A reader pastes a message and finds the known error or the story that quotes it.
        for message in front.data.texts("symptoms") {
            self.read(SearchField::About, message);
        }
        let kind = Some(front.kind()).filter(|kind| *kind != "page");
        for text in front.data.texts("layer").into_iter().chain(front.data.text("id")).chain(kind) {
            self.read(SearchField::About, text);
        }
    }

    /// Leaves a gap, so that no phrase runs from one text into the next. It is wider than the distance that counts as
    /// near in `ranking.js`.
    fn leave_gap(&mut self) {
        self.place = self.place.saturating_add(8);
    }

    fn read(&mut self, field: SearchField, text: &str) {
        let policy = if field == SearchField::Code { TokenPolicy::Code } else { TokenPolicy::Prose };
        for written in text.split_whitespace() {
            let reading = self.tokenizer.tokenize(written, policy);
            for number in reading.steps() {
                self.count(field, self.tokenizer.step(number));
            }
            self.place = self.place.saturating_add(reading.length);
        }
    }

    fn count(&mut self, field: SearchField, step: PositionedWord) {
        let place = self.place.saturating_add(step.distance);
        let hit = self.hit(step.word);
        if field == SearchField::Heading {
            hit.record_heading_position(place)
        } else {
            hit.record_position(place)
        }
        match field {
            SearchField::Title => hit.title = hit.title.saturating_add(1),
            SearchField::About => hit.about = hit.about.saturating_add(1),
            SearchField::Heading => hit.heading = hit.heading.saturating_add(1),
            SearchField::Code => hit.code = hit.code.saturating_add(1),
            SearchField::Body => hit.body = hit.body.saturating_add(1),
        }
    }

    /// The posting of a word on the page that is being read.
    fn hit(&mut self, word: u32) -> &mut Posting {
        let next = self.hits.len() as u32;
        if self.last.len() <= word as usize {
            self.last.resize(word as usize + 1, u32::MAX);
        }
        // Pages are read one after another, so only the last posting of a word can belong to this page.
        let last = &mut self.last[word as usize];
        if self.hits.get(*last as usize).is_none_or(|(_, hit)| hit.page != self.page) {
            self.hits.push((word, Posting::new(self.page)));
            *last = next;
        }
        &mut self.hits[*last as usize].1
    }

    /// The words of the group, sorted.
    fn group(self) -> PageGroup {
        PageGroup::new(self.tokenizer.into_words(), &self.hits)
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::fixture;
    use super::*;

    fn term<'a>(corpus: &'a Corpus, text: &str) -> &'a Posting {
        &corpus.terms.iter().find(|term| &*term.text == text).unwrap_or_else(|| panic!("no {text}")).hits[0]
    }

    #[test]
    fn each_field_counts_by_itself() {
        let text =
            "---\ntags: [Storage]\n---\n# Ceph\n\nCeph and ceph.\n\n## Ceph `osd-1`\n\n`ceph --force`\n";
        let corpus = corpus(&fixture::site(&[("content/a.md", text)], None));
        let hit = term(&corpus, "ceph");
        assert_eq!((hit.title, hit.body, hit.heading, hit.code, hit.about), (1, 2, 1, 1, 0));
        assert_eq!(term(&corpus, "storage").about, 1);
        assert_eq!((term(&corpus, "osd-1").code, term(&corpus, "--force").code), (1, 1));
    }

    #[test]
    fn an_alert_counts_as_a_title_where_a_page_answers_it() {
        let runbook = "---\nkind: runbook\nalerts: [DiskFull]\n---\n# A\n\n`DiskFull`\n";
        let list = "# B\n\n`DiskFull`\n";
        let corpus = corpus(&fixture::site(&[("content/a.md", runbook), ("content/b.md", list)], None));
        let hits = &corpus.terms.iter().find(|term| &*term.text == "diskfull").unwrap().hits;
        assert_eq!(hits.iter().map(|hit| (hit.title, hit.code)).collect::<Vec<_>>(), [(1, 1), (0, 1)]);
    }

    #[test]
    fn spelled_umlauts_of_german_pages_count_as_umlauts() {
        let page = |language: &str| format!("---\nlanguage: {language}\n---\n# A\n\nneue Ueberwachung\n");
        let (german, english) = (page("de"), page("en"));
        let read = |text: &str| {
            let corpus = corpus(&fixture::site(&[("content/a.md", text)], None));
            corpus.terms.iter().map(|term| term.text.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(read(&german)[1..], ["handbook", "neu", "neue", "uberwachung", "ueberwachung"]);
        assert_eq!(read(&english)[1..], ["handbook", "neue", "ueberwachung"]);
    }

    #[test]
    fn neighbours_have_neighbouring_places() {
        let corpus = corpus(&fixture::site(&[("content/a.md", "# A\n\none two `three-four` five\n")], None));
        let place = |word| term(&corpus, word).places[0];
        assert_eq!(place("two"), place("one") + 1);
        assert_eq!((place("three"), place("three-four")), (place("two") + 1, place("two") + 1));
        assert_eq!(place("five"), place("four") + 1);
    }
}
