//! What folders hand down to the pages and files beneath them.
//!
//! Owns [`Cascade`], and which folders a file inherits from. A section that the audience may not see hands down who may
//! see what is in it, and nothing else. Must not know what a field means.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::front_matter::quietly;
use super::visibility::{self, Clearance, Statement, With, is_guarded};
use super::{Reading, section_rank};
use crate::fields::{Field, Places};
use crate::kinds::Layer;
use crate::memo::Digest;
use crate::path::FilePath;
use crate::source::Source;

/// What the page of a folder hands down.
#[derive(Debug)]
pub struct Cascade {
    pub file: FilePath,
    /// Front matter for all pages beneath.
    pub fields: Vec<Field>,
    pub places: Arc<Places>,
    /// Who may see the folder's page, as it says itself.
    pub own: Statement,
    /// Who may see what is beneath.
    pub beneath: Statement,
    /// The digest of all this.
    pub digest: Digest,
}

impl Cascade {
    /// The fields, for reading a page by its kind.
    pub fn layer(&self) -> Layer<'_> {
        static NOTHING: BTreeSet<String> = BTreeSet::new();
        Layer { file: &self.file, fields: &self.fields, places: &self.places, withheld: &NOTHING }
    }

    /// With what another page says for the same folder: the strictest of both holds.
    fn and(self, other: Cascade) -> Cascade {
        let digest = Digest::of_value(&(self.digest, other.digest));
        let (own, beneath) = (self.own.strictest(other.own), self.beneath.strictest(other.beneath));
        Cascade { own, beneath, digest, ..self }
    }
}

/// What the folders' pages hand down, by folder.
pub fn cascades<'a>(
    pages: impl IntoIterator<Item = &'a Source>,
    reading: &Reading<'a>,
) -> BTreeMap<String, Cascade> {
    let mut cascades: BTreeMap<String, Cascade> = BTreeMap::new();
    for source in sections(pages) {
        let Some(cascade) = of_section(source, reading.with(&source.path)) else { continue };
        let folder = source.path.folder().to_owned();
        let both = match cascades.remove(&folder) {
            Some(other) => other.and(cascade),
            None => cascade,
        };
        cascades.insert(folder, both);
    }
    let settings = &reading.config.visibility;
    let is_hidden = |cascade: &&Cascade| {
        let above = inherited(&cascade.file, &cascades);
        let standing = visibility::of_page(&cascade.file, &cascade.own, &above, settings);
        standing.hidden(settings.audience, reading.now).is_some()
    };
    let gone: Vec<String> =
        cascades.values().filter(is_hidden).map(|cascade| cascade.file.folder().to_owned()).collect();
    for folder in gone {
        let Some(cascade) = cascades.get_mut(&folder) else { continue };
        cascade.fields.clear();
        cascade.digest = Digest::of_value(&(cascade.digest, "hidden"));
    }
    cascades
}

/// The pages that stand for folders; several for one folder where they are of one rank, as `_index.md` and `_Index.md`.
fn sections<'a>(pages: impl IntoIterator<Item = &'a Source>) -> Vec<&'a Source> {
    let ranked = |source: &'a Source| Some((section_rank(&source.path)?, source));
    let found: Vec<_> = pages.into_iter().filter_map(ranked).collect();
    let mut best: BTreeMap<&str, u8> = BTreeMap::new();
    for (rank, source) in &found {
        let known = best.entry(source.path.folder()).or_insert(*rank);
        *known = (*known).min(*rank);
    }
    let wins = |(rank, source): (u8, &'a Source)| (best[source.path.folder()] == rank).then_some(source);
    found.into_iter().filter_map(wins).collect()
}

/// What a folder's page hands down, if anything; problems of its front matter are reported when it is parsed.
fn of_section(source: &Source, with: With<'_>) -> Option<Cascade> {
    let parts = crate::markdown::front::split(&source.text);
    let front = &source.text[..parts.body];
    // A key may be written with escapes.
    let says =
        ["cascade", "visibility", "clearance", "publish_after", "\\"].iter().any(|key| front.contains(key));
    if !says {
        return None;
    }
    let file = source.path.clone();
    let digest = Digest::of(&[source.path.as_str().as_bytes(), front.as_bytes()]);
    let Some(map) = quietly(&source.text, &parts) else {
        let unclear = is_guarded(front, with.settings).then_some(Clearance::Unclear);
        let own = Statement { clearance: unclear, ..Statement::default() };
        let (fields, places, beneath) = (Vec::new(), Arc::default(), Statement::default());
        return Some(Cascade { file, fields, places, own, beneath, digest });
    };
    let visibility::Cleared { cascade, own, beneath, .. } = visibility::clear(map, with, &mut Vec::new());
    Some(Cascade { file, fields: cascade.fields, places: cascade.places, own, beneath, digest })
}

/// What is handed down to a file, by the nearest folder first. A folder's page takes only from the folders above.
pub fn inherited<'a>(file: &FilePath, cascades: &'a BTreeMap<String, Cascade>) -> Vec<&'a Cascade> {
    let mut found = Vec::new();
    let mut folder = (!cascades.is_empty()).then(|| file.folder());
    while let Some(name) = folder {
        found.extend(cascades.get(name).filter(|cascade| cascade.file != *file));
        folder = (!name.is_empty()).then(|| name.rsplit_once('/').map_or("", |(above, _)| above));
    }
    found
}
