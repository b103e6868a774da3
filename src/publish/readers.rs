//! For whom a site is, and which site it may take the place of.
//!
//! Owns one refusal: a site never takes the place of one that more people may read, because that is where the others
//! look. Touches no file; which folder it is about is told.

use std::path::Path;

use crate::input::Failure;
use crate::visibility::{Audience, Levels};

use super::manifest::Manifest;

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

    /// Refuses to put this site in the place of the one that `current` lists.
    ///
    /// # Errors
    /// When others than these readers could look there, or nobody knows who does.
    pub(super) fn check(&self, current: &Manifest, folder: &Path) -> Result<(), Failure> {
        let ours = self.audience.level();
        let theirs = current.audience.as_deref();
        let narrow = theirs.and_then(|name| self.levels.find(name)).is_some_and(|level| level >= ours);
        if ours == self.levels.lowest() || narrow {
            return Ok(());
        }
        let (folder, name) = (folder.display(), self.name());
        let message = match theirs {
            Some(theirs) => format!("`{folder}` holds the site for `{theirs}`, and this one is for `{name}`"),
            None => format!(
                "`{folder}` holds a site that does not say for whom it is, and this one is for `{name}`"
            ),
        };
        let help = "Choose another folder with `--out`. If nobody else reads the site there, delete the folder first.";
        Err(Failure::new(message, help))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn refused(ours: &str, theirs: Option<&str>) -> Option<String> {
        let levels = Levels::default();
        let readers = Readers { levels: &levels, audience: Audience::of(levels.find(ours).unwrap()) };
        let current = Manifest::new(BTreeMap::new(), theirs.map(str::to_owned));
        readers.check(&current, Path::new("public")).err().map(|failure| failure.message)
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
        let message = "`public` holds the site for `community`, and this one is for `partner`";
        assert_eq!(refused("partner", Some("community")).as_deref(), Some(message));
        assert!(refused("internal", Some("unheard-of")).is_some());
        assert!(refused("internal", None).unwrap().contains("does not say for whom"));
    }
}
