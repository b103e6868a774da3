//! The handbook at a Git revision, without a checkout.
//!
//! Owns [`RevisionTree`]: the files of one commit in a private temporary folder, which the [`Loader`] reads like any
//! handbook. The working tree and the repository stay as they are. Files are copied byte for byte from Git's objects,
//! so no filter, no line ending and no other setting of a user changes them.
#![expect(clippy::disallowed_methods, reason = "writes a temporary folder from Git's objects")]

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::path::{Component, Path, PathBuf};
use std::process::Stdio;

use tempfile::TempDir;

use super::git::{self, GitRepository};
use super::loader::LoadedState;
use super::owners::repository_of;
use super::revision_renames;
use super::{Failure, Inputs, Loader, Options};
use crate::codeowners::PLACES;
use crate::config::{self, Config};
use crate::diagnostic::nearest;
use crate::path::FilePath;
use crate::renames::Renames;
use crate::source::Source;

/// The name of the settings in the handbook's folder.
const BOOK: &str = super::loader::BOOK;

/// The first line of a file that stands for a large one (Git LFS).
const LFS_POINTER: &str = "version https://git-lfs.github.com/spec/v1\n";

/// The largest such file, in bytes.
const LFS_POINTER_BYTES: usize = 1024;

/// The help where a clone lacks history.
const DEEPEN: &str = "Fetch the history with `git fetch --unshallow`; in GitHub Actions set `fetch-depth: 0`, in GitLab CI \
                      `GIT_DEPTH: \"0\"`.";

/// The handbook where a revision and the present state part: in the commit that both have in common.
#[derive(Debug)]
pub struct RevisionTree {
    /// Holds `tree`, with the files of the handbook, and the files that renames are found with.
    folder: TempDir,
    /// The revision as the user named it.
    name: String,
    commit: String,
    /// Whether the handbook exists in the commit.
    has_book: bool,
    /// Whether the handbook's folder is the root of the repository.
    is_repository: bool,
}

/// An entry of a Git tree.
struct TreeEntry {
    kind: EntryKind,
    object: String,
    /// From the handbook's folder.
    path: PathBuf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum EntryKind {
    File,
    Symlink,
    Submodule,
}

impl RevisionTree {
    /// Reads the handbook in `root` as it was where `revision` and `HEAD` part.
    ///
    /// # Errors
    /// There is no such commit, or this clone does not hold it.
    pub fn read(root: &Path, revision: &str) -> Result<RevisionTree, Failure> {
        let repository = git_repository(root)?;
        let named = commit_of(root, revision, &repository)?;
        let commit = merge_base(root, revision, &named, &repository)?;
        let folder = tempfile::Builder::new().prefix("opsbook-").tempdir();
        let folder = folder.map_err(|error| no_room(&error))?;
        let name = revision.to_owned();
        let is_repository = repository_of(root) == root;
        let mut tree = RevisionTree { folder, name, commit, has_book: false, is_repository };
        let export = TreeExport { root, git: root, to: tree.place(), repository: &repository, is_repository };
        tree.has_book = export.write(&tree.commit).map_err(|failure| tree.named(failure))?;
        Ok(tree)
    }

    /// The first ten digits of the commit.
    pub fn short_commit(&self) -> &str {
        self.commit.get(..10).unwrap_or(&self.commit)
    }

    /// The handbook, with the clock of the present one. `None` if there was none.
    ///
    /// # Errors
    /// It cannot be loaded.
    pub fn load(&self, options: Options, present: &Inputs) -> Result<Option<Inputs>, Failure> {
        if !self.has_book {
            return Ok(None);
        }
        let mut loader = Loader::without_history(Options { root: self.place(), ..options });
        loader.set_state(LoadedState::Earlier { is_repository: self.is_repository });
        let mut inputs = loader.load().map_err(|failure| self.named(failure))?;
        (inputs.today, inputs.now) = (present.today, present.now);
        Ok(Some(inputs))
    }

    /// The files that have another path in the present handbook, as Git finds them by their texts.
    ///
    /// # Errors
    /// Git cannot be asked.
    pub fn renames(&self, before: &Inputs, present: &Inputs) -> Result<Renames, Failure> {
        revision_renames::find(self.folder.path(), before, present)
    }

