//! What a history says of files: last change, first version, number of changes, contributors.
//!
//! Owns the reading of `git log`, which goes from new to old and follows renames, and the union of a reading with that of an
//! older commit. Starts no program.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::asset::Change;
use crate::path::FilePath;

/// Length of a shortened commit hash, in characters. It is fixed, because Git's own short form is longer in a
/// clone that holds more objects.
const COMMIT: usize = 10;

/// Commit times that are accepted, in seconds since 1970, up to the end of the year 9999. A commit can carry
/// any time, by a wrong clock or on purpose.
const DATED: Range<i64> = 1..253_402_207_200;

/// The form of a commit in the log: hash, time of the commit, name of the author.
pub(super) const LOG_FORMAT: &str = "--format=%x1e%H%x1f%ct%x1f%aN";

/// The names that are read from commits. E-mail addresses never are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct WantedNames {
    pub last_author: bool,
    pub contributors: bool,
}

/// What the commits of a file say.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct FileRecord {
    last: Option<LastCommit>,
    /// Seconds since 1970.
    first: Option<i64>,
    changes: u32,
    /// The number of commits of each.
    contributors: BTreeMap<String, u32>,
    /// Whether older commits are missing, because they were not fetched.
    is_cut: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct LastCommit {
    /// `None` if the time cannot be.
    seconds: Option<i64>,
    author: Option<String>,
    commit: String,
}

/// The records of all files of a commit.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct CommitHistory {
    pub commit: String,
    pub files: BTreeMap<FilePath, FileRecord>,
}

/// Reads a log from the newest commit on.
#[derive(Debug)]
pub(super) struct LogReader {
    names: WantedNames,
    /// The commits whose parents were not fetched.
    shallow: BTreeSet<String>,
    /// The files, by their names at the commit that is read.
    files: BTreeMap<FilePath, FilePath>,
    records: BTreeMap<FilePath, FileRecord>,
    commit: LogCommit,
    /// The type of the change whose paths follow.
    status: Option<Vec<u8>>,
    /// The first path of a rename.
    renamed_from: Option<Option<FilePath>>,
}

/// The commit whose files follow.
#[derive(Debug, Default)]
struct LogCommit {
    hash: String,
    seconds: Option<i64>,
    name: Option<String>,
    is_edge: bool,
}

impl LogReader {
    /// A reader for the files of the newest commit.
    pub fn new(files: BTreeSet<FilePath>, names: WantedNames, shallow: BTreeSet<String>) -> LogReader {
        LogReader {
            names,
            shallow,
            records: files.iter().map(|file| (file.clone(), FileRecord::default())).collect(),
            files: files.into_iter().map(|file| (file.clone(), file)).collect(),
            commit: LogCommit::default(),
            status: None,
            renamed_from: None,
        }
    }

    /// Reads one field of the log, which ends at a NUL: a commit, the type of a change, or a path.
    pub fn field(&mut self, field: &[u8]) {
        if let Some(head) = field.strip_prefix(b"\x1e") {
            self.begin(&String::from_utf8_lossy(head));
            return;
        }
        let Some(status) = self.status.take() else {
            let status = field.strip_prefix(b"\n").unwrap_or(field);
            self.status = (!status.is_empty()).then(|| status.to_owned());
            return;
        };
        let path = path(field);
        if status.starts_with(b"R") {
            match self.renamed_from.take() {
                None => {
                    self.renamed_from = Some(path);
                    self.status = Some(status);
                }
                Some(old) => self.renamed(old, path),
            }
            return;
        }
        let Some(path) = path else { return };
        self.changed(&path);
        if status.starts_with(b"A") {
            self.added(&path);
        }
    }

    fn begin(&mut self, head: &str) {
        self.status = None;
        self.renamed_from = None;
        let mut parts = head.splitn(3, '\x1f');
        let hash = parts.next().unwrap_or_default().to_owned();
        let seconds = parts.next().and_then(|text| text.parse().ok()).filter(|time| DATED.contains(time));
        // Some people put their e-mail address where the name belongs. It must not be published.
        let name = parts.next().map(str::trim).filter(|name| !name.is_empty() && !name.contains('@'));
        let is_edge = self.shallow.contains(&hash);
        self.commit = LogCommit { hash, seconds, name: name.map(str::to_owned), is_edge };
    }

