//! Walks over the parser's events and writes HTML.
//!
//! Owns [`HtmlWriter`], its stack of open containers and the balance of tags. Everything that a text opens is closed
//! when its container ends, so the HTML is well formed for any input. Each type of content has a file beside this one.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use pulldown_cmark::{Event, Tag, TextMergeWithOffset};

use super::address::Address;
use super::block_search::BlockSearch;
use super::code::FigureContext;
use super::directives::DirectiveLine;
use super::event_sink::{EventPlace, EventSink};
use super::events::Events;
use super::events::cover_with;
use super::export::{EventRole, ExportDraft, ExportPatch, MarkdownExport};
use super::footnotes::{self, Footnotes};
use super::foreign;
use super::html::Html;
use super::ids::Ids;
use super::notes::Flavor;
use super::open_elements::{
    Close, ItemRole, OpenElement, OpenTable, QuoteProgress, RawEnd, Task, VerbatimText,
};
use super::participants::{ParticipantBlocks, ParticipantPolicy, WithheldParticipants, find_people};
use super::prose::WorkMarks;
use super::syntax::{Extras, ParsedText, Syntax};
use super::text_blocks::{Block, Blocks, TextBlockCollector};
use super::text_origin::TextOrigin;
use super::{Checklist, Document, LinkRole, MarkdownContext, emoji, notes};
use crate::bounds::{Bound, NESTING_LEVELS, PAGE_PARTS};
use crate::diagnostic::Diagnostic;
use crate::dialect::Dialect;
use crate::path::FilePath;
use crate::rules::{DIRECTIVE_UNCLOSED, HTML_UNBALANCED, MARKDOWN_NESTING, Rule};
use crate::source::{Source, Span};

/// Converts one text, with the texts that it includes, into a [`Document`].
pub(super) struct HtmlWriter<'a> {
    pub context: &'a MarkdownContext<'a>,
    /// The result so far. Its HTML and its Markdown are built in `html` and `exports`.
    pub document: Document,
    pub current: CurrentText<'a>,
    pub includes: Includes,
    /// The HTML buffers. The last one is written to; the others wait for a footnote to end.
    pub html: Vec<Html>,
    pub open: Vec<OpenElement>,
    pub ids: Ids,
    pub footnotes: Footnotes,
    pub inline: InlineState,
    /// The current code, or the lines of the current block of raw HTML.
    pub verbatim: Option<VerbatimText>,
    pub table: OpenTable,
    /// The open list items: the offset where each start tag ends, for attributes, and the role of the item.
    pub items: Vec<(usize, ItemRole)>,
    /// The beginning of the current quote.
    pub quote: QuoteProgress,
    pub first_paragraph: FirstParagraph,
    /// The title in the front matter. A first heading that repeats it is dropped.
    pub given_title: Option<&'a str>,
    /// The exports of the open texts, the innermost last.
    pub exports: Vec<ExportDraft<'a>>,
    /// The text blocks, if the caller wants them.
    collector: Option<TextBlockCollector>,
    pub bounds_used: BoundsUsed,
    /// Whether anything was left out because it nests too deep.
    pub too_deep: bool,
}

/// The state of the text that is walked: the page's own or an included one.
pub(super) struct CurrentText<'a> {
    pub origin: TextOrigin<'a>,
    /// Whether only one section of the text is walked.
    pub is_part: bool,
    pub extras: Extras,
    /// The search of the text of each block.
    search: BlockSearch,
}

/// The includes of a page.
#[derive(Default)]
pub(super) struct Includes {
    /// The files whose includes are open, outermost first.
    pub open: Vec<FilePath>,
    /// The current include of the page itself. Bounds are reported there.
    pub first: Option<Span>,
    pub texts: IncludedTexts,
}

/// The size of all texts that a page has included so far, with nested includes.
#[derive(Default)]
pub(super) struct IncludedTexts {
    pub files: usize,
    /// The bytes of all included files. A file counts as a whole even if only a section of it is shown, because it is
    /// read as a whole.
    pub bytes: usize,
    /// Whether a bound was exceeded and reported, so that nothing more is included.
    pub is_full: bool,
}

