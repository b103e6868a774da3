//! The text of a finished body, by sort.
//!
//! Owns the walk over the HTML that our own writer made (so it is well formed, and knows four entities). Gives
//! whole stretches: inline mark-up does not cut a word, blocks do.

use crate::entities;
use crate::markdown::escape::end_of_tag;

/// What a stretch of text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextType {
    Prose,
    Heading,
    Code,
}

/// Calls `take` with each stretch of text of `html`, in order.
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
    /// What a code in a heading goes back to.
    outer: TextType,
    /// Whether this is the name or the description of a drawing, which repeat its texts.
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

    /// Reads the entity that `rest` begins with; its length in bytes.
    fn entity(&mut self, rest: &str) -> usize {
        let (character, length) = entities::first(rest, entities::xml).unwrap_or(('&', 1));
        self.text.push(character);
        length
    }

    /// Reads the tag that `rest` begins with; its length in bytes.
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
            // Texts of drawings are names, as code is; each stands for itself.
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
