//! Opsbook: a static-site generator for open operations handbooks.

pub mod asset;
pub mod check;
pub mod cli;
pub mod config;
pub mod diagnostic;
pub mod emit;
pub mod fields;
pub mod input;
pub mod markdown;
pub mod memo;
pub mod output;
pub mod page;
pub mod path;
pub mod pipeline;
pub mod publish;
pub mod render;
pub mod report;
pub mod rules;
pub mod serve;
pub mod site;
pub mod source;
pub mod theme;
pub mod timing;
pub mod view;