    fn place(&self) -> PathBuf {
        self.folder.path().join("tree")
    }

    fn named(&self, failure: Failure) -> Failure {
        let commit = self.short_commit();
        let message =
            format!("the handbook at `{}` (commit {commit}) cannot be read: {}", self.name, failure.message);
        Failure::new(message, failure.help)
    }
}

fn no_room(error: &io::Error) -> Failure {
    Failure::new(
        format!("a temporary folder cannot be written: {error}"),
        "Make room, or set TMPDIR to another folder.",
    )
}

/// What Git answered, and its first line of complaint.
struct GitAnswer {
    is_well: bool,
    out: Vec<u8>,
    complaint: String,
}

impl GitAnswer {
    fn text(&self) -> &str {
        std::str::from_utf8(&self.out).map_or("", str::trim_end)
    }
}

fn ask(root: &Path, arguments: &[&str]) -> Result<GitAnswer, Failure> {
    let mut command = git::git(root);
    let output = command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).output();
    let output = output.map_err(|error| git::no_git(&error))?;
    let complaint = String::from_utf8_lossy(&output.stderr);
    let complaint = complaint.lines().next().unwrap_or("").trim_start_matches("fatal: ").to_owned();
    Ok(GitAnswer { is_well: output.status.success(), out: output.stdout, complaint })
}

fn git_repository(root: &Path) -> Result<GitRepository, Failure> {
    let answer = ask(root, &["rev-parse", "--git-dir"])?;
    if let Some(repository) = git::find(root).filter(|_| answer.is_well) {
        return Ok(repository);
    }
    let message =
        format!("`{}` is in no Git repository that can be read: {}", root.display(), answer.complaint);
    Err(Failure::new(message, "Run the command in a clone of the handbook's repository."))
}

/// The commit that a revision names.
fn commit_of(root: &Path, revision: &str, repository: &GitRepository) -> Result<String, Failure> {
    if revision.is_empty() || revision.starts_with('-') {
        let message = format!("`{revision}` is not a revision");
        return Err(Failure::new(message, "Name a branch, a tag or a commit, such as `origin/main`."));
    }
    let verified = |name: &str| -> Result<Option<String>, Failure> {
        let answer = ask(root, &["rev-parse", "--verify", "--quiet", name])?;
        let id = answer.text();
        let is_id = id.len() >= 40 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
        Ok((answer.is_well && is_id).then(|| id.to_owned()))
    };
    if let Some(commit) = verified(&format!("{revision}^{{commit}}"))? {
        return Ok(commit);
    }
    if let Some(object) = verified(revision)? {
        let sort = ask(root, &["cat-file", "-t", &object])?;
        // A full hash is taken for an object, whether it is there or not.
        if sort.is_well {
            let what = if sort.text() == "tree" { "a folder" } else { "a file" };
            let help = "Name a branch, a tag or a commit, such as `origin/main`.";
            return Err(Failure::new(format!("`{revision}` names {what}, not a commit"), help));
        }
    }
    let names = ask(root, &["for-each-ref", "--format=%(refname:short)"])?;
    // A clone in a pipeline often has no local branch but the one that is checked out.
    let of_remote = names.text().lines().find(|name| name.ends_with(&format!("/{revision}")));
    let near = of_remote.or_else(|| nearest(revision, names.text().lines()));
    let message = format!("this clone has no revision `{revision}`");
    let help = match near {
        Some(near) => format!("Did you mean `{near}`?"),
        None if repository.shallow().is_empty() => {
            "Name a branch, a tag or a commit, such as `origin/main`; `git fetch` gets new ones.".to_owned()
        }
        None => DEEPEN.to_owned(),
    };
    Err(Failure::new(message, help))
}

/// The newest commit that a revision and `HEAD` have in common. `commit` is the one that `revision` names.
fn merge_base(
    root: &Path,
    revision: &str,
    commit: &str,
    repository: &GitRepository,
) -> Result<String, Failure> {
    if !ask(root, &["rev-parse", "--verify", "--quiet", "HEAD^{commit}"])?.is_well {
        let help = "Commit the handbook first, or check out a branch that has commits.";
        return Err(Failure::new("the repository has no commit yet", help));
    }
    let answer = ask(root, &["merge-base", commit, "HEAD"])?;
    if answer.is_well {
        return Ok(answer.text().to_owned());
    }
    let message = format!("`{revision}` and the present commit have no commit in common");
    let is_shallow = !repository.shallow().is_empty();
    let help = if is_shallow { DEEPEN } else { "Name the branch that this one was made from." };
    let message = if is_shallow { format!("{message} in this shallow clone") } else { message };
    Err(Failure::new(message, help))
}

