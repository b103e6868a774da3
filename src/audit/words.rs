//! Words that must not be in the site: those of the handbook's deny list, and names of the machine that built it.
//!
//! Owns the forms in which such a word is found: in any case, without accents, with other characters between its parts,
//! as another form of the word. A message tells the number of an entry, never the entry.

use std::ops::Range;

use aho_corasick::{AhoCorasick, AhoCorasickKind, BuildError};
use regex_automata::meta::{BuildError as RegexError, Regex};
use regex_automata::{Anchored, Input};
use rust_stemmers::{Algorithm, Stemmer};
use unicode_normalization::UnicodeNormalization;

use crate::config::Audit;
use crate::rules::{LEAK_DENIED, LEAK_MACHINE, Rule};

/// What the machine is called that builds, and where on it the handbook lies.
#[derive(Debug, Clone, Default)]
pub struct Machine {
    pub root: Option<String>,
    pub home: Option<String>,
    pub host: Option<String>,
}

/// A word that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    pub range: Range<usize>,
    pub rule: &'static Rule,
    pub what: String,
    /// The same for all forms of one entry.
    pub entry: usize,
}

/// All words, ready to be looked for.
pub(super) struct Words {
    automaton: AhoCorasick,
    /// For each trigger how it goes on.
    forms: Vec<Form>,
    patterns: Vec<(usize, Regex)>,
    entries: Vec<Entry>,
}

struct Entry {
    rule: &'static Rule,
    what: String,
}

struct Form {
    entry: usize,
    end: End,
}

/// What must hold around a trigger.
enum End {
    /// The expression matches from the trigger on.
    Pattern(Box<Regex>),
    /// The word around it has this stem.
    Stem(Language, String),
    /// It is the end of a host's name.
    Host,
    /// It is a path, or a word of its own.
    Alone,
}

/// Names of machines that say nothing.
const USUAL: &[&str] =
    &["localhost", "debian", "ubuntu", "fedora", "runner", "docker", "builder", "alpine", "opsbook"];
/// Languages whose words have forms that search takes for one.
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

impl Words {
    /// Gets ready to look for the words of a handbook and of a machine.
    ///
    /// # Errors
    /// When the list is too long for the automaton.
    pub fn new(audit: &Audit, machine: &Machine) -> Result<Words, Box<BuildError>> {
        let mut list = List::default();
        for (number, word) in audit.deny.iter().enumerate() {
            list.deny(word, number + 1);
        }
        for (number, domain) in audit.domains.iter().enumerate() {
            let entry = list.entry(&LEAK_DENIED, format!("a name of entry {} of `domains`", number + 1));
            list.add(entry, folded(domain.trim_start_matches('.')), End::Host);
        }
        for (number, pattern) in audit.deny_patterns.iter().enumerate() {
            let entry =
                list.entry(&LEAK_DENIED, format!("a text of entry {} of the deny patterns", number + 1));
            list.patterns.extend(Regex::new(pattern).ok().map(|pattern| (entry, pattern)));
        }
        list.machine(machine);
        let automaton = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .kind((list.triggers.len() < 4000).then_some(AhoCorasickKind::DFA))
            .build(&list.triggers)?;
        let List { forms, patterns, entries, .. } = list;
        Ok(Words { automaton, forms, patterns, entries })
    }

    /// Whether there is anything to look for.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Every word in a text, without repeats of an entry at one place.
    pub fn find(&self, text: &[u8]) -> Vec<Found> {
        let mut found: Vec<Found> = Vec::new();
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

    fn found(&self, entry: usize, range: Range<usize>) -> Found {
        let Entry { rule, what } = &self.entries[entry];
        Found { range, rule, what: what.clone(), entry }
    }
}

/// What is gathered before the automaton is made.
#[derive(Default)]
struct List {
    triggers: Vec<String>,
    forms: Vec<Form>,
    patterns: Vec<(usize, Regex)>,
    entries: Vec<Entry>,
}

impl List {
    fn entry(&mut self, rule: &'static Rule, what: String) -> usize {
        self.entries.push(Entry { rule, what });
        self.entries.len() - 1
    }

    fn add(&mut self, entry: usize, trigger: String, end: End) {
        self.triggers.push(trigger);
        self.forms.push(Form { entry, end });
    }

    /// Adds an entry of the deny list in all its forms.
    fn deny(&mut self, word: &str, number: usize) {
        let entry = self.entry(&LEAK_DENIED, format!("entry {number} of the deny list"));
        let parts = parts(&folded(word));
        let first = parts.first().map_or("", |part| part.split('*').next().unwrap_or(""));
        let pattern = pattern(&parts);
        if let Ok(pattern) = of_bytes(&pattern) {
            self.add(entry, first.to_owned(), End::Pattern(Box::new(pattern)));
        }
        if let [only] = parts.as_slice()
            && only.len() >= 5
            && only.bytes().all(|byte| byte.is_ascii_lowercase())
        {
            self.stems(entry, only);
        }
    }

