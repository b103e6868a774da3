//! The part of `opsbook check` that `--external` adds: links into the web.
//!
//! Owns whose links are asked, the answers of earlier runs in `.opsbook`, the line that shows the progress, and the sentence
//! at the end.

#![expect(clippy::disallowed_methods, reason = "measures how long it takes")]

use std::cell::Cell;
use std::io::{self, Write};
use std::time::{Duration, Instant};

use crate::check::apply_severities;
use crate::diagnostic;
use crate::external::{CheckedLinks, KeptAnswers, LinkProgress, NetworkState, check_links};
use crate::input::{Drafts, Failure, Inputs, cache};
use crate::memo::Retention;
use crate::moves::{CheckedInputs, for_audience};
use crate::pipeline::{Engine, WebLink};
use crate::visibility::Audience;

use super::terminal::{OutputStream, Terminal};

/// The answers to the links of a handbook.
pub(super) struct WebLinkCheck {
    checked: CheckedLinks,
}

impl WebLinkCheck {
    /// Asks the hosts of all links that may be sent, and keeps the answers.
    ///
    /// # Errors
    /// There is no encryption, or no client can be made.
    pub fn run(inputs: &Inputs, terminal: &Terminal) -> Result<WebLinkCheck, Failure> {
        let mut kept = KeptAnswers::decode(cache::load_web_links(&inputs.root), inputs.now);
        let is_shown = terminal.is_watched(OutputStream::Error);
        let progress = ProgressLine { is_shown, last: Cell::new(Instant::now()) };
        let checked = check_links(&links(inputs), &inputs.config, &mut kept, &progress);
        progress.clear();
        let checked = checked?;
        if checked.asked > 0
            && let Err(error) = cache::save_web_links(&inputs.root, kept.encode())
        {
            terminal.note(&format!("the answers to web links are not kept: {error}"));
        }
        Ok(WebLinkCheck { checked })
    }

    /// Adds the problems with their severities in this handbook. Its texts may be newer than the answers.
    pub fn add_problems(&self, handbook: &mut CheckedInputs) {
        let CheckedInputs { inputs, problems, rules, .. } = handbook;
        let found = self.checked.problems(&links(inputs));
        problems.extend(apply_severities(found, &inputs.config, rules, inputs.today).problems);
        diagnostic::sort(problems);
    }

    /// Says what was asked, and what was not.
    pub fn report(&self, inputs: &Inputs, terminal: &Terminal) {
        let CheckedLinks { asked, kept, network, .. } = &self.checked;
        let mut parts = vec![format!("web links: {asked} asked")];
        if *kept > 0 {
            parts.push(format!("{kept} known from an earlier run"));
        }
        let not_asked = self.checked.not_asked_in_words(&inputs.config.external);
        if !not_asked.is_empty() {
            parts.push(format!("not asked: {}", not_asked.join(", ")));
        }
        terminal.note(&parts.join("; "));
        if *network == NetworkState::Down {
            terminal.note(
                "no host answered, so the network seems to be down: the answers of earlier runs count, and other \
                 links are not reported",
            );
        }
    }
}

/// The links of all texts. Those that may not be sent are withheld.
fn links(inputs: &Inputs) -> Vec<WebLink> {
    let settings = &inputs.config.visibility;
    let level = inputs.config.external.audience.unwrap_or(settings.levels.lowest());
    let seen = for_audience(inputs, Audience::from_level(level), Drafts::Include);
    let mut engine = Engine::with_caches(Retention::Nothing, cache::load(&inputs.root));
    engine.web_links(&seen)
}

/// The line `web links: 12 of 340` on standard error, if that is a terminal.
struct ProgressLine {
    is_shown: bool,
    last: Cell<Instant>,
}

impl ProgressLine {
    fn clear(&self) {
        if self.is_shown {
            let _ = write!(io::stderr(), "\r\u{1b}[K");
        }
    }
}

impl LinkProgress for ProgressLine {
    fn asked(&self, links: usize, of: usize) {
        if self.is_shown && self.last.get().elapsed() > Duration::from_millis(200) {
            self.last.set(Instant::now());
            let _ = write!(io::stderr(), "\r\u{1b}[Kweb links: {links} of {of}");
        }
    }
}
