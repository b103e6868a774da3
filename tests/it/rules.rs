//! The explanations of rules: each example is run, and the guide's pages about rules say what the data says.
//!
//! Owns examples that no text can show, such as links and large files. `UPDATE=1 cargo test --test it rules::` rewrites
//! the pages and what the wrong examples report.
#![expect(
    clippy::disallowed_methods,
    reason = "writes handbooks to temporary folders, and pages of the guide"
)]

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use rayon::prelude::*;

use crate::external;
use crate::support::case::{matches_lines, unescape};
use crate::support::handbook;
use crate::support::program::run;
use crate::support::repository::Repository;
use crate::support::web_server::{WebReply, WebServer};
use opsbook::input::{Drafts, Loader, Options, Preview};
use opsbook::memo::Retention;
use opsbook::pipeline::Engine;
use opsbook::report::explain;
use opsbook::rules::{ExampleSide, FAMILIES, INTERNAL_ERROR, RULES, Rule, RuleExample, RuleFamily, Severity};

/// The day of the examples.
const TODAY: &str = "2026-11-21";

/// A handbook that is an example.
struct Scene {
    folder: tempfile::TempDir,
}

impl Scene {
    fn new() -> Scene {
        let scene = Scene { folder: tempfile::tempdir().expect("there is room for a temporary folder") };
        fs::create_dir(scene.root().join("content")).unwrap();
        scene.with("book.toml", "")
    }

    fn root(&self) -> &Path {
        self.folder.path()
    }

    fn with(self, path: &str, bytes: impl AsRef<[u8]>) -> Scene {
        let place = self.root().join(path);
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::write(place, bytes).unwrap();
        self
    }

    /// What `check` says, a line for each problem.
    fn check(&self) -> Vec<String> {
        let options = Options {
            root: self.root().to_path_buf(),
            out: None,
            base_url: None,
            preview: Preview::No,
            drafts: Drafts::Leave,
            audience: None,
            today: Some(TODAY.parse().unwrap()),
        };
        let inputs = Loader::new(options).load().expect("the folder can be read");
        handbook::build(&mut Engine::new(Retention::Nothing), &inputs).diagnostics
    }

    /// What `audit` finds, a line for each problem in the Markdown of pages, which no change of the theme moves, and for
    /// each one that is written nowhere.
    fn audit(&self, more: &[&str]) -> Vec<String> {
        let arguments = [&["audit", "--format", "short", "--today", TODAY], more].concat();
        let audited = run(self.root(), &arguments);
        let is_problem = |line: &&str| {
            let is_read = line.contains("index.md:") || !line.contains("; written in ");
            is_read && (line.contains(": error[") || line.contains(": warning["))
        };
        audited.out.lines().filter(is_problem).map(str::to_owned).collect()
    }

    fn report(&self, rule: &Rule) -> Vec<String> {
        if rule.needs_audit() { self.audit(&[]) } else { self.check() }
    }
}

/// The wrong or the right example of a rule that has files.
fn scene(example: &RuleExample, side: ExampleSide) -> Scene {
    let RuleExample::Files { files, .. } = example else { panic!("the example is made") };
    let shown = files.iter().filter(|file| [side, ExampleSide::Both].contains(&file.side));
    shown.fold(Scene::new(), |scene, file| match file.is_escaped {
        true => scene.with(file.path, unescape(file.text.trim_end_matches('\n'))),
        false => scene.with(file.path, file.text),
    })
}

