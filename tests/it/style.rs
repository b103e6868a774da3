//! The words of docs/STYLE.md and of the handbook's own standard of language, checked in comments, documents and pages.
//!
//! Owns the search. The words are in docs/STYLE.md, and those for pages alone in content/standards/language.md, each in a block
//! below *Rejected words*, with the words to use instead: `nobody -> no one, or name who`.
#![expect(clippy::disallowed_methods, reason = "reads the repository's own files")]

use std::path::Path;

use fancy_regex::Regex;

/// Documents of the repository, besides the comments of the program and of its tests.
const DOCUMENTS: &[&str] =
    &["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", "benches", "docs"];

/// Documents that quote the words.
const QUOTING: &[&str] = &["docs/STYLE.md", "docs/evidence/", "content/standards/language.md"];

/// Pages that are not searched: German ones, and those about kinds. The latter are made from definitions, which are searched
/// instead.
const UNSEARCHED: &[&str] = &["content/de/", "content/guide/kinds/"];

fn read(path: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect("the file is there")
}

/// Every file in a folder, or the file itself, whose name ends with `end`, relative to the repository.
fn files(place: &str, end: &str) -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    // What npm has installed is not ours.
    let is_ours = |entry: &walkdir::DirEntry| entry.file_name() != "node_modules";
    let walk = walkdir::WalkDir::new(root.join(place)).sort_by_file_name().into_iter();
    let walk = walk.filter_entry(is_ours).map(Result::unwrap);
    let path =
        |entry: walkdir::DirEntry| entry.path().strip_prefix(root).unwrap().to_str().unwrap().to_owned();
    walk.filter(|entry| entry.file_type().is_file()).map(path).filter(|path| path.ends_with(end)).collect()
}

/// The rejected words of a document with those to use instead.
fn rejected(document: &str) -> Vec<(Regex, String, String)> {
    let style = read(document);
    let (_, block) = style.split_once("```rejected\n").expect("the document has a block `rejected`");
    let (block, _) = block.split_once("```").expect("the block ends");
    let row = |line: &str| {
        let (word, instead) = line.split_once(" -> ").expect("a row is `word -> what to write`");
        let pattern =
            Regex::new(&format!(r"(?i)(?<![\w-])(?:{})(?![\w-])", word.trim())).expect("it is a pattern");
        (pattern, word.trim().to_owned(), instead.trim().to_owned())
    };
    block.lines().filter(|line| !line.is_empty()).map(row).collect()
}

/// The comment in a line of Rust; code in backticks is not prose.
fn comment(line: &str) -> &str {
    line.trim_start().strip_prefix("//").unwrap_or("")
}

/// A line with `X` in place of each piece of code.
fn without_code(line: &str) -> String {
    line.split('`').step_by(2).collect::<Vec<_>>().join(" X ")
}

/// What becomes of code in backticks.
#[derive(Clone, Copy)]
enum InlineCode {
    Shown,
    Replaced,
}

/// The prose of a page: of each line what is neither a block of code nor a key of front matter.
fn prose_of_page(page: &str, code: InlineCode) -> Vec<String> {
    let mut is_front = page.starts_with("---\n");
    let mut fence: Option<String> = None;
    let mut prose = Vec::new();
    for (number, line) in page.lines().enumerate() {
        let opening: String = line.trim_start().chars().take_while(|c| *c == '`').collect();
        let mut text = String::new();
        if is_front {
            is_front = number == 0 || line != "---";
            // The value of `title: …` and of other keys that readers see.
            let value = line.split_once(": ").filter(|(key, _)| is_shown(key.trim()));
            value.map_or("", |(_, value)| value).clone_into(&mut text);
        } else if let Some(open) = &fence {
            if line.trim() == open {
                fence = None;
            }
        } else if opening.len() >= 3 {
            fence = Some(opening);
        } else {
            text = match code {
                InlineCode::Shown => line.to_owned(),
                InlineCode::Replaced => without_code(line),
            };
        }
        prose.push(text);
    }
    prose
}

/// Whether a line of an explanation begins its examples.
fn is_example(line: &str) -> bool {
    line.starts_with("-- ") && !matches!(line, "-- why --" | "-- fix --")
}

/// Whether the value of a key of front matter is prose that readers see.
fn is_shown(key: &str) -> bool {
    matches!(key, "title" | "nav_title" | "description" | "help" | "summary")
}

