//! Texts of which not everybody may see all: nothing that is hidden changes what the public gets.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{text, with_site};
use crate::handbook::Built;
use crate::oracle::{Choice, PLACE, Words, has_heading, must_hide};

/// More places than these are left as they are.
const MOST_PLACES: usize = 40;

/// A page with words of their own in the places that say `SECRET`. Those that the public does not see are exchanged for others: its
/// site stays the same, byte for byte. Those that must be hidden beyond doubt are.
pub fn levels(bytes: &[u8]) {
    let text = with_places(text(bytes));
    let places = text.matches(PLACE).count();
    if places > MOST_PLACES {
        return;
    }
    let first = Words::of(&text, &|_| Choice::First);
    let built = build(&first.text);
    if built.build.has_unclear_access() {
        return;
    }
    let shown = shown(&first, &built);
    let leaked: Vec<usize> = must_hide(&first).intersection(&shown).copied().collect();
    assert!(leaked.is_empty(), "the public sees hidden words, {leaked:?}\n{}", first.text);
    if shown.len() == places {
        return;
    }
    let other = |number: usize| if shown.contains(&number) { Choice::First } else { Choice::Second };
    let second = Words::of(&text, &other);
    let again = build(&second.text);
    assert!(
        !again.build.has_unclear_access(),
        "other hidden words make it unclear\n{}\n\n{}",
        first.text,
        second.text
    );
    same(&built, &again, &first.text);
}

/// The text, with a place for every third plain word where there is none.
fn with_places(text: String) -> String {
    if text.contains(PLACE) {
        return text;
    }
    let plain = |word: &str| word.len() > 3 && word.bytes().all(|byte| byte.is_ascii_lowercase());
    let mut number = 0;
    let mut word = |word: &str| {
        number += usize::from(plain(word));
        if plain(word) && number % 3 == 1 && number < 3 * MOST_PLACES {
            PLACE.to_owned()
        } else {
            word.to_owned()
        }
    };
    let line = |line: &str| line.split(' ').map(&mut word).collect::<Vec<_>>().join(" ");
    text.split('\n').map(line).collect::<Vec<_>>().join("\n")
}

/// Any text, hidden as a block, as a section and as a page: the public gets what it gets where one word is hidden so.
pub fn hidden(bytes: &[u8]) {
    // Blank lines at the end of a page are no part of what is hidden in it.
    let text = text(bytes).trim_end().to_owned();
    // What could end the block is no part of it, and nothing is hidden in an empty one.
    if text.is_empty() || text.contains("::") {
        return;
    }
    let block =
        |text: &str| format!("# A\n\nWords.\n\n:::internal\n\n{text}\n\n:::\n\n## Next\n\nMore words.\n");
    unseen(&block, &text);
    let page = |text: &str| format!("---\nvisibility: internal\n---\n\n{text}\n");
    unseen(&page, &text);
    if !has_heading(&text) {
        let section = |text: &str| format!("# A\n\nWords.\n\n## Hidden {{.internal}}\n\n{text}\n");
        unseen(&section, &text);
    }
}

/// What the public gets of a page does not depend on the text that is hidden in it.
fn unseen(form: &dyn Fn(&str) -> String, text: &str) {
    thread_local! {
        static PLAIN: RefCell<HashMap<String, Built>> = RefCell::default();
    }
    let page = form(text);
    let built = build(&page);
    if built.build.has_unclear_access() {
        return;
    }
    let plain = form("x");
    PLAIN.with(|known| {
        same(known.borrow_mut().entry(plain).or_insert_with_key(|page| build(page)), &built, &page)
    });
}

fn build(text: &str) -> Built {
    with_site(|site| site.build(&[("content/a.md", text)]))
}

/// The numbers of the tokens that stand somewhere in the site, also with tags between their letters.
fn shown(words: &Words, built: &Built) -> BTreeSet<usize> {
    let mut all = String::new();
    for (path, bytes) in &built.outputs {
        let text = String::from_utf8_lossy(bytes);
        all.push_str(path);
        all.push('\n');
        all.push_str(&text);
        all.push('\n');
        if path.ends_with(".html") {
            all.push_str(&without_tags(&text));
        }
    }
    let all = all.to_lowercase();
    (0..words.tokens.len()).filter(|number| all.contains(&words.tokens[*number])).collect()
}

fn without_tags(html: &str) -> String {
    let mut out = String::new();
    for piece in html.split('<') {
        out.push_str(piece.split_once('>').map_or(piece, |(_, text)| text));
    }
    out.retain(|c| c.is_ascii_alphabetic());
    out
}

fn same(one: &Built, other: &Built, text: &str) {
    if one.outputs == other.outputs {
        return;
    }
    let differs = |a: &BTreeMap<String, Vec<u8>>, b: &BTreeMap<String, Vec<u8>>| {
        a.iter().find(|(path, bytes)| b.get(*path) != Some(*bytes)).map(|(path, bytes)| {
            let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
            (path.clone(), text(bytes), b.get(path).map(|bytes| text(bytes)))
        })
    };
    let found = differs(&one.outputs, &other.outputs).or_else(|| differs(&other.outputs, &one.outputs));
    panic!("hidden words change what the public gets: {found:#?}\n{text}");
}
