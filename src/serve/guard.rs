//! Decides which requests are answered.
//!
//! Any page in the user's browser can send requests to loopback, and any name on the internet can be made to
//! resolve to it. Owns the checks that keep both out: the host name of the request, and the site that it came
//! from. A missing or malformed header that is needed leads to a refusal.
//!
//! A preview that other machines may reach also asks for a token. The URL that is printed has it; the answer moves it
//! into a cookie, so that it is in no address that readers copy or that the browser's history shows.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use hyper::HeaderMap;
use hyper::header::{self, HeaderName};
use hyper::http::request::Parts;

use crate::input::Failure;

use super::ports::Reach;
use super::token::Token;

/// The prefix of the preview's own paths, such as those for live reload.
pub(super) const OWN_PREFIX: &str = "/_opsbook/";

/// The parameter of the URL that holds the token.
const PARAMETER: &str = "token=";

/// The decision about a request.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Admission {
    Admitted,
    /// It has the token in its URL. The browser is to keep the token as this cookie, and to ask for this target.
    Enters {
        cookie: String,
        target: String,
    },
    /// It does not know the token.
    Unknown,
    /// It was sent to another name, or by a foreign site.
    Refused,
}

/// What a request must have to be answered.
#[derive(Debug, Clone)]
pub(super) struct Guard {
    port: u16,
    /// `None` if only this machine can send requests.
    sharing: Option<Arc<Sharing>>,
}

#[derive(Debug)]
struct Sharing {
    /// The additional names of the server.
    names: Vec<String>,
    token: Token,
}

impl Guard {
    /// The guard of a server on a port.
    ///
    /// # Errors
    /// The operating system gives no random bytes for a token.
    pub fn new(port: u16, reach: &Reach) -> Result<Guard, Failure> {
        let sharing = match reach {
            Reach::Machine => None,
            Reach::Network { names, .. } => {
                Some(Arc::new(Sharing { names: names.clone(), token: Token::random()? }))
            }
        };
        Ok(Guard { port, sharing })
    }

    /// The end of the URL with which a browser enters: the token, if one is needed.
    pub fn entrance(&self) -> String {
        match &self.sharing {
            Some(sharing) => format!("?{PARAMETER}{}", sharing.token.text()),
            None => String::new(),
        }
    }

    /// Whether a request was sent to this server by its own name, and not by a foreign site, and knows the token.
    pub fn admit(&self, request: &Parts) -> Admission {
        // A target with a scheme or a host is meant for a proxy, and would take precedence over the Host header.
        let plain = request.uri.scheme().is_none() && request.uri.authority().is_none();
        let host = single(&request.headers, &header::HOST).filter(|host| self.is_own_host(host));
        let Some(host) = host.filter(|_| plain) else { return Admission::Refused };
        if !self.is_own_site(request, host) {
            return Admission::Refused;
        }
        let Some(sharing) = &self.sharing else { return Admission::Admitted };
        let cookie = format!("opsbook-preview-{}=", self.port);
        if cookies(&request.headers, &cookie).any(|value| sharing.token.is(value)) {
            return Admission::Admitted;
        }
        let parameters = || request.uri.query().unwrap_or_default().split('&');
        if !parameters().filter_map(|one| one.strip_prefix(PARAMETER)).any(|value| sharing.token.is(value)) {
            return Admission::Unknown;
        }
        let rest: Vec<&str> = parameters().filter(|one| !one.starts_with(PARAMETER)).collect();
        let query = if rest.is_empty() { String::new() } else { format!("?{}", rest.join("&")) };
        // Two slashes at the beginning would be the name of a host.
        let target = format!("/{}{query}", request.uri.path().trim_start_matches('/'));
        // `Lax`, because readers come by a link from a chat.
        let cookie = format!("{cookie}{}; Path=/; HttpOnly; SameSite=Lax", sharing.token.text());
        Admission::Enters { cookie, target }
    }

