//! Files as URIs of the protocol.
//!
//! Owns the way from a `file:` URI to a path and back. Other schemes, such as `untitled:`, name no file.

use std::path::{Path, PathBuf};

use gen_lsp_types::Uri;

use crate::path::{decode, encode};

/// The absolute path that a URI names.
pub fn path_of_uri(uri: &Uri) -> Option<PathBuf> {
    let rest = uri.0.strip_prefix("file://")?;
    let path = rest.strip_prefix("localhost").unwrap_or(rest);
    // A query or a fragment is part of no file name: these characters are encoded there.
    let path = path.split(['?', '#']).next().unwrap_or(path);
    let path = decode(path);
    (path.starts_with('/') && !path.contains('\0')).then(|| PathBuf::from(path.into_owned()))
}

/// The URI of an absolute path. Bytes that are not UTF-8 are lost.
pub fn uri_of_path(path: &Path) -> Uri {
    let text = path.to_string_lossy();
    let segments: Vec<_> = text.split('/').map(encode).collect();
    Uri(format!("file://{}", segments.join("/")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_survive_the_way_to_a_uri_and_back() {
        for path in ["/a/b c.md", "/ä/#1?.md", "/100%/x", "/"] {
            assert_eq!(path_of_uri(&uri_of_path(Path::new(path))), Some(PathBuf::from(path)));
        }
        assert_eq!(uri_of_path(Path::new("/a b/ä.md")).0, "file:///a%20b/%C3%A4.md");
    }

    #[test]
    fn other_uris_name_no_file() {
        for uri in ["untitled:Untitled-1", "file:a.md", "https://a.example/b.md", "file://server/share", ""] {
            assert_eq!(path_of_uri(&Uri(uri.to_owned())), None, "{uri}");
        }
    }
}
