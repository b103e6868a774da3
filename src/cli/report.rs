//! `opsbook report`: what a change does to the readers of the handbook, as a comment on a request.
//!
//! Owns which states and audiences are built, and where the text goes. `changes` compares and writes.

#![expect(clippy::disallowed_methods, reason = "writes the report")]

use std::fs;
use std::path::PathBuf;

use crate::changes::{AudienceSite, ChangeComment, ComparedState, HandbookChange, SiteState};
use crate::config::Config;
use crate::input::{Drafts, Failure, Inputs, Loader, Options, Preview, RevisionTree, cache};
use crate::memo::Retention;
use crate::pipeline::Engine;
use crate::renames::Renames;

use super::Outcome;
use super::relative_paths::in_repository;
use super::shared_args::{DateArgs, RootArgs};
use super::terminal::{OutputStream, Terminal};

/// Describe a change as a comment for its pull or merge request
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  opsbook report --base origin/main
  opsbook report --base origin/main --preview https://pr-7.example.org/ \\
      --out report.md
  opsbook report --base v1 --audience internal
                                With pages that only insiders see

The present files are compared with the commit where they and REV part: pages
that become visible, new, changed, moved and removed pages, words and fields
that changed, problems, links and addresses that end, owners and reviews. The
text is Markdown for GitHub, GitLab and Forgejo, of at most 65,536 characters,
and says nothing that is hidden from its audience. Drafts do not count.")]
pub struct ReportArgs {
    /// The branch or commit to compare with
    #[arg(long, value_name = "REV", allow_hyphen_values = true)]
    pub base: String,
    /// For this level [default: the first]
    #[arg(long, value_name = "LEVEL")]
    pub audience: Option<String>,
    /// Link pages of this preview of the site
    #[arg(long, value_name = "URL", value_parser = preview_url)]
    pub preview: Option<String>,
    /// List reviews due within so many days
    #[arg(long, value_name = "DAYS", default_value_t = 30)]
    pub due: u16,
    /// Write to a file [default: standard output]
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    #[command(flatten)]
    pub root: RootArgs,
    #[command(flatten)]
    pub day: DateArgs,
}

/// The address of a preview, with a slash at its end. A parenthesis would end a link.
fn preview_url(text: &str) -> Result<String, String> {
    let url = crate::config::base_url(text).filter(|url| !url.contains(['(', ')']));
    url.ok_or_else(|| "it must be an address such as `https://pr-7.example.org/`".to_owned())
}

pub(super) fn run(args: &ReportArgs, terminal: &Terminal) -> Result<Outcome, Failure> {
    let options = Options {
        root: args.root.find()?,
        out: None,
        base_url: None,
        preview: Preview::No,
        drafts: Drafts::Leave,
        audience: None,
        today: args.day.today,
    };
    let tree = RevisionTree::read(&options.root, &args.base)?;
    let mut loader = Loader::without_history(options.clone());
    let inputs = loader.load()?;
    let audiences = audiences(&inputs.config, args.audience.as_deref())?;
    let mut engine = Engine::with_caches(Retention::Nothing, cache::load_for_checks(&inputs.root));
    let mut after = Vec::new();
    for name in &audiences {
        loader.set_audience(Some(name.clone()), None);
        after.push(site(&mut engine, &loader.load()?, name)?);
    }
    let earlier = tree.load(options.clone(), &inputs)?;
    let mut before = Vec::new();
    for name in audiences.iter().filter(|_| earlier.is_some()) {
        let levels = earlier.as_ref().map(|earlier| &earlier.config.visibility.levels);
        // Whoever is to see a level that did not exist saw what everybody saw.
        let level = levels.map(|levels| match levels.find(name) {
            Some(_) => name.clone(),
            None => levels.name(levels.lowest()).to_owned(),
        });
        let options = Options { audience: level, ..options.clone() };
        if let Some(loaded) = tree.load(options, &inputs)? {
            before.push(site(&mut engine, &loaded, name)?);
        }
    }
    let renames = match &earlier {
        Some(earlier) => tree.renames(earlier, &inputs)?,
        None => Renames::default(),
    };
    let nothing = std::collections::BTreeMap::new();
    let sources = earlier.as_ref().map_or(&nothing, |earlier| &earlier.sources);
    let before = ComparedState { sites: before, sources };
    let after = ComparedState { sites: after, sources: &inputs.sources };
    let due = inputs.today.saturating_add(jiff::Span::new().days(i64::from(args.due)));
    let change = HandbookChange::between(&before, &after, &renames, due);
    let preview = args.preview.as_deref();
    let folder = in_repository(&inputs.root);
    let commit = tree.short_commit();
    let text = ChangeComment { change: &change, folder: &folder, commit, preview, due }.render();
    match &args.out {
        Some(path) => fs::write(path, text).map_err(|error| {
            let message = format!("cannot write `{}`: {error}", path.display());
            Failure::new(message, "Check that the folder exists and that you may write there.")
        })?,
        None => terminal.print(OutputStream::Out, &text),
    }
    Ok(Outcome::Success)
}

/// The names of the levels up to the audience of the report, from the lowest. Default: everybody, so that a comment in
/// public says nothing that is hidden.
fn audiences(config: &Config, wanted: Option<&str>) -> Result<Vec<String>, Failure> {
    let levels = &config.visibility.levels;
    let wanted = match wanted {
        Some(name) => levels.find(name).ok_or_else(|| {
            let near = levels.near(name).map_or(String::new(), |near| format!(" Did you mean `{near}`?"));
            Failure::new(format!("there is no audience `{name}`"), format!("Use {}.{near}", levels.listed()))
        })?,
        None => levels.lowest(),
    };
    let up_to = levels.names().filter(|name| levels.find(name).is_some_and(|level| level <= wanted));
    Ok(up_to.map(str::to_owned).collect())
}

fn site(engine: &mut Engine, inputs: &Inputs, audience: &str) -> Result<AudienceSite, Failure> {
    let code_owners = |file: &_| inputs.code_owners(file);
    let (build, mut site) = engine.check_and_read(inputs, |site| SiteState::new(site, &code_owners));
    site.problems = build.diagnostics;
    site.cut_files = build.withheld.into_iter().map(|part| part.span.file).collect();
    Ok(AudienceSite { audience: audience.to_owned(), site })
}
