//! The pipelines that `init` writes, run as they are written.
//!
//! Owns the order of their shell lines, and a registry that is a local folder: `pip` and `pipx` are scripts here, which
//! install the program that is tested. Conditions and actions of the forges are not run.

#![expect(clippy::disallowed_methods, reason = "runs the program")]

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_yaml::Value;

use crate::support::program::{add, run};

/// A clone of a repository with a handbook, on a machine that does not have Opsbook yet.
struct Clone {
    folder: tempfile::TempDir,
    /// The handbook's folder in the clone; empty for the whole clone.
    book: &'static str,
    pipeline: Value,
}

const VERSION: &str = env!("CARGO_PKG_VERSION");

impl Clone {
    /// A clone with what `init` writes for a forge, committed and pushed.
    fn new(forge: &str, file: &str, book: &'static str) -> Clone {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        for name in ["commands", "tools", "home", "packages"] {
            fs::create_dir(root.join(name)).unwrap();
        }
        symlink(env!("CARGO_BIN_EXE_opsbook"), root.join("packages/opsbook")).unwrap();
        // The last argument is the package. Nothing but this version exists.
        let install = format!(
            "#!/bin/sh\nfor last; do :; done\n[ \"$last\" = \"opsbook=={VERSION}\" ] || exit 1\n\
             cp -P {0}/packages/opsbook {0}/tools/opsbook\n",
            root.display()
        );
        // A forge with two pages of comments, which a test may give. It keeps what it is asked.
        let curl = format!(
            "#!/bin/sh\nfor last; do :; done\necho \"$@\" >> {0}/asked\n\
             case \"$*\" in *comment.json*) cp comment.json {0}/sent.json;; */user) echo '{{\"id\": 7}}';;\n\
             *page=2) cat {0}/comments-2;; *) cat {0}/comments;; esac\n",
            root.display()
        );
        for (name, text) in
            [("pip", install.as_str()), ("pipx", &install), ("apt-get", "#!/bin/sh\n"), ("curl", &curl)]
        {
            let path = root.join("commands").join(name);
            fs::write(&path, text).unwrap();
            fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
        }
        let clone = Clone { folder, book, pipeline: Value::Null };
        clone.shell(
            ".",
            "git init --quiet --bare --initial-branch main origin && git clone --quiet origin clone",
        );
        let clone_root = clone.root();
        fs::create_dir_all(clone_root.join(book)).unwrap();
        let target = if book.is_empty() { "." } else { book };
        let started = run(&clone_root, &["init", target, &format!("--{forge}")]);
        assert_eq!((started.code, started.err.as_str()), (0, ""), "{}", started.out);
        clone.shell(
            "clone",
            "git add --all && git commit --quiet --message Start && git push --quiet origin HEAD:main",
        );
        let pipeline = fs::read_to_string(clone_root.join(file)).unwrap();
        Clone { pipeline: serde_yaml::from_str(&pipeline).unwrap(), ..clone }
    }

    fn root(&self) -> PathBuf {
        self.folder.path().join("clone")
    }

    fn book(&self) -> PathBuf {
        self.root().join(self.book)
    }

    /// Runs a shell script in a folder of the scene, which must succeed.
    fn shell(&self, here: &str, script: &str) {
        let (is_well, out) = self.script(&self.folder.path().join(here), script);
        assert!(is_well, "{script}\n{out}");
    }

    /// Whether a script succeeds, and what it prints.
    fn script(&self, here: &Path, script: &str) -> (bool, String) {
        let root = self.folder.path();
        let path = format!("{0}/commands:{0}/tools:/usr/local/bin:/usr/bin:/bin", root.display());
        let mut shell = Command::new("/bin/sh");
        shell.args(["-e", "-c", script]).current_dir(here).env_clear();
        shell.env("PATH", path).env("HOME", root.join("home"));
        for name in ["AUTHOR", "COMMITTER"] {
            shell.env(format!("GIT_{name}_NAME"), "T").env(format!("GIT_{name}_EMAIL"), "t@example.org");
        }
        shell.env("OPSBOOK", self.variable("OPSBOOK")).env("CI_PROJECT_DIR", self.root());
        shell.env("GITHUB_BASE_REF", "main").env("GITHUB_STEP_SUMMARY", root.join("summary"));
        shell.env("CI_MERGE_REQUEST_DIFF_BASE_SHA", "origin/main");
        shell.env("TOKEN", "t0ken").env("COMMENTS", "https://forge.example/comments");
        shell.env("ISSUES", "https://forge.example/issues").env("NUMBER", "5");
        shell.env("OPSBOOK_TOKEN", "t0ken").env("CI_API_V4_URL", "https://forge.example/api");
        shell.env("CI_MERGE_REQUEST_PROJECT_ID", "3").env("CI_MERGE_REQUEST_IID", "5");
        for name in ["BASE_URL", "CI_PAGES_URL"] {
            shell.env(name, "https://handbook.example.org/x");
        }
        let output = shell.output().unwrap();
        let text = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8(text).unwrap())
    }

    /// A variable that the pipeline sets for all jobs.
    fn variable(&self, name: &str) -> String {
        let tables = [&self.pipeline["env"], &self.pipeline[".opsbook"]["variables"]];
        let set = tables.map(|table| table[name].as_str());
        set.into_iter().flatten().collect()
    }

    fn job(&self, name: &str) -> &Value {
        // GitLab reads all jobs of a repository from one map, so they have longer names there.
        let own = format!("handbook-{name}");
        let job = match self.pipeline["jobs"].is_null() {
            true if self.pipeline[&*own].is_null() => &self.pipeline[name],
            true => &self.pipeline[&*own],
            false => &self.pipeline["jobs"][name],
        };
        assert!(!job.is_null(), "there is a job `{name}`");
        job
    }

    /// Runs the shell lines of a job in their order, as its forge does. Whether they succeed, and what they print.
    fn run(&self, name: &str) -> (bool, String) {
        let _ = fs::remove_file(self.folder.path().join("tools/opsbook"));
        let job = self.job(name);
        let lines = |list: &Value| -> Vec<String> {
            list.as_sequence().unwrap().iter().map(|line| line.as_str().unwrap().to_owned()).collect()
        };
        // GitLab runs all lines in one shell, the others each step in its own.
        let (scripts, here) = if job["steps"].is_null() {
            let own = &job["before_script"];
            let before = if own.is_null() { &self.pipeline[".opsbook"]["before_script"] } else { own };
            let before = lines(before);
            (vec![[before, lines(&job["script"])].concat().join("\n")], self.root())
        } else {
            let steps = job["steps"].as_sequence().unwrap().iter();
            let folder = |defaults: &Value| defaults["run"]["working-directory"].as_str().map(str::to_owned);
            let default =
                folder(&job["defaults"]).or_else(|| folder(&self.pipeline["defaults"])).unwrap_or_default();
            (
                steps.filter_map(|step| step["run"].as_str().map(str::to_owned)).collect(),
                self.root().join(default),
            )
        };
        assert!(!scripts.is_empty());
        let mut printed = String::new();
        for script in &scripts {
            let (is_well, out) = self.script(&here, script);
            printed += &out;
            if !is_well {
                return (false, printed);
            }
        }
        (true, printed)
    }

    #[track_caller]
    fn passes(&self, job: &str) -> String {
        let (is_well, out) = self.run(job);
        assert!(is_well, "{job} of {:?}: {out}", self.book);
        out
    }

    #[track_caller]
    fn fails(&self, job: &str) -> String {
        let (is_well, out) = self.run(job);
        assert!(!is_well, "{job} of {:?}: {out}", self.book);
        out
    }

    /// A path in a step that uses an action, such as an upload.
    fn uploaded(&self, job: &str, action: &str) -> PathBuf {
        let steps = self.job(job)["steps"].as_sequence().unwrap();
        let is_it = |step: &&Value| step["uses"].as_str().is_some_and(|uses| uses.contains(action));
        let step = steps.iter().find(is_it).expect("the job has the action");
        self.root().join(step["with"]["path"].as_str().unwrap())
    }

    /// What every pipeline does: a broken link stops it, and a preview is there all the same.
    fn check_a_request(&self, preview: &Path) -> String {
        self.passes("check");
        let page = self.book().join("content/about.md");
        let whole = fs::read_to_string(&page).unwrap();
        add(&self.book(), "content/about.md", "\n[100 % \"broken\"](nope.md)\n");
        let reported = self.fails("check");
        assert!(reported.contains("link.missing"), "{reported}");
        self.passes("preview");
        assert!(fs::read(preview).unwrap().starts_with(b"PK"), "{}", preview.display());
        let report = self.book().join("code-quality.json");
        let report = fs::read_to_string(report).unwrap_or(reported);
        fs::write(&page, whole).unwrap();
        self.passes("check");
        report
    }

    /// The report of a request that adds a page.
    fn report_a_request(&self) -> String {
        add(&self.book(), "content/added.md", "# Added page\n");
        let printed = self.passes("report");
        fs::remove_file(self.book().join("content/added.md")).unwrap();
        let report = fs::read_to_string(self.book().join("report.md")).unwrap();
        let mark = match self.book {
            "" => "<!-- opsbook report -->\n",
            _ => "<!-- opsbook report docs/h%C3%A4nd%20buch -->\n",
        };
        assert!(report.starts_with(mark) && report.contains("\n- Added page\n"), "{report}");
        assert!(printed.contains(&report) || printed.lines().count() < 5, "{printed}");
        report
    }

    /// A comment with the report is written, or replaced where the pipeline has written one.
    fn comment_a_request(&self, report: &str, forge: &CommentApi) {
        let job = self.job("comment");
        let steps = job["steps"].as_sequence().into_iter().flatten();
        let uses: Vec<&str> = steps.filter_map(|step| step["uses"].as_str()).collect();
        let has_sources = match job["script"].is_null() {
            true => uses.iter().any(|action| action.contains("checkout")),
            false => job["variables"]["GIT_STRATEGY"].as_str() != Some("none"),
        };
        assert!(!has_sources, "a job with a right runs no foreign code");
        // GitLab keeps the paths of artifacts, the others put the file into the working directory.
        let place = if job["script"].is_null() { self.root() } else { self.book() }.join("report.md");
        fs::write(&place, report).unwrap();
        let own_mark = report.lines().next().unwrap();
        // Another handbook of the repository has a mark of its own.
        let other_mark = "<!-- opsbook report another/handbook -->";
        let comment = |is_own: bool, body: &str, number: usize| {
            let (user, id) = if is_own { (forge.user, 7) } else { ("eve", 8) };
            format!(
                "{{\"user\":{{\"login\":\"{user}\"}},\"author\":{{\"id\":{id}}},\"body\":\"{body}\\nold\",\
                 \"id\":{number},\"url\":\"https://forge.example/{number}\"}}"
            )
        };
        let others = [comment(false, own_mark, 1), comment(true, "hello", 2), comment(true, other_mark, 4)];
        let own = comment(true, own_mark, 3);
        let new = format!("@comment.json {}", forge.list);
        let replaced = format!("--request {} --data @comment.json {}", forge.method, forge.own);
        let mut scenes = vec![
            (String::new(), String::new(), &new),
            (others.join(","), String::new(), &new),
            ([&others.join(","), own.as_str()].join(","), String::new(), &replaced),
        ];
        if forge.has_pages {
            let full = vec![comment(false, "hello", 9); 100].join(",");
            scenes.push((full.clone(), own, &replaced));
            scenes.push((full, String::new(), &new));
        }
        for (first, second, asked) in scenes {
            fs::write(self.folder.path().join("comments"), format!("[{first}]")).unwrap();
            fs::write(self.folder.path().join("comments-2"), format!("[{second}]")).unwrap();
            self.passes("comment");
            let all = fs::read_to_string(self.folder.path().join("asked")).unwrap();
            let last = all.lines().last().unwrap();
            assert!(last.ends_with(asked.as_str()) && last.contains("t0ken"), "{last} is not {asked}");
            let sent = fs::read_to_string(self.folder.path().join("sent.json")).unwrap();
            let sent: Value = serde_yaml::from_str(&sent).unwrap();
            assert_eq!(sent["body"].as_str(), Some(report));
        }
        fs::remove_file(place).unwrap();
        for file in ["comment.json", "comments.json", "answer.json"] {
            fs::remove_file(self.root().join(file)).unwrap();
        }
    }

    /// A request is asked for its own problems, and for addresses that it ends.
    fn check_what_is_new(&self) {
        let book = self.book();
        fs::write(book.join("content/old.md"), "# Old\n\n![x](https://example.org/x.png)\n").unwrap();
        self.shell(
            "clone",
            "git add --all && git commit --quiet --message Old && git push --quiet origin HEAD:main",
        );
        let old = self.passes("check");
        assert!(!old.contains("image.external"), "{old}");
        fs::rename(book.join("content/old.md"), book.join("content/other.md")).unwrap();
        let reported = self.fails("check");
        assert!(reported.contains("redirect.missing") && !reported.contains("image.external"), "{reported}");
        fs::remove_file(book.join("content/other.md")).unwrap();
        self.shell("clone", "git commit --quiet --all --message New && git push --quiet origin HEAD:main");
    }

    /// The nightly run finds a review that is overdue.
    fn check_the_night(&self) {
        self.passes("overdue");
        let page =
            "---\ntitle: Old\nowner: Operations\nreviewed: 2020-01-01\nreview_every: 1y\n---\n\nWords.\n";
        add(&self.book(), "content/old.md", page);
        let found = self.fails("overdue");
        assert!(found.contains("content/old.md:4:1: warning[review.overdue]: "), "{found}");
        self.passes("check");
    }
}

