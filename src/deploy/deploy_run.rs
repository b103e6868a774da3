//! One run: from the lock to the last manifest.
//!
//! Owns the order of writes and what happens when a run is interrupted or fails. [`super::plan`] decides what is written.

use std::collections::BTreeMap;
use std::future::Future;

use futures_util::stream;
use futures_util::{StreamExt, TryStreamExt};
use jiff::Timestamp;
use tokio::runtime::Builder;
use tokio::signal::unix::{SignalKind, signal};

use crate::input::Failure;
use crate::publish::{MANIFEST, Manifest};

use super::built_site::BuiltSite;
use super::plan::{DeployPlan, DeployStage, Grace, Upload};
use super::target::{DeployTarget, TargetAddress, TargetUse};
use super::target_lock::{ForeignLock, TargetLock};
use super::target_manifest::{OWN_FOLDER, StoredFile, TARGET_MANIFEST, TargetManifest};

/// After so many uploads the manifest is written in between, so that a run that is cut loses no more.
const CHECKPOINT: usize = 500;

/// The options of a run.
#[derive(Debug, Clone)]
pub struct DeployOptions {
    /// How long a file stays after the site has lost it, in seconds.
    pub grace: i64,
    /// The number of requests at the same time.
    pub concurrency: usize,
    /// What the lock says about this run to others.
    pub name: Option<String>,
    pub lock: ForeignLock,
    pub foreign: ForeignSite,
    pub verification: Verification,
}

/// Whether a target with files that are not of this handbook is taken over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ForeignSite {
    Refuse,
    Adopt,
}

/// Whether the store is asked for what it holds, or the manifest is believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verification {
    Manifest,
    Listing,
}

/// Hears how far a run is.
pub trait DeployProgress {
    fn uploaded(&self, files: usize, of: usize);
}

/// The result of a run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Deployment {
    pub uploaded: usize,
    /// Of the uploaded files, in bytes.
    pub bytes: u64,
    pub unchanged: usize,
    pub removed: usize,
    /// Files that the site no longer has and that stay for now.
    pub waiting: usize,
    /// The second since the epoch from which on the first of them is removed.
    pub next_removal: Option<i64>,
    /// Whether the store lets two runs take the lock, which the first run tries.
    pub is_unguarded: bool,
}

/// Deploys a site.
///
/// # Errors
/// The target holds something else or is locked, the store refuses, or the run is interrupted. The next run heals what is
/// unfinished.
pub fn deploy(
    site: &BuiltSite,
    address: &TargetAddress,
    options: &DeployOptions,
    progress: &dyn DeployProgress,
) -> Result<Deployment, Failure> {
    on_this_thread(async {
        let target = open(site, address, TargetUse::Write)?;
        let lock = TargetLock::take(&target, options.name.as_deref(), options.lock).await?;
        let mut run =
            DeployRun { site, target: &target, options, progress, lock, manifest: None, unwritten: 0 };
        let outcome = tokio::select! {
            outcome = run.all() => outcome,
            () = interruption() => Err(Failure::new(
                format!("the deployment to `{}` was interrupted", target.address),
                "The site there is whole: old pages or new ones. Run the same command again; it uploads what is missing.",
            )),
        };
        if outcome.is_err() && !run.lock.is_lost {
            // Both only spare the next run some work, so the first failure is the one to report.
            let _ = run.checkpoint().await;
        }
        let released = run.lock.release(&target).await;
        let deployment = outcome?;
        released?;
        Ok(deployment)
    })
}

/// The plan of a run, without writing anything.
///
/// # Errors
/// As for [`deploy`]; a lock is not looked at.
pub fn dry_run(
    site: &BuiltSite,
    address: &TargetAddress,
    options: &DeployOptions,
) -> Result<DeployPlan, Failure> {
    on_this_thread(async {
        let target = open(site, address, TargetUse::Read)?;
        let current = current_manifest(site, &target, options).await?;
        Ok(DeployPlan::new(&site.files, current.as_ref(), grace(options)))
    })
}

/// Runs requests on this thread, until `work` has ended.
fn on_this_thread<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = Builder::new_current_thread().enable_all().build();
    runtime.map_err(|error| Failure::no_thread(&error))?.block_on(work)
}

/// Ends when somebody wants the program to end.
async fn interruption() {
    tokio::select! {
        Ok(()) = tokio::signal::ctrl_c() => {}
        Some(()) = received(SignalKind::hangup()) => {}
        Some(()) = received(SignalKind::terminate()) => {}
        // No signal can be waited for.
        else => std::future::pending().await,
    }
}

/// Waits for a signal; `None` if that is not possible.
async fn received(kind: SignalKind) -> Option<()> {
    signal(kind).ok()?.recv().await
}

