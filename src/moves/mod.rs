//! Changes of texts that are checked before they are written: moves of pages and folders, and fixes of problems.
//!
//! `fixes` has the fixes. The rest is about moves. Owns [`MovePlanner`]: from a handbook and new paths to the edits that
//! keep every address, checked on the result in memory. Writes nothing. The steps:
//!
//! 1. `renames`: what moves, and what is refused at once;
//! 2. `handbook_state`: every address with the file that it names, read from the sources with all hidden parts;
//! 3. the same handbook with new paths: `spelling` finds another text for each address that no longer leads to its
//!    file, `aliases` keeps old URLs, `settings`, `rule_files` and `codeowners` follow what is not a page;
//! 4. the same handbook with the edits: all addresses must name the same files as before, who may see what must be the
//!    same, and a check must find no new problems.

mod aliases;
mod changed_inputs;
mod check_engines;
pub mod codeowners;
mod fixes;
mod handbook_state;
mod mentions;
mod patch;
mod renames;
mod rule_files;
mod settings;
mod spelling;
mod text_addresses;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use crate::check::ProblemChanges;
use crate::diagnostic::Diagnostic;
use crate::input::cache::FragmentCaches;
use crate::input::text_edits::{TextEdit, apply};
use crate::input::{Drafts, Failure, Inputs};
use crate::page::visibility::Access;
use crate::path::{FilePath, UrlPath, decode};
use crate::renames::{Rename, Renames};
use crate::site::{AddressBase, AddressBook, ReadAddress};
use crate::source::{Source, Span};
use crate::visibility::{Audience, Levels};

pub use changed_inputs::for_audience;
pub use check_engines::{CheckEngines, checked_audiences};
pub use fixes::{CheckedInputs, FixPlan, FixPlanner};
pub use mentions::StalePlace;
pub use patch::{FileChange, patch};
pub use spelling::yaml_scalar;
pub use text_addresses::{AddressPlace, AddressReader, Meaning, TextAddress};

use aliases::AliasChange;
use changed_inputs::InputChange;
use handbook_state::HandbookState;
use mentions::MovedNames;
use spelling::{RelativePath, Respelling, url_folder};

/// What is to be moved.
#[derive(Debug, Clone)]
pub struct MoveRequest {
    /// Files and folders, from the handbook's root, with their new paths.
    pub paths: Vec<Rename>,
    pub access: AccessPolicy,
    /// Files that no commit has. Their addresses were never published, so they become no aliases.
    pub uncommitted: BTreeSet<FilePath>,
}

/// Whether a move may change who sees a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccessPolicy {
    Keep,
    Change,
}

/// A move that is computed and checked.
#[derive(Debug)]
pub struct Move {
    pub renames: Renames,
    /// The edits of each text, by its old path. They are sorted and do not overlap.
    pub edits: BTreeMap<FilePath, Vec<TextEdit>>,
    /// The number of addresses that are written anew.
    pub links: usize,
    /// The number of pages that get an alias.
    pub aliases: usize,
    /// Files that other people see afterwards.
    pub access: Vec<AccessChange>,
    /// What the author should look at.
    pub mentions: Vec<StalePlace>,
    /// Addresses of generated pages that have no file for an alias.
    pub lost_listings: Vec<UrlPath>,
}

/// A file that other people see after a move.
#[derive(Debug)]
pub struct AccessChange {
    /// At its new path.
    pub file: FilePath,
    pub before: Access,
    pub after: Access,
}

/// Why a move is not done.
#[derive(Debug)]
pub enum MoveRefusal {
    Impossible(Failure),
    /// The handbook would have these problems, in the texts of these inputs.
    Problems {
        problems: Vec<Diagnostic>,
        after: Box<Inputs>,
    },
}

impl From<Failure> for MoveRefusal {
    fn from(failure: Failure) -> MoveRefusal {
        MoveRefusal::Impossible(failure)
    }
}

/// Plans moves, and reuses what it has parsed.
pub struct MovePlanner {
    pub engines: CheckEngines,
}

/// The edits of a move, as they are collected.
#[derive(Default)]
struct MoveEdits {
    by_file: BTreeMap<FilePath, Vec<TextEdit>>,
    links: usize,
    aliases: usize,
    mentions: Vec<StalePlace>,
    urls: Vec<(UrlPath, UrlPath)>,
}

impl MovePlanner {
    /// A planner that uses what earlier runs have highlighted and drawn.
    pub fn new(caches: Arc<FragmentCaches>) -> MovePlanner {
        MovePlanner { engines: CheckEngines::new(caches) }
    }