/// The open inline elements.
#[derive(Default)]
pub(super) struct InlineState {
    /// The plain text of the open headings and images.
    pub captures: Vec<String>,
    /// The number of open images, whose text is an alternative text.
    pub images: usize,
    pub anchors: usize,
    /// The name of the raw inline element whose content is left out.
    pub dropping: Option<String>,
}

/// The message for a directive line that the parser takes for raw HTML.
pub(super) const SWALLOWED: &str = "this line is part of the raw HTML above it";
/// The help for the same problem.
pub(super) const APART: &str = "put an empty line between raw HTML and the `:::` below it";

/// The place that the walk has reached, and what collects from there.
struct OpenSinks<'s, 'a> {
    place: EventPlace<'s>,
    collector: Option<&'s mut TextBlockCollector>,
    search: &'s mut BlockSearch,
    export: Option<&'s mut ExportDraft<'a>>,
}

/// Raw elements whose text is shown verbatim.
const RAW_VERBATIM: &[&str] = &["code", "kbd", "pre", "samp", "tt"];

impl<'a> CurrentText<'a> {
    fn new(origin: TextOrigin<'a>, extras: Extras, context: &MarkdownContext<'_>) -> CurrentText<'a> {
        let (codes, marks) = match (context.flavor, context.blocks) {
            (Flavor::Plain, Blocks::Leave) => (foreign::Emoji::AsText, WorkMarks::All),
            (Flavor::Plain, Blocks::Collect) => (foreign::Emoji::AsText, WorkMarks::NoTasks),
            // Notes keep what was said.
            (Flavor::Notes | Flavor::Slides, _) => (foreign::Emoji::AsCharacters, WorkMarks::Nothing),
        };
        CurrentText { origin, is_part: false, extras, search: BlockSearch::new(codes, marks) }
    }
}

/// How much of each bounded resource a page has used.
#[derive(Default)]
pub(super) struct BoundsUsed {
    /// Events of the parser.
    pub parts: usize,
    pub code_blocks: usize,
    pub code_bytes: usize,
    pub diagrams: usize,
    pub diagram_bytes: usize,
}

/// The text of the first paragraph.
pub(super) enum FirstParagraph {
    Awaited,
    Reading(String),
    Read(String),
}