fn open(site: &BuiltSite, address: &TargetAddress, purpose: TargetUse) -> Result<DeployTarget, Failure> {
    let target = DeployTarget::open(address, purpose)?;
    let built = site.real_path();
    if target.folder().is_some_and(|folder| folder.starts_with(built) || built.starts_with(folder)) {
        let message = format!("`{address}` overlaps with the built site `{}`", built.display());
        return Err(Failure::new(message, "Name a folder of its own as the target."));
    }
    Ok(target)
}

fn grace(options: &DeployOptions) -> Grace {
    Grace { now: Timestamp::now().as_second(), seconds: options.grace }
}

/// The manifest at the target, after every check whether this site may go there; `None` if nothing has been deployed yet.
async fn current_manifest(
    site: &BuiltSite,
    target: &DeployTarget,
    options: &DeployOptions,
) -> Result<Option<TargetManifest>, Failure> {
    check_above(site, target).await?;
    let is_verified = options.verification == Verification::Listing;
    let listed = if is_verified || options.foreign == ForeignSite::Adopt {
        target.list(usize::MAX).await?.into_iter().collect()
    } else {
        BTreeMap::new()
    };
    check_below(site, target, listed.keys()).await?;
    if let Some(object) = target.get(MANIFEST).await? {
        check_manifest(site, MANIFEST, &object.bytes, &target.address)?;
    }
    let Some(object) = target.get(TARGET_MANIFEST).await? else {
        if options.foreign == ForeignSite::Refuse {
            check_empty(target).await?;
        }
        return Ok(None);
    };
    check_manifest(site, TARGET_MANIFEST, &object.bytes, &target.address)?;
    let mut manifest = TargetManifest::parse(&object.bytes).expect("it was read by the check");
    if !manifest.handbook.is_same(&site.handbook) && options.foreign == ForeignSite::Refuse {
        return Err(Failure::new(
            format!("`{}` holds another handbook: “{}”", target.address, manifest.handbook.title),
            "Choose another target, or add `--adopt` to put this handbook in its place.",
        ));
    }
    if is_verified {
        let is_there = |path: &String, file: &StoredFile| {
            listed.get(path).is_some_and(|etag| file.etag.is_none() || *etag == file.etag)
        };
        for (path, file) in &mut manifest.files {
            if !is_there(path, file) {
                // No file has this digest, so the site's own is uploaded, as a change: pages there may lead to it.
                file.digest.clear();
            }
        }
    }
    Ok(Some(manifest))
}

/// Refuses a place whose site is for another audience. `name` is that of the manifest there: of a deployed site or of a built one.
/// A manifest that cannot be understood may belong to a site for more readers.
fn check_manifest(site: &BuiltSite, name: &str, bytes: &[u8], place: &str) -> Result<(), Failure> {
    let theirs = match name {
        TARGET_MANIFEST => TargetManifest::parse(bytes).map(|manifest| Some(manifest.audience)),
        _ => str::from_utf8(bytes).ok().and_then(Manifest::parse).map(|manifest| manifest.audience),
    };
    match theirs {
        Some(Some(theirs)) => check_audience(site, &theirs, place),
        Some(None) => Err(Failure::new(
            format!("`{place}` holds a site that does not name its audience, as older versions wrote them"),
            "Choose another target, or build that site again.",
        )),
        None => Err(Failure::new(
            format!("`{name}` in `{place}` was not made by this version of Opsbook"),
            "Update Opsbook, or choose another target.",
        )),
    }
}

/// Refuses to put a site where readers of another one look.
fn check_audience(site: &BuiltSite, theirs: &str, place: &str) -> Result<(), Failure> {
    if site.audience == theirs {
        return Ok(());
    }
    Err(Failure::new(
        format!("`{place}` holds a site for `{theirs}`, and this one is for `{}`", site.audience),
        format!(
            "Choose another target. If no reader needs the site there, delete it with its folder `{OWN_FOLDER}` first."
        ),
    ))
}

/// Refuses a target inside of a site for another audience.
async fn check_above(site: &BuiltSite, target: &DeployTarget) -> Result<(), Failure> {
    for name in [TARGET_MANIFEST, MANIFEST] {
        for (place, bytes) in target.get_above(name).await? {
            check_manifest(site, name, &bytes, &place)?;
        }
    }
    Ok(())
}

/// Refuses a target that has a site for another audience inside of it. `paths` are all files at the target.
async fn check_below(
    site: &BuiltSite,
    target: &DeployTarget,
    paths: impl Iterator<Item = &String>,
) -> Result<(), Failure> {
    for path in paths {
        for name in [TARGET_MANIFEST, MANIFEST] {
            let Some(folder) = path.strip_suffix(name).and_then(|folder| folder.strip_suffix('/')) else {
                continue;
            };
            if let Some(object) = target.get(path).await? {
                check_manifest(site, name, &object.bytes, &format!("{}/{folder}", target.address))?;
            }
        }
    }
    Ok(())
}

