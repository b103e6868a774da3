//! Moves of pages and folders: every address leads to the same file as before, and only addresses and aliases change.
//!
//! `HANDBOOK=path MOVES=200 SEED=7 cargo test --locked --test it moves::` moves pages and folders of another handbook.
//! Owns what a move does to texts. How the command writes files is in `cli.rs`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use proptest::prelude::*;

use crate::support::handbook::Handbook;
use crate::support::random::Random;
use crate::support::setting;
use opsbook::input::text_edits::apply_to_bytes;
use opsbook::moves::{AccessPolicy, Move, MovePlanner, MoveRefusal, MoveRequest, source_of};
use opsbook::path::FilePath;
use opsbook::renames::Rename;
use opsbook::report::short;

type Files = BTreeMap<String, Vec<u8>>;

fn path(text: &str) -> FilePath {
    FilePath::new(text).unwrap()
}

fn handbook(files: &[(&str, &str)]) -> Handbook {
    let files = files.iter().map(|(file, text)| ((*file).to_owned(), text.as_bytes().to_vec())).collect();
    Handbook { files, ..Handbook::default() }
}

fn request(old: &str, new: &str) -> MoveRequest {
    let paths = vec![Rename { from: path(old), to: path(new) }];
    MoveRequest { paths, access: AccessPolicy::Keep, uncommitted: BTreeSet::new() }
}

/// The way back of a move that no commit has.
fn undo(request: &MoveRequest, moved: &Handbook) -> MoveRequest {
    let back = |rename: &Rename| Rename { from: rename.to.clone(), to: rename.from.clone() };
    let files = moved.files.keys().map(|file| path(file));
    MoveRequest {
        paths: request.paths.iter().map(back).collect(),
        access: request.access,
        uncommitted: files.collect(),
    }
}

/// A planner without what earlier runs have made.
fn planner() -> MovePlanner {
    MovePlanner::new(Default::default())
}

/// The files after a move.
fn moved_files(handbook: &Handbook, planned: &Move) -> Files {
    let inputs = handbook.inputs();
    let mut files = Files::new();
    for (file, bytes) in &handbook.files {
        let old = path(file);
        let bytes = match planned.edits.get(&old) {
            Some(edits) => apply_to_bytes(bytes, &source_of(&inputs, &old).text, edits).unwrap(),
            None => bytes.clone(),
        };
        files.insert(planned.renames.after(&old).to_string(), bytes);
    }
    files
}

/// Moves, or says in one text why not.
fn moved(handbook: &Handbook, request: &MoveRequest) -> Result<Handbook, String> {
    moved_by(&mut planner(), handbook, request)
}

fn moved_by(
    planner: &mut MovePlanner,
    handbook: &Handbook,
    request: &MoveRequest,
) -> Result<Handbook, String> {
    match planner.plan(&handbook.inputs(), request) {
        Ok(planned) => Ok(Handbook { files: moved_files(handbook, &planned), ..handbook.clone() }),
        Err(MoveRefusal::Impossible(failure)) => Err(failure.to_string()),
        Err(MoveRefusal::Problems { problems, after }) => {
            Err(short::render(&problems, &opsbook::report::texts(&after)))
        }
    }
}

fn text<'h>(handbook: &'h Handbook, file: &str) -> &'h str {
    let bytes = handbook.files.get(file).unwrap_or_else(|| panic!("no {file}"));
    std::str::from_utf8(bytes).unwrap()
}

/// The problems of a handbook by rule.
fn problems(handbook: &Handbook) -> BTreeMap<&'static str, usize> {
    let mut counts = BTreeMap::new();
    for problem in handbook.build().build.diagnostics {
        *counts.entry(problem.rule.name).or_default() += 1;
    }
    counts
}