/// Lines with rejected words, as `path:line: what to write`.
#[derive(Default)]
struct Violations(Vec<String>);

impl Violations {
    fn search(&mut self, rejected: &[(Regex, String, String)], path: &str, number: usize, prose: &str) {
        for (pattern, word, instead) in rejected {
            if pattern.is_match(prose).expect("no backtracking") {
                self.0.push(format!("{path}:{}: `{word}`; write: {instead}", number + 1));
            }
        }
    }

    fn expect_none(&self) {
        assert!(self.0.is_empty(), "{} lines:\n{}", self.0.len(), self.0.join("\n"));
    }
}

#[test]
fn comments_and_documents_use_the_words_of_the_style() {
    let rejected = rejected("docs/STYLE.md");
    let mut violations = Violations::default();
    for path in files("src", ".rs").iter().chain(&files("tests/it", ".rs")) {
        for (number, line) in read(path).lines().enumerate() {
            violations.search(&rejected, path, number, &without_code(comment(line)));
        }
    }
    let documents = DOCUMENTS.iter().flat_map(|place| files(place, ".md"));
    for path in documents.filter(|path| !QUOTING.iter().any(|quoting| path.starts_with(quoting))) {
        for (number, line) in read(&path).lines().enumerate() {
            violations.search(&rejected, &path, number, &without_code(line));
        }
    }
    violations.expect_none();
}

#[test]
fn pages_use_the_words_of_the_style_and_of_the_standard_of_language() {
    let mut rejected = rejected("docs/STYLE.md");
    rejected.extend(self::rejected("content/standards/language.md"));
    let mut violations = Violations::default();
    let exempt: Vec<&str> = [UNSEARCHED, QUOTING].concat();
    let is_searched = |path: &String| !exempt.iter().any(|start| path.starts_with(start));
    for path in files("content", ".md").iter().filter(|path| is_searched(path)) {
        for (number, prose) in prose_of_page(&read(path), InlineCode::Replaced).iter().enumerate() {
            violations.search(&rejected, path, number, prose);
        }
    }
    for path in files("src/kinds/built_in", ".toml") {
        // Headings that other handbooks use are recognised, not written. German texts come last in a definition.
        let english = read(&path);
        let english = english.split("[translations.").next().unwrap_or_default();
        for (number, line) in english.lines().enumerate().filter(|(_, line)| !line.starts_with("also = ")) {
            violations.search(&rejected, &path, number, &without_code(line));
        }
    }
    for path in files("src/rules/explained", ".txt") {
        for (number, line) in read(&path).lines().enumerate().take_while(|(_, line)| !is_example(line)) {
            violations.search(&rejected, &path, number, &without_code(line));
        }
    }
    violations.expect_none();
}

/// The most columns of a line in a style sheet: a difference shows one declaration, not a whole rule.
const MOST_COLUMNS: usize = 120;

#[test]
fn lines_of_style_sheets_of_the_theme_are_short() {
    let sheets = files("themes/default/assets", ".css");
    assert!(sheets.len() > 10, "{sheets:?}");
    let mut long = Vec::new();
    for path in sheets {
        for (number, line) in read(&path).lines().enumerate() {
            if line.chars().count() > MOST_COLUMNS {
                long.push(format!("{path}:{}: {line}", number + 1));
            }
        }
    }
    assert!(long.is_empty(), "{} lines:\n{}", long.len(), long.join("\n"));
}

/// The most words of a sentence in pages that begin with a path, by content/standards/language.md. The first row counts.
const MOST_WORDS: &[(&str, usize)] = &[("content/runbooks/", 25), ("", 28)];

/// A sentence with so many commas is a list, which readers take in item by item.
const COMMAS_OF_A_LIST: usize = 4;

/// A paragraph or a list item, in one line.
struct Paragraph {
    /// The index of its first line in the page.
    line: usize,
    /// Whether it belongs to a numbered step.
    is_in_step: bool,
    text: String,
}

