//! The HTML of a document with a tag where each link begins and ends.
//!
//! Owns how offsets in it and in the document correspond. For stages that read the text between the tags and need no
//! addresses.

use super::{Document, HoleContent};

/// HTML in which links have tags without addresses.
pub struct LinkTags {
    pub html: String,
    /// The offsets in `html` after each tag that was added, with the number of bytes added up to there.
    added: Vec<(usize, usize)>,
}

impl Document {
    /// The HTML with `<a` and `</a>` where links begin and end.
    pub fn link_tags(&self) -> LinkTags {
        let mut html = String::with_capacity(self.html.len() + self.holes.len() * 4);
        let mut added = Vec::new();
        let mut at = 0;
        for hole in &self.holes {
            html.push_str(&self.html[at..hole.at as usize]);
            at = hole.at as usize;
            let tag = match hole.fill {
                HoleContent::Open(_) => "<a",
                HoleContent::Close(_) => "</a>",
                HoleContent::Image(_) | HoleContent::Name(_) | HoleContent::Row(_) => continue,
            };
            html.push_str(tag);
            added.push((html.len(), html.len() - at));
        }
        html.push_str(&self.html[at..]);
        LinkTags { html, added }
    }
}

impl LinkTags {
    /// The offset in the HTML of the document for one in [`LinkTags::html`] that is not in an added tag.
    pub fn offset_in_document(&self, offset: usize) -> usize {
        let before = self.added.partition_point(|(behind, _)| *behind <= offset);
        offset - before.checked_sub(1).map_or(0, |last| self.added[last].1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::Hole;

    #[test]
    fn offsets_lead_back_to_the_document() {
        let holes = [(3, HoleContent::Open(0)), (5, HoleContent::Close(0)), (8, HoleContent::Image(1))];
        let document = Document {
            html: "<p>>a b c</p>".to_owned(),
            holes: holes.map(|(at, fill)| Hole { at, fill }).to_vec(),
            ..Document::default()
        };
        let tags = document.link_tags();
        assert_eq!(tags.html, "<p><a>a</a> b c</p>");
        for (offset, text) in [(0, "<p>"), (6, "a"), (11, " b c"), (14, "c</p>")] {
            assert!(tags.html[offset..].starts_with(text));
            assert!(document.html[tags.offset_in_document(offset)..].starts_with(text), "{text}");
        }
    }
}
