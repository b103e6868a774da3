//! The dialects of Markdown that files are written in.
//!
//! Owns [`Dialect`] and the table of file extensions. The dialect of a text is decided once, when its
//! [`Source`](crate::source::Source) is made; everything that reads the text asks the source. A further dialect is a
//! variant here with its extensions, and the compiler names the places that have to know its syntax.

use crate::path::FilePath;

/// The dialect of Markdown that a file is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// CommonMark with tables, footnotes, directives and attributes.
    Handbook,
    /// The same with the comments, imports and component tags of MDX. They are read as text, never run.
    Mdx,
}

/// The file extensions of Markdown in lower case, the most common one first.
pub const MARKDOWN: [(&str, Dialect); 3] =
    [("md", Dialect::Handbook), ("mdx", Dialect::Mdx), ("markdown", Dialect::Handbook)];

impl Dialect {
    /// The dialect of a file by its extension; `None` if it is not Markdown.
    pub fn from_path(file: &FilePath) -> Option<Dialect> {
        let written = file.extension();
        MARKDOWN.iter().find_map(|(extension, dialect)| (*extension == written).then_some(*dialect))
    }
}
