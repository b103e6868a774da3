//! The walk over the parser's events.
//!
//! Owns [`Writer`], its stack of open containers and the balance of what is written: whatever a text opens
//! is closed when its container ends, so the HTML is well formed for any input. The sorts of content are
//! in files beside this one.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use pulldown_cmark::{Event, Tag, TextMergeWithOffset};

use super::address::Address;
use super::blocks::{APART, SWALLOWED};
use super::commands::Item;
use super::copy::{Copy, Draft, Patch};
use super::directives::{self, Dialect, Mark};
use super::footnotes::{self, Footnotes};
use super::foreign::Finds;
use super::gather::{Blocks, Gathered};
use super::headings::Ids;
use super::html::Html;
use super::include::Included;
use super::inline::Task;
use super::notes::Flavor;
use super::parts::Part;
use super::quotes::Quote;
use super::shown::Shown;
use super::syntax::Syntax;
use super::withhold::{self, Withheld};
use super::{Block, Commands, Document, Environment, Heading, Link, emoji, notes};
use crate::bounds::{Bound, NESTING_LEVELS, PAGE_PARTS};
use crate::diagnostic::Diagnostic;
use crate::path::FilePath;
use crate::rules::{DIRECTIVE_UNCLOSED, HTML_UNBALANCED, INPUT_SIZE, MARKDOWN_NESTING, Rule};
use crate::source::{Source, Span};

/// The text that is being walked: the page's own, or an included one.
#[derive(Clone)]
pub(super) struct Origin<'a> {
    pub file: &'a FilePath,
    /// The Markdown, without front matter.
    pub text: &'a str,
    /// Where the Markdown begins in the file.
    pub base: usize,
    /// Whether the file says that it holds slides.
    pub slides: bool,
}

impl<'a> Origin<'a> {
    /// A whole source whose Markdown begins at byte `body`.
    pub fn new(source: &'a Source, body: usize) -> Origin<'a> {
        let (front, text) = source.text.split_at(body);
        Origin { file: &source.path, text, base: body, slides: notes::are_slides(front) }
    }
}

/// Something that must be closed.
pub(super) enum Open {
    /// A container of Markdown: closed by the parser.
    Block(Close),
    /// A raw tag: closed by its end tag, or by the end of the container it stands in.
    Raw { name: String, end: RawEnd, span: Span },
    /// A directive: closed by its line.
    Directive { colons: usize, close: &'static str, span: Span, part: Part },
}

/// What the end of a raw element writes.
pub(super) enum RawEnd {
    /// The end tag of this element, which may have another name than the author's.
    Tag(String),
    /// The end tag of an element that a container was put around.
    Html(&'static str),
    Link(Address),
    Nothing,
}

/// What the end of a container of Markdown does.
#[derive(Clone)]
pub(super) enum Close {
    Html(&'static str),
    Paragraph,
    /// A paragraph that a block of raw HTML has ended already.
    EndedParagraph,
    Heading {
        level: u8,
        id: Option<String>,
        classes: Vec<String>,
        start: usize,
        span: Span,
    },
    Code(CodeBlock),
    Cell {
        /// Where its class goes.
        start: usize,
        end: &'static str,
    },
    Row,
    Link(Address),
    Image {
        destination: String,
        title: String,
        span: Span,
    },
    Footnote(String),
    RawBlock,
    Quiet,
}

impl Close {
    /// Whether the container stands in a line of text.
    fn is_inline(&self) -> bool {
        let inline = |html: &str| matches!(html, "</em>" | "</strong>" | "</del>" | "</sup>" | "</sub>");
        matches!(self, Close::Html(html) if inline(html))
            || matches!(self, Close::Link(_) | Close::Image { .. })
    }

