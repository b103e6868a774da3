//! The commands and options of the command line, and their help.
//!
//! Owns every word of the command line. An option has one short line of help; the guide explains the rest. Runs
//! nothing. The doc comments of commands and options here are the text of the help.

use std::ffi::OsStr;
use std::net::IpAddr;
use std::path::PathBuf;

use clap::builder::styling::{AnsiColor, Styles};
use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};
use clap::{Parser, Subcommand, ValueEnum};

use crate::input::{Drafts, Options, Preview};
use crate::kinds::Kinds;
use crate::rules::RULES;
use crate::serve::Editor;

use crate::forge::Forge;

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
    Schema(SchemaArgs),
    Lsp(LspArgs),
    Theme(ThemeArgs),
    Completions(CompletionsArgs),
    Man(ManArgs),
}

/// Create a handbook: first pages, settings, files for CI
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  opsbook init                  In this folder, such as a clone
  opsbook init handbook         In a folder of its own
  opsbook init --language de --gitlab --title \"Unser Handbuch\"
  opsbook init --github         Add the files of a forge to a handbook

No file is ever overwritten: what is there is kept and listed. If anything
cannot be written, nothing is. At a terminal and without options, the title,
the language and the forge are asked for. Without a forge, the address of the
remote `origin` decides, else there are files for GitHub and GitLab. In a
folder of a larger repository only a named forge gets files: they are in the
root of the repository.")]
pub struct InitArgs {
    /// The folder; it is created if it does not exist
    #[arg(value_name = "DIR", default_value = ".")]
    pub folder: PathBuf,
    /// The title of the handbook
    #[arg(long, value_name = "TEXT", value_parser = title)]
    pub title: Option<String>,
    /// The language of pages and comments: en or de
    #[arg(long, value_name = "TAG", value_parser = language)]
    pub language: Option<String>,
    /// The licence of the texts, such as CC-BY-SA-4.0
    #[arg(long, value_name = "SPDX", value_parser = license)]
    pub license: Option<String>,
    /// Only settings, a home page and a runbook
    #[arg(long)]
    pub minimal: bool,
    /// Drafts of an imprint and a privacy page; German handbooks have them anyway
    #[arg(long)]
    pub legal: bool,
    #[command(flatten)]
    pub forges: ForgeArgs,
    /// Ask nothing
    #[arg(short, long)]
    pub yes: bool,
}

#[derive(Debug, clap::Args)]
pub struct ForgeArgs {
    /// Write the files for GitHub
    #[arg(long)]
    pub github: bool,
    /// Write the files for GitLab
    #[arg(long)]
    pub gitlab: bool,
    /// Write the files for Forgejo, such as Codeberg
    #[arg(long)]
    pub forgejo: bool,
}

impl InitArgs {
    /// Whether any option says what to write.
    pub fn has_options(&self) -> bool {
        let says = [&self.title, &self.language, &self.license].iter().any(|option| option.is_some());
        says || self.minimal || self.legal || !self.forges.chosen().is_empty()
    }
}

