//! The engines of commands that change texts and check the result.
//!
//! Owns which audiences are checked. An engine that checked a handbook before parses only what has changed.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::config::Visibility;
use crate::input::cache::FragmentCaches;
use crate::memo::Retention;
use crate::pipeline::Engine;
use crate::visibility::Audience;

/// An engine for the authors, who see everything, and one for each audience that is checked.
pub struct CheckEngines {
    pub authors: Engine,
    checks: BTreeMap<Audience, Engine>,
    caches: Arc<FragmentCaches>,
}

impl CheckEngines {
    pub fn new(caches: Arc<FragmentCaches>) -> CheckEngines {
        let authors = Engine::with_caches(Retention::LastGeneration, Arc::clone(&caches));
        CheckEngines { authors, checks: BTreeMap::new(), caches }
    }

    /// The engine for one audience.
    pub fn for_audience(&mut self, audience: Audience) -> &mut Engine {
        let caches = &self.caches;
        let new = || Engine::with_caches(Retention::LastGeneration, Arc::clone(caches));
        self.checks.entry(audience).or_insert_with(new)
    }
}

/// The audiences of `opsbook check`: that of the settings, and the one that sees everything.
pub fn checked_audiences(settings: &Visibility) -> Vec<Audience> {
    let highest = settings.levels.highest();
    let mut audiences = vec![settings.audience];
    if settings.is_in_use() && settings.audience.level() < highest {
        audiences.push(Audience::from_level(highest));
    }
    audiences
}