    /// Counts the commit for the file that has this name now.
    fn changed(&mut self, name: &FilePath) {
        let Some(file) = self.files.get(name) else { return };
        let record = self.records.get_mut(file).expect("each file has a record");
        let LogCommit { hash, seconds, name: author, is_edge } = &self.commit;
        if *is_edge {
            // This commit seems to add all files that it has.
            record.is_cut = true;
            self.files.remove(name);
            return;
        }
        record.changes += 1;
        record.last.get_or_insert_with(|| LastCommit {
            seconds: *seconds,
            author: author.clone().filter(|_| self.names.last_author),
            commit: hash.get(..COMMIT).unwrap_or(hash).to_owned(),
        });
        if let Some(author) = author.as_ref().filter(|_| self.names.contributors) {
            *record.contributors.entry(author.clone()).or_default() += 1;
        }
    }

    /// Ends the history of the file that has this name now: an older file of the name is another one.
    fn added(&mut self, name: &FilePath) {
        let Some(file) = self.files.remove(name) else { return };
        let record = self.records.get_mut(&file).expect("each file has a record");
        record.first = self.commit.seconds;
    }

    fn renamed(&mut self, old: Option<FilePath>, new: Option<FilePath>) {
        let Some(new) = new else { return };
        self.changed(&new);
        if let Some(file) = self.files.remove(&new)
            && let Some(old) = old
        {
            self.files.insert(old, file);
        }
    }

    /// The records of the newest commit.
    pub fn finish(self, commit: String) -> CommitHistory {
        CommitHistory { commit, files: self.records }
    }

    /// The same after a reading that ended at the commit of `older`.
    pub fn finish_with(mut self, commit: String, older: &CommitHistory) -> CommitHistory {
        for (name, file) in &self.files {
            if let (Some(record), Some(before)) = (self.records.get_mut(file), older.files.get(name)) {
                record.extend(before);
            }
        }
        self.finish(commit)
    }
}

impl FileRecord {
    /// Adds what older commits say.
    fn extend(&mut self, older: &FileRecord) {
        if self.last.is_none() {
            self.last.clone_from(&older.last);
        }
        self.first = older.first;
        self.changes += older.changes;
        for (name, commits) in &older.contributors {
            *self.contributors.entry(name.clone()).or_default() += commits;
        }
    }

    /// Whether older commits are missing, because they were not fetched.
    pub fn is_cut(&self) -> bool {
        self.is_cut
    }

    /// Whether the last change is among the commits that were not fetched.
    pub fn is_undated(&self) -> bool {
        self.is_cut && self.last.is_none()
    }

    /// What readers may see; `None` if the time of the last change is not known.
    pub fn change(&self) -> Option<Change> {
        let last = self.last.as_ref()?;
        let mut contributors: Vec<(&String, u32)> =
            self.contributors.iter().map(|(name, commits)| (name, *commits)).collect();
        contributors.sort_by(|(a, most), (b, fewer)| fewer.cmp(most).then(a.cmp(b)));
        Some(Change {
            seconds: last.seconds?,
            author: last.author.clone(),
            commit: Some(last.commit.clone()),
            first: self.first.filter(|_| !self.is_cut),
            changes: Some(self.changes).filter(|_| !self.is_cut),
            contributors: contributors.into_iter().map(|(name, _)| name.clone()).collect(),
        })
    }
}

/// Whether the history of `base` can be continued by later commits: each comes after `base`, and none lies at the end of a
/// clone that is cut off. `listed` has a line for each commit, with its hash and those of its parents.
pub(super) fn continues(listed: &str, base: &str, shallow: &BTreeSet<String>) -> bool {
    let lines: Vec<Vec<&str>> = listed.lines().map(|line| line.split(' ').collect()).collect();
    let later: BTreeSet<&str> = lines.iter().filter_map(|line| line.first().copied()).collect();
    let parents: BTreeSet<&str> = lines.iter().flat_map(|line| &line[1..]).copied().collect();
    // An earlier commit has no later ones at all.
    parents.contains(base)
        && parents.iter().all(|parent| *parent == base || later.contains(parent))
        && !later.iter().any(|commit| shallow.contains(*commit))
}

