//! The `opsbook` program: hands its arguments to the library and returns the exit code.
//!
//! All other code is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    opsbook::cli::run(std::env::args_os())
}
