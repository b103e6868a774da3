//! The program as people call it: what it prints, what it writes and how it ends.
//!
//! Owns runs of the real binary in folders of their own. What a page becomes is tested elsewhere.

#![expect(clippy::disallowed_methods, reason = "runs the program")]

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use crate::kinds::filled;
use crate::support::program::{add, command, run, scene};
use crate::support::repository::Repository;
use crate::support::setting;
use opsbook::kinds::Kinds;
use opsbook::publish::{MANIFEST, Manifest};

#[test]
fn a_first_handbook_builds_without_a_word() {
    let (_folder, book) = scene();
    let checked = run(&book, &["check"]);
    assert_eq!((checked.code, checked.err.as_str()), (0, ""));
    assert!(checked.out.starts_with("no problems in "), "{}", checked.out);
    let built = run(&book.join("content/runbooks"), &["build"]);
    assert_eq!((built.code, built.err.as_str()), (0, ""));
    assert!(built.out.starts_with("Built ") && built.out.trim_end().ends_with("public/"), "{}", built.out);
    for file in ["index.html", "404.html", "runbooks/disk-full/index.html", ".opsbook-manifest.json"] {
        assert!(book.join("public").join(file).is_file(), "{file}");
    }
}

#[test]
fn owners_are_listed_from_front_matter_and_from_codeowners() {
    let (_folder, book) = scene();
    add(&book, "data/people.yaml", "people:\n- name: Operations\n  also: ['@example/operations', ops]\n");
    add(&book, "content/a.md", "---\nowner: OPS\n---\n# A\n");
    add(&book, "content/b.md", "# B\n");
    add(&book, "content/c.md", "---\nvisibility: internal\ndraft: true\n---\n# C\n");
    for forge in [".github", ".gitlab"] {
        fs::remove_file(book.join(forge).join("CODEOWNERS")).unwrap();
    }
    add(&book, "CODEOWNERS", "/content/b.md @example/operations # why\n/content/c.md a b\n");
    let listed = run(&book, &["owners", "--owner", "@Example/Operations", "--owner", "handbook editors"]);
    assert_eq!((listed.code, listed.err.lines().count()), (0, 1), "{}", listed.err);
    assert!(
        listed.err.starts_with("CODEOWNERS:2:15: warning[owner.file]: `a` is not an owner; "),
        "{}",
        listed.err
    );
    assert!(
        listed.out.contains("\nOperations (7 pages)\n")
            && listed.out.contains("  content/b.md  by CODEOWNERS\n")
    );
    let json = run(&book, &["owners", "--json"]);
    let list: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(list["without"], serde_json::json!([{"file": "content/c.md", "title": "C", "from": null}]));
    assert_eq!(list["summary"], serde_json::json!({"pages": 13, "with_owner": 12, "without_owner": 1}));
    assert_eq!(list["owners"][1]["name"], "Operations");
    let unknown = run(&book, &["owners", "--owner", "Operation"]);
    assert_eq!(unknown.code, 2);
    assert!(unknown.err.ends_with("help: Did you mean `Operations`?\n"), "{}", unknown.err);
    // `check` reports the line, too, and a file of bytes that are no text.
    let checked = run(&book, &["check", "--format", "short", "CODEOWNERS"]);
    assert_eq!((checked.code, checked.out), (0, listed.err));
    fs::write(book.join("CODEOWNERS"), [0, 159, 146, 150]).unwrap();
    let checked = run(&book, &["check", "--format", "short"]);
    assert!(
        checked.out.contains("CODEOWNERS:1:1: warning[owner.file]: the file is not UTF-8"),
        "{}",
        checked.out
    );
}

