//! Plots of registers, and the state on the home page: every number is computed a second time from the source.
//!
//! Owns handbooks with few and many incidents whose facts the test knows, and the comparison with the descriptions of
//! the drawings, the tables behind them, and the figures of the home page.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::{Date, date};
use opsbook::asset::Change;
use opsbook::memo::Retention;
use opsbook::path::FilePath;
use opsbook::pipeline::Engine;

use crate::support::handbook::{self, Built, Handbook, Look};
use crate::support::random::Random;

const TODAY: Date = date(2026, 11, 23);
const SEVERITIES: [&str; 3] = ["SEV1", "SEV2", "SEV4"];
const SERVICES: [&str; 4] = ["Block storage", "DNS", "Object storage", "Registry"];
const CAUSES: [&str; 4] = ["capacity", "certificate", "change", "hardware"];

/// What the test writes into an analysis.
struct Facts {
    day: Date,
    severity: &'static str,
    services: Vec<&'static str>,
    causes: Vec<&'static str>,
    /// Minutes from the beginning to each point in time.
    minutes: [usize; 3],
    is_done: bool,
}

fn facts(random: &mut Random, count: usize) -> Vec<Facts> {
    let some = |random: &mut Random, of: &[&'static str]| -> Vec<&'static str> {
        let taken: BTreeSet<usize> = (0..=random.below(2)).map(|_| random.below(of.len())).collect();
        taken.into_iter().map(|at| of[at]).collect()
    };
    let one = |random: &mut Random| {
        let back = i64::try_from(1 + random.below(330)).unwrap();
        let detected = random.below(90);
        let acknowledged = detected + random.below(30);
        Facts {
            day: TODAY.checked_sub(jiff::Span::new().days(back)).unwrap(),
            severity: SEVERITIES[random.below(SEVERITIES.len())],
            services: some(random, &SERVICES),
            causes: some(random, &CAUSES),
            minutes: [detected, acknowledged, acknowledged + random.below(3000)],
            is_done: random.one_in(2),
        }
    };
    (0..count).map(|_| one(random)).collect()
}

fn page(number: usize, facts: &Facts) -> String {
    let time = |minutes: usize| format!("{}T{:02}:{:02}:00Z", facts.day, minutes / 60, minutes % 60);
    // Later than a day is written as days.
    let late = |minutes: usize| {
        let days = i64::try_from(minutes / 1440).unwrap();
        let day = facts.day.checked_add(jiff::Span::new().days(days)).unwrap();
        format!("{day}T{:02}:{:02}:00Z", minutes / 60 % 24, minutes % 60)
    };
    let [detected, acknowledged, mitigated] = facts.minutes;
    format!(
        "---\ntitle: Failure {number}\nkind: rca\nreport_state: final\nseverity: {}\nservices: [{}]\ncause_class: [{}]\n\
         started: {}\ndetected: {}\nacknowledged: {}\nmitigated: {}\nresolved: {}\ndate: {}\n---\n\
         ## Action items\n\n| ID | Action | Owner | State |\n|---|---|---|---|\n| A-{number} | Do {number} | @ops | {} |\n",
        facts.severity,
        facts.services.join(", "),
        facts.causes.join(", "),
        time(0),
        late(detected),
        late(acknowledged),
        late(mitigated),
        late(mitigated),
        facts.day,
        if facts.is_done { "done" } else { "open" },
    )
}

fn built(facts: &[Facts], settings: &str, more: &[(&str, &str)]) -> Built {
    let mut files = BTreeMap::from([
        ("book.toml".to_owned(), format!("[book]\ntitle = \"H\"\n{settings}").into_bytes()),
        ("content/_index.md".to_owned(), b"# Home\n".to_vec()),
    ]);
    for (number, facts) in facts.iter().enumerate() {
        files.insert(format!("content/rcas/f{number:04}.md"), page(number, facts).into_bytes());
    }
    files.extend(more.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())));
    Handbook { files, look: Look::BuiltIn, today: TODAY }.build()
}

fn html<'b>(built: &'b Built, path: &str) -> &'b str {
    std::str::from_utf8(&built.outputs[path]).unwrap()
}

/// The description of a drawing.
fn description(html: &str, name: &str) -> String {
    let begin = format!("<desc id=\"ob-plot-{name}-d\">");
    let rest = html.split(&begin).nth(1).unwrap_or_else(|| panic!("no drawing {name}"));
    rest.split("</desc>").next().unwrap().to_owned()
}

