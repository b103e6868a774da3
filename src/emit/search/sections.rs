//! The text of a page by sections, as `excerpts.js` splits a page that it fetched.
//!
//! Owns the same walk over the rendered body as `cut` in `excerpts.js`; a test in the browser compares both. Unlike
//! `text.rs`, which collects the words of each type, it keeps the text as it reads.

use crate::entities;
use crate::html_escape::end_of_tag;

/// The sections of a page, each with the id of its heading, the heading, and the text below it. The first section is
/// the text above all headings: it has no id, and the page's title as its heading.
pub fn sections(title: &str, html: &str) -> Vec<(String, String, String)> {
    let mut walk =
        SectionWalk { found: vec![(String::new(), title.to_owned(), String::new())], heading: None };
    let mut rest = html;
    while let Some(at) = rest.find(['<', '&']) {
        walk.text(&rest[..at]);
        rest = &rest[at..];
        let length = if rest.starts_with('&') { walk.entity(rest) } else { walk.tag(rest) };
        rest = &rest[length..];
    }
    walk.text(rest);
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

    /// Reads the entity at the start of `rest` and returns its length in bytes.
    fn entity(&mut self, rest: &str) -> usize {
        let (character, length) = entities::first(rest, entities::xml).unwrap_or(('&', 1));
        self.text(character.encode_utf8(&mut [0; 4]));
        length
    }

    /// Reads the tag at the start of `rest` and returns its length in bytes.
    fn tag(&mut self, rest: &str) -> usize {
        let length = end_of_tag(rest);
        let inside = &rest[1..length.max(2) - 1];
        let closing = inside.starts_with('/');
        let name = inside.trim_start_matches('/').split([' ', '/', '\n']).next().unwrap_or("");
        match name {
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" if closing => self.heading = None,
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => self.open(id(inside)),
            // These separate words. `excerpts.js` has the same list.
            "p" | "li" | "tr" | "td" | "th" | "dt" | "dd" | "div" | "pre" | "figure" | "figcaption"
            | "summary" | "blockquote" | "br"
                if !closing =>
            {
                self.text("\n");
            }
            _ => {}
        }
        length
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

/// The value of the `id` of a tag.
fn id(tag: &str) -> Option<String> {
    let (_, rest) = tag.split_once(" id=\"")?;
    let (id, _) = rest.split_once('"')?;
    (!id.is_empty()).then(|| entities::decode_xml(id))
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
