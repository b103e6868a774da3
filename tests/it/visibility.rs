//! One source, several audiences: nothing that is hidden changes what the public gets.
//!
//! `SITES=5000 cargo test --test it visibility::` tries more random handbooks. Owns its own generator: public lines and
//! hidden ones are told apart while they are made, so that the handbook without the hidden ones is known.

use std::fmt::Write;

use crate::support::handbook::{self, Built, Handbook, Look};
use crate::support::random::Random;
use crate::support::setting;

const BOOK: &str = "[book]\ntitle = \"H\"\nbase_url = \"https://h.example/\"\n[visibility]\ndefault = \"public\"\n\
    [visibility.paths]\n\"content/secret-*\" = \"internal\"\n\"static/secret-*\" = \"internal\"\n\"static/secret-*/**\" = \"internal\"\n\
    [offline]\nkeep = \"all\"\n[markdown]\nmath = true\n[rules]\n\"link.hidden\" = \"off\"\n";

/// A token of secret words: letters that no search folds, no encoding changes.
fn token(random: &mut Random) -> String {
    const LETTERS: &[u8] = b"bcdfghjkmnpqrtvwxz";
    (0..24).map(|_| char::from(LETTERS[random.below(LETTERS.len())])).collect()
}

/// Which hidden content a handbook has.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Secrets {
    None,
    Some(u64),
}

/// Texts that pages include.
const PARTIALS: [&str; 4] = ["_words.md", "_section.md", "_notes.md", "_folder/_part.md"];

struct Writing {
    /// Decides about the public content, and where there is hidden content.
    random: Random,
    /// Decides about the words of the hidden content.
    words: Option<Random>,
    tokens: Vec<String>,
}

impl Writing {
    /// A text with a secret word in it for each `$`, if there are secrets.
    fn secret(&mut self, text: &str) -> String {
        let Some(words) = &mut self.words else { return String::new() };
        let mut written = String::new();
        for (number, part) in text.split('$').enumerate() {
            if number > 0 {
                let token = token(words);
                written.push_str(&token);
                self.tokens.push(token);
            }
            written.push_str(part);
        }
        written
    }

    fn page(&mut self, number: usize) -> String {
        let mut text = format!("---\ntitle: Page {number}\n");
        if self.random.one_in(2) {
            text.push_str(&self.secret("owner: {value: Team $, visibility: internal}\n"));
        }
        if self.random.one_in(3) {
            let _ = writeln!(text, "tags: [open]");
        }
        text.push_str("---\n\n");
        for _ in 0..1 + self.random.below(6) {
            self.part(&mut text);
        }
        text
    }

