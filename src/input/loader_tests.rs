//! Tests of the loader on real folders.
//!
//! Each test writes a small handbook into a folder of its own.
#![expect(clippy::disallowed_methods, reason = "reads the handbook and its history")]

use std::fs;
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use tempfile::TempDir;

use super::super::disk::SystemCall;
use super::super::{Drafts, Preview};
use super::*;
use crate::bounds::PAGE_BYTES;

fn handbook(files: &[(&str, &[u8])]) -> TempDir {
    let root = tempfile::tempdir().unwrap();
    fs::write(root.path().join("book.toml"), "[book]\ntitle = \"T\"\n").unwrap();
    fs::create_dir(root.path().join("content")).unwrap();
    for (path, bytes) in files {
        write(&root, path, bytes);
    }
    root
}

fn write(root: &TempDir, path: &str, bytes: &[u8]) {
    let place = root.path().join(path);
    fs::create_dir_all(place.parent().unwrap()).unwrap();
    fs::write(place, bytes).unwrap();
}

fn options(root: &Path) -> Options {
    Options {
        root: root.to_owned(),
        out: None,
        base_url: None,
        preview: Preview::No,
        drafts: Drafts::Leave,
        audience: None,
        today: None,
    }
}

fn load(root: &TempDir) -> Inputs {
    Loader::new(options(root.path())).load().unwrap()
}

