//! The theme as a value: templates, assets and texts, after the handbook's files replaced built-in ones.
//!
//! Owns [`Theme`] and the order in which files win. Reads no files: the built-in theme is part of the program, and
//! `input` reads the handbook's own files.

mod browser;
mod built_in;
mod colours;
mod copies;
mod layer;
mod minify;
mod published_assets;
mod style_sheets;
mod typeface;
mod unused;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use crate::accent::Palette;
use crate::config::{Brand, Typeface};
use crate::diagnostic::Diagnostic;
use crate::kinds::Kinds;
use crate::memo::Digest;
use crate::metadata;
use crate::output::{Body, Output};
use crate::path::FilePath;
use crate::rules::ASSET_BROKEN;
use crate::scripts;
use crate::source::{Source, Span};
use crate::strings::Languages;

pub use copies::{TemplateCopy, copy, template_names};

use published_assets::PublishedAsset;

/// Templates, assets and texts.
#[derive(Debug, Clone)]
pub struct Theme {
    /// Template name (`page.html`, `partials/nav.html`) → text. A template of the handbook replaces the built-in one
    /// of the same name.
    pub templates: BTreeMap<String, Source>,
    /// Asset name (`style.css`) → bytes, before style sheets and modules are joined and names get a digest.
    pub assets: BTreeMap<String, Arc<[u8]>>,
    /// The texts of the program itself for readers.
    pub strings: Arc<Languages>,
    /// The handbook's own files with such texts.
    pub texts: Vec<Source>,
    /// The colours that follow from the handbook's accent, if it has one.
    pub palette: Option<Palette>,
    typeface: Typeface,
    /// Rules that follow from the settings.
    own_rules: String,
    /// The published assets, by name.
    published: BTreeMap<String, PublishedAsset>,
    /// The digest of templates, assets and texts.
    pub digest: Digest,
}

/// The files of the theme that is part of the program. Nothing is joined yet, because a handbook puts its own among them.
pub fn built_in() -> &'static Theme {
    static THEME: LazyLock<Theme> = LazyLock::new(|| {
        let mut theme = Theme {
            templates: BTreeMap::new(),
            assets: BTreeMap::new(),
            strings: Arc::clone(Languages::built_in()),
            texts: Vec::new(),
            palette: None,
            typeface: Typeface::default(),
            own_rules: String::new(),
            published: BTreeMap::new(),
            digest: Digest::default(),
        };
        for (path, bytes) in built_in::FILES {
            let file =
                FilePath::new(&format!("{}/{path}", built_in::FOLDER)).expect("the table holds plain paths");
            theme.put(path, &file, minify::minify(path, bytes));
        }
        // `Languages::built_in` has read these files already.
        theme.texts.clear();
        theme
    });
    &THEME
}

impl Theme {
    /// Whether a template is the handbook's own.
    pub fn has_own_templates(&self) -> bool {
        let known = &built_in().templates;
        let is_own = |(name, template): (&String, &Source)| {
            known.get(name).is_none_or(|known| known.digest != template.digest)
        };
        self.templates.iter().any(is_own)
    }
}

/// The text of a file of the built-in theme, by its path.
fn built_in_source(path: &str) -> Option<&'static str> {
    let (_, bytes) = built_in::FILES.iter().find(|(known, _)| *known == path)?;
    std::str::from_utf8(bytes).ok()
}

/// The built-in theme with the handbook's own files, which are in `folder`. Only files in `templates/`, `assets/` and
/// `strings/` become part of it. Files that change nothing are reported. `kinds` may ask for templates, and its
/// titles and labels become part of the scripts. The accent and the dark logo of `brand` become lines of
/// the style sheet.
pub fn overridden(
    folder: &str,
    files: &[(FilePath, Arc<[u8]>)],
    kinds: &Kinds,
    brand: &Brand,
) -> (Theme, Vec<Diagnostic>) {
    let mut theme = built_in().clone();
    let named = kinds.templates();
    let mut unclean = Vec::new();
    for (file, bytes) in files {
        let Some(path) = file.beneath(folder.trim_matches('/')) else { continue };
        match cleaned(file, bytes) {
            Ok(bytes) => theme.put(path, file, bytes),
            Err(problem) => unclean.push(*problem),
        }
    }
    // Only when all files are in the theme, because each of them may name another.
    let mut problems = unused::find(&theme, folder.trim_matches('/'), files);
    // A template that a kind asks for is used, even if no file names it.
    let templates = format!("{}/templates", folder.trim_matches('/'));
    problems
        .retain(|problem| problem.span.file.beneath(&templates).is_none_or(|name| !named.contains(&name)));
    problems.append(&mut unclean);
    problems.extend(theme.templates.values().filter_map(copies::outdated));
    let (strings, mut wrong) = Languages::with(&theme.texts);
    problems.append(&mut wrong);
    theme.strings = strings;
    if brand.logo.is_some() && brand.logo_dark.is_some() {
        theme.own_rules.push_str(colours::DARK_LOGO);
    }
    theme.typeface = brand.font;
    theme.own_rules.push_str(typeface::rules(brand.font));
    if let Some(accent) = &brand.accent {
        let (palette, problem) = colours::palette(accent, &theme.assets);
        theme.own_rules.push_str(&colours::css(&palette));
        theme.palette = Some(palette);
        problems.extend(problem);
    }
    (theme.finish(kinds), problems)
}

