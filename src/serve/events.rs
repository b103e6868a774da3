//! Telling browsers that there is something new.
//!
//! Owns the event stream: `reload` with the number of the site, `problems` with the number of the problems.
//! Events carry no content. A browser that connects is told the present numbers at once, so it notices what
//! it has missed.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::response::sse::Event;
use axum::response::{IntoResponse, Response, Sse};
use futures_core::Stream;
use tokio::sync::{mpsc, watch};
use tokio::time::timeout;

use super::store::News;

/// Shorter than the time after which a silent connection is closed.
const SIGN_OF_LIFE: Duration = Duration::from_secs(5);

/// A response that stays open and tells the news.
pub(super) fn stream(news: watch::Receiver<News>) -> Response {
    let (sender, receiver) = mpsc::channel(4);
    tokio::spawn(tell(news, sender));
    Sse::new(Events(receiver)).into_response()
}

struct Events(mpsc::Receiver<Event>);

impl Stream for Events {
    type Item = Result<Event, Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_recv(context).map(|event| event.map(Ok))
    }
}

/// Sends until the browser has gone, or the server ends.
async fn tell(mut news: watch::Receiver<News>, to: mpsc::Sender<Event>) {
    let mut told = *news.borrow_and_update();
    let first = event("reload", told.site).retry(Duration::from_millis(500));
    if to.send(first).await.is_err() || to.send(event("problems", told.problems)).await.is_err() {
        return;
    }
    loop {
        let next = match timeout(SIGN_OF_LIFE, news.changed()).await {
            Ok(Ok(())) => change(&mut told, *news.borrow_and_update()),
            Ok(Err(_)) => return,
            Err(_) => Event::default().comment(""),
        };
        if to.send(next).await.is_err() {
            return;
        }
    }
}

/// One event for one change: a page that reloads asks for the problems anyway.
fn change(told: &mut News, now: News) -> Event {
    let before = std::mem::replace(told, now);
    if now.site == before.site { event("problems", now.problems) } else { event("reload", now.site) }
}

fn event(name: &str, number: u64) -> Event {
    Event::default().event(name).data(number.to_string())
}
