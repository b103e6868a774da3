//! `opsbook report`: the comment on a request, for repositories with a known history.
//!
//! Owns the exact text of a comment. How words are compared and escaped is tested beside the code.

#![expect(clippy::disallowed_methods, reason = "writes files and runs Git")]

use std::fs;
use std::path::Path;

use pulldown_cmark::{Event, Options, Parser};
use tempfile::TempDir;

use crate::support::program::{Run, run};
use crate::support::repository::Repository;

fn repository() -> (TempDir, Repository) {
    let folder = tempfile::tempdir().unwrap();
    let repository = Repository::new(folder.path());
    (folder, repository)
}

fn report(root: &Path, more: &[&str]) -> Run {
    run(root, &[&["report", "--today", "2026-11-21", "--base"], more].concat())
}

const BOOK: (&str, &str) = ("book.toml", "[book]\ntitle = \"H\"\n[visibility]\ndefault = \"public\"\n");

/// Words that let Git follow a rename although a line changes.
const WORDS: &str = "Words that stay.\n\nMore words that stay.\n\nAnd again, more words that stay.\n";

/// A repository whose branch `work` changes everything that a report speaks of.
fn changed() -> (TempDir, Repository) {
    let (folder, repository) = repository();
    repository.commit(&[
        BOOK,
        ("content/_index.md", "# Home\n\n[Gone](gone.md) and [moved](moved.md).\n"),
        (
            "content/disk.md",
            "---\nkind: process\nowner: Storage\nversion: \"1.0\"\nstatus: approved\nreviewed: 2026-06-01\nreview_every: 6m\n---\n\
             # A disk is full\n\nCall the shift at 5 now.\n\n- Free `/var/log`.\n\n[x](missing.md)\n",
        ),
        ("content/gone.md", "---\nowner: Desk\n---\n# Gone\n\nText.\n"),
        ("content/moved.md", &format!("# Moved\n\n{WORDS}")),
        ("content/closing.md", "# Closing\n\nText.\n"),
        ("content/opening.md", "---\nvisibility: internal\n---\n# Opening\n\nNow for all.\n"),
        ("content/inside.md", "---\nvisibility: internal\n---\n# CANARY inside\n\nCANARY-A.\n"),
    ]);
    repository.git(&["checkout", "-q", "-b", "work"]);
    repository.write(
        "content/disk.md",
        "---\nkind: process\nowner: Desk\nversion: \"1.1\"\nstatus: approved\nreviewed: 2026-06-01\nreview_every: 6m\n---\n\
         # A disk is full\n\nCall the desk at 5 now.\n\n- Free `/var/log` and `/tmp`.\n\n[y](nowhere.md)\n",
    );
    repository.remove("content/gone.md");
    repository.rename("content/moved.md", "content/s/moved.md");
    repository.write("content/s/moved.md", &format!("---\naliases: [/moved/]\n---\n# Moved\n\n{WORDS}"));
    repository.write("content/closing.md", "---\nvisibility: internal\n---\n# Closing\n\nCANARY-B.\n");
    repository.write("content/opening.md", "# Opening\n\nNow for all.\n\n:::internal\nCANARY-C\n:::\n");
    repository.write(
        "content/inside.md",
        "---\nvisibility: internal\n---\n# CANARY inside\n\nCANARY-D. [x](no.md)\n",
    );
    repository.write("content/new.md", "# A | new `page` <b>\n\nText. [i](inside.md)\n");
    repository.commit(&[]);
    (folder, repository)
}