/// How a forge is asked for comments.
struct CommentApi {
    /// Who writes comments of pipelines.
    user: &'static str,
    /// The address of all comments, and of the third one.
    list: &'static str,
    own: &'static str,
    method: &'static str,
    /// Whether a list has at most 100 entries.
    has_pages: bool,
}

/// The handbook's folders that pipelines are run for.
const FOLDERS: [&str; 2] = ["", "docs/händ buch"];

#[test]
fn the_pipeline_for_github_works_as_it_is_written() {
    for book in FOLDERS {
        let clone = Clone::new("github", ".github/workflows/handbook.yml", book);
        let prefix = if book.is_empty() { String::new() } else { format!("{book}/") };
        let reported = clone.check_a_request(&clone.uploaded("preview", "upload-artifact"));
        let annotation = format!("::error file={prefix}content/about.md,line=");
        assert!(
            reported.contains(&annotation)
                && reported.contains(",col=1,")
                && reported.contains(",title=link.missing::"),
            "{reported}"
        );
        let report = clone.report_a_request();
        assert_eq!(clone.uploaded("report", "upload-artifact"), clone.book().join("report.md"));
        assert_eq!(fs::read_to_string(clone.folder.path().join("summary")).unwrap(), report);
        let api = CommentApi {
            user: "github-actions[bot]",
            list: "https://forge.example/comments",
            own: "https://forge.example/3",
            method: "PATCH",
            has_pages: true,
        };
        clone.comment_a_request(&report, &api);
        clone.check_what_is_new();
        clone.passes("publish");
        let site = clone.uploaded("publish", "upload-pages-artifact");
        let home = fs::read_to_string(site.join("index.html")).unwrap();
        assert!(home.contains("https://handbook.example.org/x/"), "the address of the site is used");
        clone.check_the_night();
    }
}

