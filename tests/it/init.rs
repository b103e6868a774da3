//! `opsbook init` where people start: an empty folder, a clone, a folder of a larger repository, no right to write.
//!
//! Owns one rule: the result is a handbook without a warning, or a clear refusal that leaves everything as it was.

#![expect(clippy::disallowed_methods, reason = "runs the program")]

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::support::program::{Run, add, command, run, scene};

/// Every path in a folder with its bytes; folders have none. Git's own files are left out.
fn snapshot(folder: &Path) -> BTreeMap<PathBuf, Option<Vec<u8>>> {
    let entries = walkdir::WalkDir::new(folder).into_iter().map(Result::unwrap);
    let entries = entries.filter(|entry| !entry.path().components().any(|part| part.as_os_str() == ".git"));
    entries.map(|entry| (entry.path().to_owned(), fs::read(entry.path()).ok())).collect()
}

fn git(here: &Path, arguments: &[&str]) {
    let mut git = Command::new("git");
    git.args(["-c", "user.name=T", "-c", "user.email=t@example.org", "-c", "init.defaultBranch=main"]);
    let status = git.args(arguments).current_dir(here).stdout(Stdio::null()).status().unwrap();
    assert!(status.success(), "git {arguments:?}");
}

/// A handbook that `check` accepts without a warning, and that builds.
#[track_caller]
fn assert_sound(started: &Run, book: &Path) {
    assert_eq!((started.code, started.err.as_str()), (0, ""), "{}", started.out);
    let checked = run(book, &["check"]);
    assert_eq!((checked.code, checked.err.as_str()), (0, ""), "{}", checked.out);
    assert!(checked.out.starts_with("no problems in "), "{}", checked.out);
    let built = run(book, &["build"]);
    assert_eq!((built.code, built.err.as_str()), (0, ""), "{}", built.out);
}

/// Runs `init`, which must refuse and change nothing in `around`.
#[track_caller]
fn assert_refused(around: &Path, here: &Path, arguments: &[&str], why: &str) {
    let before = snapshot(around);
    let refused = run(here, arguments);
    assert_eq!((refused.code, refused.out.as_str()), (2, ""), "{}", refused.err);
    assert!(refused.err.contains(why) && refused.err.contains("\n  help: "), "{}", refused.err);
    assert_eq!(snapshot(around), before);
}

#[test]
fn an_empty_folder_becomes_a_handbook() {
    let folder = tempfile::tempdir().unwrap();
    let started = run(folder.path(), &["init"]);
    assert_eq!(started.out, "Wrote 31 files to .\nNext: opsbook serve --open\n");
    assert_sound(&started, folder.path());
    for file in [".editorconfig", ".gitignore", ".github/CODEOWNERS", ".gitlab-ci.yml", "data/README.md"] {
        assert!(folder.path().join(file).is_file(), "{file}");
    }
    assert!(!folder.path().join("LICENSE").exists(), "a licence is granted by its owner, not by a program");
}

#[test]
fn a_clone_keeps_its_files_and_gets_those_of_its_forge() {
    let folder = tempfile::tempdir().unwrap();
    let clone = folder.path();
    git(clone, &["init", "--quiet"]);
    git(clone, &["remote", "add", "origin", "git@codeberg.org:example/handbook.git"]);
    for (file, text) in [("readme.rst", "mine"), ("LICENSE.md", "mine"), (".gitignore", "/public/\n")] {
        fs::write(clone.join(file), text).unwrap();
    }
    git(clone, &["add", "."]);
    git(clone, &["commit", "--quiet", "--message", "Start"]);
    let started = run(clone, &["init", "--license", "CC-BY-SA-4.0"]);
    assert_sound(&started, clone);
    let (_, kept) = started.out.split_once("Kept 3 files\n").expect(&started.out);
    assert!(kept.starts_with("  .gitignore\n  readme.rst\n  LICENSE.md\n"), "{kept}");
    assert!(
        kept.contains("Add to `.gitignore`: `/public-*/`, `/.public*`, `/handbook*.zip`, `/.opsbook/`\n")
    );
    assert!(started.out.contains("\n  book.toml\n"), "what is written is listed: {}", started.out);
    for file in ["readme.rst", "LICENSE.md"] {
        assert_eq!(fs::read_to_string(clone.join(file)).unwrap(), "mine");
    }
    assert_eq!(fs::read_to_string(clone.join(".gitignore")).unwrap(), "/public/\n");
    assert!(!clone.join("README.md").exists() && !clone.join("LICENSE").exists());
    assert!(clone.join(".forgejo/workflows/handbook.yml").is_file());
    assert!(!clone.join(".github").exists() && !clone.join(".gitlab-ci.yml").exists());
    let settings = fs::read_to_string(clone.join("book.toml")).unwrap();
    assert!(
        settings.contains("\n[repository]\n")
            && settings.contains("\nurl = \"https://codeberg.org/example/handbook\"\nbranch = \"main\"\n"),
        "{settings}"
    );
    let page = fs::read_to_string(clone.join("public/about/index.html")).unwrap();
    assert!(page.contains("https://codeberg.org/example/handbook/_edit/main/content/about.md"), "{page}");
    assert!(settings.contains("\nlicense = \"CC-BY-SA-4.0\"\n"), "{settings}");
}

