//! `opsbook schema`.
//!
//! Prints the schema or the reference that `kinds` makes from the definitions. Outside a handbook these are the
//! built-in ones. With `--write` it writes the schemas of all files into the handbook, as `init` does.

#![expect(clippy::disallowed_methods, reason = "looks which settings of editors are there")]

use std::fs;
use std::path::Path;
use std::sync::Arc;

use clap::ValueEnum;

use crate::input::{Failure, Inputs};
use crate::kinds::Kinds;
use crate::report::counted;
use crate::schemas::{self, editor_settings, line_of_settings, schema_files};

use super::Outcome;
use super::creation::{create, replace};
use super::new::{kind, load};
use super::root::BOOK;
use super::shared_args::{NameFrom, RootArgs, kinds};
use super::terminal::{OutputStream, Terminal};

/// Print the fields of a kind, or write schemas for editors
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  opsbook schema > front-matter.schema.json   All kinds; `kind` decides
  opsbook schema runbook > runbook.schema.json
  opsbook schema runbook --format markdown    Tables of fields and sections
  opsbook schema --write                      Schemas of all files, for editors

Outside of a handbook the built-in kinds are printed. --write renews the folder
.schemas, and creates .taplo.toml and .vscode/settings.json if they are not
there.")]
pub struct SchemaArgs {
    /// The kind [default: all kinds]
    #[arg(value_name = "KIND", hide_possible_values = true, value_parser = NameFrom(kinds))]
    pub kind: Option<String>,
    /// json (JSON Schema 2020-12) or markdown
    #[arg(long, value_enum, default_value_t = SchemaForm::Json, hide_possible_values = true)]
    pub format: SchemaForm,
    /// Write the schemas of all files to .schemas
    #[arg(long, conflicts_with_all = ["kind", "format"])]
    pub write: bool,
    #[command(flatten)]
    pub root: RootArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SchemaForm {
    Json,
    Markdown,
}

pub(super) fn run(args: &SchemaArgs, terminal: &Terminal) -> Result<Outcome, Failure> {
    if args.write {
        return write(&load(&args.root.find()?)?, terminal);
    }
    let (kinds, extra_keys) = definitions(args)?;
    let text = match (args.format, args.kind.as_deref()) {
        (SchemaForm::Json, None) => format!("{:#}\n", kinds.schema_of_all(&extra_keys)),
        (SchemaForm::Json, Some(name)) => format!("{:#}\n", kinds.schema(kind(&kinds, name)?, &extra_keys)),
        (SchemaForm::Markdown, None) => kinds.common_reference(),
        (SchemaForm::Markdown, Some(name)) => kinds.reference(kind(&kinds, name)?),
    };
    terminal.print(OutputStream::Out, &text);
    Ok(Outcome::Success)
}

/// Renews the schemas of a handbook, and creates the settings by which editors find them.
fn write(inputs: &Inputs, terminal: &Terminal) -> Result<Outcome, Failure> {
    let root = &inputs.root;
    let mut changed = 0;
    for (path, text) in schema_files(&inputs.kinds, &inputs.config.extra_keys) {
        changed += usize::from(replace(&root.join(path), &text)?);
    }
    terminal.line(&format!("Wrote {} to {}", counted(changed, "schema"), schemas::FOLDER));
    for (path, text) in editor_settings(&inputs.config) {
        let place = root.join(path);
        if fs::symlink_metadata(&place).is_err() {
            create(&place, &text)?;
            terminal.line(&format!("Wrote {path}"));
        } else if !names_schemas(&place) {
            terminal.print(OutputStream::Out, &format!("Add to `{path}`:\n{text}"));
        }
    }
    if !names_schemas(&root.join(BOOK)) {
        terminal.line(&format!("Add to the top of `{BOOK}`: `{}`", line_of_settings()));
    }
    Ok(Outcome::Success)
}

/// Whether a file names the folder of the schemas.
fn names_schemas(path: &Path) -> bool {
    fs::read_to_string(path).is_ok_and(|text| text.contains(schemas::FOLDER))
}

/// The kinds of the handbook, and the extra keys that its settings allow.
fn definitions(args: &SchemaArgs) -> Result<(Arc<Kinds>, Vec<String>), Failure> {
    match args.root.find() {
        Ok(root) => load(&root).map(|inputs| (inputs.kinds, inputs.config.extra_keys.clone())),
        Err(_) if args.root.folder.is_none() => Ok((Arc::clone(Kinds::built_in()), Vec::new())),
        Err(failure) => Err(failure),
    }
}
