//! Words that must not be in the site: the handbook's deny list, and names of the machine that built the site.
//!
//! Owns the forms in which such a word is found: in any case, without accents, with other characters between its parts,
//! and inflected. A message gives the number of an entry, never the entry.

use std::ops::Range;

use aho_corasick::{AhoCorasick, AhoCorasickKind, BuildError};
use regex_automata::meta::{BuildError as RegexError, Regex};
use regex_automata::{Anchored, Input};
use rust_stemmers::{Algorithm, Stemmer};
use unicode_normalization::UnicodeNormalization;

use crate::config::AuditSettings;
use crate::rules::{LEAK_DENIED, LEAK_MACHINE, Rule};

/// Names of the machine that builds: the handbook's folder, the home folder and the host name.
#[derive(Debug, Clone, Default)]
pub struct BuildMachine {
    pub root: Option<String>,
    pub home: Option<String>,
    pub host: Option<String>,
}

/// A word of the list that was found in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct WordMatch {
    pub range: Range<usize>,
    pub rule: &'static Rule,
    pub what: String,
    /// The index of its entry in the list, the same for all forms of the word.
    pub entry: usize,
}

/// All words, compiled for the search.
pub(super) struct WordList {
    /// Finds the triggers of all forms in one pass. A trigger is the literal beginning of a form.
    automaton: AhoCorasick,
    /// For each trigger, what must follow it.
    forms: Vec<WordForm>,
    patterns: Vec<(usize, Regex)>,
    entries: Vec<WordEntry>,
}

/// An entry of a list, for its message.
struct WordEntry {
    rule: &'static Rule,
    what: String,
}

/// One form of an entry.
struct WordForm {
    entry: usize,
    end: WordEnd,
}

/// The condition on the text around a trigger.
enum WordEnd {
    /// The expression matches from the trigger on.
    Pattern(Box<Regex>),
    /// The word that begins with the trigger has this stem.
    Stem(Language, String),
    /// The trigger is the end of a host name.
    Host,
    /// The trigger is a whole path or a whole word.
    Alone,
}

/// Default and generic host names, which identify no machine.
const USUAL: &[&str] =
    &["localhost", "debian", "ubuntu", "fedora", "runner", "docker", "builder", "alpine", "opsbook"];
/// The languages whose inflected forms count as one word, as in the search.
const LANGUAGES: [Language; 2] = [Language::German, Language::English];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Language {
    German,
    English,
}

impl Language {
    fn stem(self, word: &str) -> String {
        let algorithm = match self {
            Language::German => Algorithm::German,
            Language::English => Algorithm::English,
        };
        Stemmer::create(algorithm).stem(word).into_owned()
    }
}

impl WordList {
    /// Compiles the words of a handbook and of a machine.
    ///
    /// # Errors
    /// An error of the automaton, when the list is too long for it.
    pub fn new(audit: &AuditSettings, machine: &BuildMachine) -> Result<WordList, Box<BuildError>> {
        let mut list = WordListBuilder::default();
        for (number, word) in audit.deny.iter().enumerate() {
            list.deny(word, number + 1);
        }
        for (number, domain) in audit.domains.iter().enumerate() {
            let entry = list.entry(&LEAK_DENIED, format!("a name of entry {} of `domains`", number + 1));
            list.add(entry, folded(domain.trim_start_matches('.')), WordEnd::Host);
        }
        for (number, pattern) in audit.deny_patterns.iter().enumerate() {
            let entry =
                list.entry(&LEAK_DENIED, format!("a text of entry {} of the deny patterns", number + 1));
            list.patterns.extend(Regex::new(pattern).ok().map(|pattern| (entry, pattern)));
        }
        list.machine(machine);
        // A DFA is the fastest automaton, but its memory grows with the list.
        let automaton = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .kind((list.triggers.len() < 4000).then_some(AhoCorasickKind::DFA))
            .build(&list.triggers)?;
        let WordListBuilder { forms, patterns, entries, .. } = list;
        Ok(WordList { automaton, forms, patterns, entries })
    }

