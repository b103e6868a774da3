//! The glossary: terms with their definitions, from the pages that `[glossary]` names: from their definition lists, or from
//! the headings of a page without any.
//!
//! Owns which words name a term, and the field `unlinked_terms`. Pages in the language of a glossary link its terms;
//! where, `view` decides.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use super::{HiddenNames, PageId, SitePage, Target};
use crate::config::Config;
use crate::diagnostic::{Diagnostic, NameIndex, nearest};
use crate::html_pieces::{HtmlPiece, HtmlTag, html_pieces};
use crate::memo::Digest;
use crate::page::Page;
use crate::path::FilePath;
use crate::rules::{CONFIG_INVALID, FRONT_MATTER_VALUE};

/// The most words of a name. A longer text before a definition is a sentence.
const MOST_WORDS: usize = 8;
/// The most characters of a definition in the title of a link.
const MOST_CHARACTERS: usize = 300;

/// The terms of a handbook.
#[derive(Debug)]
pub struct Glossary {
    /// In reading order.
    pub terms: Vec<GlossaryTerm>,
    pages: Vec<PageId>,
    /// The names of the terms by language, as `en` without a region.
    languages: BTreeMap<String, GlossaryLanguage>,
    /// The digest of all terms; `None` where no glossary is set.
    pub digest: Option<Digest>,
}

/// The names in one language.
#[derive(Debug, Default)]
struct GlossaryLanguage {
    names: TermNames,
    /// What the pages of the glossary name in `unlinked_terms`.
    unlinked: Vec<String>,
}

/// The field with the names that a page does not link.
const UNLINKED: &str = "unlinked_terms";
/// The value of that field for all names.
const ALL_NAMES: &str = "*";

/// A term with its definition.
#[derive(Debug, Hash)]
pub struct GlossaryTerm {
    pub page: PageId,
    pub id: String,
    /// The names under which texts use it.
    names: Vec<String>,
    /// Without markup.
    pub definition: String,
}

impl GlossaryTerm {
    /// Where links to it lead.
    pub fn target(&self) -> Target {
        Target::Page { page: self.page, anchor: Some(self.id.clone()) }
    }
}

impl Glossary {
    /// The glossary on the pages that the settings name. `language` is that of pages that name none.
    pub(super) fn collect(config: &Config, pages: &[SitePage]) -> Glossary {
        let mut glossary =
            Glossary { terms: Vec::new(), pages: Vec::new(), languages: BTreeMap::new(), digest: None };
        for (id, page) in (0..).map(PageId).zip(pages) {
            if !config.glossary.iter().flat_map(|pages| &pages.names).any(|name| is_at(page, name)) {
                continue;
            }
            let language = primary(page.page.front.language.as_deref().unwrap_or(&config.language));
            let known = glossary.languages.entry(language.to_owned()).or_default();
            known.unlinked.extend(page.page.front.data.texts(UNLINKED).into_iter().map(str::to_owned));
            for term in terms_of_page(id, &page.page.document.link_tags().html, language) {
                let number = glossary.terms.len();
                for name in &term.names {
                    known.names.insert(name, number, language);
                }
                glossary.terms.push(term);
            }
            glossary.pages.push(id);
        }
        if !glossary.pages.is_empty() {
            let unlinked: Vec<&Vec<String>> =
                glossary.languages.values().map(|known| &known.unlinked).collect();
            glossary.digest = Some(Digest::of_value(&(&glossary.pages, &glossary.terms, unlinked)));
        }
        glossary
    }

    /// The names that a page may link: those in its language, unless it is a glossary itself.
    pub fn names_for_page(&self, id: PageId, page: &Page, language: &str) -> Option<PageTermNames<'_>> {
        let language = primary(language);
        let known = self.languages.get(language).filter(|_| !self.pages.contains(&id))?;
        let own = page.front.data.texts(UNLINKED);
        let mut unlinked = TermNames::default();
        for name in known.unlinked.iter().map(String::as_str).chain(own) {
            if name == ALL_NAMES {
                return None;
            }
            unlinked.insert(name, 0, language);
        }
        Some(PageTermNames { names: &known.names, unlinked })
    }
}

