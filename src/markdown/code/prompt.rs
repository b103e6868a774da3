//! Recognises prompts.
//!
//! Owns the forms of prompts, each on its own. `console` decides which of them count in a block.

/// A prompt at the beginning of a line.
#[derive(Debug, PartialEq, Eq, Clone, Copy)]
pub struct Prompt {
    /// The length in bytes, with the indent before the prompt and the space after it.
    pub length: usize,
    pub kind: PromptKind,
}

/// The program that a prompt belongs to.
#[derive(Debug, PartialEq, Eq, Clone, Copy)]
pub enum PromptKind {
    /// Only the character of a shell prompt. Output may look the same: comments, column titles.
    Short(char),
    /// A shell prompt with a host name: `root@node1:~# `.
    Shell,
    /// The prompt of another program: `mysql> `.
    Other,
    /// A prompt for the rest of a command: `> `, `-> `, `... `, `nova-# `.
    More,
}

/// The prompt at the beginning of a line.
pub fn find(line: &str) -> Option<Prompt> {
    let body = line.trim_end_matches('\n');
    let text = environment(body.trim_start());
    let (length, kind) = more(text).or_else(|| up_to_first_end(text))?;
    let start = body.len() - text.len();
    let blank = usize::from(body[start + length..].starts_with(' '));
    Some(Prompt { length: start + length + blank, kind })
}

/// Skips a virtual environment such as `(venv) `.
fn environment(text: &str) -> &str {
    let after = text.strip_prefix('(').and_then(|rest| rest.split_once(") "));
    after.filter(|(name, _)| !name.contains(char::is_whitespace)).map_or(text, |(_, after)| after)
}

/// The length of a prompt that consists of `>>>` or asks for the rest of a command.
fn more(text: &str) -> Option<(usize, PromptKind)> {
    let known = [
        (">>>", PromptKind::Other),
        ("...", PromptKind::More),
        ("->", PromptKind::More),
        (">", PromptKind::More),
    ];
    let stands = |form: &str| text.strip_prefix(form).is_some_and(is_end);
    known.into_iter().find(|(form, _)| stands(form)).map(|(form, kind)| (form.len(), kind))
}

/// The length of a prompt that ends with the first prompt character of the line.
fn up_to_first_end(text: &str) -> Option<(usize, PromptKind)> {
    let at = text.find(['$', '#', '%', '>'])?;
    let (before, character) = (&text[..at], text[at..].chars().next()?);
    if !is_end(&text[at + 1..]) {
        return None;
    }
    let kind = match character {
        '>' if names_program(before) || names_database(before) => PromptKind::Other,
        '>' => return None,
        _ if before.is_empty() => PromptKind::Short(character),
        _ if names_host(before) || names_shell(before) => PromptKind::Shell,
        '#' if names_database(before) => PromptKind::Other,
        '#' if before.len() > 1 && before.ends_with(['-', '(', '\'']) && is_word(before) => PromptKind::More,
        _ => return None,
    };
    Some((at + 1, kind))
}

fn is_end(after: &str) -> bool {
    after.is_empty() || after.starts_with(' ')
}

/// Whether a text is the prompt of a program: `mysql`, `127.0.0.1:6379`, `irb(main):001:0`, `MariaDB [(none)]`. Spaces
/// are only allowed next to brackets or inside them.
fn names_program(before: &str) -> bool {
    let (mut depth, mut last) = (0_usize, ' ');
    for (at, character) in before.char_indices() {
        let beside = before[at + character.len_utf8()..].starts_with('[') || last == ']';
        let sound = match character {
            '[' | '(' => true,
            ']' | ')' => depth > 0,
            '<' | '"' => false,
            ' ' => depth > 0 || beside,
            _ => depth > 0 || character.is_ascii_alphanumeric() || "-_.:".contains(character),
        };
        if !sound {
            return false;
        }
        depth = match character {
            '[' | '(' => depth + 1,
            ']' | ')' => depth - 1,
            _ => depth,
        };
        last = character;
    }
    let titled = before.starts_with(|character: char| character.is_ascii_alphanumeric() || character == '[');
    depth == 0 && titled && before.len() <= 60 && !before.ends_with(' ')
}