    /// A part of a page: something that everybody sees, and something that not everybody sees.
    fn part(&mut self, text: &mut String) {
        let hidden: &[&str] = &[
            ":::internal\n$ and [$](secret-0.md)\n:::\n\n",
            ":::partner\n## $ heading\n\n- $\n\n```sh\n$\n```\n:::\n\n",
            "$ in a paragraph, with `$` {.internal}\n\n",
            "::::internal\n:::note $\n$\n:::\n::::\n\n",
            "![$](secret-a.png){.internal}\n\n",
            ":::tabs\n:::internal\n:::tab[$]\n$\n:::\n:::\n:::\n\n",
            "::::steps\n1. $ {.internal}\n::::\n\n",
        ];
        let links = ["page-0.md", "page-1.md", "secret-0.md", "#part", "secret-a.png"];
        match self.random.below(13) {
            6 => {
                // Raw HTML neither ends nor begins anything hidden.
                let tag = self.random.pick(&["</br>", "</img>", "</p>", "</div>", "<div>", "See <details>"]);
                let section = format!("## $ {{.internal}}\n\n$\n\n{tag}\n\n$\n\n");
                text.push_str("## Before\n\nWords.\n\n");
                text.push_str(&self.secret(&section));
                text.push_str("## After\n\nWords.\n\n");
            }
            7 => {
                // What is code in a formula is none in the text.
                let formula = self.random.pick(&["$r_\\text{`hit'}$", "$x<!--y$", "$a_{[}$"]).to_owned();
                let secret = self.secret(" [$]{.internal}");
                let _ = write!(text, "The ratio {formula} is{secret} here, see `stats` -->\n\n");
            }
            8 => {
                let part = self.random.pick(&PARTIALS).to_owned();
                let _ = write!(text, "## An include\n\n::include {part}\n\n");
                if part == "_section.md" {
                    text.push_str(&self.secret("$\n\n- $\n\n### $\n\n$\n\n"));
                }
                text.push_str("## Behind an include\n\nWords.\n\n");
            }
            9 => {
                text.push_str("> quote\n");
                text.push_str(&self.secret(">\n> $ {.partner}\n>\n> - $ {.internal}\n"));
                text.push_str("\nTerm\n: meaning\n");
                text.push_str(&self.secret(": $ {.internal}\n"));
                text.push_str("\n<div class=\"x\">\n\nWords");
                text.push_str(&self.secret(" [$ <i>$</i>]{.internal}"));
                text.push_str("\n\n</div>\n\n");
            }
            10 => {
                text.push_str("See [one][r]");
                text.push_str(&self.secret(" [[$][h] and ![$][h]]{.internal}"));
                text.push_str(".\n\n[r]: page-0.md\n");
                text.push_str(&self.secret("[h]: https://$.example\n"));
                text.push('\n');
            }
            11 => {
                text.push_str("```sh\nuptime\n```\n\n");
                text.push_str(&self.secret("```sh {.internal}\n$\n~~~\n:::internal\n```\n\n"));
                text.push_str("| a | b |\n|---|---|\n| c");
                text.push_str(&self.secret(" [$ \\| $]{.internal}"));
                text.push_str(" | d |\n\n");
            }
            12 => {
                text.push_str("![alt");
                text.push_str(&self.secret(" [$]{.internal}"));
                text.push_str("](secret-a.png) and ~~struck");
                text.push_str(&self.secret(" [$]{.partner}"));
                text.push_str("~~.\n\n");
            }
            5 => {
                text.push_str(":::tabs\n:::tab[One]\nWords.\n");
                text.push_str(&self.secret(":::partner\n$\n:::\n"));
                text.push_str(":::\n");
                text.push_str(&self.secret(":::internal\n:::tab[$]\n$\n:::\n:::\n"));
                text.push_str(&self.secret(":::tab[$]\n$ {.internal}\n:::\n"));
                text.push_str(":::tab[Two]\nMore words.\n:::\n:::\n\n");
            }
            0 => {
                let at = self.random.below(hidden.len());
                text.push_str(&self.secret(hidden[at]));
            }
            1 => {
                text.push_str("- one\n");
                text.push_str(&self.secret("- $ {.internal}\n  - $\n"));
                text.push_str("- two\n");
                text.push_str(&self.secret("  :::community\n  $\n  :::\n"));
                text.push_str("- three\n\n");
            }
            2 => {
                text.push_str("| a | b |\n|---|---|\n| 1 | 2 |\n");
                text.push_str(&self.secret("| $ | $ {.partner} |\n"));
                text.push_str("| 3 | 4 |\n\n");
            }
            3 => {
                let link = self.random.pick(&links).to_owned();
                let secret = self.secret(" [$ `$`]{.internal}");
                let _ = write!(text, "Words{secret} and a [link]({link}).\n\n");
            }
            4 => {
                text.push_str("## Part {#part}\n\nA paragraph.\n\n");
                let section = self.secret("### $ {.internal}\n\n$ and $\n\n#### $\n\n$\n\n");
                text.push_str(&section);
                text.push_str("## Next\n\nMore words.\n\n");
            }
            _ => {
                let secret = self.secret(" [x[^$]]{.internal}");
                let _ = write!(text, "A note{secret}.[^n]\n\n[^n]: For all.\n\n");
            }
        }
    }
}

