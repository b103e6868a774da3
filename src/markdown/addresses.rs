//! Finds every address that an author wrote in a text, with its exact range.
//!
//! Owns the way from the parser's events to the bytes of an address, for commands that change addresses in place, and
//! how an address is escaped in each syntax. Reads the text as it was written, with all hidden parts. Must not know
//! where an address leads.
//!
//! ```text
//! [a](b.md "title")   [a]: <b c.md>   <img src="b.png">   ::include b.md#part   click node "b.md"
//!     ^^^^                  ^^^^^^               ^^^^^              ^^^^^^^^^               ^^^^
//! ```

use std::collections::BTreeMap;
use std::ops::Range;

use html5ever::tokenizer::TagKind;
use pulldown_cmark::{CodeBlockKind, Event, LinkType, Parser, Tag, TagEnd};

use super::code::FenceInfo;
use super::diagrams;
use super::directives::DirectiveLine;
use super::html_pieces::{HtmlPiece, pieces, tokens};
use super::notes::Flavor;
use super::open_elements::VerbatimText;
use super::syntax::{Extensions, ParsedText, Syntax};
use super::tags;
use super::url::{Reference, classify};
use crate::path;
use crate::source::Source;

/// An address as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenAddress {
    /// The address, with entities and escapes decoded.
    pub destination: String,
    /// Its range in the text, without brackets and quotes. Where the syntax is unclear, the range of the link.
    pub range: Range<usize>,
    pub syntax: AddressSyntax,
}

/// The syntax around an address, which decides what must be escaped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressSyntax {
    /// In the parentheses of a link, or in a reference definition.
    Bare,
    /// In angle brackets.
    Angle,
    /// In angle brackets that are the whole link: `<https://example.org/>`.
    Autolink,
    /// The value of an HTML attribute, with its quotation mark if it has one.
    Attribute(Option<char>),
    /// After `::include`.
    Include,
    /// In quotes after `click`, in a diagram.
    Diagram,
    /// Written in a way whose range is not known: it cannot be changed in place.
    Unclear,
}

impl AddressSyntax {
    /// An address as it is written in this syntax. Characters that would end it are percent-encoded.
    pub fn written(self, address: &str) -> String {
        let ends = match self {
            AddressSyntax::Bare => " ()<>[]\"'`|\\",
            AddressSyntax::Angle | AddressSyntax::Autolink => "<>|\\",
            AddressSyntax::Attribute(Some(_)) => "\"'<>|",
            AddressSyntax::Attribute(None) => " \"'<>=`|",
            AddressSyntax::Diagram => "\"\\",
            AddressSyntax::Include | AddressSyntax::Unclear => return address.to_owned(),
        };
        let mut written = String::with_capacity(address.len());
        for character in address.chars() {
            match character {
                '&' if !self.is_verbatim() => written.push_str("&amp;"),
                ' ' if ends.contains(' ') || self == AddressSyntax::Autolink => written.push_str("%20"),
                '=' if ends.contains('=') => written.push_str("%3D"),
                '(' | ')' | '\'' if ends.contains(character) => {
                    written.push_str(&format!("%{:02X}", u32::from(character)));
                }
                _ if ends.contains(character) || character.is_control() => {
                    written.push_str(&path::encode(character.encode_utf8(&mut [0; 4])));
                }
                _ => written.push(character),
            }
        }
        written
    }

    /// Whether entities stand for themselves.
    fn is_verbatim(self) -> bool {
        matches!(self, AddressSyntax::Diagram | AddressSyntax::Autolink)
    }
}

/// Every address in a text, in order. Addresses in comments and in front matter are not among them.
pub fn addresses(source: &Source, extensions: Extensions, flavor: Flavor) -> Vec<WrittenAddress> {
    let mut finder = AddressFinder { text: &source.text, base: 0, found: Vec::new() };
    match source.dialect {
        None if matches!(source.path.extension().as_str(), "mmd" | "mermaid") => {
            finder.diagram(&source.text, |offset| offset);
        }
        None => {}
        Some(dialect) => {
            finder.base = super::front::split(&source.text).body;
            let body = &source.text[finder.base..];
            // What has too many parts is reported when its page is written. A page that is not written has no links.
            let _ = Syntax { dialect, flavor, extensions }.parse(body, |parsed| finder.markdown(&parsed));
        }
    }
    let mut found = finder.found;
    found.sort_by_key(|address| (address.range.start, address.range.end));
    found.dedup_by(|one, other| one.range == other.range);
    found
}

