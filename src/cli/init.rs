//! `opsbook init`. Starts a handbook in a new folder, in a clone or in a folder of a larger repository.
//!
//! Owns what is written where: files that exist are kept, files of a forge go to the root of the repository, and what
//! does not fit is refused before anything is written.

#![expect(clippy::disallowed_methods, reason = "looks where the first files of a handbook go")]

use std::ffi::OsStr;
use std::fs;
use std::io::{IsTerminal, stdin};
use std::path::{Path, PathBuf};

use crate::config::Config;
use crate::forge::Forge;
use crate::input::{Failure, clock, git};
use crate::kinds::Kinds;
use crate::report::counted;
use crate::schemas::{self, editor_settings, schema_files};
use crate::utc;

use super::Outcome;
use super::creation::create_all;
use super::existing_pages::ExistingPages;
use super::gitlab_pipeline::GitLabPipeline;
use super::origin::Origin;
use super::prompts::{InitAnswers, interview};
use super::relative_paths::from_here;
use super::root::BOOK;
use super::scaffold::{GITLAB_INCLUDE, Scaffold, ScaffoldLanguage, ScaffoldSize, missing_ignores};
use super::shared_args::{language, title};
use super::terminal::{OutputStream, Terminal};

/// Create a handbook: first pages, settings, files for CI
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  opsbook init                  In this folder, such as a clone
  opsbook init handbook         In a folder of its own
  opsbook init --language de --gitlab --title \"Unser Handbuch\"
  opsbook init --github         Add the files of a forge to a handbook

No file is ever overwritten: what is there is kept and listed. If anything
cannot be written, nothing is. At a terminal and without options, the title,
the language and the forge are asked for. Without a forge, the address of the
remote `origin` decides, else there are files for GitHub and GitLab. In a
folder of a larger repository only a named forge gets files: they are in the
root of the repository. A German handbook has an imprint and a privacy page
anyway.")]
pub struct InitArgs {
    /// The folder; it is created if it does not exist
    #[arg(value_name = "DIR", default_value = ".")]
    pub folder: PathBuf,
    /// The title of the handbook
    #[arg(long, value_name = "TEXT", value_parser = title)]
    pub title: Option<String>,
    /// The language of pages and comments: en or de
    #[arg(long, value_name = "TAG", value_parser = language)]
    pub language: Option<String>,
    /// The licence of the texts, such as CC-BY-SA-4.0
    #[arg(long, value_name = "SPDX", value_parser = license)]
    pub license: Option<String>,
    /// Only settings, a home page and a runbook
    #[arg(long)]
    pub minimal: bool,
    /// Drafts of an imprint and a privacy page
    #[arg(long)]
    pub legal: bool,
    #[command(flatten)]
    pub forges: ForgeArgs,
    /// Ask nothing
    #[arg(short, long)]
    pub yes: bool,
}

#[derive(Debug, clap::Args)]
pub struct ForgeArgs {
    /// Write the files for GitHub
    #[arg(long)]
    pub github: bool,
    /// Write the files for GitLab
    #[arg(long)]
    pub gitlab: bool,
    /// Write the files for Forgejo, such as Codeberg
    #[arg(long)]
    pub forgejo: bool,
}

impl InitArgs {
    /// Whether any option says what to write.
    pub fn has_options(&self) -> bool {
        let says = [&self.title, &self.language, &self.license].iter().any(|option| option.is_some());
        says || self.minimal || self.legal || !self.forges.chosen().is_empty()
    }
}

impl ForgeArgs {
    /// The forges that are named.
    pub fn chosen(&self) -> Vec<Forge> {
        let named = [self.github, self.gitlab, self.forgejo];
        Forge::ALL.into_iter().zip(named).filter(|(_, is_named)| *is_named).map(|(forge, _)| forge).collect()
    }
}

fn license(id: &str) -> Result<String, String> {
    let known = spdx::license_id(id).map(|license| license.name.to_owned());
    known.ok_or_else(|| "it must be an SPDX identifier, such as `CC-BY-SA-4.0` or `CC0-1.0`".to_owned())
}

