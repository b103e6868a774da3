//! When each file was last changed, as Git knows it.
//!
//! Owns the two questions to Git (which files are tracked, what the log says) and the reading of its
//! answers. Without Git, or outside a repository, nothing is known and nothing is wrong. E-mail addresses
//! are never read.
#![expect(clippy::disallowed_methods, reason = "reads the handbook and its history")]

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Read};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use super::Inputs;
use crate::asset::Change;
use crate::memo::Digest;
use crate::path::FilePath;

/// How much of a commit's name is kept. Git's own short form is longer in a clone that holds more.
const COMMIT: usize = 10;

/// Seconds that a day can be told of: a commit's date is whatever its author's clock, or a joke, has made of it.
const DATED: Range<i64> = 1..253_402_207_200;

/// The history of the last load; asked for again when the repository has moved on.
#[derive(Debug, Default)]
pub struct History {
    repository: Option<Option<Repository>>,
    state: Option<Digest>,
    /// The tracked files that the log was asked for.
    asked: BTreeSet<FilePath>,
    changes: Arc<BTreeMap<FilePath, Change>>,
    /// How many of them were last changed where a shallow clone does not reach.
    beyond: usize,
    /// The files of the last load.
    seen: BTreeSet<FilePath>,
    authors: bool,
}

/// Where Git keeps what we look at.
#[derive(Debug, Clone)]
struct Repository {
    /// Of this working tree.
    own: PathBuf,
    /// Shared by all working trees.
    common: PathBuf,
}

impl History {
    /// The last change of every source.
    pub fn of(&mut self, inputs: &Inputs) -> Arc<BTreeMap<FilePath, Change>> {
        let repository = self.repository.get_or_insert_with(|| find(&inputs.root));
        let Some(repository) = repository.clone() else { return Arc::default() };
        let state = Some(repository.state());
        let authors = inputs.config.repository.as_ref().is_some_and(|repository| repository.authors);
        let moved = state != self.state || authors != self.authors;
        if moved || inputs.sources.keys().any(|file| !self.seen.contains(file)) {
            self.seen = inputs.sources.keys().cloned().collect();
            let tracked = tracked(&inputs.root, &inputs.config.content);
            let wanted: BTreeSet<FilePath> = tracked.intersection(&self.seen).cloned().collect();
            if moved || !wanted.is_subset(&self.asked) {
                let ask = Ask { content: &inputs.config.content, shallow: repository.shallow(), authors };
                let log = ask.log(&inputs.root, wanted.clone());
                (self.changes, self.beyond) = (Arc::new(log.changes), log.beyond);
                self.asked = wanted;
            }
            (self.state, self.authors) = (state, authors);
        }
        self.changes.clone()
    }

    /// How many files were last changed by commits that a shallow clone does not have: nobody can know when.
    pub fn beyond(&self) -> usize {
        self.beyond
    }
}

impl Repository {
    /// A digest that changes with every commit, checkout and fetch of older history.
    fn state(&self) -> Digest {
        let text = |path: PathBuf| std::fs::read(path).unwrap_or_default();
        let head = text(self.own.join("HEAD"));
        let name = String::from_utf8_lossy(&head).trim().strip_prefix("ref: ").map(str::to_owned);
        let at = name.map_or(Vec::new(), |name| text(self.common.join(name)));
        let packed = text(self.common.join("packed-refs"));
        let tables = text(self.common.join("reftable/tables.list"));
        Digest::of(&[&head, &at, &packed, &tables, &text(self.common.join("shallow"))])
    }

    /// Commits whose parents were not fetched: what they changed is unknown.
    fn shallow(&self) -> BTreeSet<String> {
        let list = std::fs::read_to_string(self.common.join("shallow")).unwrap_or_default();
        list.lines().map(str::to_owned).collect()
    }
}

