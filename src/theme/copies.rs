//! Copies of built-in templates in a handbook's theme.
//!
//! Owns the first line of a copy, which names the original and its digest, and the search for copies whose original
//! has changed since: what a new version mends is then missing in the copy.

use super::{built_in, built_in_source};
use crate::diagnostic::Diagnostic;
use crate::memo::Digest;
use crate::rules::THEME_CHANGED;
use crate::source::{Source, Span};

/// What the first line begins and ends with. It is a comment of the template language, and leaves no line in a page.
const BEGIN: &str = "{#- Copy of ";
const MIDDLE: &str = ", original ";
const END: &str = " -#}";

/// A built-in template as a copy for a handbook: its path below `templates/` and its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateCopy {
    pub path: &'static str,
    pub text: String,
}

/// The names of the built-in templates, sorted: `home.html`, `partials/footer.html`.
pub fn template_names() -> impl Iterator<Item = &'static str> {
    built_in::FILES.iter().filter_map(|(path, _)| path.strip_prefix("templates/"))
}

/// The copy of a template by its name, also without folder and extension: `footer`.
pub fn copy(name: &str) -> Option<TemplateCopy> {
    let wanted = name.strip_prefix("templates/").unwrap_or(name);
    let is_it = |path: &&str| {
        let stem = path.strip_suffix(".html").unwrap_or(path);
        *path == wanted || stem == wanted || stem.strip_prefix("partials/") == Some(wanted)
    };
    let path = template_names().find(is_it)?;
    let original = original(path)?;
    Some(TemplateCopy { path, text: format!("{BEGIN}{path}{MIDDLE}{}{END}\n{original}", digest(&original)) })
}

/// A short digest of a template's text.
fn digest(text: &str) -> String {
    Digest::from_parts(&[text.as_bytes()]).hex()[..12].to_owned()
}

fn original(path: &str) -> Option<String> {
    built_in_source(&format!("templates/{path}")).map(|text| text.replace("\r\n", "\n"))
}

/// The problem of a copy whose original has changed since, or is no longer there.
pub(super) fn outdated(template: &Source) -> Option<Diagnostic> {
    let line = template.text.lines().next()?;
    let (path, known) = line.strip_prefix(BEGIN)?.strip_suffix(END)?.split_once(MIDDLE)?;
    let (message, help) = match original(path) {
        Some(original) if digest(&original) == known => return None,
        Some(original) => (
            format!("the built-in `{path}` has changed since this copy was made"),
            format!(
                "compare it with `opsbook theme show {path}`, take over what is new, and write `{}` in the first line",
                digest(&original)
            ),
        ),
        None => (
            format!("there is no built-in `{path}` any more, of which this is a copy"),
            "delete the copy, or its first line if you still use it".to_owned(),
        ),
    };
    Some(Diagnostic::new(&THEME_CHANGED, Span::new(&template.path, 0..line.len()), message).help(help))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::path::FilePath;

    fn problem(text: &str) -> Option<String> {
        let path = FilePath::new("theme/templates/partials/footer.html").unwrap();
        outdated(&Source::new(path, text)).map(|problem| problem.message.to_string())
    }

    #[test]
    fn a_template_is_found_by_its_path_and_by_its_name() {
        for name in ["footer", "partials/footer", "partials/footer.html", "templates/partials/footer.html"] {
            assert_eq!(copy(name).map(|copy| copy.path), Some("partials/footer.html"), "{name}");
        }
        assert_eq!(copy("home").map(|copy| copy.path), Some("home.html"));
        assert_eq!((copy("foter"), copy("style.css"), copy("")), (None, None, None));
    }

    #[test]
    fn a_copy_is_outdated_when_its_original_has_changed() {
        let copy = copy("footer").unwrap().text;
        assert_eq!(problem(&copy), None);
        assert_eq!(
            problem(&copy.replace("<footer", "<footer id=\"own\"")),
            None,
            "its own changes are right"
        );
        let (_, rest) = copy.split_once('\n').unwrap();
        assert_eq!(problem(rest), None, "without the line nothing is known");
        let old = format!("{BEGIN}partials/footer.html{MIDDLE}000000000000{END}\n{rest}");
        assert!(problem(&old).unwrap().contains("has changed since"));
        let gone = format!("{BEGIN}partials/gone.html{MIDDLE}000000000000{END}\n{rest}");
        assert!(problem(&gone).unwrap().contains("no built-in `partials/gone.html` any more"));
    }
}