/// Reports words in `unlinked_terms` that no glossary explains. Where a part of a glossary is hidden from this audience,
/// the words may be there, and none is reported.
pub(super) fn unknown_terms(
    glossary: &Glossary,
    pages: &[SitePage],
    hidden: &HiddenNames,
) -> Vec<Diagnostic> {
    let is_cut = |id: &PageId| hidden.is_cut(&pages[id.0 as usize].page.file);
    if glossary.pages.is_empty() || glossary.pages.iter().any(is_cut) {
        return Vec::new();
    }
    let is_known = |name: &str| {
        let is_in =
            |known: &GlossaryLanguage| known.names.longest(name, &words(name).collect::<Vec<_>>(), None);
        glossary
            .languages
            .values()
            .any(|known| is_in(known).is_some_and(|(count, _)| count == words(name).count()))
    };
    let names: NameIndex =
        NameIndex::new(glossary.terms.iter().flat_map(|term| &term.names).map(String::as_str));
    let mut problems = BTreeMap::new();
    for page in pages {
        let front = &page.page.front;
        for (number, name) in front.data.texts(UNLINKED).into_iter().enumerate() {
            if name == ALL_NAMES || is_known(name) {
                continue;
            }
            // Folders hand the field down to many pages.
            let span = front.span(&page.page.file, &format!("{UNLINKED}[{number}]"));
            let message = format!("`{name}` is no word of the glossary");
            let problem = Diagnostic::new(&FRONT_MATTER_VALUE, span.clone(), message);
            let help = match names.nearest(name) {
                Some(near) => format!("did you mean `{near}`?"),
                None => {
                    format!("take it out of `{UNLINKED}`, or write a name of a term as the glossary has it")
                }
            };
            problems.insert(span, problem.help(help));
        }
    }
    problems.into_values().collect()
}

/// Reports names in the settings that are not pages. A page that is hidden from this audience is not reported.
pub(super) fn unknown_pages(config: &Config, pages: &[SitePage], hidden: &HiddenNames) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    let Some(named) = &config.glossary else { return problems };
    for name in &named.names {
        let file = FilePath::in_folder(&config.content, name.trim_matches('/'));
        let is_hidden = file.is_some_and(|file| hidden.find(&[file], &config.content).is_some());
        if is_hidden || pages.iter().any(|page| is_at(page, name)) {
            continue;
        }
        let message = format!("`glossary.pages` names `{name}`, which is not a page");
        let problem = Diagnostic::new(&CONFIG_INVALID, named.at.clone(), message);
        let urls = pages.iter().map(|page| page.url.as_str().trim_matches('/'));
        problems.push(match nearest(name.trim_matches('/'), urls) {
            Some(near) => problem.help(format!("did you mean `{near}`?")),
            None => problem.help("name the address of the page with the definitions, such as `glossary`"),
        });
    }
    problems
}

fn is_at(page: &SitePage, name: &str) -> bool {
    page.url.as_str().trim_matches('/') == name.trim_matches('/')
}

/// The language without its region.
fn primary(language: &str) -> &str {
    language.split('-').next().unwrap_or(language)
}

/// The terms in the HTML of a page. Those without a definition are left out.
fn terms_of_page(page: PageId, html: &str, language: &str) -> Vec<GlossaryTerm> {
    let mut reader = DefinitionReader {
        page,
        language,
        state: ListState::Outside,
        open: Vec::new(),
        definition: String::new(),
        foreign: None,
        has_lists: false,
        terms: Vec::new(),
    };
    for piece in html_pieces(html) {
        match piece {
            HtmlPiece::Text(text) => reader.text(text),
            HtmlPiece::Character(character) => reader.text(character.encode_utf8(&mut [0; 4])),
            HtmlPiece::Tag(tag) => reader.tag(&tag),
        }
    }
    if reader.has_lists { reader.terms } else { terms_of_headings(page, html) }
}

