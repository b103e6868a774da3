//! `opsbook mv`. Moves pages, files and folders of the content.
//!
//! Owns how paths on the command line are read, the files outside of the handbook that follow (`CODEOWNERS`), and what
//! is printed. `moves` computes and checks the move, `file_changes` writes it.

#![expect(clippy::disallowed_methods, reason = "reads the files that it changes")]

use std::fs;
use std::path::{Path, PathBuf};

use crate::codeowners::PLACES;
use crate::config::Config;
use crate::input::text_edits::{self, TextEdit};
use crate::input::{Drafts, Failure, Inputs, Loader, Options, Preview, cache, git};
use crate::moves::{
    self, AccessPolicy, FileChange, Move, MovePlanner, MoveRefusal, MoveRequest, codeowners, patch, source_of,
};
use crate::path::FilePath;
use crate::renames::Rename;
use crate::report::{self, counted};
use crate::source::position;

use super::Outcome;
use super::file_changes::{FileChanges, Rewrite};
use super::relative_paths::{from_here, in_repository, within};
use super::shared_args::RootArgs;
use super::terminal::{OutputStream, Terminal};

/// The most places that are listed for an author to look at.
const MOST_MENTIONS: usize = 50;

/// The most new problems that are listed.
const MOST_PROBLEMS: usize = 50;

/// Move a page or a folder, with every link to it
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  opsbook mv content/disk.md content/runbooks/disk-full.md
  opsbook mv content/runbooks content/operations/runbooks
  opsbook mv content/disk.md content/runbooks/
                                Into a folder, under the same name
  opsbook mv content/a content/b --dry-run > move.patch

Links, includes, fields, settings, runbook_url in alert rules and CODEOWNERS
follow, in the spelling of their authors. The old address of each page becomes
an alias, unless the page is new and in no commit yet. Translations (disk.de.md)
move along. The result is checked first: if it had a new problem, nothing is
written. What cannot be changed safely, such as a path in a template, is listed.
No file is ever overwritten.")]
pub struct MvArgs {
    /// A page, another file or a folder of the content
    #[arg(value_name = "OLD")]
    pub old: PathBuf,
    /// Its new path; a folder if it ends with a slash
    #[arg(value_name = "NEW")]
    pub new: PathBuf,
    /// Print the changes as a patch, and write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Move even if other people see a file then
    #[arg(long)]
    pub change_visibility: bool,
    #[command(flatten)]
    pub root: RootArgs,
}

pub(super) fn run(args: &MvArgs, terminal: &Terminal) -> Result<Outcome, Failure> {
    let inputs = load(&args.root.find()?)?;
    let request = request(args, &inputs)?;
    let mut planner = MovePlanner::new(cache::load_for_checks(&inputs.root));
    let planned = match planner.plan(&inputs, &request) {
        Ok(planned) => planned,
        Err(MoveRefusal::Impossible(failure)) => return Err(failure),
        Err(MoveRefusal::Problems { problems, after }) => {
            let shown = &problems[..problems.len().min(MOST_PROBLEMS)];
            terminal.print(OutputStream::Out, &report::short::render(shown, &report::texts(&after)));
            let count = counted(problems.len(), "new problem");
            terminal.note(&format!("not moved: the handbook would have {count}"));
            return Ok(Outcome::Problems);
        }
    };
    let owners = owners(&inputs, &planned)?;
    if args.dry_run {
        terminal.print(OutputStream::Out, &whole_patch(&inputs, &planned, &owners));
    } else {
        changes(&inputs, &planned, &owners)?.apply()?;
    }
    say(&inputs, &planned, &owners, terminal);
    Ok(Outcome::Success)
}

fn load(root: &Path) -> Result<Inputs, Failure> {
    let options = Options {
        root: root.to_owned(),
        out: None,
        base_url: None,
        preview: Preview::No,
        drafts: Drafts::Leave,
        audience: None,
        today: None,
    };
    Loader::without_history(options).load()
}

/// What a path on the command line is relative to.
#[derive(Debug, Clone, Copy)]
enum PathBase {
    /// The working directory.
    Here,
    /// The handbook's folder.
    Root,
    Content,
}

impl PathBase {
    /// The path from the handbook's root.
    fn read(self, path: &Path, inputs: &Inputs) -> Option<FilePath> {
        match self {
            PathBase::Here => within(&inputs.root, path),
            PathBase::Root => FilePath::new(path.to_str()?),
            PathBase::Content => FilePath::in_folder(&inputs.config.content, path.to_str()?),
        }
    }

    /// The first base from which there is such a path in the content; the working directory if there is none.
    fn of(path: &Path, inputs: &Inputs) -> PathBase {
        let bases = [PathBase::Here, PathBase::Root, PathBase::Content];
        let found = bases.into_iter().find(|base| {
            base.read(path, inputs).is_some_and(|path| {
                is_content(&path, &inputs.config)
                    && inputs.root.join(path.as_str()).symlink_metadata().is_ok()
            })
        });
        found.unwrap_or(PathBase::Here)
    }
}

/// What the command line asks for. Both paths are read from the same base.
fn request(args: &MvArgs, inputs: &Inputs) -> Result<MoveRequest, Failure> {
    let base = PathBase::of(&args.old, inputs);
    let named = |path: &Path| {
        base.read(path, inputs).ok_or_else(|| {
            let message = format!("`{}` is not in the handbook", path.display());
            Failure::new(message, format!("Name a path in `{}`.", inputs.root.display()))
        })
    };
    let old = named(&args.old)?;
    let mut new = named(&args.new)?;
    if args.new.as_os_str().as_encoded_bytes().ends_with(b"/") {
        new = FilePath::in_folder(new.as_str(), old.name()).unwrap_or(new);
    }
    refuse_links(&new, inputs)?;
    let access = if args.change_visibility { AccessPolicy::Change } else { AccessPolicy::Keep };
    let uncommitted = git::uncommitted(&inputs.root, &inputs.config.content);
    Ok(MoveRequest { paths: vec![Rename { from: old, to: new }], access, uncommitted })
}