#[test]
fn a_second_working_tree_and_a_submodule_have_the_origin_of_their_repository() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let clone = here.join("clone");
    fs::create_dir(&clone).unwrap();
    git(&clone, &["init", "--quiet"]);
    git(&clone, &["remote", "add", "origin", "https://gitlab.example.org/team/handbook.git"]);
    git(&clone, &["commit", "--quiet", "--allow-empty", "--message", "Start"]);
    git(&clone, &["worktree", "add", "--quiet", "-b", "topic", "../tree"]);
    assert!(here.join("tree/.git").is_file());
    assert_sound(&run(&here.join("tree"), &["init"]), &here.join("tree"));
    let settings = fs::read_to_string(here.join("tree/book.toml")).unwrap();
    let wanted = "\nurl = \"https://gitlab.example.org/team/handbook\"\nbranch = \"topic\"\n";
    assert!(settings.contains(wanted), "{settings}");
    assert!(here.join("tree/.gitlab-ci.yml").is_file() && !here.join("tree/.github").exists());

    let outer = here.join("outer");
    fs::create_dir(&outer).unwrap();
    git(&outer, &["init", "--quiet"]);
    git(&outer, &["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", "../clone", "book"]);
    git(&outer.join("book"), &["remote", "set-url", "origin", "git@github.com:team/handbook.git"]);
    assert!(outer.join("book/.git").is_file());
    assert_sound(&run(&outer, &["init", "book"]), &outer.join("book"));
    let settings = fs::read_to_string(outer.join("book/book.toml")).unwrap();
    assert!(
        settings.contains("\nurl = \"https://github.com/team/handbook\"\nbranch = \"main\"\n"),
        "{settings}"
    );
    // The submodule is the repository, so its root gets the files of the forge.
    assert!(outer.join("book/.github/workflows/handbook.yml").is_file());
}

#[test]
fn the_jobs_for_gitlab_fit_into_the_pipeline_that_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let clone = folder.path();
    let mine = "stages: [lint, ship]\ncheck: {stage: lint, script: [true]}\npages:\n  stage: ship\n";
    fs::write(clone.join(".gitlab-ci.yml"), mine).unwrap();
    let started = run(clone, &["init", "--gitlab"]);
    assert_sound(&started, clone);
    assert!(
        started.out.contains("The jobs are in the stage `ship`, since there is no stage `test`."),
        "{}",
        started.out
    );
    assert!(
        started.out.contains("has a job `pages`, and GitLab would merge both: delete it"),
        "{}",
        started.out
    );
    let jobs = fs::read_to_string(clone.join(".gitlab/handbook.yml")).unwrap();
    let jobs: serde_yaml::Value = serde_yaml::from_str(&jobs).unwrap();
    assert_eq!(jobs[".opsbook"]["stage"].as_str(), Some("ship"));
    for (name, job) in jobs.as_mapping().unwrap() {
        let name = name.as_str().unwrap();
        // What is set for all jobs, and a job with another's name, would change the pipeline around.
        assert!(name == "pages" || name == ".opsbook" || name.starts_with("handbook-"), "{name}");
        assert!(name == ".opsbook" || job["extends"].as_str() == Some(".opsbook"), "{name}");
    }

    fs::remove_file(clone.join(".gitlab/handbook.yml")).unwrap();
    fs::write(clone.join(".gitlab-ci.yml"), "mine: {script: [true]}\n").unwrap();
    let added = run(clone, &["init", "--gitlab"]);
    assert!(
        added.code == 0 && !added.out.contains("stage") && !added.out.contains("`pages`"),
        "{}",
        added.out
    );
    assert!(!fs::read_to_string(clone.join(".gitlab/handbook.yml")).unwrap().contains("stage:"));
}

