//! Options that several commands have, and how their values are read.
//!
//! Owns what is the same in each of these commands. Runs nothing. The doc comments of options are the text of the help.

use std::ffi::OsStr;
use std::path::PathBuf;

use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};

use crate::input::{Drafts, Options, Preview};
use crate::kinds::Kinds;

#[derive(Debug, clap::Args)]
pub struct RootArgs {
    /// The handbook's folder [default: the nearest above]
    #[arg(long = "root", value_name = "DIR")]
    pub folder: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub struct AudienceArgs {
    /// For this level; repeatable [default: as in book.toml]
    #[arg(long = "audience", value_name = "LEVEL")]
    pub names: Vec<String>,
}

#[derive(Debug, clap::Args)]
pub struct DraftArgs {
    /// Include pages that say `draft: true`
    #[arg(long)]
    pub drafts: bool,
}

#[derive(Debug, clap::Args)]
pub struct DateArgs {
    /// Build as on this day, 2026-11-21 [default: today]
    #[arg(long, value_name = "DAY")]
    pub today: Option<jiff::civil::Date>,
}

/// How a site is made, whatever it is put into.
#[derive(Debug, clap::Args)]
pub struct GenerationArgs {
    /// The URL of the site [default: `book.base_url`]
    #[arg(long, value_name = "URL")]
    pub base_url: Option<String>,
    /// Write despite errors; the exit code stays 1
    #[arg(long)]
    pub keep_going: bool,
    /// Address pages as a/b.html instead of a/b/
    #[arg(long)]
    pub flat: bool,
    #[command(flatten)]
    pub drafts: DraftArgs,
    #[command(flatten)]
    pub day: DateArgs,
}

/// Whether errors in the content prevent publication.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorPolicy {
    Stop,
    Pass,
}

impl GenerationArgs {
    pub fn errors(&self) -> ErrorPolicy {
        if self.keep_going { ErrorPolicy::Pass } else { ErrorPolicy::Stop }
    }

    /// The options of the loader, with the default audience and the default folder.
    pub fn options(&self, root: PathBuf) -> Options {
        Options {
            root,
            out: None,
            base_url: self.base_url.clone(),
            preview: Preview::No,
            drafts: self.drafts.wanted(),
            audience: None,
            today: self.day.today,
        }
    }
}

impl DraftArgs {
    /// Whether drafts are built.
    pub fn wanted(&self) -> Drafts {
        if self.drafts { Drafts::Include } else { Drafts::Leave }
    }
}

/// A title of one line.
pub fn title(text: &str) -> Result<String, String> {
    match text.trim() {
        "" => Err("a title has at least one character".to_owned()),
        text if text.contains(char::is_control) => Err("a title has one line".to_owned()),
        text => Ok(text.to_owned()),
    }
}

/// A language that first pages are written in, also with a region.
pub fn language(tag: &str) -> Result<String, String> {
    let tag = tag.trim();
    match tag.split('-').next() {
        Some("en" | "de") if crate::config::is_language(tag) => Ok(tag.to_owned()),
        _ => Err("first pages exist in `en` and `de`; book.toml takes any language later".to_owned()),
    }
}

/// Accepts any name, so that an unknown one gets a better answer than a list, and lets shells complete the known ones.
#[derive(Debug, Clone)]
pub struct NameFrom(pub fn() -> Vec<PossibleValue>);

impl TypedValueParser for NameFrom {
    type Value = String;

    fn parse_ref(
        &self,
        command: &clap::Command,
        argument: Option<&clap::Arg>,
        value: &OsStr,
    ) -> Result<String, clap::Error> {
        StringValueParser::new().parse_ref(command, argument, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new((self.0)().into_iter()))
    }
}

/// The built-in kinds. A handbook may define its own.
pub fn kinds() -> Vec<PossibleValue> {
    Kinds::built_in()
        .all()
        .map(|kind| PossibleValue::new(kind.name.as_str()).help(kind.help.as_str()))
        .collect()
}
