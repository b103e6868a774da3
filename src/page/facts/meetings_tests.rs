//! Meetings, in every form that people write.
//!
//! The notes are made up; their forms are those of minutes that people really wrote.

use super::super::fixture::{blocks, minutes};
use super::super::sections::topics;
use super::*;

fn file(name: &str) -> FilePath {
    FilePath::new(&format!("content/minutes/iaas/{name}.md")).unwrap()
}

fn meetings(name: &str, text: &str) -> (DateSource, Vec<Meeting>) {
    let blocks = blocks(text);
    let (dates, parts) = split(&blocks, &file(name), None);
    let topics = topics(&blocks, minutes());
    let sections = SectionIndex::new(&blocks, &topics, minutes());
    let found = parts.iter().filter_map(|part| read(part, sections, &[])).collect();
    (dates, found)
}

fn agenda(text: &str) -> Vec<String> {
    let say = |topic: &AgendaItem| format!("{} [{}]", topic.title, topic.sponsors.join(" "));
    meetings("20230612", text).1[0].agenda.iter().map(say).collect()
}

#[test]
fn the_name_of_the_file_is_the_date_and_the_heading_may_disagree() {
    let (dates, found) = meetings("20230320", "# 2024-03-20\n");
    assert_eq!(found[0].date.unwrap().to_string(), "2023-03-20");
    assert_eq!(dates.disagree().unwrap().1.0.to_string(), "2024-03-20");
    assert!(meetings("20230109", "# SIG on 2023-01–09\n").0.disagree().is_none());
    assert_eq!(meetings("notes", "## 2023-01-09\n").0.of_page().unwrap().to_string(), "2023-01-09");
    assert_eq!(meetings("notes", "### Participants\n").0.of_page(), None);
}

#[test]
fn one_file_may_hold_two_meetings() {
    let text = "# 2026-02-23\n\n## A\n\na\n\n# 2026-02-16\n\n## A\n\nb\n";
    let (dates, found) = meetings("20260223", text);
    let days: Vec<String> = found.iter().map(|meeting| meeting.date.unwrap().to_string()).collect();
    assert_eq!(days, ["2026-02-23", "2026-02-16"]);
    assert_eq!(found[1].anchor.as_deref(), Some("2026-02-16"));
    assert!(dates.disagree().is_none());
    let one = "# Board 2026-02-23\n\n## Release 2026-03-01\n\n## 2026-04-01 freeze\n\n# Plan 2027-01-01\n";
    assert_eq!(meetings("20260223", one).1.len(), 1);
}

#[test]
fn people_are_counted_in_every_form() {
    let people = |text: &str| {
        let people = meetings("20230612", text).1.remove(0).people;
        (people.count, people.handles.join(" "))
    };
    assert_eq!(
        people("### :family: Participants\n\n- @a\n- @b (late)\n- Kurt\n\n### Agenda\n\n- @c\n"),
        (3, "@a @b".into())
    );
    assert_eq!(people("# 2023-06-12 ## Participants (handles)\n\n- @a\n"), (1, "@a".into()));
    assert_eq!(people("## Teilnehmende\n\n@a, @b und @a\n"), (2, "@a @b".into()));
    assert_eq!(people("## Attendees\n\nKurt, Ada, Bob\n"), (3, String::new()));
    assert_eq!(people("## Agenda\n\n- @a\n"), (0, String::new()));
}

#[test]
fn the_agenda_is_read_from_headings_or_items() {
    let headed = "# 2023-06-12\n\n## Agenda\n\n### Backups (@a / @b)\n\nx\n\n### Disks\n\nsponsor: @c\n\n## AIs\n\n- x\n";
    assert_eq!(agenda(headed), ["Backups [@a @b]", "Disks [@c]"]);
    assert_eq!(
        agenda("## 2023-06-12\n\n### Agenda:\n\n- Backups (@a)\n  - note\n- Disks\n  - sponsor: @c\n"),
        ["Backups [@a]", "Disks [@c]"]
    );
    assert_eq!(
        agenda("# 2023-06-12\n\n## Participants\n\n- @a\n\n## Backups\n\nx\n\n## Empty\n"),
        ["Backups []"]
    );
    assert_eq!(
        agenda("#### Agenda\n\n#### Backups\n\nx\n\n#### Disks (@b)\n\ny\n"),
        ["Backups []", "Disks [@b]"]
    );
}

#[test]
fn digests_point_to_the_minutes_of_others() {
    let text = "# Weekly 2022-09-22\n\n## Meta\n\n- Minutes: Kurt\n\n### Team A\n\nMinutes: https://a.example/m/a/20220921.md\n\n- x\n\n### Team B\n\nMinutes not available yet: https://a.example/m/b\n\n### Team C\n\nMinutes: [there](../c/1.md)\n\n### Empty\n";
    let found = meetings("20220922", text).1.remove(0).digests;
    let say = |digest: &GroupSummary| format!("{} {} {}", digest.title, digest.available, digest.link);
    let want = [
        "Team A true https://a.example/m/a/20220921.md",
        "Team B false https://a.example/m/b",
        "Team C true ../c/1.md",
    ];
    assert_eq!(found.iter().map(say).collect::<Vec<_>>(), want);
}

#[test]
fn the_folder_names_the_group() {
    let group = |path: &str| group_of(&FilePath::new(path).unwrap(), "content");
    assert_eq!(group("content/minutes/iaas/20230612.md").as_deref(), Some("iaas"));
    assert_eq!(group("content/iam/20240830-workshop/minutes.md").as_deref(), Some("iam"));
    assert_eq!(group("content/iam/2024/0830.md").as_deref(), Some("iam"));
    assert_eq!(group("content/minutes/20230612.md"), None);
    assert_eq!(group("content/20230612.md"), None);
}