    /// Whether the list has no words.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Every word in a text, by entry and offset. Overlapping forms of one entry count once.
    pub fn find(&self, text: &[u8]) -> Vec<WordMatch> {
        let mut found: Vec<WordMatch> = Vec::new();
        for hit in self.automaton.find_overlapping_iter(text) {
            let form = &self.forms[hit.pattern().as_usize()];
            if let Some(range) = form.end.around(text, hit.range()) {
                found.push(self.found(form.entry, range));
            }
        }
        for (entry, pattern) in &self.patterns {
            let hits = pattern.find_iter(text).filter(|hit| !hit.is_empty());
            found.extend(hits.map(|hit| self.found(*entry, hit.range())));
        }
        found.sort_by_key(|word| (word.entry, word.range.start));
        found.dedup_by(|next, last| next.entry == last.entry && next.range.start < last.range.end);
        found
    }

    fn found(&self, entry: usize, range: Range<usize>) -> WordMatch {
        let WordEntry { rule, what } = &self.entries[entry];
        WordMatch { range, rule, what: what.clone(), entry }
    }
}

/// Collects the words before the automaton is built.
#[derive(Default)]
struct WordListBuilder {
    triggers: Vec<String>,
    forms: Vec<WordForm>,
    patterns: Vec<(usize, Regex)>,
    entries: Vec<WordEntry>,
}

impl WordListBuilder {
    fn entry(&mut self, rule: &'static Rule, what: String) -> usize {
        self.entries.push(WordEntry { rule, what });
        self.entries.len() - 1
    }

    fn add(&mut self, entry: usize, trigger: String, end: WordEnd) {
        self.triggers.push(trigger);
        self.forms.push(WordForm { entry, end });
    }

    /// Adds an entry of the deny list in all its forms.
    fn deny(&mut self, word: &str, number: usize) {
        let entry = self.entry(&LEAK_DENIED, format!("entry {number} of the deny list"));
        let parts = parts(&folded(word));
        let first = parts.first().map_or("", |part| part.split('*').next().unwrap_or(""));
        let pattern = pattern(&parts);
        if let Ok(pattern) = of_bytes(&pattern) {
            self.add(entry, first.to_owned(), WordEnd::Pattern(Box::new(pattern)));
        }
        // Only single words of ASCII letters are inflected; `stemmed` reads no others.
        if let [only] = parts.as_slice()
            && only.len() >= 5
            && only.bytes().all(|byte| byte.is_ascii_lowercase())
        {
            self.stems(entry, only);
        }
    }

    /// Adds the stem of a word in each language. A stem that equals the word is found by its pattern already.
    fn stems(&mut self, entry: usize, word: &str) {
        for language in LANGUAGES {
            let stem = language.stem(word);
            if stem.len() >= 4 && stem != word {
                self.add(entry, stem.clone(), WordEnd::Stem(language, stem));
            }
        }
    }

    /// Adds the names of the machine, except those that many machines share, such as `/root` or `localhost`.
    fn machine(&mut self, machine: &BuildMachine) {
        let path = |path: &&String| path.split('/').filter(|part| !part.is_empty()).count() >= 2;
        let host = |host: &&String| host.len() >= 4 && !USUAL.contains(&host.as_str());
        let names = [
            (machine.root.as_ref().filter(path), "the handbook's folder on the machine that builds"),
            (machine.home.as_ref().filter(path), "the home folder on the machine that builds"),
            (machine.host.as_ref().filter(host), "the name of the machine that builds"),
        ];
        for (name, what) in names {
            let Some(name) = name else { continue };
            let entry = self.entry(&LEAK_MACHINE, what.to_owned());
            self.add(entry, name.trim_end_matches('/').to_owned(), WordEnd::Alone);
        }
    }
}

