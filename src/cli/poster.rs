//! `opsbook poster`.
//!
//! Owns for whom the poster is drawn: the audience of the settings, unless another one is named. The drawing is an output
//! of the build, which decides what the audience may see.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use crate::input::{Drafts, Failure, Loader, Options, Preview};
use crate::output::{Output, Sink, UnlistedFolder};
use crate::site::registers::table::ROOT;

use super::Outcome;
use super::build::{build_into, obstacle, report};
use super::shared_args::{DateArgs, ErrorPolicy, RootArgs};
use super::terminal::{OutputStream, Terminal};

/// Draw the plots of all registers on one A3 sheet, as SVG
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  opsbook poster > poster.svg
  opsbook poster --audience internal > poster.svg
  opsbook poster --today 2026-12-31 > 2026.svg

The site has the same drawing at registers/poster.svg. Its page
registers/poster/ prints on one sheet of A3, also as a PDF.")]
pub struct PosterArgs {
    /// For this level [default: as in book.toml]
    #[arg(long, value_name = "LEVEL")]
    pub audience: Option<String>,
    #[command(flatten)]
    pub day: DateArgs,
    #[command(flatten)]
    pub root: RootArgs,
}

pub(super) fn run(args: &PosterArgs, terminal: &Terminal) -> Result<Outcome, Failure> {
    let mut loader = Loader::new(Options {
        root: args.root.find()?,
        out: None,
        audience: args.audience.clone(),
        base_url: None,
        preview: Preview::No,
        drafts: Drafts::Leave,
        today: args.day.today,
    });
    let inputs = loader.load()?;
    let found = PosterFile::default();
    let build = build_into(&inputs, &found, "Nothing was drawn. Solve this and try again.", terminal)?;
    if let Some(why) = obstacle(&build, ErrorPolicy::Pass) {
        report(&build, &inputs, terminal);
        terminal.note(&format!("no poster was drawn{why}"));
        return Ok(Outcome::Problems);
    }
    let Some(drawing) = found.into_text() else {
        let help = "Enable the register `poster`, and registers with plots, in book.toml.";
        return Err(Failure::new("this handbook has no poster", help));
    };
    terminal.print(OutputStream::Out, &drawing);
    Ok(Outcome::Success)
}

/// A sink that holds the poster alone, and makes no other output that is made on demand.
#[derive(Default)]
struct PosterFile(Mutex<Option<Output>>);

impl PosterFile {
    fn into_text(self) -> Option<Arc<str>> {
        let output = self.0.into_inner().unwrap_or_else(PoisonError::into_inner)?;
        let bytes = output.body.bytes().ok()?;
        Some(String::from_utf8_lossy(bytes).into())
    }
}

impl Sink for PosterFile {
    fn put(&self, output: Output) -> io::Result<()> {
        if output.path == format!("{ROOT}poster.svg") {
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(output);
        }
        Ok(())
    }

    fn put_folder(&self, _: UnlistedFolder) -> io::Result<()> {
        Ok(())
    }
}
