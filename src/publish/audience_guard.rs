//! Protects a site from being replaced by one for other readers.
//!
//! Owns one refusal: a site or a bundle never replaces one for a wider audience, and is never written into it,
//! because those readers look there.

use std::path::Path;

use super::output_folder::read_manifest;
use crate::input::Failure;
use crate::visibility::{Audience, Levels};

/// The audience of a site, and the levels of the handbook.
#[derive(Debug, Clone, Copy)]
pub struct SiteReaders<'a> {
    pub levels: &'a Levels,
    pub audience: Audience,
}

impl SiteReaders<'_> {
    /// The name of the audience.
    pub(super) fn name(&self) -> &str {
        self.levels.name(self.audience.level())
    }

    /// Refuses to replace a site for `theirs` by this one; `None` if that site does not name its audience.
    ///
    /// # Errors
    /// Other people than this audience could read the site there, or its audience is unknown.
    pub(super) fn check(&self, theirs: Option<&str>, place: &ReplacedOutput<'_>) -> Result<(), Failure> {
        let ours = self.audience.level();
        let narrow = theirs.and_then(|name| self.levels.find(name)).is_some_and(|level| level >= ours);
        // A site that everyone may read can be put anywhere. A level that the handbook does not define counts
        // as unknown, so it is refused.
        if ours == self.levels.lowest() || narrow {
            return Ok(());
        }
        let ReplacedOutput { path, thing, option } = place;
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

/// Refuses a path inside a site for a wider audience.
///
/// # Errors
/// As for [`SiteReaders::check`].
pub(super) fn check_around(
    place: &Path,
    option: &'static str,
    readers: SiteReaders<'_>,
) -> Result<(), Failure> {
    for path in place.ancestors().skip(1) {
        if let Some(manifest) = read_manifest(path) {
            readers.check(manifest.audience.as_deref(), &ReplacedOutput { path, thing: "site", option })?;
        }
    }
    Ok(())
}

/// An output that may be replaced.
#[derive(Debug, Clone, Copy)]
pub(super) struct ReplacedOutput<'a> {
    pub path: &'a Path,
    /// The noun for messages: `site` or `bundle`.
    pub thing: &'static str,
    /// The option that selects another path.
    pub option: &'static str,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(ours: &str, theirs: Option<&str>) -> Option<String> {
        let levels = Levels::default();
        let readers =
            SiteReaders { levels: &levels, audience: Audience::from_level(levels.find(ours).unwrap()) };
        let place = ReplacedOutput { path: Path::new("public"), thing: "site", option: "--out" };
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
