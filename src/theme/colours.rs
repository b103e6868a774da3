//! The lines of a style sheet that a handbook's accent becomes.
//!
//! Owns which tokens follow from the accent, and how the grounds of the theme are found: they are tokens of its style
//! sheets, so a handbook that changes them is measured with its own.

use crate::accent::{ColourPair, Grounds, Palette, SolidColour, derive, weakness};
use crate::config::AccentSetting;
use crate::diagnostic::Diagnostic;
use crate::rules::BRAND_CONTRAST;
use crate::scripts::Assets;

/// The style sheets that name the grounds; a later one wins.
const SHEETS: [&str; 2] = ["style.css", "custom.css"];
/// The tokens of the grounds: that of the page, and that of what stands out from it.
const GROUNDS: [&str; 2] = ["--paper", "--wash"];

/// The colours of an accent on the grounds of the theme, and the problem of an accent that light pages cannot show as
/// it is.
pub(super) fn palette(accent: &AccentSetting, assets: &Assets) -> (Palette, Option<Diagnostic>) {
    let grounds = grounds(assets);
    let problem = weakness(accent.colour, &grounds).map(|weak| {
        let message = format!(
            "the accent `{}` has a contrast of {:.1}:1 on light pages, and text needs 4.5:1; they show `{}` instead",
            accent.colour,
            // Rounded down: 4.46 is not 4.5.
            (weak.contrast * 10.0).floor() / 10.0,
            weak.shade
        );
        let help = format!("write `accent = \"{}\"`, or another colour as dark as that", weak.shade);
        Diagnostic::new(&BRAND_CONTRAST, accent.at.clone(), message).help(help)
    });
    (derive(accent.colour, &grounds), problem)
}

/// The rules that show one of two logos. On paper every page is light.
pub(super) const DARK_LOGO: &str = "\
.ob-dark{display:none}
@media screen and (prefers-color-scheme:dark){\
:root:not([data-theme=light]) .ob-light{display:none}:root:not([data-theme=light]) .ob-dark{display:block}}
@media screen{\
:root[data-theme=dark] .ob-light{display:none}:root[data-theme=dark] .ob-dark{display:block}}
";

/// The lines that set the tokens. They stand at the end of `style.css`, so that `custom.css` may change them again.
pub(super) fn css(palette: &Palette) -> String {
    let Palette { accent, link, link_hover, strong } = palette;
    let (accent, link, hover, strong) = (accent.css(), link.css(), link_hover.css(), strong.css());
    format!(
        ":root{{--accent:{accent};--link:{link};--link-hover:{hover};--band-line:var(--accent)}}\n\
         .ob-home .ob-band{{background-image:linear-gradient(var(--accent),var(--accent))}}\n\
         @media (prefers-contrast:more){{:root{{--accent:{strong};--link:{strong};--link-hover:{strong}}}}}\n"
    )
}

fn grounds(assets: &Assets) -> Grounds {
    let mut grounds = Grounds { light: Vec::new(), dark: Vec::new() };
    for token in GROUNDS {
        let named = SHEETS.iter().rev().find_map(|sheet| {
            let text = std::str::from_utf8(assets.get(*sheet)?).ok()?;
            token_value(text, token)
        });
        if let Some(ground) = named {
            grounds.light.push(ground.light);
            grounds.dark.push(ground.dark);
        }
    }
    // A style sheet without these tokens: what browsers show, and the same by night.
    if let (true, Some(white), Some(black)) =
        (grounds.light.is_empty(), SolidColour::parse("white"), SolidColour::parse("#121212"))
    {
        grounds = Grounds { light: vec![white], dark: vec![black] };
    }
    grounds
}

/// The first value of a token: `light-dark(#fff, #000)`, or one colour for both.
fn token_value(css: &str, token: &str) -> Option<ColourPair> {
    let declaration = format!("{token}:");
    let (_, rest) = css.split_once(&declaration)?;
    let value = rest.split([';', '}']).next()?.trim();
    let Some(pair) = value.strip_prefix("light-dark(").and_then(|inner| inner.strip_suffix(')')) else {
        let colour = SolidColour::parse(value)?;
        return Some(ColourPair { light: colour, dark: colour });
    };
    let (light, dark) = pair.split_once(',')?;
    Some(ColourPair { light: SolidColour::parse(light)?, dark: SolidColour::parse(dark)? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::path::FilePath;
    use crate::source::Span;
    use crate::theme::built_in;

    fn palette_of(colour: &str, custom: Option<&str>) -> (Palette, Option<String>) {
        let mut assets = built_in().assets.clone();
        if let Some(custom) = custom {
            assets.insert("custom.css".to_owned(), custom.as_bytes().into());
        }
        let at = Span::start_of(&FilePath::new("book.toml").unwrap());
        let accent = AccentSetting { colour: SolidColour::parse(colour).unwrap(), at };
        let (palette, problem) = palette(&accent, &assets);
        (palette, problem.map(|problem| problem.help.unwrap().to_string()))
    }

    #[test]
    fn the_grounds_are_those_of_the_theme() {
        let grounds = grounds(&built_in().assets);
        let names = |colours: &[SolidColour]| colours.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(names(&grounds.light), ["#ffffff", "#f4f6f3"]);
        assert_eq!(names(&grounds.dark), ["#0f1518", "#161e22"]);
    }

    #[test]
    fn a_handbooks_own_grounds_count() {
        let (usual, none) = palette_of("#757575", None);
        assert!(none.is_some(), "4.6:1 on paper, but less on wash");
        let (own, problem) =
            palette_of("#757575", Some(":root { --paper: light-dark(#ddd, #000); --wash: #eee }"));
        assert!(problem.is_some() && own.accent != usual.accent);
    }

    #[test]
    fn the_suggested_accent_is_accepted() {
        for accent in ["#ffd400", "#fdfdfd", "#7fc1f2"] {
            let (_, help) = palette_of(accent, None);
            let suggested = help.unwrap().split('"').nth(1).unwrap().to_owned();
            assert_eq!(palette_of(&suggested, None).1, None, "{accent}: {suggested}");
        }
    }

    #[test]
    fn the_tokens_stand_in_one_line() {
        let (palette, _) = palette_of("#5b2c91", None);
        assert!(css(&palette).starts_with(":root{--accent:light-dark(#5b2c91,#"), "{}", css(&palette));
    }
}
