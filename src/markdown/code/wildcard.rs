//! Finds wildcards that a shell expands to file names.
//!
//! Owns which characters of a script or session are such wildcards. Must not know risks: the caller decides what a
//! wildcard means.

use super::shell::{Quoting, Script};
use super::shell_commands::shell_commands;

/// The first word with a wildcard in the commands of a block.
pub fn wildcard(language: &str, code: &str) -> Option<String> {
    shell_commands(language, code).iter().find_map(|command| in_script(command))
}

fn in_script(text: &str) -> Option<String> {
    let script = Script::read(text);
    let found = text.match_indices(['*', '?']).map(|(at, _)| at);
    let mut wildcards = found.filter(|at| {
        let bare = script.place(&(*at..at + 1)).quote == Quoting::Bare;
        // `$?` and `$*` are parameters, and `*)` is the last arm of a `case`.
        bare && !text[..*at].ends_with('$') && !text[at + 1..].starts_with(')')
    });
    wildcards.next().map(|at| word(text, at).to_owned())
}

/// The word around an offset.
fn word(text: &str, at: usize) -> &str {
    let ends = |character: char| character.is_whitespace() || ";|&<>()".contains(character);
    let start = text[..at].char_indices().rev().find(|(_, character)| ends(*character));
    let start = start.map_or(0, |(start, character)| start + character.len_utf8());
    &text[start..at + text[at..].find(ends).unwrap_or(text.len() - at)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_shell_replaces_is_found() {
        for (language, code, word) in [
            ("bash", "rm /var/log/old/*.gz\n", "/var/log/old/*.gz"),
            ("bash", "cd /x && rm -- \"$a\"*; ls\n", "\"$a\"*"),
            ("console", "# mv x.yaml .\n# rm core.??\n", "core.??"),
            ("console", "root@a:~# rm \\\n    é*\n", "é*"),
            ("sh", "for f in $(ls *.log); do rm \"$f\"; done\n", "*.log"),
        ] {
            assert_eq!(wildcard(language, code).as_deref(), Some(word), "{code}");
        }
    }

    #[test]
    fn what_the_shell_leaves_is_none() {
        for (language, code) in [
            ("bash", "find /x -name '*.gz' -delete; rm a\\*b \"c*\"\n"),
            ("bash", "echo $? $* $((2 * 3)) # all of *\n"),
            ("bash", "case $1 in *) rm x;; esac\n"),
            ("console", "# rm x\nremoved *\n"),
            ("console", "MariaDB [octavia]> SELECT * FROM load_balancer;\n"),
            ("yaml", "- *\n"),
        ] {
            assert_eq!(wildcard(language, code), None, "{code}");
        }
    }
}
