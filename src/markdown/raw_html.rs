//! Checks raw HTML in Markdown and writes it again.
//!
//! Owns what happens to each tag, and the balance of tags within their container. `html_pieces` cuts the HTML, `tags`
//! has the tables of what is allowed. The output is safe by construction: it contains only elements and attributes from
//! the tables, with escaped values.

use std::borrow::Cow;
use std::ops::Range;

use html5ever::Attribute;
use html5ever::tokenizer::{Tag, TagKind};

use super::address::Address;
use super::directives::DirectiveLine;
use super::export::{ExportPatch, MarkdownExport};
use super::html::Html;
use super::html_pieces::{HtmlPiece, pieces, tokens};
use super::ids::is_name;
use super::open_elements::{Close, OpenElement, RawEnd};
use super::tags::{self, Policy};
use super::url::{Reference, classify};
use super::writer::HtmlWriter;
use super::{HoleContent, LinkRole};
use crate::bounds::TAG_BYTES;
use crate::diagnostic::Diagnostic;
use crate::html_escape::escape_text;
use crate::rules::{
    HTML_COMMENT, HTML_DROPPED, HTML_EMBED, HTML_UNBALANCED, HTML_UNKNOWN, LINK_INVALID, Rule,
};
use crate::source::Span;

/// How raw HTML is placed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum HtmlPosition {
    Block,
    Inline,
}

/// A piece of raw HTML that is being checked.
struct HtmlCandidate<'t> {
    /// The whole chunk of raw HTML that the piece is part of.
    text: &'t str,
    range: Range<usize>,
    span: Span,
    place: HtmlPosition,
}

impl HtmlCandidate<'_> {
    fn written(&self) -> &str {
        &self.text[self.range.clone()]
    }
}