/// The address of a link with this destination inside the handbook. `span` is that of the link alone. `None` if the link
/// does not contain its address, as `[text][label]`, or contains it in a form that cannot be changed in place.
pub fn address_of_link(source: &Source, span: Range<usize>, destination: &str) -> Option<WrittenAddress> {
    let link = source.text.get(span.clone())?;
    let mut finder = AddressFinder { text: link, base: 0, found: Vec::new() };
    let extensions = Extensions { math: false, smart_punctuation: false };
    let syntax = Syntax { dialect: source.dialect?, flavor: Flavor::Plain, extensions };
    syntax.parse(link, |parsed| finder.markdown(&parsed)).ok()?;
    let is_it = |address: &WrittenAddress| match classify(&address.destination) {
        Reference::Inside(path) => path == destination && address.syntax != AddressSyntax::Unclear,
        Reference::Outside(_) | Reference::Refused => false,
    };
    let mut found = finder.found.into_iter().filter(is_it);
    let mut address = found.next().filter(|_| found.next().is_none())?;
    address.range = address.range.start + span.start..address.range.end + span.start;
    Some(address)
}

/// Collects the addresses of one text.
struct AddressFinder<'t> {
    /// The text of the whole file.
    text: &'t str,
    /// Where the Markdown begins. Ranges of the parser are relative to it.
    base: usize,
    found: Vec<WrittenAddress>,
}

/// A link or an image that is not closed yet.
struct OpenLink {
    link_type: LinkType,
    destination: String,
    /// The end of its text, as far as events have shown it.
    text_end: usize,
}

