//! `worker.js`: the service worker that keeps a part of the site in the reader's browser, with the list of kept
//! files.
//!
//! Owns the list: each kept page as rendered, every file that these pages load, and the search. Each file has a
//! digest, so that a browser fetches only changed files, and a checksum, by which it verifies that it received the
//! published bytes. The list is made from the outputs: content that is hidden from an audience is in no output, so it
//! is not in the list. Must not use templates. The code of the worker is in `browser/`.
//!
//! `browser/keep.js` fills one cache for each version. The name of the cache begins with the path of the site and the
//! audience; other caches are not touched. The list is put into the cache last, and only a cache with a list is read.
//! Trusted Types guard the URL of a worker: pages of handbooks with a worker allow one policy, `opsbook-worker`,
//! which accepts one URL.

mod loads;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use serde::Serialize;

use super::{Emission, OutputPart};
use crate::memo::Digest;
use crate::output::{Output, OutputName};
use crate::path::{PageAddresses, UrlPath};
use crate::site::{OfflineSite, Site};

/// The worker is in the root of the site, because it only sees requests below its own folder.
pub const PATH: &str = "worker.js";

const KEEP: &str = include_str!("browser/keep.js");
const LEAVE: &str = include_str!("browser/leave.js");

/// The kept pages, collected while they are rendered.
pub struct KeptPages {
    kept: Option<OfflineSite>,
    addresses: PageAddresses,
    seen: Mutex<BTreeMap<String, RenderedPage>>,
}

/// A rendered page.
struct RenderedPage {
    file: OfflineFile,
    /// The paths of the files that it loads.
    loads: Vec<String>,
}

/// One file of the list.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
struct OfflineFile {
    /// Relative to the root, percent-encoded. A page has the URL of its folder.
    url: String,
    digest: String,
    /// The checksum of the published bytes. Absent for input files, whose bytes only sinks read.
    #[serde(skip_serializing_if = "Option::is_none")]
    sum: Option<u32>,
    /// 1 if the name changes with the content, else absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    fixed: Option<u8>,
}

/// The data of the worker.
#[derive(Serialize)]
struct OfflineCopy<'a> {
    audience: &'a str,
    /// The day of the newest page in the copy.
    date: String,
    version: String,
    /// The page that is shown in place of one that is not kept.
    elsewhere: &'static str,
    files: Vec<OfflineFile>,
}

impl KeptPages {
    pub fn new(site: &Site) -> KeptPages {
        KeptPages { kept: site.offline.clone(), addresses: site.addresses(), seen: Mutex::default() }
    }

    /// Records a rendered page if it is one of the kept pages. `path` is its output path.
    pub fn record(&self, path: &str, html: &str) {
        let url = self.url_of(path);
        if self.kept.as_ref().is_none_or(|kept| !kept.has(&url)) {
            return;
        }
        let address = self.addresses.written(&url);
        let seen = RenderedPage {
            file: OfflineFile::of_bytes(&address, html.as_bytes(), OutputName::Fixed),
            loads: loads::of_page(path, html),
        };
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).insert(path.to_owned(), seen);
    }
}

impl KeptPages {
    /// The URL of the page in an output.
    fn url_of(&self, path: &str) -> String {
        let is_page = match self.addresses {
            PageAddresses::Files => path != OfflineSite::NOT_KEPT_PAGE,
            PageAddresses::Folders | PageAddresses::IndexFiles => {
                path == "index.html" || path.ends_with("/index.html")
            }
        };
        if is_page { self.addresses.page_path(path) } else { path.to_owned() }
    }
}

/// The worker. `None` in a bundle, and for a handbook without the setting `offline`. `emitted` are all outputs other
/// than pages. The text is made when a sink asks for it, which must be after all pages were rendered.
pub fn worker(site: &Arc<Site>, emitted: &[Emission], pages: &Arc<KeptPages>) -> Option<Emission> {
    site.config.offline.as_ref().filter(|_| site.bundle.is_none())?;
    let output = match &pages.kept {
        None => Output::text(PATH, LEAVE),
        Some(kept) => {
            let (site, pages, date) = (Arc::clone(site), Arc::clone(pages), kept.date.to_string());
            let parts: Vec<OutputPart> =
                emitted.iter().flat_map(|emission| emission.parts.iter().cloned()).collect();
            Output::later(PATH, move || program(&site, date, &pages, &parts))
        }
    };
    Some(Emission::of_files("worker", vec![output]))
}

