//! The last change of each file, from the Git history.
//!
//! Owns the two questions to Git (the tracked files and the log) and the parsing of its answers. Without Git,
//! or outside a repository, the history is empty, and that is no error. E-mail addresses are never read.
#![expect(clippy::disallowed_methods, reason = "reads the handbook and its history")]

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Read};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use super::{Failure, Inputs};
use crate::asset::Change;
use crate::memo::Digest;
use crate::path::FilePath;

/// Length of a shortened commit hash, in characters. It is fixed, because Git's own short form is longer in a
/// clone that holds more objects.
const COMMIT: usize = 10;

/// Commit times that are accepted, in seconds since 1970, up to the end of the year 9999. A commit can carry
/// any time, by a wrong clock or on purpose.
const DATED: Range<i64> = 1..253_402_207_200;

/// The history of the last load. Git is asked again when the repository has changed.
#[derive(Debug, Default)]
pub struct History {
    repository: Option<Option<GitRepository>>,
    state: Option<Digest>,
    /// The tracked files that the log was last asked for.
    asked: BTreeSet<FilePath>,
    changes: Arc<BTreeMap<FilePath, Change>>,
    /// The number of these files whose last change lies beyond the end of a shallow clone.
    beyond: usize,
    /// The sources of the last load, tracked or not.
    seen: BTreeSet<FilePath>,
    authors: bool,
}

/// The folders in which Git keeps its data.
#[derive(Debug, Clone)]
pub(super) struct GitRepository {
    /// The folder of this working tree.
    own: PathBuf,
    /// The folder that all working trees share.
    pub common: PathBuf,
}

impl History {
    /// The last change of every source that Git tracks.
    pub fn last_changes(&mut self, inputs: &Inputs) -> Arc<BTreeMap<FilePath, Change>> {
        let repository = self.repository.get_or_insert_with(|| find(&inputs.root));
        let Some(repository) = repository.clone() else { return Arc::default() };
        let state = Some(repository.state());
        let authors = inputs.config.repository.as_ref().is_some_and(|repository| repository.authors);
        let moved = state != self.state || authors != self.authors;
        // Starting Git is slow, so a load asks again only if the repository has changed or a file is new.
        if moved || inputs.sources.keys().any(|file| !self.seen.contains(file)) {
            self.seen = inputs.sources.keys().cloned().collect();
            let tracked = tracked(&inputs.root, &inputs.config.content);
            let wanted: BTreeSet<FilePath> = tracked.intersection(&self.seen).cloned().collect();
            // A new file that Git does not track needs no log.
            if moved || !wanted.is_subset(&self.asked) {
                let ask =
                    LogQuestion { content: &inputs.config.content, shallow: repository.shallow(), authors };
                let log = ask.log(&inputs.root, wanted.clone());
                (self.changes, self.beyond) = (Arc::new(log.changes), log.beyond);
                self.asked = wanted;
            }
            (self.state, self.authors) = (state, authors);
        }
        self.changes.clone()
    }

