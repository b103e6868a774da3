//! What to write instead of the markup of other tools.
//!
//! Owns the sentences that several syntaxes share, in the imperative.

pub(super) const DIRECTIVE: &str =
    "write `:::note Title` above the text and `:::` below it, without indenting the text";
pub(super) const DETAILS: &str =
    "write `:::details Title` above the text and `:::` below it, without indenting the text";
pub(super) const TABS: &str =
    "write `:::tab[Name]` … `:::` for each tab, all of them within `::::tabs` … `::::`";
pub(super) const INCLUDE: &str = "write `::include file.md` on a line of its own";
pub(super) const LINK: &str = "write an ordinary link: `[text](file.md)`";
pub(super) const IMAGE: &str = "write an ordinary image: `![what it shows](file.png)`";
pub(super) const BLOCK: &str = "write a fenced code block";
pub(super) const CONTENTS: &str = "delete it: each page lists its headings beside the text";
pub(super) const COMMENT: &str = "write `<!-- … -->`, which is left out of the page, or delete the text";
pub(super) const WRITE_OUT: &str = "write what it stands for; if it is an example, put it into backticks";
pub(super) const ATTRIBUTES: &str = "delete it; behind a heading write `{#id}`, and give an image its size with `<img src=\"…\" width=\"…\">`";