#[test]
fn commands_that_show_no_dates_ask_git_for_no_history() {
    let (folder, book) = scene();
    Repository::new(&book).commit(&[]);
    let tools = folder.path().join("tools");
    let asked = folder.path().join("asked");
    fs::create_dir(&tools).unwrap();
    let path = std::env::var("PATH").unwrap();
    // Notes what Git is asked for, and lets the real one answer.
    let script = format!("#!/bin/sh\necho \"$@\" >> {}\nPATH='{path}' exec git \"$@\"\n", asked.display());
    add(folder.path(), "tools/git", &script);
    let program = tools.join("git");
    fs::set_permissions(&program, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let history = || fs::read_to_string(&asked).unwrap_or_default().contains(" log ");
    for arguments in [&["check"][..], &["owners"], &["mv", "--dry-run", "content/about.md", "content/us.md"]]
    {
        let output = command(&book, arguments).env("PATH", &tools).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        assert!(!history(), "{arguments:?}");
    }
    command(&book, &["build"]).env("PATH", &tools).output().unwrap();
    assert!(history(), "a build shows dates");
}

#[test]
fn owners_are_written_into_a_block_and_twice_is_once() {
    let (_folder, book) = scene();
    add(&book, "data/people.yaml", "people:\n- name: Operations\n  also: ['@example/operations']\n");
    let before = "* @all\r\n\r\n^[Docs][2] @docs\r\n*.md\r\n";
    fs::write(book.join(".gitlab/CODEOWNERS"), before).unwrap();
    let dry = run(&book, &["owners", "--write", ".gitlab/CODEOWNERS", "--dry-run"]);
    assert_eq!(fs::read_to_string(book.join(".gitlab/CODEOWNERS")).unwrap(), before);
    assert!(dry.out.contains("+/content/runbooks/disk-full.md @example/operations\n"), "{}", dry.out);
    assert!(
        dry.err
            .contains("`Handbook editors` (5 pages) has no handle of the forge: add it to data/people.yaml")
    );
    let written = run(&book, &["owners", "--write", ".gitlab/CODEOWNERS"]);
    assert_eq!(written.code, 0, "{}", written.err);
    let after = fs::read_to_string(book.join(".gitlab/CODEOWNERS")).unwrap();
    assert!(after.starts_with("* @all\r\n\r\n# opsbook: begin") && !after.replace("\r\n", "").contains('\n'));
    assert!(after.ends_with("\r\n# opsbook: end\r\n\r\n^[Docs][2] @docs\r\n*.md\r\n"), "{after}");
    let again = run(&book, &["owners", "--write", ".gitlab/CODEOWNERS"]);
    assert!(again.err.ends_with(".gitlab/CODEOWNERS is up to date: 5 pages\n"), "{}", again.err);
    assert_eq!(fs::read_to_string(book.join(".gitlab/CODEOWNERS")).unwrap(), after);
    fs::write(book.join(".gitlab/CODEOWNERS"), "a\n# opsbook: begin\n").unwrap();
    let refused = run(&book, &["owners", "--write", ".gitlab/CODEOWNERS"]);
    assert_eq!(
        (refused.code, refused.err.contains(".gitlab/CODEOWNERS:2:1: the block of Opsbook does not end")),
        (2, true)
    );
    let outside = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(outside.path(), book.join("elsewhere")).unwrap();
    for name in ["../CODEOWNERS", "elsewhere/CODEOWNERS", "no/../../../CODEOWNERS"] {
        let refused = run(&book, &["owners", "--write", name]);
        assert_eq!(refused.code, 2, "{name}: {}", refused.err);
        assert!(refused.err.contains("is not in the repository of the handbook"), "{name}: {}", refused.err);
    }
    assert!(!book.join("../CODEOWNERS").exists() && !outside.path().join("CODEOWNERS").exists());
    let page = run(&book, &["owners", "--write", "content/about.md"]);
    assert_eq!(page.code, 2, "{}", page.err);
    assert!(page.err.contains("is not called `CODEOWNERS`, so no forge reads it"), "{}", page.err);
    let new = run(&book, &["owners", "--write", "CODEOWNERS"]);
    assert_eq!(new.code, 0, "{}", new.err);
    assert!(fs::read_to_string(book.join("CODEOWNERS")).unwrap().starts_with("# opsbook: begin"));
}

#[test]
fn fixes_are_shown_as_a_patch_and_written_only_when_agreed() {
    let (_folder, book) = scene();
    add(&book, "content/a.md", "# A\n\n[o](about.md#Owners) [x](about.md#nowhere-at-all)\n");
    add(&book, "content/b.md", "# B\n\n[o](about.md#Owners)\n");
    let before = fs::read_to_string(book.join("content/a.md")).unwrap();
    let json = run(&book, &["check", "--format", "json", "content/b.md"]);
    let json: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    let fix = serde_json::json!({
        "file": "content/b.md", "line": 3, "column": 14, "end_line": 3, "end_column": 20, "text": "owners", "certain": true,
    });
    assert_eq!(json["diagnostics"][0]["fix"], fix);
    let dry = run(&book, &["check", "--fix", "--dry-run"]);
    assert_eq!((dry.code, dry.err.as_str()), (0, "2 fixes in 2 files; nothing was written\n"));
    assert!(dry.out.contains("-[o](about.md#Owners)\n+[o](about.md#owners)\n"), "{}", dry.out);
    let unasked = run(&book, &["check", "--fix"]);
    assert_eq!(unasked.code, 2);
    assert!(
        unasked.err.contains("would write 2 fixes in 2 files, and no one can be asked"),
        "{}",
        unasked.err
    );
    assert_eq!(fs::read_to_string(book.join("content/a.md")).unwrap(), before);
    let one = run(&book, &["check", "--fix", "--yes", "content/b.md"]);
    assert_eq!((one.code, one.err.lines().next()), (0, Some("1 fix in 1 file")));
    assert_eq!(fs::read_to_string(book.join("content/a.md")).unwrap(), before);
    assert_eq!(fs::read_to_string(book.join("content/b.md")).unwrap(), "# B\n\n[o](about.md#owners)\n");
    // A file that cannot be written stops all.
    let mut permissions = fs::metadata(book.join("content/a.md")).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(book.join("content/a.md"), permissions.clone()).unwrap();
    add(&book, "content/c.md", "# C\n\n[o](about.md#Owners)\n");
    let refused = run(&book, &["check", "--fix", "--yes"]);
    assert_eq!((refused.code, refused.err.contains("`") && refused.err.contains("is read-only")), (2, true));
    assert!(fs::read_to_string(book.join("content/c.md")).unwrap().contains("#Owners"));
    fs::remove_file(book.join("content/a.md")).unwrap();
    fs::write(book.join("content/a.md"), &before).unwrap();
    let all = run(&book, &["check", "--fix", "--yes", "--format", "short"]);
    assert_eq!((all.code, all.out.lines().count()), (1, 1), "{}", all.out);
    assert!(
        all.out.starts_with("content/a.md:3:22: error[link.anchor]: no anchor `nowhere-at-all`"),
        "{}",
        all.out
    );
    let again = run(&book, &["check", "--fix", "--yes", "--format", "short"]);
    assert_eq!((again.out, again.err.as_str()), (all.out, "nothing to fix\n"));
}

#[test]
fn the_status_says_what_needs_somebody() {
    let (_folder, book) = scene();
    add(&book, "data/people.yaml", "people:\n- name: Kurt\n  also: ['@kurt']\n");
    add(
        &book,
        "content/late.md",
        "---\nkind: runbook\nowner: Kurt\nreviewed: 2026-01-01\nrules: {section.missing: off}\n---\n# Late\n",
    );
    add(&book, "content/draft.md", "---\ndraft: true\nvisibility: internal\n---\n# Draft\n");
    let minutes = "---\nkind: minutes\ndate: 2026-11-20\nowner: Ops\n---\n# M\n\n## Action items\n\n\
        - @kurt: write the runbook for the disks of the storage nodes and for all of the others, due 2026-11-25\n\
        - @zoe: read it, due 2026-11-10\n- @zoe: later\n";
    add(&book, "content/minutes/m.md", minutes);
    let day = "--today=2026-11-21";
    let all = run(&book, &["status", day]);
    assert_eq!((all.code, all.err.as_str()), (0, ""));
    for line in [
        "Promises                   4, 1 late\n",
        "  11 days late  content/minutes/m.md  read it, due 2026-11-10 (@zoe)\n",
        "Drafts                     1\n",
    ] {
        assert!(all.out.contains(line), "{line}: {}", all.out);
    }
    assert!(all.out.contains("days late  content/late.md  Late (Kurt)\n"), "{}", all.out);
    assert!(all.out.lines().all(|line| line.chars().count() <= 80), "{}", all.out);
    let json = run(&book, &["status", day, "--json", "--owner", "KURT", "--days", "3"]);
    let list: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    let counts: Vec<_> = list["sections"]
        .as_array()
        .unwrap()
        .iter()
        .map(|section| section["entries"].as_array().unwrap().len())
        .collect();
    // The action is due in four days, so it is one of the other open ones.
    assert_eq!(counts, [1, 0, 1, 0, 0, 0, 0], "{}", json.out);
    let action = &list["sections"][2]["entries"][0];
    assert_eq!((&action["days"], &action["owners"]), (&serde_json::json!(4), &serde_json::json!(["Kurt"])));
    let public = run(&book, &["status", day, "--audience", "public"]);
    assert!(public.out.contains("Drafts                     0\n"), "{}", public.out);
    let calm = run(&book, &["status", day, "--owner", "Anna"]);
    assert_eq!(calm.out, "Nothing needs anybody: nothing is open, or due within 30 days.\n");
    assert!(calm.err.contains("no page and no action has the owner `Anna`"), "{}", calm.err);
    let misspelt = run(&book, &["status", day, "--owner", "Kurtt", "--owner", "@ZOE"]);
    assert_eq!(misspelt.err.matches("no page and no action").count(), 1, "{}", misspelt.err);
    assert!(misspelt.err.contains("`Kurtt`; did you mean `Kurt`?"), "{}", misspelt.err);
}

#[test]
fn the_self_check_counts_what_the_handbook_shows() {
    let folder = tempfile::tempdir().unwrap();
    let book = folder.path();
    let files = [
        ("book.toml", "[book]\ntitle = \"H\"\n[visibility]\ndefault = \"public\"\n"),
        ("content/_index.md", "---\nowner: Ops\n---\n# Home\n"),
        (
            "content/tested.md",
            "---\nkind: runbook\nowner: Ops\nalerts: [A]\nreviewed: 2026-11-01\ntested: {on: 2026-02-01}\n---\n# Tested\n\n\
             ## Symptom\n\nA fires.\n\n## Fix\n\nRestart it.\n",
        ),
        (
            "content/old.md",
            "---\nkind: runbook\nreviewed: 2025-01-01\ntested: {on: 2025-01-01}\nvisibility: internal\n---\n# Old\n",
        ),
        (
            "content/partly.md",
            "---\nkind: runbook\nowner: Ops\nreviewed: 2026-11-01\ntested: {on: 2026-11-01, scope: Diagnose}\n---\n# Partly\n",
        ),
        ("content/retired.md", "---\nkind: runbook\nowner: Ops\nstatus: archived\n---\n# Retired\n"),
        ("content/draft.md", "---\nkind: runbook\ndraft: true\n---\n# Draft\n"),
        (
            "data/a.rules",
            "groups:\n- name: g\n  rules:\n  - {alert: A, expr: up}\n  - {alert: B, expr: up}\n  - {alert: C, expr: up}\n",
        ),
        ("content/final.md", "---\nkind: rca\nowner: Ops\nreport_state: final\n---\n# Final\n"),
        (
            "content/open.md",
            "---\nkind: rca\nowner: Ops\nreport_state: interim\nvisibility: partner\n---\n# Open\n",
        ),
        ("content/told.md", "---\nkind: rca\nowner: Ops\nreport_state: amended\n---\n# Told\n"),
        (
            "content/drill.md",
            "---\nkind: rca\nowner: Ops\nexercise: true\nreport_state: preliminary\ndate: 2026-10-01\n---\n# Drill\n\n\
             ## Action items\n\n- [ ] @ops: an exercise has no late action, due 2026-10-05\n",
        ),
        (
            "content/m1.md",
            "---\nkind: minutes\nowner: Ops\ndate: 2026-11-02\n---\n# One\n\n## Action items\n\n- [x] @ops: in time, due 2026-11-03\n\
             - [x] @ops: too late, due 2026-11-01\n- [ ] @ops: open and late, due 2026-11-10\n\
             - [ ] @ops: not due, due 2026-12-24\n",
        ),
        (
            "content/m2.md",
            "---\nkind: minutes\nowner: Ops\ndate: 2026-11-02\nvisibility: internal\n---\n# Two\n",
        ),
        (
            "content/approved.md",
            "---\nkind: process\nowner: Ops\nversion: '1'\napproved_on: 2026-01-01\nreviewed: 2026-06-01\n---\n# Approved\n",
        ),
        ("content/loose.md", "---\nkind: process\nversion: '1'\n---\n# Loose\n"),
        (
            "content/manifesto.md",
            "---\nkind: manifesto\nowner: Ops\nsignatories: [{name: Example Cloud}]\n---\n# Manifesto\n",
        ),
    ];
    for (file, text) in files {
        fs::create_dir_all(book.join(file).parent().unwrap()).unwrap();
        fs::write(book.join(file), text).unwrap();
    }
    let day = "--today=2026-11-21";
    let json = run(book, &["status", "--maturity", "--json", day]);
    assert_eq!((json.code, json.err.as_str()), (0, ""));
    let report: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    let rows = report["criteria"].as_array().unwrap();
    let shares: Vec<String> = rows
        .iter()
        .map(|row| format!("{} {} of {}", row["id"].as_str().unwrap(), row["value"], row["of"]))
        .collect();
    let want = [
        "runbooks-reviewed 2 of 3",
        "runbooks-tested 1 of 3",
        "alerts-covered 1 of 3",
        "pages-owned 12 of 14",
        "reviews-valid 3 of 5",
        "pages-public 11 of 14",
        "analyses-public 2 of 3",
        "analyses-final 2 of 3",
        "actions-in-time 1 of 3",
        "processes-owned 1 of 2",
        "processes-approved 1 of 2",
        "meetings-public 1 of 2",
        "manifesto-signed 1 of 1",
    ];
    assert_eq!(shares, want, "{}", json.out);
    let percents: Vec<u64> = rows.iter().map(|row| row["percent"].as_u64().unwrap()).collect();
    assert_eq!(report["total"]["percent"], percents.iter().sum::<u64>() / 13);
    assert_eq!(rows[2]["percent"], 33);

    let text = run(book, &["status", "--maturity", day]);
    for line in [
        "Open operations: 59 %\nThe mean of 13 percentages.",
        "Knowledge\n   66 %    2 of 3  Runbooks with a valid review\n",
        "To improve, the lowest first\n  runbooks-tested\n",
    ] {
        assert!(text.out.contains(line), "{line}: {}", text.out);
    }
    assert!(!text.out.contains("  manifesto-signed\n"), "nothing is left to do: {}", text.out);
    assert!(text.out.lines().all(|line| line.chars().count() <= 80), "{}", text.out);
    let public = run(book, &["status", "--maturity", "--audience", "public", "--json", day]);
    assert!(public.out.contains("\"id\": \"pages-public\""), "{}", public.out);
    let refused = run(book, &["status", "--maturity", "--days", "3"]);
    assert_eq!((refused.code, refused.err.contains("cannot be used with")), (2, true), "{}", refused.err);
}

#[test]
fn the_self_check_of_an_empty_handbook_counts_no_incidents() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("book.toml"), "[book]\ntitle = \"H\"\n").unwrap();
    fs::create_dir(folder.path().join("content")).unwrap();
    fs::write(folder.path().join("content/_index.md"), "---\nowner: Ops\n---\n# Home\n").unwrap();
    let json = run(folder.path(), &["status", "--maturity", "--json"]);
    let report: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    // Two of ten shares are whole: the page has an owner, and everybody may read it.
    let total = (&report["total"]["percent"], &report["total"]["counted"]);
    assert_eq!(total, (&serde_json::json!(20), &serde_json::json!(10)), "{}", json.out);
    let text = run(folder.path(), &["status", "--maturity"]);
    assert!(text.out.contains("\n      –    none  Analyses that are final\n"), "{}", text.out);
    assert!(text.out.contains("\n    0 %    none  Runbooks with a valid review\n"), "{}", text.out);
}