#[test]
fn the_pipeline_for_gitlab_works_as_it_is_written() {
    for book in FOLDERS {
        let clone = Clone::new("gitlab", ".gitlab-ci.yml", book);
        let prefix = if book.is_empty() { String::new() } else { format!("{book}/") };
        let preview = clone.job("preview")["artifacts"]["paths"][0].as_str().unwrap();
        let report = clone.check_a_request(&clone.root().join(preview));
        let report: Value = serde_yaml::from_str(&report).unwrap_or_else(|error| panic!("{error}\n{report}"));
        let problem = &report[0];
        assert_eq!(problem["location"]["path"].as_str().unwrap(), format!("{prefix}content/about.md"));
        assert!(problem["location"]["lines"]["begin"].as_u64().unwrap() > 10);
        assert_eq!(problem["severity"].as_str(), Some("major"));
        assert!(problem["description"].as_str().unwrap().contains("nope.md"));
        let named = clone.job("check")["artifacts"]["reports"]["codequality"].as_str().unwrap();
        let empty = fs::read_to_string(clone.root().join(named)).unwrap();
        assert_eq!(empty.split_whitespace().collect::<String>(), "[]");
        let report = clone.report_a_request();
        let api = CommentApi {
            user: "project_3_bot",
            list: "https://forge.example/api/projects/3/merge_requests/5/notes",
            own: "https://forge.example/api/projects/3/merge_requests/5/notes/3",
            method: "PUT",
            has_pages: true,
        };
        clone.comment_a_request(&report, &api);
        clone.check_what_is_new();
        clone.passes("pages");
        let site = clone.root().join(clone.job("pages")["artifacts"]["paths"][0].as_str().unwrap());
        let home = fs::read_to_string(site.join("index.html")).unwrap();
        assert!(home.contains("https://handbook.example.org/x/"), "the address of the site is used");
        assert!(!home.contains("noindex"), "{home}");
        clone.passes("preview-site");
        assert_eq!(
            clone.job("preview-site")["pages"]["path_prefix"].as_str(),
            Some("mr-$CI_MERGE_REQUEST_IID")
        );
        let home = fs::read_to_string(site.join("index.html")).unwrap();
        assert!(home.contains("<meta name=\"robots\" content=\"noindex\">"), "{home}");
        clone.check_the_night();
    }
}

