//! Asks addresses: HEAD first, then GET where HEAD is refused; redirects one by one; again where a host asks for time.
//!
//! Owns the requests and what follows from each answer. Every redirect passes the same policy as the link.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{ACCEPT, HeaderMap, HeaderValue, LOCATION, RETRY_AFTER};
use reqwest::redirect::Policy;
use reqwest::{Client, Method, Response, Url};
use tokio::task::JoinSet;

use super::answer::{HostAnswered, LinkAnswer, LinkDeath, RedirectType, StatusMeaning, status_in_words};
use super::host_pace::{HostPace, HostPaces};
use super::link_policy::LinkPolicy;
use crate::input::Failure;
use crate::tls;

/// The most redirects of one link.
const MOST_REDIRECTS: usize = 10;

/// The first pause before a request is repeated; each further one is twice as long.
const FIRST_BACKOFF: Duration = Duration::from_millis(500);

/// The longest pause before a request is repeated.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// Shows how far the check is.
pub trait LinkProgress {
    fn asked(&self, links: usize, of: usize);
}

/// Asks all addresses.
///
/// # Errors
/// There is no encryption, or no client can be made.
pub(super) fn ask_all(
    urls: Vec<Url>,
    policy: LinkPolicy,
    progress: &dyn LinkProgress,
) -> Result<BTreeMap<String, LinkAnswer>, Failure> {
    tls::install()?;
    let impossible = |error: &dyn std::fmt::Display| {
        let help = "Check the certificates of this system and the proxy in the environment.";
        Failure::new(format!("cannot ask other hosts: {error}"), help)
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| impossible(&error))?;
    let asker = Arc::new(LinkAsker::new(policy).map_err(|error| impossible(&innermost(&error)))?);
    let all = urls.len();
    let answers = runtime.block_on(async {
        let mut running = JoinSet::new();
        for url in urls {
            let asker = Arc::clone(&asker);
            running.spawn(async move {
                let answer = asker.ask(url.clone()).await;
                (String::from(url), answer)
            });
        }
        let mut answers = BTreeMap::new();
        while let Some(done) = running.join_next().await {
            let (url, answer) = done.expect("no request is aborted, and none panics");
            answers.insert(url, answer);
            progress.asked(answers.len(), all);
        }
        answers
    });
    Ok(answers)
}

/// Asks hosts, each at its pace.
struct LinkAsker {
    client: Client,
    policy: Arc<LinkPolicy>,
    paces: HostPaces,
    names: Arc<AskedNames>,
}

/// The names of the hosts that are asked. Another name that is looked up is that of a proxy, which may be private.
#[derive(Debug, Default)]
struct AskedNames(Mutex<BTreeSet<String>>);

/// Looks up names, and leaves out addresses that the policy does not allow.
#[derive(Debug)]
struct PolicyResolver {
    policy: Arc<LinkPolicy>,
    names: Arc<AskedNames>,
}

/// What one address says.
enum Reply {
    Final(LinkAnswer),
    Redirect { kind: RedirectType, to: Option<String> },
}

/// A try that is repeated.
struct FailedTry {
    reason: String,
    answered: HostAnswered,
    /// The pause that the host asks for.
    wait: Option<Duration>,
}

