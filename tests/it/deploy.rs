//! What `opsbook deploy` does with a folder as its target: what is copied, refused and removed.
//!
//! Owns the command as people call it. S3, its faults and kills at random instants are in `tests/deploy/`, the plan in
//! `src/deploy/plan.rs`.
#![expect(clippy::disallowed_methods, reason = "writes handbooks and reads targets")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;
use walkdir::WalkDir;

const BOOK: &str = "[book]\ntitle = \"Deployed\"\n[visibility]\ndefault = \"public\"\n";

/// A folder with a handbook, its site and a target.
struct Fixture {
    root: TempDir,
}

impl Fixture {
    fn new() -> Fixture {
        let fixture = Fixture { root: TempDir::new().unwrap() };
        fixture.write("handbook/book.toml", BOOK);
        fixture.write("handbook/content/_index.md", "# Home\n\n[A](a.md)\n");
        fixture.write("handbook/content/a.md", "# A\n\nThe first text.\n");
        fixture
    }

    fn path(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::create_dir_all(self.path(name).parent().unwrap()).unwrap();
        fs::write(self.path(name), text).unwrap();
    }

    /// Builds the site for an audience into `site`.
    fn build(&self, audience: &str) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_opsbook"));
        command.args(["build", "--today", "2026-11-21", "--audience", audience, "--root"]);
        command.arg(self.path("handbook")).arg("--out").arg(self.path("site"));
        // A build refuses to put a site for few in the place of one for more.
        let _ = fs::remove_dir_all(self.path("site"));
        let built = command.output().unwrap();
        assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    }

    fn deploy_to(&self, target: &Path, options: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_opsbook"));
        command.arg("deploy").arg(self.path("site")).arg(format!("file://{}", target.display()));
        command.args(options).output().unwrap()
    }

    fn deploy(&self, options: &[&str]) -> Output {
        self.deploy_to(&self.path("target"), options)
    }
}

/// The files of a folder with their bytes, without the files of Opsbook itself.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries =
        WalkDir::new(folder).into_iter().filter_map(Result::ok).filter(|entry| entry.file_type().is_file());
    let name = |path: &Path| path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
    let named = entries.map(|entry| (name(entry.path()), fs::read(entry.path()).unwrap()));
    named.filter(|(name, _)| !name.starts_with(".opsbook")).collect()
}

fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn succeeds(output: &Output) -> String {
    assert!(output.status.success(), "{}", text(output));
    text(output)
}

fn is_refused(output: &Output, why: &str) {
    assert!(output.status.code() == Some(2) && text(output).contains(why), "{}", text(output));
}

#[test]
fn a_folder_target_holds_the_files_of_the_site() {
    let fixture = Fixture::new();
    fixture.build("public");
    let dry = succeeds(&fixture.deploy(&["--dry-run"]));
    assert!(dry.contains("new         no-cache   text/html                 a/index.html"), "{dry}");
    assert!(!fixture.path("target").exists());
    let first = succeeds(&fixture.deploy(&[]));
    assert_eq!(files(&fixture.path("target")), files(&fixture.path("site")), "{first}");
    let own: Vec<_> = fs::read_dir(fixture.path("target/.opsbook")).unwrap().collect();
    assert_eq!(own.len(), 1, "the lock is given back");
    assert!(succeeds(&fixture.deploy(&[])).contains("Deployed 0 of"));
}

#[test]
fn only_files_that_the_program_has_named_by_their_content_are_cached_forever() {
    let fixture = Fixture::new();
    fixture.write("handbook/content/_index.md", "# Home\n\n[Report](assets/report.20261121.csv)\n");
    fixture.write("handbook/content/assets/report.20261121.csv", "a;b\n");
    fixture.write("handbook/theme/assets/own/logo.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>");
    fixture.build("public");
    let dry = succeeds(&fixture.deploy(&["--dry-run"]));
    let cache = |part: &str| {
        let row = dry.lines().find(|row| row.contains(part)).unwrap_or_else(|| panic!("{part} in {dry}"));
        row.split_whitespace().nth(1).unwrap().to_owned()
    };
    assert_eq!(cache("assets/report.20261121.csv"), "no-cache");
    assert_eq!(cache("assets/base."), "immutable");
    assert_eq!(cache("assets/own/logo."), "immutable");
    assert_eq!(cache("search/search.js"), "no-cache");
}

#[test]
fn a_removed_page_stays_for_the_grace_time() {
    let fixture = Fixture::new();
    fixture.build("public");
    succeeds(&fixture.deploy(&[]));
    fs::remove_file(fixture.path("handbook/content/a.md")).unwrap();
    fixture.write("handbook/content/_index.md", "# Home\n");
    fixture.build("public");
    assert!(succeeds(&fixture.deploy(&[])).contains("can still be read"));
    assert!(fixture.path("target/a/index.html").exists());
    assert!(succeeds(&fixture.deploy(&["--grace", "0s"])).contains("removed"));
    assert!(!fixture.path("target/a").exists());
    assert_eq!(files(&fixture.path("target")), files(&fixture.path("site")));
}

