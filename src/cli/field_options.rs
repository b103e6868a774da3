//! Fields of a kind as options of `opsbook new`.
//!
//! Turns `--severity SEV2` into `--field severity=SEV2` before clap parses the arguments: the fields of a kind
//! are known only after the handbook is loaded.

use std::collections::BTreeSet;
use std::ffi::OsString;

use clap::CommandFactory;

use super::args::Args;

const COMMAND: &str = "new";

/// The arguments, with every unknown option of `new` turned into `--field`.
pub(super) fn as_fields(arguments: Vec<OsString>) -> Vec<OsString> {
    if arguments.get(1).is_none_or(|command| command != COMMAND) {
        return arguments;
    }
    let known = known();
    let mut rest = arguments.into_iter().peekable();
    let mut read = Vec::new();
    while let Some(argument) = rest.next() {
        // After `--` there are no options.
        if argument == "--" {
            read.push(argument);
            read.extend(rest);
            break;
        }
        let option = argument.to_str().and_then(|text| text.strip_prefix("--")).map(str::to_owned);
        let Some(option) = option.filter(|option| !known.contains(name(option))) else {
            read.push(argument);
            continue;
        };
        let value = |next: &OsString| !option.contains('=') && !next.to_string_lossy().starts_with("--");
        let mut field = OsString::from(&option);
        if let Some(next) = rest.next_if(value) {
            field.push("=");
            field.push(next);
        }
        read.extend(["--field".into(), field]);
    }
    read
}

fn name(option: &str) -> &str {
    option.split_once('=').map_or(option, |(name, _)| name)
}

/// The options that `new` itself has.
fn known() -> BTreeSet<String> {
    let command = Args::command();
    let new = command.find_subcommand(COMMAND).expect("the command exists");
    let own = new.get_arguments().filter_map(|argument| argument.get_long().map(str::to_owned));
    own.chain(["help".to_owned()]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> String {
        let read = as_fields(line.split(' ').map(OsString::from).collect());
        read.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn unknown_options_are_fields() {
        assert_eq!(read("opsbook new rca T --severity SEV2"), "opsbook new rca T --field severity=SEV2");
        assert_eq!(
            read("opsbook new rca T --severity=SEV2 --x"),
            "opsbook new rca T --field severity=SEV2 --field x"
        );
        assert_eq!(read("opsbook new --a b rca T"), "opsbook new --field a=b rca T");
        // The program has an option `--version`, its command `new` has none; there it is a field.
        assert_eq!(
            read("opsbook new standard T --version 1.0"),
            "opsbook new standard T --field version=1.0"
        );
    }

    #[test]
    fn options_of_the_command_and_of_other_commands_stay() {
        for line in [
            "opsbook new rca T --root x --list --field a=b",
            "opsbook build --out x --y",
            "opsbook new a -- --b",
        ] {
            assert_eq!(read(line), line);
        }
    }
}
