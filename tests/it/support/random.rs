//! Random handbooks and random edits, the same for the same seed.
//!
//! Owns the generator and what it makes of every feature that ties pages together: links, includes, tags,
//! aliases, weights, listings, settings and templates. Knows nothing of what becomes of them.

use std::fmt::Write;

use super::handbook::{Handbook, Look};

/// A small generator of random numbers (xorshift).
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Random {
        Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        ((self.0 >> 33) as usize) % end.max(1)
    }

    /// One of several.
    pub fn pick<'a, T: ?Sized>(&mut self, items: &[&'a T]) -> &'a T {
        items[self.below(items.len())]
    }

    /// True once in `times`.
    pub fn one_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }
}

const FOLDERS: &[&str] = &["", "runbooks/", "runbooks/ceph/", "processes/", "minutes/2026/"];
const WORDS: &[&str] =
    &["quorum", "node", "restart", "über", "disk", "日本", "log & trace", "on-call", "<b>", "5 %"];

/// A handbook of about that many pages.
pub fn handbook(random: &mut Random, pages: usize) -> Handbook {
    let today = jiff::civil::date(2026, 11, 21);
    let mut handbook = Handbook { look: Look::BuiltIn, today, ..Handbook::default() };
    let rules = b"groups:\n- name: g\n  rules:\n  - alert: DiskFull\n  - alert: Other\n";
    handbook.files.insert("data/a.rules".to_owned(), rules.to_vec());
    for number in 0..pages {
        let path = format!("content/{}page-{number}.md", random.pick(FOLDERS));
        handbook.files.insert(path, Vec::new());
    }
    for section in ["content/_index.md", "content/runbooks/README.md", "content/processes/index.md"] {
        handbook.files.insert(section.to_owned(), Vec::new());
    }
    handbook.files.insert("content/img/net.png".to_owned(), b"not really".to_vec());
    handbook
        .files
        .insert("content/parts/shared.md".to_owned(), b"# Shared\n\n## Steps\n\nShared text.\n".to_vec());
    for path in pages_of(&handbook) {
        let text = page(random, &handbook);
        handbook.files.insert(path, text.into_bytes());
    }
    handbook
}

/// The Markdown files, in order.
pub fn pages_of(handbook: &Handbook) -> Vec<String> {
    handbook.files.keys().filter(|path| path.ends_with(".md")).cloned().collect()
}

/// A page's text: some of everything that a page can hold.
pub fn page(random: &mut Random, handbook: &Handbook) -> String {
    let mut text = front_matter(random);
    for _ in 0..1 + random.below(5) {
        let block = block(random, handbook);
        let _ = writeln!(text, "{block}\n");
    }
    text
}

fn front_matter(random: &mut Random) -> String {
    let mut text = String::from("---\n");
    let _ = writeln!(text, "title: \"{}\"", sentence(random, 2));
    if random.one_in(3) {
        let _ = writeln!(
            text,
            "tags: [{}, t{}]",
            random.pick(&["Storage", "storage", "network"]),
            random.below(4)
        );
    }
    if random.one_in(4) {
        let _ = writeln!(text, "weight: {}", random.below(5));
    }
    if random.one_in(6) {
        let _ = writeln!(text, "aliases: [/old/{}/]", random.below(1000));
    }
    if random.one_in(8) {
        let _ = writeln!(text, "slug: slug-{}", random.below(1000));
    }
    if random.one_in(5) {
        let _ = writeln!(text, "description: \"{}\"", sentence(random, 5));
    }
    if random.one_in(2) {
        text += &fields(random);
    }
    text + "---\n"
}

/// Fields that registers read.
fn fields(random: &mut Random) -> String {
    let mut text = String::new();
    let kind = random.pick(&["runbook", "rca", "minutes", "process", "standard", "advisory"]);
    let _ = writeln!(text, "kind: {kind}\nid: P-{}", random.below(30));
    let fields: &[(&str, &[&str])] = &[
        ("owner", &["Storage", "storage", "Network"]),
        ("status", &["draft", "stable", "archived"]),
        ("layer", &["iaas", "[cross, iaas]"]),
        ("pillar", &["people", "tools"]),
        ("reviewed", &["2026-01-02", "2026-11-01", "2020-01-01"]),
        ("controls", &["[\"c5:2020/SIM-03\"]", "[\"c5:2020/OPS-18\", \"x\"]"]),
        ("related", &["[P-1]", "[P-2, P-3]"]),
        ("supersedes", &["[P-4]", "[P-5]"]),
        ("date", &["2026-02-03", "2026-03-04"]),
        ("group_by", &["layer", "kind", "status"]),
        ("services", &["[A]", "[A, B]"]),
    ];
    for (name, values) in fields {
        if random.one_in(3) {
            let _ = writeln!(text, "{name}: {}", random.pick(values));
        }
    }
    text + match kind {
        "runbook" => "alerts: [DiskFull, HostDown]\n",
        "rca" => {
            "report_state: final\nstarted: 2026-05-06T01:00Z\nresolved: 2026-05-06T02:00Z\ncause_class: [change]\n"
        }
        _ => "",
    }
}

