//! The integration tests, as one program: `cargo test --test it`, or `cargo test --test it sites::` for one module.
//!
//! Owns the list of modules. One program links the library once, and compiles what tests share once. Its tests run as
//! threads of one process: none may set an environment variable, the current directory or a signal of the process;
//! what needs a process of its own starts one.

mod architecture;
mod audit;
mod build;
mod bundle;
mod cli;
#[cfg(feature = "deploy")]
mod deploy;
#[cfg(feature = "external")]
mod external;
mod fields;
mod fixes;
mod guide;
mod hostile;
mod incremental;
mod init;
mod invariants;
mod kinds;
mod lsp;
mod metadata;
mod minutes;
mod moves;
mod offline;
mod pipelines;
mod plots;
mod preview;
mod publish;
mod report;
mod rules;
mod runbooks;
mod schemas;
mod serve;
mod since;
mod sites;
mod strings;
mod style;
mod support;
mod tutorials;
mod visibility;
