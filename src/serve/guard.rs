//! Decides which requests are answered.
//!
//! Any page in the user's browser can send requests to loopback, and any name on the internet can be made to
//! resolve to it. Owns the checks that keep both out: the host name of the request, and the site that it came
//! from. A missing or malformed header that is needed leads to a refusal.

use hyper::HeaderMap;
use hyper::header::{self, HeaderName};
use hyper::http::request::Parts;

/// The prefix of the preview's own paths, such as those for live reload.
pub(super) const OWN_PREFIX: &str = "/_opsbook/";

/// Whether a request was sent to this server by its own name, and not by a foreign site.
pub(super) fn admits(request: &Parts, port: u16) -> bool {
    // A target with a scheme or a host is meant for a proxy, and would take precedence over the Host header.
    let plain = request.uri.scheme().is_none() && request.uri.authority().is_none();
    plain && is_own_host(&request.headers, port) && is_own_site(request, port)
}

fn is_own_host(headers: &HeaderMap, port: u16) -> bool {
    single(headers, &header::HOST).is_some_and(|host| own_names(port).any(|own| own == host))
}

/// The names by which a browser on this machine reaches the server.
fn own_names(port: u16) -> impl Iterator<Item = String> {
    ["localhost", "127.0.0.1", "[::1]"].into_iter().flat_map(move |name| {
        // A browser omits the default port of HTTP.
        let without_port = (port == 80).then(|| name.to_owned());
        without_port.into_iter().chain(std::iter::once(format!("{name}:{port}")))
    })
}

/// Whether a request comes from the preview itself or from a click. Foreign sites may link here, so that a
/// click opens a page; they may neither embed nor read anything.
fn is_own_site(request: &Parts, port: u16) -> bool {
    let headers = &request.headers;
    let own_origin = |origin: &str| {
        let name = origin.strip_prefix("http://");
        name.is_some_and(|name| own_names(port).any(|own| own == name))
    };
    if headers.contains_key(header::ORIGIN) && !single(headers, &header::ORIGIN).is_some_and(own_origin) {
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

    fn admitted(target: &str, headers: &[(&str, &str)]) -> bool {
        let mut request = Request::builder().uri(target);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        admits(&request.body(()).unwrap().into_parts().0, 4567)
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
