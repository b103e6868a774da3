//! Pages: one Markdown file each, parsed once and completely.
//!
//! This module owns [`Page`] and [`parse`], which walks the text once and derives everything that later stages
//! read. It knows neither other pages nor URLs: links stay holes that `render` fills.

mod controlled_document;
mod day_in_name;
pub mod facts;
mod filled_sections;
pub mod front_matter;
mod headings;
pub mod incidents;
mod missing_kind;
pub mod revisions;
pub mod runbook;
mod secrets;
pub mod visibility;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;

use crate::bounds::TITLE_BYTES;
use crate::config::{Config, Participants};
use crate::diagnostic::{Diagnostic, nearest};
use crate::dialect::Dialect;
use crate::kinds::{self, Field, Kind, Kinds, TypedValue};
use crate::lexicon::EntryWords;
use crate::markdown::code::FigureContext;
use crate::markdown::redact::Redactions;
use crate::markdown::{
    self, Checklist, Corrections, Document, Extensions, Flavor, Heading, MarkdownContext, ParticipantBlocks,
    ParticipantPolicy, TranscriptSettings,
};
use crate::memo::Digest;
use crate::path::FilePath;
use crate::rules::INTERNAL_ERROR;
use crate::source::{Source, Span};
use crate::strings::{Languages, Strings};
use unicode_normalization::UnicodeNormalization;

pub use facts::Facts;
pub use filled_sections::FilledSections;
use filled_sections::SectionText;
pub use front_matter::FrontMatter;

