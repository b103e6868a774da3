//! Parses the imports and exports of a script.
//!
//! Owns which forms of `import` and `export` can be resolved: those at the start of a line that list their names. A
//! script with another form (`export default`, `import *`, names whose value changes) is published as it is.

use crate::path::FilePath;

/// One `import` statement, or the `from` of an `export`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Import {
    /// The name of the asset.
    pub from: String,
    /// Each name in the other module, and in this one.
    pub names: Vec<(String, String)>,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Module {
    pub imports: Vec<Import>,
    /// Each name for other modules, and the name in this one.
    pub exports: Vec<(String, String)>,
    /// The text without `import` and `export`.
    pub body: String,
}

impl Module {
    /// Parses a script. Returns `None` if it is not a module, or cannot be joined with others.
    pub fn read(name: &str, text: &str) -> Option<Module> {
        let mut module = Module { imports: Vec::new(), exports: Vec::new(), body: String::new() };
        let mut rest = text;
        while !rest.is_empty() {
            let taken = match rest {
                _ if rest.starts_with("import ") || rest.starts_with("import{") => {
                    module.import(name, rest)?
                }
                _ if rest.starts_with("export ") || rest.starts_with("export{") => {
                    module.export(name, rest)?
                }
                _ => 0,
            };
            let line = rest[taken..].find('\n').map_or(rest.len(), |end| taken + end + 1);
            module.body.push_str(&rest[taken..line]);
            rest = &rest[line..];
        }
        (!module.imports.is_empty() || !module.exports.is_empty()).then_some(module)
    }

    /// Reads the statement at the start of `rest` and returns its length in bytes.
    fn import(&mut self, name: &str, rest: &str) -> Option<usize> {
        let (statement, _) = rest.split_once(';')?;
        let said = statement["import".len()..].trim();
        let (names, address) = match said.rsplit_once("from") {
            Some((list, address)) => (names(list)?, address),
            None => (Vec::new(), said),
        };
        self.imports.push(Import { from: asset(name, address)?, names });
        Some(statement.len() + 1)
    }

    /// Reads the `export` at the start of `rest` and returns how many bytes of it to remove.
    fn export(&mut self, name: &str, rest: &str) -> Option<usize> {
        let said = rest["export".len()..].trim_start();
        if !said.starts_with('{') {
            self.exports.push(same(declared(said)?));
            return Some(rest.len() - said.len());
        }
        let (statement, _) = rest.split_once(';')?;
        let said = statement["export".len()..].trim();
        let (list, address) =
            said.rsplit_once("from").map_or((said, None), |(list, rest)| (list, Some(rest)));
        let names = names(list)?;
        // A re-export imports the names first, so that they exist in this module.
        if let Some(address) = address {
            let inner = names.iter().map(|(there, _)| same(there));
            self.imports.push(Import { from: asset(name, address)?, names: inner.collect() });
        }
        self.exports.extend(names.into_iter().map(|(inner, outer)| (outer, inner)));
        Some(statement.len() + 1)
    }
}

fn same(name: &str) -> (String, String) {
    (name.to_owned(), name.to_owned())
}

/// The names of `{ a, b as c }` as pairs: `a` and `a`, `b` and `c`.
fn names(list: &str) -> Option<Vec<(String, String)>> {
    let inside = list.trim().strip_prefix('{')?.strip_suffix('}')?;
    let parts = inside.split(',').map(str::trim).filter(|part| !part.is_empty());
    let pair = |part: &str| {
        let (name, other) = part.split_once(" as ").unwrap_or((part, part));
        Some((identifier(name.trim())?.to_owned(), identifier(other.trim())?.to_owned()))
    };
    parts.map(pair).collect()
}

/// The name in a declaration, if its value does not change.
fn declared(said: &str) -> Option<&str> {
    let starts = ["async function ", "function ", "class ", "const "];
    let rest = starts.iter().find_map(|start| said.strip_prefix(start))?;
    let end = rest.find(|c: char| !is_part(c)).unwrap_or(rest.len());
    identifier(&rest[..end])
}

fn identifier(text: &str) -> Option<&str> {
    let first = text.chars().next()?;
    (!first.is_ascii_digit() && text.chars().all(is_part)).then_some(text)
}

fn is_part(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}

/// The name of the asset at a quoted relative address.
fn asset(name: &str, address: &str) -> Option<String> {
    let address = address.trim();
    let quote = address.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let reference = address[1..].strip_suffix(quote)?;
    if !reference.starts_with("./") && !reference.starts_with("../") {
        return None;
    }
    let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder);
    FilePath::new(format!("{folder}/{reference}").trim_start_matches('/'))
        .map(|path| path.as_str().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imports_and_exports_are_taken_out_and_named() {
        let text = "// A.\nimport { a, b as c } from \"./x.js\";\nimport {\n  d,\n} from '../y.js';\nimport \"./z.js\";\n\
            export const N = 1;\nexport async function f() {}\nexport class C {}\nexport { g as h };\nexport { i } from \"./w.js\";\n  import(N);\n";
        let module = Module::read("folder/own.js", text).unwrap();
        let said: Vec<_> = module.imports.iter().map(|import| (&*import.from, import.names.len())).collect();
        assert_eq!(said, [("folder/x.js", 2), ("y.js", 1), ("folder/z.js", 0), ("folder/w.js", 1)]);
        assert_eq!(module.imports[0].names[1], ("b".to_owned(), "c".to_owned()));
        let exports: Vec<_> = module.exports.iter().map(|(name, inner)| format!("{name}={inner}")).collect();
        assert_eq!(exports, ["N=N", "f=f", "C=C", "h=g", "i=i"]);
        assert_eq!(
            module.body,
            "// A.\n\n\n\nconst N = 1;\nasync function f() {}\nclass C {}\n\n\n  import(N);\n"
        );
    }

    #[test]
    fn what_is_no_module_or_cannot_be_joined_stays_as_it_is() {
        for text in [
            "const a = 1;",
            "  import { a } from './a.js';",
            "export default 1;",
            "export let a = 1;",
            "export const { a } = b;",
            "export * from './a.js';",
            "import * as a from './a.js';",
            "import a from './a.js';",
            "import { a } from 'lodash';",
            "import { a } from './a.js'",
            "import('./a.js');",
        ] {
            assert_eq!(Module::read("own.js", text), None, "{text}");
        }
    }
}
