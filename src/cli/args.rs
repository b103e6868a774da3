//! What can be typed: commands, options and their help.
//!
//! Owns every word of the command line. Runs nothing.

use std::ffi::OsStr;
use std::path::PathBuf;
use std::sync::Arc;

use clap::builder::styling::{AnsiColor, Styles};
use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};
use clap::{Parser, Subcommand, ValueEnum};

use crate::input::Drafts;
use crate::kinds::{Kind, Kinds};

/// Opsbook builds handbooks of open operations: runbooks, processes, root cause analyses, minutes.
#[derive(Debug, Parser)]
#[command(name = "opsbook", version, styles = STYLES, after_help = EXAMPLES, disable_help_subcommand = true)]
pub struct Args {
    #[command(subcommand)]
    pub command: Command,
}

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Yellow.on_default().bold())
    .usage(AnsiColor::Yellow.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

const EXAMPLES: &str = "\
Examples:
  opsbook init handbook         Start a handbook in a new folder
  opsbook serve --open          Write, with a preview that follows every save
  opsbook check                 List every problem; exit code 1 if there is an error
  opsbook audit                 Look for what should not be published
  opsbook build                 Publish to public/
  opsbook bundle                Put the handbook into one archive that opens without a server

Exit codes: 0 all is well, 1 errors in the content, 2 the command could not run.";

#[derive(Debug, Subcommand)]
pub enum Command {
    Init(Init),
    Build(Build),
    Bundle(Bundle),
    Serve(Serve),
    Check(Check),
    Audit(Audit),
    New(New),
    Schema(Schema),
    Completions(Completions),
}

/// Start a handbook: a few pages, settings, and CI files that check and publish it
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  opsbook init                  In this folder
  opsbook init handbook         In a folder of its own

No file is ever overwritten: if one of them exists, nothing is written.")]
pub struct Init {
    /// The folder; it is made if it does not exist
    #[arg(value_name = "DIR", default_value = ".")]
    pub folder: PathBuf,
}

/// Build the site and publish it to a folder, all or nothing
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  opsbook build
  opsbook build --out /srv/www/handbook --base-url https://handbook.example.org/
  opsbook build --keep-going    Publish in spite of errors; broken links become text
  opsbook build --audience public --audience internal
                                Two sites: public/ and public-internal/

The folder is exchanged in one step when the new site is whole. If there are errors in the
content, the published site stays as it was. Files that Opsbook did not make are never deleted.")]
pub struct Build {
    #[command(flatten)]
    pub root: Root,
    /// The folder to publish to, instead of `paths.out` in book.toml
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Where the site will be found, instead of `book.base_url` in book.toml
    #[arg(long, value_name = "URL")]
    pub base_url: Option<String>,
    /// Publish also when there are errors; the exit code is still 1
    #[arg(long)]
    pub keep_going: bool,
    #[command(flatten)]
    pub audiences: Audiences,
    #[command(flatten)]
    pub drafts: Pages,
    #[command(flatten)]
    pub day: Day,
    /// Show how long each stage took
    #[arg(long)]
    pub timings: bool,
}

/// Put the handbook into one archive that opens without a server and without a network
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  opsbook bundle                          handbook.zip
  opsbook bundle --section runbooks --output runbooks.zip
  opsbook bundle --audience internal --output on-call.zip
  opsbook bundle --base-url https://handbook.example.org/
                                          Pages say where a newer copy is

Unpack it and open index.html. Search, diagrams and runbook mode work as they do on the web, and
each page says of which day it is. With --section, links to other pages lead to the web where
base_url is set, and are text otherwise. The same handbook makes the same archive, byte for byte.
An archive that Opsbook has made before is replaced in one step; any other file stays.")]
pub struct Bundle {
    #[command(flatten)]
    pub root: Root,
    /// The archive
    #[arg(short, long, value_name = "FILE", default_value = "handbook.zip")]
    pub output: PathBuf,
    /// Only this section, by its address: `runbooks`; may come several times
    #[arg(long = "section", value_name = "SECTION")]
    pub sections: Vec<String>,
    /// For whom, instead of `visibility.audience` in book.toml: the name of a level
    #[arg(long, value_name = "LEVEL")]
    pub audience: Option<String>,
    /// Where the handbook is found on the web, instead of `book.base_url` in book.toml
    #[arg(long, value_name = "URL")]
    pub base_url: Option<String>,
    /// Write the archive also when there are errors; the exit code is still 1
    #[arg(long)]
    pub keep_going: bool,
    #[command(flatten)]
    pub drafts: Pages,
    #[command(flatten)]
    pub day: Day,
}

/// Preview on this machine; every save is shown at once
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  opsbook serve --open
  opsbook serve --port 8080 --drafts

The preview is built in memory and listens on this machine only. Problems are shown here and in
the page; the last good page stays readable. Ctrl-C stops.")]
pub struct Serve {
    #[command(flatten)]
    pub root: Root,
    /// The port; without it 4567 or one of the next twenty
    #[arg(long, value_name = "N")]
    pub port: Option<u16>,
    /// For whom, instead of `visibility.audience` in book.toml: the name of a level
    #[arg(long, value_name = "LEVEL")]
    pub audience: Option<String>,
    #[command(flatten)]
    pub drafts: Pages,
    #[command(flatten)]
    pub day: Day,
    /// Open the browser
    #[arg(long)]
    pub open: bool,
}

/// List every problem of the handbook; nothing is written
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  opsbook check
  opsbook check --format short | grep link.missing
  opsbook check --format json > problems.json

Where pages are not for everybody, the handbook is checked for its usual audience and for the one that
sees all.

The level of each rule is set in book.toml, for example: [rules] \"link.anchor\" = \"warn\"")]
pub struct Check {
    #[command(flatten)]
    pub root: Root,
    /// For people, one line per problem, or one JSON document
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub format: Format,
    #[command(flatten)]
    pub audiences: Audiences,
    #[command(flatten)]
    pub drafts: Pages,
    #[command(flatten)]
    pub day: Day,
}

