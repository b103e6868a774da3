//! Writes inline content: text, code, links, images, formulas and bare URLs.
//!
//! Owns the HTML of each. The target of a link inside the handbook is a hole.

use std::ops::Range;

use pulldown_cmark::{LinkType, Tag};

use super::address::Address;
use super::bare_urls::urls;
use super::math::Placement;
use super::open_elements::{Close, OpenElement, Task};
use super::writer::{FirstParagraph, HtmlWriter};
use super::{HoleContent, LinkRole};
use crate::diagnostic::Diagnostic;
use crate::html_escape::{escape_attribute, escape_text, push_name};
use crate::lexicon::Lexicon;
use crate::rules::{
    ACCESSIBILITY_ALT, ACCESSIBILITY_LINK, HTML_COMMENT, IMAGE_EXTERNAL, LINK_INVALID, MARKDOWN_FOOTNOTE,
    MARKDOWN_MATH,
};
use crate::source::Span;

/// The number of characters from which a name in a table is long.
const LONG_NAME: usize = 16;

impl HtmlWriter<'_> {
    pub(super) fn start_inline(&mut self, tag: Tag<'_>, range: Range<usize>) -> Close {
        if let Tag::Image { title, dest_url, .. } | Tag::Link { title, dest_url, .. } = &tag {
            self.report_marks_in_link(&[title, dest_url], &range);
        }
        match tag {
            Tag::Image { dest_url, title, .. } => {
                self.inline.images += 1;
                self.inline.captures.push(String::new());
                let span = self.span(range);
                Close::Image { destination: dest_url.to_string(), title: title.to_string(), span }
            }
            // Only the text of this content is used, as the alternative text of the image.
            _ if self.inline.images > 0 => Close::Quiet,
            Tag::Emphasis => self.plain("<em>", "</em>"),
            Tag::Strong => self.plain("<strong>", "</strong>"),
            Tag::Strikethrough => self.plain("<del>", "</del>"),
            Tag::Superscript => self.plain("<sup>", "</sup>"),
            Tag::Subscript => self.plain("<sub>", "</sub>"),
            Tag::Link { link_type: LinkType::Email, dest_url, .. } => {
                self.start_link(&format!("mailto:{dest_url}"), "", range)
            }
            Tag::Link { dest_url, title, .. } => self.start_link(&dest_url, &title, range),
            _ => Close::Quiet,
        }
    }

    fn start_link(&mut self, destination: &str, title: &str, range: Range<usize>) -> Close {
        // HTML does not allow a link inside a link.
        if self.inline.anchors > 0 {
            return Close::Quiet;
        }
        self.report_vague_link(&range, destination);
        let address = self.address(destination, self.span(range.clone()), LinkRole::Follow);
        if !address.open(self.out()) {
            self.report_refused(destination, range);
            return Close::Quiet;
        }
        self.lead_export(&address);
        if !title.is_empty() {
            self.out().attribute("title", title);
        }
        self.out().raw(">");
        self.inline.anchors += 1;
        Close::Link(address)
    }

    /// Reports a link `[text](destination)` whose text does not say where it leads.
    fn report_vague_link(&mut self, range: &Range<usize>, destination: &str) {
        let written = self.current.origin.text.get(range.clone()).unwrap_or("");
        let Some((text, _)) = written.strip_prefix('[').and_then(|rest| rest.split_once(']')) else { return };
        let span = self.span(range.clone());
        if is_other_address(text, destination) {
            let message = "the text of this link is another address than the one it leads to";
            let help = "write the address that it leads to, or the name of what is there";
            let problem = Diagnostic::new(&ACCESSIBILITY_LINK, span, message).help(help);
            self.document.diagnostics.push(problem);
            return;
        }
        self.report_vague_text(text, span);
    }

    /// Reports the text of a link if it does not say where the link leads. A program that lists the links of a page shows
    /// only their texts.
    pub(super) fn report_vague_text(&mut self, text: &str, span: Span) {
        let shown = text.trim_matches(|c: char| !c.is_alphanumeric());
        let words = shown.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
        if Lexicon::all().prose.vague_links.contains(&words) {
            let message = format!("`{shown}` does not say where this link leads");
            let help = "make the name of what it leads to the text of the link";
            let problem = Diagnostic::new(&ACCESSIBILITY_LINK, span, message).help(help);
            self.document.diagnostics.push(problem);
        }
    }

    pub(super) fn end_link(&mut self, address: &Address) {
        self.inline.anchors -= 1;
        address.close(self.out());
    }

    pub(super) fn report_refused(&mut self, destination: &str, range: Range<usize>) {
        let problem = Diagnostic::new(
            &LINK_INVALID,
            self.span(range),
            format!("`{destination}` is not a URL that readers may follow"),
        );
        self.document.diagnostics.push(problem.help("use http, https, mailto or a path in the handbook"));
    }

    pub(super) fn end_image(&mut self, destination: &str, title: &str, span: Span) {
        self.inline.images -= 1;
        let alt = self.inline.captures.pop().unwrap_or_default();
        // The alternative text of the outer image includes that of an image inside it.
        if self.inline.images > 0 {
            self.capture(&alt);
            return;
        }
        if alt.trim().is_empty() {
            self.report_missing_alternative(span.clone());
        }
        let place = |offset: u32| (offset as usize).saturating_sub(self.current.origin.base);
        let mut sizes = self.current.extras.sizes.range(place(span.start)..place(span.end));
        let (width, height) = sizes.next().map_or((None, None), |(_, size)| *size);
        let role = LinkRole::Show { alt, title: title.to_owned(), width, height };
        let address = self.image(destination, role, span);
        self.lead_export(&address);
    }

    pub(super) fn report_missing_alternative(&mut self, span: Span) {
        let message = "this image has no text for those who do not see it";
        let help =
            "say between the brackets what it shows; for a mere ornament write `<img src=\"…\" alt=\"\">`";
        self.document.diagnostics.push(Diagnostic::new(&ACCESSIBILITY_ALT, span, message).help(help));
    }

    /// Writes an image of the handbook, or a link to an image on another host: a page must not load anything from other
    /// hosts.
    pub(super) fn image(&mut self, destination: &str, role: LinkRole, span: Span) -> Address {
        let alt = alternative(&role).unwrap_or("").to_owned();
        let address = self.address(destination, span.clone(), role);
        match &address {
            Address::Inside(link) => self.out().hole(HoleContent::Image(*link)),
            Address::Outside(url) => {
                let message = format!("the image `{url}` lies on another host and is shown as a link");
                let problem = Diagnostic::new(&IMAGE_EXTERNAL, span, message);
                self.document.diagnostics.push(problem.help("put a copy of the image beside the page"));
                // Inside a link, only the text is written.
                let linked = self.inline.anchors == 0 && address.open(self.out());
                if linked {
                    self.out().raw(">");
                }
                self.out().text(if alt.is_empty() { url } else { &alt });
                if linked {
                    address.close(self.out());
                }
            }
            Address::Refused => {
                let message = format!("`{destination}` is not a file that can be shown");
                self.document.diagnostics.push(Diagnostic::new(&LINK_INVALID, span, message));
                self.out().text(&alt);
            }
        }
        address
    }

    pub(super) fn inline_code(&mut self, code: &str, range: Range<usize>) {
        if self.inline.dropping.is_some() {
            return;
        }
        self.capture(code);
        self.report_invisible(&range);
        self.report_addresses(&range);
        if self.inline.images == 0 {
            self.out().raw("<code>");
            let start = self.out().text.len();
            self.code_in_line(code, range);
            // A name without a variable may break between its words, so that the table does not scroll.
            if self.is_long_name_in_table(code) && self.out().text[start..] == *code {
                self.out().text.truncate(start);
                push_name(&mut self.out().text, code);
            }
            self.out().raw("</code>");
        }
    }

    /// Whether a name would make its column so wide that the table scrolls.
    fn is_long_name_in_table(&self, code: &str) -> bool {
        let is_name = || code.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        let in_cell = || self.open.iter().any(|open| matches!(open, OpenElement::Block(Close::Cell { .. })));
        code.len() >= LONG_NAME && is_name() && in_cell()
    }

    pub(super) fn math(&mut self, tex: &str, range: Range<usize>, placement: Placement) {
        self.capture(tex);
        // In prose with two dollar signs, a mark between them is part of the formula that the parser sees there.
        self.report_marks(range.clone());
        if self.inline.images > 0 {
            return;
        }
        match super::math::mathml(tex, placement) {
            Ok(mathml) => self.out().raw(&mathml),
            Err(message) => {
                self.report(&MARKDOWN_MATH, range, message);
                let html = format!("<code>{}</code>", escape_text(tex));
                self.out().raw(&html);
            }
        }
    }

    pub(super) fn hard_break(&mut self) {
        self.capture(" ");
        if self.inline.images == 0 {
            self.out().raw("<br>\n");
        }
    }

    /// Writes a task's checkbox and gives the list item a class.
    pub(super) fn task(&mut self, state: Task) {
        if let Some((at, _)) = self.items.last().copied() {
            self.out().insert(at, " class=\"task\"");
        }
        let (checked, key) = match state {
            Task::Done => (" checked", "body.done"),
            Task::Open => ("", "body.open"),
        };
        let label = escape_attribute(self.context.strings.say(key));
        self.out().raw(&format!("<input type=\"checkbox\" disabled{checked} aria-label=\"{label}\"> "));
    }

    pub(super) fn text(&mut self, text: &str, range: Range<usize>) {
        if let Some(verbatim) = &mut self.verbatim {
            verbatim.push(text, self.current.origin.base + range.start);
            return;
        }
        if self.inline.dropping.is_some() {
            return;
        }
        self.check_text(text, range);
        self.capture(text);
        if self.inline.images > 0 {
            return;
        }
        if self.inline.anchors == 0 && (text.contains("://") || text.contains("www.")) {
            self.text_with_urls(text);
        } else {
            self.out().text(text);
        }
    }

    /// Writes text that needs no checks, such as a line break.
    pub(super) fn text_as_it_is(&mut self, text: &str) {
        self.capture(text);
        if self.inline.images == 0 {
            self.out().text(text);
        }
    }

    /// Appends to the plain text of the current heading, image or first paragraph.
    pub(super) fn capture(&mut self, text: &str) {
        if let Some(capture) = self.inline.captures.last_mut() {
            capture.push_str(text);
        }
        if let FirstParagraph::Reading(lead) = &mut self.first_paragraph
            && self.html.len() == 1
        {
            lead.push_str(text);
        }
    }

    fn check_text(&mut self, text: &str, range: Range<usize>) {
        let written = self.current.origin.text.get(range.clone()).unwrap_or("");
        self.prose(written, &range);
        self.report_marks(range.clone());
        if let Some((at, label)) = footnote_label(written) {
            let message = format!("the footnote `{label}` is not defined");
            let at = range.start + at;
            let problem = Diagnostic::new(&MARKDOWN_FOOTNOTE, self.span(at..at + label.len() + 3), message);
            self.document.diagnostics.push(problem.help(format!("add a line `[^{label}]: …`")));
        }
        if text.contains("<!--") && written.find("<!--").is_some_and(|at| !written[..at].ends_with('\\')) {
            self.report_open_comment(range);
        }
    }

    /// Reports a comment that the parser takes for text.
    pub(super) fn report_open_comment(&mut self, range: Range<usize>) {
        let message = "this comment does not end in its paragraph, so its text would be published";
        let problem = Diagnostic::new(&HTML_COMMENT, self.span(range), message);
        let help = "end it with `-->` before the next blank line, or begin it on a line of its own";
        self.document.diagnostics.push(problem.help(help));
    }

    fn text_with_urls(&mut self, text: &str) {
        let mut from = 0;
        for range in urls(text) {
            self.out().text(&text[from..range.start]);
            from = range.end;
            let url = &text[range];
            let href = if url.starts_with("www.") { format!("https://{url}") } else { url.to_owned() };
            self.out().raw(&format!("<a href=\"{}\">{}</a>", escape_attribute(&href), escape_text(url)));
        }
        self.out().text(&text[from..]);
    }
}

