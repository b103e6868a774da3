//! Caches highlighted code blocks.
//!
//! Owns [`HighlightCache`], a map from the digest of grammar version, language and text to HTML. An entry from disk is
//! used only if it shows exactly the text of the block, so a forged cache file can change colours and nothing else.
//! Must not read or write files.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{VERSION, highlight_shared, token};
use crate::memo::Digest;

/// Caches highlighted blocks. All threads of a build share one cache.
#[derive(Debug, Default)]
pub struct HighlightCache {
    shards: [Mutex<HashMap<Digest, CachedCode>>; 16],
    /// Whether an entry was added since the last save.
    grown: AtomicBool,
    /// Whether all code is shown plain.
    is_plain: bool,
}

#[derive(Debug)]
struct CachedCode {
    /// The HTML, or `None` if the text is shown plain.
    html: Option<Arc<str>>,
    /// Whether this process made or verified the entry.
    used: bool,
}

impl HighlightCache {
    /// A cache that highlights nothing.
    pub fn plain() -> HighlightCache {
        HighlightCache { is_plain: true, ..HighlightCache::default() }
    }

    /// Creates a cache from the saved entries of another process.
    pub fn with_entries(entries: impl IntoIterator<Item = (Digest, Option<Arc<str>>)>) -> HighlightCache {
        let cache = HighlightCache::default();
        for (key, html) in entries {
            cache.shard(key).insert(key, CachedCode { html, used: false });
        }
        cache
    }

    /// The version of everything except language and text that the HTML depends on.
    pub fn version() -> &'static str {
        VERSION
    }

    /// Returns the same as [`super::highlight`], from the cache if possible.
    pub fn highlight(&self, language: &str, code: &str) -> Option<Arc<str>> {
        if self.is_plain {
            return None;
        }
        let key = Digest::from_parts(&[VERSION.as_bytes(), language.as_bytes(), code.as_bytes()]);
        if let Some(html) = self.known(key, code) {
            return html;
        }
        // The lock is not held here. Two threads may do the same work, which gives the same result.
        let html = highlight_shared(language, code);
        self.shard(key).insert(key, CachedCode { html: html.clone(), used: true });
        self.grown.store(true, Ordering::Relaxed);
        html
    }

    /// The cached HTML. An entry from disk that shows another text is ignored.
    fn known(&self, key: Digest, code: &str) -> Option<Option<Arc<str>>> {
        let mut shard = self.shard(key);
        let entry = shard.get_mut(&key)?;
        if !entry.used && !entry.html.as_deref().is_none_or(|html| token::shows(html, code)) {
            return None;
        }
        entry.used = true;
        Some(entry.html.clone())
    }

    /// The used entries by key, if saving them is worthwhile: if some are new, or if more than half of the entries were
    /// not used.
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
        // The map holds only finished values, so it is valid even after a panic in another thread.
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
    fn a_plain_cache_highlights_nothing_and_is_not_saved() {
        let cache = HighlightCache::plain();
        assert!(cache.highlight("json", "[1]").is_none() && cache.worth_saving().is_none());
    }

    #[test]
    fn a_forged_entry_is_made_anew() {
        let first = HighlightCache::default();
        let html = first.highlight("bash", "echo 1");
        let forged = first.worth_saving().unwrap().into_keys().map(|key| (key, Some(Arc::from("rm -rf /"))));
        assert_eq!(HighlightCache::with_entries(forged).highlight("bash", "echo 1"), html);
    }
}
