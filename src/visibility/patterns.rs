//! Patterns that give levels to files: `"content/plans/**" = "internal"`.
//!
//! Owns how a pattern matches a path: `*` is any text within a name, `**` any text. A regular expression without
//! backtracking does it, in linear time. If several patterns match, the strictest level counts, so a mistake hides too
//! much and never too little. Also finds what the author of a pattern without a match may have meant.

use std::borrow::Cow;
use std::hash::{Hash, Hasher};
use std::ops::Range;

use regex_automata::meta::Regex;
use unicode_normalization::UnicodeNormalization;

use super::Level;
use crate::path::FilePath;

/// All patterns of the settings.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Patterns(Vec<Pattern>);

/// One pattern of the settings.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Pattern {
    /// The pattern as it was written.
    pub text: String,
    pub level: Level,
    /// Its range of bytes in `book.toml`.
    pub at: Range<usize>,
    glob: PathGlob,
    /// Matches only the case in which the pattern is written.
    written: PathGlob,
}

/// What a pattern says of paths. Two globs are equal if their expressions are.
#[derive(Debug, Clone)]
pub struct PathGlob {
    expression: String,
    regex: Regex,
}

impl PartialEq for PathGlob {
    fn eq(&self, other: &PathGlob) -> bool {
        self.expression == other.expression
    }
}

impl Eq for PathGlob {}

impl Hash for PathGlob {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.expression.hash(state);
    }
}

impl Patterns {
    pub fn add(&mut self, pattern: Pattern) {
        self.0.push(pattern);
    }

    /// Clears the ranges in `book.toml`, so that settings that differ only in position are equal.
    pub fn forget_places(&mut self) {
        self.0.iter_mut().for_each(|pattern| pattern.at = 0..0);
    }

    pub fn iter(&self) -> impl Iterator<Item = &Pattern> {
        self.0.iter()
    }

    /// The strictest level that a matching pattern gives to a file; `None` if no pattern matches.
    pub fn level(&self, file: &FilePath) -> Option<Level> {
        if self.0.is_empty() {
            return None;
        }
        let path = folded(file.as_str());
        self.0.iter().filter(|pattern| pattern.glob.matches(&path)).map(|pattern| pattern.level).max()
    }

    /// As [`Patterns::level`], by the patterns that match the path in the case in which both are written: a pattern may
    /// hide other spellings as well, but must not open them.
    pub fn level_as_written(&self, file: &FilePath) -> Option<Level> {
        let path = composed(file.as_str());
        self.0.iter().filter(|pattern| pattern.written.matches(&path)).map(|pattern| pattern.level).max()
    }
}

impl Pattern {
    pub fn new(text: String, level: Level, at: Range<usize>) -> Pattern {
        let glob = PathGlob::new(&text);
        let written = PathGlob::of_text(&composed(&text));
        Pattern { text, level, at, glob, written }
    }

    pub fn fits(&self, file: &FilePath) -> bool {
        self.glob.fits(file)
    }

    /// A pattern that `any` accepts and that is near to one without a match. The author may have used backslashes, left
    /// out the content folder `content`, or named a folder without the `/**` that its files need.
    pub fn near(&self, content: &str, any: impl Fn(&Pattern) -> bool) -> Option<String> {
        let plain = self.text.trim().replace('\\', "/");
        let plain = plain.trim_matches('/');
        let begun = [plain.to_owned(), format!("{content}/{plain}")];
        let meant = begun.into_iter().flat_map(|text| [text.clone(), format!("{text}/**")]);
        meant.map(|text| Pattern::new(text, self.level, 0..0)).find(any).map(|pattern| pattern.text)
    }
}

impl PathGlob {
    pub fn new(pattern: &str) -> PathGlob {
        PathGlob::of_text(&folded(pattern))
    }

    pub fn fits(&self, file: &FilePath) -> bool {
        self.matches(&folded(file.as_str()))
    }

    /// A glob for paths in the same form as the pattern.
    fn of_text(pattern: &str) -> PathGlob {
        let mut expression = "(?s)^".to_owned();
        for name in pattern.split_inclusive('/') {
            // `**/` means folders only as a whole name: in `a**/b` it is any text and a `/`.
            if name == "**/" {
                expression.push_str("(?:.*/)?");
                continue;
            }
            let texts = name.split("**").map(|text| regex_syntax::escape(text).replace(r"\*", "[^/]*"));
            expression.push_str(&texts.collect::<Vec<_>>().join(".*"));
        }
        expression.push('$');
        let regex = Regex::new(&expression).expect("the settings bound the length of a pattern");
        PathGlob { expression, regex }
    }

    fn matches(&self, path: &str) -> bool {
        self.regex.is_match(path)
    }
}

/// The text in NFC, in which texts that look the same are equal.
fn composed(text: &str) -> Cow<'_, str> {
    if text.is_ascii() { Cow::Borrowed(text) } else { Cow::Owned(text.nfc().collect()) }
}

/// A path or a pattern in the form in which they are compared: some file systems, and URLs, do not distinguish upper and
/// lower case or forms of Unicode.
pub fn folded(path: &str) -> Cow<'_, str> {
    if path.is_ascii() {
        return if path.bytes().any(|byte| byte.is_ascii_uppercase()) {
            Cow::Owned(path.to_ascii_lowercase())
        } else {
            Cow::Borrowed(path)
        };
    }
    let composed: String = path.nfc().collect();
    // Lower, upper, then lower case again, so that `ẞ` and `ß` become `ss`, and the two lower-case forms of sigma
    // become one.
    Cow::Owned(composed.to_lowercase().to_uppercase().to_lowercase().nfc().collect())
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

    /// The meaning of a pattern, found by trying all readings. `last` is the character before the pattern.
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
    fn names_are_folded_as_systems_and_urls_do() {
        assert_eq!(folded("content/Plans"), "content/plans");
        assert_eq!(folded("Pl\u{e4}ne"), folded("PLA\u{308}NE"));
        assert_eq!(folded("stra\u{df}e"), folded("STRASSE"));
        assert_eq!(folded("stra\u{1e9e}e"), folded("STRASSE"));
        assert_eq!(folded("\u{3c3}\u{3c2}"), folded("\u{3a3}\u{3a3}"));
        assert_ne!(folded("plans"), folded("plan"));
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