#[test]
fn a_first_handbook_keeps_to_the_standards_of_this_one() {
    let (_folder, book) = scene();
    let headings = |path: &Path| {
        let text = fs::read_to_string(path).unwrap();
        text.lines().filter_map(|line| line.strip_prefix("## ").map(str::to_owned)).collect::<Vec<_>>()
    };
    let runbook = [
        "Symptom",
        "Impact",
        "Risk",
        "Prerequisites",
        "Diagnose",
        "Fix",
        "Verify",
        "Rollback",
        "Escalate",
        "References",
    ];
    let rca = [
        "Summary",
        "Impact",
        "Timeline",
        "Cause",
        "What went well",
        "What went badly",
        "Where we were lucky",
        "Action items",
    ];
    let minutes = ["Participants", "Agenda", "Decisions", "Action items"];
    for (kind, option, example, want) in [
        ("runbook", "--risk=change", "runbooks/disk-full.md", runbook.as_slice()),
        ("rca", "--report-state=final", "rcas/example-expired-certificate.md", &rca),
        ("minutes", "--group=Operations", "minutes/first-meeting.md", &minutes),
    ] {
        let made = run(&book, &["new", kind, "New", option]);
        assert_eq!(headings(&book.join(made.out.trim_end())), want);
        assert_eq!(headings(&book.join("content").join(example)), want);
    }
    let standard = Path::new(env!("CARGO_MANIFEST_DIR")).join("content/standards/runbook-standard.md");
    let template = headings(&standard);
    assert!(template.ends_with(&["References".to_owned()]));
    let wanted: Vec<&str> =
        template.iter().map(String::as_str).filter(|name| runbook.contains(name)).collect();
    assert_eq!(wanted[..runbook.len()], runbook, "the template in the standard itself");
}

