//! Joins modules into classic scripts, which also run on a page that is opened as a file.
//!
//! Owns how `import` and `export` between scripts are resolved. A script that a page loads contains the modules that
//! it needs, in their order, each as a function whose frozen result is a property of the namespace `opsbook`. Must
//! not know which pages exist.
//!
//! A page that is opened from `file://` loads no module, and can neither `fetch` nor `import()` a file next to it. A
//! classic script runs there, also under our policy. A module that another script of the same page contains is not
//! repeated.
//!
//! A script that is needed later cannot be loaded by `script.src = …`, because our policy has no Trusted Types
//! policy. Instead, the page holds a `<script>` in a `<template>`; a copy of it loads when it is put into the
//! document. So the text of a page names every script that may ever run in it.

mod module;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use module::{Import, Module};

/// Scripts and other files by name.
pub type Assets = BTreeMap<String, Arc<[u8]>>;

/// Modules by name.
type Modules<'a> = BTreeMap<&'a str, Module>;

/// The start of a joined script. `var` makes an own property of the window, so that no element's id can replace it.
const HEAD: &str = "\"use strict\";\nvar opsbook = opsbook || { __proto__: null };\n";
/// The expression with which modules ask for their own address.
const OWN_ADDRESS: &str = "import.meta.url";

/// The start of a script that adds to the namespace.
pub fn head() -> String {
    HEAD.to_owned()
}

/// A value, given as JSON, escaped for a script.
pub fn literal(json: &str) -> String {
    // In scripts before ES2019, these two end a line.
    json.replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029")
}

/// Joins modules. `is_loaded` returns whether a page loads a script. A module that is joined into other scripts is no
/// asset any more, unless a page loads it. A script that cannot be joined stays as it is.
pub fn join(assets: &mut Assets, is_loaded: &dyn Fn(&str) -> bool) {
    // All texts are computed before the first change, because the modules borrow from `assets`.
    let joined: Vec<(String, Option<String>)> = {
        let modules = modules(assets);
        let entries: BTreeSet<&str> = modules.keys().copied().filter(|name| is_loaded(name)).collect();
        let text = |name: &&str| entries.contains(name).then(|| script(name, &modules, &entries));
        let taken: BTreeSet<&str> = entries.iter().flat_map(|name| needed(name, &modules)).collect();
        taken.iter().map(|name| ((*name).to_owned(), text(name))).collect()
    };
    for (name, text) in joined {
        match text {
            Some(text) => _ = assets.insert(name, text.into_bytes().into()),
            None => _ = assets.remove(&name),
        }
    }
}

/// The modules that can be joined: scripts with imports or exports that import only such modules, and not each other.
fn modules(assets: &Assets) -> Modules<'_> {
    let scripts = assets.iter().filter(|(name, _)| name.ends_with(".js"));
    let text = |bytes| std::str::from_utf8(bytes).ok();
    let mut modules: Modules<'_> = scripts
        .filter_map(|(name, bytes)| Some((name.as_str(), Module::read(name, text(bytes)?)?)))
        .collect();
    // A module without one of its imports is lost too, so this repeats until nothing more is lost.
    loop {
        let known: BTreeSet<&str> = modules.keys().copied().collect();
        let sound = |module: &Module| module.imports.iter().all(|import| known.contains(&*import.from));
        let lost: Vec<&str> = known
            .iter()
            .copied()
            .filter(|name| !sound(&modules[name]) || is_circular(name, &modules))
            .collect();
        if lost.is_empty() {
            return modules;
        }
        modules.retain(|name, _| !lost.contains(name));
    }
}

/// Whether a module imports itself, directly or through others.
fn is_circular(name: &str, modules: &Modules<'_>) -> bool {
    let imports = |name: &str| modules.get(name).into_iter().flat_map(|module| &module.imports);
    let mut seen = BTreeSet::new();
    let mut waiting: Vec<&str> = imports(name).map(|import| &*import.from).collect();
    while let Some(next) = waiting.pop() {
        if seen.insert(next) {
            waiting.extend(imports(next).map(|import| &*import.from));
        }
    }
    seen.contains(name)
}

/// A module and all modules that it needs, in the order in which they must run.
fn needed<'a>(name: &'a str, modules: &'a Modules<'a>) -> Vec<&'a str> {
    let mut order = Vec::new();
    visit(name, modules, &mut order);
    order
}

fn visit<'a>(name: &'a str, modules: &'a Modules<'a>, order: &mut Vec<&'a str>) {
    // This ends, because `modules` has dropped modules that import each other.
    for import in &modules[name].imports {
        if !order.contains(&&*import.from) {
            visit(&import.from, modules, order);
        }
    }
    if !order.contains(&name) {
        order.push(name);
    }
}