#[test]
fn every_spelling_of_a_link_follows_in_its_own_style() {
    for (before, after) in [
        ("[x](b.md)", "[x](c/d.md)"),
        ("[x](b.md#part)", "[x](c/d.md#part)"),
        ("[x](b.md?q=1#part \"Title\")", "[x](c/d.md?q=1#part \"Title\")"),
        ("[x](./b.md)", "[x](./c/d.md)"),
        ("[x](b)", "[x](c/d)"),
        ("[x](/b.md)", "[x](/c/d.md)"),
        ("[x](/b/)", "[x](/c/d/)"),
        ("[x](/b)", "[x](/c/d)"),
        ("[x](/b.html#part)", "[x](/c/d.html#part)"),
        ("[x](../b/#part)", "[x](../c/d/#part)"),
        ("[x](<b.md>)", "[x](<c/d.md>)"),
        ("[x](%62.md)", "[x](c/d.md)"),
        ("[x]\n\n[x]: b.md 'T'", "[x]\n\n[x]: c/d.md 'T'"),
        ("[x][y]\n\n[y]: <b.md#part>", "[x][y]\n\n[y]: <c/d.md#part>"),
        ("<a href=\"b.md\">x</a>", "<a href=\"c/d.md\">x</a>"),
        ("<a href='b.md#part' class=y>x</a>", "<a href='c/d.md#part' class=y>x</a>"),
        ("| a |\n|---|\n| [x](b.md) |", "| a |\n|---|\n| [x](c/d.md) |"),
        ("> - [x](b.md)", "> - [x](c/d.md)"),
        ("::include b.md#part", "::include c/d.md#part"),
        ("::include /b.md", "::include /c/d.md"),
        (
            "```mermaid\nflowchart LR\n  A\n  click A \"b.md\"\n```",
            "```mermaid\nflowchart LR\n  A\n  click A \"c/d.md\"\n```",
        ),
        ("<https://h.example/b/#part>", "<https://h.example/c/d/#part>"),
        ("[x](https://h.example/b/#part)", "[x](https://h.example/c/d/#part)"),
        ("`[x](b.md)` \\[x](b.md)", "`[x](b.md)` \\[x](b.md)"),
    ] {
        let book = "[book]\ntitle = \"T\"\nbase_url = \"https://h.example/\"\n";
        let page = format!("# A\n\n{before}\n");
        let files =
            [("book.toml", book), ("content/a.md", page.as_str()), ("content/b.md", "# B\n\n## Part\n\nx\n")];
        let result = moved(&handbook(&files), &request("content/b.md", "content/c/d.md"));
        let result = result.unwrap_or_else(|why| panic!("{before}: {why}"));
        let wanted = format!("# A\n\n{after}\n");
        assert_eq!(text(&result, "content/a.md"), wanted, "{before}");
        assert_eq!(text(&result, "content/c/d.md"), "---\naliases: [/b/]\n---\n# B\n\n## Part\n\nx\n");
    }
}

#[test]
fn links_of_the_moved_page_and_of_its_hidden_parts_follow() {
    let book = "[book]\ntitle = \"T\"\n[visibility]\ndefault = \"public\"\n";
    let page =
        "# A\r\n\r\n[b](b.md) ![i](i.png) [a](#a) [u](../b/)\r\n\r\n:::internal\r\n[b](b.md)\r\n:::\r\n";
    let files = [
        ("book.toml", book),
        ("content/a.md", page),
        ("content/b.md", "# B\n\n:::internal\n[a](a.md)\n:::\n\n%% [a](a.md)"),
        ("content/c.md", "---\nvisibility: internal\n---\n# C\n\n[a](a.md)"),
        ("content/i.png", "no image"),
    ];
    let mut handbook = handbook(&files);
    handbook.files.insert("content/i.png".to_owned(), b"x".to_vec());
    let result = moved(&handbook, &request("content/a.md", "content/x/y/a.md")).unwrap();
    let wanted = "---\r\naliases: [/a/]\r\n---\r\n# A\r\n\r\n[b](../../b.md) ![i](../../i.png) [a](#a) [u](../../../b/)\r\n\r\n\
        :::internal\r\n[b](../../b.md)\r\n:::\r\n";
    assert_eq!(text(&result, "content/x/y/a.md"), wanted);
    assert_eq!(text(&result, "content/b.md"), "# B\n\n:::internal\n[a](x/y/a.md)\n:::\n\n%% [a](x/y/a.md)");
    assert_eq!(text(&result, "content/c.md"), "---\nvisibility: internal\n---\n# C\n\n[a](x/y/a.md)");
}