/// The rows of the table behind a plot, with their cells as text.
fn rows(html: &str, name: &str) -> Vec<Vec<String>> {
    let figure = html
        .split("<figure class=\"ob-figure")
        .find(|figure| figure.contains(&format!("id=\"ob-plot-{name}\"")))
        .unwrap();
    let body = figure.split("<tbody>").nth(1).unwrap().split("</tbody>").next().unwrap();
    let text = |cell: &str| {
        let inner = cell.split_once('>').unwrap().1.split("</t").next().unwrap();
        inner.split('<').map(|part| part.rsplit('>').next().unwrap()).collect::<String>()
    };
    let cells =
        |row: &str| row.split("<t").skip(1).filter(|cell| cell.starts_with(['h', 'd'])).map(text).collect();
    body.split("<tr>").skip(1).map(cells).collect()
}

fn month(day: Date) -> String {
    day.strftime("%Y-%m").to_string()
}

/// Counts as the description of a category writes them.
fn said(counts: &BTreeMap<&str, usize>) -> String {
    let parts: Vec<String> = counts.iter().map(|(name, count)| format!("{name} {count}")).collect();
    parts.join(", ")
}

const INCIDENTS: &str = "registers/incidents/index.html";

#[test]
fn incidents_are_drawn_by_month_and_severity() {
    for count in [3, 12, 400] {
        let facts = facts(&mut Random::new(count as u64), count);
        let built = built(&facts, "", &[]);
        let mut months: BTreeMap<String, BTreeMap<&str, usize>> = BTreeMap::new();
        for fact in &facts {
            *months.entry(month(fact.day)).or_default().entry(fact.severity).or_default() += 1;
        }
        let expected: Vec<String> =
            months.iter().map(|(month, counts)| format!("{month}: {}", said(counts))).collect();
        let html = html(&built, INCIDENTS);
        assert_eq!(description(html, "months-0"), expected.join("; "));
        let total: usize = rows(html, "months")
            .iter()
            .flat_map(|row| &row[1..])
            .map(|cell| cell.parse::<usize>().unwrap())
            .sum();
        assert_eq!(total, count);
    }
}

#[test]
fn times_have_their_number_ends_and_median() {
    for count in [3, 12, 401] {
        let facts = facts(&mut Random::new(count as u64 + 1), count);
        let built = built(&facts, "", &[]);
        let duration = |minutes: usize| match minutes {
            0 => "0 s".to_owned(),
            minutes if minutes < 60 => format!("{minutes} min"),
            minutes if minutes < 2880 && minutes % 60 == 0 => format!("{} h", minutes / 60),
            minutes if minutes < 2880 => format!("{} h {} min", minutes / 60, minutes % 60),
            minutes if minutes / 60 % 24 == 0 => format!("{} d", minutes / 1440),
            minutes => format!("{} d {} h", minutes / 1440, minutes / 60 % 24),
        };
        for (number, name) in ["Time to detect", "Time to acknowledge", "Time to mitigate"].iter().enumerate()
        {
            let mut minutes: Vec<usize> = facts.iter().map(|fact| fact.minutes[number]).collect();
            minutes.sort_unstable();
            let median = (minutes[(count - 1) / 2] + minutes[count / 2]) / 2;
            let [least, most, median] = [minutes[0], minutes[count - 1], median].map(duration);
            let expected = format!("{name}: {count}; {least} – {most}; median {median}");
            assert_eq!(description(html(&built, INCIDENTS), &format!("times-{number}")), expected);
        }
        assert_eq!(rows(html(&built, INCIDENTS), "times").len(), count.min(300));
    }
}

#[test]
fn a_date_after_today_moves_no_axis() {
    let mut facts = facts(&mut Random::new(11), 12);
    facts[0].day = date(2206, 1, 1);
    let built = built(&facts, "", &[]);
    let page = html(&built, INCIDENTS);
    let last = rows(page, "months").pop().unwrap();
    assert_eq!(last[0], "2026-11");
    assert!(description(page, "times-0").starts_with("Time to detect: 11; "));
    assert_eq!(rows(page, "times").len(), 11);
    let course = rows(html(&built, "registers/actions/index.html"), "course");
    assert_eq!(course.last().unwrap()[0], "2026-11");
}