impl HtmlWriter<'_> {
    /// Collects a line of a block of raw HTML.
    pub(super) fn raw_line(&mut self, html: &str, range: Range<usize>) {
        let place = self.current.origin.base + range.start;
        if let Some(block) = &mut self.verbatim {
            block.push(html, place);
        }
    }

    pub(super) fn end_raw_block(&mut self) {
        let block = self.verbatim.take().unwrap_or_default();
        self.raw(&block.text, |offset| block.place(offset), HtmlPosition::Block);
        self.end_raw_paragraph();
    }

    /// Closes an open `<p>` after a block of raw HTML, because the content that follows is a block, which a `<p>`
    /// cannot contain.
    fn end_raw_paragraph(&mut self) {
        let here = self
            .open
            .iter()
            .rposition(|open| !matches!(open, OpenElement::Raw { .. }))
            .map_or(0, |at| at + 1);
        let paragraph = |open: &OpenElement| matches!(open, OpenElement::Raw { end: RawEnd::Tag(element), .. } if element == "p");
        if let Some(at) = self.open[here..].iter().position(paragraph) {
            while self.open.len() > here + at {
                self.close_top();
            }
        }
    }

    /// Writes a component tag that is alone on its line.
    pub(super) fn component(&mut self, tag: Range<usize>) {
        let (text, start) = (self.uncommented(tag.clone()), self.current.origin.base + tag.start);
        self.raw(&text, |at| start + at, HtmlPosition::Block);
    }

    pub(super) fn raw_inline(&mut self, html: &str, range: Range<usize>) {
        let start = self.current.origin.base + range.start;
        if let Some(name) = &self.inline.dropping {
            if html.to_ascii_lowercase().starts_with(&format!("</{name}")) {
                self.inline.dropping = None;
            }
            self.patch(range, ExportPatch::Nothing);
        } else if self.inline.images == 0 || html.starts_with("<!--") {
            self.raw(html, |at| start + at, HtmlPosition::Inline);
        } else {
            self.patch(range, ExportPatch::Nothing);
        }
    }

    /// Writes a chunk of raw HTML. `at` converts its offsets to offsets of the file.
    fn raw(&mut self, text: &str, at: impl Fn(usize) -> usize, place: HtmlPosition) {
        let mut skip_to = 0;
        for (piece, range) in pieces(text) {
            let span = Span::new(self.current.origin.file, at(range.start)..at(range.end.max(1) - 1) + 1);
            if range.start < skip_to && piece != HtmlPiece::Comment {
                self.copy_nothing(&span);
                continue;
            }
            let found = HtmlCandidate { text, range: range.clone(), span, place };
            match piece {
                HtmlPiece::Text => self.raw_text(&found),
                HtmlPiece::Tag if self.stands_for_a_comment(&found.span) => self.copy_nothing(&found.span),
                HtmlPiece::Tag => skip_to = self.raw_tag(&found).max(skip_to),
                HtmlPiece::Comment | HtmlPiece::Declaration => self.copy_nothing(&found.span),
                HtmlPiece::Unclosed => {
                    self.copy_nothing(&found.span);
                    let problem = Diagnostic::new(
                        &HTML_COMMENT,
                        found.span,
                        "this comment is not closed: everything after it would vanish",
                    );
                    self.document.diagnostics.push(problem.help("end it with `-->`"));
                }
            }
        }
    }

    fn stands_for_a_comment(&self, tag: &Span) -> bool {
        let start = (tag.start as usize).checked_sub(self.current.origin.base);
        start.and_then(|start| self.current.extras.directives.get(&start)) == Some(&DirectiveLine::Comment)
    }

    /// Leaves a piece of raw HTML out of the export.
    fn copy_nothing(&mut self, span: &Span) {
        self.patch(self.current.origin.range(span), ExportPatch::Nothing);
    }

    /// Writes a tag into the export as it was understood.
    fn copy_tag(&mut self, found: &HtmlCandidate<'_>, copy: MarkdownExport) {
        self.patch(self.current.origin.range(&found.span), ExportPatch::Inline(copy));
    }

    fn raw_text(&mut self, found: &HtmlCandidate<'_>) {
        let text = found.written();
        let text = if text.contains('&') { tokens(text).text } else { text.to_owned() };
        self.collect_raw_text(&text, &found.span);
        self.report_marks_in_html(found.written(), &found.span);
        if found.place == HtmlPosition::Block {
            self.search_raw_text(&found.span);
        }
        self.text_as_it_is(&text);
    }

    /// Writes one tag. Returns the offset up to which the following text is dropped as well.
    fn raw_tag(&mut self, found: &HtmlCandidate<'_>) -> usize {
        if TAG_BYTES.is_exceeded(found.written().len()) {
            let message = format!("a tag longer than {TAG_BYTES} was left out");
            self.note(&HTML_DROPPED, found, message, "write the text between tags, not into an attribute");
            return 0;
        }
        let Some(tag) = tokens(found.written()).tag else {
            self.raw_text(found);
            return 0;
        };
        let name = tag.name.to_string();
        let policy = tags::policy(&name);
        self.report_marks_in_html(found.written(), &found.span);
        for attribute in &tag.attrs {
            self.report_html_attribute(&attribute.name.local, &attribute.value, &found.span);
        }
        if policy == Policy::Unknown {
            self.unknown(&tag, found);
            return 0;
        }
        if tag.kind == TagKind::EndTag {
            self.end_tag(&name, found);
            return 0;
        }
        // Some tags end others implicitly, as `<li>` does. Closing these first keeps the nesting depth correct.
        self.close_implied(&name);
        if self.nests_too_deep(found.span.clone()) {
            return 0;
        }
        match policy {
            Policy::Allowed => self.start_tag(&tag, found),
            Policy::Void => self.void_tag(&tag, found),
            Policy::Unwrapped => {
                self.copy_nothing(&found.span);
                self.push(&name, RawEnd::Nothing, found);
            }
            Policy::Tab => {
                let label = escape_text(&value(&tag, "label").unwrap_or_default());
                let (start, end) =
                    if self.takes_blocks() { ("<p class=\"tab\">", "</p>\n") } else { ("", "") };
                self.out().raw(&format!("{start}<strong>{label}</strong>{end}"));
                self.copy_tag(found, MarkdownExport::of(format!("<strong>{label}</strong>")));
                self.push(&name, RawEnd::Nothing, found);
            }
            Policy::Embed => return self.embed(&tag, found),
            Policy::Dropped => return self.drop_tag(&name, found),
            Policy::Unknown => {}
        }
        0
    }

    /// Shows an unknown tag as text, without the addresses in it.
    fn unknown(&mut self, tag: &Tag, found: &HtmlCandidate<'_>) {
        let written = found.written();
        let name = written.trim_start_matches(['<', '/']);
        let name = name.split(|c: char| c.is_whitespace() || "/>".contains(c)).next().unwrap_or(name);
        let message = format!("`<{name}>` is not an HTML tag and is shown as text");
        let help = "write `\\<` or put it into backticks if it is meant as text";
        self.note(&HTML_UNKNOWN, found, message, help);
        let shown = match without_addresses(tag, name) {
            Some(shown) => {
                self.copy_tag(found, MarkdownExport::of(shown.as_str()));
                Cow::Owned(shown)
            }
            None => Cow::Borrowed(written),
        };
        self.collect_raw_text(&shown, &found.span);
        self.capture(&shown);
        let text = escape_text(&shown);
        let block = found.place == HtmlPosition::Block && self.takes_blocks();
        let html = if block { format!("<p>{text}</p>\n") } else { text };
        self.out().raw(&html);
    }

    fn note(&mut self, rule: &'static Rule, found: &HtmlCandidate<'_>, message: String, help: &str) {
        self.document.diagnostics.push(Diagnostic::new(rule, found.span.clone(), message).help(help));
    }

    fn push(&mut self, name: &str, end: RawEnd, found: &HtmlCandidate<'_>) {
        self.open.push(OpenElement::Raw { name: name.to_owned(), end, span: found.span.clone() });
    }

    /// Closes the elements that a start tag of this name ends implicitly.
    fn close_implied(&mut self, name: &str) {
        while let Some(OpenElement::Raw { name: open, .. }) = self.open.last() {
            if !tags::ends_at(open, name) {
                return;
            }
            self.close_top();
        }
    }

    fn start_tag(&mut self, tag: &Tag, found: &HtmlCandidate<'_>) {
        let name = &*tag.name;
        if name == "a" {
            return self.anchor(tag, found);
        }
        if tags::is_block(name) && !self.make_way() {
            // Text cannot contain a block. The tag is left out, and its content stays.
            self.copy_nothing(&found.span);
            return self.push(name, RawEnd::Nothing, found);
        }
        // Markdown follows a `<p>` without an end tag. The `<p>` would end at the first block, so it becomes a `<div>`.
        let rest = &found.text[found.range.end..];
        let alone =
            name == "p" && found.place == HtmlPosition::Block && !rest.to_ascii_lowercase().contains("</p");
        let (element, end) = match name {
            "p" if alone => ("div", RawEnd::Tag("div".to_owned())),
            "strike" => ("s", RawEnd::Tag("s".to_owned())),
            "table" => {
                // A table that only arranges its cells has no header.
                let has_header =
                    value(tag, "role").is_some_and(|role| role == "presentation" || role == "none");
                ("table", RawEnd::Table { span: found.span.clone(), has_header })
            }
            _ => (name, RawEnd::Tag(name.to_owned())),
        };
        if name == "table" {
            self.open_scrolling();
        }
        if name == "th" {
            self.note_header_cell();
        }
        let attributes = self.attributes(tag, found);
        self.out().raw(&format!("<{element}{attributes}>"));
        self.copy_tag(found, MarkdownExport::of(format!("<{name}{attributes}>")));
        self.push(name, end, found);
    }

    /// Notes that the innermost table has a header cell.
    fn note_header_cell(&mut self) {
        for open in self.open.iter_mut().rev() {
            if let OpenElement::Raw { end: RawEnd::Table { has_header, .. }, .. } = open {
                *has_header = true;
                return;
            }
        }
    }

    /// Makes room for a block: ends an open paragraph. Returns `false` in a heading or in emphasis, where no block can
    /// be.
    fn make_way(&mut self) -> bool {
        let paragraph = matches!(self.open.last(), Some(OpenElement::Block(Close::Paragraph)));
        if paragraph {
            self.out().raw("</p>\n");
            self.open.pop();
            self.open.push(OpenElement::Block(Close::EndedParagraph));
        }
        self.takes_blocks()
    }

    /// Whether the innermost open element may contain a block.
    fn takes_blocks(&self) -> bool {
        let raw = |open: &OpenElement| match open {
            OpenElement::Raw { end: RawEnd::Nothing, .. } => None,
            OpenElement::Raw { name, .. } => Some(tags::is_block(name) && !holds_text(name)),
            OpenElement::Directive { .. } => Some(true),
            OpenElement::Block(close) => Some(close.holds_blocks()),
        };
        self.open.iter().rev().find_map(raw).unwrap_or(true)
    }

    fn anchor(&mut self, tag: &Tag, found: &HtmlCandidate<'_>) {
        let href = value(tag, "href");
        if let Some(href) = href.as_deref().filter(|href| !href.is_empty())
            && let Some(collector) = self.text_blocks()
        {
            collector.push_link(href);
        }
        if href.is_some() {
            let rest = self.current.origin.text.get(self.current.origin.range(&found.span).end..);
            let shown = rest.unwrap_or_default().split('<').next().unwrap_or_default();
            self.report_vague_text(shown, found.span.clone());
        }
        let mut copy = MarkdownExport::of("<a");
        // HTML does not allow a link inside a link.
        let end = match href.filter(|_| self.inline.anchors == 0) {
            Some(href) => {
                let address = self.address(&href, found.span.clone(), LinkRole::Follow);
                copy.push_attribute("href", &address);
                if address.open(self.out()) {
                    self.inline.anchors += 1;
                    RawEnd::Link(address)
                } else {
                    let message = format!("`{href}` is not a URL that readers may follow");
                    self.document.diagnostics.push(Diagnostic::new(
                        &LINK_INVALID,
                        found.span.clone(),
                        message,
                    ));
                    self.out().raw("<span");
                    RawEnd::Tag("span".to_owned())
                }
            }
            None => {
                self.out().raw("<span");
                RawEnd::Tag("span".to_owned())
            }
        };
        let attributes = self.attributes(tag, found);
        self.out().raw(&format!("{attributes}>"));
        copy.text.push_str(&format!("{attributes}>"));
        self.copy_tag(found, copy);
        self.push("a", end, found);
    }

    /// Writes the allowed attributes of a tag.
    fn attributes(&mut self, tag: &Tag, found: &HtmlCandidate<'_>) -> String {
        let mut html = Html::default();
        for attribute in &tag.attrs {
            let (name, value) = (&*attribute.name.local, attribute.value.trim());
            match name {
                "id" => self.raw_id(value, &mut html),
                // `<a name>` is the old form of an id.
                "name" if &*tag.name == "a" && tag.attrs.iter().all(|a| &*a.name.local != "id") => {
                    self.raw_id(value, &mut html)
                }
                "class" => {
                    let names: Vec<&str> = value.split_whitespace().filter(|name| is_name(name)).collect();
                    if !names.is_empty() {
                        html.attribute("class", &names.join(" "));
                    }
                }
                // `align` is obsolete in HTML; the class has the same effect.
                "align"
                    if matches!(&*tag.name, "td" | "th") && matches!(value, "left" | "center" | "right") =>
                {
                    html.attribute("class", value);
                }
                _ if name.starts_with("on") => {
                    let message = format!("the event handler `{name}` was left out");
                    self.note(
                        &HTML_DROPPED,
                        found,
                        message,
                        "a handbook's pages run no scripts of their own",
                    );
                }
                _ if tags::attribute(&tag.name, name) => html.attribute(name, value),
                _ => {}
            }
        }
        html.text
    }

    fn raw_id(&mut self, id: &str, html: &mut Html) {
        if is_name(id) && !self.ids.holds(id) {
            html.attribute("id", &self.ids.take(id));
        }
    }

    fn void_tag(&mut self, tag: &Tag, found: &HtmlCandidate<'_>) {
        if &*tag.name == "img" {
            let text = |name| value(tag, name).unwrap_or_default();
            let pixels = |name| text(name).trim_end_matches("px").parse().ok();
            let (width, height) = (pixels("width"), pixels("height"));
            let (alt, title) = (text("alt"), text("title"));
            // `alt=""` says that the image is an ornament.
            if value(tag, "alt").is_none() {
                self.report_missing_alternative(found.span.clone());
            }
            let mut shown = Html::default();
            for (name, value) in
                [("alt", &alt), ("title", &title), ("width", &text("width")), ("height", &text("height"))]
            {
                if !value.is_empty() {
                    shown.attribute(name, value);
                }
            }
            let role = LinkRole::Show { alt, title, width, height };
            let address = self.image(&text("src"), role, found.span.clone());
            let mut copy = MarkdownExport::of("<img");
            copy.push_attribute("src", &address);
            copy.text.push_str(&format!("{}>", shown.text));
            return self.copy_tag(found, copy);
        }
        // In plain text, the tag separates words.
        self.capture(" ");
        let html = format!("<{}>", tag.name);
        self.out().raw(&html);
        self.copy_tag(found, MarkdownExport::of(html));
    }

    /// Replaces a frame or medium by a link to its source. Returns the offset up to which the following text is
    /// dropped.
    fn embed(&mut self, tag: &Tag, found: &HtmlCandidate<'_>) -> usize {
        let name = &*tag.name;
        let source = ["src", "data"].iter().find_map(|attribute| value(tag, attribute));
        if name == "source" && source.is_none() {
            self.copy_nothing(&found.span);
            return 0;
        }
        let message = format!("`<{name}>` was replaced by a link");
        self.note(
            &HTML_EMBED,
            found,
            message,
            "pages load nothing from elsewhere; write a link to keep this quiet",
        );
        if let Some(source) = source {
            let block = found.place == HtmlPosition::Block && self.takes_blocks();
            let (start, end) = if block { ("<p class=\"embed\">", "</p>\n") } else { ("", "") };
            self.out().raw(start);
            self.embed_link(&source, tag, found);
            self.out().raw(end);
        } else {
            self.copy_nothing(&found.span);
        }
        if matches!(name, "source" | "embed") {
            return 0;
        }
        self.push(name, RawEnd::Nothing, found);
        if name == "iframe" { end_of(found, name) } else { 0 }
    }

    /// Writes a link to a frame or medium. Without a title, the text of the link is the address if the link leads
    /// anywhere.
    fn embed_link(&mut self, source: &str, tag: &Tag, found: &HtmlCandidate<'_>) {
        let element = tag.name.to_string();
        let title = value(tag, "title");
        let address = if self.inline.anchors > 0 {
            Address::Refused
        } else {
            self.address(source, found.span.clone(), LinkRole::Play { element: element.clone() })
        };
        if address.open(self.out()) {
            self.out().raw(">");
        }
        match (&title, &address) {
            (Some(title), _) => self.out().text(title),
            (None, Address::Inside(link)) => self.out().hole(HoleContent::Name(*link)),
            (None, Address::Outside(url)) => self.out().text(url),
            (None, Address::Refused) => self.out().text(&element),
        }
        address.close(self.out());
        let mut copy = MarkdownExport::of("<a");
        copy.push_attribute("href", &address);
        copy.text.push_str(&format!(">{}</a>", escape_text(&title.unwrap_or(element))));
        self.copy_tag(found, copy);
    }

    fn drop_tag(&mut self, name: &str, found: &HtmlCandidate<'_>) -> usize {
        let message = format!("`<{name}>` is not allowed and was left out");
        self.note(&HTML_DROPPED, found, message, "see the list of allowed HTML in the guide");
        self.copy_nothing(&found.span);
        let alone = is_void(name) || found.written().ends_with("/>");
        if found.place == HtmlPosition::Inline && !alone {
            // The end tag of an inline element comes in a later event, so its text is dropped until then.
            self.inline.dropping = Some(name.to_owned());
        }
        if alone { 0 } else { end_of(found, name) }
    }

    fn end_tag(&mut self, name: &str, found: &HtmlCandidate<'_>) {
        let kept = tags::policy(name) == Policy::Allowed;
        // A tag can only close elements of its own container.
        let barrier = self
            .open
            .iter()
            .rposition(|open| !matches!(open, OpenElement::Raw { .. }))
            .map_or(0, |at| at + 1);
        let fits = |open: &OpenElement| matches!(open, OpenElement::Raw { name: open, .. } if open == name);
        let Some(at) = self.open[barrier..].iter().rposition(fits).map(|at| barrier + at) else {
            self.copy_nothing(&found.span);
            if kept && !self.too_deep {
                let message = format!("`</{name}>` closes nothing here and was left out");
                self.note(
                    &HTML_UNBALANCED,
                    found,
                    message,
                    "open and close a tag in the same list item, quote or paragraph",
                );
            }
            return;
        };
        while self.open.len() > at + 1 {
            self.close_top();
        }
        if let Some(OpenElement::Raw { end, .. }) = self.open.pop() {
            self.close_raw(end);
        }
        self.copy_tag(
            found,
            if kept { MarkdownExport::of(format!("</{name}>")) } else { MarkdownExport::default() },
        );
    }
}