pub(super) fn run(args: &InitArgs, terminal: &Terminal) -> Result<Outcome, Failure> {
    let target = InitTarget::find(&args.folder)?;
    let chosen = args.forges.chosen();
    if target.is_handbook && chosen.is_empty() {
        let message = format!("`{}` is a handbook already; nothing was written", args.folder.display());
        let help =
            "Check it with `opsbook check`. `--github`, `--gitlab` or `--forgejo` adds the files of a forge.";
        return Err(Failure::new(message, help));
    }
    let mut answers = InitAnswers {
        language: args.language.clone().unwrap_or_else(|| "en".to_owned()),
        title: args.title.clone(),
        forges: if chosen.is_empty() && !args.minimal { target.usual_forges() } else { chosen },
    };
    let is_silent = args.yes || args.has_options();
    if !is_silent && stdin().is_terminal() && terminal.is_watched(OutputStream::Error) {
        answers = interview(&mut stdin().lock(), answers, terminal);
    }
    let plan = InitPlan::make(&target, args, &answers)?;
    create_all(&plan.files)?;
    plan.report(&target, terminal);
    if plan.files.is_empty() || target.is_handbook {
        return Ok(Outcome::Success);
    }
    terminal.line(&format!("Next: opsbook serve --open{}", root_option(&args.folder)));
    Ok(Outcome::Success)
}

/// The folder that becomes a handbook.
struct InitTarget {
    /// As the user wrote it.
    folder: PathBuf,
    /// Whether it has settings already.
    is_handbook: bool,
    /// The root of the Git repository around it, as an absolute path, or the folder itself.
    repository: PathBuf,
    /// Its path in the repository; empty if it is the root.
    in_repository: String,
    /// The remote repository.
    origin: Option<Origin>,
    /// Pages that are there.
    pages: Option<ExistingPages>,
}

impl InitTarget {
    /// # Errors
    /// The path is not a folder, or lies in another handbook.
    fn find(folder: &Path) -> Result<InitTarget, Failure> {
        if fs::symlink_metadata(folder).is_ok() && !folder.is_dir() {
            let message = format!("`{}` is not a folder; nothing was written", folder.display());
            return Err(Failure::new(message, "Choose a new folder: `opsbook init handbook`."));
        }
        let real = real_path(folder)?;
        if let Some(outer) = real.ancestors().skip(1).find(|above| above.join(BOOK).is_file()) {
            let message = format!(
                "`{}` is in the handbook `{}`; nothing was written",
                folder.display(),
                outer.display()
            );
            return Err(Failure::new(
                message,
                "Add pages there with `opsbook new`, or choose a folder outside.",
            ));
        }
        let repository = git::repository_around(&real).unwrap_or(&real);
        let inner = real.strip_prefix(repository).expect("it is an ancestor");
        let Some(in_repository) = inner.to_str().map(str::to_owned) else {
            let message = format!("the name of `{}` is not UTF-8; nothing was written", folder.display());
            return Err(Failure::new(message, "Choose another name for the folder."));
        };
        let is_handbook = fs::symlink_metadata(real.join(BOOK)).is_ok();
        Ok(InitTarget {
            folder: folder.to_owned(),
            is_handbook,
            origin: Origin::of(repository),
            pages: if is_handbook { None } else { ExistingPages::find(&real) },
            repository: repository.to_owned(),
            in_repository,
        })
    }

    /// The forges for which files are written where the user names none. In a folder of a larger repository nothing
    /// is written outside of the folder unless it is asked for.
    fn usual_forges(&self) -> Vec<Forge> {
        if !self.in_repository.is_empty() {
            return Vec::new();
        }
        match self.origin.as_ref().and_then(|origin| Forge::at(&origin.address)) {
            Some(forge) => vec![forge],
            None => vec![Forge::GitHub, Forge::GitLab],
        }
    }

    /// The path at which a file of the handbook is written, as the user would write it.
    fn own(&self, path: &str) -> PathBuf {
        if self.folder == Path::new(".") { PathBuf::from(path) } else { self.folder.join(path) }
    }

    /// The path at which a file of the forge is written.
    fn of_repository(&self, path: &str) -> PathBuf {
        if self.in_repository.is_empty() { self.own(path) } else { from_here(&self.repository.join(path)) }
    }
}

/// Folders of a handbook that are no links.
const OWN_FOLDERS: [&str; 3] = ["content", schemas::FOLDER, ".vscode"];

/// What is to be done.
#[derive(Default)]
struct InitPlan {
    files: Vec<(PathBuf, String)>,
    kept: Vec<PathBuf>,
    /// Pages that are there and become those of the handbook.
    pages: Option<ExistingPages>,
    /// What the user has to do, one sentence each.
    remaining: Vec<String>,
}