#[test]
fn services_are_drawn_by_month() {
    let facts = facts(&mut Random::new(3), 60);
    let built = built(&facts, "", &[]);
    let mut services: BTreeMap<&str, BTreeMap<String, usize>> = BTreeMap::new();
    for fact in &facts {
        for service in &fact.services {
            *services.entry(service).or_default().entry(month(fact.day)).or_default() += 1;
        }
    }
    let mut services: Vec<_> = services.into_iter().collect();
    services.sort_by_key(|(_, months)| std::cmp::Reverse(months.values().sum::<usize>()));
    let line = |(service, months): &(&str, BTreeMap<String, usize>)| {
        let months = months.iter().map(|(month, count)| (month.as_str(), *count)).collect();
        format!("{service}: {}", said(&months))
    };
    let expected: Vec<String> = services.iter().map(line).collect();
    for page in [INCIDENTS, "registers/incidents/services/index.html"] {
        assert_eq!(description(html(&built, page), "services-0"), expected.join("; "));
    }
}

#[test]
fn causes_have_their_share_so_far() {
    let facts = facts(&mut Random::new(4), 45);
    let built = built(&facts, "", &[]);
    let mut causes: BTreeMap<&str, usize> = BTreeMap::new();
    for cause in facts.iter().flat_map(|fact| &fact.causes) {
        *causes.entry(cause).or_default() += 1;
    }
    let total: usize = causes.values().sum();
    let mut causes: Vec<_> = causes.into_iter().collect();
    causes.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let mut sum = 0;
    let mut expected = Vec::new();
    for (cause, count) in causes {
        sum += count;
        expected.push(vec![cause.to_owned(), count.to_string(), format!("{} %", sum * 100 / total)]);
    }
    let html = html(&built, INCIDENTS);
    assert_eq!(rows(html, "causes"), expected);
    let said: Vec<String> =
        expected.iter().map(|row| format!("{}: {}, {}", row[0], row[1], row[2])).collect();
    assert_eq!(description(html, "causes-0"), said.join("; "));
}

#[test]
fn one_or_two_incidents_are_a_table_and_no_plot() {
    for count in [0, 1, 2] {
        let facts = facts(&mut Random::new(9), count);
        let built = built(&facts, "", &[]);
        match built.outputs.get(INCIDENTS) {
            None => assert_eq!(count, 0),
            Some(page) => {
                let page = String::from_utf8_lossy(page);
                assert!(!page.contains("ob-plots") && !page.contains("plots."), "{count}");
                assert_eq!(page.matches("<tbody>").count(), 1);
            }
        }
    }
}

#[test]
fn actions_are_drawn_when_opened_and_when_closed() {
    let facts = facts(&mut Random::new(5), 40);
    let built = built(&facts, "", &[]);
    let html = html(&built, "registers/actions/index.html");
    let mut months: BTreeMap<String, [usize; 2]> = BTreeMap::new();
    for fact in &facts {
        let counts = months.entry(month(fact.day)).or_default();
        counts[0] += 1;
        counts[1] += usize::from(fact.is_done);
    }
    let mut open = 0;
    let mut expected = BTreeMap::new();
    for (month, [opened, closed]) in &months {
        open += opened - closed;
        expected.insert(
            month.clone(),
            vec![month.clone(), opened.to_string(), closed.to_string(), open.to_string()],
        );
    }
    for row in rows(html, "course") {
        match expected.remove(&row[0]) {
            Some(expected) => assert_eq!(row, expected),
            None => assert_eq!(row[1..3], ["0", "0"]),
        }
    }
    assert!(expected.is_empty(), "{expected:?}");
    let mut ages = [0; 5];
    for fact in facts.iter().filter(|fact| !fact.is_done) {
        let days = TODAY.since((jiff::Unit::Day, fact.day)).unwrap().get_days();
        ages[match days {
            0..30 => 0,
            30..91 => 1,
            91..183 => 2,
            183..365 => 3,
            _ => 4,
        }] += 1;
    }
    let drawn: Vec<usize> = rows(html, "ages").iter().map(|row| row[2].parse().unwrap()).collect();
    assert_eq!(drawn, ages);
}

const RULES: &str = "groups:\n- name: disks\n  rules:\n  - alert: DiskFull\n    expr: a\n  - alert: DiskSlow\n    expr: b\n\
    - name: nodes\n  rules:\n  - alert: NodeDown\n    expr: c\n  - alert: NodeHot\n    expr: d\n";

