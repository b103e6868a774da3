//! Joins style sheets: one that imports others contains them when it is published.
//!
//! Owns how `@import "./other.css";` between style sheets is resolved, so that a page waits for few files while the theme
//! and a handbook keep small ones. Must not know which pages exist.

use std::collections::BTreeSet;

use super::built_in;
use crate::scripts::Assets;

/// Joins style sheets. A built-in sheet that is joined into others is no longer an asset, unless a template loads it:
/// `is_loaded` says so. A sheet that cannot be joined stays as it is; browsers follow its imports.
pub(super) fn join(assets: &mut Assets, is_loaded: &dyn Fn(&str) -> bool) {
    let mut parts: BTreeSet<String> = BTreeSet::new();
    let mut joined: Vec<(String, String)> = Vec::new();
    for name in assets.keys().filter(|name| name.ends_with(".css")) {
        let mut sheet = JoinedSheet { assets, open: Vec::new(), parts: BTreeSet::new(), text: String::new() };
        if sheet.add(name).is_some() && !sheet.parts.is_empty() {
            parts.extend(sheet.parts);
            joined.push((name.clone(), sheet.text));
        }
    }
    for (name, text) in joined {
        assets.insert(name, text.into_bytes().into());
    }
    for part in parts.iter().filter(|part| is_built_in(part) && !is_loaded(part)) {
        assets.remove(part);
    }
}

fn is_built_in(name: &str) -> bool {
    built_in::FILES.iter().any(|(path, _)| path.strip_prefix("assets/") == Some(name))
}

/// A sheet with the sheets that it imports, in their order.
struct JoinedSheet<'a> {
    assets: &'a Assets,
    /// The sheets that are being added: each imports the next one.
    open: Vec<String>,
    parts: BTreeSet<String>,
    text: String,
}

impl JoinedSheet<'_> {
    /// Adds a sheet; `None` where an import cannot be resolved.
    fn add(&mut self, name: &str) -> Option<()> {
        if self.open.iter().any(|open| open == name) {
            return None;
        }
        self.open.push(name.to_owned());
        let sheet = std::str::from_utf8(self.assets.get(name)?).ok()?;
        for line in sheet.split_inclusive('\n') {
            if line.trim_start().starts_with("@import") {
                let part = imported(line)?;
                self.add(part)?;
                self.parts.insert(part.to_owned());
            } else {
                self.text.push_str(line);
            }
        }
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push('\n');
        }
        self.open.pop();
        Some(())
    }
}

/// The name in `@import "./other.css";`. A sheet in another folder would refer to other files, and a condition holds
/// for the import only: such imports are not resolved.
fn imported(line: &str) -> Option<&str> {
    let address = line.trim().strip_prefix("@import")?.strip_suffix(';')?.trim();
    let quote = address.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    let name = address.strip_prefix(quote)?.strip_suffix(quote)?.strip_prefix("./")?;
    (!name.contains(['/', '"', '\''])).then_some(name)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn joined(files: &[(&str, &str)], loaded: &[&str]) -> BTreeMap<String, String> {
        let mut assets: Assets =
            files.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes().into())).collect();
        join(&mut assets, &|name| loaded.contains(&name));
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        assets.into_iter().map(|(name, bytes)| (name, text(&bytes))).collect()
    }

    #[test]
    fn a_sheet_contains_what_it_imports_in_order() {
        let site = joined(
            &[
                ("base.css", "@import \"./style.css\";\n@import './prose.css';\nend{}"),
                ("style.css", "@import \"./own.css\";\nstyle{}"),
                ("prose.css", "prose{}\n"),
                ("own.css", "own{}\n"),
                ("code.css", "code{}\n"),
            ],
            &["base.css", "prose.css"],
        );
        assert_eq!(site["base.css"], "own{}\nstyle{}\nprose{}\nend{}\n");
        // Built-in parts go, unless a template loads them; a handbook's own stay.
        assert_eq!(site.keys().collect::<Vec<_>>(), ["base.css", "code.css", "own.css", "prose.css"]);
    }

    #[test]
    fn a_sheet_with_an_import_of_another_sort_stays_as_it_is() {
        for line in [
            "@import \"https://example.org/a.css\";",
            "@import \"./fonts/a.css\";",
            "@import \"./none.css\";",
            "@import \"./style.css\" print;",
            "@import url(./style.css);",
            "@import \"./base.css\";",
        ] {
            let text = format!("{line}\nend{{}}\n");
            let files = [("base.css", text.as_str()), ("style.css", "style{}\n"), ("fonts/a.css", "a{}\n")];
            assert_eq!(joined(&files, &["base.css"])["base.css"], text);
        }
    }
}