/// Tell what was withheld, and look for secrets in the finished site; nothing is written
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  opsbook audit
  opsbook audit --audience public --audience partner
  opsbook audit --folder public           The site as it lies there, also after other programs changed it
  opsbook audit --format json > audit.json

Every file is looked at as it is and decoded: HTML entities, JSON, base64, compressed data and more. What is
found is never shown whole. What to look for beside keys, tokens, passwords and private addresses, and what is
allowed, is set in book.toml under [audit]. Exit code 1 if there is an error.")]
pub struct Audit {
    #[command(flatten)]
    pub root: Root,
    /// Look at the site in this folder, instead of building one
    #[arg(long = "folder", value_name = "DIR")]
    pub site: Option<PathBuf>,
    /// For people, one line per place, or one JSON document
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub format: Format,
    #[command(flatten)]
    pub audiences: Audiences,
    #[command(flatten)]
    pub drafts: Pages,
    #[command(flatten)]
    pub day: Day,
}

/// Start a page with the fields and sections of its kind
#[derive(Debug, clap::Args)]
#[command(
    override_usage = "\
opsbook new <KIND> <TITLE> [--NAME VALUE]... [OPTIONS]
       opsbook new [KIND] --list",
    after_help = "\
Examples:
  opsbook new runbook \"A disk is full\"        content/runbooks/a-disk-is-full.md
  opsbook new minutes \"Operations weekly\"     content/minutes/2026-11-21-operations-weekly.md
  opsbook new rca \"Storage is down\" --report-state preliminary --services Storage
  opsbook new --list                          The kinds of this handbook
  opsbook new rca --list                      The fields of a kind

Every field of the kind is an option: --severity SEV2 is short for --field severity=SEV2. A list has
commas or comes several times. Values are checked. What must be there and is not given is asked for at
a terminal, and otherwise left open in the page. No file is ever overwritten. The path of the new page
is printed."
)]
pub struct New {
    /// What sort of page; also one that the handbook defines in kinds/
    #[arg(value_name = "KIND", required_unless_present = "list", value_parser = KindName)]
    pub kind: Option<String>,
    /// Its title
    #[arg(value_name = "TITLE", required_unless_present = "list", conflicts_with = "list")]
    pub title: Option<String>,
    /// The value of a field
    #[arg(long = "field", value_name = "NAME=VALUE")]
    pub fields: Vec<String>,
    /// List the kinds, or the fields of a kind, and write nothing
    #[arg(long)]
    pub list: bool,
    #[command(flatten)]
    pub root: Root,
}

/// Print the definition of a kind for editors (JSON Schema) or as a page (Markdown)
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  opsbook schema > front-matter.schema.json            All kinds; `kind` decides
  opsbook schema runbook > runbook.schema.json
  opsbook schema runbook --format markdown             Tables of fields and sections

Outside of a handbook the built-in kinds are printed.")]
pub struct Schema {
    /// A kind; without it all of them, in Markdown the fields that all kinds have
    #[arg(value_name = "KIND", value_parser = KindName)]
    pub kind: Option<String>,
    /// JSON Schema (draft 2020-12), or tables in Markdown
    #[arg(long, value_enum, default_value_t = SchemaForm::Json)]
    pub format: SchemaForm,
    #[command(flatten)]
    pub root: Root,
}

/// Print a script that completes commands and options in a shell
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  opsbook completions bash > ~/.local/share/bash-completion/completions/opsbook
  opsbook completions zsh  > ~/.zfunc/_opsbook
  opsbook completions fish > ~/.config/fish/completions/opsbook.fish")]
pub struct Completions {
    #[arg(value_name = "SHELL", value_enum)]
    pub shell: clap_complete::Shell,
}

#[derive(Debug, clap::Args)]
pub struct Root {
    /// The handbook's folder; without it the nearest one with a book.toml, from here upwards
    #[arg(long = "root", value_name = "DIR")]
    pub folder: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub struct Audiences {
    /// For whom, instead of `visibility.audience` in book.toml: the name of a level; may come several times
    #[arg(long = "audience", value_name = "LEVEL")]
    pub names: Vec<String>,
}

#[derive(Debug, clap::Args)]
pub struct Pages {
    /// Include pages that say `draft: true`
    #[arg(long)]
    pub drafts: bool,
}

#[derive(Debug, clap::Args)]
pub struct Day {
    /// Build as on this day: reviews due, updates overdue (UTC; without it today)
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub today: Option<jiff::civil::Date>,
}

impl Pages {
    /// What becomes of drafts.
    pub fn wanted(&self) -> Drafts {
        if self.drafts { Drafts::Include } else { Drafts::Leave }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Human,
    Short,
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SchemaForm {
    Json,
    Markdown,
}

/// Takes any name, since a handbook may define its own kinds, and lets shells complete the built-in ones.
#[derive(Debug, Clone)]
struct KindName;

impl TypedValueParser for KindName {
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
        let value =
            |kind: &'static Arc<Kind>| PossibleValue::new(kind.name.as_str()).help(kind.help.as_str());
        Some(Box::new(Kinds::built_in().all().map(value)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_definitions_are_sound() {
        Args::command().debug_assert();
    }
}
