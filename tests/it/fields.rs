//! Every field of every kind is shown on its page, or read by something that is named here.
//!
//! Owns pages that are made from the definitions: each field has a value that stands nowhere else, and is looked for in
//! what the page became. A field that no template shows and no code reads fails, also one that is added tomorrow.
#![expect(clippy::disallowed_methods, reason = "reads the definitions of the built-in kinds as files")]

use std::collections::BTreeMap;
use std::path::Path;

use crate::support::handbook::{Built, Handbook, Look};
use opsbook::kinds::{Field, FieldType, Kind, Kinds};
use serde_json::{Value, json};

/// What a page is made of that only holds for one field, and where it is looked for.
const REAL: &[(&str, &str, &str)] = &[
    ("report_state", "amended", "Final report, amended"),
    ("exercise", "true", ">Exercise</span>"),
    ("home", "agreed", "class=\"at-agreed\""),
    ("participants", "show", "Zq-participant"),
    ("notified.duty", "gdpr-33", "GDPR"),
    ("actions.state", "doing", "doing"),
    ("patches.state", "mitigated", ">mitigated<"),
    ("license", "EUPL-1.2", "EUPL-1.2"),
    ("variables.pattern", "[a-f]{77}", "[a-f]{77}"),
    ("variables.label", "zq_label", "data-label=\"zq_label\""),
    ("variables.replaces", "zq-replaced", "<var"),
];

/// Fields that no page shows as they are: what reads them, and how that is seen in a handbook of its own.
struct Read {
    field: &'static str,
    by: &'static str,
    files: &'static [(&'static str, &'static str)],
    seen: fn(&Built) -> bool,
}

