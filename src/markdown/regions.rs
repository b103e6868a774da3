//! Where the directives and the code of a text are, for editors.
//!
//! Owns [`TextRegions`]. Reads the text as it was written. Must not write HTML.

use std::ops::Range;

use pulldown_cmark::{Event, Tag};

use super::directives::DirectiveLine;
use super::events::ranges;
use super::notes::Flavor;
use super::syntax::{Extensions, Syntax};
use crate::source::Source;

/// Ranges in bytes of the file.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct TextRegions {
    /// From the line that opens a directive to the end of the line that closes it, in the order of their ends.
    pub directives: Vec<Range<usize>>,
    /// Code blocks and inline code, in order.
    pub code: Vec<Range<usize>>,
}

/// The regions of a text. A directive that nothing closes is left out.
pub fn regions(source: &Source, extensions: Extensions, flavor: Flavor) -> TextRegions {
    let Some(dialect) = source.dialect else { return TextRegions::default() };
    let base = super::front::split(&source.text).body;
    let body = &source.text[base..];
    let regions = Syntax { dialect, flavor, extensions }.parse(body, |parsed| {
        let mut found = TextRegions::default();
        let mut open: Vec<(usize, usize)> = Vec::new();
        for (start, line) in &parsed.extras.directives {
            match line {
                DirectiveLine::Open { colons, .. } => open.push((*colons, *start)),
                DirectiveLine::Close { colons } => {
                    if let Some(index) = open.iter().rposition(|(opened, _)| opened == colons) {
                        let (_, from) = open[index];
                        open.truncate(index);
                        found.directives.push(base + from..base + start + colons);
                    }
                }
                DirectiveLine::Include { .. } | DirectiveLine::Component { .. } | DirectiveLine::Comment => {}
            }
        }
        let is_code = |event: &Event<'_>| matches!(event, Event::Start(Tag::CodeBlock(_)) | Event::Code(_));
        let code = ranges(&parsed.events, is_code);
        found.code = code.into_iter().map(|range| base + range.start..base + range.end).collect();
        found
    });
    // What has too many parts is reported when its page is written.
    regions.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::path::FilePath;

    #[test]
    fn directives_and_code_have_ranges_in_the_file() {
        let text = "---\na: 1\n---\n::::tabs\n:::tab A\nx `y`\n:::\n::::\n\n```\n:::note\n```\n:::tip\n";
        let source = Source::new(FilePath::new("a.md").unwrap(), text);
        let found = regions(&source, Extensions { math: false, smart_punctuation: false }, Flavor::Plain);
        let texts = |ranges: &[Range<usize>]| -> Vec<&str> {
            ranges.iter().map(|range| &text[range.clone()]).collect()
        };
        assert_eq!(
            texts(&found.directives),
            [":::tab A\nx `y`\n:::", "::::tabs\n:::tab A\nx `y`\n:::\n::::"]
        );
        assert_eq!(texts(&found.code), ["`y`", "```\n:::note\n```"]);
    }
}