impl AddressFinder<'_> {
    fn markdown(&mut self, parsed: &ParsedText<'_>) {
        let mut open: Vec<OpenLink> = Vec::new();
        let mut verbatim: Option<VerbatimText> = None;
        let mut is_diagram = false;
        for (event, range) in &parsed.events {
            if let Event::End(TagEnd::Link | TagEnd::Image) = event
                && let Some(link) = open.pop()
            {
                self.link(&link, range.clone());
            }
            for link in &mut open {
                link.text_end = link.text_end.max(range.end);
            }
            match event {
                Event::Start(
                    Tag::Link { link_type, dest_url, .. } | Tag::Image { link_type, dest_url, .. },
                ) => {
                    let marks = if matches!(event, Event::Start(Tag::Image { .. })) { 2 } else { 1 };
                    let (link_type, destination) = (*link_type, dest_url.to_string());
                    open.push(OpenLink { link_type, destination, text_end: range.start + marks });
                }
                Event::Start(Tag::HtmlBlock) => verbatim = Some(VerbatimText::default()),
                Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                    is_diagram = FenceInfo::parse(info).language == "mermaid";
                    verbatim = is_diagram.then(VerbatimText::default);
                }
                Event::Html(text) | Event::Text(text) => {
                    if let Some(block) = &mut verbatim {
                        block.push(text, self.base + range.start);
                    }
                }
                Event::End(TagEnd::HtmlBlock) => {
                    let block = verbatim.take().unwrap_or_default();
                    self.html(&block.text, |offset| block.place(offset));
                }
                Event::End(TagEnd::CodeBlock) => {
                    if let Some(block) = verbatim.take().filter(|_| is_diagram) {
                        self.diagram(&block.text, |offset| block.place(offset));
                    }
                }
                Event::InlineHtml(html) => {
                    let start = self.base + range.start;
                    self.html(html, |offset| start + offset);
                }
                _ => {}
            }
        }
        parsed.definitions.values().for_each(|link| self.definition(&link.destination, link.span.clone()));
        self.directives(&parsed.extras.directives);
    }

    fn directives(&mut self, lines: &BTreeMap<usize, DirectiveLine>) {
        for line in lines.values() {
            match line {
                DirectiveLine::Include { reference } => {
                    let range = self.base + reference.start..self.base + reference.end;
                    let destination = self.text[range.clone()].to_owned();
                    let syntax = AddressSyntax::Include;
                    self.found.push(WrittenAddress { destination, range, syntax });
                }
                DirectiveLine::Component { tag } => {
                    let (text, start) = (self.text, self.base + tag.start);
                    self.html(&text[start..self.base + tag.end], |offset| start + offset);
                }
                DirectiveLine::Open { .. } | DirectiveLine::Close { .. } | DirectiveLine::Comment => {}
            }
        }
    }

    fn link(&mut self, link: &OpenLink, range: Range<usize>) {
        if link.link_type == LinkType::Autolink {
            let range = self.base + range.start + "<".len()..self.base + range.end - ">".len();
            if self.text.get(range.clone()) == Some(link.destination.as_str()) {
                let (destination, syntax) = (link.destination.clone(), AddressSyntax::Autolink);
                self.found.push(WrittenAddress { destination, range, syntax });
            }
            return;
        }
        // The address of a reference stands in its definition, and e-mail addresses lead elsewhere.
        if link.link_type != LinkType::Inline {
            return;
        }
        let (whole, text_end) = (self.base + range.start..self.base + range.end, self.base + link.text_end);
        let begins = self.text[text_end.min(whole.end)..whole.end].find("](");
        let start = begins.map(|offset| text_end + offset + "](".len());
        self.markdown_address(&link.destination, start, whole);
    }

    fn definition(&mut self, destination: &str, span: Range<usize>) {
        let whole = self.base + span.start..self.base + span.end;
        let written = &self.text[whole.clone()];
        let label_end = written.match_indices("]:").find(|(at, _)| !written[..*at].ends_with('\\'));
        let start = label_end.map(|(at, _)| whole.start + at + "]:".len());
        self.markdown_address(destination, start, whole);
    }

    /// Adds the address that begins after whitespace at `start`.
    fn markdown_address(&mut self, destination: &str, start: Option<usize>, whole: Range<usize>) {
        if destination.is_empty() {
            return;
        }
        let located = start.and_then(|start| {
            let rest = &self.text[start..whole.end];
            let at = start + rest.len() - rest.trim_start_matches([' ', '\t', '\n']).len();
            let (range, syntax) = markdown_range(&self.text[at..whole.end])?;
            let range = at + range.start..at + range.end;
            let written = &self.text[range.clone()];
            let means_it = written == destination || decoded(written, syntax).as_deref() == Some(destination);
            means_it.then_some((range, syntax))
        });
        let (range, syntax) = located.unwrap_or((whole, AddressSyntax::Unclear));
        self.found.push(WrittenAddress { destination: destination.to_owned(), range, syntax });
    }

    /// Adds the addresses in the tags of raw HTML. `place` converts its offsets to offsets of the file.
    fn html(&mut self, html: &str, place: impl Fn(usize) -> usize) {
        for (piece, range) in pieces(html) {
            if piece != HtmlPiece::Tag {
                continue;
            }
            let written = &html[range.clone()];
            let Some(tag) = tokens(written).tag.filter(|tag| tag.kind == TagKind::StartTag) else { continue };
            let values = attribute_values(written);
            for attribute in tag.attrs.iter().filter(|attribute| tags::is_address(&attribute.name.local)) {
                let destination = attribute.value.to_string();
                let value = values.iter().find(|value| value.name == *attribute.name.local);
                let located = value.and_then(|value| {
                    let at = place(range.start + value.range.start);
                    let range = at..at + value.range.len();
                    let is_it = self.text.get(range.clone()) == Some(&written[value.range.clone()]);
                    is_it.then_some((range, AddressSyntax::Attribute(value.quote)))
                });
                let whole = || (place(range.start)..place(range.end - 1) + 1, AddressSyntax::Unclear);
                let (range, syntax) = located.unwrap_or_else(whole);
                self.found.push(WrittenAddress { destination, range, syntax });
            }
        }
    }

    fn diagram(&mut self, source: &str, place: impl Fn(usize) -> usize) {
        for range in diagrams::destinations(source) {
            let destination = source[range.clone()].to_owned();
            let at = place(range.start);
            let written = at..at + range.len();
            let is_it = self.text.get(written.clone()) == Some(destination.as_str());
            let syntax = if is_it { AddressSyntax::Diagram } else { AddressSyntax::Unclear };
            self.found.push(WrittenAddress { destination, range: written, syntax });
        }
    }
}

