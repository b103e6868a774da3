//! For whom a site is, and which site it may take the place of.
//!
//! Owns one refusal: a site or a bundle never takes the place of one that more people may read, because that is where the others
//! look, nor a place inside of it.

use std::path::Path;

use super::place::read_manifest;
use crate::input::Failure;
use crate::visibility::{Audience, Levels};

/// Who may read a site, among whom.
#[derive(Debug, Clone, Copy)]
pub struct Readers<'a> {
    pub levels: &'a Levels,
    pub audience: Audience,
}

impl Readers<'_> {
    /// The name of the audience.
    pub(super) fn name(&self) -> &str {
        self.levels.name(self.audience.level())
    }

    /// Refuses to put this site in the place of one for `theirs`; `None` where that one does not say.
    ///
    /// # Errors
    /// When others than these readers could look there, or nobody knows who does.
    pub(super) fn check(&self, theirs: Option<&str>, place: &Place<'_>) -> Result<(), Failure> {
        let ours = self.audience.level();
        let narrow = theirs.and_then(|name| self.levels.find(name)).is_some_and(|level| level >= ours);
        if ours == self.levels.lowest() || narrow {
            return Ok(());
        }
        let Place { path, thing, option } = place;
        let whose =
            theirs.map_or("that does not say for whom it is".to_owned(), |name| format!("for `{name}`"));
        let message =
            format!("`{}` holds a {thing} {whose}, and this one is for `{}`", path.display(), self.name());
        let help = format!(
            "Choose another place with `{option}`. If nobody else reads the {thing} there, delete it first."
        );
        Err(Failure::new(message, help))
    }
}

/// Refuses a place inside a site that more people may read.
///
/// # Errors
/// As for the place of a site itself.
pub(super) fn check_around(place: &Path, option: &'static str, readers: Readers<'_>) -> Result<(), Failure> {
    for path in place.ancestors().skip(1) {
        if let Some(manifest) = read_manifest(path) {
            readers.check(manifest.audience.as_deref(), &Place { path, thing: "site", option })?;
        }
    }
    Ok(())
}

/// What may be replaced.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    pub path: &'a Path,
    /// What it is called.
    pub thing: &'static str,
    /// The option by which another place is chosen.
    pub option: &'static str,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(ours: &str, theirs: Option<&str>) -> Option<String> {
        let levels = Levels::default();
        let readers = Readers { levels: &levels, audience: Audience::of(levels.find(ours).unwrap()) };
        let place = Place { path: Path::new("public"), thing: "site", option: "--out" };
        readers.check(theirs, &place).err().map(|failure| failure.message)
    }

    #[test]
    fn a_site_takes_the_place_of_one_for_the_same_readers_or_fewer() {
        for theirs in [Some("public"), Some("internal"), Some("unheard-of"), None] {
            assert_eq!(refused("public", theirs), None, "{theirs:?}");
        }
        assert_eq!(refused("partner", Some("partner")), None);
        assert_eq!(refused("partner", Some("internal")), None);
    }

    #[test]
    fn a_site_never_takes_the_place_of_one_that_more_may_read() {
        let message = "`public` holds a site for `community`, and this one is for `partner`";
        assert_eq!(refused("partner", Some("community")).as_deref(), Some(message));
        assert!(refused("internal", Some("unheard-of")).is_some());
        assert!(refused("internal", None).unwrap().contains("does not say for whom"));
    }
}
