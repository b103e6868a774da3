//! The thread that parses the handbook.
//!
//! Owns the loader and the engines. A change of a text parses that text and finds the problems of all pages for one
//! audience, without any output. A change on disk also runs a whole check, as `opsbook check` does. Jobs that wait are
//! joined: only the newest state of the editor is parsed.

use std::panic::{self, AssertUnwindSafe};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use gen_lsp_types::json_rpc::Id;

use super::analysis::{Analysis, EditorTexts, for_audience, for_authors, with_texts};
use super::edits::FileEdits;
use super::heading_rename::{HeadingRename, rename_heading};
use crate::diagnostic::{self, Diagnostic};
use crate::input::{Drafts, Failure, Inputs, Loader, Options, Preview, cache, git};
use crate::memo::Digest;
use crate::moves::{AccessPolicy, MovePlanner, MoveRefusal, MoveRequest, checked_audiences, source_of};
use crate::renames::Rename;
use crate::report;

/// How often the disk is looked at for a client that does not report changes of files.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// The most new problems that a refused move lists.
const MOST_SHOWN: usize = 5;

/// A task for the worker.
pub enum Job {
    /// The texts of the editor are these.
    Texts {
        generation: u64,
        texts: EditorTexts,
        disk: DiskState,
    },
    /// The edits that keep all addresses when a file gets another path.
    Move {
        id: Id,
        paths: Vec<Rename>,
    },
    RenameHeading {
        id: Id,
        rename: HeadingRename,
    },
}

/// What is known of the files on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DiskState {
    Unchanged,
    /// Perhaps changed.
    Changed,
}

/// Whether the client reports changes of files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileReports {
    Client,
    /// The worker looks by itself.
    Nobody,
}

/// A result for the server.
pub enum WorkDone {
    Analysed(Arc<Analysis>),
    /// The problems that only a whole check of these files finds.
    Checked {
        problems: Vec<Diagnostic>,
        disk: Arc<Inputs>,
    },
    /// The handbook cannot be read as it is now.
    Failed {
        generation: u64,
        failure: Failure,
    },
    Edits {
        id: Id,
        edits: Result<Vec<FileEdits>, String>,
    },
}

/// The state of the thread.
pub struct LspWorker {
    root: PathBuf,
    loader: Loader,
    /// The files on disk with their digest; `None` until they could be read.
    disk: Option<(Digest, Arc<Inputs>)>,
    /// The digest of the files that were checked.
    checked: Option<Digest>,
    texts: EditorTexts,
    generation: u64,
    /// The engines of the analysis and of the check, so that a move parses nothing that they have parsed.
    planner: MovePlanner,
    reports: FileReports,
    done: Box<dyn Fn(WorkDone) + Send>,
}

impl LspWorker {
    pub fn new(root: PathBuf, reports: FileReports, done: Box<dyn Fn(WorkDone) + Send>) -> LspWorker {
        let loader = Loader::without_history(Options {
            root: root.clone(),
            out: None,
            audience: None,
            base_url: None,
            preview: Preview::No,
            drafts: Drafts::Leave,
            today: None,
        });
        LspWorker {
            planner: MovePlanner::new(cache::load_for_checks(&root)),
            root,
            loader,
            disk: None,
            checked: None,
            texts: EditorTexts::new(),
            generation: 0,
            reports,
            done,
        }
    }

    /// Works until the sender is gone.
    pub fn run(mut self, jobs: &Receiver<Job>) {
        loop {
            let next = match self.reports {
                FileReports::Client => jobs.recv().map_err(|_| RecvTimeoutError::Disconnected),
                FileReports::Nobody => jobs.recv_timeout(LOOK_EVERY),
            };
            let first = match next {
                Ok(job) => job,
                Err(RecvTimeoutError::Timeout) => self.look(),
                Err(RecvTimeoutError::Disconnected) => return,
            };
            let mut waiting = vec![first];
            // A check takes longer than an author waits, so it begins only when nothing else waits.
            while !waiting.is_empty() {
                waiting.extend(jobs.try_iter());
                self.work(std::mem::take(&mut waiting));
                waiting.extend(jobs.try_iter());
            }
            if self.disk.as_ref().is_some_and(|(digest, _)| self.checked != Some(*digest)) {
                self.guarded(LspWorker::check);
            }
        }
    }

    /// The job to look at the disk.
    fn look(&self) -> Job {
        Job::Texts { generation: self.generation, texts: self.texts.clone(), disk: DiskState::Changed }
    }