fn runbook(fields: &str) -> String {
    format!("---\nkind: runbook\n{fields}\n---\n# R\n\n## Symptom\n\nA.\n\n## Check\n\nB.\n")
}

#[test]
fn alerts_controls_and_reviews_are_drawn_by_group() {
    let first =
        runbook("alerts: [DiskFull]\nowner: Storage\nreviewed: 2026-11-01\ncontrols: [\"c5:2020/OPS-01\"]");
    // A section that every runbook needs is empty.
    let second = runbook("alerts: [NodeDown]\nowner: Storage\nreviewed: 2026-01-01").replace("A.\n", "");
    let third = runbook("owner: Compute");
    let more = [
        ("data/rules.yaml", RULES),
        ("content/runbooks/a.md", &first),
        ("content/runbooks/b.md", &second),
        ("content/runbooks/c.md", &third),
    ];
    let built = built(&[], "", &more);
    let alerts = html(&built, "registers/alerts/index.html");
    assert_eq!(
        description(alerts, "runbooks-0"),
        "disks: with a runbook 1, without 1; nodes: not written yet 1, without 1"
    );
    let data: serde_json::Value =
        serde_json::from_slice(&built.outputs["registers/controls/c5-2020.json"]).unwrap();
    let mut expected = Vec::new();
    for area in data["areas"].as_array().unwrap() {
        let count = |key: &str| usize::try_from(area[key].as_u64().unwrap()).unwrap();
        let (covered, all) = (count("covered"), count("controls"));
        let numbers = [("with evidence", covered), ("gaps", all - covered)];
        let numbers: Vec<String> =
            numbers.iter().filter(|(_, n)| *n > 0).map(|(name, n)| format!("{name} {n}")).collect();
        expected.push(format!("{}: {}", area["id"].as_str().unwrap(), numbers.join(", ")));
    }
    let controls = html(&built, "registers/controls/c5-2020/index.html");
    assert_eq!(description(controls, "areas-0"), expected.join("; "));
    let all = html(&built, "registers/controls/index.html");
    assert_eq!(description(all, "areas-0"), expected.join("; "), "one framework is shown by its areas");
    for figure in ["<strong>121</strong> controls", "<strong>1</strong> with evidence", ">120</strong> gaps"]
    {
        assert!(all.contains(figure), "{figure}");
    }
    assert!(expected.iter().any(|area| area.starts_with("OPS: with evidence 1, gaps ")), "{expected:?}");
    // A runbook's review holds six months: 22 of 181 days, and 326 of 181.
    let reviews = html(&built, "registers/reviews/index.html");
    let expected = "Storage: fresh 1, overdue 1, ≤ 181 %; Compute: never 1";
    assert_eq!(description(reviews, "reviews-0"), expected);
    // Three runbooks in a section; the home page and no other page outside of one.
    let expected = "Runbooks: fresh 1, overdue 1, never reviewed 1; Home: no review needed 1";
    assert_eq!(description(reviews, "sections-0"), expected);
    assert!(
        rows(reviews, "reviews")
            .contains(&["Storage", "1", "0", "1", "0", "181 %"].map(str::to_owned).into())
    );
}

/// The figures of the home page with their labels.
fn tiles(html: &str) -> Vec<(String, String)> {
    let tile = |tile: &str| {
        let value = tile.split("<strong").nth(1).unwrap().split(['>', '<']).nth(1).unwrap();
        let label = tile.split("<span>").nth(1).unwrap().split('<').next().unwrap();
        (label.to_owned(), value.to_owned())
    };
    html.split("class=\"ob-tile\"").skip(1).map(tile).collect()
}

