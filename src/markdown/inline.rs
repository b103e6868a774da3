//! Inline content: text, code, links, images, formulas, bare URLs.
//!
//! Owns the mark-up of each, and where a bare URL begins and ends. What an inside link leads to is a hole.

use std::ops::Range;

use pulldown_cmark::{LinkType, Tag};

use super::escape::{escape_attribute, escape_text};
use super::math::Placement;
use super::url::{Reference, classify};
use super::writer::{Close, Lead, Verbatim, Writer};
use super::{Fill, Link, Role};
use crate::diagnostic::Diagnostic;
use crate::rules::{HTML_COMMENT, IMAGE_EXTERNAL, LINK_INVALID, MARKDOWN_FOOTNOTE, MARKDOWN_MATH};
use crate::source::Span;

/// The state of a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Task {
    Open,
    Done,
}

impl Writer<'_> {
    pub(super) fn start_inline(&mut self, tag: Tag<'_>, range: Range<usize>) -> Close {
        if let Tag::Image { title, dest_url, .. } | Tag::Link { title, dest_url, .. } = &tag {
            self.report_marks_in_link(&[title, dest_url], &range);
        }
        match tag {
            Tag::Image { dest_url, title, .. } => {
                self.images += 1;
                self.captures.push(String::new());
                let span = self.span(range);
                Close::Image { destination: dest_url.to_string(), title: title.to_string(), span }
            }
            _ if self.images > 0 => Close::Quiet,
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
        if self.anchors > 0 {
            return Close::Quiet;
        }
        let link = match classify(destination) {
            Reference::Refused => {
                self.report_refused(destination, range);
                return Close::Quiet;
            }
            Reference::Outside(url) => {
                self.out().raw("<a");
                self.out().attribute("href", &url);
                None
            }
            Reference::Inside(path) => {
                let span = self.span(range);
                let link = self.add_link(path.into_owned(), span, Role::Follow);
                self.out().hole(Fill::Open(link));
                Some(link)
            }
        };
        if !title.is_empty() {
            self.out().attribute("title", title);
        }
        self.out().raw(">");
        self.anchors += 1;
        Close::Link(link)
    }

    pub(super) fn end_link(&mut self, link: Option<u32>) {
        self.anchors -= 1;
        match link {
            Some(link) => self.out().hole(Fill::Close(link)),
            None => self.out().raw("</a>"),
        }
    }

    pub(super) fn report_refused(&mut self, destination: &str, range: Range<usize>) {
        let problem = Diagnostic::new(
            &LINK_INVALID,
            self.span(range),
            format!("`{destination}` is not a URL that readers may follow"),
        );
        self.diagnostics.push(problem.help("use http, https, mailto or a path in the handbook"));
    }

    /// Registers a link for `site` to resolve.
    pub(super) fn add_link(&mut self, destination: String, span: Span, role: Role) -> u32 {
        self.links.push(Link { destination, span, role });
        let link = u32::try_from(self.links.len() - 1).expect("a page has far fewer links");
        self.patch_link(link);
        link
    }

    pub(super) fn end_image(&mut self, destination: &str, title: &str, span: Span) {
        self.images -= 1;
        let alt = self.captures.pop().unwrap_or_default();
        if self.images > 0 {
            self.capture(&alt);
            return;
        }
        let place = |offset: u32| (offset as usize).saturating_sub(self.origin.base);
        let mut sizes = self.sizes.range(place(span.start)..place(span.end));
        let (width, height) = sizes.next().map_or((None, None), |(_, size)| *size);
        let role = Role::Show { alt, title: title.to_owned(), width, height };
        self.image(destination, role, span);
    }

    /// Writes an image of the handbook, or a link to one that lies elsewhere: a page asks no other host.
    pub(super) fn image(&mut self, destination: &str, role: Role, span: Span) {
        match classify(destination) {
            Reference::Inside(path) => {
                let link = self.add_link(path.into_owned(), span, role);
                self.out().hole(Fill::Image(link));
            }
            Reference::Outside(url) => {
                let message = format!("the image `{url}` lies on another host and is shown as a link");
                let problem = Diagnostic::new(&IMAGE_EXTERNAL, span, message);
                self.diagnostics.push(problem.help("put a copy of the image beside the page"));
                let alt = alternative(&role).filter(|alt| !alt.is_empty()).unwrap_or(&url);
                let alt = escape_text(alt);
                let html = if self.anchors > 0 {
                    alt
                } else {
                    format!("<a href=\"{}\">{alt}</a>", escape_attribute(&url))
                };
                self.out().raw(&html);
            }
            Reference::Refused => {
                let message = format!("`{destination}` is not a file that can be shown");
                self.diagnostics.push(Diagnostic::new(&LINK_INVALID, span, message));
                let alt = alternative(&role).unwrap_or("").to_owned();
                self.out().text(&alt);
            }
        }
    }

    pub(super) fn inline_code(&mut self, code: &str, range: Range<usize>) {
        if self.dropping.is_some() {
            return;
        }
        self.capture(code);
        if self.images == 0 {
            self.out().raw("<code>");
            self.code_in_line(code, range);
            self.out().raw("</code>");
        }
    }

    pub(super) fn math(&mut self, tex: &str, range: Range<usize>, placement: Placement) {
        self.capture(tex);
        if self.images > 0 {
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
        if self.images == 0 {
            self.out().raw("<br>\n");
        }
    }

    /// A task's box; the item gets a class.
    pub(super) fn task(&mut self, state: Task) {
        if let Some((at, _)) = self.items.last().copied() {
            self.out().insert(at, " class=\"task\"");
        }
        let (checked, key) = match state {
            Task::Done => (" checked", "body.done"),
            Task::Open => ("", "body.open"),
        };
        let label = escape_attribute(self.environment.strings.say(key));
        self.out().raw(&format!("<input type=\"checkbox\" disabled{checked} aria-label=\"{label}\"> "));
    }

    pub(super) fn text(&mut self, text: &str, range: Range<usize>) {
        if let Some(verbatim) = &mut self.verbatim {
            verbatim.push(text, self.origin.base + range.start);
            return;
        }
        if self.dropping.is_some() {
            return;
        }
        self.check_text(text, range);
        self.capture(text);
        if self.images > 0 {
            return;
        }
        if self.anchors == 0 && (text.contains("://") || text.contains("www.")) {
            self.text_with_urls(text);
        } else {
            self.out().text(text);
        }
    }

    /// Text that holds nothing to look at, such as a line break.
    pub(super) fn text_as_it_is(&mut self, text: &str) {
        self.capture(text);
        if self.images == 0 {
            self.out().text(text);
        }
    }

    /// Adds to the plain text of the heading, image or lead that is being read.
    pub(super) fn capture(&mut self, text: &str) {
        if let Some(capture) = self.captures.last_mut() {
            capture.push_str(text);
        }
        if let Lead::Reading(lead) = &mut self.lead
            && self.html.len() == 1
        {
            lead.push_str(text);
        }
    }

    fn check_text(&mut self, text: &str, range: Range<usize>) {
        let written = self.origin.text.get(range.clone()).unwrap_or("");
        self.prose(written, &range);
        self.report_marks(range.clone());
        if let Some((at, label)) = footnote_label(written) {
            let message = format!("the footnote `{label}` is not defined");
            let at = range.start + at;
            let problem = Diagnostic::new(&MARKDOWN_FOOTNOTE, self.span(at..at + label.len() + 3), message);
            self.diagnostics.push(problem.help(format!("add a line `[^{label}]: …`")));
        }
        if text.contains("<!--") && written.find("<!--").is_some_and(|at| !written[..at].ends_with('\\')) {
            let message = "this comment does not end in its paragraph, so its text would be published";
            let problem = Diagnostic::new(&HTML_COMMENT, self.span(range), message);
            self.diagnostics.push(
                problem
                    .help("end it with `-->` before the next blank line, or begin it on a line of its own"),
            );
        }
    }

    fn text_with_urls(&mut self, text: &str) {
        let mut rest = text;
        while let Some(range) = next_url(rest) {
            let url = &rest[range.clone()];
            let before = &rest[..range.start];
            self.out().text(before);
            let href = if url.starts_with("www.") { format!("https://{url}") } else { url.to_owned() };
            self.out().raw(&format!("<a href=\"{}\">{}</a>", escape_attribute(&href), escape_text(url)));
            rest = &rest[range.end..];
        }
        self.out().text(rest);
    }
}

impl Verbatim {
    /// Adds a line that stands at byte `place` of its file.
    pub(super) fn push(&mut self, text: &str, place: usize) {
        self.places.push((self.text.len(), place));
        self.text.push_str(text);
    }
}

/// Where a reference to a footnote stands that the parser did not find, and its label.
fn footnote_label(written: &str) -> Option<(usize, &str)> {
    let at = written.find("[^").filter(|at| !written[..*at].ends_with('\\'))?;
    let (label, _) = written[at + 2..].split_once(']')?;
    let plain = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    (!label.is_empty() && label.chars().all(plain)).then_some((at, label))
}

fn alternative(role: &Role) -> Option<&str> {
    match role {
        Role::Show { alt, .. } => Some(alt),
        Role::Follow | Role::Point => None,
    }
}

/// Where bare URLs stand.
pub(super) fn urls(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let url = next_url(&text[at..])?;
        let url = at + url.start..at + url.end;
        at = url.end;
        Some(url)
    })
}

