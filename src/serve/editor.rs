//! Links from a problem to its position in the author's editor.
//!
//! Owns the table of editors that open a file by a link. Starts no program: the browser asks before it follows
//! such a link, so no page can open anything by itself.

use std::path::Path;

use crate::path::{FilePath, encode};
use crate::source::Position;

/// Editors by name, each with the link that opens a position in a file. Sorted by name.
const EDITORS: &[(&str, &str)] = &[
    ("cursor", "cursor://file{path}:{line}:{column}"),
    ("idea", "idea://open?file={path}&line={line}&column={column}"),
    ("sublime", "subl://open?url=file://{path}&line={line}&column={column}"),
    ("textmate", "txmt://open?url=file://{path}&line={line}&column={column}"),
    ("vscode", "vscode://file{path}:{line}:{column}"),
    ("vscodium", "vscodium://file{path}:{line}:{column}"),
    ("windsurf", "windsurf://file{path}:{line}:{column}"),
    ("zed", "zed://file{path}:{line}:{column}"),
];

/// Programs in `VISUAL` and `EDITOR` whose names differ from those of their editors.
const PROGRAMS: &[(&str, &str)] = &[
    ("code", "vscode"),
    ("codium", "vscodium"),
    ("mate", "textmate"),
    ("subl", "sublime"),
    ("zeditor", "zed"),
];

/// An editor that opens a file by a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Editor {
    /// A link with `{path}`, `{line}` and `{column}`.
    link: String,
}

impl Editor {
    /// The editor of this name, or a custom one if the name is a link with `{path}`.
    ///
    /// # Errors
    /// The expected names, if the name is not one of them.
    pub fn named(name: &str) -> Result<Editor, String> {
        // A link that runs code in the page of the preview does not open an editor.
        let runs = ["javascript:", "data:", "blob:"].iter().any(|scheme| starts_with(name, scheme));
        if name.contains("{path}") && name.contains(':') && !runs {
            return Ok(Editor { link: name.to_owned() });
        }
        let names: Vec<&str> = EDITORS.iter().map(|(name, _)| *name).collect();
        Editor::known(name)
            .ok_or_else(|| format!("expected one of {}, or a link with `{{path}}`", names.join(", ")))
    }

    /// The editor that a command line in `VISUAL` or `EDITOR` starts, such as `code --wait`; `None` if it opens
    /// no links.
    pub fn of_command(command: &str) -> Option<Editor> {
        let program = Path::new(command.split_whitespace().next()?).file_stem()?.to_str()?;
        let name = PROGRAMS.iter().find(|(called, _)| *called == program).map_or(program, |(_, name)| name);
        Editor::known(name)
    }

    fn known(name: &str) -> Option<Editor> {
        let (_, link) = EDITORS.iter().find(|(known, _)| *known == name)?;
        Some(Editor { link: (*link).to_owned() })
    }

    /// The link to a position in a file; `None` if the path of the handbook is not UTF-8.
    pub(super) fn link(&self, root: &Path, file: &FilePath, at: Position) -> Option<String> {
        let path = root.join(file.as_str());
        let path: Vec<_> = path.to_str()?.split('/').map(encode).collect();
        let link = self.link.replace("{path}", &path.join("/"));
        Some(link.replace("{line}", &at.line.to_string()).replace("{column}", &at.column.to_string()))
    }
}

fn starts_with(text: &str, scheme: &str) -> bool {
    text.trim_start().get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_names_the_place_and_encodes_the_path() {
        let file = FilePath::new("content/a b.md").unwrap();
        let link = |name: &str| {
            Editor::named(name).unwrap().link(Path::new("/srv/h"), &file, Position { line: 7, column: 3 })
        };
        assert_eq!(link("vscode").unwrap(), "vscode://file/srv/h/content/a%20b.md:7:3");
        assert_eq!(link("x-edit:{path}#{line}").unwrap(), "x-edit:/srv/h/content/a%20b.md#7");
    }

    #[test]
    fn names_that_are_none_and_links_that_run_are_refused() {
        for name in ["vi", "", "{path}", "javascript:alert('{path}')", " JavaScript:{path}"] {
            assert!(Editor::named(name).unwrap_err().contains("vscode"), "{name}");
        }
    }

    #[test]
    fn the_editor_of_the_environment_is_known_by_its_program() {
        assert_eq!(Editor::of_command("/usr/bin/code --wait"), Editor::named("vscode").ok());
        assert_eq!(Editor::of_command("zed"), Editor::named("zed").ok());
        assert_eq!((Editor::of_command("vim"), Editor::of_command("")), (None, None));
    }

    #[test]
    fn the_tables_are_sorted_and_programs_name_editors() {
        assert!(EDITORS.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert!(PROGRAMS.iter().all(|(_, name)| Editor::known(name).is_some()));
    }
}