#[test]
fn a_pipeline_that_is_there_is_extended_and_not_changed() {
    let folder = tempfile::tempdir().unwrap();
    let clone = folder.path();
    fs::write(clone.join(".gitlab-ci.yml"), "mine: {script: [true]}\n").unwrap();
    fs::write(clone.join("CODEOWNERS"), "* @mine\n").unwrap();
    let started = run(clone, &["init", "--gitlab"]);
    assert_sound(&started, clone);
    assert!(started.out.contains("Add to `.gitlab-ci.yml`: `include: [{local: .gitlab/handbook.yml}]`\n"));
    assert_eq!(fs::read_to_string(clone.join(".gitlab-ci.yml")).unwrap(), "mine: {script: [true]}\n");
    let jobs = fs::read_to_string(clone.join(".gitlab/handbook.yml")).unwrap();
    assert!(jobs.contains("\npages:\n") && !clone.join(".gitlab/CODEOWNERS").exists());
}

#[test]
fn pages_that_are_there_get_no_examples_beside_them() {
    let folder = tempfile::tempdir().unwrap();
    let clone = folder.path();
    fs::create_dir_all(clone.join("content/howto")).unwrap();
    fs::write(clone.join("content/howto/a.md"), "# A\n").unwrap();
    let started = run(clone, &["init"]);
    assert_sound(&started, clone);
    let wanted = "Uses the 1 page in content (`content = \"content\"`), and adds no examples\n";
    assert!(started.out.contains(wanted), "{}", started.out);
    assert!(!clone.join("content/runbooks").exists() && !clone.join("content/_index.md").exists());
}

#[test]
fn a_repository_of_pages_becomes_a_handbook_of_these_pages() {
    for (files, content, pages) in [
        (
            &["README.md", "agreements/network.md", "agreements/storage.md"][..],
            ".",
            "public/agreements/network",
        ),
        (&["README.md", "mkdocs.yml", "docs/index.md", "docs/howto/a.md"][..], "docs", "public/howto/a"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let clone = folder.path();
        git(clone, &["init", "--quiet"]);
        for file in files {
            fs::create_dir_all(clone.join(file).parent().unwrap()).unwrap();
            let text = if file.ends_with(".yml") { "site_name: Mine\n" } else { "# A title\n\nWords.\n" };
            fs::write(clone.join(file), text).unwrap();
        }
        let started = run(clone, &["init"]);
        assert_sound(&started, clone);
        assert!(
            started.out.contains(&format!("Uses the 2 pages in {content} (`content = \"{content}\"`)")),
            "{}",
            started.out
        );
        let settings = fs::read_to_string(clone.join("book.toml")).unwrap();
        assert!(
            settings.contains("\n[paths]\n") && settings.contains(&format!("\ncontent = \"{content}\"\n")),
            "{settings}"
        );
        assert!(clone.join(pages).join("index.html").is_file(), "{content}");
        assert!(!clone.join("content").exists() && !clone.join("data").exists());
        assert!(clone.join(".github/workflows/handbook.yml").is_file());
    }

    // Minutes stay where they are as well, and `check` says how they become minutes.
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("2026")).unwrap();
    add(folder.path(), "2026/2026-11-02.md", "# Weekly\n\nPresent: A, B\n\n- TODO A: call the vendor\n");
    let started = run(folder.path(), &["init"]);
    assert!(started.out.contains("Uses the 1 page in . (`content = \".\"`)"), "{}", started.out);
    let checked = run(folder.path(), &["check"]);
    assert!(checked.code == 0 && checked.out.contains("`kind: minutes` into this page"), "{}", checked.out);
}

