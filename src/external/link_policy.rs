//! Which addresses are asked.
//!
//! Owns the lists of hosts that no one on the internet has or should ask: private networks, names and addresses for
//! documentation (RFC 2606, 5737, 6761, 6762, 6890, 7686, 8375, 9637), and the names of parameters that hold secrets.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use reqwest::Url;

use crate::config::{Config, ExternalSettings};
use crate::fields::matches;
use crate::report::counted;

/// Decides which addresses are asked.
#[derive(Debug, Clone)]
pub struct LinkPolicy {
    pub settings: ExternalSettings,
    /// The address of the handbook's own site, whose pages the rules about links check.
    base_url: Option<String>,
}

/// Why an address is not asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum WhyNotAsked {
    /// It is in a part of the handbook that the audience of the settings may not see.
    Withheld,
    /// It has a password or a token.
    Credentials,
    /// It is in a private network, or for documentation.
    Private,
    /// It is excluded, or not included.
    Excluded,
    /// A page of the handbook's own site.
    OwnSite,
    Unreadable,
}

impl WhyNotAsked {
    /// `3 with a password or a token`.
    pub fn in_words(self, number: usize, settings: &ExternalSettings) -> String {
        match self {
            WhyNotAsked::Withheld if settings.audience.is_some() => {
                format!("{number} that the audience of `[external]` may not see")
            }
            WhyNotAsked::Withheld => format!("{number} that not everyone may see"),
            WhyNotAsked::Credentials => format!("{number} with a password or a token"),
            WhyNotAsked::Private => format!("{number} private or for documentation"),
            WhyNotAsked::Excluded => format!("{number} excluded"),
            WhyNotAsked::OwnSite => format!("{number} of this handbook"),
            WhyNotAsked::Unreadable => counted(number, "placeholder"),
        }
    }
}

/// Parameters that hold a password, a token or a signature, in lower case without `-` and `_`.
const SECRET_PARAMETERS: &[&str] = &[
    "accesstoken",
    "apikey",
    "auth",
    "authtoken",
    "clientsecret",
    "code",
    "credential",
    "idtoken",
    "jwt",
    "key",
    "pass",
    "passwd",
    "password",
    "privatetoken",
    "secret",
    "sig",
    "signature",
    "token",
    "xamzcredential",
    "xamzsecuritytoken",
    "xamzsignature",
    "xgoogsignature",
];

/// Names, and domains of names, that lead to no host on the internet.
const PRIVATE_DOMAINS: &[&str] = &[
    "example",
    "example.com",
    "example.net",
    "example.org",
    "corp",
    "home",
    "home.arpa",
    "internal",
    "intranet",
    "invalid",
    "lan",
    "local",
    "localhost",
    "mail",
    "onion",
    "private",
    "test",
];

impl LinkPolicy {
    pub fn new(config: &Config) -> LinkPolicy {
        LinkPolicy { settings: config.external.clone(), base_url: config.base_url.clone() }
    }

    /// The reason why an address is not asked; `None` if it is.
    pub fn why_not_asked(&self, url: &Url) -> Option<WhyNotAsked> {
        let Some(host) = url.host_str().filter(|host| is_plain(host)) else {
            return Some(WhyNotAsked::Unreadable);
        };
        if self.base_url.as_ref().is_some_and(|base| url.as_str().starts_with(base.as_str())) {
            return Some(WhyNotAsked::OwnSite);
        }
        if !self.settings.credentials && has_credentials(url) {
            return Some(WhyNotAsked::Credentials);
        }
        if !self.settings.private && is_private_host(host) {
            return Some(WhyNotAsked::Private);
        }
        let address = without_scheme(url, host);
        let fits = |patterns: &[String]| patterns.iter().any(|pattern| matches(pattern, &address));
        let include = &self.settings.include;
        let is_out = fits(&self.settings.exclude) || !(include.is_empty() || fits(include));
        is_out.then_some(WhyNotAsked::Excluded)
    }

    /// Whether a host with this address may be asked: a name on the internet can lead into a private network.
    pub fn allows_ip(&self, ip: IpAddr) -> bool {
        self.settings.private || !is_private_ip(ip)
    }
}

/// Whether a host is one, and no placeholder such as `HOST` in angle brackets.
fn is_plain(host: &str) -> bool {
    !host.is_empty() && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_:[]".contains(&byte))
}

/// An address as patterns have it: `docs.example.com:8443/a?b=c`.
fn without_scheme(url: &Url, host: &str) -> String {
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
    format!("{host}{port}{}{query}", url.path())
}

fn has_credentials(url: &Url) -> bool {
    let is_secret = |name: &str| {
        let name: String = name.chars().filter(|c| !matches!(c, '-' | '_')).collect();
        SECRET_PARAMETERS.contains(&name.to_ascii_lowercase().as_str())
    };
    let mut parameters = url.query_pairs();
    !url.username().is_empty()
        || url.password().is_some()
        || parameters.any(|(name, value)| is_secret(&name) && !value.is_empty())
}

