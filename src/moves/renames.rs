//! Which files a move takes along, and where they go.
//!
//! Owns the rules for both ends of a move. Everything that cannot be
//! moved is refused here, before anything is computed.

use std::collections::BTreeSet;

use crate::bounds::{FOLDER_LEVELS, NAME_BYTES};
use crate::diagnostic::nearest;
use crate::dialect::Dialect;
use crate::input::{Failure, Inputs};
use crate::page::{is_page, is_section};
use crate::path::{FilePath, segment};
use crate::renames::{Rename, Renames, is_at_or_beneath};

use super::MoveRequest;

/// Every file of the content, whatever it is.
fn content_files(inputs: &Inputs) -> BTreeSet<&FilePath> {
    let content = inputs.config.content.as_str();
    let texts = inputs.sources.keys().chain(inputs.data.keys());
    let files = texts.chain(inputs.assets.keys()).chain(&inputs.others);
    files.filter(|file| file.beneath(content).is_some()).collect()
}

/// What the request renames: the files and folders themselves, translations of a page (`a.de.md` beside `a.md`), and the
/// page that stands for a folder beside it (`a.md` beside `a/`).
///
/// # Errors
/// The request names something that cannot be moved, or a path where it cannot go.
pub(super) fn renames(inputs: &Inputs, request: &MoveRequest) -> Result<Renames, Failure> {
    let files = content_files(inputs);
    let mut renames = Renames { list: request.paths.clone() };
    for Rename { from, to } in &request.paths {
        let moved: Vec<&FilePath> =
            files.iter().copied().filter(|file| is_at_or_beneath(file, from)).collect();
        check_old(inputs, from, &files, &moved)?;
        check_new(inputs, from, to, &files)?;
    }
    for Rename { from, to } in &request.paths {
        let known = |path: &FilePath| renames.list.iter().any(|rename| rename.from == *path);
        let along: Vec<Rename> =
            companions(&files, from, to).into_iter().filter(|along| !known(&along.from)).collect();
        for rename in &along {
            if files.iter().any(|file| is_at_or_beneath(file, &rename.to)) {
                let message = format!("`{}` moves along, and `{}` exists already", rename.from, rename.to);
                return Err(Failure::new(message, "Move or remove one of the two first."));
            }
        }
        renames.list.extend(along);
    }
    check_apart(&renames.list)?;
    for file in files.iter().filter(|file| renames.moves(file)) {
        check_file(inputs, file, &renames.after(file))?;
    }
    Ok(renames)
}

/// Refuses paths of which one is in another one, before or after the move.
fn check_apart(renames: &[Rename]) -> Result<(), Failure> {
    let overlap =
        |one: &FilePath, other: &FilePath| is_at_or_beneath(one, other) || is_at_or_beneath(other, one);
    for (index, one) in renames.iter().enumerate() {
        for other in &renames[index + 1..] {
            if overlap(&one.from, &other.from) {
                let message = format!("`{}` and `{}` cannot be moved at once", one.from, other.from);
                return Err(Failure::new(message, "Move one after the other."));
            }
            if overlap(&one.to, &other.to) {
                let message = format!("`{}` and `{}` would both go to `{}`", one.from, other.from, other.to);
                return Err(Failure::new(message, "Choose another name for one of them."));
            }
        }
    }
    Ok(())
}

fn check_old(
    inputs: &Inputs,
    old: &FilePath,
    files: &BTreeSet<&FilePath>,
    moved: &[&FilePath],
) -> Result<(), Failure> {
    let content = inputs.config.content.as_str();
    if old.as_str() == content || old.as_str().is_empty() {
        let help = "Rename it by hand, and set `[paths] content` in `book.toml`: no link names it.";
        return Err(Failure::new(format!("`{old}` is the content folder itself"), help));
    }
    if old.beneath(content).is_none() {
        let message = format!("`{old}` is not in the content folder `{content}`");
        return Err(Failure::new(message, "Name a page, another file or a folder in it."));
    }
    if moved.is_empty() {
        let known = files.iter().map(|file| file.as_str());
        let help = match nearest(old.as_str(), known) {
            Some(near) => format!("Did you mean `{near}`?"),
            None => "Name a page, another file or a folder of the content. Generated pages have no file."
                .to_owned(),
        };
        return Err(Failure::new(format!("there is no file or folder `{old}` in the handbook"), help));
    }
    let linked = |path: &FilePath| is_at_or_beneath(path, old);
    if let Some((link, _)) = inputs.links.iter().find(|(link, place)| linked(link) || linked(place)) {
        let message = format!("`{link}` is a symbolic link that the move would break");
        return Err(Failure::new(message, "Replace the link by its target, or move it by hand first."));
    }
    let folders = [&inputs.config.theme, &inputs.config.kinds, &inputs.config.registers.folder];
    let inside = |folder: &&&String| FilePath::new(folder).is_some_and(|path| is_at_or_beneath(&path, old));
    if let Some(folder) = folders.iter().find(inside) {
        let message = format!("`{folder}` is named under `[paths]` in `book.toml` and is not content");
        return Err(Failure::new(message, "Move it by hand and change the setting."));
    }
    Ok(())
}

