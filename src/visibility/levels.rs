//! Levels of visibility, their names and their order.
//!
//! Owns [`Levels`], the levels of a handbook, which its settings name. Default: `public`, `community`, `partner`,
//! `internal`.

use crate::diagnostic::nearest;

/// The names of a handbook's levels, from the level that everyone may see to the level that the fewest may see. Never
/// empty.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Levels(Vec<String>);

/// Names that cannot be those of the first level, because they say that not everyone is meant.
const NOT_FOR_ALL: [&str; 6] = ["classified", "confidential", "internal", "private", "restricted", "secret"];

/// One level, by its index in [`Levels`]. Fewer people see a greater level; everyone sees the default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Level(u8);

/// Whom a site is built for: the people who may see one level and all levels below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Audience {
    level: Level,
    /// Whether it also sees what is not cleared, and what is under embargo.
    sees_withheld: bool,
}

impl Default for Levels {
    fn default() -> Levels {
        Levels(["public", "community", "partner", "internal"].map(str::to_owned).into())
    }
}

impl Levels {
    /// Makes levels from their names, in ascending order: 1 to 16 names of `a-z`, `0-9` and `-` that begin with a
    /// letter.
    ///
    /// # Errors
    /// Returns a message if a name or the number of names is not allowed, a name is repeated, or known names are in the
    /// wrong order.
    pub fn new(names: Vec<String>) -> Result<Levels, String> {
        let plain = |name: &String| {
            name.starts_with(|c: char| c.is_ascii_lowercase())
                && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        };
        if let Some(name) = names.iter().find(|name| !plain(name)) {
            return Err(format!("a level is written with a-z, 0-9 and `-`, not `{name}`"));
        }
        if (1..names.len()).any(|at| names[..at].contains(&names[at])) {
            return Err("a level stands twice in the list".to_owned());
        }
        if !(1..=16).contains(&names.len()) {
            return Err("there are between 1 and 16 levels".to_owned());
        }
        match out_of_order(&names) {
            Some((before, after)) => {
                Err(format!("more may see `{after}` than `{before}`, so it comes first"))
            }
            None if NOT_FOR_ALL.contains(&names[0].as_str()) => {
                Err(format!("the first level is what everybody may see, which `{}` cannot mean", names[0]))
            }
            None => Ok(Levels(names)),
        }
    }

    /// The level that everyone may see.
    pub fn lowest(&self) -> Level {
        Level(0)
    }

    /// The level that the fewest people may see.
    pub fn highest(&self) -> Level {
        Level((self.0.len() - 1) as u8)
    }

    /// The level with exactly that name, in the same case.
    pub fn find(&self, name: &str) -> Option<Level> {
        self.0.iter().position(|known| known == name).map(|at| Level(at as u8))
    }

    /// The name of a level. The level must be one of this handbook.
    pub fn name(&self, level: Level) -> &str {
        &self.0[usize::from(level.0)]
    }

    /// The name of a level for readers, with a capital: `Internal`.
    pub fn title(&self, level: Level) -> String {
        let mut letters = self.name(level).chars();
        letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
    }

    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// The level that an author probably meant by an unknown name.
    pub fn near(&self, name: &str) -> Option<&str> {
        nearest(&name.to_lowercase(), self.names())
            .or_else(|| self.names().find(|known| known.eq_ignore_ascii_case(name)))
    }

    /// All names as a phrase: "`public`, `partner` or `internal`".
    pub fn listed(&self) -> String {
        let names: Vec<String> = self.names().map(|name| format!("`{name}`")).collect();
        match names.split_last() {
            Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
            _ => names.concat(),
        }
    }
}

/// Two names whose order contradicts that of the default levels. A list in the wrong order would publish everything.
fn out_of_order(names: &[String]) -> Option<(&str, &str)> {
    let usual = Levels::default();
    let rank = |name: &str| usual.find(name);
    // A name outside the default levels may be anywhere, but no level can be below `public`.
    let turned = |(before, after): &(&String, &String)| match (rank(before), rank(after)) {
        (Some(before), Some(after)) => before > after,
        (_, after) => after == Some(usual.lowest()),
    };
    let mut pairs =
        (1..names.len()).flat_map(|at| names[..at].iter().map(move |before| (before, &names[at])));
    pairs.find(turned).map(|(before, after)| (before.as_str(), after.as_str()))
}

impl Audience {
    /// The people who may see `level` and all levels below it.
    pub fn from_level(level: Level) -> Audience {
        Audience { level, sees_withheld: false }
    }

    /// The authors of the handbook, who see everything in the sources. No site is built for them: it serves commands
    /// that change sources.
    pub fn authors(levels: &Levels) -> Audience {
        Audience { level: levels.highest(), sees_withheld: true }
    }

    /// The highest level that the audience may see.
    pub fn level(self) -> Level {
        self.level
    }

    pub fn sees(self, level: Level) -> bool {
        level <= self.level
    }

    /// Whether it sees everything, whatever its clearance, embargo and level.
    pub fn sees_withheld(self) -> bool {
        self.sees_withheld
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_audience_sees_its_level_and_those_before() {
        let levels = Levels::default();
        let level = |name: &str| levels.find(name).unwrap();
        let partner = Audience::from_level(level("partner"));
        let seen: Vec<&str> = levels.names().filter(|name| partner.sees(level(name))).collect();
        assert_eq!(seen, ["public", "community", "partner"]);
        assert!(!Audience::from_level(levels.lowest()).sees(level("community")));
        assert!(Audience::from_level(levels.highest()).sees(level("internal")));
    }

    #[test]
    fn names_are_exact_and_near_ones_are_offered() {
        let levels = Levels::default();
        assert_eq!(levels.find("Internal"), None);
        assert_eq!(levels.title(levels.highest()), "Internal");
        assert_eq!(levels.near("Internal"), Some("internal"));
        assert_eq!(levels.near("intenal"), Some("internal"));
        assert_eq!(levels.near("colour"), None);
        assert_eq!(levels.listed(), "`public`, `community`, `partner` or `internal`");
    }

    #[test]
    fn a_list_of_levels_must_be_sound() {
        let new = |names: &[&str]| Levels::new(names.iter().map(|name| (*name).to_owned()).collect());
        assert!(new(&["open", "closed-2"]).is_ok());
        assert!(new(&["a"; 1]).is_ok());
        assert_eq!(new(&["Open"]), Err("a level is written with a-z, 0-9 and `-`, not `Open`".to_owned()));
        assert_eq!(new(&["a b"]), Err("a level is written with a-z, 0-9 and `-`, not `a b`".to_owned()));
        assert_eq!(new(&["a", "b", "a"]), Err("a level stands twice in the list".to_owned()));
        assert_eq!(new(&[]), Err("there are between 1 and 16 levels".to_owned()));
        let turned = "more may see `public` than `internal`, so it comes first".to_owned();
        assert_eq!(new(&["internal", "public"]), Err(turned));
        let turned = "more may see `public` than `staff`, so it comes first".to_owned();
        assert_eq!(new(&["staff", "public"]), Err(turned));
        let turned = "more may see `partner` than `internal`, so it comes first".to_owned();
        assert_eq!(new(&["public", "internal", "staff", "partner"]), Err(turned));
        let few = "the first level is what everybody may see, which `internal` cannot mean".to_owned();
        assert_eq!(new(&["internal"]), Err(few));
        assert!(new(&["community", "staff", "internal"]).is_ok());
        let many: Vec<String> = (0..17).map(|n| format!("l{n}")).collect();
        assert_eq!(Levels::new(many), Err("there are between 1 and 16 levels".to_owned()));
    }
}
