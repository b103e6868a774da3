//! Links in a page's content, as the page writes them.
//!
//! This module owns how the target of a link becomes an address relative to the page, also where the target is not
//! in this site.

use crate::path::{UrlPath, encode};
use crate::site::{Site, Target};

/// A resolved link as the page writes it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Href {
    To { url: String, size: Option<(u32, u32)> },
    Broken,
}

pub(super) fn href(site: &Site, from: &UrlPath, target: &Target) -> Href {
    let with_anchor = |url: String, anchor: &Option<String>| match anchor {
        Some(anchor) if url == "./" => format!("#{}", encode(anchor)),
        Some(anchor) => format!("{url}#{}", encode(anchor)),
        None => url,
    };
    match target {
        Target::Page { page, anchor } => {
            let page = site.page(*page);
            let url = if !site.holds(&page.encoded) {
                site.on_the_web(&page.encoded)
            } else if from == &page.url && anchor.is_some() {
                Some("./".to_owned())
            } else {
                Some(site.relative(from, &page.url))
            };
            url.map_or(Href::Broken, |url| Href::To { url: with_anchor(url, anchor), size: None })
        }
        Target::Asset { url, size, anchor, page } => {
            let url = page.as_ref().unwrap_or(url);
            Href::To { url: with_anchor(site.relative(from, url), anchor), size: *size }
        }
        Target::Broken => Href::Broken,
    }
}
