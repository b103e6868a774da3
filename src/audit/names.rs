//! Files that do not belong in a site, such as `.env` or `id_rsa`.
//!
//! Owns the list of their names, and the search for references to source maps.

/// The kind of a file that does not belong in a site, with its article, by its path; `None` for other files.
pub(super) fn misplaced(path: &str) -> Option<&'static str> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let ends = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
    let folder = |names: &[&str]| path.split('/').any(|part| names.contains(&part));
    if folder(&[".git", ".svn", ".hg", ".bzr"]) {
        return Some("a file of a version control system");
    }
    if folder(&[".ssh", ".gnupg", ".aws", ".kube", ".docker"]) || is_credential(name) {
        return Some("a file that holds credentials");
    }
    match name {
        ".DS_Store" | "Thumbs.db" | "desktop.ini" | ".directory" => Some("a file of a file manager"),
        ".env" => Some("a file with settings of an environment"),
        ".gitignore" | ".gitattributes" | ".editorconfig" | "book.toml" => Some("a file of the sources"),
        _ if name.starts_with(".env.") || ends(&[".env"]) => Some("a file with settings of an environment"),
        _ if ends(&[".map"]) => Some("a source map"),
        _ if is_backup(name) => Some("an editor's backup"),
        _ if ends(&[".log", ".pcap", ".core", ".sqlite", ".sqlite3", ".db", ".sql"]) => {
            Some("a log or a dump")
        }
        _ => None,
    }
}

fn is_credential(name: &str) -> bool {
    let endings = [".pem", ".key", ".p12", ".pfx", ".jks", ".kdbx", ".keytab", ".ppk"];
    let names = [
        "id_rsa",
        "id_ed25519",
        "id_ecdsa",
        "id_dsa",
        ".htpasswd",
        ".netrc",
        ".pgpass",
        ".vault_pass",
        "clouds.yaml",
        "kubeconfig",
    ];
    endings.iter().any(|ending| name.ends_with(ending)) || names.contains(&name)
}

fn is_backup(name: &str) -> bool {
    let ends = ["~", ".swp", ".swo", ".bak", ".orig", ".rej", ".old", ".tmp", ".save"];
    ends.iter().any(|ending| name.ends_with(ending))
        || name.starts_with(".#")
        || (name.starts_with('#') && name.ends_with('#'))
}

/// The offset of the reference to a source map: `//# sourceMappingURL=x.js.map`.
pub(super) fn source_map(text: &[u8]) -> Option<usize> {
    let name = b"sourceMappingURL=";
    let at = text.windows(name.len()).position(|part| part == name)?;
    // Only in a comment: a page that mentions the name is not a script.
    let before = &text[at.saturating_sub(5)..at];
    [&b"//# "[..], b"//@ ", b"/*# ", b"/*@ "].iter().any(|comment| before.ends_with(comment)).then_some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn misplaced_files_are_named() {
        for path in [
            ".env",
            "a/.env.local",
            "x/.git/config",
            "app.js.map",
            "notes.md~",
            ".a.md.swp",
            "a/#x.md#",
            "id_rsa",
            "tls/server.key",
            "dump.sql",
            ".DS_Store",
            "book.toml",
        ] {
            assert!(misplaced(path).is_some(), "{path}");
        }
        for path in [
            "index.html",
            "a/map/index.html",
            "assets/site.css",
            "robots.txt",
            ".well-known/security.txt",
            ".opsbook-manifest.json",
            "keys/index.html",
            "environment.md",
            "sitemap.xml",
            ".nojekyll",
        ] {
            assert_eq!(misplaced(path), None, "{path}");
        }
    }

    #[test]
    fn references_to_source_maps_are_comments() {
        for text in [
            "x()\n//# sourceMappingURL=x.js.map",
            "//@ sourceMappingURL=a",
            "a{}/*# sourceMappingURL=a.css.map */",
            "\n//# sourceMappingURL=data:,",
            "y;//# sourceMappingURL=y",
        ] {
            assert!(source_map(text.as_bytes()).is_some(), "{text}");
        }
        for text in [
            "the name sourceMappingURL",
            "`sourceMappingURL=x`",
            "<code>sourceMappingURL=</code>",
            "// sourceMapping",
            "sourceMappingURL",
        ] {
            assert_eq!(source_map(text.as_bytes()), None, "{text}");
        }
    }
}
