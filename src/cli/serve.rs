//! `opsbook serve`.
//!
//! Turns arguments into options of the preview; the preview itself is [`crate::serve`].

#![expect(clippy::disallowed_methods, reason = "asks the environment which editor is used")]

use std::env;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::input::{Failure, Options, Preview};
use crate::serve::{self, Editor, OpenBrowser, Port, Reach, ServeOptions};

use super::Outcome;
use super::args::ServeArgs;
use super::terminal::{OutputStream, Terminal};

/// The default port.
const USUAL: u16 = 4567;

pub(super) fn run(args: ServeArgs, terminal: &Terminal) -> Result<Outcome, Failure> {
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
    // A name without an address means a tunnel that ends on this machine.
    let address = args.host.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST));
    let is_usual = address == Ipv4Addr::LOCALHOST || address == Ipv6Addr::LOCALHOST;
    let reach = match is_usual && args.allow_host.is_empty() {
        true => Reach::Machine,
        false => Reach::Network { address, names: args.allow_host },
    };
    let open = if args.open { OpenBrowser::Browser } else { OpenBrowser::Leave };
    let editor = args.editor.or_else(usual_editor);
    serve::run(ServeOptions { options, port, reach, open, editor, look: terminal.look(OutputStream::Out) })?;
    Ok(Outcome::Well)
}

/// The editor that this terminal runs in or that the environment names, if it opens links.
fn usual_editor() -> Option<Editor> {
    if env::var("TERM_PROGRAM").is_ok_and(|program| program == "vscode") {
        return Editor::named("vscode").ok();
    }
    ["VISUAL", "EDITOR"].iter().find_map(|name| Editor::of_command(&env::var(name).ok()?))
}
