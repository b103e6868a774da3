//! Questions at the terminal. Reads standard input.
//!
//! Owns how `new` asks for the fields that a page must have. It asks only if a person is at the terminal, and
//! an empty answer always means "later".

use std::collections::BTreeMap;
use std::io::{BufRead, IsTerminal, stdin};

use crate::kinds::{Field, FieldType, Kind, Kinds, NewPage};

use super::field_values;
use super::terminal::{OutputStream, Terminal};

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
