//! Action items, in every form that people write.
//!
//! The notes are made up; their forms are those of minutes that people really wrote.

use super::super::fixture::{blocks, minutes as kind};
use super::super::sections::topics;
use super::*;

fn read_in(text: &str, genre: NotesGenre) -> Vec<Action> {
    let blocks = blocks(text);
    read(SectionIndex::new(&blocks, &topics(&blocks, kind()), kind()), genre)
}

fn found(text: &str, genre: NotesGenre) -> Vec<String> {
    let say = |action: &Action| {
        let state = match action.state {
            ActionState::Open => "open",
            ActionState::Doing => "doing",
            ActionState::Done => "done",
            ActionState::Dropped => "dropped",
        };
        let due = action.due.map(|date| format!(" by {date}")).unwrap_or_default();
        format!("{} [{}] {state}{due}", action.text, action.owners.join(" "))
    };
    read_in(text, genre).iter().map(say).collect()
}

fn minutes(text: &str) -> Vec<String> {
    found(text, NotesGenre::Minutes)
}

#[test]
fn markers_are_found_in_items_paragraphs_and_lines() {
    let text = "- AI @ada: write the\n  long page\n- talk\n  - _AI @bob & @eve_: read it\n\nWe said a.\n=> AI @ada does b\nAI @bob: c\n";
    let want = [
        "write the long page [@ada] open",
        "read it [@bob @eve] open",
        "does b [@ada] open",
        "c [@bob] open",
    ];
    assert_eq!(minutes(text), want);
}

#[test]
fn notes_beneath_an_action_tell_its_state() {
    let text = "- AI @a: one\n  - started\n  - done; see issues#3\n- AI @a: two\n  - ongoing\n- AI @a: three\n  - we talked\n- ~~AI @a: four~~\n- [x] AI @a: five\n- AI @a: six (done)\n";
    let want = [
        "one [@a] done",
        "two [@a] doing",
        "three [@a] open",
        "four [@a] dropped",
        "five [@a] done",
        "six [@a] done",
    ];
    assert_eq!(minutes(text), want);
}

#[test]
fn an_action_that_is_struck_through_is_closed() {
    for (text, want) in [
        ("- ~~AI @kurt order NVMe~~ done\n", "order NVMe [@kurt] done"),
        ("- ~~AI @kurt order NVMe~~\n", "order NVMe [@kurt] dropped"),
        ("- ~~AI @kurt: order NVMe~~ (cancelled)\n", "order NVMe [@kurt] dropped"),
        ("- ~~AI @kurt: order NVMe~~ we have enough\n", "order NVMe [@kurt] dropped"),
        ("- ~~AI @kurt: order NVMe~~ in progress\n", "order NVMe [@kurt] dropped"),
        ("- ~~AI @kurt: order NVMe~~\n  - done; see issues#3\n", "order NVMe [@kurt] done"),
        ("- [ ] ~~@kurt: order NVMe~~ erledigt\n", "order NVMe [@kurt] done"),
        ("## Action items\n\n- ~~@kurt: order NVMe~~ done\n", "order NVMe [@kurt] done"),
        ("AI @kurt: order ~~NVMe~~ disks\n", "order NVMe disks [@kurt] open"),
    ] {
        assert_eq!(minutes(text), [want], "{text}");
    }
    assert_eq!(minutes("~~AI @a: one~~ done\nAI @b: two\n"), ["one [@a] done", "two [@b] open"]);
}

#[test]
fn a_marker_without_text_takes_it_from_beneath_or_above() {
    assert_eq!(minutes("- AI @a:\n  - write\n  - read\n"), ["write [@a] open", "read [@a] open"]);
    assert_eq!(minutes("- To Do:\n    - write\n    - read (@b)\n"), ["write [] open", "read [@b] open"]);
    assert_eq!(minutes("- write the page:\n  - AI @a\n"), ["write the page [@a] open"]);
    assert_eq!(minutes("## Page\n\nAI @a\n"), ["Page [@a] open"]);
    assert_eq!(minutes("**Action items:**\n\n- @a: write\n- read\n"), ["write [@a] open", "read [] open"]);
}

#[test]
fn tasks_are_actions_of_meetings() {
    let text = "## Participants\n\n- [x] @a\n\n## Topics\n\n- [ ] @a: write until 2026-12-01\n- [x] read (@b)\n- plain\n";
    assert_eq!(minutes(text), ["write until 2026-12-01 [@a] open by 2026-12-01", "read [@b] done"]);
    assert_eq!(found(text, NotesGenre::Report), Vec::<String>::new());
}

#[test]
fn sections_of_actions_list_nothing_else() {
    let text = "## Follow-up actions\n\n### Soon\n\n- A-1: write (owner: Team Ops), due 2026-12-01\n  - note\n- [x] read\n\n## More\n\n- no\n";
    let want = ["write (owner: Team Ops), due 2026-12-01 [Team Ops] open by 2026-12-01", "read [] done"];
    assert_eq!(found(text, NotesGenre::Report), want);
    assert_eq!(minutes("## Action items\n\n- none\n"), Vec::<String>::new());
    assert_eq!(
        minutes("## Check AIs from last time\n\n- @a: write\n  - done\n- we talked\n"),
        ["write [@a] done"]
    );
}

#[test]
fn nothing_is_invented() {
    let text = "# AI day\n\n## AI from last meeting\n\nThe AI models are large. AI/ML needs power.\n\n- AI workloads\n- Use of AI: see [here](https://a.example)\n\n`AI @a: code`\n\n```\nAI @a: code\n```\n<!-- AI @a: hidden -->\n";
    assert_eq!(minutes(text), Vec::<String>::new());
}

#[test]
fn the_key_forgets_dates_and_states() {
    let text = "- AI @a: Write *it* until 2026-12-01\n- AI @a: write it (done)\n";
    let keys: Vec<String> = read_in(text, NotesGenre::Minutes).into_iter().map(|action| action.key).collect();
    assert_eq!(keys, ["write it", "write it"]);
}