impl LinkAsker {
    fn new(policy: LinkPolicy) -> reqwest::Result<LinkAsker> {
        let (policy, names) = (Arc::new(policy), Arc::new(AskedNames::default()));
        let resolver = PolicyResolver { policy: Arc::clone(&policy), names: Arc::clone(&names) };
        let headers = HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static("*/*"))]);
        let client = Client::builder()
            .user_agent(concat!("opsbook/", env!("CARGO_PKG_VERSION"), " (link check)"))
            .default_headers(headers)
            .referer(false)
            .redirect(Policy::none())
            .timeout(policy.settings.timeout)
            .dns_resolver(Arc::new(resolver))
            .build()?;
        let paces = HostPaces::new(&policy.settings);
        Ok(LinkAsker { client, policy, paces, names })
    }

    /// Asks an address and follows its redirects.
    async fn ask(&self, url: Url) -> LinkAnswer {
        let mut seen = BTreeSet::from([url.clone()]);
        let mut current = url;
        // Where the permanent redirects at the beginning lead.
        let mut moved: Option<Url> = None;
        let mut is_permanent = true;
        for _ in 0..=MOST_REDIRECTS {
            let (kind, to) = match self.reply(&current).await {
                Reply::Final(LinkAnswer::Alive) => return alive(moved),
                Reply::Final(answer) => return answer,
                Reply::Redirect { kind, to } => (kind, to),
            };
            let Some(target) = to.and_then(|to| current.join(&to).ok()) else {
                return LinkAnswer::Dead(LinkDeath::BadRedirect);
            };
            let is_web = matches!(target.scheme(), "http" | "https");
            // The host knows more than may be asked: a login, or a page of a private network.
            if !is_web || self.policy.why_not_asked(&target).is_some() {
                return alive(moved);
            }
            is_permanent &= kind == RedirectType::Permanent;
            if is_permanent {
                moved = Some(target.clone());
            }
            current = target;
            current.set_fragment(None);
            if !seen.insert(current.clone()) {
                return LinkAnswer::Dead(LinkDeath::Circle);
            }
        }
        LinkAnswer::Dead(LinkDeath::TooManyRedirects)
    }

    /// Asks one address until it has an answer, or as often as the settings say.
    async fn reply(&self, url: &Url) -> Reply {
        self.names.add(url.host_str().unwrap_or_default());
        let pace = self.paces.of_server(url);
        let mut method = Method::HEAD;
        let mut repetitions = 0;
        loop {
            let turn = self.paces.turn(&pace).await;
            if let Some(reason) = pace.given_up() {
                return silent(reason, HostAnswered::No);
            }
            let sent = self.client.request(method.clone(), url.clone()).send().await;
            drop(turn);
            let failed = match sent {
                Ok(response) => {
                    pace.succeeded();
                    let status = response.status().as_u16();
                    let meaning = StatusMeaning::of_status(status);
                    if method == Method::HEAD && status >= 400 && meaning != StatusMeaning::Later {
                        method = Method::GET;
                        continue;
                    }
                    match meaning {
                        StatusMeaning::Exists => return Reply::Final(LinkAnswer::Alive),
                        StatusMeaning::Missing => {
                            return Reply::Final(LinkAnswer::Dead(LinkDeath::Status(status)));
                        }
                        StatusMeaning::Redirect(kind) => {
                            return Reply::Redirect { kind, to: header(&response, LOCATION.as_str()) };
                        }
                        StatusMeaning::HostFailure => {
                            return silent(host_says(status), HostAnswered::Yes);
                        }
                        StatusMeaning::Later => FailedTry {
                            reason: host_says(status),
                            answered: HostAnswered::Yes,
                            wait: header(&response, RETRY_AFTER.as_str()).and_then(|text| retry_after(&text)),
                        },
                    }
                }
                Err(error) => {
                    let failed = failed_try(&error, self.policy.settings.timeout);
                    if failed.answered == HostAnswered::Yes {
                        return silent(failed.reason, failed.answered);
                    }
                    pace.failed(&failed.reason);
                    // Some hosts close the connection instead of refusing HEAD.
                    method = Method::GET;
                    failed
                }
            };
            let longest = failed.wait.is_some_and(|wait| wait > LONGEST_WAIT);
            if repetitions >= self.policy.settings.retries || longest {
                return silent(failed.reason, failed.answered);
            }
            self.pause(&pace, &failed, repetitions).await;
            repetitions += 1;
        }
    }

    /// Waits before a request is repeated. A pause that the host asks for holds for all its links.
    async fn pause(&self, pace: &HostPace, failed: &FailedTry, repetitions: u16) {
        match failed.wait {
            Some(wait) => pace.wait(wait),
            None => {
                let backoff = FIRST_BACKOFF.saturating_mul(1 << repetitions.min(10));
                tokio::time::sleep(backoff.min(LONGEST_WAIT)).await;
            }
        }
    }
}

/// The answer for a page that exists, perhaps at another address.
fn alive(moved: Option<Url>) -> LinkAnswer {
    match moved {
        Some(to) => LinkAnswer::Moved { to: to.into() },
        None => LinkAnswer::Alive,
    }
}

fn silent(reason: String, answered: HostAnswered) -> Reply {
    Reply::Final(LinkAnswer::Silent { reason, answered })
}