impl ForgeArgs {
    /// The forges that are named.
    pub fn chosen(&self) -> Vec<Forge> {
        let named = [self.github, self.gitlab, self.forgejo];
        Forge::ALL.into_iter().zip(named).filter(|(_, is_named)| *is_named).map(|(forge, _)| forge).collect()
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

/// A name of a host as browsers send it, without a port.
fn host_name(name: &str) -> Result<String, String> {
    let is_part = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    match name.split('.').all(is_part) {
        true => Ok(name.to_owned()),
        false => Err("give the name alone, such as `desk.example`: without scheme, port and path".to_owned()),
    }
}

fn license(id: &str) -> Result<String, String> {
    let known = spdx::license_id(id).map(|license| license.name.to_owned());
    known.ok_or_else(|| "it must be an SPDX identifier, such as `CC-BY-SA-4.0` or `CC0-1.0`".to_owned())
}

/// Build the site and publish it to a folder, all or nothing
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  opsbook build
  opsbook build --out /srv/www/handbook --base-url https://handbook.example.org/
  opsbook build --keep-going    In spite of errors; broken links become text
  opsbook build --audience public --audience internal
                                Two sites: public/ and public-internal/
  opsbook build --print processes
                                All processes on one page: processes/print/

The folder is exchanged in one step when the new site is whole. If there are
errors in the content, the published site stays as it was. Files that Opsbook
did not make are never deleted.")]
pub struct BuildArgs {
    #[command(flatten)]
    pub root: RootArgs,
    /// The folder to publish to [default: `paths.out`]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Also publish this section as one long page; repeatable
    #[arg(long, value_name = "SECTION")]
    pub print: Vec<String>,
    #[command(flatten)]
    pub audiences: AudienceArgs,
    #[command(flatten)]
    pub making: GenerationArgs,
    /// Ask search engines to leave the site out
    #[arg(long)]
    pub noindex: bool,
    /// Show how long each stage took
    #[arg(long)]
    pub timings: bool,
}

/// Pack the handbook into an archive that opens without a server
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  opsbook bundle                          handbook.zip
  opsbook bundle --section runbooks --output runbooks.zip
  opsbook bundle --audience internal --output on-call.zip
  opsbook bundle --base-url https://handbook.example.org/
                                          Pages say where a newer copy is

Unpack it and open index.html. Search, diagrams and runbook mode work as they
do on the web, and each page says of which day it is. With --section, links to
other pages lead to the web where base_url is set, and are text otherwise. The
same handbook makes the same archive, byte for byte. An archive that Opsbook
has made before is replaced in one step; any other file stays.")]
pub struct BundleArgs {
    #[command(flatten)]
    pub root: RootArgs,
    /// The archive [default: handbook[-LEVEL].zip]
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Only this section, such as `runbooks`; repeatable
    #[arg(long = "section", value_name = "SECTION")]
    pub sections: Vec<String>,
    /// For this level [default: as in book.toml]
    #[arg(long, value_name = "LEVEL")]
    pub audience: Option<String>,
    #[command(flatten)]
    pub making: GenerationArgs,
}

/// Upload a built site to a bucket or a folder, only what changed
#[cfg(feature = "deploy")]
#[derive(Debug, clap::Args)]
#[command(
    allow_missing_positional = true,
    after_help = "\
Examples:
  opsbook build && opsbook deploy s3://handbook
  opsbook deploy public s3://handbook/docs --dry-run
  opsbook deploy public-internal s3://internal-handbook
  opsbook deploy file:///srv/www/handbook
  opsbook deploy s3://handbook --grace 0s
                                Remove at once what the site no longer has

Assets are uploaded first, then new pages, changed pages and the home page, so
readers never get a page whose files are missing. A run that was cut is healed
by the next one. A site never goes where one for another audience is.

Credentials, region and endpoint come from the environment: AWS_ACCESS_KEY_ID,
AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION, AWS_ENDPOINT_URL; else from
the profile of ~/.aws that AWS_PROFILE names."
)]
pub struct DeployArgs {
    /// The folder of the built site
    #[arg(value_name = "FOLDER", default_value = "public")]
    pub folder: PathBuf,
    /// s3://bucket/prefix or file:///path
    #[arg(value_name = "TARGET")]
    pub target: crate::deploy::TargetAddress,
    /// List what would be done, and write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// How long removed files stay
    #[arg(long, value_name = "TIME", default_value = "1h", value_parser = grace_seconds)]
    pub grace: i64,
    /// Requests at the same time
    #[arg(long, value_name = "N", default_value_t = 16, value_parser = clap::value_parser!(u8).range(1..=128))]
    pub concurrency: u8,
    /// Compare with a listing of the store, and heal it
    #[arg(long)]
    pub verify: bool,
    /// Replace another handbook, or files of other programs
    #[arg(long)]
    pub adopt: bool,
    /// Take the lock of another run
    #[arg(long)]
    pub break_lock: bool,
    /// Show others this name while the target is locked
    #[arg(long, value_name = "TEXT", value_parser = title)]
    pub name: Option<String>,
}

