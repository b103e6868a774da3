//! What the answer of a host means for a link.
//!
//! Owns [`LinkAnswer`], and how status codes of HTTP are read. Knows no handbook.

use serde::{Deserialize, Serialize};

/// What is known of an address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum LinkAnswer {
    /// The page exists; perhaps only for some people.
    Alive,
    /// The page exists at another address for good.
    Moved {
        to: String,
    },
    Dead(LinkDeath),
    /// Whether the page exists is unknown. Never kept.
    Silent {
        reason: String,
        answered: HostAnswered,
    },
}

/// Whether anything came back from the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum HostAnswered {
    Yes,
    No,
}

/// How a link is dead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum LinkDeath {
    /// A status code of the class 4xx.
    Status(u16),
    /// Redirects that lead back to where they were.
    Circle,
    TooManyRedirects,
    /// A redirect to something that is not an address.
    BadRedirect,
}

impl LinkAnswer {
    /// Whether nothing came back from the network.
    pub fn is_silence(&self) -> bool {
        matches!(self, LinkAnswer::Silent { answered: HostAnswered::No, .. })
    }
}

impl LinkDeath {
    /// The end of a sentence that begins with the address.
    pub fn in_words(&self) -> String {
        match self {
            LinkDeath::Status(status) => format!("answers with {}", status_in_words(*status)),
            LinkDeath::Circle => "redirects in a circle".to_owned(),
            LinkDeath::TooManyRedirects => "redirects more than ten times".to_owned(),
            LinkDeath::BadRedirect => "redirects to something that is not an address".to_owned(),
        }
    }
}

/// `404 Not Found`.
pub(super) fn status_in_words(status: u16) -> String {
    let known = reqwest::StatusCode::from_u16(status).ok().and_then(|code| code.canonical_reason());
    known.map_or_else(|| status.to_string(), |reason| format!("{status} {reason}"))
}

/// What follows from a status code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum StatusMeaning {
    Exists,
    Redirect(RedirectType),
    /// Too many requests, or an overloaded host: ask again later.
    Later,
    Missing,
    /// A failure of the host, which says nothing about the page.
    HostFailure,
}

/// Whether links should follow a redirect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RedirectType {
    Permanent,
    Temporary,
}

impl StatusMeaning {
    pub fn of_status(status: u16) -> StatusMeaning {
        match status {
            301 | 308 => StatusMeaning::Redirect(RedirectType::Permanent),
            302 | 303 | 307 => StatusMeaning::Redirect(RedirectType::Temporary),
            429 | 503 => StatusMeaning::Later,
            // Pages behind a login, for some countries or for browsers alone exist; so do those that want another method.
            401 | 402 | 403 | 405 | 406 | 407 | 412 | 417 | 426 | 428 | 451 => StatusMeaning::Exists,
            408 | 425 => StatusMeaning::Later,
            400..=499 => StatusMeaning::Missing,
            500..=599 => StatusMeaning::HostFailure,
            // 999 and the like are a refusal of programs.
            _ => StatusMeaning::Exists,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_absence_of_a_page_is_a_death() {
        for (status, meaning) in [
            (200, StatusMeaning::Exists),
            (304, StatusMeaning::Exists),
            (308, StatusMeaning::Redirect(RedirectType::Permanent)),
            (307, StatusMeaning::Redirect(RedirectType::Temporary)),
            (403, StatusMeaning::Exists),
            (404, StatusMeaning::Missing),
            (410, StatusMeaning::Missing),
            (429, StatusMeaning::Later),
            (500, StatusMeaning::HostFailure),
            (503, StatusMeaning::Later),
            (999, StatusMeaning::Exists),
        ] {
            assert_eq!(StatusMeaning::of_status(status), meaning, "{status}");
        }
        assert_eq!(LinkDeath::Status(404).in_words(), "answers with 404 Not Found");
        assert_eq!(LinkDeath::Status(499).in_words(), "answers with 499");
    }
}