fn check_new(
    inputs: &Inputs,
    old: &FilePath,
    new: &FilePath,
    files: &BTreeSet<&FilePath>,
) -> Result<(), Failure> {
    let content = inputs.config.content.as_str();
    if old == new {
        return Err(Failure::new(format!("`{old}` has this name already"), "Give another name."));
    }
    if new.beneath(content).is_none() {
        let message = format!("`{new}` is not in the content folder `{content}`");
        return Err(Failure::new(message, "Name a path beneath it."));
    }
    if new.beneath(old.as_str()).is_some() && !files.contains(old) {
        let message = format!("`{old}` cannot be moved into itself");
        return Err(Failure::new(message, "Name a path beside it."));
    }
    if files.iter().any(|file| is_at_or_beneath(file, new)) {
        let message = format!("`{new}` exists already");
        let help = format!("Write `{new}/` to move it into that folder, or choose another name.");
        let is_file = files.contains(new);
        let help = if is_file { "Choose another name; no file is overwritten.".to_owned() } else { help };
        return Err(Failure::new(message, help));
    }
    let mut folder = new.folder();
    while folder.len() > content.len() {
        if files.iter().any(|file| file.as_str() == folder) {
            let message = format!("`{folder}` is a file, so nothing can be moved into it");
            return Err(Failure::new(message, "Name another folder."));
        }
        folder = folder.rsplit_once('/').map_or("", |(above, _)| above);
    }
    let name = if files.contains(old) { new.stem() } else { new.name() };
    check_names(inputs, new, name)
}

/// Checks the names of a path. `last` is that of the file or folder itself, without extension.
fn check_names(inputs: &Inputs, new: &FilePath, last: &str) -> Result<(), Failure> {
    let content = inputs.config.content.as_str();
    let names: Vec<&str> = new.beneath(content).unwrap_or_default().split('/').collect();
    let refuse = |name: &str, why: &str, help: &str| {
        Err(Failure::new(format!("the name `{name}` {why}"), help.to_owned()))
    };
    for (number, name) in names.iter().enumerate() {
        let stem = if number + 1 == names.len() { last } else { name };
        if name.starts_with('.') || *name == "node_modules" {
            return refuse(
                name,
                "is never part of a handbook",
                "Choose a name that does not begin with a dot.",
            );
        }
        if segment(stem).is_empty() || name.chars().any(char::is_control) {
            return refuse(name, "cannot be a part of a URL", "Use letters, digits, `-` and `_`.");
        }
        if NAME_BYTES.is_exceeded(stem.len()) {
            return refuse(name, &format!("is longer than {NAME_BYTES}"), "Choose a shorter one.");
        }
    }
    if FOLDER_LEVELS.is_exceeded(names.len().saturating_sub(1)) {
        let message = format!("`{new}` lies in more than {FOLDER_LEVELS} of folders");
        return Err(Failure::new(message, "Name a folder nearer to the content folder."));
    }
    Ok(())
}

/// Refuses a file that would be something else at its new path.
fn check_file(inputs: &Inputs, old: &FilePath, new: &FilePath) -> Result<(), Failure> {
    let content = inputs.config.content.as_str();
    if Dialect::from_path(old).is_some() && Dialect::from_path(new).is_none() {
        let help = format!("Write `{new}.{}`, or another name with that extension.", old.extension());
        return Err(Failure::new(format!("`{new}` would not be a page"), help));
    }
    if Dialect::from_path(old).is_none() && old.extension() != new.extension() {
        let message = format!("`{new}` would have another type than `{old}`");
        return Err(Failure::new(message, format!("Keep the extension `.{}`.", old.extension())));
    }
    if is_page(old, content) && !is_page(new, content) {
        let message = format!("`{new}` would not be a page: names that begin with `_` are only for includes");
        return Err(Failure::new(message, "Choose a name without `_` at its beginning."));
    }
    if !is_page(old, content) && is_page(new, content) {
        let message = format!("`{old}` is only for includes, and `{new}` would be published as a page");
        return Err(Failure::new(
            message,
            "Choose a name that begins with `_`, or copy the text into a page.",
        ));
    }
    Ok(())
}

/// What moves along with a file or folder.
fn companions(files: &BTreeSet<&FilePath>, old: &FilePath, new: &FilePath) -> Vec<Rename> {
    let mut found = Vec::new();
    let beside = |path: &FilePath, name: &str| FilePath::in_folder(path.folder(), name);
    if !files.contains(old) {
        let has_index = files.iter().any(|file| file.folder() == old.as_str() && is_section(file));
        for file in files.iter().filter(|file| file.folder() == old.folder() && !has_index) {
            if Dialect::from_path(file).is_some() && file.stem() == old.name() {
                let name = format!("{}.{}", new.name(), &file.name()[file.stem().len() + 1..]);
                found.extend(beside(new, &name).map(|to| Rename { from: (**file).clone(), to }));
            }
        }
        return found;
    }
    if Dialect::from_path(old).is_none() {
        return found;
    }
    for file in files.iter().filter(|file| file.folder() == old.folder() && *file != &old) {
        let language = file.stem().strip_prefix(old.stem()).and_then(|rest| rest.strip_prefix('.'));
        let is_translation = language.is_some_and(|tag| tag.len() <= 5 && crate::config::is_language(tag));
        if is_translation && Dialect::from_path(file).is_some() {
            let name = format!("{}{}", new.stem(), &file.name()[old.stem().len()..]);
            found.extend(beside(new, &name).map(|to| Rename { from: (**file).clone(), to }));
        }
    }
    found
}