/// The range of the destination that a text begins with, as CommonMark delimits it.
fn markdown_range(text: &str) -> Option<(Range<usize>, AddressSyntax)> {
    let is_angle = text.starts_with('<');
    let (mut depth, mut is_escaped) = (0_usize, false);
    for (at, character) in text.char_indices().skip(usize::from(is_angle)) {
        match character {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '\n' | '<' if is_angle => return None,
            '>' if is_angle => return Some((1..at, AddressSyntax::Angle)),
            _ if is_angle => {}
            '(' => depth += 1,
            ')' if depth > 0 => depth -= 1,
            ')' => return Some((0..at, AddressSyntax::Bare)),
            ' ' => return Some((0..at, AddressSyntax::Bare)),
            _ if character.is_ascii_control() => return Some((0..at, AddressSyntax::Bare)),
            _ => {}
        }
    }
    (!is_angle).then_some((0..text.len(), AddressSyntax::Bare))
}

/// The destination that the parser reads in a written one.
fn decoded(written: &str, syntax: AddressSyntax) -> Option<String> {
    let text = match syntax {
        AddressSyntax::Angle => format!("[x](<{written}>)"),
        _ => format!("[x]({written})"),
    };
    Parser::new(&text).find_map(|event| match event {
        Event::Start(Tag::Link { dest_url, .. }) => Some(dest_url.to_string()),
        _ => None,
    })
}

/// The value of an attribute as it is written in a tag.
struct AttributeValue {
    /// In lower case.
    name: String,
    range: Range<usize>,
    quote: Option<char>,
}

