//! Problems in diagrams: the position, a message, and the way out.
//!
//! Owns [`Reason`], [`DiagramProblem`] and the sentences that replace the messages of Mermaid's parsers. Does not
//! know files: positions are byte ranges of the diagram's source.

use std::ops::Range;

use serde::{Deserialize, Serialize};

/// Why a diagram cannot be drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiagramProblem {
    /// The byte range in the source.
    pub position: Range<usize>,
    /// One sentence without a full stop.
    pub message: String,
    /// The way out, as an imperative sentence.
    pub help: String,
}

/// The types of diagrams, by the word that they begin with.
pub const KINDS: &[&str] = &[
    "flowchart",
    "graph",
    "sequenceDiagram",
    "classDiagram",
    "stateDiagram",
    "stateDiagram-v2",
    "erDiagram",
    "gantt",
    "timeline",
    "mindmap",
    "gitGraph",
    "pie",
    "quadrantChart",
    "journey",
    "block",
    "block-beta",
];

const SYNTAX: &str = "see the syntax at https://mermaid.js.org/intro/syntax-reference.html";

const SIZE: &str = "split the diagram into several smaller ones: one of this size is hard to read";

/// A part of a message of Mermaid's parsers, our message, and our help.
const MEANINGS: &[(&str, &str, &str)] = &[
    (
        "structural characters",
        "a label has a character with a meaning in Mermaid, such as `(`, `[` or `{`",
        "put the label in quotes: `A[\"text (more text)\"]`",
    ),
    (
        "Malformed YAML front-matter",
        "the settings above the diagram are not closed",
        "end them with a line `---`",
    ),
    (
        "Invalid YAML front-matter",
        "the settings above the diagram are not valid YAML",
        "correct them, or leave them out",
    ),
    (
        "Invalid directive JSON",
        "the settings in `%%{…}%%` are not valid JSON",
        "correct them, or leave them out",
    ),
];

/// Why a diagram cannot be drawn, as data. Its message is made of the source and of our own sentences, so it can be
/// cached on disk, and a forged entry cannot add words of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reason {
    /// The source does not begin with a type that can be drawn.
    Kind,
    /// The source has a type and nothing else.
    Nothing,
    /// The picture cannot be made, or cannot be read.
    Broken,
    /// The crate panicked.
    Panic,
    /// More nodes and lines than this limit.
    Items(u32),
    /// Nested deeper than this limit.
    Depth(u32),
    /// Larger than anyone could read, in another way.
    Size,
    /// The index of a known meaning in [`MEANINGS`], then the start and the end of the position in bytes.
    Meaning(u8, u32, u32),
    /// Unexpected text, with the start and the end of its position in bytes.
    Unexpected(u32, u32),
}

impl Reason {
    /// The reason for a message of the crate, by the known meanings.
    pub(super) fn said(said: &str, position: &Range<usize>) -> Reason {
        let place = |at: usize| u32::try_from(at).expect("a source has at most 64 KiB");
        let (start, end) = (place(position.start), place(position.end));
        match (0_u8..).zip(MEANINGS).find(|(_, (part, ..))| said.contains(part)) {
            Some((number, _)) => Reason::Meaning(number, start, end),
            None => Reason::Unexpected(start, end),
        }
    }

    /// The problem in words. A position outside this source is moved into it.
    pub fn problem(self, source: &str) -> DiagramProblem {
        // A forged entry of the cache may have any position.
        let place = |start: u32, end: u32| clamp_range(source, start as usize..end as usize);
        match self {
            Reason::Kind => DiagramProblem::unknown_kind(source),
            Reason::Nothing => DiagramProblem::nothing(source),
            Reason::Broken => DiagramProblem::broken(source),
            Reason::Panic => DiagramProblem::panicked(source),
            Reason::Items(most) => {
                DiagramProblem::too_large(source, format!("the diagram has more than {most} nodes and lines"))
            }
            Reason::Depth(most) => {
                DiagramProblem::too_large(source, format!("the diagram is nested deeper than {most} levels"))
            }
            Reason::Size => {
                DiagramProblem::too_large(source, "the diagram is too large to be drawn".to_owned())
            }
            Reason::Meaning(number, start, end) => match MEANINGS.get(usize::from(number)) {
                Some((_, message, help)) => {
                    let (message, help) = ((*message).to_owned(), (*help).to_owned());
                    DiagramProblem { position: place(start, end), message, help }
                }
                None => DiagramProblem::broken(source),
            },
            Reason::Unexpected(start, end) => DiagramProblem::unexpected(source, place(start, end)),
        }
    }
}

