//! `opsbook theme`.
//!
//! Lists the built-in templates, prints one, or copies one into the handbook's theme. What a copy is belongs to `theme`.

use std::path::Path;

use clap::Subcommand;

use crate::diagnostic::nearest;
use crate::input::Failure;
use crate::theme::{self, TemplateCopy};

use super::Outcome;
use super::creation::create;
use super::new::load;
use super::shared_args::RootArgs;
use super::terminal::{OutputStream, Terminal};

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

pub(super) fn run(args: &ThemeArgs, terminal: &Terminal) -> Result<Outcome, Failure> {
    match &args.command {
        ThemeCommand::List => list(terminal),
        ThemeCommand::Show { part } => terminal.print(OutputStream::Out, &find(part)?.text),
        ThemeCommand::Eject { part, root } => eject(part, root, terminal)?,
    }
    Ok(Outcome::Success)
}

fn list(terminal: &Terminal) {
    for name in theme::template_names() {
        terminal.line(name);
    }
}

fn eject(part: &str, root: &RootArgs, terminal: &Terminal) -> Result<(), Failure> {
    let copy = find(part)?;
    let root = root.find()?;
    let folder = load(&root)?.config.theme.clone();
    let file = format!("{}/templates/{}", folder.trim_matches('/'), copy.path);
    let path = root.join(&file);
    if path.exists() {
        let help = "Edit the copy that is there, or delete it first.";
        return Err(Failure::new(format!("there is a `{file}` already"), help));
    }
    if !stays_below(&path, &root) {
        let help =
            "A part of this path is a symbolic link. The theme is read from the handbook's own folder only.";
        return Err(Failure::new(format!("`{file}` would lie outside of the handbook"), help));
    }
    create(&path, &copy.text)?;
    terminal.line(&file);
    terminal.note("Keep its first line: `opsbook check` then says when the original changes.");
    Ok(())
}

/// Whether a file that does not exist yet would be made below a folder, wherever symbolic links lead.
fn stays_below(path: &Path, root: &Path) -> bool {
    let existing = path.ancestors().find(|above| above.exists()).and_then(|above| above.canonicalize().ok());
    existing.zip(root.canonicalize().ok()).is_some_and(|(folder, root)| folder.starts_with(root))
}

fn find(part: &str) -> Result<TemplateCopy, Failure> {
    theme::copy(part).ok_or_else(|| {
        let stems = theme::template_names().map(|name| {
            let name = name.strip_prefix("partials/").unwrap_or(name);
            name.strip_suffix(".html").unwrap_or(name)
        });
        let help = match nearest(part, stems) {
            Some(near) => format!("Did you mean `{near}`?"),
            None => "`opsbook theme list` lists the templates.".to_owned(),
        };
        Failure::new(format!("the built-in theme has no template `{part}`"), help)
    })
}