#[test]
fn in_a_folder_of_a_repository_only_a_named_forge_gets_files() {
    let folder = tempfile::tempdir().unwrap();
    git(folder.path(), &["init", "--quiet"]);
    fs::write(folder.path().join("README.md"), "mine").unwrap();
    let started = run(folder.path(), &["init", "docs/handbook"]);
    let book = folder.path().join("docs/handbook");
    assert_sound(&started, &book);
    assert!(started.out.contains("`opsbook init docs/handbook --github` (or"), "{}", started.out);
    assert!(!book.join(".github").exists() && !folder.path().join(".github").exists());

    let added = run(&book, &["init", "--github"]);
    assert_eq!((added.code, added.err.as_str()), (0, ""));
    assert!(added.out.contains("  ../../.github/workflows/handbook.yml\n"), "{}", added.out);
    let workflow = fs::read_to_string(folder.path().join(".github/workflows/handbook.yml")).unwrap();
    assert!(workflow.contains("    working-directory: \"docs/handbook\"\n"), "{workflow}");
    assert!(workflow.contains("          path: \"docs/handbook/public\"\n"), "{workflow}");
    assert_eq!(fs::read_to_string(folder.path().join("README.md")).unwrap(), "mine");
    assert_refused(folder.path(), folder.path(), &["init", "a$b", "--gitlab"], "no pipeline can be written");
}

#[test]
fn inside_of_a_handbook_no_other_one_begins() {
    let (folder, book) = scene();
    let why = "is in the handbook `";
    assert_refused(folder.path(), &book, &["init", "content/new"], why);
    assert_refused(folder.path(), &book.join("content"), &["init"], why);
}

#[test]
fn a_handbook_stays_as_it_is_and_gets_files_of_a_forge_on_demand() {
    let (folder, book) = scene();
    assert_refused(
        folder.path(),
        folder.path(),
        &["init", "book", "--title", "New"],
        "is a handbook already",
    );
    fs::write(book.join("book.toml"), "mine").unwrap();
    assert_refused(folder.path(), &book, &["init"], "is a handbook already");

    let (_folder, book) = scene();
    let before = snapshot(&book);
    let added = run(&book, &["init", "--forgejo"]);
    assert_eq!((added.code, added.err.as_str()), (0, ""));
    let new: Vec<PathBuf> = snapshot(&book).into_keys().filter(|path| !before.contains_key(path)).collect();
    assert_eq!(new.iter().filter(|path| path.is_file()).count(), 3, "{new:?}");
    assert!(new.iter().all(|path| path.starts_with(book.join(".forgejo"))), "{new:?}");
}

#[test]
fn what_cannot_be_written_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    fs::create_dir(here.join("there")).unwrap();
    fs::write(here.join("there/mine.txt"), "mine").unwrap();
    let before = snapshot(here);
    // Files may have so many blocks of 512 bytes. Also for root, for whom no folder is read-only.
    let mut failed = 0;
    for blocks in 0..12 {
        for target in ["there", "new/handbook"] {
            let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" init {target}");
            let mut shell = Command::new("sh");
            shell.args(["-c", &script, env!("CARGO_BIN_EXE_opsbook")]).current_dir(here);
            let output = shell.stdin(Stdio::null()).output().unwrap();
            let err = String::from_utf8(output.stderr).unwrap();
            if output.status.success() {
                fs::remove_dir_all(here.join(target)).unwrap();
                fs::create_dir_all(here.join("there")).unwrap();
                fs::write(here.join("there/mine.txt"), "mine").unwrap();
                let _ = fs::remove_dir(here.join("new"));
                continue;
            }
            failed += 1;
            assert_eq!(output.status.code(), Some(2), "{err}");
            assert!(err.contains("error: cannot write `") && err.contains("Nothing was written."), "{err}");
            assert_eq!(snapshot(here), before, "{blocks} blocks, {target}");
        }
    }
    assert!(failed >= 6, "{failed}");
    // A file system that takes no files.
    assert_refused(here, here, &["init", "/proc/handbook"], "cannot write `/proc/handbook/");
}

#[test]
fn a_read_only_folder_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let closed = folder.path().join("closed");
    fs::create_dir(&closed).unwrap();
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o555)).unwrap();
    if fs::write(closed.join("probe"), "").is_ok() {
        // Root may write everywhere; `what_cannot_be_written_leaves_nothing_behind` covers the refusal.
        return;
    }
    assert_refused(folder.path(), folder.path(), &["init", "closed"], "cannot write `closed/");
}