/// Every file in a folder whose bytes hold a text.
fn files_with(folder: &Path, text: &str) -> Vec<PathBuf> {
    let files = walkdir::WalkDir::new(folder).into_iter().map(Result::unwrap);
    let holds = |path: &Path| String::from_utf8_lossy(&fs::read(path).unwrap()).contains(text);
    files
        .filter(|file| file.file_type().is_file())
        .map(|file| file.into_path())
        .filter(|path| holds(path))
        .collect()
}

#[test]
fn minutes_that_are_put_into_a_first_handbook_keep_names_inside() {
    let (_folder, book) = scene();
    let minutes = "# Weekly 2026-11-16\n\n- @canary\n- Zoe Canary\n\n## Attendees, please add yourself\n\n- Kurt Canary (remote)\n\n\
                   ## Topics\n\n- Disks are full, AI @storage: order some\n";
    add(&book, "content/minutes/20261116.md", minutes);
    let built = run(&book, &["build"]);
    assert_eq!((built.code, built.err.as_str()), (0, ""));
    assert_eq!(files_with(&book.join("public"), "anary"), Vec::<PathBuf>::new());
    let actions = fs::read_to_string(book.join("public/registers/actions.json")).unwrap();
    assert!(actions.contains("order some"), "{actions}");
    // Without the cascade the same page is reported.
    let section = book.join("content/minutes/_index.md");
    let text = fs::read_to_string(&section).unwrap();
    assert!(text.contains("cascade: {kind: minutes}\n"), "{text}");
    fs::write(&section, text.replace("cascade: {kind: minutes}\n", "")).unwrap();
    let checked = run(&book, &["check", "--format", "short"]);
    assert!(
        checked.out.contains("content/minutes/20261116.md:1:1: warning[kind.missing]"),
        "{}",
        checked.out
    );
}

#[test]
fn bundles_are_not_kept_in_the_repository() {
    let (_folder, book) = scene();
    let ignored = fs::read_to_string(book.join(".gitignore")).unwrap();
    assert!(ignored.lines().any(|line| line == "/handbook*.zip"), "{ignored}");
}

#[test]
fn errors_keep_the_published_site_unless_asked_to_keep_going() {
    let (_folder, book) = scene();
    run(&book, &["build"]);
    let home = || fs::read_to_string(book.join("public/index.html")).unwrap();
    let before = home();
    add(&book, "content/_index.md", "\nFresh. [x](nope.md)\n");
    let failed = run(&book, &["build"]);
    assert_eq!((failed.code, failed.out.as_str()), (1, ""));
    assert!(failed.err.contains("error[link.missing]"), "{}", failed.err);
    assert!(failed.err.contains("the published site was left as it was"), "{}", failed.err);
    assert_eq!(home(), before);
    let kept = run(&book, &["build", "--keep-going", "--timings"]);
    assert_eq!(kept.code, 1);
    assert!(kept.err.contains(" render ") && kept.err.contains(" publish "), "{}", kept.err);
    assert!(home().contains("Fresh."));
    let names = fs::read_dir(&book).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert!(names.filter(|name| name.starts_with(".public")).collect::<Vec<_>>().is_empty());
}

#[test]
fn check_speaks_several_formats_and_writes_nothing() {
    let (_folder, book) = scene();
    add(&book, "content/about.md", "\n[x](nope.md)\n");
    let short = run(&book, &["check", "--format", "short"]);
    let (line, message) = short.out.split_once(' ').unwrap();
    assert!(line.starts_with("content/about.md:") && line.ends_with(":1:"), "{}", short.out);
    assert!(message.starts_with("error[link.missing]: "), "{}", short.out);
    let json: serde_json::Value =
        serde_json::from_str(&run(&book, &["check", "--format", "json"]).out).unwrap();
    assert_eq!(json["version"], 1);
    assert_eq!(json["summary"]["errors"], 1);
    assert_eq!(json["diagnostics"][0]["rule"], "link.missing");
    let human = run(&book, &["check"]);
    assert_eq!((human.code, human.err.as_str()), (1, ""));
    assert!(
        human.out.ends_with("\nexplained, with examples: `opsbook explain link.missing`\n"),
        "{}",
        human.out
    );
    assert!(!human.out.contains('\u{1b}'), "no colour where nobody watches");
    assert!(!book.join("public").exists() && !book.join(".opsbook").exists());
}