const READ: &[Read] = &[
    Read {
        field: "kind",
        by: "the definition by which the page is read",
        files: &[("content/a.md", "---\nkind: guide\n---\n# A\n")],
        seen: |built| text(built, "a/index.html").contains(">Guide</a>"),
    },
    Read {
        field: "reviewed",
        by: "the register of reviews",
        files: &[("content/a.md", "---\nkind: process\nreviewed: 2026-10-17\n---\n# A\n")],
        seen: |built| text(built, "registers/reviews.json").contains("\"2026-10-17\""),
    },
    Read {
        field: "review_every",
        by: "the register of reviews",
        files: &[("content/a.md", "---\nreviewed: 2026-10-17\nreview_every: 17d\n---\n# A\n")],
        seen: |built| text(built, "registers/reviews.json").contains("\"17 days\""),
    },
    Read {
        field: "checklist",
        by: "what makes list items steps that can be ticked",
        files: &[("content/a.md", "---\nchecklist: true\n---\n# A\n\n1. One\n")],
        seen: |built| text(built, "a/index.html").contains("data-step"),
    },
    Read {
        field: "visibility",
        by: "what decides who sees the page",
        files: &[
            ("book.toml", "[visibility]\ndefault = \"public\"\n"),
            ("content/a.md", "---\nvisibility: internal\n---\n# A\n"),
        ],
        seen: |built| !built.outputs.contains_key("a/index.html"),
    },
    Read {
        field: "clearance",
        by: "what decides whether the page may be published",
        files: &[("content/a.md", "---\nclearance: pending\n---\n# A\n")],
        seen: |built| !built.outputs.contains_key("a/index.html"),
    },
    Read {
        field: "publish_after",
        by: "what decides when the page is seen",
        files: &[("content/a.md", "---\npublish_after: 2026-11-22\n---\n# A\n")],
        seen: |built| !built.outputs.contains_key("a/index.html"),
    },
    Read {
        field: "unlinked_terms",
        by: "what makes words links to the glossary",
        files: &[
            ("book.toml", "[glossary]\npages = [\"words\"]\n"),
            ("content/words.md", "# Words\n\nQuota\n: A limit.\n"),
            ("content/a.md", "---\nunlinked_terms: [Quota]\n---\n# A\n\nA quota.\n"),
            ("content/b.md", "# B\n\nA quota.\n"),
        ],
        seen: |built| {
            text(built, "b/index.html").contains("#term-quota")
                && !text(built, "a/index.html").contains("#term-quota")
        },
    },
    Read {
        field: "weight",
        by: "the order of pages",
        files: &[("content/a.md", "# A\n"), ("content/b.md", "---\nweight: 7\n---\n# B\n")],
        seen: |built| {
            let home = text(built, "index.html");
            home.find("href=\"b/\"") < home.find("href=\"a/\"")
        },
    },
    Read {
        field: "order",
        by: "the order of pages",
        files: &[
            ("content/s/_index.md", "---\norder: oldest\n---\n# S\n"),
            ("content/s/a.md", "---\nkind: post\ndate: 2026-10-17\n---\n# A\n"),
            ("content/s/b.md", "---\nkind: post\ndate: 2026-09-17\n---\n# B\n"),
        ],
        seen: |built| {
            let section = text(built, "s/index.html");
            section.find("href=\"../s/b/\"") < section.find("href=\"../s/a/\"")
        },
    },
    Read {
        field: "corrections",
        by: "the transcripts of the page",
        files: &[(
            "content/a.md",
            "---\nkind: talk\ncorrections: [{heard: zq-heard, said: zq-said}]\n---\n```transcript\nA  0:01  zq-heard\n```\n",
        )],
        seen: |built| {
            let page = text(built, "a/index.html");
            page.contains("zq-said") && !page.contains("zq-heard")
        },
    },
    Read {
        field: "slug",
        by: "the address of the page",
        files: &[("content/a.md", "---\nslug: zq-slug\n---\n# A\n")],
        seen: |built| built.outputs.contains_key("zq-slug/index.html"),
    },
    Read {
        field: "aliases",
        by: "the redirects",
        files: &[("content/a.md", "---\naliases: [/zq-old/]\n---\n# A\n")],
        seen: |built| built.outputs.contains_key("zq-old/index.html"),
    },
    Read {
        field: "draft",
        by: "what decides whether there is a page",
        files: &[("content/a.md", "---\ndraft: true\n---\n# A\n")],
        seen: |built| !built.outputs.contains_key("a/index.html"),
    },
    Read {
        field: "language",
        by: "the frame of the page",
        files: &[("content/a.md", "---\nlanguage: de\n---\n# A\n")],
        seen: |built| text(built, "a/index.html").contains("<html lang=\"de\">"),
    },
    Read {
        field: "group_by",
        by: "the list of the section",
        files: &[
            ("content/s/_index.md", "---\ngroup_by: kind\n---\n# S\n"),
            ("content/s/a.md", "# A\n"),
            ("content/s/b.md", "---\nkind: faq\n---\n# B\n"),
        ],
        seen: |built| {
            text(built, "s/index.html").contains("<h3 class=\"ob-year\">Questions and answers</h3>")
        },
    },
    Read {
        field: "rules",
        by: "the levels of problems",
        files: &[("content/a.md", "---\nrules: {link.missing: off}\n---\n[x](nowhere.md)\n")],
        seen: |built| built.diagnostics.is_empty(),
    },
    Read {
        field: "cascade",
        by: "the pages beneath",
        files: &[
            ("content/s/_index.md", "---\ncascade: {owner: Zq-owner}\n---\n# S\n"),
            ("content/s/a.md", "# A\n"),
        ],
        seen: |built| text(built, "s/a/index.html").contains(">Zq-owner</a></dd>"),
    },
];

fn today() -> jiff::civil::Date {
    jiff::civil::date(2026, 11, 21)
}

fn build(files: &[(String, String)]) -> Built {
    let files = files.iter().map(|(path, text)| (path.clone(), text.clone().into_bytes())).collect();
    Handbook { files, look: Look::BuiltIn, today: today() }.build()
}

fn text<'a>(built: &'a Built, path: &str) -> &'a str {
    let bytes = built.outputs.get(path).map(Vec::as_slice).unwrap_or_default();
    std::str::from_utf8(bytes).expect("the output is text")
}

/// A value for a leaf, and the text that shows it.
struct Leaf {
    path: String,
    wanted: String,
}

