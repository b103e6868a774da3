//! The command line.
//!
//! Owns the commands, one file each with its arguments, their output and their exit codes: 0 success, 1 errors in the content, 2
//! the command could not run. It decides nothing about pages.

mod args;
mod audit;
mod build;
mod bundle;
mod check;
mod completions;
mod creation;
#[cfg(feature = "deploy")]
mod deploy;
mod existing_pages;
mod explain;
#[cfg(feature = "external")]
mod external;
#[cfg(not(feature = "external"))]
#[path = "no_external.rs"]
mod external;
mod field_options;
mod field_values;
mod file_changes;
mod fix;
mod gitlab_pipeline;
mod history;
mod init;
mod list;
mod lsp;
mod man;
mod mv;
mod new;
mod origin;
mod owners;
mod poster;
mod progress;
mod prompts;
mod relative_paths;
mod report;
mod root;
mod scaffold;
mod schema;
mod serve;
mod shared_args;
mod status;
mod terminal;
mod theme;

use std::error::Error;
use std::ffi::OsString;
use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use crate::input::Failure;

use args::{Args, Command};
use terminal::Terminal;

/// The result of a command that could run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Success,
    /// There are errors in the content.
    Problems,
}

/// Runs the command that the arguments name. The first argument is the program.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let args = match parse(arguments) {
        Ok(args) => args,
        Err(answer) => {
            // Help and version come this way too. If the pipe is closed, no one wants to read them.
            let _ = answer.print();
            return ExitCode::from(if answer.use_stderr() { 2 } else { 0 });
        }
    };
    let terminal = Terminal::new();
    match start_threads().and_then(|()| dispatch(args.command, &terminal)) {
        Ok(Outcome::Success) => ExitCode::SUCCESS,
        Ok(Outcome::Problems) => ExitCode::from(1),
        Err(failure) => {
            terminal.failure(&failure);
            ExitCode::from(2)
        }
    }
}

fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Args, clap::Error> {
    Args::try_parse_from(field_options::as_fields(arguments.into_iter().collect()))
}

/// The answer to arguments that name no command to run: what is wrong with them, the help or the version.
pub fn answer(arguments: impl IntoIterator<Item = OsString>) -> Option<clap::Error> {
    parse(arguments).err()
}

/// Starts the threads that share the work. If they cannot be started here, the first parallel step would panic.
fn start_threads() -> Result<(), Failure> {
    let started = rayon::ThreadPoolBuilder::new().build_global();
    // An error without a source means that they run already, started by another call in the same process.
    let reason = started.err().and_then(|error| Some(error.source()?.to_string()));
    reason.map_or(Ok(()), |reason| Err(Failure::no_thread(&reason)))
}

fn dispatch(command: Command, terminal: &Terminal) -> Result<Outcome, Failure> {
    match command {
        Command::Init(args) => init::run(&args, terminal),
        Command::Build(args) => build::run(args, terminal),
        Command::Bundle(args) => bundle::run(&args, terminal),
        #[cfg(feature = "deploy")]
        Command::Deploy(args) => deploy::run(&args, terminal),
        Command::Serve(args) => serve::run(args, terminal),
        Command::Check(args) if args.fix => fix::run(&args, terminal),
        Command::Check(args) => check::run(&args, terminal),
        Command::Report(args) => report::run(&args, terminal),
        Command::Explain(args) => explain::run(&args, terminal),
        Command::Audit(args) => audit::run(&args, terminal),
        Command::New(args) => new::run(&args, terminal),
        Command::Status(args) => status::run(&args, terminal),
        Command::Owners(args) => owners::run(&args, terminal),
        Command::Poster(args) => poster::run(&args, terminal),
        Command::Mv(args) => mv::run(&args, terminal),
        Command::History(args) => history::run(&args, terminal),
        Command::Schema(args) => schema::run(&args, terminal),
        Command::Lsp(args) => lsp::run(&args, terminal),
        Command::Theme(args) => theme::run(&args, terminal),
        Command::Completions(args) => completions::run(&args, Args::command(), terminal),
        Command::Man(args) => man::run(&args, Args::command(), terminal),
    }
}
