//! Files by pattern: `content/plans/**` = `internal`.
//!
//! Owns how a pattern is matched against a path: `*` is any text within a name, `**` any text. Matching takes one step
//! through the path and never goes back. Of several patterns the one with the strictest level counts: a mistake shows
//! too little. What a pattern that fits nothing may have meant is told here, too.

use std::borrow::Cow;
use std::ops::Range;

use unicode_normalization::UnicodeNormalization;

use super::Level;
use crate::path::FilePath;

/// Levels of files by pattern.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Patterns(Vec<Pattern>);

/// One pattern of the settings.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Pattern {
    /// As it was written.
    pub text: String,
    pub level: Level,
    /// Where it stands in `book.toml`.
    pub at: Range<usize>,
    tokens: Vec<Token>,
}

/// What a part of a pattern matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Token {
    Char(char),
    /// `*`: any text without `/`.
    Name,
    /// `**`: any text.
    Any,
    /// `**/` at the beginning of a name: any number of folders, also none.
    Folders,
}

impl Patterns {
    pub fn add(&mut self, pattern: Pattern) {
        self.0.push(pattern);
    }

    /// Leaves what the patterns say, and not where.
    pub fn forget_places(&mut self) {
        self.0.iter_mut().for_each(|pattern| pattern.at = 0..0);
    }

    pub fn iter(&self) -> impl Iterator<Item = &Pattern> {
        self.0.iter()
    }

    /// The strictest level that a pattern gives to a file.
    pub fn level(&self, file: &FilePath) -> Option<Level> {
        self.0.iter().filter(|pattern| pattern.fits(file)).map(|pattern| pattern.level).max()
    }
}

impl Pattern {
    pub fn new(text: String, level: Level, at: Range<usize>) -> Pattern {
        let tokens = tokens(&composed(&text));
        Pattern { text, level, at, tokens }
    }

    pub fn fits(&self, file: &FilePath) -> bool {
        matches(&self.tokens, &composed(file.as_str()))
    }

    /// What was perhaps meant with a pattern that fits nothing: paths begin at the handbook's folder, `content` is the
    /// one with the pages, and a folder's name alone is no file's.
    pub fn near(&self, content: &str, any: impl Fn(&Pattern) -> bool) -> Option<String> {
        let plain = self.text.trim().replace('\\', "/");
        let plain = plain.trim_matches('/');
        let begun = [plain.to_owned(), format!("{content}/{plain}")];
        let meant = begun.into_iter().flat_map(|text| [text.clone(), format!("{text}/**")]);
        meant.map(|text| Pattern::new(text, self.level, 0..0)).find(any).map(|pattern| pattern.text)
    }
}

/// A text in the form in which patterns and paths are compared (NFC): what looks the same is the same.
fn composed(text: &str) -> Cow<'_, str> {
    if text.is_ascii() { Cow::Borrowed(text) } else { Cow::Owned(text.nfc().collect()) }
}

fn tokens(pattern: &str) -> Vec<Token> {
    let mut tokens = Vec::with_capacity(pattern.len());
    let mut rest = pattern;
    let mut begins_name = true;
    while let Some(c) = rest.chars().next() {
        let (token, length) = if begins_name && rest.starts_with("**/") {
            (Token::Folders, "**/".len())
        } else if rest.starts_with("**") {
            (Token::Any, "**".len())
        } else if c == '*' {
            (Token::Name, "*".len())
        } else {
            (Token::Char(c), c.len_utf8())
        };
        begins_name = matches!(token, Token::Char('/') | Token::Folders);
        tokens.push(token);
        rest = &rest[length..];
    }
    tokens
}

/// Whether a pattern means a path. All ways to read the pattern are followed side by side.
fn matches(tokens: &[Token], path: &str) -> bool {
    // Most patterns begin with the name of a folder, and most paths are not in it.
    if let (Some(Token::Char(first)), Some(begins)) = (tokens.first(), path.chars().next())
        && *first != begins
    {
        return false;
    }
    let mut states = States::new(tokens.len());
    let mut next = States::new(tokens.len());
    states.enter(tokens, 0);
    for c in path.chars() {
        for &state in &states.active {
            match tokens.get(state) {
                Some(Token::Char(wanted)) if *wanted == c => next.enter(tokens, state + 1),
                Some(Token::Name) if c != '/' => next.enter(tokens, state),
                Some(Token::Any) => next.enter(tokens, state),
                Some(Token::Folders) => {
                    next.stay(state);
                    // The folders end behind a `/` only.
                    if c == '/' {
                        next.enter(tokens, state + 1);
                    }
                }
                _ => {}
            }
        }
        states.clear();
        std::mem::swap(&mut states, &mut next);
        if states.active.is_empty() {
            return false;
        }
    }
    states.known[tokens.len()]
}

/// Places in a pattern that a path may have reached; the one behind the last token is the end.
struct States {
    active: Vec<usize>,
    /// Whether a place is among them.
    known: Vec<bool>,
}

impl States {
    fn new(tokens: usize) -> States {
        States { active: Vec::new(), known: vec![false; tokens + 1] }
    }

    fn stay(&mut self, state: usize) {
        if !self.known[state] {
            self.known[state] = true;
            self.active.push(state);
        }
    }