    /// Whether the container holds blocks, not only text.
    pub fn holds_blocks(&self) -> bool {
        match self {
            Close::Html(html) => !self.is_inline() && *html != "</dt>\n",
            Close::EndedParagraph | Close::Cell { .. } | Close::Footnote(_) | Close::RawBlock => true,
            Close::Paragraph | Close::Heading { .. } | Close::Link(_) => false,
            Close::Image { .. } | Close::Code(_) | Close::Row | Close::Quiet => false,
        }
    }
}

/// A block of code.
#[derive(Clone)]
pub(super) struct CodeBlock {
    /// What stands behind the fence.
    pub info: String,
    pub fenced: bool,
    pub range: Range<usize>,
}

/// Turns one text into a [`Document`].
pub(super) struct Writer<'a> {
    pub environment: &'a Environment<'a>,
    pub origin: Origin<'a>,
    /// Comments in it that the parser does not know.
    pub comments: Vec<Range<usize>>,
    /// Whether one section of it is walked, not all of it.
    pub is_part: bool,
    pub marks: BTreeMap<usize, Mark>,
    /// Lines that would be marks if they were no part of raw HTML.
    pub swallowed: BTreeMap<usize, Mark>,
    /// Sizes of images in the text that is being walked.
    pub sizes: BTreeMap<usize, notes::Size>,
    /// The last one is being written; the others wait for a footnote to end.
    pub html: Vec<Html>,
    pub open: Vec<Open>,
    pub ids: Ids,
    pub links: Vec<Link>,
    pub outline: Vec<Heading>,
    pub footnotes: Footnotes,
    /// Plain text of a heading or an image that is being read.
    pub captures: Vec<String>,
    /// The code, or the lines of raw HTML, that are being read.
    pub verbatim: Option<Verbatim>,
    /// Alignments of the table that is being read, and the cell's column.
    pub table: Table,
    /// Where the open list items begin, for the class of tasks, and what each is.
    pub items: Vec<(usize, Item)>,
    pub lead: Lead,
    pub title: Option<Heading>,
    /// The title in front matter: a first heading that repeats it is dropped.
    pub given_title: Option<&'a str>,
    /// The copies of the texts that are being walked, the innermost last.
    pub drafts: Vec<Draft<'a>>,
    /// The files whose includes are being walked, outermost first.
    pub included: Vec<FilePath>,
    /// The include of the page itself that is being walked.
    pub first_include: Option<Span>,
    /// What the page holds so far.
    pub held: Held,
    /// Includes so far.
    pub includes: Included,
    /// What the text tells readers to do.
    pub commands: Commands,
    pub diagnostics: Vec<Diagnostic>,
    /// The beginning of the quote that is being read.
    pub quote: Quote,
    /// The text of the block that is being read.
    pub shown: Shown,
    /// Markup of other tools in the text that is being walked.
    pub foreign: Finds,
    /// What the text says, where somebody wants to know.
    pub gathered: Option<Gathered>,
    /// What readers may not see.
    pub withheld: Vec<Block>,
    /// Images that are being read: their text is an alternative text.
    pub images: usize,
    pub anchors: usize,
    /// The raw element within a paragraph whose content is being left out.
    pub dropping: Option<String>,
    /// Whether something was left out because it nests too deep.
    pub too_deep: bool,
    /// Diagrams that were drawn.
    pub diagrams: usize,
    /// Tabs that were opened.
    pub tabs: usize,
}

/// The table that is being written.
#[derive(Default)]
pub(super) struct Table {
    /// By column, for where text stands in it.
    pub classes: Vec<&'static str>,
    pub is_head: bool,
    /// Cells of the row so far.
    pub column: usize,
    /// Where the row stands, and where its last cell ends.
    pub row: Range<usize>,
    pub cells_end: usize,
}

/// Text that is taken as it is.
#[derive(Default)]
pub(super) struct Verbatim {
    pub text: String,
    /// Pairs of an offset in `text` and the offset in the file that it came from.
    pub places: Vec<(usize, usize)>,
}

/// How much a page holds of what is bounded.
#[derive(Default)]
pub(super) struct Held {
    /// Events of the parser.
    pub parts: usize,
    pub code_blocks: usize,
    pub code_bytes: usize,
    pub diagrams: usize,
    pub diagram_bytes: usize,
}

/// The text of the first paragraph.
pub(super) enum Lead {
    Awaited,
    Reading(String),
    Read(String),
}

impl<'a> Writer<'a> {
    pub fn new(environment: &'a Environment<'a>, given_title: Option<&'a str>) -> Writer<'a> {
        static NOWHERE: std::sync::LazyLock<FilePath> =
            std::sync::LazyLock::new(|| FilePath::new("").expect("the root is a path"));
        Writer {
            environment,
            origin: Origin { file: &NOWHERE, text: "", base: 0, slides: false },
            comments: Vec::new(),
            is_part: false,
            marks: BTreeMap::new(),
            swallowed: BTreeMap::new(),
            sizes: BTreeMap::new(),
            html: vec![Html::default()],
            open: Vec::new(),
            ids: Ids::default(),
            links: Vec::new(),
            outline: Vec::new(),
            footnotes: Footnotes::default(),
            captures: Vec::new(),
            verbatim: None,
            table: Table::default(),
            items: Vec::new(),
            lead: Lead::Awaited,
            title: None,
            given_title,
            drafts: Vec::new(),
            included: Vec::new(),
            first_include: None,
            held: Held::default(),
            includes: Included::default(),
            commands: Commands::default(),
            diagnostics: Vec::new(),
            quote: Quote::default(),
            shown: Shown::default(),
            foreign: Finds::default(),
            gathered: (environment.blocks == Blocks::Collect).then(Gathered::default),
            withheld: Vec::new(),
            images: 0,
            anchors: 0,
            dropping: None,
            too_deep: false,
            diagrams: 0,
            tabs: 0,
        }
    }

    /// Walks a whole source from byte `body` on.
    pub fn document(mut self, source: &'a Source, body: usize) -> Document {
        let origin = Origin::new(source, body);
        let markdown = self.walk(origin, None);
        self.write_footnotes();
        let blocks = self.take_blocks();
        let html = self.html.pop().expect("the page's own HTML is never taken");
        let lead = match self.lead {
            Lead::Read(text) | Lead::Reading(text) => text,
            Lead::Awaited => String::new(),
        };
        Document {
            html: html.text,
            holes: html.holes,
            links: self.links,
            outline: self.outline,
            anchors: self.ids.sorted(),
            title: self.title,
            lead,
            markdown,
            blocks,
            withheld: self.withheld,
            commands: self.commands,
            diagrams: self.diagrams,
            tabs: self.tabs,
            diagnostics: self.diagnostics,
        }
    }

    /// Walks a text; `part` is the range of it (in bytes of the text) that is wanted. Returns the copy of it.
    pub fn walk(&mut self, origin: Origin<'a>, part: Option<Range<usize>>) -> Copy {
        let flavor = if origin.slides { Flavor::Slides } else { self.environment.flavor };
        let syntax =
            Syntax { dialect: Dialect::of(origin.file), flavor, extensions: self.environment.extensions };
        let masked = syntax.mask(origin.text);
        let withheld = self.environment.withhold.map(|withhold| withhold::find(&masked.text, withhold.judge));
        let Withheld { ranges: withheld, doubts } = withheld.unwrap_or_default();
        self.read_withheld(&origin, &withheld);
        let text = withhold::cover(masked.text, &withheld);
        let mut draft = Draft::new(origin.text, part.clone());
        withheld.into_iter().for_each(|section| draft.patch(section, Patch::Nothing));
        masked.hidden.iter().for_each(|comment| draft.patch(comment.clone(), Patch::Nothing));
        self.drafts.push(draft);
        let outer = (
            std::mem::replace(&mut self.origin, origin),
            std::mem::replace(&mut self.comments, masked.hidden),
            std::mem::replace(&mut self.marks, masked.marks),
            std::mem::replace(&mut self.swallowed, masked.swallowed),
            std::mem::replace(&mut self.sizes, masked.sizes),
            std::mem::take(&mut self.foreign),
        );
        self.report_doubts(doubts, part.as_ref());
        let open = self.open.len();
        self.events(&text, syntax, part);
        while self.open.len() > open {
            self.close_top();
        }
        self.end_shown();
        self.diagnostics.extend(std::mem::take(&mut self.foreign).diagnostics());
        (self.origin, self.comments, self.marks, self.swallowed, self.sizes, self.foreign) = outer;
        self.drafts.pop().map(Draft::finish).unwrap_or_default()
    }

    fn events(&mut self, text: &str, syntax: Syntax, part: Option<Range<usize>>) {
        let used = footnotes::used(text, syntax, part.as_ref());
        let outer = (self.footnotes.swap_used(used), std::mem::replace(&mut self.is_part, part.is_some()));
        let events = syntax.parser(text).into_offset_iter();
        for (event, range) in TextMergeWithOffset::new(events) {
            if part.as_ref().is_none_or(|part| part.contains(&range.start)) {
                if !self.admits_part(&range) {
                    break;
                }
                self.event(event, range);
            }
        }
        self.footnotes.swap_used(outer.0);
        self.is_part = outer.1;
    }

    /// Whether the page may have one more part. The rest of a page that has too many is left out.
    fn admits_part(&mut self, range: &Range<usize>) -> bool {
        let before = self.held.parts;
        self.held.parts += 1;
        self.admits(&PAGE_PARTS, before..self.held.parts, || range.clone())
    }

    /// Whether a page may hold so much, after it had less before. What goes beyond the bound is reported once.
    pub fn admits(
        &mut self,
        bound: &Bound,
        amount: Range<usize>,
        place: impl FnOnce() -> Range<usize>,
    ) -> bool {
        if bound.is_exceeded(amount.end) && !bound.is_exceeded(amount.start) {
            let message = format!(
                "the page goes beyond a limit: {}, at most {bound} with what it includes",
                bound.name
            );
            let problem = Diagnostic::new(&INPUT_SIZE, self.span(place()), message);
            self.diagnostics.push(problem.help("split the page, or link the data as a file"));
        }
        !bound.is_exceeded(amount.end)
    }

    fn event(&mut self, event: Event<'_>, range: Range<usize>) {
        if self.is_left_out(&event, &range) {
            return;
        }
        let event = match self.environment.flavor {
            Flavor::Plain => event,
            Flavor::Notes | Flavor::Slides => self.of_notes(event, &range),
        };
        if self.gathered.is_some() {
            self.gather(&event, &range);
        }
        self.show(&event, &range);
        let end = range.end;
        let sort = self.begin_copy(&event, &range);
        if let Some(event) = self.of_quote(event, &range) {
            self.write(event, range);
        }
        self.end_copy(sort, end);
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

    /// An event with what notes hold beside Markdown.
    fn of_notes<'e>(&self, event: Event<'e>, range: &Range<usize>) -> Event<'e> {
        match event {
            Event::Text(text) if self.verbatim.is_none() => match emoji::replaced(&text) {
                Cow::Borrowed(_) => Event::Text(text),
                Cow::Owned(text) => Event::Text(text.into()),
            },
            Event::SoftBreak if notes::is_conclusion(&self.origin.text[range.end..]) => Event::HardBreak,
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
        self.open.push(Open::Block(close));
    }

    /// Whether nothing more may be opened. It is reported once.
    pub fn nests_too_deep(&mut self, at: Span) -> bool {
        // What lies deeper is written without mark-up.
        let too_deep = NESTING_LEVELS.is_exceeded(self.open.len() + 1);
        if too_deep && !self.too_deep {
            self.too_deep = true;
            let message = format!("this nests deeper than {NESTING_LEVELS}");
            let problem = Diagnostic::new(&MARKDOWN_NESTING, at, message);
            self.diagnostics.push(problem.help("use fewer lists, quotes and emphasis in one another"));
        }
        too_deep
    }

    /// Closes the innermost container of Markdown, and whatever was left open in it.
    fn end(&mut self) {
        while let Some(open) = self.open.last() {
            let block = matches!(open, Open::Block(_));
            if matches!(open, Open::Block(close) if !close.is_inline()) {
                self.dropping = None;
            }
            self.close_top();
            if block {
                return;
            }
        }
    }

    /// Closes the innermost open thing. A raw tag or directive that is closed here was left open.
    pub fn close_top(&mut self) {
        match self.open.pop() {
            None => {}
            Some(Open::Block(close)) => self.end_block(close),
            Some(Open::Raw { name, end, span }) => {
                if !super::tags::end_may_be_left_out(&name) {
                    let message = format!("`<{name}>` is not closed before its container ends");
                    let help = format!("add `</{name}>` in the same list item, quote, paragraph or page");
                    self.diagnostics.push(Diagnostic::new(&HTML_UNBALANCED, span, message).help(help));
                }
                self.close_raw(end);
            }
            Some(Open::Directive { colons, close, span, part }) => {
                self.end_part(&part, &span);
                self.report_unclosed(colons, span);
                self.out().raw(close);
            }
        }
    }

    fn report_unclosed(&mut self, colons: usize, span: Span) {
        let start = (span.start as usize).saturating_sub(self.origin.base);
        let closing = |mark: &Mark| *mark == Mark::Close { colons };
        let swallowed = self.swallowed(start..self.origin.text.len(), closing);
        let problem = Diagnostic::new(&DIRECTIVE_UNCLOSED, span, "this directive is not closed");
        self.diagnostics.push(match swallowed {
            Some(at) => problem.label(at, SWALLOWED).help(APART),
            None => problem.help("add a line `:::` with the same indent after its last line"),
        });
    }

    /// Writes the end of a raw element.
    pub fn close_raw(&mut self, end: RawEnd) {
        match end {
            RawEnd::Tag(element) => self.out().raw(&format!("</{element}>")),
            RawEnd::Html(html) => self.out().raw(html),
            RawEnd::Link(address) => self.end_link(&address),
            RawEnd::Nothing => {}
        }
    }

    /// What is being written.
    pub fn out(&mut self) -> &mut Html {
        self.html.last_mut().expect("the page's own HTML is never taken")
    }

    /// A range of the text with blanks for the comments that the parser does not know.
    pub fn uncommented(&self, range: Range<usize>) -> Cow<'a, str> {
        let text = &self.origin.text[range.clone()];
        let mut blanks = Vec::new();
        for comment in &self.comments {
            let inside = comment.start.max(range.start)..comment.end.min(range.end);
            if !inside.is_empty() {
                blanks.push((inside.start - range.start..inside.end - range.start, b' '));
            }
        }
        if blanks.is_empty() { text.into() } else { directives::cover_with(text, &blanks).into() }
    }

    /// The place of a range of the text that is being walked.
    pub fn span(&self, range: Range<usize>) -> Span {
        Span::new(self.origin.file, self.origin.base + range.start..self.origin.base + range.end)
    }

    pub fn report(&mut self, rule: &'static Rule, range: Range<usize>, message: impl Into<Arc<str>>) {
        let span = self.span(range);
        self.diagnostics.push(Diagnostic::new(rule, span, message));
    }
}
