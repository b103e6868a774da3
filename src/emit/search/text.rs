//! The text of a rendered body, split by type.
//!
//! Owns the walk over the HTML. The engine's own writer makes it, so it is well formed and has only four entities.
//! Inline markup does not split a text, blocks do.

use crate::entities;
use crate::html_escape::end_of_tag;

/// The type of a piece of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextType {
    Prose,
    Heading,
    Code,
}

/// Calls `take` with each piece of text in `html`, in order.
pub fn stretches(html: &str, take: &mut impl FnMut(TextType, &str)) {
    let mut walk =
        TextWalk { sort: TextType::Prose, outer: TextType::Prose, silent: false, text: String::new() };
    let mut rest = html;
    while let Some(at) = memchr(rest, b"<&") {
        walk.text.push_str(&rest[..at]);
        rest = &rest[at..];
        let length = if rest.starts_with('&') { walk.entity(rest) } else { walk.tag(rest, take) };
        rest = &rest[length..];
    }
    walk.text.push_str(rest);
    walk.flush(take);
}

fn memchr(text: &str, bytes: &[u8; 2]) -> Option<usize> {
    text.bytes().position(|byte| byte == bytes[0] || byte == bytes[1])
}

struct TextWalk {
    sort: TextType,
    /// The type that applies again after code, which may be in a heading.
    outer: TextType,
    /// Whether the walk is in the title or the description of a drawing, which repeat its texts.
    silent: bool,
    text: String,
}

impl TextWalk {
    fn flush(&mut self, take: &mut impl FnMut(TextType, &str)) {
        if !self.silent && !self.text.trim().is_empty() {
            take(self.sort, &self.text);
        }
        self.text.clear();
    }

    /// Reads the entity at the start of `rest` and returns its length in bytes.
    fn entity(&mut self, rest: &str) -> usize {
        let (character, length) = entities::first(rest, entities::xml).unwrap_or(('&', 1));
        self.text.push(character);
        length
    }

    /// Reads the tag at the start of `rest` and returns its length in bytes.
    fn tag(&mut self, rest: &str, take: &mut impl FnMut(TextType, &str)) -> usize {
        let length = end_of_tag(rest);
        let inside = &rest[1..length - 1];
        let (closing, name) = match inside.strip_prefix('/') {
            Some(name) => (true, name),
            None => (false, inside.split([' ', '/', '\n']).next().unwrap_or("")),
        };
        match name {
            "a" | "abbr" | "b" | "del" | "em" | "i" | "ins" | "kbd" | "mark" | "q" | "s" | "small"
            | "span" | "strong" | "sub" | "sup" | "u" | "var" | "wbr" => {}
            // Texts in drawings are names, as code is. Each is a text of its own.
            "code" | "samp" | "text" | "tspan" => {
                self.flush(take);
                self.sort = if closing { self.outer } else { TextType::Code };
            }
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                self.flush(take);
                self.outer = if closing { TextType::Prose } else { TextType::Heading };
                self.sort = self.outer;
            }
            "title" | "desc" => {
                self.flush(take);
                self.silent = !closing;
            }
            _ if self.sort == TextType::Code => {}
            _ => self.flush(take),
        }
        length
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(html: &str) -> Vec<(TextType, String)> {
        let mut found = Vec::new();
        stretches(html, &mut |sort, text| found.push((sort, text.trim().to_owned())));
        found
    }

    #[test]
    fn inline_mark_up_does_not_cut_words_and_blocks_do() {
        let html = r#"<h2 id="a">A <code>b</code> c<a class="anchor" href="?a>b"></a></h2><p>un<em>do</em> &lt;x&gt;</p><p>y</p>"#;
        let expected = [
            (TextType::Heading, "A"),
            (TextType::Code, "b"),
            (TextType::Heading, "c"),
            (TextType::Prose, "undo <x>"),
            (TextType::Prose, "y"),
        ];
        assert_eq!(read(html), expected.map(|(sort, text)| (sort, text.to_owned())));
    }

    #[test]
    fn a_drawing_gives_each_of_its_texts_once() {
        let html = r#"<p>a</p><svg><title id="x">flowchart</title><desc>b · c</desc><text>b<tspan x="1">c</tspan></text></svg><p>d</p>"#;
        let expected =
            [(TextType::Prose, "a"), (TextType::Code, "b"), (TextType::Code, "c"), (TextType::Prose, "d")];
        assert_eq!(read(html), expected.map(|(sort, text)| (sort, text.to_owned())));
    }

    #[test]
    fn highlighted_code_is_one_stretch() {
        let html = r#"<pre><code><span class="line">a<span class="c-operator">-b</span>
</span>c</code></pre>"#;
        assert_eq!(read(html), [(TextType::Code, "a-b\nc".to_owned())]);
    }
}