#[test]
fn the_home_page_says_how_the_handbook_does() {
    let facts = facts(&mut Random::new(6), 30);
    let covered = runbook("alerts: [DiskFull]\nreviewed: 2026-11-01");
    let old = runbook("alerts: [NodeDown]\nreviewed: 2026-01-01");
    let more =
        [("data/rules.yaml", RULES), ("content/runbooks/a.md", &covered), ("content/runbooks/b.md", &old)];
    let built = built(&facts, "", &more);
    let last = facts.iter().filter(|fact| fact.severity == "SEV1").map(|fact| fact.day).max().unwrap();
    let days = TODAY.since((jiff::Unit::Day, last)).unwrap().get_days();
    let home = html(&built, "index.html");
    let tiles = tiles(home);
    let expected = [
        ("days since the last SEV1", days.to_string()),
        ("incidents not final yet", "0".to_owned()),
        ("overdue actions", "0".to_owned()),
        ("runbooks with a fresh review", "1 of 2".to_owned()),
        ("alerts with a runbook", "2 of 4".to_owned()),
    ];
    assert_eq!(tiles, expected.map(|(label, value)| (label.to_owned(), value)));
    assert!(home.contains("as of 2026-11-23"));
    let last_of = |end: Date| {
        facts.iter().filter(|fact| fact.severity == "SEV1" && fact.day <= end).map(|fact| fact.day).max()
    };
    let since: Vec<String> = ends_of_months()
        .filter_map(|end| Some(end.since((jiff::Unit::Day, last_of(end)?)).unwrap().get_days().to_string()))
        .collect();
    assert_eq!(since.last(), Some(&days.to_string()), "the last bar is the figure");
    assert!(home.contains(&format!("each month, up to 2026-11: {}\"", since.join(", "))), "{since:?}");
    // The covered alerts are in a table of their own.
    assert!(home.contains("href=\"registers/alerts/#with-a-runbook\""));
    assert!(html(&built, "registers/alerts/index.html").contains("id=\"with-a-runbook\""));
    assert!(home.contains("href=\"registers/incidents/?severity=sev1\""));
}

/// The ends of the last twelve months; the current one ends today.
fn ends_of_months() -> impl Iterator<Item = Date> {
    (1..=12).map(|number| {
        let next = date(2025, 12, 1).checked_add(jiff::Span::new().months(number)).unwrap();
        next.yesterday().unwrap().min(TODAY)
    })
}

#[test]
fn the_bars_below_overdue_actions_count_overdue_actions() {
    let action = |number: usize, due: &str, state: &str| {
        format!("| A-{number} | Do {number} | @ops | {due} | {state} |\n")
    };
    let table = |rows: &str| {
        format!("## Action items\n\n| ID | Action | Owner | Due | State |\n|---|---|---|---|---|\n{rows}")
    };
    let minutes =
        |day: &str, rows: &str| format!("---\ntitle: M\nkind: rca\ndate: {day}\n---\n{}", table(rows));
    let early =
        [action(1, "2026-02-10", "open"), action(2, "2026-03-31", "open"), action(3, "2027-01-01", "open")]
            .concat();
    let late = [action(2, "2026-03-31", "done")].concat();
    let more =
        [("content/a.md", &*minutes("2026-01-05", &early)), ("content/b.md", &*minutes("2026-06-15", &late))];
    let built = built(&[], "", &more);
    let home = html(&built, "index.html");
    // From December: the first is late from February on, the second from April on. What is done is never late.
    assert!(home.contains("up to 2026-11: 0, 0, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2\""), "{home}");
    assert!(home.contains("href=\"registers/actions/?state=overdue\""), "{home}");
}

#[test]
fn the_bars_below_covered_alerts_count_those_whose_runbook_existed() {
    let first = runbook("alerts: [DiskFull, DiskSlow]\nreviewed: 2026-11-01");
    let second = runbook("alerts: [NodeDown]\nreviewed: 2026-11-01");
    let files = [
        ("book.toml", "[book]\ntitle = \"H\"\n"),
        ("content/_index.md", "# Home\n"),
        ("data/rules.yaml", RULES),
        ("content/runbooks/a.md", &first),
        ("content/runbooks/b.md", &second),
    ];
    let files = files.map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec())).into();
    let handbook = Handbook { files, look: Look::BuiltIn, today: TODAY };
    let home = |added: [Option<&str>; 2]| {
        let mut inputs = handbook.inputs();
        let mut history = BTreeMap::new();
        for (page, day) in ["a", "b"].into_iter().zip(added) {
            let seconds =
                |day: &str| format!("{day}T12:00:00Z").parse::<jiff::Timestamp>().unwrap().as_second();
            let change = Change {
                seconds: seconds("2026-11-20"),
                author: None,
                commit: None,
                first: day.map(seconds),
                changes: None,
                contributors: Vec::new(),
            };
            history.insert(FilePath::new(&format!("content/runbooks/{page}.md")).unwrap(), change);
        }
        inputs.history = Arc::new(history);
        let built = handbook::build(&mut Engine::new(Retention::Nothing), &inputs);
        html(&built, "index.html").to_owned()
    };
    let known = home([Some("2026-03-15"), Some("2026-10-31")]);
    // December to February nothing, two alerts from March on, three from October on.
    assert!(known.contains("up to 2026-11: 0, 0, 0, 2, 2, 2, 2, 2, 2, 2, 3, 3\""), "{known}");
    let in_part = home([Some("2026-03-15"), None]);
    assert!(in_part.contains("up to 2026-11: 0, 0, 0, 2, 2, 2, 2, 2, 2, 2, 2, 2\""), "{in_part}");
    assert!(!home([None, None]).contains("Alerts with a runbook today"));
}

