//! Finds files of a handbook's theme that change nothing, mostly because of a mistyped name.
//!
//! Owns when a file counts as used: it replaces a built-in file, or the text of another file names it.

use std::sync::Arc;

use super::{Theme, built_in};
use crate::diagnostic::{Diagnostic, nearest};
use crate::path::FilePath;
use crate::rules::THEME_UNUSED;
use crate::source::Span;

/// The style sheet that the built-in theme loads if a handbook has it.
const CUSTOM: &str = "assets/custom.css";

/// One warning for each of `files` (all in `folder`) that changes nothing in `theme`, which already contains them.
pub(super) fn find(theme: &Theme, folder: &str, files: &[(FilePath, Arc<[u8]>)]) -> Vec<Diagnostic> {
    let own = files.iter().filter_map(|(file, bytes)| Some((file, file.beneath(folder)?, bytes)));
    own.filter_map(|(file, path, bytes)| unused(theme, file, path, bytes)).collect()
}

fn unused(theme: &Theme, file: &FilePath, path: &str, bytes: &[u8]) -> Option<Diagnostic> {
    let near = near(path);
    let used = match path.split_once('/') {
        _ if built_in::FILES.iter().any(|(known, _)| *known == path) => true,
        // Templates call a component by its own name, not by the name of its file.
        Some(("templates", name)) => {
            is_named(theme, file, name) || holds(bytes, "% component ") || holds(bytes, "%- component ")
        }
        _ if super::is_strings(path) => true,
        Some(("assets", _)) => is_named(theme, file, file.name()),
        // Other folders may hold a note or a licence. Only a name that is nearly a known one is a mistake.
        _ => near.is_none(),
    };
    if used {
        return None;
    }
    let message = format!("`{path}` replaces no file of the built-in theme, and nothing uses it");
    let mut problem = Diagnostic::new(&THEME_UNUSED, Span::start_of(file), message);
    problem.help = near.map(|near| format!("did you mean `{near}`?").into());
    Some(problem)
}

/// The built-in file that is probably meant: one with that name elsewhere, else one with nearly that name.
fn near(path: &str) -> Option<&'static str> {
    let name_of = |path: &'static str| path.rsplit('/').next().unwrap_or(path);
    // A handbook's own font is not a mistyped name of ours.
    let is_candidate = |path: &&str| path.contains('/') && !path.starts_with("assets/fonts/");
    let known = || built_in::FILES.iter().map(|(known, _)| *known).chain([CUSTOM]).filter(is_candidate);
    let name = path.rsplit('/').next().unwrap_or(path);
    let meant = nearest(name, known().map(name_of))?;
    known().find(|path| name_of(path) == meant)
}

/// Whether another file of the theme names this one.
fn is_named(theme: &Theme, file: &FilePath, name: &str) -> bool {
    let templates = theme.templates.values().filter(|source| source.path != *file);
    templates
        .map(|source| source.text.as_bytes())
        .chain(theme.assets.values().map(|bytes| &**bytes))
        .any(|text| holds(text, name))
}

fn holds(text: &[u8], word: &str) -> bool {
    std::str::from_utf8(text).is_ok_and(|text| text.contains(word))
}