#[test]
fn the_pipeline_for_forgejo_works_as_it_is_written() {
    for book in FOLDERS {
        let clone = Clone::new("forgejo", ".forgejo/workflows/handbook.yml", book);
        clone.check_a_request(&clone.uploaded("preview", "upload-artifact"));
        let report = clone.report_a_request();
        let api = CommentApi {
            user: "forgejo-actions",
            list: "https://forge.example/issues/5/comments",
            own: "https://forge.example/issues/comments/3",
            method: "PATCH",
            has_pages: false,
        };
        clone.comment_a_request(&report, &api);
        clone.check_what_is_new();
        clone.check_the_night();
        fs::remove_file(clone.book().join("content/old.md")).unwrap();
        clone.passes("publish");
        clone.shell(".", "git clone --quiet --branch pages origin site && test -f site/index.html && ! test -e site/book.toml");
        // A runner may keep its clone for the next run.
        clone.passes("publish");
    }
}

/// A file of this repository.
fn own(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

#[test]
fn the_action_installs_this_version_and_checks_a_handbook() {
    let action: Value = serde_yaml::from_str(&own("action.yml")).unwrap();
    assert_eq!(action["inputs"]["version"]["default"].as_str(), Some(VERSION));
    for book in FOLDERS {
        let clone = Clone::new("github", ".github/workflows/handbook.yml", book);
        let folder = if book.is_empty() { "." } else { book };
        let filled = |text: &str| {
            text.replace("${{ inputs.version }}", VERSION).replace("${{ inputs.folder }}", folder)
        };
        let checked = || -> (bool, String) {
            let _ = fs::remove_file(clone.folder.path().join("tools/opsbook"));
            let mut printed = String::new();
            for step in action["runs"]["steps"].as_sequence().unwrap() {
                assert_eq!(
                    step["shell"].as_str(),
                    Some("bash"),
                    "a composite action names the shell of each step"
                );
                let here = filled(step["working-directory"].as_str().unwrap_or("."));
                let set = step["env"].as_mapping().into_iter().flatten();
                let set = set.map(|(name, value)| {
                    format!("export {}='{}'; ", name.as_str().unwrap(), filled(value.as_str().unwrap()))
                });
                let script = format!("{}{}", set.collect::<String>(), step["run"].as_str().unwrap());
                let (is_well, out) = clone.script(&clone.root().join(here), &script);
                printed += &out;
                if !is_well {
                    return (false, printed);
                }
            }
            (true, printed)
        };
        assert!(checked().0, "{}", checked().1);
        add(&clone.book(), "content/about.md", "\n[broken](nope.md)\n");
        let (is_well, out) = checked();
        let prefix = if book.is_empty() { String::new() } else { format!("{book}/") };
        assert!(!is_well && out.contains(&format!("::error file={prefix}content/about.md,line=")), "{out}");
    }
}

#[test]
fn the_component_for_gitlab_installs_this_version_and_checks_a_handbook() {
    let text = own("templates/opsbook/template.yml");
    let (spec, jobs) = text.split_once("\n---\n").unwrap();
    let spec: Value = serde_yaml::from_str(spec).unwrap();
    let inputs = spec["spec"]["inputs"].as_mapping().unwrap();
    assert_eq!(spec["spec"]["inputs"]["version"]["default"].as_str(), Some(VERSION));
    for book in FOLDERS {
        let mut jobs = jobs.to_owned();
        for (name, input) in inputs {
            let name = name.as_str().unwrap();
            let value =
                if name == "folder" && !book.is_empty() { book } else { input["default"].as_str().unwrap() };
            jobs = jobs.replace(&format!("$[[ inputs.{name} ]]"), value);
        }
        assert!(!jobs.contains("$[["), "{jobs}");
        let mut clone = Clone::new("gitlab", ".gitlab-ci.yml", book);
        clone.pipeline = serde_yaml::from_str(&jobs).unwrap();
        // The lines of its own job take the place of those that all jobs share.
        clone.pipeline[".opsbook"] = clone.pipeline["handbook-check"].clone();
        clone.passes("check");
        add(&clone.book(), "content/about.md", "\n[broken](nope.md)\n");
        clone.fails("check");
        let named = clone.job("check")["artifacts"]["reports"]["codequality"].as_str().unwrap();
        let report = fs::read_to_string(clone.root().join(named)).unwrap();
        assert!(report.contains("nope.md"), "{report}");
    }
}

#[test]
fn another_version_than_the_one_that_is_named_is_not_installed() {
    let mut clone = Clone::new("github", ".github/workflows/handbook.yml", "");
    clone.pipeline["env"]["OPSBOOK"] = Value::from("opsbook==0.0.0");
    assert!(!clone.fails("check").contains("problems"), "nothing is checked");
}

#[test]
fn the_hook_calls_a_command_that_exists() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(".pre-commit-hooks.yaml");
    let hooks: Value = serde_yaml::from_str(&fs::read_to_string(file).unwrap()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(run(folder.path(), &["init"]).code, 0);
    for hook in hooks.as_sequence().unwrap() {
        let mut words = hook["entry"].as_str().unwrap().split(' ');
        assert_eq!(words.next(), Some("opsbook"));
        let mut arguments: Vec<&str> = words.collect();
        // pre-commit names every file of the commit.
        if hook["pass_filenames"] != false {
            arguments.extend(["README.md", "content/about.md", "../elsewhere.md"]);
        }
        assert_eq!(run(folder.path(), &arguments).code, 0, "{arguments:?}");
    }
}

#[test]
fn a_hook_reports_the_files_of_the_commit_alone() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(run(folder.path(), &["init"]).code, 0);
    add(folder.path(), "content/about.md", "\n[x](nope.md)\n");
    let check = |names: &[&str]| run(folder.path(), &[&["check", "--ignore-unknown"], names].concat());
    assert_eq!(check(&["README.md", "content/about.md"]).code, 1);
    let others = check(&["README.md"]);
    assert_eq!((others.code, others.err.contains("reported 0 files; 1 problem in other files")), (0, true));
    let refused = run(folder.path(), &["check", "README.md", "content/about.md"]);
    assert!(refused.code == 2 && refused.err.contains("`README.md` is not a file of the handbook"));
}

#[test]
fn the_guide_names_this_version_of_the_package_in_valid_files() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("content/guide/pipelines.md");
    let page = fs::read_to_string(path).unwrap();
    let versions: Vec<&str> = page.split("opsbook==").skip(1).collect();
    assert_eq!(versions.len(), 3);
    for text in versions {
        assert!(
            text.starts_with(&format!("{VERSION}\n")) || text.starts_with(&format!("{VERSION}]\n")),
            "{text}"
        );
    }
    let blocks = page.split("\n```yaml").skip(1).map(|text| text.split_once('\n').unwrap().1);
    for block in blocks.map(|text| text.split("```").next().unwrap()) {
        assert!(serde_yaml::from_str::<Value>(block).is_ok_and(|file| file.is_mapping()), "{block}");
    }
}
