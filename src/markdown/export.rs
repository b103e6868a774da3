//! Writes the Markdown file beside a page: the author's text, as readers may have it.
//!
//! Owns [`MarkdownExport`]: the Markdown without comments and with included texts in place. Only text that the parser's
//! events cover is copied; the rest, such as a reference definition, is left out. Links and raw tags are written again,
//! with a hole at each address inside the handbook. `emit` fills the holes.

use std::ops::Range;

use pulldown_cmark::{Event, LinkType, Tag, TagEnd};

use super::address::Address;
use super::event_sink::{EventPlace, EventSink};
use super::html::Html;
use super::ids::is_name;

/// Markdown with holes.
#[derive(Debug, Clone, Default)]
pub struct MarkdownExport {
    pub text: String,
    /// The byte offset of each address in the text, in order, with its index into
    /// [`Document::links`](super::Document::links).
    pub holes: Vec<(usize, u32)>,
}

/// A text whose export is being made.
#[derive(Debug)]
pub(super) struct ExportDraft<'a> {
    text: &'a str,
    /// The range of the text that is copied.
    part: Range<usize>,
    patches: Vec<(Range<usize>, ExportPatch)>,
    /// The offset up to which events have been handled.
    read: usize,
    /// The number of open leaf blocks. All text inside a leaf block belongs to it.
    leaves: usize,
    /// Whether the text of a tight list item is open: a block that has no events of its own.
    tight: bool,
    /// The attributes of the current heading, as they are exported.
    attributes: Option<String>,
    /// The open links and images.
    open: Vec<PendingLink>,
}

/// The replacement of a range in the export.
#[derive(Debug)]
pub(super) enum ExportPatch {
    Nothing,
    /// Text within a line.
    Inline(MarkdownExport),
    /// A block of text that replaces a line.
    Block(MarkdownExport),
}

/// A link or an image whose end has not been read.
#[derive(Debug)]
struct PendingLink {
    /// The opening brackets.
    opening: Range<usize>,
    title: String,
    form: LinkSyntax,
    /// The address, once it is known. `None` if the page does not contain the link.
    address: Option<Address>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LinkSyntax {
    /// `[text](address)`, `[text][label]` and `[label]`, also with `!` before them.
    Brackets,
    /// `[label][]`.
    Collapsed,
    /// `<address>`, where the address is also the text.
    Autolink,
}

/// The part that an event plays in the export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum EventRole {
    Start,
    End(TagEnd),
    Whole,
}

impl EventRole {
    pub fn new(event: &Event<'_>) -> EventRole {
        match event {
            Event::Start(_) => EventRole::Start,
            Event::End(end) => EventRole::End(*end),
            _ => EventRole::Whole,
        }
    }
}

/// The content that a block can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ContainerType {
    Blocks,
    /// Text, or lines that are taken verbatim.
    Text,
}

impl EventSink for ExportDraft<'_> {
    fn event(&mut self, event: &Event<'_>, range: &Range<usize>, place: &EventPlace<'_>) {
        self.begin(event, range);
        if place.is_dropped && matches!(event, Event::Text(_) | Event::Code(_)) {
            self.patch(range.clone(), ExportPatch::Nothing);
        }
    }
}

