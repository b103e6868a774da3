//! Pages: one Markdown file each, parsed once and completely.
//!
//! This module owns [`Page`] and [`parse`], which walks the text once and derives everything that later stages
//! read. It knows neither other pages nor URLs: links stay holes that `render` fills.

mod controlled_document;
mod day_in_name;
mod digests;
pub mod facts;
mod filled_sections;
pub mod front_matter;
mod headings;
pub mod incidents;
mod missing_kind;
mod page_files;
pub mod revisions;
pub mod runbook;
mod secrets;
mod title;
pub mod visibility;

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::config::{Config, Participants};
use crate::diagnostic::Diagnostic;
use crate::kinds::{self, Kinds, TypedValue};
use crate::lexicon::EntryWords;
use crate::markdown::code::FigureContext;
use crate::markdown::redact::Redactions;
use crate::markdown::{
    self, Checklist, Corrections, Document, Extensions, Flavor, Heading, MarkdownContext, ParticipantBlocks,
    ParticipantClassifier, ParticipantPolicy, TranscriptSettings, WithheldParticipants,
};
use crate::memo::Digest;
use crate::path::FilePath;
use crate::rules::INTERNAL_ERROR;
use crate::source::{Source, Span};
use crate::strings::{Languages, Strings};

pub use digests::{includes, key};
pub use facts::Facts;
pub use filled_sections::FilledSections;
use filled_sections::SectionText;
pub use front_matter::FrontMatter;
pub use page_files::{is_near_section, is_page, is_section, section_rank};
pub use title::title_of_name;

use visibility::{Access, AccessTable};

/// A parsed page. It contains nothing that its readers may not see.
#[derive(Debug, Clone)]
pub struct Page {
    pub file: FilePath,
    /// The digest of everything that the page was made from: text, includes, settings.
    pub digest: Digest,
    /// The digest of what decides the page's position in the site and of what other pages may show of it: file,
    /// front matter, title, description.
    pub listing_digest: Digest,
    /// The digest of what registers read from the page: fields, title, and the facts in its text.
    pub registers_digest: Digest,
    /// The digest of the anchors that links may lead to.
    pub anchors_digest: Digest,
    pub front: FrontMatter,
    /// From front matter, else the first heading of level 1, else made from the file or folder name.
    pub title: String,
    /// From front matter, else the text of the first paragraph, at most 200 characters. May be empty.
    pub description: String,
    pub document: Document,
    /// The facts in its text that registers list.
    pub facts: Facts,
    /// Whether the sections that its kind requires are filled in, or still have the text of a new page.
    pub filled_sections: FilledSections,
    /// For the report of an incident: which parts are known and which are missing.
    pub report_sections: incidents::ReportSections,
    /// The variables that readers fill in for its commands.
    pub variables: Vec<runbook::Variable>,
    /// The problems of the front matter and of the text.
    pub diagnostics: Vec<Diagnostic>,
}

/// The settings that front matter is read with.
#[derive(Clone, Copy)]
pub struct FrontMatterContext<'a> {
    pub config: &'a Config,
    pub kinds: &'a Kinds,
    /// The time of the build. It decides which embargoes have ended.
    pub now: Timestamp,
    /// Whether drafts (`draft: true`) are built like other pages.
    pub drafts: bool,
}

/// The inputs that pages are parsed with.
pub struct ParseContext<'a> {
    /// The access of every file, and the front matter of each text.
    pub table: &'a AccessTable<'a>,
    /// The digest of the settings.
    pub settings: Digest,
    pub sources: &'a BTreeMap<FilePath, Source>,
    /// The sections of the sources that pages include.
    pub sections: &'a markdown::IncludeSections,
    /// The redactions of the sources.
    pub redactions: &'a Redactions,
    /// The texts of the program that appear in a page's text.
    pub strings: &'a Languages,
    /// The words of registers that files define. They are part of `settings`.
    pub entry_words: &'a [EntryWords],
    /// The day of the build, for fields that are computed.
    pub today: Date,
    /// Highlights the text of a code block in its language.
    pub highlight: markdown::code::Highlight<'a>,
    /// Draws a diagram from its source.
    pub diagrams: markdown::Draw<'a>,
}

