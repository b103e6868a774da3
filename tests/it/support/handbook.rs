//! Handbooks as values: files in, a built site out, nothing on disk.
//!
//! Owns [`Handbook`] and [`Built`]. Makes the engine's inputs of texts the way the loader makes them of
//! files; knows no case format and no test.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use opsbook::asset::Asset;
use opsbook::build_target::BuildTarget;
use opsbook::codeowners::{CodeOwners, OwnersSyntax};
use opsbook::config::{self, Config};
use opsbook::diagnostic::Diagnostic;
use opsbook::input::{Drafts, Inputs, Preview, file_types};
use opsbook::kinds::Kinds;
use opsbook::memo::{Digest, Retention};
use opsbook::output::{Output, Sink};
use opsbook::path::FilePath;
use opsbook::pipeline::{Build, Engine};
use opsbook::registers::FieldRegisters;
use opsbook::report::short;
use opsbook::source::Source;
use opsbook::theme::{self, Theme};

/// Files of a handbook by their path from the root.
#[derive(Debug, Clone, Default)]
pub struct Handbook {
    pub files: BTreeMap<String, Vec<u8>>,
    pub look: Look,
    /// The day of the build; the beginning of time unless a test says otherwise.
    pub today: jiff::civil::Date,
}

/// Which theme the pages are shown in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Look {
    /// The body in a main element, then the view as plain lines.
    #[default]
    Plain,
    /// The theme that comes with Opsbook.
    BuiltIn,
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
        let bytes = match output.body.bytes() {
            Ok(bytes) => bytes.to_vec(),
            Err(file) => format!("the file {}", file.location.display()).into_bytes(),
        };
        let mut outputs = self.0.lock().expect("no test panics while it holds the lock");
        let twice = outputs.insert(output.path.clone(), bytes);
        assert!(twice.is_none(), "{} was put twice", output.path);
        Ok(())
    }
}

impl Handbook {
    /// Builds with an engine that remembers nothing.
    pub fn build(&self) -> Built {
        build(&mut Engine::new(Retention::Nothing), &self.inputs())
    }

    /// What the loader would read from disk.
    pub fn inputs(&self) -> Inputs {
        let settings = self.files.get("book.toml").map(|bytes| Source::new(path("book.toml"), normal(bytes)));
        let parsed = settings.as_ref().map(config::parse);
        let (config, mut diagnostics) = parsed.unwrap_or((Config::default(), Vec::new()));
        let files = self.files.iter().map(|(file, bytes)| (path(file), bytes));
        let content: Vec<_> = files.filter(|(file, _)| file.beneath(&config.content).is_some()).collect();
        let types = &config.asset_types;
        let is_text = |file: &FilePath| file_types::is_text(file) || types.form_of(file).is_some();
        let is_asset = |file: &FilePath| types.may_publish(file);
        let other = |file: &FilePath| !is_text(file) && !is_asset(file);
        let asset = |file: &FilePath, bytes: &[u8]| Asset { form: types.form_of(file), ..asset(file, bytes) };
        let beside = |folder: &str| -> BTreeMap<FilePath, Source> {
            let files = self.files.iter().map(|(file, bytes)| (path(file), bytes));
            let inside =
                files.filter(|(file, _)| file.beneath(folder).is_some() && file_types::is_text(file));
            inside.map(|(file, bytes)| (file.clone(), source(&file, bytes))).collect()
        };
        let (definitions, mut data) = (beside(&config.kinds), beside(&config.data));
        data.retain(|file, _| file_types::is_data(file, &config.content));
        let own_kinds: Vec<_> = definitions.values().cloned().collect();
        let (kinds, wrong) = Kinds::with(&own_kinds, config.optional_kinds());
        let own_registers = beside(&config.registers.folder);
        let (field_registers, wrong_registers) =
            FieldRegisters::with(&own_registers.values().cloned().collect::<Vec<_>>(), &kinds);
        diagnostics.extend(wrong_registers);
        let (theme, unused) = self.theme(&config, &kinds);
        diagnostics.extend(unused.into_iter().chain(wrong));
        let owners = self.files.get("CODEOWNERS").map(|bytes| source(&path("CODEOWNERS"), bytes));
        if let Some(owners) = &owners {
            let syntax = OwnersSyntax::of_file("CODEOWNERS", &owners.text, None);
            diagnostics.extend(CodeOwners::parse(owners, syntax).problems);
        }
        let templates = theme.templates.values().chain(&theme.texts).cloned().collect::<Vec<_>>();
        let beside =
            definitions.into_values().chain(own_registers.into_values()).chain(data.values().cloned());
        let files = self.files.iter().map(|(file, bytes)| (path(file), bytes));
        let static_files = files.filter(|(file, _)| file.beneath(&config.static_folder).is_some());
        Inputs {
            root: PathBuf::from("/nowhere"),
            out: PathBuf::from("/nowhere/public"),
            preview: Preview::No,
            target: BuildTarget::Site,
            drafts: Drafts::Leave,
            sources: content
                .iter()
                .filter(|(file, _)| is_text(file))
                .map(|(file, bytes)| (file.clone(), source(file, bytes)))
                .collect(),
            assets: content
                .iter()
                .filter(|(file, _)| is_asset(file))
                .map(|(file, bytes)| (file.clone(), asset(file, bytes)))
                .collect(),
            static_files: static_files.map(|(file, bytes)| (file.clone(), asset(&file, bytes))).collect(),
            links: BTreeMap::new(),
            others: content.iter().filter(|(file, _)| other(file)).map(|(file, _)| file.clone()).collect(),
            history: Arc::default(),
            missing_history: Default::default(),
            owners: None,
            settings: templates
                .into_iter()
                .chain(beside)
                .chain(settings)
                .chain(owners)
                .map(|source| (source.path.clone(), source))
                .collect(),
            config: Arc::new(config),
            kinds,
            field_registers,
            data,
            today: self.today,
            now: opsbook::input::clock::beginning(self.today),
            theme,
            diagnostics,
        }
    }

