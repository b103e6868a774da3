//! The commands of a code block that a shell runs.
//!
//! Owns what of a script or a session is a command: in a session the lines after a prompt of the shell, without the
//! prompt and without what was printed.

use super::console::{self, CommandReader};
use super::languages::{self, Lexer};

/// The commands of a block, in order. A script is one text. Other languages have none.
pub(super) fn shell_commands(language: &str, code: &str) -> Vec<String> {
    match languages::lexer(language, code) {
        Some(Lexer::Console) => of_session(code),
        Some(Lexer::Grammar(languages::SHELL)) => vec![code.to_owned()],
        _ => Vec::new(),
    }
}

fn of_session(code: &str) -> Vec<String> {
    let lines: Vec<&str> = code.split_inclusive('\n').collect();
    let parts = console::parts(&lines).into_iter();
    let commands = parts.filter_map(|part| {
        let typed = part.typed.filter(|typed| typed.reader == CommandReader::Shell)?;
        let cut = |number| if number == part.lines.start { typed.prompt } else { typed.mark };
        Some(part.lines.clone().map(|number| &lines[number][cut(number)..]).collect())
    });
    commands.collect()
}
