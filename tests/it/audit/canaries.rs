//! A word in every channel: none gets out to everybody, each gets out to insiders.
//!
//! The second half is what makes the first one mean something: a channel whose word is never found tests nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use opsbook::audit::{BuildMachine, Scanner};
use opsbook::config::AuditSettings;

use super::handbook::{FILES, NOBODY};
use super::seeds::png;

/// Signs that no encoding changes, no search folds and no stemmer cuts.
const SIGNS: &[u8] = b"bcdfghjkmnpqrtvwxz2345679";

/// The word of a channel: 24 signs by chance, the same each time.
fn word(channel: &str) -> String {
    let digest = blake3::hash(channel.as_bytes());
    digest.as_bytes()[..24].iter().map(|byte| char::from(SIGNS[usize::from(*byte) % SIGNS.len()])).collect()
}

/// All channels that a text names.
fn channels(text: &str) -> impl Iterator<Item = &str> {
    text.split('‹').skip(1).map(|rest| rest.split('›').next().unwrap())
}

fn with_words(text: &str) -> String {
    let mut parts = text.split('‹');
    let first = parts.next().unwrap().to_owned();
    parts.fold(first, |written, part| {
        let (channel, rest) = part.split_once('›').unwrap();
        written + &word(channel) + rest
    })
}

/// The channels of the whole handbook.
fn all() -> BTreeSet<&'static str> {
    let named = FILES.iter().flat_map(|(path, text)| channels(path).chain(channels(text)));
    named.chain(["author in Git", "environment", "folder of the build", "metadata of a picture"]).collect()
}

/// The handbook on disk, with a history.
fn book() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let root = root(&folder);
    for (path, text) in FILES {
        let path = root.join(with_words(path));
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, with_words(text)).unwrap();
    }
    let picture = png(b"tEXt", format!("Author\0{}", word("metadata of a picture")).as_bytes());
    fs::write(root.join("content/open.png"), picture).unwrap();
    let author = word("author in Git");
    let (name, mail) = (format!("user.name={author}"), format!("user.email={author}@mail.example"));
    git(&root, &["init", "-q"]);
    git(&root, &["add", "."]);
    git(&root, &["-c", &name, "-c", &mail, "commit", "-q", "-m", &author]);
    folder
}

fn root(folder: &tempfile::TempDir) -> std::path::PathBuf {
    folder.path().join(word("folder of the build"))
}

fn git(root: &Path, arguments: &[&str]) {
    let status = Command::new("git").args(arguments).current_dir(root).status().unwrap();
    assert!(status.success(), "git {arguments:?}");
}

fn build(root: &Path, arguments: &[&str]) {
    let output = Command::new(env!("CARGO_BIN_EXE_opsbook"))
        .arg("build")
        .args(arguments)
        .current_dir(root)
        .env("OPSBOOK_CANARY", word("environment"))
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(0), "{text}");
}

/// Every file in a folder.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in walkdir::WalkDir::new(folder).into_iter().map(Result::unwrap) {
        if entry.file_type().is_file() {
            let path = entry.path().strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
            files.insert(path, fs::read(entry.path()).unwrap());
        }
    }
    assert!(files.len() > 20, "{}", files.len());
    files
}

/// The channels whose words are found, with the first file that has each.
fn found(files: &BTreeMap<String, Vec<u8>>) -> BTreeMap<&'static str, String> {
    let channels: Vec<&str> = all().into_iter().collect();
    let deny = channels.iter().map(|channel| word(channel)).collect();
    let scanner =
        Scanner::new(&AuditSettings { deny, ..AuditSettings::default() }, &BuildMachine::default()).unwrap();
    let mut found = BTreeMap::new();
    for (path, bytes) in files {
        let hits = scanner.look(path, bytes).hits;
        for (hit, _) in hits.iter().filter(|(hit, _)| hit.rule.name == "leak.denied") {
            let number = hit.what.split_whitespace().find_map(|word| word.parse::<usize>().ok()).unwrap();
            found.entry(channels[number - 1]).or_insert_with(|| path.clone());
        }
    }
    found
}

#[test]
fn no_word_gets_out_to_everybody_and_each_to_insiders() {
    let folder = book();
    let root = root(&folder);
    build(&root, &["--audience", "public", "--audience", "internal", "--out", "site"]);
    assert_eq!(found(&files(&root.join("site/public"))), BTreeMap::new());
    let inside = found(&files(&root.join("site/internal")));
    let nobody: BTreeSet<&str> = NOBODY.iter().copied().collect();
    let seen: BTreeSet<&str> = inside.keys().copied().collect();
    assert_eq!(seen, &all() - &nobody, "{inside:#?}");
    assert!(seen.len() >= 40 && all().len() >= 60, "{} of {}", seen.len(), all().len());
}

#[test]
fn an_internal_site_leaves_nothing_where_the_public_one_takes_its_place() {
    let folder = book();
    let root = root(&folder);
    build(&root, &["--audience", "public", "--out", "fresh"]);
    build(&root, &["--audience", "internal", "--out", "site"]);
    assert!(found(&files(&root.join("site"))).len() >= 40);
    build(&root, &["--audience", "public", "--out", "site"]);
    let site = files(&root.join("site"));
    assert_eq!(found(&site), BTreeMap::new());
    assert!(site == files(&root.join("fresh")), "the same files, byte by byte");
    let beside: BTreeSet<String> =
        fs::read_dir(&root).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    let known = [".git", ".opsbook", "book.toml", "content", "data", "fresh", "site"];
    assert!(beside.iter().all(|name| known.contains(&name.as_str())), "{beside:?}");
}