#[test]
fn check_reports_files_from_the_root_of_the_repository_for_forges() {
    let (folder, book) = scene();
    fs::create_dir(folder.path().join(".git")).unwrap();
    add(&book, "content/about.md", "\n💥 [x](nope.md)\n");
    let check = |format: &str| run(&book.join("content"), &["check", "--format", format]);
    let github = check("github");
    assert!(github.out.starts_with("::error file=book/content/about.md,line="), "{}", github.out);
    assert!(github.out.ends_with("\n1 error in 10 pages\n"), "{}", github.out);
    let quality: serde_json::Value = serde_json::from_str(&check("code-quality").out).unwrap();
    assert_eq!(quality[0]["location"]["path"], "book/content/about.md");
    let log: serde_json::Value = serde_json::from_str(&check("sarif").out).unwrap();
    let place = &log["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "book/content/about.md");
    assert_eq!(place["region"]["startColumn"], 4, "the emoji counts twice");
    let junit = check("junit");
    assert!(junit.out.contains("<failure type=\"link.missing\" message=\"1 error\">"), "{}", junit.out);
    assert_eq!([github.code, junit.code], [1, 1]);
}

#[test]
fn check_reports_only_the_files_that_are_named() {
    let (_folder, book) = scene();
    add(&book, "content/about.md", "\n[x](nope.md)\n");
    add(&book, "content/rcas/new.md", "# New\n\n<NODE>\n");
    let all = run(&book, &["check", "--format", "short"]).out.lines().count();
    let content = book.join("content");
    let about = run(&content, &["check", "about.md", "--format", "short"]);
    assert_eq!((about.code, about.out.lines().count()), (1, 1), "{}", about.out);
    assert!(about.out.contains("link.missing"), "{}", about.out);
    let others = format!("reported 1 file; {} problems in other files\n", all - 1);
    let others = if all == 2 { others.replace("problems", "problem") } else { others };
    assert!(about.err.ends_with(&others), "{}", about.err);
    // An error elsewhere does not count.
    let index = run(&book, &["check", "content/_index.md"]);
    assert_eq!((index.code, index.out.as_str()), (0, "no problems in 1 page\n"));
    let folder = run(&book, &["check", "content/", "book.toml", "--format", "short"]);
    assert_eq!((folder.code, folder.out.lines().count()), (1, all), "{}", folder.out);
    let unknown = run(&book, &["check", "content/abuot.md"]);
    assert_eq!(unknown.code, 2);
    assert!(unknown.err.contains("`content/abuot.md` is not a file of the handbook"), "{}", unknown.err);
    assert!(unknown.err.contains("Did you mean `content/about.md`?"), "{}", unknown.err);
    assert_eq!(run(&book, &["check", "/etc/passwd"]).code, 2);
}

#[test]
fn explain_needs_no_handbook_and_suggests_the_nearest_rule() {
    let folder = tempfile::tempdir().unwrap();
    let explain = |arguments: &[&str]| run(folder.path(), &[&["explain"], arguments].concat());
    let rule = explain(&["link.anchor"]);
    assert_eq!((rule.code, rule.err.as_str()), (0, ""));
    assert!(
        rule.out.starts_with("link.anchor: A link names a heading that the page does not have.\n"),
        "{}",
        rule.out
    );
    let all = explain(&[]);
    for known in opsbook::rules::RULES {
        assert_eq!(all.out.matches(&format!("\n  {} ", known.name)).count(), 1, "{}", known.name);
    }
    let family = explain(&["link"]);
    let links = opsbook::rules::RULES.iter().filter(|rule| rule.name.starts_with("link.")).count();
    assert!(family.out.starts_with("Links\n") && family.out.lines().count() == 1 + links, "{}", family.out);
    assert_eq!(explain(&["[link.anchor]:"]).out, rule.out, "as a report has it");
    assert_eq!(explain(&["Link."]).out, family.out);
    let unknown = explain(&["link.ancor"]);
    assert_eq!(unknown.code, 2);
    assert!(unknown.err.contains("Did you mean `link.anchor`?"), "{}", unknown.err);
}

#[test]
fn denied_warnings_fail_the_check() {
    let (_folder, book) = scene();
    assert_eq!(run(&book, &["check", "--deny-warnings"]).code, 0);
    add(&book, "content/about.md", "\n<NODE>\n");
    assert_eq!(run(&book, &["check"]).code, 0);
    let denied = run(&book, &["check", "--deny-warnings"]);
    assert_eq!(denied.code, 1);
    assert!(denied.err.contains("--deny-warnings"), "{}", denied.err);
    assert_eq!(run(&book, &["check", "--deny-warnings", "content/_index.md"]).code, 0);
}

#[test]
fn a_new_page_of_each_kind_is_sound() {
    let (_folder, book) = scene();
    let listed = run(&book, &["new", "--list"]).out;
    let kinds = listed.lines().map_while(|line| line.strip_prefix("  ")?.split([',', ' ']).next());
    let kinds: Vec<&str> = kinds.chain(["postmortem", "policy"]).collect();
    assert!(kinds.len() > 12 && kinds.contains(&"security-incident"), "{kinds:?}");
    for kind in kinds {
        let title = format!("The \"{kind}\": a # title");
        let needed = needed_fields(kind);
        let mut arguments = vec!["new", kind, &title];
        for field in &needed {
            arguments.extend(["--field", field]);
        }
        let made = run(&book, &arguments);
        assert_eq!((made.code, made.err.as_str()), (0, ""), "{kind}: {arguments:?}");
        assert!(made.out.starts_with("content/"), "the path is one from here: {}", made.out);
        let text = fs::read_to_string(book.join(made.out.trim_end())).unwrap();
        assert!(text.contains(&format!("title: \"The \\\"{kind}\\\": a # title\"")), "{text}");
        let again = run(&book, &arguments);
        assert_eq!(again.code, 2, "{kind}: {}", again.out);
        assert_eq!(fs::read_to_string(book.join(made.out.trim_end())).unwrap(), text);
    }
    let inside = run(&book.join("content/posts"), &["new", "runbook", "Inside"]);
    assert_eq!(inside.out, "../runbooks/inside.md\n");
    let outside = run(book.parent().unwrap(), &["new", "runbook", "Outside", "--root", "book"]);
    assert_eq!(outside.out, "book/content/runbooks/outside.md\n");
    // The only problem of a new page is that it is not written yet.
    let checked = run(&book, &["check", "--format", "short"]);
    assert_eq!((checked.code, checked.err.as_str()), (0, ""), "{}", checked.out);
    let mut unwritten = checked.out.lines().filter(|line| is_unwritten(line));
    assert!(unwritten.any(|line| line.starts_with("content/runbooks/inside.md:")), "{}", checked.out);
    let other: Vec<&str> = checked.out.lines().filter(|line| !is_unwritten(line)).collect();
    assert_eq!(other, Vec::<&str>::new());
}

/// The fields that a new page of a kind needs, each as `NAME=VALUE` with the example of its definition.
fn needed_fields(name: &str) -> Vec<String> {
    let kinds = Kinds::built_in();
    let (kind, presets) = kinds.find(name).expect("the program lists built-in kinds");
    let mut given: BTreeMap<String, String> = presets.iter().cloned().collect();
    if kind.field(&kinds.common, "next_update").is_some() {
        // The example is a day of the past, on which an update would be overdue.
        given.insert("next_update".to_owned(), "2099-01-01T00:00Z".to_owned());
    }
    let filled = filled(kinds, kind, given);
    filled
        .into_iter()
        .filter(|field| !presets.contains(field))
        .map(|(name, value)| format!("{name}={value}"))
        .collect()
}

/// Whether a problem is that a section has not been written.
fn is_unwritten(line: &str) -> bool {
    line.contains(": warning[section.empty]: ") || line.contains(": warning[placeholder.left]: ")
}

#[test]
fn a_new_page_offers_its_visibility_where_the_handbook_has_levels() {
    let (_folder, book) = scene();
    let line = "#visibility: internal  # Who may see the page";
    let has_line = |title: &str| {
        let made = run(&book, &["new", "tool", title, "--license=Apache-2.0"]);
        assert_eq!(made.code, 0, "{}", made.err);
        fs::read_to_string(book.join(made.out.trim_end())).unwrap().contains(line)
    };
    assert!(!has_line("Without levels"));
    add(
        &book,
        "book.toml",
        "[book]\ntitle = \"H\"\n[visibility]\nlevels = [\"public\", \"internal\"]\ndefault = \"public\"\n",
    );
    assert!(has_line("With levels"));
}

#[test]
fn fields_of_a_new_page_are_options() {
    let (_folder, book) = scene();
    let title = "Storage is down";
    let made = run(
        &book,
        &[
            "new",
            "rca",
            "--services",
            "Block storage, Images",
            title,
            "--report-state=interim",
            "--services",
            "Backup",
            "--sla-relevant",
            "--date",
            "2026-02-03",
            "--field",
            "customers_affected=no: all",
        ],
    );
    assert_eq!(
        (made.code, made.out.as_str()),
        (0, "content/rcas/2026-02-03-storage-is-down.md\n"),
        "{}",
        made.err
    );
    assert_eq!(made.err, "Still to be filled in: `next_update`\n");
    let text = fs::read_to_string(book.join(made.out.trim_end())).unwrap();
    for line in [
        "services: [Block storage, Images, Backup]",
        "report_state: interim",
        "sla_relevant: true",
        "date: 2026-02-03",
        "customers_affected: \"no: all\"",
    ] {
        assert!(text.lines().any(|there| there == line), "{line} in\n{text}");
    }
    let at = text.lines().position(|line| line == "next_update:").unwrap() + 1;
    let checked = run(&book, &["check", "--format", "short"]);
    let place = format!("{}:{at}:1: error[field.missing]: ", made.out.trim_end());
    let lines: Vec<&str> = checked.out.lines().filter(|line| !is_unwritten(line)).collect();
    assert!(checked.code == 1 && lines[0].starts_with(&place), "{}", checked.out);
    assert_eq!(lines.len(), 1, "{}", checked.out);
}

#[test]
fn a_wrong_field_of_a_new_page_is_refused_with_the_right_one() {
    let (_folder, book) = scene();
    for (arguments, message) in [
        (vec!["rca", "T", "--severty", "SEV2"], "has no field `severty`\n  help: Did you mean `--severity`?"),
        (
            vec!["rca", "T", "--severity", "SEV9"],
            "`severity` must be `SEV1`, `SEV2`, `SEV3`, `SEV4` or `SEV5`, not `SEV9`",
        ),
        (vec!["rca", "T", "--started", "2026-02-30T10:00Z"], "`started` must be a time with its offset"),
        (vec!["rca", "T", "--severity"], "`--severity` has no value"),
        (vec!["rca", "T", "--severity=SEV1", "--severity=SEV2"], "`--severity` is given twice"),
        (vec!["rca", "T", "--actions", "x"], "`actions` holds entries of its own"),
        (vec!["rca", "T", "--title", "x"], "`--title` is not an option"),
        (vec!["runbok", "T"], "there is no kind `runbok`\n  help: Did you mean `runbook`?"),
        (vec!["playbook", "T"], "there is no kind `playbook`\n  help: Did you mean `runbook`?"),
        (vec!["blog", "T"], "Did you mean `post`?"),
        (vec!["incident", "T"], "Did you mean `rca`?"),
        (vec!["how-to", "T"], "Did you mean `guide`?"),
        (vec!["Meeting", "T"], "Did you mean `minutes`?"),
        (vec!["sop", "T"], "Did you mean `process`?"),
        (vec!["adr", "T"], "Did you mean `decision`?"),
        (vec!["runbook", "T", "--version", "1.0"], "has no field `version`"),
        (vec!["xyzzy", "T"], "there is no kind `xyzzy`\n  help: `opsbook new --list` shows all kinds."),
    ] {
        let failed = run(&book, &[vec!["new"], arguments.clone()].concat());
        assert_eq!((failed.code, failed.out.as_str()), (2, ""), "{arguments:?}");
        assert!(failed.err.starts_with("error: ") && failed.err.contains(message), "{}", failed.err);
    }
    assert!(!book.join("content/rcas/t.md").exists());
    let versioned = run(&book, &["new", "standard", "T", "--version", "1.0"]);
    assert_eq!(versioned.code, 0, "{}", versioned.err);
    let page = fs::read_to_string(book.join(versioned.out.trim())).unwrap();
    assert!(page.contains("\nversion: \"1.0\"\n") || page.contains("\nversion: 1.0\n"), "{page}");
    assert_eq!(run(&book, &["new"]).code, 2);
    assert_eq!(run(&book, &["new", "rca"]).code, 2);
}

#[test]
fn a_kind_of_the_handbook_is_known_everywhere() {
    let (folder, book) = scene();
    fs::create_dir(book.join("kinds")).unwrap();
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("content/guide/kinds.md");
    let guide = fs::read_to_string(guide).unwrap();
    for name in ["drill", "runbook"] {
        let (_, rest) = guide.split_once(&format!("```toml title=\"kinds/{name}.toml\"\n")).unwrap();
        fs::write(book.join(format!("kinds/{name}.toml")), rest.split("```").next().unwrap()).unwrap();
    }
    let listed = run(&book, &["new", "--list"]);
    assert!(
        listed.out.contains("  drill ") && listed.out.contains("how an emergency was practised"),
        "{}",
        listed.out
    );
    let fields = run(&book, &["new", "drill", "--list"]);
    assert!(
        fields.out.contains("--scenario ") && fields.out.contains("[power, ransomware, key-person] (needed)"),
        "{}",
        fields.out
    );
    let made = run(
        &book,
        &["new", "drill", "No identity provider", "--scenario", "key-person", "--date=2026-11-20"],
    );
    assert_eq!(made.out, "content/drills/2026-11-20-no-identity-provider.md\n", "{}", made.err);
    assert_eq!(run(&book, &["new", "runbook", "More", "--on-call=night"]).code, 0);
    assert_eq!(run(&book, &["check"]).code, 0);
    let schema: serde_json::Value = serde_json::from_str(&run(&book, &["schema", "drill"]).out).unwrap();
    assert_eq!(schema["properties"]["scenario"]["anyOf"][0]["enum"][2], "key-person");
    let table = run(&book, &["schema", "drill", "--format", "markdown"]);
    assert!(table.out.contains("| `repeat_on` | where `passed` is `false` | date"), "{}", table.out);
    let outside: serde_json::Value = serde_json::from_str(&run(folder.path(), &["schema"]).out).unwrap();
    assert!(outside["$defs"]["runbook"].is_object() && outside["$defs"]["drill"].is_null());
    assert_eq!(run(folder.path(), &["schema", "drill"]).code, 2);
    assert_eq!(run(folder.path(), &["schema", "rca", "--root", "absent"]).code, 2);
}

#[test]
fn what_cannot_run_ends_with_two_and_a_way_out() {
    let (folder, book) = scene();
    for arguments in [
        vec!["build"],
        vec!["check", "--root", "absent"],
        vec!["build", "--root", "book", "--out", "book/content"],
        vec!["build", "--root", "book", "--out", "/"],
        vec!["new", "runbook", "...", "--root", "book"],
        vec!["serve", "--root", "absent"],
    ] {
        let failed = run(folder.path(), &arguments);
        assert_eq!((failed.code, failed.out.as_str()), (2, ""), "{arguments:?}");
        assert!(failed.err.starts_with("error: ") && failed.err.contains("\n  help: "), "{}", failed.err);
    }
    assert_eq!(run(&book, &["bulid"]).code, 2);
    assert_eq!(run(&book, &["check", "--format", "xml"]).code, 2);
    assert_eq!(run(&book, &["--help"]).code, 0);
    assert_eq!(run(&book, &["--version"]).out, format!("opsbook {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn a_reader_that_closes_the_pipe_is_no_accident() {
    let (_folder, book) = scene();
    add(&book, "content/about.md", &"\n[x](nope.md)\n".repeat(5_000));
    let mut child = command(&book, &["check", "--format", "short"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = [0];
    child.stdout.take().unwrap().read_exact(&mut first).unwrap();
    let mut err = String::new();
    child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
    assert_eq!((child.wait().unwrap().code(), err.as_str()), (Some(1), ""));
}

#[test]
fn completions_are_there_for_each_shell() {
    let (folder, _) = scene();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = run(folder.path(), &["completions", shell]);
        assert!(script.code == 0 && script.out.contains("keep-going"), "{shell}");
    }
}

#[test]
fn man_writes_a_page_for_each_command() {
    let folder = tempfile::tempdir().unwrap();
    let help = run(folder.path(), &["--help"]).out;
    let list = help.split_once("Commands:\n").unwrap().1.split_once("\n\n").unwrap().0;
    let commands: Vec<&str> = list.lines().map(|line| line.split_whitespace().next().unwrap()).collect();
    let mut wanted: Vec<String> = commands.iter().map(|command| format!("opsbook-{command}.1")).collect();
    wanted.push("opsbook.1".to_owned());
    wanted.sort();
    for _ in 0..2 {
        let done = run(folder.path(), &["man", "--out", "share/man1"]);
        assert_eq!(
            (done.code, done.out),
            (0, format!("Wrote {} manual pages to share/man1\n", wanted.len()))
        );
    }
    let pages = folder.path().join("share/man1");
    let mut names: Vec<String> = fs::read_dir(&pages)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, wanted);
    let build = fs::read_to_string(pages.join("opsbook-build.1")).unwrap();
    let title = format!(".TH opsbook-build 1 \" \" \"Opsbook {}\" Opsbook", env!("CARGO_PKG_VERSION"));
    assert!(build.lines().any(|line| line == title), "{build}");
    // Each example is a line of its own, between the requests that keep lines as they are.
    let examples = build.split_once(".SH EXAMPLES\n.EX\n").unwrap().1.split_once("\n.EE\n").unwrap().0;
    assert!(examples.lines().any(|line| line == "opsbook build"), "{examples}");
    assert!(build.contains("\\fB\\-\\-keep\\-going\\fR"), "{build}");
    assert!(fs::read_to_string(pages.join("opsbook.1")).unwrap().contains("opsbook\\-audit(1)"));
}

#[test]
fn man_says_where_it_cannot_write() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("taken"), "").unwrap();
    let done = run(folder.path(), &["man", "--out", "taken"]);
    assert_eq!(done.code, 2);
    assert!(done.err.contains("cannot write `taken`"), "{}", done.err);
}

#[test]
fn a_handbook_for_another_version_is_refused_by_every_command() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    fs::create_dir(root.join("content")).unwrap();
    fs::write(root.join("content/_index.md"), "# A\n").unwrap();
    // Keys of a later version are no problem of their own: the version explains them.
    fs::write(root.join("book.toml"), "[book]\nlater = 1\nopsbook_version = \">=99\"\n").unwrap();
    let version = env!("CARGO_PKG_VERSION");
    let wanted = format!(
        "error: book.toml:3:1: this handbook requires Opsbook >=99, and this is Opsbook {version}\n  help: Install"
    );
    let calls: [&[&str]; 8] = [
        &["build"],
        &["build", "--keep-going", "--audience", "none"],
        &["bundle"],
        &["check"],
        &["audit"],
        &["new", "--list"],
        &["new", "runbook", "X"],
        &["schema"],
    ];
    for call in calls {
        let done = run(root, call);
        assert_eq!((done.code, done.out.as_str()), (2, ""), "{call:?}");
        assert!(done.err.starts_with(&wanted), "{call:?}: {}", done.err);
    }
    let mut left: Vec<_> = fs::read_dir(root).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    left.sort();
    assert_eq!(left, ["book.toml", "content"]);
    let fitting = format!("[book]\nopsbook_version = \"{version}\"\n");
    fs::write(root.join("book.toml"), fitting).unwrap();
    assert_eq!(run(root, &["check"]).code, 0);
}

