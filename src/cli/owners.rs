//! `opsbook owners`. Lists pages by owner, and writes owners into `CODEOWNERS`.
//!
//! Owns which file is written, and what is printed. `codeowners` knows the file, `report::owners` the list. The list is
//! for authors, who see all sources: it names hidden pages and drafts, too.

#![expect(clippy::disallowed_methods, reason = "reads the file that it changes")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use jiff::civil::Date;

use crate::codeowners::{self, OwnedPath, OwnersSyntax, PLACES, change_block, is_writable};
use crate::diagnostic::nearest;
use crate::input::owners::{in_folder, repository_of};
use crate::input::text_edits::{self, TextEdit, apply, apply_to_bytes};
use crate::input::{Drafts, Failure, Inputs, Loader, Options, Preview, cache};
use crate::memo::Retention;
use crate::moves::{FileChange, for_audience, patch};
use crate::path::FilePath;
use crate::pipeline::Engine;
use crate::report::owners::{OwnersListing, of_front_matter};
use crate::report::{self, counted};
use crate::site::{FolderRole, Site};
use crate::source::position;
use crate::visibility::Audience;

use super::Outcome;
use super::creation;
use super::file_changes::{FileChanges, Rewrite};
use super::relative_paths::{from_here, in_repository};
use super::shared_args::RootArgs;
use super::terminal::{OutputStream, Terminal};

/// List pages by owner, and those without one
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  opsbook owners
  opsbook owners --owner \"Platform operations\"
  opsbook owners --json > owners.json
  opsbook owners --write .github/CODEOWNERS --dry-run

The owner of a page is `owner` in its front matter, else what CODEOWNERS says,
by the rules of GitHub or GitLab. People and teams with several spellings are
listed in data/people.yaml.

--write puts one line for each page with an owner in its front matter into a
block between two marks. The rest of the file stays as it is.")]
pub struct OwnersArgs {
    /// Only pages of this owner; repeatable
    #[arg(long = "owner", value_name = "NAME")]
    pub names: Vec<String>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
    /// Write the owners of front matter into this file
    #[arg(long, value_name = "FILE", conflicts_with_all = ["names", "json"])]
    pub write: Option<PathBuf>,
    /// Print what --write changes as a patch, and write nothing
    #[arg(long, requires = "write")]
    pub dry_run: bool,
    #[command(flatten)]
    pub root: RootArgs,
}

pub(super) fn run(args: &OwnersArgs, terminal: &Terminal) -> Result<Outcome, Failure> {
    let inputs = load(args.root.find()?, None)?;
    let authors = Audience::authors(&inputs.config.visibility.levels);
    if let Some(file) = inputs.owners.iter().find(|file| !file.owners.problems.is_empty()) {
        let lookup = |path: &FilePath| (*path == file.source.path).then_some(&file.source);
        terminal.print(OutputStream::Error, &report::short::render(&file.owners.problems, &lookup));
    }
    if let Some(target) = &args.write {
        return with_site(&inputs, authors, |site| {
            OwnersWriter { site, inputs: &inputs, args, terminal }.write(target)
        });
    }
    let list = with_site(&inputs, authors, |site| {
        let mut listing = OwnersListing::new(site, &|file| inputs.code_owners(file));
        if !args.names.is_empty() {
            keep(&mut listing, site, &args.names)?;
        }
        Ok(listing)
    })?;
    let look = terminal.look(OutputStream::Out);
    terminal.print(OutputStream::Out, &if args.json { list.json() } else { list.text(look.colour) });
    Ok(Outcome::Success)
}

/// Reads the handbook, with drafts.
pub(super) fn load(root: PathBuf, today: Option<Date>) -> Result<Inputs, Failure> {
    let options = Options {
        root,
        out: None,
        base_url: None,
        preview: Preview::No,
        drafts: Drafts::Include,
        audience: None,
        today,
    };
    Loader::without_history(options).load()
}

/// Assembles the handbook as an audience sees it, with drafts.
pub(super) fn with_site<R>(inputs: &Inputs, audience: Audience, read: impl FnOnce(&Site) -> R) -> R {
    let mut engine = Engine::with_caches(Retention::Nothing, cache::load_for_checks(&inputs.root));
    engine.assemble(&for_audience(inputs, audience, Drafts::Include), read)
}

/// Keeps the owners with these names.
///
/// # Errors
/// No page has such an owner.
fn keep(listing: &mut OwnersListing, site: &Site, names: &[String]) -> Result<(), Failure> {
    let people = &site.registers.people;
    for name in names {
        if !listing.names().any(|known| people.is_same(known, name)) {
            let near = nearest(name, listing.names()).map(|near| format!("Did you mean `{near}`?"));
            let help = near.unwrap_or_else(|| "`opsbook owners` lists all of them.".to_owned());
            return Err(Failure::new(format!("no page has the owner `{name}`"), help));
        }
    }
    listing.keep(|known| names.iter().any(|name| people.is_same(known, name)));
    Ok(())
}

/// Writes the owners of pages into a file.
struct OwnersWriter<'a> {
    site: &'a Site,
    inputs: &'a Inputs,
    args: &'a OwnersArgs,
    terminal: &'a Terminal,
}

