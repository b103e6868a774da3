//! Action items in front matter.
//!
//! This module owns the meaning of the fields in the records of `actions`.

use super::ActionState;
use super::actions::{Action, key};
use super::note_words::references;
use crate::kinds::{PageFields, Record};

/// The actions in front matter, in order.
pub(super) fn read(data: &PageFields) -> Vec<Action> {
    let records = data.records("actions").into_iter().enumerate();
    records.filter_map(|(number, record)| action(data, number, record)).collect()
}

fn action(data: &PageFields, number: usize, record: &Record) -> Option<Action> {
    let text = record.text("text")?.trim();
    let link = record.text("link").map(str::to_owned);
    let urls: Vec<String> = link.iter().cloned().collect();
    let span = data.span(&format!("actions[{number}].text")).or_else(|| data.span("actions"))?;
    Some(Action {
        text: text.to_owned(),
        owners: record
            .texts("owner")
            .into_iter()
            .map(|owner| owner.trim().to_owned())
            .filter(|o| !o.is_empty())
            .collect(),
        state: state(record.text("state").unwrap_or_default()),
        due: record.date("due"),
        id: record.text("id").map(str::to_owned),
        kind: record.text("type").map(str::to_owned),
        references: references(text, &urls),
        link,
        key: key(text, None),
        said: None,
        anchor: None,
        span: span.clone(),
    })
}

fn state(name: &str) -> ActionState {
    let states = [ActionState::Doing, ActionState::Done, ActionState::Dropped];
    states.into_iter().find(|state| state.name() == name).unwrap_or(ActionState::Open)
}
