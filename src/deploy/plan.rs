//! Decides what a run writes, in which order, and what it removes.
//!
//! Owns the stages. Values in, values out: it knows no store, no clock and no file.

use std::collections::BTreeMap;

use crate::headers::{FileHeaders, cache_control};
use crate::output::OutputName;

use super::built_site::BuiltFile;
use super::target_manifest::{HandbookIdentity, TargetManifest, UploadReason};

/// The order of uploads. A stage begins when the one before it has ended, so whatever a reader sees leads only to what is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DeployStage {
    /// Style sheets, scripts, parts of the search index, images: what pages load.
    Assets,
    /// Pages, and data that pages link, that are not in the store yet. No page there leads to them.
    NewPages,
    /// Pages that replace older ones, and may link new ones.
    ChangedPages,
    /// What leads into the site: the home page; changed data for programs, such as the entry of the search index, feeds, sitemap.
    Pointers,
}

impl DeployStage {
    pub const ALL: [DeployStage; 4] =
        [DeployStage::Assets, DeployStage::NewPages, DeployStage::ChangedPages, DeployStage::Pointers];
}

/// One file to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    pub path: String,
    pub name: OutputName,
    /// Its `Content-Type`.
    pub media: &'static str,
    /// The digest of a [`super::target_manifest::StoredFile`].
    pub digest: String,
    pub stage: DeployStage,
    pub reason: UploadReason,
    /// Whether a run began to write it and did not end.
    pub is_unfinished: bool,
}

impl Upload {
    /// The headers that the store keeps beside the bytes.
    pub fn headers(&self) -> FileHeaders {
        FileHeaders { media: self.media, cache: cache_control(self.name) }
    }
}

/// What a run does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeployPlan {
    /// Sorted by stage, then by path.
    pub uploads: Vec<Upload>,
    /// Files to delete: the site has not had them for longer than the grace time.
    pub removals: Vec<String>,
    /// Files that the site no longer has and that stay until a later run, with the second when that was seen first.
    pub waiting: BTreeMap<String, i64>,
    /// The number of files that are in the store as they should be.
    pub unchanged: usize,
}

/// How long a file stays after the site has lost it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grace {
    /// The second since the epoch.
    pub now: i64,
    /// In seconds.
    pub seconds: i64,
}

impl DeployPlan {
    /// Compares the files of a site with a target, which is `None` where nothing has been deployed yet.
    pub fn new(
        site: &BTreeMap<String, BuiltFile>,
        target: Option<&TargetManifest>,
        grace: Grace,
    ) -> DeployPlan {
        let mut uploads = Vec::new();
        for (path, file) in site {
            let digest = stored_digest(file);
            let stored = target.and_then(|target| target.files.get(path));
            if stored.is_some_and(|stored| stored.digest == digest) {
                continue;
            }
            let unfinished = target.and_then(|target| target.unsure.get(path)).copied();
            let is_still_there = target.is_some_and(|target| target.removed.contains_key(path));
            let reason = match unfinished {
                Some(reason) => reason,
                // Pages of an earlier site may still lead to a file that waits for its removal.
                None if stored.is_some() || is_still_there => UploadReason::Changed,
                None => UploadReason::New,
            };
            uploads.push(Upload {
                path: path.clone(),
                name: file.name,
                media: file.media,
                digest,
                stage: stage(path, file.name, reason),
                reason,
                is_unfinished: unfinished.is_some(),
            });
        }
        uploads.sort_by(|a, b| (a.stage, &a.path).cmp(&(b.stage, &b.path)));
        let unchanged = site.len() - uploads.len();
        let (mut removals, mut waiting) = (Vec::new(), BTreeMap::new());
        for path in target.into_iter().flat_map(TargetManifest::paths) {
            if site.contains_key(path) {
                continue;
            }
            if target.is_some_and(|target| target.deleting.contains(path)) {
                removals.push(path.clone());
                continue;
            }
            // The clock may have been set back, so a time in the future counts as now.
            let since = target.and_then(|target| target.removed.get(path)).copied();
            let since = since.unwrap_or(grace.now).min(grace.now);
            if grace.now - since >= grace.seconds {
                removals.push(path.clone());
            } else {
                waiting.insert(path.clone(), since);
            }
        }
        removals.sort();
        DeployPlan { uploads, removals, waiting, unchanged }
    }

    /// Whether there is nothing to write and nothing to delete, and the manifest in the store says so.
    pub fn is_idle(&self, target: Option<&TargetManifest>) -> bool {
        let is_written = target.is_some_and(|target| {
            target.removed == self.waiting && target.unsure.is_empty() && target.deleting.is_empty()
        });
        is_written && self.uploads.is_empty() && self.removals.is_empty()
    }