#[test]
fn a_change_is_told_to_those_who_may_know_it() {
    let (_folder, repository) = changed();
    let before = repository.state();
    let said = report(&repository.root, &["main", "--preview", "https://pr-7.example.org/x"]);
    assert_eq!((said.code, said.err.as_str()), (0, ""), "{}", said.err);
    let commit = repository.git(&["rev-parse", "--short=10", "main"]);
    let want = include_str!("report-public.md").replace("COMMIT", &commit);
    assert_eq!(said.out, want);
    assert!(repository.state() == before, "nothing is written to the repository");
    let inside = report(&repository.root, &["main", "--audience", "internal"]).out;
    for part in ["CANARY-A", "CANARY-D", "CANARY-B", "CANARY-C", "Becomes visible for <code>public</code>"] {
        let shown = part.replace("-A", "&#45;A");
        assert!(inside.contains(part) || inside.contains(&shown), "{part}: {inside}");
    }
    let file = repository.root.join("../report.md");
    let written = report(&repository.root, &["main", "--out", file.to_str().unwrap()]);
    assert_eq!((written.code, written.out.as_str()), (0, ""));
    let text = fs::read_to_string(&file).unwrap();
    assert!(text.contains("- A &#124; new page\n"), "titles are plain without a preview: {text}");
    fs::remove_file(file).unwrap();
}

#[test]
fn owners_to_ask_come_from_codeowners_and_have_one_name_each() {
    let (_folder, repository) = repository();
    repository.commit(&[
        BOOK,
        ("data/people.yaml", "people:\n- name: Desk\n  also: ['@x/desk']\n"),
        (".github/CODEOWNERS", "*.md @x/desk @lone\n/content/bare.md\n"),
        ("content/_index.md", "# Home\n"),
        ("content/named.md", "---\nowner: '@x/desk'\n---\n# Named\n"),
        ("content/bare.md", "# Bare\n"),
        ("content/other.md", "# Other\n"),
    ]);
    for page in ["named", "bare", "other"] {
        let path = format!("content/{page}.md");
        let text = fs::read_to_string(repository.root.join(&path)).unwrap();
        repository.write(&path, &format!("{text}\nMore words.\n"));
    }
    let asked = |more: &[&str]| {
        let said = report(&repository.root, &[&["HEAD"], more].concat()).out;
        let (_, owners) = said.split_once("### Owners to ask\n\n").unwrap();
        owners.split("\n\n").next().unwrap().trim_end().to_owned()
    };
    assert_eq!(asked(&["--audience", "internal"]), "- @\u{200b}lone: 1 page\n- Desk: 2 pages");
    assert_eq!(asked(&[]), "- Desk: 1 page", "accounts are not for the public");
}

#[test]
fn a_revision_compared_with_itself_changes_nothing() {
    let (_folder, repository) = changed();
    let said = report(&repository.root, &["work"]);
    assert!(
        said.out.contains("\nNothing changes for <code>public</code> since commit <code>"),
        "{}",
        said.out
    );
    let inside = report(&repository.root, &["HEAD", "--audience", "internal"]);
    assert!(inside.out.contains("Nothing changes for <code>internal</code>"), "{}", inside.out);
    // What only insiders see is no change for others.
    repository.write("content/inside.md", "---\nvisibility: internal\n---\n# CANARY other\n\nCANARY-E.\n");
    let said = report(&repository.root, &["work"]);
    assert!(said.out.contains("Nothing changes"), "{}", said.out);
    repository.remove("content/inside.md");
    repository.remove("content/new.md");
    let said = report(&repository.root, &["work"]);
    assert!(!said.out.contains("CANARY"), "{}", said.out);
}

#[test]
fn a_new_handbook_has_only_added_pages() {
    let (_folder, repository) = repository();
    repository.commit(&[("README.md", "# R\n")]);
    repository.write("book.toml", "");
    repository.write("content/a.md", "# A\n");
    let said = report(&repository.root, &["main"]);
    assert!(
        said.out.contains(": 1 page added.\n") && said.out.contains("### Added pages\n\n- A\n"),
        "{}",
        said.out
    );
}

