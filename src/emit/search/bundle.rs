//! The search index as scripts, for a bundle: a page that is opened as a file cannot fetch files, but it may load a
//! script.
//!
//! Owns the content of each script. The engine and the files of the index are those of a site; each file is a value
//! in a table, by its name. Excerpts need the texts of pages, which are in scripts as well, split as the engine
//! splits a page that it fetched.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::sections::sections;
use super::{PROGRAM, json, pages};
use crate::output::{Body, Output};
use crate::scripts::{self, Assets};
use crate::site::{Site, SitePage};

/// The file of the engine, which is also its name in the scripts' namespace.
const ENGINE: &str = "search/search.js";
/// Creates the table if it does not exist yet.
const TABLE: &str = "opsbook.packs ??= { __proto__: null };\n";

/// The scripts that [`Site::search_scripts`] lists. `files` are the files of the index, by path.
pub fn pack(site: &Site, files: BTreeMap<String, Arc<str>>) -> Vec<Output> {
    let mut assets: Assets = [(ENGINE.to_owned(), PROGRAM.as_bytes().into())].into();
    scripts::join(&mut assets, &|_| true);
    let engine = assets.remove(ENGINE).expect("it was put in");
    let per_file = site.pages_per_file();
    let urls: Vec<String> = site.pages.iter().map(|page| pages::address(site, page)).collect();
    // `bundle.js` finds the number of a page by its URL, and from it the script with its text.
    let known = ("texts".to_owned(), json(&serde_json::json!({ "per": per_file, "urls": urls })).into());
    let index = files.into_iter().map(|(path, text)| (name(&path).to_owned(), text)).chain([known]);
    let texts = site.pages.chunks(per_file).enumerate();
    let texts =
        texts.map(|(at, pages)| Output::text(format!("search/text-{at}.js"), text(at * per_file, pages)));
    let engine = Output::new(ENGINE, Body::Bytes(Arc::clone(&engine)));
    [engine, Output::text("search/index.js", table(index))].into_iter().chain(texts).collect()
}

/// `search/3f2a.json` → `3f2a`.
fn name(path: &str) -> &str {
    path.trim_start_matches("search/").trim_end_matches(".json")
}

/// A script with the texts of `pages`, the first of which has the number `first`.
fn text(first: usize, pages: &[SitePage]) -> String {
    let texts = (first..).zip(pages);
    table(texts.map(|(number, page)| {
        let html = without_interface(&page.page.document.link_tags().html);
        let found = sections(&page.page.title, &html);
        let mut found: Vec<Vec<String>> =
            found.into_iter().map(|(id, heading, text)| vec![id, heading, text]).collect();
        if let Some(first) = found.first_mut() {
            first.push(page.page.description.clone());
        }
        (format!("text {number}"), json(&found).into())
    }))
}

/// The words that the program writes into the head of a code block. `excerpts.js` has the same list.
const INTERFACE: [&str; 2] = ["<span class=\"code-risk", "<span class=\"code-run-on\""];

/// HTML without the words of the program in it: they are not part of excerpts. Such an element has no other `<span>` in it.
fn without_interface(html: &str) -> String {
    let mut left = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(start) = INTERFACE.iter().filter_map(|element| rest.find(element)).min() {
        left.push_str(&rest[..start]);
        rest = rest[start..].split_once("</span>").map_or("", |(_, after)| after);
    }
    left + rest
}

/// A script that puts values, given as JSON, into the table.
fn table(values: impl Iterator<Item = (String, Arc<str>)>) -> String {
    let mut script = scripts::head() + TABLE;
    for (name, value) in values {
        script.push_str(&format!("opsbook.packs[{}] = {};\n", json(&name), scripts::literal(&value)));
    }
    script
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_the_program_in_a_code_block_are_left_out() {
        let html = "<p>a</p><figcaption><span class=\"code-risk change\">Change</span> <span class=\"code-run-on\">Runs on \
                    <var>h</var></span></figcaption><pre><code><span class=\"c-prompt\">#</span> ls</code></pre>";
        let want =
            "<p>a</p><figcaption> </figcaption><pre><code><span class=\"c-prompt\">#</span> ls</code></pre>";
        assert_eq!(without_interface(html), want);
    }
}
