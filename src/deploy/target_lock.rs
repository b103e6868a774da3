//! Allows one run at a time for each target.
//!
//! Owns `.opsbook/lock.json`: an object that only one run can create, because the store refuses to write it when it exists. It
//! ends by itself, so a run that was killed stops others for minutes only.

use std::future::Future;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::input::{Failure, random_hex};

use super::target::{ConditionalWrite, DeployTarget, StoredObject};

/// The path of the lock in a target.
pub(super) const LOCK: &str = ".opsbook/lock.json";

/// The length of the random number by which a run is recognised.
const ID_BYTES: usize = 6;

/// How long a lock holds without being renewed, in seconds.
const LASTS: i64 = 600;

/// How often a lock is renewed, in seconds.
const RENEWED_EVERY: i64 = 120;

/// How far the clocks of two machines may differ, in seconds. S3 itself allows 15 minutes, but then refuses requests.
const CLOCKS: i64 = 60;

/// How often a conditional write of the lock is tried.
const TRIES: usize = 5;

/// Whether a lock of another run is respected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ForeignLock {
    Respect,
    Break,
}

/// A lock that this run holds.
#[derive(Debug)]
pub(super) struct TargetLock {
    text: LockText,
    /// Whether another run has taken the lock.
    pub is_lost: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct LockText {
    /// Marks the file as ours and gives the version of its format.
    #[serde(rename = "opsbook-lock")]
    version: u32,
    /// The random number of the run, in hexadecimal.
    id: String,
    /// What `--name` says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    since: Timestamp,
    until: Timestamp,
}

impl LockText {
    fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).expect("strings and numbers are always JSON") + "\n"
    }

    fn is_over(&self, now: Timestamp) -> bool {
        self.until.as_second() + CLOCKS < now.as_second()
    }
}

impl TargetLock {
    /// Takes the lock.
    ///
    /// # Errors
    /// Another run holds it, or the store refuses.
    pub async fn take(
        target: &DeployTarget,
        name: Option<&str>,
        foreign: ForeignLock,
    ) -> Result<TargetLock, Failure> {
        let now = Timestamp::now();
        let until = later(now);
        let id = random_hex(ID_BYTES)?;
        let text = LockText { version: 1, id, name: name.map(str::to_owned), since: now, until };
        // Runs that come at the same time can undo each other's steps only so often.
        for _ in 0..TRIES {
            if target.create(LOCK, text.to_json()).await? == ConditionalWrite::Done {
                return Ok(TargetLock { text, is_lost: false });
            }
            let Some(there) = target.get(LOCK).await? else { continue };
            let theirs = read_lock(&there);
            // The answer to a write of this run was lost.
            if theirs.as_ref().is_some_and(|theirs| theirs.id == text.id) {
                return Ok(TargetLock { text, is_lost: false });
            }
            let is_free =
                foreign == ForeignLock::Break || theirs.as_ref().is_some_and(|theirs| theirs.is_over(now));
            if !is_free {
                return Err(held(&target.address, theirs.as_ref(), now));
            }
            if target.replace(LOCK, text.to_json(), &there).await? == ConditionalWrite::Done {
                return Ok(TargetLock { text, is_lost: false });
            }
        }
        let message = format!("the lock of `{}` changes all the time: several runs want it", target.address);
        Err(Failure::new(message, "Let one run deploy there, and the others wait for it."))
    }

    /// Whether the store refuses to create the lock a second time. Some stores ignore the condition.
    pub async fn is_guarded(&self, target: &DeployTarget) -> Result<bool, Failure> {
        Ok(target.create(LOCK, self.text.to_json()).await? == ConditionalWrite::Refused)
    }

    /// Waits until the lock should be renewed.
    async fn renewal(&self) {
        let due = self.text.until.as_second() - LASTS + RENEWED_EVERY;
        let wait = due.saturating_sub(Timestamp::now().as_second()).max(0);
        tokio::time::sleep(std::time::Duration::from_secs(wait.unsigned_abs())).await;
    }

    /// Extends the lock.
    ///
    /// # Errors
    /// Another run has taken it.
    pub async fn renew(&mut self, target: &DeployTarget) -> Result<(), Failure> {
        let text = LockText { until: later(Timestamp::now()), ..self.text.clone() };
        // A write can be refused because the answer to an earlier one was lost: then the lock has another tag, and is still
        // the one of this run.
        for _ in 0..TRIES {
            let Some(there) = self.stored(target).await? else { break };
            if target.replace(LOCK, text.to_json(), &there).await? == ConditionalWrite::Done {
                self.text = text;
                return Ok(());
            }
        }
        self.is_lost = true;
        Err(Failure::new(
            format!("another run has taken the lock of `{}`", target.address),
            "Let one run deploy there. The next run heals what this one left unfinished.",
        ))
    }

    /// Waits for `work`, and renews the lock meanwhile.
    ///
    /// # Errors
    /// Those of `work`, or another run has taken the lock.
    pub async fn hold_during<T>(
        &mut self,
        target: &DeployTarget,
        work: impl Future<Output = Result<T, Failure>>,
    ) -> Result<T, Failure> {
        let mut work = std::pin::pin!(work);
        loop {
            tokio::select! {
                outcome = &mut work => return outcome,
                () = self.renewal() => self.renew(target).await?,
            }
        }
    }

    /// Gives the lock back, unless another run has it. After its end it may be another run's at any moment, and stays.
    pub async fn release(self, target: &DeployTarget) -> Result<(), Failure> {
        if self.is_lost || self.text.is_over(Timestamp::now()) {
            return Ok(());
        }
        // The interface of the store has no conditional deletion. Between the two requests only `--break-lock` takes the lock.
        if self.stored(target).await?.is_some() {
            target.delete(vec![LOCK.to_owned()]).await?;
        }
        Ok(())
    }

    /// The lock in the store; `None` if it is not the one of this run.
    async fn stored(&self, target: &DeployTarget) -> Result<Option<StoredObject>, Failure> {
        let there = target.get(LOCK).await?;
        Ok(there.filter(|there| read_lock(there).is_some_and(|theirs| theirs.id == self.text.id)))
    }
}

fn later(now: Timestamp) -> Timestamp {
    Timestamp::from_second(now.as_second() + LASTS).expect("ten minutes from now is a time")
}

fn read_lock(object: &StoredObject) -> Option<LockText> {
    serde_json::from_slice(&object.bytes).ok()
}

/// The failure that another run holds the lock.
fn held(address: &str, theirs: Option<&LockText>, now: Timestamp) -> Failure {
    let Some(theirs) = theirs else {
        return Failure::new(
            format!("the lock of `{address}` (`{LOCK}`) was not made by this version of Opsbook"),
            "Update Opsbook. If no other run is deploying there, add `--break-lock`.",
        );
    };
    let name = theirs.name.as_ref().map(|name| format!(" ({name})")).unwrap_or_default();
    let minutes = (theirs.until.as_second() + CLOCKS - now.as_second()).max(0) / 60 + 1;
    Failure::new(
        format!(
            "`{address}` is locked: run `{}`{name} has been deploying there since {}",
            theirs.id,
            short(theirs.since)
        ),
        format!(
            "Wait until it has ended. If it was killed, its lock ends in {minutes} min; `--break-lock` takes it at once."
        ),
    )
}

/// A time without parts of seconds.
fn short(time: Timestamp) -> String {
    Timestamp::from_second(time.as_second()).map(|time| time.to_string()).unwrap_or_default()
}
