//! `check --since`: only what a change brings, read from Git without a checkout.
//!
//! Owns repositories with a known history. What is wrong with a page is tested elsewhere.

#![expect(clippy::disallowed_methods, reason = "writes files and runs Git")]

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use tempfile::TempDir;

use crate::support::program::{Run, command, run};
use crate::support::repository::Repository;

const HOME: (&str, &str) = ("content/_index.md", "# Home\n");
const BOOK: (&str, &str) = ("book.toml", "[book]\ntitle = \"H\"\n");

fn repository() -> (TempDir, Repository) {
    let folder = tempfile::tempdir().unwrap();
    let repository = Repository::new(folder.path());
    (folder, repository)
}

fn since(root: &Path, more: &[&str]) -> Run {
    run(root, &[&["check", "--format", "short", "--today", "2026-11-21", "--since"], more].concat())
}

/// The problems as `file rule message`, without lines.
fn problems(run: &Run) -> Vec<String> {
    let row = |line: &str| {
        let (place, rest) = line.split_once(": error[").or(line.split_once(": warning["))?;
        let (file, _) = place.split_once(':')?;
        let (rule, message) = rest.split_once("]: ")?;
        Some(format!("{file} {rule} {}", message.split(';').next()?))
    };
    run.out.lines().filter_map(row).collect()
}

/// Words that let Git follow a rename although a line changes.
const WORDS: &str = "Words that stay.\n\nMore words that stay.\n\nAnd again, more words that stay.\n";

#[test]
fn a_branch_that_renames_edits_and_deletes_shows_exactly_what_it_adds() {
    let (_folder, repository) = repository();
    repository.commit(&[
        BOOK,
        HOME,
        ("content/edited.md", "# Edited\n\n[old](gone-before.md)\n"),
        ("content/renamed.md", &format!("# Renamed\n\n[old](gone-before.md)\n\n{WORDS}")),
        ("content/deleted.md", "# Deleted\n\n[old](gone-before.md)\n"),
        ("content/kept.md", "# Kept\n\n[old](gone-before.md)\n\n[d](deleted.md) [r](renamed.md)\n"),
    ]);
    repository.git(&["checkout", "-q", "-b", "work"]);
    repository.write(
        "content/edited.md",
        "# Edited\n\nA line before it.\n\n[old](gone-before.md)\n\n[new](new.md)\n",
    );
    repository.rename("content/renamed.md", "content/s/renamed.md");
    repository.write(
        "content/s/renamed.md",
        &format!("# Renamed\n\n[old](gone-before.md)\n\n[too](gone-too.md)\n\n{WORDS}"),
    );
    repository.remove("content/deleted.md");
    repository.commit(&[]);
    let before = repository.state();
    let checked = since(&repository.root, &["main"]);
    assert_eq!(
        problems(&checked),
        [
            "content/_index.md redirect.missing the address `/deleted/` of content/deleted.md was published, and nothing is \
             there now",
            "content/edited.md link.missing there is no page or file `new.md`",
            "content/kept.md link.missing there is no page or file `deleted.md`",
            "content/kept.md link.missing there is no page or file `renamed.md`",
            "content/s/renamed.md redirect.missing the address `/renamed/` of content/renamed.md was published, and nothing \
             is there now",
            "content/s/renamed.md link.missing there is no page or file `gone-too.md`",
        ],
        "{}",
        checked.out
    );
    assert_eq!(checked.code, 1);
    assert!(checked.err.contains("which had 4 problems"), "{}", checked.err);
    assert!(checked.out.contains("add it to the front matter of the page: `aliases: [/renamed/]`"));
    assert!(repository.state() == before, "nothing is written to the repository");
    // In all formats and for single files the same problems count.
    for format in ["human", "json", "github", "code-quality", "sarif", "junit"] {
        let checked = run(&repository.root, &["check", "--since", "main", "--format", format]);
        let lines = checked.out.replace('\n', " ");
        assert!(
            checked.code == 1 && lines.contains("new.md") && !lines.contains("gone-before"),
            "{format}: {lines}"
        );
    }
    let one = since(&repository.root, &["main", "content/edited.md"]);
    assert_eq!(problems(&one), ["content/edited.md link.missing there is no page or file `new.md`"]);
}

