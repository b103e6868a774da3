//! Opsbook: a static-site generator for open operations handbooks.
//!
//! A build is one function, [`pipeline::Engine::build`]: inputs in, outputs and diagnostics out. What lies
//! between reads no disk, no environment and no network.
//!
//! ```text
//! disk, Git      pure: values in, values out                             disk or memory
//!
//! input ──▶ page ──▶ [Page] ──▶ site ──▶ Site ──▶ view ──▶ [Job] ──▶ render ──▶ publish
//! config    markdown             │                                    ▲         serve
//! theme ─────────────────────────┼──────────── templates ─────────────┘           ▲
//!                                ├──▶ emit ──▶ sitemap, feed, redirects, … ───────┘
//!                                └──▶ check ──▶ diagnostics ──▶ report
//! ```
//!
//! The modules in the order of the pipeline:
//!
//! - vocabulary: [`source`], [`path`], [`diagnostic`], [`rules`], [`bounds`], [`fields`], [`asset`], [`output`], [`memo`],
//!   [`metadata`], [`timing`];
//! - what goes in: [`config`], [`strings`], [`theme`], [`input`];
//! - one page: [`markdown`], [`page`];
//! - all pages: [`site`], [`check`];
//! - what goes out: [`view`], [`render`], [`emit`];
//! - the whole: [`pipeline`];
//! - around it: [`publish`], [`report`], [`serve`], [`cli`].
//!
//! Which module may use which, and why, stands in `ARCHITECTURE.md`; `tests/it/architecture.rs` checks it.

// Vocabulary.
pub mod asset;
pub mod base64;
pub mod bounds;
pub mod diagnostic;
pub mod diagrams;
pub mod entities;
pub mod fields;
pub mod form;
pub mod headers;
pub mod leaks;
pub mod memo;
pub mod metadata;
pub mod output;
pub mod path;
pub mod register_name;
pub mod rules;
pub mod scripts;
pub mod source;
pub mod timing;
pub mod visibility;

// What goes in.
pub mod alerts;
pub mod config;
pub mod controls;
pub mod input;
pub mod kinds;
pub mod registers;
pub mod strings;
pub mod theme;
pub mod timeline;

// One page, all pages, what goes out.
pub mod audit;
pub mod check;
pub mod emit;
pub mod markdown;
pub mod page;
pub mod render;
pub mod site;
pub mod view;

// The whole, and what is around it.
pub mod cli;
pub mod pipeline;
pub mod publish;
pub mod report;
pub mod serve;