/// Makes front matter of a definition.
#[derive(Default)]
struct Maker {
    number: u32,
    leaves: Vec<Leaf>,
    /// Pages and files that values name.
    files: Vec<(String, String)>,
}

impl Maker {
    fn value(&mut self, field: &Field, path: &str) -> Option<Value> {
        if READ.iter().any(|read| read.field == path) {
            return None;
        }
        let one = match &field.field_type {
            FieldType::Record(inner) => {
                let values = inner.iter().filter_map(|inner| {
                    Some((inner.name.clone(), self.value(inner, &format!("{path}.{}", inner.name))?))
                });
                Value::Object(values.collect())
            }
            sort => {
                let (value, wanted) = self.leaf(field, sort, path);
                self.leaves.push(Leaf { path: path.to_owned(), wanted });
                value
            }
        };
        Some(if field.list { json!([one]) } else { one })
    }

    fn leaf(&mut self, field: &Field, sort: &FieldType, path: &str) -> (Value, String) {
        self.number += 1;
        let n = self.number;
        if let Some((_, value, wanted)) = REAL.iter().find(|(real, _, _)| *real == path) {
            return (json!(value), (*wanted).to_owned());
        }
        let day = jiff::civil::date(2027, 1, 1).saturating_add(jiff::Span::new().days(i64::from(n)));
        match sort {
            FieldType::Text => (json!(format!("Zq{n}x")), format!("Zq{n}x")),
            FieldType::Choice(_) => (json!(own_choice(path)), own_choice(path)),
            FieldType::Flag if path == "variables.secret" => (json!(true), "type=\"password\"".to_owned()),
            FieldType::Flag => (json!(true), format!("<dt>{}</dt><dd>yes</dd>", field.label)),
            FieldType::Number => (json!(f64::from(n) + 0.125), format!("{n}.125")),
            FieldType::Date => (json!(day.to_string()), day.to_string()),
            FieldType::Time => (json!(format!("{day}T03:04:00Z")), format!("{day} 03:04 UTC")),
            FieldType::Period => (json!(format!("{}d", 1000 + n)), format!("{} days", 1000 + n)),
            FieldType::Url => (json!(format!("https://zq{n}.example/")), format!("https://zq{n}.example/")),
            FieldType::Control => {
                let name = format!("c5:2020/OPS-{:02}", n % 20 + 1);
                (json!(name), name)
            }
            FieldType::CalendarEvent => {
                let file = format!("data/calendar/zq{n}.yaml");
                let text =
                    format!("events: [{{summary: Zq{n}x, begin: {day} 03:04, duration: {{hours: 1}}}}]");
                self.files.push((file, text));
                (
                    json!(format!("Zq{n}x")),
                    format!("Zq{n}x: next on {} {day} 03:04 UTC</a>", day.strftime("%a")),
                )
            }
            FieldType::Page => {
                let file = format!("content/page{n}.md");
                self.files.push((file, format!("---\ntitle: Zq{n}x\n---\n")));
                (json!(format!("page{n}.md")), format!("Zq{n}x</a>"))
            }
            FieldType::File => {
                self.files.push((format!("content/zq{n}.png"), String::new()));
                (json!(format!("zq{n}.png")), format!("zq{n}.png"))
            }
            FieldType::License | FieldType::Record(_) | FieldType::Map => {
                panic!("`{path}` needs a value of its own")
            }
        }
    }
}

/// A value that the test adds to a choice, so that it stands nowhere else.
fn own_choice(path: &str) -> String {
    format!("zq-{}", path.replace(['.', '_'], "-"))
}

/// The built-in definition, in which every choice has one value more.
fn with_own_choices(name: &str) -> (String, String) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("src/kinds/built_in/{name}.toml"));
    let mut table: toml::Table = std::fs::read_to_string(path).unwrap().parse().unwrap();
    if let Some(toml::Value::Table(fields)) = table.get_mut("fields") {
        add_choices(fields, "");
    }
    let kept = |key: &str| ["fields", "like"].contains(&key);
    let table: toml::Table = table.into_iter().filter(|(key, _)| kept(key)).collect();
    (format!("kinds/{name}.toml"), table.to_string())
}

