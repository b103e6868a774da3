//! `opsbook deploy`: sends a built site to object storage or a folder.
//!
//! What is deployed is a folder that `opsbook build` has made, by its manifest: CI builds and audits first, and sends exactly
//! what was audited. This module knows files and a store, no pages.
//!
//! A run takes a lock, reads the manifest in the store, writes it anew with everything that it is going to touch, uploads
//! what has changed, stage by stage, deletes what the site has not had for longer than the grace time, and writes the manifest
//! again. A run that is cut at any moment leaves a site in which every page has its assets; the next run writes what the
//! manifest calls unsure.
//!
//! A site for one audience never goes where one for another audience is. This is the only module that asks another host, and
//! besides the preview the only one that is asynchronous: [`deploy`] hides that.

mod aws_profile;
mod built_site;
mod deploy_run;
mod plan;
mod signing;
mod store_failure;
mod target;
mod target_lock;
mod target_manifest;

pub use built_site::{BuiltFile, BuiltSite};
pub use deploy_run::{DeployOptions, DeployProgress, Deployment, ForeignSite, Verification, deploy, dry_run};
pub use plan::{DeployPlan, DeployStage, Grace, Upload};
pub use target::{TargetAddress, TargetUse};
pub use target_lock::ForeignLock;
pub use target_manifest::{HandbookIdentity, StoredFile, TargetManifest, UploadReason};
