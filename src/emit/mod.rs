//! All outputs of a site other than the HTML pages of its content.
//!
//! Owns [`EMITTERS`], the table of formats; each format has a file of its own. An emitter is a pure function of the
//! finished site: dates come from the history of the pages, never from a clock. Must not use theme, templates or
//! disk.

mod assets;
mod atom;
mod brand_colour;
mod cards;
mod handbook;
mod headers;
mod llms;
mod markdown;
pub mod offline;
mod readme;
mod redirects;
mod registers;
mod robots;
mod search;
mod sitemap;
mod static_files;
mod status;
mod text;

use std::io;
use std::sync::Arc;

use crate::output::{Lazy, Output, Sink, UnlistedFolder};
use crate::site::Site;

/// An output format.
pub struct Emitter {
    /// The name in the documentation.
    pub name: &'static str,
    /// Its outputs, in one sentence.
    pub summary: &'static str,
    scope: EmitterScope,
    emit: Emit,
}

/// The builds that have a format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum EmitterScope {
    /// Every site and every bundle.
    Everywhere,
    /// Sites and bundles of the whole handbook. A bundle of some sections has no pages of registers that link the
    /// files.
    WithRegisters,
    /// Sites: programs and servers look for the files on the web.
    Web,
    /// Bundles.
    Bundle,
}

impl EmitterScope {
    fn has(self, site: &Site) -> bool {
        match self {
            EmitterScope::Everywhere => true,
            EmitterScope::WithRegisters => site.is_whole(),
            EmitterScope::Web => site.bundle.is_none(),
            EmitterScope::Bundle => site.bundle.is_some(),
        }
    }
}

/// How a format makes its outputs. Paths are known at once. Texts are made on demand, because a preview needs only a
/// few.
enum Emit {
    /// Files. Their paths must be cheap to compute.
    Files(fn(&Arc<Site>) -> Vec<Output>),
    /// A folder with all files in it. Its path ends with a slash.
    Folder(&'static str, fn(&Site) -> Vec<Output>),
}

/// The outputs of one format.
#[derive(Debug)]
pub struct Emission {
    /// The name of the emitter.
    pub format: &'static str,
    pub parts: Vec<OutputPart>,
}

/// A file, or a folder with all files in it.
#[derive(Debug, Clone)]
pub enum OutputPart {
    File(Output),
    Folder(UnlistedFolder),
}

impl OutputPart {
    /// The path in the site. The path of a folder ends with a slash.
    pub fn path(&self) -> &str {
        match self {
            OutputPart::File(output) => &output.path,
            OutputPart::Folder(folder) => &folder.path,
        }
    }