/// The paragraphs and list items of a page. Tables, headings and raw HTML are none.
fn paragraphs(page: &str, code: InlineCode) -> Vec<Paragraph> {
    let item = Regex::new(r"^(?:[-*+]|\d+\.|>|:)\s+").unwrap();
    let link = Regex::new(r"\[([^\]]*)\]\([^)]*\)|\{[^}]*\}").unwrap();
    let step = Regex::new(r"^(?:\d+\.\s|   )").unwrap();
    let front = page.find("\n---\n").map_or(0, |end| page[..end + 5].lines().count());
    let mut paragraphs: Vec<Paragraph> = Vec::new();
    let mut continues = false;
    for (number, line) in prose_of_page(page, code).iter().enumerate().skip(front) {
        let text = line.trim();
        if text.is_empty()
            || text.starts_with(['|', '#', '<'])
            || text.starts_with("::")
            || text.starts_with("[^")
        {
            continues = false;
            continue;
        }
        let text = link.replace_all(text, "$1");
        match paragraphs.last_mut() {
            Some(paragraph) if continues && !item.is_match(&text).unwrap() => {
                paragraph.text.push(' ');
                paragraph.text.push_str(&text);
            }
            _ => paragraphs.push(Paragraph {
                line: number,
                is_in_step: step.is_match(line).unwrap(),
                text: item.replace(&text, "").into_owned(),
            }),
        }
        continues = true;
    }
    paragraphs
}

