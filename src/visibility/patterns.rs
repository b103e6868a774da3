//! Files by pattern: `content/plans/**` = `internal`.
//!
//! Owns how a pattern is matched against a path: `*` is any text within a name, `**` any text. Of several patterns the
//! one with the strictest level counts: a mistake shows too little.

use super::Level;
use crate::path::FilePath;

/// Levels of files by pattern.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Patterns(Vec<(String, Level)>);

impl Patterns {
    pub fn add(&mut self, pattern: String, level: Level) {
        self.0.push((pattern, level));
    }

    /// Patterns with their levels.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Level)> {
        self.0.iter().map(|(pattern, level)| (pattern.as_str(), *level))
    }

    /// The strictest level that a pattern gives to a file.
    pub fn level(&self, file: &FilePath) -> Option<Level> {
        let fits = |(pattern, _): &&(String, Level)| matches(pattern, file.as_str());
        self.0.iter().filter(fits).map(|(_, level)| *level).max()
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
        patterns.add("data/**".to_owned(), levels.find("internal").unwrap());
        patterns.add("data/a.yaml".to_owned(), levels.find("public").unwrap());
        let file = |path: &str| FilePath::new(path).unwrap();
        assert_eq!(patterns.level(&file("data/a.yaml")), levels.find("internal"));
        assert_eq!(patterns.level(&file("content/a.md")), None);
    }
}