#[test]
fn each_wrong_example_shows_its_rule_at_its_place_and_each_right_one_shows_nothing() {
    let update = std::env::var_os("UPDATE").is_some();
    let wrong = |rule: &&&'static Rule| {
        let example = rule.explanation().example;
        let RuleExample::Files { report, .. } = &example else { return None };
        let found = scene(&example, ExampleSide::Wrong).report(rule);
        let others = found.iter().filter(|line| !line.contains(&format!("[{}]: ", rule.name)));
        let rest = scene(&example, ExampleSide::Right).report(rule);
        // `…` in a report stands for what changes with other files, such as the number of all texts.
        let is_as_told = matches_lines(report, &found);
        if update && !is_as_told {
            rewrite(rule, &found.join("\n"));
        }
        let is_well = !found.is_empty() && others.count() == 0 && rest.is_empty() && is_as_told;
        (!is_well).then(|| format!("{}\n  wrong: {found:#?}\n  right: {rest:#?}", rule.name))
    };
    let wrong: Vec<String> = RULES.par_iter().filter_map(|rule| wrong(&rule)).collect();
    assert!(update || wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// Writes what the wrong example reports into the explanation.
fn rewrite(rule: &Rule, report: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("src/rules/explained/{}.txt", rule.name));
    let text = fs::read_to_string(&path).unwrap();
    let (before, _) = text.split_once("\n-- report --\n").unwrap();
    fs::write(path, format!("{before}\n-- report --\n{report}\n")).unwrap();
}

/// A pair of examples: what the wrong one and the right one report.
type Reports = (Vec<String>, Vec<String>);

/// What `check --external` says of a page with one link to a server on this machine.
fn web_links(path: &str) -> Vec<String> {
    let server = WebServer::start(|line, _| match line.split(' ').next_back() {
        Some("/gone") => WebReply::Status(404),
        Some("/old") => WebReply::With(301, "location: /new".to_owned()),
        Some("/busy") => WebReply::Status(503),
        _ => WebReply::Status(200),
    });
    let scene = Scene::new()
        .with("book.toml", "[external]\nprivate = true\npause = 0\nretries = 1\n")
        .with("content/page.md", format!("# Page\n\n[words]({})\n", server.url(path)));
    external::check(scene.root(), &["--external"]).out.lines().map(str::to_owned).collect()
}

/// How the report of each made example begins.
const PLACES: &[(&str, &str)] = &[
    ("allow.unused", "book.toml:2:1: warning[allow.unused]: "),
    ("external.dead", "content/page.md:3:9: warning[external.dead]: "),
    ("external.moved", "content/page.md:3:9: warning[external.moved]: "),
    ("external.unreachable", "content/page.md:3:9: warning[external.unreachable]: "),
    ("front-matter.size", "content/page.md:2:1: error[front-matter.size]: "),
    ("include.limit", "content/page.md:1003:11: error[include.limit]: "),
    ("input.depth", "content/a/a/a/"),
    ("input.link", "content/hosts.md:1:1: error[input.link]: "),
    ("input.size", "content/page.md:1:1: error[input.size]: "),
    ("leak.file", ".env:1:1: error[leak.file]: "),
    ("leak.machine", "page/index.md:3:11: warning[leak.machine]: "),
    ("leak.secret", "content/page.md:5:1: error[leak.secret]: "),
    ("leak.token", "page/index.md:3:2: warning[leak.token]: "),
    ("markdown.nesting", "content/page.md:1:129: error[markdown.nesting]: "),
    ("redirect.missing", "content/runbooks/disk.md:1:1: error[redirect.missing]: "),
];