/// Writes the files of a handbook at a commit.
struct TreeExport<'a> {
    /// The handbook's folder in the working tree.
    root: &'a Path,
    /// The folder that Git is asked about: the handbook's, or that of a submodule in it.
    git: &'a Path,
    to: PathBuf,
    repository: &'a GitRepository,
    /// Whether `root` is the root of the repository, which may hold a `CODEOWNERS` file.
    is_repository: bool,
}

impl TreeExport<'_> {
    /// Writes the settings and the folders that they name. Returns whether there are settings.
    fn write(&self, commit: &str) -> Result<bool, Failure> {
        fs::create_dir_all(&self.to).map_err(|error| no_room(&error))?;
        let mut entries = self.entries(commit)?;
        let Some(at) = entries.iter().position(|entry| entry.path == Path::new(BOOK)) else {
            return Ok(false);
        };
        let book = entries.swap_remove(at);
        self.write_files(&[book])?;
        let text = fs::read(self.to.join(BOOK)).map_err(|error| no_room(&error))?;
        let path = FilePath::new(BOOK).expect("the name is a plain one");
        let (config, _) = config::parse(&Source::new(path, super::encoding::normalise(text).text));
        // Where a folder of the handbook is a link, its files are in another one.
        let is_folder = |path: &Path| config.folders().iter().any(|folder| path == Path::new(folder));
        let is_linked =
            entries.iter().any(|entry| entry.kind == EntryKind::Symlink && is_folder(&entry.path));
        let (wanted, others): (Vec<TreeEntry>, Vec<TreeEntry>) = entries.into_iter().partition(|entry| {
            is_linked || is_of_handbook(&entry.path, &config) || self.is_owners_file(&entry.path)
        });
        let (links, rest): (Vec<TreeEntry>, Vec<TreeEntry>) =
            wanted.into_iter().partition(|entry| entry.kind == EntryKind::Symlink);
        let (submodules, files): (Vec<TreeEntry>, Vec<TreeEntry>) =
            rest.into_iter().partition(|entry| entry.kind == EntryKind::Submodule);
        self.write_files(&files)?;
        for submodule in &submodules {
            self.write_submodule(submodule)?;
        }
        // Last, so that no file is ever written through a link.
        self.write_links(&links, &others)?;
        Ok(true)
    }

    fn is_owners_file(&self, path: &Path) -> bool {
        self.is_repository && PLACES.iter().any(|place| path == Path::new(place))
    }

    /// The entries of the handbook's folder.
    fn entries(&self, commit: &str) -> Result<Vec<TreeEntry>, Failure> {
        let answer = ask(self.git, &["ls-tree", "-r", "-z", commit])?;
        if !answer.is_well {
            let message = format!("Git does not list the files of {commit}: {}", answer.complaint);
            return Err(Failure::new(message, DEEPEN));
        }
        answer.out.split(|byte| *byte == 0).filter(|row| !row.is_empty()).map(tree_entry).collect()
    }

    /// Copies files out of Git's objects, in one run of Git.
    fn write_files(&self, entries: &[TreeEntry]) -> Result<(), Failure> {
        let mut command = git::git(self.git);
        command.args(["cat-file", "--batch"]).stdin(Stdio::piped());
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| git::no_git(&error))?;
        let mut questions = BufWriter::new(child.stdin.take().expect("it was asked for"));
        let mut answers = BufReader::new(child.stdout.take().expect("it was asked for"));
        // Two threads: Git waits until its answers are read before it reads further questions.
        let written = std::thread::scope(|scope| {
            scope.spawn(move || {
                // If Git ends early, the answer that is missing is the problem to report.
                let _ = entries.iter().try_for_each(|entry| writeln!(questions, "{}", entry.object));
                let _ = questions.flush();
            });
            entries.iter().try_for_each(|entry| self.write_file(entry, &mut answers))
        });
        drop(answers);
        // Git has answered everything, or the first failure is known already.
        let _ended = child.wait();
        written
    }

    fn write_file(&self, entry: &TreeEntry, answers: &mut impl BufRead) -> Result<(), Failure> {
        let lost = || {
            let message =
                format!("this clone does not hold the file `{}` of that commit", entry.path.display());
            let help = "Fetch it with `git fetch --refetch --no-filter`, or clone again without `--filter`.";
            Failure::new(message, help)
        };
        let mut header = String::new();
        answers.read_line(&mut header).map_err(|_| lost())?;
        let length = header.trim_end().rsplit_once(' ').and_then(|(_, length)| length.parse::<u64>().ok());
        let length = length.filter(|_| header.contains(" blob ")).ok_or_else(lost)?;
        let to = self.to.join(&entry.path);
        fs::create_dir_all(to.parent().unwrap_or(&self.to)).map_err(|error| no_room(&error))?;
        let mut file = File::create_new(&to).map_err(|error| no_room(&error))?;
        let copied =
            io::copy(&mut answers.by_ref().take(length), &mut file).map_err(|error| no_room(&error))?;
        // After each file there is a line break.
        let mut end = [0];
        if copied < length || answers.read_exact(&mut end).is_err() {
            return Err(lost());
        }
        if length <= LFS_POINTER_BYTES as u64 {
            self.fill_pointer(&to, &entry.path).map_err(|error| no_room(&error))?;
        }
        Ok(())
    }

    /// Replaces a pointer of Git LFS by its file, where this machine has it: in the store of LFS, or unchanged in the
    /// working tree. Elsewhere the pointer stays, as it does in a clone without LFS.
    fn fill_pointer(&self, place: &Path, path: &Path) -> io::Result<()> {
        let text = fs::read(place)?;
        let Some(fields) = text.strip_prefix(LFS_POINTER.as_bytes()) else { return Ok(()) };
        let fields = String::from_utf8_lossy(fields);
        let field = |name: &str| fields.lines().find_map(|line| line.strip_prefix(name));
        let (Some(id), Some(size)) = (field("oid sha256:"), field("size ")) else { return Ok(()) };
        let (Ok(size), true) =
            (size.parse::<u64>(), id.len() == 64 && id.bytes().all(|b| b.is_ascii_hexdigit()))
        else {
            return Ok(());
        };
        let stored = self.repository.common.join("lfs/objects").join(&id[..2]).join(&id[2..4]).join(id);
        for candidate in [stored, self.root.join(path)] {
            let is_it =
                candidate.symlink_metadata().is_ok_and(|found| found.is_file() && found.len() == size);
            if is_it {
                fs::copy(candidate, place)?;
                return Ok(());
            }
        }
        Ok(())
    }

    /// Writes the files of a submodule at the commit that the handbook names. One that is not checked out is empty, as
    /// it is in the working tree.
    fn write_submodule(&self, entry: &TreeEntry) -> Result<(), Failure> {
        let place = self.git.join(&entry.path);
        if place.join(".git").symlink_metadata().is_err() {
            return Ok(());
        }
        let nested = TreeExport { root: &place, git: &place, to: self.to.join(&entry.path), ..*self };
        let lost = |failure: Failure| {
            let name = entry.path.display();
            let message =
                format!("the submodule `{name}` lacks commit {}: {}", entry.object, failure.message);
            Failure::new(message, format!("Fetch it with `git -C {name} fetch --all`."))
        };
        let entries = nested.entries(&entry.object).map_err(lost)?;
        let (links, files): (Vec<TreeEntry>, Vec<TreeEntry>) = entries
            .into_iter()
            .filter(|entry| entry.kind != EntryKind::Submodule)
            .partition(|entry| entry.kind == EntryKind::Symlink);
        nested.write_files(&files).map_err(lost)?;
        nested.write_links(&links, &[])
    }

    /// Makes symbolic links. A link out of the handbook leads out of the temporary folder, too.
    fn write_links(&self, links: &[TreeEntry], others: &[TreeEntry]) -> Result<(), Failure> {
        if links.is_empty() {
            return Ok(());
        }
        // Git holds the target as the text of a file.
        self.write_files(links)?;
        let is_unwritten = |path: &Path| others.iter().any(|entry| entry.path.starts_with(path));
        for link in links {
            let place = self.to.join(&link.path);
            let target = fs::read(&place).and_then(|bytes| fs::remove_file(&place).map(|()| bytes));
            let target = native(&target.map_err(|error| no_room(&error))?);
            let inside = match target.strip_prefix(self.root) {
                Ok(inside) => Some(inside.to_owned()),
                Err(_) => lexical(link.path.parent().unwrap_or(Path::new("")), &target),
            };
            let target = match inside {
                Some(inside) if !is_unwritten(&inside) => self.to.join(inside),
                _ => PathBuf::from("/"),
            };
            symlink(&target, &place).map_err(|error| no_room(&error))?;
        }
        Ok(())
    }
}

