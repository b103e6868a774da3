//! What `opsbook bundle` writes: all or nothing, the same bytes each time, and nothing that its audience may not see.
//!
//! Owns the archive as a file. How its pages work in a browser is tried in `tests/browser/bundle.mjs`.
#![expect(clippy::disallowed_methods, reason = "writes handbooks and reads archives")]

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;
use zip::ZipArchive;

const BOOK: &str =
    "[book]\ntitle = \"Ops & Co\"\nlicense = \"CC-BY-4.0\"\n[visibility]\ndefault = \"public\"\n";

fn handbook(files: &[(&str, &str)]) -> TempDir {
    let root = TempDir::new().unwrap();
    for (path, text) in [("book.toml", BOOK)].iter().chain(files) {
        let path = root.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    root
}

fn usual() -> TempDir {
    handbook(&[
        ("content/_index.md", "# Home\n\n[Disk](runbooks/disk.md)\n"),
        ("content/runbooks/_index.md", "# Runbooks\n"),
        (
            "content/runbooks/disk.md",
            "---\ntitle: A disk is full\ndate: 2026-03-04\ntags: [storage]\n---\nSee [weekly](../process/weekly.md#when), ![map](map.svg) and [data](data.csv).\n\n:::internal\nThe canary sings.\n:::\n",
        ),
        ("content/runbooks/map.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1\" height=\"1\"/>"),
        ("content/runbooks/data.csv", "a,b\n"),
        ("content/runbooks/secret.md", "---\nvisibility: internal\n---\n# The canary's cage\n"),
        ("content/process/weekly.md", "# Weekly\n\n## When\n\nOn Monday. ![other](other.svg)\n"),
        ("content/process/other.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1\" height=\"1\"/>"),
    ])
}

fn bundle(root: &Path, options: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_opsbook"));
    command.args(["bundle", "--today", "2026-11-21", "--root"]).arg(root).args(options);
    command.current_dir(root).output().unwrap()
}

/// The files of the archive by their names.
fn files(archive: &Path) -> Vec<(String, Vec<u8>)> {
    let mut archive = ZipArchive::new(File::open(archive).unwrap()).unwrap();
    let names: Vec<String> = archive.file_names().map(|name| name.unwrap().into_owned()).collect();
    let mut read = |name: &String| {
        let mut bytes = Vec::new();
        archive.by_name(name).unwrap().read_to_end(&mut bytes).unwrap();
        (name.clone(), bytes)
    };
    names.iter().map(&mut read).collect()
}

fn made(root: &TempDir, options: &[&str]) -> (PathBuf, Vec<(String, Vec<u8>)>) {
    let done = bundle(root.path(), options);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let internal = options.contains(&"internal");
    let path = root.path().join(if internal { "handbook-internal.zip" } else { "handbook.zip" });
    let files = files(&path);
    (path, files)
}

fn text<'a>(files: &'a [(String, Vec<u8>)], name: &str) -> &'a str {
    let (_, bytes) =
        files.iter().find(|(path, _)| path.ends_with(name)).unwrap_or_else(|| panic!("no {name}"));
    std::str::from_utf8(bytes).unwrap()
}

fn names(files: &[(String, Vec<u8>)]) -> Vec<&str> {
    files.iter().filter_map(|(path, _)| path.split_once('/').map(|(_, name)| name)).collect()
}

#[test]
fn one_folder_holds_the_handbook_with_addresses_that_open_as_files() {
    let (_, files) = made(&usual(), &[]);
    assert!(files.iter().all(|(path, _)| path.starts_with("ops-co/")));
    let names = names(&files);
    for name in [
        "README.txt",
        "index.html",
        "runbooks/disk/index.html",
        "process/weekly/index.html",
        "runbooks/map.svg",
        "search/index.js",
        "tags/storage/index.html",
    ] {
        assert!(names.contains(&name), "{name} is missing in {names:?}");
    }
    for name in ["404.html", "sitemap.xml", "handbook.json", "index.md", "search/index.json"] {
        assert!(!names.contains(&name), "{name} is of no use in a bundle");
    }
    let page = text(&files, "runbooks/disk/index.html");
    assert!(page.contains("href=\"../../process/weekly/index.html#when\""), "{page}");
    assert!(page.contains("This copy is from 2026-03-04."));
    assert!(text(&files, "README.txt").contains("index.html"));
}

#[test]
fn the_same_handbook_makes_the_same_bytes() {
    let (one, other) = (usual(), usual());
    let bytes = |root: &TempDir| fs::read(made(root, &[]).0).unwrap();
    assert_eq!(bytes(&one), bytes(&other));
    // A second archive takes the place of the first.
    assert_eq!(bytes(&one), bytes(&other));
}