/// The examples that texts cannot show.
fn made() -> BTreeMap<&'static str, fn() -> Reports> {
    fn page(wrong: String, right: &str) -> Reports {
        (
            Scene::new().with("content/page.md", wrong).check(),
            Scene::new().with("content/page.md", right).check(),
        )
    }
    BTreeMap::from([
        (
            "front-matter.size",
            (|| {
                let front =
                    |words: usize| format!("---\ndescription: \"{}\"\n---\n# Page\n", "long ".repeat(words));
                page(front(4_000), &front(4))
            }) as fn() -> Reports,
        ),
        ("allow.unused", || {
            let allow =
                "[[allow]]\nrule = \"link.missing\"\npath = \"content/page.md\"\nreason = \"known\"\n";
            let page = |text: &str| {
                let scene = Scene::new().with("book.toml", allow).with("content/page.md", text);
                let checked = run(scene.root(), &["check", "--format", "short", "--today", TODAY]);
                checked.out.lines().filter(|line| line.contains(": warning[")).map(str::to_owned).collect()
            };
            (page("# Page\n"), page("# Page\n\n[gone](gone.md)\n"))
        }),
        ("redirect.missing", || {
            let page = |front: &str| {
                let folder = tempfile::tempdir().expect("there is room for a temporary folder");
                let repository = Repository::new(folder.path());
                repository.commit(&[("book.toml", ""), ("content/disk.md", "# A disk is full\n\nWords.\n")]);
                repository.remove("content/disk.md");
                repository.write("content/runbooks/disk.md", &format!("{front}# A disk is full\n\nWords.\n"));
                let arguments = ["check", "--since", "HEAD", "--format", "short", "--today", TODAY];
                let lines = run(folder.path(), &arguments).out;
                lines.lines().filter(|line| line.contains("[redirect.")).map(str::to_owned).collect()
            };
            (page(""), page("---\naliases: [/disk/]\n---\n"))
        }),
        ("include.limit", || {
            let page = |times: usize| {
                let text = format!("# Page\n\n{}", "::include _part.md\n\n".repeat(times));
                Scene::new().with("content/_part.md", "Words.\n").with("content/page.md", text).check()
            };
            (page(600), page(1))
        }),
        ("input.depth", || {
            let page = |depth: usize| {
                Scene::new().with(&format!("content/{}page.md", "a/".repeat(depth)), "# Page\n").check()
            };
            (page(40), page(2))
        }),
        ("input.link", || {
            let page = |target: &str| {
                let scene = Scene::new().with("content/page.md", "# Page\n");
                symlink(target, scene.root().join("content/hosts.md")).unwrap();
                scene.check()
            };
            (page("/etc/hosts"), page("page.md"))
        }),
        ("input.size", || {
            page(
                format!("# Page\n\n{}", "A line of a log.\n".repeat(1_200_000)),
                "# Page\n\nA line of a log.\n",
            )
        }),
        ("leak.file", || {
            let folder = |name: &str| {
                let site =
                    Scene::new().with("content/page.md", "# Page\n").with(&format!("site/{name}"), "A=1\n");
                site.audit(&["--folder", "site"])
            };
            (folder(".env"), folder("page.txt"))
        }),
        ("leak.machine", || {
            // The folder of the handbook is a folder of this machine.
            let wrong = Scene::new();
            let folder = wrong.root().canonicalize().unwrap();
            let wrong = wrong.with("content/page.md", format!("# Page\n\nLook into {}.\n", folder.display()));
            let right = Scene::new().with("content/page.md", "# Page\n\nLook into /srv/handbook.\n");
            (wrong.audit(&[]), right.audit(&[]))
        }),
        ("leak.secret", || {
            let key = [
                "-----BEGIN RSA PRIVATE ",
                "KEY-----\n",
                &"MIIEpAIBAAKCAQEA0Z3VS5JJcds3xfn/ygWyF8PbnGy0AHB7MhgwWgeXcGqkzB7V\n".repeat(12),
                "-----END RSA PRIVATE ",
                "KEY-----\n",
            ]
            .concat();
            page(format!("# Page\n\n```\n{key}```\n"), "# Page\n\nThe key is in the safe.\n")
        }),
        ("leak.token", || {
            let token = [
                "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9",
                "eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIn0",
                "dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U",
            ]
            .join(".");
            let page = |token: &str| {
                Scene::new().with("content/page.md", format!("# Page\n\n`{token}`\n")).audit(&[])
            };
            (page(&token), page("<token>"))
        }),
        ("external.dead", || (web_links("/gone"), web_links("/good"))),
        ("external.moved", || (web_links("/old"), web_links("/new"))),
        ("external.unreachable", || (web_links("/busy"), web_links("/good"))),
        ("markdown.nesting", || page(format!("{}deep\n", "> ".repeat(100)), "> > deep\n")),
    ])
}