/// One script with the modules that it needs, without those in the scripts that it imports: a page loads these first.
fn script<'a>(name: &'a str, modules: &'a Modules<'a>, entries: &BTreeSet<&'a str>) -> String {
    let all = needed(name, modules);
    let others = all.iter().filter(|other| **other != name && entries.contains(*other));
    let elsewhere: BTreeSet<&str> = others.flat_map(|other| needed(other, modules)).collect();
    let mut text = head();
    for part in all.into_iter().filter(|part| !elsewhere.contains(part)) {
        text.push_str(&function(part, &modules[part]));
    }
    text
}

/// A module as a function that runs once, even if several scripts of a page contain it.
fn function(name: &str, module: &Module) -> String {
    let quoted = serde_json::to_string(name).expect("a name is a string");
    let imports: String = module.imports.iter().map(constant).collect();
    // A classic script has no `import.meta`, and `currentScript` is only set while the script itself runs.
    let (here, body) = if module.body.contains(OWN_ADDRESS) {
        ("const here = document.currentScript.src;\n", module.body.replace(OWN_ADDRESS, "here"))
    } else {
        ("", module.body.clone())
    };
    let exports = module
        .exports
        .iter()
        .map(|(name, inner)| if name == inner { name.clone() } else { format!("{name}: {inner}") });
    let exports = exports.collect::<Vec<_>>().join(", ");
    format!(
        "{quoted} in opsbook || Object.defineProperty(opsbook, {quoted}, {{ value: (() => {{\n{here}{imports}{body}\nreturn Object.freeze({{ {exports} }});\n}})() }});\n"
    )
}

/// The statement that takes imported names from the namespace.
fn constant(import: &Import) -> String {
    if import.names.is_empty() {
        return String::new();
    }
    let names = import
        .names
        .iter()
        .map(|(name, inner)| if name == inner { name.clone() } else { format!("{name}: {inner}") });
    let names = names.collect::<Vec<_>>().join(", ");
    format!(
        "const {{ {names} }} = opsbook[{}];\n",
        serde_json::to_string(&import.from).expect("a name is a string")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(files: &[(&str, &str)], loaded: &[&str]) -> BTreeMap<String, String> {
        let mut assets: Assets =
            files.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes().into())).collect();
        join(&mut assets, &|name| loaded.contains(&name));
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        assets.into_iter().map(|(name, bytes)| (name, text(&bytes))).collect()
    }

    /// The names of the modules in a script, in their order.
    fn parts(text: &str) -> Vec<&str> {
        text.match_indices("Object.defineProperty(opsbook, \"")
            .map(|(at, start)| text[at + start.len()..].split('"').next().unwrap())
            .collect()
    }

    #[test]
    fn a_script_gets_what_it_needs_in_order_and_the_rest_from_the_scripts_before_it() {
        let files = [
            ("page.js", "import { say } from \"./say.js\";\nexport const tell = () => say();\n"),
            ("say.js", "import { raw } from \"./raw.js\";\nexport function say() { return raw; }\n"),
            ("raw.js", "export const raw = import.meta.url;\n"),
            (
                "other.js",
                "import { tell as told } from \"./page.js\";\nimport { raw } from \"./raw.js\";\nimport { own } from \"./own.js\";\ntold(raw, own);\n",
            ),
            ("own.js", "export const own = 1;\n"),
            ("plain.js", "alert(1)"),
        ];
        let site = joined(&files, &["page.js", "other.js", "plain.js"]);
        assert_eq!(site.keys().collect::<Vec<_>>(), ["other.js", "page.js", "plain.js"]);
        assert_eq!(parts(&site["page.js"]), ["raw.js", "say.js", "page.js"]);
        assert_eq!(parts(&site["other.js"]), ["own.js", "other.js"]);
        assert!(site["other.js"].contains("const { tell: told } = opsbook[\"page.js\"];\n"));
        assert!(site["page.js"].contains("const here = document.currentScript.src;\nconst raw = here;"));
        assert_eq!(site["plain.js"], "alert(1)");
    }

    #[test]
    fn modules_in_a_circle_or_without_what_they_import_stay_as_they_are() {
        let files = [
            ("a.js", "import { b } from './b.js';\nexport const a = 1;"),
            ("b.js", "import { a } from './a.js';\nexport const b = 1;"),
            ("c.js", "import { d } from './none.js';"),
            ("e.js", "import { c } from './c.js';"),
        ];
        let site = joined(&files, &["a.js", "c.js", "e.js"]);
        assert!(files.iter().all(|(name, text)| site[*name] == *text));
    }
}