/// Whether a block element can only contain text: a paragraph or a heading.
fn holds_text(name: &str) -> bool {
    matches!(name, "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6")
}

/// A tag as text, with `…` for each address inside the handbook. `None` if it has none.
fn without_addresses(tag: &Tag, name: &str) -> Option<String> {
    let hides = |attribute: &Attribute| {
        tags::is_address(&attribute.name.local) && matches!(classify(&attribute.value), Reference::Inside(_))
    };
    if !tag.attrs.iter().any(hides) {
        return None;
    }
    let mut text = format!("<{name}");
    for attribute in &tag.attrs {
        let value = if hides(attribute) { "…" } else { &*attribute.value };
        text.push_str(&format!(" {}=\"{value}\"", attribute.name.local));
    }
    text.push_str(if tag.self_closing { " />" } else { ">" });
    Some(text)
}

/// The value of an attribute.
fn value(tag: &Tag, name: &str) -> Option<String> {
    tag.attrs
        .iter()
        .find(|attribute| &*attribute.name.local == name)
        .map(|attribute| attribute.value.to_string())
}

fn is_void(name: &str) -> bool {
    matches!(name, "base" | "input" | "link" | "meta")
}

/// The end of the element that a start tag opens, or the end of its chunk.
fn end_of(found: &HtmlCandidate<'_>, name: &str) -> usize {
    if found.place == HtmlPosition::Inline {
        return 0;
    }
    let rest = found.text[found.range.end..].to_ascii_lowercase();
    let end = rest
        .find(&format!("</{name}"))
        .map(|at| at + rest[at..].find('>').map_or(rest.len() - at, |end| end + 1));
    found.range.end + end.unwrap_or(rest.len())
}