/// The manifest of a published site, after a look whether the files are exactly those, byte for byte.
fn whole(site: &Path) -> BTreeMap<String, String> {
    let manifest = Manifest::parse(&fs::read_to_string(site.join(MANIFEST)).unwrap()).unwrap();
    let files = walkdir::WalkDir::new(site).into_iter().map(Result::unwrap);
    let found = files.filter(|entry| !entry.file_type().is_dir()).map(|entry| {
        let path = entry.path().strip_prefix(site).unwrap().to_str().unwrap().to_owned();
        (path, blake3::hash(&fs::read(entry.path()).unwrap()).to_hex().to_string())
    });
    let found: BTreeMap<_, _> = found.filter(|(path, _)| path != MANIFEST).collect();
    assert_eq!(found, manifest.files);
    found
}

#[test]
fn a_build_killed_at_any_moment_leaves_the_old_or_the_new_site() {
    let (folder, book) = scene();
    let settings = fs::read_to_string(book.join("book.toml")).unwrap();
    let turn = |title: &str| {
        fs::write(book.join("book.toml"), settings.replace("Our handbook", title)).unwrap();
    };
    let sites = ["First", "Second"].map(|title| {
        turn(title);
        let out = folder.path().join(title);
        assert_eq!(run(&book, &["build", "--out", out.to_str().unwrap()]).code, 0);
        whole(&out)
    });
    assert_ne!(sites[0], sites[1]);
    let start = Instant::now();
    run(&book, &["build"]);
    let duration = start.elapsed();
    let mut published = 1;
    let kills = setting("KILLS", 8);
    for kill in 0..kills {
        let next = 1 - published;
        turn(["First", "Second"][next]);
        let mut child = command(&book, &["build"]).stdout(Stdio::null()).spawn().unwrap();
        // Early and late by turns, and a little later than the build's end.
        let moment = if kill % 2 == 0 { kill } else { kills - kill };
        std::thread::sleep(duration * moment * 8 / (kills * 7));
        child.kill().unwrap();
        child.wait().unwrap();
        let site = whole(&book.join("public"));
        assert!(site == sites[published] || site == sites[next], "kill {kill}");
        published = usize::from(site == sites[1]);
    }
    turn("First");
    assert_eq!(run(&book, &["build"]).code, 0);
    assert_eq!(whole(&book.join("public")), sites[0]);
    let names = fs::read_dir(&book).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let left: Vec<String> = names.filter(|name| name.contains("public")).collect();
    assert_eq!(left, ["public"], "nothing is left of killed builds");
}

