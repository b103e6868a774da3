//! `opsbook man`. Writes manual pages.
//!
//! Owns the pages of the manual: one for the program and one for each command, made by `clap_mangen` from the arguments.
//! Their examples and notes are the text after the help.

#![expect(clippy::disallowed_methods, reason = "writes the manual pages")]

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Command;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, roman};

use crate::input::Failure;
use crate::report::counted;

use super::Outcome;
use super::terminal::Terminal;

/// Write the manual pages: one for each command
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  opsbook man --out ~/.local/share/man/man1
  man opsbook-build             Read a page from there

The folder is created if it does not exist. Pages of the same names in it are
overwritten.")]
pub struct ManArgs {
    /// The folder
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
}

pub(super) fn run(args: &ManArgs, mut program: Command, terminal: &Terminal) -> Result<Outcome, Failure> {
    // Sets the full names of the commands, such as `opsbook-build`.
    program.build();
    let commands: Vec<&Command> = std::iter::once(&program).chain(program.get_subcommands()).collect();
    fs::create_dir_all(&args.out).map_err(|error| unwritable(&args.out, &error))?;
    for command in &commands {
        // An empty date would be left out, and the source would stand in its place.
        let man = Man::new((*command).clone()).date(" ").source(SOURCE).manual("Opsbook");
        let path = args.out.join(man.get_filename());
        let text = page(&man, command).expect("writing to a Vec cannot fail");
        fs::write(&path, text).map_err(|error| unwritable(&path, &error))?;
    }
    terminal.line(&format!("Wrote {} to {}", counted(commands.len(), "manual page"), args.out.display()));
    Ok(Outcome::Success)
}

/// The name and the version of the program, in the footer of each page.
const SOURCE: &str = concat!("Opsbook ", env!("CARGO_PKG_VERSION"));

/// The text of a page. `Man::render` would put the lines of the examples into one paragraph.
fn page(man: &Man, command: &Command) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    man.render_title(&mut text)?;
    man.render_name_section(&mut text)?;
    man.render_synopsis_section(&mut text)?;
    man.render_description_section(&mut text)?;
    man.render_options_section(&mut text)?;
    if command.has_subcommands() {
        man.render_subcommands_section(&mut text)?;
    }
    let after = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    text.write_all(after_help(&after).to_roff().as_bytes())?;
    if !command.has_subcommands() {
        let mut also = Roff::new();
        also.control("SH", ["SEE ALSO"]).text([roman("opsbook(1)")]);
        text.write_all(also.to_roff().as_bytes())?;
    }
    Ok(text)
}

/// The sections of the text after the help: lines of examples as they are, and paragraphs of notes.
fn after_help(text: &str) -> Roff {
    let mut roff = Roff::new();
    let (examples, notes): (Vec<&str>, Vec<&str>) =
        text.split("\n\n").filter(|part| !part.is_empty()).partition(|part| part.starts_with("Examples:"));
    for lines in examples {
        roff.control("SH", ["EXAMPLES"]).control("EX", []);
        for line in lines.lines().skip(1) {
            roff.text([roman(line.strip_prefix("  ").unwrap_or(line))]);
        }
        roff.control("EE", []);
    }
    if !notes.is_empty() {
        roff.control("SH", ["NOTES"]);
    }
    for paragraph in notes {
        roff.control("PP", []).text([roman(paragraph)]);
    }
    roff
}

fn unwritable(path: &Path, error: &io::Error) -> Failure {
    let message = format!("cannot write `{}`: {error}", path.display());
    Failure::new(message, "Check that you may write there and that there is space.")
}
