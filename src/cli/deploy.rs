//! `opsbook deploy`.
//!
//! Owns the table of a dry run, the line that shows the progress, and the sentence at the end.

#![expect(clippy::disallowed_methods, reason = "measures how long it takes")]

use std::cell::Cell;
use std::io::{self, Write};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use jiff::Timestamp;

use crate::deploy::{
    BuiltSite, DeployOptions, DeployPlan, DeployProgress, Deployment, ForeignLock, ForeignSite,
    TargetAddress, Upload, UploadReason, Verification, deploy, dry_run,
};
use crate::input::Failure;
use crate::output::OutputName;
use crate::published_types::media_type;
use crate::report::{byte_size, counted};
use crate::serve::took;

use super::Outcome;
use super::shared_args::title;
use super::terminal::{OutputStream, Terminal};

/// Upload a built site to a bucket or a folder, only what changed
#[derive(Debug, clap::Args)]
#[command(
    allow_missing_positional = true,
    after_help = "\
Examples:
  opsbook build && opsbook deploy s3://handbook
  opsbook deploy public s3://handbook/docs --dry-run
  opsbook deploy public-internal s3://internal-handbook
  opsbook deploy file:///srv/www/handbook
  opsbook deploy s3://handbook --grace 0s
                                Remove at once what the site no longer has

Assets are uploaded first, then new pages, changed pages and the home page, so
readers never get a page whose files are missing. A run that was cut is healed
by the next one. A site never goes where one for another audience is.

Credentials, region and endpoint come from the environment: AWS_ACCESS_KEY_ID,
AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION, AWS_ENDPOINT_URL; else
from the profile of ~/.aws that AWS_PROFILE names."
)]
pub struct DeployArgs {
    /// The folder of the built site
    #[arg(value_name = "FOLDER", default_value = "public")]
    pub folder: PathBuf,
    /// s3://bucket/prefix or file:///path
    #[arg(value_name = "TARGET")]
    pub target: TargetAddress,
    /// List what would be done, and write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// How long removed files stay
    #[arg(long, value_name = "TIME", default_value = "1h", value_parser = grace_seconds)]
    pub grace: i64,
    /// Requests at the same time
    #[arg(long, value_name = "N", default_value_t = 16, value_parser = clap::value_parser!(u8).range(1..=128))]
    pub concurrency: u8,
    /// Compare with a listing of the store, and heal it
    #[arg(long)]
    pub verify: bool,
    /// Replace another handbook, or files of other programs
    #[arg(long)]
    pub adopt: bool,
    /// Take the lock of another run
    #[arg(long)]
    pub break_lock: bool,
    /// Show others this name while the target is locked
    #[arg(long, value_name = "TEXT", value_parser = title)]
    pub name: Option<String>,
}

/// A time span such as `1h`, `2d` or `0s`, in seconds.
fn grace_seconds(text: &str) -> Result<i64, String> {
    let span: jiff::Span =
        text.parse().map_err(|_| "it must be a time such as `0s`, `30m`, `1h` or `2d`".to_owned())?;
    match span.to_duration(jiff::SpanRelativeTo::days_are_24_hours()) {
        Ok(duration) if duration.as_secs() >= 0 && duration.as_hours() <= 24 * 366 => Ok(duration.as_secs()),
        _ => Err("it must be between 0 seconds and a year, without months".to_owned()),
    }
}