/// A random handbook, and the secret words in it.
fn handbook(seed: u64, secrets: Secrets) -> (Handbook, Vec<String>) {
    let words = match secrets {
        Secrets::None => None,
        Secrets::Some(other) => Some(Random::new(seed * 31 + other)),
    };
    let mut writing = Writing { random: Random::new(seed), words, tokens: Vec::new() };
    let mut book =
        Handbook { look: Look::BuiltIn, today: jiff::civil::date(2026, 11, 21), ..Handbook::default() };
    let mut put = |path: &str, text: String| {
        if !text.is_empty() {
            book.files.insert(path.to_owned(), text.into_bytes());
        }
    };
    put("book.toml", BOOK.to_owned());
    put("content/_index.md", "# Home\n\nWelcome.\n".to_owned());
    for number in 0..2 + writing.random.below(4) {
        let text = writing.page(number);
        put(&format!("content/page-{number}.md"), text);
    }
    let pages = [
        "---\ntitle: $\nvisibility: internal\ntags: [$, open]\naliases: [/old/$/]\nkind: runbook\nalerts: [$]\n---\n\n# $\n\n$ [a](page-0.md)\n",
        "---\ntitle: $\nclearance: pending\nkind: rca\nid: $\n---\n\n## $\n\n$ AI @$: $\n",
        "---\ntitle: $\npublish_after: 2026-11-22\ntags: [$]\n---\n\n$ [b](page-1.md#part)\n",
        "---\ntitle: $\nvisibility: partner\nkind: minutes\ndate: 2026-11-01\n---\n\n## Participants\n\n- $\n\n## Topics\n\n- AI @$: $\n- Decision: $\n",
    ];
    for (number, page) in pages.iter().enumerate() {
        let text = writing.secret(page);
        put(&format!("content/secret-{number}.md"), text);
    }
    let parts = [
        ("_words.md", "Part", " [$]{.internal}", " words.\n"),
        ("_section.md", "Words.\n", "\n## $ {.internal}\n", ""),
        ("_notes.md", "A note[^n]", " [$[^m]]{.internal}", ".\n\n[^n]: For all.\n"),
        ("_folder/_part.md", "", "$\n", ""),
        ("_folder/_index.md", "---\nvisibility: internal\n---\n", "$\n", ""),
        ("dialect.mdx", "# Dialect\n\nWords {/* comment */}", " [$ {/* $ */}]{.internal}", " here.\n"),
        (
            "minutes.md",
            "---\nkind: minutes\ndate: 2026-11-02\n---\n\n## Topics\n\n- a\n",
            "- $ {.internal}\n",
            "- b\n=> c\n",
        ),
    ];
    for (name, before, hidden, after) in parts {
        let mut text = before.to_owned() + &writing.secret(hidden) + after;
        if name == "_notes.md" {
            text.push_str(&writing.secret("\n[^m]: $\n"));
        }
        put(&format!("content/{name}"), text);
    }
    let folder = writing.secret("---\nvisibility: internal\ncascade:\n  owner: $\n---\n\n$\n");
    put("content/inner/_index.md", folder);
    let inner = writing.secret("# $\n\n$\n");
    put("content/inner/child.md", inner);
    // The hidden page of a folder hands down the kind of public pages, and nothing else.
    let folder = "---\nvisibility: internal\ncascade:\n  kind: post\n".to_owned()
        + &writing.secret("  owner: $\n  tags: [$]\ntitle: $\nowner: $\ntags: [$]\n")
        + "---\n"
        + &writing.secret("\n# $\n\n$ [a](../page-0.md)\n");
    put("content/open/_index.md", folder);
    put("content/open/child.md", "---\ntitle: Child\nvisibility: public\n---\n\nWords.\n".to_owned());
    let image = writing.secret("$");
    put("content/secret-a.png", image);
    let files = ["static/secret-key.txt", "static/secret-inner/.well-known/$.txt"];
    for file in files.map(|file| writing.secret(file)).into_iter().filter(|file| !file.is_empty()) {
        let text = writing.secret("$");
        put(&file, text);
    }
    (book, writing.tokens)
}

/// What an author wrote to hide something.
struct Careless {
    /// `$` is a secret word, `@` the address of a hidden file.
    text: &'static str,
    /// Whether it hides nothing as it is written, so that the build must stop.
    is_mistake: bool,
}

const fn mistake(text: &'static str) -> Careless {
    Careless { text, is_mistake: true }
}

const fn hidden(text: &'static str) -> Careless {
    Careless { text, is_mistake: false }
}

/// Ways to hide something on a page that have once been published.
const CARELESS: &[Careless] = &[
    mistake("[$ word]{\n.internal } x\n\n"),
    mistake("##$ {.internal}\n\n$\n\n"),
    mistake("####### $ {.internal}\n\n$\n\n"),
    mistake("<div\n  class=\"internal\">\n$\n</div>\n\n"),
    mistake("```sh\nuptime\n~~~\n\n:::internal\n$\n:::\n\n~~~sh\nls\n~~~\n\n"),
    mistake("<div>\n:::confidential\n$\n:::\n</div>\n\n"),
    mistake(":::größe\n$\n\n"),
    mistake("> :::*partners*\n> $\n\n"),
    mistake(":::internal\n- x\n:::\n$\n:::\n\n"),
    mistake("1. Do it:\n\n   ```sh {.internal}\n   first\n$\n   ```\n\n2. Next\n\n"),
    hidden(":::note Title <!-- $ -->\nx\n:::\n\n"),
    hidden("- a\n\n  :::tip <!-- $ --> Title\n  x\n  :::\n\n"),
    hidden("[//]: # ($)\n\n"),
    hidden("> Words.\n>\n> [//]: # \"$\"\n\n"),
    hidden("<!-- $ -->\n\nWords <!-- $ --> here.\n\n"),
    hidden("<video src=\"@\"></video>\n\n"),
    hidden("<iframe src=\"@\"></iframe> <object data=\"@\"></object>\n\n"),
    hidden("<a href=@>x</a> and <a class=\"b\" href = \"@\">x</a>\n\n"),
    hidden("[x][r]\n\n[r]:\n@\n\n"),
    hidden("> [x][r]\n>\n> [r]: @\n\n"),
    hidden(":::note [x](@)\nx\n:::\n\n"),
];

