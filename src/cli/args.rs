//! The commands of the command line, and the help of the program.
//!
//! Owns the list of commands. The arguments of a command stand in its file, beside its `run`, and those of several
//! commands in `shared_args`. An option has one short line of help; the guide explains the rest. The doc comments of
//! commands and options are the text of the help.

use clap::builder::styling::{AnsiColor, Styles};
use clap::{Parser, Subcommand};

use super::audit::AuditArgs;
use super::build::BuildArgs;
use super::bundle::BundleArgs;
use super::check::CheckArgs;
use super::completions::CompletionsArgs;
#[cfg(feature = "deploy")]
use super::deploy::DeployArgs;
use super::explain::ExplainArgs;
use super::history::HistoryArgs;
use super::init::InitArgs;
use super::lsp::LspArgs;
use super::man::ManArgs;
use super::mv::MvArgs;
use super::new::NewArgs;
use super::owners::OwnersArgs;
use super::poster::PosterArgs;
use super::report::ReportArgs;
use super::schema::SchemaArgs;
use super::serve::ServeArgs;
use super::status::StatusArgs;
use super::theme::ThemeArgs;

/// Builds handbooks of open operations: runbooks, processes, analyses, minutes.
#[derive(Debug, Parser)]
#[command(name = "opsbook", version, styles = STYLES, max_term_width = WIDTH, after_help = EXAMPLES, disable_help_subcommand = true)]
pub struct Args {
    #[command(subcommand)]
    pub command: Command,
}

/// The largest width of the help, in columns: the common width of a terminal.
const WIDTH: usize = 80;

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Yellow.on_default().bold())
    .usage(AnsiColor::Yellow.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

const EXAMPLES: &str = "\
Examples:
  opsbook init handbook         Start a handbook in a new folder
  opsbook serve --open          Write, with a preview that follows every save
  opsbook check                 List every problem of the content
  opsbook mv content/a content/b
                                Rename a folder, with every link to it
  opsbook report --base main    What a branch changes, as a comment
  opsbook audit                 Look for what should not be published
  opsbook build                 Publish to public/
  opsbook bundle                One archive that opens without a server

Exit codes: 0 all is well, 1 errors in the content, 2 the command could not run.";

#[derive(Debug, Subcommand)]
pub enum Command {
    Init(InitArgs),
    Build(BuildArgs),
    Bundle(BundleArgs),
    #[cfg(feature = "deploy")]
    Deploy(DeployArgs),
    Serve(ServeArgs),
    Check(CheckArgs),
    Report(ReportArgs),
    Status(StatusArgs),
    Explain(ExplainArgs),
    Audit(AuditArgs),
    New(NewArgs),
    Mv(MvArgs),
    Owners(OwnersArgs),
    History(HistoryArgs),
    Poster(PosterArgs),
    Schema(SchemaArgs),
    Lsp(LspArgs),
    Theme(ThemeArgs),
    Completions(CompletionsArgs),
    Man(ManArgs),
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_definitions_are_sound() {
        Args::command().debug_assert();
    }

    /// The output of each command for `-h` and for `--help`.
    fn helps() -> Vec<(String, String)> {
        let names: Vec<String> =
            Args::command().get_subcommands().map(|command| command.get_name().to_owned()).collect();
        let calls = names.into_iter().map(|name| vec![name]).chain([Vec::new()]);
        let both = calls.flat_map(|call| ["-h", "--help"].map(|flag| (call.join(" "), flag)));
        let help = |(name, flag): (String, &str)| {
            let call = std::iter::once("opsbook").chain(name.split_whitespace()).chain([flag]);
            let help = Args::command().try_get_matches_from(call).expect_err("help ends it").to_string();
            (name, help)
        };
        both.map(help).collect()
    }

    #[test]
    fn help_fits_into_a_terminal() {
        for (command, help) in helps() {
            let long = help.lines().find(|line| line.chars().count() > WIDTH);
            assert_eq!(long, None, "{command}");
        }
        for command in std::iter::once(&Args::command()).chain(Args::command().get_subcommands()) {
            let after = command.get_after_help().expect("each command has examples").to_string();
            let broken = after.lines().find(|line| line.chars().count() > WIDTH);
            assert_eq!(broken, None, "{} breaks where no line ends", command.get_name());
        }
    }

    #[test]
    fn each_option_and_command_has_one_line() {
        for (command, help) in helps() {
            let lists = help.split("\n\n").filter(|part| {
                ["Options:", "Commands:", "Arguments:"].iter().any(|head| part.starts_with(head))
            });
            for list in lists {
                let names_commands = list.starts_with("Commands:");
                for line in list.lines().skip(1) {
                    // A second line is indented as far as the text of the first.
                    let named = if names_commands {
                        line[2..].starts_with(|c: char| c.is_ascii_lowercase())
                    } else {
                        line.trim_start().starts_with(['-', '[', '<'])
                    };
                    assert!(named && line.starts_with("  "), "{command}: {line}");
                }
            }
        }
    }
}