pub(super) fn run(args: &DeployArgs, terminal: &Terminal) -> Result<Outcome, Failure> {
    let start = Instant::now();
    let site = BuiltSite::open(&args.folder)?;
    let options = DeployOptions {
        grace: args.grace,
        concurrency: usize::from(args.concurrency),
        name: args.name.clone(),
        lock: if args.break_lock { ForeignLock::Break } else { ForeignLock::Respect },
        foreign: if args.adopt { ForeignSite::Adopt } else { ForeignSite::Refuse },
        verification: if args.verify { Verification::Listing } else { Verification::Manifest },
    };
    if args.dry_run {
        let plan = dry_run(&site, &args.target, &options)?;
        terminal.lines(&table(&plan));
        return Ok(Outcome::Success);
    }
    let progress =
        ProgressLine { is_shown: terminal.is_watched(OutputStream::Error), last: Cell::new(start) };
    let outcome = deploy(&site, &args.target, &options, &progress);
    progress.clear();
    let deployment = outcome?;
    let total = deployment.uploaded + deployment.unchanged;
    let took = took(start.elapsed());
    let bytes = byte_size(deployment.bytes);
    let uploaded = deployment.uploaded;
    let address = &args.target;
    terminal
        .line(&format!("Deployed {uploaded} of {} ({bytes}) in {took} → {address}", counted(total, "file")));
    terminal_notes(&deployment, terminal);
    Ok(Outcome::Success)
}

/// Says what becomes of files that the site no longer has.
fn terminal_notes(deployment: &Deployment, terminal: &Terminal) {
    if deployment.is_unguarded {
        terminal.note(
            "this store ignores conditional writes, so its lock stops no second run: let only one job deploy at a time",
        );
    }
    if deployment.removed > 0 {
        terminal.note(&format!("{} of earlier sites removed", counted(deployment.removed, "file")));
    }
    if let Some(next) = deployment.next_removal {
        let from = Timestamp::from_second(next).map(|time| time.to_string()).unwrap_or_default();
        let files = counted(deployment.waiting, "file");
        terminal.note(&format!(
            "{files} that the site no longer has can still be read; a run after {from} removes what is due \
             (`--grace 0s` removes at once)"
        ));
    }
}

/// The rows of a dry run.
fn table(plan: &DeployPlan) -> Vec<String> {
    let row = |action: &str, cache: &str, media: &str, path: &str| {
        let media = media.split(';').next().unwrap_or_default();
        format!("{action:<10}  {cache:<9}  {media:<24}  {path}")
    };
    let cache = |upload: &Upload| match upload.name {
        OutputName::Fixed => "no-cache",
        OutputName::OfContent => "immutable",
    };
    let action = |upload: &Upload| match upload.reason {
        _ if upload.is_unfinished => "unfinished",
        UploadReason::New => "new",
        UploadReason::Changed => "changed",
    };
    let mut rows = vec![format!("{:<10}  {:<9}  {:<24}  path", "action", "cache", "type")];
    rows.extend(
        plan.uploads.iter().map(|upload| row(action(upload), cache(upload), upload.media, &upload.path)),
    );
    rows.extend(plan.removals.iter().map(|path| row("remove", "", media_type(path), path)));
    rows.extend(plan.waiting.keys().map(|path| row("wait", "", media_type(path), path)));
    rows.push(format!(
        "Would upload {}, remove {}, leave {} for a later run; {} unchanged",
        counted(plan.uploads.len(), "file"),
        plan.removals.len(),
        plan.waiting.len(),
        plan.unchanged
    ));
    rows
}

/// The line `uploading: 812 of 4651 files` on standard error, if that is a terminal.
struct ProgressLine {
    is_shown: bool,
    last: Cell<Instant>,
}

impl ProgressLine {
    fn clear(&self) {
        if self.is_shown {
            let _ = write!(io::stderr(), "\r\u{1b}[K");
        }
    }
}

impl DeployProgress for ProgressLine {
    fn uploaded(&self, files: usize, of: usize) {
        if self.is_shown && self.last.get().elapsed() > Duration::from_millis(200) {
            self.last.set(Instant::now());
            let _ = write!(io::stderr(), "\r\u{1b}[Kuploading: {files} of {of} files");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::grace_seconds;

    #[test]
    fn grace_times_are_read_in_seconds() {
        assert_eq!(
            (grace_seconds("0s"), grace_seconds("30m"), grace_seconds("2d")),
            (Ok(0), Ok(1800), Ok(172_800))
        );
        for wrong in ["", "5", "-1h", "1 month", "9000d"] {
            assert!(grace_seconds(wrong).is_err(), "{wrong}");
        }
    }
}
