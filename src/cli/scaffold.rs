//! The files that `init` writes.
//!
//! Owns which files belong to a first handbook and to a forge, and fills in their texts, which are in the folder
//! `scaffold`. Reads and writes nothing.

use crate::forge::Forge;
use crate::schemas::line_of_settings;

use super::origin::Origin;

/// The languages that pages and comments are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ScaffoldLanguage {
    English,
    German,
}

/// How much `init` writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ScaffoldSize {
    Full,
    /// The settings, a home page and a runbook.
    Minimal,
}

/// A file to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ScaffoldFile {
    /// Relative to the handbook's folder or, for files of a forge, to the root of the repository.
    pub path: &'static str,
    pub text: String,
}

/// What the texts depend on.
#[derive(Debug, Clone)]
pub(super) struct Scaffold {
    pub language: ScaffoldLanguage,
    /// The language tag in the settings, such as `de-AT`.
    pub tag: String,
    pub title: String,
    /// An SPDX identifier.
    pub license: Option<String>,
    /// A day such as `2026-11-21`.
    pub today: String,
    /// The remote repository.
    pub origin: Option<Origin>,
    /// The handbook's folder in its repository; empty if it is the whole repository.
    pub folder: String,
    /// The folder of the pages, relative to the handbook's folder.
    pub content: String,
    /// Whether pages that the law may ask for are wanted in any case.
    pub has_legal_pages: bool,
    /// The stage of the jobs for GitLab, if they need to name one.
    pub stage: Option<String>,
}

/// A text in English and in German.
macro_rules! both {
    ($path:literal) => {
        (include_str!(concat!("scaffold/en/", $path)), include_str!(concat!("scaffold/de/", $path)))
    };
}