#[test]
fn a_handbook_compared_with_itself_has_no_new_problem() {
    let (_folder, repository) = repository();
    repository.commit(&[BOOK, HOME, ("content/a.md", "# A\n\n[x](x.md) [y](y.md#z) [[w]]\n\n![i](i.png)\n")]);
    assert_eq!(run(&repository.root, &["check"]).code, 1);
    let checked = since(&repository.root, &["HEAD"]);
    assert_eq!((checked.code, problems(&checked)), (0, Vec::new()), "{}", checked.out);
}

#[test]
fn a_wrong_line_of_codeowners_is_new_only_once() {
    let (_folder, repository) = repository();
    repository.commit(&[BOOK, HOME, (".github/CODEOWNERS", "bad[line @x\n")]);
    assert_eq!(problems(&run(&repository.root, &["check", "--format", "short"])).len(), 1);
    let checked = since(&repository.root, &["HEAD"]);
    assert_eq!(problems(&checked), [""; 0], "{}", checked.out);
    repository.write(".github/CODEOWNERS", "bad[line @x\n*.md nobody\n");
    let checked = since(&repository.root, &["HEAD"]);
    assert!(matches!(&problems(&checked)[..], [one] if one.contains("`nobody`")), "{}", checked.out);
    // In a folder of a repository the file of the folder is none that a forge reads.
    let inside = ["book.toml", "content/_index.md", "CODEOWNERS"].map(|file| format!("sub/{file}"));
    repository.commit(&[
        (&inside[0], "[paths]\ncontent = \".\"\n"),
        (&inside[1], "# H\n"),
        (&inside[2], "a b\n"),
    ]);
    let checked = since(&repository.root.join("sub"), &["HEAD"]);
    assert_eq!(problems(&checked), [""; 0], "{}", checked.out);
}

#[test]
fn files_that_are_not_committed_count_and_their_renames_are_followed() {
    let (_folder, repository) = repository();
    repository.commit(&[BOOK, HOME, ("content/a.md", &format!("# A\n\n[x](x.md)\n\n{WORDS}"))]);
    repository.rename("content/a.md", "content/b.md");
    repository.write("content/b.md", &format!("---\naliases: [/a/]\n---\n# A\n\n[x](x.md)\n\n{WORDS}"));
    let checked = since(&repository.root, &["HEAD"]);
    assert_eq!((checked.code, problems(&checked)), (0, Vec::new()), "{}", checked.out);
}