/// The headings of a page that a paragraph follows, which is the definition.
fn terms_of_headings(page: PageId, html: &str) -> Vec<GlossaryTerm> {
    let mut terms = Vec::new();
    let mut open: Option<OpenTerm> = None;
    let mut definition = String::new();
    let mut state = HeadingState::Outside;
    for piece in html_pieces(html) {
        let mut character_bytes = [0; 4];
        let text: &str = match piece {
            HtmlPiece::Text(text) => text,
            HtmlPiece::Character(character) => character.encode_utf8(&mut character_bytes),
            HtmlPiece::Tag(tag) => {
                state = match (state, tag.name, tag.is_end) {
                    (_, "h2" | "h3" | "h4" | "h5" | "h6", false) => {
                        open = tag.id().map(|id| OpenTerm { id, name: String::new() });
                        HeadingState::Heading
                    }
                    (HeadingState::Heading, "h2" | "h3" | "h4" | "h5" | "h6", true) => HeadingState::Behind,
                    (HeadingState::Behind, "p", false) => HeadingState::Definition,
                    (HeadingState::Definition, "p", true) => {
                        let definition = shortened(&std::mem::take(&mut definition));
                        if let Some(OpenTerm { id, name }) = open.take().filter(|_| !definition.is_empty()) {
                            terms.push(GlossaryTerm { page, id, names: names_in(&name), definition });
                        }
                        HeadingState::Outside
                    }
                    // Another block than a paragraph defines nothing.
                    (HeadingState::Behind, _, false) => HeadingState::Outside,
                    (state, ..) => state,
                };
                continue;
            }
        };
        match (state, &mut open) {
            (HeadingState::Heading, Some(term)) => term.name.push_str(text),
            (HeadingState::Definition, _) => definition.push_str(text),
            _ => {}
        }
    }
    terms
}

#[derive(Clone, Copy)]
enum HeadingState {
    Outside,
    Heading,
    /// Directly behind a heading.
    Behind,
    /// In the paragraph behind a heading.
    Definition,
}

/// Reads definition lists from tags and texts.
struct DefinitionReader<'l> {
    page: PageId,
    /// The language of the glossary.
    language: &'l str,
    state: ListState,
    /// Terms whose definition is not complete. Several can share one.
    open: Vec<OpenTerm>,
    definition: String,
    /// The open element in another language, with the number of elements of its name that are open in it.
    foreign: Option<(String, usize)>,
    /// Whether the page has any definition list.
    has_lists: bool,
    terms: Vec<GlossaryTerm>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum ListState {
    Outside,
    Term,
    Definition,
    /// Behind the first definition of a term.
    Defined,
}

struct OpenTerm {
    id: String,
    name: String,
}

impl DefinitionReader<'_> {
    fn tag(&mut self, tag: &HtmlTag<'_>) {
        self.follow_language(tag);
        match (tag.name, tag.is_end) {
            ("dt", false) => {
                self.has_lists = true;
                if self.state != ListState::Term {
                    self.complete();
                }
                self.state = ListState::Term;
                self.open.extend(tag.id().map(|id| OpenTerm { id, name: String::new() }));
            }
            ("dd", false) if self.state == ListState::Term => self.state = ListState::Definition,
            ("dd", true) if self.state == ListState::Definition => self.state = ListState::Defined,
            ("dl", true) => {
                self.complete();
                self.state = ListState::Outside;
            }
            _ => {}
        }
    }

    /// Keeps the terms that have a definition.
    fn complete(&mut self) {
        let definition = shortened(&std::mem::take(&mut self.definition));
        for term in std::mem::take(&mut self.open) {
            if !definition.is_empty() {
                self.terms.push(GlossaryTerm {
                    page: self.page,
                    id: term.id,
                    names: names_in(&term.name),
                    definition: definition.clone(),
                });
            }
        }
    }

    fn follow_language(&mut self, tag: &HtmlTag<'_>) {
        match &mut self.foreign {
            Some((name, depth)) if tag.name == name => {
                *depth = if tag.is_end { depth.saturating_sub(1) } else { *depth + 1 };
                if *depth == 0 {
                    self.foreign = None;
                }
            }
            Some(_) => {}
            None if !tag.is_end && tag.lang().is_some_and(|lang| primary(&lang) != self.language) => {
                self.foreign = Some((tag.name.to_owned(), 1));
            }
            None => {}
        }
    }

    fn text(&mut self, text: &str) {
        match self.state {
            ListState::Term if self.foreign.is_none() => {
                self.open.last_mut().into_iter().for_each(|term| term.name.push_str(text));
            }
            ListState::Definition => self.definition.push_str(text),
            ListState::Term | ListState::Outside | ListState::Defined => {}
        }
    }
}

