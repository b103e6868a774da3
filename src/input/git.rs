//! The history of each file, from Git: last change, first version, number of changes, contributors.
//!
//! Owns what Git is asked, and when the results of an earlier run are used: `file_history` reads the log. Without Git,
//! or outside a repository, the history is empty, and that is not an error. E-mail addresses are never read.
#![expect(clippy::disallowed_methods, reason = "reads the handbook and its history")]

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use super::file_history::{CommitHistory, LOG_FORMAT, LogReader, WantedNames, continues, path};
use super::{Failure, Inputs, cache, committed_history};
use crate::asset::Change;
use crate::memo::Digest;
use crate::path::FilePath;

/// The history of the last load. Git is asked again when the repository has changed.
#[derive(Debug, Default)]
pub struct History {
    repository: Option<Option<GitRepository>>,
    state: Option<Digest>,
    names: WantedNames,
    /// The history of all files of the newest commit.
    commits: CommitHistory,
    changes: Arc<BTreeMap<FilePath, Change>>,
    missing: MissingHistory,
    /// The sources of the last load, tracked or not.
    known_sources: BTreeSet<FilePath>,
    /// The key under which the next run finds the history, if it is not stored yet.
    unsaved_key: Option<Digest>,
}

/// What is not known of a history, because the clone is cut off.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MissingHistory {
    /// The number of files whose last change lies beyond the end of the clone.
    pub files: usize,
    /// Why the committed history cannot be used, as the rest of a sentence about the file.
    pub reason: Option<String>,
}

/// The folders in which Git keeps its data.
#[derive(Debug, Clone)]
pub(super) struct GitRepository {
    /// The folder of this working tree.
    own: PathBuf,
    /// The folder that all working trees share.
    pub common: PathBuf,
    /// The folder with the files.
    top: PathBuf,
}

impl History {
    /// The last change of every source that Git tracks.
    pub fn last_changes(&mut self, inputs: &Inputs) -> Arc<BTreeMap<FilePath, Change>> {
        let repository = self.repository.get_or_insert_with(|| find(&inputs.root));
        let Some(repository) = repository.clone() else { return Arc::default() };
        let state = Some(repository.state());
        let names = wanted_names(inputs);
        let moved = state != self.state || names != self.names;
        // Starting Git is slow, so a load asks again only if the repository has changed or a file is new.
        if moved || inputs.sources.keys().any(|file| !self.known_sources.contains(file)) {
            if moved {
                self.names = names;
                self.read_commits(inputs, &repository);
                self.state = state;
            }
            self.known_sources = inputs.sources.keys().cloned().collect();
            let tracked = tracked(&inputs.root, &inputs.config.content);
            let mut changes = BTreeMap::new();
            self.missing.files = 0;
            for file in tracked.intersection(&self.known_sources) {
                let Some(record) = self.commits.files.get(file) else { continue };
                self.missing.files += usize::from(record.is_undated());
                changes.extend(record.change().map(|change| (file.clone(), change)));
            }
            self.changes = Arc::new(changes);
        }
        self.changes.clone()
    }

    /// Reads the history of the newest commit, as far as an earlier run has not.
    fn read_commits(&mut self, inputs: &Inputs, repository: &GitRepository) {
        let root = inputs.root.as_path();
        self.unsaved_key = None;
        self.missing.reason = None;
        let query = LogQuery::new(inputs, self.names, repository);
        let Some(head) = newest_commit(root) else {
            self.commits = CommitHistory::default();
            return;
        };
        if !query.shallow.is_empty() {
            self.read_shallow(&query, &head, repository);
            return;
        }
        let key = query.key(repository);
        let stored = cache::load_history(root, key);
        let known: Option<CommitHistory> = stored.and_then(|bytes| postcard::from_bytes(&bytes).ok());
        match known {
            Some(known) if known.commit == head => self.commits = known,
            known => {
                let continued = known.and_then(|known| query.read_since(&head, &known));
                self.commits = continued.or_else(|| query.read_whole(&head)).unwrap_or_default();
                self.unsaved_key = Some(key).filter(|_| !self.commits.commit.is_empty());
            }
        }
    }

    /// Reads the history of a clone that is cut off. What the clone lacks is in the committed history, if there is one. The
    /// cache is not used: such a clone can also grow at its other end.
    fn read_shallow(&mut self, query: &LogQuery<'_>, head: &str, repository: &GitRepository) {
        match query.committed(head, repository) {
            Ok(Some(history)) => {
                self.commits = history;
                return;
            }
            Ok(None) => {}
            Err(reason) => self.missing.reason = Some(reason),
        }
        self.commits = query.read_whole(head).unwrap_or_default();
    }