/// Where the next bare URL stands (GFM's extended autolinks: `http://`, `https://`, `www.`).
pub(super) fn next_url(text: &str) -> Option<Range<usize>> {
    let mut from = 0;
    loop {
        let start = ["https://", "http://", "www."].iter().filter_map(|s| text[from..].find(s)).min()? + from;
        let free = !text[..start].ends_with(|c: char| c.is_ascii_alphanumeric() || "/@.-_".contains(c));
        let end = start + url_length(&text[start..]);
        let host = text[start..end].split_once("://").map_or(&text[start..end], |(_, rest)| rest);
        if free && host.len() > 4 && host.contains('.') | host.starts_with("localhost") {
            return Some(start..end);
        }
        from = (start + 4).min(text.len());
    }
}

/// How far a URL reaches: to a blank, `<` or East Asian text, without closing punctuation.
fn url_length(text: &str) -> usize {
    let stop = |c: char| {
        c.is_whitespace()
            || c == '<'
            || ('\u{3000}'..='\u{9fff}').contains(&c)
            || ('\u{ac00}'..='\u{d7a3}').contains(&c)
            || ('\u{ff00}'..='\u{ffef}').contains(&c)
    };
    let mut url = &text[..text.find(stop).unwrap_or(text.len())];
    loop {
        let shorter = url.trim_end_matches(|c: char| "?!.,:*_~'\";”“’".contains(c));
        let unopened = shorter.ends_with(')') && shorter.matches(')').count() > shorter.matches('(').count();
        let shorter = if unopened { &shorter[..shorter.len() - 1] } else { shorter };
        if shorter.len() == url.len() {
            return url.len();
        }
        url = shorter;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn urls(text: &str) -> Vec<&str> {
        let mut found = Vec::new();
        let mut rest = text;
        while let Some(range) = next_url(rest) {
            found.push(&rest[range.clone()]);
            rest = &rest[range.end..];
        }
        found
    }

    #[test]
    fn bare_urls_end_before_punctuation() {
        assert_eq!(urls("See https://a.example/x. Then"), ["https://a.example/x"]);
        assert_eq!(urls("(https://a.example/x_(y))"), ["https://a.example/x_(y)"]);
        assert_eq!(urls("www.example.org, http://b.example"), ["www.example.org", "http://b.example"]);
        assert_eq!(urls("https://a.example/xを参照"), ["https://a.example/x"]);
        assert_eq!(urls("xhttps://a.example https:// www."), Vec::<&str>::new());
    }
}
