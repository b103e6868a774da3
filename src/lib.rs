//! Opsbook: a static-site generator for open operations handbooks.
//!
//! A build is one function, [`pipeline::Engine::build`]. It takes inputs and returns outputs and diagnostics. The
//! stages between loading and publishing do not read the disk, the environment or the network.
//!
//! ```text
//! disk, Git      pure: values in, values out                                 disk or memory
//!
//! input ──▶ page ──▶ [Page] ──▶ site ──▶ Site ──▶ view ──▶ [PageJob] ──▶ render ──▶ publish
//! config    markdown             │                                        ▲         serve
//! theme ─────────────────────────┼────────────── templates ───────────────┘           ▲
//!                                ├──▶ emit ──▶ sitemap, feed, redirects, … ───────────┘
//!                                └──▶ check ──▶ diagnostics ──▶ report
//! ```
//!
//! The main modules in the order of the pipeline:
//!
//! - shared types and tables: [`source`], [`path`], [`diagnostic`], [`rules`], [`bounds`], [`fields`], [`asset`],
//!   [`output`], [`memo`], [`metadata`], [`timing`];
//! - inputs: [`config`], [`strings`], [`theme`], [`input`];
//! - one page: [`markdown`], [`page`];
//! - all pages: [`site`], [`check`];
//! - outputs: [`view`], [`render`], [`emit`];
//! - the whole build: [`pipeline`];
//! - around the build: [`publish`], [`report`], [`serve`], `deploy`, `external`, [`moves`], [`lsp`], [`cli`].
//!
//! `ARCHITECTURE.md` says which module may use which, and why. `tests/it/architecture.rs` checks it.

// Shared types and tables.
pub mod accent;
pub mod asset;
pub mod base64;
pub mod bounds;
pub mod build_target;
pub mod codeowners;
pub mod diagnostic;
pub mod diagrams;
pub mod dialect;
pub mod entities;
pub mod fields;
pub mod forge;
pub mod headers;
pub mod html_escape;
pub mod html_pieces;
pub mod leaks;
pub mod lexicon;
pub mod memo;
pub mod metadata;
pub mod natural_order;
pub mod output;
pub mod path;
pub mod plot;
pub mod renames;
pub mod rules;
pub mod scripts;
pub mod source;
pub mod timing;
pub mod utc;
pub mod visibility;

// Inputs.
pub mod alerts;
pub mod calendar;
pub mod config;
pub mod controls;
pub mod health;
pub mod input;
pub mod kinds;
pub mod people;
pub mod registers;
pub mod schemas;
pub mod strings;
pub mod theme;
pub mod timeline;

// One page, all pages, outputs.
pub mod audit;
pub mod changes;
pub mod check;
pub mod emit;
pub mod markdown;
pub mod page;
pub mod render;
pub mod site;
pub mod view;

// The whole build, and the modules around it.
pub mod cli;
#[cfg(feature = "deploy")]
pub mod deploy;
#[cfg(feature = "external")]
pub mod external;
pub mod lsp;
pub mod moves;
pub mod pipeline;
pub mod publish;
pub mod published_types;
pub mod report;
pub mod serve;
#[cfg(any(feature = "deploy", feature = "external"))]
pub mod tls;
