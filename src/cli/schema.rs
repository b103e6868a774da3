//! `opsbook schema`.
//!
//! Prints the schema or the reference that `kinds` makes from the definitions. Outside a handbook these are the
//! built-in ones.

use std::sync::Arc;

use crate::input::Failure;
use crate::kinds::Kinds;

use super::Outcome;
use super::args::{SchemaArgs, SchemaForm};
use super::new::{kind, load};
use super::terminal::{OutputStream, Terminal};

pub(super) fn run(args: &SchemaArgs, terminal: &Terminal) -> Result<Outcome, Failure> {
    let (kinds, extra_keys) = definitions(args)?;
    let text = match (args.format, args.kind.as_deref()) {
        (SchemaForm::Json, None) => format!("{:#}\n", kinds.schema_of_all(&extra_keys)),
        (SchemaForm::Json, Some(name)) => format!("{:#}\n", kinds.schema(kind(&kinds, name)?, &extra_keys)),
        (SchemaForm::Markdown, None) => kinds.common_reference(),
        (SchemaForm::Markdown, Some(name)) => kinds.reference(kind(&kinds, name)?),
    };
    terminal.print(OutputStream::Out, &text);
    Ok(Outcome::Well)
}

/// The kinds of the handbook, and the extra keys that its settings allow.
fn definitions(args: &SchemaArgs) -> Result<(Arc<Kinds>, Vec<String>), Failure> {
    match args.root.find() {
        Ok(root) => load(&root).map(|inputs| (inputs.kinds, inputs.config.extra_keys.clone())),
        Err(_) if args.root.folder.is_none() => Ok((Arc::clone(Kinds::built_in()), Vec::new())),
        Err(failure) => Err(failure),
    }
}
