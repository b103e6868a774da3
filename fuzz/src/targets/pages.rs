//! Texts that become pages: whatever is written, the page is safe and well formed, and nothing panics.

use opsbook::path::FilePath;

use super::{text, with_site};
use crate::case::Case;
use crate::handbook::Handbook;
use crate::site;

/// A page of Markdown.
pub fn page(bytes: &[u8]) {
    with_site(|site| site.build(&[("content/a.md", &text(bytes))]));
}

/// A page of MDX.
pub fn mdx(bytes: &[u8]) {
    with_site(|site| site.build(&[("content/a.mdx", &text(bytes))]));
}

/// Minutes, from which the registers take people, actions and decisions.
pub fn minutes(bytes: &[u8]) {
    let text = text(bytes);
    let text = if text.starts_with("---") { text } else { format!("---\nkind: minutes\n---\n\n{text}") };
    with_site(|site| site.build(&[("content/2026-11-21.md", &text)]));
}

/// Front matter, with or without its fences.
pub fn front_matter(bytes: &[u8]) {
    let text = text(bytes);
    let text = if text.starts_with("---") { text } else { format!("---\n{text}\n---\n\n# A\n\nWords.\n") };
    with_site(|site| site.build(&[("content/a.md", &text)]));
}

/// The line between the texts of an input.
const BETWEEN: &str = "\n=====\n";

/// Texts that include each other; a line `=====` is between them.
pub fn includes(bytes: &[u8]) {
    let text = text(bytes);
    let paths = ["content/a.md", "content/_one.md", "content/inside/_two.md", "content/three.txt"];
    let texts: Vec<_> = paths.into_iter().zip(text.split(BETWEEN)).collect();
    with_site(|site| site.build(&texts));
}

/// The largest handbook that is built whole: every one is made from nothing.
const LARGEST: usize = 8 * 1024;

/// A whole handbook, written as a case of the tests.
pub fn handbook(bytes: &[u8]) {
    let text = text(bytes);
    let case = Case::parse(&text);
    // Escapes of cases are for people and may panic.
    if text.len() > LARGEST || case.parts.iter().any(|part| part.name.ends_with(" escaped")) {
        return;
    }
    let files = case.files();
    if files
        .keys()
        .any(|path| FilePath::new(path).is_none_or(|file| file.as_str() != path || path.is_empty()))
    {
        return;
    }
    let handbook = Handbook { files, today: jiff::civil::date(2026, 11, 21), ..Handbook::default() };
    site::check(&handbook.build());
}
