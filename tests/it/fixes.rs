//! Fixes of problems: they change only an address, add no problem, and leave nothing for a second run.
//!
//! Owns what the fixes do to texts. How `opsbook check --fix` asks and writes is in `cli.rs`.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::support::handbook::Handbook;
use crate::support::random::Random;
use crate::support::setting;
use opsbook::diagnostic::Diagnostic;
use opsbook::input::text_edits::apply_to_bytes;
use opsbook::moves::{FixPlan, FixPlanner, source_of};
use opsbook::path::FilePath;
use opsbook::visibility::{Audience, Levels};

fn handbook(files: &[(&str, &str)]) -> Handbook {
    let files = files.iter().map(|(file, text)| ((*file).to_owned(), text.as_bytes().to_vec())).collect();
    Handbook { files, ..Handbook::default() }
}

fn planner() -> FixPlanner {
    let levels = Levels::default();
    let audiences = [Audience::from_level(levels.lowest()), Audience::from_level(levels.highest())];
    FixPlanner::new(&audiences, &Default::default())
}

/// Problems without their places, which shift when a line before them changes.
fn counted(problems: &[Diagnostic]) -> BTreeMap<(FilePath, &'static str, String), usize> {
    let mut counts = BTreeMap::new();
    for problem in problems {
        let key = (problem.span.file.clone(), problem.rule.name, problem.message.to_string());
        *counts.entry(key).or_default() += 1;
    }
    counts
}

/// Fixes a handbook, and proves what holds for every fix. Returns the plan and the new handbook.
fn fixed(handbook: &Handbook) -> (FixPlan, Handbook) {
    let mut planner = planner();
    let before = planner.check(handbook.inputs());
    let plan = planner.plan(&before, &|_| true);
    let known = counted(&before.problems);
    for (problem, count) in counted(&plan.after.problems) {
        assert!(known.get(&problem).is_some_and(|known| *known >= count), "new: {problem:?}");
    }
    let mut files = handbook.files.clone();
    for (file, edits) in &plan.edits {
        let text = &source_of(&before.inputs, file).text;
        let bytes = apply_to_bytes(&files[file.as_str()], text, edits).unwrap();
        files.insert(file.to_string(), bytes);
    }
    let after = Handbook { files, ..handbook.clone() };
    let again = planner.check(after.inputs());
    assert_eq!(
        counted(&again.problems),
        counted(&plan.after.problems),
        "what was checked is what is written"
    );
    let second = planner.plan(&again, &|_| true);
    assert_eq!((second.edits, second.refused), (BTreeMap::new(), plan.refused));
    (plan, after)
}

fn text<'h>(handbook: &'h Handbook, file: &str) -> &'h str {
    std::str::from_utf8(&handbook.files[file]).unwrap()
}

#[test]
fn what_has_one_certain_way_out_is_changed_in_the_style_of_its_author() {
    let pages = [
        ("book.toml", "[book]\ntitle = \"T\"\n"),
        ("content/s/_index.md", "---\naliases: [/old-section/]\n---\n# S\n"),
        (
            "content/s/disk.md",
            "---\naliases: [/disk/, /x/disk/]\n---\n# Disk\n\n## Verify\n\n## Step 1: look\n\n## Step 2\n\n## X {#what-no}\n\n## Y {#whatno}\n",
        ),
    ];
    for (before, after) in [
        ("[a](s/disk.md#Verify)", "[a](s/disk.md#verify)"),
        ("[a](s/disk.md#verfy)", "[a](s/disk.md#verify)"),
        ("[a](<s/disk.md#verfy> \"T\")", "[a](<s/disk.md#verify> \"T\")"),
        ("[a](s/disk.md#Step_1-look)", "[a](s/disk.md#step-1-look)"),
        ("[a](s/disk.md?q#%56erify)", "[a](s/disk.md?q#verify)"),
        ("<a href='s/disk.md#Verify'>a</a>", "<a href='s/disk.md#verify'>a</a>"),
        (
            "[![i](https://h.example/i.png)](s/disk.md#Verify)",
            "[![i](https://h.example/i.png)](s/disk.md#verify)",
        ),
        // Another number, nothing near, several headings of the same letters: no fix is certain.
        ("[a](s/disk.md#step-3)", "[a](s/disk.md#step-3)"),
        ("[a](s/disk.md#whatever)", "[a](s/disk.md#whatever)"),
        ("[a](s/disk.md#WhatNo)", "[a](s/disk.md#WhatNo)"),
        ("[a](disk.md)", "[a](s/disk.md)"),
        ("[a](disk.md#verfy)", "[a](s/disk.md#verify)"),
        ("[a](x/disk.md?q#verify)", "[a](s/disk.md?q#verify)"),
        ("[a](/disk/)", "[a](/s/disk/)"),
        ("[a](/disk)", "[a](/s/disk)"),
        ("[a](/disk.md)", "[a](/s/disk.md)"),
        ("[a](disk/)", "[a](s/disk/)"),
        ("[a](old-section/)", "[a](s/)"),
        ("<a href=\"disk.md\">a</a>", "<a href=\"s/disk.md\">a</a>"),
        ("[a](s/disk.md.md)", "[a](s/disk.md)"),
        ("[a](s/disk.md.)", "[a](s/disk.md)"),
        ("[a](s/disk.md%20#verify)", "[a](s/disk.md#verify)"),
        ("[a](s/dsk.md)", "[a](s/dsk.md)"),
        ("`[a](disk.md)` [a](s/disk.md#verify)", "`[a](disk.md)` [a](s/disk.md#verify)"),
    ] {
        let page = format!("# A\r\n\r\n> - {before}\r\n");
        let mut files = pages.to_vec();
        files.push(("content/a.md", &page));
        let (_, result) = fixed(&handbook(&files));
        assert_eq!(text(&result, "content/a.md"), format!("# A\r\n\r\n> - {after}\r\n"), "{before}");
    }
}