/// Refuses a target with files that no run has written.
async fn check_empty(target: &DeployTarget) -> Result<(), Failure> {
    // The lock is there already, so two names are enough to know.
    let found = target.list(2).await?;
    let Some((path, _)) = found.iter().find(|(path, _)| !path.starts_with(OWN_FOLDER)) else { return Ok(()) };
    Err(Failure::new(
        format!(
            "`{}` is not empty, and `opsbook deploy` has not filled it: there is `{path}`",
            target.address
        ),
        "Choose an empty prefix. With `--adopt` the site is put there all the same: equal names are overwritten, other files stay.",
    ))
}

struct DeployRun<'a> {
    site: &'a BuiltSite,
    target: &'a DeployTarget,
    options: &'a DeployOptions,
    progress: &'a dyn DeployProgress,
    lock: TargetLock,
    /// What is in the store, once it was written that this run touches it.
    manifest: Option<TargetManifest>,
    /// The number of changes of the manifest that the store does not have.
    unwritten: usize,
}

impl DeployRun<'_> {
    async fn all(&mut self) -> Result<Deployment, Failure> {
        let reading = current_manifest(self.site, self.target, self.options);
        let current = self.lock.hold_during(self.target, reading).await?;
        let grace = grace(self.options);
        let plan = DeployPlan::new(&self.site.files, current.as_ref(), grace);
        let mut deployment = Deployment {
            unchanged: plan.unchanged,
            removed: plan.removals.len(),
            waiting: plan.waiting.len(),
            next_removal: plan.waiting.values().min().map(|since| since + grace.seconds),
            ..Deployment::default()
        };
        if plan.is_idle(current.as_ref()) {
            return Ok(deployment);
        }
        if current.is_none() {
            deployment.is_unguarded = !self.lock.is_guarded(self.target).await?;
        }
        self.target.remove_unfinished(current.iter().flat_map(|manifest| manifest.unsure.keys()));
        let first = plan.first_manifest(current, self.site.handbook.clone(), self.site.audience.clone());
        self.target.put_own(TARGET_MANIFEST, first.to_text()).await?;
        self.manifest = Some(first);
        let has = |stage| plan.uploads.iter().any(|upload| upload.stage == stage);
        let has_changes = has(DeployStage::NewPages) && has(DeployStage::ChangedPages);
        for stage in DeployStage::ALL {
            let uploads: Vec<&Upload> = plan.uploads.iter().filter(|upload| upload.stage == stage).collect();
            self.upload(&uploads, &mut deployment, plan.uploads.len()).await?;
            // From here on pages lead to the new ones: a later run must not take these for pages that no page leads to.
            if stage == DeployStage::NewPages && has_changes {
                self.checkpoint().await?;
            }
        }
        if !plan.removals.is_empty() {
            let deletion = self.target.delete(plan.removals.clone());
            self.lock.hold_during(self.target, deletion).await?;
            let manifest = self.manifest.as_mut().expect("it was written above");
            manifest.deleting.clear();
        }
        self.unwritten += 1;
        self.checkpoint().await?;
        Ok(deployment)
    }

    /// Uploads the files of one stage.
    async fn upload(
        &mut self,
        uploads: &[&Upload],
        deployment: &mut Deployment,
        of: usize,
    ) -> Result<(), Failure> {
        let (site, target) = (self.site, self.target);
        let requests = stream::iter(uploads).map(|upload| async move {
            let bytes = site.read(&upload.path)?;
            let length = bytes.len() as u64;
            let etag = target.put(&upload.path, bytes, upload.headers()).await?;
            Ok::<_, Failure>((*upload, length, etag))
        });
        let mut requests = std::pin::pin!(requests.buffer_unordered(self.options.concurrency));
        while let Some((upload, length, etag)) = self.lock.hold_during(target, requests.try_next()).await? {
            let manifest = self.manifest.as_mut().expect("it is written before the first upload");
            manifest.unsure.remove(&upload.path);
            manifest.files.insert(upload.path.clone(), StoredFile { digest: upload.digest.clone(), etag });
            deployment.uploaded += 1;
            deployment.bytes += length;
            self.unwritten += 1;
            self.progress.uploaded(deployment.uploaded, of);
            if self.unwritten >= CHECKPOINT {
                self.checkpoint().await?;
            }
        }
        Ok(())
    }

    /// Writes the manifest if the store does not have it as it is.
    async fn checkpoint(&mut self) -> Result<(), Failure> {
        if let Some(manifest) = self.manifest.as_ref().filter(|_| self.unwritten > 0) {
            // A run that has taken the lock meanwhile has written a manifest of its own.
            self.lock.renew(self.target).await?;
            self.target.put_own(TARGET_MANIFEST, manifest.to_text()).await?;
            self.unwritten = 0;
        }
        Ok(())
    }
}