#[test]
fn the_poster_is_one_drawing_with_the_plots_of_its_page() {
    let facts = facts(&mut Random::new(21), 40);
    let first = runbook(
        "alerts: [DiskFull]\nowner: St\u{1}orage <b>\nreviewed: 2026-11-01\ncontrols: [\"c5:2020/OPS-01\"]",
    );
    let more = [
        ("data/rules.yaml", RULES),
        ("content/runbooks/a.md", &first),
        ("content/runbooks/b.md", &runbook("owner: Compute")),
        ("content/runbooks/c.md", &runbook("owner: Compute")),
    ];
    let built = built(&facts, "[brand]\naccent = \"#5b2c91\"\n", &more);
    let page = html(&built, "registers/poster/index.html");
    assert!(page.contains("As a drawing: <a href=\"../../registers/poster.svg\">poster.svg</a>"), "{page}");
    let text = html(&built, "registers/poster.svg");
    let drawing = roxmltree::Document::parse(text).unwrap_or_else(|error| panic!("{error}: {text}"));
    let root = drawing.root_element();
    let sheet = ["width", "height", "color"].map(|name| root.attribute(name).unwrap());
    assert_eq!(sheet, ["420mm", "297mm", "#5b2c91"]);
    let plots: Vec<_> = drawing.descendants().filter(|node| node.attribute("role") == Some("img")).collect();
    assert_eq!(plots.len(), page.matches("<svg class=\"ob-plot").count());
    for plot in plots {
        let said = plot.children().find(|node| node.has_tag_name("desc")).unwrap();
        let name = said.attribute("id").unwrap().trim_end_matches("-d");
        let escaped = said.text().unwrap().replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        // XML has no control characters, so the drawing leaves them out.
        assert_eq!(escaped, description(page, name).replace('\u{1}', ""), "{name}");
    }
    let titles = drawing.descendants().filter(|node| node.attribute("class") == Some("heading"));
    assert_eq!(titles.filter_map(|node| node.text()).next(), Some("Incidents by severity"));
    // It loads nothing: no address but that of its format.
    assert_eq!(text.matches("http").count(), 1);
}

#[test]
fn an_open_report_is_found_behind_its_figure() {
    let built = built(&facts(&mut Random::new(9), 5), "", &[("content/rcas/now.md", PRELIMINARY)]);
    let link = html(&built, "index.html").split("href=\"registers/incidents/#").nth(1).unwrap();
    let id = link.split('"').next().unwrap();
    assert!(
        html(&built, INCIDENTS).contains(&format!("<section class=\"ob-group\" aria-labelledby=\"{id}\">")),
        "{id}"
    );
}

#[test]
fn exercises_are_drawn_and_called_so_while_there_was_no_incident() {
    let facts = facts(&mut Random::new(8), 12);
    let exercise = |number: usize| {
        page(number, &facts[number]).replacen("kind: rca\n", "kind: rca\nexercise: true\n", 1)
    };
    let pages: Vec<(String, String)> =
        (0..facts.len()).map(|number| (format!("content/rcas/x{number}.md"), exercise(number))).collect();
    let mut more: Vec<(&str, &str)> = pages.iter().map(|(path, text)| (&**path, &**text)).collect();
    let only = built(&[], "", &more);
    let real = built(&facts, "", &[]);
    for plot in ["months-0", "services-0", "times-0", "causes-0"] {
        assert_eq!(description(html(&only, INCIDENTS), plot), description(html(&real, INCIDENTS), plot));
    }
    assert!(html(&only, INCIDENTS).contains(">Incidents by severity: exercises</h2>"));
    assert!(!html(&real, INCIDENTS).contains(": exercises"));
    let one = page(0, &facts[0]);
    more.push(("content/rcas/real.md", &one));
    assert!(!html(&built(&[], "", &more), INCIDENTS).contains("ob-plot-months"), "one incident is no plot");
}

