//! What `book.toml` says of moved paths.
//!
//! Owns the edits of `[paths]`, of the patterns in `[visibility.paths]`, of the addresses in `[brand]`, and of lists of
//! sections.

use crate::fields::toml::{self, TomlText};
use crate::input::text_edits::TextEdit;
use crate::renames::{Rename, Renames};

/// The keys of `[brand]` whose values are addresses.
const ADDRESSES: [&str; 6] = ["logo", "logo_dark", "icon", "card", "imprint", "privacy"];

/// The edits of paths, patterns and addresses. `content` is the folder of the pages.
pub(super) fn path_edits(text: &str, content: &str, renames: &Renames) -> Vec<TextEdit> {
    edits(text, |found| match found.path.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["paths", "data"] => moved_path(&found.text, renames),
        // The pattern is the key; its value is a level.
        ["visibility", "paths", pattern] if *pattern == found.text => moved_path(pattern, renames),
        ["brand", key] if ADDRESSES.contains(key) && found.text != *key => {
            moved_address(&found.text, content, renames)
        }
        ["brand", "header_links" | "footer_links", "to"] if found.text != "to" => {
            moved_address(&found.text, content, renames)
        }
        _ => None,
    })
}

/// An address in the settings after the move: a path from the content folder or from the root, perhaps with an anchor.
fn moved_address(written: &str, content: &str, renames: &Renames) -> Option<String> {
    let (path, anchor) = match written.find('#') {
        Some(at) => written.split_at(at),
        None => (written, ""),
    };
    if let Some(moved) = moved_path(path, renames) {
        return Some(format!("{moved}{anchor}"));
    }
    let relative = path.strip_prefix('/').unwrap_or(path);
    let slash = &path[..path.len() - relative.len()];
    let moved = moved_path(&format!("{content}/{relative}"), renames)?;
    let relative = moved.strip_prefix(content)?.strip_prefix('/')?;
    Some(format!("{slash}{relative}{anchor}"))
}

/// The edits of lists of sections. `section` gives the new name of a section that moves.
pub(super) fn section_edits(text: &str, section: impl Fn(&str) -> Option<String>) -> Vec<TextEdit> {
    edits(text, |found| match found.path.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["print", "sections"] if found.text != "sections" => section(&found.text),
        ["offline", "keep"] if found.text != "keep" => section(&found.text),
        _ => None,
    })
}

fn edits(text: &str, changed: impl Fn(&TomlText) -> Option<String>) -> Vec<TextEdit> {
    let mut edits = Vec::new();
    for found in toml::texts(text) {
        if let Some(new) = changed(&found) {
            let quote =
                if text[found.range.clone()].starts_with('\'') && !new.contains('\'') { '\'' } else { '"' };
            let escaped = if quote == '"' { new.replace('\\', "\\\\").replace('"', "\\\"") } else { new };
            edits.push(TextEdit { range: found.range, text: format!("{quote}{escaped}{quote}") });
        }
    }
    edits
}

/// A path or pattern that begins with a moved path, after the move.
pub(super) fn moved_path(written: &str, renames: &Renames) -> Option<String> {
    renames.list.iter().find_map(|Rename { from, to }| {
        let rest = written.strip_prefix(from.as_str())?;
        (rest.is_empty() || rest.starts_with('/')).then(|| format!("{to}{rest}"))
    })
}

/// The section that `name` stands for, as `[print]` and `[offline]` write it, as a URL.
pub(super) fn section_url(name: &str) -> String {
    format!("{}/", name.trim_matches('/'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::text_edits::apply;
    use crate::path::FilePath;

    #[test]
    fn settings_follow_a_move_and_keep_their_form() {
        let path = |path: &str| FilePath::new(path).unwrap();
        let rename = Rename { from: path("content/a"), to: path("content/x/b") };
        let renames = Renames { list: vec![rename] };
        let text = "[paths]\ndata = \"content/a/d\" # c\n[visibility.paths]\n\"content/a/**\" = \"internal\"\n\
            'content/ab/**' = \"internal\"\n[print]\nsections = ['a', \"c\"]\n\
            [brand]\nlogo = \"a/l.svg\"\nimprint = 'content/a/i.md'\ncard = \"ab/c.png\"\n\
            header_links = [{ text = \"a/t.md\", to = \"/a/t.md#x\" }]\n";
        let edited = apply(text, &path_edits(text, "content", &renames));
        assert!(
            edited.contains("logo = \"x/b/l.svg\"\nimprint = 'content/x/b/i.md'\ncard = \"ab/"),
            "{edited}"
        );
        assert!(edited.contains("text = \"a/t.md\", to = \"/x/b/t.md#x\""), "{edited}");
        assert!(edited.contains("data = \"content/x/b/d\" # c"), "{edited}");
        assert!(edited.contains("\"content/x/b/**\" = \"internal\"\n'content/ab/**'"), "{edited}");
        let section = |name: &str| (name == "a").then(|| "x/b".to_owned());
        assert!(apply(text, &section_edits(text, section)).contains("sections = ['x/b', \"c\"]"));
    }
}