/// Marks of levels that the handbook has no more.
const OF_OTHER_LEVELS: &[&str] = &[
    "## $ {.internal}\n\n$\n\n",
    "- $ {.partner}\n\n",
    "$ {.internal}\n\n",
    "| a | b |\n|---|---|\n| $ | c {.internal} |\n\n",
    "```sh {.internal}\n$\n```\n\n",
    "```sh internal\n$\n```\n\n",
    "**$**{.internal} and `$`{.partner}\n\n",
    "> [!INTERNAL]\n> $\n\n",
    "<div class=\"internal\">\n\n$\n\n</div>\n\n",
    ":::internal\n$\n:::\n\n",
];

/// A random handbook of a careless author, the secret words in it, and whether the build must stop.
fn careless(seed: u64) -> (Handbook, Vec<String>, bool) {
    let words = Some(Random::new(seed * 31 + 1));
    let mut writing = Writing { random: Random::new(seed), words, tokens: Vec::new() };
    let mut book =
        Handbook { look: Look::BuiltIn, today: jiff::civil::date(2026, 11, 21), ..Handbook::default() };
    let mut put = |path: String, text: String| book.files.insert(path, text.into_bytes());
    let (mut text, mut is_mistake) = (String::new(), false);
    let settings = match writing.random.below(4) {
        0 => {
            for _ in 0..1 + writing.random.below(2) {
                let form = writing.random.pick(OF_OTHER_LEVELS);
                text.push_str(&writing.secret(form));
            }
            is_mistake = true;
            "[book]\ntitle = \"H\"\n[visibility]\nlevels = [\"public\", \"staff\"]\ndefault = \"public\"\n"
                .to_owned()
        }
        1 => {
            let rules = "groups:\n  - name: $\n    rules:\n      - alert: A$\n        expr: up == 0\n        annotations: {summary: $}\n";
            put("data/a.yml".to_owned(), writing.secret(rules));
            text.push_str("Words.\n\n");
            BOOK.replace("default = \"public\"", "default = \"internal\"")
        }
        _ => {
            for _ in 0..1 + writing.random.below(3) {
                let one = &CARELESS[writing.random.below(CARELESS.len())];
                // A second fence could close the first one, and what is between them would be code.
                if one.text.contains("```") && text.contains("```") {
                    continue;
                }
                let mut written = writing.secret(one.text);
                if written.contains('@') {
                    let ending = if written.contains("video") { "mp4" } else { "md" };
                    let address = writing.secret("secret-$.") + ending;
                    put(format!("content/{address}"), writing.secret("# $\n"));
                    written = written.replace('@', &address);
                }
                text.push_str(&written);
                is_mistake |= one.is_mistake;
                if writing.random.one_in(2) {
                    text.push_str("Words between.\n\n");
                }
            }
            BOOK.to_owned()
        }
    };
    put("book.toml".to_owned(), settings);
    put("content/_index.md".to_owned(), "---\nvisibility: public\n---\n# Home\n".to_owned());
    for file in ["content/secret-a.png", "static/secret-key.txt", "static/secret-inner/a.txt"] {
        put(file.to_owned(), writing.secret("$"));
    }
    put("content/page.md".to_owned(), format!("---\nvisibility: public\n---\n# A page\n\n{text}End.\n"));
    (book, writing.tokens, is_mistake)
}

#[test]
fn what_a_careless_author_hides_is_withheld_or_stops_the_build() {
    for seed in 1..=u64::from(setting("SITES", 80)) {
        let (book, tokens, is_mistake) = careless(seed);
        let page = String::from_utf8_lossy(&book.files["content/page.md"]).into_owned();
        let built = book.build();
        let found = &built.diagnostics;
        assert_eq!(built.build.has_unclear_access(), is_mistake, "seed {seed}: {page}\n{found:#?}");
        if is_mistake {
            continue;
        }
        for (path, bytes) in &built.outputs {
            let text = String::from_utf8_lossy(bytes).to_lowercase();
            let leak = tokens.iter().find(|token| text.contains(*token) || path.contains(*token));
            assert_eq!(leak, None, "seed {seed}: {path}: {page}");
        }
    }
}

