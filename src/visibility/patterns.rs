//! Files by pattern: `content/plans/**` = `internal`.
//!
//! Owns how a pattern is matched against a path: `*` is any text within a name, `**` any text. Of several patterns the
//! one with the strictest level counts: a mistake shows too little. What a pattern that fits nothing may have meant is
//! told here, too.

use std::ops::Range;

use super::Level;
use crate::path::FilePath;

/// Levels of files by pattern.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Patterns(Vec<Pattern>);

/// One pattern of the settings.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Pattern {
    pub text: String,
    pub level: Level,
    /// Where it stands in `book.toml`.
    pub at: Range<usize>,
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
    pub fn fits(&self, file: &FilePath) -> bool {
        matches(&self.text, file.as_str())
    }

    /// What was perhaps meant with a pattern that fits nothing: paths begin at the handbook's folder, `content` is the
    /// one with the pages, and a folder's name alone is no file's.
    pub fn near(&self, content: &str, any: impl Fn(&Pattern) -> bool) -> Option<String> {
        let plain = self.text.trim().replace('\\', "/");
        let plain = plain.trim_matches('/');
        let begun = [plain.to_owned(), format!("{content}/{plain}")];
        let meant = begun.into_iter().flat_map(|text| [text.clone(), format!("{text}/**")]);
        meant.map(|text| Pattern { text, ..self.clone() }).find(any).map(|pattern| pattern.text)
    }
}

/// Whether a pattern means a path.
fn matches(pattern: &str, path: &str) -> bool {
    let Some((before, rest)) = pattern.split_once('*') else { return pattern == path };
    let Some(path) = path.strip_prefix(before) else { return false };
    let (rest, deep) = rest.strip_prefix('*').map_or((rest, false), |rest| (rest, true));
    // `a/**/b` is also `a/b`.
    let whole = deep && (before.is_empty() || before.ends_with('/'));
    if let Some(rest) = rest.strip_prefix('/').filter(|_| whole)
        && matches(rest, path)
    {
        return true;
    }
    let ends = path.char_indices().map(|(at, _)| at).chain([path.len()]);
    let reaches = |end: &usize| deep || !path[..*end].contains('/');
    ends.take_while(reaches).any(|end| matches(rest, &path[end..]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::visibility::Levels;

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
            assert_eq!(matches(pattern, path), fits, "{pattern} {path}");
        }
    }

    #[test]
    fn the_strictest_of_several_patterns_counts() {
        let levels = Levels::default();
        let mut patterns = Patterns::default();
        let mut add = |text: &str, level: &str| {
            patterns.add(Pattern { text: text.to_owned(), level: levels.find(level).unwrap(), at: 0..0 });
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
            let pattern = Pattern { text: text.to_owned(), level: Level::default(), at: 0..0 };
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
