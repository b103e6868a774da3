//! `[glossary]`: the pages whose definition lists explain words of other pages.
//!
//! Owns the setting. Whether the pages exist is checked where the pages are known.

use super::SectionList;
use crate::fields::FieldReader;

/// Reads the pages; an empty list means that no word is linked.
pub(super) fn read(mut glossary: FieldReader<'_>) -> SectionList {
    let pages = SectionList::take(&mut glossary, ["glossary", "pages"]);
    glossary.finish(&[]);
    pages
}