#[test]
fn fields_settings_rules_and_translations_follow() {
    let rules = "groups:\n- name: g\n  rules:\n  - alert: Full # x\n    annotations:\n      runbook_url: \"https://h.example/r/disk/#fix\"\n";
    let book = "[book]\ntitle = \"T\"\nbase_url = \"https://h.example/\"\n[print]\nsections = [\"r\"] # all\n\
        [visibility]\ndefault = \"public\"\n[visibility.paths]\n\"content/r/plans/**\" = \"internal\"\n";
    let disk = "---\nkind: runbook\nalerts: [Full] # why\nrelated: ['b.md', P-1] # both\n---\n# Disk\n";
    let files = [
        ("book.toml", book),
        ("data/x.rules", rules),
        ("content/r/_index.md", "# R\n"),
        ("content/r/disk.md", disk),
        ("content/r/b.md", "---\nrelated: [disk.md, \"/r/disk.md\", /r/disk/]\n---\n# B\n"),
        ("content/r/b.de.md", "# B\n\n[x](b.md)\n"),
        ("content/r/plans/p.md", "---\nid: P-1\n---\n# P\n"),
        ("content/c.md", "---\nrelated: [r/disk.md] # x\n---\n# C\n"),
    ];
    let before = handbook(&files);
    let result = moved(&before, &request("content/r", "content/s/t")).unwrap();
    assert_eq!(text(&result, "content/c.md"), "---\nrelated: [s/t/disk.md] # x\n---\n# C\n");
    assert_eq!(
        text(&result, "content/s/t/b.md"),
        "---\nrelated: [disk.md, \"/s/t/disk.md\", /s/t/disk/]\naliases: [/r/b/]\n---\n# B\n"
    );
    assert_eq!(text(&result, "data/x.rules"), rules.replace("/r/disk/", "/s/t/disk/"));
    let settings = book.replace("[\"r\"]", "[\"s/t\"]").replace("content/r/plans", "content/s/t/plans");
    assert_eq!(text(&result, "book.toml"), settings);
    let result = moved(&before, &request("content/r/b.md", "content/b2.md")).unwrap();
    assert_eq!(text(&result, "content/b2.de.md"), "---\naliases: [/r/b.de/]\n---\n# B\n\n[x](b2.md)\n");
    assert!(text(&result, "content/r/disk.md").contains("related: ['../b2.md', P-1] # both"));
}

