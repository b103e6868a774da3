//! Finds the end of a command that is written on several lines.
//!
//! Owns the parts of shell syntax that this needs: quotes, here-documents, backslashes and pipes. Reads each line once.
//! Must not know prompts.

use std::collections::VecDeque;

/// A command that is read line by line.
#[derive(Debug, Default)]
pub struct MultilineCommand {
    quote: Option<char>,
    /// The end words of the open here-documents.
    documents: VecDeque<String>,
}

/// What a shell would do after a line.
#[derive(Debug, PartialEq, Eq, Clone, Copy)]
pub enum ContinuationState {
    /// It runs the command.
    Complete,
    /// It reads one more line: after a backslash, `|`, `&&` or `||`.
    Joined,
    /// It reads lines until a quote or a here-document ends.
    Open,
}

impl MultilineCommand {
    /// Reads the next line.
    pub fn line(&mut self, line: &str) -> ContinuationState {
        let line = line.trim_end_matches('\n');
        if let Some(end) = self.documents.front() {
            if line.trim() == end {
                self.documents.pop_front();
            }
            return if self.documents.is_empty() {
                ContinuationState::Complete
            } else {
                ContinuationState::Open
            };
        }
        let joined = self.read(line);
        match (self.quote, self.documents.is_empty()) {
            (None, true) if joined => ContinuationState::Joined,
            (None, true) => ContinuationState::Complete,
            _ => ContinuationState::Open,
        }
    }

    /// Whether the next line is text of a here-document.
    pub fn in_document(&self) -> bool {
        !self.documents.is_empty()
    }

    /// Reads a line outside here-documents. Returns whether the command continues in the next line.
    fn read(&mut self, line: &str) -> bool {
        let mut characters = line.char_indices().peekable();
        let mut last = ' ';
        let mut end = line.len();
        while let Some((at, character)) = characters.next() {
            match (self.quote, character) {
                (None | Some('"' | '`'), '\\') if characters.next().is_none() => return true,
                (None | Some('"' | '`'), '\\') => {}
                (Some(quote), _) if character == quote => self.quote = None,
                (Some(_), _) => {}
                (None, '\'' | '"' | '`') => self.quote = Some(character),
                // A comment ends the code of the line: a pipe in a comment does not continue the command.
                (None, '#') if last.is_whitespace() => {
                    end = at;
                    break;
                }
                (None, '<') if line[at..].starts_with("<<<") => {
                    characters.nth(1);
                }
                (None, '<') if line[at..].starts_with("<<") => {
                    self.documents.extend(document(&line[at + 2..]));
                }
                _ => {}
            }
            last = character;
        }
        let code = line[..end].trim_end();
        ["|", "|&", "&&"].iter().any(|operator| code.ends_with(operator)) && !code.ends_with("\\|")
    }
}

/// The end word of a here-document, read from the text after `<<`.
fn document(after: &str) -> Option<String> {
    let word = after.trim_start_matches('-').trim_start().trim_start_matches(['\'', '"', '\\']);
    let end =
        word.find(|character: char| !character.is_alphanumeric() && character != '_').unwrap_or(word.len());
    word.starts_with(|character: char| character.is_alphabetic() || character == '_')
        .then(|| word[..end].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn states(text: &str) -> Vec<ContinuationState> {
        let mut command = MultilineCommand::default();
        text.lines().map(|line| command.line(line)).collect()
    }

    #[test]
    fn a_command_goes_on_where_a_shell_would_ask_for_more() {
        use ContinuationState::{Complete, Joined, Open};
        for line in ["ls", "echo 'a' \"b\\\"\" # don't", "a &", "echo \\|", "cat <<< x", "echo $#", "a \\ "] {
            assert_eq!(states(line), [Complete], "{line}");
        }
        for line in ["a \\", "a |", "a | # b", "a &&", "a ||", "a |&", "a 'b' \\"] {
            assert_eq!(states(line), [Joined], "{line}");
        }
        assert_eq!(states("echo 'a\n\\\nb' |\nc"), [Open, Open, Joined, Complete]);
        assert_eq!(states("cat <<-'EOF' | a\n$ x '\n  EOF\nb"), [Open, Open, Complete, Complete]);
        assert_eq!(states("a <<A <<B\nA\n\"\nB"), [Open, Open, Open, Complete]);
        assert_eq!(states("echo $((1 << 2))"), [Complete]);
    }
}
