//! Front matter as meant: typed, with every problem reported at its key.

use std::collections::BTreeMap;

use crate::rules::Level;

/// The fields of a page's front matter. Absent fields have their defaults.
#[derive(Debug, Clone, Default)]
pub struct FrontMatter {
    pub title: Option<String>,
    /// A shorter title for the sidebar. Also written `linkTitle` or `sidebar_label`.
    pub nav_title: Option<String>,
    pub description: Option<String>,
    /// `page` where absent.
    pub kind: Option<String>,
    /// A role, not a person.
    pub owner: Option<String>,
    pub tags: Vec<String>,
    /// Pages sort by weight, then title. Also written `sidebar_position`. Absent sorts last.
    pub weight: Option<f64>,
    /// Replaces the last segment of the URL.
    pub slug: Option<String>,
    /// Old URLs that lead here.
    pub aliases: Vec<String>,
    /// `YYYY-MM-DD`.
    pub date: Option<jiff::civil::Date>,
    pub draft: bool,
    pub language: Option<String>,
    /// Levels of rules for this page alone.
    pub rules: BTreeMap<&'static str, Level>,
}