/// A path, and its text in English and in German.
type Texts = (&'static str, (&'static str, &'static str));

/// Pages of every handbook.
const RUNBOOK: Texts = ("content/runbooks/disk-full.md", both!("content/runbooks/disk-full.md"));

/// Pages of a full handbook.
const PAGES: &[Texts] = &[
    ("content/_index.md", both!("content/_index.md")),
    ("content/about.md", both!("content/about.md")),
    ("content/minutes/_index.md", both!("content/minutes/_index.md")),
    ("content/minutes/first-meeting.md", both!("content/minutes/first-meeting.md")),
    ("content/processes/_index.md", both!("content/processes/_index.md")),
    ("content/processes/incident-response.md", both!("content/processes/incident-response.md")),
    ("content/rcas/_index.md", both!("content/rcas/_index.md")),
    ("content/rcas/example-expired-certificate.md", both!("content/rcas/example-expired-certificate.md")),
    ("content/runbooks/_index.md", both!("content/runbooks/_index.md")),
    RUNBOOK,
];

/// Pages that the law asks for in many countries. They are drafts.
const LEGAL: &[(&str, &str)] = &[
    ("content/imprint.md", include_str!("scaffold/en/content/imprint.md")),
    ("content/privacy.md", include_str!("scaffold/en/content/privacy.md")),
];

/// The same in German.
const LEGAL_GERMAN: &[(&str, &str)] = &[
    ("content/datenschutz.md", include_str!("scaffold/de/content/datenschutz.md")),
    ("content/impressum.md", include_str!("scaffold/de/content/impressum.md")),
];

const GITIGNORE: &str = include_str!("scaffold/gitignore");

/// English comments of files that are the same in all languages, each followed by its German translation.
const COMMENTS: &str = include_str!("scaffold/comments.de");

/// Where GitLab reads jobs from if the repository has a pipeline already.
pub(super) const GITLAB_INCLUDE: &str = ".gitlab/handbook.yml";

impl Scaffold {
    /// The files in the handbook's folder, without pages.
    pub fn settings(&self, size: ScaffoldSize) -> Vec<ScaffoldFile> {
        let mut book = self.file("book.toml", self.of(both!("book.toml")));
        if size == ScaffoldSize::Full {
            book.text.insert_str(0, &format!("{}\n\n", line_of_settings()));
        }
        let mut files = vec![self.file(".gitignore", GITIGNORE), book];
        if size == ScaffoldSize::Full {
            files.push(self.file(".editorconfig", include_str!("scaffold/editorconfig")));
        }
        // Where the pages are not in a folder of their own, these would become pages.
        if size == ScaffoldSize::Full && self.content == "content" {
            files.push(self.file("README.md", self.of(both!("README.md"))));
            files.push(self.file("data/README.md", self.of(both!("data.md"))));
        }
        if let Some(license) = &self.license {
            let text =
                format!("SPDX-License-Identifier: {license}\n\nhttps://spdx.org/licenses/{license}.html\n");
            files.push(ScaffoldFile { path: "LICENSE", text });
        }
        files
    }

    /// The same with the jobs for GitLab in another stage; `None` is the default one.
    pub fn in_stage(&self, stage: Option<&str>) -> Scaffold {
        Scaffold { stage: stage.map(str::to_owned), ..self.clone() }
    }

    /// The first pages.
    pub fn first_pages(&self, size: ScaffoldSize) -> Vec<ScaffoldFile> {
        let mut files = match size {
            ScaffoldSize::Minimal => vec![self.home(), self.file(RUNBOOK.0, self.of(RUNBOOK.1))],
            ScaffoldSize::Full => {
                PAGES.iter().map(|(path, texts)| self.file(path, self.of(*texts))).collect()
            }
        };
        // Where the law asks for them in German, no one has to know that.
        let is_usual = self.language == ScaffoldLanguage::German && size == ScaffoldSize::Full;
        if is_usual || self.has_legal_pages {
            let legal = match self.language {
                ScaffoldLanguage::English => LEGAL,
                ScaffoldLanguage::German => LEGAL_GERMAN,
            };
            files.extend(legal.iter().map(|(path, text)| self.file(path, text)));
        }
        files
    }

    /// The home page of a handbook with few pages.
    fn home(&self) -> ScaffoldFile {
        self.file("content/_index.md", self.of(both!("minimal.md")))
    }

    /// The files of a forge, in the root of the repository: first the pipeline.
    pub fn forge(&self, forge: Forge) -> [ScaffoldFile; 3] {
        let [pipeline, owners, request] = match forge {
            Forge::GitHub => {
                [".github/workflows/handbook.yml", ".github/CODEOWNERS", ".github/pull_request_template.md"]
            }
            Forge::GitLab => {
                [".gitlab-ci.yml", ".gitlab/CODEOWNERS", ".gitlab/merge_request_templates/Default.md"]
            }
            Forge::Forgejo => [
                ".forgejo/workflows/handbook.yml",
                ".forgejo/CODEOWNERS",
                ".forgejo/pull_request_template.md",
            ],
        };
        let (jobs, own) = match forge {
            Forge::GitHub => (include_str!("scaffold/github.yml"), include_str!("scaffold/codeowners")),
            Forge::GitLab => (include_str!("scaffold/gitlab.yml"), include_str!("scaffold/codeowners")),
            Forge::Forgejo => {
                (include_str!("scaffold/forgejo.yml"), include_str!("scaffold/codeowners-forgejo"))
            }
        };
        [self.file(pipeline, jobs), self.file(owners, own), self.file(request, self.of(both!("request.md")))]
    }

    /// The text in the chosen language.
    fn of(&self, (english, german): (&'static str, &'static str)) -> &'static str {
        match self.language {
            ScaffoldLanguage::English => english,
            ScaffoldLanguage::German => german,
        }
    }

    fn file(&self, path: &'static str, text: &str) -> ScaffoldFile {
        let mut filled = String::with_capacity(text.len());
        for line in text.lines() {
            let Some(line) = self.kept(line) else { continue };
            filled.push_str(&self.fill(&self.translated(line)));
            filled.push('\n');
        }
        ScaffoldFile { path, text: filled }
    }

    /// The line without the mark of its condition; `None` if the condition is not fulfilled.
    fn kept<'a>(&self, line: &'a str) -> Option<&'a str> {
        let conditions = [("@SUBFOLDER@", !self.folder.is_empty()), ("@STAGED@", self.stage.is_some())];
        for (mark, is_fulfilled) in conditions {
            if let Some(rest) = line.strip_prefix(mark) {
                return is_fulfilled.then_some(rest);
            }
        }
        Some(line)
    }

    fn branch(&self) -> Option<&str> {
        self.origin.as_ref()?.branch.as_deref()
    }

    /// The comment in the chosen language; any other line as it is.
    fn translated(&self, line: &str) -> String {
        let comment = line.trim_start();
        if self.language == ScaffoldLanguage::English || !comment.starts_with("# ") {
            return line.to_owned();
        }
        let mut pairs = COMMENTS.lines();
        while let (Some(english), Some(german)) = (pairs.next(), pairs.next()) {
            if english == comment {
                return format!("{}{german}", &line[..line.len() - comment.len()]);
            }
        }
        line.to_owned()
    }

    /// Puts values in the place of names such as `@DATE@`.
    fn fill(&self, line: &str) -> String {
        if !line.contains('@') {
            return line.to_owned();
        }
        let license = match &self.license {
            Some(license) => format!("license = \"{license}\""),
            None => "# license = \"CC-BY-SA-4.0\"".to_owned(),
        };
        let program = match env!("CARGO_PKG_REPOSITORY") {
            "" => "Opsbook".to_owned(),
            address => format!("[Opsbook]({address})"),
        };
        let origin = self.origin.as_ref();
        let repository = origin.map_or("https://github.com/example/handbook", |origin| &origin.address);
        let path = if self.folder.is_empty() { String::new() } else { format!("{}/", self.folder) };
        let title = if line.starts_with("title = ") {
            format!("\"{}\"", self.title.replace('\\', "\\\\").replace('"', "\\\""))
        } else {
            self.title.clone()
        };
        // Settings whose values are known are active, the others are examples.
        let active = |is_known: bool| if is_known { "" } else { "# " };
        // The title comes last: it is the only value that may hold such a name.
        line.replace("@DATE@", &self.today)
            .replace("@VERSION@", env!("CARGO_PKG_VERSION"))
            .replace("@LANGUAGE@", &self.tag)
            .replace("@LICENSE@", &license)
            .replace("@REPOSITORY@", repository)
            .replace("@ORIGIN@", active(origin.is_some()))
            .replace("@BRANCHED@", active(self.branch().is_some()))
            .replace("@MOVED@", active(self.content != "content"))
            .replace("@BRANCH@", self.branch().unwrap_or("main"))
            .replace("@CONTENT@", &self.content)
            .replace("@STAGE@", self.stage.as_deref().unwrap_or_default())
            .replace("@OPSBOOK@", &program)
            .replace("@FOLDER@", &self.folder)
            .replace("@PATH@", &path)
            .replace("@TITLE@", &title)
    }
}