impl InitPlan {
    /// # Errors
    /// A folder that is needed is something else.
    fn make(target: &InitTarget, args: &InitArgs, answers: &InitAnswers) -> Result<InitPlan, Failure> {
        let language = if answers.language.starts_with("de") {
            ScaffoldLanguage::German
        } else {
            ScaffoldLanguage::English
        };
        let usual = if language == ScaffoldLanguage::German { "Unser Handbuch" } else { "Our handbook" };
        let scaffold = Scaffold {
            language,
            tag: answers.language.clone(),
            title: answers.title.clone().unwrap_or_else(|| usual.to_owned()),
            license: args.license.clone(),
            today: utc::day_of(clock::now()).to_string(),
            origin: target.origin.clone(),
            folder: target.in_repository.clone(),
            content: target.pages.as_ref().map_or_else(|| "content".to_owned(), |pages| pages.folder.clone()),
            has_legal_pages: args.legal,
            stage: None,
        };
        let size = if args.minimal { ScaffoldSize::Minimal } else { ScaffoldSize::Full };
        let mut plan = InitPlan::default();
        if !target.is_handbook {
            for file in scaffold.settings(size) {
                plan.add(target.own(file.path), file.text);
            }
            if size == ScaffoldSize::Full {
                plan.add_schemas(target);
            }
            match &target.pages {
                // Example pages would only be in the way of pages that are there.
                Some(pages) => plan.pages = Some(pages.clone()),
                None => {
                    for file in scaffold.first_pages(size) {
                        plan.add(target.own(file.path), file.text);
                    }
                }
            }
            plan.compare_ignores(&target.own(".gitignore"));
            if let Some(license) = &args.license {
                plan.compare_licenses(license);
            }
        }
        // The path stands in YAML, in shell lines and in a pattern of `sed`.
        if !answers.forges.is_empty()
            && !target.in_repository.chars().all(|c| c.is_alphanumeric() || " -_./".contains(c))
        {
            let message = format!(
                "no pipeline can be written for the folder `{}`; nothing was written",
                target.in_repository
            );
            return Err(Failure::new(
                message,
                "Rename the folder: letters, digits, spaces, `-`, `_` and `.`.",
            ));
        }
        for forge in &answers.forges {
            plan.add_forge(target, *forge, &scaffold);
        }
        if answers.forges.is_empty() && !target.in_repository.is_empty() {
            let folder = target.folder.display();
            plan.remaining.push(format!(
                "Forges read pipelines in the root of the repository only: `opsbook init {folder} --github` (or \
                 --gitlab, --forgejo) writes one there."
            ));
        }
        plan.check_folders()?;
        plan.files.sort();
        Ok(plan)
    }

    /// Adds a file, unless it is there.
    fn add(&mut self, path: PathBuf, text: String) {
        match existing(&path) {
            Some(there) => self.kept.push(there),
            None => self.files.push((path, text)),
        }
    }

    /// Adds the schemas of all files, and the settings by which editors find them.
    fn add_schemas(&mut self, target: &InitTarget) {
        for (path, text) in schema_files(Kinds::built_in(), &[]) {
            self.add(target.own(&path), text);
        }
        for (path, text) in editor_settings(&Config::default()) {
            self.add(target.own(path), text);
        }
    }

    fn add_forge(&mut self, target: &InitTarget, forge: Forge, scaffold: &Scaffold) {
        let [pipeline, owners, request] = scaffold.forge(forge);
        let place = target.of_repository(pipeline.path);
        match fs::read_to_string(&place) {
            Ok(text) if forge == Forge::GitLab => {
                self.kept.push(place);
                self.include_in_gitlab(target, scaffold, &GitLabPipeline::parse(&text));
            }
            _ => self.add(place, pipeline.text),
        }
        let elsewhere = ["CODEOWNERS", "docs/CODEOWNERS"].map(|path| target.of_repository(path));
        match elsewhere.iter().find_map(|path| existing(path)) {
            Some(there) => self.kept.push(there),
            None => self.add(target.of_repository(owners.path), owners.text),
        }
        self.add(target.of_repository(request.path), request.text);
    }

    /// Adds the jobs for GitLab as a file of their own: a repository has one pipeline, which can include others.
    fn include_in_gitlab(&mut self, target: &InitTarget, scaffold: &Scaffold, around: &GitLabPipeline) {
        let [jobs, ..] = scaffold.in_stage(around.stage.as_deref()).forge(Forge::GitLab);
        self.add(target.of_repository(GITLAB_INCLUDE), jobs.text);
        self.remaining.push(format!("Add to `.gitlab-ci.yml`: `include: [{{local: {GITLAB_INCLUDE}}}]`"));
        if let Some(stage) = &around.stage {
            self.remaining.push(format!(
                "The jobs are in the stage `{stage}`, since there is no stage `test`. `stage` in `{GITLAB_INCLUDE}` \
                 names another one."
            ));
        }
        if around.has_pages {
            self.remaining.push(format!(
                "`.gitlab-ci.yml` has a job `pages`, and GitLab would merge both: delete it, or the one in \
                 `{GITLAB_INCLUDE}`."
            ));
        }
    }