impl ParseContext<'_> {
    /// The texts of the program in the page's language.
    fn words(&self, front: &FrontMatter) -> &Strings {
        self.strings.for_language(front.language.as_deref().unwrap_or(&self.config().language))
    }

    fn config(&self) -> &Config {
        self.table.context().config
    }

    fn kinds(&self) -> &Kinds {
        self.table.context().kinds
    }
}

/// Parses a page: reads its text, derives what later stages need, and checks it.
pub fn parse(source: &Source, context: &ParseContext<'_>) -> Page {
    let mut page = match read(source, context) {
        Ok(page) => page,
        Err(placeholder) => return *placeholder,
    };
    // Only this function reads these parts. They are as large as the text, so the page does not keep them.
    let blocks = std::mem::take(&mut page.document.blocks);
    let withheld = std::mem::take(&mut page.document.withheld);
    let people = page.document.participants.take();
    let (facts, problems) = facts::read(&facts::FactSource {
        file: &source.path,
        content: &context.config().content,
        front: &page.front,
        blocks: &blocks,
        withheld: &withheld,
        participants: page.participants,
        entry_words: context.entry_words,
    });
    page.diagnostics.extend(problems);
    // Before `complete` and `drop_empty_sections`: the checks need front matter and outline as the author wrote them. An
    // empty section is not a missing one.
    let (filled_sections, problems) = check(source, &page, people, context);
    page.diagnostics.extend(problems);
    let title = title::title(source, &mut page, &facts, context);
    let description = title::description(&page);
    complete(&mut page.front, &facts, &page.document, &source.path);
    // After `complete`, because a computed field may follow from the day in the file name.
    context.kinds().compute(&page.front.kind, &mut page.front.data, context.today);
    let report_sections = incidents::read(source, &page.front, &blocks, &facts, &mut page.diagnostics);
    page.document.keep_rows(&report_sections.events.iter().map(|event| event.block).collect());
    drop_empty_sections(source, &page.front, &mut page.document.outline);
    // Last, because the digests cover what the steps above have filled in.
    let listing_digest = digests::listing(source, &page, &title, &description, context);
    let ReadPage { front, variables, document, diagnostics, .. } = page;
    let registers = (listing_digest, incident_links(&front, &document), &facts, filled_sections);
    let anchors = (&document.anchors, document.title.as_ref().map(|heading| &heading.id));
    Page {
        file: source.path.clone(),
        digest: key(source, context),
        listing_digest,
        registers_digest: Digest::of_value(&registers),
        anchors_digest: Digest::of_value(&anchors),
        title,
        description,
        front,
        facts,
        filled_sections,
        report_sections,
        variables,
        document,
        diagnostics,
    }
}

/// A page whose front matter and text are read.
struct ReadPage {
    /// The offset in bytes at which the text begins, after the front matter.
    body: usize,
    front: FrontMatter,
    /// Which names of people the page shows.
    participants: Participants,
    variables: Vec<runbook::Variable>,
    document: Document,
    diagnostics: Vec<Diagnostic>,
}

/// What the front matter of a page says about how its text is parsed.
#[derive(Clone, Copy)]
struct PageHead<'a> {
    front: &'a FrontMatter,
    variables: &'a [runbook::Variable],
    participants: Participants,
}

