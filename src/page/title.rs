//! The title and the description of a page.
//!
//! Owns where they come from, in order of precedence, and how long they may be.

use super::facts::Facts;
use super::page_files::{own_name, section_rank};
use super::{FrontMatter, ParseContext, ReadPage};
use crate::bounds::TITLE_BYTES;
use crate::diagnostic::Diagnostic;
use crate::kinds;
use crate::markdown::Document;
use crate::path::FilePath;
use crate::source::Source;
use crate::strings::Strings;

/// The title of a page, at most as long as [`TITLE_BYTES`] allows. A longer one is cut and reported.
pub(super) fn title(
    source: &Source,
    page: &mut ReadPage,
    facts: &Facts,
    context: &ParseContext<'_>,
) -> String {
    let ReadPage { front, document, diagnostics, .. } = page;
    let mut title = whole_title(&source.path, front, facts, document, context);
    if TITLE_BYTES.is_exceeded(title.len()) {
        let span = match &document.title {
            Some(heading) if front.title.is_none() => heading.span.clone(),
            _ => front.span(&source.path, "title"),
        };
        let message = format!("the title has {} bytes; at most {} are shown", title.len(), TITLE_BYTES.most);
        let problem = Diagnostic::new(TITLE_BYTES.rule, span, message);
        diagnostics.push(problem.help("write a short `title` in the front matter"));
        title.truncate(title.floor_char_boundary(TITLE_BYTES.most));
    }
    title
}

/// The title from front matter, else the heading at the beginning of the text, else one made from the file name.
fn whole_title(
    file: &FilePath,
    front: &FrontMatter,
    facts: &Facts,
    document: &Document,
    context: &ParseContext<'_>,
) -> String {
    if let Some(title) = &front.title {
        return title.clone();
    }
    // Before the heading, because the heading of such minutes is only a date.
    if let Some(title) = title_of_meeting(facts, document) {
        return title;
    }
    match heading(document) {
        Some(heading) => heading.to_owned(),
        None => title_of_file(file, front, context),
    }
}

/// The description from front matter, else the beginning of the first paragraph.
pub(super) fn description(page: &ReadPage) -> String {
    match &page.front.description {
        Some(description) => description.clone(),
        None => shorten(&page.document.first_paragraph),
    }
}

/// The title of a page that names none: for the home page that of the handbook, else one made from the file name.
pub(super) fn title_of_file(file: &FilePath, front: &FrontMatter, context: &ParseContext<'_>) -> String {
    let config = context.config();
    if section_rank(file).is_some() && file.folder() == config.content {
        return config.title.clone();
    }
    title_of_name(file, context.words(front))
}

/// The heading at the beginning of the text.
fn heading(document: &Document) -> Option<&str> {
    document.title.as_ref().map(|heading| heading.text.as_str()).filter(|text| !text.is_empty())
}

/// The title of minutes whose only heading is a date, or that have none: the group and the day.
pub(super) fn title_of_meeting(facts: &Facts, document: &Document) -> Option<String> {
    let (date, group) = (facts.meetings.first()?.date?, facts.group.as_ref()?);
    let names_something = heading(document).is_some_and(|heading| heading.chars().any(char::is_alphabetic));
    (!names_something).then(|| format!("{}, {date}", kinds::capital(group)))
}

/// A title made from the name of a file or, for a section, of its folder.
pub fn title_of_name(file: &FilePath, t: &Strings) -> String {
    let title = kinds::capital(own_name(file));
    if title.is_empty() { t.say("page.untitled").to_owned() } else { title }
}

/// The first 200 characters of a text, cut at the end of a word.
fn shorten(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let Some((end, _)) = text.char_indices().nth(200) else { return text };
    // A space in the first half is not used: a cut there would lose most of the text.
    let cut = text[..end].rfind(' ').filter(|at| *at > end / 2).unwrap_or(end);
    format!("{}…", text[..cut].trim_end_matches([',', '.', ':', ';', ' ']))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strings::Languages;

    #[test]
    fn descriptions_end_at_a_word() {
        let long = "word ".repeat(60);
        let short = shorten(&long);
        assert!(short.ends_with("word…") && short.chars().count() <= 201, "{short}");
        assert_eq!(shorten("a\n b"), "a b");
    }

    #[test]
    fn names_become_titles() {
        let title = |path: &str| {
            title_of_name(&FilePath::new(path).unwrap(), Languages::built_in().for_language("en"))
        };
        assert_eq!(title("content/post-mortem.md"), "Post mortem");
        assert_eq!(title("content/run-books/_index.md"), "Run books");
    }
}
