//! What the guide prints can be used as it is printed.
//!
//! Owns the walk over the guide's code blocks with a file's name: each becomes that file of a handbook, and the
//! handbook accepts it. Owns the walk over its command lines, too, which the program's own definition reads. What nginx says of
//! its configuration is tested in `tests/servers`, and the tutorials are replayed in `tutorials.rs`.

#![expect(clippy::disallowed_methods, reason = "reads the guide")]

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::path::Path;

use opsbook::path::FilePath;
use opsbook::source::Source;

use crate::support::handbook::{Handbook, Look};

/// Files that a handbook is set up by, and the rules that judge them.
const FILES: &[(&str, &[&str])] = &[
    ("book.toml", &["config.", "rule.", "visibility.setting"]),
    ("data/controls/", &["control.framework"]),
    ("kinds/", &["kind.", "config."]),
    ("registers/", &["register."]),
    ("theme/", &["theme.strings]", "theme.template"]),
];

/// The handbook that the files become part of, with the sections that they name.
const SCENE: &[(&str, &str)] = &[
    ("book.toml", "[book]\ntitle = \"Handbook\"\n"),
    ("content/_index.md", "# Home\n"),
    ("content/glossary.md", "# Glossary\n"),
    ("content/processes/_index.md", "# Processes\n"),
    ("content/runbooks/_index.md", "# Runbooks\n"),
    ("content/standards/_index.md", "# Standards\n"),
];

#[test]
fn the_guide_lists_the_headers_that_a_build_writes() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("content/guide/publishing.md");
    let page = std::fs::read_to_string(path).expect("the guide is there");
    let lines = opsbook::headers::site_headers(opsbook::headers::Worker::Absent);
    let lines: Vec<String> = lines.iter().map(|(name, value)| format!("{name}: {value}\n")).collect();
    assert!(page.contains(&format!("```text\n{}```\n", lines.concat())), "{lines:#?}");
}

/// The code blocks of a page whose title names a file.
fn printed(page: &str) -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> = Vec::new();
    let mut open: Option<String> = None;
    for line in page.lines() {
        if let Some(fence) = &open {
            if line.trim_end() == fence {
                open = None;
            } else if let Some((_, text)) = files.last_mut() {
                text.push_str(&format!("{line}\n"));
            }
            continue;
        }
        let fence: String = line.chars().take_while(|c| *c == '`').collect();
        let title = line.split_once("title=\"").and_then(|(_, rest)| rest.split_once('"'));
        if let (3.., Some((title, _))) = (fence.len(), title) {
            // A few titles say more behind the name.
            let file = title.split_whitespace().next().unwrap_or_default();
            files.push((file.to_owned(), String::new()));
            open = Some(fence);
        }
    }
    files
}

/// What is wrong with the settings of a handbook of the scene and these files.
fn problems(files: &BTreeMap<String, String>) -> Vec<String> {
    let scene = SCENE.iter().map(|(file, text)| ((*file).to_owned(), text.as_bytes().to_vec()));
    let own = files.iter().map(|(file, text)| (file.clone(), text.as_bytes().to_vec()));
    let files = scene.chain(own).collect();
    let found =
        Handbook { files, look: Look::BuiltIn, today: jiff::civil::Date::default() }.build().diagnostics;
    let rules: Vec<String> =
        FILES.iter().flat_map(|(_, rules)| *rules).map(|rule| format!("[{rule}")).collect();
    found.into_iter().filter(|problem| rules.iter().any(|rule| problem.contains(rule.as_str()))).collect()
}

#[test]
fn every_settings_file_that_the_guide_prints_is_accepted() {
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("content/guide");
    let mut accepted = BTreeMap::<&str, usize>::new();
    for entry in walkdir::WalkDir::new(guide).sort_by_file_name() {
        let entry = entry.unwrap();
        if entry.path().extension().is_none_or(|extension| extension != "md") {
            continue;
        }
        let page = entry.file_name().to_string_lossy().into_owned();
        let blocks = printed(&std::fs::read_to_string(entry.path()).unwrap());
        // A page shows a file of a theme or of a kind in parts, and `book.toml` in excerpts that stand by themselves.
        let mut files = BTreeMap::<String, String>::new();
        let mut books = Vec::new();
        for (file, text) in blocks {
            let Some((sort, _)) = FILES.iter().find(|(start, _)| file.starts_with(start)) else { continue };
            *accepted.entry(sort).or_default() += 1;
            match file.as_str() {
                "book.toml" if text.contains("[book]") => books.push(text),
                "book.toml" => books.push(format!("[book]\ntitle = \"Handbook\"\n{text}")),
                _ => files.entry(file).or_default().push_str(&text),
            }
        }
        assert_eq!(problems(&files), [""; 0], "{page} prints what is refused");
        for book in books {
            files.insert("book.toml".to_owned(), book);
            assert_eq!(problems(&files), [""; 0], "{page} prints what is refused");
        }
    }
    assert!(FILES.iter().all(|(sort, _)| accepted.contains_key(sort)), "the guide prints {accepted:?}");
}