    /// Computes the edits of a move and checks the result.
    ///
    /// # Errors
    /// The move is impossible, would change who sees something, or would add a problem.
    pub fn plan(&mut self, inputs: &Inputs, request: &MoveRequest) -> Result<Move, MoveRefusal> {
        let renames = renames::renames(inputs, request)?;
        let authors = Audience::authors(&inputs.config.visibility.levels);
        let written = for_audience(inputs, authors, Drafts::Include);
        let before = self.engines.authors.survey(&written, |survey| HandbookState::read(survey, &written));
        let mut edits = MoveEdits::default();
        let book = FilePath::of_settings();
        if let Some(source) = written.settings.get(&book) {
            edits.add(&book, settings::path_edits(&source.text, &written.config.content, &renames));
        }
        // With old texts at new paths it shows which addresses still lead to their files.
        let renamed =
            InputChange { renames: Some(&renames), texts: Some(&edits.texts(&written)?) }.apply(&written);
        self.engines.authors.survey(&renamed, |survey| {
            let after = AddressReader { book: &survey.addresses, inputs: &renamed };
            let step = MoveStep { before: &before, after, renames: &renames };
            edits.collect(&step, &written, &request.uncommitted)
        })?;
        let texts = edits.texts(&written)?;
        let change = InputChange { renames: Some(&renames), texts: Some(&texts) };
        let edited = change.apply(&written);
        let after = self.engines.authors.survey(&edited, |survey| HandbookState::read(survey, &edited));
        let access = access_changes(&before, &after, &renames);
        if request.access == AccessPolicy::Keep && !access.is_empty() {
            return Err(access_refusal(&access, &inputs.config.visibility.levels).into());
        }
        let result = change.apply(inputs);
        let mut problems = before.led_astray(&after, &renames);
        problems.extend(self.new_problems(inputs, &result, &renames));
        if !problems.is_empty() {
            return Err(MoveRefusal::Problems { problems, after: Box::new(edited) });
        }
        let lost = |url: &UrlPath| {
            after.page_at(url.as_str()).is_none() && !after.listings.values().any(|u| u == url)
        };
        let lost_listings = before.listings.values().filter(|url| lost(url)).cloned().collect();
        let MoveEdits { by_file, links, aliases, mut mentions, urls } = edits;
        let edited_ranges = |file: &FilePath| -> Vec<Range<usize>> {
            let edits = by_file.get(file).into_iter().flatten();
            edits.map(|edit| edit.range.clone()).collect()
        };
        mentions.extend(MovedNames { renames: &renames, urls: &urls }.mentions(&written, edited_ranges));
        Ok(Move { renames, edits: by_file, links, aliases, access, mentions, lost_listings })
    }

    /// The problems that a check finds after the move and not before, for the audiences of `opsbook check`.
    fn new_problems(&mut self, before: &Inputs, after: &Inputs, renames: &Renames) -> Vec<Diagnostic> {
        let mut new = Vec::new();
        for audience in checked_audiences(&before.config.visibility) {
            let engine = self.engines.for_audience(audience);
            let mut check =
                |inputs: &Inputs| engine.check(&for_audience(inputs, audience, inputs.drafts)).diagnostics;
            let (before, after) = (check(before), check(after));
            new.extend(ProblemChanges::between(&before, &after, renames).surplus(&before, &after, renames));
        }
        new
    }
}

impl MoveEdits {
    fn add(&mut self, file: &FilePath, edits: Vec<TextEdit>) {
        if !edits.is_empty() {
            let all = self.by_file.entry(file.clone()).or_default();
            all.extend(edits);
            all.sort_by_key(|edit| (edit.range.start, edit.range.end));
            all.dedup();
        }
    }

    /// The edited texts, by their old paths.
    ///
    /// # Errors
    /// Two edits change the same bytes.
    fn texts(&self, inputs: &Inputs) -> Result<BTreeMap<FilePath, String>, Failure> {
        let mut texts = BTreeMap::new();
        for (file, edits) in &self.by_file {
            let source = source_of(inputs, file);
            if edits.windows(2).any(|pair| pair[0].range.end > pair[1].range.start) {
                let message = format!("two parts of the move change the same text of `{file}`");
                return Err(Failure::new(message, "Report this as a defect of Opsbook, with the file."));
            }
            texts.insert(file.clone(), apply(&source.text, edits));
        }
        Ok(texts)
    }