fn program(site: &Site, date: String, pages: &KeptPages, parts: &[OutputPart]) -> String {
    let files = list(pages, parts);
    let audience = &site.config.visibility;
    let audience = audience.levels.name(audience.audience.level());
    let version = Digest::of_value(&(audience, &date, &files)).hex()[..16].to_owned();
    let copy = OfflineCopy { audience, date, version, elsewhere: OfflineSite::NOT_KEPT_PAGE, files };
    let copy = serde_json::to_string(&copy).expect("a list of texts and numbers is always JSON");
    // The data comes last, so that a person who opens the file first reads what it does.
    format!("{KEEP}\nserve({copy});\n")
}

/// All kept files, sorted by URL.
fn list(pages: &KeptPages, parts: &[OutputPart]) -> Vec<OfflineFile> {
    let outputs = outputs(parts);
    let seen = pages.seen.lock().unwrap_or_else(PoisonError::into_inner);
    let searched = outputs.keys().copied().filter(|path| path.starts_with("search/"));
    let loaded = seen.values().flat_map(|page| &page.loads).map(String::as_str);
    let wanted: BTreeSet<&str> = searched.chain(loaded).collect();
    let wanted = loads::with_what_they_name(wanted, &outputs);
    let known = wanted.iter().filter_map(|path| outputs.get(path).map(|output| OfflineFile::of(output)));
    let mut files: Vec<OfflineFile> = known.collect();
    files.extend(seen.values().map(|page| page.file.clone()));
    files.sort_by(|a, b| a.url.cmp(&b.url));
    files
}

/// All outputs by path, including those in folders.
fn outputs(parts: &[OutputPart]) -> BTreeMap<&str, &Output> {
    let files = parts.iter().flat_map(|part| match part {
        OutputPart::File(output) => std::slice::from_ref(output),
        OutputPart::Folder(folder) => folder.files.as_slice(),
    });
    files.map(|output| (output.path.as_str(), output)).collect()
}

impl OfflineFile {
    fn of(output: &Output) -> OfflineFile {
        let path = output.path.as_str();
        match output.body.bytes() {
            Ok(bytes) => OfflineFile::of_bytes(path, bytes, output.name),
            // An input file: only sinks read its bytes, but its digest is known.
            Err(original) => {
                OfflineFile { url: url(path), digest: short(original.digest), sum: None, fixed: None }
            }
        }
    }

    fn of_bytes(path: &str, bytes: &[u8], name: OutputName) -> OfflineFile {
        OfflineFile {
            url: url(path),
            digest: short(Digest::from_parts(&[bytes])),
            sum: Some(sum(bytes)),
            fixed: (name == OutputName::OfContent).then_some(1),
        }
    }
}

fn url(path: &str) -> String {
    match path {
        // The root has no name of its own.
        "" => "./".to_owned(),
        path => UrlPath::new(path).encoded(),
    }
}

/// The first 16 hexadecimal digits of a digest.
fn short(digest: Digest) -> String {
    digest.hex()[..16].to_owned()
}