/// A time span such as `1h`, `2d` or `0s`, in seconds.
#[cfg(feature = "deploy")]
pub fn grace_seconds(text: &str) -> Result<i64, String> {
    let span: jiff::Span =
        text.parse().map_err(|_| "it must be a time such as `0s`, `30m`, `1h` or `2d`".to_owned())?;
    match span.to_duration(jiff::SpanRelativeTo::days_are_24_hours()) {
        Ok(duration) if duration.as_secs() >= 0 && duration.as_hours() <= 24 * 366 => Ok(duration.as_secs()),
        _ => Err("it must be between 0 seconds and a year, without months".to_owned()),
    }
}

/// Preview on this machine and reload after every save
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  opsbook serve --open
  opsbook serve --port 8080 --drafts

The preview is built in memory and listens on this machine only. Problems are
shown here and in the page, which is shown as far as it goes. Ctrl-C stops.")]
pub struct ServeArgs {
    #[command(flatten)]
    pub root: RootArgs,
    /// The port [default: 4567, then the next free one]
    #[arg(long, value_name = "N")]
    pub port: Option<u16>,
    /// Let other machines reach this address of yours [default: none]
    #[arg(long, value_name = "ADDRESS")]
    pub host: Option<IpAddr>,
    /// A name that a tunnel gives it (repeatable)
    #[arg(long, value_name = "NAME", value_parser = host_name)]
    pub allow_host: Vec<String>,
    /// For this level [default: as in book.toml]
    #[arg(long, value_name = "LEVEL")]
    pub audience: Option<String>,
    #[command(flatten)]
    pub drafts: DraftArgs,
    #[command(flatten)]
    pub day: DateArgs,
    /// Open the browser
    #[arg(long)]
    pub open: bool,
    /// The editor that problems link to [default: VISUAL]
    #[arg(long, value_name = "NAME", value_parser = Editor::named)]
    pub editor: Option<Editor>,
}

/// Report all problems of the handbook without writing anything
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  opsbook check
  opsbook check content/runbooks content/about.md
                                Only the problems of these files
  opsbook check --since origin/main
                                Only what this branch adds, and lost addresses
  opsbook check --format short | grep link.missing
  opsbook check --format sarif > problems.sarif
  opsbook check --fix           Repair links, after a look at the changes
  opsbook check --fix --dry-run > fixes.patch
  opsbook check --external      Links into the web, too

Formats: human, short (a line for each problem), json, github (annotations),
code-quality (GitLab), sarif (2.1.0), junit (XML).

--fix corrects what has only one solution: a slip in an anchor, a link to an
old address. The result is checked first: a change that adds a problem is left
out.

Only --external asks other hosts. [external] in book.toml says which, and how.

The whole handbook is read in any case. Where pages are not for everybody, it
is checked for its usual audience and for the one that sees all.

The level of each rule is set in book.toml, for example:
[rules] \"link.anchor\" = \"warn\"")]
pub struct CheckArgs {
    /// Report only the problems of these files and folders
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Ignore named files that are not in the handbook
    #[arg(long, requires = "files")]
    pub ignore_unknown: bool,
    #[command(flatten)]
    pub root: RootArgs,
    /// Report only what is new since this branch or commit
    #[arg(long, value_name = "REV", allow_hyphen_values = true)]
    pub since: Option<String>,
    /// How problems are written: see below [default: human]
    #[arg(long, value_enum, default_value_t = ReportFormat::Human, hide_possible_values = true, hide_default_value = true)]
    pub format: ReportFormat,
    /// Exit with 1 if there is a warning
    #[arg(long)]
    pub deny_warnings: bool,
    /// Ask the hosts of links into the web, too
    #[cfg(feature = "external")]
    #[arg(long, conflicts_with = "since")]
    pub external: bool,
    /// Apply certain changes, and report what is left
    #[arg(long, conflicts_with = "since")]
    pub fix: bool,
    /// Do not ask before --fix writes
    #[arg(short, long, requires = "fix", conflicts_with = "dry_run")]
    pub yes: bool,
    /// Print what --fix changes as a patch, and write nothing
    #[arg(long, requires = "fix")]
    pub dry_run: bool,
    #[command(flatten)]
    pub audiences: AudienceArgs,
    #[command(flatten)]
    pub drafts: DraftArgs,
    #[command(flatten)]
    pub day: DateArgs,
}