/// Cleans an image of the handbook's theme, like those beside pages: it is published without metadata, or not at all.
fn cleaned(file: &FilePath, bytes: &Arc<[u8]>) -> Result<Arc<[u8]>, Box<Diagnostic>> {
    let picture = metadata::format_of(&file.extension()).filter(|format| format.is_picture());
    let Some(format) = picture else { return Ok(Arc::clone(bytes)) };
    match metadata::clean(format, bytes) {
        Ok(Cow::Borrowed(_)) => Ok(Arc::clone(bytes)),
        Ok(Cow::Owned(cleaned)) => Ok(cleaned.into()),
        Err(problem) => {
            let message = format!("{file} {}", problem.message());
            let problem = Diagnostic::new(&ASSET_BROKEN, Span::start_of(file), message);
            Err(Box::new(problem.help(format.way_out())))
        }
    }
}

/// Whether a file in the folder of a handbook's theme becomes part of the theme.
pub fn is_part(folder: &str, file: &FilePath) -> bool {
    let path = file.beneath(folder.trim_matches('/'));
    path.is_some_and(|path| path.starts_with("templates/") || path.starts_with("assets/") || is_strings(path))
}

impl Theme {
    /// Adds one file, replacing the one with its name.
    fn put(&mut self, path: &str, file: &FilePath, bytes: Arc<[u8]>) {
        if let Some(name) = path.strip_prefix("templates/") {
            let text = String::from_utf8_lossy(&bytes).replace("\r\n", "\n");
            self.templates.insert(name.to_owned(), Source::new(file.clone(), text));
        } else if let Some(name) = path.strip_prefix("assets/") {
            self.assets.insert(name.to_owned(), bytes);
        } else if is_strings(path) {
            let text = String::from_utf8_lossy(&bytes).replace("\r\n", "\n");
            self.texts.push(Source::new(file.clone(), text));
        }
    }

    /// Finishes the theme: adds the texts of scripts, joins style sheets and modules, and computes the published names and the digest.
    fn finish(mut self, kinds: &Kinds) -> Theme {
        let mut assets = self.assets.clone();
        typeface::keep_used(&mut assets, self.typeface);
        layer::put_below(&mut assets, &self.own_rules);
        style_sheets::join(&mut assets, &|name| self.names(name));
        scripts::join(&mut assets, &|name| self.names(name) || browser::is_in_languages(name));
        browser::add_texts(&mut assets, &self.strings, kinds, &|name| self.names(name));
        let templates = self.templates.iter().map(|(name, source)| (name, source.digest));
        let digests = assets.iter().map(|(name, bytes)| (name, Digest::from_parts(&[bytes])));
        let strings = self.strings.digest;
        self.digest =
            Digest::of_value(&(templates.collect::<Vec<_>>(), digests.collect::<Vec<_>>(), strings));
        self.published = published_assets::publish(&assets);
        self
    }

    /// Whether a template names an asset in quotes.
    fn names(&self, asset: &str) -> bool {
        let quoted = format!("\"{asset}\"");
        self.templates.values().any(|source| source.text.contains(&quoted))
    }

    /// Asset name → its path in the site, which changes with its bytes: `base.css` → `assets/base.3f2a91c0.css`.
    pub fn asset_paths(&self) -> BTreeMap<String, String> {
        self.published.iter().map(|(name, asset)| (name.clone(), asset.path.clone())).collect()
    }

    /// The assets as files of the site.
    pub fn outputs(&self) -> Vec<Output> {
        let output = |asset: &PublishedAsset| {
            Output::new(asset.path.clone(), Body::Bytes(Arc::clone(&asset.bytes))).named_by_content()
        };
        self.published.values().map(output).collect()
    }
}