impl<'a> ExportDraft<'a> {
    pub fn new(text: &'a str, part: Option<Range<usize>>) -> ExportDraft<'a> {
        let start = text.len() - text.trim_start_matches('\n').len();
        let part = part.unwrap_or(start..text.len());
        let read = part.start;
        ExportDraft {
            text,
            part,
            patches: Vec::new(),
            read,
            leaves: 0,
            tight: false,
            attributes: None,
            open: Vec::new(),
        }
    }

    pub fn patch(&mut self, range: Range<usize>, patch: ExportPatch) {
        self.patches.push((range, patch));
    }

    fn begin(&mut self, event: &Event<'_>, range: &Range<usize>) {
        match event {
            Event::Start(tag) => match holds(tag.to_end()) {
                Some(ContainerType::Blocks) => {
                    self.begin_block(range.start);
                    // The marker of a container is kept; otherwise it would be left out as text between events.
                    let rest = self.text.get(self.read..range.end).unwrap_or_default();
                    self.read += marker(tag, rest);
                }
                Some(ContainerType::Text) => {
                    self.begin_block(range.start);
                    self.leaves += 1;
                    self.attributes = attributes(tag);
                }
                None => {
                    self.begin_text(range.start);
                    self.begin_brackets(tag, range.start);
                }
            },
            Event::End(end) if holds(*end) == Some(ContainerType::Blocks) => self.begin_block(range.end),
            Event::End(_) => {}
            Event::Rule => self.begin_block(range.start),
            _ => self.begin_text(range.start),
        }
    }

    fn begin_block(&mut self, place: usize) {
        self.tight = false;
        self.leave_out_to(place);
    }

    fn begin_text(&mut self, place: usize) {
        if !self.tight {
            // A backslash before a character is part of the text.
            self.leave_out_to(place - usize::from(self.text[..place].ends_with('\\')));
            self.tight = self.leaves == 0;
        }
    }

    fn begin_brackets(&mut self, tag: &Tag<'_>, start: usize) {
        let (link_type, title, opening) = match tag {
            Tag::Link { link_type, title, .. } => (*link_type, title, start..start + "[".len()),
            Tag::Image { link_type, title, .. } => (*link_type, title, start..start + "![".len()),
            _ => return,
        };
        let form = match link_type {
            LinkType::Autolink | LinkType::Email => LinkSyntax::Autolink,
            LinkType::Collapsed => LinkSyntax::Collapsed,
            _ => LinkSyntax::Brackets,
        };
        self.read = opening.end;
        self.open.push(PendingLink { opening, title: title.to_string(), form, address: None });
    }

    /// Handles the end of an event, after it was written. `end` is the end of its range.
    pub fn end(&mut self, role: EventRole, end: usize) {
        match role {
            EventRole::Start => return,
            EventRole::End(TagEnd::Link | TagEnd::Image) => self.end_brackets(end),
            EventRole::End(tag) if holds(tag) == Some(ContainerType::Text) => {
                self.leaves = self.leaves.saturating_sub(1);
                if let Some(attributes) = self.attributes.take() {
                    self.end_heading(end, attributes);
                }
            }
            EventRole::End(_) | EventRole::Whole => {}
        }
        self.read = self.read.max(end);
    }

    /// Sets the address of the innermost open link or image.
    pub fn lead(&mut self, address: Address) {
        if let Some(open) = self.open.last_mut() {
            open.address = Some(address);
        }
    }

    fn end_brackets(&mut self, end: usize) {
        let Some(bracketed) = self.open.pop() else { return };
        // The parser's range ends before the empty brackets.
        let end = match bracketed.form {
            LinkSyntax::Autolink => return,
            LinkSyntax::Collapsed if self.text[end..].starts_with("[]") => end + "[]".len(),
            LinkSyntax::Collapsed | LinkSyntax::Brackets => end,
        };
        // Between the last event and the closing bracket there can only be line breaks and quote marks.
        let tail = self.text.get(self.read..end).unwrap_or_default();
        let tail = self.read + tail.find(']').unwrap_or(0)..end;
        match bracketed.address {
            Some(address) => {
                let mut copy = MarkdownExport::default();
                copy.push_destination(&address, &bracketed.title);
                self.patch(tail, ExportPatch::Inline(copy));
            }
            None => {
                self.patch(bracketed.opening, ExportPatch::Nothing);
                self.patch(tail, ExportPatch::Nothing);
            }
        }
        self.read = self.read.max(end);
    }

    /// Leaves out a block whose events are skipped.
    pub fn leave_out(&mut self, block: Range<usize>) {
        self.begin_block(block.start);
        self.read = self.read.max(block.end);
        self.patch(block, ExportPatch::Nothing);
    }

    /// Writes the attributes after a heading's text again.
    fn end_heading(&mut self, end: usize, attributes: String) {
        let tail = self.text.get(self.read..end).unwrap_or_default();
        if let (Some(start), Some(length)) = (tail.find('{'), tail.rfind('}')) {
            let range = self.read + start..self.read + length + 1;
            self.patch(range, ExportPatch::Inline(MarkdownExport::of(attributes)));
        }
    }

    /// Leaves out the text between the events up to an offset, because readers do not see it. Quote marks stay.
    fn leave_out_to(&mut self, place: usize) {
        let start = self.read;
        self.read = start.max(place);
        if self.leaves > 0 || start >= place {
            return;
        }
        let mut at = start;
        for line in self.text[start..place].split_inclusive('\n') {
            let words = line.trim_start_matches([' ', '\t', '>']);
            let before = line.len() - words.len();
            let begins = self.text[..at].is_empty() || self.text[..at].ends_with('\n');
            if !words.trim().is_empty() {
                // A line that is left out completely loses its line end too.
                let whole = begins && line[..before].trim().is_empty() && line.ends_with('\n');
                let range = if whole { at..at + line.len() } else { at + before..at + line.trim_end().len() };
                self.patch(range, ExportPatch::Nothing);
            }
            at += line.len();
        }
    }

    pub fn finish(mut self) -> MarkdownExport {
        self.leaves = 0;
        self.leave_out_to(self.part.end);
        // At the same start, the longer range comes first, so that it wins over the ranges inside it.
        self.patches.sort_by_key(|(range, _)| (range.start, std::cmp::Reverse(range.end)));
        let (mut copy, mut at) = (MarkdownExport::default(), self.part.start);
        for (range, patch) in self.patches {
            // Of two overlapping ranges, the first is applied. The range of the second is left out as well.
            let overlaps = range.start < at;
            let range = range.start.max(at)..range.end.min(self.part.end);
            if range.start > range.end {
                continue;
            }
            copy.text.push_str(&self.text[at..range.start]);
            at = range.end;
            match patch {
                _ if overlaps => {}
                ExportPatch::Nothing => {}
                ExportPatch::Inline(inner) => copy.push_copy(inner),
                ExportPatch::Block(inner) => copy.push_block(inner, &indent(&self.text[..range.start])),
            }
        }
        copy.text.push_str(&self.text[at..self.part.end]);
        let end = copy.text.trim_end().len();
        if end > 0 && end < copy.text.len() {
            copy.text.truncate(end);
            copy.text.push('\n');
        }
        copy
    }
}

/// The attributes of a heading as they are exported, if it has any.
fn attributes(tag: &Tag<'_>) -> Option<String> {
    let Tag::Heading { id, classes, attrs, .. } = tag else { return None };
    if id.is_none() && classes.is_empty() && attrs.is_empty() {
        return None;
    }
    let mut names = Vec::new();
    if let Some(id) = id.as_ref().map(|id| id.trim_start_matches('#')).filter(|id| is_name(id)) {
        names.push(format!("#{id}"));
    }
    for class in classes.iter().filter(|class| is_name(class)) {
        names.push(format!(".{class}"));
    }
    Some(if names.is_empty() { String::new() } else { format!("{{{}}}", names.join(" ")) })
}

/// The content of a block, or `None` for inline elements.
fn holds(end: TagEnd) -> Option<ContainerType> {
    match end {
        TagEnd::BlockQuote(_) | TagEnd::List(_) | TagEnd::Item | TagEnd::FootnoteDefinition => {
            Some(ContainerType::Blocks)
        }
        TagEnd::DefinitionList | TagEnd::DefinitionListDefinition => Some(ContainerType::Blocks),
        TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::CodeBlock | TagEnd::HtmlBlock => {
            Some(ContainerType::Text)
        }
        TagEnd::Table | TagEnd::TableHead | TagEnd::TableRow | TagEnd::TableCell => Some(ContainerType::Text),
        TagEnd::DefinitionListTitle | TagEnd::MetadataBlock(_) => Some(ContainerType::Text),
        TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link | TagEnd::Image => None,
        TagEnd::Superscript | TagEnd::Subscript => None,
    }
}

/// The length in bytes of a container's marker and the spaces before it.
fn marker(tag: &Tag<'_>, text: &str) -> usize {
    let rest = text.trim_start_matches([' ', '\t']);
    let length = match tag {
        Tag::BlockQuote(None) => usize::from(rest.starts_with('>')),
        // `> [!NOTE]`.
        Tag::BlockQuote(Some(_)) => rest.find(']').map_or(0, |end| end + 1),
        Tag::FootnoteDefinition(_) => rest.find("]:").map_or(0, |end| end + 2),
        Tag::DefinitionListDefinition => usize::from(rest.starts_with(':')),
        Tag::Item => {
            let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            if rest[digits..].starts_with(['-', '+', '*', '.', ')']) { digits + 1 } else { 0 }
        }
        _ => return 0,
    };
    text.len() - rest.len() + length
}

impl MarkdownExport {
    pub(super) fn of(text: impl Into<String>) -> MarkdownExport {
        MarkdownExport { text: text.into(), holes: Vec::new() }
    }

