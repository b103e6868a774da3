//! The pictures and links of the handbook's organisation, on every page.
//!
//! This module owns [`BrandView`]. Addresses are relative to the site's root, except those with `outside`.

use serde::Serialize;

use crate::path::encode;
use crate::site::{BrandPicture, LinkTarget, Site};

/// The height of a logo in the header, in pixels; `style.css` has the same.
const HEIGHT: u32 = 30;
/// The greatest width of a logo in the header.
const MOST_WIDE: u32 = 240;

/// What `[brand]` puts on every page.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct BrandView {
    /// The picture before the title.
    pub logo: Option<LogoView>,
    /// The picture for dark pages, where it is another one.
    pub logo_dark: Option<LogoView>,
    /// The title, where the logo contains it and it is not written beside it.
    pub alt: String,
    /// The icon in the browser's tab.
    pub icon: Option<IconView>,
    /// The colour of the browser's own frame.
    pub colour: Option<String>,
    pub header: Vec<BrandLinkView>,
    /// The links of the footer, with the legal pages.
    pub footer: Vec<BrandLinkView>,
}

/// A picture with the size that it is shown in.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct LogoView {
    pub url: String,
    /// Absent where the file does not say its size.
    pub width: Option<u32>,
    pub height: u32,
}

/// An icon with its media type.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct IconView {
    pub url: String,
    pub media_type: &'static str,
}

/// A link of the header or the footer.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct BrandLinkView {
    pub title: String,
    pub url: String,
    /// Whether the URL is absolute.
    pub outside: bool,
    /// The language of the title.
    pub lang: String,
}

/// The view; `colour` is the accent on light pages.
pub(super) fn view(site: &Site, colour: Option<&str>) -> BrandView {
    let brand = &site.brand;
    let says_title = site.config.brand.logo_has_title && brand.logo.is_some();
    let mut footer: Vec<BrandLinkView> = Vec::new();
    for link in &brand.footer {
        footer.extend(link_view(site, &link.text, &link.to));
    }
    for (legal, word) in [(&brand.imprint, "frame.imprint"), (&brand.privacy, "frame.privacy")] {
        if let Some(to) = legal {
            footer.extend(legal_view(site, word, to));
        }
    }
    BrandView {
        logo: brand.logo.as_ref().or(brand.icon.as_ref()).map(logo),
        // A dark logo alone has no light one to take the place of.
        logo_dark: brand.logo_dark.as_ref().filter(|_| brand.logo.is_some()).map(logo),
        alt: if says_title { site.config.title.clone() } else { String::new() },
        icon: brand.icon.as_ref().map(icon),
        colour: colour.map(str::to_owned),
        header: brand.header.iter().filter_map(|link| link_view(site, &link.text, &link.to)).collect(),
        footer,
    }
}

fn logo(picture: &BrandPicture) -> LogoView {
    let url = picture.url.encoded();
    let Some((width, height)) = picture.size.filter(|(width, height)| *width > 0 && *height > 0) else {
        return LogoView { url, width: None, height: HEIGHT };
    };
    let width_at = |height_now: u32| (width.saturating_mul(height_now) + height / 2) / height;
    if width_at(HEIGHT) <= MOST_WIDE {
        return LogoView { url, width: Some(width_at(HEIGHT).max(1)), height: HEIGHT };
    }
    let height = (MOST_WIDE.saturating_mul(height) / width).max(1);
    LogoView { url, width: Some(MOST_WIDE), height }
}

fn icon(picture: &BrandPicture) -> IconView {
    let url = picture.url.encoded();
    let media_type = match url.rsplit('.').next() {
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("gif") => "image/gif",
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("webp") => "image/webp",
        Some("avif") => "image/avif",
        _ => "image/svg+xml",
    };
    IconView { url, media_type }
}

/// A legal page has its own title; elsewhere on the web it has that of the settings.
fn legal_view(site: &Site, word: &str, to: &LinkTarget) -> Option<BrandLinkView> {
    let LinkTarget::Page(id, _) = to else { return link_view(site, site.words().say(word), to) };
    let page = site.page(*id);
    let lang = site.language(page).to_owned();
    Some(BrandLinkView { lang, ..link_view(site, &page.name.full, to)? })
}

/// A link; `None` in a bundle that does not contain the page, where the handbook has no address on the web.
fn link_view(site: &Site, title: &str, to: &LinkTarget) -> Option<BrandLinkView> {
    let inside = |url: String| (url, false);
    let (url, outside) = match to {
        LinkTarget::Web(url) => (url.clone(), true),
        LinkTarget::File(url) => inside(url.encoded()),
        LinkTarget::Page(id, anchor) => {
            let page = site.page(*id);
            let (url, outside) = if site.holds(&page.encoded) {
                inside(site.path_of(&page.encoded))
            } else {
                (site.on_the_web(&page.encoded)?, true)
            };
            match anchor {
                Some(anchor) => (format!("{url}#{}", encode(anchor)), outside),
                None => (url, outside),
            }
        }
    };
    Some(BrandLinkView { title: title.to_owned(), url, outside, lang: site.config.language.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::path::UrlPath;

    #[test]
    fn a_logo_keeps_its_proportions_and_has_room_in_the_header() {
        let shown = |size| {
            let logo = logo(&BrandPicture { url: UrlPath::new("logo.svg"), size });
            (logo.width, logo.height)
        };
        assert_eq!(shown(Some((272, 64))), (Some(128), 30));
        assert_eq!(shown(Some((24, 24))), (Some(30), 30));
        assert_eq!(shown(Some((2000, 100))), (Some(240), 12));
        assert_eq!(shown(Some((1, 4000))), (Some(1), 30));
        assert_eq!(shown(Some((0, 10))), (None, 30));
        assert_eq!(shown(None), (None, 30));
    }
}