#[test]
fn a_disk_that_takes_no_more_leaves_the_published_site() {
    let (_folder, book) = scene();
    run(&book, &["build"]);
    let before = whole(&book.join("public"));
    add(&book, "content/_index.md", &"\nFresh.\n".repeat(100));
    // A file may have so many blocks of 512 bytes; further writes fail instead of killing the program.
    let limited = |blocks: u32| {
        let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" build");
        let mut shell = Command::new("sh");
        shell.args(["-c", &script, env!("CARGO_BIN_EXE_opsbook")]).current_dir(&book);
        let output = shell.stdin(Stdio::null()).output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let mut failed = 0;
    for blocks in (0..14).map(|power| 1 << power) {
        let (code, err) = limited(blocks);
        if code == Some(0) {
            break;
        }
        failed += 1;
        assert_eq!(code, Some(2), "{err}");
        assert!(err.contains("error: cannot write `") && err.contains("\n  help: "), "{err}");
        assert_eq!(whole(&book.join("public")), before, "{blocks} blocks");
        assert!(
            !fs::read_dir(&book)
                .unwrap()
                .any(|entry| { entry.unwrap().file_name().to_string_lossy().starts_with(".public") })
        );
    }
    assert!(failed >= 3, "the site has larger files");
    assert_ne!(whole(&book.join("public")), before, "with enough space it is published");
}

