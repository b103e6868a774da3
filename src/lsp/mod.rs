//! The language server: problems, completion, navigation and renames in editors.
//!
//! Owns the protocol (`transport`, `server`), the texts of the editor (`open_document`, `text_lines`) and the answers to
//! requests. Two threads work: the server answers at once from the last `Analysis`, and `worker` makes the
//! next one. The parts:
//!
//! ```text
//! stdin ─▶ transport ─▶ server ─▶ completion, hover, navigation, outline, suggestions ─▶ stdout
//!                        │   ▲
//!                 texts  ▼   │ Analysis, problems, edits
//!                        worker ─▶ Engine::inspect, MovePlanner
//! ```
//!
//! Nothing but messages of the protocol is written to stdout.

mod analysis;
mod client_view;
mod completion;
mod edits;
mod file_uri;
mod front_matter_cursor;
mod heading_rename;
mod hover;
mod navigation;
mod open_document;
mod outline;
mod problems;
mod server;
mod suggestions;
mod text_lines;
mod transport;
mod worker;

pub use server::{SessionEnd, run};
