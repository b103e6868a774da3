//! Sessions at a prompt: commands are coloured as such, what they print is not.
//!
//! Owns which prompts count in a block and which lines belong to a command. Knows no page.

use super::command::{Command, State};
use super::prompt::{self, Kind, Prompt};
use super::token::{Class, Writer};
use super::{grammar, languages};

/// A command with more lines is taken for one that never ends.
const COMMAND_LINES: usize = 1000;

/// Whether a block is a session although its language is a shell: its first line begins with `$ ` or with a
/// prompt that names its host.
pub fn begins_with_prompt(code: &str) -> bool {
    let first = code.trim_start().lines().next().unwrap_or_default();
    prompt::find(first).is_some_and(|prompt| {
        matches!(prompt.kind, Kind::Shell | Kind::Short('$')) && prompt.length < first.len()
    })
}

/// Writes a session.
pub fn write(code: &str, writer: &mut Writer) -> Option<()> {
    let lines: Vec<&str> = code.split_inclusive('\n').collect();
    let session = Session::of(code);
    let (mut rest, mut program) = (lines.as_slice(), Kind::Shell);
    while let Some(line) = rest.first() {
        let mut taken = 1;
        match session.prompt(line, program) {
            None => writer.push(Class::Plain, line),
            Some(Prompt { length, kind: kind @ (Kind::Other | Kind::More) }) => {
                program = kind;
                writer.push(Class::Prompt, &line[..length]);
                writer.push(Class::Plain, &line[length..]);
            }
            Some(own) => {
                program = own.kind;
                taken = session.write_command(rest, own, writer)?;
            }
        }
        rest = &rest[taken..];
    }
    Some(())
}

/// What the prompts of a block have in common.
#[derive(Debug, Clone, Copy)]
struct Session {
    /// The sign of the first prompt, where nothing stands before it.
    short: Option<char>,
    /// Whether a shell names its host somewhere.
    named: bool,
}

impl Session {
    fn of(code: &str) -> Session {
        let kinds = || code.lines().filter_map(prompt::find).map(|prompt| prompt.kind);
        let short = match kinds().find(|kind| *kind != Kind::More) {
            Some(Kind::Short(sign)) => Some(sign),
            _ => None,
        };
        Session { short, named: kinds().any(|kind| kind == Kind::Shell) }
    }

    /// The prompt of a line, where its form counts here: after a long prompt a line `# x` is a comment in what
    /// a command printed, and `% Total` the head of a table. `program` is whose prompt came last.
    fn prompt(&self, line: &str, program: Kind) -> Option<Prompt> {
        prompt::find(line).filter(|prompt| match prompt.kind {
            Kind::Short('$') => self.short.is_some(),
            Kind::Short('#') => self.short.is_some() && !self.named,
            Kind::Short(sign) => self.short == Some(sign),
            Kind::Shell | Kind::Other => true,
            Kind::More => matches!(program, Kind::Other | Kind::More),
        })
    }

    /// Writes the command that begins with the first line. Returns how many lines it takes.
    fn write_command(&self, lines: &[&str], own: Prompt, writer: &mut Writer) -> Option<usize> {
        let first = lines[0];
        let asked = format!("{}> ", &first[..first.len() - first.trim_start().len()]);
        let (mut mark, mut taken) = ("", None);
        if lines.get(1).is_some_and(|line| line.starts_with(&asked)) {
            (mark, taken) = (&asked, self.extent(lines, own, &asked).ok());
        }
        let taken = taken.unwrap_or_else(|| {
            mark = "";
            self.extent(lines, own, mark).unwrap_or_else(|settled| settled)
        });
        let mut command = first[own.length..].to_owned();
        command.extend(lines[1..taken].iter().map(|line| &line[mark.len()..]));
        let mut coloured = Writer::with_capacity(command.len() * 2);
        grammar::write(languages::SHELL, &command, &mut coloured)?;
        writer.push(Class::Prompt, &first[..own.length]);
        for (index, line) in coloured.finish().split('\n').enumerate() {
            if index > 0 {
                writer.push(Class::Plain, "\n");
            }
            if (1..taken).contains(&index) {
                writer.push(Class::Prompt, mark);
            }
            writer.push_html(line);
        }
        Some(taken)
    }

    /// How many lines the command takes whose first one has the prompt `own` and all others begin with
    /// `mark`. An error holds as much as is certain of a command without an end: what seemed to be open was
    /// an apostrophe, and the rest is output.
    fn extent(&self, lines: &[&str], own: Prompt, mark: &str) -> Result<usize, usize> {
        let mut command = Command::default();
        let mut state = command.line(&lines[0][own.length..]);
        let mut settled = 1;
        for (index, line) in lines.iter().enumerate().take(COMMAND_LINES).skip(1) {
            if state == State::Complete {
                return Ok(index);
            }
            let Some(text) = line.strip_prefix(mark) else { return Err(settled) };
            if !command.in_document() && self.begins_another(line, own) {
                return Err(settled);
            }
            if state == State::Joined {
                settled = index + 1;
            }
            state = command.line(text);
        }
        if state == State::Complete { Ok(lines.len()) } else { Err(settled) }
    }

    /// Whether a line begins with a shell's prompt; a short one must have the sign of `own`, others are text.
    fn begins_another(&self, line: &str, own: Prompt) -> bool {
        let next = self.prompt(line, own.kind).map(|prompt| prompt.kind);
        next.is_some_and(|kind| kind == Kind::Shell || kind == own.kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn html(code: &str) -> String {
        let mut writer = Writer::with_capacity(0);
        write(code, &mut writer).unwrap();
        writer.finish()
    }

    /// The prompts as they are marked.
    fn prompts(code: &str) -> Vec<String> {
        let html = html(code);
        let parts = html.split("<span class=\"c-prompt\">").skip(1);
        parts.map(|part| part.split("</span>").next().unwrap().replace("&gt;", ">")).collect()
    }

    /// How many lines the first command takes.
    fn taken(code: &str) -> usize {
        let lines: Vec<&str> = code.split_inclusive('\n').collect();
        let session = Session::of(code);
        let own = session.prompt(lines[0], Kind::Shell).unwrap();
        session.write_command(&lines, own, &mut Writer::with_capacity(0)).unwrap()
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
    fn commands_are_coloured_and_what_they_print_is_not() {
        let html = html("$ echo \"a\" \\\n    \"b\"\nif true\n# cat <<EOF\n$ x\nEOF\ndone");
        assert!(html.starts_with("<span class=\"c-prompt\">$ </span>"), "{html}");
        assert!(html.contains("\nif true\n") && html.ends_with("\ndone"), "{html}");
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