/// The 32-bit FNV-1a hash, which the worker computes too. It detects accidents, not forgery: whoever can forge a page
/// can also forge the worker.
fn sum(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x811c_9dc5, |sum, byte| (sum ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build_target::BuildTarget;
    use crate::config::{Config, Offline, SectionList};
    use crate::emit::{all, fixture};
    use crate::path::FilePath;
    use crate::source::Span;

    const PAGE: &str = r#"<link rel="stylesheet" href="../assets/a.1.css"><a href="b.pdf">x</a>"#;

    fn handbook(offline: Option<Offline>, form: &BuildTarget, secret: &str) -> Arc<Site> {
        let files = [
            ("content/_index.md", "# H\n"),
            ("content/runbooks/_index.md", "# R\n"),
            ("content/runbooks/disk.md", "# Disk\n"),
            ("content/other.md", secret),
        ];
        fixture::configured(&files, Config { offline, ..Config::default() }, form)
    }

    fn theme(css: &str) -> Emission {
        let bytes = |path: &str, text: &str| Output::text(path, text).named_by_content();
        let files = vec![
            bytes("assets/a.1.css", css),
            bytes("assets/dots.2.svg", "<svg/>"),
            bytes("assets/unused.3.svg", "<svg/>"),
        ];
        Emission::of_files("theme", files)
    }

    fn made(site: &Arc<Site>, disk: &str) -> Option<String> {
        let pages = Arc::new(KeptPages::new(site));
        let mut emitted = all(site);
        emitted.push(theme("a { background: url(\"./dots.2.svg\") }"));
        let worker = worker(site, &emitted, &pages)?;
        for path in ["index.html", "runbooks/index.html", "other/index.html", "search/index.html"] {
            pages.record(path, PAGE);
        }
        pages.record("runbooks/disk/index.html", disk);
        let OutputPart::File(output) = &worker.parts[0] else { panic!("the worker is a file") };
        Some(String::from_utf8(output.body.bytes().unwrap().to_vec()).unwrap())
    }

    fn listed(worker: &str) -> serde_json::Value {
        let (_, json) = worker.rsplit_once("\nserve(").unwrap();
        serde_json::from_str(json.strip_suffix(");\n").unwrap()).unwrap()
    }

    fn digests(worker: &str) -> BTreeMap<String, String> {
        let copy = listed(worker);
        let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
        let files = copy["files"].as_array().unwrap();
        files.iter().map(|file| (text(&file["url"]), text(&file["digest"]))).collect()
    }

    fn runbooks() -> Option<Offline> {
        let at = Span::start_of(&FilePath::new("book.toml").unwrap());
        let names = vec!["runbooks".to_owned()];
        Some(Offline::Sections(SectionList { names, setting: ["offline", "keep"], at }))
    }

    #[test]
    fn the_pages_of_a_section_are_kept_with_what_they_load_and_nothing_else() {
        let worker = made(&handbook(runbooks(), &BuildTarget::Site, "# Other\n"), PAGE).unwrap();
        let files = digests(&worker);
        let named: Vec<&str> =
            files.keys().map(String::as_str).filter(|url| !url.ends_with(".json")).collect();
        let want = [
            "./",
            "assets/a.1.css",
            "assets/dots.2.svg",
            "runbooks/",
            "runbooks/disk/",
            "search/",
            "search/search.js",
        ];
        assert_eq!(named, want);
        assert!(files.contains_key("search/index.json"));
        let copy = listed(&worker);
        assert_eq!((&copy["audience"], &copy["date"]), (&"public".into(), &"1970-01-03".into()));
        let fixed = |url: &str| {
            let file = copy["files"].as_array().unwrap().iter().find(|file| file["url"] == url).unwrap();
            file["fixed"].is_number()
        };
        assert!(fixed("assets/a.1.css") && !fixed("search/index.json") && !fixed("search/"));
    }

    #[test]
    fn a_changed_page_has_another_digest_and_the_others_have_theirs() {
        let site = handbook(runbooks(), &BuildTarget::Site, "# Other\n");
        let (one, again, other) = (made(&site, PAGE), made(&site, PAGE), made(&site, "<p>new</p>"));
        assert_eq!(one, again);
        let (one, other) = (one.unwrap(), other.unwrap());
        let (before, after) = (digests(&one), digests(&other));
        let changed: Vec<_> = before.iter().filter(|(url, digest)| after[*url] != **digest).collect();
        assert_eq!(changed.iter().map(|(url, _)| url.as_str()).collect::<Vec<_>>(), ["runbooks/disk/"]);
        assert_ne!(listed(&one)["version"], listed(&other)["version"]);
    }

    #[test]
    fn a_handbook_that_keeps_nothing_takes_its_worker_back_and_one_that_never_spoke_of_it_has_none() {
        let leaving = made(&handbook(Some(Offline::Nothing), &BuildTarget::Site, "# O\n"), PAGE).unwrap();
        assert!(leaving.contains("unregister") && !leaving.contains("addEventListener(\"fetch\""));
        assert_eq!(made(&handbook(None, &BuildTarget::Site, "# O\n"), PAGE), None);
        let bundle = BuildTarget::Bundle { sections: Vec::new() };
        assert_eq!(made(&handbook(Some(Offline::All), &bundle, "# O\n"), PAGE), None);
    }

    #[test]
    fn everything_is_every_page() {
        let worker = made(&handbook(Some(Offline::All), &BuildTarget::Site, "# Other\n"), PAGE).unwrap();
        assert!(digests(&worker).contains_key("other/"));
    }

    #[test]
    fn sums_are_those_of_the_published_algorithm() {
        assert_eq!((sum(b""), sum(b"a"), sum(b"foobar")), (0x811c_9dc5, 0xe40c_292c, 0xbf9c_f968));
    }
}