/// A path in a folder, with `..` taken out. `None` if it leads out of the first folder.
fn lexical(folder: &Path, path: &Path) -> Option<PathBuf> {
    let mut whole = folder.to_owned();
    for part in path.components() {
        match part {
            Component::Normal(name) => whole.push(name),
            Component::CurDir => {}
            Component::ParentDir if whole.pop() => {}
            _ => return None,
        }
    }
    Some(whole)
}

/// Whether a path is in a folder that the settings name.
fn is_of_handbook(path: &Path, config: &Config) -> bool {
    let is_in = |folder: &&str| match FilePath::new(folder) {
        Some(folder) => path.starts_with(folder.as_str()),
        None => true,
    };
    config.folders().iter().any(is_in)
}

/// An entry as `git ls-tree -z` writes it: `100644 blob 1234…⇥path`.
fn tree_entry(row: &[u8]) -> Result<TreeEntry, Failure> {
    let read = || {
        let tab = row.iter().position(|byte| *byte == b'\t')?;
        let mut head = std::str::from_utf8(&row[..tab]).ok()?.split(' ');
        let (mode, _, object) = (head.next()?, head.next()?, head.next()?);
        let kind = match mode {
            "120000" => EntryKind::Symlink,
            "160000" => EntryKind::Submodule,
            _ => EntryKind::File,
        };
        let path = native(&row[tab + 1..]);
        // Git refuses such a path, but a repository can be made without Git.
        let is_plain = path.components().all(|part| matches!(part, Component::Normal(_)));
        is_plain.then(|| TreeEntry { kind, object: object.to_owned(), path })
    };
    read().ok_or_else(|| {
        let row = String::from_utf8_lossy(row).into_owned();
        Failure::new(
            format!("Git lists a file that cannot be: `{row}`"),
            "Verify the repository: `git fsck`.",
        )
    })
}