    /// The manifest to write before the first file: it names everything that may be in the store from then on.
    pub fn first_manifest(
        &self,
        target: Option<TargetManifest>,
        handbook: HandbookIdentity,
        audience: String,
    ) -> TargetManifest {
        let mut manifest = TargetManifest::new(handbook, audience);
        manifest.files = target.map(|target| target.files).unwrap_or_default();
        for upload in &self.uploads {
            manifest.files.remove(&upload.path);
            manifest.unsure.insert(upload.path.clone(), upload.reason);
        }
        manifest.removed = self.waiting.clone();
        // A run that ends before it has deleted them leaves them to the next one.
        manifest.deleting = self.removals.iter().cloned().collect();
        for path in self.waiting.keys().chain(&self.removals) {
            manifest.files.remove(path);
        }
        manifest
    }
}

/// The digest of what a store keeps of a file: its bytes and its headers. A new version of Opsbook with other headers thereby
/// uploads the files that they concern.
fn stored_digest(file: &BuiltFile) -> String {
    let text = format!("{}\n{}\n{}", file.digest, file.media, cache_control(file.name));
    blake3::hash(text.as_bytes()).to_hex()[..32].to_owned()
}

fn stage(path: &str, output: OutputName, reason: UploadReason) -> DeployStage {
    // The home page, the error page, and what keeps pages for reading offline. Other pages may stand beside them.
    if matches!(path, "index.html" | "404.html" | "worker.js") {
        return DeployStage::Pointers;
    }
    // The Markdown beside a page is a page for programs.
    let is_page = path.ends_with(".html") || path.ends_with(".md");
    match reason {
        _ if output == OutputName::OfContent => DeployStage::Assets,
        // Pages load the search, so it is there before the first of them. Later it belongs to its index.
        UploadReason::New if path == SEARCH_PROGRAM => DeployStage::Assets,
        UploadReason::Changed if path == SEARCH_PROGRAM => DeployStage::Pointers,
        // Changed pages may link them.
        UploadReason::New if is_page || is_data(path) => DeployStage::NewPages,
        UploadReason::Changed if is_page => DeployStage::ChangedPages,
        UploadReason::Changed if is_data(path) => DeployStage::Pointers,
        _ => DeployStage::Assets,
    }
}

/// The program that reads the search index.
const SEARCH_PROGRAM: &str = "search/search.js";

