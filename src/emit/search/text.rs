//! The text of a rendered body, split by type.
//!
//! Owns which tags split a text: blocks do, inline markup does not.

use crate::html_pieces::{HtmlPiece, HtmlTag, html_pieces};

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
        TextWalk { sort: TextType::Prose, outer: TextType::Prose, is_silent: false, text: String::new() };
    for piece in html_pieces(html) {
        match piece {
            HtmlPiece::Text(text) => walk.text.push_str(text),
            HtmlPiece::Character(character) => walk.text.push(character),
            HtmlPiece::Tag(tag) => walk.tag(&tag, take),
        }
    }
    walk.flush(take);
}

struct TextWalk {
    sort: TextType,
    /// The type that applies again after code, which may be in a heading.
    outer: TextType,
    /// Whether the walk is in the title or the description of a drawing, which repeat its texts.
    is_silent: bool,
    text: String,
}

impl TextWalk {
    fn flush(&mut self, take: &mut impl FnMut(TextType, &str)) {
        if !self.is_silent && !self.text.trim().is_empty() {
            take(self.sort, &self.text);
        }
        self.text.clear();
    }

    fn tag(&mut self, tag: &HtmlTag<'_>, take: &mut impl FnMut(TextType, &str)) {
        match tag.name {
            "a" | "abbr" | "b" | "del" | "em" | "i" | "ins" | "kbd" | "mark" | "q" | "s" | "small"
            | "span" | "strong" | "sub" | "sup" | "u" | "var" | "wbr" => {}
            // Texts in drawings are names, as code is. Each is a text of its own.
            "code" | "samp" | "text" | "tspan" => {
                self.flush(take);
                self.sort = if tag.is_end { self.outer } else { TextType::Code };
            }
            _ if tag.is_heading() => {
                self.flush(take);
                self.outer = if tag.is_end { TextType::Prose } else { TextType::Heading };
                self.sort = self.outer;
            }
            "title" | "desc" => {
                self.flush(take);
                self.is_silent = !tag.is_end;
            }
            _ if self.sort == TextType::Code => {}
            _ => self.flush(take),
        }
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