    /// The number of files that were last changed by commits that a shallow clone does not have. Their dates
    /// are unknown.
    pub fn beyond(&self) -> usize {
        self.beyond
    }
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

/// The path of the lock that Git holds while it changes the working tree, if there is one now. The repository
/// is the one of the nearest parent folder.
pub fn lock(root: &Path) -> Option<PathBuf> {
    let dot = root.ancestors().map(|folder| folder.join(".git")).find(|dot| dot.exists())?;
    let folder = if dot.is_dir() {
        dot
    } else {
        // In a second working tree `.git` is a file that names the folder.
        let text = std::fs::read_to_string(&dot).ok()?;
        dot.parent()?.join(text.strip_prefix("gitdir:")?.trim())
    };
    let lock = folder.join("index.lock");
    lock.exists().then_some(lock)
}

/// Waits 20 milliseconds, so that Git can finish.
pub fn wait() {
    std::thread::sleep(std::time::Duration::from_millis(20));
}

/// The repository around a folder.
pub(super) fn find(root: &Path) -> Option<GitRepository> {
    let mut command = git(root);
    command.args(["rev-parse", "--absolute-git-dir", "--git-common-dir"]);
    let text = String::from_utf8(answer(command)?).ok()?;
    let (own, common) = text.trim_end().split_once('\n')?;
    Some(GitRepository { own: PathBuf::from(own), common: root.join(common) })
}

/// The tracked files of the content folder, relative to the root.
fn tracked(root: &Path, content: &str) -> BTreeSet<FilePath> {
    let mut command = git(root);
    command.args(["ls-files", "-z", "--"]).arg(pathspec(content));
    let output = answer(command).unwrap_or_default();
    output.split(|b| *b == 0).filter_map(path).collect()
}

/// The output of Git, or `None` if Git cannot be started, fails, or its output cannot be read.
/// `Command::output` would panic in the last case.
fn answer(mut command: Command) -> Option<Vec<u8>> {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().ok()?;
    let mut answer = Vec::new();
    let read = child.stdout.take()?.read_to_end(&mut answer);
    let ended = child.wait().ok()?;
    (read.is_ok() && ended.success()).then_some(answer)
}

/// The parameters of one reading of the log.
struct LogQuestion<'a> {
    content: &'a str,
    shallow: BTreeSet<String>,
    authors: bool,
}

impl LogQuestion<'_> {
    /// Reads the log from the newest commit on, until the last change of every wanted file is found.
    fn log(self, root: &Path, wanted: BTreeSet<FilePath>) -> GitLog {
        let mut log = GitLog { shallow: self.shallow, authors: self.authors, wanted, ..GitLog::default() };
        if log.wanted.is_empty() {
            return log;
        }
        let mut command = git(root);
        command.args([
            "log",
            "--format=%x1e%H%x1f%ct%x1f%aN",
            "--name-only",
            "-z",
            "--no-renames",
            "--relative",
        ]);
        command
            .args(["--no-show-signature", "--no-ext-diff", "--no-color", "--"])
            .arg(pathspec(self.content));
        let Ok(mut child) = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn() else {
            return log;
        };
        if let Some(output) = child.stdout.take() {
            let mut fields = BufReader::new(output).split(0);
            // The output is read as a stream: in a long history most files are found early, and Git can then be
            // stopped.
            while let Some(Ok(field)) = fields.next() {
                log.field(&field);
                if log.wanted.is_empty() {
                    break;
                }
            }
        }
        // Either every file was found, or Git has ended by itself. A failure here does not change the result.
        let _ended = child.kill().and_then(|()| child.wait());
        log
    }
}

/// Whether the history before a commit was fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum CommitDepth {
    #[default]
    Within,
    /// All older commits are missing, so this one seems to add every file that it has.
    Edge,
}

/// The state of reading a log.
#[derive(Debug, Default)]
struct GitLog {
    shallow: BTreeSet<String>,
    authors: bool,
    /// Files whose last change has not been found yet.
    wanted: BTreeSet<FilePath>,
    /// The commit whose files follow; `None` if its time is not accepted.
    commit: Option<Change>,
    place: CommitDepth,
    changes: BTreeMap<FilePath, Change>,
    /// The number of files that were found in a commit at the edge.
    beyond: usize,
}

impl GitLog {
    /// Processes one field: the header of a commit, or the path of a file that it changed.
    fn field(&mut self, field: &[u8]) {
        if let Some(head) = field.strip_prefix(b"\x1e") {
            let head = String::from_utf8_lossy(head);
            let at_edge = head.split('\x1f').next().is_some_and(|hash| self.shallow.contains(hash));
            self.place = if at_edge { CommitDepth::Edge } else { CommitDepth::Within };
            self.commit = self.head(&head);
            return;
        }
        let Some(file) = path(field.strip_prefix(b"\n").unwrap_or(field)) else { return };
        // The log runs from new to old, so the first commit of a file is its last change.
        if !self.wanted.remove(&file) {
            return;
        }
        match (&self.commit, self.place) {
            (_, CommitDepth::Edge) => self.beyond += 1,
            (Some(change), CommitDepth::Within) => drop(self.changes.insert(file, change.clone())),
            (None, CommitDepth::Within) => {}
        }
    }