#[test]
fn what_cannot_be_moved_is_refused_with_a_reason() {
    let book = "[book]\ntitle = \"T\"\n[visibility]\ndefault = \"public\"\n";
    let files = [
        ("book.toml", book),
        ("content/a.md", "# A\n"),
        ("content/b/c.md", "# C\n"),
        ("content/b/_part.md", "x\n"),
        ("content/t.md", "+++\ntitle = 1\n+++\n# T\n"),
        ("content/h/_index.md", "---\nvisibility: internal\n---\n# H\n"),
        ("content/h/x.md", "# X\n"),
        ("content/pic.txt", "x\n"),
    ];
    let handbook = handbook(&files);
    for (old, new, reason) in [
        ("content/a.md", "content/b/c.md", "`content/b/c.md` exists already"),
        ("content/a.md", "content/b", "`content/b` exists already"),
        ("content/b", "content/b/d", "`content/b` cannot be moved into itself"),
        ("content/a.md", "content/a.md", "has this name already"),
        ("content/a.md", "data/a.md", "is not in the content folder"),
        ("data/a.md", "content/d.md", "is not in the content folder"),
        ("content", "content/x", "is the content folder itself"),
        ("content/aa.md", "content/x.md", "Did you mean `content/a.md`?"),
        ("content/_index.md", "content/x.md", "there is no file or folder"),
        ("content/a.md", "content/a.md/b.md", "is a file, so nothing can be moved into it"),
        ("content/a.md", "content/x.txt", "would not be a page"),
        ("content/a.md", "content/_x.md", "would not be a page"),
        ("content/b", "content/_b", "would not be a page"),
        ("content/b/_part.md", "content/part.md", "would be published as a page"),
        ("content/a.md", "content/.x.md", "never part of a handbook"),
        ("content/a.md", "content/!!.md", "cannot be a part of a URL"),
        ("content/pic.txt", "content/pic.png", "another type"),
        ("content/t.md", "content/u.md", "is TOML"),
        ("content/h/x.md", "content/x.md", "internal → public"),
        ("content/a.md", "content/h/a.md", "public → internal"),
    ] {
        let refused = moved(&handbook, &request(old, new)).err();
        let refused = refused.unwrap_or_else(|| panic!("{old} → {new} was moved"));
        assert!(refused.contains(reason), "{old} → {new}: {refused}");
    }
    let open = MoveRequest { access: AccessPolicy::Change, ..request("content/h/x.md", "content/x.md") };
    let opened = moved(&handbook, &open).unwrap();
    assert_eq!(text(&opened, "content/x.md"), "---\naliases: [/h/x/]\n---\n# X\n");
}

#[test]
fn a_link_that_spells_a_file_follows_although_the_address_stays() {
    let home =
        "[a](docs/d.md#x) [b](/docs/d.md) [c](docs/d) [d](docs/d/) ![[docs/d.md]]\n\n::include docs/d.md\n";
    let page = "# D\n\nWords.\n\n## X\n\n[self](d.md)\n";
    let handbook = handbook(&[("content/_index.md", home), ("content/docs/d.md", page)]);
    for (new, name, own) in [
        ("content/docs/D.md", "docs/D.md", "D.md"),
        ("content/docs/d/_index.md", "docs/d/_index.md", "_index.md"),
    ] {
        let there = moved(&handbook, &request("content/docs/d.md", new)).unwrap();
        let home_there = text(&there, "content/_index.md");
        assert!(home_there.starts_with(&format!("[a]({name}#x) [b](/{name}) [c](")), "{home_there}");
        assert!(home_there.ends_with(&format!("\n\n::include {name}\n")), "{home_there}");
        assert_eq!(text(&there, new), page.replace("d.md", own));
        let back = moved(&there, &request(new, "content/docs/d.md")).unwrap();
        assert_eq!(back.files, handbook.files, "the way back restores every byte");
    }
}