    fn is_own_host(&self, host: &str) -> bool {
        if own_names(self.port).any(|own| own == host) {
            return true;
        }
        let Some(sharing) = &self.sharing else { return false };
        // An address of numbers cannot be made to resolve to anything else. A tunnel may use another port.
        let is_address = host.parse::<SocketAddr>().is_ok() || host.parse::<IpAddr>().is_ok();
        let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
        is_address || sharing.names.iter().any(|own| own.eq_ignore_ascii_case(name))
    }

    /// Whether a request comes from the preview itself or from a click. Foreign sites may link here, so that a
    /// click opens a page; they may neither embed nor read anything.
    fn is_own_site(&self, request: &Parts, host: &str) -> bool {
        let headers = &request.headers;
        let is_own_origin = |origin: &str| match &self.sharing {
            None => {
                origin.strip_prefix("http://").is_some_and(|name| own_names(self.port).any(|own| own == name))
            }
            // A tunnel may add TLS.
            Some(_) => origin.split_once("://").is_some_and(|(scheme, name)| {
                matches!(scheme, "http" | "https") && name.eq_ignore_ascii_case(host)
            }),
        };
        if headers.contains_key(header::ORIGIN)
            && !single(headers, &header::ORIGIN).is_some_and(is_own_origin)
        {
            return false;
        }
        // Programs that are not browsers do not send this header.
        if !headers.contains_key(SEC_FETCH_SITE) {
            return true;
        }
        match single(headers, &SEC_FETCH_SITE) {
            Some("same-origin" | "none") => true,
            Some(_) => is_click(headers) && !request.uri.path().starts_with(OWN_PREFIX),
            None => false,
        }
    }
}

/// The values of the cookies whose name and `=` are `start`.
fn cookies<'a>(headers: &'a HeaderMap, start: &'a str) -> impl Iterator<Item = &'a str> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(';')).filter_map(move |cookie| cookie.trim().strip_prefix(start))
}

/// The names by which a browser on this machine reaches the server.
fn own_names(port: u16) -> impl Iterator<Item = String> {
    ["localhost", "127.0.0.1", "[::1]"].into_iter().flat_map(move |name| {
        // A browser omits the default port of HTTP.
        let without_port = (port == 80).then(|| name.to_owned());
        without_port.into_iter().chain(std::iter::once(format!("{name}:{port}")))
    })
}

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Whether the request opens a page in a tab of its own.
fn is_click(headers: &HeaderMap) -> bool {
    let is = |name, value| single(headers, &HeaderName::from_static(name)) == Some(value);
    is("sec-fetch-mode", "navigate") && is("sec-fetch-dest", "document")
}