use visibility::{Access, AccessTable, FolderAccess};

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
    pub anchors: Digest,
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
        Err(withheld) => return withheld.placeholder(source, context),
    };
    // Facts and incident reports are read from the blocks. Later stages do not need them.
    let blocks = std::mem::take(&mut page.document.blocks);
    let participants = page.document.participants.take();
    let (facts, problems) = page.facts(source, &blocks, context);
    page.diagnostics.extend(problems);
    let (filled_sections, problems) = check(source, &page, participants, context);
    page.diagnostics.extend(problems);
    let ReadPage { body, mut front, variables, mut document, mut diagnostics, .. } = page;
    let mut title = title(source, &front, &facts, &document, context);
    if TITLE_BYTES.is_exceeded(title.len()) {
        let heading = document.title.as_ref().filter(|_| front.title.is_none());
        let place = heading.map_or_else(|| front.span(&source.path, "title"), |heading| heading.span.clone());
        let message = format!("the title has {} bytes; at most {} are shown", title.len(), TITLE_BYTES.most);
        let problem = Diagnostic::new(TITLE_BYTES.rule, place, message);
        diagnostics.push(problem.help("write a short `title` in the front matter"));
        title.truncate(title.floor_char_boundary(TITLE_BYTES.most));
    }
    let description = front.description.clone().unwrap_or_else(|| shorten(&document.first_paragraph));
    // After the checks, which need front matter and outline as the author wrote them: an empty section is not a missing
    // one.
    complete(&mut front, &facts, &document, &source.path);
    let FrontMatter { kind, data, .. } = &mut front;
    context.kinds().compute(kind, data, context.today);
    let report_sections = incidents::read(source, &front, &blocks, &facts, &mut diagnostics);
    document.keep_rows(&report_sections.events.iter().map(|event| event.block).collect());
    drop_empty_sections(source, &front, &mut document.outline);
    let shown_elsewhere =
        (&title, &description, &front.nav_title, front.date, front.facet_values(context.kinds()));
    // The front matter as it was written stands for all fields but those that folders or the day decide.
    let front_matter = (&source.path, &source.text[..body]);
    let decided_outside = (front.kind(), inherited(source, context), day(&front.kind, source, context));
    let listing_digest = Digest::of_value(&(front_matter, shown_elsewhere, decided_outside));
    let registers = (listing_digest, incident_links(&front, &document), &facts, filled_sections);
    let anchors = (&document.anchors, document.title.as_ref().map(|heading| &heading.id));
    Page {
        file: source.path.clone(),
        digest: key(source, context),
        listing_digest,
        registers_digest: Digest::of_value(&registers),
        anchors: Digest::of_value(&anchors),
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
    /// The offset of its text in bytes.
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

/// The front matter of a page that the audience may not see, with its problems.
struct WithheldPage {
    front: FrontMatter,
    diagnostics: Vec<Diagnostic>,
}

impl WithheldPage {
    fn placeholder(self, source: &Source, context: &ParseContext<'_>) -> Page {
        placeholder(source, context, self.front, self.diagnostics)
    }
}

/// Reads front matter and text.
///
/// # Errors
/// The audience may not see the page: its text is not read at all.
fn read(source: &Source, context: &ParseContext<'_>) -> Result<ReadPage, Box<WithheldPage>> {
    let config = context.config();
    let mut diagnostics = Vec::new();
    let mut front = front_matter::read(&source.path, context.table, &mut diagnostics);
    // `Timestamp::MAX` ends every embargo. A parsed page is cached and its key has no time, so the result must not
    // depend on the time.
    if front.visibility.access.why_hidden(config.visibility.audience, Timestamp::MAX).is_some() {
        return Err(Box::new(WithheldPage { front, diagnostics }));
    }
    let participants = facts::participants(&front, config.participants);
    facts::withhold_names(&mut front, participants);
    let variables = runbook::variables(&source.path, &front, &mut diagnostics);
    let body = markdown::front::split(&source.text).body;
    let head = PageHead { front: &front, variables: &variables, participants };
    let mut document = document(source, body, head, context);
    let unclear = document.diagnostics.iter().any(|problem| problem.rule.guards());
    diagnostics.append(&mut document.diagnostics);
    if unclear && !config.visibility.sees_all() {
        // The author perhaps meant to hide something. No such site is published, and previews do not show the text
        // either.
        document = Document::default();
    }
    Ok(ReadPage { body, front, participants, variables, document, diagnostics })
}

impl ReadPage {
    /// What the text says that registers list.
    fn facts(
        &mut self,
        source: &Source,
        blocks: &[markdown::Block],
        context: &ParseContext<'_>,
    ) -> (Facts, Vec<Diagnostic>) {
        let withheld = std::mem::take(&mut self.document.withheld);
        facts::read(&facts::FactSource {
            file: &source.path,
            content: &context.config().content,
            front: &self.front,
            blocks,
            withheld: &withheld,
            participants: self.participants,
            entry_words: context.entry_words,
        })
    }
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
    let classifier =
        markdown::ParticipantClassifier { label: &label, entry: &facts::entry, dated: &facts::dated };
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
    let markdown_context = MarkdownContext {
        extensions: extensions(config),
        strings: context.words(front),
        flavor: if front.kind.feeds("meetings") { Flavor::Notes } else { Flavor::Plain },
        blocks: facts::blocks_to_collect(&front.kind, context.entry_words),
        participants: policy,
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

/// The title from front matter, else the heading at the beginning of the text, else one made from the file name.
fn title(
    source: &Source,
    front: &FrontMatter,
    facts: &Facts,
    document: &Document,
    context: &ParseContext<'_>,
) -> String {
    if let Some(title) = front.title.clone().or_else(|| title_of_meeting(facts, document)) {
        return title;
    }
    match heading(document) {
        Some(heading) => heading.to_owned(),
        None => title_of_file(&source.path, front, context),
    }
}

/// The title of a page that names none: for the home page that of the handbook, else one made from the file name.
fn title_of_file(file: &FilePath, front: &FrontMatter, context: &ParseContext<'_>) -> String {
    let config = context.config();
    if section_rank(file).is_some() && file.folder() == config.content {
        return config.title.clone();
    }
    title_of_name(file, context.words(front))
}

/// The heading at the beginning of the text.
fn heading(document: &Document) -> Option<&str> {
    document.title.as_ref().map(|heading| heading.text.as_str()).filter(|text| !text.is_empty())
}

/// The title of minutes whose only heading is a date, or that have none: the group and the day.
fn title_of_meeting(facts: &Facts, document: &Document) -> Option<String> {
    let (date, group) = (facts.meetings.first()?.date?, facts.group.as_ref()?);
    let bare = heading(document).is_none_or(|heading| !heading.chars().any(char::is_alphabetic));
    bare.then(|| format!("{}, {date}", kinds::capital(group)))
}

/// Fills in fields from the page's file name and text: the day of a dated page, the short title of a meeting.
fn complete(front: &mut FrontMatter, facts: &Facts, document: &Document, file: &FilePath) {
    let meeting = facts.meetings.first().and_then(|meeting| meeting.date);
    if front.date.is_none() && front.kind.dated {
        front.date = meeting.or_else(|| facts::day_of_name(own_name(file)));
        front.data.record.extend(front.date.map(|date| ("date".to_owned(), TypedValue::Date(date))));
    }
    if front.title.is_none() && front.nav_title.is_none() && title_of_meeting(facts, document).is_some() {
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
    let title = title_of_file(&source.path, &front, context);
    Page {
        file: source.path.clone(),
        digest: key(source, context),
        listing_digest: Digest::of_value(&(&source.path, &title)),
        registers_digest: Digest::of_value(&(&source.path, &title)),
        anchors: Digest::default(),
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

/// The digest of everything that [`parse`] reads for a page.
pub fn key(source: &Source, context: &ParseContext<'_>) -> Digest {
    let mut included = Vec::new();
    let mut is_any_missing = false;
    for path in includes(source, context) {
        let source = context.sources.get(&path);
        is_any_missing |= source.is_none();
        let content = source.map(|source| (source.digest, context.table.exclusion_reason(&path)));
        included.push((path, content));
    }
    // A missing file is reported with the nearest name, so the problem depends on the names of all sources.
    let names = is_any_missing.then(|| context.sources.keys().collect::<Vec<_>>());
    let text = (source.digest, context.redactions.withholds(&source.path));
    let access = context.table.access(&source.path);
    let definitions = (context.settings, context.kinds().digest, context.strings.digest);
    let kind = front_matter::kind_of(&source.path, context.table);
    let fields = (inherited(source, context), day(kind, source, context));
    Digest::of_value(&(text, access, definitions, included, names, fields))
}

/// The day of the build for a page with fields that are computed from it. Other pages do not change with the day.
fn day(kind: &Kind, source: &Source, context: &ParseContext<'_>) -> Option<Date> {
    let handed = context.table.inherited(&source.path);
    // A name in the text may be anything, but a page without the name does not have the field.
    let writes = |field: &Field| {
        let is_set_by_alias =
            kind.aliases.iter().any(|(_, set)| set.iter().any(|(name, _)| *name == field.name));
        // The program fills these in.
        (field.default.is_some() || is_set_by_alias || field.name == "date")
            || field.names().any(|name| source.text.contains(name.as_str()))
            || handed.iter().any(|folder| field.names().any(|name| folder.hands_down(name)))
    };
    context.kinds().changes_with_day(kind, writes).then_some(context.today)
}

/// The digests of the values that folders hand down to a page.
fn inherited(source: &Source, context: &ParseContext<'_>) -> Vec<Digest> {
    context.table.inherited(&source.path).into_iter().map(FolderAccess::digest).collect()
}

/// Every file that a source includes, directly or indirectly, whether it exists or not.
pub fn includes(source: &Source, context: &ParseContext<'_>) -> BTreeSet<FilePath> {
    let (mut read, mut waiting) = (BTreeSet::new(), vec![source]);
    while let Some(source) = waiting.pop() {
        for file in markdown::references(&source.path, &source.text, &context.config().content) {
            if read.insert(file.clone()) {
                waiting.extend(context.sources.get(&file));
            }
        }
    }
    read
}

/// Whether a file in the folder `content` is a page: a Markdown file where neither its name nor the name of a
/// folder above it begins with `_`.
pub fn is_page(file: &FilePath, content: &str) -> bool {
    let Some(path) = file.beneath(content) else { return false };
    for part in path.split('/') {
        // `_index.md` stands for its folder, as in Hugo; every other `_` marks a text that is only included.
        if part.starts_with('_') && !part.to_ascii_lowercase().starts_with("_index.") {
            return false;
        }
    }
    Dialect::from_path(file).is_some()
}

/// The rank of a file that may stand for its folder. The lowest number wins where a folder has several.
pub fn section_rank(file: &FilePath) -> Option<u8> {
    match file.stem().to_ascii_lowercase().as_str() {
        "_index" => Some(0),
        "index" => Some(1),
        "readme" => Some(2),
        _ => None,
    }
}

/// Whether a page may stand for its folder.
pub fn is_section(file: &FilePath) -> bool {
    Dialect::from_path(file).is_some() && section_rank(file).is_some()
}

/// Whether the name of a file looks like that of a section's page but is not one: `_index.de.md`, `_indes.md`,
/// `_index.html`, `-index.md`, `_README.md`.
pub fn is_near_section(file: &FilePath) -> bool {
    let stem: String = file.stem().nfkc().flat_map(char::to_lowercase).collect();
    let near = stem.starts_with("_index") || stem.starts_with('_') && nearest(&stem, ["_index"]).is_some();
    let letters = stem.trim_matches(|c: char| !c.is_alphanumeric());
    (near || matches!(letters, "index" | "readme")) && !is_section(file)
}

/// The name of a file without its extension or, for a section, of its folder.
fn own_name(file: &FilePath) -> &str {
    let folder = file.folder().rsplit('/').next().unwrap_or("");
    if section_rank(file).is_some() { folder } else { file.stem() }
}

/// A title made from the name of a file or, for a section, of its folder.
pub fn title_of_name(file: &FilePath, t: &Strings) -> String {
    let title = kinds::capital(own_name(file));
    if title.is_empty() { t.say("page.untitled").to_owned() } else { title }
}

/// The first 200 characters of a text, cut at the end of a word.
fn shorten(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let Some((end, _)) = text.char_indices().nth(200) else { return text };
    // A space in the first half is not used: a cut there would lose most of the text.
    let cut = text[..end].rfind(' ').filter(|at| *at > end / 2).unwrap_or(end);
    format!("{}…", text[..cut].trim_end_matches([',', '.', ':', ';', ' ']))
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

    #[test]
    fn descriptions_end_at_a_word() {
        let long = "word ".repeat(60);
        let short = shorten(&long);
        assert!(short.ends_with("word…") && short.chars().count() <= 201, "{short}");
        assert_eq!(shorten("a\n b"), "a b");
    }

    #[test]
    fn names_become_titles() {
        let title = |path: &str| {
            title_of_name(&FilePath::new(path).unwrap(), Languages::built_in().for_language("en"))
        };
        assert_eq!(title("content/post-mortem.md"), "Post mortem");
        assert_eq!(title("content/run-books/_index.md"), "Run books");
    }
}
