//! Action items in tables, as in analyses.
//!
//! This module owns which tables list actions: those with a column for the text of an action and another for its owner,
//! its due date or its state. The headings of columns are in the lexicon.

use std::collections::BTreeMap;

use super::actions::{Action, key};
use super::note_words::{bare, leading_handles, references};
use super::{ActionState, action_state, dates};
use crate::lexicon::Lexicon;
use crate::markdown::{Block, TextBlockType};

/// The content of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum ColumnMeaning {
    Id,
    Text,
    Owner,
    Kind,
    Due,
    State,
    Link,
}

/// The actions in the tables of a text, in order.
pub(super) fn read(blocks: &[Block]) -> Vec<Action> {
    let mut found = Vec::new();
    let mut columns: BTreeMap<u32, ColumnMeaning> = BTreeMap::new();
    let mut row: BTreeMap<ColumnMeaning, &Block> = BTreeMap::new();
    let mut anchor = None;
    let mut place = None;
    for block in blocks {
        let here = match block.shape {
            TextBlockType::Cell { table, row, .. } => Some((table, row)),
            _ => None,
        };
        // Where the row ends, it is complete.
        if here != place {
            found.extend(action(&std::mem::take(&mut row), &columns, &anchor));
        }
        match &block.shape {
            TextBlockType::Heading { id, .. } => anchor = Some(id.clone()),
            TextBlockType::Cell { row: 0, column, .. } => {
                if here.map(|(table, _)| table) != place.map(|(table, _)| table) {
                    columns.clear();
                }
                columns.extend(meaning(&block.text).map(|meaning| (*column, meaning)));
            }
            TextBlockType::Cell { column, .. } => {
                row.extend(columns.get(column).map(|meaning| (*meaning, block)))
            }
            _ => {}
        }
        place = here;
    }
    found.extend(action(&row, &columns, &anchor));
    found
}

fn meaning(heading: &str) -> Option<ColumnMeaning> {
    // Brackets hold an explanation: `Owner (role)`.
    let label =
        bare(heading.split(" (").next().unwrap_or(heading)).trim_end_matches([':', '.']).to_lowercase();
    let words = &Lexicon::all().columns;
    let lists = [
        (&words.id, ColumnMeaning::Id),
        (&words.text, ColumnMeaning::Text),
        (&words.owner, ColumnMeaning::Owner),
        (&words.kind, ColumnMeaning::Kind),
        (&words.due, ColumnMeaning::Due),
        (&words.state, ColumnMeaning::State),
        (&words.link, ColumnMeaning::Link),
    ];
    match label.as_str() {
        "#" => Some(ColumnMeaning::Id),
        label => lists.into_iter().find(|(list, _)| list.contains(label)).map(|(_, column)| column),
    }
}

/// Whether a table with these columns lists actions.
fn lists_actions(columns: &BTreeMap<u32, ColumnMeaning>) -> bool {
    let has = |wanted: ColumnMeaning| columns.values().any(|column| *column == wanted);
    has(ColumnMeaning::Text)
        && (has(ColumnMeaning::Owner) || has(ColumnMeaning::Due) || has(ColumnMeaning::State))
}

fn action(
    row: &BTreeMap<ColumnMeaning, &Block>,
    columns: &BTreeMap<u32, ColumnMeaning>,
    anchor: &Option<String>,
) -> Option<Action> {
    let text = row.get(&ColumnMeaning::Text).filter(|_| lists_actions(columns))?;
    let said = |column: ColumnMeaning| {
        row.get(&column).map(|block| bare(&block.text)).filter(|text| !is_blank(text))
    };
    let owned = |text: &str| text.to_owned();
    let link = row.get(&ColumnMeaning::Link).copied();
    let urls = link.into_iter().chain([*text]).flat_map(|block| block.urls.iter().cloned());
    let urls: Vec<String> = urls.collect();
    let state = said(ColumnMeaning::State).and_then(action_state::of_note);
    Some(Action {
        owners: said(ColumnMeaning::Owner).map(owners).unwrap_or_default(),
        state: state.unwrap_or(if text.is_struck() { ActionState::Dropped } else { ActionState::Open }),
        due: said(ColumnMeaning::Due).and_then(dates::first).map(|(date, _)| date),
        id: said(ColumnMeaning::Id).map(owned),
        kind: said(ColumnMeaning::Kind).map(str::to_lowercase),
        link: urls.first().cloned().or(link.and_then(|block| block.paths.first().cloned())),
        references: references(
            &format!("{} {}", text.text, said(ColumnMeaning::Link).unwrap_or_default()),
            &urls,
        ),
        key: key(&text.text, None),
        text: text.text.split_whitespace().collect::<Vec<_>>().join(" "),
        said: None,
        anchor: anchor.clone(),
        span: text.span.clone(),
    })
}

fn is_blank(text: &str) -> bool {
    matches!(text, "" | "-" | "–" | "—" | "?")
        || Lexicon::all().nothing.cells.contains(text.to_lowercase().as_str())
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