/// Spellings of keys that are read, and that the guide does not offer.
const OTHER_SPELLINGS: &[&str] = &["default_visibility"];

/// Words in the sources of the settings that may be keys: the program says which of them are.
fn possible_keys() -> BTreeSet<String> {
    let word = fancy_regex::Regex::new(r#""([a-z][a-z_]*)""#).unwrap();
    let mut words = BTreeSet::new();
    for entry in walkdir::WalkDir::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/config")) {
        let path = entry.expect("the folder is there").into_path();
        if path.is_file() {
            let source = std::fs::read_to_string(path).expect("the file is there");
            words.extend(word.captures_iter(&source).map(|found| found.unwrap()[1].to_owned()));
        }
    }
    words
}

/// The keys of a table of `book.toml` that the program knows: those that it does not call unknown.
fn keys_of_table(table: &str, possible: &BTreeSet<String>) -> BTreeSet<String> {
    // No key is a table of this form, so each known one is reported, too, but as a wrong value.
    let rows: String =
        possible.iter().map(|key| format!("{key} = {{ wrong = {{ wrong = 1 }} }}\n")).collect();
    let path = FilePath::new("book.toml").expect("it is a path");
    let (_, found) = opsbook::config::parse(&Source::new(path, format!("[{table}]\n{rows}")));
    let mut known = possible.clone();
    for problem in found {
        if let Some(rest) = problem.message.strip_prefix("unknown key `") {
            known.remove(rest.split('`').next().expect("the name ends"));
        }
    }
    known
}

#[test]
fn the_guide_lists_every_key_of_every_table_of_the_settings() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("content/guide/book-toml.md");
    let page = std::fs::read_to_string(path).expect("the guide is there");
    let heading = fancy_regex::Regex::new(r"(?m)^## \[([a-z]+)\] ").unwrap();
    let key = fancy_regex::Regex::new(r"`([a-z_]+)`").unwrap();
    let tables: Vec<(String, usize)> = heading
        .captures_iter(&page)
        .map(|found| found.unwrap())
        .map(|found| (found[1].to_owned(), found.get(0).expect("the match").start()))
        .collect();
    let possible = possible_keys();
    let mut count = 0;
    for (index, (table, start)) in tables.iter().enumerate().filter(|(_, (table, _))| table != "rules") {
        let end = tables.get(index + 1).map_or(page.len(), |(_, start)| *start);
        // The first table of a section has its keys.
        let section = page[*start..end].lines();
        let rows =
            section.skip_while(|line| !line.starts_with("| `")).take_while(|line| line.starts_with('|'));
        let cells = rows.filter_map(|row| row.split('|').nth(1));
        let listed: BTreeSet<String> = cells
            .flat_map(|cell| key.captures_iter(cell).map(|found| found.unwrap()[1].to_owned()))
            .filter(|key| possible.contains(key))
            .collect();
        let mut known = keys_of_table(table, &possible);
        known.retain(|key| !OTHER_SPELLINGS.contains(&key.as_str()));
        count += known.len();
        assert_eq!(listed, known, "[{table}] in content/guide/book-toml.md");
    }
    assert!(count > 60, "{count} keys");
}

/// The rows of the guide's table of limits, as the program has them.
fn rows_of_limits() -> String {
    let row = |bound: &&opsbook::bounds::Bound| {
        let rule = bound.rule.name;
        let (anchor, family) = (rule.replace('.', "-"), bound.rule.family().name);
        format!("| {} | {bound} | [`{rule}`](rules/{family}.md#{anchor}) | {} |\n", bound.name, bound.reason)
    };
    opsbook::bounds::BOUNDS.iter().map(row).collect()
}

#[test]
fn the_guide_lists_every_limit() {
    let page = std::fs::read_to_string("content/guide/limits.md").expect("the guide has a page of limits");
    let table = format!("| What | At most | Rule | Why |\n| --- | --: | --- | --- |\n{}", rows_of_limits());
    assert!(page.contains(&table), "content/guide/limits.md should have this table:\n\n{table}");
}