impl WordEnd {
    /// The whole range of the word whose trigger is at `at`; `None` where the condition does not hold.
    fn around(&self, text: &[u8], at: Range<usize>) -> Option<Range<usize>> {
        match self {
            WordEnd::Pattern(pattern) => {
                // The expression is linear, but each trigger starts it again: the limit bounds the work for each.
                let most = text.len().min(at.start + 512);
                let input = Input::new(text).range(at.start..most).anchored(Anchored::Yes);
                let end = pattern.search(&input)?.end();
                // A short word must stand alone: `abc` is not in `xabcx`.
                let short = end - at.start < 4;
                let alone = !is_word(text, at.start.checked_sub(1)) && !is_word(text, Some(end));
                (!short || alone).then_some(at.start..end)
            }
            WordEnd::Stem(language, stem) => stemmed(text, at, *language, stem),
            WordEnd::Host => {
                let is_label = |byte: &&u8| byte.is_ascii_alphanumeric() || b".-_".contains(byte);
                let start = at.start - text[..at.start].iter().rev().take_while(is_label).count();
                let whole = start == at.start || text[at.start - 1] == b'.';
                (whole && !goes_on(text, at.end)).then_some(start..at.end)
            }
            WordEnd::Alone => {
                // A path may follow a word directly, as in `disk1/srv`; a name may not.
                let start = at.start.checked_sub(1).filter(|_| text[at.start] != b'/');
                (!is_word(text, start) && !goes_on(text, at.end)).then_some(at)
            }
        }
    }
}

/// Whether a name goes on after `end`, directly or after a dot, dash or underscore.
fn goes_on(text: &[u8], end: usize) -> bool {
    let joined = text.get(end).is_some_and(|byte| b".-_".contains(byte)) && is_word(text, Some(end + 1));
    is_word(text, Some(end)) || joined
}

fn is_word(text: &[u8], at: Option<usize>) -> bool {
    at.and_then(|at| text.get(at)).is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte >= 0x80)
}

/// The range of the word that begins at `at`, if it has this stem.
fn stemmed(text: &[u8], at: Range<usize>, language: Language, stem: &str) -> Option<Range<usize>> {
    if is_word(text, at.start.checked_sub(1)) {
        return None;
    }
    let end =
        at.start + text[at.start..].iter().take(48).take_while(|byte| byte.is_ascii_alphanumeric()).count();
    let word = str::from_utf8(&text[at.start..end]).ok()?.to_ascii_lowercase();
    (word == stem || language.stem(&word) == stem).then_some(at.start..end)
}

/// A text in lower case and without diacritics, as in the search index: `Überwachung` is `uberwachung`.
pub(super) fn folded(text: &str) -> String {
    let is_mark = |c: &char| matches!(c, '\u{300}'..='\u{36F}' | '\u{ad}' | '\u{200b}'..='\u{200d}');
    let bare: String = text.nfkd().filter(|c| !is_mark(c)).collect();
    let mut out = String::with_capacity(bare.len());
    for c in bare.to_lowercase().nfkd().filter(|c| !is_mark(c)).nfc() {
        match c {
            'ß' => out.push_str("ss"),
            'æ' => out.push_str("ae"),
            'œ' => out.push_str("oe"),
            'ø' => out.push('o'),
            'đ' | 'ð' => out.push('d'),
            'ł' => out.push('l'),
            'þ' => out.push_str("th"),
            'ı' => out.push('i'),
            other => out.push(other),
        }
    }
    out
}

/// The runs of letters, digits and `*` of an entry. Stars at its ends are dropped: a word is found in longer words
/// anyway.
fn parts(word: &str) -> Vec<String> {
    let is_part = |c: char| c.is_alphanumeric() || c == '*';
    let parts =
        word.trim_matches('*').split(|c| !is_part(c)).filter(|part| part.chars().any(char::is_alphanumeric));
    parts.map(str::to_owned).collect()
}

