//! The theme as a value: templates and assets after the override chain handbook → built-in.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::memo::Digest;
use crate::source::Source;

/// Templates and assets.
#[derive(Debug, Clone)]
pub struct Theme {
    /// Template name (`page.html`) → text. The handbook's own win over the built-in ones of the same name.
    pub templates: BTreeMap<String, Source>,
    /// Asset name (`style.css`) → bytes.
    pub assets: BTreeMap<String, Arc<[u8]>>,
    /// The digest of all of it.
    pub digest: Digest,
}