    /// Stores what the next run can use.
    ///
    /// # Errors
    /// Errors of the operating system. The caller may go on.
    pub fn save(&mut self, root: &Path) -> io::Result<()> {
        let Some(key) = self.unsaved_key.take() else { return Ok(()) };
        let bytes = postcard::to_stdvec(&self.commits).expect("a history is plain data");
        cache::save_history(root, key, bytes)
    }

    /// What is not known, because the clone is cut off.
    pub fn missing(&self) -> &MissingHistory {
        &self.missing
    }
}

/// The names that the settings ask for.
fn wanted_names(inputs: &Inputs) -> WantedNames {
    let settings = inputs.config.repository.as_ref();
    WantedNames {
        last_author: settings.is_some_and(|settings| settings.authors),
        contributors: settings.is_some_and(|settings| settings.contributors),
    }
}

/// The text of the file with the history of every file at the newest commit; see [`committed_history`].
///
/// # Errors
/// Git knows no commit, or the clone is cut off and the committed history does not reach into it.
pub fn history_text(inputs: &Inputs) -> Result<String, Failure> {
    let root = inputs.root.as_path();
    let repository = find(root);
    let Some((repository, head)) = repository.and_then(|known| Some((known, newest_commit(root)?))) else {
        let message = format!("Git knows no commit of `{}`", root.display());
        return Err(Failure::new(message, "Run the command in a Git repository with at least one commit."));
    };
    let query = LogQuery::new(inputs, wanted_names(inputs), &repository);
    let history = if query.shallow.is_empty() {
        query.read_whole(&head)
    } else {
        query.committed(&head, &repository).unwrap_or_default()
    };
    let Some(history) = history else {
        let message = "this clone does not hold the whole history".to_owned();
        return Err(Failure::new(message, "Fetch it with `git fetch --unshallow`, and try again."));
    };
    Ok(committed_history::text(&history, query.key(&repository)))
}

impl GitRepository {
    /// A digest that changes with every commit, every checkout and every fetch of older history. It reads the
    /// files of the repository directly, in both formats of references.
    fn state(&self) -> Digest {
        let text = |path: PathBuf| std::fs::read(path).unwrap_or_default();
        let head = text(self.own.join("HEAD"));
        let name = String::from_utf8_lossy(&head).trim().strip_prefix("ref: ").map(str::to_owned);
        let at = name.map_or(Vec::new(), |name| text(self.common.join(name)));
        let packed = text(self.common.join("packed-refs"));
        let tables = text(self.common.join("reftable/tables.list"));
        Digest::from_parts(&[&head, &at, &packed, &tables, &text(self.common.join("shallow"))])
    }

    /// The commits whose parents were not fetched. Their own changes are unknown.
    pub fn shallow(&self) -> BTreeSet<String> {
        let list = std::fs::read_to_string(self.common.join("shallow")).unwrap_or_default();
        list.lines().map(str::to_owned).collect()
    }
}

/// The root of the Git repository around an absolute folder: the nearest folder upwards that has a `.git`. Git itself is not needed.
pub fn repository_around(folder: &Path) -> Option<&Path> {
    folder.ancestors().find(|above| above.join(".git").exists())
}

/// The path of an absolute folder from the root of the Git repository around it, with `/` between names; empty if it is the root, or
/// in no repository.
pub fn path_in_repository(folder: &Path) -> String {
    let inside = repository_around(folder).and_then(|root| folder.strip_prefix(root).ok());
    let names = inside.into_iter().flat_map(Path::components);
    let names: Vec<_> = names.map(|name| name.as_os_str().to_string_lossy()).collect();
    names.join("/")
}

/// The folder in which Git keeps the data of a working tree, whose root is given.
pub fn data_folder(repository: &Path) -> Option<PathBuf> {
    let dot = repository.join(".git");
    if dot.is_dir() {
        return Some(dot);
    }
    // In a second working tree and in a submodule `.git` is a file that names the folder.
    let text = std::fs::read_to_string(dot).ok()?;
    Some(repository.join(text.strip_prefix("gitdir:")?.trim()))
}

/// The path of the lock that Git holds while it changes the working tree, if there is one now. The repository
/// is the one of the nearest parent folder.
pub fn index_lock(root: &Path) -> Option<PathBuf> {
    let lock = data_folder(repository_around(root)?)?.join("index.lock");
    lock.exists().then_some(lock)
}

/// Waits 20 milliseconds, so that Git can finish.
pub fn wait_a_moment() {
    std::thread::sleep(std::time::Duration::from_millis(20));
}

