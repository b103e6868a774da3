//! Which file of the crate uses which: read from `use` lines and from paths in the code.
//!
//! Owns [`circles`] and the way from a path to the file that defines what the path names, also through re-exports. It
//! knows no types, so a method that is called on a value of another file is not seen.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::rust::File;

/// Segments from the root of the crate: `src/page/facts/mod.rs` is `page`, `facts`.
type ModulePath = Vec<String>;

/// What one file names.
struct Module {
    file: String,
    imports: Vec<Import>,
    /// Paths of two or more segments outside of `use` lines.
    paths: BTreeSet<Vec<String>>,
}

/// One name that a `use` line brings in.
struct Import {
    name: String,
    path: Vec<String>,
    /// A re-export passes a name on; the file itself does not use it.
    re_exported: bool,
}

/// Groups of files of one top-level module that need each other, directly or through others. That a file uses what its
/// own parents define counts as no dependency: types stand in `mod.rs` and the files beside it work on them.
pub fn circles(files: &[File]) -> BTreeSet<BTreeSet<String>> {
    let graph = Graph::new(files);
    let uses: BTreeMap<&ModulePath, BTreeSet<&ModulePath>> =
        graph.modules.keys().map(|module| (module, graph.used_by(module))).collect();
    let reached: BTreeMap<&ModulePath, BTreeSet<&ModulePath>> =
        uses.keys().map(|module| (*module, reachable(module, &uses))).collect();
    let mut found = BTreeSet::new();
    for (module, others) in &reached {
        // A module reaches itself only over others that lead back to it.
        if others.contains(module) {
            let circle = others.iter().filter(|other| reached[*other].contains(module));
            found.insert(circle.map(|module| graph.modules[*module].file.clone()).collect());
        }
    }
    found
}

fn reachable<'a>(
    from: &ModulePath,
    uses: &BTreeMap<&'a ModulePath, BTreeSet<&'a ModulePath>>,
) -> BTreeSet<&'a ModulePath> {
    let mut found = BTreeSet::new();
    let mut open: Vec<&ModulePath> = uses[from].iter().copied().collect();
    while let Some(module) = open.pop() {
        if found.insert(module) {
            open.extend(uses[module].iter().copied());
        }
    }
    found
}

struct Graph {
    modules: BTreeMap<ModulePath, Module>,
}

impl Graph {
    fn new(files: &[File]) -> Graph {
        let library =
            files.iter().filter(|file| !file.path.ends_with("tests.rs") && file.path != "src/main.rs");
        Graph { modules: library.map(|file| (module_path(&file.path), Module::read(file))).collect() }
    }

    /// The modules of the same top-level module whose items a module uses, its own parents left out.
    fn used_by(&self, from: &ModulePath) -> BTreeSet<&ModulePath> {
        let module = &self.modules[from];
        let imported: BTreeMap<&str, &Vec<String>> =
            module.imports.iter().map(|import| (import.name.as_str(), &import.path)).collect();
        let mut paths: Vec<Vec<String>> = Vec::new();
        for import in module.imports.iter().filter(|import| !import.re_exported) {
            // A module that is imported as a whole is judged by the paths that begin with it.
            if !self.is_module(from, &import.path) {
                paths.push(import.path.clone());
            }
        }
        for path in &module.paths {
            let (first, rest) = path.split_first().expect("a path has segments");
            let start =
                imported.get(first.as_str()).map_or_else(|| vec![first.clone()], |path| (*path).clone());
            paths.push([start, rest.to_vec()].concat());
        }
        let used = paths.iter().filter_map(|path| self.definition(from, path, 0));
        used.filter(|to| to.first() == from.first() && !from.starts_with(to)).collect()
    }

    fn is_module(&self, from: &ModulePath, path: &[String]) -> bool {
        self.start(from, path)
            .is_some_and(|(base, rest)| self.modules.contains_key(&[base, rest.to_vec()].concat()))
    }

    /// Where a path begins, and what is left of it; nothing for paths of other crates and of a file's own types.
    fn start<'p>(&self, from: &ModulePath, path: &'p [String]) -> Option<(ModulePath, &'p [String])> {
        match path.first()?.as_str() {
            "crate" => Some((Vec::new(), &path[1..])),
            "self" => Some((from.clone(), &path[1..])),
            "super" => {
                let up = path.iter().take_while(|segment| *segment == "super").count();
                Some((from[..from.len().checked_sub(up)?].to_vec(), &path[up..]))
            }
            child => {
                let is_child = self.modules.contains_key(&[from.as_slice(), &[child.to_owned()]].concat());
                is_child.then(|| (from.clone(), path))
            }
        }
    }

    /// The module that defines what a path names.
    fn definition(&self, from: &ModulePath, path: &[String], depth: usize) -> Option<&ModulePath> {
        let (mut at, mut rest) = self.start(from, path)?;
        while let Some((name, after)) = rest.split_first() {
            let below = [at.as_slice(), std::slice::from_ref(name)].concat();
            if self.modules.contains_key(&below) {
                (at, rest) = (below, after);
                continue;
            }
            let (here, module) = self.modules.get_key_value(&at)?;
            let re_export = module.imports.iter().find(|import| import.re_exported && import.name == *name);
            // Re-exports in a circle would never end; none is that long.
            let through = re_export.filter(|_| depth < 8).map(|import| [&import.path, after].concat());
            return through.and_then(|path| self.definition(&at, &path, depth + 1)).or(Some(here));
        }
        self.modules.get_key_value(&at).map(|(path, _)| path)
    }
}

