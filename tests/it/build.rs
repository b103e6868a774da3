//! `opsbook build` with its options, and what Git knows of the pages.
//!
//! Owns runs of the real binary on small handbooks on disk. How a site is published is tested elsewhere.

#![expect(clippy::disallowed_methods, reason = "runs the program")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::support::program::run;

const FILES: [(&str, &str); 6] = [
    (
        "book.toml",
        "[book]\ntitle = \"H\"\n[print]\nsections = [\"standards\"]\n[feedback]\nemail = \"ops@example.org\"\n",
    ),
    ("content/_index.md", "# Home\n"),
    ("content/standards/_index.md", "# Standards\n\n## One\n"),
    ("content/processes/_index.md", "# Processes\n\n[Change](change.md#plan)\n"),
    ("content/processes/change.md", "---\ndate: 2026-11-02\n---\n# Change\n\n## Plan\n\nWords.\n"),
    ("content/runbooks/disk.md", "# A disk\n\nWords.\n"),
];

fn handbook() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in FILES {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

/// The exit code, and what is said about problems.
fn build(root: &Path, options: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_opsbook"));
    command.arg("build").args(options).current_dir(root).stdin(Stdio::null());
    let output = command.output().unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

fn git(root: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new("git");
    for setting in ["user.name=A", "user.email=a@example.org", "commit.gpgsign=false"] {
        command.args(["-c", setting]);
    }
    let output = command.arg("-C").arg(root).args(arguments).env("HOME", root).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// Begins a repository with all sources.
fn commit_all(root: &Path) {
    git(root, &["init", "-q"]);
    git(root, &["add", "content", "book.toml"]);
    git(root, &["commit", "-qm", "All"]);
}

fn has(root: &Path, page: &str) -> bool {
    root.join("public").join(page).join("index.html").exists()
}

#[test]
fn sections_are_printed_that_the_settings_or_the_command_line_name() {
    let book = handbook();
    let root = book.path();
    assert_eq!(build(root, &[]).0, Some(0));
    assert_eq!(
        ["standards/print", "processes/print", "runbooks/print"].map(|page| has(root, page)),
        [true, false, false]
    );
    // A folder without a page of its own is a section, too.
    assert_eq!(build(root, &["--print", "/processes/", "--print", "runbooks"]).0, Some(0));
    assert_eq!(
        ["standards/print", "processes/print", "runbooks/print"].map(|page| has(root, page)),
        [true; 3]
    );
    let long = fs::read_to_string(root.join("public/processes/print/index.html")).unwrap();
    assert!(long.contains("<a href=\"#page-change--plan\">Change</a>"), "{long}");
    let page = fs::read_to_string(root.join("public/processes/index.html")).unwrap();
    assert!(page.contains("href=\"../processes/print/\""), "{page}");
    // It holds for one build.
    assert_eq!(build(root, &[]).0, Some(0));
    assert!(!has(root, "processes/print"));
}

#[test]
fn a_section_that_is_none_is_named_with_the_nearest_one_and_nothing_is_published() {
    let book = handbook();
    let root = book.path();
    for (name, help) in [
        ("proceses", "Did you mean `processes`?"),
        ("zzzzzzzz", "A section is a folder"),
        ("processes/change", ""),
    ] {
        let (code, said) = build(root, &["--print", name]);
        assert_eq!(code, Some(2), "{said}");
        assert!(said.contains(&format!("there is no section `{name}`")) && said.contains(help), "{said}");
    }
    assert!(!root.join("public").exists());
}

#[test]
fn a_section_for_others_is_no_mistake_in_the_settings_and_none_on_the_command_line() {
    let book = handbook();
    let root = book.path();
    let settings = "[print]\nsections = [\"standards\"]\n[visibility]\ndefault = \"public\"\n";
    fs::write(root.join("book.toml"), settings).unwrap();
    fs::write(root.join("content/standards/_index.md"), "---\nvisibility: internal\n---\n# Standards\n")
        .unwrap();
    let (code, said) = build(root, &["--audience", "public"]);
    assert_eq!((code, said.contains("print.sections")), (Some(0), false), "{said}");
    let (code, said) = build(root, &["--audience", "public", "--print", "standards"]);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("no section `standards` for this audience"), "{said}");
}

#[test]
fn a_letter_of_a_reader_names_the_commit_of_the_page_else_its_day() {
    let book = handbook();
    let root = book.path();
    let letter = |page: &str| {
        let html = fs::read_to_string(root.join("public").join(page).join("index.html")).unwrap();
        let (_, rest) = html.split_once("href=\"mailto:").expect("a link to a letter");
        rest.split_once('"').unwrap().0.replace("%20", " ").replace("%0D%0A", "\n")
    };
    assert_eq!(build(root, &[]).0, Some(0));
    assert!(letter("processes/change").contains("\nDate: 2026-11-02\n"), "{}", letter("processes/change"));
    assert!(letter("runbooks/disk").contains("disk.md\n\nWhat"), "{}", letter("runbooks/disk"));
    commit_all(root);
    let first = git(root, &["rev-parse", "HEAD"]);
    fs::write(root.join("content/runbooks/disk.md"), "# A disk\n\nOther words.\n").unwrap();
    git(root, &["commit", "-qam", "Go on"]);
    let second = git(root, &["rev-parse", "HEAD"]);
    assert_eq!(build(root, &[]).0, Some(0));
    let revision = |commit: &str| format!("\nRevision: {} of 20", &commit[..10]);
    assert!(letter("processes/change").contains(&revision(&first)), "{}", letter("processes/change"));
    assert!(letter("runbooks/disk").contains(&revision(&second)), "{}", letter("runbooks/disk"));
}

#[test]
fn an_embargo_and_a_lost_draft_hold_a_site_back_also_with_keep_going() {
    let book = handbook();
    let root = book.path();
    let page = root.join("content/advisories/one.md");
    fs::create_dir_all(page.parent().unwrap()).unwrap();
    let settings = fs::read_to_string(root.join("book.toml")).unwrap();
    fs::write(root.join("book.toml"), format!("{settings}\n[visibility]\ndefault = \"public\"\n")).unwrap();
    let texts = [
        ("kind: advisory\nembargo_until: 2999-01-01T00:00:00Z", "an embargo has not ended"),
        ("kind: advisory\nembargo_until: 2999-01-01", "it is unclear what the audience may see"),
        ("drat: true", "it is unclear what the audience may see"),
        ("draft: ture", "it is unclear what the audience may see"),
    ];
    for (front, why) in texts {
        fs::write(&page, format!("---\ntitle: One\n{front}\n---\n\nWords.\n")).unwrap();
        let (code, said) = build(root, &["--keep-going"]);
        assert_eq!(code, Some(1), "{said}");
        assert!(said.contains(&format!("the published site was left as it was: {why}")), "{said}");
    }
    assert!(!root.join("public").exists());
}

#[test]
fn a_site_for_few_is_not_built_into_the_folder_of_one_for_all() {
    let book = handbook();
    let root = book.path();
    assert_eq!(build(root, &[]).0, Some(0));
    let (code, said) = build(root, &["--audience", "internal", "--out", "public"]);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("holds a site for `public`, and this one is for `internal`"), "{said}");
    for _ in 0..2 {
        assert_eq!(build(root, &["--audience", "internal"]).0, Some(0));
    }
    assert!(root.join("public-internal/index.html").exists());
}

#[test]
fn the_day_of_a_change_is_known_whatever_git_was_told_elsewhere() {
    let book = handbook();
    let root = book.path();
    commit_all(root);
    git(root, &["config", "log.showRoot", "false"]);
    let mut command = Command::new(env!("CARGO_BIN_EXE_opsbook"));
    let output = command.arg("build").current_dir(root).env("GIT_LITERAL_PATHSPECS", "1").output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let html = fs::read_to_string(root.join("public/runbooks/disk/index.html")).unwrap();
    assert!(html.contains("<time datetime="), "{html}");
}

#[test]
fn a_clone_without_its_history_is_no_riddle() {
    let book = handbook();
    let root = book.path();
    commit_all(root);
    fs::write(root.join("content/runbooks/disk.md"), "# A disk\n\nOther words.\n").unwrap();
    git(root, &["commit", "-qam", "Go on"]);
    assert!(!build(root, &[]).1.contains("git fetch"), "the history is whole");
    let clone = root.join("clone");
    let address = format!("file://{}", root.display());
    git(root, &["clone", "-q", "--depth", "1", &address, &clone.display().to_string()]);
    let (code, said) = build(&clone, &[]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("when 5 files changed is not known"), "{said}");
    assert!(said.contains("`git fetch --unshallow`") && said.contains("`fetch-depth: 0`"), "{said}");
}

/// A clone of the newest commits.
fn shallow_clone(root: &Path, name: &str, depth: usize) -> PathBuf {
    let clone = root.with_file_name(format!("{}-{name}", root.file_name().unwrap().to_str().unwrap()));
    let address = format!("file://{}", root.display());
    let depth = depth.to_string();
    git(root, &["clone", "-q", "--depth", &depth, &address, &clone.display().to_string()]);
    clone
}

#[test]
fn a_committed_history_tells_a_shallow_clone_what_it_lacks_or_says_why_not() {
    let around = tempfile::tempdir().unwrap();
    let root = &around.path().join("whole");
    fs::rename(handbook().keep(), root).unwrap();
    commit_all(root);
    git(root, &["mv", "content/runbooks/disk.md", "content/runbooks/full-disk.md"]);
    git(root, &["commit", "-qm", "Rename"]);
    let page = root.join("content/runbooks/full-disk.md");
    let change = |number: usize| {
        let text = fs::read_to_string(&page).unwrap();
        fs::write(&page, format!("{text}\nLine {number}.\n")).unwrap();
        git(root, &["commit", "-qam", "Go on"]);
    };
    change(1);
    let written = run(root, &["history", "--write"]);
    assert_eq!((written.code, written.out.as_str()), (0, "Wrote .git-history.json\n"), "{}", written.err);
    assert_eq!(run(root, &["history", "--write"]).out, ".git-history.json is up to date\n");
    git(root, &["add", ".git-history.json"]);
    git(root, &["commit", "-qm", "Keep the history"]);
    change(2);
    assert_eq!(build(root, &[]).0, Some(0));
    let whole = facts(root);
    assert!(whole.contains("Changes</dt><dd>4"), "{whole}");

    // The commit of the file, the two commits after it, and the one that it ends with.
    let enough = shallow_clone(root, "enough", 3);
    let (code, said) = build(&enough, &[]);
    assert_eq!((code, facts(&enough)), (Some(0), whole.clone()), "{said}");
    assert!(!said.contains("git fetch") && !said.contains(".git-history.json"), "{said}");
    let printed = run(&enough, &["history"]);
    assert_eq!(printed.out, run(root, &["history"]).out, "{}", printed.err);

    let short = shallow_clone(root, "short", 2);
    let (code, said) = build(&short, &[]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("and this clone does not hold all commits since: fetch more commits"), "{said}");
    assert!(said.contains("changed is not known"), "{said}");
    assert!(!facts(&short).contains("Changes</dt>"), "{}", facts(&short));
    let refused = run(&short, &["history", "--write"]);
    assert_eq!(refused.code, 2, "{}", refused.out);
    assert!(refused.err.contains("does not hold the whole history"), "{}", refused.err);

    fs::write(enough.join(".git-history.json"), "<<<<<<< ours\n").unwrap();
    let (_, said) = build(&enough, &[]);
    assert!(said.contains("`.git-history.json` cannot be read: expected value at line 1"), "{said}");
    assert!(!facts(&enough).contains("Changes</dt>"), "{}", facts(&enough));
    // A whole clone does not need the file, so it does not matter what is in it.
    fs::write(root.join(".git-history.json"), "nonsense").unwrap();
    let (_, said) = build(root, &[]);
    assert!(facts(root) == whole && !said.contains(".git-history.json"), "{said}");
}

/// What the page of the disk says about its history.
fn facts(root: &Path) -> String {
    let html = fs::read_to_string(root.join("public/runbooks/full-disk/index.html")).unwrap();
    let facts: Vec<&str> = html.split("<dt>").skip(1).filter_map(|fact| fact.split("</dd>").next()).collect();
    facts.join("\n")
}

#[test]
fn a_page_says_when_it_began_and_how_often_it_changed_and_names_only_where_asked_for() {
    let book = handbook();
    let root = book.path();
    commit_all(root);
    git(root, &["mv", "content/runbooks/disk.md", "content/runbooks/full-disk.md"]);
    git(root, &["commit", "-qm", "Rename"]);
    for number in 0..3 {
        let path = root.join("content/runbooks/full-disk.md");
        let text = fs::read_to_string(&path).unwrap();
        fs::write(path, format!("{text}\nLine {number}.\n")).unwrap();
        git(root, &["commit", "-qam", "Go on"]);
        // After the first round a part of the history is known from the run before.
        assert_eq!(build(root, &[]).0, Some(0));
        let said = facts(root);
        assert!(said.contains(&format!("Changes</dt><dd>{}", number + 3)), "{said}");
        assert!(said.contains("First version</dt><dd><time") && !said.contains("Contributors"), "{said}");
    }
    let incremental = facts(root);
    fs::remove_file(root.join(".opsbook/history.cache")).unwrap();
    assert_eq!(build(root, &[]).0, Some(0));
    assert_eq!(facts(root), incremental);
    // No setting of a user counts, and a damaged cache is none.
    git(root, &["config", "diff.renames", "false"]);
    git(root, &["config", "log.follow", "true"]);
    fs::write(root.join(".opsbook/history.cache"), "opsbook-histry1\nnonsense").unwrap();
    assert_eq!(build(root, &[]).0, Some(0));
    assert_eq!(facts(root), incremental);
    // Another line of history: what the cache holds is not before this commit.
    git(root, &["reset", "-q", "--hard", "HEAD~2"]);
    assert_eq!(build(root, &[]).0, Some(0));
    assert!(facts(root).contains("Changes</dt><dd>3"), "the cache holds a later commit: {}", facts(root));
    fs::write(root.join("content/runbooks/full-disk.md"), "# A disk\n\nOther words.\n").unwrap();
    git(root, &["commit", "-qam", "Another line"]);
    assert_eq!(build(root, &[]).0, Some(0));
    assert!(facts(root).contains("Changes</dt><dd>4"), "{}", facts(root));
    let settings = fs::read_to_string(root.join("book.toml")).unwrap();
    fs::write(root.join("book.toml"), format!("{settings}\n[repository]\ncontributors = true\n")).unwrap();
    assert_eq!(build(root, &[]).0, Some(0));
    let author = git(root, &["log", "-1", "--format=%an"]);
    let said = facts(root);
    assert!(!said.contains("Contributors"), "without an address of a repository there is no table: {said}");
    let with_url =
        format!("{settings}\n[repository]\nurl = \"https://example.org/x\"\ncontributors = true\n");
    fs::write(root.join("book.toml"), with_url).unwrap();
    assert_eq!(build(root, &[]).0, Some(0));
    let said = facts(root);
    assert!(said.contains(&format!("Contributors</dt><dd>{}", author.trim())), "{said}");
}

#[test]
fn a_page_with_hidden_parts_does_not_count_their_changes() {
    let book = handbook();
    let root = book.path();
    let settings = fs::read_to_string(root.join("book.toml")).unwrap_or_default();
    fs::write(root.join("book.toml"), format!("{settings}\n[visibility]\ndefault = \"public\"\n")).unwrap();
    let path = root.join("content/runbooks/full-disk.md");
    fs::write(path, "# A disk\n\nWords.\n\n:::internal\nHidden.\n:::\n").unwrap();
    commit_all(root);
    assert_eq!(build(root, &[]).0, Some(0));
    let said = facts(root);
    assert!(
        said.contains("Last change") && !said.contains("Changes") && !said.contains("First version"),
        "{said}"
    );
}
