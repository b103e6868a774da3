//! An engine that remembers its last build makes the same bytes as one that does not, and does little more
//! than the edit asks for.
//!
//! `EDITS=2000 cargo test --test it incremental::` edits longer; `SEED=7` begins elsewhere. Sites are random
//! handbooks; the edits are of every sort that ties pages together.

use crate::support::handbook::{Built, Handbook, Look, build};
use crate::support::random::{self, Random};
use crate::support::setting;
use opsbook::memo::Retention;
use opsbook::pipeline::Engine;

/// What differs between two builds, by output or diagnostic.
fn differences(warm: &Built, cold: &Built) -> Vec<String> {
    let mut found = Vec::new();
    for (path, bytes) in &cold.outputs {
        match warm.outputs.get(path) {
            None => found.push(format!("{path} is missing")),
            Some(other) if other != bytes => found.push(format!("{path} differs")),
            Some(_) => {}
        }
    }
    found.extend(
        warm.outputs
            .keys()
            .filter(|path| !cold.outputs.contains_key(*path))
            .map(|p| format!("{p} is left over")),
    );
    if warm.diagnostics != cold.diagnostics {
        found.push(format!("diagnostics\n{:#?}\n{:#?}", warm.diagnostics, cold.diagnostics));
    }
    found
}

#[test]
fn warm_and_cold_builds_are_equal_byte_for_byte() {
    let (seed, edits) = (setting("SEED", 1), setting("EDITS", 80));
    let mut random = Random::new(u64::from(seed));
    let mut handbook = random::handbook(&mut random, 20);
    let mut engine = Engine::new(Retention::LastGeneration);
    build(&mut engine, &handbook.inputs());
    let (mut parsed, mut rendered, mut pages) = (0, 0, 0);
    for number in 0..edits {
        let edit = random::edit(&mut random, &mut handbook);
        let warm = build(&mut engine, &handbook.inputs());
        let cold = handbook.build();
        let differences = differences(&warm, &cold);
        assert!(differences.is_empty(), "seed {seed}, edit {number} ({edit}):\n{}", differences.join("\n"));
        parsed += warm.build.parsed;
        rendered += warm.build.rendered;
        pages += warm.build.pages;
    }
    println!("{edits} edits over {pages} pages: {parsed} parsed, {rendered} rendered");
    assert!(parsed * 2 < pages, "more than half of all pages were parsed again");
}

/// A handbook where each page links to the one before it.
fn chain(pages: usize) -> Handbook {
    let mut handbook = Handbook { look: Look::BuiltIn, ..Handbook::default() };
    for number in 0..pages {
        let before = number.saturating_sub(1);
        let text =
            format!("# Page {number}\n\nLead.\n\nSee [before](p{before:03}.md).\n\n## Part\n\nText.\n");
        let folder = if number < pages / 2 { "a" } else { "b" };
        let text = text.replace("(p", &format!("(/{}/p", if before < pages / 2 { "a" } else { "b" }));
        handbook.files.insert(format!("content/{folder}/p{number:03}.md"), text.into_bytes());
    }
    handbook
}

/// Builds `before`, then `after`; how many pages were parsed and rendered, and how many HTML pages changed.
fn counts(before: &Handbook, after: &Handbook) -> (usize, usize, usize) {
    let mut engine = Engine::new(Retention::LastGeneration);
    let old = build(&mut engine, &before.inputs());
    let new = build(&mut engine, &after.inputs());
    let changed = |(path, bytes): &(&String, &Vec<u8>)| {
        path.ends_with(".html") && old.outputs.get(*path) != Some(bytes)
    };
    (new.build.parsed, new.build.rendered, new.outputs.iter().filter(changed).count())
}

fn edited(handbook: &Handbook, path: &str, from: &str, to: &str) -> Handbook {
    let mut edited = handbook.clone();
    let bytes = edited.files.get_mut(path).expect("the page is there");
    let text = String::from_utf8(bytes.clone()).expect("pages are text");
    assert!(text.contains(from), "{path} holds {from}");
    *bytes = text.replace(from, to).into_bytes();
    edited
}

#[test]
fn nothing_is_done_where_nothing_changed() {
    let before = chain(60);
    assert_eq!(counts(&before, &before.clone()), (0, 0, 0));
}

