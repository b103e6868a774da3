//! The typeface that the theme can bring along.
//!
//! Owns its files and its rules. `themes/fonts.py` makes the file, and prints the numbers of the fallback.

use crate::config::Typeface;
use crate::scripts::Assets;

/// The font and its licence, which must be where the font is.
const INTER: [&str; 2] = ["fonts/OFL.txt", "fonts/inter.woff2"];

/// The rules at the end of `style.css`. The fallback is Arial, or a font of the same widths, in the measures of Inter:
/// where that arrives too late for a page, no line breaks in another place. `optional` never exchanges the font of a
/// page that is being read.
const INTER_RULES: &str = "\
@font-face{font-family:\"Opsbook Inter\";src:url(\"./fonts/inter.woff2\") format(\"woff2\");font-weight:400 700;font-display:optional}
@font-face{font-family:\"Opsbook fallback\";src:local(\"Arial\"),local(\"Liberation Sans\"),local(\"Arimo\");\
size-adjust:107.3%;ascent-override:90.29%;descent-override:22.48%;line-gap-override:0%}
:root{--sans:\"Opsbook Inter\",\"Opsbook fallback\",system-ui,sans-serif}
";

/// The rules of a typeface.
pub(super) fn rules(typeface: Typeface) -> &'static str {
    match typeface {
        Typeface::System => "",
        Typeface::Inter => INTER_RULES,
    }
}

/// Removes the files of typefaces that the handbook does not use.
pub(super) fn keep_used(assets: &mut Assets, typeface: Typeface) {
    if typeface == Typeface::System {
        assets.retain(|name, _| !INTER.contains(&name.as_str()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Brand;
    use crate::kinds::Kinds;
    use crate::theme::{built_in, overridden};

    #[test]
    fn a_site_contains_a_typeface_and_its_licence_only_if_it_is_set() {
        let brand = Brand { font: Typeface::Inter, ..Brand::default() };
        let (theme, problems) = overridden("theme", &[], Kinds::built_in(), &brand);
        assert!(problems.is_empty(), "{problems:?}");
        let paths = theme.asset_paths();
        let text = String::from_utf8(theme.published["base.css"].bytes.to_vec()).unwrap();
        let font = paths["fonts/inter.woff2"].rsplit_once('/').unwrap().1;
        assert!(text.contains(&format!("./fonts/{font}")), "{text}");
        assert!(paths.contains_key("fonts/OFL.txt"));
        let (plain, _) = overridden("theme", &[], Kinds::built_in(), &Brand::default());
        assert!(plain.asset_paths().keys().all(|name| !name.starts_with("fonts/")));
    }

    #[test]
    fn the_font_is_small() {
        let font = &built_in().assets["fonts/inter.woff2"];
        assert!(font.starts_with(b"wOF2") && font.len() <= 60_000, "{}", font.len());
    }
}