#[test]
fn a_link_that_leads_elsewhere_is_a_change_and_one_that_follows_a_move_is_none() {
    let (_folder, repository) = repository();
    repository.commit(&[
        BOOK,
        ("content/_index.md", "# Home\n\nRead [this](old/one.md) first.\n"),
        (
            "content/start.md",
            "# Start\n\nRead [this](old/one.md) first, then [that](https://example.com/a).\n",
        ),
        ("content/old/one.md", "# One\n\nText of the first page.\n"),
        ("content/old/two.md", "# Two\n\nText of the second page.\n"),
    ]);
    repository.rename("content/old", "content/new");
    repository.write("content/_index.md", "# Home\n\nRead [this](new/one.md) first.\n");
    repository.write(
        "content/start.md",
        "# Start\n\nRead [this](new/two.md) first, then [that](https://example.com/b).\n",
    );
    let said = report(&repository.root, &["main"]).out;
    assert!(!said.contains("<summary>Home</summary>"), "{said}");
    let line = "- this <del>content/old/one.md</del> <ins>content/new/two.md</ins> that \
                <del>https:\u{200b}//example.com/a</del> <ins>https:\u{200b}//example.com/b</ins>\n";
    assert!(said.contains(line), "{said}");
}

#[test]
fn a_line_number_does_not_count_hidden_lines() {
    let (_folder, repository) = repository();
    let page =
        |hidden: &str, link: &str| format!("# Page\n\n:::internal\n{hidden}\n:::\n\nSee [it]({link}).\n");
    repository.commit(&[
        BOOK,
        ("content/_index.md", "# Home\n"),
        ("content/gone.md", "# Gone\n"),
        ("content/page.md", &page("Words.", "gone.md")),
    ]);
    repository.write("content/page.md", &page("Words.\n\nMore words.", "gone.md"));
    repository.remove("content/gone.md");
    let public = report(&repository.root, &["main"]).out;
    // Public readers know the page as unchanged.
    assert!(
        public.contains("### Links in unchanged files that break\n\n- **error** <code>link.missing</code> content/page.md: "),
        "{public}"
    );
    let inside = report(&repository.root, &["main", "--audience", "internal"]).out;
    assert!(inside.contains("### New problems") && inside.contains("content/page.md:9: "), "{inside}");
}

/// Titles, words, fields and owners that would do something in Markdown or on a forge.
const HOSTILE: [&str; 9] = [
    "a | b | c",
    "`x` ``y``",
    "<img src=x onerror=alert(1)> <!-- gone",
    "@all and @octo-cat",
    "[x](https://evil.example) ![y](z)",
    "</details></summary>",
    "1. one # two #12 !3",
    "**b** _i_ ~~s~~ $m$",
    "https://evil.example www.evil.example :tada:",
];

#[test]
fn a_link_to_a_hidden_draft_does_not_name_it() {
    let (_folder, repository) = repository();
    repository.commit(&[BOOK, ("content/_index.md", "# Home\n")]);
    repository.write("content/_index.md", "# Home\n\n[a](canary.md) and [b](nowhere.md).\n");
    repository.write("content/canary.md", "---\nvisibility: internal\ndraft: true\n---\n# Draft\n\nSoon.\n");
    let public = report(&repository.root, &["main"]).out;
    assert!(public.contains("nowhere.md") && !public.contains("canary.md"), "{public}");
    let inside = report(&repository.root, &["main", "--audience", "internal"]).out;
    assert!(inside.contains("canary.md"), "{inside}");
}

#[test]
fn a_level_with_a_new_name_is_compared_with_the_lowest_of_before() {
    let (_folder, repository) = repository();
    let book = |lowest: &str| {
        format!(
            "[book]\ntitle = \"H\"\n[visibility]\nlevels = [\"{lowest}\", \"team\"]\ndefault = \"{lowest}\"\n"
        )
    };
    repository.commit(&[("book.toml", &book("public")), ("content/_index.md", "# Home\n")]);
    repository.write("book.toml", &book("open"));
    repository.write("content/new.md", "# New\n");
    let said = report(&repository.root, &["main"]);
    assert_eq!((said.code, said.err.as_str()), (0, ""));
    assert!(said.out.contains("### Added pages") && said.out.contains("- New"), "{}", said.out);
}

