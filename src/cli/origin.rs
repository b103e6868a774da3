//! What the settings of Git say about the remote repository `origin`.
//!
//! Owns its address in a browser and its branch. Reads files only: Git itself is not needed.

#![expect(clippy::disallowed_methods, reason = "reads the settings of Git")]

use std::fs;
use std::path::Path;

use crate::input::git;

/// The remote repository that a clone was made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Origin {
    /// The address in a browser.
    pub address: String,
    /// The default branch, or the current one where the clone does not know the default.
    pub branch: Option<String>,
}

impl Origin {
    /// Reads the settings of a repository, whose root is given; `None` if they name no `origin` that a browser can open.
    pub fn of(repository: &Path) -> Option<Origin> {
        let own = git::data_folder(repository)?;
        // Working trees of one repository share everything but their `HEAD`. The file names the shared folder.
        let common = match fs::read_to_string(own.join("commondir")) {
            Ok(path) => own.join(path.trim()),
            Err(_) => own.clone(),
        };
        let settings = fs::read_to_string(common.join("config")).ok()?;
        let (_, origin) = settings.split_once("[remote \"origin\"]")?;
        let mut lines = origin.lines().map(str::trim).take_while(|line| !line.starts_with('['));
        let url = lines.find_map(|line| line.strip_prefix("url")?.trim_start().strip_prefix('='))?;
        let address = in_browser(url.trim())?;
        let remote = branch_of(&common.join("refs/remotes/origin/HEAD"), "ref: refs/remotes/origin/");
        let branch = remote.or_else(|| branch_of(&own.join("HEAD"), "ref: refs/heads/"));
        Some(Origin { address, branch })
    }
}

/// The branch that a file with a reference names.
fn branch_of(file: &Path, prefix: &str) -> Option<String> {
    let text = fs::read_to_string(file).ok()?;
    let branch = text.trim().strip_prefix(prefix)?;
    // It is written into settings and addresses.
    let is_plain = branch.chars().all(|c| c.is_ascii_alphanumeric() || "-._/".contains(c));
    is_plain.then(|| branch.to_owned())
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
    fn the_default_branch_of_the_remote_counts_before_the_current_one() {
        let root = tempfile::tempdir().unwrap();
        let git = root.path().join(".git");
        fs::create_dir_all(git.join("refs/remotes/origin")).unwrap();
        fs::write(git.join("config"), "[core]\n[remote \"origin\"]\n\turl = git@github.com:me/book.git\n")
            .unwrap();
        fs::write(git.join("HEAD"), "ref: refs/heads/fix/typo\n").unwrap();
        let branch = || Origin::of(root.path()).unwrap().branch;
        assert_eq!(branch().as_deref(), Some("fix/typo"));
        fs::write(git.join("refs/remotes/origin/HEAD"), "ref: refs/remotes/origin/trunk\n").unwrap();
        assert_eq!(branch().as_deref(), Some("trunk"));
        fs::remove_file(git.join("refs/remotes/origin/HEAD")).unwrap();
        // No branch is checked out.
        fs::write(git.join("HEAD"), "0123456789012345678901234567890123456789\n").unwrap();
        assert_eq!(branch(), None);
    }
}