    /// Adds a place, and those behind it that are reached without a character.
    fn enter(&mut self, tokens: &[Token], mut state: usize) {
        // Where a place is known already, so are those behind it, unless it is that of folders which do not end yet.
        while !self.known[state] || tokens.get(state) == Some(&Token::Folders) {
            self.stay(state);
            if !matches!(tokens.get(state), Some(Token::Name | Token::Any | Token::Folders)) {
                return;
            }
            state += 1;
        }
    }

    fn clear(&mut self) {
        for state in self.active.drain(..) {
            self.known[state] = false;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::bounds::PATTERN_CHARACTERS;
    use crate::visibility::Levels;

    fn fit(pattern: &str, path: &str) -> bool {
        Pattern::new(pattern.to_owned(), Level::default(), 0..0).fits(&FilePath::new(path).unwrap())
    }

    /// The meaning of a pattern, tried out in every way. `last` is the character before.
    fn tried(pattern: &str, path: &str, last: char) -> bool {
        if last == '/'
            && let Some(rest) = pattern.strip_prefix("**/")
        {
            let behind = path.match_indices('/').map(|(at, _)| at + 1);
            return [0].into_iter().chain(behind).any(|at| tried(rest, &path[at..], '/'));
        }
        let ends = path.char_indices().map(|(at, _)| at).chain([path.len()]);
        if let Some(rest) = pattern.strip_prefix("**") {
            return ends.into_iter().any(|end| tried(rest, &path[end..], '*'));
        }
        if let Some(rest) = pattern.strip_prefix('*') {
            let within = |end: &usize| !path[..*end].contains('/');
            return ends.take_while(within).any(|end| tried(rest, &path[end..], '*'));
        }
        match (pattern.chars().next(), path.chars().next()) {
            (None, None) => true,
            (Some(wanted), Some(c)) if wanted == c => tried(&pattern[1..], &path[1..], c),
            _ => false,
        }
    }

    proptest! {
        #[test]
        fn one_step_through_a_path_finds_what_trying_all_ways_finds(
            pattern in "[ab/]{0,3}(\\*{1,2}[ab/]{0,3}){0,3}",
            path in "[ab]{1,3}(/[ab]{1,3}){0,3}",
        ) {
            prop_assert_eq!(fit(&pattern, &path), tried(&pattern, &path, '/'));
        }
    }

    #[test]
    fn many_stars_cost_no_more_than_their_number() {
        let many = |part: &str| part.repeat(PATTERN_CHARACTERS.most / part.len());
        let path = format!("{}b", "a".repeat(400));
        for part in ["*a", "**a", "**/", "*"] {
            assert_eq!(fit(&many(part), &path), part == "*", "{part}");
        }
    }

    #[test]
    fn what_looks_the_same_is_the_same() {
        assert!(fit("content/Pl\u{e4}ne/**", "content/Pla\u{308}ne/a.md"));
        assert!(fit("content/Pla\u{308}ne/**", "content/Pl\u{e4}ne/a.md"));
        assert!(!fit("content/Pl\u{e4}ne/**", "content/Plane/a.md"));
    }

    #[test]
    fn stars_match_within_a_name_and_two_across_folders() {
        let cases = [
            ("content/a.png", "content/a.png", true),
            ("content/a.png", "content/b.png", false),
            ("content/*.png", "content/a.png", true),
            ("content/*.png", "content/x/a.png", false),
            ("content/**.png", "content/x/a.png", true),
            ("content/plans/**", "content/plans/x/a.md", true),
            ("content/plans/**", "content/plan.md", false),
            ("content/**/a.png", "content/a.png", true),
            ("content/**/a.png", "content/x/y/a.png", true),
            ("content/**/a.png", "content/x/ba.png", false),
            ("**/internal-*", "content/x/internal-1.svg", true),
            ("**/internal-*", "content/x/internal-1/b.svg", false),
            ("*", "content/a", false),
            ("**", "content/a", true),
        ];
        for (pattern, path, fits) in cases {
            assert_eq!(fit(pattern, path), fits, "{pattern} {path}");
        }
    }

    #[test]
    fn the_strictest_of_several_patterns_counts() {
        let levels = Levels::default();
        let mut patterns = Patterns::default();
        let mut add = |text: &str, level: &str| {
            patterns.add(Pattern::new(text.to_owned(), levels.find(level).unwrap(), 0..0));
        };
        add("data/**", "internal");
        add("data/a.yaml", "public");
        let file = |path: &str| FilePath::new(path).unwrap();
        assert_eq!(patterns.level(&file("data/a.yaml")), levels.find("internal"));
        assert_eq!(patterns.level(&file("content/a.md")), None);
    }

    #[test]
    fn what_was_meant_is_offered_where_it_fits() {
        let files = ["content/plans/a.svg", "data/b.yaml"].map(|path| FilePath::new(path).unwrap());
        let near = |text: &str| {
            let pattern = Pattern::new(text.to_owned(), Level::default(), 0..0);
            pattern.near("content", |pattern| files.iter().any(|file| pattern.fits(file)))
        };
        for text in ["plans", "/plans/", "content/plans", "content/plans/", "content\\plans"] {
            assert_eq!(near(text).as_deref(), Some("content/plans/**"), "{text}");
        }
        assert_eq!(near(" plans/* ").as_deref(), Some("content/plans/*"));
        assert_eq!(near("/data/*.yaml").as_deref(), Some("data/*.yaml"));
        assert_eq!(near("content/plan/**"), None);
    }
}
