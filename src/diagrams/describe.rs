//! The title and the description of a drawing, for readers who do not see it.
//!
//! Owns where both come from: the author's words (`accTitle`, `accDescr`, a title in the diagram), else the first
//! word of the source and the texts in their order. No word of any language is added.

use super::drawing::Drawing;
use super::problem::first_line;
use super::references::decoded;
use super::svg_text::is_control;

/// The longest description, in characters.
const LENGTH: usize = 1500;

/// The title and the description of a drawing.
pub fn title_and_description(drawing: &Drawing, source: &str) -> (String, String) {
    let said = authored_description(source);
    (said.title.unwrap_or_else(|| kind(source)), said.description.unwrap_or_else(|| texts(drawing)))
}

/// The title and the description that the author wrote.
#[derive(Default)]
struct Description {
    title: Option<String>,
    description: Option<String>,
}

/// Finds the author's own title and description in the source.
fn authored_description(source: &str) -> Description {
    let (mut said, mut plain_title) = (Description::default(), None);
    let mut lines = source.lines();
    while let Some(line) = lines.next() {
        let line = line.trim();
        if let Some(title) = value(line, "accTitle") {
            said.title.get_or_insert(title);
        } else if let Some(text) = value(line, "accDescr") {
            said.description.get_or_insert(text);
        } else if line.starts_with("accDescr") && line.trim_end().ends_with('{') {
            let inner: Vec<&str> =
                lines.by_ref().take_while(|line| line.trim() != "}").map(str::trim).collect();
            said.description.get_or_insert(inner.join(" "));
        } else if let Some(title) = line.strip_prefix("title:").or_else(|| line.strip_prefix("title ")) {
            plain_title.get_or_insert(title.trim().trim_matches(['"', '\'']).to_owned());
        } else if let Some((_, title)) =
            line.split_once(" title ").filter(|(kind, _)| kind.starts_with("pie"))
        {
            plain_title.get_or_insert(title.trim().to_owned());
        }
    }
    // `accTitle` wins over a title in the diagram, whichever comes first.
    said.title =
        said.title.or(plain_title).filter(|title| !title.is_empty()).map(|title| cut(&decoded(&title)));
    said.description = said.description.filter(|text| !text.is_empty()).map(|text| cut(&decoded(&text)));
    said
}

/// The text after `name:`.
fn value(line: &str, name: &str) -> Option<String> {
    let text = line.strip_prefix(name)?.trim_start().strip_prefix(':')?;
    Some(text.trim().to_owned())
}

/// The first word after the settings: the keyword of the diagram's type.
fn kind(source: &str) -> String {
    let body = match source.trim_start().strip_prefix("---") {
        Some(rest) => rest.split_once("\n---").map_or(rest, |(_, body)| body),
        None => source,
    };
    let line = &body[first_line(body)];
    line.split([' ', ':', ';', '\t']).next().unwrap_or("").trim_end_matches("-v2").to_owned()
}

/// The texts of the drawing in their order, each once.
fn texts(drawing: &Drawing) -> String {
    let mut all: Vec<String> = Vec::new();
    for words in drawing.texts() {
        let mut text = String::new();
        for run in &words.runs {
            if run.at.is_some() && !text.is_empty() && !text.ends_with(' ') {
                text.push(' ');
            }
            text.push_str(&run.text);
        }
        let text = text.trim().to_owned();
        // An actor has its name at the top and at the bottom, and a branch has its name at each commit.
        if !text.is_empty() && !all.contains(&text) {
            all.push(text);
        }
    }
    cut(&all.join(" · "))
}

/// A text on one line, without invisible characters, and cut after [`LENGTH`] characters.
fn cut(text: &str) -> String {
    let seen: String = text.chars().filter(|letter| letter.is_whitespace() || !is_control(*letter)).collect();
    let text = seen.split_whitespace().collect::<Vec<_>>().join(" ");
    match text.char_indices().nth(LENGTH) {
        None => text,
        Some((at, _)) => format!("{}…", &text[..at]),
    }
}