fn differences(one: &Built, other: &Built) -> Vec<String> {
    let paths: std::collections::BTreeSet<_> = one.outputs.keys().chain(other.outputs.keys()).collect();
    let differs = |path: &&&String| one.outputs.get(**path) != other.outputs.get(**path);
    paths.iter().filter(differs).map(|path| (*path).clone()).collect()
}

#[test]
fn hidden_content_changes_nothing_of_the_public_site() {
    for seed in 1..=u64::from(setting("SITES", 80)) {
        let (with, tokens) = handbook(seed, Secrets::Some(1));
        let (without, _) = handbook(seed, Secrets::None);
        let (other, _) = handbook(seed, Secrets::Some(2));
        let [with, without, other] = [with, without, other].map(|book| book.build());
        let missing = |problem: &&String| !problem.contains("link.missing");
        let found: Vec<_> = with.diagnostics.iter().filter(missing).collect();
        assert!(!with.build.has_unclear_access(), "seed {seed}: {found:#?}");
        if let Some(path) = differences(&with, &without).first() {
            let text = |built: &Built| {
                built.outputs.get(path).map(|bytes| String::from_utf8_lossy(bytes).into_owned())
            };
            let (with, without) = (text(&with).unwrap_or_default(), text(&without).unwrap_or_default());
            let same = with.chars().zip(without.chars()).take_while(|(one, other)| one == other).count();
            let around =
                |text: &str| text.chars().skip(same.saturating_sub(80)).take(200).collect::<String>();
            panic!("seed {seed}: {path} with: {:?} without: {:?}", around(&with), around(&without));
        }
        assert_eq!(differences(&with, &other), Vec::<String>::new(), "seed {seed}: with others");
        for (path, bytes) in &with.outputs {
            let text = String::from_utf8_lossy(bytes).to_lowercase();
            let leak = tokens.iter().find(|token| text.contains(*token) || path.contains(*token));
            assert_eq!(leak, None, "seed {seed}: {path}");
        }
    }
}

#[test]
fn insiders_get_all_of_it() {
    for seed in 1..=20 {
        let (mut book, tokens) = handbook(seed, Secrets::Some(1));
        let settings = BOOK.replace("[visibility]", "[visibility]\naudience = \"internal\"");
        book.files.insert("book.toml".to_owned(), settings.into_bytes());
        book.files.remove("content/secret-1.md");
        book.files.remove("content/secret-2.md");
        let built = book.build();
        let all: String =
            built.outputs.values().map(|bytes| String::from_utf8_lossy(bytes).into_owned()).collect();
        let shown = tokens.iter().filter(|token| all.contains(*token)).count();
        assert!(shown * 2 >= tokens.len(), "seed {seed}: {shown} of {}", tokens.len());
    }
}

