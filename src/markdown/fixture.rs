//! The context of a plain text, for unit tests.
//!
//! Owns the settings that those tests have in common: English, plain Markdown, nothing to include, the lowest audience.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::code::FigureContext;
use super::redact::Redactions;
use super::{
    Blocks, Checklist, ClosedWorld, Extensions, Flavor, IncludeSections, MarkdownContext, ParticipantPolicy,
    WithheldParticipants,
};
use crate::strings::Languages;
use crate::visibility::{Audience, Levels};

static LEVELS: LazyLock<Levels> = LazyLock::new(Levels::default);
static REDACTIONS: LazyLock<Redactions> = LazyLock::new(Redactions::default);
static SECTIONS: LazyLock<IncludeSections> = LazyLock::new(IncludeSections::default);

/// Tests change what they are about: `MarkdownContext { blocks: Blocks::Collect, ..plain_context() }`.
pub fn plain_context() -> MarkdownContext<'static> {
    MarkdownContext {
        extensions: Extensions { math: false, smart_punctuation: false },
        strings: Languages::built_in().for_language("en"),
        flavor: Flavor::Plain,
        blocks: Blocks::Leave,
        participants: ParticipantPolicy::Show,
        people_of_included: &|_, _| WithheldParticipants::default(),
        closed_world: ClosedWorld {
            levels: &LEVELS,
            audience: Audience::from_level(LEVELS.lowest()),
            used: false,
            classes: &[],
        },
        hides: &|_| None,
        content: "content",
        sources: const { &BTreeMap::new() },
        redactions: &REDACTIONS,
        sections: &SECTIONS,
        checklist: Checklist::Leave,
        code: FigureContext::PLAIN,
        diagrams: None,
    }
}