#[test]
fn an_edit_of_the_programs_own_texts_reaches_every_page() {
    let mut before = chain(12);
    let texts = "[frame]\nskip = \"Skip it\"\n[body]\nlink_to_section = \"To {title}\"\n";
    before.files.insert("theme/strings/en.toml".to_owned(), texts.into());
    before.files.insert("kinds/standard.toml".to_owned(), "[translations.en]\ntitle = \"Norm\"\n".into());
    for (path, from, to) in [
        ("theme/strings/en.toml", "Skip it", "Pass over it"),
        ("theme/strings/en.toml", "To {title}", "Go to {title}"),
        ("kinds/standard.toml", "Norm", "Rule"),
    ] {
        let after = edited(&before, path, from, to);
        let mut engine = Engine::new(Retention::LastGeneration);
        build(&mut engine, &before.inputs());
        let differences = differences(&build(&mut engine, &after.inputs()), &after.build());
        assert!(differences.is_empty(), "{to}: {}", differences.join("\n"));
    }
    let (_, _, changed) = counts(&before, &edited(&before, "theme/strings/en.toml", "Skip it", "Pass it"));
    assert!(changed > 12, "the text stands on every page");
}

#[test]
fn an_edit_of_text_parses_and_renders_one_page() {
    let before = chain(60);
    let after = edited(&before, "content/a/p010.md", "Text.", "Other text.");
    assert_eq!(counts(&before, &after), (1, 1, 1));
}

/// Typed pages of which every register has something to show.
fn typed(pages: usize) -> Handbook {
    let mut handbook = chain(pages);
    handbook.today = jiff::civil::date(2026, 11, 21);
    for number in 0..pages {
        let before = number.saturating_sub(1);
        let runbook = format!(
            "---\nkind: runbook\ndescription: What it is.\ntitle: Runbook {number}\nowner: Team {}\nlayer: iaas\npillar: tools\n\
             reviewed: 2026-01-0{}\nalerts: [Alert{number}]\ncontrols: [\"c5:2020/OPS-18\"]\n---\n\n\
             ## Symptom\n\nText.\n\n## Diagnose\n\nx\n\n## Fix\n\nx\n\n## Verify\n\nx\n",
            number % 3,
            number % 9 + 1
        );
        let minutes = format!(
            "---\nkind: minutes\ndescription: What it is.\ntitle: Minutes {number}\ndate: 2026-02-0{}\n---\n\n## Storage\n\nText about \
             [it](/runbooks/r{before:03}.md).\n\n- AI @ann: look at number {number}\n- Decision: keep {number}\n",
            number % 9 + 1
        );
        let rca = format!(
            "---\nkind: rca\ndescription: What it is.\ntitle: RCA {number}\nreport_state: preliminary\nstarted: 2026-03-0{}T01:00Z\n\
             next_update: 2026-12-01T00:00Z\nservices: [S{}]\ncause_class: [change]\n---\n\n## Summary\n\nText. \
             [Used](/runbooks/r{number:03}.md).\n\n## What we know\n\nx\n\n## What we do not know yet\n\nx\n",
            number % 9 + 1,
            number % 4
        );
        for (folder, name, text) in
            [("runbooks", "r", runbook), ("minutes", "m", minutes), ("rcas", "i", rca)]
        {
            handbook.files.insert(format!("content/{folder}/{name}{number:03}.md"), text.into_bytes());
        }
    }
    let rules = "groups:\n- name: g\n  rules:\n  - alert: Alert1\n  - alert: Other\n";
    handbook.files.insert("data/all.rules".to_owned(), rules.as_bytes().to_vec());
    handbook
}

#[test]
fn an_edit_that_no_register_reads_renders_one_page() {
    let before = typed(12);
    let built = before.build();
    assert_eq!(built.diagnostics.iter().filter(|line| line.contains(": error[")).count(), 0);
    for page in ["incidents", "reviews", "alerts", "controls/c5-2020/ops-18", "kinds/runbook", "layers/iaas"]
    {
        assert!(built.outputs.contains_key(&format!("registers/{page}/index.html")), "{page} is a page");
    }
    for page in ["runbooks/r003", "minutes/m004", "rcas/i005"] {
        let after = edited(&before, &format!("content/{page}.md"), "Text", "Other words");
        assert_eq!(counts(&before, &after), (1, 1, 1), "{page}");
    }
}