#[test]
fn a_severity_that_no_incident_has_is_not_on_record() {
    let mut facts = facts(&mut Random::new(12), 4);
    facts.iter_mut().for_each(|fact| fact.severity = "SEV4");
    let none = tiles(html(&built(&facts, "", &[]), "index.html"));
    assert_eq!(none[0], ("SEV1 on record".to_owned(), "0".to_owned()));
    // A wrong date is no reason to say that there was none.
    facts[0].severity = "SEV1";
    facts[0].day = date(2206, 1, 1);
    let later = tiles(html(&built(&facts, "", &[]), "index.html"));
    assert_eq!(later[0].0, "incidents not final yet");
}

#[test]
fn an_exercise_is_in_no_plot_and_no_figure() {
    let facts = facts(&mut Random::new(7), 12);
    let invented = Facts {
        day: TODAY,
        severity: "SEV1",
        services: SERVICES.to_vec(),
        causes: CAUSES.to_vec(),
        minutes: [1, 2, 3],
        is_done: true,
    };
    let exercise = page(99, &invented).replacen("kind: rca\n", "kind: rca\nexercise: true\n", 1);
    let without = built(&facts, "", &[]);
    let with = built(&facts, "", &[("content/rcas/x.md", &exercise)]);
    for (page, plots) in [
        (INCIDENTS, &["months-0", "services-0", "times-0", "causes-0"][..]),
        ("registers/incidents/services/index.html", &["services-0"]),
        ("registers/incidents/causes/index.html", &["causes-0"]),
    ] {
        for plot in plots {
            assert_eq!(description(html(&with, page), plot), description(html(&without, page), plot));
        }
        assert!(html(&with, page).contains("Failure 99"), "the register lists it: {page}");
    }
    let incidents = |built: &Built| tiles(html(built, "index.html"))[..2].to_vec();
    assert_eq!(incidents(&with), incidents(&without));
}

#[test]
fn a_handbook_without_such_pages_has_no_state() {
    let built = built(&[], "", &[("content/a.md", "# A\n")]);
    assert!(!html(&built, "index.html").contains("ob-tile"));
    assert!(!html(&built, "index.html").contains("plots."));
}

const PRELIMINARY: &str =
    "---\ntitle: Bus <down>\nkind: rca\nreport_state: preliminary\nstarted: 2026-11-22T10:00:00Z\n---\n# X\n";

#[test]
fn a_preliminary_report_is_announced_on_every_page() {
    let more = [("content/rcas/now.md", PRELIMINARY), ("content/a.md", "# A\n")];
    let announced = built(&[], "", &more);
    for (page, link) in [("index.html", "./rcas/now/"), ("a/index.html", "../rcas/now/")] {
        let html = html(&announced, page);
        assert!(html.contains("<aside class=\"ob-banner warning\""), "{page}");
        assert!(html.contains(&format!("<a href=\"{link}\">Bus &lt;down&gt;</a>")), "{page}");
    }
    let quiet = built(&[], "[banner]\nincidents = false\n", &more);
    assert!(!html(&quiet, "a/index.html").contains("ob-banner"));
    let done = PRELIMINARY.replace("preliminary", "interim");
    let done = built(&[], "", &[("content/rcas/now.md", &done)]);
    assert!(!html(&done, "index.html").contains("ob-banner"));
}

#[test]
fn the_banner_of_the_settings_has_text_link_and_level() {
    let settings =
        "[banner]\ntext = \"Move <today>\"\nlink = \"https://status.example.org/?a=1\"\nlevel = \"danger\"\n";
    let built = built(&[], settings, &[("content/a.md", "# A\n")]);
    let html = html(&built, "a/index.html");
    assert!(html.contains("<aside class=\"ob-banner danger\" aria-label=\"Announcement\">"));
    assert!(html.contains("<a href=\"https://status.example.org/?a=1\">Move &lt;today&gt;</a>"));
}

#[test]
fn wrong_banners_are_reported() {
    let settings = "[banner]\nlink = \"javascript:alert(1)\"\nlevel = \"loud\"\ncolour = 1\n";
    let built = built(&[], settings, &[]);
    let problems = built.diagnostics.join("\n");
    for part in [
        "`link` must be an absolute URL",
        "`level` must be `info`, `warning` or `danger`",
        "unknown key `colour`",
    ] {
        assert!(problems.contains(part), "{part}: {problems}");
    }
    assert!(!html(&built, "index.html").contains("javascript:"));
}