/// The names in the text of a term: `Access control list (ACL), access list` has three.
fn names_in(text: &str) -> Vec<String> {
    let names = text.split([',', ';', '(', ')']).map(str::trim);
    names.filter(|name| name.chars().nth(1).is_some()).map(str::to_owned).collect()
}

/// A definition with single spaces, as long as the title of a link should be.
fn shortened(definition: &str) -> String {
    let text = definition.split_whitespace().collect::<Vec<_>>().join(" ");
    let Some((end, _)) = text.char_indices().nth(MOST_CHARACTERS) else { return text };
    let cut = text[..end].rfind(' ').unwrap_or(end);
    format!("{}…", text[..cut].trim_end_matches([',', '.', ':', ';']))
}

/// The names of terms as a tree of words. Finding the names in a text takes a number of steps for each word that
/// does not depend on the number of terms.
#[derive(Debug)]
pub struct TermNames {
    /// The first one is the root.
    nodes: Vec<TermNode>,
}

#[derive(Debug, Default)]
struct TermNode {
    /// The nodes of the next words.
    next: HashMap<String, usize>,
    /// The term whose name ends here.
    term: Option<usize>,
}

impl Default for TermNames {
    fn default() -> TermNames {
        TermNames { nodes: vec![TermNode::default()] }
    }
}

/// A name that a text uses.
#[derive(Debug, PartialEq, Eq)]
pub struct FoundTerm {
    /// In bytes of the text.
    pub range: Range<usize>,
    /// An index into [`Glossary::terms`].
    pub term: usize,
}

impl TermNames {
    /// Adds a name, and in English its plural. A name that another term has stays with that one.
    fn insert(&mut self, name: &str, term: usize, language: &str) {
        let words: Vec<Cow<'_, str>> = words(name).map(|word| folded(&name[word])).collect();
        let Some((last, first)) = words.split_last().filter(|_| words.len() <= MOST_WORDS) else { return };
        let mut node = 0;
        for word in first {
            node = self.next_or_new(node, word);
        }
        let mut forms = vec![last.to_string()];
        if language == "en" {
            forms.push(plural(last));
        }
        for form in forms {
            let end = self.next_or_new(node, &form);
            self.nodes[end].term.get_or_insert(term);
        }
    }

    fn next_or_new(&mut self, node: usize, word: &str) -> usize {
        if let Some(next) = self.nodes[node].next.get(word) {
            return *next;
        }
        let next = self.nodes.len();
        self.nodes[node].next.insert(word.to_owned(), next);
        self.nodes.push(TermNode::default());
        next
    }

    /// The number of words of the longest name that the words begin with, and its term. `unlinked` holds names that do not
    /// count.
    fn longest(
        &self,
        text: &str,
        words: &[Range<usize>],
        unlinked: Option<&TermNames>,
    ) -> Option<(usize, usize)> {
        let (mut node, mut longest) = (0, None);
        let mut unlinked = unlinked.map(|names| (names, 0));
        for (number, word) in words.iter().enumerate() {
            // Punctuation between two words ends a name.
            let gap = number.checked_sub(1).map_or("", |before| &text[words[before].end..word.start]);
            if !gap.trim().is_empty() {
                break;
            }
            let word = folded(&text[word.clone()]);
            let Some(next) = self.nodes[node].next.get(&*word) else { break };
            node = *next;
            unlinked = unlinked.and_then(|(names, node)| Some((names, *names.nodes[node].next.get(&*word)?)));
            let is_unlinked = unlinked.is_some_and(|(names, node)| names.nodes[node].term.is_some());
            if let Some(term) = self.nodes[node].term.filter(|_| !is_unlinked) {
                longest = Some((number + 1, term));
            }
        }
        longest
    }
}

/// The names that one page links.
#[derive(Debug)]
pub struct PageTermNames<'g> {
    names: &'g TermNames,
    /// The names that the page or its glossary excepts.
    unlinked: TermNames,
}

impl PageTermNames<'_> {
    /// The names in a text, in order and without overlaps. Of several names that begin with the same word it is the
    /// longest one.
    pub fn find(&self, text: &str) -> Vec<FoundTerm> {
        let words: Vec<Range<usize>> = words(text).collect();
        let mut found = Vec::new();
        let mut first = 0;
        while first < words.len() {
            match self.names.longest(text, &words[first..], Some(&self.unlinked)) {
                Some((count, term)) => {
                    let range = words[first].start..words[first + count - 1].end;
                    found.push(FoundTerm { range, term });
                    first += count;
                }
                None => first += 1,
            }
        }
        found
    }
}