#[test]
fn an_edit_that_registers_read_renders_the_pages_that_show_it() {
    let before = typed(12);
    let cases = [
        ("content/runbooks/r003.md", "reviewed: 2026-01-04", "reviewed: 2026-11-01"),
        ("content/minutes/m004.md", "AI @ann: look", "AI @bob: look"),
        ("content/rcas/i005.md", "services: [S1]", "services: [S2]"),
        ("data/all.rules", "Other", "Another"),
    ];
    for (file, from, to) in cases {
        let (parsed, rendered, changed) = counts(&before, &edited(&before, file, from, to));
        assert_eq!(parsed, usize::from(file.ends_with(".md")), "{file}");
        assert!(changed > 0 && rendered <= changed, "{file}: {rendered} were rendered, {changed} changed");
    }
}

#[test]
fn an_edit_of_a_definition_renders_the_pages_that_use_the_term() {
    let mut before = chain(12);
    before.files.insert("book.toml".to_owned(), b"[glossary]\npages = [\"glossary\"]\n".to_vec());
    let glossary = "# Glossary\n\nRelay\n: It passes mail on.\n\nBroker\n: It passes messages on.\n";
    before.files.insert("content/glossary.md".to_owned(), glossary.into());
    let before = edited(&before, "content/a/p003.md", "Text.", "The relay and a broker.");
    let before = edited(&before, "content/b/p008.md", "Text.", "Brokers.");
    for (from, to, users) in [("mail", "letters", 1), ("messages", "letters", 2), ("Broker", "Queue", 2)] {
        let after = edited(&before, "content/glossary.md", from, to);
        let mut engine = Engine::new(Retention::LastGeneration);
        build(&mut engine, &before.inputs());
        let warm = build(&mut engine, &after.inputs());
        let differences = differences(&warm, &after.build());
        assert!(differences.is_empty(), "{to}: {}", differences.join("\n"));
        // The page of the glossary itself changes, too.
        assert_eq!((warm.build.parsed, warm.build.rendered), (1, users + 1), "{from}");
    }
}

#[test]
fn a_new_title_renders_only_the_pages_that_show_it() {
    let before = chain(60);
    let after = edited(&before, "content/a/p010.md", "# Page 10", "# Another title");
    let (parsed, rendered, changed) = counts(&before, &after);
    assert_eq!(parsed, 1);
    assert!(changed >= 4, "the page, its neighbours and its section show the title");
    assert!(rendered <= changed, "{rendered} pages were rendered, {changed} changed");
    assert!(changed <= 40, "pages of another section do not show the title");
}

#[test]
fn a_new_page_parses_only_itself() {
    let before = chain(60);
    let mut after = before.clone();
    after.files.insert("content/b/new.md".to_owned(), b"# New\n".to_vec());
    let (parsed, rendered, changed) = counts(&before, &after);
    assert_eq!(parsed, 1);
    assert!(rendered <= changed, "{rendered} pages were rendered, {changed} changed");
}

#[test]
fn a_new_day_parses_the_pages_with_computed_fields_alone() {
    let mut before = chain(12);
    before.today = jiff::civil::date(2026, 11, 21);
    let standard = "---\nkind: standard\nstabilized_at: 2026-11-22\n---\nText.\n";
    before.files.insert("content/standard.md".to_owned(), standard.into());
    // The folder hands down the day, and the page the interval; without both, a page does not change.
    let folder = "---\ncascade: {last_run: 2026-10-21}\n---\n# Duties\n";
    before.files.insert("content/duties/_index.md".to_owned(), folder.into());
    before.files.insert("content/duties/due.md".to_owned(), "---\ninterval: 1m\n---\nText.\n".into());
    before.files.insert("content/duties/free.md".to_owned(), "Text.\n".into());
    let after = Handbook { today: jiff::civil::date(2026, 11, 22), ..before.clone() };
    assert_eq!(counts(&before, &after).0, 2);
    let mut engine = Engine::new(Retention::LastGeneration);
    build(&mut engine, &before.inputs());
    assert_eq!(differences(&build(&mut engine, &after.inputs()), &after.build()), Vec::<String>::new());
}

