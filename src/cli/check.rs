//! `opsbook check`.
//!
//! Owns the choice of the format, and of the audiences for which the handbook is checked. Writes nothing but
//! its report.

use crate::config::Visibility;
use crate::diagnostic;
use crate::input::{Failure, Loader, Options, Preview, cache};
use crate::memo::Retention;
use crate::output::Discard;
use crate::pipeline::Engine;
use crate::report::{self, Summary};

use super::args::{CheckArgs, ReportFormat};
use super::terminal::{OutputStream, Terminal};
use super::{Outcome, build};

pub(super) fn run(args: &CheckArgs, terminal: &Terminal) -> Result<Outcome, Failure> {
    let mut loader = Loader::new(Options {
        root: args.root.find()?,
        out: None,
        base_url: None,
        preview: Preview::No,
        drafts: args.drafts.wanted(),
        audience: None,
        today: args.day.today,
    });
    let mut wanted = build::requested_audiences(&args.audiences.names);
    let (mut found, mut pages, mut failed) = (Vec::new(), 0, false);
    let (mut highlighted, mut drawn) = (None, None);
    let mut inputs = None;
    while let Some(audience) = wanted.pop() {
        loader.set_audience(audience.clone(), None);
        let loaded = loader.load()?;
        let mut engine = Engine::new(Retention::Nothing);
        // The caches pass from one audience to the next, so that code and diagrams are not made twice.
        engine.highlight_cache = highlighted.take().unwrap_or_else(|| cache::load(&loaded.root));
        engine.drawing_cache = drawn.take().unwrap_or_else(|| cache::load_drawings(&loaded.root));
        let built = engine
            .build(&loaded, &Discard)
            .map_err(|error| Failure::new(error.to_string(), "Solve this and check again."))?;
        highlighted = Some(std::mem::take(&mut engine.highlight_cache));
        drawn = Some(std::mem::take(&mut engine.drawing_cache));
        // The other audience is known only when the settings are loaded.
        if audience.is_none() {
            wanted.extend(insiders(&loaded.config.visibility).map(Some));
        }
        pages = pages.max(built.pages);
        failed |= built.failed();
        found.extend(built.diagnostics);
        inputs = Some(loaded);
    }
    diagnostic::sort(&mut found);
    let inputs = inputs.expect("there is always an audience");
    let (lookup, summary) = (report::texts(&inputs), Summary::new(&found, pages));
    let text = match args.format {
        ReportFormat::Human => {
            report::human::render(&found, &lookup, terminal.look(OutputStream::Out), summary)
        }
        ReportFormat::Short => report::short::render(&found, &lookup),
        ReportFormat::Json => report::json::render(&found, &lookup, summary),
    };
    terminal.print(OutputStream::Out, &text);
    Ok(if failed { Outcome::Problems } else { Outcome::Well })
}

/// The audience that sees everything, if levels are in use and the default audience does not see everything.
fn insiders(settings: &Visibility) -> Option<String> {
    let highest = settings.levels.highest();
    let in_use = settings.default.is_some() && settings.audience.level() < highest;
    in_use.then(|| settings.levels.name(highest).to_owned())
}
