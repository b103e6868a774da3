//! `opsbook new`. Writes one page.
//!
//! Owns the folder and the file name of a new page. Its text follows from the definition of its kind.

use std::path::Path;

use crate::input::{Drafts, Failure, Inputs, Loader, Options, Preview};
use crate::kinds::{Kind, Kinds, NewPage};
use crate::path::segment;

use super::creation::create;
use super::relative_paths::from_here;
use super::shared_args::{NameFrom, RootArgs, kinds};
use super::terminal::Terminal;
use super::{Outcome, field_values, list, prompts};

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

pub(super) fn run(args: &NewArgs, terminal: &Terminal) -> Result<Outcome, Failure> {
    let inputs = load(&args.root.find()?)?;
    let Some(name) = args.kind.as_deref() else {
        terminal.lines(&list::kinds(&inputs.kinds));
        return Ok(Outcome::Success);
    };
    let kind = kind(&inputs.kinds, name)?;
    let Some(title) = args.title.as_deref().map(str::trim) else {
        terminal.lines(&list::fields(&inputs.kinds, kind));
        return Ok(Outcome::Success);
    };
    let given = field_values::parse_field_values(&inputs.kinds, kind, &args.fields)?;
    let has_levels = inputs.config.visibility.is_in_use();
    let draft = NewPage { title, kind: name, today: inputs.today, has_levels, given: &given };
    // The path comes before the questions: a title without a file name must fail before a person answers.
    let path = path(&inputs, kind, &draft)?;
    let given = prompts::ask(&inputs.kinds, kind, &draft, terminal);
    let draft = NewPage { given: &given, ..draft };
    create(&inputs.root.join(&path), &inputs.kinds.new_page(kind, &draft))?;
    terminal.line(&from_here(&inputs.root.join(&path)).display().to_string());
    remind(&inputs.kinds, kind, &draft, terminal);
    Ok(Outcome::Success)
}

/// Loads a handbook for a command that builds nothing.
pub(super) fn load(root: &Path) -> Result<Inputs, Failure> {
    let options = Options {
        root: root.to_owned(),
        out: None,
        base_url: None,
        preview: Preview::No,
        drafts: Drafts::Include,
        audience: None,
        today: None,
    };
    Loader::new(options).load()
}

/// The kind with this name.
///
/// # Errors
/// There is no such kind.
pub(super) fn kind<'a>(kinds: &'a Kinds, name: &str) -> Result<&'a Kind, Failure> {
    kinds.find(name).map(|(kind, _)| kind.as_ref()).ok_or_else(|| {
        let all = "`opsbook new --list` shows all kinds.";
        let help = match kinds.meant(name) {
            Some(near) => format!("Did you mean `{near}`? {all}"),
            None => all.to_owned(),
        };
        Failure::new(format!("there is no kind `{name}`"), help)
    })
}

/// The path of the new page, relative to the root.
fn path(inputs: &Inputs, kind: &Kind, draft: &NewPage<'_>) -> Result<String, Failure> {
    let day = draft.given.get("date").cloned().unwrap_or_else(|| draft.today.to_string());
    let Some(name) = file_name(kind, draft.title, &day) else {
        let message = format!("no file name can be made of the title `{}`", draft.title);
        return Err(Failure::new(message, "Use a title with letters or digits."));
    };
    let parts = [inputs.config.content.as_str(), &kind.folder, &name];
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    Ok(format!("{}.md", parts.join("/")))
}

/// The file name without its extension; `None` if the title has no letter or digit.
fn file_name(kind: &Kind, title: &str, day: &str) -> Option<String> {
    let slug = segment(title);
    if slug.is_empty() {
        return None;
    }
    // Pages of dated kinds are known by their day, and their titles repeat.
    Some(if kind.dated { format!("{}-{slug}", day.get(..10).unwrap_or(day)) } else { slug })
}

/// Lists the fields that are still to be filled in.
fn remind(kinds: &Kinds, kind: &Kind, draft: &NewPage<'_>, terminal: &Terminal) {
    let needed: Vec<String> =
        kinds.still_needed(kind, draft).iter().map(|field| format!("`{}`", field.name)).collect();
    if !needed.is_empty() {
        terminal.note(&format!("Still to be filled in: {}", needed.join(", ")));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_named_after_the_title_and_where_it_matters_the_day() {
        let kinds = Kinds::built_in();
        let name = |name, title| file_name(kind(kinds, name).unwrap(), title, "2026-11-21");
        assert_eq!(name("runbook", "A disk is full!").unwrap(), "a-disk-is-full");
        assert_eq!(name("minutes", "Weekly").unwrap(), "2026-11-21-weekly");
        assert_eq!(name("page", "../../etc/passwd").unwrap(), "etc-passwd");
        assert_eq!(name("page", "..."), None);
    }
}
