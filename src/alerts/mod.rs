//! Alerts of a monitoring system, read from Prometheus rule files.
//!
//! Owns [`Alert`] and the format of rule files: groups of rules as Prometheus reads them, and the `PrometheusRule`
//! resource around them. Expressions and templates are only text and are never evaluated. Must not know runbooks or
//! other pages.

mod label_names;
mod read;
mod summary;
mod text;

use std::collections::BTreeSet;

use crate::path::FilePath;
use crate::source::Span;

pub use label_names::is_label_name;
pub use read::read;
pub use summary::readable;

/// One alert rule. Several rules may share a name, for instance one for each severity.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Alert {
    pub name: String,
    /// The label `severity`, as written.
    pub severity: Option<String>,
    /// The name of the group that contains the rule.
    pub group: String,
    /// The first line of the annotation `summary`, else of `message`, `title` or `description`, with its templates.
    pub summary: Option<String>,
    /// Names that may be labels of the alert, see `label_names`.
    pub label_names: BTreeSet<String>,
    /// The annotation `runbook_url`.
    pub runbook_url: Option<UrlWithSpan>,
    /// The line of the key `alert`, from the key on.
    pub span: Span,
}

/// A URL, and the span of the line that it is written on.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct UrlWithSpan {
    pub url: String,
    pub span: Span,
}

/// Whether a file may be a rule file, by its name. Other YAML files have the same extensions; [`read()`] ignores them.
pub fn may_hold(file: &FilePath) -> bool {
    ["yml", "yaml", "rules"].contains(&file.extension().as_str())
}