/// The sentences of a paragraph. A colon and a semicolon end one, too: what follows can be read by itself.
fn sentences(paragraph: &str) -> Vec<String> {
    let end = Regex::new(r#"[.!?][*_")]*\s+(?=[*_"(]*[A-Z0-9])|[;:]\s|→|—"#).unwrap();
    end.split(paragraph).map(|sentence| sentence.unwrap().to_owned()).collect()
}

#[test]
fn sentences_of_pages_are_short() {
    let mut long = Vec::new();
    let mut count = 0;
    for path in
        files("content", ".md").iter().filter(|path| !UNSEARCHED.iter().any(|start| path.starts_with(start)))
    {
        let limit = MOST_WORDS.iter().find(|(start, _)| path.starts_with(start));
        let (_, most) = limit.expect("the last row is for all pages");
        for paragraph in paragraphs(&read(path), InlineCode::Replaced) {
            for sentence in sentences(&paragraph.text) {
                count += 1;
                // Names in code are read at a glance.
                let is_word = |word: &&str| *word != "X" && word.contains(char::is_alphanumeric);
                let words = sentence.split_whitespace().filter(is_word).count();
                if words > *most && sentence.matches(',').count() < COMMAS_OF_A_LIST {
                    long.push(format!("{path}:{}: {words} words: {sentence}", paragraph.line + 1));
                }
            }
        }
    }
    assert!(long.is_empty(), "{} sentences:\n{}", long.len(), long.join("\n"));
    assert!(count > 4000, "{count} sentences were read");
}

#[test]
fn a_page_is_read_sentence_by_sentence() {
    let page = "---\ntitle: T\n---\n\n# H\n\nOne `x. Y`\nline. *Two* [a b](c.md): three.\n- Four\n  five.\n\n| t |\n";
    let found: Vec<String> = paragraphs(page, InlineCode::Replaced)
        .iter()
        .flat_map(|paragraph| sentences(&paragraph.text))
        .collect();
    assert_eq!(found, ["One  X line", "*Two* a b", "three.", "Four five."]);
}

#[test]
fn code_and_keys_of_a_page_are_no_prose() {
    let page = "---\ntitle: A nobody\nkind: nobody\n---\n\nUse `nobody` here.\n\n````md\nnobody\n```\nnobody\n````\nnobody\n";
    let words: Vec<String> = prose_of_page(page, InlineCode::Replaced)
        .into_iter()
        .filter(|line| line.contains("nobody"))
        .collect();
    assert_eq!(words, ["A nobody", "nobody"]);
}

/// The most characters of a paragraph in a step of a runbook: three lines of 100 characters, by content/standards/language.md.
const MOST_CHARACTERS_OF_A_STEP: usize = 300;

/// The highest reading grade of a runbook, by content/standards/language.md.
const HIGHEST_GRADE: f64 = 7.0;

/// The English runbooks and their snippets, without the page of their section.
fn runbooks() -> Vec<String> {
    files("content/runbooks", ".md").into_iter().filter(|path| !path.ends_with("_index.md")).collect()
}

/// How many syllables an English word has, by its groups of vowels.
fn syllables(word: &str) -> usize {
    let letters: String = word.to_lowercase().chars().filter(char::is_ascii_alphabetic).collect();
    let is_vowel = |letter: char| "aeiouy".contains(letter);
    let groups = letters.split(|letter| !is_vowel(letter)).filter(|group| !group.is_empty()).count();
    // The last `e` of *name*, *named* and *names* is silent, that of *table*, *needed* and *services* is not.
    let is_silent = (letters.ends_with('e') && !letters.ends_with("le"))
        || (letters.ends_with("ed") && !letters.ends_with("ted") && !letters.ends_with("ded"))
        || (letters.ends_with("es")
            && !["ses", "zes", "ches", "shes", "xes", "ces", "ges"].iter().any(|end| letters.ends_with(end)));
    (groups - usize::from(is_silent && groups > 1)).max(1)
}

/// The Flesch-Kincaid grade of a page: the years at school that its prose asks for. Names in code do not count, and neither do
/// fragments of one or two words.
#[expect(clippy::cast_precision_loss, reason = "no page has 2^52 words")]
fn reading_grade(page: &str) -> f64 {
    let mut sentence_count = 0;
    let mut word_count = 0;
    let mut syllable_count = 0;
    for paragraph in paragraphs(page, InlineCode::Replaced) {
        for sentence in sentences(&paragraph.text) {
            let is_word = |word: &&str| *word != "X" && word.contains(|c: char| c.is_ascii_alphabetic());
            let words: Vec<&str> = sentence.split_whitespace().filter(is_word).collect();
            if words.len() > 2 {
                sentence_count += 1;
                word_count += words.len();
                syllable_count += words.iter().map(|word| syllables(word)).sum::<usize>();
            }
        }
    }
    assert!(sentence_count > 0, "the page has sentences");
    let words_each = word_count as f64 / f64::from(sentence_count);
    0.39 * words_each + 11.8 * syllable_count as f64 / word_count as f64 - 15.59
}

#[test]
fn runbooks_are_read_after_seven_years_at_school() {
    // A snippet of one sentence says nothing about the page that includes it.
    let whole = runbooks().into_iter().filter(|path| !path.contains("_snippets"));
    let mut grades: Vec<(f64, String)> = whole.map(|path| (reading_grade(&read(&path)), path)).collect();
    grades.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (median, _) = grades[grades.len() / 2];
    let (highest, hardest) = grades.last().expect("there are runbooks");
    println!("{} runbooks: median {median:.1}, highest {highest:.1} ({hardest})", grades.len());
    assert!(*highest <= HIGHEST_GRADE, "{hardest}: grade {highest:.1}, at most {HIGHEST_GRADE}");
}

#[test]
fn the_reading_grade_grows_with_words_and_syllables() {
    let words = ["cat", "named", "needed", "table", "service", "services", "availability"];
    assert_eq!(words.map(syllables), [1, 1, 2, 2, 2, 3, 6]);
    let easy = reading_grade("The cat sat on the mat. `very_long_name` It was warm.\n");
    let hard = reading_grade(
        "The availability of a considerable infrastructure necessitates organisational preparation.\n",
    );
    assert!(easy < 2.0 && hard > 20.0, "{easy:.1}, {hard:.1}");
}

#[test]
fn steps_of_runbooks_have_three_lines() {
    let mut long = Vec::new();
    let mut count = 0;
    for path in runbooks() {
        for paragraph in paragraphs(&read(&path), InlineCode::Shown).iter().filter(|step| step.is_in_step) {
            count += 1;
            let characters = paragraph.text.chars().count();
            if characters > MOST_CHARACTERS_OF_A_STEP {
                long.push(format!(
                    "{path}:{}: {characters} characters: {}",
                    paragraph.line + 1,
                    paragraph.text
                ));
            }
        }
    }
    assert!(long.is_empty(), "{} steps:\n{}", long.len(), long.join("\n"));
    assert!(count > 1000, "{count} steps were read");
}

#[test]
fn a_paragraph_below_a_number_belongs_to_the_step() {
    let found = paragraphs("Before.\n\n1. Stop `it`.\n\n   Then wait.\n\nAfter.\n", InlineCode::Shown);
    let of_steps: Vec<&str> =
        found.iter().filter(|found| found.is_in_step).map(|found| found.text.as_str()).collect();
    assert_eq!(of_steps, ["Stop `it`.", "Then wait."]);
}