/// Reads front matter and text.
///
/// # Errors
/// Returns a page without text if the audience may not see the page. Its text is not read at all.
fn read(source: &Source, context: &ParseContext<'_>) -> Result<ReadPage, Box<Page>> {
    let config = context.config();
    let mut diagnostics = Vec::new();
    let mut front = front_matter::read(&source.path, context.table, &mut diagnostics);
    // `Timestamp::MAX` ends every embargo. A parsed page is cached and its key has no time, so the result must not
    // depend on the time. `pipeline::audience_filter` drops pages that are still under embargo.
    if front.visibility.access.why_hidden(config.visibility.audience, Timestamp::MAX).is_some() {
        return Err(Box::new(placeholder(source, context, front, diagnostics)));
    }
    let participants = facts::participants(&front, config.participants);
    facts::withhold_names(&mut front, participants);
    let variables = runbook::variables(&source.path, &front, &mut diagnostics);
    let body = markdown::front::split(&source.text).body;
    let head = PageHead { front: &front, variables: &variables, participants };
    let mut document = document(source, body, head, context);
    let is_access_unclear = document.diagnostics.iter().any(|problem| problem.rule.guards());
    diagnostics.append(&mut document.diagnostics);
    if is_access_unclear && !config.visibility.sees_all() {
        // The author perhaps meant to hide something. No such site is published, and previews do not show the text
        // either.
        document = Document::default();
    }
    Ok(ReadPage { body, front, participants, variables, document, diagnostics })
}

/// The problems of a page, and whether its sections say something. `participants` are the blocks in which lists of
/// people can be found.
fn check(
    source: &Source,
    page: &ReadPage,
    participants: Option<ParticipantBlocks>,
    context: &ParseContext<'_>,
) -> (FilledSections, Vec<Diagnostic>) {
    let ReadPage { body, front, variables, document, .. } = page;
    let (file, commands) = (&source.path, &document.commands);
    let mut problems = secrets::check(source, front, &document.markdown.text, context);
    problems.extend(runbook::examples(file, front, variables, commands));
    problems.extend(runbook::understated(file, front, commands));
    problems.extend(runbook::unguarded(commands));
    problems.extend(runbook::joined(variables, commands));
    problems.extend(revisions::check(file, front));
    problems.extend(day_in_name::check(file, front, context.kinds()));
    // A draft may lack sections and a kind.
    if front.draft {
        return (FilledSections::Yes, problems);
    }
    let text = missing_kind::PageText { source, body: *body, document, participants };
    problems.extend(missing_kind::check(text, front, context.table.context()));
    // A redacted page has sections and commands that only other audiences see.
    if context.redactions.withholds(file) {
        return (FilledSections::Yes, problems);
    }
    let sections = SectionText::new(source, &document.outline);
    let (filled, empty) = filled_sections::check(&sections, front);
    problems.extend(empty);
    problems.extend(headings::check(&sections, front));
    problems.extend(runbook::unrated(front, commands));
    problems.extend(missing_sections(file, front, document));
    problems.extend(runbook::unused(file, front, variables, commands));
    (filled, problems)
}

/// The Markdown extensions that every text of a handbook is parsed with.
pub fn extensions(config: &Config) -> Extensions {
    Extensions { math: config.math, smart_punctuation: config.smart_punctuation }
}

/// Parses the text of a page into a document.
fn document(source: &Source, body: usize, head: PageHead<'_>, context: &ParseContext<'_>) -> Document {
    let PageHead { front, variables, participants } = head;
    let config = context.config();
    let label = |text: &str| facts::label(text, &front.kind);
    let classifier = ParticipantClassifier { label: &label, entry: &facts::entry, dated: &facts::dated };
    let policy = match participants {
        Participants::Show if missing_kind::may_lack_kind(front, context.kinds()) => {
            ParticipantPolicy::ShowAndCollect
        }
        Participants::Show => ParticipantPolicy::Show,
        Participants::Count => ParticipantPolicy::Count(classifier),
        Participants::Hide => ParticipantPolicy::Hide(classifier),
    };
    // Pages withhold different participants, so the remaining sections of an included file differ, too, and cannot
    // be shared.
    let own = markdown::IncludeSections::default();
    let transcript = transcript_settings(front);
    let hides = |source: &Source| context.table.exclusion_reason(&source.path);
    let people_of_included = |file: &FilePath, blocks: &dyn Fn() -> ParticipantBlocks| {
        if facts::participants_of_file(file, context.table) == Participants::Show {
            return WithheldParticipants::default();
        }
        let kind = front_matter::kind_of(file, context.table);
        let label = |text: &str| facts::label(text, kind);
        markdown::find_people(&blocks(), ParticipantClassifier { label: &label, ..classifier })
    };
    let markdown_context = MarkdownContext {
        extensions: extensions(config),
        strings: context.words(front),
        flavor: if front.kind.feeds("meetings") { Flavor::Notes } else { Flavor::Plain },
        blocks: facts::blocks_to_collect(&front.kind, context.entry_words),
        participants: policy,
        people_of_included: &people_of_included,
        content: &config.content,
        closed_world: markdown::ClosedWorld {
            levels: &config.visibility.levels,
            audience: config.visibility.audience,
            used: config.visibility.is_in_use(),
            classes: &config.extra_classes,
        },
        hides: &hides,
        sources: context.sources,
        redactions: context.redactions,
        sections: if participants == Participants::Show { context.sections } else { &own },
        checklist: if front.has_checklist() { Checklist::Mark } else { Checklist::Leave },
        code: FigureContext {
            variables: &runbook::marks(variables),
            highlight: context.highlight,
            transcript: &transcript,
        },
        diagrams: config.diagrams.then_some(context.diagrams),
    };
    markdown::parse(source, body, front.title.as_deref(), &markdown_context)
}

