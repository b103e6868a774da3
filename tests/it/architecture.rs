//! The rules of the architecture, checked on the source text.
//!
//! Owns the table of layers (ARCHITECTURE.md shows the same table), the list of files with effects, and the list of
//! circles that may only shrink. Every violation is printed with its place and the rule in words. It measures no
//! length.
#![expect(clippy::disallowed_methods, reason = "reads the repository's own files")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::support::graph;
use crate::support::rust::{self, File};

/// Modules from the bottom to the top. A module may use those of lower layers; those of layer 0 also each
/// other. After `not` stand lower modules that a layer must not know all the same.
const LAYERS: &str = "
0 accent asset base64 bounds build_target codeowners diagnostic diagrams dialect entities fields forge headers html_escape html_pieces leaks lexicon memo metadata natural_order output path plot published_types renames rules scripts source strings timeline timing utc visibility
1 alerts calendar config controls health kinds markdown people
2 audit theme page registers schemas
3 input
4 site not theme input
5 check view emit not theme input
6 render publish report tls
7 pipeline changes
8 serve deploy external moves
9 lsp
10 cli
11 main
";

/// The only files that may touch the outside world, and what for. A folder ends with `/`.
const EFFECTS: &[(&str, &str)] = &[
    ("src/input/", "reads the handbook and its history"),
    ("src/publish/", "writes the site"),
    ("src/deploy/", "sends the site to a store"),
    ("src/external/", "asks the hosts of links into the web"),
    ("src/serve/", "serves, watches and tells the time"),
    ("src/lsp/", "speaks with editors"),
    ("src/cli/", "reads arguments and prints"),
    ("src/main.rs", "reads arguments and exits"),
    ("src/timing.rs", "measures how long stages take"),
];

/// What only those files may name.
const EFFECT_PATHS: &[&str] = &[
    "std::fs",
    "std::env",
    "std::process",
    "std::net",
    "std::io::stdin",
    "SystemTime",
    "Instant",
    "thread::spawn",
    "tokio::fs",
    "tokio::net",
    "walkdir",
    "notify",
];

/// Files of one module that need each other, each group in one string. The list may only shrink.
const CIRCLES: &[&str] = &[
    "src/emit/search/corpus.rs src/emit/search/vocabulary.rs",
    "src/kinds/cross_checks.rs src/kinds/definition.rs src/kinds/typed_front_matter.rs",
    "src/markdown/code/console.rs src/markdown/code/languages.rs",
    "src/metadata/embedded.rs src/metadata/svg.rs",
    "src/view/backlinks.rs src/view/bundle.rs src/view/cards.rs src/view/fields.rs src/view/home.rs \
     src/view/times.rs src/view/nav.rs src/view/registers/cells.rs src/view/registers/mod.rs \
     src/view/registers/toolbar.rs",
];

/// One layer of the table.
struct Layer {
    number: usize,
    modules: Vec<String>,
    not: Vec<String>,
}

fn layers(table: &str) -> Vec<Layer> {
    let layer = |line: &str| {
        let (names, not) = line.split_once(" not ").unwrap_or((line, ""));
        let mut words = names.split_whitespace();
        let number = words.next()?.parse().ok()?;
        let list = |words: &str| words.split_whitespace().map(str::to_owned).collect();
        Some(Layer { number, modules: words.map(str::to_owned).collect(), not: list(not) })
    };
    table.lines().filter_map(layer).collect()
}

/// The top-level module that a file belongs to.
fn module(path: &str) -> &str {
    let path = path.strip_prefix("src/").unwrap_or(path);
    path.split('/').next().unwrap_or(path).trim_end_matches(".rs")
}

/// Top-level modules that a file uses outside of its tests, with the places.
fn imports(file: &File) -> Vec<(usize, String)> {
    let root_file = !file.path["src/".len()..].contains('/') || file.path.ends_with("/mod.rs");
    let prefixes: &[&str] = match (file.path.as_str(), root_file) {
        ("src/main.rs", _) => &["opsbook::"],
        (_, true) => &["crate::", "super::"],
        (_, false) => &["crate::", "super::super::"],
    };
    let mut found = Vec::new();
    for prefix in prefixes {
        for (at, _) in file.code.match_indices(prefix) {
            let names = first_names(&file.code[at + prefix.len()..]);
            found.extend(names.into_iter().map(|name| (at, name)));
        }
    }
    found.retain(|(at, name)| !file.in_tests(*at) && name != "super" && name != "self");
    found
}

/// `a` of `a::b`, or `a` and `b` of `{a::x, b::{y, z}}`.
fn first_names(path: &str) -> Vec<String> {
    let word = |text: &str| -> String {
        text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
    };
    let Some(group) = path.strip_prefix('{') else { return vec![word(path)] };
    let (mut depth, mut names, mut start) = (0, Vec::new(), 0);
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                names.push(word(&group[start..at]));
                start = at + 1;
            }
            _ => continue,
        }
        if c == '}' && depth == 0 && start == at + 1 {
            break;
        }
    }
    names.retain(|name| !name.is_empty());
    names
}

