//! Skips work whose arguments are equal to last time's.
//!
//! Owns [`Digest`] and [`Memo`], the whole incremental engine: a parallel map that reuses the values of the
//! previous call. Knows nothing of what it computes.

use std::collections::HashMap;
use std::hash::{Hash, Hasher};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

/// 128 bits of BLAKE3: equal digests mean equal content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Digest([u8; 16]);

impl Digest {
    /// The digest of several byte strings; their lengths count, so parts cannot run together.
    pub fn of(parts: &[&[u8]]) -> Digest {
        let mut hasher = blake3::Hasher::new();
        for part in parts {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
        Digest::of_stream(&hasher)
    }

    /// The digest of a value by its `Hash`.
    pub fn of_value(value: &impl Hash) -> Digest {
        let mut hasher = Stream { hasher: blake3::Hasher::new(), buffer: Vec::with_capacity(4096) };
        value.hash(&mut hasher);
        hasher.flush();
        Digest::of_stream(&hasher.hasher)
    }

    /// Sixteen bytes as they are.
    pub fn bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// Restores a digest from its bytes.
    pub fn from_bytes(bytes: [u8; 16]) -> Digest {
        Digest(bytes)
    }

    /// 32 hexadecimal digits.
    pub fn hex(&self) -> String {
        let digit = |half: u8| char::from_digit(u32::from(half), 16).expect("half a byte is one digit");
        self.0.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
    }

    /// The digest of what a hasher was given, without where its parts end.
    pub fn of_stream(hasher: &blake3::Hasher) -> Digest {
        let mut bytes = [0; 16];
        hasher.finalize_xof().fill(&mut bytes);
        Digest(bytes)
    }
}

/// Gathers the small writes of `Hash` into blocks that BLAKE3 takes fast.
struct Stream {
    hasher: blake3::Hasher,
    buffer: Vec<u8>,
}

impl Stream {
    fn flush(&mut self) {
        self.hasher.update(&self.buffer);
        self.buffer.clear();
    }
}

impl Hasher for Stream {
    fn write(&mut self, bytes: &[u8]) {
        if self.buffer.len() + bytes.len() > 4096 {
            self.flush();
        }
        self.buffer.extend_from_slice(bytes);
    }

    fn finish(&self) -> u64 {
        unreachable!("a digest is read as 128 bits")
    }
}

/// Whether values are kept for the next call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// For `serve`: one generation stays in memory.
    LastGeneration,
    /// For a single build: every value is dropped as soon as its user is done.
    Nothing,
}

/// How many items a thread takes at once. A few are much larger than all others, and stand side by side: the pages of
/// registers. No other thread may be idle while one works on them.
const MOST_AT_ONCE: usize = 16;

/// A parallel map over items that reuses the values of the previous call.
pub struct Memo<V> {
    keep: Keep,
    last: HashMap<Digest, Arc<V>>,
    computed: usize,
}

impl<V: Send + Sync> Memo<V> {
    pub fn new(keep: Keep) -> Memo<V> {
        Memo { keep, last: HashMap::new(), computed: 0 }
    }

    /// The values of `items`, in their order. `key` names everything that `compute` reads; `compute` must be
    /// pure. Only the values of this call are kept for the next one.
    pub fn map<T: Sync>(
        &mut self,
        items: &[T],
        key: impl Fn(&T) -> Digest + Sync,
        compute: impl Fn(&T) -> V + Sync,
    ) -> Vec<Arc<V>> {
        self.each(items, key, compute, |_, value| Arc::clone(value))
    }

    /// A single value by its key, for a memo that holds nothing else.
    pub fn one(&mut self, key: Digest, compute: impl FnOnce() -> V) -> Arc<V> {
        if let Some(value) = self.last.get(&key) {
            return Arc::clone(value);
        }
        let value = Arc::new(compute());
        self.last.clear();
        if self.keep == Keep::LastGeneration {
            self.last.insert(key, Arc::clone(&value));
        }
        value
    }

    /// Like [`Memo::map`], but each value goes to `take` at once; it is not held unless the memo keeps it.
    pub fn each<T: Sync, R: Send>(
        &mut self,
        items: &[T],
        key: impl Fn(&T) -> Digest + Sync,
        compute: impl Fn(&T) -> V + Sync,
        take: impl Fn(&T, &Arc<V>) -> R + Sync,
    ) -> Vec<R> {
        let computed = AtomicUsize::new(0);
        let (last, keep) = (&self.last, self.keep);
        let fresh = |item: &T| {
            computed.fetch_add(1, Ordering::Relaxed);
            Arc::new(compute(item))
        };
        let one = |item: &T| {
            // Where nothing is kept, nothing is known: there is no need for keys.
            let digest = (keep == Keep::LastGeneration).then(|| key(item));
            let known = digest.and_then(|digest| last.get(&digest));
            let value = known.map_or_else(|| fresh(item), Arc::clone);
            let taken = take(item, &value);
            (taken, digest.map(|digest| (digest, value)))
        };
        let (taken, kept): (Vec<R>, Vec<_>) = items.par_iter().with_max_len(MOST_AT_ONCE).map(one).unzip();
        self.computed = computed.into_inner();
        self.last = kept.into_iter().flatten().collect();
        taken
    }

    /// How many values the last call computed anew.
    pub fn computed(&self) -> usize {
        self.computed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_changed_is_computed_again() {
        let mut memo = Memo::new(Keep::LastGeneration);
        let mut run = |items: &[&str]| {
            let key = |item: &&str| Digest::of(&[item.as_bytes()]);
            let values = memo.map(items, key, |item| item.len());
            (values.iter().map(|v| **v).collect::<Vec<_>>(), memo.computed())
        };
        assert_eq!(run(&["a", "bb"]), (vec![1, 2], 2));
        assert_eq!(run(&["bb", "ccc", "a"]), (vec![2, 3, 1], 1));
        assert_eq!(run(&["ccc"]), (vec![3], 0));
        assert_eq!(run(&["a"]), (vec![1], 1));
    }

    #[test]
    fn parts_do_not_run_together() {
        assert_ne!(Digest::of(&[b"ab", b"c"]), Digest::of(&[b"a", b"bc"]));
    }
}
