//! `[brand]`: what makes a handbook that of its organisation: pictures, a colour, links, legal pages.
//!
//! Owns the keys and their forms. What an address leads to is found by `site`, and the colours that follow from the
//! accent by `theme`.

use crate::accent::SolidColour;
use crate::fields::{FieldEntry, FieldReader, Value, text_of};
use crate::source::Span;

/// The settings of `[brand]`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Brand {
    /// The picture before the title.
    pub logo: Option<BrandAddress>,
    /// The same for dark pages.
    pub logo_dark: Option<BrandAddress>,
    /// Whether the logo contains the name of the handbook, which is then not written beside it.
    pub logo_has_title: bool,
    /// The icon in the browser's tab; without a logo also before the title.
    pub icon: Option<BrandAddress>,
    /// The picture that other programs show beside a link to any page.
    pub card: Option<BrandAddress>,
    /// Whether such a picture is drawn for each page.
    pub cards: bool,
    pub accent: Option<AccentSetting>,
    pub font: Typeface,
    pub header_links: Vec<BrandLink>,
    pub footer_links: Vec<BrandLink>,
    pub imprint: Option<BrandAddress>,
    pub privacy: Option<BrandAddress>,
}

/// The typeface of texts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Typeface {
    /// That of the reader's system.
    #[default]
    System,
    /// Inter, which the site then contains.
    Inter,
}

impl Typeface {
    fn named(name: &str) -> Option<Typeface> {
        match name {
            "system" => Some(Typeface::System),
            "inter" => Some(Typeface::Inter),
            _ => None,
        }
    }
}

/// A page or file of the handbook, or an address on the web.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct BrandAddress {
    /// The key of the setting.
    pub key: &'static str,
    pub address: String,
    pub at: Span,
}

/// A link with its text.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct BrandLink {
    pub text: String,
    pub to: BrandAddress,
}

/// The accent as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct AccentSetting {
    pub colour: SolidColour,
    pub at: Span,
}

impl Brand {
    /// Clears the positions and keeps what they mean.
    pub(super) fn forget_places(&mut self) {
        let links = self.header_links.iter_mut().chain(&mut self.footer_links).map(|link| &mut link.to);
        let single = [
            &mut self.logo,
            &mut self.logo_dark,
            &mut self.icon,
            &mut self.card,
            &mut self.imprint,
            &mut self.privacy,
        ];
        let addresses = single.into_iter().flatten().chain(links).map(|address| &mut address.at);
        for at in addresses.chain(self.accent.as_mut().map(|accent| &mut accent.at)) {
            at.start = 0;
            at.end = 0;
        }
    }
}

pub(super) fn read(mut brand: FieldReader<'_>) -> Brand {
    let read = Brand {
        logo: address(&mut brand, "logo"),
        logo_dark: address(&mut brand, "logo_dark"),
        logo_has_title: brand.flag(&["logo_has_title"]).unwrap_or(false),
        icon: address(&mut brand, "icon"),
        card: address(&mut brand, "card"),
        cards: brand.flag(&["cards"]).unwrap_or(false),
        accent: accent(&mut brand),
        font: font(&mut brand),
        header_links: links(&mut brand, "header_links"),
        footer_links: links(&mut brand, "footer_links"),
        imprint: address(&mut brand, "imprint"),
        privacy: address(&mut brand, "privacy"),
    };
    brand.finish(&[]);
    read
}

fn address(brand: &mut FieldReader<'_>, key: &'static str) -> Option<BrandAddress> {
    let at = brand.place(key);
    let written = |text: &str| !text.trim().is_empty();
    let address = brand.text_where(&[key], "a path such as `brand/logo.svg`", written)?;
    Some(BrandAddress { key, address, at })
}

fn accent(brand: &mut FieldReader<'_>) -> Option<AccentSetting> {
    let at = brand.place("accent");
    let opaque = |text: &str| SolidColour::parse(text).is_some();
    let text = brand.text_where(&["accent"], "an opaque colour such as `#5b2c91`", opaque)?;
    SolidColour::parse(&text).map(|colour| AccentSetting { colour, at })
}

fn font(brand: &mut FieldReader<'_>) -> Typeface {
    let known = |text: &str| Typeface::named(text).is_some();
    let text = brand.text_where(&["font"], "`inter` or `system`", known);
    text.and_then(|text| Typeface::named(&text)).unwrap_or_default()
}