/// The lines of `.gitignore` that `text` lacks.
pub(super) fn missing_ignores(text: &str) -> Vec<&'static str> {
    let known: Vec<&str> = text.lines().map(|line| line.trim().trim_matches('/')).collect();
    let rules = GITIGNORE.lines().filter(|line| !line.starts_with('#'));
    rules.filter(|rule| !known.contains(&rule.trim_matches('/'))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scaffold(language: ScaffoldLanguage) -> Scaffold {
        Scaffold {
            language,
            tag: "de".to_owned(),
            title: "A \"title\" \\ @DATE@".to_owned(),
            license: None,
            today: "2026-11-21".to_owned(),
            origin: None,
            folder: "docs/hand buch".to_owned(),
            content: "content".to_owned(),
            has_legal_pages: false,
            stage: None,
        }
    }

    #[test]
    fn every_comment_of_a_shared_file_has_a_translation() {
        let (english, german) = (scaffold(ScaffoldLanguage::English), scaffold(ScaffoldLanguage::German));
        let files = |scaffold: &Scaffold| {
            let mut files = scaffold.settings(ScaffoldSize::Full);
            files.extend(Forge::ALL.iter().flat_map(|forge| scaffold.forge(*forge)));
            files
        };
        let mut compared = 0;
        for (english, german) in files(&english).iter().zip(files(&german)) {
            let comment = |line: &&str| line.trim_start().starts_with("# ") && !line.contains("@example");
            if english.path.ends_with(".md") || english.path == "book.toml" {
                continue;
            }
            for (before, after) in
                english.text.lines().zip(german.text.lines()).filter(|(line, _)| comment(line))
            {
                assert_ne!(before, after, "{}", english.path);
                compared += 1;
            }
        }
        assert!(compared >= 30, "{compared}");
        assert_eq!(COMMENTS.lines().count() % 2, 0);
    }

    #[test]
    fn values_are_written_as_the_file_needs_them() {
        let files = scaffold(ScaffoldLanguage::German).settings(ScaffoldSize::Full);
        let text = |path: &str| &files.iter().find(|file| file.path == path).unwrap().text;
        assert!(
            text("book.toml").contains("title = \"A \\\"title\\\" \\\\ @DATE@\"\n"),
            "{}",
            text("book.toml")
        );
        assert!(text("README.md").starts_with("# A \"title\" \\ @DATE@\n"));
        for file in &files {
            let rest = file.text.replace("@DATE@", "");
            assert!(!rest.contains('@'), "{}: {}", file.path, file.text);
        }
    }

    #[test]
    fn lines_of_gitignore_are_compared_without_slashes() {
        assert_eq!(
            missing_ignores("node_modules\npublic/\n/public-*/\n/.public*\nhandbook*.zip\n"),
            ["/.opsbook/"]
        );
        assert!(missing_ignores(GITIGNORE).is_empty());
    }
}