impl Module {
    fn read(file: &File) -> Module {
        let mut module = Module { file: file.path.clone(), imports: Vec::new(), paths: BTreeSet::new() };
        let mut lines: Vec<Range<usize>> = Vec::new();
        for at in file.words("use").into_iter().filter(|at| !file.in_tests(*at)) {
            let Some(length) = file.code[at..].find(';') else { continue };
            let before = file.code[..at].trim_end();
            let re_exported = before.ends_with("pub") || before.ends_with(')');
            for (path, name) in import_tree(&file.code[at + "use".len()..at + length]) {
                module.imports.push(Import { name, path, re_exported });
            }
            lines.push(at..at + length);
        }
        for (at, path) in qualified_paths(&file.code) {
            if !file.in_tests(at) && !lines.iter().any(|line| line.contains(&at)) {
                module.paths.insert(path);
            }
        }
        module
    }
}

fn module_path(file: &str) -> ModulePath {
    let path = file.trim_start_matches("src/").trim_end_matches(".rs");
    let path = path.strip_suffix("mod").or(path.strip_suffix("lib")).unwrap_or(path);
    path.split('/').filter(|segment| !segment.is_empty()).map(str::to_owned).collect()
}

/// `(a::b, b)` and `(a::c, d)` of `a::{b, c as d}`.
fn import_tree(text: &str) -> Vec<(Vec<String>, String)> {
    let mut found = Vec::new();
    for part in top_level_parts(text) {
        let (path, group) = part.split_once('{').map_or((part, None), |(path, group)| (path, Some(group)));
        let (path, alias) =
            path.split_once(" as ").map_or((path, None), |(path, alias)| (path, Some(alias.trim())));
        let prefix: Vec<String> = path
            .split("::")
            .map(str::trim)
            .filter(|segment| !segment.is_empty())
            .map(str::to_owned)
            .collect();
        let Some(group) = group else {
            let path: Vec<String> = match prefix.split_last() {
                // `a::{self, b}` imports `a`.
                Some((last, rest)) if last == "self" && alias.is_none() => rest.to_vec(),
                _ => prefix,
            };
            let name = alias.map(str::to_owned).or_else(|| path.last().cloned()).unwrap_or_default();
            found.push((path, name));
            continue;
        };
        let group = &group[..group.rfind('}').unwrap_or(group.len())];
        for (rest, name) in import_tree(group) {
            let path = [prefix.clone(), rest].concat();
            let name = if name.is_empty() { path.last().cloned().unwrap_or_default() } else { name };
            found.push((path, name));
        }
    }
    found
}

/// The parts between commas that stand in no braces.
fn top_level_parts(text: &str) -> Vec<&str> {
    let (mut depth, mut start, mut parts) = (0, 0, Vec::new());
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts.retain(|part| !part.trim().is_empty());
    parts
}

/// Every `a::b` or longer, with its place.
fn qualified_paths(code: &str) -> Vec<(usize, Vec<String>)> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let word =
        |at: usize| -> usize { code[at..].chars().take_while(|c| is_word(*c)).map(char::len_utf8).sum() };
    let (mut found, mut at) = (Vec::new(), 0);
    while let Some(c) = code[at..].chars().next() {
        let length = word(at);
        if length == 0 {
            at += c.len_utf8();
            continue;
        }
        let start = at;
        let mut path = vec![code[at..at + length].to_owned()];
        at += length;
        while code[at..].starts_with("::") && word(at + 2) > 0 {
            let length = word(at + 2);
            path.push(code[at + 2..at + 2 + length].to_owned());
            at += 2 + length;
        }
        if path.len() > 1 {
            found.push((start, path));
        }
    }
    found
}

#[test]
fn a_path_leads_to_the_file_that_defines_the_name() {
    let file = |path: &str, text: &str| File::new(path, text.to_owned());
    let circle =
        |files: &[File]| circles(files).into_iter().map(|circle| circle.into_iter().collect()).collect();
    let root = file("src/a/mod.rs", "mod b; mod c; pub use b::{B, x::*}; pub struct Root;");
    let through_the_root = [
        root,
        file("src/a/b.rs", "use super::c;\nfn f() { c::g() }"),
        file("src/a/c.rs", "use super::{B, Root};"),
    ];
    let found: Vec<Vec<String>> = circle(&through_the_root);
    assert_eq!(found, [["src/a/b.rs", "src/a/c.rs"]]);

    let one_way = [
        file("src/a/mod.rs", "mod b;\nuse b::f;\npub struct Root;"),
        file("src/a/b.rs", "use super::Root as Other;\n#[cfg(test)]\nmod tests { use crate::a::c; }"),
        file("src/a/c.rs", "fn f() { crate::a::b::f() }"),
    ];
    let found: Vec<Vec<String>> = circle(&one_way);
    assert!(found.is_empty(), "{found:?}");
}
