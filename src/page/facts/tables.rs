//! Action items in tables, as analyses hold them.
//!
//! Owns which headings of columns mean what, in English and German. A table counts where one column says what is
//! done and another who does it, until when, or how far it is.

use std::collections::BTreeMap;

use super::actions::{Action, key};
use super::words::{bare, leading_handles, references};
use super::{State, dates, state};
use crate::markdown::{Block, Shape};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Column {
    Id,
    Text,
    Owner,
    Kind,
    Due,
    State,
    Link,
}

const COLUMNS: &[(&str, Column)] = &[
    ("id", Column::Id),
    ("no", Column::Id),
    ("nr", Column::Id),
    ("#", Column::Id),
    ("action", Column::Text),
    ("action item", Column::Text),
    ("actions", Column::Text),
    ("measure", Column::Text),
    ("task", Column::Text),
    ("todo", Column::Text),
    ("what", Column::Text),
    ("maßnahme", Column::Text),
    ("aufgabe", Column::Text),
    ("was", Column::Text),
    ("owner", Column::Owner),
    ("who", Column::Owner),
    ("responsible", Column::Owner),
    ("assignee", Column::Owner),
    ("assigned to", Column::Owner),
    ("wer", Column::Owner),
    ("verantwortlich", Column::Owner),
    ("zuständig", Column::Owner),
    ("type", Column::Kind),
    ("kind", Column::Kind),
    ("art", Column::Kind),
    ("due", Column::Due),
    ("due date", Column::Due),
    ("deadline", Column::Due),
    ("until", Column::Due),
    ("by when", Column::Due),
    ("bis", Column::Due),
    ("bis wann", Column::Due),
    ("frist", Column::Due),
    ("termin", Column::Due),
    ("state", Column::State),
    ("status", Column::State),
    ("stand", Column::State),
    ("link", Column::Link),
    ("issue", Column::Link),
    ("ticket", Column::Link),
    ("reference", Column::Link),
    ("bug", Column::Link),
];

/// The actions in the tables of a text, in order.
pub(super) fn read(blocks: &[Block]) -> Vec<Action> {
    let mut found = Vec::new();
    let mut columns: BTreeMap<u32, Column> = BTreeMap::new();
    let mut row: BTreeMap<Column, &Block> = BTreeMap::new();
    let mut anchor = None;
    let mut place = None;
    for block in blocks {
        let here = match block.shape {
            Shape::Cell { table, row, .. } => Some((table, row)),
            _ => None,
        };
        if here != place {
            found.extend(action(&std::mem::take(&mut row), &columns, &anchor));
        }
        match &block.shape {
            Shape::Heading { id, .. } => anchor = Some(id.clone()),
            Shape::Cell { row: 0, column, .. } => {
                if here.map(|(table, _)| table) != place.map(|(table, _)| table) {
                    columns.clear();
                }
                columns.extend(meaning(&block.text).map(|meaning| (*column, meaning)));
            }
            Shape::Cell { column, .. } => row.extend(columns.get(column).map(|meaning| (*meaning, block))),
            _ => {}
        }
        place = here;
    }
    found.extend(action(&row, &columns, &anchor));
    found
}

fn meaning(heading: &str) -> Option<Column> {
    // What stands in brackets explains: `Owner (role)`.
    let label =
        bare(heading.split(" (").next().unwrap_or(heading)).trim_end_matches([':', '.']).to_lowercase();
    COLUMNS.iter().find(|(name, _)| *name == label).map(|(_, column)| *column)
}

/// Whether a table with these columns lists actions.
fn lists_actions(columns: &BTreeMap<u32, Column>) -> bool {
    let has = |wanted: Column| columns.values().any(|column| *column == wanted);
    has(Column::Text) && (has(Column::Owner) || has(Column::Due) || has(Column::State))
}

fn action(
    row: &BTreeMap<Column, &Block>,
    columns: &BTreeMap<u32, Column>,
    anchor: &Option<String>,
) -> Option<Action> {
    let text = row.get(&Column::Text).filter(|_| lists_actions(columns))?;
    let said =
        |column: Column| row.get(&column).map(|block| bare(&block.text)).filter(|text| !is_blank(text));
    let owned = |text: &str| text.to_owned();
    let link = row.get(&Column::Link).copied();
    let urls = link.into_iter().chain([*text]).flat_map(|block| block.urls.iter().cloned());
    let urls: Vec<String> = urls.collect();
    let state = said(Column::State).and_then(state::of_note);
    Some(Action {
        owners: said(Column::Owner).map(owners).unwrap_or_default(),
        state: state.unwrap_or(if text.is_struck() { State::Dropped } else { State::Open }),
        due: said(Column::Due).and_then(dates::first).map(|(date, _)| date),
        id: said(Column::Id).map(owned),
        kind: said(Column::Kind).map(str::to_lowercase),
        link: urls.first().cloned().or(link.and_then(|block| block.paths.first().cloned())),
        references: references(&format!("{} {}", text.text, said(Column::Link).unwrap_or_default()), &urls),
        key: key(&text.text, None),
        text: text.text.split_whitespace().collect::<Vec<_>>().join(" "),
        said: None,
        anchor: anchor.clone(),
        span: text.span.clone(),
    })
}

fn is_blank(text: &str) -> bool {
    matches!(text.to_lowercase().as_str(), "" | "-" | "–" | "—" | "n/a" | "tbd" | "?" | "offen?")
}

fn owners(text: &str) -> Vec<String> {
    let (handles, rest) = leading_handles(text);
    if !handles.is_empty() && rest.trim().is_empty() {
        return handles;
    }
    text.split([',', ';', '&', '\n'])
        .map(|name| name.trim().to_owned())
        .filter(|name| !name.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::fixture::blocks;
    use super::*;

    #[test]
    fn tables_of_actions_are_read_and_others_are_not() {
        let text = "## A\n\n| # | Action | Owner | Due | Status | Issue |\n|-|-|-|-|-|-|\n| A1 | write | Team Ops | 2026-12-01 | done | [x](https://a.example/1) |\n| A2 | read | @a, @b | tbd | | |\n\n| Action | Effect |\n|-|-|\n| push | falls |\n";
        let found = read(&blocks(text));
        let say = |a: &Action| {
            format!(
                "{} {} [{}] {:?} {:?} {:?}",
                a.id.as_deref().unwrap_or_default(),
                a.text,
                a.owners.join(" "),
                a.state,
                a.due,
                a.link
            )
        };
        let want = [
            "A1 write [Team Ops] Done Some(2026-12-01) Some(\"https://a.example/1\")",
            "A2 read [@a @b] Open None None",
        ];
        assert_eq!(found.iter().map(say).collect::<Vec<_>>(), want);
    }
}