fn is_private_host(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    if let Ok(ip) = bare.parse::<IpAddr>() {
        return is_private_ip(ip);
    }
    let name = host.trim_end_matches('.').to_ascii_lowercase();
    let ends =
        |domain: &&str| name.strip_suffix(*domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    // A name without a dot is one of a private network.
    !name.contains('.') || PRIVATE_DOMAINS.iter().any(ends)
}

fn is_private_ip(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_private_v4(ip),
        IpAddr::V6(ip) => is_private_v6(ip),
    }
}

fn is_private_v4(ip: Ipv4Addr) -> bool {
    let [first, second, third, _] = ip.octets();
    let is_shared = first == 100 && (64..128).contains(&second);
    let is_protocol = (first, second, third) == (192, 0, 0);
    let is_benchmark = first == 198 && (second == 18 || second == 19);
    ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_documentation()
        || is_shared
        || is_protocol
        || is_benchmark
        || first == 0
        // Multicast, reserved, broadcast.
        || first >= 224
}

fn is_private_v6(ip: Ipv6Addr) -> bool {
    let segments = ip.segments();
    // Addresses of version 4 can be written in four ways.
    let embedded = match segments {
        [0, 0, 0, 0, 0, 0 | 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => Some((high, low)),
        [0x2002, high, low, ..] => Some((high, low)),
        _ => None,
    };
    if let Some((high, low)) = embedded {
        let bits = u32::from(high) << 16 | u32::from(low);
        return is_private_v4(Ipv4Addr::from_bits(bits));
    }
    let is_documentation = segments[0] == 0x2001 && segments[1] == 0xdb8
        || segments[0] >> 4 == 0x3ff && segments[0] & 0xf == 0xf && segments[1] < 0x1000;
    // Everything on the internet is in 2000::/3.
    segments[0] >> 13 != 1 || is_documentation
}

#[cfg(test)]
mod tests {
    use super::*;

    fn why(url: &str, settings: ExternalSettings) -> Option<WhyNotAsked> {
        let base_url = Some("https://handbook.opsbook.dev/".to_owned());
        let config = Config { external: settings, base_url, ..Config::default() };
        LinkPolicy::new(&config).why_not_asked(&Url::parse(url).unwrap())
    }

    #[test]
    fn hosts_of_private_networks_and_documentation_are_not_asked() {
        for url in [
            "http://localhost:8080/",
            "http://LOCALHOST./x",
            "http://wiki/",
            "http://127.0.0.1/",
            "http://2130706433/",
            "http://0x7f.1/",
            "http://10.1.2.3/",
            "http://100.64.0.1/",
            "http://169.254.169.254/latest/meta-data/",
            "http://192.0.2.1/",
            "http://198.51.100.2/",
            "http://[::1]/",
            "http://[::ffff:10.0.0.1]/",
            "http://[64:ff9b::a00:1]/",
            "http://[fd00::1]/",
            "http://[fe80::1]/",
            "http://[2001:db8::1]/",
            "http://[3fff::1]/",
            "https://www.example.com/",
            "https://db.corp.internal/",
            "https://x.test/",
            "https://x.invalid/",
        ] {
            assert_eq!(why(url, ExternalSettings::default()), Some(WhyNotAsked::Private), "{url}");
            assert_eq!(
                why(url, ExternalSettings { private: true, ..ExternalSettings::default() }),
                None,
                "{url}"
            );
        }
    }

    #[test]
    fn hosts_of_the_internet_are_asked() {
        for url in [
            "https://www.rust-lang.org/",
            "https://notexample.com/",
            "http://1.1.1.1/",
            "http://[2606:4700:4700::1111]/",
            "https://x.org/?key=",
            "https://x.org/?keyboard=de&page=2",
        ] {
            assert_eq!(why(url, ExternalSettings::default()), None, "{url}");
        }
    }

    #[test]
    fn secrets_and_placeholders_are_not_sent() {
        for url in [
            "https://ops:pw@x.org/",
            "https://ops@x.org/",
            "https://x.org/?a=b&access_token=abc",
            "https://x.org/?X-Amz-Signature=abc",
            "https://x.org/?%74oken=abc",
        ] {
            assert_eq!(why(url, ExternalSettings::default()), Some(WhyNotAsked::Credentials), "{url}");
            let settings = ExternalSettings { credentials: true, ..ExternalSettings::default() };
            assert_eq!(why(url, settings), None, "{url}");
        }
        assert_eq!(why("https://$HOST.x.org/", ExternalSettings::default()), Some(WhyNotAsked::Unreadable));
        let own = why("https://handbook.opsbook.dev/a/", ExternalSettings::default());
        assert_eq!(own, Some(WhyNotAsked::OwnSite));
    }

    #[test]
    fn lists_choose_addresses() {
        let settings = ExternalSettings {
            include: vec!["*.x.org/*".to_owned()],
            exclude: vec!["b.x.org/private/*".to_owned()],
            ..ExternalSettings::default()
        };
        assert_eq!(why("https://a.x.org/c", settings.clone()), None);
        assert_eq!(why("https://b.x.org/private/c", settings.clone()), Some(WhyNotAsked::Excluded));
        assert_eq!(why("https://y.org/", settings), Some(WhyNotAsked::Excluded));
    }
}
