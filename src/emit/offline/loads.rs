//! The files that a page loads, and that it needs to look as it should.
//!
//! Owns the search for their URLs in rendered HTML, style sheets and scripts. The HTML comes from the engine or from
//! a template, so its tags are well formed. Files that a page only links are not included.

use std::collections::{BTreeMap, BTreeSet};

use crate::entities::decode_xml;
use crate::output::{Body, Output};
use crate::path::{FilePath, decode};

/// The paths of the files in the site that a page loads, sorted. `path` is the path of the page itself.
pub(super) fn of_page(path: &str, html: &str) -> Vec<String> {
    let page = FilePath::new(path).expect("outputs lie beneath the root");
    let inside = |url: &&str| !url.is_empty() && !url.starts_with(['/', '#']) && !has_scheme(url);
    let urls = html.split('<').skip(1).filter_map(loaded).filter(inside);
    let file = |url: &str| {
        // A reference such as `&#38;` holds a `#`, so the value is decoded before it is cut.
        let url = decode_xml(url);
        let url = url.split(['?', '#']).next().unwrap_or_default();
        page.join(&decode(url)).map(|file| file.as_str().to_owned())
    };
    let found: BTreeSet<String> = urls.filter_map(file).collect();
    found.into_iter().collect()
}

/// The URL of the file that an element loads. `text` is its tag without the `<`, and the text after it.
fn loaded(text: &str) -> Option<&str> {
    let name = text.split([' ', '\n', '>']).next()?;
    match name {
        "script" | "img" | "source" | "video" | "audio" | "track" => attribute(text, "src"),
        "link" => {
            let loads = |what: &str| what.split(' ').any(|what| matches!(what, "stylesheet" | "icon"));
            attribute(text, "rel").filter(|what| loads(what))?;
            attribute(text, "href")
        }
        _ => None,
    }
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let start = tag.find(&format!(" {name}=\""))? + name.len() + 3;
    tag[start..].split('"').next()
}

fn has_scheme(url: &str) -> bool {
    let before = url.split(['/', '?', '#']).next().unwrap_or_default();
    before.contains(':')
}

/// Adds the assets that the files name, directly or through each other: images and fonts of style sheets, modules of
/// scripts. The name of an asset contains a digest, so a text that contains the name refers to the asset.
pub(super) fn with_what_they_name<'a>(
    mut files: BTreeSet<&'a str>,
    outputs: &BTreeMap<&'a str, &'a Output>,
) -> BTreeSet<&'a str> {
    let name = |path: &&'a str| path.rsplit('/').next().unwrap_or_default();
    let assets: Vec<&'a str> = outputs.keys().copied().filter(|path| path.starts_with("assets/")).collect();
    let mut waiting: Vec<&'a str> =
        files.iter().copied().filter(|path| path.starts_with("assets/")).collect();
    while let Some(path) = waiting.pop() {
        let Some(text) = outputs.get(path).and_then(|output| text(path, &output.body)) else { continue };
        for asset in assets.iter().filter(|asset| text.contains(name(asset))) {
            if files.insert(asset) {
                waiting.push(asset);
            }
        }
    }
    files
}

fn text<'a>(path: &str, body: &'a Body) -> Option<&'a str> {
    let names_others = [".css", ".js", ".mjs"].iter().any(|end| path.ends_with(end));
    let bytes = body.bytes().ok().filter(|_| names_others)?;
    std::str::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_page_loads_is_told_from_what_it_links() {
        let html = r##"<link rel="stylesheet" href="../../assets/a.css"><link rel="canonical" href="https://h/">
            <link rel="icon" type="image/svg+xml" href="../../assets/i.svg"><link rel="alternate" href="index.md">
            <script src="../../assets/t.js"></script><a href="big.pdf">x</a><img src="%C3%BC%20a.png?x#y" alt="">
            <img src="https://elsewhere/a.png"><img src="/root.png"><img src="data:image/png,x"><video
 src="film.webm"></video><img src="../../../../out.png"><svg><use href="#i"></use></svg>"##;
        let want = [
            "assets/a.css",
            "assets/i.svg",
            "assets/t.js",
            "runbooks/disk/film.webm",
            "runbooks/disk/ü a.png",
        ];
        assert_eq!(of_page("runbooks/disk/index.html", html), want);
    }
}
