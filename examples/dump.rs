#![allow(clippy::all, clippy::disallowed_methods)]
use opsbook::{
    kinds::Kinds,
    markdown,
    page::{FrontMatter, facts},
    path::FilePath,
    source::Source,
};
use std::collections::BTreeMap;
fn main() {
    let mut n = 0;
    let (mut a, mut d, mut fa) = (0, 0, 0);
    let mode = std::env::args().nth(1).unwrap();
    for path in std::env::args().skip(2) {
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        n += 1;
        let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
        let stem =
            path.rsplit('/').next().unwrap().trim_end_matches(".txt").trim_end_matches(".md").to_owned();
        let file = FilePath::new(&format!("content/minutes/iaas/{stem}.md")).unwrap();
        let source = Source::new(file.clone(), text.as_str());
        let env = markdown::Environment {
            math: false,
            smart_punctuation: false,
            flavor: markdown::Flavor::Notes,
            blocks: markdown::Blocks::Collect,
            withhold: None,
            content: "content",
            sources: &BTreeMap::new(),
            code: &|_, _| String::new(),
        };
        let doc = markdown::parse(&source, markdown::front::split(&text).body, None, &env);
        let kind = Kinds::built_in().find("minutes").unwrap().0;
        let front = FrontMatter::none(kind);
        let (facts, problems) = facts::read(&facts::Text {
            file: &file,
            content: "content",
            front: &front,
            blocks: &doc.blocks,
            withheld: &[],
            participants: opsbook::config::Participants::Show,
        });
        a += facts.actions.len();
        d += facts.decisions.len();
        fa += (!facts.actions.is_empty()) as usize;
        if mode == "all" {
            println!("== {path}");
            for m in &facts.meetings {
                println!("meeting {:?} people {} {:?}", m.date, m.people.count, m.people.handles);
                for t in &m.agenda {
                    println!("   agenda: {} {:?} #{:?}", t.title, t.sponsors, t.anchor);
                }
                for t in &m.digests {
                    println!("   digest: {} {} {} #{:?}", t.title, t.available, t.link, t.anchor);
                }
            }
            for m in &facts.mentions {
                println!("mention {}", m.what);
            }
            for p in problems {
                println!("problem {} {}", p.rule.name, p.message);
            }
        }
        for x in &facts.actions {
            let w = &text[x.span.range(&text)];
            if mode == "odd" && (w.contains("[ ]") || w.contains("[x]") || w.contains("[X]")) {
                continue;
            }
            println!(
                "A {stem}: {} {:?} {:?} {:?}",
                x.text.chars().take(150).collect::<String>(),
                x.owners,
                x.state,
                x.due
            );
        }
        for x in &facts.decisions {
            println!("D {stem}: {}", x.text.chars().take(150).collect::<String>());
        }
    }
    eprintln!("{n} files, {a} actions in {fa} files, {d} decisions");
}