#[test]
fn a_german_handbook_is_german() {
    let folder = tempfile::tempdir().unwrap();
    let started = run(folder.path(), &["init", "--language", "de", "--github", "--gitlab", "--forgejo"]);
    assert_sound(&started, folder.path());
    let text = |file: &str| fs::read_to_string(folder.path().join(file)).unwrap();
    assert!(
        text("book.toml").contains("title = \"Unser Handbuch\"\n")
            && text("book.toml").contains("language = \"de\"\n")
    );
    let home = text("public/index.html");
    assert!(home.contains("<html lang=\"de\"") && home.contains("Unser Handbuch"), "{home}");
    // Facts are found in German pages as in English ones.
    let (_english, book) = scene();
    run(&book, &["build"]);
    for register in ["actions", "decisions", "incidents"] {
        let rows = [folder.path(), &book].map(|book| {
            let json = fs::read_to_string(book.join(format!("public/registers/{register}.json"))).unwrap();
            let json: serde_json::Value = serde_json::from_str(&json).unwrap();
            let rows = json[register].as_array().unwrap().iter();
            rows.map(|row| ["due", "state", "date", "seconds_to"].map(|key| row[key].clone()))
                .collect::<Vec<_>>()
        });
        assert!(!rows[0].is_empty() && rows[0] == rows[1], "{register}: {rows:?}");
    }
    // Legal pages are drafts: they are in no site until somebody has completed them.
    for page in ["impressum", "datenschutz"] {
        assert!(text(&format!("content/{page}.md")).contains("\ndraft: true\n"));
        assert!(!folder.path().join("public").join(page).exists());
    }
    let drafts = run(folder.path(), &["check", "--drafts"]);
    assert!(drafts.code == 0 && drafts.out.starts_with("no problems in 12 pages"), "{}", drafts.out);
}

#[test]
fn without_git_on_the_machine_a_handbook_begins_too() {
    let folder = tempfile::tempdir().unwrap();
    let none = folder.path().join("empty");
    fs::create_dir(&none).unwrap();
    for arguments in [["init", "book"], ["check", "--root=book"], ["build", "--root=book"]] {
        let output = command(folder.path(), &arguments).env("PATH", &none).output().unwrap();
        let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success() && err.is_empty(), "{arguments:?}: {out}{err}");
    }
}

#[test]
fn changes_that_are_not_committed_stay() {
    let folder = tempfile::tempdir().unwrap();
    let clone = folder.path();
    git(clone, &["init", "--quiet"]);
    fs::write(clone.join("README.md"), "old").unwrap();
    git(clone, &["add", "."]);
    git(clone, &["commit", "--quiet", "--message", "Start"]);
    fs::write(clone.join("README.md"), "changed").unwrap();
    fs::write(clone.join("staged.txt"), "staged").unwrap();
    git(clone, &["add", "staged.txt"]);
    assert_sound(&run(clone, &["init"]), clone);
    assert_eq!(fs::read_to_string(clone.join("README.md")).unwrap(), "changed");
    assert_eq!(fs::read_to_string(clone.join("staged.txt")).unwrap(), "staged");
}

#[test]
fn spaces_and_umlauts_are_part_of_a_path() {
    let folder = tempfile::tempdir().unwrap();
    let started = run(folder.path(), &["init", "Mein Händbuch/für alle"]);
    assert!(
        started.out.ends_with("Next: opsbook serve --open --root 'Mein Händbuch/für alle'\n"),
        "{}",
        started.out
    );
    assert_sound(&started, &folder.path().join("Mein Händbuch/für alle"));
}

#[test]
fn a_file_is_no_folder() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("book"), "mine").unwrap();
    fs::create_dir(folder.path().join("other")).unwrap();
    fs::write(folder.path().join("other/content"), "mine").unwrap();
    for (target, why) in [
        ("book", "`book` is not a folder"),
        ("book/below", "`book` is not a folder"),
        ("other", "`other/content` is not a folder"),
    ] {
        assert_refused(folder.path(), folder.path(), &["init", target], why);
    }
}