    /// Notes a kept file `LICENSE` or `README` that does not name the licence in the settings: readers would find two.
    fn compare_licenses(&mut self, license: &str) {
        for path in &self.kept {
            let stem = path.file_stem().and_then(OsStr::to_str).unwrap_or_default().to_lowercase();
            let Ok(text) = fs::read_to_string(path) else { continue };
            let is_about_licences =
                stem == "license" || stem == "readme" && text.to_lowercase().contains("licen");
            if is_about_licences && !text.contains(license) {
                self.remaining.push(format!(
                    "`{}` was kept and does not name `{license}`: make sure that it says the same as `book.toml`.",
                    path.display()
                ));
            }
        }
    }

    /// Notes which lines a `.gitignore` that is there lacks.
    fn compare_ignores(&mut self, path: &Path) {
        let Ok(text) = fs::read_to_string(path) else { return };
        let missing: Vec<String> = missing_ignores(&text).iter().map(|line| format!("`{line}`")).collect();
        if !missing.is_empty() {
            self.remaining.push(format!("Add to `{}`: {}", path.display(), missing.join(", ")));
        }
    }

    /// Checks that folders of new files are folders. A symbolic link could lead out of the handbook.
    ///
    /// # Errors
    /// One of them is something else.
    fn check_folders(&self) -> Result<(), Failure> {
        for (path, _) in &self.files {
            let depth = path.components().count();
            // The first components are the target itself, which may be reached by a link.
            for above in path.ancestors().skip(1).take(depth.min(3)) {
                let is_own = OWN_FOLDERS.iter().any(|own| above.file_name() == Some(OsStr::new(own)));
                let is_link = is_own && above.is_symlink();
                if is_link || (fs::symlink_metadata(above).is_ok() && !above.is_dir()) {
                    let message = format!("`{}` is not a folder; nothing was written", above.display());
                    return Err(Failure::new(message, "Rename it, or choose another folder."));
                }
            }
        }
        Ok(())
    }

    fn report(&self, target: &InitTarget, terminal: &Terminal) {
        let counted_files = counted(self.files.len(), "file");
        terminal.line(&format!("Wrote {counted_files} to {}", target.folder.display()));
        if let Some(pages) = &self.pages {
            let counted_pages = counted(pages.count, "page");
            terminal.line(&format!(
                "Uses the {counted_pages} in {} (`content = \"{}\"`), and adds no examples",
                target.own(&pages.folder).display(),
                pages.folder
            ));
        }
        if self.kept.is_empty() && self.pages.is_none() && target.in_repository.is_empty() {
            return;
        }
        for (path, _) in &self.files {
            terminal.line(&format!("  {}", path.display()));
        }
        if !self.kept.is_empty() {
            terminal.line(&format!("Kept {}", counted(self.kept.len(), "file")));
            for path in &self.kept {
                terminal.line(&format!("  {}", path.display()));
            }
        }
        for sentence in &self.remaining {
            terminal.line(sentence);
        }
    }
}

/// The path if there is something, or a file that has the same purpose: `readme.rst` for `README.md`.
fn existing(path: &Path) -> Option<PathBuf> {
    if fs::symlink_metadata(path).is_ok() {
        return Some(path.to_owned());
    }
    let stem = path.file_stem()?.to_str()?;
    if !["README", "LICENSE"].contains(&stem) {
        return None;
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    for entry in fs::read_dir(folder).ok()?.flatten() {
        let name = PathBuf::from(entry.file_name());
        let other = name.file_stem().and_then(OsStr::to_str).unwrap_or_default();
        if other.eq_ignore_ascii_case(stem) {
            return Some(path.with_file_name(name));
        }
    }
    None
}

/// The absolute path without symbolic links. What does not exist yet is added to the folder that does.
fn real_path(folder: &Path) -> Result<PathBuf, Failure> {
    let absolute = std::path::absolute(folder).map_err(|error| {
        let message = format!("cannot find `{}`: {error}", folder.display());
        Failure::new(message, "Choose a folder: `opsbook init handbook`.")
    })?;
    for above in absolute.ancestors() {
        if let Ok(real) = above.canonicalize() {
            let missing = absolute.strip_prefix(above).expect("it is an ancestor");
            return Ok(if missing.as_os_str().is_empty() { real } else { real.join(missing) });
        }
    }
    Ok(absolute)
}

/// The option by which the next command finds the folder; empty for the working directory.
fn root_option(folder: &Path) -> String {
    let here = [PathBuf::from("."), PathBuf::new()].contains(&folder.to_owned());
    let text = folder.display().to_string();
    match (here, text.contains(|c: char| !c.is_alphanumeric() && !"-_./".contains(c))) {
        (true, _) => String::new(),
        (false, false) => format!(" --root {text}"),
        (false, true) => format!(" --root '{text}'"),
    }
}