/// An expression for the parts with up to four other characters between them. A `*` stands for up to 64 characters.
fn pattern(parts: &[String]) -> String {
    let part = |part: &String| {
        let pieces: Vec<String> = part.split('*').map(escaped).collect();
        pieces.join("[a-z0-9_-]{0,64}")
    };
    let parts: Vec<String> = parts.iter().map(part).collect();
    format!("(?is-u:{})", parts.join("[^a-z0-9]{0,4}"))
}

/// Compiles an expression whose dots and classes match bytes.
fn of_bytes(pattern: &str) -> Result<Regex, Box<RegexError>> {
    let syntax = regex_automata::util::syntax::Config::new().utf8(false);
    Regex::builder().syntax(syntax).build(pattern).map_err(Box::new)
}

/// Escapes a literal. Letters beyond ASCII become one escape for each byte, because patterns match bytes.
fn escaped(piece: &str) -> String {
    piece
        .bytes()
        .map(|byte| if byte.is_ascii() { char::from(byte).to_string() } else { format!("\\x{byte:02x}") })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(deny: &[&str]) -> WordList {
        let audit = AuditSettings {
            deny: deny.iter().map(|word| (*word).to_owned()).collect(),
            ..AuditSettings::default()
        };
        WordList::new(&audit, &BuildMachine::default()).unwrap()
    }

    fn found(deny: &str, text: &str) -> Vec<String> {
        words(&[deny]).find(text.as_bytes()).into_iter().map(|hit| text[hit.range].to_owned()).collect()
    }

    #[test]
    fn a_word_is_found_in_all_its_forms() {
        for text in [
            "ACME GmbH",
            "acme gmbh",
            "acme-gmbh",
            "AcmeGmbH",
            "acme&nbsp gmbh".replace("&nbsp", "").as_str(),
            "acme\ngmbh",
        ] {
            assert_eq!(found("ACME GmbH", text).len(), 1, "{text}");
        }
        for text in ["hv-01.prod", "HV-07-prod", "hv-0a.prod.example", "xhv-01_prod"] {
            assert_eq!(found("hv-0*.prod", text).len(), 1, "{text}");
        }
        for (word, text) in [
            ("Weißwurst", "weisswurst"),
            ("Überwachung", "uberwachung"),
            ("Projekte", "projekt"),
            ("Kundenprojekt", "Kundenprojekte"),
            ("restarting", "restarts"),
            ("構築班", "の構築班です"),
        ] {
            assert_eq!(found(word, text).len(), 1, "{word} in {text}");
        }
    }

    #[test]
    fn other_words_are_not_found() {
        for (word, text) in [
            ("ACME GmbH", "acme and gmbh"),
            ("hv-0*.prod", "hv-0 and a prod"),
            ("abc", "xabcx"),
            ("Projekte", "projektor"),
            ("hv-0*.prod", "hv-1.prod"),
            ("restarting", "restaurant"),
        ] {
            assert_eq!(found(word, text), [""; 0], "{word} in {text}");
        }
    }

    #[test]
    fn hosts_paths_and_patterns_are_found() {
        let audit = AuditSettings {
            domains: vec!["corp.example.net".to_owned()],
            deny_patterns: vec!["INC\\d{6}".to_owned()],
            ..AuditSettings::default()
        };
        let machine = BuildMachine {
            root: Some("/srv/books/ops".into()),
            home: Some("/root".into()),
            host: Some("buildbox7".into()),
        };
        let words = WordList::new(&audit, &machine).unwrap();
        let found = |text: &str| -> Vec<String> {
            words.find(text.as_bytes()).into_iter().map(|hit| text[hit.range].to_owned()).collect()
        };
        assert_eq!(
            found("see db1.corp.example.net. or corp.example.net"),
            ["db1.corp.example.net", "corp.example.net"]
        );
        assert_eq!(found("acorp.example.net, corp.example.net.org, /root/x"), [""; 0]);
        assert_eq!(
            found("/srv/books/ops/content INC123456 on buildbox7"),
            ["INC123456", "/srv/books/ops", "buildbox7"]
        );
        assert_eq!(found("/srv/books/ops-old, rebuildbox7"), [""; 0]);
    }
}