    /// Writes a text as a fenced code block.
    pub(super) fn code(language: &str, text: &str) -> MarkdownExport {
        // The fence must be longer than any run of backticks in the text.
        let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
        let fence = "`".repeat(longest.max(2) + 1);
        MarkdownExport::of(format!("{fence}{language}\n{}\n{fence}", text.trim_end_matches('\n')))
    }

    /// Adds a hole for the address of a link.
    pub(super) fn push_hole(&mut self, link: u32) {
        self.holes.push((self.text.len(), link));
    }

    /// Writes an address as an attribute of a tag.
    pub(super) fn push_attribute(&mut self, name: &str, address: &Address) {
        match address {
            Address::Inside(link) => {
                self.text.push_str(&format!(" {name}=\""));
                self.push_hole(*link);
                self.text.push('"');
            }
            Address::Outside(url) => {
                let mut html = Html::default();
                html.attribute(name, url);
                self.text.push_str(&html.text);
            }
            Address::Refused => {}
        }
    }

    /// Writes the end of a link: `](address "title")`.
    fn push_destination(&mut self, address: &Address, title: &str) {
        self.text.push_str("](");
        match address {
            Address::Inside(link) => self.push_hole(*link),
            Address::Outside(url) => self.text.push_str(&destination(url)),
            Address::Refused => self.text.push('#'),
        }
        if !title.is_empty() {
            let title = title.replace('\\', "\\\\").replace('"', "\\\"").replace('&', "&amp;");
            self.text.push_str(&format!(" \"{}\"", title.replace('\n', " ")));
        }
        self.text.push(')');
    }