/// What the front matter says of transcripts on the page.
fn transcript_settings(front: &FrontMatter) -> TranscriptSettings {
    let mut corrections = Vec::new();
    for record in front.data.records("corrections") {
        if let (Some(heard), Some(said)) = (record.text("heard"), record.text("said")) {
            corrections.push((heard, said));
        }
    }
    TranscriptSettings {
        recording: front.data.text("recording").map(str::to_owned),
        corrections: Corrections::new(&corrections),
    }
}

/// Fills in fields from the page's file name and text: the day of a dated page, the short title of a meeting.
fn complete(front: &mut FrontMatter, facts: &Facts, document: &Document, file: &FilePath) {
    let meeting = facts.meetings.first().and_then(|meeting| meeting.date);
    if front.date.is_none() && front.kind.dated {
        front.date = meeting.or_else(|| facts::day_of_name(page_files::own_name(file)));
        front.data.record.extend(front.date.map(|date| ("date".to_owned(), TypedValue::Date(date))));
    }
    if front.title.is_none()
        && front.nav_title.is_none()
        && title::title_of_meeting(facts, document).is_some()
    {
        front.nav_title = meeting.map(|date| date.to_string());
    }
}

/// The links of an incident's page; empty for other pages. Registers read them: a runbook that was used is due for a
/// review.
fn incident_links<'a>(front: &FrontMatter, document: &'a Document) -> Vec<(&'a FilePath, &'a str)> {
    let links = document.links.iter().filter(|_| front.kind.feeds("incidents"));
    links.map(|link| (&link.span.file, link.destination.as_str())).collect()
}

/// Drops headings without any text from the outline of minutes: their templates are full of them. An agenda that
/// consists of headings only keeps them all.
fn drop_empty_sections(source: &Source, front: &FrontMatter, outline: &mut Vec<Heading>) {
    if !front.kind.feeds("meetings") {
        return;
    }
    let mut kept = Vec::new();
    for (index, heading) in outline.iter().enumerate() {
        if has_content(source, heading, outline.get(index + 1)) {
            kept.push(heading.clone());
        }
    }
    if !kept.is_empty() {
        *outline = kept;
    }
}

/// Whether there is text below a heading, or a heading of a lower level.
fn has_content(source: &Source, heading: &Heading, next: Option<&Heading>) -> bool {
    let is_own = |heading: &Heading| heading.span.file == source.path;
    // Where one of the two is in an included file, the text between them is not known.
    if !is_own(heading) || !next.is_none_or(is_own) {
        return true;
    }
    if next.is_some_and(|next| next.level > heading.level) {
        return true;
    }
    let end = next.map_or(source.text.len(), |next| next.span.start as usize);
    // Headings within raw HTML may overlap, and then there is nothing between them.
    let between = source.text.get(heading.span.end as usize..end).unwrap_or("");
    !between.trim().is_empty()
}

