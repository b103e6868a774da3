//! Forges: places that host repositories and run pipelines.
//!
//! Owns their names, how an address tells them apart, and the forms of their own addresses. Knows no page and no file.

/// A place that hosts repositories and runs pipelines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Forge {
    GitHub,
    GitLab,
    /// Forgejo and Gitea.
    Forgejo,
}

impl Forge {
    pub const ALL: [Forge; 3] = [Forge::GitHub, Forge::GitLab, Forge::Forgejo];

    /// The name in settings and options.
    pub fn name(self) -> &'static str {
        match self {
            Forge::GitHub => "github",
            Forge::GitLab => "gitlab",
            Forge::Forgejo => "forgejo",
        }
    }

    /// The forge with this name.
    pub fn named(name: &str) -> Option<Forge> {
        Forge::ALL.into_iter().find(|forge| forge.name().eq_ignore_ascii_case(name))
    }

    /// The forge at the address of a repository; `None` if its host does not say.
    pub fn at(address: &str) -> Option<Forge> {
        let (_, rest) = address.split_once("://")?;
        let host = rest.split(['/', ':']).next()?;
        match host {
            "github.com" => Some(Forge::GitHub),
            "codeberg.org" => Some(Forge::Forgejo),
            _ if host.contains("gitlab") => Some(Forge::GitLab),
            _ if host.contains("forgejo") || host.contains("gitea") => Some(Forge::Forgejo),
            _ if host.contains("github") => Some(Forge::GitHub),
            _ => None,
        }
    }

    /// The address at which a file is edited, with `{url}`, `{branch}` and `{path}`.
    pub fn edit_address(self) -> &'static str {
        match self {
            Forge::GitHub => "{url}/edit/{branch}/{path}",
            Forge::GitLab => "{url}/-/edit/{branch}/{path}",
            Forge::Forgejo => "{url}/_edit/{branch}/{path}",
        }
    }

    /// The end of the address of a new issue, after the address of the repository, with `{title}` and `{body}`.
    pub fn issue_path(self) -> &'static str {
        match self {
            Forge::GitHub | Forge::Forgejo => "/issues/new?title={title}&body={body}",
            Forge::GitLab => "/-/issues/new?issue[title]={title}&issue[description]={body}",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_says_the_forge() {
        for (address, want) in [
            ("https://github.com/a/b", Some(Forge::GitHub)),
            ("https://github.example.org/a/b", Some(Forge::GitHub)),
            ("https://gitlab.example.org/a/b", Some(Forge::GitLab)),
            ("http://gitlab.example.org:8080/a/b", Some(Forge::GitLab)),
            ("https://codeberg.org/a/b", Some(Forge::Forgejo)),
            ("https://gitea.example.org/a/b", Some(Forge::Forgejo)),
            ("https://git.example.org/gitlab/b", None),
        ] {
            assert_eq!(Forge::at(address), want, "{address}");
        }
    }

    #[test]
    fn a_name_stands_for_its_forge() {
        assert!(Forge::ALL.into_iter().all(|forge| Forge::named(forge.name()) == Some(forge)));
        assert_eq!((Forge::named("Forgejo"), Forge::named("sourcehut")), (Some(Forge::Forgejo), None));
    }
}
