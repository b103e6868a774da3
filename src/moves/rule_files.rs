//! Addresses of runbooks in alert rules.
//!
//! Owns the edits of `runbook_url`. A URL that is put together by a template, or that its line holds twice, cannot be
//! changed safely and is left to the author.

use crate::alerts::{self, UrlWithSpan};
use crate::input::Inputs;
use crate::input::text_edits::TextEdit;
use crate::markdown::{Reference, classify};
use crate::path::{UrlPath, decode};
use crate::source::Source;

use super::text_addresses::site_path;

/// The edits of a rule file. `moved` gives the new URL for the path of a page in the site, if it gets another one.
pub(super) fn edits(
    source: &Source,
    inputs: &Inputs,
    moved: impl Fn(&str) -> Option<UrlPath>,
) -> Vec<TextEdit> {
    if !alerts::may_hold(&source.path) {
        return Vec::new();
    }
    let mut edits: Vec<TextEdit> = Vec::new();
    for alert in alerts::read(source, &mut Vec::new()) {
        let Some(link) = &alert.runbook_url else { continue };
        let Some((path, base)) = inside(inputs, link) else { continue };
        let Some(url) = moved(&path) else { continue };
        let line = link.span.range(&source.text);
        let mut places = source.text[line.clone()].match_indices(link.url.as_str());
        if let (Some((at, _)), None) = (places.next(), places.next()) {
            let rest = link.url.find(['#', '?']).map_or("", |rest| &link.url[rest..]);
            let range = line.start + at..line.start + at + link.url.len();
            edits.push(TextEdit { range, text: format!("{base}{}{rest}", inputs.config.web_path(&url)) });
        }
    }
    edits.sort_by_key(|edit| edit.range.start);
    edits.dedup();
    edits
}

/// The decoded path of a URL in this handbook, and what stands before it.
fn inside<'l>(inputs: &'l Inputs, link: &'l UrlWithSpan) -> Option<(String, &'l str)> {
    match classify(&link.url) {
        Reference::Inside(path) => {
            let path = path.split(['#', '?']).next().unwrap_or_default();
            let decoded = decode(path.strip_prefix('/')?).into_owned();
            Some((decoded, "/"))
        }
        Reference::Outside(url) => Some((site_path(inputs, &url)?, inputs.config.base_url.as_deref()?)),
        Reference::Refused => None,
    }
}
