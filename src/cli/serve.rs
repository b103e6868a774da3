//! `opsbook serve`.
//!
//! Turns arguments into settings of the preview; the preview itself is [`crate::serve`].

use crate::input::{Failure, Options, Preview};
use crate::serve::{self, Open, Port, Settings};

use super::Outcome;
use super::args::Serve;
use super::terminal::{Stream, Terminal};

/// The port where none is asked for.
const USUAL: u16 = 4567;

pub(super) fn run(args: Serve, terminal: &Terminal) -> Result<Outcome, Failure> {
    let options = Options {
        root: args.root.find()?,
        out: None,
        base_url: None,
        preview: Preview::Yes,
        drafts: args.drafts.wanted(),
        audience: args.audience,
        today: args.day.today,
    };
    let port = args.port.map_or(Port::Near(USUAL), Port::Exactly);
    let open = if args.open { Open::Browser } else { Open::Leave };
    serve::run(Settings { options, port, open, look: terminal.look(Stream::Out) })?;
    Ok(Outcome::Well)
}
