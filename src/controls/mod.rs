//! Control frameworks: catalogues such as BSI C5 or ISO/IEC 27001, as data.
//!
//! Owns [`Framework`], its file format, and the syntax of references to controls. A reference always names the edition,
//! because an id may mean something else in the next one. Frameworks hold ids and titles only: the texts of controls
//! belong to their publishers. Must not know which pages refer to a control.

mod read;
mod reference;

use std::sync::{Arc, LazyLock};

use crate::diagnostic::Diagnostic;
use crate::path;
use crate::path::FilePath;
use crate::rules::CONTROL_FRAMEWORK;
use crate::source::{Source, Span};

pub use read::read;
pub use reference::UnknownControl;

/// One edition of a control catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Framework {
    /// The id of all editions: `c5`.
    pub id: String,
    /// The edition: `2020`.
    pub edition: String,
    pub title: String,
    pub publisher: Option<String>,
    /// The page of the catalogue, where its texts are available.
    pub url: Option<String>,
    /// The areas, in the order of the file.
    pub areas: Vec<Area>,
    /// The controls, in the order of the file.
    pub controls: Vec<Control>,
    /// The start of its file. The file of a built-in framework is not in the handbook.
    pub span: Span,
}

/// A part of a framework.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Area {
    /// The id: `SIM`.
    pub id: String,
    pub title: String,
}

/// One control or criterion.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Control {
    /// The id: `SIM-03`.
    pub id: String,
    pub title: String,
    /// The index of its area in [`Framework::areas`].
    pub area: Option<usize>,
}

impl Framework {
    /// The part of a reference before the `/`: `c5:2020`.
    pub fn key(&self) -> String {
        format!("{}:{}", self.id, self.edition)
    }

    /// The framework's segment in URLs and file names: `c5-2020`.
    pub fn segment(&self) -> String {
        path::segment(&format!("{}-{}", self.id, self.edition))
    }

    /// The reference to a control: `c5:2020/SIM-03`.
    pub fn reference(&self, control: &Control) -> String {
        format!("{}/{}", self.key(), control.id)
    }

    /// The index of the control with this id, which must be written as in the catalogue.
    pub fn position(&self, id: &str) -> Option<usize> {
        self.controls.iter().position(|control| control.id == id)
    }
}

impl Control {
    /// The control's segment in URLs: `sim-03`. Windows cannot store `con.3`, so the segment of `CON.3` is `con-3`.
    pub fn segment(&self) -> String {
        let segment = path::segment(&self.id);
        if path::is_device(&segment) { segment.replacen('.', "-", 1) } else { segment }
    }
}

/// All frameworks that a handbook may refer to, sorted by key.
#[derive(Debug, Clone, Default)]
pub struct Frameworks(Vec<Arc<Framework>>);

/// The built-in frameworks: the name of each file, and its text.
const BUILT_IN: [(&str, &str); 2] = [
    ("c5-2020.toml", include_str!("built_in/c5-2020.toml")),
    ("iso27001-2022.toml", include_str!("built_in/iso27001-2022.toml")),
];

static BUILT_IN_FRAMEWORKS: LazyLock<Vec<Arc<Framework>>> = LazyLock::new(|| {
    let one = |(name, text): &(&str, &str)| {
        let path = FilePath::new(&format!("built-in/controls/{name}")).expect("the name is a plain one");
        let framework = read(&Source::new(path, *text), &mut Vec::new());
        Arc::new(framework.expect("the built-in frameworks are read by a test"))
    };
    BUILT_IN.iter().map(one).collect()
});

impl Frameworks {
    /// The built-in frameworks.
    pub fn built_in() -> Frameworks {
        Frameworks(BUILT_IN_FRAMEWORKS.clone())
    }

    /// The built-in frameworks and those of the handbook's files. A file with the key of a built-in framework replaces
    /// it. Two files with the same key are reported, and the first one is used.
    pub fn with<'a>(
        files: impl IntoIterator<Item = &'a Source>,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Frameworks {
        let mut own: Vec<Arc<Framework>> = Vec::new();
        for file in files {
            let Some(framework) = read(file, diagnostics) else { continue };
            // Segments are compared instead of keys: two frameworks with one segment would share their URLs.
            match own.iter().find(|other| other.segment() == framework.segment()) {
                Some(first) => diagnostics.push(repeated(&framework, first)),
                None => own.push(Arc::new(framework)),
            }
        }
        let replaced = |framework: &Arc<Framework>| own.iter().any(|o| o.segment() == framework.segment());
        let mut all: Vec<_> = BUILT_IN_FRAMEWORKS.iter().filter(|f| !replaced(f)).cloned().collect();
        all.extend(own);
        all.sort_by_key(|framework| framework.key());
        Frameworks(all)
    }

    /// The frameworks, sorted by key.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Framework>> {
        self.0.iter()
    }
}