#[test]
fn fixes_reach_includes_and_hidden_parts_and_leave_hidden_text_alone() {
    let files = [
        ("book.toml", "[book]\ntitle = \"T\"\n[visibility]\ndefault = \"public\"\n"),
        (
            "content/a.md",
            "# A\n\n::include /_part.md\n\n:::internal\n[b](b.md#Part)\n:::\n\n[b](b.md#Part)\n",
        ),
        ("content/c/c.md", "# C\n\n::include /_part.md\n"),
        ("content/_part.md", "[b](/b.md#prat) and [x](b.md#Part)\n"),
        ("content/b.md", "# B\n\n## Part\n"),
    ];
    let (plan, result) = fixed(&handbook(&files));
    assert_eq!(text(&result, "content/_part.md"), "[b](/b.md#part) and [x](b.md#part)\n");
    let wanted = "# A\n\n::include /_part.md\n\n:::internal\n[b](b.md#part)\n:::\n\n[b](b.md#part)\n";
    assert_eq!(text(&result, "content/a.md"), wanted);
    assert_eq!((plan.fixes(), plan.refused), (4, 0));
}

#[test]
fn a_fix_that_would_add_a_problem_is_left_out() {
    // The present path leads on to an anchor that the page does not have.
    let files = [
        ("book.toml", "[book]\ntitle = \"T\"\n"),
        ("content/a.md", "# A\n\n[b](b.md.md#nowhere) [c](b.md#Part)\n"),
        ("content/b.md", "# B\n\n## Part\n"),
    ];
    let (plan, result) = fixed(&handbook(&files));
    assert_eq!(text(&result, "content/a.md"), "# A\n\n[b](b.md.md#nowhere) [c](b.md#part)\n");
    assert_eq!((plan.fixes(), plan.refused), (1, 1));
}

#[test]
fn a_page_with_many_problems_is_fixed_at_once() {
    let links = "[b](b.md#Part)\n".repeat(350);
    let files = [
        ("book.toml", "[book]\ntitle = \"T\"\n"),
        ("content/a.md", links.as_str()),
        ("content/b.md", "# B\n\n## Part\n"),
    ];
    let (plan, result) = fixed(&handbook(&files));
    assert_eq!(plan.fixes(), 350);
    assert_eq!(text(&result, "content/a.md"), "[b](b.md#part)\n".repeat(350));
}

#[test]
fn random_handbooks_have_no_new_problem_and_are_fixed_once() {
    let (count, seed) = (setting("HANDBOOKS", 25), setting("SEED", 1));
    for number in 0..count {
        let mut random = Random::new(u64::from(seed + number));
        let mut files = BTreeMap::new();
        files.insert(
            "book.toml".to_owned(),
            b"[book]\ntitle = \"T\"\n[visibility]\ndefault = \"public\"\n".to_vec(),
        );
        let folders = ["", "s/", "s/t/"];
        for page in 0..6 {
            let folder = random.pick(&folders);
            let mut text =
                format!("---\naliases: [/old{page}/]\n---\n# P {page}\n\n## Part one\n\n## Step {page}\n");
            for _ in 0..random.below(8) {
                let up = random.pick(&["", "../", "/", "../../", "s/", "/s/"]);
                let name = random.pick(&["p", "old", "P", "p-"]);
                let end = random.pick(&[".md", "/", "", ".md.md", ".html", ".md%20"]);
                let anchor =
                    random.pick(&["", "#part-one", "#Part_one", "#prat-one", "#step-1", "#Step 2", "#x"]);
                let address = format!("{up}{name}{}{end}{anchor}", random.below(7));
                let link = match random.below(5) {
                    0 => format!("<a href=\"{address}\">ä</a>"),
                    1 => format!("[💥](<{address}>)"),
                    2 => format!(":::internal\n[x]({address})\n:::"),
                    3 => format!("| a |\n|---|\n| [x]({address}) |"),
                    _ => format!("[x]({address} \"t\") and [r][r{page}]"),
                };
                let _ = write!(text, "\n{link}\n");
            }
            let _ = write!(text, "\n[r{page}]: old{}.md\n", random.below(6));
            files.insert(format!("content/{folder}p{page}.md"), text.into_bytes());
        }
        fixed(&Handbook { files, ..Handbook::default() });
    }
}