    /// Collects the edits of all texts.
    fn collect(
        &mut self,
        step: &MoveStep<'_>,
        written: &Inputs,
        uncommitted: &BTreeSet<FilePath>,
    ) -> Result<(), Failure> {
        let MoveStep { before, after, renames } = *step;
        for (file, addresses) in &before.addresses {
            for (address, meaning) in addresses {
                if let Some(meaning) = meaning {
                    let source = source_of(written, file);
                    self.address(&KnownAddress { source, address, meaning }, step);
                }
            }
        }
        let new_url = |file: &FilePath| after.book.url(&renames.after(file)).cloned();
        for (file, old) in &before.urls {
            if let Some(new) = new_url(file).filter(|new| new != old) {
                let add = Some(old).filter(|_| !uncommitted.contains(file));
                self.alias(source_of(written, file), add, &new, after.book)?;
                self.urls.push((old.clone(), new));
            }
        }
        let moved = |path: &str| {
            let file = before.page_at(path)?;
            new_url(file).filter(|new| before.urls.get(file) != Some(new))
        };
        for source in written.data.values() {
            self.add(&source.path, rule_files::edits(source, written, moved));
        }
        let book = FilePath::of_settings();
        if let Some(source) = written.settings.get(&book) {
            let section = |name: &str| {
                let url = settings::section_url(name);
                let listing = || before.listings.iter().find(|(_, listed)| listed.as_str() == url);
                let old = before.page_at(&url).or_else(|| listing().map(|(file, _)| file))?;
                let new = new_url(old).filter(|new| new.as_str() != url)?;
                Some(new.as_str().trim_end_matches('/').to_owned())
            };
            self.add(&book, settings::section_edits(&source.text, section));
        }
        Ok(())
    }

    /// Adds the edit of one address, if it needs one.
    fn address(&mut self, known: &KnownAddress<'_>, step: &MoveStep<'_>) {
        let KnownAddress { source, address, meaning } = *known;
        let MoveStep { after, renames, .. } = *step;
        let content = after.inputs.config.content.as_str();
        let file = renames.after(&source.path);
        let shown_by = address.shown_by.as_ref().map(|page| renames.after(page));
        let target = renames.after(meaning.file());
        let moved = TextAddress { shown_by: shown_by.clone(), ..address.clone() };
        let spelled = |in_file| file_as_spelled(meaning, &address.destination, in_file, content);
        // The old address of the page may still lead there, but readers of the sources look for the file.
        let is_stale = spelled(&source.path).as_ref() == Some(meaning.file())
            && spelled(&file).as_ref() != Some(&target);
        if after.read(&file, &moved).is_some_and(|now| is_same(&now, meaning, &target))
            && !step.changes_climb(known, &file, shown_by.as_ref())
            && !is_stale
        {
            return;
        }
        let respelling = Respelling {
            address,
            written: &source.text[address.range.clone()],
            meaning,
            old_base: step.old_base(known),
            file: &file,
            shown_by: shown_by.as_ref(),
            target: &target,
        };
        match respelling.find(after) {
            Some(text) if text == respelling.written => {}
            Some(text) => {
                self.links += 1;
                self.add(&source.path, vec![TextEdit { range: address.range.clone(), text }]);
            }
            None => {
                let span = Span::new(&source.path, address.range.clone());
                self.mentions.push(StalePlace { span, what: format!("should name `{target}`") });
            }
        }
    }

    /// Keeps the old URL of a page, if it has one to keep, and removes the new one from its aliases.
    ///
    /// # Errors
    /// The front matter cannot be edited.
    fn alias(
        &mut self,
        source: &Source,
        old: Option<&UrlPath>,
        new: &UrlPath,
        after: &AddressBook<'_>,
    ) -> Result<(), Failure> {
        let add = old.map(UrlPath::as_str).filter(|old| !after.has_address(old));
        let form = after.page_addresses();
        let edits = AliasChange { add, own: new.as_str(), form }.edits(&source.text).map_err(|why| {
            let message = format!("`{}` cannot get its old address as an alias: {why}", source.path);
            let list = add.map_or(String::new(), |old| format!(", with `aliases: [/{old}]`"));
            let help = format!("Write front matter as YAML between two lines `---`{list}.");
            Failure::new(message, help)
        })?;
        self.aliases += usize::from(add.is_some());
        self.add(&source.path, edits);
        Ok(())
    }
}

/// An address in a text, and what it named before the move.
struct KnownAddress<'a> {
    source: &'a Source,
    address: &'a TextAddress,
    meaning: &'a Meaning,
}