/// The problem of a framework that another file defines already.
fn repeated(framework: &Framework, first: &Framework) -> Diagnostic {
    let message = format!("`{}` is defined twice", framework.key());
    Diagnostic::new(&CONTROL_FRAMEWORK, framework.span.clone(), message)
        .label(first.span.clone(), "here it is defined first")
        .help("give each edition a file of its own")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_frameworks_are_whole() {
        for (name, text) in BUILT_IN {
            let mut problems = Vec::new();
            read(&Source::new(FilePath::new(name).unwrap(), text), &mut problems);
            assert_eq!(problems, []);
        }
        let built_in = Frameworks::built_in();
        let count = |f: &Arc<Framework>| (f.key(), f.segment(), f.areas.len(), f.controls.len());
        let counts: Vec<_> = built_in.iter().map(count).collect();
        let expected = [("c5:2020", "c5-2020", 17, 121), ("iso27001:2022", "iso27001-2022", 4, 93)];
        assert_eq!(counts, expected.map(|(key, segment, a, c)| (key.to_owned(), segment.to_owned(), a, c)));
    }

    #[test]
    fn the_built_in_frameworks_have_their_published_numbers() {
        let per_area = |framework: &Framework| -> Vec<(String, usize)> {
            let of = |at: usize| framework.controls.iter().filter(|c| c.area == Some(at)).count();
            framework.areas.iter().enumerate().map(|(at, area)| (area.id.clone(), of(at))).collect()
        };
        let built_in = Frameworks::built_in();
        let counts: Vec<_> = built_in.iter().flat_map(|framework| per_area(framework)).collect();
        let expected = [
            ("OIS", 7),
            ("SP", 3),
            ("HR", 6),
            ("AM", 6),
            ("PS", 7),
            ("OPS", 24),
            ("IDM", 9),
            ("CRY", 4),
            ("COS", 8),
            ("PI", 3),
            ("DEV", 10),
            ("SSO", 5),
            ("SIM", 5),
            ("BCM", 4),
            ("COM", 4),
            ("INQ", 4),
            ("PSS", 12),
            ("A.5", 37),
            ("A.6", 8),
            ("A.7", 14),
            ("A.8", 34),
        ];
        assert_eq!(counts, expected.map(|(area, count)| (area.to_owned(), count)));
    }

    fn with(files: &[(&str, &str)]) -> (Frameworks, Vec<Diagnostic>) {
        let mut problems = Vec::new();
        let sources = files.iter().map(|(name, text)| Source::new(FilePath::new(name).unwrap(), *text));
        let sources: Vec<Source> = sources.collect();
        (Frameworks::with(&sources, &mut problems), problems)
    }

    const OWN: &str = "id = \"house\"\nedition = \"1\"\ntitle = \"House rules\"\n\
        [[controls]]\nid = \"H-1\"\ntitle = \"Lock the door\"\n";

    #[test]
    fn a_handbook_adds_a_framework_or_replaces_a_built_in_one() {
        let german = OWN.replace("house", "c5").replace("\"1\"", "\"2020\"");
        let (frameworks, problems) =
            with(&[("data/controls/a.toml", OWN), ("data/controls/b.toml", &german)]);
        assert_eq!(problems, []);
        let keys: Vec<_> = frameworks.iter().map(|f| (f.key(), f.controls.len())).collect();
        assert_eq!(
            keys,
            [("c5:2020", 1), ("house:1", 1), ("iso27001:2022", 93)].map(|(k, n)| (k.to_owned(), n))
        );
    }

    #[test]
    fn the_address_of_a_control_is_no_device_of_windows() {
        let text = "id = \"g\"\nedition = \"1\"\ntitle = \"G\"\n[[controls]]\nid = \"CON.3\"\ntitle = \"C\"\n\
                    [[controls]]\nid = \"CON.11.1\"\ntitle = \"D\"\n[[controls]]\nid = \"A.5.26\"\ntitle = \"E\"\n";
        let (frameworks, problems) = with(&[("data/controls/g.toml", text)]);
        assert_eq!(problems, []);
        let own = frameworks.iter().find(|framework| framework.id == "g").unwrap();
        let segments: Vec<String> = own.controls.iter().map(Control::segment).collect();
        assert_eq!(segments, ["con-3", "con-11.1", "a.5.26"]);
    }

    #[test]
    fn two_files_with_one_key_are_reported() {
        let (frameworks, problems) = with(&[("data/controls/a.toml", OWN), ("data/controls/b.toml", OWN)]);
        assert_eq!(frameworks.iter().count(), 3);
        assert_eq!(&*problems[0].message, "`house:1` is defined twice");
        assert_eq!(problems[0].span.file.as_str(), "data/controls/b.toml");
        assert_eq!(problems[0].labels[0].span.file.as_str(), "data/controls/a.toml");
    }
}
