//! Highlights sessions at a prompt: commands have the colours of their language, their output has one colour.
//!
//! Owns which prompts count in a block, which lines belong to a command and which are output. Must not know pages.

use std::ops::Range;

use super::command::{ContinuationState, MultilineCommand};
use super::prompt::{self, Prompt, PromptKind};
use super::token::{Class, TokenWriter};
use super::{grammar, languages};

/// The most lines of a command. A command with more lines is treated as one without an end.
const COMMAND_LINES: usize = 1000;

/// Whether a block is a session although its language is a shell: its first line begins with `$ ` or with a prompt that
/// contains a host name.
pub fn begins_with_prompt(code: &str) -> bool {
    let first = code.trim_start().lines().next().unwrap_or_default();
    prompt::find(first).is_some_and(|prompt| {
        matches!(prompt.kind, PromptKind::Shell | PromptKind::Short('$')) && prompt.length < first.len()
    })
}

/// Consecutive lines of a session that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionPart {
    /// The lines, counted from 0.
    pub lines: Range<usize>,
    /// The typed lines, or `None` for output.
    pub typed: Option<TypedLines>,
}

/// Lines that a user typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypedLines {
    /// The length in bytes of the first line's prompt.
    pub prompt: usize,
    /// The length in bytes of the prompt of each further line.
    pub mark: usize,
    pub reader: CommandReader,
}

/// The program that reads a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CommandReader {
    Shell,
    /// A database or an interpreter.
    Other,
}

/// The parts of a session, in order. Consecutive lines of output may be one part or several.
pub fn parts(lines: &[&str]) -> Vec<SessionPart> {
    let session = PromptSession::of(lines);
    let (mut at, mut program, mut parts) = (0, PromptKind::Shell, Vec::new());
    while let Some(line) = lines.get(at) {
        let (taken, typed) = match session.prompt(line, program) {
            None => (1, None),
            Some(Prompt { length, kind: kind @ (PromptKind::Other | PromptKind::More) }) => {
                program = kind;
                (1, Some(TypedLines { prompt: length, mark: 0, reader: CommandReader::Other }))
            }
            Some(own) => {
                program = own.kind;
                let (taken, mark) = session.command(&lines[at..], own);
                (taken, Some(TypedLines { prompt: own.length, mark, reader: CommandReader::Shell }))
            }
        };
        parts.push(SessionPart { lines: at..at + taken, typed });
        at += taken;
    }
    parts
}

/// Writes a session.
pub fn write(code: &str, writer: &mut TokenWriter) -> Option<()> {
    let lines: Vec<&str> = code.split_inclusive('\n').collect();
    for part in parts(&lines) {
        let lines = &lines[part.lines];
        match part.typed {
            None => lines.iter().for_each(|line| writer.push(Class::Output, line)),
            Some(typed) if typed.reader == CommandReader::Shell => write_command(lines, &typed, writer)?,
            Some(TypedLines { prompt, .. }) => {
                writer.push(Class::Prompt, &lines[0][..prompt]);
                writer.push(Class::Plain, &lines[0][prompt..]);
            }
        }
    }
    Some(())
}

fn write_command(lines: &[&str], typed: &TypedLines, writer: &mut TokenWriter) -> Option<()> {
    let mut command = lines[0][typed.prompt..].to_owned();
    // A command is coloured as a whole, because a quote may span several lines. Then the prompts are put back.
    command.extend(lines[1..].iter().map(|line| &line[typed.mark..]));
    let mut coloured = TokenWriter::with_capacity(command.len() * 2);
    grammar::write(languages::SHELL, &command, &mut coloured)?;
    writer.push(Class::Prompt, &lines[0][..typed.prompt]);
    for (index, line) in coloured.finish().split('\n').enumerate() {
        if index > 0 {
            writer.push(Class::Plain, "\n");
        }
        if (1..lines.len()).contains(&index) {
            writer.push(Class::Prompt, &lines[index][..typed.mark]);
        }
        writer.push_html(line);
    }
    Some(())
}