/// The handbook before a move, and with new paths and old texts.
#[derive(Clone, Copy)]
struct MoveStep<'a> {
    before: &'a HandbookState,
    after: AddressReader<'a>,
    renames: &'a Renames,
}

impl MoveStep<'_> {
    /// The folder that a relative address was relative to before the move; `None` for other addresses.
    fn old_base(&self, known: &KnownAddress<'_>) -> Option<String> {
        let url = || self.before.urls.get(known.address.shown_by.as_ref()?);
        self.base(known.meaning, &known.source.path, url)
    }

    fn base<'u>(
        &self,
        meaning: &Meaning,
        file: &FilePath,
        url: impl Fn() -> Option<&'u UrlPath>,
    ) -> Option<String> {
        let Meaning::Path(ReadAddress { base, .. }) = meaning else { return None };
        match base {
            AddressBase::File => Some(file.folder().to_owned()),
            AddressBase::Url => Some(url_folder(&self.after.inputs.config.content, url()?)),
            AddressBase::Root | AddressBase::Content => None,
        }
    }

    /// Whether a relative path climbs further than it must from its old folder, and not from its new one, or the other way
    /// round. It is written anew, so that moving the file back restores it.
    fn changes_climb(&self, known: &KnownAddress<'_>, file: &FilePath, shown_by: Option<&FilePath>) -> bool {
        let new = self.base(known.meaning, file, || self.after.book.url(shown_by?));
        let Meaning::Path(read) = known.meaning else { return false };
        let climb = |base: Option<String>| {
            RelativePath::parse(&base?, &known.address.destination, read.form).map(|path| path.climb)
        };
        climb(self.old_base(known)) != climb(new)
    }
}

/// The file with exactly the path that an address spells; `None` for URLs.
fn file_as_spelled(meaning: &Meaning, destination: &str, file: &FilePath, content: &str) -> Option<FilePath> {
    let Meaning::Path(read) = meaning else { return None };
    let path = decode(destination.split(['#', '?']).next().unwrap_or(destination)).into_owned();
    match read.base {
        AddressBase::Root | AddressBase::Content => {
            FilePath::in_folder(content, path.trim_start_matches('/'))
        }
        AddressBase::File => file.join(&path),
        AddressBase::Url => None,
    }
}

/// Whether an address still names its file, and by the same type of path.
fn is_same(now: &Meaning, before: &Meaning, target: &FilePath) -> bool {
    match (now, before) {
        (Meaning::Path(now), Meaning::Path(before)) => now.file == *target && now.base == before.base,
        (Meaning::SiteUrl(file), Meaning::SiteUrl(_)) => file == target,
        _ => false,
    }
}

/// The text of a file: a page or another text of the content, settings or data.
pub fn source_of<'a>(inputs: &'a Inputs, file: &FilePath) -> &'a Source {
    text_of(inputs, file).expect("edits concern texts of the handbook")
}

/// The same, if there is such a file.
fn text_of<'a>(inputs: &'a Inputs, file: &FilePath) -> Option<&'a Source> {
    inputs.sources.get(file).or_else(|| inputs.settings.get(file)).or_else(|| inputs.data.get(file))
}

fn access_changes(before: &HandbookState, after: &HandbookState, renames: &Renames) -> Vec<AccessChange> {
    let mut changes = Vec::new();
    for (file, old) in &before.access {
        let file = renames.after(file);
        if let Some(new) = after.access.get(&file).filter(|new| *new != old) {
            changes.push(AccessChange { file, before: old.clone(), after: new.clone() });
        }
    }
    changes
}

/// The change in words: `internal → public`.
pub fn access_in_words(change: &AccessChange, levels: &Levels) -> String {
    let words = |access: &Access| {
        let mut words = levels.name(access.level).to_owned();
        if access.clearance != Default::default() {
            words.push_str(", not cleared");
        }
        if let Some(embargo) = &access.embargo {
            words.push_str(&format!(", not before {}", embargo.written));
        }
        words
    };
    format!("{} → {}", words(&change.before), words(&change.after))
}

fn access_refusal(changes: &[AccessChange], levels: &Levels) -> Failure {
    let shown = changes.iter().take(5);
    let shown: Vec<String> =
        shown.map(|change| format!("`{}` ({})", change.file, access_in_words(change, levels))).collect();
    let more = match changes.len() - shown.len() {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let message = format!("the move would change who may see {}{more}", shown.join(", "));
    Failure::new(message, "Declare `visibility` in the pages first, or allow it: `--change-visibility`.")
}
