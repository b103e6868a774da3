//! The answers of earlier runs.
//!
//! Owns what is kept of an answer, how long it counts, and when it is forgotten. Addresses are kept as digests only, so that
//! the file names no link.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::answer::LinkAnswer;
use crate::memo::Digest;

/// Seconds of a day.
const DAY: i64 = 86_400;

/// An answer that no run has used for so many days is forgotten.
const FORGOTTEN: i64 = 180;

/// An answer with its time.
#[derive(Debug, Clone)]
pub struct KeptAnswer {
    pub answer: LinkAnswer,
    pub at: Timestamp,
}

#[derive(Debug, Serialize, Deserialize)]
struct StoredAnswer {
    seconds: i64,
    answer: LinkAnswer,
}

/// The answers of earlier runs, and those of this one.
#[derive(Debug)]
pub struct KeptAnswers {
    by_url: BTreeMap<Digest, KeptAnswer>,
    now: Timestamp,
}

impl KeptAnswers {
    /// Reads what an earlier run has stored. What cannot be read, or is from the future, is as if it were not there.
    pub fn decode(stored: BTreeMap<Digest, Arc<[u8]>>, now: Timestamp) -> KeptAnswers {
        let mut by_url = BTreeMap::new();
        for (url, bytes) in stored {
            let Ok(StoredAnswer { seconds, answer }) = postcard::from_bytes(&bytes) else { continue };
            let Ok(at) = Timestamp::from_second(seconds) else { continue };
            let age = now.as_second() - seconds;
            let is_known = !matches!(answer, LinkAnswer::Silent { .. });
            if (0..FORGOTTEN * DAY).contains(&age) && is_known {
                by_url.insert(url, KeptAnswer { answer, at });
            }
        }
        KeptAnswers { by_url, now }
    }

    pub fn encode(&self) -> BTreeMap<Digest, Arc<[u8]>> {
        let mut stored = BTreeMap::new();
        for (url, kept) in &self.by_url {
            let answer = StoredAnswer { seconds: kept.at.as_second(), answer: kept.answer.clone() };
            let bytes = postcard::to_stdvec(&answer).expect("an answer is plain data");
            stored.insert(*url, bytes.into());
        }
        stored
    }

    /// An answer that is younger than so many days. A dead link is always asked again, because its host may have
    /// repaired it.
    pub(super) fn fresh(&self, url: &str, days: u16) -> Option<LinkAnswer> {
        let kept = self.by_url.get(&digest(url))?;
        let age = self.now.as_second() - kept.at.as_second();
        let is_good = matches!(kept.answer, LinkAnswer::Alive | LinkAnswer::Moved { .. });
        (is_good && age < i64::from(days) * DAY).then(|| kept.answer.clone())
    }

    /// The last answer, whatever its age.
    pub(super) fn last(&self, url: &str) -> Option<KeptAnswer> {
        self.by_url.get(&digest(url)).cloned()
    }

    pub(super) fn renew(&mut self, url: &str, answer: LinkAnswer) {
        self.by_url.insert(digest(url), KeptAnswer { answer, at: self.now });
    }
}

fn digest(url: &str) -> Digest {
    Digest::from_parts(&[url.as_bytes()])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::external::LinkDeath;

    fn at(day: i64) -> Timestamp {
        Timestamp::from_second(1_700_000_000 + day * DAY).unwrap()
    }

    #[test]
    fn a_good_answer_counts_for_some_days_and_a_bad_one_is_asked_again() {
        let mut kept = KeptAnswers::decode(BTreeMap::new(), at(0));
        kept.renew("https://a.org/", LinkAnswer::Alive);
        kept.renew("https://b.org/", LinkAnswer::Dead(LinkDeath::Status(404)));
        let later = KeptAnswers::decode(kept.encode(), at(6));
        assert_eq!(later.fresh("https://a.org/", 7), Some(LinkAnswer::Alive));
        assert_eq!(later.fresh("https://b.org/", 7), None);
        assert_eq!(later.last("https://b.org/").unwrap().answer, LinkAnswer::Dead(LinkDeath::Status(404)));
        assert_eq!(KeptAnswers::decode(kept.encode(), at(7)).fresh("https://a.org/", 7), None);
    }

    #[test]
    fn damaged_old_and_future_answers_are_forgotten() {
        let mut kept = KeptAnswers::decode(BTreeMap::new(), at(0));
        kept.renew("https://a.org/", LinkAnswer::Alive);
        let stored = kept.encode();
        let damaged = stored.keys().map(|url| (*url, Arc::from([0xff, 0xff, 7].as_slice()))).collect();
        assert!(KeptAnswers::decode(damaged, at(0)).last("https://a.org/").is_none());
        assert!(KeptAnswers::decode(stored.clone(), at(-1)).last("https://a.org/").is_none());
        assert!(KeptAnswers::decode(stored, at(FORGOTTEN)).last("https://a.org/").is_none());
    }
}