fn names<'a, V: 'a>(files: &'a BTreeMap<FilePath, V>) -> Vec<&'a str> {
    files.keys().map(FilePath::as_str).collect()
}

#[test]
fn files_are_sorted_by_what_they_are() {
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x20\0\0\0\x10\x08\x06\0\0\0";
    let root = handbook(&[
        ("content/a.md", b"# A\r\n"),
        ("content/x.yaml", b"a: 1\n"),
        ("content/p.png", png),
        ("content/q.svg", b"<svg viewBox='0 0 2 3' onload='x'/>"),
        ("content/page.exe", b""),
        ("theme/templates/page.html", b"mine"),
    ]);
    let inputs = load(&root);
    assert_eq!(names(&inputs.sources), ["content/a.md", "content/x.yaml"]);
    assert_eq!(names(&inputs.assets), ["content/p.png", "content/q.svg", "content/x.yaml"]);
    assert_eq!(inputs.others.len(), 1);
    let asset = |name: &str| &inputs.assets[&FilePath::new(name).unwrap()];
    assert_eq!(asset("content/p.png").size, Some((32, 16)));
    assert_eq!(asset("content/q.svg").size, Some((2, 3)));
    assert!(matches!(asset("content/q.svg").problem, Some(crate::metadata::MetadataProblem::Active(_))));
    assert_eq!(&*inputs.theme.templates["page.html"].text, "mine");
    assert_eq!(&*inputs.sources[&FilePath::new("content/a.md").unwrap()].text, "# A\n");
    assert!(inputs.diagnostics.is_empty());
}

#[test]
fn problems_of_content_are_diagnostics_with_a_place() {
    let large = vec![b'x'; PAGE_BYTES.most + 1];
    let root = handbook(&[
        ("content/a.md", b"ok\ncaf\xE9"),
        ("content/big.md", &large),
        ("content/big.csv", &large),
    ]);
    let inputs = load(&root);
    let found: Vec<String> = inputs
        .diagnostics
        .iter()
        .map(|d| {
            let text = &inputs.sources[&d.span.file].text;
            let at = position(text, d.span.start as usize);
            format!("{}:{}:{} {}", d.span.file, at.line, at.column, d.rule.name)
        })
        .collect();
    assert_eq!(found, ["content/a.md:2:4 input.encoding", "content/big.md:1:1 input.size"]);
    assert!(inputs.assets.contains_key("content/big.csv"));
}

#[test]
fn what_cannot_be_read_is_a_failure_with_a_way_out() {
    let nowhere = Loader::new(options(Path::new("/nonexistent"))).load().unwrap_err();
    assert!(nowhere.to_string().contains("--root"));
    let root = tempfile::tempdir().unwrap();
    let failure = Loader::new(options(root.path())).load().unwrap_err();
    assert!(failure.message.contains("no `book.toml`") && failure.help.contains("opsbook init"));
    fs::write(root.path().join("book.toml"), "").unwrap();
    assert!(Loader::new(options(root.path())).load().unwrap_err().message.contains("content folder"));
    fs::write(root.path().join("book.toml"), "[paths]\ncontent = \"..\"\n").unwrap();
    let failure = Loader::new(options(root.path())).load().unwrap_err();
    assert!(failure.message.contains("and in `book.toml`, `content` must be a folder"), "{failure}");
    std::os::unix::fs::symlink("/etc", root.path().join("content")).unwrap();
    assert!(Loader::new(options(root.path())).load().unwrap_err().message.contains("outside"));
}

#[test]
fn where_the_root_is_the_content_what_belongs_to_the_program_is_no_page() {
    let root = handbook(&[
        ("book.toml", b"[paths]\ncontent = \".\"\n"),
        ("README.md", b"# Minutes"),
        ("2026/a.md", b"# A"),
        ("kinds/x.md", b"# X"),
        ("theme/x.md", b"# X"),
        ("registers/x.md", b"# X"),
        ("public/x.md", b"# X"),
        (".github/x.md", b"# X"),
        ("node_modules/x.md", b"# X"),
    ]);
    let inputs = load(&root);
    assert_eq!(names(&inputs.sources), ["2026/a.md", "README.md"]);
    assert!(!inputs.assets.contains_key("book.toml") && inputs.diagnostics.is_empty());
}

#[test]
fn the_command_line_wins_over_the_settings() {
    let root = handbook(&[("content/site/x.md", b"")]);
    let out = root.path().join("content/site");
    let base_url = Some("https://example.org/x".to_owned());
    let wanted = Options { out: Some(out), base_url, ..options(root.path()) };
    let inputs = Loader::new(wanted).load().unwrap();
    assert!(inputs.sources.is_empty(), "the output is no content");
    assert_eq!(inputs.config.base_url.as_deref(), Some("https://example.org/x/"));
    for wrong in ["example.org", "https://", "ftp://x/", "https://x/?a"] {
        let wanted = Options { base_url: Some(wrong.into()), ..options(root.path()) };
        assert!(Loader::new(wanted).load().is_err(), "{wrong}");
    }
}

#[test]
fn a_second_load_sees_every_change_and_keeps_the_rest() {
    let root = handbook(&[("content/a.md", b"one"), ("content/b.md", b"b"), ("content/c.md", b"c")]);
    std::thread::sleep(std::time::Duration::from_millis(150));
    let mut loader = Loader::new(options(root.path()));
    let first = loader.load().unwrap();
    write(&root, "content/a.md", b"two");
    fs::remove_file(root.path().join("content/c.md")).unwrap();
    let second = loader.load().unwrap();
    let text = |inputs: &Inputs, name: &str| inputs.sources[&FilePath::new(name).unwrap()].text.clone();
    assert_eq!(&*text(&second, "content/a.md"), "two");
    assert_eq!(names(&second.sources), ["content/a.md", "content/b.md"]);
    assert!(
        Arc::ptr_eq(&text(&first, "content/b.md"), &text(&second, "content/b.md")),
        "kept, not read again"
    );
    // Two writes within one step of the file system's clock can leave the same stamp, but not the same text.
    for round in 0..50 {
        write(&root, "content/a.md", format!("{round:03}").as_bytes());
        assert_eq!(&*text(&loader.load().unwrap(), "content/a.md"), format!("{round:03}"));
    }
}

fn git(root: &Path, arguments: &[&str]) {
    let identity = ["-c", "user.name=Zoë", "-c", "user.email=z@example.org", "-c", "init.defaultBranch=main"];
    let output = Command::new("git")
        .arg("-C")
        .arg(root)
        .args(identity)
        .args(arguments)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_COMMITTER_DATE", "2026-01-02T03:04:05Z")
        .output()
        .unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn dates_come_from_git_also_for_a_handbook_in_a_folder_of_a_repository() {
    let above = tempfile::tempdir().unwrap();
    let root = above.path().join("docs");
    fs::create_dir_all(root.join("content")).unwrap();
    fs::write(root.join("book.toml"), "").unwrap();
    fs::write(root.join("content/ü b.md"), "a").unwrap();
    git(above.path(), &["init", "-q"]);
    git(above.path(), &["add", "."]);
    git(above.path(), &["commit", "-qm", "one"]);
    fs::write(root.join("content/new.md"), "n").unwrap();
    let mut loader = Loader::new(options(&root));
    let inputs = loader.load().unwrap();
    assert_eq!(names(&inputs.history), ["content/ü b.md"]);
    assert_eq!(inputs.history["content/ü b.md"].seconds, 1_767_323_045);
    git(above.path(), &["add", "."]);
    git(above.path(), &["commit", "-qm", "two"]);
    assert_eq!(loader.load().unwrap().history.len(), 2, "a commit is noticed");
    let clone = tempfile::tempdir().unwrap();
    let url = format!("file://{}", above.path().display());
    git(clone.path(), &["clone", "-q", "--depth=1", &url, "c"]);
    let inputs = Loader::new(options(&clone.path().join("c/docs"))).load().unwrap();
    assert_eq!(inputs.history.len(), 0, "at the edge of a shallow clone no date is known");
}

#[test]
fn without_a_repository_there_is_no_history_and_no_error() {
    let root = handbook(&[("content/a.md", b"a")]);
    assert!(load(&root).history.is_empty());
}

#[test]
#[cfg(unix)]
fn where_linked_files_lie_is_known() {
    let root = handbook(&[("content/a/x.md", b"# X"), ("content/a/b/y.md", b"# Y")]);
    std::os::unix::fs::symlink("a/x.md", root.path().join("content/x.md")).unwrap();
    std::os::unix::fs::symlink("a/b", root.path().join("content/z")).unwrap();
    fs::create_dir_all(root.path().join("data/in")).unwrap();
    fs::write(root.path().join("data/in/x.yml"), "groups: []\n").unwrap();
    std::os::unix::fs::symlink("in/x.yml", root.path().join("data/y.yml")).unwrap();
    let links = load(&root).links;
    let links: Vec<_> = links.iter().map(|(from, to)| format!("{from} {to}")).collect();
    let expected =
        ["content/x.md content/a/x.md", "content/z/y.md content/a/b/y.md", "data/y.yml data/in/x.yml"];
    assert_eq!(links, expected);
}

#[test]
fn published_texts_and_certificates_are_looked_into() {
    use crate::asset::Refusal;
    let certificate = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
    let both = format!("{certificate}-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n");
    let root = handbook(&[
        ("content/check.py", b"print('<html>')\n"),
        ("content/page.rules", b"\n<script>alert(1)</script>"),
        ("content/ca.pem", certificate.as_bytes()),
        ("content/both.pem", both.as_bytes()),
        ("content/der.crt", b"\x30\x82"),
        ("content/page.html.j2", b"<html>"),
        ("content/page.php.j2", b""),
        ("content/server.key", b""),
    ]);
    let inputs = load(&root);
    let refusal = |name: &str| inputs.assets[&FilePath::new(name).unwrap()].refusal;
    for published in ["content/check.py", "content/ca.pem", "content/page.html.j2"] {
        assert_eq!(refusal(published), None, "{published}");
    }
    assert_eq!(refusal("content/page.rules"), Some(Refusal::Page));
    assert_eq!(
        (refusal("content/both.pem"), refusal("content/der.crt")),
        (Some(Refusal::NoCertificate), Some(Refusal::NoCertificate))
    );
    assert_eq!(inputs.assets.len(), 6);
}

/// A handbook with something in every folder that is read.
fn whole() -> TempDir {
    let root = handbook(&[
        ("content/a.md", b"# A"),
        ("content/f/_index.md", b"---\nvisibility: internal\n---\n"),
        ("content/f/c.md", b"# C"),
        ("content/f/p.txt", b"p"),
        ("data/x.toml", b""),
        ("theme/templates/page.html", b"mine"),
    ]);
    std::os::unix::fs::symlink("f/c.md", root.path().join("content/link.md")).unwrap();
    std::os::unix::fs::symlink("f", root.path().join("content/linked")).unwrap();
    root
}

/// A loader that calls `before` ahead of each system call.
fn watched(
    root: &TempDir,
    before: impl Fn(SystemCall, &Path) -> io::Result<()> + Send + Sync + 'static,
) -> Loader {
    Loader { disk: Disk::with(before), ..Loader::new(options(root.path())) }
}

#[test]
fn whatever_the_disk_fails_at_is_a_failure_and_never_a_file_that_is_not_there() {
    let root = whole();
    // Folders that have just changed are read once more, which would change the counts.
    std::thread::sleep(std::time::Duration::from_millis(150));
    let asked: Arc<Mutex<BTreeMap<SystemCall, usize>>> = Arc::default();
    let counts = Arc::clone(&asked);
    let count = move |call: SystemCall, _: &Path| {
        *counts.lock().unwrap().entry(call).or_default() += 1;
        Ok(())
    };
    watched(&root, count).load().unwrap();
    let asked = asked.lock().unwrap().clone();
    assert_eq!(asked.len(), 4, "{asked:?}");
    // EIO, ESTALE, EACCES, ENOMEM, EINTR.
    for (number, code) in (0..).zip([5, 116, 13, 12, 4].repeat(2)) {
        for (wanted, count) in &asked {
            for turn in (number % 2..*count).step_by(2) {
                let (wanted, met) = (*wanted, AtomicUsize::new(0));
                let fail = move |call: SystemCall, _: &Path| {
                    let hit = call == wanted && met.fetch_add(1, Ordering::SeqCst) == turn;
                    if hit { Err(io::Error::from_raw_os_error(code)) } else { Ok(()) }
                };
                let failure = watched(&root, fail).load().expect_err("a question has failed");
                assert!(failure.message.starts_with("cannot read `/"), "{wanted:?} {turn} {code}: {failure}");
            }
        }
    }
}

/// The ways in which a file or its folder may change for a moment.
const MOMENTS: [fn(&Path); 4] = [
    |file| fs::remove_file(file).unwrap(),
    |file| fs::write(file, "").unwrap(),
    |file| fs::write(file, "---\nvisibility: public\n---\n").unwrap(),
    |file| {
        let folder = file.parent().unwrap();
        fs::rename(folder, folder.with_file_name("away")).unwrap();
    },
];

/// Loads while a file is changed, from the system call `begin` until the next walk begins.
fn loaded_across(change: fn(&Path), begin: (SystemCall, &'static str)) -> Inputs {
    let root = whole();
    let top = root.path().canonicalize().unwrap().join("content");
    let (file, away) = (top.join("f/_index.md"), top.join("away"));
    let text = fs::read(&file).unwrap();
    let phase = AtomicUsize::new(0);
    let exchange = move |call: SystemCall, path: &Path| {
        let begins = call == begin.0 && path.ends_with(begin.1);
        if begins && phase.compare_exchange(0, 1, Ordering::SeqCst, Ordering::SeqCst).is_ok() {
            change(&file);
        } else if (call, path) == (SystemCall::Stat, &*top)
            && phase.compare_exchange(1, 2, Ordering::SeqCst, Ordering::SeqCst).is_ok()
        {
            if away.exists() {
                fs::rename(&away, file.parent().unwrap()).unwrap();
            }
            fs::write(&file, &text).unwrap();
        }
        Ok(())
    };
    watched(&root, exchange).load().unwrap()
}

#[test]
fn what_is_gone_or_another_for_a_moment_is_read_again() {
    for change in MOMENTS {
        // Before the walk finds it, between the walk and reading, and after it was read.
        for begin in [
            (SystemCall::List, "content"),
            (SystemCall::Open, "f/_index.md"),
            (SystemCall::Open, "page.html"),
        ] {
            let inputs = loaded_across(change, begin);
            let names = names(&inputs.sources);
            for file in ["content/a.md", "content/f/_index.md", "content/f/c.md", "content/linked/_index.md"]
            {
                assert!(names.contains(&file), "{begin:?}: {names:?}");
            }
            let index = &inputs.sources["content/f/_index.md"].text;
            assert_eq!(&**index, "---\nvisibility: internal\n---\n", "{begin:?}");
            assert!(inputs.diagnostics.is_empty(), "{:?}", inputs.diagnostics);
        }
    }
}

#[test]
fn a_handbook_that_takes_the_place_of_another_is_read_as_a_whole() {
    let above = tempfile::tempdir().unwrap();
    let place = |name: &str| above.path().canonicalize().unwrap().join(name);
    let (shown, other, away) = (place("shown"), place("other"), place("away"));
    for (root, text) in [(&shown, "one"), (&other, "two")] {
        fs::create_dir_all(root.join("content")).unwrap();
        fs::write(root.join("book.toml"), "[book]\ntitle = \"T\"\n").unwrap();
        fs::write(root.join("content/a.md"), text).unwrap();
    }
    let options = options(&shown);
    // The folders are open by now. The walk goes by their paths, so it meets the files of the other handbook.
    let exchange = move |call: SystemCall, path: &Path| {
        if call == SystemCall::Stat && path == shown.join("content") && !away.exists() {
            fs::rename(&shown, &away).unwrap();
            fs::rename(&other, &shown).unwrap();
        }
        Ok(())
    };
    let mut loader = Loader { disk: Disk::with(exchange), ..Loader::new(options) };
    assert_eq!(&*loader.load().unwrap().sources["content/a.md"].text, "two");
}

#[test]
fn a_handbook_that_never_rests_is_a_failure_that_says_so() {
    let root = whole();
    let file = root.path().join("content/a.md");
    let turn = AtomicUsize::new(0);
    let change = move |call: SystemCall, _: &Path| {
        if call == SystemCall::List || call == SystemCall::Resolve {
            let length = turn.fetch_add(1, Ordering::SeqCst);
            fs::write(&file, "x".repeat(length)).unwrap();
        }
        Ok(())
    };
    let failure = watched(&root, change).load().unwrap_err();
    assert!(failure.message.starts_with("the handbook changed while it was read: `"), "{failure}");
}

#[test]
#[cfg(target_os = "linux")]
fn folders_that_are_exchanged_are_read_as_one_or_the_other() {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    let root = handbook(&[("content/a.md", b"# A")]);
    for (folder, text) in [("content/f", "one"), ("other", "two")] {
        for name in ["_index.md", "b.md", "c.md", "d.md"] {
            write(&root, &format!("{folder}/{name}"), text.as_bytes());
        }
    }
    let (shown, other) = (root.path().join("content/f"), root.path().join("other"));
    std::thread::scope(|scope| {
        let exchanges = scope.spawn(|| {
            for _ in 0..60 {
                renameat_with(CWD, &shown, CWD, &other, RenameFlags::EXCHANGE).unwrap();
                std::thread::sleep(std::time::Duration::from_millis(20));
            }
        });
        let mut loader = Loader::new(options(root.path()));
        while !exchanges.is_finished() {
            match loader.load() {
                Ok(inputs) => {
                    let texts: BTreeSet<&str> = (inputs.sources.values())
                        .filter(|source| source.path.as_str() != "content/a.md")
                        .map(|source| &*source.text)
                        .collect();
                    assert_eq!((texts.len(), inputs.sources.len()), (1, 5), "{texts:?}");
                }
                Err(failure) => assert!(failure.message.contains("changed while it was read"), "{failure}"),
            }
        }
    });
    assert_eq!(load(&root).sources.len(), 5);
}

#[test]
fn a_published_site_in_the_content_is_reported() {
    let manifest = ("content/.opsbook-manifest.json", &b"{\"opsbook-manifest\":1,\"files\":{}}"[..]);
    let root = handbook(&[("content/a.md", b"# A"), manifest]);
    let inputs = load(&root);
    let found: Vec<String> =
        inputs.diagnostics.iter().map(|d| format!("{} {}", d.rule.name, d.span.file)).collect();
    assert_eq!(found, ["input.site content/.opsbook-manifest.json"]);
    assert_eq!(inputs.diagnostics[0].severity, crate::rules::Severity::Error);
}

#[test]
fn files_that_look_like_a_repository_are_none() {
    let root = handbook(&[("content/a.md", b"a")]);
    git(root.path(), &["init", "-q", "--bare", "bare"]);
    for name in ["HEAD", "config", "objects", "refs"] {
        fs::rename(root.path().join("bare").join(name), root.path().join(name)).unwrap();
    }
    git(root.path(), &["--git-dir=.", "--work-tree=.", "add", "content"]);
    git(root.path(), &["--git-dir=.", "--work-tree=.", "commit", "-qm", "forged"]);
    fs::write(root.path().join("config"), "[core]\nbare = false\nworktree = .\n").unwrap();
    assert!(load(&root).history.is_empty());
}

#[test]
fn while_git_changes_files_nothing_is_published_or_shown() {
    let root = whole();
    git(root.path(), &["init", "-q"]);
    let lock = root.path().join(".git/index.lock");
    fs::write(&lock, "").unwrap();
    for preview in [Preview::No, Preview::Yes] {
        let failure = Loader::new(Options { preview, ..options(root.path()) }).load().unwrap_err();
        assert!(failure.message.contains(".git/index.lock") && failure.help.contains("delete"), "{failure}");
    }
    // The lock is removed when the handbook is read for the second time.
    let top = root.path().canonicalize().unwrap().join("content");
    let rounds = AtomicUsize::new(0);
    let end = move |call: SystemCall, path: &Path| {
        if (call, path) == (SystemCall::Stat, &*top) && rounds.fetch_add(1, Ordering::SeqCst) == 1 {
            fs::remove_file(&lock).unwrap();
        }
        Ok(())
    };
    assert_eq!(watched(&root, end).load().unwrap().sources.len(), 8);
}

#[test]
fn a_second_work_tree_has_a_lock_of_its_own() {
    let root = handbook(&[("content/a.md", b"a")]);
    let folder = root.path().join("elsewhere");
    fs::create_dir(&folder).unwrap();
    fs::write(root.path().join(".git"), "gitdir: elsewhere\n").unwrap();
    assert_eq!(git::index_lock(root.path()), None);
    fs::write(folder.join("index.lock"), "").unwrap();
    assert_eq!(git::index_lock(root.path()), Some(root.path().join("elsewhere/index.lock")));
}
