//! Alerts of a monitoring system, read from Prometheus rule files.
//!
//! Owns [`Alert`] and what a rule file looks like: groups of rules as Prometheus reads them, and the
//! `PrometheusRule` resource around them. Expressions and templates inside texts are only text. Must not know
//! runbooks, nor any page.

mod read;
mod summary;
mod text;

use crate::path::FilePath;
use crate::source::Span;

pub use read::read;
pub use summary::readable;

/// One alert rule. Several rules may share a name, for instance one for each severity.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Alert {
    pub name: String,
    /// The label `severity`, as written.
    pub severity: Option<String>,
    /// The group that the rule stands in.
    pub group: String,
    /// As written: the annotation `summary`, else `message`, `title` or the first line of `description`.
    pub summary: Option<String>,
    pub runbook_url: Option<UrlWithSpan>,
    /// The line with the name.
    pub span: Span,
}

/// A URL with its place.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct UrlWithSpan {
    pub url: String,
    pub span: Span,
}

/// Whether a file may be a rule file, by its name. `.yml` files without groups of rules are passed over.
pub fn may_hold(file: &FilePath) -> bool {
    ["yml", "yaml", "rules"].contains(&file.extension().as_str())
}
