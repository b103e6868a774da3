//! `[banner]`: an announcement on every page.
//!
//! Owns [`Banner`]. Whether an incident is announced too is decided by `view`, from the register of incidents.

use jiff::civil::Date;

use super::is_url;
use crate::fields::FieldReader;

/// The settings of the banner.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Banner {
    /// What the handbook announces; `None` where it announces nothing.
    pub text: Option<String>,
    /// The absolute URL that the text leads to.
    pub link: Option<String>,
    pub level: BannerLevel,
    /// The last day on which the text is shown.
    pub until: Option<Date>,
    /// Whether preliminary reports on incidents are announced.
    pub incidents: bool,
}

/// How urgent an announcement is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BannerLevel {
    Info,
    Warning,
    Danger,
}

impl BannerLevel {
    /// The name in settings, and the class in templates.
    pub fn name(self) -> &'static str {
        match self {
            BannerLevel::Info => "info",
            BannerLevel::Warning => "warning",
            BannerLevel::Danger => "danger",
        }
    }

    fn named(name: &str) -> Option<BannerLevel> {
        let levels = [BannerLevel::Info, BannerLevel::Warning, BannerLevel::Danger];
        levels.into_iter().find(|level| level.name() == name)
    }
}

impl Default for Banner {
    fn default() -> Banner {
        Banner { text: None, link: None, level: BannerLevel::Info, until: None, incidents: true }
    }
}

pub(super) fn read(mut banner: FieldReader<'_>) -> Banner {
    let default = Banner::default();
    let text = banner.text(&["text"]).filter(|text| !text.trim().is_empty());
    let link = banner.text_where(&["link"], "an absolute URL such as `https://status.example.org/`", is_url);
    let known = |text: &str| BannerLevel::named(text).is_some();
    let level = banner.text_where(&["level"], "`info`, `warning` or `danger`", known);
    let until = banner.date(&["until"]);
    let incidents = banner.flag(&["incidents"]).unwrap_or(default.incidents);
    banner.finish(&[]);
    let level = level.as_deref().and_then(BannerLevel::named).unwrap_or(default.level);
    Banner { text, link, level, until, incidents }
}
