//! Pages that look like minutes, a runbook or an analysis, and have no kind.
//!
//! This module owns the evidence: the folder, the date, the sections of the kind and, for meetings, a list of people. It
//! must not know any kind by its name: the definitions of kinds and the lexicon have the names and headings.

use std::cell::LazyCell;
use std::ops::Deref;

use super::{FrontMatter, FrontMatterContext, facts, section_rank};
use crate::diagnostic::Diagnostic;
use crate::kinds::{Kind, Kinds, PlainHeadings};
use crate::lexicon::Lexicon;
use crate::markdown::{self, Document, Heading, ParticipantBlocks, ParticipantClassifier};
use crate::path::segment;
use crate::rules::KIND_MISSING;
use crate::source::{Source, Span};

/// The smallest number of sections of a kind that is evidence alone.
const MANY: usize = 5;

/// The smallest number that is evidence beside the folder or the title.
const SOME: usize = 2;

/// The text of a page.
pub(super) struct PageText<'a> {
    pub source: &'a Source,
    /// The offset of the Markdown in bytes.
    pub body: usize,
    pub document: &'a Document,
    /// The blocks in which lists of people can be found, unless the text has another meaning as notes of a meeting.
    pub participants: Option<ParticipantBlocks>,
}

/// Whether a page has no kind, so that it may lack one.
pub(super) fn may_lack_kind(front: &FrontMatter, kinds: &Kinds) -> bool {
    // A draft may lack a kind.
    !front.draft && front.kind.name == kinds.plain().name && front.data.span("kind").is_none()
}

/// Reports a page without a kind that looks like one of a kind.
pub(super) fn check(
    text: PageText<'_>,
    front: &FrontMatter,
    context: FrontMatterContext<'_>,
) -> Option<Diagnostic> {
    if !may_lack_kind(front, context.kinds) {
        return None;
    }
    let PageText { source, body, document, participants } = text;
    let folder = source.path.beneath(&context.config.content).and_then(|path| path.rsplit_once('/'));
    let folder = folder.map_or("", |(folder, _)| folder);
    // Lists of people are found in the blocks of the one parse. Only a text that is parsed differently as notes of a
    // meeting is parsed again, and only where the rest of the evidence does not decide.
    let participants = LazyCell::new(move || {
        participants
            .unwrap_or_else(|| markdown::participant_blocks(source, body, super::extensions(context.config)))
    });
    let page = PageEvidence { source, front, document, folder, participants: &participants };
    let kind = page.kind(context.kinds)?;
    let names = if page.names_people(kind) { ", so the people that it lists are shown" } else { "" };
    let message = format!("this page looks like {}, and has no kind{names}", called(kind));
    let problem = Diagnostic::new(&KIND_MISSING, Span::start_of(&source.path), message);
    Some(problem.help(page.way_out(kind)))
}

/// A page of a kind, for messages: `a runbook`.
fn called(kind: &Kind) -> String {
    // `Minutes` is a plural, which has no article.
    if kind.title == kind.plural { kind.title.to_lowercase() } else { kind.with_article() }
}

/// A page without a kind.
struct PageEvidence<'a> {
    source: &'a Source,
    front: &'a FrontMatter,
    document: &'a Document,
    /// The path of its folder below the content.
    folder: &'a str,
    /// The blocks in which lists of people are searched. Dereferencing it may parse the text.
    participants: &'a dyn Deref<Target = ParticipantBlocks>,
}

