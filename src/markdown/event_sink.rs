//! What reads the events of a text beside the writer of its HTML.
//!
//! Owns [`EventSink`] and [`EventPlace`]. The writer walks over the events once and passes each one to every sink
//! before it writes it. A sink collects: text blocks, the Markdown export, what a search of the text finds. It writes no HTML
//! and never asks the writer, so it can be understood without it.

use std::ops::Range;

use pulldown_cmark::Event;

use super::text_origin::TextOrigin;

/// Collects something from the events of a text.
pub(super) trait EventSink {
    /// Reads an event that the writer will write. `range` is its range in the text.
    fn event(&mut self, event: &Event<'_>, range: &Range<usize>, place: &EventPlace<'_>);
}

/// What the walk knows about the place of an event.
pub(super) struct EventPlace<'a> {
    pub origin: &'a TextOrigin<'a>,
    /// The number of open lists.
    pub lists: u8,
    /// Whether the place is in the definition of a footnote, which is written at the end of the page.
    pub in_footnote: bool,
    /// Whether the place is in a code block or in a block of raw HTML.
    pub in_verbatim: bool,
    /// Whether the place is in a raw element that shows text verbatim, such as `<kbd>`. Known only for text.
    pub in_raw_verbatim: bool,
    /// Whether the place is in a raw element whose content is left out.
    pub is_dropped: bool,
    /// Whether the place is in an image, whose text is an alternative text.
    pub in_image: bool,
    pub in_link: bool,
}