/// A page with one thing wrong, and the line of it.
const MISTAKES: &[(&str, usize)] = &[
    ("---\nvisibility: Internal\n---\n", 2),
    ("---\nvisibility: INTERNAL\n---\n", 2),
    ("---\nvisibility: intern\n---\n", 2),
    ("---\nvisibility: secret\n---\n", 2),
    ("---\nvisibility: [internal]\n---\n", 2),
    ("---\nvisibility: {level: internal}\n---\n", 2),
    ("---\nvisibility: 3\n---\n", 2),
    ("---\nvisibility: true\n---\n", 2),
    ("---\nvisibility:\n---\n", 2),
    ("---\nvisibility: \"internal \"\n---\n", 2),
    ("---\nvisibility: internal, partner\n---\n", 2),
    ("---\nvisiblity: internal\n---\n", 2),
    ("---\nVisibility: internal\n---\n", 2),
    ("---\nvisability: internal\n---\n", 2),
    ("---\nvisibilty: internal\n---\n", 2),
    ("---\nvisibilities: internal\n---\n", 2),
    ("---\nvisible: internal\n---\n", 2),
    ("---\naudience: internal\n---\n", 2),
    ("---\naccess: internal\n---\n", 2),
    ("---\nconfidential: true\n---\n", 2),
    ("---\nprivate: true\n---\n", 2),
    ("---\ninternal: true\n---\n", 2),
    ("---\ntlp: red\n---\n", 2),
    ("---\nclearance: Pending\n---\n", 2),
    ("---\nclearance: no\n---\n", 2),
    ("---\nclearance: waiting\n---\n", 2),
    ("---\nclearance: [pending]\n---\n", 2),
    ("---\nclearence: pending\n---\n", 2),
    ("---\nclearance: {status: pending}\n---\n", 2),
    ("---\npublish_after: tomorrow\n---\n", 2),
    ("---\npublish_after: 2026-13-01\n---\n", 2),
    ("---\npublish_after: 2026-12-01T10:00:00\n---\n", 2),
    ("---\npublish_afer: 2026-12-01\n---\n", 2),
    ("---\npublishAfter: 2026-12-01\n---\n", 2),
    ("---\nnot_before: 2026-12-01\n---\n", 2),
    ("---\nowner: {value: A, visibility: inner}\n---\n", 2),
    ("---\nowner:\n  value: A\n  visiblity: internal\n---\n", 4),
    ("---\ncascade:\n  visibility: Internal\n---\n", 3),
    ("---\ncascade:\n  visiblity: internal\n---\n", 3),
    ("---\ntitle: A [b]{.internal}\n---\n", 2),
    ("a\n\n:::internal\nb\n", 3),
    (":::Internal\nb\n:::\n", 1),
    (":::intenal\nb\n:::\n", 1),
    ("::internal\nb\n", 1),
    ("a [b]{.Internal}\n", 1),
    ("a [b]{.intern}\n", 1),
    ("a [b]{internal}\n", 1),
    ("a {.internal} b\n", 1),
    // Front matter that is none.
    // Fields that are none, or that hide nothing but themselves.
    ("---\ndescription: >\n  a\n  visibility: internal\n---\n", 4),
    ("---\ndescription: |\n  a\n  visibility: internal\n---\n", 4),
    ("---\nparams:\n  visibility: internal\n---\n", 2),
    ("---\ncasade:\n  visibility: internal\n---\n", 2),
    ("---\ncascade: {params: {visibility: internal}}\n---\n", 2),
    ("---\ncascade:\n  - visibility: internal\n---\n", 2),
    ("---\ntitle: {visibility: internal}\n---\n", 2),
    ("---\nrules:\n  leak.address: off\n  visibility: internal\n---\n", 2),
    ("---\ndraft: {value: true, visibility: internal}\n---\n", 2),
    ("---\nkind: {value: minutes, visibility: internal}\n---\n", 2),
    ("---\naccess_level_of_page: internal\n---\n", 2),
    ("---\npublished: false\n---\n", 2),
    ("---\nhidden: true\n---\n", 2),
    // Drafts.
    ("---\ndrat: true\n---\n", 2),
    ("---\nDraft: yes\n---\n", 2),
    ("---\nis_draft: true\n---\n", 2),
    ("---\nunpublished: true\n---\n", 2),
    ("---\ndraft: ture\n---\n", 2),
    ("---\ndraft: yes\n---\n", 2),
    ("---\ndraft: 1\n---\n", 2),
    ("---\ndraft: [true]\n---\n", 2),
    ("---\ndraft:\n---\n", 2),
    ("---\ncascade:\n  drat: true\n---\n", 3),
    ("---\ncascade:\n  draft: maybe\n---\n", 3),
    ("---\ncasade:\n  draft: true\n---\n", 2),
    ("---\ndescription: |\n  a\n  draft: true\n---\n", 4),
    ("---\npublish_after: 0206-12-01\n---\n", 2),
    // Blocks that do not begin a line, and forms of other programs.
    ("\u{a0}:::internal\nb\n", 1),
    ("a :::internal\nb\n", 1),
    ("ifdef::internal[]\nb\n", 1),
    ("```sh visibility=internal\nb\n```\n", 1),
    ("a [b]{#internal}\n", 1),
];

#[test]
fn every_mistake_stops_the_build_at_its_place() {
    assert!(MISTAKES.len() >= 40);
    let mut missed = Vec::new();
    for (page, line) in MISTAKES {
        let mut book = Handbook::default();
        book.files.insert("book.toml".to_owned(), b"[visibility]\ndefault = \"public\"\n".to_vec());
        let page = format!("{page}\nsecretword\n");
        book.files.insert("content/_index.md".to_owned(), page.clone().into_bytes());
        let built = book.build();
        if !built.build.has_unclear_access() {
            missed.push(page);
            continue;
        }
        let place = format!("content/_index.md:{line}:");
        let own: Vec<_> = built.diagnostics.iter().filter(|d| d.contains("visibility.")).collect();
        assert_eq!(own.len(), 1, "{page:?}: {:#?}", built.diagnostics);
        assert!(own[0].starts_with(&place), "{page:?}: {own:?}");
    }
    assert!(missed.is_empty(), "published: {missed:#?}");
}