/// The lock that Git holds while it changes the files of a repository, if it does so now. The repository is that of
/// the nearest folder upwards.
pub fn lock(root: &Path) -> Option<PathBuf> {
    let dot = root.ancestors().map(|folder| folder.join(".git")).find(|dot| dot.exists())?;
    let folder = if dot.is_dir() {
        dot
    } else {
        // In a second work tree `.git` is a file that names the folder.
        let text = std::fs::read_to_string(&dot).ok()?;
        dot.parent()?.join(text.strip_prefix("gitdir:")?.trim())
    };
    let lock = folder.join("index.lock");
    lock.exists().then_some(lock)
}

/// Gives Git a moment to go on.
pub fn wait() {
    std::thread::sleep(std::time::Duration::from_millis(20));
}

fn find(root: &Path) -> Option<Repository> {
    let mut command = git(root);
    command.args(["rev-parse", "--absolute-git-dir", "--git-common-dir"]);
    let text = String::from_utf8(answer(command)?).ok()?;
    let (own, common) = text.trim_end().split_once('\n')?;
    Some(Repository { own: PathBuf::from(own), common: root.join(common) })
}

/// Tracked files, relative to the root.
fn tracked(root: &Path, content: &str) -> BTreeSet<FilePath> {
    let mut command = git(root);
    command.args(["ls-files", "-z", "--"]).arg(pathspec(content));
    let output = answer(command).unwrap_or_default();
    output.split(|b| *b == 0).filter_map(path).collect()
}

/// What Git answers, or `None` where it cannot be asked, says no, or its answer cannot be read. The standard library
/// would panic at the last.
fn answer(mut command: Command) -> Option<Vec<u8>> {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().ok()?;
    let mut answer = Vec::new();
    let read = child.stdout.take()?.read_to_end(&mut answer);
    let ended = child.wait().ok()?;
    (read.is_ok() && ended.success()).then_some(answer)
}

/// One question to the log.
struct Ask<'a> {
    content: &'a str,
    shallow: BTreeSet<String>,
    authors: bool,
}

impl Ask<'_> {
    /// Reads the log from the newest commit on, until every wanted file has been met.
    fn log(self, root: &Path, wanted: BTreeSet<FilePath>) -> Log {
        let mut log = Log { shallow: self.shallow, authors: self.authors, wanted, ..Log::default() };
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
            while let Some(Ok(field)) = fields.next() {
                log.field(&field);
                if log.wanted.is_empty() {
                    break;
                }
            }
        }
        // Its answer is complete, or it has ended by itself: no failure here changes what is known.
        let _ended = child.kill().and_then(|()| child.wait());
        log
    }
}

/// Where a commit stands in what was fetched of the history.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Place {
    #[default]
    Within,
    /// All older ones are missing, so it seems to add every file that it has.
    Edge,
}

/// What has been read of a log.
#[derive(Debug, Default)]
struct Log {
    shallow: BTreeSet<String>,
    authors: bool,
    /// Files whose last change has not been met yet.
    wanted: BTreeSet<FilePath>,
    /// The commit whose files follow, where it says when it was made.
    commit: Option<Change>,
    place: Place,
    changes: BTreeMap<FilePath, Change>,
    /// How many files were met at the edge.
    beyond: usize,
}

impl Log {
    /// Takes one field: the head of a commit, or the path of a file that it changed.
    fn field(&mut self, field: &[u8]) {
        if let Some(head) = field.strip_prefix(b"\x1e") {
            let head = String::from_utf8_lossy(head);
            let at_edge = head.split('\x1f').next().is_some_and(|hash| self.shallow.contains(hash));
            self.place = if at_edge { Place::Edge } else { Place::Within };
            self.commit = self.head(&head);
            return;
        }
        let Some(file) = path(field.strip_prefix(b"\n").unwrap_or(field)) else { return };
        if !self.wanted.remove(&file) {
            return;
        }
        match (&self.commit, self.place) {
            (_, Place::Edge) => self.beyond += 1,
            (Some(change), Place::Within) => drop(self.changes.insert(file, change.clone())),
            (None, Place::Within) => {}
        }
    }

