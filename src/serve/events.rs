//! Tells browsers that the site or its problems have changed.
//!
//! Owns the event stream: `reload` with the version of the site, `problems` with the version of the problems.
//! Events carry no content. A browser that connects gets the present versions at once, so it notices the
//! changes that it has missed.

use std::time::Duration;

use hyper::body::Bytes;
use tokio::sync::{mpsc, watch};
use tokio::time::timeout;

use super::payload::Payload;
use super::store::SiteVersions;

/// The interval between two messages. It is shorter than the time after which a silent connection is closed.
const SIGN_OF_LIFE: Duration = Duration::from_secs(5);

/// The time that a browser waits before it connects again, in milliseconds.
const RETRY: &str = "retry: 500\n";
/// A comment, which keeps the connection open and is not an event.
const COMMENT: &str = ":\n\n";

/// The body of a response that stays open and sends events.
pub(super) fn stream(news: watch::Receiver<SiteVersions>) -> Payload {
    let (sender, receiver) = mpsc::channel(4);
    tokio::spawn(tell(news, sender));
    Payload::Events(receiver)
}

/// Sends events until the browser has gone or the server ends.
async fn tell(mut news: watch::Receiver<SiteVersions>, to: mpsc::Sender<Bytes>) {
    let mut told = *news.borrow_and_update();
    let first = [RETRY, &event("reload", told.site), &event("problems", told.problems)].concat();
    if to.send(first.into()).await.is_err() {
        return;
    }
    loop {
        let next = match timeout(SIGN_OF_LIFE, news.changed()).await {
            Ok(Ok(())) => change(&mut told, *news.borrow_and_update()),
            Ok(Err(_)) => return,
            Err(_) => COMMENT.to_owned(),
        };
        if to.send(next.into()).await.is_err() {
            return;
        }
    }
}

/// One event for one change. `reload` includes the problems: a page that reloads asks for them anyway.
fn change(told: &mut SiteVersions, now: SiteVersions) -> String {
    let before = std::mem::replace(told, now);
    if now.site == before.site { event("problems", now.problems) } else { event("reload", now.site) }
}

fn event(name: &str, number: u64) -> String {
    format!("event: {name}\ndata: {number}\n\n")
}
