//! Events of the Markdown parser, and ranges of the text that they come from.
//!
//! Owns the options of the parser that are always on. Example: [`code_ranges`] gives the ranges of all code blocks.

use std::borrow::Cow;
use std::ops::Range;

use pulldown_cmark::{Event, Options, Tag};

/// The Markdown extensions that are always on.
pub(super) const EXTENSIONS: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_FOOTNOTES)
    .union(Options::ENABLE_STRIKETHROUGH)
    .union(Options::ENABLE_TASKLISTS)
    .union(Options::ENABLE_HEADING_ATTRIBUTES)
    .union(Options::ENABLE_GFM)
    .union(Options::ENABLE_DEFINITION_LIST);

/// Events of the parser with their ranges in the text.
pub(super) type Events<'e> = Vec<(Event<'e>, Range<usize>)>;

/// Whether one of several ranges, in the order of the text, contains an offset.
pub(super) fn holds(ranges: &[Range<usize>], at: usize) -> bool {
    ranges.partition_point(|range| range.start <= at).checked_sub(1).is_some_and(|last| at < ranges[last].end)
}

/// The text with each range filled with an ASCII character.
pub(super) fn cover_with<'t>(text: &'t str, ranges: &[(Range<usize>, u8)]) -> Cow<'t, str> {
    if ranges.is_empty() {
        return text.into();
    }
    let mut covered = text.as_bytes().to_vec();
    ranges.iter().for_each(|(range, fill)| covered[range.clone()].fill(*fill));
    String::from_utf8(covered).expect("whole characters became ASCII").into()
}

/// Ranges of code blocks, in order.
pub(super) fn code_ranges(events: &Events<'_>) -> Vec<Range<usize>> {
    ranges(events, |event| matches!(event, Event::Start(Tag::CodeBlock(_))))
}

/// Ranges of the events that `wanted` accepts, in order.
pub(super) fn ranges(events: &Events<'_>, wanted: impl Fn(&Event<'_>) -> bool) -> Vec<Range<usize>> {
    events.iter().filter(|(event, _)| wanted(event)).map(|(_, range)| range.clone()).collect()
}
