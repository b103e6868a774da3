//! XML as a list of tokens that are slices of the text, so that the tokens that stay are copied byte by byte.
//!
//! Owns the split of a text into tags, texts, comments and so on. It is strict where browsers are: markup that they
//! refuse to show ends the list. Knows no names of elements or attributes.

use crate::entities;

/// One piece of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum XmlToken<'a> {
    /// Text between tags, with its references not decoded.
    Text(&'a str),
    /// The content of `<![CDATA[…]]>`.
    Data(&'a str),
    Open(Tag<'a>),
    /// The name in a closing tag.
    Close(&'a str),
    Comment,
    /// A processing instruction or the XML declaration: the text between `<?` and `?>`.
    Instruction(&'a str),
    Doctype,
}

/// An opening tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tag<'a> {
    pub name: &'a str,
    /// The text between the name and the end of the tag.
    attributes: &'a str,
    /// Whether it closes itself.
    pub closed: bool,
}

/// An attribute. Its value is the text between the quotes, with its references not decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Attribute<'a> {
    pub name: &'a str,
    pub value: &'a str,
    pub quote: char,
}

/// Iterates over the tokens of a text. The item `None` is an error and the last one.
pub(super) struct XmlTokens<'a> {
    rest: &'a str,
}

impl<'a> XmlTokens<'a> {
    pub fn new(text: &'a str) -> XmlTokens<'a> {
        XmlTokens { rest: text }
    }

    /// The text after the last token.
    pub fn rest(&self) -> &'a str {
        self.rest
    }

    fn token(&mut self) -> Option<XmlToken<'a>> {
        let Some(markup) = self.rest.strip_prefix('<') else {
            let end = self.rest.find('<').unwrap_or(self.rest.len());
            return Some(XmlToken::Text(self.cut(end, 0)));
        };
        self.rest = markup;
        if let Some(rest) = markup.strip_prefix("!--") {
            self.rest = rest;
            self.until("-->")?;
            return Some(XmlToken::Comment);
        }
        if let Some(rest) = markup.strip_prefix("![CDATA[") {
            self.rest = rest;
            return Some(XmlToken::Data(self.until("]]>")?));
        }
        if let Some(rest) = markup.strip_prefix('?') {
            self.rest = rest;
            return Some(XmlToken::Instruction(self.until("?>")?));
        }
        if markup.starts_with('!') {
            return self.doctype();
        }
        if let Some(rest) = markup.strip_prefix('/') {
            self.rest = rest;
            let name = self.until(">")?.trim_end();
            return is_name(name).then_some(XmlToken::Close(name));
        }
        self.tag()
    }

    /// Takes the next `end` bytes, and skips `over` more.
    fn cut(&mut self, end: usize, over: usize) -> &'a str {
        let (text, rest) = self.rest.split_at(end);
        self.rest = &rest[over..];
        text
    }

    fn until(&mut self, end: &str) -> Option<&'a str> {
        let at = self.rest.find(end)?;
        Some(self.cut(at, end.len()))
    }

    /// Skips a document type. Its internal subset contains declarations with brackets of their own.
    fn doctype(&mut self) -> Option<XmlToken<'a>> {
        let (mut depth, mut quote) = (1usize, None);
        for (at, byte) in self.rest.bytes().enumerate() {
            match (byte, quote) {
                (b'"' | b'\'', None) => quote = Some(byte),
                (_, Some(open)) if byte == open => quote = None,
                (b'<', None) => depth += 1,
                (b'>', None) if depth == 1 => {
                    self.cut(at, 1);
                    return Some(XmlToken::Doctype);
                }
                (b'>', None) => depth -= 1,
                _ => {}
            }
        }
        None
    }

    fn tag(&mut self) -> Option<XmlToken<'a>> {
        // A `>` within a quoted value does not end the tag.
        let mut quote = None;
        let end = self.rest.bytes().position(|byte| {
            match (byte, quote) {
                (b'"' | b'\'', None) => quote = Some(byte),
                (_, Some(open)) if byte == open => quote = None,
                (b'>', None) => return true,
                _ => {}
            }
            false
        })?;
        let inner = self.cut(end, 1);
        let (inner, closed) = inner.strip_suffix('/').map_or((inner, false), |inner| (inner, true));
        let (name, attributes) = inner.split_at(inner.find(char::is_whitespace).unwrap_or(inner.len()));
        is_name(name).then_some(XmlToken::Open(Tag { name, attributes, closed }))
    }
}