    fn push_copy(&mut self, inner: MarkdownExport) {
        let base = self.text.len();
        self.holes.extend(inner.holes.into_iter().map(|(at, link)| (base + at, link)));
        self.text.push_str(&inner.text);
    }

    /// Adds a text that replaces a line. `indent` is put before each line after the first.
    fn push_block(&mut self, inner: MarkdownExport, indent: &str) {
        let lines = |text: &str| text.replace('\n', &format!("\n{indent}"));
        let mut at = inner.text.len() - inner.text.trim_start_matches('\n').len();
        let end = inner.text.trim_end().len().max(at);
        for (place, link) in inner.holes {
            self.text.push_str(&lines(&inner.text[at..place]));
            self.push_hole(link);
            at = place;
        }
        self.text.push_str(&lines(&inner.text[at..end]));
    }
}

/// Writes a URL as the destination of a Markdown link.
fn destination(url: &str) -> String {
    // Markdown decodes entities such as `&copy;` in a destination as well.
    let url = if url.contains(';') { url.replace('&', "&amp;") } else { url.to_owned() };
    let plain = |c: char| !c.is_whitespace() && !c.is_control() && !"()<>\\".contains(c);
    if url.chars().all(plain) {
        return url;
    }
    let url = url.replace('\\', "%5C").replace('<', "%3C").replace('>', "%3E");
    format!("<{url}>")
}

/// The indent of the last line of a text: quote marks are kept, list markers become spaces.
fn indent(before: &str) -> String {
    let line = before.rsplit('\n').next().unwrap_or_default();
    line.chars().map(|c| if c == '>' || c.is_whitespace() { c } else { ' ' }).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::markdown;
    use crate::markdown::fixture::plain_context;
    use crate::path::FilePath;
    use crate::source::Source;

    #[test]
    fn an_included_text_is_indented_like_the_line_that_it_replaces() {
        let text = "- a\n  - ::include x\n> ::include x\n";
        let mut draft = ExportDraft::new(text, None);
        draft.read = text.len();
        for (at, _) in text.match_indices("::include x") {
            let inner = MarkdownExport { text: "\nb\n[c]()\n".to_owned(), holes: vec![(7, 7)] };
            draft.patch(at..at + "::include x".len(), ExportPatch::Block(inner));
        }
        let copy = draft.finish();
        assert_eq!(copy.text, "- a\n  - b\n    [c]()\n> b\n> [c]()\n");
        assert!(copy.holes.iter().all(|(at, _)| copy.text[*at..].starts_with(')')), "{copy:?}");
    }

    #[test]
    fn of_patches_that_overlap_nothing_is_copied_as_it_was_written() {
        let mut draft = ExportDraft::new("a secret b", None);
        draft.read = "a secret b".len();
        draft.patch(2..5, ExportPatch::Nothing);
        draft.patch(4..8, ExportPatch::Inline(MarkdownExport::of("x")));
        draft.patch(3..4, ExportPatch::Nothing);
        assert_eq!(draft.finish().text, "a  b");
    }

    #[test]
    fn destinations_are_written_so_that_they_are_read_as_they_are() {
        for url in ["https://a.example/x", "https://a.example/x_(y)", "https://a.example/?a&copy;=1;"] {
            let mut copy = MarkdownExport::of("[x");
            copy.push_destination(&Address::Outside(url.to_owned()), "\"T\" \\ &amp;");
            let link = pulldown_cmark::Parser::new(&copy.text).find_map(|event| match event {
                Event::Start(Tag::Link { dest_url, title, .. }) => Some((dest_url, title)),
                _ => None,
            });
            assert_eq!(link, Some((url.into(), "\"T\" \\ &amp;".into())), "{}", copy.text);
        }
    }

    #[test]
    fn code_gets_a_fence_that_it_does_not_hold() {
        assert_eq!(MarkdownExport::code("sh", "a\n").text, "```sh\na\n```");
        assert_eq!(MarkdownExport::code("md", "````\n").text, "`````md\n````\n`````");
    }

    /// Every syntax for an address, with the address of something hidden, and the texts that may come between.
    const FRAGMENTS: &[&str] = &[
        "[a](qsecretq.md)",
        "[a](<qsecretq.md> 'T')",
        "![a](qsecretq.png \"T\")",
        "[![a](qsecretq.png)](qsecretq.md)",
        "[a [b](qsecretq.md)](qsecretq.md)",
        "![a [b](qsecretq.md) ![c](qsecretq.png)](qsecretq.png)",
        "[a](qsecretq(x).md)",
        "[a][r]",
        "[r]",
        "[R][]",
        "![r]",
        "[a\\]](qsecretq.md)",
        "[`]`](qsecretq.md)",
        "[*a*\n](qsecretq.md)",
        "\n\n[r]: qsecretq.md\n\n",
        "\n\n[r]:\nqsecretq.md 'T\nT'\n\n",
        "\n\n> [r]: qsecretq.md\n\n",
        "\n\n- [s]: qsecretq.md\n- a\n\n",
        "\n\n[^1]: [t]: qsecretq.md\n\n",
        "\n\n[//]: # (qsecretq)\n[//]: # (qsecretq)\n\n",
        "<a href=qsecretq.md>",
        "<a class='x' href = \"qsecretq.md\">",
        "<A\nHREF='qsecretq.md'>",
        "</a>",
        "<img src=qsecretq.png srcset='qsecretq.png 2x'>",
        "<video src=qsecretq.mp4 poster=qsecretq.png></video>",
        "<div data-x=qsecretq.md>",
        "\n\n<div cite=qsecretq.md>\n\n",
        "</div>",
        "<q cite=\"qsecretq.md\">",
        "<script src=qsecretq.js>qsecretq</script>",
        "<Card href=\"qsecretq.md\" />",
        "<iframe src='qsecretq.html'>qsecretq</iframe>",
        "<!-- qsecretq -->",
        "<?qsecretq?>",
        "<![CDATA[qsecretq]]>",
        "\n\n:::note [x](qsecretq.md) <!-- qsecretq -->\n",
        "\n\n:::tab[<a href=qsecretq.md>x</a>]{href=qsecretq.md}\n",
        "\n\n:::\n",
        "\n\n## A [b](qsecretq.md) {#c href=qsecretq.md}\n\n",
        "\n\n| [a](qsecretq.md) | b |\n|---|---|\n| [r] | <a href=qsecretq.md> |\n\n",
        "\n\n::include qsecretq.md\n\n",
        "\n\n> [!NOTE]\n> ",
        "[^1]",
        "\n\n",
        "\n> ",
        "\n- ",
        "\n  ",
        " text ",
        " *em* ",
        " `code` ",
        "\\",
    ];

    fn parsed(text: &str, file: &str) -> markdown::Document {
        markdown::parse(&Source::new(FilePath::new(file).unwrap(), text), 0, None, &plain_context())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(3000))]

        #[test]
        fn a_copy_holds_no_address_that_the_page_does_not_show(
            fragments in prop::collection::vec(prop::sample::select(FRAGMENTS), 1..12)
        ) {
            let text = fragments.concat();
            for file in ["content/a.md", "content/a.mdx"] {
                let document = parsed(&text, file);
                let title = document.title.as_ref().map_or("", |title| &title.text);
                let shown = document.html.contains("qsecretq") || title.contains("qsecretq");
                prop_assert!(
                    shown || !document.markdown.text.contains("qsecretq"),
                    "{text}\n---\n{}\n---\n{}", document.markdown.text, document.html
                );
                let mut last = 0;
                for (at, link) in &document.markdown.holes {
                    prop_assert!(last <= *at && document.markdown.text.is_char_boundary(*at));
                    prop_assert!((*link as usize) < document.links.len());
                    last = *at;
                }
            }
        }
    }
}