    /// The look under the handbook's own theme files.
    fn theme(&self, config: &Config, kinds: &Kinds) -> (Theme, Vec<Diagnostic>) {
        let folder = &config.theme;
        let plain = ["page.html", "home.html", "register.html", "term.html", "terms.html"];
        let look = match self.look {
            Look::Plain => &plain[..],
            Look::BuiltIn => &[],
        };
        let plain: Arc<[u8]> = include_bytes!("plain.html").as_slice().into();
        let look = look.iter().map(|name| (path(&format!("{folder}/templates/{name}")), plain.clone()));
        let own = self.files.iter().map(|(file, bytes)| (path(file), bytes.as_slice().into()));
        theme::overridden(folder, &look.chain(own).collect::<Vec<_>>(), kinds, &config.brand)
    }
}

/// Builds one set of inputs.
pub fn build(engine: &mut Engine, inputs: &Inputs) -> Built {
    let sink = Memory::default();
    let build = engine.build(inputs, &sink).expect("memory takes every output");
    let lookup = |file: &FilePath| inputs.sources.get(file).or_else(|| inputs.settings.get(file));
    let diagnostics = short::render(&build.diagnostics, &lookup).lines().map(str::to_owned).collect();
    let outputs = sink.0.into_inner().expect("no test panics while it holds the lock");
    Built { build, outputs, diagnostics }
}

fn path(text: &str) -> FilePath {
    FilePath::new(text).expect("a test names files beneath the root")
}

/// A text file as the loader gives it.
pub fn source(file: &FilePath, bytes: &[u8]) -> Source {
    Source::new(file.clone(), normal(bytes))
}

/// Text as the loader gives it: without a byte-order mark, line ends as `\n`.
fn normal(bytes: &[u8]) -> String {
    let text = std::str::from_utf8(bytes).expect("other encodings need `from: disk`");
    text.trim_start_matches('\u{FEFF}').replace("\r\n", "\n").replace('\r', "\n")
}

fn asset(file: &FilePath, bytes: &[u8]) -> Asset {
    let (file, location) = (file.clone(), Path::new("/nowhere").join(file.as_str()));
    Asset {
        file,
        location,
        digest: Digest::from_parts(&[bytes]),
        length: bytes.len() as u64,
        size: None,
        problem: None,
        refusal: None,
        form: None,
    }
}
