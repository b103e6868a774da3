//! The loader on real folders.
//!
//! Each test writes a small handbook into a folder of its own.
#![expect(clippy::disallowed_methods, reason = "reads the handbook and its history")]

use std::fs;
use std::process::Command;

use tempfile::TempDir;

use super::super::{Drafts, Preview};
use super::*;

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
    assert!(matches!(asset("content/q.svg").problem, Some(crate::metadata::Problem::Active(_))));
    assert_eq!(&*inputs.theme.templates["page.html"].text, "mine");
    assert_eq!(&*inputs.sources[&FilePath::new("content/a.md").unwrap()].text, "# A\n");
    assert!(inputs.diagnostics.is_empty());
}

#[test]
fn problems_of_content_are_diagnostics_with_a_place() {
    let large = vec![b'x'; entry::PAGE_LIMIT as usize + 1];
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
            let at = crate::source::position(text, d.span.start as usize);
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
    fs::write(root.path().join("book.toml"), "[paths]\ncontent = \".\"\n").unwrap();
    let failure = Loader::new(options(root.path())).load().unwrap_err();
    assert!(failure.message.contains("and in `book.toml`, `content` must be a folder"), "{failure}");
    std::os::unix::fs::symlink("/etc", root.path().join("content")).unwrap();
    assert!(Loader::new(options(root.path())).load().unwrap_err().message.contains("outside"));
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
    // Written within one step of the file system's clock: the stamp may be equal, the text is not.
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
    let links = load(&root).links;
    let links: Vec<_> = links.iter().map(|(from, to)| format!("{from} {to}")).collect();
    assert_eq!(links, ["content/x.md content/a/x.md", "content/z/y.md content/a/b/y.md"]);
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
        ("content/page.html.j2", b""),
        ("content/server.key", b""),
    ]);
    let inputs = load(&root);
    let refusal = |name: &str| inputs.assets[&FilePath::new(name).unwrap()].refusal;
    assert_eq!((refusal("content/check.py"), refusal("content/ca.pem")), (None, None));
    assert_eq!(refusal("content/page.rules"), Some(Refusal::Page));
    assert_eq!(
        (refusal("content/both.pem"), refusal("content/der.crt")),
        (Some(Refusal::NoCertificate), Some(Refusal::NoCertificate))
    );
    assert_eq!(inputs.assets.len(), 5);
}
