//! The search index and the program that reads it in the browser.
//!
//! Owns the way from the finished pages to `search/`: words are read from the HTML that readers see, so nothing
//! can be found that is not shown. The index is cut into shards of some kilobytes, so that a query fetches only
//! what it needs; `index.json` says which. The format is described in `format.md` beside this file, for it is
//! shared with `search.js`. Must not know theme or templates.
//!
//! ```text
//! pages ─▶ text ─▶ words, folded ─▶ who has which word, in which field, where
//!                                 │
//!         compounds (German) ◀────┤ vocabulary: one sorted list
//!         stems: forms of one ◀───┤
//!                                 ▼
//!   impact ─▶ shards ─▶ search/3f2a….json … + pages, spelling, facets ─▶ search/index.json
//! ```
//!
//! What does not depend on the query is computed while building: how much a word says about a page (1 to 31), which words are
//! forms of one, what stands inside a compound. The browser looks words up, weighs how rare each is, and sees which stand side
//! by side. It fetches the page itself for sections and excerpts, which spares the index a copy of all text.
//!
//! In the browser `search.js` (parts in `browser/`) answers queries; the theme's `search-box.js` and `search-page.js` show the
//! answers through `search-engine.js`, which answers only the newest question, and `search-view.js`.

mod bundle;
mod compounds;
mod corpus;
mod facets;
mod fold;
mod impact;
mod pages;
mod sections;
mod shards;
mod spelling;
mod stems;
mod text;
mod tokenized_text;
mod vlq;
mod vocabulary;
mod words;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::memo::Digest;
use crate::output::Output;
use crate::site::Site;

/// Raised when `search.js` of another version could not read the index.
const FORMAT: u32 = 1;

/// `search.js`: one module, so that a browser fetches it at once; written in parts.
const PROGRAM: &str = concat!(
    include_str!("browser/words.js"),
    "\n",
    include_str!("browser/bundle.js"),
    "\n",
    include_str!("browser/query.js"),
    "\n",
    include_str!("browser/index.js"),
    "\n",
    include_str!("browser/answers.js"),
    "\n",
    include_str!("browser/ranking.js"),
    "\n",
    include_str!("browser/facets.js"),
    "\n",
    include_str!("browser/results.js"),
    "\n",
    include_str!("browser/excerpts.js"),
);

/// `index.json`: what there is, and in which file.
#[derive(Serialize)]
struct SearchManifest<'a> {
    format: u32,
    /// Pages in all.
    pages: usize,
    /// Words so frequent that a query can do without their shards, and the pages that have each in their title.
    common: (Vec<&'a str>, Vec<String>),
    /// Whether long words may be found by their parts.
    compounds: bool,
    /// Each shard of words begins with this text …
    from: Vec<String>,
    /// … and is in the file of this hash.
    words: Vec<String>,
    /// Pages per file, and the hashes of the files.
    page_files: (usize, Vec<String>),
    /// The longest word and the hash of each list of words to correct a query by.
    spelling: Vec<(usize, String)>,
    /// Fields that filter, the hash of their file, and what readers call them.
    facets: (Vec<&'a str>, String, Vec<&'a str>),
}

pub fn emit(site: &Site) -> Vec<Output> {
    let site = &if site.is_whole() { Cow::Borrowed(site) } else { Cow::Owned(site.held()) };
    let languages = languages(site);
    let mut corpus = corpus::corpus(site);
    if languages.contains("de") {
        compounds::add(&mut corpus);
    }
    let groups = stems::groups(&corpus.terms, &languages);
    let lines = pages::lines(site);
    let (from, texts): (Vec<String>, Vec<String>) =
        shards::shards(site, &corpus, &groups, &lines).into_iter().unzip();
    let (pages, spelling) = (pages::files(&lines), spelling::files(&corpus));
    let facets = facets::facets(site);
    let values: Vec<_> = facets.iter().map(|facet| &facet.values).collect();
    let common = vocabulary::common(&corpus);
    let titles = shards::titles(&common, &corpus.lengths);
    let mut files = BTreeMap::new();
    let manifest = SearchManifest {
        format: FORMAT,
        pages: site.pages.len(),
        common: (common.iter().map(|term| &*term.text).collect(), titles),
        compounds: languages.contains("de"),
        from,
        words: texts.into_iter().map(|text| store(&mut files, text)).collect(),
        page_files: (pages::PER_FILE, pages.into_iter().map(|text| store(&mut files, text)).collect()),
        spelling: spelling.into_iter().map(|(longest, text)| (longest, store(&mut files, text))).collect(),
        facets: (
            facets.iter().map(|facet| &*facet.name).collect(),
            store(&mut files, json(&values)),
            facets.iter().map(|facet| &*facet.label).collect(),
        ),
    };
    let index = json(&manifest);
    files.insert("search/index.json".to_owned(), index);
    if site.bundle.is_some() {
        return bundle::pack(site, files);
    }
    files.insert("search/search.js".to_owned(), PROGRAM.to_owned());
    files.into_iter().map(|(path, text)| Output::text(path, text)).collect()
}

/// Names a file after its content; the same content is stored once.
fn store(files: &mut BTreeMap<String, String>, text: String) -> String {
    let hash = Digest::from_parts(&[text.as_bytes()]).hex()[..10].to_owned();
    files.insert(format!("search/{hash}.json"), text);
    hash
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("strings, numbers and lists are always JSON")
}

/// The languages of all pages.
fn languages(site: &Site) -> BTreeSet<String> {
    site.pages.iter().map(|page| primary(site.language(page))).collect()
}

/// The language of a tag without region or script: `de` of `de-CH`.
fn primary(tag: &str) -> String {
    tag.split('-').next().unwrap_or_default().to_ascii_lowercase()
}
