//! Handbooks as values: files in, a built site out, nothing on disk.
//!
//! Owns [`Handbook`] and [`Built`]. Makes the engine's inputs of texts the way the loader makes them of
//! files; knows no case format and no test.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex};

use opsbook::config;
use opsbook::input::Inputs;
use opsbook::memo::{Digest, Keep};
use opsbook::output::{Body, Output, Sink};
use opsbook::path::FilePath;
use opsbook::pipeline::{Build, Engine};
use opsbook::site::Asset;
use opsbook::source::Source;
use opsbook::theme::Theme;

/// Files of a handbook by their path from the root.
#[derive(Debug, Clone, Default)]
pub struct Handbook {
    pub files: BTreeMap<String, Vec<u8>>,
    pub look: Look,
}

/// Which theme the pages are shown in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Look {
    /// The body, and the view as plain lines.
    #[default]
    Plain,
    /// The theme that comes with Opsbook.
    Default,
}

/// A built site.
pub struct Built {
    pub build: Build,
    pub outputs: BTreeMap<String, Vec<u8>>,
    /// In the short form of `opsbook check`, sorted.
    pub diagnostics: Vec<String>,
}

/// Keeps outputs in memory.
#[derive(Default)]
struct Memory(Mutex<BTreeMap<String, Vec<u8>>>);

impl Sink for Memory {
    fn put(&self, output: Output) -> io::Result<()> {
        let bytes = match output.body {
            Body::Text(text) => text.as_bytes().to_vec(),
            Body::Bytes(bytes) => bytes.to_vec(),
            Body::File(path) => format!("the file {}", path.display()).into_bytes(),
        };
        let twice = self.0.lock().expect("no test panics while it holds the lock").insert(output.path.clone(), bytes);
        assert!(twice.is_none(), "{} was put twice", output.path);
        Ok(())
    }
}

impl Handbook {
    /// A handbook of text files.
    pub fn of(files: &[(&str, &str)]) -> Handbook {
        let file = |(path, text): &(&str, &str)| ((*path).to_owned(), text.as_bytes().to_vec());
        Handbook { files: files.iter().map(file).collect(), look: Look::Plain }
    }

    /// Builds with an engine that remembers nothing.
    pub fn build(&self) -> Built {
        self.build_with(&mut Engine::new(Keep::Nothing))
    }

    /// Builds with an engine that may remember earlier builds.
    pub fn build_with(&self, engine: &mut Engine) -> Built {
        build(engine, &self.inputs())
    }

    /// What the loader would read from disk.
    pub fn inputs(&self) -> Inputs {
        let path = |text: &str| FilePath::new(text).expect("a case names files beneath the root");
        let mut settings = BTreeMap::new();
        let (mut config, mut diagnostics) = (config::Config::default(), Vec::new());
        if let Some(bytes) = self.files.get("book.toml") {
            let source = Source::new(path("book.toml"), normal(bytes));
            (config, diagnostics) = config::parse(&source);
            settings.insert(source.path.clone(), source);
        }
        let beneath = |file: &str| file.starts_with(&format!("{}/", config.content));
        let content = self.files.iter().filter(|(file, _)| beneath(file));
        let (texts, others): (Vec<_>, Vec<_>) = content.partition(|(file, _)| is_text(file));
        let source = |(file, bytes): (&String, &Vec<u8>)| (path(file), Source::new(path(file), normal(bytes)));
        let asset = |(file, bytes): (&String, &Vec<u8>)| (path(file), asset(path(file), bytes));
        Inputs {
            sources: texts.into_iter().map(source).collect(),
            assets: others.into_iter().map(asset).collect(),
            theme: self.theme(&config.theme, &mut settings),
            config: Arc::new(config),
            history: BTreeMap::new(),
            settings,
            diagnostics,
        }
    }

    /// The theme's files in the handbook win over those of the look.
    fn theme(&self, folder: &str, settings: &mut BTreeMap<FilePath, Source>) -> Theme {
        let mut templates = BTreeMap::new();
        if self.look == Look::Plain {
            templates.insert("page.html".to_owned(), PLAIN.to_owned());
        }
        for (file, bytes) in &self.files {
            if let Some(name) = file.strip_prefix(&format!("{folder}/templates/")) {
                templates.insert(name.to_owned(), normal(bytes));
            }
        }
        let _ = settings;
        todo_theme(templates)
    }
}

/// Builds one set of inputs.
pub fn build(engine: &mut Engine, inputs: &Inputs) -> Built {
    let sink = Memory::default();
    let build = engine.build(inputs, &sink).expect("memory takes every output");
    let short = Vec::new();
    Built { diagnostics: short, build, outputs: sink.0.into_inner().expect("no test panics while it holds the lock") }
}

/// Text as the loader gives it: without a byte-order mark, line ends as `\n`.
fn normal(bytes: &[u8]) -> String {
    let text = std::str::from_utf8(bytes).expect("other encodings need `source: disk`");
    text.trim_start_matches('\u{FEFF}').replace("\r\n", "\n").replace('\r', "\n")
}

fn is_text(file: &str) -> bool {
    ![".png", ".jpg", ".svg", ".pdf", ".html", ".js", ".zip"].iter().any(|end| file.ends_with(end))
}

fn asset(file: FilePath, bytes: &[u8]) -> Asset {
    let location = std::path::Path::new("/nowhere").join(file.as_str());
    Asset { file, location, digest: Digest::of(&[bytes]), size: None }
}