/// The repository around a folder.
pub(super) fn find(root: &Path) -> Option<GitRepository> {
    let mut command = git(root);
    command.args(["rev-parse", "--absolute-git-dir", "--git-common-dir", "--show-toplevel"]);
    let text = String::from_utf8(output_of(command)?).ok()?;
    let (own, rest) = text.trim_end().split_once('\n')?;
    let (common, top) = rest.split_once('\n')?;
    Some(GitRepository { own: PathBuf::from(own), common: root.join(common), top: PathBuf::from(top) })
}

/// The tracked files of the content folder, relative to the root.
fn tracked(root: &Path, content: &str) -> BTreeSet<FilePath> {
    let mut command = git(root);
    command.args(["ls-files", "-z", "--"]).arg(pathspec(content));
    let output = output_of(command).unwrap_or_default();
    output.split(|b| *b == 0).filter_map(path).collect()
}

/// The files of the content folder that no commit has and Git does not ignore, relative to the root: new files, staged
/// or not. Empty without a repository, and before its first commit.
pub fn uncommitted(root: &Path, content: &str) -> BTreeSet<FilePath> {
    if newest_commit(root).is_none() {
        return BTreeSet::new();
    }
    let files = |arguments: &[&str]| -> BTreeSet<FilePath> {
        let mut command = git(root);
        command.args(arguments).arg("--").arg(pathspec(content));
        output_of(command).unwrap_or_default().split(|byte| *byte == 0).filter_map(path).collect()
    };
    let staged = |filter: &str| {
        files(&["diff", "--cached", "-z", "--name-only", "--relative", "--no-renames", filter])
    };
    let mut new = files(&["ls-files", "-z", "--others", "--exclude-standard"]);
    // A file whose deletion alone is staged is not tracked either.
    let deleted = staged("--diff-filter=D");
    new.retain(|file| !deleted.contains(file));
    new.extend(staged("--diff-filter=A"));
    new
}

/// The output of Git, or `None` if Git cannot be started, fails, or its output cannot be read.
/// `Command::output` would panic in the last case.
fn output_of(mut command: Command) -> Option<Vec<u8>> {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().ok()?;
    let mut output = Vec::new();
    let read = child.stdout.take()?.read_to_end(&mut output);
    let ended = child.wait().ok()?;
    (read.is_ok() && ended.success()).then_some(output)
}

/// The newest commit, in full.
fn newest_commit(root: &Path) -> Option<String> {
    let mut command = git(root);
    command.args(["rev-parse", "--verify", "--quiet", "HEAD^{commit}"]);
    String::from_utf8(output_of(command)?).ok().map(|text| text.trim().to_owned())
}

/// The parameters of one reading of the log.
struct LogQuery<'a> {
    root: &'a Path,
    content: &'a str,
    names: WantedNames,
    shallow: BTreeSet<String>,
}