impl<'a> Iterator for XmlTokens<'a> {
    type Item = Option<XmlToken<'a>>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let token = self.token();
        if token.is_none() {
            self.rest = "";
        }
        Some(token)
    }
}

impl<'a> Tag<'a> {
    /// The attributes, in order. The item `None` is an error and the last one.
    pub fn attributes(&self) -> impl Iterator<Item = Option<Attribute<'a>>> + use<'a> {
        let mut rest = self.attributes.trim_ascii();
        std::iter::from_fn(move || {
            if rest.is_empty() {
                return None;
            }
            let attribute = attribute(&mut rest);
            if attribute.is_none() {
                rest = "";
            }
            Some(attribute)
        })
    }
}

fn attribute<'a>(rest: &mut &'a str) -> Option<Attribute<'a>> {
    let (name, value) = rest.split_once('=')?;
    let value = value.trim_ascii_start();
    let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    let (value, after) = value[1..].split_once(quote)?;
    let sound = after.is_empty() || after.starts_with(|c: char| c.is_ascii_whitespace());
    *rest = after.trim_ascii_start();
    let name = name.trim_ascii_end();
    (sound && is_name(name) && !value.contains('<')).then_some(Attribute { name, value, quote })
}

fn is_name(name: &str) -> bool {
    let plain =
        |c: char| c.is_alphanumeric() || matches!(c, '_' | ':' | '-' | '.' | '\u{B7}') || !c.is_ascii();
    name.starts_with(|c: char| c.is_alphabetic() || matches!(c, '_' | ':')) && name.chars().all(plain)
}

/// Escapes text for the position between tags.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

/// The first reference that XML does not define; only a document type can define it. A bare `&` counts as one.
pub(super) fn unknown_reference(text: &str) -> Option<&str> {
    text.match_indices('&').map(|(at, _)| &text[at..]).find_map(|from| {
        let end = from.bytes().take(13).position(|byte| byte == b';');
        match end {
            Some(end) if entities::xml(&from[1..end]).is_some() => None,
            Some(end) => Some(&from[..=end]),
            None => Some("&"),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_falls_into_its_pieces() {
        let text = "<?xml v?><!DOCTYPE a [<!ENTITY b '>'>]><a x = '1>' y=\"2\"><!-- > --><![CDATA[<]]>t</a >";
        let tokens: Vec<_> = XmlTokens::new(text).map(Option::unwrap).collect();
        assert_eq!(tokens[..2], [XmlToken::Instruction("xml v"), XmlToken::Doctype]);
        let XmlToken::Open(tag) = tokens[2] else { panic!("{tokens:?}") };
        let attributes: Vec<_> = tag.attributes().map(Option::unwrap).map(|a| (a.name, a.value)).collect();
        assert_eq!((tag.name, attributes), ("a", vec![("x", "1>"), ("y", "2")]));
        assert_eq!(
            tokens[3..],
            [XmlToken::Comment, XmlToken::Data("<"), XmlToken::Text("t"), XmlToken::Close("a")]
        );
    }

    #[test]
    fn what_browsers_refuse_ends_the_list() {
        for wrong in ["<a", "<!-- ", "<![CDATA[", "<?x", "<!DOCTYPE [", "< a>", "</>", "<1>", "<a 'b>"] {
            assert_eq!(XmlTokens::new(wrong).last(), Some(None), "{wrong}");
        }
        for wrong in ["<a b>", "<a b=c>", "<a b='1'c='2'>", "<a b='<'>", "<a =''>"] {
            let Some(Some(XmlToken::Open(tag))) = XmlTokens::new(wrong).next() else { panic!("{wrong}") };
            assert_eq!(tag.attributes().last(), Some(None), "{wrong}");
        }
    }
}