fn block(random: &mut Random, handbook: &Handbook) -> String {
    let words = sentence(random, 12);
    match random.below(13) {
        0 => format!("## {}\n\n{words}", sentence(random, 3)),
        1 => format!("See [{}]({}).", sentence(random, 2), link(random, handbook)),
        2 => format!(
            "[{words}]({}#{})",
            link(random, handbook),
            random.pick(&["steps", "quorum-node", "nowhere"])
        ),
        3 => format!(
            ":::{} {}\n{words}\n:::",
            random.pick(&["note", "warning", "details"]),
            sentence(random, 2)
        ),
        4 => "::include parts/shared.md#steps".to_owned(),
        5 => format!("```{} title=\"x\"\n{words}\n```", random.pick(&["bash", "yaml", "text", ""])),
        6 => format!("| a | b |\n|---|--:|\n| {words} | [x]({}) |", link(random, handbook)),
        7 => format!("- [ ] {words}\n- [x] done\n\n  > [!NOTE]\n  > {words}"),
        8 => {
            format!("<details><summary>More</summary>\n\n{words} <kbd>x</kbd> <!-- hidden -->\n\n</details>")
        }
        9 => format!("![{words}](/img/net.png) and text[^1].\n\n[^1]: {words}"),
        10 => format!("- AI @{}: {words}\n  - done\n- Decision: {words}", random.pick(&["ann", "bob"])),
        11 => format!("About P-{} in [minutes]({}).", random.below(9), link(random, handbook)),
        _ => words,
    }
}

/// A link to some page, or now and then to none.
fn link(random: &mut Random, handbook: &Handbook) -> String {
    if random.one_in(12) {
        return "/nowhere/at/all.md".to_owned();
    }
    let pages = pages_of(handbook);
    let path = &pages[random.below(pages.len())];
    format!("/{}", path.strip_prefix("content/").unwrap_or(path))
}

fn sentence(random: &mut Random, words: usize) -> String {
    let words: Vec<&str> = (0..1 + random.below(words)).map(|_| random.pick(WORDS)).collect();
    words.join(" ")
}

/// Changes the handbook in one of many ways and says how.
pub fn edit(random: &mut Random, handbook: &mut Handbook) -> String {
    let pages = pages_of(handbook);
    let path = pages[random.below(pages.len())].clone();
    match random.below(15) {
        0..=3 => {
            let text = page(random, handbook);
            handbook.files.insert(path.clone(), text.into_bytes());
            format!("rewrite {path}")
        }
        4 => {
            let added = format!("content/{}added-{}.md", random.pick(FOLDERS), random.below(1000));
            let text = page(random, handbook);
            handbook.files.insert(added.clone(), text.into_bytes());
            format!("add {added}")
        }
        5 if pages.len() > 10 => {
            handbook.files.remove(&path);
            format!("delete {path}")
        }
        6 => rename(random, handbook, &path),
        7 => retitle(random, handbook, &path),
        8 => template(random, handbook),
        9 => settings(random, handbook),
        10 => {
            let text = format!("# Shared\n\n## Steps\n\n{}\n", block(random, handbook));
            handbook.files.insert("content/parts/shared.md".to_owned(), text.into_bytes());
            "rewrite the included file".to_owned()
        }
        // The front matter stays: only what is read out of the text may tell.
        11..=13 => {
            let text = format!("\n{}\n", block(random, handbook));
            handbook.files.get_mut(&path).expect("the path was just listed").extend(text.into_bytes());
            format!("add to {path}")
        }
        _ => asset(random, handbook),
    }
}

fn rename(random: &mut Random, handbook: &mut Handbook, path: &str) -> String {
    let new = format!("content/{}moved-{}.md", random.pick(FOLDERS), random.below(1000));
    let bytes = handbook.files.remove(path).expect("the path was just listed");
    handbook.files.insert(new.clone(), bytes);
    format!("rename {path} to {new}")
}

fn retitle(random: &mut Random, handbook: &mut Handbook, path: &str) -> String {
    let bytes = handbook.files.get_mut(path).expect("the path was just listed");
    let text = String::from_utf8(bytes.clone()).expect("pages are text");
    let title = format!("title: \"{} {}\"", sentence(random, 3), random.below(100));
    let line = text.lines().find(|line| line.starts_with("title: ")).map(str::to_owned);
    *bytes = line.map_or(text.clone(), |line| text.replace(&line, &title)).into_bytes();
    format!("retitle {path}")
}

fn template(random: &mut Random, handbook: &mut Handbook) -> String {
    let path = "theme/templates/partials/footer.html".to_owned();
    if handbook.files.remove(&path).is_some() {
        return "drop the template".to_owned();
    }
    let text = format!("<footer>{}: {{{{ site.title }}}}</footer>", random.below(100));
    handbook.files.insert(path, text.into_bytes());
    "override a template".to_owned()
}

fn settings(random: &mut Random, handbook: &mut Handbook) -> String {
    let level = random.pick(&["off", "warn", "error"]);
    let smart = random.pick(&["true", "false"]);
    let text = format!(
        "[book]\ntitle = \"Book {}\"\nbase_url = \"https://h.example/\"\n[markdown]\nsmart_punctuation = {smart}\n\
         [rules]\n\"link.missing\" = \"{level}\"\n",
        random.below(3)
    );
    handbook.files.insert("book.toml".to_owned(), text.into_bytes());
    "change the settings".to_owned()
}

fn asset(random: &mut Random, handbook: &mut Handbook) -> String {
    let path = "content/img/net.png".to_owned();
    if random.one_in(3) && handbook.files.remove(&path).is_some() {
        return "delete the image".to_owned();
    }
    handbook.files.insert(path, random.below(1000).to_string().into_bytes());
    "change the image".to_owned()
}