#[test]
fn several_files_move_at_once() {
    let handbook = handbook(&[
        ("content/_index.md", "[a](a.md) [b](b.md) [c](s/c.md)\n"),
        ("content/a.md", "# A\n\n[b](b.md)\n"),
        ("content/a.de.md", "# A\n"),
        ("content/b.md", "# B\n\n[a](a.md) [c](s/c.md)\n"),
        ("content/s/c.md", "# C\n\n[b](../b.md)\n"),
    ]);
    let several = |paths: &[(&str, &str)]| {
        let rename = |(from, to): &(&str, &str)| Rename { from: path(from), to: path(to) };
        let paths = paths.iter().map(rename).collect();
        MoveRequest { paths, access: AccessPolicy::Keep, uncommitted: BTreeSet::new() }
    };
    // An editor may name the translation, too.
    let request = several(&[
        ("content/a.md", "content/t/a.md"),
        ("content/a.de.md", "content/t/a.de.md"),
        ("content/b.md", "content/t/d.md"),
        ("content/s", "content/u"),
    ]);
    let there = moved(&handbook, &request).unwrap();
    assert_eq!(text(&there, "content/_index.md"), "[a](t/a.md) [b](t/d.md) [c](u/c.md)\n");
    assert!(text(&there, "content/t/a.md").ends_with("[b](d.md)\n"));
    assert!(text(&there, "content/t/d.md").ends_with("[a](a.md) [c](../u/c.md)\n"));
    assert!(
        text(&there, "content/u/c.md").ends_with("[b](../t/d.md)\n")
            && there.files.contains_key("content/t/a.de.md")
    );
    for (paths, reason) in [
        ([("content/a.md", "content/x.md"), ("content/b.md", "content/x.md")], "would both go to"),
        ([("content/s", "content/t"), ("content/s/c.md", "content/c.md")], "cannot be moved at once"),
    ] {
        let refused = moved(&handbook, &several(&paths)).err().unwrap();
        assert!(refused.contains(reason), "{refused}");
    }
}

#[test]
fn only_new_problems_stop_a_move() {
    let files = [
        ("book.toml", "[book]\ntitle = \"T\"\n"),
        ("content/a.md", "# A\n\n[gone](gone.md) [x](b.md#no) [b](b.md)\n"),
        ("content/b.md", "# B\n\n[gone](../nowhere.md)\n"),
        ("content/k/_index.md", "---\ncascade: {kind: runbook}\n---\n# K\n"),
    ];
    let handbook = handbook(&files);
    let result = moved(&handbook, &request("content/b.md", "content/x/b.md")).unwrap();
    assert_eq!(text(&result, "content/a.md"), "# A\n\n[gone](gone.md) [x](x/b.md#no) [b](x/b.md)\n");
    let refused = moved(&handbook, &request("content/b.md", "content/k/b.md")).err().unwrap();
    assert!(refused.contains("content/k/b.md:1:1: ") && refused.contains("section.missing"), "{refused}");
}

#[test]
fn names_with_spaces_and_emoji_are_written_as_their_syntax_needs() {
    let files = [
        ("book.toml", "[book]\ntitle = \"T\"\n"),
        ("content/a.md", "[x](b.md) [y](<b.md>) <a href=\"b.md\">z</a>\n\n::include b.md"),
        ("content/b.md", "B"),
    ];
    let before = handbook(&files);
    let plain = moved(&before, &request("content/b.md", "content/c (1)/🚀 100%.md")).unwrap();
    let wanted = "[x](c%20%281%29/🚀%20100%25.md) [y](<c (1)/🚀 100%25.md>) \
        <a href=\"c (1)/🚀 100%25.md\">z</a>\n\n::include c (1)/🚀 100%.md";
    assert_eq!(text(&plain, "content/a.md"), wanted);
    assert_eq!(text(&plain, "content/c (1)/🚀 100%.md"), "---\naliases: [/b/]\n---\nB");
}

/// The files as texts, to be compared.
fn texts(handbook: &Handbook) -> BTreeMap<&str, String> {
    let text = |bytes: &Vec<u8>| String::from_utf8_lossy(bytes).into_owned();
    handbook.files.iter().map(|(file, bytes)| (file.as_str(), text(bytes))).collect()
}

const PAGES: [&str; 6] = ["a.md", "s/_index.md", "s/b.md", "s/t/c.md", "s/t/d e.md", "u/f.md"];
const TARGETS: [&str; 7] =
    ["z.md", "s/z.md", "s/t/z.md", "new/z.md", "new/ö ü/z.md", "s/t/deep/er/z.md", "u/s.md"];
const FOLDERS: [(&str, &str); 5] =
    [("s", "v"), ("s/t", "t"), ("s", "u/s"), ("u", "s/u"), ("s/t", "new/(1) x")];

