//! What was highlighted before.
//!
//! Owns [`HighlightCache`], a map from the content of a block to its HTML. The key is the digest of grammar
//! version, language and text. Entries from disk are taken only where they show the very text of the block:
//! whoever can put a forged file there can change colours and nothing else. Knows no disk.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{VERSION, highlight_shared, token};
use crate::memo::Digest;

/// Remembers highlighted blocks; shared by all threads of a build.
#[derive(Debug, Default)]
pub struct HighlightCache {
    shards: [Mutex<HashMap<Digest, CachedCode>>; 16],
    /// Whether an entry was added since the entries were taken from disk.
    grown: AtomicBool,
}

#[derive(Debug)]
struct CachedCode {
    /// `None`: the text is shown plain.
    html: Option<Arc<str>>,
    /// Made or checked by this process.
    used: bool,
}

impl HighlightCache {
    /// A cache that begins with what another process has kept.
    pub fn with_entries(entries: impl IntoIterator<Item = (Digest, Option<Arc<str>>)>) -> HighlightCache {
        let cache = HighlightCache::default();
        for (key, html) in entries {
            cache.shard(key).insert(key, CachedCode { html, used: false });
        }
        cache
    }

    /// The version of everything that the HTML depends on beside language and text.
    pub fn version() -> &'static str {
        VERSION
    }

    /// What [`super::highlight`] gives, remembered.
    pub fn highlight(&self, language: &str, code: &str) -> Option<Arc<str>> {
        let key = Digest::from_parts(&[VERSION.as_bytes(), language.as_bytes(), code.as_bytes()]);
        if let Some(html) = self.known(key, code) {
            return html;
        }
        // Computed outside the lock: two threads may do the same work, which harms nobody.
        let html = highlight_shared(language, code);
        self.shard(key).insert(key, CachedCode { html: html.clone(), used: true });
        self.grown.store(true, Ordering::Relaxed);
        html
    }

    /// What is remembered, unless it came from disk and shows something else.
    fn known(&self, key: Digest, code: &str) -> Option<Option<Arc<str>>> {
        let mut shard = self.shard(key);
        let entry = shard.get_mut(&key)?;
        if !entry.used && !entry.html.as_deref().is_none_or(|html| token::shows(html, code)) {
            return None;
        }
        entry.used = true;
        Some(entry.html.clone())
    }

    /// The entries that were used, by key, where saving them is worth while: when some are new, or more than
    /// half of those from disk were not used.
    pub fn worth_saving(&self) -> Option<BTreeMap<Digest, Option<Arc<str>>>> {
        let (mut used, mut total) = (BTreeMap::new(), 0);
        for shard in &self.shards {
            let shard = shard.lock().unwrap_or_else(PoisonError::into_inner);
            total += shard.len();
            used.extend(
                shard.iter().filter(|(_, entry)| entry.used).map(|(key, entry)| (*key, entry.html.clone())),
            );
        }
        (self.grown.swap(false, Ordering::Relaxed) || used.len() * 2 < total).then_some(used)
    }

    fn shard(&self, key: Digest) -> MutexGuard<'_, HashMap<Digest, CachedCode>> {
        let shard = &self.shards[usize::from(key.bytes()[0] & 15)];
        // A map of finished values is sound even after a panic elsewhere.
        shard.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_used_entries_are_kept_and_only_when_something_is_new() {
        let first = HighlightCache::default();
        let html = first.highlight("json", "[1]");
        assert!(html.is_some() && first.highlight("nonsense", "x").is_none());
        let saved = first.worth_saving().unwrap();
        assert_eq!(saved.len(), 2);
        let second = HighlightCache::with_entries(saved);
        assert_eq!(second.highlight("json", "[1]"), html);
        assert!(second.highlight("nonsense", "x").is_none());
        assert!(second.worth_saving().is_none());
        second.highlight("json", "[2]");
        assert_eq!(second.worth_saving().unwrap().len(), 3);
    }

    #[test]
    fn a_forged_entry_is_made_anew() {
        let first = HighlightCache::default();
        let html = first.highlight("bash", "echo 1");
        let forged = first.worth_saving().unwrap().into_keys().map(|key| (key, Some(Arc::from("rm -rf /"))));
        assert_eq!(HighlightCache::with_entries(forged).highlight("bash", "echo 1"), html);
    }
}
