//! Questions at the terminal. Reads standard input.
//!
//! Owns how `new` asks for the fields that a page must have, `init` for title, language and forge, and `check --fix`
//! before it writes. They ask only if
//! a person is at the terminal. An empty answer means "later" for a field, and the default for `init`.

use std::collections::BTreeMap;
use std::io::{BufRead, IsTerminal, stdin};

use crate::kinds::{Field, FieldType, Kind, Kinds, NewPage};

use super::field_values;
use super::shared_args;
use super::terminal::{OutputStream, Terminal};
use crate::forge::Forge;

/// Asks for each field that is needed, until all are answered or postponed. An answer can make further fields
/// necessary.
pub(super) fn ask(
    kinds: &Kinds,
    kind: &Kind,
    draft: &NewPage<'_>,
    terminal: &Terminal,
) -> BTreeMap<String, String> {
    let mut given = draft.given.clone();
    if !stdin().is_terminal() || !terminal.is_watched(OutputStream::Out) {
        return given;
    }
    let mut put_off = Vec::new();
    loop {
        let draft = NewPage { given: &given, ..*draft };
        let needed = kinds.still_needed(kind, &draft);
        let asked = |field: &&&Field| {
            !put_off.contains(&field.name) && !matches!(field.field_type, FieldType::Record(_))
        };
        let Some(field) = needed.iter().find(asked) else { return given };
        let name = field.name.clone();
        match answer(field, terminal) {
            Some(answer) => drop(given.insert(name, answer)),
            None => put_off.push(name),
        }
    }
}

/// The answer; `None` if it is postponed.
fn answer(field: &Field, terminal: &Terminal) -> Option<String> {
    terminal.note(&format!("{} It must be {}.", field.help, crate::kinds::expected(field)));
    loop {
        terminal.print(OutputStream::Error, &format!("{} (Enter: later): ", field.name));
        let mut line = String::new();
        let read = stdin().lock().read_line(&mut line).unwrap_or(0);
        let line = line.trim();
        if read == 0 || line.is_empty() {
            return None;
        }
        match field_values::checked(field, line) {
            Ok(()) => return Some(line.to_owned()),
            Err(wrong) => terminal.note(&wrong.message),
        }
    }
}

/// Asks a question that only `y` or `yes` answers with yes. The end of the input is a no.
pub(super) fn agrees(input: &mut impl BufRead, question: &str, terminal: &Terminal) -> bool {
    terminal.print(OutputStream::Error, &format!("{question} [y/N] "));
    let mut line = String::new();
    let read = input.read_line(&mut line).unwrap_or(0);
    read > 0 && matches!(line.trim().to_lowercase().as_str(), "y" | "yes")
}

/// What `init` asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct InitAnswers {
    /// A language tag.
    pub language: String,
    /// Default: a title in the language.
    pub title: Option<String>,
    pub forges: Vec<Forge>,
}

/// Asks for language, title and forge. `defaults` holds the answers of an empty line.
pub(super) fn interview(input: &mut impl BufRead, defaults: InitAnswers, terminal: &Terminal) -> InitAnswers {
    let named: Vec<&str> = defaults.forges.iter().map(|forge| forge.name()).collect();
    let named = if named.is_empty() { "none".to_owned() } else { named.join(", ") };
    let question = format!("Language, en or de (Enter: {}): ", defaults.language);
    let language = ask_until(input, &question, shared_args::language, terminal).unwrap_or(defaults.language);
    let usual = if language.starts_with("de") { "Unser Handbuch" } else { "Our handbook" };
    let title = ask_until(input, &format!("Title (Enter: {usual}): "), shared_args::title, terminal);
    let question = format!("Forges: github, gitlab, forgejo or none (Enter: {named}): ");
    let forges = ask_until(input, &question, forges, terminal).unwrap_or(defaults.forges);
    InitAnswers { language, title: title.or(defaults.title), forges }
}

/// The forges in an answer such as `github, gitlab`.
fn forges(answer: &str) -> Result<Vec<Forge>, String> {
    let names = answer.split([',', ' ']).map(str::trim).filter(|name| !name.is_empty() && *name != "none");
    let find = |name: &str| {
        Forge::named(name).ok_or_else(|| format!("`{name}` is not one of github, gitlab and forgejo"))
    };
    names.map(find).collect()
}

/// Asks until the answer is accepted; `None` for an empty line and at the end of the input.
fn ask_until<T>(
    input: &mut impl BufRead,
    question: &str,
    accept: impl Fn(&str) -> Result<T, String>,
    terminal: &Terminal,
) -> Option<T> {
    loop {
        terminal.print(OutputStream::Error, question);
        let mut line = String::new();
        let read = input.read_line(&mut line).unwrap_or(0);
        if read == 0 || line.trim().is_empty() {
            return None;
        }
        match accept(line.trim()) {
            Ok(answer) => return Some(answer),
            Err(wrong) => terminal.note(&wrong),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answers(lines: &str) -> InitAnswers {
        let defaults = InitAnswers { language: "en".to_owned(), title: None, forges: vec![Forge::GitHub] };
        interview(&mut lines.as_bytes(), defaults, &Terminal::new())
    }

    #[test]
    fn only_yes_is_yes() {
        let is_yes = |answer: &str| agrees(&mut answer.as_bytes(), "?", &Terminal::new());
        assert!(["y\n", "YES\n", " yes"].into_iter().all(is_yes));
        assert!(!["", "\n", "n\n", "yep\n", "no\n"].into_iter().any(is_yes));
    }

    #[test]
    fn enter_takes_the_default_and_a_wrong_answer_is_asked_for_again() {
        let want = InitAnswers { language: "en".to_owned(), title: None, forges: vec![Forge::GitHub] };
        assert_eq!(answers("\n\n\n"), want);
        assert_eq!(answers(""), want, "the input ends");
        let want = InitAnswers {
            language: "de".to_owned(),
            title: Some("Wir".to_owned()),
            forges: vec![Forge::GitLab, Forge::Forgejo],
        };
        assert_eq!(answers("fr\nde\nWir\nsourcehut\ngitlab, Forgejo\n"), want);
        assert_eq!(answers("\n\nnone\n").forges, Vec::new());
    }
}