#[test]
fn a_target_is_for_one_audience() {
    let fixture = Fixture::new();
    fixture.build("public");
    succeeds(&fixture.deploy(&[]));
    let before = files(&fixture.path("target"));
    fixture.build("internal");
    let why = "holds a site for `public`, and this one is for `internal`";
    is_refused(&fixture.deploy(&[]), why);
    is_refused(&fixture.deploy(&["--adopt", "--break-lock", "--verify"]), why);
    is_refused(&fixture.deploy_to(&fixture.path("target/for/few"), &[]), why);
    assert_eq!(files(&fixture.path("target")), before);
    succeeds(&fixture.deploy_to(&fixture.path("few"), &[]));
    fixture.build("public");
    is_refused(&fixture.deploy_to(&fixture.path("few"), &[]), "holds a site for `internal`");
}

#[test]
fn a_site_for_few_is_not_deployed_into_a_built_site_for_more() {
    let fixture = Fixture::new();
    fixture.build("public");
    fs::rename(fixture.path("site"), fixture.path("target")).unwrap();
    fixture.build("internal");
    let why = "holds a site for `public`, and this one is for `internal`";
    let inside = fixture.path("target/for/few");
    for options in [&[][..], &["--adopt"], &["--dry-run"]] {
        is_refused(&fixture.deploy(options), why);
        is_refused(&fixture.deploy_to(&inside, options), why);
    }
    fixture.write("target/.opsbook-manifest.json", r#"{"opsbook-manifest": 1, "files": {}}"#);
    is_refused(&fixture.deploy_to(&inside, &[]), "does not name its audience");
    fixture.write("target/.opsbook-manifest.json", "{}");
    is_refused(&fixture.deploy_to(&inside, &[]), "was not made by this version");
}

#[test]
fn a_site_for_few_is_not_deployed_around_a_site_for_more() {
    let fixture = Fixture::new();
    fixture.build("public");
    succeeds(&fixture.deploy_to(&fixture.path("target/deployed"), &[]));
    fs::create_dir_all(fixture.path("other")).unwrap();
    fs::rename(fixture.path("site"), fixture.path("other/built")).unwrap();
    fixture.build("internal");
    let why = "holds a site for `public`, and this one is for `internal`";
    is_refused(&fixture.deploy(&["--adopt"]), why);
    is_refused(&fixture.deploy_to(&fixture.path("other"), &["--adopt"]), why);
    fixture.write("target/deployed/.opsbook/manifest.json", "{}");
    is_refused(&fixture.deploy(&["--adopt"]), "was not made by this version");
}

#[test]
fn a_manifest_around_a_target_must_be_readable() {
    let fixture = Fixture::new();
    fixture.build("public");
    // A folder in the place of the manifest cannot be read as one.
    fs::create_dir_all(fixture.path("target/.opsbook/manifest.json")).unwrap();
    is_refused(&fixture.deploy_to(&fixture.path("target/inside"), &[]), "Make it readable");
}

#[test]
fn only_a_site_as_it_was_built_is_deployed() {
    let fixture = Fixture::new();
    fixture.write("site/index.html", "by hand");
    is_refused(&fixture.deploy(&[]), "is not a built handbook");
    fs::remove_dir_all(fixture.path("site")).unwrap();
    fixture.build("public");
    is_refused(&fixture.deploy_to(&fixture.path("site"), &[]), "overlaps with the built site");
    is_refused(&fixture.deploy_to(&fixture.path("site/deeper"), &[]), "overlaps with the built site");
    fixture.write("site/a/index.html", "changed");
    is_refused(&fixture.deploy(&[]), "has changed since it was built");
}

#[test]
fn files_of_others_are_neither_overwritten_nor_removed_unasked() {
    let fixture = Fixture::new();
    fixture.build("public");
    fixture.write("target/theirs.txt", "x");
    is_refused(&fixture.deploy(&[]), "`theirs.txt`");
    assert_eq!(files(&fixture.path("target")).len(), 1);
    succeeds(&fixture.deploy(&["--adopt", "--grace", "0s"]));
    assert_eq!(fs::read_to_string(fixture.path("target/theirs.txt")).unwrap(), "x");
}

#[test]
fn verify_heals_what_others_changed() {
    let fixture = Fixture::new();
    fixture.build("public");
    succeeds(&fixture.deploy(&[]));
    fixture.write("target/a/index.html", "defaced by somebody");
    fs::remove_file(fixture.path("target/index.html")).unwrap();
    let dry = succeeds(&fixture.deploy(&["--verify", "--dry-run"]));
    assert!(dry.contains("changed     no-cache   text/html                 a/index.html"), "{dry}");
    assert!(!dry.contains("unfinished"), "{dry}");
    assert!(succeeds(&fixture.deploy(&["--verify"])).contains("Deployed 2 of"));
    assert_eq!(files(&fixture.path("target")), files(&fixture.path("site")));
}

#[test]
fn a_wrong_target_is_explained() {
    let fixture = Fixture::new();
    fixture.build("public");
    for target in ["gs://bucket", "handbook", "s3://"] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_opsbook"));
        let answer = command.arg("deploy").arg(fixture.path("site")).arg(target).output().unwrap();
        assert_eq!(answer.status.code(), Some(2), "{target}");
    }
}