#[test]
fn a_section_comes_with_what_it_needs_and_leads_to_the_web_or_nowhere() {
    let (_, files) = made(&usual(), &["--section", "/runbooks/"]);
    let pages = names(&files);
    assert!(pages.iter().all(|name| !name.starts_with("process") && !name.starts_with("tags")), "{pages:?}");
    assert!(pages.contains(&"runbooks/map.svg") && pages.contains(&"runbooks/data.csv"));
    let page = text(&files, "runbooks/disk/index.html");
    assert!(page.contains("<span class=\"unlinked\">weekly</span>"), "{page}");
    assert!(!page.contains("href=\"\""), "{page}");
    assert!(text(&files, "ops-co-runbooks/index.html").contains("href=\"runbooks/index.html\""));
    assert!(!text(&files, "search/index.js").contains("Weekly"));
    let (_, files) = made(&usual(), &["--section", "runbooks", "--base-url", "https://ops.example/h/"]);
    let page = text(&files, "runbooks/disk/index.html");
    assert!(page.contains("href=\"https://ops.example/h/process/weekly/#when\""), "{page}");
}

#[test]
fn what_an_audience_may_not_see_is_in_no_file() {
    for options in [&[][..], &["--section", "runbooks"]] {
        let (_, files) = made(&usual(), options);
        for (path, bytes) in &files {
            assert!(!path.contains("secret"), "{path}");
            assert!(!String::from_utf8_lossy(bytes).to_lowercase().contains("canary"), "{path}");
        }
    }
    let (_, files) = made(&usual(), &["--audience", "internal"]);
    assert!(text(&files, "runbooks/disk/index.html").contains("The canary sings."));
    assert!(text(&files, "README.txt").contains("Internal"));
}

#[test]
fn an_unknown_section_is_named_with_the_nearest_one() {
    let root = usual();
    let done = bundle(root.path(), &["--section", "runboks"]);
    assert_eq!(done.status.code(), Some(2));
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(said.contains("`runboks`") && said.contains("Did you mean `runbooks`?"), "{said}");
    assert!(!root.path().join("handbook.zip").exists());
}

#[test]
fn a_bundle_for_few_has_a_name_of_its_own_and_never_takes_the_place_of_one_for_all() {
    let root = usual();
    let (public, _) = made(&root, &[]);
    let (internal, _) = made(&root, &["--audience", "internal"]);
    let before = fs::read(&public).unwrap();
    let to = |file: &str, audience: &str| {
        let done = bundle(root.path(), &["--audience", audience, "--output", file]);
        (done.status.code(), String::from_utf8_lossy(&done.stderr).into_owned())
    };
    let (code, said) = to("handbook.zip", "internal");
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("holds a bundle for `public`, and this one is for `internal`"), "{said}");
    assert_eq!(fs::read(&public).unwrap(), before);
    assert_eq!(to("handbook-internal.zip", "internal").0, Some(0));
    assert_eq!(to("handbook-internal.zip", "public").0, Some(0));
    assert_eq!(fs::read(&internal).unwrap(), before);
}

#[test]
fn a_file_of_others_is_never_replaced_and_nothing_is_left_behind() {
    let root = usual();
    let place = root.path().join("handbook.zip");
    fs::write(&place, "a letter").unwrap();
    let done = bundle(root.path(), &[]);
    assert_eq!(done.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&done.stderr).contains("is not a bundle"));
    assert_eq!(fs::read_to_string(&place).unwrap(), "a letter");
    let done = bundle(root.path(), &["--output", "nowhere/a.zip"]);
    assert_eq!(done.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&done.stderr).contains("there is no folder"));
}

#[test]
fn a_full_disk_leaves_the_old_archive_and_no_half_of_the_new_one() {
    let root = usual();
    let (place, _) = made(&root, &["--audience", "internal"]);
    let before = fs::read(&place).unwrap();
    // No file may grow beyond a few blocks: writing fails as on a full disk.
    let script = "trap '' XFSZ; ulimit -f 8; exec \"$0\" \"$@\"";
    let mut command = Command::new("bash");
    command.args(["-c", script, env!("CARGO_BIN_EXE_opsbook"), "bundle", "--audience", "internal", "--root"]);
    let done = command.arg(root.path()).current_dir(root.path()).output().unwrap();
    assert_eq!(done.status.code(), Some(2), "{}", String::from_utf8_lossy(&done.stderr));
    assert!(String::from_utf8_lossy(&done.stderr).contains("cannot write"));
    assert_eq!(fs::read(&place).unwrap(), before);
    let left =
        fs::read_dir(root.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let hidden: Vec<String> = left.filter(|name| name.starts_with(".handbook")).collect();
    assert!(hidden.is_empty(), "{hidden:?}");
}

#[test]
fn errors_in_the_content_stop_the_bundle_unless_it_is_to_keep_going() {
    let root = handbook(&[("content/_index.md", "# Home\n\n[x](none.md)\n")]);
    let done = bundle(root.path(), &[]);
    assert_eq!(done.status.code(), Some(1));
    assert!(!root.path().join("handbook.zip").exists());
    let done = bundle(root.path(), &["--keep-going"]);
    assert_eq!(done.status.code(), Some(1));
    assert!(root.path().join("handbook.zip").exists());
}