fn read(path: &str) -> String {
    let full = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    std::fs::read_to_string(&full).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[track_caller]
fn assert_none(violations: &[String]) {
    assert!(violations.is_empty(), "\n{}\n", violations.join("\n"));
}

/// Every Rust file of the repository.
fn everything() -> Vec<File> {
    ["src", "tests", "benches"].into_iter().flat_map(rust::files).collect()
}

#[test]
fn modules_use_only_lower_layers() {
    let table = layers(LAYERS);
    let layer_of: BTreeMap<&str, &Layer> =
        table.iter().flat_map(|l| l.modules.iter().map(move |m| (m.as_str(), l))).collect();
    let mut violations = Vec::new();
    for file in rust::files("src").iter().filter(|file| file.path != "src/lib.rs") {
        let from = module(&file.path);
        let Some(layer) = layer_of.get(from) else {
            violations.push(format!("{}:1: module `{from}` stands in no layer", file.path));
            continue;
        };
        for (at, to) in imports(file) {
            if to == from || layer_of.get(to.as_str()).is_none_or(|target| may_use(layer, target, &to)) {
                continue;
            }
            let rule = format!("`{from}` (layer {}) must not use `{to}`", layer.number);
            violations.push(format!("{}: {rule}", file.place(at)));
        }
    }
    assert_none(&violations);
}

fn may_use(layer: &Layer, target: &Layer, name: &str) -> bool {
    let lower = target.number < layer.number || (layer.number == 0 && target.number == 0);
    lower && !layer.not.iter().any(|not| not == name)
}

#[test]
fn the_table_names_the_modules_that_exist() {
    let named: BTreeSet<String> = layers(LAYERS).into_iter().flat_map(|layer| layer.modules).collect();
    let there: BTreeSet<String> = rust::files("src")
        .iter()
        .map(|file| module(&file.path).to_owned())
        .filter(|module| module != "lib")
        .collect();
    assert_eq!(named, there);
}

#[test]
fn the_document_shows_the_same_table() {
    let document = read("ARCHITECTURE.md");
    let shown =
        document.split_once("<!-- layers -->").and_then(|(_, rest)| rest.split_once("<!-- /layers -->"));
    let (shown, _) =
        shown.expect("ARCHITECTURE.md holds the table between `<!-- layers -->` and `<!-- /layers -->`");
    let rows = |text: &str| -> Vec<String> {
        let row = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
        text.lines().map(row).filter(|line| line.starts_with(|c: char| c.is_ascii_digit())).collect()
    };
    assert_eq!(rows(shown), rows(LAYERS));
}

/// Two public types of one name make a reader look up which one is meant.
#[test]
fn public_types_have_names_of_their_own() {
    let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for file in rust::files("src") {
        for (at, name) in file.public_types() {
            places.entry(name).or_default().push(file.place(at));
        }
    }
    let shared = places.iter().filter(|(_, places)| places.len() > 1);
    let violations: Vec<String> = shared
        .map(|(name, places)| format!("several public types are called `{name}`: {}", places.join(", ")))
        .collect();
    assert_none(&violations);
}

/// Files that need each other can only be understood together.
#[test]
fn files_of_a_module_do_not_need_each_other_in_circles() {
    let allowed: BTreeSet<BTreeSet<String>> =
        CIRCLES.iter().map(|files| files.split_whitespace().map(str::to_owned).collect()).collect();
    let found = graph::circles(&rust::files("src"));
    let row = |circle: &BTreeSet<String>| circle.iter().map(String::as_str).collect::<Vec<_>>().join(" ");
    let mut violations = Vec::new();
    for circle in found.iter().filter(|circle| !allowed.iter().any(|known| circle.is_subset(known))) {
        violations.push(format!("these files need each other in a circle: {}", row(circle)));
    }
    for gone in allowed.difference(&found) {
        let left: Vec<String> = found.iter().filter(|circle| circle.is_subset(gone)).map(row).collect();
        violations.push(format!("CIRCLES: `{}` has become {left:?}: write that instead", row(gone)));
    }
    assert_none(&violations);
}

#[test]
fn every_file_says_what_it_owns() {
    let head = |file: &File| file.text.lines().take_while(|line| line.starts_with("//!")).count();
    let short = |file: &File| format!("{}:1: begins with {} `//!` lines; at least 2", file.path, head(file));
    assert_none(&everything().iter().filter(|file| head(file) < 2).map(short).collect::<Vec<_>>());
}

#[test]
fn effects_stay_in_the_files_that_are_listed() {
    let listed =
        |path: &str| EFFECTS.iter().any(|(e, _)| path == *e || (e.ends_with('/') && path.starts_with(e)));
    let mut violations = Vec::new();
    for file in rust::files("src").iter().filter(|file| !listed(&file.path)) {
        for name in EFFECT_PATHS {
            let uses = file.words(name).into_iter().filter(|at| !file.in_tests(*at));
            violations
                .extend(uses.map(|at| format!("{}: `{name}` in a file without effects", file.place(at))));
        }
    }
    for (path, _) in EFFECTS {
        if !Path::new(env!("CARGO_MANIFEST_DIR")).join(path).exists() {
            violations.push(format!("{path}: listed as having effects, but there is no such file"));
        }
    }
    assert_none(&violations);
}

#[test]
fn shortcuts_are_not_taken() {
    let banned = [
        ("unwrap()", "say why it holds: `expect(\"…\")`"),
        ("todo!", "nothing is left for later"),
        ("unimplemented!", "nothing is left for later"),
        ("dbg!", "left over from a search for a fault"),
        ("unsafe", "the crate is safe"),
    ];
    let mut violations = Vec::new();
    for file in rust::files("src") {
        for (word, why) in banned {
            let found = file.code.match_indices(word).map(|(at, _)| at);
            let found = found.filter(|at| !file.in_tests(*at) && !continues(&file.code, at + word.len()));
            violations.extend(found.map(|at| format!("{}: `{word}`: {why}", file.place(at))));
        }
    }
    for file in everything() {
        let bare = file.code.match_indices("[allow(").map(|(at, _)| at);
        violations
            .extend(bare.map(|at| format!("{}: `allow`: write `expect(…, reason = …)`", file.place(at))));
        let expected = file.code.match_indices("[expect(").map(|(at, _)| at);
        let silent =
            expected.filter(|at| !file.code[*at..].split(']').next().is_some_and(|a| a.contains("reason")));
        violations.extend(silent.map(|at| format!("{}: `expect` gives no reason", file.place(at))));
    }
    assert_none(&violations);
}

/// Whether a word goes on at `at`, as in `unsafe_code`.
fn continues(code: &str, at: usize) -> bool {
    code[at..].starts_with(|c: char| c.is_alphanumeric() || c == '_')
}

#[test]
fn names_say_what_things_are() {
    let vague = ["utils", "util", "helpers", "helper", "manager", "common", "misc"];
    let mut violations = Vec::new();
    for file in rust::files("src") {
        let stem = file.path.rsplit('/').next().unwrap_or_default().trim_end_matches(".rs");
        if vague.contains(&stem) {
            violations.push(format!("{}:1: a module named `{stem}` says nothing", file.path));
        }
        for function in file.functions().iter().filter(|function| !function.of_trait) {
            if ["handle_", "process_", "do_"].iter().any(|prefix| function.name.starts_with(prefix)) {
                violations.push(format!("{}:{}: `{}` says nothing", file.path, function.line, function.name));
            }
        }
    }
    assert_none(&violations);
}

#[test]
fn every_dependency_is_explained() {
    let manifest: toml::Table = read("Cargo.toml").parse().unwrap();
    let document = read("CONTRIBUTING.md");
    let explained = |name: &str| {
        let cell = format!("| `{name}` |");
        document.lines().any(|line| line.starts_with(&cell) && line.len() > cell.len() + 10)
    };
    let names = ["dependencies", "dev-dependencies", "build-dependencies"]
        .iter()
        .filter_map(|table| manifest.get(*table)?.as_table())
        .flat_map(|table| table.keys());
    let missing = names.filter(|name| !explained(name));
    let violation =
        |name: &String| format!("Cargo.toml: `{name}` has no row in the table of CONTRIBUTING.md");
    assert_none(&missing.map(violation).collect::<Vec<_>>());
}

#[test]
fn every_rule_is_described_in_the_guide() {
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("content/guide");
    let files = walkdir::WalkDir::new(guide).into_iter().filter_map(Result::ok);
    let pages = files.filter(|entry| entry.path().extension().is_some_and(|ext| ext == "md"));
    let text: String = pages.map(|entry| std::fs::read_to_string(entry.path()).unwrap()).collect();
    let missing = opsbook::rules::RULES.iter().filter(|rule| !text.contains(&format!("`{}`", rule.name)));
    let violation = |rule: &&opsbook::rules::Rule| {
        format!("src/rules.rs: no page in content/guide names `{}`", rule.name)
    };
    assert_none(&missing.map(violation).collect::<Vec<_>>());
}

#[test]
fn grouped_imports_are_read() {
    let file = File::new(
        "src/page/x.rs",
        "use crate::{a::{b, c}, d};\nuse crate::e::f;\nuse super::super::g;".to_owned(),
    );
    let names: Vec<String> = imports(&file).into_iter().map(|(_, name)| name).collect();
    assert_eq!(names, ["a", "d", "e", "g"]);
}
