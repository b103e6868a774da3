//! What browsers keep, over whole builds: the list of the worker follows what is published, byte for byte.
//!
//! Cases in `tests/sites/offline` show what one build makes; `tests/browser/worker.mjs` what a browser does with it.

use std::collections::BTreeMap;

use crate::support::handbook::{self, Built, Handbook, Look};
use opsbook::input::Preview;
use opsbook::memo::Retention;
use opsbook::pipeline::Engine;

const BOOK: &str = "[book]\ntitle = \"H\"\n[offline]\nkeep = [\"runbooks\"]\n";

fn handbook(book: &str, disk: &str, other: &str) -> Handbook {
    let files = [
        ("book.toml", book),
        ("content/_index.md", "# Home\n"),
        ("content/runbooks/_index.md", "# Runbooks\n"),
        ("content/runbooks/disk.md", disk),
        ("content/runbooks/net.md", "# A net\n"),
        ("content/other.md", other),
    ];
    let files = files.map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec()));
    Handbook { files: files.into(), look: Look::BuiltIn, today: jiff::civil::date(2026, 11, 21) }
}

/// The digest of each kept file, by its address.
fn list(built: &Built) -> BTreeMap<String, String> {
    assert!(!built.build.failed(), "{:?}", built.diagnostics);
    let worker = String::from_utf8(built.outputs["worker.js"].clone()).unwrap();
    let (_, copy) = worker.rsplit_once("\nserve(").expect("the worker ends with its list");
    let copy: serde_json::Value = serde_json::from_str(copy.strip_suffix(");\n").unwrap()).unwrap();
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let files = copy["files"].as_array().unwrap();
    files.iter().map(|file| (text(&file["url"]), text(&file["digest"]))).collect()
}

/// What differs between two lists, but for the index of the search.
fn changed(before: &BTreeMap<String, String>, after: &BTreeMap<String, String>) -> Vec<String> {
    let all = before.keys().chain(after.keys()).filter(|url| !url.starts_with("search/"));
    let mut changed: Vec<String> = all.filter(|url| before.get(*url) != after.get(*url)).cloned().collect();
    changed.sort();
    changed.dedup();
    changed
}

#[test]
fn the_list_changes_with_the_pages_that_are_kept_and_with_no_other() {
    let (disk, other) = ("# A disk\n\nOne.\n\nText.\n", "# Other\n\nOne.\n\nText.\n");
    let mut engine = Engine::new(Retention::LastGeneration);
    let mut build = |disk: &str, other: &str| {
        let book = handbook(BOOK, disk, other);
        let warm = handbook::build(&mut engine, &book.inputs());
        assert_eq!(
            warm.outputs["worker.js"],
            book.build().outputs["worker.js"],
            "warm and cold builds agree"
        );
        list(&warm)
    };
    let first = build(disk, other);
    assert_eq!(build(disk, other), first);
    assert_eq!(changed(&first, &build("# A disk\n\nOne.\n\nNew.\n", other)), ["runbooks/disk/"]);
    assert_eq!(changed(&first, &build(disk, "# Other\n\nOne.\n\nNew.\n")), Vec::<String>::new());
}

#[test]
fn every_file_of_the_list_is_published_and_every_file_that_its_pages_load_is_in_it() {
    let built = handbook(BOOK, "# A disk\n", "# Other\n").build();
    let list = list(&built);
    for url in list.keys() {
        let path = if url == "./" { "" } else { url };
        let folder = format!("{path}index.html");
        assert!(built.outputs.contains_key(path) || built.outputs.contains_key(&folder), "{url}");
    }
    let page = String::from_utf8(built.outputs["runbooks/disk/index.html"].clone()).unwrap();
    let loaded: Vec<&str> =
        page.split("\"../../assets/").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert!(loaded.len() > 8, "{loaded:?}");
    for name in loaded {
        assert!(list.contains_key(&format!("assets/{name}")), "{name}");
    }
}

#[test]
fn a_preview_keeps_nothing() {
    let mut inputs = handbook(BOOK, "# A disk\n", "# Other\n").inputs();
    inputs.preview = Preview::Yes;
    let built = handbook::build(&mut Engine::new(Retention::Nothing), &inputs);
    assert!(!built.outputs.contains_key("worker.js"));
    let pages = built.outputs.iter().filter(|(path, _)| path.ends_with(".html"));
    for (path, html) in pages {
        let html = String::from_utf8_lossy(html);
        assert!(html.contains("trusted-types 'none'") && !html.contains("offline."), "{path}");
    }
}

#[test]
fn a_handbook_without_the_setting_is_the_same_as_one_that_takes_it_back_but_for_the_worker() {
    let taken = handbook("[book]\ntitle = \"H\"\n[offline]\nkeep = []\n", "# A disk\n", "# Other\n").build();
    let never = handbook("[book]\ntitle = \"H\"\n", "# A disk\n", "# Other\n").build();
    let mut outputs = taken.outputs.clone();
    assert!(outputs.remove("worker.js").is_some());
    assert_eq!(outputs, never.outputs);
}
