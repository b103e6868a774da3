//! From pages to what is known of each word.
//!
//! Owns which texts of a page are read, in which field each word counts, and where it stands. Pages are read in
//! parallel, in groups; the groups are then put together in the order of the pages.

use std::collections::HashMap;

use compact_str::CompactString;
use rayon::prelude::*;

use super::fold::folded_by;
use super::primary;
use super::text::{Sort, stretches};
use super::vocabulary::{self, Group, Hit, Term};
use super::words::{Word, name, token, words};
use crate::site::{Site, SitePage};

/// What is known of the words of a handbook.
#[derive(Debug, Default)]
pub struct Corpus {
    /// Sorted by text.
    pub terms: Vec<Term>,
    /// Of each page.
    pub lengths: Vec<Length>,
}

/// How much text a page has, in words.
#[derive(Debug, Clone, Copy, Default)]
pub struct Length {
    pub title: u32,
    pub body: u32,
    /// Whether the page is in German.
    pub german: bool,
}

/// In which text of a page a word stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    Title,
    /// Description, tags, owner, kind, old names.
    About,
    Heading,
    Code,
    Body,
}

/// How umlauts are spelled where there is no key for them, and what they are folded to.
const UMLAUTS: [(&str, &str); 3] = [("ae", "a"), ("oe", "o"), ("ue", "u")];

/// Groups are small enough to keep all threads busy.
const PAGES_PER_GROUP: usize = 128;

/// Reads every page.
pub fn corpus(site: &Site) -> Corpus {
    let read = |(group, pages): (usize, &[SitePage])| {
        let mut reader = Reader::default();
        let first = group * PAGES_PER_GROUP;
        let lengths: Vec<Length> =
            (first..).zip(pages).map(|(number, page)| reader.page(number as u32, site, page)).collect();
        (reader.group(), lengths)
    };
    let groups: Vec<_> = site.pages.par_chunks(PAGES_PER_GROUP).enumerate().map(read).collect();
    let (groups, lengths): (Vec<_>, Vec<_>) = groups.into_iter().unzip();
    Corpus { terms: vocabulary::merge(&groups), lengths: lengths.concat() }
}

/// Reads the pages of one group.
#[derive(Default)]
struct Reader {
    /// The number of each folded word, and the place of its last hit.
    known: HashMap<CompactString, (u32, u32), foldhash::fast::RandomState>,
    /// With the number of its word each, in the order of the pages.
    hits: Vec<(u32, Hit)>,
    page: u32,
    /// Whether the page is in German.
    german: bool,
    /// The place of the last word read; the first is 1.
    place: u32,
    folded: String,
}

impl Reader {
    fn page(&mut self, number: u32, site: &Site, page: &SitePage) -> Length {
        (self.page, self.place) = (number, 0);
        self.german = primary(site.language(page)) == "de";
        self.read(Field::Title, &page.page.title);
        let title = self.place;
        self.apart();
        stretches(&page.page.document.html, &mut |sort, text| match sort {
            Sort::Prose => self.read(Field::Body, text),
            Sort::Heading => self.read(Field::Heading, text),
            Sort::Code => self.code(text),
        });
        let body = self.place - title;
        self.about(page);
        Length { title, body, german: self.german }
    }

    fn about(&mut self, page: &SitePage) {
        let front = &page.page.front;
        self.place = u32::MAX;
        let described = front.description.iter();
        let named = front.tags.iter().chain(&front.aliases).chain(&front.owner).chain(&front.nav_title);
        for text in described.chain(named) {
            self.read(Field::About, text);
        }
        let kind = Some(front.kind()).filter(|kind| *kind != "page");
        for text in front.data.texts("layer").into_iter().chain(front.data.text("id")).chain(kind) {
            self.read(Field::About, text);
        }
    }

    /// A phrase does not run from one text into another.
    fn apart(&mut self) {
        self.place = self.place.saturating_add(8);
    }

    fn read(&mut self, field: Field, text: &str) {
        for written in text.split_whitespace() {
            self.token(field, name(written));
            self.words(field, written);
        }
    }

    fn code(&mut self, text: &str) {
        for written in text.split_whitespace() {
            self.token(Field::Code, token(written));
            self.words(Field::Code, written);
        }
    }

    /// A token stands where its first word does.
    fn token(&mut self, field: Field, token: Option<&str>) {
        let Some(token) = token else { return };
        let place = self.place;
        self.place = place.saturating_add(1);
        self.count(field, token);
        self.place = place;
    }

    fn words(&mut self, field: Field, written: &str) {
        if self.german {
            self.umlauts(field, &written.to_lowercase());
        }
        words(written, &mut |word| match word {
            Word::Whole(word) => {
                self.place = self.place.saturating_add(1);
                self.count(field, word);
            }
            Word::Part(part) => self.count(field, part),
        });
    }

    /// `Ueberwachung` also counts as `Überwachung`.
    fn umlauts(&mut self, field: Field, written: &str) {
        let place = self.place;
        words(written, &mut |word| {
            let Word::Whole(word) = word else { return };
            self.place = self.place.saturating_add(1);
            let folded =
                UMLAUTS.iter().fold(word.to_owned(), |word, (spelled, bare)| word.replace(spelled, bare));
            if folded.len() < word.len() {
                self.count(field, &folded);
            }
        });
        self.place = place;
    }

    fn count(&mut self, field: Field, word: &str) {
        let place = self.place;
        let mut folded = std::mem::take(&mut self.folded);
        let key = folded_by(word, &mut folded);
        if key.is_empty() {
            // Nothing but accents.
            return;
        }
        let hit = self.hit(key);
        if field == Field::Heading {
            hit.heads_at(place)
        } else {
            hit.stands_at(place)
        }
        match field {
            Field::Title => hit.title = hit.title.saturating_add(1),
            Field::About => hit.about = hit.about.saturating_add(1),
            Field::Heading => hit.heading = hit.heading.saturating_add(1),
            Field::Code => hit.code = hit.code.saturating_add(1),
            Field::Body => hit.body = hit.body.saturating_add(1),
        }
        self.folded = folded;
    }

    /// The folded word's hit on the page that is being read.
    fn hit(&mut self, folded: &str) -> &mut Hit {
        let next = self.hits.len() as u32;
        if let Some((word, last)) = self.known.get_mut(folded) {
            if self.hits[*last as usize].1.page != self.page {
                self.hits.push((*word, Hit::new(self.page)));
                *last = next;
            }
            return &mut self.hits[*last as usize].1;
        }
        let word = self.known.len() as u32;
        self.known.insert(folded.into(), (word, next));
        self.hits.push((word, Hit::new(self.page)));
        &mut self.hits[next as usize].1
    }

    /// What was read, sorted by word.
    fn group(self) -> Group {
        let mut words: Vec<(CompactString, u32)> =
            self.known.into_iter().map(|(text, (word, _))| (text, word)).collect();
        words.sort_unstable();
        Group::new(words, &self.hits)
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::fixture;
    use super::*;

    fn term<'a>(corpus: &'a Corpus, text: &str) -> &'a Hit {
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