#[test]
fn a_repository_that_is_only_pages_is_published_inside_of_itself() {
    let folder = tempfile::tempdir().unwrap();
    let book = folder.path();
    fs::write(book.join("book.toml"), "[paths]\ncontent = \".\"\n[visibility]\ndefault = \"public\"\n")
        .unwrap();
    fs::write(book.join("README.md"), "# Minutes\n\n[June](2026/june.md)\n").unwrap();
    fs::create_dir(book.join("2026")).unwrap();
    fs::write(book.join("2026/june.md"), "# June\n").unwrap();
    for _ in 0..2 {
        let built = run(book, &["build", "--audience", "public", "--audience", "internal"]);
        assert_eq!((built.code, built.err.as_str()), (0, ""));
        assert!(built.out.starts_with("Built 3 pages in "), "{}", built.out);
    }
    assert!(book.join("public/2026/june/index.html").is_file());
    let refused = run(book, &["build", "--out", "2026"]);
    assert_eq!(refused.code, 2, "{}", refused.out);
    assert!(refused.err.contains("it is not empty and was not made by Opsbook"), "{}", refused.err);
    assert_eq!(run(book, &["new", "page", "New"]).out, "new.md\n");
}

/// Every file of a handbook with its text, without what Git and builds keep.
fn texts_of(book: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let entries = walkdir::WalkDir::new(book).into_iter().map(Result::unwrap);
    let files = entries.filter(|entry| entry.file_type().is_file());
    let read = |entry: walkdir::DirEntry| {
        (entry.path().strip_prefix(book).unwrap().to_owned(), fs::read(entry.path()).unwrap())
    };
    let hidden = |path: &Path| path.starts_with(".git") || path.starts_with(".opsbook");
    files.map(read).filter(|(path, _)| !hidden(path)).collect()
}

#[test]
fn a_moved_page_keeps_its_links_and_its_address() {
    let (_folder, book) = scene();
    fs::create_dir_all(book.join(".github")).unwrap();
    fs::write(
        book.join(".github/CODEOWNERS"),
        "/content/runbooks/ @ops\n/content/runbooks/disk-full.md @disk\n",
    )
    .unwrap();
    let before = texts_of(&book);
    let shown =
        run(&book, &["mv", "content/runbooks/disk-full.md", "content/runbooks/storage/", "--dry-run"]);
    assert_eq!(shown.code, 0, "{}", shown.err);
    assert_eq!(texts_of(&book), before, "a dry run writes nothing");
    assert!(shown.out.contains("rename to content/runbooks/storage/disk-full.md"), "{}", shown.out);
    let patched = book.parent().unwrap().join("patched");
    fs::create_dir(&patched).unwrap();
    for (path, bytes) in &before {
        fs::create_dir_all(patched.join(path).parent().unwrap()).unwrap();
        fs::write(patched.join(path), bytes).unwrap();
    }
    fs::write(book.parent().unwrap().join("move.patch"), &shown.out).unwrap();
    let applied =
        Command::new("git").args(["apply", "../move.patch"]).current_dir(&patched).output().unwrap();
    assert!(applied.status.success(), "{}\n{}", String::from_utf8_lossy(&applied.stderr), shown.out);
    // From a folder within, with paths from there.
    let moved = run(&book.join("content"), &["mv", "runbooks/disk-full.md", "runbooks/storage/"]);
    assert_eq!(moved.code, 0, "{}", moved.err);
    assert!(moved.err.contains("1 file moved") && moved.err.contains("1 alias added"), "{}", moved.err);
    assert_eq!(texts_of(&book), texts_of(&patched), "the patch shows what is written");
    let owners = fs::read_to_string(book.join(".github/CODEOWNERS")).unwrap();
    assert_eq!(owners, "/content/runbooks/ @ops\n/content/runbooks/storage/disk-full.md @disk\n");
    let checked = run(&book, &["check"]);
    assert_eq!(checked.code, 0, "{}", checked.out);
    assert_eq!(run(&book, &["build"]).code, 0);
    assert!(book.join("public/runbooks/disk-full/index.html").is_file(), "the old address leads to the page");
    let back = run(&book, &["mv", "content/runbooks/storage/disk-full.md", "content/runbooks/"]);
    assert_eq!(back.code, 0, "{}", back.err);
    assert!(!book.join("content/runbooks/storage").exists(), "no empty folder stays");
    let page = fs::read_to_string(book.join("content/runbooks/disk-full.md")).unwrap();
    assert!(
        page.contains("/runbooks/storage/disk-full/") && !page.contains("[/runbooks/disk-full/"),
        "{page}"
    );
}

#[test]
fn a_move_that_no_commit_has_is_undone_to_the_byte() {
    let (_folder, book) = scene();
    let repository = Repository::new(&book);
    repository.commit(&[
        ("content/notes/climb.md", "# Climb\n\n[other](../notes/other.md)\n"),
        ("content/notes/other.md", "# Other\n"),
        ("content/empty.md", "---\n---\n# Empty\n\n[climb](./notes//climb.md)\n"),
    ]);
    let before = texts_of(&book);
    for (old, new) in [
        ("content/notes/climb.md", "content/a/b/climb.md"),
        ("content/notes/other.md", "content/other.md"),
        ("content/empty.md", "content/notes/empty.md"),
        ("content/notes", "content/books"),
    ] {
        for is_staged in [false, true] {
            let there = run(&book, &["mv", old, new]);
            assert_eq!(there.code, 0, "{}", there.err);
            assert!(there.err.contains("added"), "{}", there.err);
            if is_staged {
                repository.git(&["add", "-A"]);
            }
            let back = run(&book, &["mv", new, old]);
            assert_eq!(back.code, 0, "{} {}", back.out, back.err);
            assert_eq!(texts_of(&book), before, "{old}");
        }
    }
    assert_eq!(run(&book, &["mv", "content/empty.md", "content/full.md"]).code, 0);
    repository.commit(&[]);
    assert_eq!(run(&book, &["mv", "content/full.md", "content/empty.md"]).code, 0);
    let page = fs::read_to_string(book.join("content/empty.md")).unwrap();
    assert!(page.starts_with("---\naliases: [/full/]\n"), "a committed address stays: {page}");
}

#[test]
fn a_move_that_is_refused_changes_nothing() {
    let (_folder, book) = scene();
    add(&book, "content/_index.md", "\n[about](about.md)\n");
    let outside = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(outside.path(), book.join("content/linked")).unwrap();
    let before = texts_of(&book);
    for (arguments, code, reason) in [
        (["content/about.md", "content/_index.md"], 2, "`content/_index.md` exists already"),
        (["content/abot.md", "content/x.md"], 2, "Did you mean `content/about.md`?"),
        (["content/about.md", "../about.md"], 2, "is not in the"),
        (["content/runbooks", "content/runbooks/x"], 2, "into itself"),
        (["content/runbooks/disk-full.md", "content/linked/x.md"], 2, "`content/linked` is a symbolic link"),
    ] {
        let refused = run(&book, &["mv", arguments[0], arguments[1]]);
        assert_eq!(refused.code, code, "{arguments:?} {}", refused.err);
        assert!(refused.err.contains(reason), "{arguments:?} {}", refused.err);
    }
    let file = book.join("content/_index.md");
    let mut permissions = file.metadata().unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&file, permissions).unwrap();
    let refused = run(&book, &["mv", "content/about.md", "content/us.md"]);
    assert!(refused.code == 2 && refused.err.contains("is read-only"), "{}", refused.err);
    assert_eq!(texts_of(&book), before);
}