fn add_choices(fields: &mut toml::Table, around: &str) {
    for (name, field) in fields {
        let path = format!("{around}{name}");
        let field = field.as_table_mut().unwrap();
        match field.get_mut("values") {
            Some(toml::Value::Table(values)) => _ = values.insert(own_choice(&path), "".into()),
            Some(toml::Value::Array(values)) => values.push(own_choice(&path).into()),
            _ => {}
        }
        if let Some(toml::Value::Table(inner)) = field.get_mut("fields") {
            add_choices(inner, &format!("{path}."));
        }
    }
}

/// A page of a kind with every field, and what of them its HTML does not show.
fn unseen(kinds: &Kinds, kind: &Kind) -> Vec<String> {
    let mut maker = Maker::default();
    let mut front = vec![format!("kind: {}", kind.name)];
    for field in kinds.written_fields(kind) {
        front.extend(maker.value(field, &field.name).map(|value| format!("{}: {value}", field.name)));
    }
    let body = "## Participants\n\n- Zq-participant\n\n```console\n$ run zq-replaced\n```\n";
    let mut files = maker.files;
    files.push(("content/zz.md".to_owned(), format!("---\n{}\n---\n\n{body}", front.join("\n"))));
    let settings =
        "[book]\ntitle = \"T\"\nbase_url = \"https://example.org/\"\n[visibility]\ndefault = \"public\"\n";
    files.push(("book.toml".to_owned(), settings.to_owned()));
    files.push(with_own_choices("common"));
    files.push(with_own_choices(&kind.name));
    // What a kind takes over from another one has its choices there.
    if kind.name == "security-incident" {
        files.push(with_own_choices("rca"));
    }
    let built = build(&files);
    let refused = ["front-matter.", "kind.", "link.missing", "reference."];
    let refused: Vec<&String> = built
        .diagnostics
        .iter()
        .filter(|line| refused.iter().any(|rule| line.contains(&format!("error[{rule}"))))
        .collect();
    assert!(refused.is_empty(), "{}: {refused:#?}", kind.name);
    let page = text(&built, "zz/index.html");
    assert!(page.contains("<main"), "{}: {:#?}", kind.name, built.diagnostics);
    // A value that is the heading of a table is written in words.
    let heading = |wanted: &str| format!(">{}</h3>", capital(&wanted.replace('-', " ")));
    let is_shown = |wanted: &str| page.contains(wanted) || page.contains(&heading(wanted));
    let missing = maker.leaves.iter().filter(|leaf| !is_shown(&leaf.wanted));
    missing.map(|leaf| format!("{}: {} ({})", kind.name, leaf.path, leaf.wanted)).collect()
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_ascii_uppercase().to_string() + letters.as_str()).unwrap_or_default()
}

#[test]
fn every_field_is_shown_on_its_page() {
    let kinds = Kinds::built_in();
    let unseen: Vec<String> = kinds.all().flat_map(|kind| unseen(kinds, kind)).collect();
    assert!(unseen.is_empty(), "no template shows these, and no code reads them:\n{}", unseen.join("\n"));
}

#[test]
fn what_no_page_shows_is_read_by_something_else() {
    for read in READ {
        let mut files: BTreeMap<&str, &str> = BTreeMap::from([("content/_index.md", "# Home\n")]);
        files.extend(read.files.iter().copied());
        let files: Vec<(String, String)> =
            files.into_iter().map(|(path, text)| (path.to_owned(), text.to_owned())).collect();
        assert!((read.seen)(&build(&files)), "`{}` is not read by {}", read.field, read.by);
        let without = files.iter().map(|(path, text)| {
            let line = |line: &&str| !line.starts_with(&format!("{}:", read.field));
            (path.clone(), text.lines().filter(line).map(|line| format!("{line}\n")).collect())
        });
        let without: Vec<(String, String)> = without.collect();
        assert!(!(read.seen)(&build(&without)), "`{}` changes nothing", read.field);
    }
}
