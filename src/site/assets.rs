//! The URLs of assets, and which assets are published.
//!
//! This module owns the URL of an asset: the URL of its folder and a cleaned name. It judges assets by what was found when they
//! were read.

use super::urls::ContentFolders;
use crate::asset::Asset;
use crate::diagnostic::Diagnostic;
use crate::metadata::{ImageFormat, MetadataProblem, Unchecked};
use crate::path::{FilePath, UrlPath, segment};
use crate::published_types::is_renamed;
use crate::rules::{ASSET_BROKEN, ASSET_LARGE, ASSET_METADATA, ASSET_UNCHECKED, ASSET_UNSAFE};
use crate::source::Span;

/// Whether an asset may be published.
pub(super) fn is_published(asset: &Asset) -> bool {
    asset.refusal.is_none() && !(is_picture(asset) && asset.problem.is_some())
}

fn is_picture(asset: &Asset) -> bool {
    asset.format().is_some_and(ImageFormat::is_picture)
}

/// The problems of an asset that is to be published, reported at `span`.
pub(super) fn problems(asset: &Asset, span: &Span) -> Vec<Diagnostic> {
    let report = |rule, problem: &str, way_out| {
        Diagnostic::new(rule, span.clone(), format!("{} {problem}", asset.file)).help(way_out)
    };
    if let Some(refusal) = asset.refusal {
        return vec![report(refusal.rule(), refusal.message(), refusal.way_out())];
    }
    let mut problems = Vec::new();
    if let Some((problem, format)) = asset.problem.as_ref().zip(asset.format()) {
        let (rule, way_out) = match problem {
            MetadataProblem::Active(danger) => (&ASSET_UNSAFE, danger.way_out()),
            _ if is_picture(asset) => (&ASSET_BROKEN, format.way_out()),
            _ => (&ASSET_METADATA, format.way_out()),
        };
        problems.push(report(rule, &problem.message(), way_out));
    }
    if is_published(asset)
        && let Some(unchecked) = Unchecked::by_extension(&asset.file.extension())
    {
        problems.push(report(&ASSET_UNCHECKED, unchecked.message(), unchecked.way_out()));
    }
    problems
}

/// The problem of an image that has more than `largest` bytes, shown at `span`.
pub(super) fn large_image(asset: &Asset, largest: u64, span: &Span) -> Option<Diagnostic> {
    if asset.length <= largest {
        return None;
    }
    let message = format!(
        "{} has {} kB; an image on a page may have {} kB",
        asset.file,
        asset.length.div_ceil(1000),
        largest / 1000
    );
    let help = "show a smaller copy and link this one, or save it as WebP or AVIF";
    Some(Diagnostic::new(&ASSET_LARGE, span.clone(), message).help(help))
}

/// The URL of an asset. A folder without pages has no URL of its own; its name follows that of the nearest folder
/// with one.
pub(super) fn url(file: &FilePath, content: &str, folders: &ContentFolders) -> UrlPath {
    let mut folder = file.folder();
    let name = segment(file.name());
    let mut tail = vec![if is_renamed(file) { format!("{name}.txt") } else { name }];
    loop {
        if let Some(known) = folders.get(folder) {
            tail.reverse();
            return UrlPath::new(format!("{}{}", known.url, tail.join("/")));
        }
        let (above, name) = folder.rsplit_once('/').unwrap_or(("", folder));
        tail.push(segment(name));
        debug_assert!(folder.len() > content.len(), "the content folder is always known");
        folder = above;
    }
}