impl PageEvidence<'_> {
    /// The kind that the page looks like: the one with the most sections on the page.
    fn kind<'k>(&self, kinds: &'k Kinds) -> Option<&'k Kind> {
        let headings = PlainHeadings::new(self.document.outline.iter().map(|heading| heading.text.as_str()));
        let mut best: Option<(&Kind, usize)> = None;
        for kind in kinds.all() {
            let is_of_meetings = kind.feeds("meetings");
            // Pages of other kinds look like any page.
            if !is_of_meetings && !kind.feeds("alerts") && !kind.feeds("incidents") {
                continue;
            }
            let sections = headings.count_sections(kind);
            let like = match is_of_meetings {
                true => self.is_meeting(kind, sections),
                false => self.is_like(kind, sections),
            };
            let fits_better = match best {
                None => true,
                // A kind that is like another one has its sections and more, so with as many the other one is meant.
                Some((other, most)) => {
                    sections > most || sections == most && kind.sections.len() < other.sections.len()
                }
            };
            if like && fits_better {
                best = Some((kind, sections));
            }
        }
        best.map(|(kind, _)| kind)
    }

    fn way_out(&self, kind: &Kind) -> String {
        let (name, file) = (&kind.name, &self.source.path);
        let own = format!("`kind: {name}` into this page, or `kind: page` if it is something else");
        // A folder of another name may have other pages as well.
        if self.in_folder_of_minutes(kind) && section_rank(file).is_none() {
            format!("write `cascade: {{kind: {name}}}` into {}/_index.md, or {own}", file.folder())
        } else {
            format!("write {own}")
        }
    }

    fn is_meeting(&self, kind: &Kind, sections: usize) -> bool {
        let own = section_rank(&self.source.path).is_none();
        let (in_folder, dated) = (self.in_folder_of_minutes(kind), self.is_dated());
        own && dated && (in_folder || sections > SOME)
            || (in_folder || dated || sections >= SOME) && self.names_people(kind)
    }

    fn is_like(&self, kind: &Kind, sections: usize) -> bool {
        let named = || self.in_folder(kind) || self.titled(kind);
        section_rank(&self.source.path).is_none() && (sections >= MANY || sections >= SOME && named())
    }

    /// Whether the name of a folder above the page contains a name of the kind.
    fn in_folder(&self, kind: &Kind) -> bool {
        let names = names(kind);
        self.folder.split('/').map(segment).any(|folder| names.iter().any(|name| is_within(&folder, name)))
    }

    /// Whether the name of a folder above the page contains a name of the kind, or a word for meetings.
    fn in_folder_of_minutes(&self, kind: &Kind) -> bool {
        let words = &Lexicon::all().meetings.in_folders;
        let named = |folder: String| words.iter().any(|word| is_within(&folder, word));
        self.in_folder(kind) || self.folder.split('/').map(segment).any(named)
    }

    /// Whether the title or the file name contains a name of the kind.
    fn titled(&self, kind: &Kind) -> bool {
        let title =
            self.front.title.as_deref().or(self.document.title.as_ref().map(|title| title.text.as_str()));
        let texts = [segment(title.unwrap_or_default()), segment(self.source.path.stem())];
        names(kind).iter().any(|name| texts.iter().any(|text| is_within(text, name)))
    }

    /// Whether the file name, the folder, the title or one of the first headings has a date.
    fn is_dated(&self) -> bool {
        let folder = self.folder.rsplit('/').next().unwrap_or_default();
        let named =
            [self.source.path.stem(), folder].into_iter().any(|name| facts::day_of_name(name).is_some());
        let headings = self.document.title.iter().chain(&self.document.outline).take(2);
        let mut titles =
            headings.map(|heading: &Heading| heading.text.as_str()).chain(self.front.title.as_deref());
        named || titles.any(facts::dated)
    }

    /// Whether the page lists people that would be withheld if it were of the kind.
    fn names_people(&self, kind: &Kind) -> bool {
        if !kind.feeds("meetings") && !kind.feeds("incidents") {
            return false;
        }
        let label = |text: &str| facts::label(text, kind);
        let classifier = ParticipantClassifier { label: &label, entry: &facts::entry, dated: &facts::dated };
        self.participants.list_people(classifier)
    }
}

/// The names of a kind in every language, in the spelling of file names.
fn names(kind: &Kind) -> Vec<String> {
    let translated = kind.words.values().flat_map(|words| words.title.iter().chain(&words.plural));
    let own = [&kind.name, &kind.folder, &kind.title, &kind.plural].into_iter();
    let aliases = kind.aliases.iter().map(|(alias, _)| alias);
    let names = own.chain(aliases).chain(translated).map(|name| segment(name));
    names.filter(|name| !name.is_empty()).collect()
}

/// Whether a segment contains a name as whole words, also with a plural `s`: `meeting-minutes` contains `minutes`.
fn is_within(segment: &str, name: &str) -> bool {
    segment.match_indices(name).any(|(at, _)| {
        let after = &segment[at + name.len()..];
        let after = after.strip_prefix('s').unwrap_or(after);
        let ends = |text: Option<char>| text.is_none_or(|c| !c.is_alphanumeric());
        ends(segment[..at].chars().next_back()) && ends(after.chars().next())
    })
}

#[cfg(test)]
mod tests {
    use super::is_within;

    #[test]
    fn names_are_whole_words() {
        for (segment, name, want) in [
            ("minutes", "minutes", true),
            ("meeting-minutes", "minutes", true),
            ("runbooks", "runbook", true),
            ("post-mortems", "post-mortem", true),
            ("rca-2026", "rca", true),
            ("arcade", "rca", false),
            ("runbookery", "runbook", false),
        ] {
            assert_eq!(is_within(segment, name), want, "{segment} {name}");
        }
    }
}