    fn head(&self, head: &str) -> Option<Change> {
        let mut parts = head.splitn(3, '\x1f');
        let hash = parts.next()?;
        let seconds = parts.next()?.parse().ok().filter(|seconds| DATED.contains(seconds))?;
        // Some people put their e-mail address where the name belongs. It must not be published.
        let name = parts.next().map(str::trim).filter(|name| !name.is_empty() && !name.contains('@'));
        let commit = hash.get(..COMMIT).map(str::to_owned);
        Some(Change { seconds, author: name.filter(|_| self.authors).map(str::to_owned), commit })
    }
}

fn path(bytes: &[u8]) -> Option<FilePath> {
    std::str::from_utf8(bytes).ok().filter(|text| !text.is_empty()).and_then(FilePath::new)
}

/// The content folder as a pathspec without wildcards.
fn pathspec(content: &str) -> String {
    let folder = content.trim_matches('/');
    format!(":(literal){}", if folder.is_empty() { "." } else { folder })
}

/// Settings that replace those of the repository and of the user, which could change the output or run a
/// program.
const SETTINGS: [&str; 7] = [
    "core.quotePath=off",
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "i18n.logOutputEncoding=UTF-8",
    "log.follow=false",
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
pub(super) fn no_git(error: &std::io::Error) -> Failure {
    let help = "Install Git 2.30 or newer; earlier states of a handbook are read with it.";
    Failure::new(format!("`git` cannot be started: {error}"), help)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str) -> FilePath {
        FilePath::new(name).unwrap()
    }

    fn read(log: &[u8], asked: GitLog) -> BTreeMap<FilePath, Change> {
        whole(log, asked).changes
    }

    fn whole(log: &[u8], asked: GitLog) -> GitLog {
        let wanted = ["content/a b.md", "content/ü.md"].map(file).into();
        let mut state = GitLog { wanted, ..asked };
        log.split(|b| *b == 0).for_each(|field| state.field(field));
        state
    }

    const LOG: &str = "\x1ec2c2c2c2c2c2c2\x1f200\x1fZoë\0\ncontent/ü.md\0\
        \x1ec1\x1f100\x1fa@b.c\0\ncontent/a b.md\0content/ü.md\0";

    #[test]
    fn the_newest_commit_of_a_file_counts() {
        let changes = read(LOG.as_bytes(), GitLog::default());
        let commit = Some("c2c2c2c2c2".to_owned());
        assert_eq!(changes[&file("content/ü.md")], Change { seconds: 200, author: None, commit });
        assert_eq!(changes[&file("content/a b.md")].seconds, 100);
    }

    #[test]
    fn a_date_that_cannot_be_is_none() {
        for seconds in ["0", "-1", "253402207200", "18446744073709551615", "x"] {
            let log = LOG.replace("\x1f200\x1f", &format!("\x1f{seconds}\x1f"));
            assert!(
                !read(log.as_bytes(), GitLog::default()).contains_key(&file("content/ü.md")),
                "{seconds}"
            );
        }
    }

    #[test]
    fn names_are_read_only_where_asked_for_and_addresses_never() {
        let changes = read(LOG.as_bytes(), GitLog { authors: true, ..GitLog::default() });
        assert_eq!(changes[&file("content/ü.md")].author.as_deref(), Some("Zoë"));
        assert_eq!(changes[&file("content/a b.md")].author, None);
    }

    #[test]
    fn the_edge_of_a_shallow_clone_is_not_trusted() {
        let log = whole(LOG.as_bytes(), GitLog { shallow: ["c1".to_owned()].into(), ..GitLog::default() });
        assert_eq!(log.changes.keys().cloned().collect::<Vec<_>>(), [file("content/ü.md")]);
        assert_eq!(log.beyond, 1);
    }
}