/// Refuses a path through a symbolic link, which can lead out of the handbook.
fn refuse_links(new: &FilePath, inputs: &Inputs) -> Result<(), Failure> {
    let mut folder = inputs.root.clone();
    for name in new.as_str().split('/') {
        folder.push(name);
        if folder.is_symlink() {
            let message = format!(
                "`{}` is a symbolic link, and nothing is written through it",
                from_here(&folder).display()
            );
            return Err(Failure::new(message, "Name the path of the folder that it leads to."));
        }
    }
    Ok(())
}

fn is_content(path: &FilePath, config: &Config) -> bool {
    path.as_str() == config.content || path.beneath(&config.content).is_some()
}

/// A file of the repository that names owners, with its edits.
struct OwnersFileEdits {
    path: PathBuf,
    /// From the root of the repository.
    name: FilePath,
    text: String,
    edits: Vec<TextEdit>,
}

fn owners(inputs: &Inputs, planned: &Move) -> Result<Vec<OwnersFileEdits>, Failure> {
    let folder = in_repository(&inputs.root);
    let levels = folder.split('/').filter(|name| !name.is_empty()).count();
    let repository = inputs.root.ancestors().nth(levels).unwrap_or(&inputs.root);
    let mut found = Vec::new();
    for name in PLACES {
        let path = repository.join(name);
        let Some(text) = fs::read(&path).ok().and_then(text_edits::normalised) else { continue };
        let edits = codeowners::edits(&text, &folder, &planned.renames);
        let name = FilePath::new(name).expect("the names are plain ones");
        if !edits.is_empty() {
            found.push(OwnersFileEdits { path, name, text, edits });
        }
    }
    Ok(found)
}

fn changes(inputs: &Inputs, planned: &Move, owners: &[OwnersFileEdits]) -> Result<FileChanges, Failure> {
    let place = |path: &FilePath| inputs.root.join(path.as_str());
    let renames = planned.renames.list.iter().map(|rename| (place(&rename.from), place(&rename.to)));
    let mut rewrites = Vec::new();
    for (file, edits) in &planned.edits {
        rewrites.push(Rewrite::of_edits(place(file), &source_of(inputs, file).text, edits)?);
    }
    for file in owners {
        rewrites.push(Rewrite::of_edits(file.path.clone(), &file.text, &file.edits)?);
    }
    Ok(FileChanges { renames: renames.collect(), rewrites, root: place_of_content(inputs) })
}

fn place_of_content(inputs: &Inputs) -> PathBuf {
    inputs.root.join(&inputs.config.content)
}

/// The patch of all files, with paths from the handbook's root; those of owners' files are from the repository's root.
fn whole_patch(inputs: &Inputs, planned: &Move, owners: &[OwnersFileEdits]) -> String {
    let mut text = String::new();
    let no_edits = Vec::new();
    for file in changed_files(inputs, planned) {
        let after = planned.renames.after(&file);
        let edits = planned.edits.get(&file).unwrap_or(&no_edits);
        let written = if edits.is_empty() { "" } else { &source_of(inputs, &file).text };
        text.push_str(&patch(&FileChange { before: Some(&file), after: &after, text: written, edits }));
    }
    for OwnersFileEdits { name, text: written, edits, .. } in owners {
        text.push_str(&patch(&FileChange { before: Some(name), after: name, text: written, edits }));
    }
    text
}

/// The files that move or change, by their old paths.
fn changed_files(inputs: &Inputs, planned: &Move) -> Vec<FilePath> {
    let texts = inputs.sources.keys().chain(inputs.data.keys()).chain(inputs.settings.keys());
    let all = texts.chain(inputs.assets.keys()).chain(&inputs.others);
    let mut files: Vec<FilePath> = all
        .filter(|file| planned.renames.moves(file) || planned.edits.contains_key(*file))
        .cloned()
        .collect();
    files.sort();
    files.dedup();
    files
}

fn say(inputs: &Inputs, planned: &Move, owners: &[OwnersFileEdits], terminal: &Terminal) {
    let levels = &inputs.config.visibility.levels;
    for rename in &planned.renames.list {
        terminal.note(&format!("{} → {}", rename.from, rename.to));
    }
    let moved = changed_files(inputs, planned).iter().filter(|file| planned.renames.moves(file)).count();
    let edited = planned.edits.len() + owners.len();
    terminal.note(&format!(
        "{} moved; {} rewritten in {}; {} added",
        counted(moved, "file"),
        counted_plural(planned.links, "address", "addresses"),
        counted(edited, "file"),
        counted_plural(planned.aliases, "alias", "aliases"),
    ));
    for change in &planned.access {
        terminal.note(&format!("visibility of {}: {}", change.file, moves::access_in_words(change, levels)));
    }
    for url in &planned.lost_listings {
        terminal.note(&format!("/{url} was the list of a folder without a page, and leads nowhere now"));
    }
    if planned.mentions.is_empty() {
        return;
    }
    terminal
        .note(&format!("{} to look at, which stay as they are:", counted(planned.mentions.len(), "place")));
    for mention in planned.mentions.iter().take(MOST_MENTIONS) {
        let text = &source_of(inputs, &mention.span.file).text;
        let at = position(text, mention.span.start as usize);
        let file = planned.renames.after(&mention.span.file);
        let path = from_here(&inputs.root.join(file.as_str()));
        terminal.note(&format!("  {}:{}:{}: {}", path.display(), at.line, at.column, mention.what));
    }
}

fn counted_plural(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}
