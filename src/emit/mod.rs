//! Everything of the site that is not an HTML page of content.
//!
//! Owns [`EMITTERS`], the table of formats, one file each. An emitter is a pure function of the finished
//! site: dates come from the pages' history, never from a clock. Must not know theme, templates or disk.

mod assets;
mod atom;
mod handbook;
mod llms;
mod markdown;
mod redirects;
mod robots;
mod search;
mod sitemap;
mod text;

use rayon::prelude::*;

use crate::output::Output;
use crate::site::Site;

/// One format.
pub struct Emitter {
    /// As in the documentation.
    pub name: &'static str,
    /// What it makes, one sentence.
    pub summary: &'static str,
    emit: fn(&Site) -> Vec<Output>,
}

/// Every format, by name.
pub static EMITTERS: &[Emitter] = &[
    Emitter {
        name: "assets",
        summary: "Files that a published page links, as they are.",
        emit: assets::emit,
    },
    Emitter {
        name: "atom",
        summary: "`atom.xml`: the latest changes, where `base_url` is set.",
        emit: atom::emit,
    },
    Emitter {
        name: "handbook",
        summary: "`handbook.json`: every page with its outline.",
        emit: handbook::emit,
    },
    Emitter {
        name: "llms",
        summary: "`llms.txt`: a list of all pages for language models.",
        emit: llms::emit,
    },
    Emitter { name: "markdown", summary: "`index.md` beside each page: its Markdown.", emit: markdown::emit },
    Emitter {
        name: "redirects",
        summary: "A page at each alias, `_redirects` and `redirects.nginx.conf` for web servers.",
        emit: redirects::emit,
    },
    Emitter { name: "robots", summary: "`robots.txt`: everything may be read.", emit: robots::emit },
    Emitter {
        name: "search",
        summary: "`search/`: the index of all words, and the program that reads it.",
        emit: search::emit,
    },
    Emitter {
        name: "sitemap",
        summary: "`sitemap.xml`: every page, where `base_url` is set.",
        emit: sitemap::emit,
    },
];

/// What all emitters make, in the order of the table.
pub fn all(site: &Site) -> Vec<Output> {
    let made: Vec<Vec<Output>> = EMITTERS.par_iter().map(|emitter| (emitter.emit)(site)).collect();
    made.into_iter().flatten().collect()
}

#[cfg(test)]
mod fixture;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_paths_are_unique() {
        assert!(EMITTERS.windows(2).all(|pair| pair[0].name < pair[1].name));
        let site = fixture::site(
            &[("content/a.md", "---\naliases: [old]\n---\n# A\n")],
            Some("https://example.org/x/"),
        );
        let mut paths: Vec<String> = all(&site).into_iter().map(|output| output.path).collect();
        let made = paths.len();
        paths.sort();
        paths.dedup();
        assert_eq!(paths.len(), made);
    }
}