/// Reports the sections that the page's kind requires and the page lacks.
fn missing_sections(file: &FilePath, front: &FrontMatter, document: &Document) -> Vec<Diagnostic> {
    let headings: Vec<&str> = document.outline.iter().map(|heading| heading.text.as_str()).collect();
    let place = front.span(file, "kind");
    // A folder may set the kind for its pages. The problem is still reported in the page.
    let place = if place.file == *file { place } else { Span::start_of(file) };
    kinds::check_sections(&front.kind, &front.data, &headings, &place)
}

/// The page that replaces one on which [`parse`] panicked, so that the other pages are still checked.
pub fn failed(source: &Source, context: &ParseContext<'_>) -> Page {
    let message = "Opsbook failed on this page";
    let problem = Diagnostic::new(&INTERNAL_ERROR, Span::start_of(&source.path), message);
    let help = "this is a defect of Opsbook: please report it with the page's text";
    let mut front = FrontMatter::none(context.kinds().plain());
    // The page's access is unknown after a panic, so no one sees it where the handbook uses levels.
    if context.config().visibility.is_in_use() {
        front.visibility.access = Access::unclear();
    }
    placeholder(source, context, front, vec![problem.help(help)])
}

/// A page without its text.
fn placeholder(
    source: &Source,
    context: &ParseContext<'_>,
    front: FrontMatter,
    diagnostics: Vec<Diagnostic>,
) -> Page {
    let title = title::title_of_file(&source.path, &front, context);
    Page {
        file: source.path.clone(),
        digest: key(source, context),
        listing_digest: Digest::of_value(&(&source.path, &title)),
        registers_digest: Digest::of_value(&(&source.path, &title)),
        anchors_digest: Digest::default(),
        front,
        title,
        description: String::new(),
        document: Document::default(),
        facts: Facts::default(),
        filled_sections: FilledSections::Yes,
        report_sections: incidents::ReportSections::default(),
        variables: Vec::new(),
        diagnostics,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::memo::{Memo, Retention};
    use visibility::HandbookPaths;

    /// How often the text of a page is parsed.
    fn parses(file: &str, text: &str) -> usize {
        let path = FilePath::new(file).unwrap();
        let settings = Source::new(FilePath::new("book.toml").unwrap(), "[book]\ntitle = \"H\"\n");
        let (config, _) = crate::config::parse(&settings);
        let sources = BTreeMap::from([(path.clone(), Source::new(path.clone(), text))]);
        let (kinds, now) = (Kinds::built_in(), Timestamp::UNIX_EPOCH);
        let front_matter_context = FrontMatterContext { config: &config, kinds, now, drafts: false };
        let data = BTreeMap::new();
        let paths = HandbookPaths::of_texts(&sources, &data);
        let table = AccessTable::new(paths, front_matter_context, &mut Memo::new(Retention::Nothing));
        let context = ParseContext {
            table: &table,
            settings: Digest::of_value(&()),
            sources: &sources,
            sections: &markdown::IncludeSections::default(),
            redactions: &Redactions::default(),
            strings: Languages::built_in(),
            entry_words: &[],
            today: jiff::civil::date(2026, 1, 5),
            highlight: &|_, _| None,
            diagrams: &|_| unreachable!("the page has no diagram"),
        };
        let before = markdown::parses();
        parse(&sources[&path], &context);
        markdown::parses() - before
    }

    #[test]
    fn a_page_is_parsed_once_and_once_more_for_what_is_not_the_same() {
        let people = "## Participants\n\n- Ada Lovelace\n- Grace Hopper\n\n## Topics\n\n- Disks\n";
        let file = "content/notes/2026-01-05.md";
        assert_eq!(parses(file, people), 1, "a page without a kind that looks like minutes");
        let dashes = format!("{people}\na\nb\n---\nc\n");
        assert_eq!(parses(file, &dashes), 2, "as it is, and as notes of a meeting");
        assert_eq!(parses("content/a.md", "a\nb\n---\nc\n"), 1, "nothing looks like minutes");
        let minutes = format!("---\nkind: minutes\n---\n{people}");
        assert_eq!(parses(file, &minutes), 2, "whole, and without the people");
    }
}
