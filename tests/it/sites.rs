//! Runs the cases in `tests/sites`: each is a handbook as one text, with what becomes of it.
//!
//! `UPDATE=1 cargo test --test it sites::` rewrites the `want` parts that do not hold; `CASE=links/` runs only the
//! cases whose path contains that text. The format is described in `support/case.rs`. Settings in a case's
//! head: `theme: default` shows pages in the theme that comes with Opsbook, `from: disk` writes the files to a
//! folder and loads them from there.
#![expect(
    clippy::disallowed_methods,
    reason = "reads and rewrites case files, and writes handbooks to temporary folders"
)]

use std::path::{Path, PathBuf};

use crate::support::case::{Case, Outcome};
use crate::support::handbook::{self, Built, Handbook, Look};
use opsbook::input::{Drafts, Loader, Options, Preview};
use opsbook::memo::Retention;
use opsbook::pipeline::Engine;
use rayon::prelude::*;

#[test]
fn every_case_becomes_what_it_wants() {
    let on_change = if std::env::var_os("UPDATE").is_some() { OnChange::Rewrite } else { OnChange::Report };
    let cases = cases(&std::env::var("CASE").unwrap_or_default());
    let failures: Vec<String> = cases.par_iter().filter_map(|path| run(path, on_change)).collect();
    println!("{} cases, {} differ", cases.len(), failures.len());
    assert!(
        failures.is_empty() || on_change == OnChange::Rewrite,
        "\n{}\n{} of {} cases differ",
        failures.join("\n"),
        failures.len(),
        cases.len()
    );
}

/// A handbook that was published must be published on any later day: the fix of a runbook may not wait until somebody
/// has kept a promise elsewhere.
#[test]
fn time_alone_adds_no_error() {
    let late = |path: &PathBuf| {
        let case = Case::parse(&std::fs::read_to_string(path).expect("cases are UTF-8"));
        let (today, later) = (day(&case), day(&case).saturating_add(jiff::Span::new().years(10)));
        let first = errors(&case, today);
        let new: Vec<String> =
            errors(&case, later).into_iter().filter(|line| !first.contains(line)).collect();
        (!new.is_empty()).then(|| format!("{}\n{}", path.display(), new.join("\n")))
    };
    let failures: Vec<String> = cases("").par_iter().filter_map(late).collect();
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

/// The errors of a case on a day.
fn errors(case: &Case, today: jiff::civil::Date) -> Vec<String> {
    let built = Handbook { files: case.files(), look: Look::Plain, today }.build();
    built.diagnostics.into_iter().filter(|line| line.contains(": error[")).collect()
}

/// What happens to a case that does not hold.
#[derive(Clone, Copy, PartialEq, Eq)]
enum OnChange {
    Report,
    Rewrite,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sites")
}

fn cases(filter: &str) -> Vec<PathBuf> {
    let walk = walkdir::WalkDir::new(folder()).sort_by_file_name();
    let files = walk.into_iter().filter_map(Result::ok).map(walkdir::DirEntry::into_path);
    let texts = files.filter(|path| path.extension().is_some_and(|extension| extension == "txt"));
    texts.filter(|path| path.to_string_lossy().contains(filter)).collect()
}

/// Runs one case; `Some` says what differs.
fn run(path: &Path, on_change: OnChange) -> Option<String> {
    let text = std::fs::read_to_string(path).expect("cases are UTF-8");
    let case = Case::parse(&text);
    let name = path.strip_prefix(folder()).expect("cases lie in the folder").display().to_string();
    let built = match std::panic::catch_unwind(|| outcome(&case)) {
        Ok(outcome) => outcome,
        Err(_) => return Some(format!("{name}: the build panicked")),
    };
    let differences = case.differences(&built);
    if differences.is_empty() {
        return None;
    }
    if on_change == OnChange::Rewrite {
        std::fs::write(path, case.updated(&built)).expect("cases can be rewritten");
    }
    Some(format!("{name}\n{differences}"))
}

/// The day of the build.
fn day(case: &Case) -> jiff::civil::Date {
    case.setting("today").unwrap_or("2026-11-21").parse().expect("`today` is a date")
}

fn outcome(case: &Case) -> Outcome {
    let look = if case.setting("theme") == Some("default") { Look::BuiltIn } else { Look::Plain };
    let handbook = Handbook { files: case.files(), look, today: day(case) };
    let built = match case.setting("from") {
        Some("disk") => from_disk(&handbook),
        _ => handbook.build(),
    };
    // `check` makes no output and finds the same problems. The built-in theme needs no rendering for them.
    if case.setting("from").is_none() {
        let inputs = Handbook { look: Look::BuiltIn, ..handbook }.inputs();
        let checked = Engine::new(Retention::Nothing).check(&inputs).diagnostics;
        assert_eq!(checked, built.build.diagnostics, "a check finds what a build finds");
    }
    let errors = built.diagnostics.iter().any(|line| line.contains(": error["));
    assert_eq!(built.build.failed(), errors, "a build fails where there is an error");
    Outcome { diagnostics: built.diagnostics, outputs: built.outputs }
}

/// Loads the handbook the way the program does.
fn from_disk(handbook: &Handbook) -> Built {
    let root = tempfile::tempdir().expect("there is room for a temporary folder");
    for (file, bytes) in &handbook.files {
        let path = root.path().join(file);
        std::fs::create_dir_all(path.parent().expect("a file lies in a folder"))
            .expect("folders can be made");
        std::fs::write(path, bytes).expect("files can be written");
    }
    let root = root.path().to_path_buf();
    let options = Options {
        root,
        out: None,
        base_url: None,
        preview: Preview::No,
        drafts: Drafts::Leave,
        audience: None,
        today: Some(handbook.today),
    };
    let inputs = Loader::new(options).load().expect("the folder can be read");
    handbook::build(&mut Engine::new(Retention::Nothing), &inputs)
}
