//! Advisories: the data that an advisory shows apart from its text.
//!
//! This module owns [`AdvisoryView`]: the score, the affected products, and the progress of each provider.

use serde::Serialize;

use super::nav::PageLinks;
use crate::site::PageId;
use crate::site::registers::{Advisory, Affected, PatchProgress};
use crate::strings::Strings;

/// The fields of an advisory, as tables.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct AdvisoryView {
    pub cve: Vec<String>,
    /// The CVSS score, from 0 to 10.
    pub score: Option<String>,
    pub vector: Option<String>,
    pub affected: Vec<AffectedView>,
    pub patches: Vec<PatchView>,
    /// The number of providers that have done nothing yet.
    pub pending: usize,
    pub credits: Vec<String>,
}

/// The status of some versions of a product.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct AffectedView {
    pub product: String,
    pub versions: String,
    /// `affected`, `not affected`, `fixed`, `under investigation`.
    pub status: String,
    /// `good`, `warn` or `bad`.
    pub tone: String,
}

/// The progress of one provider.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct PatchView {
    pub provider: String,
    /// `not affected`, `pending`, `mitigated`, `patched`.
    pub state: String,
    /// `good`, `warn` or `bad`.
    pub tone: String,
    /// `2026-11-21`.
    pub date: Option<String>,
    pub note: String,
}

pub(super) fn view(here: &PageLinks<'_>, id: PageId) -> Option<AdvisoryView> {
    let advisory: &Advisory = here.site.registers.advisories.for_page(id)?;
    Some(AdvisoryView {
        cve: advisory.cve.clone(),
        score: advisory.score.clone(),
        vector: advisory.vector.clone(),
        affected: advisory.affected.iter().map(|found| affected(here.t, found)).collect(),
        patches: advisory.patches.iter().map(|found| patch(here.t, found)).collect(),
        pending: advisory.pending(),
        credits: advisory.credits.clone(),
    })
}

fn affected(t: &Strings, affected: &Affected) -> AffectedView {
    let (status, tone) = match affected.status.as_str() {
        "known_affected" => (t.say("advisory.known_affected"), "bad"),
        "known_not_affected" => (t.say("advisory.known_not_affected"), "good"),
        "fixed" => (t.say("advisory.fixed"), "good"),
        "under_investigation" => (t.say("advisory.under_investigation"), "warn"),
        other => (other, "warn"),
    };
    AffectedView {
        product: affected.product.clone(),
        versions: affected.versions.clone().unwrap_or_default(),
        status: status.to_owned(),
        tone: tone.to_owned(),
    }
}

fn patch(t: &Strings, patch: &PatchProgress) -> PatchView {
    let tone = match patch.state.as_str() {
        "patched" | "not-affected" => "good",
        "pending" => "bad",
        _ => "warn",
    };
    // States that the handbook adds have no text of the program; they are words with hyphens.
    let state = match t.word("patch", &patch.state) {
        word if word == patch.state => word.replace('-', " "),
        word => word.to_owned(),
    };
    PatchView {
        provider: patch.provider.clone(),
        state,
        tone: tone.to_owned(),
        date: patch.date.map(|date| date.to_string()),
        note: patch.note.clone().unwrap_or_default(),
    }
}