impl<'a> HtmlWriter<'a> {
    pub fn new(context: &'a MarkdownContext<'a>, given_title: Option<&'a str>) -> HtmlWriter<'a> {
        static NOWHERE: std::sync::LazyLock<FilePath> =
            std::sync::LazyLock::new(|| FilePath::new("").expect("the root is a path"));
        // `walk` replaces this origin before anything is written.
        let origin =
            TextOrigin { file: &NOWHERE, dialect: Dialect::Handbook, text: "", base: 0, slides: false };
        HtmlWriter {
            context,
            document: Document::default(),
            current: CurrentText::new(origin, Extras::default(), context),
            includes: Includes::default(),
            html: vec![Html::default()],
            open: Vec::new(),
            ids: Ids::default(),
            footnotes: Footnotes::default(),
            inline: InlineState::default(),
            verbatim: None,
            table: OpenTable::default(),
            items: Vec::new(),
            quote: QuoteProgress::default(),
            first_paragraph: FirstParagraph::Awaited,
            given_title,
            exports: Vec::new(),
            collector: (context.blocks == Blocks::Collect).then(TextBlockCollector::default),
            bounds_used: BoundsUsed::default(),
            too_deep: false,
        }
    }

    /// Walks the Markdown of a source, which begins at byte `body`.
    pub fn document(mut self, source: &'a Source, body: usize) -> Document {
        let markdown = self.walk(TextOrigin::new(source, body), None);
        self.write_footnotes();
        let blocks = self.collector.take().map(TextBlockCollector::finish).unwrap_or_default();
        let html = self.html.pop().expect("the page's own HTML is never taken");
        let first_paragraph = match self.first_paragraph {
            FirstParagraph::Read(text) | FirstParagraph::Reading(text) => text,
            FirstParagraph::Awaited => String::new(),
        };
        Document {
            html: html.text,
            holes: html.holes,
            anchors: self.ids.sorted(),
            first_paragraph,
            markdown,
            blocks,
            ..self.document
        }
    }

    /// Walks a text, or only the byte range `part` of it. Returns the Markdown export.
    pub fn walk(&mut self, origin: TextOrigin<'a>, part: Option<Range<usize>>) -> MarkdownExport {
        let flavor = if origin.slides { Flavor::Slides } else { self.context.flavor };
        let extensions = self.context.extensions;
        let syntax = Syntax { dialect: origin.dialect, flavor, extensions };
        let walked =
            syntax.parse(origin.text, |parsed| self.walk_parsed(origin.clone(), part, syntax, parsed));
        walked.unwrap_or_else(|parts| {
            self.document.diagnostics.push(bound_exceeded(&PAGE_PARTS, origin.span(parts.first)));
            MarkdownExport::default()
        })
    }

    fn walk_parsed(
        &mut self,
        origin: TextOrigin<'a>,
        part: Option<Range<usize>>,
        syntax: Syntax,
        mut parsed: ParsedText<'_>,
    ) -> MarkdownExport {
        // Nothing may be published of a text whose rest has another meaning than in the whole text.
        let (redactions, levels) = (self.context.redactions, self.context.closed_world.levels);
        self.document.diagnostics.extend(redactions.disprove(&origin, &parsed, syntax.flavor, levels));
        // People are found before anything is written, because a withheld list must not reach any output.
        let WithheldParticipants { ranges: people, doubts } =
            self.withheld_people(origin.file, &parsed, syntax);
        let mut export = ExportDraft::new(origin.text, part.clone());
        let (extras, events) = (std::mem::take(&mut parsed.extras), std::mem::take(&mut parsed.events));
        for removed in people.iter().chain(&extras.comments) {
            export.patch(removed.clone(), ExportPatch::Nothing);
        }
        self.exports.push(export);
        let outer = std::mem::replace(&mut self.current, CurrentText::new(origin, extras, self.context));
        for doubt in
            doubts.iter().filter(|doubt| part.as_ref().is_none_or(|part| part.contains(&doubt.range.start)))
        {
            self.document.diagnostics.push(doubt.diagnostic(self.span(doubt.range.clone())));
        }
        let open = self.open.len();
        if people.is_empty() {
            self.events(events, part);
        } else {
            if let ParticipantPolicy::Count(_) = self.context.participants {
                let blocks = withheld_blocks(
                    self.context,
                    self.current.origin.clone(),
                    &self.current.extras,
                    events,
                    &people,
                );
                self.document.withheld.extend(blocks);
            }
            let rest = parsed.without(&people, syntax, |events| self.events(events, part));
            if let Err(parts) = rest {
                self.document.diagnostics.push(bound_exceeded(&PAGE_PARTS, self.span(parts.first)));
            }
        }
        // Raw tags and directives that the text left open end with it, so that an included text cannot enclose the
        // page's own.
        while self.open.len() > open {
            self.close_top();
        }
        let walked = std::mem::replace(&mut self.current, outer);
        self.document.diagnostics.extend(walked.search.finish(&walked.origin));
        self.exports.pop().map(ExportDraft::finish).unwrap_or_default()
    }

    /// The lists of people that are withheld from a text. Where people are only looked for, keeps the blocks in which
    /// they can be found.
    fn withheld_people(
        &mut self,
        file: &FilePath,
        parsed: &ParsedText<'_>,
        syntax: Syntax,
    ) -> WithheldParticipants {
        let blocks = || ParticipantBlocks::read(parsed.masked, &parsed.events);
        if let Some(classifier) = self.context.participants.classifier() {
            return find_people(&blocks(), classifier);
        }
        if !self.includes.open.is_empty() {
            return (self.context.people_of_included)(file, &blocks);
        }
        // A page that lacks a kind would be read as notes if it had one.
        let is_as_notes = || syntax.flavor == Flavor::Plain && parsed.is_same_as_notes();
        if let ParticipantPolicy::ShowAndCollect = self.context.participants
            && is_as_notes()
        {
            self.document.participants = Some(blocks());
        }
        WithheldParticipants::default()
    }

    fn events(&mut self, events: Events<'_>, part: Option<Range<usize>>) {
        let used = footnotes::used(&events, part.as_ref());
        let outer = self.footnotes.swap_used(used);
        self.current.is_part = part.is_some();
        for (event, range) in TextMergeWithOffset::new(events.into_iter()) {
            if part.as_ref().is_none_or(|part| part.contains(&range.start)) {
                if !self.admits_part(&range) {
                    break;
                }
                self.event(event, range);
            }
        }
        self.footnotes.swap_used(outer);
    }

    /// Whether the page may have one more event of the parser. The rest of a page with too many is left out.
    fn admits_part(&mut self, range: &Range<usize>) -> bool {
        let before = self.bounds_used.parts;
        self.bounds_used.parts += 1;
        self.admits(&PAGE_PARTS, before..self.bounds_used.parts, || range.clone())
    }

    /// Whether the bound admits an amount that grows from `amount.start` to `amount.end`. Exceeding the bound is
    /// reported once, at `place`.
    pub fn admits(
        &mut self,
        bound: &Bound,
        amount: Range<usize>,
        place: impl FnOnce() -> Range<usize>,
    ) -> bool {
        if bound.is_exceeded(amount.end) && !bound.is_exceeded(amount.start) {
            self.document.diagnostics.push(bound_exceeded(bound, self.span(place())));
        }
        !bound.is_exceeded(amount.end)
    }

    fn event(&mut self, event: Event<'_>, range: Range<usize>) {
        if self.is_left_out(&event, &range) {
            return;
        }
        let event = match self.context.flavor {
            Flavor::Plain => event,
            Flavor::Notes | Flavor::Slides => self.notes_event(event, &range),
        };
        let (role, end) = (EventRole::new(&event), range.end);
        self.pass_to_sinks(&event, &range);
        if let Some(event) = self.quote_event(event, &range) {
            self.write(event, range);
        }
        if let Some(export) = self.exports.last_mut() {
            export.end(role, end);
        }
    }

    fn pass_to_sinks(&mut self, event: &Event<'_>, range: &Range<usize>) {
        // Only texts ask for it, and it takes a search.
        let in_raw_verbatim = matches!(event, Event::Text(_)) && self.is_in_raw_verbatim();
        let OpenSinks { mut place, collector, search, export } = self.sinks();
        place.in_raw_verbatim = in_raw_verbatim;
        if let Some(collector) = collector {
            collector.event(event, range, &place);
        }
        search.event(event, range, &place);
        if let Some(export) = export {
            export.event(event, range, &place);
        }
    }

    /// The place that the walk has reached, and the sinks of its events. The caller looks for a raw element that shows
    /// text verbatim.
    fn sinks(&mut self) -> OpenSinks<'_, 'a> {
        let place = EventPlace {
            origin: &self.current.origin,
            lists: u8::try_from(self.items.len()).unwrap_or(u8::MAX),
            in_footnote: self.html.len() > 1,
            in_verbatim: self.verbatim.is_some(),
            in_raw_verbatim: false,
            is_dropped: self.inline.dropping.is_some(),
            in_image: self.inline.images > 0,
            in_link: self.inline.anchors > 0,
        };
        OpenSinks {
            place,
            collector: self.collector.as_mut(),
            search: &mut self.current.search,
            export: self.exports.last_mut(),
        }
    }

    /// Whether a raw element that shows text verbatim is open.
    fn is_in_raw_verbatim(&self) -> bool {
        // Elements with markup are never opened deeper than this. Text may nest as deep as it is long, so a search of
        // all open elements could take quadratic time.
        self.open.iter().take(NESTING_LEVELS.most).any(
            |open| matches!(open, OpenElement::Raw { name, .. } if RAW_VERBATIM.contains(&name.as_str())),
        )
    }

    /// The collector of text blocks, if there is one and the place belongs to them.
    pub fn text_blocks(&mut self) -> Option<&mut TextBlockCollector> {
        self.collector.as_mut().filter(|_| self.html.len() == 1)
    }

    /// Collects a piece of raw HTML that is shown as text.
    pub fn collect_raw_text(&mut self, text: &str, span: &Span) {
        let OpenSinks { place, collector, .. } = self.sinks();
        if let Some(collector) = collector.filter(|_| !place.in_footnote) {
            collector.text(text, span.clone(), place.lists);
        }
    }

    /// Searches the text of a block of raw HTML.
    pub fn search_raw_text(&mut self, span: &Span) {
        let in_raw_verbatim = self.is_in_raw_verbatim();
        let range = self.current.origin.range(span);
        let OpenSinks { mut place, search, .. } = self.sinks();
        place.in_raw_verbatim = in_raw_verbatim;
        search.raw_text(range, &place);
    }

    /// The number of the text block that the current list item or table cell begins, if it begins a row.
    pub fn row(&mut self) -> Option<u32> {
        self.text_blocks()?.row()
    }

    /// Replaces a range in the export of the current text.
    pub fn patch(&mut self, range: Range<usize>, patch: ExportPatch) {
        if let Some(export) = self.exports.last_mut() {
            export.patch(range, patch);
        }
    }

    /// Sets the address of the current link or image in the export.
    pub fn lead_export(&mut self, address: &Address) {
        if let Some(export) = self.exports.last_mut() {
            export.lead(address.clone());
        }
    }

    /// Classifies a destination that an author wrote.
    pub fn address(&mut self, destination: &str, span: Span, role: LinkRole) -> Address {
        Address::new(destination, span, role, &mut self.document.links)
    }

    fn write(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(tag, range),
            Event::End(_) => self.end(),
            Event::Text(text) => self.text(&text, range),
            Event::Code(code) => self.inline_code(&code, range),
            Event::InlineMath(tex) => self.math(&tex, range, super::math::Placement::Inline),
            Event::DisplayMath(tex) => self.math(&tex, range, super::math::Placement::Block),
            Event::Html(html) => self.raw_line(&html, range),
            Event::InlineHtml(html) => self.raw_inline(&html, range),
            Event::FootnoteReference(label) => self.footnote_reference(&label),
            Event::SoftBreak => self.text_as_it_is("\n"),
            Event::HardBreak => self.hard_break(),
            Event::Rule => self.rule(range),
            Event::TaskListMarker(done) => self.task(if done { Task::Done } else { Task::Open }),
        }
    }

