//! Assets under the names in the published site.
//!
//! Owns these names, which change with the bytes of an asset, and the references between assets: `"./b.js"` in a
//! script or a style sheet becomes `"./b.3f2a91c0.js"`. Does not know templates.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::memo::Digest;
use crate::path::FilePath;
use crate::scripts::Assets;

/// An asset of the published site.
#[derive(Debug, Clone)]
pub(super) struct PublishedAsset {
    /// The path in the site: `assets/style.3f2a91c0.css`.
    pub path: String,
    pub bytes: Arc<[u8]>,
}

/// Publishes all assets. The keys are the names in the theme.
pub(super) fn publish(assets: &Assets) -> BTreeMap<String, PublishedAsset> {
    let references: AssetReferences<'_> =
        assets.iter().map(|(name, bytes)| (name.as_str(), references(name, bytes, assets))).collect();
    let file = |name: &str| hashed(name, &digest(name, assets, &references));
    let published = |(name, bytes): (&String, &Arc<[u8]>)| {
        let bytes = match references[name.as_str()].as_slice() {
            [] => Arc::clone(bytes),
            found => rewritten(bytes, found, &file),
        };
        (name.clone(), PublishedAsset { path: format!("assets/{}", file(name)), bytes })
    };
    assets.iter().map(published).collect()
}

/// For each asset, the references to other assets: the text in quotes, and the name of the other asset.
type AssetReferences<'a> = BTreeMap<&'a str, Vec<(String, String)>>;

fn references(name: &str, bytes: &[u8], assets: &Assets) -> Vec<(String, String)> {
    let Some(text) = text(name, bytes) else { return Vec::new() };
    let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut found = BTreeSet::new();
    for (at, quote) in text.match_indices(['"', '\'']) {
        let rest = &text[at + 1..];
        let relative = rest.starts_with("./") || rest.starts_with("../");
        let Some((reference, _)) = rest.split_once(quote).filter(|_| relative) else { continue };
        let target = FilePath::new(format!("{folder}/{reference}").trim_start_matches('/'));
        let known = target.filter(|target| assets.contains_key(target.as_str()));
        found.extend(known.map(|target| (reference.to_owned(), target.as_str().to_owned())));
    }
    found.into_iter().collect()
}

/// The text of an asset whose type can refer to other assets.
fn text<'a>(name: &str, bytes: &'a [u8]) -> Option<&'a str> {
    let names_others = [".js", ".mjs", ".css"].iter().any(|extension| name.ends_with(extension));
    names_others.then(|| std::str::from_utf8(bytes).ok()).flatten()
}

/// The digest of an asset and of all assets that it needs. The name of a module changes with the modules that it
/// imports.
fn digest(name: &str, assets: &Assets, references: &AssetReferences<'_>) -> String {
    let mut needed = BTreeSet::new();
    // A list and not a recursion: assets may refer to each other in a circle.
    let mut waiting = vec![name];
    while let Some(next) = waiting.pop() {
        let targets = references[next].iter().map(|(_, target)| target.as_str());
        waiting.extend(targets.filter(|target| *target != name && needed.insert(*target)));
    }
    let parts: Vec<&[u8]> = std::iter::once(name).chain(needed).map(|asset| assets[asset].as_ref()).collect();
    Digest::from_parts(&parts).hex()
}

/// The path of an asset below `assets/` in the site: `a/style.css` → `a/style.3f2a91c0.css`.
fn hashed(name: &str, digest: &str) -> String {
    let (folder, file) = name.rsplit_once('/').map_or(("", name), |(folder, file)| (folder, file));
    let slash = if folder.is_empty() { "" } else { "/" };
    match file.rsplit_once('.') {
        Some((stem, extension)) => format!("{folder}{slash}{stem}.{}.{extension}", &digest[..8]),
        None => format!("{folder}{slash}{file}.{}", &digest[..8]),
    }
}

/// The text with the published names. A published file is in the same folder as in the theme, so only the last part
/// of a reference changes.
fn rewritten(bytes: &[u8], references: &[(String, String)], file: &dyn Fn(&str) -> String) -> Arc<[u8]> {
    let mut text = String::from_utf8_lossy(bytes).into_owned();
    for (reference, target) in references {
        let name = file(target);
        let name = name.rsplit_once('/').map_or(name.as_str(), |(_, name)| name);
        let folder = reference.rsplit_once('/').map_or("", |(folder, _)| folder);
        for quote in ['"', '\''] {
            text = text
                .replace(&format!("{quote}{reference}{quote}"), &format!("{quote}{folder}/{name}{quote}"));
        }
    }
    text.into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn published(assets: &[(&str, &str)]) -> BTreeMap<String, (String, String)> {
        let assets: Assets =
            assets.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes().into())).collect();
        let text = |asset: &PublishedAsset| String::from_utf8(asset.bytes.to_vec()).unwrap();
        publish(&assets).into_iter().map(|(name, asset)| (name, (asset.path.clone(), text(&asset)))).collect()
    }

    #[test]
    fn a_name_changes_with_the_bytes() {
        let path = |text| published(&[("a.css", text)])["a.css"].0.clone();
        assert!(path("1").starts_with("assets/a.") && path("1").ends_with(".css"));
        assert_eq!(path("1").len(), "assets/a.12345678.css".len());
        assert_ne!(path("1"), path("2"));
    }

    #[test]
    fn a_reference_to_another_asset_is_written_as_it_is_published() {
        let site = published(&[
            ("main.js", "import './parts/a.js'; import \"./none.js\"; './parts/a.js.map'"),
            ("parts/a.js", "import '../b.js';"),
            ("b.js", "1"),
            ("fonts.css", "src: url(\"./parts/x.woff2\")"),
            ("parts/x.woff2", "font"),
        ]);
        let name = |asset: &str| site[asset].0.strip_prefix("assets/").unwrap().to_owned();
        let want = format!("import './{}'; import \"./none.js\"; './parts/a.js.map'", name("parts/a.js"));
        assert_eq!(site["main.js"].1, want);
        assert_eq!(site["parts/a.js"].1, format!("import '../{}';", name("b.js")));
        assert_eq!(site["fonts.css"].1, format!("src: url(\"./{}\")", name("parts/x.woff2")));
    }

    #[test]
    fn a_module_changes_its_name_with_what_it_imports_also_in_a_circle() {
        let path = |text| {
            published(&[("a.js", "'./b.js'"), ("b.js", "'./a.js' './c.js'"), ("c.js", text)])["a.js"]
                .0
                .clone()
        };
        assert_ne!(path("1"), path("2"));
    }
}