/// The properties that the prompts of a block share.
#[derive(Debug, Clone, Copy)]
struct PromptSession {
    /// The character of the first prompt, if the prompt is nothing else.
    short: Option<char>,
    /// Whether any prompt contains a host name.
    named: bool,
}

impl PromptSession {
    fn of(lines: &[&str]) -> PromptSession {
        let kinds = || lines.iter().filter_map(|line| prompt::find(line)).map(|prompt| prompt.kind);
        let short = match kinds().find(|kind| *kind != PromptKind::More) {
            Some(PromptKind::Short(character)) => Some(character),
            _ => None,
        };
        PromptSession { short, named: kinds().any(|kind| kind == PromptKind::Shell) }
    }

    /// The prompt of a line, if its form counts in this block. After a long prompt, a line `# x` is a comment in the
    /// output of a command, and `% Total` is the header of a table. `program` is the kind of the previous prompt.
    fn prompt(&self, line: &str, program: PromptKind) -> Option<Prompt> {
        prompt::find(line).filter(|prompt| match prompt.kind {
            PromptKind::Short('$') => self.short.is_some(),
            PromptKind::Short('#') => self.short.is_some() && !self.named,
            PromptKind::Short(character) => self.short == Some(character),
            PromptKind::Shell | PromptKind::Other => true,
            PromptKind::More => matches!(program, PromptKind::Other | PromptKind::More),
        })
    }

    /// The number of lines of the command that begins with the first line, and the length in bytes of the prompt of its
    /// further lines.
    fn command(&self, lines: &[&str], own: Prompt) -> (usize, usize) {
        let first = lines[0];
        let asked = format!("{}> ", &first[..first.len() - first.trim_start().len()]);
        // A shell asks for the rest of a command with `> `. This is tried first, because `> ` could otherwise be read
        // as a redirection.
        if lines.get(1).is_some_and(|line| line.starts_with(&asked))
            && let Ok(taken) = self.extent(lines, own, &asked)
        {
            return (taken, asked.len());
        }
        (self.extent(lines, own, "").unwrap_or_else(|settled| settled), 0)
    }

    /// The number of lines of a command whose first line has the prompt `own` and whose other lines begin with `mark`.
    /// The error is the number of lines that certainly belong to a command without an end: what looked like an open
    /// quote was an apostrophe, and the rest is output.
    fn extent(&self, lines: &[&str], own: Prompt, mark: &str) -> Result<usize, usize> {
        let mut command = MultilineCommand::default();
        let mut state = command.line(&lines[0][own.length..]);
        let mut settled = 1;
        for (index, line) in lines.iter().enumerate().take(COMMAND_LINES).skip(1) {
            if state == ContinuationState::Complete {
                return Ok(index);
            }
            let Some(text) = line.strip_prefix(mark) else { return Err(settled) };
            if !command.in_document() && self.begins_another(line, own) {
                return Err(settled);
            }
            if state == ContinuationState::Joined {
                settled = index + 1;
            }
            state = command.line(text);
        }
        if state == ContinuationState::Complete { Ok(lines.len()) } else { Err(settled) }
    }

