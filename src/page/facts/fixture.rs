//! Blocks for tests, read from Markdown.
//!
//! This module runs the same parser as pages do, so that tests read the blocks of real texts.

use crate::kinds::{Kind, Kinds};
use crate::markdown::fixture::plain_context;
use crate::markdown::{self, Block, Blocks, ClosedWorld, MarkdownContext};
use crate::path::FilePath;
use crate::source::Source;
use crate::visibility::Audience;

/// The blocks of a text.
pub(super) fn blocks(text: &str) -> Vec<Block> {
    let context = MarkdownContext {
        blocks: Blocks::Collect,
        closed_world: ClosedWorld {
            audience: Audience::from_level(plain_context().closed_world.levels.highest()),
            ..plain_context().closed_world
        },
        ..plain_context()
    };
    let source = Source::new(FilePath::new("content/a.md").expect("it is a path"), text);
    markdown::parse(&source, markdown::front::split(text).body, None, &context).blocks
}

/// The kind of minutes.
pub(super) fn minutes() -> &'static Kind {
    Kinds::built_in().find("minutes").expect("minutes are built in").0
}