#[test]
fn examples_that_no_text_can_show_are_made() {
    let is_made = |rule: &&&'static Rule| matches!(rule.explanation().example, RuleExample::Made(_));
    let wanted: Vec<&str> = RULES.iter().filter(is_made).map(|rule| rule.name).collect();
    let made = made();
    // No content is known that makes the program fail; the unit tests of `pipeline` provoke it.
    let known: Vec<&str> = RULES
        .iter()
        .map(|rule| rule.name)
        .filter(|name| made.contains_key(name) || *name == INTERNAL_ERROR.name)
        .collect();
    assert_eq!(known, wanted);
    assert!(made.keys().eq(PLACES.iter().map(|(name, _)| name)), "each has a place");
    let problems = made.par_iter().filter_map(|(name, make)| {
        let (wrong, right) = make();
        let place = PLACES.iter().find(|(known, _)| known == name).map(|(_, place)| *place);
        let is_well = wrong.first().zip(place).is_some_and(|(line, place)| line.starts_with(place))
            && wrong.iter().all(|line| line.contains(&format!("[{name}]: ")))
            && right.is_empty();
        (!is_well).then(|| format!("{name}\n  wrong: {wrong:#?}\n  right: {right:#?}"))
    });
    let problems: Vec<String> = problems.collect();
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}

const MADE: &str =
    "<!-- Made from src/rules by `UPDATE=1 cargo test --test it rules::`; changes here are lost. -->";

#[test]
fn the_guide_says_what_the_explanations_say() {
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("content/guide");
    let mut files = BTreeMap::new();
    for (number, family) in FAMILIES.iter().enumerate() {
        let mut text = format!(
            "---\ntitle: \"Rules: {}\"\nnav_title: {}\ndescription: {}\n\
             kind: guide\nform: reference\nowner: Opsbook maintainers\ntags: [opsbook, writing]\nweight: {}\nrules: {{leak.address: off, leak.domain: off, leak.email: off, leak.password: off}}\n---\n\n{MADE}\n\n{}\n",
            family.title,
            family.title,
            serde_json::to_string(family.purpose).unwrap(),
            number + 1,
            family.purpose
        );
        if !family.about.is_empty() {
            text += &format!("\n{}\n", from_subfolder(family.about));
        }
        text += &overview(family);
        for rule in family.rules() {
            let anchor = rule.name.replace('.', "-");
            text +=
                &format!("\n## {} {{#{anchor}}}\n\n{}", rule.name, explain::markdown(rule, from_subfolder));
        }
        files.insert(format!("rules/{}.md", family.name), text);
    }
    if std::env::var_os("UPDATE").is_some() {
        fs::create_dir_all(guide.join("rules")).unwrap();
        files.iter().for_each(|(name, text)| fs::write(guide.join(name), text).unwrap());
    }
    for (name, text) in &files {
        let there = fs::read_to_string(guide.join(name)).unwrap_or_default();
        assert!(there == *text, "{name} is out of date: run `UPDATE=1 cargo test --test it rules::`");
    }
    let pages = fs::read_dir(guide.join("rules"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let strange: Vec<String> = pages.filter(|name| !files.contains_key(&format!("rules/{name}"))).collect();
    assert!(strange.is_empty(), "{strange:?} are about no family");
}

/// Prose for a page in a folder of the guide.
fn from_subfolder(prose: &str) -> String {
    prose.replace("](", "](../")
}

/// The section with the table of a family's rules, which the page about all rules includes.
fn overview(family: &'static RuleFamily) -> String {
    let mut text =
        "\n## Overview\n\n| Rule | Level | Can be changed | Finds |\n| --- | --- | --- | --- |\n".to_owned();
    for rule in family.rules() {
        let anchor = rule.name.replace('.', "-");
        let level = match rule.severity {
            Severity::Off => "off",
            Severity::Warn => "warn",
            Severity::Error => "error",
        };
        let change = if rule.adjustable { "yes" } else { "no" };
        // The file is named although it is this one: a link that is only an anchor would lead into the including page.
        text += &format!(
            "| [`{}`]({}.md#{anchor}) | {level} | {change} | {} |\n",
            rule.name, family.name, rule.summary
        );
    }
    text
}

#[test]
fn the_page_about_all_rules_includes_the_table_of_each_family() {
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("content/guide");
    let page = fs::read_to_string(guide.join("rules.md")).unwrap();
    let (_, all) = page.split_once("\n## All rules\n").expect("a heading says where the tables begin");
    let wanted: String = FAMILIES
        .iter()
        .map(|family| {
            let RuleFamily { name, title, .. } = family;
            format!("\n### {title}\n\n::include rules/{name}.md#overview\n")
        })
        .collect();
    assert_eq!(all, wanted);
}
