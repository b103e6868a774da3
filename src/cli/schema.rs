//! `opsbook schema`.
//!
//! Prints the schema or the reference that `kinds` makes from the definitions. Outside a handbook these are the
//! built-in ones.

use std::sync::Arc;

use clap::ValueEnum;

use crate::input::Failure;
use crate::kinds::Kinds;

use super::Outcome;
use super::new::{kind, load};
use super::shared_args::{NameFrom, RootArgs, kinds};
use super::terminal::{OutputStream, Terminal};

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

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SchemaForm {
    Json,
    Markdown,
}

pub(super) fn run(args: &SchemaArgs, terminal: &Terminal) -> Result<Outcome, Failure> {
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

/// The kinds of the handbook, and the extra keys that its settings allow.
fn definitions(args: &SchemaArgs) -> Result<(Arc<Kinds>, Vec<String>), Failure> {
    match args.root.find() {
        Ok(root) => load(&root).map(|inputs| (inputs.kinds, inputs.config.extra_keys.clone())),
        Err(_) if args.root.folder.is_none() => Ok((Arc::clone(Kinds::built_in()), Vec::new())),
        Err(failure) => Err(failure),
    }
}