    fn head(&self, head: &str) -> Option<Change> {
        let mut parts = head.splitn(3, '\x1f');
        let hash = parts.next()?;
        let seconds = parts.next()?.parse().ok().filter(|seconds| DATED.contains(seconds))?;
        // Some write their address where the name belongs.
        let name = parts.next().map(str::trim).filter(|name| !name.is_empty() && !name.contains('@'));
        let commit = hash.get(..COMMIT).map(str::to_owned);
        Some(Change { seconds, author: name.filter(|_| self.authors).map(str::to_owned), commit })
    }
}

fn path(bytes: &[u8]) -> Option<FilePath> {
    std::str::from_utf8(bytes).ok().filter(|text| !text.is_empty()).and_then(FilePath::new)
}

/// The content folder, taken literally.
fn pathspec(content: &str) -> String {
    let folder = content.trim_matches('/');
    format!(":(literal){}", if folder.is_empty() { "." } else { folder })
}

/// What would change the answers, or run something, where a repository or the user has set it otherwise.
const SETTINGS: [&str; 7] = [
    "core.quotePath=off",
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "i18n.logOutputEncoding=UTF-8",
    "log.follow=false",
    "log.showRoot=true",
    // Files of a handbook that look like a repository are none.
    "safe.bareRepository=explicit",
];

/// Variables that would lead Git elsewhere, or let it understand paths in another way.
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

/// Git, deaf to the user's surroundings: no pager, no hooks, no network, no locks, one language.
fn git(root: &Path) -> Command {
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
        // Older versions of Git do not know the first of the two.
        .env("GIT_NO_LAZY_FETCH", "1")
        .env("GIT_ALLOW_PROTOCOL", "none")
        .env("GIT_TERMINAL_PROMPT", "0")
        .stdin(Stdio::null());
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str) -> FilePath {
        FilePath::new(name).unwrap()
    }

    fn read(log: &[u8], asked: Log) -> BTreeMap<FilePath, Change> {
        whole(log, asked).changes
    }

    fn whole(log: &[u8], asked: Log) -> Log {
        let wanted = ["content/a b.md", "content/ü.md"].map(file).into();
        let mut state = Log { wanted, ..asked };
        log.split(|b| *b == 0).for_each(|field| state.field(field));
        state
    }

    const LOG: &str = "\x1ec2c2c2c2c2c2c2\x1f200\x1fZoë\0\ncontent/ü.md\0\
        \x1ec1\x1f100\x1fa@b.c\0\ncontent/a b.md\0content/ü.md\0";

    #[test]
    fn the_newest_commit_of_a_file_counts() {
        let changes = read(LOG.as_bytes(), Log::default());
        let commit = Some("c2c2c2c2c2".to_owned());
        assert_eq!(changes[&file("content/ü.md")], Change { seconds: 200, author: None, commit });
        assert_eq!(changes[&file("content/a b.md")].seconds, 100);
    }

    #[test]
    fn a_date_that_cannot_be_is_none() {
        for seconds in ["0", "-1", "253402207200", "18446744073709551615", "x"] {
            let log = LOG.replace("\x1f200\x1f", &format!("\x1f{seconds}\x1f"));
            assert!(!read(log.as_bytes(), Log::default()).contains_key(&file("content/ü.md")), "{seconds}");
        }
    }

    #[test]
    fn names_are_read_only_where_asked_for_and_addresses_never() {
        let changes = read(LOG.as_bytes(), Log { authors: true, ..Log::default() });
        assert_eq!(changes[&file("content/ü.md")].author.as_deref(), Some("Zoë"));
        assert_eq!(changes[&file("content/a b.md")].author, None);
    }

    #[test]
    fn the_edge_of_a_shallow_clone_is_not_trusted() {
        let log = whole(LOG.as_bytes(), Log { shallow: ["c1".to_owned()].into(), ..Log::default() });
        assert_eq!(log.changes.keys().cloned().collect::<Vec<_>>(), [file("content/ü.md")]);
        assert_eq!(log.beyond, 1);
    }
}