#[test]
fn a_draft_that_cannot_be_read_stops_the_build_also_where_no_levels_are_used() {
    for front in ["draft: ture", "draft:", "draft: yes", "cascade: {draft: maybe}"] {
        let mut book = Handbook::default();
        let rules = "[rules]\n\"front-matter.key\" = \"off\"\n\"front-matter.value\" = \"off\"\n";
        book.files.insert("book.toml".to_owned(), rules.as_bytes().to_vec());
        let page = format!("---\n{front}\n---\n# A\n");
        book.files.insert("content/a/_index.md".to_owned(), page.into_bytes());
        assert!(book.build().build.has_unclear_access(), "{front}");
    }
    // Other keys are unknown, and no levels are in use.
    for front in ["draft: false", "drat: true", "published: false", "status: draft", "hidden: true"] {
        let mut book = Handbook::default();
        let page = format!("---\n{front}\n---\n# A\n");
        book.files.insert("content/a/_index.md".to_owned(), page.into_bytes());
        assert!(!book.build().build.has_unclear_access(), "{front}");
    }
}

#[test]
fn levels_in_use_need_a_stated_default() {
    let pages = [
        "---\nvisibility: internal\n---\n",
        ":::partner\na\n:::\n",
        "a [b]{.community}\n",
        "---\nowner: {value: A, visibility: internal}\n---\n",
        "---\ncascade: {visibility: internal}\n---\n",
    ];
    for page in pages {
        let mut book = Handbook::default();
        book.files.insert("content/_index.md".to_owned(), page.as_bytes().to_vec());
        let built = book.build();
        let found = built.diagnostics.iter().filter(|problem| problem.contains("visibility.default")).count();
        assert_eq!(found, 1, "{page:?}: {:#?}", built.diagnostics);
    }
    let mut book = Handbook::default();
    book.files.insert("content/_index.md".to_owned(), b"---\nvisibility: public\n---\n\na\n".to_vec());
    assert_eq!(book.build().diagnostics, Vec::<String>::new());
}

/// Pages that are withheld in each way.
const HELD_BACK: &[(&str, &str)] = &[
    ("book.toml", "[visibility]\ndefault = \"public\"\n"),
    ("content/_index.md", "# A\n\n[b](inside/plan.csv)\n\n:::internal\nc\n:::\n"),
    ("content/draft.md", "---\ndraft: true\nvisibility: internal\n---\n"),
    ("content/inside/_index.md", "---\nvisibility: public\ncascade: {visibility: internal}\n---\n"),
    ("content/inside/page.md", "# B\n"),
    ("content/inside/plan.csv", "a,b\n"),
    ("content/later.md", "---\npublish_after: 2027-01-01\n---\n"),
    ("content/past.md", "---\npublish_after: 2020-01-01\n---\n"),
    ("content/pending.md", "---\nclearance: pending\n---\n"),
    ("content/soon.md", "---\npublish_after: 2026-12-01\n---\n"),
    ("content/team.md", "---\nowner: {value: A, visibility: partner}\n---\n"),
];

fn held_back(today: jiff::civil::Date) -> Built {
    let files = HELD_BACK.iter().map(|(file, text)| ((*file).to_owned(), text.as_bytes().to_vec()));
    Handbook { files: files.collect(), today, ..Handbook::default() }.build()
}

#[test]
fn what_is_withheld_is_listed_with_its_reason() {
    let built = held_back(jiff::civil::date(2026, 11, 21));
    let listed: Vec<String> = built
        .build
        .withheld
        .iter()
        .map(|held| format!("{} {} {:?}", held.span.file, held.what.name(), held.why))
        .collect();
    let expected = [
        "content/_index.md block Level(Level(3))",
        "content/inside/page.md page Level(Level(3))",
        "content/inside/plan.csv file Level(Level(3))",
        "content/later.md page Embargo(\"2027-01-01\")",
        "content/pending.md page Clearance(\"pending\")",
        "content/soon.md page Embargo(\"2026-12-01\")",
        "content/team.md field Level(Level(2))",
    ];
    assert_eq!(listed, expected, "{:#?}", built.diagnostics);
}