impl OwnersWriter<'_> {
    fn write(&self, target: &Path) -> Result<Outcome, Failure> {
        let place = std::path::absolute(target).map_err(|error| Failure::io(target, &error))?;
        // First, so that nothing is said of a file elsewhere.
        let name = self.name_in_repository(&place)?;
        let bytes = match fs::read(&place) {
            Ok(bytes) => Some(bytes),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(error) => return Err(Failure::io(&place, &error)),
        };
        let text = bytes.clone().map_or(Some(String::new()), text_edits::normalised).ok_or_else(|| {
            let message = format!("`{}` is not UTF-8", target.display());
            Failure::new(message, "Save it as UTF-8, or name another file.")
        })?;
        let forge_url = self.inputs.config.repository.as_ref().map(|repository| repository.url.as_str());
        let syntax = OwnersSyntax::of_file(name.as_str(), &text, forge_url);
        let paths = self.paths(syntax);
        let change = change_block(&text, &paths, syntax).map_err(|refusal| {
            let at = position(&text, refusal.at);
            let message = format!("{}:{}:{}: {}", target.display(), at.line, at.column, refusal.message);
            Failure::new(
                message,
                "Delete the marks `# opsbook: begin` and `# opsbook: end` with what is between them.",
            )
        })?;
        let lines = counted(paths.len(), "page");
        let Some(change) = change else {
            self.terminal.note(&format!("{} is up to date: {lines}", from_here(&place).display()));
            return Ok(Outcome::Success);
        };
        let edits = [TextEdit { range: change.range, text: change.text }];
        if self.args.dry_run {
            let before = bytes.is_some().then_some(&name);
            let change = FileChange { before, after: &name, text: &text, edits: &edits };
            self.terminal.print(OutputStream::Out, &patch(&change));
            return Ok(Outcome::Success);
        }
        match bytes {
            None => creation::create(&place, &apply(&text, &edits))?,
            Some(bytes) => {
                let bytes = apply_to_bytes(&bytes, &text, &edits).expect("the text is that of the bytes");
                let rewrites = vec![Rewrite { path: place.clone(), bytes }];
                FileChanges { rewrites, ..FileChanges::default() }.apply()?;
            }
        }
        self.terminal.note(&format!("wrote {lines} to {}", from_here(&place).display()));
        Ok(Outcome::Success)
    }

    /// The path from the root of the repository.
    ///
    /// # Errors
    /// The file is elsewhere, where no forge reads it.
    fn name_in_repository(&self, place: &Path) -> Result<FilePath, Failure> {
        let repository = repository_of(&self.inputs.root);
        let real = match place.canonicalize() {
            Ok(real) => Some(real),
            Err(_) => {
                let folder = place.parent().and_then(|parent| parent.canonicalize().ok());
                folder.zip(place.file_name()).map(|(folder, name)| folder.join(name))
            }
        };
        if place.file_name().is_none_or(|name| name != "CODEOWNERS") {
            let message = format!("`{}` is not called `CODEOWNERS`, so no forge reads it", place.display());
            return Err(Failure::new(
                message,
                format!("Name the file of your forge, such as `{}`.", PLACES[0]),
            ));
        }
        let inside = real.as_deref().unwrap_or(place).strip_prefix(repository).ok();
        inside.and_then(|path| FilePath::new(path.to_str()?)).ok_or_else(|| {
            let message = format!(
                "`{}` is not in the repository of the handbook, `{}`",
                place.display(),
                repository.display()
            );
            Failure::new(message, format!("Name a file in it, such as `{}`.", PLACES[0]))
        })
    }

    /// The pages with owners that a forge knows. Says which owners it does not know.
    fn paths(&self, syntax: OwnersSyntax) -> Vec<OwnedPath> {
        let people = &self.site.registers.people;
        let folder = in_repository(&self.inputs.root);
        let mut unknown: BTreeMap<&str, usize> = BTreeMap::new();
        let mut paths = Vec::new();
        for (_, page) in self.site.ids().filter(|(_, page)| page.section != FolderRole::Listing) {
            let mut owners: Vec<String> = Vec::new();
            for spelling in of_front_matter(&page.page.front) {
                let handles = people.handles(spelling);
                let known = handles.into_iter().filter(|handle| codeowners::is_owner(handle, syntax));
                let before = owners.len();
                owners.extend(known.map(str::to_owned));
                if owners.len() == before {
                    *unknown.entry(people.name(spelling)).or_default() += 1;
                }
            }
            owners.dedup();
            let path = in_folder(&folder, &page.page.file);
            if owners.is_empty() {
                continue;
            }
            if is_writable(&path, syntax) {
                paths.push(OwnedPath { path, owners });
            } else {
                let path = path.escape_debug();
                self.terminal
                    .note(&format!("`{path}` is left out: the forge would read its line in another way"));
            }
        }
        paths.sort_by(|one, other| one.path.cmp(&other.path));
        let list = format!("{}/people.yaml", self.inputs.config.data);
        for (name, pages) in unknown {
            let pages = counted(pages, "page");
            self.terminal.note(&format!("`{name}` ({pages}) has no handle of the forge: add it to {list}"));
        }
        paths
    }
}
