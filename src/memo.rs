//! Skips work whose arguments are the same as in the previous call.
//!
//! Owns [`Digest`] and [`Memo`], the whole incremental engine: a parallel map that reuses the values of the
//! previous call.

use std::collections::HashMap;
use std::hash::{Hash, Hasher};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

/// The first 128 bits of a BLAKE3 hash. Equal digests mean equal content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Digest([u8; 16]);

impl Digest {
    /// The digest of several byte strings. The length of each part is hashed too, so that `ab`, `c` differs from `a`,
    /// `bc`.
    pub fn from_parts(parts: &[&[u8]]) -> Digest {
        let mut hasher = blake3::Hasher::new();
        for part in parts {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
        Digest::of_stream(&hasher)
    }

    /// The digest of what the value's `Hash` implementation writes.
    pub fn of_value(value: &impl Hash) -> Digest {
        let mut hasher = HashBuffer { hasher: blake3::Hasher::new(), buffer: Vec::with_capacity(4096) };
        value.hash(&mut hasher);
        hasher.flush();
        Digest::of_stream(&hasher.hasher)
    }

    /// The sixteen bytes of the digest.
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

    /// The digest of all bytes that a hasher was given. It does not depend on how they were split into parts.
    pub fn of_stream(hasher: &blake3::Hasher) -> Digest {
        let mut bytes = [0; 16];
        hasher.finalize_xof().fill(&mut bytes);
        Digest(bytes)
    }
}

/// Collects the small writes of `Hash` into blocks of up to 4 KiB, which BLAKE3 hashes faster.
struct HashBuffer {
    hasher: blake3::Hasher,
    buffer: Vec<u8>,
}

impl HashBuffer {
    fn flush(&mut self) {
        self.hasher.update(&self.buffer);
        self.buffer.clear();
    }
}

impl Hasher for HashBuffer {
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

/// Whether a [`Memo`] keeps values for the next call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retention {
    /// For `serve`: the values of the last call stay in memory.
    LastGeneration,
    /// For a single build: each value is dropped as soon as it has been used.
    Nothing,
}

/// The largest number of items that a thread takes at once. The pages of registers are much larger than all others and
/// come one after the other in the list. Without this limit one thread could take all of them while others are idle.
const MOST_AT_ONCE: usize = 16;

/// A parallel map over items that reuses the values of the previous call.
pub struct Memo<V> {
    keep: Retention,
    last: HashMap<Digest, Arc<V>>,
    computed: usize,
}

impl<V: Send + Sync> Memo<V> {
    pub fn new(keep: Retention) -> Memo<V> {
        Memo { keep, last: HashMap::new(), computed: 0 }
    }

    /// The values of `items`, in their order. `key` must be a digest of everything that `compute` reads, and `compute`
    /// must be pure. Only the values of this call are kept for the next one.
    pub fn map<T: Sync>(
        &mut self,
        items: &[T],
        key: impl Fn(&T) -> Digest + Sync,
        compute: impl Fn(&T) -> V + Sync,
    ) -> Vec<Arc<V>> {
        self.map_with(items, key, compute, |_, value| Arc::clone(value))
    }

    /// A single value by its key, computed if the key is new. All other values of the memo are dropped then, so it must
    /// not be mixed with [`Memo::map`].
    pub fn get_or_compute(&mut self, key: Digest, compute: impl FnOnce() -> V) -> Arc<V> {
        if let Some(value) = self.last.get(&key) {
            return Arc::clone(value);
        }
        let value = Arc::new(compute());
        self.last.clear();
        if self.keep == Retention::LastGeneration {
            self.last.insert(key, Arc::clone(&value));
        }
        value
    }

    /// Like [`Memo::map`], but passes each value to `take` at once, so that a memo that keeps nothing never holds all
    /// values together.
    pub fn map_with<T: Sync, R: Send>(
        &mut self,
        items: &[T],
        key: impl Fn(&T) -> Digest + Sync,
        compute: impl Fn(&T) -> V + Sync,
        take: impl Fn(&T, &Arc<V>) -> R + Sync,
    ) -> Vec<R> {
        let computed = AtomicUsize::new(0);
        let last = &self.last;
        let keep = self.keep;
        let fresh = |item: &T| {
            computed.fetch_add(1, Ordering::Relaxed);
            Arc::new(compute(item))
        };
        let one = |item: &T| {
            // A memo that keeps nothing has nothing to look up, so it needs no key.
            let digest = (keep == Retention::LastGeneration).then(|| key(item));
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

    /// The number of values that the last call of [`Memo::map`] or [`Memo::map_with`] computed.
    pub fn computed(&self) -> usize {
        self.computed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_changed_is_computed_again() {
        let mut memo = Memo::new(Retention::LastGeneration);
        let mut run = |items: &[&str]| {
            let key = |item: &&str| Digest::from_parts(&[item.as_bytes()]);
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
        assert_ne!(Digest::from_parts(&[b"ab", b"c"]), Digest::from_parts(&[b"a", b"bc"]));
    }
}