    fn stems(&mut self, entry: usize, word: &str) {
        for language in LANGUAGES {
            let stem = language.stem(word);
            if stem.len() >= 4 && stem != word {
                self.add(entry, stem.clone(), End::Stem(language, stem));
            }
        }
    }

    fn machine(&mut self, machine: &Machine) {
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
            self.add(entry, name.trim_end_matches('/').to_owned(), End::Alone);
        }
    }
}

impl End {
    /// The whole range of the word whose trigger stands at `at`.
    fn around(&self, text: &[u8], at: Range<usize>) -> Option<Range<usize>> {
        match self {
            End::Pattern(pattern) => {
                let most = text.len().min(at.start + 512);
                let input = Input::new(text).range(at.start..most).anchored(Anchored::Yes);
                let end = pattern.search(&input)?.end();
                let short = end - at.start < 4;
                let alone = !is_word(text, at.start.checked_sub(1)) && !is_word(text, Some(end));
                (!short || alone).then_some(at.start..end)
            }
            End::Stem(language, stem) => stemmed(text, at, *language, stem),
            End::Host => {
                let is_label = |byte: &&u8| byte.is_ascii_alphanumeric() || b".-_".contains(byte);
                let start = at.start - text[..at.start].iter().rev().take_while(is_label).count();
                let whole = start == at.start || text[at.start - 1] == b'.';
                (whole && !goes_on(text, at.end)).then_some(start..at.end)
            }
            End::Alone => {
                let start = at.start.checked_sub(1).filter(|_| text[at.start] != b'/');
                (!is_word(text, start) && !goes_on(text, at.end)).then_some(at)
            }
        }
    }
}

/// Whether a name goes on behind its end, also after a dot or a dash.
fn goes_on(text: &[u8], end: usize) -> bool {
    let joined = text.get(end).is_some_and(|byte| b".-_".contains(byte)) && is_word(text, Some(end + 1));
    is_word(text, Some(end)) || joined
}

fn is_word(text: &[u8], at: Option<usize>) -> bool {
    at.and_then(|at| text.get(at)).is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte >= 0x80)
}

/// The word at `at`, if its stem is this one.
fn stemmed(text: &[u8], at: Range<usize>, language: Language, stem: &str) -> Option<Range<usize>> {
    if is_word(text, at.start.checked_sub(1)) {
        return None;
    }
    let end =
        at.start + text[at.start..].iter().take(48).take_while(|byte| byte.is_ascii_alphanumeric()).count();
    let word = str::from_utf8(&text[at.start..end]).ok()?.to_ascii_lowercase();
    (word == stem || language.stem(&word) == stem).then_some(at.start..end)
}

/// Letters are small and have no marks, as in the search index.
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

/// The runs of letters, digits and `*` of an entry. Stars at its ends say nothing: a word is found in longer ones.
fn parts(word: &str) -> Vec<String> {
    let is_part = |c: char| c.is_alphanumeric() || c == '*';
    let parts =
        word.trim_matches('*').split(|c| !is_part(c)).filter(|part| part.chars().any(char::is_alphanumeric));
    parts.map(str::to_owned).collect()
}

/// The parts with any few signs between them.
fn pattern(parts: &[String]) -> String {
    let part = |part: &String| {
        let pieces: Vec<String> = part.split('*').map(escaped).collect();
        pieces.join("[a-z0-9_-]{0,64}")
    };
    let parts: Vec<String> = parts.iter().map(part).collect();
    format!("(?is-u:{})", parts.join("[^a-z0-9]{0,4}"))
}

/// An expression whose dots and classes match bytes.
fn of_bytes(pattern: &str) -> Result<Regex, Box<RegexError>> {
    let syntax = regex_automata::util::syntax::Config::new().utf8(false);
    Regex::builder().syntax(syntax).build(pattern).map_err(Box::new)
}

/// Bytes of letters that are no ASCII one by one: patterns match bytes.
fn escaped(piece: &str) -> String {
    piece
        .bytes()
        .map(|byte| if byte.is_ascii() { char::from(byte).to_string() } else { format!("\\x{byte:02x}") })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(deny: &[&str]) -> Words {
        let audit = Audit { deny: deny.iter().map(|word| (*word).to_owned()).collect(), ..Audit::default() };
        Words::new(&audit, &Machine::default()).unwrap()
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
        let audit = Audit {
            domains: vec!["corp.example.net".to_owned()],
            deny_patterns: vec!["INC\\d{6}".to_owned()],
            ..Audit::default()
        };
        let machine = Machine {
            root: Some("/srv/books/ops".into()),
            home: Some("/root".into()),
            host: Some("buildbox7".into()),
        };
        let words = Words::new(&audit, &machine).unwrap();
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
