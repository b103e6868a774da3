//! Sessions at a prompt: commands are coloured as such, what they print is not.
//!
//! Owns what a prompt looks like and where a command ends. Knows no page.

use super::token::{Class, Writer};
use super::{grammar, languages};

/// What stands at the beginning of a line.
#[derive(Debug, PartialEq, Eq)]
enum Prompt {
    /// Of a shell: this many bytes, blanks included.
    Shell(usize),
    /// Of another program, whose commands are not a shell's.
    Other(usize),
}

/// Whether a block is a session although its language is a shell: its first line begins with `$ `.
pub fn begins_with_prompt(code: &str) -> bool {
    code.trim_start().starts_with("$ ")
}

/// Writes a session.
pub fn write(code: &str, writer: &mut Writer) -> Option<()> {
    let mut lines = code.split_inclusive('\n').peekable();
    while let Some(line) = lines.next() {
        match prompt(line) {
            None => writer.push(Class::Plain, line),
            Some(Prompt::Other(length)) => {
                writer.push(Class::Prompt, &line[..length]);
                writer.push(Class::Plain, &line[length..]);
            }
            Some(Prompt::Shell(length)) => {
                writer.push(Class::Prompt, &line[..length]);
                let mut command = line[length..].to_owned();
                while let Some(next) = lines.next_if(|_| continues(&command)) {
                    command.push_str(next);
                }
                grammar::write(languages::SHELL, &command, writer)?;
            }
        }
    }
    Some(())
}

/// Whether the next line still belongs to the command: after a backslash, or inside a here-document.
fn continues(command: &str) -> bool {
    if command.trim_end_matches('\n').ends_with('\\') {
        return true;
    }
    let Some(end) = here_document(command) else { return false };
    !command.lines().skip(1).any(|line| line.trim() == end)
}

/// The word that ends the here-document which the first line opens.
fn here_document(command: &str) -> Option<&str> {
    let (_, after) = command.lines().next()?.split_once("<<")?;
    let word = after.trim_start_matches('-').trim_start().trim_start_matches(['\'', '"', '\\']);
    let end = word.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(word.len());
    (end > 0).then(|| &word[..end])
}

/// The prompt at the beginning of a line: `$ `, `# `, `user@host:~$ `, `[root@host ~]# `, `(venv) $ `,
/// `mysql> `, `postgres=# `, `>>> `.
fn prompt(line: &str) -> Option<Prompt> {
    let body = line.trim_end_matches('\n');
    let start = body.len() - body.trim_start().len();
    let text = environment(&body[start..]);
    let start = body.len() - text.len();
    if text.starts_with(">>> ") {
        return Some(Prompt::Other(start + 4));
    }
    let at = text.find(['$', '#', '%', '>'])?;
    let after = &text[at + 1..];
    if !(after.is_empty() || after.starts_with(' ')) {
        return None;
    }
    let length = start + at + 1 + usize::from(!after.is_empty());
    let before = &text[..at];
    match text.as_bytes()[at] {
        b'>' if !before.is_empty() && before.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') => {
            Some(Prompt::Other(length))
        }
        b'>' => None,
        b'#' if before.len() > 1 && before.ends_with('=') && !before.contains(' ') => {
            Some(Prompt::Other(length))
        }
        _ => (before.is_empty() || names_host(before)).then_some(Prompt::Shell(length)),
    }
}

/// Passes over `(venv) `.
fn environment(text: &str) -> &str {
    let after = text.strip_prefix('(').and_then(|rest| rest.split_once(") "));
    after.filter(|(name, _)| !name.contains(char::is_whitespace)).map_or(text, |(_, after)| after)
}

/// Whether this is `user@host…`, with or without brackets.
fn names_host(before: &str) -> bool {
    let Some((user, host)) = before.trim_start_matches('[').split_once('@') else { return false };
    let word = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    let name = host.split([':', ' ', ']']).next().unwrap_or_default();
    before.len() <= 80
        && !user.is_empty()
        && user.chars().all(word)
        && !name.is_empty()
        && name.chars().all(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn html(code: &str) -> String {
        let mut writer = Writer::with_capacity(0);
        write(code, &mut writer).unwrap();
        writer.finish()
    }

    #[test]
    fn prompts_are_known_by_their_form() {
        let shell =
            ["$ ls", "# ls", "root@node1:~# ls", "[cloud@mgmt-1 ~]$ ls", "(venv) $ ls", "  $ ls", "$"];
        for line in shell {
            assert!(matches!(prompt(line), Some(Prompt::Shell(_))), "{line}");
        }
        for line in ["mysql> select 1;", "postgres=# \\d", ">>> 1 + 1", "ceph> status"] {
            assert!(matches!(prompt(line), Some(Prompt::Other(_))), "{line}");
        }
        for line in
            ["", "total 100%", "a # b", "#comment", "$HOME", "mail a@b, see # 4", "<a> b", "x => y", "95% ok"]
        {
            assert_eq!(prompt(line), None, "{line}");
        }
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
}