/// Describe a change as a comment for its pull or merge request
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  opsbook report --base origin/main
  opsbook report --base origin/main --preview https://pr-7.example.org/ \\
      --out report.md
  opsbook report --base v1 --audience internal
                                With pages that only insiders see

The present files are compared with the commit where they and REV part: pages
that become visible, new, changed, moved and removed pages, words and fields
that changed, problems, links and addresses that end, owners and reviews. The
text is Markdown for GitHub, GitLab and Forgejo, of at most 65,536 characters,
and says nothing that is hidden from its audience. Drafts do not count.")]
pub struct ReportArgs {
    /// The branch or commit to compare with
    #[arg(long, value_name = "REV", allow_hyphen_values = true)]
    pub base: String,
    /// For this level [default: the first]
    #[arg(long, value_name = "LEVEL")]
    pub audience: Option<String>,
    /// Link pages of this preview of the site
    #[arg(long, value_name = "URL", value_parser = preview_url)]
    pub preview: Option<String>,
    /// List reviews due within so many days
    #[arg(long, value_name = "DAYS", default_value_t = 30)]
    pub due: u16,
    /// Write to a file [default: standard output]
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    #[command(flatten)]
    pub root: RootArgs,
    #[command(flatten)]
    pub day: DateArgs,
}

/// The address of a preview, with a slash at its end. A parenthesis would end a link.
fn preview_url(text: &str) -> Result<String, String> {
    let url = crate::config::base_url(text).filter(|url| !url.contains(['(', ')']));
    url.ok_or_else(|| "it must be an address such as `https://pr-7.example.org/`".to_owned())
}

/// Show what needs somebody: reviews, promises, actions, drafts
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  opsbook status
  opsbook status --owner @kurt --days 14
  opsbook status --json > status.json
  opsbook status --maturity     How open these operations are, in percent

Reviews, promised updates, actions, alerts without runbook, drafts, exceptions
and embargoes that end, pages without owner. Hidden pages and drafts are among
them: who has the sources may see them. --audience shows what a level may see.
People and teams with several spellings are listed in data/people.yaml.")]
pub struct StatusArgs {
    /// Only what this owner must do; repeatable
    #[arg(long = "owner", value_name = "NAME")]
    pub names: Vec<String>,
    /// What is due within so many days [default: 30]
    #[arg(long, value_name = "N", default_value_t = 30, hide_default_value = true, value_parser = clap::value_parser!(i32).range(0..=3660))]
    pub days: i32,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
    /// Only what this level may see [default: all]
    #[arg(long, value_name = "LEVEL")]
    pub audience: Option<String>,
    /// The self-check of open operations instead
    #[arg(long, conflicts_with_all = ["names", "days"])]
    pub maturity: bool,
    #[command(flatten)]
    pub day: DateArgs,
    #[command(flatten)]
    pub root: RootArgs,
}

/// Explain a rule of `check`, with a wrong and a right example
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  opsbook explain               The rules, by family
  opsbook explain link.anchor
  opsbook explain link          The rules whose names begin so

No handbook is needed.")]
pub struct ExplainArgs {
    /// The rule, as a report names it
    #[arg(value_name = "RULE", hide_possible_values = true, value_parser = NameFrom(rules))]
    pub rule: Option<String>,
}

/// Report what is withheld, and find secrets in the finished site
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  opsbook audit
  opsbook audit --audience public --audience partner
  opsbook audit --folder public           The site as it lies there
  opsbook audit --format json > audit.json

Every file is looked at as it is and decoded: HTML entities, JSON, base64,
compressed data and more. What is found is never shown whole. What to look for
beside keys, tokens, passwords and private addresses, and what is allowed, is
set in book.toml under [audit]. Nothing is written. Exit code 1 if there is an
error.")]
pub struct AuditArgs {
    #[command(flatten)]
    pub root: RootArgs,
    /// An existing site [default: build the site]
    #[arg(long = "folder", value_name = "DIR")]
    pub site: Option<PathBuf>,
    /// human, short (a line each) or json
    #[arg(long, value_enum, default_value_t = AuditFormat::Human, hide_possible_values = true)]
    pub format: AuditFormat,
    #[command(flatten)]
    pub audiences: AudienceArgs,
    #[command(flatten)]
    pub drafts: DraftArgs,
    #[command(flatten)]
    pub day: DateArgs,
}

