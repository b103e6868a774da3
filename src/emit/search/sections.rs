//! The text of a page by sections, as `excerpts.js` splits a page that it fetched.
//!
//! Owns which tags begin a section and which separate words, as `cut` in `excerpts.js` does; a test in the browser
//! compares both. Unlike `text.rs`, which collects the words of each type, it keeps the text as it reads.

use crate::html_pieces::{HtmlPiece, HtmlTag, html_pieces};

/// The sections of a page, each with the id of its heading, the heading, and the text below it. The first section is
/// the text above all headings: it has no id, and the page's title as its heading.
pub fn sections(title: &str, html: &str) -> Vec<(String, String, String)> {
    let mut walk =
        SectionWalk { found: vec![(String::new(), title.to_owned(), String::new())], heading: None };
    for piece in html_pieces(html) {
        match piece {
            HtmlPiece::Text(text) => walk.text(text),
            HtmlPiece::Character(character) => walk.text(character.encode_utf8(&mut [0; 4])),
            HtmlPiece::Tag(tag) => walk.tag(&tag),
        }
    }
    let tidy = |(id, heading, text): (String, String, String)| {
        (id, heading.trim_matches(is_space).to_owned(), words(&text))
    };
    walk.found.into_iter().map(tidy).collect()
}

/// The text with one space between words.
fn words(text: &str) -> String {
    text.split(is_space).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Whether `\s` matches the character in a script.
fn is_space(c: char) -> bool {
    c == '\u{feff}' || (c.is_whitespace() && c != '\u{85}')
}

struct SectionWalk {
    found: Vec<(String, String, String)>,
    /// The heading that the walk is in, if any.
    heading: Option<OpenHeading>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum OpenHeading {
    /// A heading with an id, which begins a section.
    Named,
    /// A heading without an id, whose text is left out.
    Nameless,
}

impl SectionWalk {
    fn text(&mut self, text: &str) {
        let (_, heading, within) = self.found.last_mut().expect("there is always a first section");
        match self.heading {
            Some(OpenHeading::Named) => heading.push_str(text),
            Some(OpenHeading::Nameless) => {}
            None => within.push_str(text),
        }
    }

    fn tag(&mut self, tag: &HtmlTag<'_>) {
        match tag.name {
            _ if tag.is_heading() && tag.is_end => self.heading = None,
            _ if tag.is_heading() => self.open(tag.id()),
            // These separate words. `excerpts.js` has the same list.
            "p" | "li" | "tr" | "td" | "th" | "dt" | "dd" | "div" | "pre" | "figure" | "figcaption"
            | "summary" | "blockquote" | "br"
                if !tag.is_end =>
            {
                self.text("\n");
            }
            _ => {}
        }
    }

    fn open(&mut self, id: Option<String>) {
        match id {
            Some(id) => {
                self.found.push((id, String::new(), String::new()));
                self.heading = Some(OpenHeading::Named);
            }
            None => {
                self.text("\n");
                self.heading = Some(OpenHeading::Nameless);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_cut_at_its_headings_and_blocks_part_words() {
        let html = "<p>One <em>t</em>wo\u{a0} &lt;x&gt;</p><h2 id=\"a&amp;b\">Next<a class=\"anchor\" href=\"#\"></a> </h2>\
            <ul><li>a</li><li>b<br>c</li></ul><h3>No id</h3><pre><code>d\n  e</code></pre>";
        let own = |id: &str, heading: &str, text: &str| (id.to_owned(), heading.to_owned(), text.to_owned());
        assert_eq!(
            sections("Title", html),
            [own("", "Title", "One two <x>"), own("a&b", "Next", "a b c d e")]
        );
    }
}
