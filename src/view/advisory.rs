//! What an advisory shows besides its text.
//!
//! Owns [`AdvisoryView`]: the score, what is affected, and how far each provider has come.

use serde::Serialize;

use super::nav::Here;
use crate::site::PageId;
use crate::site::registers::{Advisory, Affected, Patch};

/// What the fields of an advisory say, as tables.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct AdvisoryView {
    pub cve: Vec<String>,
    /// Of CVSS, from 0 to 10.
    pub score: Option<String>,
    pub vector: Option<String>,
    pub affected: Vec<AffectedView>,
    pub patches: Vec<PatchView>,
    /// Providers that have done nothing yet.
    pub pending: usize,
    pub credits: Vec<String>,
}

/// What holds for versions of a product.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct AffectedView {
    pub product: String,
    pub versions: String,
    /// `affected`, `not affected`, `fixed`, `under investigation`.
    pub status: String,
    /// `good`, `warn` or `bad`.
    pub tone: String,
}

/// How far a provider has come.
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

pub(super) fn view(here: &Here<'_>, id: PageId) -> Option<AdvisoryView> {
    let advisory: &Advisory = here.site.registers.advisories.of(id)?;
    Some(AdvisoryView {
        cve: advisory.cve.clone(),
        score: advisory.score.clone(),
        vector: advisory.vector.clone(),
        affected: advisory.affected.iter().map(affected).collect(),
        patches: advisory.patches.iter().map(patch).collect(),
        pending: advisory.pending(),
        credits: advisory.credits.clone(),
    })
}

fn affected(affected: &Affected) -> AffectedView {
    let (status, tone) = match affected.status.as_str() {
        "known_affected" => ("affected", "bad"),
        "known_not_affected" => ("not affected", "good"),
        "fixed" => ("fixed", "good"),
        "under_investigation" => ("under investigation", "warn"),
        other => (other, "warn"),
    };
    AffectedView {
        product: affected.product.clone(),
        versions: affected.versions.clone().unwrap_or_default(),
        status: status.to_owned(),
        tone: tone.to_owned(),
    }
}

fn patch(patch: &Patch) -> PatchView {
    let tone = match patch.state.as_str() {
        "patched" | "not-affected" => "good",
        "pending" => "bad",
        _ => "warn",
    };
    PatchView {
        provider: patch.provider.clone(),
        state: patch.state.replace('-', " "),
        tone: tone.to_owned(),
        date: patch.date.map(|date| date.to_string()),
        note: patch.note.clone().unwrap_or_default(),
    }
}