impl DiagramProblem {
    /// The problem of a source without a type that can be drawn.
    fn unknown_kind(source: &str) -> DiagramProblem {
        let position = first_line(source);
        let word = source[position.clone()].split([' ', ':', ';']).next().unwrap_or("").to_owned();
        let message = match word.as_str() {
            "" => "the diagram is empty".to_owned(),
            word => format!("`{}` is not a type of diagram that can be drawn", shorten(word, 40)),
        };
        let near = crate::diagnostic::nearest(&word, KINDS.iter().copied());
        let help = near.map_or_else(
            || "begin with the type of diagram, such as `flowchart TD` or `sequenceDiagram`".to_owned(),
            |near| format!("did you mean `{near}`?"),
        );
        DiagramProblem { position: position.start..position.start + word.len(), message, help }
    }

    /// The problem of a source on which the crate panicked.
    fn panicked(source: &str) -> DiagramProblem {
        DiagramProblem {
            message: "Mermaid's renderer fails on this diagram".to_owned(),
            ..DiagramProblem::broken(source)
        }
    }

    /// The problem of a source whose picture cannot be made, or cannot be read.
    fn broken(source: &str) -> DiagramProblem {
        DiagramProblem {
            position: first_line(source),
            message: "this diagram cannot be drawn".to_owned(),
            help: "this is a defect of Opsbook or Mermaid's renderer: please report it with the diagram"
                .to_owned(),
        }
    }

    /// The problem of a source with a type and nothing else.
    fn nothing(source: &str) -> DiagramProblem {
        DiagramProblem {
            position: first_line(source),
            message: "the diagram shows nothing".to_owned(),
            help: "write its content below the first line".to_owned(),
        }
    }

    /// The problem of a source that is larger than anyone could read.
    fn too_large(source: &str, message: String) -> DiagramProblem {
        DiagramProblem { position: first_line(source), message, help: SIZE.to_owned() }
    }

    /// The problem of text that is not expected at its position.
    fn unexpected(source: &str, position: Range<usize>) -> DiagramProblem {
        let here = source[position.clone()].split('\n').next().unwrap_or("").trim();
        let line = line_around(source, position.start);
        // At the end of a line or of the source there is no text to quote.
        let (position, message) = match (here, &source[line.clone()]) {
            ("", "") => (position, "the diagram ends too early".to_owned()),
            ("", text) => (line, format!("`{}` is not complete", shorten(text, 40))),
            (here, _) => (position, format!("`{}` is not expected here", shorten(here, 40))),
        };
        DiagramProblem { position, message, help: SYNTAX.to_owned() }
    }
}

/// Checks size and nesting, before anything else reads the source.
///
/// # Errors
/// Returns an error if the source is larger or nested deeper than the limits.
pub fn check(source: &str, most_nesting: usize, most_bytes: usize) -> Result<(), DiagramProblem> {
    if source.len() > most_bytes {
        let message = format!("the diagram has {} bytes; at most {most_bytes} are drawn", source.len());
        return Err(DiagramProblem::too_large(source, message));
    }
    let mut depth = 0_usize;
    for (at, byte) in source.bytes().enumerate() {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            // A label may leave brackets open, but not beyond its line.
            b'\n' if !source[..at].trim_end().ends_with('{') => depth = depth.min(most_nesting / 2),
            _ => {}
        }
        if depth > most_nesting {
            let message = format!("brackets are nested deeper than {most_nesting} levels");
            return Err(DiagramProblem {
                position: at..at + 1,
                ..DiagramProblem::too_large(source, message)
            });
        }
    }
    Ok(())
}

/// The byte range of the first line that is neither empty nor a comment, without the whitespace around it.
pub(super) fn first_line(source: &str) -> Range<usize> {
    let mut at = 0;
    for line in source.split_inclusive('\n') {
        let text = line.trim();
        if says_something(text) {
            let start = at + line.len() - line.trim_start().len();
            return start..start + text.len();
        }
        at += line.len();
    }
    0..0
}

/// Whether a line is neither empty nor a comment.
pub(super) fn says_something(line: &str) -> bool {
    let text = line.trim();
    !text.is_empty() && !text.starts_with("%%")
}

/// The line around an offset, without the whitespace at its ends; the line before it if that is empty.
fn line_around(source: &str, at: usize) -> Range<usize> {
    let before = source[..at].trim_end_matches([' ', '\t', ';']);
    let before = before.strip_suffix('\n').filter(|_| source[at..].trim().is_empty()).unwrap_or(before);
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let end = source[start..].find('\n').map_or(source.len(), |length| start + length);
    let text = &source[start..end];
    let start = start + text.len() - text.trim_start().len();
    start..start + text.trim().len()
}

/// Moves a range into the source and to character boundaries, so that it can be sliced.
pub(super) fn clamp_range(source: &str, range: Range<usize>) -> Range<usize> {
    let cut = |at: usize| crate::source::floor_boundary(source, at);
    let start = cut(range.start);
    start..cut(range.end).max(start)
}

/// The first `most` characters. Backticks are removed because messages quote the text in backticks.
fn shorten(text: &str, most: usize) -> String {
    let text: String = text.chars().filter(|c| !c.is_control() && *c != '`').collect();
    match text.char_indices().nth(most) {
        None => text,
        Some((at, _)) => format!("{}…", &text[..at]),
    }
}
