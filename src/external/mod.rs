//! `opsbook check --external`: asks the hosts of links into the web.
//!
//! `pipeline` finds the links, and which of them the audience may see. Here `link_policy` decides which of those are asked,
//! `asking` asks them with the pauses of `host_pace`, `answer` says what an answer means, `kept_answers` keeps it for later
//! runs, and `problems` makes diagnostics. A request carries the address of the link and the name of the program, and
//! nothing of the handbook.
//!
//! If no host at all answers, the network is down: then the answers of the last run count, and nothing is called dead.

mod answer;
mod asking;
mod host_pace;
mod kept_answers;
mod link_policy;
mod problems;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use reqwest::Url;

use crate::config::{Config, ExternalSettings};
use crate::diagnostic::Diagnostic;
use crate::input::Failure;
use crate::pipeline::{LinkReach, WebLink};

pub use answer::{LinkAnswer, LinkDeath};
pub use asking::LinkProgress;
pub use kept_answers::{KeptAnswer, KeptAnswers};
pub use link_policy::{LinkPolicy, WhyNotAsked};

/// What is known of the links of a handbook after a check.
#[derive(Debug, Default)]
pub struct CheckedLinks {
    /// By the address without fragment.
    answers: BTreeMap<String, LinkAnswer>,
    /// When a host that does not answer now did so last.
    last_answers: BTreeMap<String, Timestamp>,
    /// The number of addresses that were asked now.
    pub asked: usize,
    /// The number of addresses with an answer of an earlier run.
    pub kept: usize,
    pub not_asked: BTreeMap<WhyNotAsked, usize>,
    pub network: NetworkState,
}

/// Whether any host has answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum NetworkState {
    #[default]
    Up,
    /// Hosts were asked, and none answered.
    Down,
}

/// Asks the hosts of links, and uses and renews the answers of earlier runs.
///
/// # Errors
/// There is no encryption, or no client can be made.
pub fn check_links(
    links: &[WebLink],
    config: &Config,
    kept: &mut KeptAnswers,
    progress: &dyn LinkProgress,
) -> Result<CheckedLinks, Failure> {
    let policy = LinkPolicy::new(config);
    let mut checked = CheckedLinks::default();
    let mut wanted: BTreeSet<Url> = BTreeSet::new();
    let mut refused: BTreeMap<&str, WhyNotAsked> = BTreeMap::new();
    for link in links {
        match asked_url(link, &policy) {
            Ok(url) => drop(wanted.insert(url)),
            Err(why) => drop(refused.insert(&link.url, why)),
        }
    }
    for why in refused.into_values() {
        *checked.not_asked.entry(why).or_default() += 1;
    }
    let mut to_ask = Vec::new();
    for url in wanted {
        match kept.fresh(url.as_str(), config.external.max_age) {
            Some(answer) => {
                checked.kept += 1;
                checked.answers.insert(url.into(), answer);
            }
            None => to_ask.push(url),
        }
    }
    checked.asked = to_ask.len();
    if to_ask.is_empty() {
        return Ok(checked);
    }
    let answers = asking::ask_all(to_ask, policy, progress)?;
    if answers.values().all(LinkAnswer::is_silence) {
        checked.network = NetworkState::Down;
    }
    for (url, answer) in answers {
        checked.add(url, answer, kept);
    }
    Ok(checked)
}

/// The address to ask, without its fragment.
fn asked_url(link: &WebLink, policy: &LinkPolicy) -> Result<Url, WhyNotAsked> {
    if link.reach == LinkReach::Withheld {
        return Err(WhyNotAsked::Withheld);
    }
    let mut url = Url::parse(&link.url).map_err(|_| WhyNotAsked::Unreadable)?;
    url.set_fragment(None);
    match policy.why_not_asked(&url) {
        Some(why) => Err(why),
        None => Ok(url),
    }
}

impl CheckedLinks {
    fn add(&mut self, url: String, answer: LinkAnswer, kept: &mut KeptAnswers) {
        let earlier = kept.last(&url);
        match answer {
            LinkAnswer::Silent { .. } if self.network == NetworkState::Down => {
                if let Some(earlier) = earlier {
                    self.kept += 1;
                    self.answers.insert(url, earlier.answer);
                }
            }
            LinkAnswer::Silent { .. } => {
                self.last_answers.extend(earlier.map(|earlier| (url.clone(), earlier.at)));
                self.answers.insert(url, answer);
            }
            _ => {
                kept.renew(&url, answer.clone());
                self.answers.insert(url, answer);
            }
        }
    }

    /// The problems of links, with the default severities of their rules.
    pub fn problems(&self, links: &[WebLink]) -> Vec<Diagnostic> {
        links.iter().filter_map(|link| problems::problem(link, self)).collect()
    }

    /// What is known of a link that the audience may see.
    fn answer(&self, link: &WebLink) -> Option<(&LinkAnswer, Url)> {
        if link.reach == LinkReach::Withheld {
            return None;
        }
        let url = Url::parse(&link.url).ok()?;
        let mut page = url.clone();
        page.set_fragment(None);
        Some((self.answers.get(page.as_str())?, url))
    }

    /// The number of links that are asked only with another setting, and why, in words.
    pub fn not_asked_in_words(&self, settings: &ExternalSettings) -> Vec<String> {
        let words = |(why, number): (&WhyNotAsked, &usize)| why.in_words(*number, settings);
        self.not_asked.iter().map(words).collect()
    }
}