    /// Converts an event according to the syntax of notes: emoji names, and conclusions on lines of their own.
    fn notes_event<'e>(&self, event: Event<'e>, range: &Range<usize>) -> Event<'e> {
        match event {
            Event::Text(text) if self.verbatim.is_none() => match emoji::replaced(&text) {
                Cow::Borrowed(_) => Event::Text(text),
                Cow::Owned(text) => Event::Text(text.into()),
            },
            Event::SoftBreak if notes::is_conclusion(&self.current.origin.text[range.end..]) => {
                Event::HardBreak
            }
            event => event,
        }
    }

    fn start(&mut self, tag: Tag<'_>, range: Range<usize>) {
        let place = range.start;
        let close = if self.nests_too_deep(self.span(place..place)) {
            Close::Quiet
        } else {
            self.start_block(tag, range)
        };
        self.open.push(OpenElement::Block(close));
    }

    /// Whether no further element may be opened. This is reported once.
    pub fn nests_too_deep(&mut self, at: Span) -> bool {
        // Deeper content is written without mark-up.
        let too_deep = NESTING_LEVELS.is_exceeded(self.open.len() + 1);
        if too_deep && !self.too_deep {
            self.too_deep = true;
            let message = format!("this nests deeper than {NESTING_LEVELS}");
            let problem = Diagnostic::new(&MARKDOWN_NESTING, at, message);
            self.document.diagnostics.push(problem.help("use fewer nested lists, quotes and emphasis"));
        }
        too_deep
    }

    /// Closes the innermost Markdown container and everything that was left open in it.
    fn end(&mut self) {
        while let Some(open) = self.open.last() {
            let block = matches!(open, OpenElement::Block(_));
            // An inline element cannot drop text beyond its own block.
            if matches!(open, OpenElement::Block(close) if !close.is_inline()) {
                self.inline.dropping = None;
            }
            self.close_top();
            if block {
                return;
            }
        }
    }

    /// Closes the innermost open element. A raw tag or directive that is closed here was left open by the author.
    pub fn close_top(&mut self) {
        match self.open.pop() {
            None => {}
            Some(OpenElement::Block(close)) => self.end_block(close),
            Some(OpenElement::Raw { name, end, span }) => {
                if !super::tags::end_may_be_left_out(&name) {
                    let message = format!("`<{name}>` is not closed before its container ends");
                    let help = format!("add `</{name}>` in the same list item, quote, paragraph or page");
                    self.document
                        .diagnostics
                        .push(Diagnostic::new(&HTML_UNBALANCED, span, message).help(help));
                }
                self.close_raw(end);
            }
            Some(OpenElement::Directive { colons, close, span, part }) => {
                self.end_part(&part, &span);
                self.report_unclosed(colons, span);
                self.out().raw(close);
            }
        }
    }

    fn report_unclosed(&mut self, colons: usize, span: Span) {
        let start = (span.start as usize).saturating_sub(self.current.origin.base);
        let closing = |mark: &DirectiveLine| *mark == DirectiveLine::Close { colons };
        let swallowed = self.swallowed(start..self.current.origin.text.len(), closing);
        let problem = Diagnostic::new(&DIRECTIVE_UNCLOSED, span, "this directive is not closed");
        self.document.diagnostics.push(match swallowed {
            Some(at) => problem.label(at, SWALLOWED).help(APART),
            None => problem.help("add a line `:::` with the same indent after its last line"),
        });
    }

    /// Writes the end of a raw element.
    pub fn close_raw(&mut self, end: RawEnd) {
        match end {
            RawEnd::Tag(element) => self.out().raw(&format!("</{element}>")),
            RawEnd::Table { span, has_header } => {
                self.out().raw("</table></div>");
                if !has_header {
                    self.report_missing_header(span);
                }
            }
            RawEnd::Link(address) => self.end_link(&address),
            RawEnd::Nothing => {}
        }
    }

    /// The HTML that is currently written to.
    pub fn out(&mut self) -> &mut Html {
        self.html.last_mut().expect("the page's own HTML is never taken")
    }

    /// A range of the text in which the comments that the parser does not know are replaced by spaces.
    pub fn uncommented(&self, range: Range<usize>) -> Cow<'a, str> {
        let text = &self.current.origin.text[range.clone()];
        let mut blanks = Vec::new();
        for comment in &self.current.extras.comments {
            let inside = comment.start.max(range.start)..comment.end.min(range.end);
            if !inside.is_empty() {
                blanks.push((inside.start - range.start..inside.end - range.start, b' '));
            }
        }
        cover_with(text, &blanks)
    }

    /// The span of a range of the current text.
    pub fn span(&self, range: Range<usize>) -> Span {
        self.current.origin.span(range)
    }

    pub fn report(&mut self, rule: &'static Rule, range: Range<usize>, message: impl Into<Arc<str>>) {
        let span = self.span(range);
        self.document.diagnostics.push(Diagnostic::new(rule, span, message));
    }
}