/// The first footnote reference that the parser did not recognise: its offset and its label.
fn footnote_label(written: &str) -> Option<(usize, &str)> {
    let at = written.find("[^").filter(|at| !written[..*at].ends_with('\\'))?;
    let (label, _) = written[at + 2..].split_once(']')?;
    let plain = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    (!label.is_empty() && label.chars().all(plain)).then_some((at, label))
}

fn alternative(role: &LinkRole) -> Option<&str> {
    match role {
        LinkRole::Show { alt, .. } => Some(alt),
        LinkRole::Follow | LinkRole::Point | LinkRole::Play { .. } => None,
    }
}

/// Whether the text of a link is an address in the web, and the link leads to another one. The beginning of an address
/// stands for the whole.
fn is_other_address(text: &str, destination: &str) -> bool {
    let text = text.trim_matches(['`', '*', '_', ' ']).replace('\\', "");
    let (Some(text), Some(destination)) = (comparable_address(&text), comparable_address(destination)) else {
        return false;
    };
    // Encoded characters have several spellings.
    !text.contains('%') && !destination.contains('%') && !destination.starts_with(&text)
}

/// An address in the web without what makes no difference to readers; `None` for another text.
fn comparable_address(text: &str) -> Option<String> {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"))?;
    if rest.contains(char::is_whitespace) {
        return None;
    }
    let shown = rest.trim_end_matches(['/', '.', '…']).replace("&amp;", "&").to_lowercase();
    Some(shown.strip_prefix("www.").map_or(shown.clone(), str::to_owned))
}
