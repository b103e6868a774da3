//! The forges that `init` writes pipelines for.
//!
//! Owns their names, and what the address of a remote repository says: its forge and its address in a browser.

#![expect(clippy::disallowed_methods, reason = "reads the settings of Git")]

use std::fs;
use std::path::Path;

/// A place that hosts repositories and runs pipelines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Forge {
    GitHub,
    GitLab,
    Forgejo,
}

impl Forge {
    pub const ALL: [Forge; 3] = [Forge::GitHub, Forge::GitLab, Forge::Forgejo];

    /// The name of its option, without the hyphens.
    pub fn name(self) -> &'static str {
        match self {
            Forge::GitHub => "github",
            Forge::GitLab => "gitlab",
            Forge::Forgejo => "forgejo",
        }
    }

    /// The forge at an address; `None` if its host does not say.
    pub fn at(address: &str) -> Option<Forge> {
        let host = address.strip_prefix("https://")?.split(['/', ':']).next()?;
        match host {
            "github.com" => Some(Forge::GitHub),
            "codeberg.org" => Some(Forge::Forgejo),
            _ if host.contains("gitlab") => Some(Forge::GitLab),
            _ if host.contains("forgejo") || host.contains("gitea") => Some(Forge::Forgejo),
            _ => None,
        }
    }
}

/// The address of the remote `origin` in a browser, from the settings of the repository. Git itself is not needed.
pub(super) fn address(repository: &Path) -> Option<String> {
    let settings = fs::read_to_string(repository.join(".git/config")).ok()?;
    let (_, origin) = settings.split_once("[remote \"origin\"]")?;
    let mut lines = origin.lines().map(str::trim).take_while(|line| !line.starts_with('['));
    let url = lines.find_map(|line| line.strip_prefix("url")?.trim_start().strip_prefix('='))?;
    in_browser(url.trim())
}

/// `https://host/path` for the address of a remote repository. User names and access tokens are left out.
fn in_browser(url: &str) -> Option<String> {
    let (host, path) = match url.split_once("://") {
        Some(("https" | "http" | "ssh" | "git", rest)) => rest.split_once('/')?,
        Some(_) => return None,
        None => url.split_once(':')?,
    };
    let host = host.rsplit('@').next()?;
    // The port of SSH is not the one of the browser.
    let host = if url.starts_with("http") { host } else { host.split(':').next()? };
    let path = path.trim_matches('/');
    let path = path.strip_suffix(".git").unwrap_or(path);
    let plain = |text: &str| {
        !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "-._~/:".contains(c))
    };
    (plain(host) && plain(path)).then(|| format!("https://{host}/{path}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_in_a_browser_holds_no_secret() {
        for (url, want) in [
            ("git@github.com:me/handbook.git", Some("https://github.com/me/handbook")),
            ("https://oauth2:token@gitlab.example.org/a/b.git", Some("https://gitlab.example.org/a/b")),
            ("https://git.example.org:8443/a/b", Some("https://git.example.org:8443/a/b")),
            ("ssh://git@codeberg.org:2222/a/b.git/", Some("https://codeberg.org/a/b")),
            ("/srv/git/b.git", None),
            ("file:///srv/git/b.git", None),
            ("git@host:a\"b", None),
        ] {
            assert_eq!(in_browser(url).as_deref(), want, "{url}");
        }
    }

    #[test]
    fn the_host_says_the_forge() {
        for (address, want) in [
            ("https://github.com/a/b", Some(Forge::GitHub)),
            ("https://gitlab.example.org/a/b", Some(Forge::GitLab)),
            ("https://codeberg.org/a/b", Some(Forge::Forgejo)),
            ("https://git.example.org/gitlab/b", None),
        ] {
            assert_eq!(Forge::at(address), want, "{address}");
        }
    }
}