/// Links as `[{ text = "Status", to = "https://status.example.org/" }]`.
fn links(brand: &mut FieldReader<'_>, key: &'static str) -> Vec<BrandLink> {
    let Some(field) = brand.take(&[key]) else { return Vec::new() };
    let items = match &field.value {
        Value::List(items) => items.as_slice(),
        _ => {
            brand.report(&field, format!("`{key}` must be a list of links"), Some(form(key)));
            return Vec::new();
        }
    };
    let mut links = Vec::new();
    for item in items {
        match item {
            Value::Map(entries) => links.extend(link(brand, key, entries)),
            _ => brand.report(&field, format!("`{key}` must be a list of links"), Some(form(key))),
        }
    }
    links
}

fn link(brand: &mut FieldReader<'_>, key: &'static str, entries: &[FieldEntry]) -> Option<BrandLink> {
    let mut text = None;
    let mut to = None;
    for entry in entries {
        let value = text_of(&entry.value).filter(|value| !value.trim().is_empty());
        match (entry.key.as_str(), value) {
            ("text", Some(value)) => text = Some(value),
            ("to", Some(value)) => to = Some(BrandAddress { key, address: value, at: brand.span_of(entry) }),
            (name @ ("text" | "to"), None) => {
                brand.report(entry, format!("`{name}` must be a text"), Some(form(key)));
                return None;
            }
            (name, _) => brand.report(entry, format!("unknown key `{name}` in `{key}`"), Some(form(key))),
        }
    }
    match (text, to, entries.first()) {
        (Some(text), Some(to), _) => return Some(BrandLink { text, to }),
        (_, _, Some(first)) => {
            brand.report(first, format!("a link in `{key}` needs `text` and `to`"), Some(form(key)));
        }
        (_, _, None) => {}
    }
    None
}

fn form(key: &str) -> String {
    format!("write `{key} = [{{ text = \"Status\", to = \"https://status.example.org/\" }}]`")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::parse;
    use crate::path::FilePath;
    use crate::source::Source;

    fn read(text: &str) -> (Brand, Vec<String>) {
        let source = Source::new(FilePath::new("book.toml").unwrap(), format!("[brand]\n{text}\n"));
        let (config, problems) = parse(&source);
        (config.brand, problems.into_iter().map(|problem| problem.message.to_string()).collect())
    }

    #[test]
    fn every_key_is_read() {
        let (brand, problems) = read(
            "logo = \"a.svg\"\nlogo_dark = \"b.svg\"\nlogo_has_title = true\nicon = \"c.png\"\n\
             card = \"d.png\"\ncards = true\nfont = \"inter\"\naccent = \"rebeccapurple\"\nimprint = \"imprint.md\"\nprivacy = \"privacy.md\"\n\
             header_links = [{ text = \"Status\", to = \"https://a.example/\" }]\n\
             footer_links = [{ text = \"On call\", to = \"on-call.md\" }]",
        );
        assert_eq!(problems, Vec::<String>::new());
        assert_eq!(brand.accent.unwrap().colour.to_string(), "#663399");
        assert_eq!(brand.header_links[0].to.address, "https://a.example/");
        assert_eq!((brand.footer_links[0].text.as_str(), brand.imprint.unwrap().key), ("On call", "imprint"));
        assert!(brand.logo_has_title && brand.cards);
        assert_eq!(brand.font, Typeface::Inter);
    }

    #[test]
    fn what_is_wrong_is_named() {
        let problem = |text: &str| read(text).1.join("; ");
        assert!(problem("accent = \"purpel\"").contains("must be an opaque colour"));
        assert!(problem("font = \"Comic\"").contains("must be `inter` or `system`"));
        assert!(problem("logo = \"\"").contains("must be a path"));
        assert!(problem("header_links = \"x\"").contains("must be a list of links"));
        assert!(problem("header_links = [\"x\"]").contains("must be a list of links"));
        assert!(problem("header_links = [{ text = \"x\" }]").contains("needs `text` and `to`"));
        assert!(problem("footer_links = [{ text = \"x\", to = [] }]").contains("`to` must be a text"));
        assert!(
            problem("footer_links = [{ text = \"x\", url = \"y\", to = \"z\" }]")
                .contains("unknown key `url`")
        );
        assert!(problem("colour = \"red\"").contains("unknown key `colour`"));
    }
}