/// The words of a text: letters and digits, with the characters that join them in compounds, paths and addresses.
fn words(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut characters = text.char_indices().peekable();
    std::iter::from_fn(move || {
        let (start, first) = characters.find(|(_, c)| is_in_word(*c))?;
        let mut end = start + first.len_utf8();
        while let Some((at, c)) = characters.peek().copied() {
            let joins = is_joint(c) && text[at + c.len_utf8()..].starts_with(is_in_word);
            if !joins && !is_in_word(c) {
                break;
            }
            end = at + c.len_utf8();
            characters.next();
        }
        Some(start..end)
    })
}

fn is_in_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '_')
}

/// Whether a character between two letters makes one word of them.
fn is_joint(c: char) -> bool {
    matches!(c, '.' | '/' | '@' | ':')
}

/// A word as names are compared: the first letter may be a capital. Further capitals count, so that `ACL` and `IT`
/// differ from `acl` and `it`.
fn folded(word: &str) -> Cow<'_, str> {
    let mut letters = word.chars();
    let Some(first) = letters.next().filter(|first| first.is_uppercase()) else { return word.into() };
    if letters.clone().any(char::is_uppercase) || letters.as_str().is_empty() {
        return word.into();
    }
    first.to_lowercase().chain(letters).collect::<String>().into()
}

/// The regular plural of an English word.
fn plural(word: &str) -> String {
    let hisses = ["s", "x", "z", "ch", "sh"].iter().any(|end| word.ends_with(end));
    match word.strip_suffix('y') {
        Some(stem) if !stem.ends_with(['a', 'e', 'i', 'o', 'u']) => format!("{stem}ies"),
        _ if hisses => format!("{word}es"),
        _ => format!("{word}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found<'t>(names: &[&str], text: &'t str) -> Vec<&'t str> {
        let mut tree = TermNames::default();
        for (number, name) in names.iter().enumerate() {
            tree.insert(name, number, "en");
        }
        let page = PageTermNames { names: &tree, unlinked: TermNames::default() };
        page.find(text).into_iter().map(|found| &text[found.range]).collect()
    }

    #[test]
    fn a_name_is_found_as_a_whole_word_and_in_its_plural() {
        let text = "Alerts, an alert. Alerting; alert-manager /alert alert.example is ALERT alert's";
        assert_eq!(found(&["Alert"], text), ["Alerts", "alert", "alert", "alert"]);
        assert_eq!(found(&["Policy", "Switch"], "policies switches policys"), ["policies", "switches"]);
    }

    #[test]
    fn capitals_after_the_first_letter_count() {
        assert_eq!(found(&["IT", "Go"], "it IT go Go GO ITs"), ["IT", "go", "Go", "ITs"]);
    }

    #[test]
    fn the_longest_name_wins_and_punctuation_ends_it() {
        let names = ["access", "access control list", "list"];
        assert_eq!(
            found(&names, "access control lists, access\ncontrol, list"),
            ["access control lists", "access", "list"]
        );
    }

    #[test]
    fn a_glossary_is_read_from_definition_lists() {
        let html = "<dl>\n<dt id=\"a\">Alert &amp; page (AP), <i lang=\"de\">Alarm, <i>x</i></i></dt>\n<dd>A <a>message\
            </a>\n now.</dd>\n<dd>More.</dd>\n<dt id=\"b\">One</dt>\n<dt id=\"c\">Two</dt>\n<dd>Both.</dd>\n\
            <dt id=\"d\">Nothing</dt>\n</dl>\n<p>Text</p>";
        let terms = terms_of_page(PageId(0), html, "en");
        let read: Vec<_> =
            terms.iter().map(|term| (&*term.id, term.names.join("|"), &*term.definition)).collect();
        assert_eq!(
            read,
            [
                ("a", "Alert & page|AP".to_owned(), "A message now."),
                ("b", "One".to_owned(), "Both."),
                ("c", "Two".to_owned(), "Both.")
            ]
        );
    }
}