    /// Whether a line begins with a shell prompt. A short prompt must have the character of `own`; any other is text.
    fn begins_another(&self, line: &str, own: Prompt) -> bool {
        let next = self.prompt(line, own.kind).map(|prompt| prompt.kind);
        next.is_some_and(|kind| kind == PromptKind::Shell || kind == own.kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn html(code: &str) -> String {
        let mut writer = TokenWriter::with_capacity(0);
        write(code, &mut writer).unwrap();
        writer.finish()
    }

    /// The marked prompts.
    fn prompts(code: &str) -> Vec<String> {
        let html = html(code);
        let parts = html.split("<span class=\"c-prompt\">").skip(1);
        parts.map(|part| part.split("</span>").next().unwrap().replace("&gt;", ">")).collect()
    }

    /// The number of lines of the first command.
    fn taken(code: &str) -> usize {
        let lines: Vec<&str> = code.split_inclusive('\n').collect();
        parts(&lines)[0].lines.len()
    }

    #[test]
    fn after_a_long_prompt_a_short_one_is_output() {
        let code = "ops@host:~$ cat a\n# GALERA saved state\n$ x\nroot@host:~# curl b\n  % Total\n#\n";
        assert_eq!(prompts(code), ["ops@host:~$ ", "root@host:~# "]);
        assert_eq!(prompts("# on the first node\nroot@a:~# ls\n"), ["root@a:~# "]);
        assert_eq!(prompts("$ sudo -i\n# ls\n$ curl a\n % Total\n"), ["$ ", "# ", "$ "]);
        assert_eq!(prompts("% ls\n% ls\n"), ["% ", "% "]);
    }

    #[test]
    fn other_programs_have_prompts_too() {
        let code = "$ mysql\nMariaDB [octavia]> select 1\n    -> ;\n1\n> x\nmysql> exit\n$ ls\n-> y\n";
        let want = ["$ ", "MariaDB [octavia]> ", "    -> ", "> ", "mysql> ", "$ "];
        assert_eq!(prompts(code), want);
        assert_eq!(prompts(">>> if x:\n...     y\n... \n"), [">>> ", "... ", "... "]);
    }

    #[test]
    fn a_command_takes_the_lines_that_a_shell_would_read() {
        for (code, lines) in [
            ("$ a |\nb |\nc\nout\n", 3),
            ("$ a &&\n b ||\n c\nout", 3),
            ("$ a \\\nb\nout", 2),
            ("$ echo 'a\n# b\n'\nout\n", 3),
            ("$ cat <<EOF | tee x\n$ a |\nEOF\nout\n", 3),
            ("$ a\nout |\n", 1),
            ("# don't do this\nout\nout\n", 1),
            ("$ echo don't \\\nb\n$ c's\n", 1),
            ("$ a |\n$ b\n", 1),
            ("$ a \\", 1),
            ("$ a \\\nb |", 2),
            ("$ a \\\n> b \\\n> c\nout\n", 3),
            ("ops@a:~$ echo 'x\nroot@a:~# b'\n", 1),
        ] {
            assert_eq!(taken(code), lines, "{code}");
        }
    }

    #[test]
    fn what_a_shell_asks_with_is_a_prompt_and_no_redirection() {
        let code = "  $ cat <<EOF\n  > > x\n  > y\n  > EOF\n> out\n";
        assert_eq!(prompts(code), ["  $ ", "  > ", "  > ", "  > "]);
        assert_eq!(prompts("$ cat <<EOF\n> quoted\nEOF\n"), ["$ "]);
    }

    #[test]
    fn commands_are_coloured_and_their_output_has_one_colour() {
        let html = html("$ echo \"a\" \\\n    \"b\"\nif true\n# cat <<EOF\n$ x\nEOF\ndone");
        assert!(html.starts_with("<span class=\"c-prompt\">$ </span>"), "{html}");
        assert!(html.contains("\n<span class=\"c-output\">if true</span>\n"), "{html}");
        assert!(html.ends_with("\n<span class=\"c-output\">done</span>"), "{html}");
        assert_eq!(html.matches("c-prompt").count(), 2, "{html}");
        assert_eq!(
            html.matches("c-string").count(),
            3,
            "the second line and the document belong to it: {html}"
        );
    }

    #[test]
    fn a_script_that_begins_with_a_prompt_is_a_session() {
        for code in ["$ ls", "\nroot@node1:~# ls\n", "(venv) $ ls"] {
            assert!(begins_with_prompt(code), "{code}");
        }
        for code in ["# a comment\nls", "a> b", "$", "> a", ""] {
            assert!(!begins_with_prompt(code), "{code}");
        }
    }
}
