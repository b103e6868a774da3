//! Writes tokens of code as HTML.
//!
//! Owns the list of token classes that style sheets know. Must not know languages.

use crate::html_escape::{escape_text, push_text};

/// The class of a token. Plain text has no class in HTML.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    Plain,
    Comment,
    String,
    Number,
    Keyword,
    Function,
    Type,
    Variable,
    Constant,
    Operator,
    Punctuation,
    Tag,
    Attribute,
    Heading,
    Inserted,
    Deleted,
    Prompt,
    Output,
    Error,
}

impl Class {
    /// The name in `class="c-…"`.
    fn name(self) -> &'static str {
        match self {
            Class::Plain => "",
            Class::Comment => "comment",
            Class::String => "string",
            Class::Number => "number",
            Class::Keyword => "keyword",
            Class::Function => "function",
            Class::Type => "type",
            Class::Variable => "variable",
            Class::Constant => "constant",
            Class::Operator => "operator",
            Class::Punctuation => "punctuation",
            Class::Tag => "tag",
            Class::Attribute => "attribute",
            Class::Heading => "heading",
            Class::Inserted => "inserted",
            Class::Deleted => "deleted",
            Class::Prompt => "prompt",
            Class::Output => "output",
            Class::Error => "error",
        }
    }
}

/// Writes tokens as HTML. Adjacent tokens of one class share an element, and no element spans a line end.
#[derive(Debug)]
pub struct TokenWriter {
    html: String,
    open: Class,
}

impl TokenWriter {
    pub fn with_capacity(bytes: usize) -> TokenWriter {
        TokenWriter { html: String::with_capacity(bytes), open: Class::Plain }
    }

    /// Appends one token, which may contain line ends.
    pub fn push(&mut self, class: Class, text: &str) {
        for (index, part) in text.split('\n').enumerate() {
            if index > 0 {
                self.turn(Class::Plain);
                self.html.push('\n');
            }
            if !part.is_empty() {
                self.turn(class);
                push_text(&mut self.html, part);
            }
        }
    }

    /// Appends the HTML of another writer.
    pub fn push_html(&mut self, html: &str) {
        self.turn(Class::Plain);
        self.html.push_str(html);
    }

    /// Closes the open element and returns the HTML of all lines.
    pub fn finish(mut self) -> String {
        self.turn(Class::Plain);
        self.html
    }

    fn turn(&mut self, class: Class) {
        if class == self.open {
            return;
        }
        if self.open != Class::Plain {
            self.html.push_str("</span>");
        }
        if class != Class::Plain {
            self.html.push_str("<span class=\"c-");
            self.html.push_str(class.name());
            self.html.push_str("\">");
        }
        self.open = class;
    }
}

/// Whether `html` is the escaped `code` with only token elements around its parts.
pub fn shows(html: &str, code: &str) -> bool {
    let mut text = String::with_capacity(html.len());
    let (mut rest, mut open) = (html, false);
    while let Some((before, after)) = rest.split_once('<') {
        text.push_str(before);
        let Some((tag, after)) = after.split_once('>') else { return false };
        let class = tag.strip_prefix("span class=\"c-").and_then(|class| class.strip_suffix('"'));
        // Token elements are not nested, so a start tag is only valid outside an element.
        let sound = match class {
            Some(name) => !open && name.bytes().all(|b| b.is_ascii_lowercase()),
            None => open && tag == "/span",
        };
        if !sound {
            return false;
        }
        open = !open;
        rest = after;
    }
    text.push_str(rest);
    !open && text == escape_text(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_token_elements_around_the_same_text_are_taken() {
        assert!(shows("<span class=\"c-string\">a&lt;</span>b", "a<b"));
        for forged in [
            "ab",
            "<b>a&lt;b</b>",
            "a<b",
            "<span class=\"c-x\">a&lt;b",
            "<span class=\"c-x\" id=\"y\">a&lt;b</span>",
        ] {
            assert!(!shows(forged, "a<b"), "{forged}");
        }
    }

    #[test]
    fn neighbours_are_merged_and_lines_closed() {
        let mut writer = TokenWriter::with_capacity(0);
        writer.push(Class::String, "\"a");
        writer.push(Class::String, "\nb<\"");
        writer.push(Class::Plain, " c\n");
        writer.push(Class::Number, "1");
        let html = "<span class=\"c-string\">\"a</span>\n<span class=\"c-string\">b&lt;\"</span> c\n<span class=\"c-number\">1</span>";
        assert_eq!(writer.finish(), html);
    }
}
