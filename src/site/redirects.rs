//! Aliases: old URLs that redirect to pages.
//!
//! This module owns the form of an alias and the rule that every URL belongs to one page.

use std::collections::{BTreeMap, HashSet};

use super::tree::TreeNode;
use super::{PageId, SiteInputs};
use crate::diagnostic::Diagnostic;
use crate::path::{PageAddresses, decode};
use crate::rules::{ALIAS_CONFLICT, ALIAS_INVALID};

/// The old URLs of all pages, with the page that each leads to.
pub(super) fn collect(
    places: &[TreeNode],
    inputs: &SiteInputs<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> BTreeMap<String, PageId> {
    let urls: HashSet<&str> = places.iter().map(|place| place.url.as_str()).collect();
    let mut redirects: BTreeMap<String, PageId> = BTreeMap::new();
    for (id, place) in (0..).map(PageId).zip(places) {
        let page = place.origin.page(inputs);
        let problem = |rule, message| Diagnostic::new(rule, page.front.span(&page.file, "aliases"), message);
        for alias in &page.front.aliases {
            let Some(old) = old_url(alias, inputs.config.addresses) else {
                let message = format!("the alias `{alias}` is not a path inside the site");
                diagnostics.push(problem(&ALIAS_INVALID, message).help("write it like `/old/place/`"));
                continue;
            };
            let owner = redirects.get(&old).copied();
            // An alias of a page's own URL, or one that the page lists twice, is harmless.
            if old == place.url.as_str() || owner == Some(id) {
                continue;
            }
            if urls.contains(old.as_str()) || owner.is_some() {
                let file = |PageId(id): PageId| &places[id as usize].origin.page(inputs).file;
                let whose = owner.map_or("a page".to_owned(), |id| format!("an alias of {}", file(id)));
                let message = format!("the alias `{alias}` is the URL of {whose} already");
                diagnostics.push(problem(&ALIAS_CONFLICT, message));
                continue;
            }
            redirects.insert(old, id);
        }
    }
    redirects
}

/// An alias as a path without leading slash. All paths of pages end with `/`. A path to an HTML file is kept, unless pages
/// are addressed so.
pub fn old_url(alias: &str, addresses: PageAddresses) -> Option<String> {
    let decoded = decode(alias);
    let path = decoded.strip_prefix('/').unwrap_or(&decoded);
    let path = path.strip_suffix("index.html").unwrap_or(path).trim_end_matches('/');
    let sound = |part: &str| !part.is_empty() && part != "." && part != ".." && part.len() <= 200;
    let plain = |c: char| !c.is_control() && !"\\:*?\"<>|#".contains(c);
    if path.is_empty() || !path.split('/').all(sound) || !path.chars().all(plain) {
        return None;
    }
    let name = path.rsplit('/').next().unwrap_or(path);
    let file = name.ends_with(".html") || name.ends_with(".htm");
    Some(match (file, addresses) {
        (true, PageAddresses::Files) if name.ends_with(".html") => addresses.page_path(path),
        (true, _) => path.to_owned(),
        (false, _) => format!("{path}/"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use PageAddresses::{Files, Folders};

    #[test]
    fn an_alias_never_leaves_the_site() {
        for hostile in
            ["../x", "/a/../../x", "", "/", "a\\b", "//host/x", "https://x/y", "a/%2e%2e/b", "a\0b"]
        {
            assert_eq!(old_url(hostile, Folders), None, "{hostile}");
        }
        for (alias, in_folders, as_files) in [
            ("/a/b", "a/b/", "a/b/"),
            ("a/b.html", "a/b.html", "a/b/"),
            ("a/b.htm", "a/b.htm", "a/b.htm"),
            ("/a/index.html", "a/", "a/"),
        ] {
            assert_eq!(old_url(alias, Folders).as_deref(), Some(in_folders), "{alias}");
            assert_eq!(old_url(alias, Files).as_deref(), Some(as_files), "{alias}");
        }
    }
}
