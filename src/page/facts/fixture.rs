//! Blocks for tests, read from Markdown.
//!
//! This module runs the same parser as pages do, so that tests read the blocks of real texts.

use std::collections::BTreeMap;

use crate::kinds::{Kind, Kinds};
use crate::markdown::{self, Block, Blocks, MarkdownContext};
use crate::path::FilePath;
use crate::source::Source;
use crate::visibility::{Audience, Levels};

/// The blocks of a text.
pub(super) fn blocks(text: &str) -> Vec<Block> {
    let environment = MarkdownContext {
        extensions: markdown::Extensions { math: false, smart_punctuation: false },
        strings: crate::strings::Languages::built_in().for_language("en"),
        flavor: markdown::Flavor::Plain,
        blocks: Blocks::Collect,
        withhold: None,
        closed_world: markdown::ClosedWorld {
            levels: &Levels::default(),
            audience: Audience::from_level(Levels::default().highest()),
            used: false,
            classes: &[],
        },
        hides: &|_| None,
        content: "content",
        sources: &BTreeMap::new(),
        sections: &markdown::IncludeSections::default(),
        checklist: markdown::Checklist::Leave,
        code: markdown::code::FigureContext::PLAIN,
        diagrams: None,
    };
    let source = Source::new(FilePath::new("content/a.md").expect("it is a path"), text);
    markdown::parse(&source, markdown::front::split(text).body, None, &environment).blocks
}

/// The kind of minutes.
pub(super) fn minutes() -> &'static Kind {
    Kinds::built_in().find("minutes").expect("minutes are built in").0
}
