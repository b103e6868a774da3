//! How fast one host is asked.
//!
//! Owns the limits of each host: requests at the same time, the pause between them, the time that the host asks to wait,
//! and when it is given up.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use reqwest::Url;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep_until};

use crate::config::ExternalSettings;

/// The requests to all hosts at the same time.
const MOST_REQUESTS: usize = 32;

/// After so many failed connections in a row no further link of the host is asked.
const MOST_FAILURES: u32 = 3;

/// The pace of all hosts.
#[derive(Debug)]
pub(super) struct HostPaces {
    all: Arc<Semaphore>,
    /// By host and port: servers on different ports of a host fail independently of each other.
    servers: Mutex<BTreeMap<(String, u16), Arc<HostPace>>>,
    per_host: usize,
    pause: Duration,
}

/// The pace of one host.
#[derive(Debug)]
pub(super) struct HostPace {
    open: Arc<Semaphore>,
    state: Mutex<PaceState>,
    pause: Duration,
}

#[derive(Debug)]
struct PaceState {
    /// When the next request may begin.
    next: Instant,
    failures: u32,
    /// The last failure, as the end of a sentence.
    failure: String,
}

/// The right to ask a host once. It ends when it is dropped.
pub(super) struct RequestTurn {
    _host: OwnedSemaphorePermit,
    _all: OwnedSemaphorePermit,
}

impl HostPaces {
    pub fn new(settings: &ExternalSettings) -> HostPaces {
        HostPaces {
            all: Arc::new(Semaphore::new(MOST_REQUESTS)),
            servers: Mutex::default(),
            per_host: usize::from(settings.per_host),
            pause: settings.pause,
        }
    }

    /// The pace of the server that a web address names.
    pub fn of_server(&self, url: &Url) -> Arc<HostPace> {
        let server =
            (url.host_str().unwrap_or_default().to_owned(), url.port_or_known_default().unwrap_or_default());
        let mut servers = self.servers.lock().unwrap_or_else(PoisonError::into_inner);
        let pace = servers.entry(server).or_insert_with(|| {
            let state = PaceState { next: Instant::now(), failures: 0, failure: String::new() };
            let open = Arc::new(Semaphore::new(self.per_host));
            Arc::new(HostPace { open, state: Mutex::new(state), pause: self.pause })
        });
        Arc::clone(pace)
    }

    /// Waits until the host may be asked.
    pub async fn turn(&self, host: &HostPace) -> RequestTurn {
        let open = Arc::clone(&host.open).acquire_owned().await.expect("no semaphore is ever closed");
        // The host can ask for a longer pause while this request waits, so the time is read again.
        while let Some(begin) = host.reserve() {
            sleep_until(begin).await;
        }
        let all = Arc::clone(&self.all).acquire_owned().await.expect("no semaphore is ever closed");
        RequestTurn { _host: open, _all: all }
    }
}

impl HostPace {
    /// Takes the next time at which a request may begin; returns it if it is still to come, and takes nothing.
    fn reserve(&self) -> Option<Instant> {
        let mut state = self.state();
        let now = Instant::now();
        if state.next > now {
            return Some(state.next);
        }
        state.next = now + self.pause;
        None
    }

    /// No request begins for so long.
    pub fn wait(&self, time: Duration) {
        let mut state = self.state();
        state.next = state.next.max(Instant::now() + time);
    }

    pub fn succeeded(&self) {
        self.state().failures = 0;
    }

    pub fn failed(&self, reason: &str) {
        let mut state = self.state();
        state.failures += 1;
        state.failure = reason.to_owned();
    }

    /// The last failure, if the host is given up.
    pub fn given_up(&self) -> Option<String> {
        let state = self.state();
        (state.failures >= MOST_FAILURES).then(|| state.failure.clone())
    }

    fn state(&self) -> std::sync::MutexGuard<'_, PaceState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