/// The value of a header; `None` if it is missing, repeated or not visible ASCII.
fn single<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use hyper::Request;

    fn admission(guard: &Guard, target: &str, headers: &[(&str, &str)]) -> Admission {
        let mut request = Request::builder().uri(target);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        guard.admit(&request.body(()).unwrap().into_parts().0)
    }

    fn admitted(target: &str, headers: &[(&str, &str)]) -> bool {
        let guard = Guard::new(4567, &Reach::Machine).unwrap();
        admission(&guard, target, headers) == Admission::Admitted
    }

    /// The guard of a preview that other machines may reach, with its token.
    fn shared() -> (Guard, String) {
        let reach = Reach::Network { address: IpAddr::from([0; 4]), names: vec!["desk.example".to_owned()] };
        let guard = Guard::new(4567, &reach).unwrap();
        let token = guard.entrance().strip_prefix("?token=").unwrap().to_owned();
        (guard, token)
    }

    #[test]
    fn other_machines_need_the_token_and_keep_it_as_a_cookie() {
        let (guard, token) = shared();
        let host = ("host", "192.0.2.7:4567");
        for target in ["/", "/?token=", "/?token=0", &format!("/?other={token}"), &format!("/{token}")] {
            assert_eq!(admission(&guard, target, &[host]), Admission::Unknown, "{target}");
        }
        let target = format!("//evil.example/a/?q=b&token={token}&c");
        let Admission::Enters { cookie, target } = admission(&guard, &target, &[host]) else { panic!() };
        assert_eq!(target, "/evil.example/a/?q=b&c");
        assert_eq!(cookie, format!("opsbook-preview-4567={token}; Path=/; HttpOnly; SameSite=Lax"));
        let with = |cookie: &str| admission(&guard, "/", &[host, ("cookie", cookie)]);
        assert_eq!(with(&format!("a=b; opsbook-preview-4567={token}")), Admission::Admitted);
        assert_eq!(with(&format!("opsbook-preview-4568={token}")), Admission::Unknown);
        assert_eq!(with("opsbook-preview-4567="), Admission::Unknown);
    }

    #[test]
    fn a_shared_preview_answers_to_addresses_and_to_the_names_it_was_given() {
        let (guard, token) = shared();
        let cookie = format!("opsbook-preview-4567={token}");
        let admits = |host: &str, more: &[(&str, &str)]| {
            let headers = [&[("host", host), ("cookie", cookie.as_str())], more].concat();
            admission(&guard, "/", &headers) == Admission::Admitted
        };
        for host in [
            "localhost:4567",
            "192.0.2.7:4567",
            "[2001:db8::1]:8080",
            "192.0.2.7",
            "Desk.example",
            "desk.example:8443",
        ] {
            assert!(admits(host, &[]), "{host}");
        }
        for host in [
            "evil.example",
            "evil.desk.example",
            "desk.example.evil",
            "192.0.2.7.nip.io:4567",
            "",
            "2130706433:4567",
        ] {
            assert!(!admits(host, &[]), "{host}");
        }
        assert!(admits("desk.example", &[("origin", "https://desk.example")]));
        assert!(!admits("desk.example", &[("origin", "https://evil.example")]));
        assert!(!admits("desk.example", &[("origin", "https://192.0.2.7")]));
        assert!(!admits("desk.example", &[("sec-fetch-site", "cross-site")]));
    }

    #[test]
    fn only_the_own_names_are_answered() {
        for host in ["localhost:4567", "127.0.0.1:4567", "[::1]:4567"] {
            assert!(admitted("/", &[("host", host)]), "{host}");
        }
        let hostile = [
            "",
            "localhost",
            "127.0.0.1",
            "localhost:4568",
            "localhost:",
            "localhost.:4567",
            "evil:4567",
            "localhost.evil:4567",
            "127.0.0.1.nip.io:4567",
            "0.0.0.0:4567",
            "2130706433:4567",
            "0x7f.1:4567",
            "127.1:4567",
            "[::ffff:127.0.0.1]:4567",
            "[::]:4567",
            "user@localhost:4567",
            "localhost:4567@evil",
            "localhost:04567",
            " localhost:4567",
            "localhost:4567,evil",
            "http://localhost:4567",
        ];
        for host in hostile {
            assert!(!admitted("/", &[("host", host)]), "{host:?}");
        }
        assert!(!admitted("/", &[]), "no host");
        assert!(!admitted("/", &[("host", "localhost:4567"), ("host", "localhost:4567")]), "two hosts");
        assert!(!admitted("http://localhost:4567/", &[("host", "localhost:4567")]), "for a proxy");
    }

    #[test]
    fn foreign_sites_may_link_but_not_read() {
        let with = |target: &str, headers: &[(&str, &str)]| {
            admitted(target, &[&[("host", "localhost:4567")], headers].concat())
        };
        assert!(with("/_opsbook/events", &[("origin", "http://localhost:4567")]));
        assert!(with("/_opsbook/events", &[("sec-fetch-site", "same-origin")]));
        for origin in
            ["null", "", "http://evil", "http://127.0.0.1:8080", "https://localhost:4567", "localhost:4567"]
        {
            assert!(!with("/_opsbook/events", &[("origin", origin)]), "{origin:?}");
            assert!(!with("/", &[("origin", origin)]), "{origin:?}");
        }
        let click = [("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document")];
        for site in ["cross-site", "same-site", "", "odd"] {
            let from = [("sec-fetch-site", site)];
            assert!(!with("/handbook.json", &from), "{site}");
            assert!(with("/", &[&from[..], &click].concat()), "{site}");
            assert!(!with("/_opsbook/problems.json", &[&from[..], &click].concat()), "{site}");
            let frame = [("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "iframe")];
            assert!(!with("/", &[&from[..], &frame].concat()), "{site}");
        }
    }
}
