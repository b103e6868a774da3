//! Patterns of paths in `CODEOWNERS`.
//!
//! Owns how a pattern is read by GitHub (the rules of `.gitignore` without sets and exclusions) and by GitLab (Ruby's
//! `File.fnmatch` with `FNM_PATHNAME` and `FNM_DOTMATCH`), and whether it fits a path. The time of a comparison is at most
//! the length of the pattern times that of the path.

use super::OwnersSyntax;

/// A pattern, from the root of the repository.
#[derive(Debug)]
pub(super) struct PathPattern(Vec<PatternPart>);

#[derive(Debug, PartialEq)]
enum PatternPart {
    /// Any number of folders, including none.
    Folders,
    /// A name without wildcards.
    Name(Box<str>),
    /// Any name.
    AnyName,
    /// A name with wildcards.
    Glob(Box<[GlobToken]>),
}

/// A part of a name with wildcards.
#[derive(Debug, PartialEq)]
enum GlobToken {
    Character(char),
    AnyCharacter,
    AnyText,
    /// `[a-c]`, or `[!a-c]`.
    Set {
        is_negated: bool,
        ranges: Box<[(char, char)]>,
    },
}

impl PathPattern {
    pub fn new(written: &str, syntax: OwnersSyntax) -> PathPattern {
        let inner = written.trim_end_matches('/');
        let is_rooted = match syntax {
            OwnersSyntax::GitHub => inner.contains('/'),
            OwnersSyntax::GitLab => written.starts_with('/'),
        };
        let mut parts = Vec::new();
        if !is_rooted {
            parts.push(PatternPart::Folders);
        }
        let names: Vec<&str> = inner.split('/').filter(|name| !name.is_empty()).collect();
        for (number, name) in names.iter().enumerate() {
            let is_last = number + 1 == names.len();
            let part = match *name {
                // Ruby reads `**` at the end as `*`.
                "**" if !is_last || written.ends_with('/') => PatternPart::Folders,
                "**" if syntax == OwnersSyntax::GitHub => {
                    parts.push(PatternPart::Folders);
                    PatternPart::AnyName
                }
                name => part(name, syntax),
            };
            if part != PatternPart::Folders || parts.last() != Some(&PatternPart::Folders) {
                parts.push(part);
            }
        }
        if written.ends_with('/') {
            parts.extend([PatternPart::Folders, PatternPart::AnyName]);
        } else if syntax == OwnersSyntax::GitHub && parts.last() != Some(&PatternPart::AnyName) {
            // A name also stands for all that is in a folder of that name; `*` does not.
            parts.push(PatternPart::Folders);
        }
        PathPattern(parts)
    }

    /// Whether it fits a path, given as its names.
    pub fn fits(&self, path: &[&str]) -> bool {
        let parts = &self.0;
        let Some(last) = path.last() else { return false };
        // Most patterns differ from most paths here.
        if let Some(part) = parts.last()
            && *part != PatternPart::Folders
            && !part.fits(last)
        {
            return false;
        }
        let (mut part, mut name) = (0, 0);
        // Where the last `Folders` began: the part after it, and the first name that it does not take.
        let mut back: Option<(usize, usize)> = None;
        while name < path.len() {
            match parts.get(part) {
                Some(PatternPart::Folders) => {
                    part += 1;
                    back = Some((part, name));
                }
                Some(wanted) if wanted.fits(path[name]) => {
                    part += 1;
                    name += 1;
                }
                _ => {
                    let Some((behind, taken)) = back else { return false };
                    (part, name) = (behind, taken + 1);
                    back = Some((behind, name));
                }
            }
        }
        parts[part..].iter().all(|part| *part == PatternPart::Folders)
    }
}

impl PatternPart {
    fn fits(&self, name: &str) -> bool {
        match self {
            PatternPart::Folders => false,
            PatternPart::Name(wanted) => **wanted == *name,
            PatternPart::AnyName => true,
            PatternPart::Glob(tokens) => glob_fits(tokens, name),
        }
    }
}

fn part(name: &str, syntax: OwnersSyntax) -> PatternPart {
    if name == "*" {
        return PatternPart::AnyName;
    }
    let (mut tokens, mut rest) = (Vec::new(), name);
    while let Some(character) = rest.chars().next() {
        rest = &rest[character.len_utf8()..];
        let token = match character {
            '*' if tokens.last() == Some(&GlobToken::AnyText) => continue,
            '*' => GlobToken::AnyText,
            '?' => GlobToken::AnyCharacter,
            '[' if syntax == OwnersSyntax::GitLab => match set(rest) {
                Some((token, after)) => {
                    rest = after;
                    token
                }
                None => GlobToken::Character('['),
            },
            '\\' => match rest.chars().next() {
                Some(escaped) => {
                    rest = &rest[escaped.len_utf8()..];
                    GlobToken::Character(escaped)
                }
                None => GlobToken::Character('\\'),
            },
            character => GlobToken::Character(character),
        };
        tokens.push(token);
    }
    let plain = |token: &GlobToken| match token {
        GlobToken::Character(character) => Some(*character),
        _ => None,
    };
    match tokens.iter().map(plain).collect::<Option<String>>() {
        Some(name) => PatternPart::Name(name.into()),
        None => PatternPart::Glob(tokens.into()),
    }
}

/// The set that stands after `[`, and the text after it.
fn set(text: &str) -> Option<(GlobToken, &str)> {
    let (inside, rest) = text.split_once(']')?;
    let is_negated = inside.starts_with(['!', '^']);
    let mut characters = inside[usize::from(is_negated)..].chars().peekable();
    let mut ranges = Vec::new();
    while let Some(first) = characters.next() {
        let mut ahead = characters.clone();
        match (ahead.next(), ahead.next()) {
            (Some('-'), Some(last)) => {
                ranges.push((first, last));
                characters = ahead;
            }
            _ => ranges.push((first, first)),
        }
    }
    Some((GlobToken::Set { is_negated, ranges: ranges.into() }, rest))
}

fn glob_fits(tokens: &[GlobToken], name: &str) -> bool {
    let (mut token, mut rest) = (0, name);
    // The token after the last `*`, and the text that begins where it ends.
    let mut back: Option<(usize, &str)> = None;
    loop {
        let next = rest.chars().next();
        let fits = match (tokens.get(token), next) {
            (Some(GlobToken::AnyText), _) => {
                token += 1;
                back = Some((token, rest));
                continue;
            }
            (None, None) => return true,
            (_, None) | (None, _) => false,
            (Some(GlobToken::Character(wanted)), Some(character)) => *wanted == character,
            (Some(GlobToken::AnyCharacter), Some(_)) => true,
            (Some(GlobToken::Set { is_negated, ranges }), Some(character)) => {
                ranges.iter().any(|(first, last)| (*first..=*last).contains(&character)) != *is_negated
            }
        };
        if fits {
            token += 1;
            rest = &rest[next.map_or(0, char::len_utf8)..];
            continue;
        }
        let Some((behind, taken)) = back else { return false };
        let Some(skipped) = taken.chars().next() else { return false };
        rest = &taken[skipped.len_utf8()..];
        token = behind;
        back = Some((behind, rest));
    }
}