/// A link from one page to another in a style.
fn link(from: &str, to: &str, style: usize) -> String {
    let (folders, names): (Vec<&str>, Vec<&str>) = (from.split('/').collect(), to.split('/').collect());
    let most = folders.len().min(names.len()) - 1;
    let shared = (0..most).take_while(|at| folders[*at] == names[*at]).count();
    let up = "../".repeat(folders.len() - 1 - shared);
    // One level further up than needed, where there is one.
    let more = shared.min(1);
    let further = names[shared - more..].join("/").replace(' ', "%20");
    let (to, from_root) = (names[shared..].join("/"), to);
    let encoded = to.replace(' ', "%20");
    let doubled =
        encoded.rsplit_once('/').map_or(encoded.clone(), |(folder, name)| format!("{folder}//{name}"));
    let bare = from_root.replace(' ', "%20");
    let bare = bare.trim_end_matches(".md").trim_end_matches("_index");
    match style {
        0 => format!("[x]({up}{encoded})"),
        1 => format!("[x](</{from_root}#part>)"),
        2 => format!("[x](/{bare})"),
        3 => format!("<a href=\"{up}{to}\">x</a>"),
        4 => format!("[r{from}]\n\n[r{from}]: {up}{encoded} \"t\""),
        5 => format!("![x]({}img/p.svg)", "../".repeat(folders.len() - 1)),
        6 => format!("::include /{from_root}#part"),
        7 => format!("[x]({}{})", "../".repeat(folders.len() - 1 - shared + more), further),
        8 => format!("[x]({up}u/../{encoded})"),
        9 => format!("[x]({up}{doubled})"),
        _ => format!("[x](./{up}{encoded}?q=1#part)"),
    }
}

