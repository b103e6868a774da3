//! A small handbook that is built again and again with other texts.
//!
//! Owns what is checked of every built site, whatever it was made of. What did not change between two builds is not
//! made again, as in the preview: one more build costs a fraction of the first.

use opsbook::input::Inputs;
use opsbook::memo::Retention;
use opsbook::path::FilePath;
use opsbook::pipeline::Engine;
use opsbook::rules::INTERNAL_ERROR;

use crate::handbook::{self, Built, Handbook};
use crate::judge::{hazards, misnested, sanitiser_changes};
use crate::scan::tags;

/// After so many builds the engine begins anew, so that what it remembers stays small.
const BUILDS: usize = 5_000;

/// The settings of the handbook: levels and formulas are in use, and the registers have something to read.
const BOOK: &str = "[book]\ntitle = \"H\"\nbase_url = \"https://h.example/\"\n[visibility]\ndefault = \"public\"\n\
    [markdown]\nmath = true\n[offline]\nkeep = \"all\"\n";

/// What pages may link and include.
const BESIDE: &[(&str, &str)] = &[
    ("book.toml", BOOK),
    ("content/_index.md", "# Home\n\nWelcome.\n"),
    ("content/b.md", "# B\n\n## Part {#part}\n\nWords.\n\n[a](a.md)\n"),
    ("content/_part.md", "# Part\n\n## One\n\nOne. [Hidden]{.internal}\n\n## Two\n\nTwo.\n"),
    ("content/list.txt", "one\ntwo\n"),
    ("content/x.png", "not really"),
    ("content/inside/_index.md", "---\nvisibility: internal\n---\n\n# Inside\n"),
    ("content/inside/_hidden.md", "# Hidden\n\nHidden.\n"),
    ("content/inside/plan.csv", "a,b\n"),
    ("data/a.rules", "groups:\n- name: g\n  rules:\n  - alert: DiskFull\n    expr: up\n"),
];

/// A handbook, ready to be built with other texts.
pub struct Site {
    inputs: Inputs,
    engine: Engine,
    builds: usize,
}

impl Site {
    pub fn new() -> Site {
        let files = BESIDE.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec()));
        let today = jiff::civil::date(2026, 11, 21);
        let inputs = Handbook { files: files.collect(), today, ..Handbook::default() }.inputs();
        let mut site = Site { inputs, engine: Engine::new(Retention::LastGeneration), builds: 0 };
        // Where anything were unclear by itself, nothing would be found out about other texts.
        let built = site.build(&[("content/a.md", "# A\n\nWords.\n")]);
        assert_eq!(built.diagnostics, Vec::<String>::new());
        site
    }

    /// Builds with these texts in the content folder, and checks what holds for every site. The texts are gone
    /// afterwards.
    pub fn build(&mut self, texts: &[(&str, &str)]) -> Built {
        self.builds += 1;
        if self.builds.is_multiple_of(BUILDS) {
            self.engine = Engine::new(Retention::LastGeneration);
        }
        let kept = self.inputs.sources.clone();
        for (path, text) in texts {
            let path = FilePath::new(path).expect("a target names files beneath the root");
            self.inputs.sources.insert(path.clone(), handbook::source(&path, text.as_bytes()));
        }
        let built = handbook::build(&mut self.engine, &self.inputs);
        self.inputs.sources = kept;
        check(&built);
        built
    }
}

/// What holds for every site.
pub fn check(built: &Built) {
    let failed = built.build.diagnostics.iter().find(|problem| problem.rule == &INTERNAL_ERROR);
    assert!(failed.is_none(), "the program failed on a page: {failed:?}");
    for (path, bytes) in &built.outputs {
        let Ok(text) = std::str::from_utf8(bytes) else { continue };
        if path.ends_with(".json") {
            let read = serde_json::from_str::<serde_json::Value>(text);
            assert!(read.is_ok(), "{path} is no JSON: {read:?}\n{text}");
        } else if path.ends_with(".xml") {
            let read = roxmltree::Document::parse(text);
            assert!(read.is_ok(), "{path} is no XML: {read:?}\n{text}");
        } else if path.ends_with(".html") {
            body(text).into_iter().for_each(|body| check_body(path, body));
        }
    }
}

/// The inside of the main element of a page in the plain theme.
fn body(page: &str) -> Option<&str> {
    let (_, rest) = page.split_once("<main>")?;
    Some(rest.rsplit_once("</main>")?.0)
}

/// Elements of inline drawings; nothing else may stand in an `svg`.
const DRAWN: &[&str] = &[
    "a", "circle", "clippath", "defs", "desc", "ellipse", "g", "line", "marker", "path", "polygon",
    "polyline", "rect", "svg", "text", "title", "tspan", "use",
];

fn check_body(path: &str, body: &str) {
    let mut dangers = hazards(body);
    if body.contains("<svg") {
        // A drawing, and its name: the program's own work, of known elements only.
        dangers.retain(|danger| danger != "<svg>" && danger != "<title>");
        assert_eq!(strange_in_drawings(body), Vec::<String>::new(), "{path}\n{body}");
    } else {
        let changes = sanitiser_changes(body);
        assert!(changes.is_none(), "{path}: a sanitiser takes something out: {changes:?}\n{body}");
    }
    assert_eq!(dangers, Vec::<String>::new(), "{path} is not safe\n{body}");
    assert_eq!(misnested(body), Vec::<String>::new(), "{path} does not nest\n{body}");
}

/// Elements within drawings that do not belong there.
fn strange_in_drawings(body: &str) -> Vec<String> {
    let (mut depth, mut found) = (0_usize, Vec::new());
    for tag in tags(body) {
        if tag.name == "svg" {
            depth = if tag.end { depth.saturating_sub(1) } else { depth + 1 };
        } else if depth > 0 && !DRAWN.contains(&tag.name.as_str()) {
            found.push(tag.name);
        }
    }
    found
}