#[cfg(unix)]
fn native(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    PathBuf::from(OsStr::from_bytes(bytes))
}

#[cfg(not(unix))]
fn native(bytes: &[u8]) -> PathBuf {
    PathBuf::from(OsStr::new(&*String::from_utf8_lossy(bytes)))
}

#[cfg(unix)]
fn symlink(target: &Path, place: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(target, place)
}

#[cfg(not(unix))]
fn symlink(_: &Path, _: &Path) -> io::Result<()> {
    Err(io::Error::from(io::ErrorKind::Unsupported))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_a_tree_are_read_and_paths_that_leave_it_refused() {
        let entry = tree_entry(b"100644 blob 0123\tcontent/a b.md").unwrap_or_else(|_| panic!("it is one"));
        assert_eq!((entry.kind, entry.path.to_str()), (EntryKind::File, Some("content/a b.md")));
        assert!(tree_entry(b"120000 blob 01\tx").is_ok_and(|entry| entry.kind == EntryKind::Symlink));
        assert!(tree_entry(b"160000 commit 01\tx").is_ok_and(|entry| entry.kind == EntryKind::Submodule));
        for hostile in ["100644 blob 01\t../x", "100644 blob 01\t/x", "100644 blob 01\ta/../x", "x", "\tx"] {
            assert!(tree_entry(hostile.as_bytes()).is_err(), "{hostile}");
        }
    }

    #[test]
    fn links_are_followed_only_inside() {
        let path = |target: &str| lexical(Path::new("content/a"), Path::new(target));
        assert_eq!(path("../b.md"), Some("content/b.md".into()));
        assert_eq!(path("../../../x"), None);
        assert_eq!(path("/etc/passwd"), None);
    }
}
