//! `opsbook_version` in `book.toml`: the versions of Opsbook that a handbook is made for.
//!
//! Owns the form of the requirement and its comparison with a version. The loader decides what happens if a version does
//! not match.

use semver::{Version, VersionReq};

use crate::fields::FieldReader;
use crate::source::Span;

/// The versions of Opsbook that a handbook requires.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RequiredVersion {
    pub requirement: VersionReq,
    pub at: Span,
}

impl RequiredVersion {
    /// Takes the requirement, if there is one and it is valid.
    pub(super) fn take(reader: &mut FieldReader<'_>) -> Option<RequiredVersion> {
        let key = "opsbook_version";
        let at = reader.place(key);
        let expected = "a version or a range, such as `\"0.1\"` or `\">=0.1, <0.3\"`";
        let text = reader.text_where(&[key], expected, |text| VersionReq::parse(text).is_ok())?;
        Some(RequiredVersion { requirement: VersionReq::parse(&text).ok()?, at })
    }

    /// Whether a version of Opsbook is among the required ones. The candidate of a release counts as that release: a
    /// handbook is tried with it before the release is there.
    pub fn accepts(&self, version: &Version) -> bool {
        let release = Version::new(version.major, version.minor, version.patch);
        self.requirement.matches(&release) || self.requirement.matches(version)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::path::FilePath;

    #[test]
    fn a_requirement_accepts_the_versions_in_its_range() {
        let accepts = |requirement: &str, version: &str| {
            let at = Span::start_of(&FilePath::new("book.toml").unwrap());
            let required = RequiredVersion { requirement: requirement.parse().unwrap(), at };
            required.accepts(&version.parse().unwrap())
        };
        assert!(accepts("0.1", "0.1.0") && accepts("0.1", "0.1.9") && !accepts("0.1", "0.2.0"));
        assert!(accepts(">=0.1, <0.3", "0.2.5") && !accepts(">=0.1, <0.3", "0.3.0"));
        assert!(accepts("=0.1.2", "0.1.2") && !accepts("=0.1.2", "0.1.3"));
        assert!(accepts("0.2", "0.2.0-rc.1") && !accepts("0.2", "0.1.0"));
    }
}