fn host_says(status: u16) -> String {
    format!("its host answers with {}", status_in_words(status))
}

fn header(response: &Response, name: &str) -> Option<String> {
    // Addresses in headers are often written in UTF-8 and not escaped.
    let value = response.headers().get(name)?.as_bytes();
    Some(String::from_utf8_lossy(value).into_owned())
}

/// The pause that a host asks for: seconds, or the time at which it ends.
fn retry_after(text: &str) -> Option<Duration> {
    let text = text.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let end = rfc2822::parse(text).ok()?.timestamp();
    let seconds = end.as_second() - Timestamp::now().as_second();
    Some(Duration::from_secs(u64::try_from(seconds).unwrap_or_default()))
}

fn failed_try(error: &reqwest::Error, timeout: Duration) -> FailedTry {
    let silence = |reason: String| FailedTry { reason, answered: HostAnswered::No, wait: None };
    if error.is_timeout() {
        return silence(format!("its host does not answer within {} s", timeout.as_secs_f64()));
    }
    let mut cause: Option<&(dyn Error + 'static)> = error.source();
    while let Some(found) = cause {
        let refusal = found.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        if refusal.is_some_and(|inner| inner.is::<ForbiddenAddress>()) {
            let reason = ForbiddenAddress.to_string();
            return FailedTry { reason, answered: HostAnswered::Yes, wait: None };
        }
        // The wording of rustls begins so for everything that is wrong with a certificate.
        if found.to_string().starts_with("invalid peer certificate") {
            let reason = format!("its host has no valid certificate ({found})");
            return FailedTry { reason, answered: HostAnswered::Yes, wait: None };
        }
        if found.to_string().starts_with("dns error") {
            return silence("its host has no address".to_owned());
        }
        cause = found.source();
    }
    silence(format!("there is no connection to its host ({})", innermost(error)))
}

/// The innermost cause, which says most.
fn innermost(error: &dyn Error) -> String {
    let mut cause = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}

/// A name on the internet that leads into a private network.
#[derive(Debug)]
struct ForbiddenAddress;

impl std::fmt::Display for ForbiddenAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("its host is in a private network")
    }
}

impl Error for ForbiddenAddress {}

impl AskedNames {
    fn add(&self, name: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned());
    }

    fn has(&self, name: &str) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).contains(name)
    }
}

impl Resolve for PolicyResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let (policy, is_asked) = (Arc::clone(&self.policy), self.names.has(name.as_str()));
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let found: Vec<SocketAddr> = found.collect();
            let allowed: Vec<SocketAddr> =
                found.iter().copied().filter(|at| !is_asked || policy.allows_ip(at.ip())).collect();
            if allowed.is_empty() && !found.is_empty() {
                return Err(io::Error::other(ForbiddenAddress).into());
            }
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_leads_into_a_private_network_is_not_asked() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let looked_up = |private: bool, is_asked: bool| {
            let mut policy = LinkPolicy::new(&crate::config::Config::default());
            policy.settings.private = private;
            let names = Arc::new(AskedNames::default());
            if is_asked {
                names.add("localhost");
            }
            let resolver = PolicyResolver { policy: Arc::new(policy), names };
            let found = runtime.block_on(resolver.resolve("localhost".parse().unwrap()));
            found.map(|found| found.count()).map_err(|error| error.to_string())
        };
        assert_eq!(looked_up(false, true), Err(ForbiddenAddress.to_string()));
        assert!(looked_up(true, true).is_ok_and(|found| found > 0));
        // That of a proxy.
        assert!(looked_up(false, false).is_ok_and(|found| found > 0));
    }

    #[test]
    fn a_pause_is_seconds_or_a_time() {
        assert_eq!(retry_after(" 120 "), Some(Duration::from_secs(120)));
        assert_eq!(retry_after("Wed, 21 Oct 2015 07:28:00 GMT"), Some(Duration::ZERO));
        assert!(retry_after("Thu, 31 Dec 9998 23:59:59 GMT").unwrap() > LONGEST_WAIT);
        for nonsense in ["", "soon", "-1", "1e9"] {
            assert_eq!(retry_after(nonsense), None, "{nonsense}");
        }
    }
}