/// Create a page with the fields and sections of its kind
#[derive(Debug, clap::Args)]
#[command(
    override_usage = "\
opsbook new <KIND> <TITLE> [--NAME VALUE]... [OPTIONS]
       opsbook new [KIND] --list",
    after_help = "\
Examples:
  opsbook new runbook \"A disk is full\"
                                content/runbooks/a-disk-is-full.md
  opsbook new minutes \"Operations weekly\"
                                content/minutes/2026-11-21-operations-weekly.md
  opsbook new rca \"Storage is down\" --report-state preliminary
  opsbook new --list            The kinds of this handbook
  opsbook new rca --list        The fields of a kind

Every field of the kind is an option: --severity SEV2 is short for
--field severity=SEV2. A field that is called like an option of this command,
such as `list`, needs the long form. A list has commas or comes several times.
Values are checked. What must be there and is not given is asked for at a
terminal, and otherwise left open in the page. No file is ever overwritten. The
path of the new page is printed."
)]
pub struct NewArgs {
    /// The kind of the page; --list names all kinds
    #[arg(value_name = "KIND", required_unless_present = "list", hide_possible_values = true, value_parser = NameFrom(kinds))]
    pub kind: Option<String>,
    /// The title of the page
    #[arg(value_name = "TITLE", required_unless_present = "list", conflicts_with = "list")]
    pub title: Option<String>,
    /// Set a field
    #[arg(long = "field", value_name = "NAME=VALUE")]
    pub fields: Vec<String>,
    /// List kinds, or fields of a kind, and write nothing
    #[arg(long)]
    pub list: bool,
    #[command(flatten)]
    pub root: RootArgs,
}

/// Move a page or a folder, with every link to it
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  opsbook mv content/disk.md content/runbooks/disk-full.md
  opsbook mv content/runbooks content/operations/runbooks
  opsbook mv content/disk.md content/runbooks/
                                Into a folder, under the same name
  opsbook mv content/a content/b --dry-run > move.patch

Links, includes, fields, settings, runbook_url in alert rules and CODEOWNERS
follow, in the spelling of their authors. The old address of each page becomes
an alias. Translations (disk.de.md) move along. The result is checked first: if
it had a new problem, nothing is written. What cannot be changed safely, such as
a path in a template, is listed. No file is ever overwritten.")]
pub struct MvArgs {
    /// A page, another file or a folder of the content
    #[arg(value_name = "OLD")]
    pub old: PathBuf,
    /// Its new path; a folder if it ends with a slash
    #[arg(value_name = "NEW")]
    pub new: PathBuf,
    /// Print the changes as a patch, and write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Move even if other people see a file then
    #[arg(long)]
    pub change_visibility: bool,
    #[command(flatten)]
    pub root: RootArgs,
}

/// List pages by owner, and those without one
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  opsbook owners
  opsbook owners --owner \"Platform operations\"
  opsbook owners --json > owners.json
  opsbook owners --write .github/CODEOWNERS --dry-run

The owner of a page is `owner` in its front matter, else what CODEOWNERS says,
by the rules of GitHub or GitLab. People and teams with several spellings are
listed in data/people.yaml.

--write puts one line for each page with an owner in its front matter into a
block between two marks. The rest of the file stays as it is.")]
pub struct OwnersArgs {
    /// Only pages of this owner; repeatable
    #[arg(long = "owner", value_name = "NAME")]
    pub names: Vec<String>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
    /// Write the owners of front matter into this file
    #[arg(long, value_name = "FILE", conflicts_with_all = ["names", "json"])]
    pub write: Option<PathBuf>,
    /// Print what --write changes as a patch, and write nothing
    #[arg(long, requires = "write")]
    pub dry_run: bool,
    #[command(flatten)]
    pub root: RootArgs,
}

/// Print the definition of a kind: JSON Schema or Markdown
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  opsbook schema > front-matter.schema.json   All kinds; `kind` decides
  opsbook schema runbook > runbook.schema.json
  opsbook schema runbook --format markdown    Tables of fields and sections