/// Whether a text is the prompt of a database: `nova=` and, in a transaction, `nova=*`.
fn names_database(before: &str) -> bool {
    let name = before.strip_suffix('*').unwrap_or(before).strip_suffix('=');
    name.is_some_and(|name| !name.is_empty() && is_word(name))
}

fn is_word(text: &str) -> bool {
    text.chars().all(|character| !character.is_whitespace() && !"\"'<>=:".contains(character))
        || text.ends_with('\'')
}

/// Whether a text is the prompt of a shell without a host name: `bash-5.1`, or `/` and `~` of small systems.
fn names_shell(before: &str) -> bool {
    let version = before.strip_prefix("bash-").or_else(|| before.strip_prefix("sh-"));
    let counted = |version: &str| version.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    version.is_some_and(counted) || matches!(before, "/" | "/ " | "~" | "~ ")
}

/// Whether a text is a prompt with a host name: `user@host…`, with or without brackets or the name of a container
/// before it.
fn names_host(before: &str) -> bool {
    let container = before.strip_prefix('(').and_then(|rest| rest.split_once(")["));
    let inner = container.map_or(before.trim_start_matches('['), |(_, inner)| inner);
    let Some((user, host)) = inner.split_once('@') else { return false };
    let is_name = |name: &str| {
        let part = |character: char| character.is_ascii_alphanumeric() || "-_.".contains(character);
        !name.is_empty() && name.chars().all(part)
    };
    let host = host.split([':', '/', ' ', ']']).next().unwrap_or_default();
    let container = container.is_none_or(|(name, _)| is_name(name));
    before.len() <= 80 && container && is_name(user) && is_name(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(line: &str) -> Option<PromptKind> {
        find(line).map(|prompt| prompt.kind)
    }

    #[test]
    fn prompts_are_known_by_their_form() {
        for line in ["$ ls", "# ls", "% ls", "(venv) $ ls", "  $ ls", "$", "#"] {
            assert!(matches!(kind(line), Some(PromptKind::Short(_))), "{line}");
        }
        let shells = [
            "root@node1:~# ls",
            "[root@host ~]# ls",
            "[cloud@mgmt-1 ~]$ ls",
            "(nova-conductor)[root@host /]# ls",
            "(nova-conductor)[root@testbed-node-0/]# ls",
            "dragon@node-0 (1)[f:5]$ !uptime",
            "bash-5.1# ls",
            "/ # ls",
        ];
        for line in shells {
            assert_eq!(kind(line), Some(PromptKind::Shell), "{line}");
        }
        let others = [
            "mysql> select 1;",
            "MariaDB [octavia]> select 1;",
            "MariaDB [(none)]> ",
            "postgres=# \\d",
            "nova=*> commit;",
            ">>> 1 + 1",
            "ceph> status",
            "sqlite> .tables",
            "127.0.0.1:6379> PING",
            "irb(main):001:0> exit",
            "[ prod ] console> exit",
        ];
        for line in others {
            assert_eq!(kind(line), Some(PromptKind::Other), "{line}");
        }
        for line in ["> b", "    -> from x", "... b", "nova-# from x", "nova(# )"] {
            assert_eq!(kind(line), Some(PromptKind::More), "{line}");
        }
    }

    #[test]
    fn what_only_holds_a_sign_is_no_prompt() {
        let lines = [
            "",
            "total 100%",
            "a # b",
            "#comment",
            "$HOME",
            "mail a@b, see # 4",
            "<a> b",
            "x => y",
            "95% ok",
            "a b> c",
            "a: b> c",
            "key: # value",
            "Filesystem Size Used Avail Use% Mounted on",
            "/dev/sda1 3.9T 99% /var",
            "drwxr-xr-x a -> b",
        ];
        for line in lines {
            assert_eq!(find(line), None, "{line}");
        }
    }

    #[test]
    fn the_blank_behind_it_belongs_to_a_prompt() {
        for prompt in ["$ ", "  root@node1:~# ", "(venv) $ ", "MariaDB [octavia]> ", ">>> ", "ceph> "] {
            assert_eq!(find(&format!("{prompt}ls -l $x # y\n")).unwrap().length, prompt.len(), "{prompt}");
            let bare = prompt.trim_end();
            assert_eq!(find(&format!("{bare}\n")).unwrap().length, bare.len(), "{prompt}");
        }
    }
}