impl<'a> LogQuery<'a> {
    fn new(inputs: &'a Inputs, names: WantedNames, repository: &GitRepository) -> LogQuery<'a> {
        let (root, content) = (inputs.root.as_path(), inputs.config.content.as_str());
        LogQuery { root, content, names, shallow: repository.shallow() }
    }

    /// The history of a commit by the committed file and the commits after it. `None` if there is no such file.
    ///
    /// # Errors
    /// Why the file cannot be used, as the rest of a sentence about it.
    fn committed(&self, head: &str, repository: &GitRepository) -> Result<Option<CommitHistory>, String> {
        let Some(known) = committed_history::load(self.root, self.key(repository))? else { return Ok(None) };
        if known.commit == head {
            return Ok(Some(known));
        }
        let continued = self.read_since(head, &known).map(Some);
        continued.ok_or_else(|| {
            let commit = known.commit.get(..10).unwrap_or_default();
            format!("ends at commit {commit}, and this clone does not hold all commits since")
        })
    }

    /// The digest of everything besides the commit that the log depends on.
    fn key(&self, repository: &GitRepository) -> Digest {
        let WantedNames { last_author, contributors } = self.names;
        // Two spellings of a name are one person where this file says so.
        let mailmap = if last_author || contributors {
            std::fs::read(repository.top.join(".mailmap")).unwrap_or_default()
        } else {
            Vec::new()
        };
        let folder = self.root.strip_prefix(&repository.top).unwrap_or(self.root);
        Digest::of_value(&(folder, self.content, last_author, contributors, mailmap))
    }

    /// The history of a commit.
    fn read_whole(&self, head: &str) -> Option<CommitHistory> {
        Some(self.log(head, None)?.finish(head.to_owned()))
    }

    /// The history of a commit that comes after one whose history is known; `None` if that is not so.
    fn read_since(&self, head: &str, known: &CommitHistory) -> Option<CommitHistory> {
        let mut command = git(self.root);
        // All commits: also one that changes no file of the content may have another parent.
        command.args(["rev-list", "--parents", head, &format!("^{}", known.commit), "--"]);
        let listed = String::from_utf8(output_of(command)?).ok()?;
        if !continues(&listed, &known.commit, &self.shallow) {
            return None;
        }
        Some(self.log(head, Some(&known.commit))?.finish_with(head.to_owned(), known))
    }

    /// Reads the log from the newest commit on.
    fn log(&self, head: &str, after: Option<&str>) -> Option<LogReader> {
        let mut command = git(self.root);
        command.args(["log", LOG_FORMAT, "--name-status", "-z", "-M50%", "-l1000", "--relative"]);
        // A commit comes before all its ancestors, also where clocks were wrong.
        command.args(["--date-order", "--no-show-signature", "--no-ext-diff", "--no-color", head]);
        command.args(after.map(|commit| format!("^{commit}")));
        command.arg("--").arg(pathspec(self.content));
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().ok()?;
        let mut reader = LogReader::new(self.files(head)?, self.names, self.shallow.clone());
        let mut fields = BufReader::new(child.stdout.take()?).split(0);
        while let Some(Ok(field)) = fields.next() {
            reader.field(&field);
        }
        child.wait().ok()?.success().then_some(reader)
    }

    /// The files of a commit.
    fn files(&self, commit: &str) -> Option<BTreeSet<FilePath>> {
        let mut command = git(self.root);
        command.args(["ls-tree", "-r", "--name-only", "-z", commit, "--"]);
        let folder = self.content.trim_matches('/');
        command.args(Some(folder).filter(|folder| !matches!(*folder, "" | ".")));
        Some(output_of(command)?.split(|byte| *byte == 0).filter_map(path).collect())
    }
}

/// The content folder as a pathspec without wildcards.
fn pathspec(content: &str) -> String {
    let folder = content.trim_matches('/');
    format!(":(literal){}", if folder.is_empty() { "." } else { folder })
}

/// Settings that replace those of the repository and of the user, which could change the output or run a
/// program.
const SETTINGS: [&str; 9] = [
    "core.quotePath=off",
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "i18n.logOutputEncoding=UTF-8",
    "log.follow=false",
    // Names of people as the repository writes them.
    "mailmap.file=",
    "mailmap.blob=",
    "log.showRoot=true",
    // A folder that only looks like a bare repository is not used as one.
    "safe.bareRepository=explicit",
];

/// Environment variables that would lead Git to another repository or change how it reads paths.
const SURROUNDINGS: [&str; 14] = [
    "GIT_CEILING_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_DIR",
    "GIT_EXTERNAL_DIFF",
    "GIT_GLOB_PATHSPECS",
    "GIT_ICASE_PATHSPECS",
    "GIT_INDEX_FILE",
    "GIT_LITERAL_PATHSPECS",
    "GIT_NAMESPACE",
    "GIT_NOGLOB_PATHSPECS",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_TRACE",
    "GIT_WORK_TREE",
];

/// A Git command that ignores the user's environment: no pager, no hooks, no network, no locks, one language.
pub(super) fn git(root: &Path) -> Command {
    let mut command = Command::new("git");
    command.arg("-C").arg(root).args(["--no-pager", "--no-optional-locks"]);
    for setting in SETTINGS {
        command.args(["-c", setting]);
    }
    for name in SURROUNDINGS {
        command.env_remove(name);
    }
    command
        .env("LC_ALL", "C")
        // Older versions of Git do not know the first of these two variables.
        .env("GIT_NO_LAZY_FETCH", "1")
        .env("GIT_ALLOW_PROTOCOL", "none")
        .env("GIT_TERMINAL_PROMPT", "0")
        // A replacement of a commit is a setting of one clone.
        .env("GIT_NO_REPLACE_OBJECTS", "1")
        .stdin(Stdio::null());
    command
}

/// Runs Git outside of any repository and without any settings.
pub(super) fn git_without_settings(folder: &Path) -> Command {
    let mut command = git(folder);
    command
        .env("GIT_CEILING_DIRECTORIES", folder)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_SYSTEM", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env_remove("GIT_CONFIG_COUNT");
    command
}

/// The failure if Git cannot be started.
pub(super) fn no_git(error: &io::Error) -> Failure {
    let help = "Install Git 2.30 or newer; earlier states of a handbook are read with it.";
    Failure::new(format!("`git` cannot be started: {error}"), help)
}
