//! The runbooks of the handbook in `content/` keep what adopters and people on call rely on.
//!
//! Owns what `opsbook check` does not look at: numbers to call stand in internal blocks, commands say where they run,
//! pages name releases, and services have the names of the catalogue.
#![expect(clippy::disallowed_methods, reason = "reads the repository's own handbook")]

use std::collections::BTreeSet;
use std::path::Path;

/// The folders of runbooks, in both languages.
const RUNBOOKS: &[&str] = &["content/runbooks", "content/de/runbooks"];

/// What stands for a number or an address until a provider adopts the handbook.
const PLACEHOLDERS: &[&str] = &["PAGER-", "CONTACT-"];

/// A page of the handbook.
struct Page {
    /// Relative to the repository.
    path: String,
    text: String,
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).expect("the file is there")
}

/// The pages of a folder with their text, without those of its folders.
fn pages(folder: &str) -> Vec<Page> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut pages = Vec::new();
    for entry in walkdir::WalkDir::new(root.join(folder)).max_depth(1).sort_by_file_name() {
        let path = entry.expect("the folder is there").into_path();
        if path.extension().is_some_and(|end| end == "md") {
            let name = path.strip_prefix(root).expect("it is in the repository").display().to_string();
            pages.push(Page { path: name, text: read(&path) });
        }
    }
    assert!(!pages.is_empty(), "{folder} has no page");
    pages
}

/// All runbooks, without the pages of their sections.
fn runbooks() -> Vec<Page> {
    let pages = RUNBOOKS.iter().flat_map(|folder| pages(folder));
    pages.filter(|page| !page.path.ends_with("_index.md")).collect()
}

/// The names in `services: [A, B]` or `services = ["A", "B"]`, where the text has such a line.
fn services(text: &str) -> Vec<String> {
    let Some(line) = text.lines().find(|line| line.starts_with("services")) else {
        return Vec::new();
    };
    let (_, list) = line.split_once('[').expect("`services` is a list in one line");
    let names = list.trim_end_matches(']').split(',');
    names.map(|name| name.trim().trim_matches('"').to_owned()).collect()
}

#[test]
fn numbers_to_call_stand_in_internal_blocks() {
    let mut violations = Vec::new();
    for page in runbooks() {
        let mut is_internal = false;
        let mut is_there = false;
        for (number, line) in page.text.lines().enumerate() {
            match line {
                "::::internal" => is_internal = true,
                "::::" => is_internal = false,
                _ => {}
            }
            if PLACEHOLDERS.iter().any(|placeholder| line.contains(placeholder)) {
                is_there = true;
                if !is_internal {
                    violations.push(format!("{}:{}: a placeholder in public text", page.path, number + 1));
                }
            }
        }
        if !is_there {
            violations.push(format!("{}: no placeholder says whom to call", page.path));
        }
    }
    assert!(violations.is_empty(), "{}", violations.join("\n"));
}

#[test]
fn every_command_block_says_where_it_runs() {
    let snippets = ["content/runbooks/_snippets", "content/de/runbooks/_snippets"];
    let snippets = snippets.iter().flat_map(|folder| pages(folder));
    let mut violations = Vec::new();
    for page in runbooks().into_iter().chain(snippets) {
        for (number, line) in page.text.lines().enumerate() {
            let fence = line.trim_start();
            let is_command = ["```console", "```bash", "```sql"].iter().any(|start| fence.starts_with(start));
            if is_command && !fence.contains("run_on=") {
                violations.push(format!("{}:{}: no `run_on`", page.path, number + 1));
            }
        }
    }
    assert!(violations.is_empty(), "{}", violations.join("\n"));
}

#[test]
fn every_runbook_names_the_releases_that_it_fits() {
    let nameless = runbooks().into_iter().filter(|page| !page.text.contains("\nreleases:\n  - "));
    let nameless: Vec<String> = nameless.map(|page| page.path).collect();
    assert!(nameless.is_empty(), "without `releases`: {nameless:?}");
}

/// The value of `maturity` of a page.
fn maturity(page: &Page) -> &str {
    let value = page.text.lines().find_map(|line| line.strip_prefix("maturity: "));
    value.expect("each runbook has a maturity")
}

#[test]
fn what_a_runbook_claims_of_tests_is_in_the_evidence() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let evidence = read(&root.join("docs/evidence/lab.md"));
    let mut violations = Vec::new();
    for page in runbooks() {
        let name = Path::new(&page.path).file_stem().expect("it has a name").to_string_lossy().into_owned();
        let maturity = maturity(&page);
        let has_row = evidence.lines().any(|line| {
            line.starts_with(&format!("| {name} |")) && line.ends_with(&format!("| {maturity} |"))
        });
        let has_section = evidence.contains(&format!("\n## {name}.md: {maturity}\n"));
        let has_script = root.join("tests/lab").join(format!("{name}.sh")).is_file();
        let says_when = page.text.contains("\ntested:\n  on: ");
        let says_what = page.text.contains("\n  scope: ");
        let is_tested = matches!(maturity, "lab-tested" | "partly-tested");
        if [has_row, has_section, has_script, says_when].iter().any(|is_there| *is_there != is_tested) {
            violations.push(format!("{}: `{maturity}`, but row {has_row}, section {has_section}, script {has_script}, `tested` {says_when}", page.path));
        }
        if says_what != (maturity == "partly-tested") {
            violations.push(format!("{}: `{maturity}`, but `tested.scope` {says_what}", page.path));
        }
    }
    assert!(violations.is_empty(), "{}", violations.join("\n"));
}

#[test]
fn services_have_the_names_of_the_catalogue() {
    let title = |page: &Page| {
        let line = page.text.lines().find_map(|line| line.strip_prefix("title: "));
        line.expect("a page of the catalogue has a title").to_owned()
    };
    let mut names: BTreeSet<String> = pages("content/services").iter().map(title).collect();
    names.insert("All services".to_owned());
    let settings = Path::new(env!("CARGO_MANIFEST_DIR")).join("book.toml");
    let settings = Page { path: "book.toml".to_owned(), text: read(&settings) };
    let mut unknown = Vec::new();
    for page in runbooks().into_iter().chain([settings]) {
        let services = services(&page.text);
        assert!(!services.is_empty(), "{} names no service", page.path);
        for name in services.into_iter().filter(|name| !names.contains(name)) {
            unknown.push(format!("{}: `{name}` has no page in content/services", page.path));
        }
    }
    assert!(unknown.is_empty(), "{}", unknown.join("\n"));
}