#[test]
fn hostile_titles_and_words_stay_text() {
    let (_folder, repository) = repository();
    repository.commit(&[("book.toml", ""), ("content/_index.md", "# Home\n")]);
    for (number, text) in HOSTILE.iter().enumerate() {
        let quoted = text.replace('\\', "\\\\").replace('"', "\\\"");
        let page = |words: &str| {
            format!(
                "---\ntitle: \"{quoted}\"\nowner: \"{quoted} {words}\"\n---\n\n```\nfirst\n{text} {words}\n```\n"
            )
        };
        repository.write(&format!("content/changed-{number}.md"), &page("old"));
    }
    repository.commit(&[]);
    for (number, text) in HOSTILE.iter().enumerate() {
        let quoted = text.replace('\\', "\\\\").replace('"', "\\\"");
        let page = format!(
            "---\ntitle: \"{quoted}\"\nowner: \"{quoted} new\"\n---\n\n```\nfirst\n{text} new\n```\n"
        );
        repository.write(&format!("content/changed-{number}.md"), &page);
        repository.write(&format!("content/added-{number}.md"), &page);
    }
    let said = report(&repository.root, &["main", "--preview", "https://pr.example/"]).out;
    let mut open = 0;
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    let mut text = String::new();
    for event in Parser::new_ext(&said, options) {
        match event {
            Event::Html(html) | Event::InlineHtml(html) => {
                for tag in html.split('<').skip(1) {
                    let name = tag.split('>').next().unwrap();
                    let known = [
                        "details", "/details", "summary", "/summary", "code", "/code", "del", "/del", "ins",
                        "/ins",
                    ];
                    assert!(known.contains(&name) || name.starts_with("!-- opsbook report --"), "{html}");
                }
                open += html.matches("<details>").count();
            }
            Event::Start(pulldown_cmark::Tag::Link { dest_url, .. }) => {
                assert!(dest_url.starts_with("https://pr.example/"), "{dest_url}");
            }
            Event::Start(pulldown_cmark::Tag::Image { dest_url, .. }) => panic!("an image: {dest_url}"),
            Event::Text(part) => text.push_str(&part),
            _ => {}
        }
    }
    assert_eq!(open, HOSTILE.len(), "{said}");
    for name in ["@all", "@octo", "#12", "!3", "https://evil", "www.evil", ":tada"] {
        assert!(!text.contains(name), "{name}: {said}");
    }
    let rows: Vec<&str> = said.lines().filter(|line| line.starts_with("| ")).collect();
    assert!(rows.iter().all(|row| row.matches('|').count() == 4), "{rows:#?}");
}

#[test]
fn a_large_change_is_shortened_and_says_so() {
    let (_folder, repository) = repository();
    repository.commit(&[("book.toml", ""), ("content/_index.md", "# Home\n")]);
    let words =
        |word: &str| (0..40).map(|n| format!("Line {n} says {word} of <it>.\n\n")).collect::<String>();
    for number in 0..120 {
        repository
            .write(&format!("content/p{number}.md"), &format!("# Page {number}\n\n{}", words("little")));
    }
    repository.commit(&[]);
    for number in 0..120 {
        repository.write(&format!("content/p{number}.md"), &format!("# Page {number}\n\n{}", words("much")));
        repository.write(&format!("content/n{number}.md"), &format!("# {} {number}\n", "|<&".repeat(90)));
    }
    let said = report(&repository.root, &["main"]).out;
    assert!(said.chars().count() <= 65_536, "{}", said.chars().count());
    assert!(said.chars().count() > 5_000, "{}", said.chars().count());
    assert!(
        said.contains("This report is shortened") && said.contains("120 pages added, 120 pages changed"),
        "{said}"
    );
}

#[test]
fn wrong_arguments_end_with_a_way_out() {
    let (_folder, repository) = changed();
    let failure = |options: &[&str]| {
        let said = report(&repository.root, options);
        assert_eq!((said.code, said.out.as_str()), (2, ""), "{options:?}");
        said.err
    };
    assert!(failure(&["mian"]).contains("Did you mean `main`?"));
    assert!(failure(&["main", "--audience", "intrenal"]).contains("Did you mean `internal`?"));
    assert!(failure(&["main", "--preview", "javascript:alert(1)"]).contains("must be an address"));
    assert!(failure(&["main", "--preview", "https://x.example/)[y](z"]).contains("must be an address"));
    assert!(failure(&["main", "--out", "no/such/folder.md"]).contains("cannot write"));
}