Outside of a handbook the built-in kinds are printed.")]
pub struct SchemaArgs {
    /// The kind [default: all kinds]
    #[arg(value_name = "KIND", hide_possible_values = true, value_parser = NameFrom(kinds))]
    pub kind: Option<String>,
    /// json (JSON Schema 2020-12) or markdown
    #[arg(long, value_enum, default_value_t = SchemaForm::Json, hide_possible_values = true)]
    pub format: SchemaForm,
    #[command(flatten)]
    pub root: RootArgs,
}

/// Serve editors: problems, completion, links, renames (LSP)
#[derive(Debug, clap::Args)]
#[command(after_help = "\
An editor starts this command and speaks with it on stdin and stdout. The guide
has settings for VS Code, Neovim, Helix, Zed and Emacs.")]
pub struct LspArgs {
    /// The handbook's folder [default: the editor's]
    #[arg(long = "root", value_name = "DIR")]
    pub folder: Option<PathBuf>,
}

/// Copy a template of the built-in theme, to change it
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  opsbook theme list            The names of the built-in templates
  opsbook theme eject footer    Write theme/templates/partials/footer.html
  opsbook theme show footer     Print it as it is now, to compare a copy

`opsbook check` warns when the original of a copy has changed. Settings and
empty parts for additions need no copy: see the guide.")]
pub struct ThemeArgs {
    #[command(subcommand)]
    pub command: ThemeCommand,
}

#[derive(Debug, Subcommand)]
pub enum ThemeCommand {
    /// List the built-in templates
    List,
    /// Print a built-in template
    Show {
        /// The template, such as `footer`
        #[arg(value_name = "PART")]
        part: String,
    },
    /// Copy a built-in template into the handbook's theme
    Eject {
        /// The template, such as `footer`
        #[arg(value_name = "PART")]
        part: String,
        #[command(flatten)]
        root: RootArgs,
    },
}

/// Print a script that completes commands and options in a shell
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  opsbook completions bash > ~/.local/share/bash-completion/completions/opsbook
  opsbook completions zsh  > ~/.zfunc/_opsbook
  opsbook completions fish > ~/.config/fish/completions/opsbook.fish")]
pub struct CompletionsArgs {
    #[arg(value_name = "SHELL", value_enum)]
    pub shell: clap_complete::Shell,
}

/// Write the manual pages: one for each command
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  opsbook man --out ~/.local/share/man/man1
  man opsbook-build             Read a page from there

The folder is created if it does not exist. Pages of the same names in it are
overwritten.")]
pub struct ManArgs {
    /// The folder
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
}

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

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ReportFormat {
    Human,
    Short,
    Json,
    Github,
    CodeQuality,
    Sarif,
    Junit,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum AuditFormat {
    Human,
    Short,
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SchemaForm {
    Json,
    Markdown,
}

/// Accepts any name, so that an unknown one gets a better answer than a list, and lets shells complete the known ones.
#[derive(Debug, Clone)]
struct NameFrom(fn() -> Vec<PossibleValue>);

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
fn kinds() -> Vec<PossibleValue> {
    Kinds::built_in()
        .all()
        .map(|kind| PossibleValue::new(kind.name.as_str()).help(kind.help.as_str()))
        .collect()
}

fn rules() -> Vec<PossibleValue> {
    RULES.iter().map(|rule| PossibleValue::new(rule.name).help(rule.summary)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[cfg(feature = "deploy")]
    #[test]
    fn grace_times_are_read_in_seconds() {
        assert_eq!(
            (grace_seconds("0s"), grace_seconds("30m"), grace_seconds("2d")),
            (Ok(0), Ok(1800), Ok(172_800))
        );
        for wrong in ["", "5", "-1h", "1 month", "9000d"] {
            assert!(grace_seconds(wrong).is_err(), "{wrong}");
        }
    }

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
                    let named = match names_commands {
                        true => line[2..].starts_with(|c: char| c.is_ascii_lowercase()),
                        false => line.trim_start().starts_with(['-', '[', '<']),
                    };
                    assert!(named && line.starts_with("  "), "{command}: {line}");
                }
            }
        }
    }
}