#[test]
fn another_value_of_a_set_renders_the_runbooks_that_offer_it_and_parses_none() {
    let mut before = chain(12);
    let set = "[[sets]]\nname = \"eu-1\"\nvalues = { GATEWAY = \"192.0.2.1\", HOST = \"a\" }\n";
    before.files.insert("data/values/region.toml".to_owned(), set.into());
    for (name, variable) in [("one", "GATEWAY"), ("two", "HOST")] {
        let page = format!(
            "---\nkind: runbook\nvariables: [{{name: {variable}, example: a}}]\n---\n`<{variable}>`\n"
        );
        before.files.insert(format!("content/{name}.md"), page.into_bytes());
    }
    let after = edited(&before, "data/values/region.toml", "192.0.2.1", "192.0.2.2");
    assert_eq!(counts(&before, &after), (0, 1, 1));
    let mut engine = Engine::new(Retention::LastGeneration);
    build(&mut engine, &before.inputs());
    assert_eq!(differences(&build(&mut engine, &after.inputs()), &after.build()), Vec::<String>::new());
}

#[test]
fn an_included_file_parses_the_pages_that_include_it() {
    let mut before = chain(60);
    before.files.insert("content/parts/x.md".to_owned(), b"Shared.\n".to_vec());
    for page in ["content/a/p003.md", "content/b/p040.md"] {
        before.files.get_mut(page).expect("the page is there").extend(b"\n::include parts/x.md\n");
    }
    let after = edited(&before, "content/parts/x.md", "Shared.", "Shared by two.");
    let (parsed, rendered, changed) = counts(&before, &after);
    assert_eq!(parsed, 3, "the file itself and the two pages");
    assert!(rendered <= changed, "{rendered} pages were rendered, {changed} changed");
}

#[test]
fn a_template_renders_every_page_and_parses_none() {
    let before = chain(60);
    let mut after = before.clone();
    after.files.insert("theme/templates/partials/footer.html".to_owned(), b"<footer>Mine</footer>".to_vec());
    let (parsed, rendered, _) = counts(&before, &after);
    assert_eq!(parsed, 0);
    assert!(rendered >= 60);
}

#[test]
fn a_line_more_in_the_settings_parses_and_renders_nothing_and_moves_their_problems() {
    let mut before = chain(20);
    let settings = "[print]\nsections = [\"nowhere\"]\n[visibility]\ndefault = \"public\"\n\
        [visibility.paths]\n\"content/none/**\" = \"internal\"\n";
    before.files.insert("book.toml".to_owned(), settings.into());
    let mut after = before.clone();
    after.files.insert("book.toml".to_owned(), format!("# A remark.\n\n{settings}").into());
    let mut engine = Engine::new(Retention::LastGeneration);
    let old = build(&mut engine, &before.inputs());
    let new = build(&mut engine, &after.inputs());
    assert_eq!((new.build.parsed, new.build.rendered), (0, 0));
    assert_eq!(new.diagnostics, after.build().diagnostics);
    assert!(old.diagnostics.len() == 2 && old.diagnostics != new.diagnostics, "{:?}", new.diagnostics);
}

#[test]
fn a_warning_does_not_vanish_when_another_page_is_edited() {
    let before = edited(&chain(10), "content/a/p002.md", "Text.", "[x](nowhere.md) <WHAT>");
    let after = edited(&before, "content/a/p004.md", "Text.", "Other.");
    let mut engine = Engine::new(Retention::LastGeneration);
    let old = build(&mut engine, &before.inputs());
    let new = build(&mut engine, &after.inputs());
    assert_eq!(old.diagnostics.len(), 2, "{:?}", old.diagnostics);
    assert_eq!(old.diagnostics, new.diagnostics);
}

#[test]
fn links_to_what_is_hidden_follow_what_is_hidden() {
    let mut before = chain(10);
    before.files.insert("book.toml".to_owned(), "[visibility]\ndefault = \"public\"\n".into());
    let before = edited(&before, "content/a/p002.md", "Text.", "[x](/quiet/) and [y](/still/)");
    let hidden = |name: &str| {
        let mut handbook = before.clone();
        let page = format!("---\nvisibility: internal\nslug: {name}\n---\n\n# A\n");
        handbook.files.insert("content/hidden.md".to_owned(), page.into());
        handbook
    };
    let mut engine = Engine::new(Retention::LastGeneration);
    for (name, other) in [("quiet", "still"), ("still", "quiet")] {
        let warm = build(&mut engine, &hidden(name).inputs());
        assert_eq!(warm.diagnostics, hidden(name).build().diagnostics);
        let found = |rule: &str, url: &str| {
            warm.diagnostics.iter().any(|line| line.contains(rule) && line.contains(url))
        };
        assert!(found("link.hidden", name) && found("link.missing", other), "{:?}", warm.diagnostics);
    }
}
