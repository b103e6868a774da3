//! `opsbook serve`.
//!
//! Turns arguments into options of the preview; the preview itself is [`crate::serve`].

#![expect(clippy::disallowed_methods, reason = "asks the environment which editor is used")]

use std::env;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::input::{Failure, Options, Preview};
use crate::serve::{self, Editor, OpenBrowser, Port, Reach, ServeOptions};

use super::Outcome;
use super::shared_args::{DateArgs, DraftArgs, RootArgs};
use super::terminal::{OutputStream, Terminal};

/// The default port.
const USUAL: u16 = 4567;

/// Preview on this machine and reload after every save
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  opsbook serve --open
  opsbook serve --port 8080 --drafts

The preview is built in memory and listens on this machine only. Problems are
shown here and in the page, which is shown as far as it goes. Ctrl-C stops.")]
pub struct ServeArgs {
    #[command(flatten)]
    pub root: RootArgs,
    /// The port [default: 4567, then the next free one]
    #[arg(long, value_name = "N")]
    pub port: Option<u16>,
    /// Let other machines reach this address of yours [default: none]
    #[arg(long, value_name = "ADDRESS")]
    pub host: Option<IpAddr>,
    /// A name that a tunnel gives it (repeatable)
    #[arg(long, value_name = "NAME", value_parser = host_name)]
    pub allow_host: Vec<String>,
    /// For this level [default: as in book.toml]
    #[arg(long, value_name = "LEVEL")]
    pub audience: Option<String>,
    #[command(flatten)]
    pub drafts: DraftArgs,
    #[command(flatten)]
    pub day: DateArgs,
    /// Open the browser
    #[arg(long)]
    pub open: bool,
    /// The editor that problems link to [default: VISUAL]
    #[arg(long, value_name = "NAME", value_parser = Editor::named)]
    pub editor: Option<Editor>,
}

/// A name of a host as browsers send it, without a port.
fn host_name(name: &str) -> Result<String, String> {
    let is_part = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    if name.split('.').all(is_part) {
        Ok(name.to_owned())
    } else {
        Err("give the name alone, such as `desk.example`: without scheme, port and path".to_owned())
    }
}

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
    let reach = if is_usual && args.allow_host.is_empty() {
        Reach::Machine
    } else {
        Reach::Network { address, names: args.allow_host }
    };
    let open = if args.open { OpenBrowser::Browser } else { OpenBrowser::Leave };
    let editor = args.editor.or_else(usual_editor);
    serve::run(ServeOptions { options, port, reach, open, editor, look: terminal.look(OutputStream::Out) })?;
    Ok(Outcome::Success)
}

/// The editor that this terminal runs in or that the environment names, if it opens links.
fn usual_editor() -> Option<Editor> {
    if env::var("TERM_PROGRAM").is_ok_and(|program| program == "vscode") {
        return Editor::named("vscode").ok();
    }
    ["VISUAL", "EDITOR"].iter().find_map(|name| Editor::of_command(&env::var(name).ok()?))
}