#[test]
fn a_link_to_a_folder_is_followed_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    fs::create_dir(here.join("real")).unwrap();
    symlink("real", here.join("linked")).unwrap();
    assert_sound(&run(here, &["init", "linked"]), &here.join("real"));

    symlink("nowhere", here.join("dangling")).unwrap();
    assert_refused(here, here, &["init", "dangling"], "`dangling` is not a folder");
    fs::create_dir_all(here.join("outside/content")).unwrap();
    fs::create_dir(here.join("leading-out")).unwrap();
    symlink("../outside/content", here.join("leading-out/content")).unwrap();
    assert_refused(here, here, &["init", "leading-out"], "`leading-out/content` is not a folder");
    fs::create_dir(here.join("schemas")).unwrap();
    symlink("../outside", here.join("schemas/.schemas")).unwrap();
    assert_refused(here, here, &["init", "schemas"], "`schemas/.schemas` is not a folder");
    fs::create_dir(here.join("readme")).unwrap();
    symlink("/nonexistent/target", here.join("readme/README.md")).unwrap();
    let kept = run(here, &["init", "readme"]);
    assert!(kept.code == 0 && kept.out.contains("Kept 1 file\n  readme/README.md\n"), "{}", kept.out);
    assert!(fs::symlink_metadata(here.join("readme/README.md")).unwrap().is_symlink());
}

#[test]
fn a_minimal_handbook_has_two_pages_and_its_own_title() {
    let folder = tempfile::tempdir().unwrap();
    let started = run(folder.path(), &["init", "--minimal", "--title", "Say \"hi\" \\ us", "--yes"]);
    assert_sound(&started, folder.path());
    let files: Vec<PathBuf> = snapshot(folder.path()).into_keys().filter(|path| path.is_file()).collect();
    let own: Vec<&str> = files
        .iter()
        .filter_map(|path| path.strip_prefix(folder.path()).unwrap().to_str())
        .filter(|path| !path.starts_with("public/") && !path.starts_with(".opsbook/"))
        .collect();
    assert_eq!(own, [".gitignore", "book.toml", "content/_index.md", "content/runbooks/disk-full.md"]);
    let home = fs::read_to_string(folder.path().join("public/index.html")).unwrap();
    assert!(home.contains("<title>Say &quot;hi&quot; \\ us</title>"), "{home}");
}

#[test]
fn a_kept_licence_that_may_be_another_one_is_named() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("LICENSE"), "Apache License\nVersion 2.0\n").unwrap();
    fs::write(folder.path().join("README.md"), "# Ours\n\nLicence: CC-BY-4.0\n").unwrap();
    let started = run(folder.path(), &["init", "--license", "CC-BY-4.0", "--yes"]);
    assert!(started.out.contains("`LICENSE` was kept and does not name `CC-BY-4.0`"), "{}", started.out);
    assert!(!started.out.contains("`README.md` was kept and"), "{}", started.out);
}

#[test]
fn legal_pages_are_drafts_in_any_language_for_those_who_ask() {
    for (language, pages) in [("en", ["imprint", "privacy"]), ("de", ["impressum", "datenschutz"])] {
        let folder = tempfile::tempdir().unwrap();
        let arguments = ["init", "--minimal", "--legal", "--language", language, "--yes"];
        assert_sound(&run(folder.path(), &arguments), folder.path());
        for page in pages {
            let text = fs::read_to_string(folder.path().join(format!("content/{page}.md"))).unwrap();
            assert!(text.contains("\ndraft: true\n"), "{page}");
            assert!(!folder.path().join("public").join(page).exists(), "{page} is not published");
        }
        let drafts = run(folder.path(), &["check", "--drafts"]);
        assert!(drafts.code == 0 && drafts.out.starts_with("no problems in 5 pages"), "{}", drafts.out);
    }
}

#[test]
fn a_first_handbook_builds_with_any_default_level() {
    for level in ["public", "community", "partner", "internal"] {
        let (_folder, book) = scene();
        add(&book, "book.toml", &format!("\n[visibility]\ndefault = \"{level}\"\n"));
        let checked = run(&book, &["check"]);
        assert_eq!((checked.code, checked.err.as_str()), (0, ""), "{level}: {}", checked.out);
        assert!(checked.out.starts_with("no problems in "), "{level}: {}", checked.out);
        let built = run(&book, &["build", "--audience", "public", "--audience", "internal"]);
        assert_eq!((built.code, built.err.as_str()), (0, ""), "{level}: {}", built.out);
    }
}

#[test]
fn wrong_options_are_refused_with_the_right_ones() {
    let folder = tempfile::tempdir().unwrap();
    for (arguments, why) in [
        (["init", "--license=CC"], "SPDX identifier"),
        (["init", "--language=fr"], "`en` and `de`"),
        (["init", "--title= "], "at least one character"),
        (["init", "--title=a\nb"], "one line"),
    ] {
        let refused = run(folder.path(), &arguments);
        assert!(refused.code == 2 && refused.err.contains(why), "{}", refused.err);
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}
