//! What a drawing is called and what it says, for those who do not see it.
//!
//! Owns title and description: the author's words (`accTitle`, `accDescr`, a title in the diagram), else the word that
//! the source begins with, and the texts in their order. No word of any language is added. Knows no HTML.

use super::drawing::Drawing;
use super::problem::first_line;
use super::references::decoded;
use super::svg_text::is_control;

/// The longest description, in characters.
const LENGTH: usize = 1500;

/// The title and the description of a drawing.
pub fn names(drawing: &Drawing, source: &str) -> (String, String) {
    let said = said(source);
    (said.title.unwrap_or_else(|| kind(source)), said.description.unwrap_or_else(|| texts(drawing)))
}

#[derive(Default)]
struct Description {
    title: Option<String>,
    description: Option<String>,
}

/// What the author says about the diagram.
fn said(source: &str) -> Description {
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

/// The word that the diagram begins with.
fn kind(source: &str) -> String {
    let body = match source.trim_start().strip_prefix("---") {
        Some(rest) => rest.split_once("\n---").map_or(rest, |(_, body)| body),
        None => source,
    };
    let line = &body[first_line(body)];
    line.split([' ', ':', ';', '\t']).next().unwrap_or("").trim_end_matches("-v2").to_owned()
}

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
        // Actors stand above and below, branches at each of their commits.
        if !text.is_empty() && !all.contains(&text) {
            all.push(text);
        }
    }
    cut(&all.join(" · "))
}

/// A text on one line, without what is not seen, and not too long.
fn cut(text: &str) -> String {
    let seen: String = text.chars().filter(|letter| letter.is_whitespace() || !is_control(*letter)).collect();
    let text = seen.split_whitespace().collect::<Vec<_>>().join(" ");
    match text.char_indices().nth(LENGTH) {
        None => text,
        Some((at, _)) => format!("{}…", &text[..at]),
    }
}
