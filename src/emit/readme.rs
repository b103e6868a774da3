//! `README.txt` of a bundle: explains the folder to a person who finds it.
//!
//! Owns the layout of the text, which is in the language of the handbook.

use std::sync::Arc;

use crate::output::Output;
use crate::site::{Bundle, Site};

/// The description of a bundle; nothing for a site.
pub fn emit(site: &Arc<Site>) -> Vec<Output> {
    let text = site.bundle.as_ref().map(|bundle| text(site, bundle));
    text.into_iter().map(|text| Output::text("README.txt", text)).collect()
}

fn text(site: &Site, bundle: &Bundle) -> String {
    let (t, title) = (site.words(), &site.config.title);
    let mut lines = vec![title.clone(), "=".repeat(title.chars().count()), String::new()];
    lines.push(t.fill("bundle.open", &[("file", &"index.html")]));
    lines.push(String::new());
    lines.push(t.fill("bundle.age", &[("date", &bundle.date)]));
    let audience = site.config.visibility.audience.level();
    let levels = &site.config.visibility.levels;
    if audience > levels.lowest() {
        let level = t.level(levels.name(audience), levels.title(audience));
        lines.push(t.fill("bundle.audience", &[("level", &level)]));
    }
    for id in &bundle.sections {
        lines.push(t.fill("bundle.section", &[("title", &site.page(*id).page.title)]));
    }
    if let Some(web) = &site.config.base_url {
        lines.push(t.fill("bundle.current", &[("url", web)]));
    }
    if let Some(licence) = &site.config.license {
        lines.push(t.fill("frame.licence", &[("licence", licence)]));
    }
    lines.push(t.fill("bundle.made_with", &[("version", &env!("CARGO_PKG_VERSION"))]));
    // Some editors understand only CRLF.
    lines.join("\r\n") + "\r\n"
}
