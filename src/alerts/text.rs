//! The text of a rule file before it is parsed as YAML.
//!
//! Owns the masking of lines that belong to a template engine, and the bounds of YAML documents. Masked text is
//! replaced by the same number of spaces, so that offsets stay valid.

use std::borrow::Cow;
use std::ops::Range;

/// Replaces the lines that belong to a template engine, such as `{% raw %}`, by spaces.
pub(super) fn masked(text: &str) -> Cow<'_, str> {
    if !text.contains("{%") && !text.contains("{#") {
        return Cow::Borrowed(text);
    }
    let line = |line: &str| {
        if is_directive(line.trim()) {
            line.bytes().map(|b| if b == b'\n' { '\n' } else { ' ' }).collect()
        } else {
            line.to_owned()
        }
    };
    Cow::Owned(text.split_inclusive('\n').map(line).collect())
}

/// Whether a line is one directive or one comment. A line with text between two directives is not.
fn is_directive(line: &str) -> bool {
    let between = |open, close| {
        line.starts_with(open) && line.ends_with(close) && line.find(close) == line.rfind(close)
    };
    between("{%", "%}") || between("{#", "#}")
}

/// A text without the directives `raw` and `endraw` around braces. Runs of whitespace become one space.
pub(super) fn plain(text: &str) -> String {
    let mut words = text.to_owned();
    for mark in ["{% raw %}", "{%- raw -%}", "{% raw -%}", "{%- raw %}"] {
        words = words.replace(mark, "");
        words = words.replace(&mark.replace("raw", "endraw"), "");
    }
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The byte ranges of the documents of a YAML stream, without empty ones.
pub(super) fn documents(text: &str) -> Vec<Range<usize>> {
    let (mut documents, mut start, mut at) = (Vec::new(), 0, 0);
    for line in text.split_inclusive('\n') {
        if line.trim_end() == "---" || line.trim_end() == "..." || line.starts_with("--- #") {
            documents.push(start..at);
            start = at + line.len();
        }
        at += line.len();
    }
    documents.push(start..at);
    documents.retain(|range| !text[range.clone()].trim().is_empty());
    documents
}

/// The offset at which more than `most` brackets are open.
pub(super) fn too_deep(text: &str, most: usize) -> Option<usize> {
    let mut open = 0_usize;
    text.bytes().position(|byte| {
        match byte {
            b'[' | b'{' => open += 1,
            b']' | b'}' => open = open.saturating_sub(1),
            _ => {}
        }
        open > most
    })
}

/// The range from the start of `place` to the end of its line, or to the end of `place` where that is later.
pub(super) fn line_of(text: &str, place: Range<usize>) -> Range<usize> {
    let rest = text.get(place.start..).unwrap_or("");
    let line = rest.lines().next().unwrap_or("").trim_end();
    place.start..place.end.max(place.start + line.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_a_template_engine_are_blanked_and_offsets_stay() {
        let text = "{% raw %}\na: \"{{ x }}\"\n  {%- endraw -%}\nb: '{% raw %}x{% endraw %}'\n{% raw %}x{% endraw %}\n";
        let masked = masked(text);
        assert_eq!(masked.len(), text.len());
        assert_eq!(masked.find("a:"), text.find("a:"));
        let lines: Vec<&str> = masked.lines().map(str::trim).collect();
        assert_eq!(
            lines,
            ["", "a: \"{{ x }}\"", "", "b: '{% raw %}x{% endraw %}'", "{% raw %}x{% endraw %}"]
        );
        assert_eq!(plain("{% raw %}{{ $labels.x }}{% endraw %}\n is  down"), "{{ $labels.x }} is down");
    }

    #[test]
    fn a_stream_is_cut_into_documents() {
        let text = "---\na: 1\n--- # two\nb: |\n  ---\n---\n\n---\nc: 1";
        let parts: Vec<&str> = documents(text).into_iter().map(|range| &text[range]).collect();
        assert_eq!(parts, ["a: 1\n", "b: |\n  ---\n", "c: 1"]);
    }
}