prop_compose! {
    fn random_handbook()(
        links in prop::collection::vec((0..PAGES.len(), 0..PAGES.len(), 0..11usize), 1..12),
        crlf in any::<bool>(),
        newline in any::<bool>(),
        front in prop::collection::vec(0..5usize, PAGES.len()),
    ) -> Handbook {
        let mut files = Files::new();
        files.insert("book.toml".to_owned(), b"[book]\ntitle = \"T\"\n".to_vec());
        let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1 1\"><path d=\"M0 0\"/></svg>";
        files.insert("content/img/p.svg".to_owned(), svg.to_vec());
        for (number, page) in PAGES.into_iter().enumerate() {
            let mut text = match front[number] {
                0 => String::new(),
                1 => "---\ntitle: x # y\n---\n".to_owned(),
                2 => format!("---\n# c\ntitle: \"{number}\"\nrelated: [/{}]\n---\n", PAGES[(number + 1) % PAGES.len()]),
                3 => "---\n---\n".to_owned(),
                _ => "\u{feff}".to_owned(),
            };
            text.push_str(&format!("# P{number}\n\n## Part\n\nText {number}.\n"));
            for (_, to, style) in links.iter().filter(|(from, to, _)| *from == number && from != to) {
                text.push_str(&format!("\n{}\n", link(page, PAGES[*to], *style)));
            }
            if !newline {
                text.pop();
            }
            if crlf {
                text = text.replace('\n', "\r\n");
            }
            files.insert(format!("content/{page}"), text.into_bytes());
        }
        Handbook { files, ..Handbook::default() }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_move_adds_no_problem_and_the_way_back_restores_every_byte(
        handbook in random_handbook(),
        page in 0..PAGES.len(),
        target in 0..TARGETS.len() + FOLDERS.len(),
    ) {
        let (old, new) = match target.checked_sub(TARGETS.len()) {
            Some(folder) => FOLDERS[folder],
            None => (PAGES[page], TARGETS[target]),
        };
        let (old, new) = (format!("content/{old}"), format!("content/{new}"));
        let mut planner = planner();
        let there = request(&old, &new);
        let result = moved_by(&mut planner, &handbook, &there);
        let after = match result {
            Ok(after) => after,
            Err(why) => return Err(TestCaseError::fail(format!("{old} → {new}: {why}"))),
        };
        prop_assert_eq!(problems(&handbook), problems(&after), "{} → {}", old, new);
        let back = moved_by(&mut planner, &after, &undo(&there, &after));
        let back = back.map_err(|why| TestCaseError::fail(format!("back {new} → {old}: {why}")))?;
        prop_assert_eq!(problems(&handbook), problems(&back), "{} → {}", old, new);
        // `/s/` names the page of a folder. Where that page becomes another one, the link names a file, and nothing says
        // on the way back that it named a folder before.
        if !old.ends_with("/_index.md") {
            prop_assert_eq!(texts(&handbook), texts(&back), "{} → {}", old, new);
        }
    }
}

/// The handbook that `HANDBOOK` names, else this repository's.
#[expect(clippy::disallowed_methods, reason = "reads a real handbook")]
fn real_handbook() -> Handbook {
    let root =
        std::env::var("HANDBOOK").map_or_else(|_| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    let mut files = Files::new();
    files.insert("book.toml".to_owned(), std::fs::read(root.join("book.toml")).unwrap());
    for entry in walkdir::WalkDir::new(root.join("content")).into_iter().map(Result::unwrap) {
        if entry.file_type().is_file() {
            let file = entry.path().strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
            files.insert(file, std::fs::read(entry.path()).unwrap());
        }
    }
    // Before its last change a handbook names days to come, which are problems of data files.
    Handbook { files, today: jiff::Zoned::now().date(), ..Handbook::default() }
}

/// A random file or folder, and a random new path for it.
fn random_request(random: &mut Random, handbook: &Handbook, number: u32) -> MoveRequest {
    let files: Vec<&str> =
        handbook.files.keys().map(String::as_str).filter(|file| file.starts_with("content/")).collect();
    let folder = |file: &str| Path::new(file).parent().unwrap().to_str().unwrap().to_owned();
    let (old, target) = (random.pick(&files).to_owned(), folder(random.pick(&files)));
    let (old, name) = match folder(&old) {
        folder if random.one_in(3) && folder != "content" => (folder, format!("moved {number}")),
        _ => {
            let extension =
                Path::new(&old).extension().map_or(String::new(), |e| format!(".{}", e.to_str().unwrap()));
            (old, format!("moved-{number}{extension}"))
        }
    };
    request(&old, &format!("{target}/{name}"))
}

#[test]
fn random_moves_in_a_real_handbook_add_no_problem() {
    let (moves, mut random) = (setting("MOVES", 3), Random::new(u64::from(setting("SEED", 1))));
    let mut handbook = real_handbook();
    let before = problems(&handbook);
    let mut planner = planner();
    let (mut done, mut refused, mut changed) = (0, Vec::new(), Vec::new());
    for number in 0..moves {
        let request = random_request(&mut random, &handbook, number);
        let after = match moved_by(&mut planner, &handbook, &request) {
            Ok(after) => after,
            Err(why) => {
                let Rename { from, to } = &request.paths[0];
                refused.push(format!("{from} → {to}: {why}"));
                continue;
            }
        };
        done += 1;
        let restored = moved_by(&mut planner, &after, &undo(&request, &after)).unwrap();
        let differs = |(file, bytes): &(&String, &Vec<u8>)| restored.files.get(*file) != Some(bytes);
        for (file, _) in handbook.files.iter().filter(differs) {
            let Rename { from, to } = &request.paths[0];
            changed.push(format!("{file}: {from} → {to}"));
        }
        handbook = after;
    }
    println!("{done} moves there and back, {} files differ, {} refused", changed.len(), refused.len());
    changed.iter().for_each(|file| println!("differs: {file}"));
    refused.iter().for_each(|why| println!("refused: {why}"));
    assert_eq!(before, problems(&handbook));
}
