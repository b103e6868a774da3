//! `opsbook check`.
//!
//! Owns the choice of the format. Writes nothing but its report.

use crate::input::{Failure, Loader, Options, Preview, cache};
use crate::memo::Keep;
use crate::output::Discard;
use crate::pipeline::Engine;
use crate::report::{self, Summary};

use super::Outcome;
use super::args::{Check, Format};
use super::terminal::{Stream, Terminal};

pub(super) fn run(args: &Check, terminal: &Terminal) -> Result<Outcome, Failure> {
    let options = Options {
        root: args.root.find()?,
        out: None,
        base_url: None,
        preview: Preview::No,
        drafts: args.drafts.wanted(),
        today: args.day.today,
    };
    let inputs = Loader::new(options).load()?;
    let mut engine = Engine::new(Keep::Nothing);
    engine.highlighted = cache::load(&inputs.root);
    let build = engine
        .build(&inputs, &Discard)
        .map_err(|error| Failure::new(error.to_string(), "Solve this and check again."))?;
    let (found, lookup) = (&build.diagnostics, report::texts(&inputs));
    let summary = Summary::of(found, build.pages);
    let text = match args.format {
        Format::Human => report::human::render(found, &lookup, terminal.look(Stream::Out), summary),
        Format::Short => report::short::render(found, &lookup),
        Format::Json => report::json::render(found, &lookup, summary),
    };
    terminal.print(Stream::Out, &text);
    Ok(if build.failed() { Outcome::Problems } else { Outcome::Well })
}
