//! `registers/actions.json`: every action item, the oldest open one first.
//!
//! Owns this one file; there is none where nobody shall do anything. The due dates as a calendar are in `calendar`.

use std::sync::Arc;

use serde::Serialize;

use super::{FORMAT, PageRef, json, page};
use crate::emit::later;
use crate::output::Output;
use crate::site::Site;
use crate::site::registers::{ActionItem, Saying};

const PATH: &str = "registers/actions.json";

#[derive(Serialize)]
struct Data<'a> {
    format: u32,
    /// The day that ages are counted to.
    today: String,
    actions: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct Row<'a> {
    uid: &'a str,
    /// Its name in an analysis.
    id: Option<&'a str>,
    text: &'a str,
    /// Handles with `@`, else names or roles.
    owners: &'a [String],
    /// `open`, `doing`, `done` or `dropped`.
    state: &'static str,
    kind: Option<&'a str>,
    due: Option<String>,
    overdue: bool,
    link: Option<&'a str>,
    group: Option<&'a str>,
    first_seen: Option<String>,
    last_seen: Option<String>,
    /// How many meetings or pages name it.
    seen: usize,
    /// From the first to the last of them.
    days_carried: u32,
    /// Until it was closed, else until today.
    age_days: Option<u32>,
    sources: Vec<Source<'a>>,
}

/// A meeting or page that names the item.
#[derive(Serialize)]
struct Source<'a> {
    page: PageRef<'a>,
    anchor: Option<&'a str>,
    date: Option<String>,
    state: &'static str,
}

pub fn emit(site: &Arc<Site>) -> Vec<Output> {
    if site.registers.actions.items.is_empty() {
        return Vec::new();
    }
    vec![later(site, PATH, text)]
}

fn text(site: &Site) -> String {
    json(&Data {
        format: FORMAT,
        today: site.today.to_string(),
        actions: site.registers.actions.items.iter().map(|item| row(site, item)).collect(),
    })
}

fn row<'a>(site: &'a Site, item: &'a ActionItem) -> Row<'a> {
    Row {
        uid: &item.uid,
        id: item.id.as_deref(),
        text: &item.text,
        owners: &item.owners,
        state: item.state.name(),
        kind: item.kind.as_deref(),
        due: item.due.map(|day| day.to_string()),
        overdue: item.overdue,
        link: item.link.as_deref(),
        group: item.group.as_deref(),
        first_seen: item.first().map(|day| day.to_string()),
        last_seen: item.last().map(|day| day.to_string()),
        seen: item.carried(),
        days_carried: item.span(),
        age_days: item.age,
        sources: item.sayings.iter().map(|saying| source(site, saying)).collect(),
    }
}

fn source<'a>(site: &'a Site, saying: &'a Saying) -> Source<'a> {
    Source {
        page: page(site, PATH, saying.page),
        anchor: saying.anchor.as_deref(),
        date: saying.date.map(|day| day.to_string()),
        state: saying.state.name(),
    }
}

#[cfg(test)]
mod tests {
    use crate::emit::fixture::{site, text};
    use serde_json::Value;

    fn actions(files: &[(&str, &str)]) -> Vec<Value> {
        let site = site(files, None);
        let json: Value = serde_json::from_str(&text(&super::emit(&site), super::PATH)).unwrap();
        json["actions"].as_array().unwrap().clone()
    }

    /// Minutes every fortnight, each with the same item in other words.
    fn carried(meetings: i32) -> Vec<(String, String)> {
        let first = jiff::civil::date(2026, 1, 8);
        let page = |number: i32| {
            let day = first.checked_add(jiff::Span::new().days(14 * number)).unwrap();
            let text = format!(
                "---\nkind: minutes\n---\n# {day}\n\n## AIs from last time\n\n- _AI @ada: variant {number} of the \
                 export, see https://forge.example/o/issues/issues/33_\n  - still open\n- AI @bob: other {number}\n"
            );
            (format!("content/minutes/iaas/{}.md", day.strftime("%Y%m%d")), text)
        };
        (0..meetings).map(page).collect()
    }

    #[test]
    fn an_item_that_minutes_carry_is_one_item() {
        let files = carried(21);
        let files: Vec<(&str, &str)> =
            files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        let actions = actions(&files);
        assert_eq!(actions.len(), 22);
        let item = &actions[0];
        assert_eq!(item["seen"], 21);
        assert_eq!(item["days_carried"], 280);
        assert_eq!((&item["first_seen"], &item["last_seen"]), (&"2026-01-08".into(), &"2026-10-15".into()));
        assert_eq!(item["age_days"], 317, "to 2026-11-21");
        assert_eq!(item["state"], "open");
        assert_eq!(item["sources"].as_array().unwrap().len(), 21);
    }

    #[test]
    fn a_later_done_closes_and_other_groups_and_owners_are_apart() {
        let minutes = |items: &str| format!("---\nkind: minutes\n---\n{items}");
        let (first, second) = (
            minutes("- AI @a: write it\n- AI @b: write it\n- AI: read it\n"),
            minutes("- AI @A: Write it.\n  - done\n- AI @c: read it\n"),
        );
        let actions = actions(&[
            ("content/minutes/x/20261101.md", &first),
            ("content/minutes/x/20261108.md", &second),
            ("content/minutes/y/20261108.md", &minutes("- AI @b: write it\n")),
        ]);
        let say = |a: &Value| {
            format!(
                "{} {} {} {}",
                a["text"].as_str().unwrap(),
                a["owners"][0].as_str().unwrap_or("-"),
                a["state"].as_str().unwrap(),
                a["seen"]
            )
        };
        let want = ["write it @b open 1", "read it @c open 2", "write it @b open 1", "Write it. @A done 2"];
        assert_eq!(actions.iter().map(say).collect::<Vec<_>>(), want);
    }

    #[test]
    fn what_is_asked_for_again_after_it_was_done_is_a_new_item() {
        let minutes = |note: &str| format!("---\nkind: minutes\n---\n- AI @a: prepare the release{note}\n");
        let actions = actions(&[
            ("content/minutes/x/20261101.md", &minutes(" (done)")),
            ("content/minutes/x/20261108.md", &minutes("")),
        ]);
        assert_eq!(actions.len(), 2);
    }
}
