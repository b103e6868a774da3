//! `opsbook new`. ⚡
//!
//! Owns where a new page is kept and how its file is named. The sections of a kind stand in `scaffold`.

#![expect(clippy::disallowed_methods, reason = "dates a new page")]

use std::time::SystemTime;

use crate::input::{Drafts, Failure, Loader, Options, Preview};
use crate::path::segment;

use super::Outcome;
use super::args::{Kind, New};
use super::here::from_here;
use super::init::create;
use super::scaffold::{Draft, kind_text};
use super::terminal::Terminal;

pub(super) fn run(args: &New, terminal: &Terminal) -> Result<Outcome, Failure> {
    let options = Options {
        root: args.root.find()?,
        out: None,
        base_url: None,
        preview: Preview::No,
        drafts: Drafts::Include,
        today: None,
    };
    let inputs = Loader::new(options).load()?;
    let title = args.title.trim();
    let date = day(SystemTime::now());
    let Some(name) = file_name(args.kind, title, &date) else {
        let message = format!("no file name can be made of the title `{title}`");
        return Err(Failure::new(message, "Use a title with letters or digits."));
    };
    let path = format!("{}/{}{name}.md", inputs.config.content, folder(args.kind));
    create(&inputs.root.join(&path), &Draft { title, date: &date }.fill(kind_text(args.kind)))?;
    terminal.line(&from_here(&inputs.root.join(&path)).display().to_string());
    Ok(Outcome::Well)
}

/// The name of the file without its extension; `None` where the title has no letter or digit.
fn file_name(kind: Kind, title: &str, date: &str) -> Option<String> {
    let slug = segment(title);
    if slug.is_empty() {
        return None;
    }
    // These are known by their day, and titles come again.
    let dated = matches!(kind, Kind::Minutes | Kind::Rca | Kind::Post);
    Some(if dated { format!("{date}-{slug}") } else { slug })
}

/// Where pages of a kind are kept, beneath the content folder.
fn folder(kind: Kind) -> &'static str {
    match kind {
        Kind::Page | Kind::Manifesto => "",
        Kind::Guide => "guides/",
        Kind::Runbook => "runbooks/",
        Kind::Rca => "rcas/",
        Kind::Process => "processes/",
        Kind::Minutes => "minutes/",
        Kind::Post => "posts/",
        Kind::Standard => "standards/",
    }
}

/// The day of a point in time, UTC: `2026-11-21`.
pub(super) fn day(time: SystemTime) -> String {
    let seconds = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs();
    let time = i64::try_from(seconds).ok().and_then(|seconds| jiff::Timestamp::from_second(seconds).ok());
    time.unwrap_or_default().strftime("%Y-%m-%d").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn the_file_is_named_after_the_title_and_where_it_matters_the_day() {
        let name = |kind, title| file_name(kind, title, "2026-11-21");
        assert_eq!(name(Kind::Runbook, "A disk is full!").unwrap(), "a-disk-is-full");
        assert_eq!(name(Kind::Minutes, "Weekly").unwrap(), "2026-11-21-weekly");
        assert_eq!(name(Kind::Page, "../../etc/passwd").unwrap(), "etc-passwd");
        assert_eq!(name(Kind::Page, "..."), None);
    }

    #[test]
    fn days_are_counted_in_utc() {
        assert_eq!(day(SystemTime::UNIX_EPOCH), "1970-01-01");
        assert_eq!(day(SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_219_199)), "2026-11-20");
    }
}