#[test]
fn what_was_never_published_needs_no_address() {
    let (_folder, repository) = repository();
    let book = ("book.toml", "[visibility]\ndefault = \"public\"\n");
    repository.commit(&[
        book,
        HOME,
        ("content/draft.md", "---\ndraft: true\n---\n# Draft\n"),
        ("content/inside.md", "---\nvisibility: internal\naliases: [/inside-old/]\n---\n# Inside\n"),
        ("content/open.md", "# Open\n"),
        ("content/closing.md", "---\naliases: [/closing-old/]\n---\n# Closing\n"),
    ]);
    for file in ["content/draft.md", "content/inside.md"] {
        repository.remove(file);
    }
    repository
        .write("content/closing.md", "---\nvisibility: internal\naliases: [/closing-old/]\n---\n# Closing\n");
    let addresses = |options: &[&str]| {
        let checked = since(&repository.root, &[&["HEAD"], options].concat());
        let lost = problems(&checked).into_iter().filter(|line| line.contains("redirect.missing"));
        lost.map(|line| line.split('`').nth(1).unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(addresses(&["--audience", "public"]), ["/closing-old/", "/closing/"]);
    assert_eq!(addresses(&["--audience", "public", "--drafts"]), ["/closing-old/", "/closing/"]);
    assert_eq!(addresses(&["--audience", "internal"]), ["/inside-old/", "/inside/"]);
    assert_eq!(addresses(&[]).len(), 4, "both audiences are checked");
    let off = "[visibility]\ndefault = \"public\"\n[rules]\n\"redirect.missing\" = \"off\"\n";
    repository.write("book.toml", off);
    assert_eq!(addresses(&[]), [""; 0]);
}

#[test]
fn a_wrong_revision_ends_with_a_way_out() {
    let (folder, repository) = repository();
    let failure = |revision: &str| {
        let checked = run(&repository.root, &["check", &format!("--since={revision}")]);
        assert_eq!((checked.code, checked.out.as_str()), (2, ""), "{revision}: {}", checked.err);
        checked.err
    };
    repository.write(BOOK.0, BOOK.1);
    repository.write(HOME.0, HOME.1);
    assert!(failure("main").contains("has no revision `main`"));
    repository.commit(&[]);
    assert!(
        failure("mian").contains("no revision `mian`") && failure("mian").contains("Did you mean `main`?")
    );
    repository.git(&["update-ref", "refs/remotes/origin/release", "HEAD"]);
    assert!(failure("release").contains("Did you mean `origin/release`?"), "{}", failure("release"));
    assert!(failure("-x").contains("`-x` is not a revision"));
    assert!(failure("--output=x").contains("`--output=x` is not a revision"));
    assert!(failure("HEAD:book.toml").contains("names a file, not a commit"));
    assert!(failure("HEAD:content").contains("names a folder, not a commit"));
    assert!(failure("HEAD..main").contains("has no revision"));
    assert!(failure("0123456789012345678901234567890123456789").contains("has no revision"));
    repository.git(&["checkout", "-q", "--orphan", "other"]);
    repository.commit(&[("content/other.md", "# Other\n")]);
    assert!(failure("main").contains("no commit in common"));
    let outside = folder.path().join("outside");
    let plain = tempfile::tempdir().unwrap();
    fs::create_dir(&outside).unwrap();
    fs::create_dir(plain.path().join("content")).unwrap();
    fs::write(plain.path().join("book.toml"), "").unwrap();
    let checked = since(plain.path(), &["main"]);
    assert!(checked.code == 2 && checked.err.contains("is in no Git repository"), "{}", checked.err);
    let without = command(&repository.root, &["check", "--since", "main"]).env("PATH", "").output().unwrap();
    assert!(String::from_utf8_lossy(&without.stderr).contains("`git` cannot be started"));
}

#[test]
fn a_shallow_clone_says_how_to_get_the_history() {
    let (_folder, repository) = repository();
    repository.commit(&[BOOK, HOME]);
    repository.git(&["checkout", "-q", "-b", "work"]);
    repository.commit(&[("content/a.md", "# A\n")]);
    repository.commit(&[("content/b.md", "# B\n\n[x](x.md)\n")]);
    let clone = tempfile::tempdir().unwrap();
    let address = format!("file://{}", repository.root.display());
    let here = clone.path().join("clone");
    repository.git(&[
        "clone",
        "-q",
        "--depth",
        "1",
        "-b",
        "work",
        "--no-single-branch",
        &address,
        here.to_str().unwrap(),
    ]);
    let checked = since(&here, &["origin/main"]);
    assert_eq!(checked.code, 2);
    assert!(
        checked.err.contains("in this shallow clone") && checked.err.contains("fetch-depth: 0"),
        "{}",
        checked.err
    );
    Repository { root: here.clone() }.git(&["fetch", "-q", "--unshallow"]);
    let checked = since(&here, &["origin/main"]);
    assert_eq!(problems(&checked), ["content/b.md link.missing there is no page or file `x.md`"]);
}

#[test]
fn a_handbook_in_a_folder_of_a_repository_is_read_from_there() {
    let (_folder, repository) = repository();
    repository.commit(&[
        ("docs/book/book.toml", ""),
        ("docs/book/content/_index.md", "# Home\n\n[x](x.md)\n"),
        ("content/_index.md", "# Another one\n\n[y](y.md)\n"),
    ]);
    repository.write("docs/book/content/a.md", "# A\n\n[z](z.md)\n");
    let checked = since(&repository.root.join("docs/book/content"), &["main"]);
    assert_eq!(problems(&checked), ["content/a.md link.missing there is no page or file `z.md`"]);
}

#[test]
fn a_handbook_that_did_not_exist_has_only_new_problems() {
    let (_folder, repository) = repository();
    repository.commit(&[("README.md", "# R\n")]);
    repository.write("book.toml", "");
    repository.write("content/a.md", "# A\n\n[x](x.md)\n");
    let checked = since(&repository.root, &["main"]);
    assert_eq!(problems(&checked), ["content/a.md link.missing there is no page or file `x.md`"]);
    assert!(checked.err.contains("which had no handbook"), "{}", checked.err);
}

#[test]
fn links_submodules_and_files_of_lfs_are_what_they_are_in_the_working_tree() {
    let (_folder, repository) = repository();
    let part = tempfile::tempdir().unwrap();
    let part = Repository::new(part.path());
    part.commit(&[("page.md", "# Part\n\n[x](x.md)\n")]);
    repository.write(BOOK.0, BOOK.1);
    repository.write("content/_index.md", "# Home\n\n![A disk](disk.png)\n");
    repository.write("content/a.md", "# A\n\n[x](x.md)\n");
    repository.write("README.md", "outside\n");
    symlink("a.md", repository.root.join("content/link.md")).unwrap();
    symlink("../README.md", repository.root.join("content/out.md")).unwrap();
    symlink("nowhere.md", repository.root.join("content/nothing.md")).unwrap();
    repository.git(&["submodule", "-q", "add", part.root.to_str().unwrap(), "content/part"]);
    // What Git holds is the pointer, and what people see is the picture.
    let picture = b"GIF89a\x01\0\x01\0\0\0\0;";
    let pointer = format!(
        "version https://git-lfs.github.com/spec/v1\noid sha256:{}\nsize {}\n",
        "0a".repeat(32),
        picture.len()
    );
    repository.write("content/disk.png", &pointer);
    repository.commit(&[]);
    fs::write(repository.root.join("content/disk.png"), picture).unwrap();
    let now = run(&repository.root, &["check", "--format", "short"]);
    assert!(
        now.out.contains("content/part/page.md") && now.out.contains("leads out of the content"),
        "{}",
        now.out
    );
    let checked = since(&repository.root, &["main"]);
    assert_eq!((checked.code, problems(&checked)), (0, Vec::new()), "{}", checked.out);
    // A submodule that moves on brings its own problems.
    let inside = Repository { root: repository.root.join("content/part") };
    inside.commit(&[("page.md", "# Part\n\n[x](x.md) [y](y.md)\n")]);
    let checked = since(&repository.root, &["main"]);
    assert_eq!(problems(&checked), ["content/part/page.md link.missing there is no page or file `y.md`"]);
}

#[test]
fn no_setting_of_a_user_changes_the_result() {
    let (_folder, repository) = repository();
    repository.commit(&[
        BOOK,
        HOME,
        (".gitattributes", "*.md filter=loud text eol=crlf\n"),
        ("content/ü b.md", &format!("# A\n\n[x](x.md)\n\n{WORDS}")),
    ]);
    repository.rename("content/ü b.md", "content/c.md");
    let plain = since(&repository.root, &["main"]);
    for (name, value) in [
        ("diff.renames", "false"),
        ("diff.renameLimit", "1"),
        ("diff.noprefix", "true"),
        ("diff.external", "false"),
        ("diff.mnemonicPrefix", "true"),
        ("core.quotePath", "true"),
        ("core.autocrlf", "true"),
        ("filter.loud.smudge", "tr a-z A-Z"),
        ("filter.loud.clean", "touch /nowhere/at/all"),
        ("filter.loud.required", "true"),
        ("color.ui", "always"),
        ("core.pager", "false"),
        ("status.renames", "false"),
    ] {
        repository.git(&["config", name, value]);
    }
    let configured = since(&repository.root, &["main"]);
    assert_eq!((plain.code, &plain.out, &plain.err), (configured.code, &configured.out, &configured.err));
    assert_eq!(problems(&plain).len(), 1, "{}", plain.out);
}

#[test]
fn names_that_begin_with_a_dash_are_no_options_of_git() {
    let (_folder, repository) = repository();
    repository.commit(&[
        ("book.toml", "[book]\ntitle = \"H\"\n[paths]\ncontent = \"--output=x\"\n"),
        ("--output=x/_index.md", "# Home\n"),
        ("--output=x/-p.md", &format!("# P\n\n[old](gone.md)\n\n{WORDS}")),
    ]);
    repository.rename("--output=x/-p.md", "--output=x/--no-index.md");
    let checked = since(&repository.root, &["main"]);
    let gone =
        "redirect.missing the address `/p/` of --output=x/-p.md was published, and nothing is there now";
    assert_eq!(problems(&checked), [format!("--output=x/--no-index.md {gone}")], "{}", checked.out);
    assert!(!repository.root.join("x").exists());
}
