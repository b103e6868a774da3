//! The cascade layer of the theme's style sheets.
//!
//! Owns the layer `opsbook`. Rules outside of a layer win over all rules in it, whatever their selectors are, so a
//! handbook's `custom.css` needs no long ones.

use super::built_in;
use crate::scripts::Assets;

/// Puts each style sheet of the theme into the layer, also one that replaces a built-in one: sheets in and outside of
/// a layer would not keep their order. `own` are the last rules of `style.css`.
pub(super) fn put_below(assets: &mut Assets, own: &str) {
    for (path, _) in built_in::FILES {
        let Some(name) = path.strip_prefix("assets/").filter(|name| name.ends_with(".css")) else { continue };
        let Some(bytes) = assets.get(name) else { continue };
        let Ok(text) = std::str::from_utf8(bytes) else { continue };
        let last = if name == "style.css" { own } else { "" };
        // What a sheet imports has its own layer. An import must stand before all rules, so such a sheet stays as it is.
        let layered = if text.contains("@import") {
            format!("{text}\n{last}")
        } else {
            format!("@layer opsbook{{\n{text}{last}}}\n")
        };
        assets.insert(name.to_owned(), layered.into_bytes().into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theme::built_in as theme;

    fn layered(name: &str, text: &str, own: &str) -> String {
        let mut assets = theme().assets.clone();
        assets.insert(name.to_owned(), text.as_bytes().into());
        put_below(&mut assets, own);
        String::from_utf8(assets[name].to_vec()).unwrap()
    }

    #[test]
    fn sheets_of_the_theme_are_below_those_of_a_handbook() {
        assert_eq!(layered("prose.css", "a{b:c}\n", "x"), "@layer opsbook{\na{b:c}\n}\n");
        assert_eq!(layered("style.css", "a{b:c}\n", "x{}\n"), "@layer opsbook{\na{b:c}\nx{}\n}\n");
        assert_eq!(layered("custom.css", "a{b:c}\n", "x"), "a{b:c}\n");
        let imports = "@import \"other.css\";\na{b:c}\n";
        assert_eq!(layered("prose.css", imports, ""), format!("{imports}\n"));
    }
}