    fn work(&mut self, jobs: Vec<Job>) {
        let mut disk = DiskState::Unchanged;
        let mut is_changed = false;
        let mut plans = Vec::new();
        for job in jobs {
            match job {
                Job::Texts { generation, texts, disk: state } => {
                    is_changed |= generation != self.generation;
                    (self.texts, self.generation) = (texts, generation);
                    if state == DiskState::Changed {
                        disk = DiskState::Changed;
                    }
                }
                Job::Move { .. } | Job::RenameHeading { .. } => plans.push(job),
            }
        }
        if disk == DiskState::Changed || self.disk.is_none() {
            match self.loader.load() {
                Ok(inputs) => {
                    let digest = inputs.digest();
                    is_changed |= self.disk.as_ref().is_none_or(|(known, _)| *known != digest);
                    self.disk = Some((digest, Arc::new(inputs)));
                }
                Err(failure) => (self.done)(WorkDone::Failed { generation: self.generation, failure }),
            }
        }
        if is_changed && self.disk.is_some() {
            self.guarded(LspWorker::analyse);
        }
        for job in plans {
            self.guarded(|worker| worker.plan(job));
        }
    }

    /// Runs a step. A panic in it is a defect of Opsbook; the author can undo the change that causes it.
    fn guarded(&mut self, step: impl FnOnce(&mut LspWorker)) {
        if panic::catch_unwind(AssertUnwindSafe(|| step(self))).is_ok() {
            return;
        }
        // The panic may have left the memos and caches incomplete.
        self.planner = MovePlanner::new(cache::load_for_checks(&self.root));
        self.checked = self.disk.as_ref().map(|(digest, _)| *digest);
        let failure = Failure::new(
            "Opsbook has failed on the handbook as it is now: a defect of Opsbook, not of the handbook",
            "Undo your last change, and report it with what the language server has written to stderr.",
        );
        (self.done)(WorkDone::Failed { generation: self.generation, failure });
    }

    /// The inputs with the texts of the editor.
    fn edited(&self) -> Option<Inputs> {
        self.disk.as_ref().map(|(_, disk)| with_texts(disk, &self.texts))
    }

    fn analyse(&mut self) {
        let Some(inputs) = self.edited() else { return };
        let analysis = Analysis::new(self.generation, for_authors(inputs), &mut self.planner.engines.authors);
        (self.done)(WorkDone::Analysed(Arc::new(analysis)));
    }

    /// Checks the files on disk for the audiences of `opsbook check`.
    fn check(&mut self) {
        let Some((digest, disk)) = self.disk.clone() else { return };
        self.checked = Some(digest);
        let engines = &mut self.planner.engines;
        let known = engines.authors.inspect(Arc::new(for_authors((*disk).clone()))).diagnostics;
        let mut found = Vec::new();
        for audience in checked_audiences(&disk.config.visibility) {
            let seen = for_audience((*disk).clone(), audience, Drafts::Leave);
            found.extend(engines.for_audience(audience).check(&seen).diagnostics);
        }
        found.retain(|problem| !known.contains(problem));
        diagnostic::sort(&mut found);
        (self.done)(WorkDone::Checked { problems: found, disk });
    }

    fn plan(&mut self, job: Job) {
        let Some(inputs) = self.edited() else { return };
        let (id, edits) = match job {
            Job::Move { id, paths } => (id, self.plan_move(&inputs, paths)),
            Job::RenameHeading { id, rename } => {
                (id, rename_heading(&for_authors(inputs), &rename, &mut self.planner.engines.authors))
            }
            Job::Texts { .. } => return,
        };
        (self.done)(WorkDone::Edits { id, edits });
    }

    fn plan_move(&mut self, inputs: &Inputs, paths: Vec<Rename>) -> Result<Vec<FileEdits>, String> {
        // Git reads the whole work tree, so it is asked here and not on the thread that answers the editor.
        let uncommitted = git::uncommitted(&self.root, &inputs.config.content);
        let request = MoveRequest { paths, access: AccessPolicy::Keep, uncommitted };
        match self.planner.plan(inputs, &request) {
            Ok(planned) => {
                let edits = planned.edits.into_iter();
                Ok(edits.map(|(file, edits)| FileEdits::new(source_of(inputs, &file), edits)).collect())
            }
            Err(MoveRefusal::Impossible(failure)) => Err(failure.to_string()),
            Err(MoveRefusal::Problems { problems, after }) => {
                let shown = &problems[..problems.len().min(MOST_SHOWN)];
                let listed = report::short::render(shown, &report::texts(&after));
                let count = report::counted(problems.len(), "new problem");
                Err(format!("the links are not rewritten: the handbook would have {count}\n{listed}"))
            }
        }
    }
}