/// The pages of the guide with their texts.
fn pages() -> Vec<(String, String)> {
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("content/guide");
    let mut pages = Vec::new();
    for entry in walkdir::WalkDir::new(&guide).sort_by_file_name().into_iter().map(Result::unwrap) {
        if entry.path().extension().is_some_and(|extension| extension == "md") {
            let name = entry.path().strip_prefix(&guide).unwrap().display().to_string();
            pages.push((name, std::fs::read_to_string(entry.path()).unwrap()));
        }
    }
    pages
}

/// The lines of a page that call the program, whole, with the number of the first line of each.
fn calls(page: &str) -> Vec<(usize, String)> {
    let mut calls: Vec<(usize, String)> = Vec::new();
    let mut continues = false;
    for (number, line) in page.lines().enumerate() {
        let known = calls.last_mut().filter(|_| continues);
        match (known, line.trim_start().strip_prefix("$ opsbook")) {
            (Some((_, call)), _) => *call = format!("{} {}", call.trim_end_matches('\\'), line.trim()),
            (None, Some(rest)) => calls.push((number + 1, format!("opsbook{rest}"))),
            (None, None) => continue,
        }
        continues = line.ends_with('\\');
    }
    calls
}

/// The words of a shell line, up to a pipe, a redirection, another command or a comment.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quote = None;
    for c in line.chars() {
        match (quote, c) {
            (Some(open), _) if open == c => quote = None,
            (None, '"' | '\'') => quote = Some(c),
            (None, '|' | '>' | '&' | ';' | '#') => break,
            (None, ' ') => words.push(String::new()),
            (_, _) => words.last_mut().expect("it begins with one").push(c),
        }
    }
    words.retain(|word| !word.is_empty());
    // The number of a redirected stream: `2>/dev/null`.
    words.pop_if(|word| word == "2");
    words
}

/// What is wrong with a line that describes a command: `opsbook build [--out DIR] [--audience LEVEL]…`.
fn unknown_options(line: &str) -> Vec<String> {
    let mut plain = line.replace(['[', ']', '…', '|'], " ");
    plain.truncate(plain.trim_end().len());
    let words: Vec<&str> = plain.split_whitespace().collect();
    let command = words.iter().take_while(|word| word.chars().all(|c| c.is_ascii_lowercase()));
    let question = command.chain([&"--help"]).map(OsString::from);
    let Some(help) = opsbook::cli::answer(question) else { return vec![line.to_owned()] };
    let help = help.to_string();
    let options = words.iter().filter(|word| word.starts_with("--") && **word != "--NAME");
    let known = |option: &str| help.split([' ', '\n', ',']).any(|word| word == option);
    options
        .filter(|option| !known(option))
        .map(|option| format!("`{}` has no `{option}`", words[1]))
        .collect()
}

/// Whether a word stands for an argument: `FILE`.
fn is_placeholder(word: &str) -> bool {
    word.len() > 2 && word.chars().all(|c| c.is_ascii_uppercase())
}

#[test]
fn every_command_that_the_guide_prints_is_one_of_the_program() {
    let mut wrong = Vec::new();
    let (mut examples, mut descriptions) = (0, 0);
    for (page, text) in pages() {
        for (number, call) in calls(&text) {
            if call.contains(['[', '…']) || call.split(' ').any(is_placeholder) {
                descriptions += 1;
                wrong.extend(unknown_options(&call).iter().map(|what| format!("{page}:{number}: {what}")));
                continue;
            }
            examples += 1;
            let answer = opsbook::cli::answer(words(&call).into_iter().map(OsString::from));
            let refusal = answer.filter(clap::Error::use_stderr);
            wrong.extend(refusal.map(|refusal| format!("{page}:{number}: {call}\n{refusal}")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(examples > 60 && descriptions > 15, "{examples} examples, {descriptions} descriptions");
}

/// The rows of the handbook's table of the self-check, as the program has them.
fn rows_of_self_check() -> String {
    let row = |criterion: &opsbook::report::maturity::Criterion| {
        format!("| `{}` | {} | {} |\n", criterion.id, criterion.what, criterion.improve)
    };
    opsbook::report::maturity::CRITERIA.iter().map(row).collect()
}

#[test]
fn the_handbook_lists_every_criterion_of_the_self_check() {
    let page =
        std::fs::read_to_string("content/open-operations/self-check.md").expect("there is such a page");
    let table =
        format!("| Criterion | What counts | To improve |\n| --- | --- | --- |\n{}", rows_of_self_check());
    assert!(
        page.contains(&table),
        "content/open-operations/self-check.md should have this table:\n\n{table}"
    );
}
