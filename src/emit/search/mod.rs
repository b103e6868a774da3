//! The search index, and the program that reads it in the browser.
//!
//! Owns the build of `search/` from titles, fields and the HTML of bodies. Nothing can be found that readers do not see,
//! except aliases of pages. The index is split into shards of some kilobytes, so that a query fetches only what it
//! needs; `index.json` lists them. `format.md` beside this file describes the format, which `search.js` shares. Must
//! not use theme or templates.
//!
//! ```text
//! pages ─▶ text ─▶ words, folded ─▶ the pages of each word, with fields and positions
//!                                 │
//!         compounds (German) ◀────┤ vocabulary: one sorted list
//!         stems (word forms) ◀────┤
//!                                 ▼
//!   impact ─▶ shards ─▶ search/3f2a….json … + pages, spelling, facets ─▶ search/index.json
//! ```
//!
//! The build computes everything that does not depend on the query: how much a word says about a page (1 to 31),
//! which words are forms of one word, and which words are inside a compound. The browser looks words up, weighs how
//! rare each is, and checks which are next to each other. It fetches the page itself for sections and excerpts, so
//! the index needs no copy of the text.
//!
//! In the browser `search.js` (parts in `browser/`) answers queries. The theme's `search-box.js` and `search-page.js`
//! ask through `search-engine.js`, which answers only the newest question, and show the results with
//! `search-view.js`.

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
use std::sync::Arc;

use rayon::prelude::*;
use serde::Serialize;

use crate::memo::Digest;
use crate::output::Output;
use crate::site::Site;

/// The version of the index. It is raised by a change after which an older `search.js` could not read the index, or after
/// which a newer one could not read an older index.
const FORMAT: u32 = 1;

/// `search.js`: written in parts, published as one module, so that a browser needs one request.
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

/// `index.json`: the content of the index, and the file of each part.
#[derive(Serialize)]
struct SearchManifest<'a> {
    format: u32,
    /// The number of pages.
    pages: usize,
    /// Words so frequent that a query can do without their shards, and for each the pages that have it in their
    /// title.
    common: (Vec<&'a str>, Vec<String>),
    /// Whether words may be found inside long words.
    compounds: bool,
    /// For each shard the text that it begins with.
    from: Vec<String>,
    /// For each shard the hash of its file.
    words: Vec<String>,
    /// The number of pages in a file, and the hashes of the files.
    page_files: (usize, Vec<String>),
    /// For each list of words for corrections the length of its longest word, and the hash of its file.
    spelling: Vec<(usize, String)>,
    /// The names of the fields that filter, the hash of their file, and their labels for readers.
    facets: (Vec<&'a str>, String, Vec<&'a str>),
}

/// The index and the program, as files in `search/`; in a bundle packed into scripts.
pub fn emit(whole: &Site) -> Vec<Output> {
    // The index of a partial bundle has only the pages of the bundle.
    let site = &if whole.is_whole() { Cow::Borrowed(whole) } else { Cow::Owned(whole.with_bundled_pages()) };
    let languages = languages(site);
    // A thread that has no more pages to read lists them instead.
    let (mut corpus, (lines, facets)) =
        rayon::join(|| corpus::corpus(site), || (pages::lines(site, whole), facets::facets(site)));
    if languages.contains("de") {
        compounds::add(&mut corpus);
    }
    let (shards, spelling) = rayon::join(
        || {
            let groups = stems::groups(&corpus.terms, &languages);
            shards::shards(site, &corpus, &groups, &lines)
        },
        || spelling::files(&corpus),
    );
    let (from, texts): (Vec<String>, Vec<String>) = shards.into_iter().unzip();
    let pages = pages::files(&lines);
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
        words: store_all(&mut files, texts),
        page_files: (pages::PER_FILE, store_all(&mut files, pages)),
        spelling: spelling.into_iter().map(|(longest, text)| (longest, store(&mut files, text))).collect(),
        facets: (
            facets.iter().map(|facet| &*facet.name).collect(),
            store(&mut files, json(&values)),
            facets.iter().map(|facet| &*facet.label).collect(),
        ),
    };
    let (index, index_path) = (json(&manifest), "search/index.json");
    // It is as large as the index. Another thread can free it.
    rayon::spawn(move || drop(corpus));
    if site.bundle.is_some() {
        files.insert(index_path.to_owned(), index.into());
        return bundle::pack(site, files);
    }
    let parts = files.into_iter().map(|(path, text)| Output::text(path, text).named_by_content());
    let entries = [Output::text(index_path, index), Output::text("search/search.js", PROGRAM)];
    parts.chain(entries).collect()
}

/// A file of the index.
struct IndexFile {
    /// The hash of the text, which is its name.
    hash: String,
    text: Arc<str>,
}

impl IndexFile {
    fn new(text: String) -> IndexFile {
        IndexFile { hash: Digest::from_parts(&[text.as_bytes()]).hex()[..10].to_owned(), text: text.into() }
    }
}

/// Stores a file under the hash of its content and returns the hash. Equal files are stored once.
fn store(files: &mut BTreeMap<String, Arc<str>>, text: String) -> String {
    let IndexFile { hash, text } = IndexFile::new(text);
    files.insert(format!("search/{hash}.json"), text);
    hash
}

/// Stores many files, as [`store`] does. They are most of the index, so they are hashed in parallel.
fn store_all(files: &mut BTreeMap<String, Arc<str>>, texts: Vec<String>) -> Vec<String> {
    let stored: Vec<IndexFile> = texts.into_par_iter().map(IndexFile::new).collect();
    let mut hashes = Vec::with_capacity(stored.len());
    for IndexFile { hash, text } in stored {
        files.insert(format!("search/{hash}.json"), text);
        hashes.push(hash);
    }
    hashes
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("strings, numbers and lists are always JSON")
}

/// The languages of all pages, without region and script.
fn languages(site: &Site) -> BTreeSet<String> {
    site.pages.iter().map(|page| primary(site.language(page))).collect()
}

/// The language of a tag, without region and script: `de` of `de-CH`.
fn primary(tag: &str) -> String {
    tag.split('-').next().unwrap_or_default().to_ascii_lowercase()
}