/// Data for programs that names pages: registers, feeds, the entry of the search index, lists of pages and of redirects.
fn is_data(path: &str) -> bool {
    let names = [
        "_headers",
        "_redirects",
        "atom.xml",
        "handbook.json",
        "headers.caddy",
        "headers.nginx.conf",
        "llms.txt",
        "redirects.nginx.conf",
        "robots.txt",
        "search/index.json",
        "sitemap.xml",
        "status/atom.xml",
    ];
    let is_part_of_sitemap = path
        .strip_prefix("sitemap-")
        .and_then(|rest| rest.strip_suffix(".xml"))
        .is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()));
    names.contains(&path) || is_part_of_sitemap || path.starts_with("registers/")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::super::target_manifest::StoredFile;
    use super::*;
    use crate::published_types::media_type;

    const DAY: Grace = Grace { now: 1_000_000, seconds: 86_400 };

    /// A file. In these tests a name with eight digits of a digest is one by content.
    fn built(path: &str, digest: &str) -> (String, BuiltFile) {
        let name = if path.contains(".dba8d9ca.") || path.contains("/3cd987e983.") {
            OutputName::OfContent
        } else {
            OutputName::Fixed
        };
        (path.to_owned(), BuiltFile { digest: digest.to_owned(), name, media: media_type(path) })
    }

    fn site(files: &[(&str, &str)]) -> BTreeMap<String, BuiltFile> {
        files.iter().map(|(path, digest)| built(path, digest)).collect()
    }

    fn identity() -> HandbookIdentity {
        HandbookIdentity { title: "H".to_owned(), base_url: None }
    }

    /// The manifest after a whole run.
    fn deployed(site: &BTreeMap<String, BuiltFile>) -> TargetManifest {
        let mut manifest = TargetManifest::new(identity(), "public".to_owned());
        let stored = |(path, file): (&String, &BuiltFile)| {
            (path.clone(), StoredFile { digest: stored_digest(file), etag: None })
        };
        manifest.files = site.iter().map(stored).collect();
        manifest
    }

    #[test]
    fn what_leads_somewhere_comes_after_what_it_leads_to() {
        let old = site(&[
            ("index.html", "1"),
            ("a/index.html", "1"),
            ("search/index.json", "1"),
            ("search/search.js", "1"),
            ("sitemap-1.xml", "1"),
            ("status/atom.xml", "1"),
        ]);
        let new = site(&[
            ("404.html", "1"),
            ("index.html", "2"),
            ("a/index.html", "2"),
            ("a/index.md", "1"),
            ("a/plan.png", "1"),
            ("b/index.html", "1"),
            ("assets/style.dba8d9ca.css", "1"),
            ("search/3cd987e983.json", "1"),
            ("search/index.json", "2"),
            ("search/search.js", "2"),
            ("registers/actions.json", "1"),
            ("sitemap.xml", "1"),
            ("sitemap-1.xml", "2"),
            ("sitemap-2.xml", "1"),
            ("status/atom.xml", "2"),
        ]);
        let plan = DeployPlan::new(&new, Some(&deployed(&old)), DAY);
        let order: Vec<_> = plan.uploads.iter().map(|upload| (upload.stage, upload.path.as_str())).collect();
        use DeployStage::{Assets, ChangedPages, NewPages, Pointers};
        let wanted = [
            (Assets, "a/plan.png"),
            (Assets, "assets/style.dba8d9ca.css"),
            (Assets, "search/3cd987e983.json"),
            (NewPages, "a/index.md"),
            (NewPages, "b/index.html"),
            (NewPages, "registers/actions.json"),
            (NewPages, "sitemap-2.xml"),
            (NewPages, "sitemap.xml"),
            (ChangedPages, "a/index.html"),
            (Pointers, "404.html"),
            (Pointers, "index.html"),
            (Pointers, "search/index.json"),
            (Pointers, "search/search.js"),
            (Pointers, "sitemap-1.xml"),
            (Pointers, "status/atom.xml"),
        ];
        assert_eq!(order, wanted);
        let first = DeployPlan::new(&new, None, DAY);
        let stage = |path: &str| first.uploads.iter().find(|upload| upload.path == path).unwrap().stage;
        assert_eq!((stage("search/search.js"), stage("search/index.json")), (Assets, NewPages));
    }

    #[test]
    fn a_page_beside_the_home_page_is_a_page() {
        let old = site(&[("index.html", "1"), ("contact.html", "1"), ("runbooks/disk.html", "1")]);
        let new = site(&[
            ("index.html", "2"),
            ("about.html", "1"),
            ("about.md", "1"),
            ("contact.html", "2"),
            ("runbooks/disk.html", "2"),
        ]);
        let plan = DeployPlan::new(&new, Some(&deployed(&old)), DAY);
        let order: Vec<_> = plan.uploads.iter().map(|upload| (upload.stage, upload.path.as_str())).collect();
        let wanted = [
            (DeployStage::NewPages, "about.html"),
            (DeployStage::NewPages, "about.md"),
            (DeployStage::ChangedPages, "contact.html"),
            (DeployStage::ChangedPages, "runbooks/disk.html"),
            (DeployStage::Pointers, "index.html"),
        ];
        assert_eq!(order, wanted);
    }

    #[test]
    fn an_unfinished_page_keeps_its_stage() {
        let old = site(&[("a/index.html", "1"), ("c/index.html", "1")]);
        let new = site(&[("a/index.html", "2"), ("b/index.html", "1"), ("c/index.html", "1")]);
        let cut = DeployPlan::new(&new, Some(&deployed(&old)), DAY);
        let manifest = cut.first_manifest(Some(deployed(&old)), identity(), "public".to_owned());
        let plan = DeployPlan::new(&new, Some(&manifest), DAY);
        let found: Vec<_> =
            plan.uploads.iter().map(|u| (u.path.as_str(), u.stage, u.is_unfinished)).collect();
        let wanted = [
            ("b/index.html", DeployStage::NewPages, true),
            ("a/index.html", DeployStage::ChangedPages, true),
        ];
        assert_eq!(found, wanted);
    }

    #[test]
    fn a_page_that_comes_back_may_still_be_linked() {
        let old = site(&[("a/index.html", "1")]);
        let gone = DeployPlan::new(&site(&[]), Some(&deployed(&old)), DAY);
        let manifest = gone.first_manifest(Some(deployed(&old)), identity(), "public".to_owned());
        assert_eq!(DeployPlan::new(&old, Some(&manifest), DAY).uploads[0].stage, DeployStage::ChangedPages);
    }

    #[test]
    fn only_what_changed_is_uploaded() {
        let old = site(&[("index.html", "1"), ("a/index.html", "1")]);
        let new = site(&[("index.html", "1"), ("a/index.html", "2")]);
        let plan = DeployPlan::new(&new, Some(&deployed(&old)), DAY);
        assert_eq!(plan.uploads.iter().map(|u| u.path.as_str()).collect::<Vec<_>>(), ["a/index.html"]);
        assert_eq!(plan.unchanged, 1);
        assert!(DeployPlan::new(&old, Some(&deployed(&old)), DAY).is_idle(Some(&deployed(&old))));
        assert!(!DeployPlan::new(&site(&[]), None, DAY).is_idle(None));
    }

    #[test]
    fn a_file_is_removed_when_the_grace_time_is_over() {
        let old = site(&[("index.html", "1"), ("a/index.html", "1")]);
        let new = site(&[("index.html", "1")]);
        let first = DeployPlan::new(&new, Some(&deployed(&old)), DAY);
        assert_eq!((first.removals.len(), first.waiting.get("a/index.html")), (0, Some(&DAY.now)));
        let manifest = first.first_manifest(Some(deployed(&old)), identity(), "public".to_owned());
        let at = |seconds| DeployPlan::new(&new, Some(&manifest), Grace { now: DAY.now + seconds, ..DAY });
        assert_eq!(at(86_399).removals, [""; 0]);
        assert_eq!(at(86_400).removals, ["a/index.html"]);
        // The time is counted from the first run without the file, and the site may have it again.
        assert_eq!(at(100).waiting.get("a/index.html"), Some(&DAY.now));
        let again = DeployPlan::new(&old, Some(&manifest), DAY);
        assert_eq!((again.uploads[0].path.as_str(), again.waiting.len()), ("a/index.html", 0));
        let now = DeployPlan::new(&new, Some(&deployed(&old)), Grace { seconds: 0, ..DAY });
        assert_eq!(now.removals, ["a/index.html"]);
    }

    /// A store and the manifest in it: paths with the digests of their bytes.
    #[derive(Debug, Clone, Default)]
    struct ModelStore {
        files: BTreeMap<String, String>,
        manifest: Option<TargetManifest>,
    }

    impl ModelStore {
        /// Runs a deployment and stops after `writes` writes. Returns whether it came to its end.
        fn run(&mut self, site: &BTreeMap<String, BuiltFile>, grace: Grace, mut writes: usize) -> bool {
            let plan = DeployPlan::new(site, self.manifest.as_ref(), grace);
            if plan.is_idle(self.manifest.as_ref()) {
                return true;
            }
            let mut manifest = plan.first_manifest(self.manifest.clone(), identity(), "public".to_owned());
            let mut spend = || {
                let left = writes > 0;
                writes = writes.saturating_sub(1);
                left
            };
            if !spend() {
                return false;
            }
            self.manifest = Some(manifest.clone());
            for upload in &plan.uploads {
                if !spend() {
                    return false;
                }
                self.files.insert(upload.path.clone(), site[&upload.path].digest.clone());
                manifest.unsure.remove(&upload.path);
                let stored = StoredFile { digest: upload.digest.clone(), etag: None };
                manifest.files.insert(upload.path.clone(), stored);
            }
            for path in &plan.removals {
                if !spend() {
                    return false;
                }
                self.files.remove(path);
                manifest.deleting.remove(path);
            }
            if !spend() {
                return false;
            }
            self.manifest = Some(manifest);
            true
        }
    }

    fn sites() -> impl Strategy<Value = Vec<(BTreeMap<String, BuiltFile>, usize, i64)>> {
        let paths =
            ["index.html", "a/index.html", "b/index.html", "a/x.png", "assets/s.dba8d9ca.css", "sitemap.xml"];
        let file = (proptest::sample::select(paths.to_vec()), 0..3u8);
        let files = proptest::collection::vec(file, 0..6);
        let site = files.prop_map(|files| {
            files
                .into_iter()
                .map(|(path, digest)| built(path, &digest.to_string()))
                .collect::<BTreeMap<String, BuiltFile>>()
        });
        proptest::collection::vec((site, 0..12usize, 0..200_000i64), 1..8)
    }

    proptest! {
        /// However many runs are cut, the first one that comes to its end leaves exactly the site and what waits.
        #[test]
        fn the_next_run_heals(runs in sites()) {
            let (mut store, mut now) = (ModelStore::default(), 1_000_000);
            for (site, writes, pause) in runs {
                now += pause;
                let grace = Grace { now, seconds: 86_400 };
                let is_whole = store.run(&site, grace, writes);
                let tracked: BTreeSet<&String> = store.manifest.iter().flat_map(|m| m.paths()).collect();
                prop_assert!(store.files.keys().all(|path| tracked.contains(path)), "an untracked file");
                if is_whole {
                    for (path, file) in &site {
                        prop_assert_eq!(store.files.get(path), Some(&file.digest));
                    }
                    let manifest = store.manifest.as_ref().unwrap();
                    prop_assert_eq!(manifest.unsure.len(), 0);
                    for path in store.files.keys() {
                        prop_assert!(site.contains_key(path) != manifest.removed.contains_key(path));
                    }
                    prop_assert!(DeployPlan::new(&site, Some(manifest), grace).is_idle(Some(manifest)));
                }
            }
        }
    }
}