/// The problem of a text with more of something than a page may have.
pub(super) fn bound_exceeded(bound: &Bound, span: Span) -> Diagnostic {
    let name = bound.name;
    let message = format!("the page goes beyond a limit: {name}, at most {bound} with what it includes");
    Diagnostic::new(bound.rule, span, message).help("split the page, or link the data as a file")
}

/// The text blocks of withheld ranges, which are in order. Each range is walked on its own, over the events of the
/// text that contains it.
fn withheld_blocks(
    context: &MarkdownContext<'_>,
    origin: TextOrigin<'_>,
    extras: &Extras,
    events: Events<'_>,
    ranges: &[Range<usize>],
) -> Vec<Block> {
    let nothing = BTreeMap::new();
    let quiet = MarkdownContext {
        checklist: Checklist::Leave,
        code: FigureContext::PLAIN,
        diagrams: None,
        sources: &nothing,
        blocks: Blocks::Collect,
        participants: ParticipantPolicy::Show,
        ..*context
    };
    let mut blocks = Vec::new();
    let mut current = CurrentText { is_part: true, ..CurrentText::new(origin, extras.clone(), context) };
    let mut events = TextMergeWithOffset::new(events.into_iter()).peekable();
    for range in ranges {
        let mut writer = HtmlWriter::new(&quiet, None);
        writer.current = current;
        // The end of a container that begins before the range has the start of that container.
        while let Some((event, place)) = events.next_if(|(_, place)| place.start < range.end) {
            if range.contains(&place.start) {
                writer.event(event, place);
            }
        }
        while !writer.open.is_empty() {
            writer.close_top();
        }
        blocks.extend(writer.collector.take().map(TextBlockCollector::finish).unwrap_or_default());
        current = writer.current;
    }
    blocks
}