#[test]
fn an_embargo_ends_with_its_day_and_the_next_one_is_known() {
    let release = |built: &Built| built.build.next_release.map(|at| at.to_string());
    let before = held_back(jiff::civil::date(2026, 11, 21));
    assert_eq!(release(&before).as_deref(), Some("2026-12-01T00:00:00Z"));
    assert!(
        !before.outputs.contains_key("soon/index.html") && before.outputs.contains_key("past/index.html")
    );
    let on_the_day = held_back(jiff::civil::date(2026, 12, 1));
    assert_eq!(release(&on_the_day).as_deref(), Some("2027-01-01T00:00:00Z"));
    assert!(on_the_day.outputs.contains_key("soon/index.html"));
    assert_eq!(release(&held_back(jiff::civil::date(2027, 2, 1))), None);
}

/// Mistakes in `book.toml`, each of which could publish what was to be hidden.
const WRONG_SETTINGS: &[&str] = &[
    "visibility = \"internal\"\n",
    "[book]\nvisibility = \"internal\"\n",
    "[visibility]\naudience = \"all\"\n",
    "[visibility]\ndefault = \"Public\"\n",
    "[visibility]\ndefault = 3\n",
    "[visibility]\ndefualt = \"internal\"\n",
    "[visibility]\nlevels = \"internal\"\n",
    "[visibility.path]\n\"content/b.txt\" = \"internal\"\n",
    "[visibility.paths]\n\"content/b.txt\" = \"intern\"\n",
    "[visibility.paths]\ninternal = [\"content/b.txt\"]\n",
    "[visiblity.paths]\n\"content/b.txt\" = \"internal\"\n",
    "[visbility.paths]\n\"content/b.txt\" = \"internal\"\n",
    "[Visibility.paths]\n\"content/b.txt\" = \"internal\"\n",
    "[visibility.paths\n\"content/b.txt\" = \"internal\"\n",
    "[visibility]\nlevels = [\"internal\", \"public\"]\n",
    "[visibility]\nlevels = [\"internal\"]\n",
    "[paths]\n\"content/b.txt\" = \"internal\"\n",
    "[levels]\n\"content/b.txt\" = \"internal\"\n",
    "[pages]\ndefault = \"internal\"\n",
    "[rules]\n\"link.anchor\" = \"warn\"\ndefault = \"internal\"\n",
    "[visibility]\ndefault = \"public\"\n[visibility.paths]\n\"content/c.txt\" = \"internal\"\n",
    "[visibility]\ndefault = \"public\"\n[visibility.paths]\n\"b.txt\" = \"internal\"\n",
    "[visibility]\ndefault = \"public\"\n[visibility.paths]\n\"Contents/*\" = \"internal\"\n",
    "[book\n[visibility.paths]\n\"content/b.txt\" = \"internal\"\n",
];

#[test]
fn every_mistake_in_the_settings_of_visibility_stops_the_build() {
    for settings in WRONG_SETTINGS {
        let mut book = Handbook::default();
        book.files.insert("book.toml".to_owned(), settings.as_bytes().to_vec());
        book.files.insert("content/a.md".to_owned(), b"# A\n\n::include b.txt\n".to_vec());
        book.files.insert("content/b.txt".to_owned(), b"secretword\n".to_vec());
        let built = book.build();
        assert!(built.build.has_unclear_access(), "{settings:?}: {:#?}", built.diagnostics);
    }
}

#[test]
fn a_link_shows_nothing_that_its_folder_hides() {
    let files = [
        ("book.toml", "[visibility]\ndefault = \"public\"\n"),
        ("content/a.md", "# A\n\n[b](b.csv)\n\n::include c.txt\n"),
        ("content/b.csv", "secretword\n"),
        ("content/c.txt", "secretword\n"),
        ("content/d.md", "# D\n\nsecretword\n"),
        ("content/inner/_index.md", "---\nvisibility: internal\n---\n"),
    ];
    let files = files.map(|(file, text)| (file.to_owned(), text.as_bytes().to_vec()));
    let mut inputs = Handbook { files: files.into(), ..Handbook::default() }.inputs();
    let path = |path: &str| opsbook::path::FilePath::new(path).unwrap();
    for name in ["b.csv", "c.txt", "d.md"] {
        inputs.links.insert(path(&format!("content/{name}")), path(&format!("content/inner/{name}")));
    }
    let mut engine = opsbook::pipeline::Engine::new(opsbook::memo::Retention::Nothing);
    let built = handbook::build(&mut engine, &inputs);
    assert!(!built.build.failed(), "{:#?}", built.diagnostics);
    assert!(built.outputs.contains_key("a/index.html"));
    for (file, bytes) in &built.outputs {
        assert!(!String::from_utf8_lossy(bytes).contains("secretword"), "{file}");
    }
    assert!(!built.outputs.contains_key("b.csv"));
}