    /// Stores the part. The sink decides whether its content is made now.
    ///
    /// # Errors
    /// Returns the error of a sink that cannot store the part.
    pub fn put(self, sink: &dyn Sink) -> io::Result<()> {
        match self {
            OutputPart::File(output) => sink.put(output),
            OutputPart::Folder(folder) => sink.put_folder(folder),
        }
    }
}

/// All formats, sorted by name.
pub static EMITTERS: &[Emitter] = &[
    Emitter {
        name: "assets",
        summary: "Files that a published page links, as they are.",
        scope: EmitterScope::Everywhere,
        emit: Emit::Files(assets::emit),
    },
    Emitter {
        name: "atom",
        summary: "`atom.xml`: the latest changes; `registers/incidents.xml`: those of incidents and advisories; `status/atom.xml`: those of the status page; where `base_url` is set.",
        scope: EmitterScope::Web,
        emit: Emit::Files(atom::emit),
    },
    Emitter {
        name: "cards",
        summary: "`index.card.svg` beside each page: the picture that other programs show beside a link to it, where `[brand]` has `cards` and `base_url` is set.",
        scope: EmitterScope::Web,
        emit: Emit::Files(cards::emit),
    },
    Emitter {
        name: "handbook",
        summary: "`handbook.json`: every page with its outline.",
        scope: EmitterScope::Web,
        emit: Emit::Files(handbook::emit),
    },
    Emitter {
        name: "headers",
        summary: "`_headers`, `headers.nginx.conf`, `headers.caddy`: the headers of all files, for hosts and servers that read them.",
        scope: EmitterScope::Web,
        emit: Emit::Files(headers::emit),
    },
    Emitter {
        name: "llms",
        summary: "`llms.txt`: a list of all pages for language models.",
        scope: EmitterScope::Web,
        emit: Emit::Files(llms::emit),
    },
    Emitter {
        name: "markdown",
        summary: "`index.md` beside each page: its Markdown.",
        scope: EmitterScope::Web,
        emit: Emit::Files(markdown::emit),
    },
    Emitter {
        name: "readme",
        summary: "`README.txt` in a bundle: what it is, of which day, and how to open it.",
        scope: EmitterScope::Bundle,
        emit: Emit::Files(readme::emit),
    },
    Emitter {
        name: "redirects",
        summary: "A page at each alias; `_redirects` for hosts that read it, where there are any; `redirects.nginx.conf`.",
        scope: EmitterScope::Web,
        emit: Emit::Files(redirects::emit),
    },
    Emitter {
        name: "registers",
        summary: "`registers/NAME.json`, `.csv`: the rows of each register; `.ics`: what is due, where its rows have such a day; `registers/poster.svg`: all plots on one sheet.",
        scope: EmitterScope::WithRegisters,
        emit: Emit::Files(registers::emit),
    },
    Emitter {
        name: "robots",
        summary: "`robots.txt`: everything may be read.",
        scope: EmitterScope::Web,
        emit: Emit::Files(robots::emit),
    },
    Emitter {
        name: "search",
        summary: "`search/`: the index of all words, and the program that reads it.",
        scope: EmitterScope::Everywhere,
        emit: Emit::Folder("search/", search::emit),
    },
    Emitter {
        name: "sitemap",
        summary: "`sitemap.xml`: every page, where `base_url` is set; not with `--noindex`.",
        scope: EmitterScope::Web,
        emit: Emit::Files(sitemap::emit),
    },
    Emitter {
        name: "static",
        summary: "The files of the folder `static/`, as they are, in the root of the site.",
        scope: EmitterScope::Everywhere,
        emit: Emit::Files(static_files::emit),
    },
    Emitter {
        name: "status",
        summary: "`status/index.html`: the status page from the handbook's incidents, where `[status]` is set.",
        scope: EmitterScope::Web,
        emit: Emit::Files(status::emit),
    },
];

/// The outputs of all formats that the site has, in the order of the table.
pub fn all(site: &Arc<Site>) -> Vec<Emission> {
    EMITTERS.iter().filter(|emitter| emitter.scope.has(site)).map(|emitter| emitter.emission(site)).collect()
}

impl Emission {
    /// An emission of files.
    pub fn of_files(format: &'static str, files: Vec<Output>) -> Emission {
        Emission { format, parts: files.into_iter().map(OutputPart::File).collect() }
    }

    /// Whether the emission keeps all threads busy by itself.
    pub fn is_large(&self) -> bool {
        self.parts.len() > 32 || self.parts.iter().any(|part| matches!(part, OutputPart::Folder(_)))
    }
}

impl Emitter {
    fn emission(&self, site: &Arc<Site>) -> Emission {
        match self.emit {
            Emit::Files(emit) => Emission::of_files(self.name, emit(site)),
            Emit::Folder(path, emit) => {
                let site = Arc::clone(site);
                let files = Lazy::new(move || inside(path, emit(&site)));
                let folder = OutputPart::Folder(UnlistedFolder { path: path.to_owned(), files });
                Emission { format: self.name, parts: vec![folder] }
            }
        }
    }
}

/// An output of which only the path is made now; `make` makes its text on demand.
fn later<T: Into<Arc<str>>>(
    site: &Arc<Site>,
    path: impl Into<String>,
    make: impl FnOnce(&Site) -> T + Send + 'static,
) -> Output {
    let site = Arc::clone(site);
    Output::later(path, move || make(&site))
}

/// Returns `files`, all of which must be in `folder`. Path conflicts were checked with the path of the folder alone,
/// so a file elsewhere could replace another output.
fn inside(folder: &str, files: Vec<Output>) -> Vec<Output> {
    assert!(files.iter().all(|file| file.path.starts_with(folder)), "a format writes into its own folder");
    files
}

#[cfg(test)]
pub(crate) mod fixture;

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
        let emissions = all(&site);
        let parts = emissions.iter().flat_map(|emission| &emission.parts);
        let mut paths: Vec<&str> = parts.map(OutputPart::path).collect();
        let made = paths.len();
        paths.sort();
        paths.dedup();
        assert_eq!(paths.len(), made);
    }
}