/// The attributes of a tag that have values, as the HTML standard delimits them.
fn attribute_values(tag: &str) -> Vec<AttributeValue> {
    let mut values = Vec::new();
    let is_space = |byte: u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0c);
    let bytes = tag.as_bytes();
    let skip = |mut at: usize, skipped: &dyn Fn(u8) -> bool| {
        while at < bytes.len() && skipped(bytes[at]) {
            at += 1;
        }
        at
    };
    let mut at = skip(1, &|byte| !is_space(byte) && byte != b'/' && byte != b'>');
    loop {
        at = skip(at, &|byte| is_space(byte) || byte == b'/');
        if at >= bytes.len() || bytes[at] == b'>' {
            return values;
        }
        // An equals sign at the beginning is part of the name.
        let end = skip(at + 1, &|byte| !is_space(byte) && !b"/>=".contains(&byte));
        let name = tag.get(at..end).unwrap_or_default().to_ascii_lowercase();
        at = skip(end, &is_space);
        if at >= bytes.len() || bytes[at] != b'=' {
            continue;
        }
        at = skip(at + 1, &is_space);
        let quote = bytes.get(at).copied().filter(|byte| matches!(byte, b'"' | b'\''));
        let (range, next) = match quote {
            Some(quote) => {
                let end = skip(at + 1, &|byte| byte != quote);
                (at + 1..end, end + 1)
            }
            None => {
                let end = skip(at, &|byte| !is_space(byte) && byte != b'>');
                (at..end, end)
            }
        };
        at = next;
        if tag.get(range.clone()).is_some() {
            values.push(AttributeValue { name, range, quote: quote.map(char::from) });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::path::FilePath;

    const EXTENSIONS: Extensions = Extensions { math: false, smart_punctuation: false };

    fn found(text: &str) -> Vec<(String, String, AddressSyntax)> {
        let source = Source::new(FilePath::new("content/a.md").unwrap(), text);
        let found = addresses(&source, EXTENSIONS, Flavor::Plain);
        let written =
            |address: WrittenAddress| (text[address.range].to_owned(), address.destination, address.syntax);
        found.into_iter().map(written).collect()
    }

    #[test]
    fn every_syntax_of_an_address_has_its_exact_range() {
        use AddressSyntax::{Angle, Attribute, Autolink, Bare, Diagram, Include};
        for (text, written, destination, syntax) in [
            ("See [*a*](b.md).\n", "b.md", "b.md", Bare),
            ("![a](  b.png \"t\")\n", "b.png", "b.png", Bare),
            ("[a](<b c.md#d> 't')\n", "b c.md#d", "b c.md#d", Angle),
            ("[a](b_(c).md)\n", "b_(c).md", "b_(c).md", Bare),
            ("[a](b\\_c&amp;d.md)\n", "b\\_c&amp;d.md", "b_c&d.md", Bare),
            ("[](b.md)\n", "b.md", "b.md", Bare),
            ("[a `](x)` b](c.md)\n", "c.md", "c.md", Bare),
            (
                "See <https://example.org/a?b=1&c=ü>.\n",
                "https://example.org/a?b=1&c=ü",
                "https://example.org/a?b=1&c=ü",
                Autolink,
            ),
            ("[x]\n\n[x]: b.md 'T'\n", "b.md", "b.md", Bare),
            ("[never used]: <b.md>\n", "b.md", "b.md", Angle),
            ("> - [a](b.md)\n", "b.md", "b.md", Bare),
            ("<img alt=x src='b.png'>\n", "b.png", "b.png", Attribute(Some('\''))),
            ("text <a HREF=b.md>b</a>\n", "b.md", "b.md", Attribute(None)),
            ("<a\n  href=\"b&amp;c.md\">\n\nx\n\n</a>\n", "b&amp;c.md", "b&c.md", Attribute(Some('"'))),
            ("::include b.md#c\n", "b.md#c", "b.md#c", Include),
            ("```mermaid\nflowchart LR\n  click A \"b.md\" \"T\"\n```\n", "b.md", "b.md", Diagram),
            ("> ```mermaid\n> click A href \"b.md\"\n> ```\n", "b.md", "b.md", Diagram),
            ("---\ntitle: x\n---\n[ä](ö.md)\n", "ö.md", "ö.md", Bare),
        ] {
            assert_eq!(found(text), [(written.to_owned(), destination.to_owned(), syntax)], "{text}");
        }
        let nested = found("[![a](b.png)](c.md)\n");
        assert_eq!(
            nested.iter().map(|(written, ..)| written.as_str()).collect::<Vec<_>>(),
            ["b.png", "c.md"]
        );
    }

    #[test]
    fn code_and_comments_have_no_address() {
        for text in [
            "`[a](b.md)`\n",
            "    [a](b.md)\n",
            "<!-- [a](b.md) <a href=b.md> -->\n",
            "```\n::include b\n```\n",
            "`<https://example.org/>`\n",
            "<ops@example.org>\n",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }

    #[test]
    fn a_written_address_is_read_as_the_same() {
        for address in
            ["a b.md", "a(b.md", "a'\"b.md", "a|b.md", "a&amp;b.md", "ü/[x].md", "a=b.md", "x.md?a=b&c#d"]
        {
            for (before, syntax, after) in [
                ("[x](", AddressSyntax::Bare, ")"),
                ("[x](<", AddressSyntax::Angle, ">)"),
                ("x <a href=\"", AddressSyntax::Attribute(Some('"')), "\">x</a>"),
                ("x <a href=", AddressSyntax::Attribute(None), ">x</a>"),
                ("[x]: ", AddressSyntax::Bare, ""),
            ] {
                let text = format!("{before}{}{after}\n", syntax.written(address));
                let read: Vec<String> =
                    found(&text).iter().map(|(_, read, _)| path::decode(read).into_owned()).collect();
                assert_eq!(read, [address], "{text}");
            }
        }
    }
}