/// Whether a path in a theme belongs to a file with the texts of one language.
fn is_strings(path: &str) -> bool {
    path.strip_prefix("strings/").is_some_and(|name| name.ends_with(".toml") && !name.contains('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The theme of a handbook without files of its own.
    fn finished() -> Theme {
        overridden("theme", &[], Kinds::built_in(), &Brand::default()).0
    }

    fn own(path: &str, text: &str) -> (FilePath, Arc<[u8]>) {
        (FilePath::new(path).unwrap(), text.as_bytes().into())
    }

    #[test]
    fn the_handbooks_own_file_wins_and_new_names_are_added() {
        let files = [
            own("theme/templates/page.html", "mine\r\n"),
            own("theme/assets/img/a.svg", "<svg><!-- x --></svg>"),
            own("theme/README", ""),
        ];
        let (theme, _) = overridden("theme", &files, Kinds::built_in(), &Brand::default());
        assert_eq!(&*theme.templates["page.html"].text, "mine\n");
        assert_eq!(theme.templates["page.html"].path.as_str(), "theme/templates/page.html");
        assert_eq!(theme.templates["base.html"].digest, built_in().templates["base.html"].digest);
        assert_eq!(theme.assets.len(), built_in().assets.len() + 1);
        assert_ne!(theme.digest, finished().digest);
        assert!(theme.asset_paths()["img/a.svg"].starts_with("assets/img/a."));
        assert_eq!(&*theme.assets["img/a.svg"], b"<svg></svg>");
    }

    #[test]
    fn a_file_that_changes_nothing_is_reported_with_the_nearest_name() {
        let files = [
            own("theme/templates/partials/foter.html", "x"),
            own("theme/page.html", "x"),
            own("theme/templates/home.html", "{% include \"mine/part.html\" %}"),
            own("theme/templates/mine/part.html", "x"),
            own("theme/templates/boxes.html", "{% component box() %}{% endcomponent box %}"),
            own("theme/assets/custom.css", "a { background: url(dots.svg) }"),
            own("theme/assets/dots.svg", "<svg/>"),
            own("theme/assets/costum.css", "x"),
            own("theme/assets/fonts/mine.woff2", "x"),
            own("theme/README.md", "x"),
        ];
        let (_, problems) = overridden("theme", &files, Kinds::built_in(), &Brand::default());
        let said: Vec<_> =
            problems.iter().map(|found| (found.span.file.as_str(), found.help.as_deref())).collect();
        let want = [
            ("theme/templates/partials/foter.html", Some("did you mean `templates/partials/footer.html`?")),
            ("theme/page.html", Some("did you mean `templates/page.html`?")),
            ("theme/assets/costum.css", Some("did you mean `assets/custom.css`?")),
            ("theme/assets/fonts/mine.woff2", None),
        ];
        assert_eq!(said, want);
    }

    #[test]
    fn every_asset_is_an_output_under_its_published_name() {
        let paths = finished().asset_paths();
        assert!(paths["base.css"].starts_with("assets/base."));
        let outputs: Vec<String> = finished().outputs().into_iter().map(|output| output.path).collect();
        assert_eq!(outputs, paths.into_values().collect::<Vec<_>>());
    }

    #[test]
    fn the_built_in_scripts_are_joined_and_no_module_is_in_two_of_them() {
        let script = |output: &Output| match &output.body {
            Body::Bytes(bytes) if output.path.ends_with(".js") => {
                Some((output.path.clone(), String::from_utf8(bytes.to_vec()).unwrap()))
            }
            _ => None,
        };
        let mut scripts: Vec<(String, String)> = finished().outputs().iter().filter_map(script).collect();
        // The same scripts with other texts.
        scripts.retain(|(path, _)| !path.contains(".de."));
        let start = "Object.defineProperty(opsbook, \"";
        let parts = |(_, text): &(String, String)| {
            let found = text.match_indices(start).map(|(at, _)| &text[at + start.len()..]);
            found.map(|rest| rest.split('"').next().unwrap().to_owned()).collect::<Vec<_>>()
        };
        let mut found: Vec<String> = scripts.iter().flat_map(parts).collect();
        found.sort_unstable();
        assert!(found.len() > 8, "{found:?}");
        let repeated = found.windows(2).find(|pair| pair[0] == pair[1]);
        assert_eq!(repeated, None, "a script that needs it must import a script that brings it");
        for (path, text) in &scripts {
            let left = text.lines().find(|line| line.starts_with("import ") || line.starts_with("export "));
            assert_eq!(left, None, "{path}");
        }
    }
}