pub(super) fn path(bytes: &[u8]) -> Option<FilePath> {
    std::str::from_utf8(bytes).ok().filter(|text| !text.is_empty()).and_then(FilePath::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOG: &str = "\x1ec4c4c4c4c4c4c4\x1f400\x1fZoë\0\nM\0content/ü.md\0\
        \x1ec3\x1f300\x1fa@b.c\0\nR090\0content/old.md\0content/a b.md\0A\0content/ü.md\0\
        \x1ec2\x1f200\x1fAda\0\nM\0content/old.md\0D\0content/ü.md\0\
        \x1ec1\x1f100\x1fAda\0\nA\0content/old.md\0A\0content/ü.md\0";

    fn file(name: &str) -> FilePath {
        FilePath::new(name).unwrap()
    }

    fn reader(names: WantedNames, shallow: &[&str]) -> LogReader {
        let files = ["content/a b.md", "content/ü.md"].map(file).into();
        LogReader::new(files, names, shallow.iter().map(|hash| (*hash).to_owned()).collect())
    }

    fn read_log(log: &str, mut reader: LogReader) -> LogReader {
        log.split('\0').for_each(|field| reader.field(field.as_bytes()));
        reader
    }

    fn change(history: &CommitHistory, name: &str) -> Option<Change> {
        history.files[&file(name)].change()
    }

    const ALL: WantedNames = WantedNames { last_author: true, contributors: true };

    #[test]
    fn renames_are_followed_and_an_earlier_file_of_the_name_is_another_one() {
        let history = read_log(LOG, reader(ALL, &[])).finish("c4".to_owned());
        let moved = change(&history, "content/a b.md").unwrap();
        assert_eq!((moved.seconds, moved.first, moved.changes), (300, Some(100), Some(3)));
        // The author of the last commit has put an address in place of a name.
        assert_eq!((moved.author, moved.contributors), (None, vec!["Ada".to_owned()]));
        let new = change(&history, "content/ü.md").unwrap();
        assert_eq!((new.seconds, new.first, new.changes), (400, Some(300), Some(2)));
        assert_eq!((new.author.as_deref(), new.commit.as_deref()), (Some("Zoë"), Some("c4c4c4c4c4")));
    }

    #[test]
    fn names_are_read_only_where_asked_for() {
        let history = read_log(LOG, reader(WantedNames::default(), &[])).finish(String::new());
        let text = format!("{history:?}");
        assert!(!text.contains("Ada") && !text.contains("Zoë"), "{text}");
    }

    #[test]
    fn a_date_that_cannot_be_is_none() {
        for seconds in ["0", "-1", "253402207200", "18446744073709551615", "x"] {
            let log = LOG.replace("\x1f400\x1f", &format!("\x1f{seconds}\x1f"));
            let history = read_log(&log, reader(ALL, &[])).finish(String::new());
            assert_eq!(change(&history, "content/ü.md"), None, "{seconds}");
        }
    }

    #[test]
    fn the_edge_of_a_shallow_clone_is_not_trusted() {
        let history = read_log(LOG, reader(ALL, &["c3"])).finish(String::new());
        assert!(history.files[&file("content/a b.md")].is_undated());
        let cut = change(&history, "content/ü.md").unwrap();
        assert_eq!((cut.seconds, cut.first, cut.changes), (400, None, None));
    }

    #[test]
    fn a_reading_continues_an_older_one() {
        let at = LOG.find("\x1ec2").unwrap();
        let (newer, older) = LOG.split_at(at);
        let names: BTreeSet<FilePath> = ["content/old.md", "content/ü.md"].map(file).into();
        let mut base =
            read_log(older, LogReader::new(names.clone(), ALL, BTreeSet::new())).finish("c2".to_owned());
        // At that commit the file does not exist.
        base.files.remove(&file("content/ü.md"));
        let continued = read_log(newer, reader(ALL, &[]));
        let whole = read_log(LOG, reader(ALL, &[])).finish("c4".to_owned());
        assert_eq!(continued.finish_with("c4".to_owned(), &base), whole);
    }

    #[test]
    fn only_commits_that_all_come_after_it_continue_a_history() {
        let shallow = |hash: &str| BTreeSet::from([hash.to_owned()]);
        let listed = "c5 c4 b1\nc4 c3\nb1 c3\n";
        assert!(continues(listed, "c3", &BTreeSet::new()));
        assert!(!continues("", "c3", &BTreeSet::new()), "the commit is before c3");
        assert!(!continues("c5 c4 b1\nc4 c3\nb1 a9\n", "c3", &BTreeSet::new()), "a branch began before c3");
        assert!(!continues("c5 c4\nc4\n", "c3", &shallow("c4")), "what lies before c4 is not known");
        assert!(continues(listed, "c3", &shallow("c3")), "c3 itself is known");
    }

    #[test]
    fn nonsense_is_no_history() {
        for log in ["", "\0\0", "\x1e\0R1\0a", "\x1ex\x1f1\x1f\0\nR100\0a\0", "M\0content/ü.md"] {
            let history = read_log(log, reader(ALL, &[])).finish(String::new());
            assert_eq!(history.files.len(), 2, "{log:?}");
        }
    }
}
