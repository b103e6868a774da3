//! Bad input, as the program meets it: each is a clear diagnostic with its place and rule, the other pages are
//! still checked, nothing is written outside of the output folder, and nothing crashes or hangs.
#![expect(clippy::disallowed_methods, reason = "lays out handbooks on disk and runs the program")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::support::setting;

/// A handbook on disk, with a page that has a mistake of its own: it shows that the others are still checked.
struct Disk {
    /// Holds the handbook and whatever a mistake might write beside it.
    outside: TempDir,
}

/// A run of the program.
struct Run {
    code: Option<i32>,
    /// Standard output and standard error.
    text: String,
}

impl Disk {
    fn new(files: &[(&str, &[u8])]) -> Disk {
        let disk = Disk { outside: tempfile::tempdir().expect("there is room for a temporary folder") };
        disk.write("book.toml", b"[book]\ntitle = \"Book\"\n");
        disk.write("content/witness.md", b"# Witness\n\n[x](nowhere.md)\n");
        files.iter().for_each(|(path, bytes)| disk.write(path, bytes));
        disk
    }

    fn root(&self) -> PathBuf {
        self.outside.path().join("handbook")
    }

    fn write(&self, path: &str, bytes: &[u8]) {
        let path = self.root().join(path);
        fs::create_dir_all(path.parent().expect("a file lies in a folder")).expect("folders can be made");
        fs::write(path, bytes).expect("files can be written");
    }

    fn run(&self, arguments: &[&str]) -> Run {
        let mut command = Command::new(env!("CARGO_BIN_EXE_opsbook"));
        command
            .args(arguments)
            .current_dir(self.root())
            .env("XDG_CACHE_HOME", self.outside.path().join("cache"));
        let output: Output = command.output().expect("the program can be started");
        let text =
            [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
        Run { code: output.status.code(), text }
    }

    fn check(&self) -> Run {
        self.run(&["check", "--format", "short"])
    }

    /// Every file below the temporary folder, with its bytes.
    fn snapshot(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let walk = walkdir::WalkDir::new(self.outside.path()).into_iter().filter_map(Result::ok);
        let files = walk.filter(|entry| entry.file_type().is_file()).map(walkdir::DirEntry::into_path);
        files.map(|path| (path.clone(), fs::read(&path).expect("files can be read"))).collect()
    }
}

/// The run names the problem, with the exit code for problems of content, and the witness's problem too.
#[track_caller]
fn assert_reported(run: &Run, wanted: &[&str]) {
    assert_eq!(run.code, Some(1), "{}", run.text);
    for line in wanted.iter().chain(&["content/witness.md:3:1: error[link.missing]"]) {
        assert!(run.text.contains(line), "{line} is not in\n{}", run.text);
    }
}

#[test]
fn invalid_utf8_is_an_error_at_its_byte() {
    let disk = Disk::new(&[("content/a.md", b"# A\n\nGr\xF6\xDFe\n"), ("content/b.md", b"[a](a.md)\n")]);
    assert_reported(&disk.check(), &["content/a.md:3:3: error[input.encoding]"]);
}

#[test]
fn utf16_is_an_error() {
    let disk = Disk::new(&[("content/a.md", b"\xFF\xFE#\x00 \x00A\x00")]);
    assert_reported(&disk.check(), &["content/a.md:1:1: error[input.encoding]"]);
}

#[test]
fn front_matter_that_never_ends_is_an_error() {
    let disk = Disk::new(&[("content/a.md", b"---\ntitle: A\n\nText\n")]);
    assert_reported(&disk.check(), &["content/a.md:1:1: error[front-matter.syntax]"]);
}

#[test]
fn tabs_in_yaml_are_an_error() {
    let disk = Disk::new(&[("content/a.md", b"---\ntags:\n\t- a\n---\nText\n")]);
    assert_reported(&disk.check(), &["content/a.md:3:", "error[front-matter.syntax]"]);
}

#[test]
fn large_front_matter_is_an_error() {
    let text = format!("---\ntitle: {}\n---\nText\n", "x".repeat(20 << 10));
    let disk = Disk::new(&[("content/a.md", text.as_bytes())]);
    assert_reported(&disk.check(), &["content/a.md:2:1: error[front-matter.size]"]);
}

#[test]
fn yaml_bombs_end_soon() {
    let mut bomb = String::from("---\na0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for level in 1..12 {
        let before = format!("*a{}, ", level - 1).repeat(9);
        bomb.push_str(&format!("a{level}: &a{level} [{}]\n", before.trim_end_matches(", ")));
    }
    bomb.push_str("title: *a11\n---\nText\n");
    let brackets = format!("---\ntitle: {}\n---\nText\n", "{\"\":[".repeat(3000));
    let disk = Disk::new(&[("content/a.md", bomb.as_bytes()), ("content/b.md", brackets.as_bytes())]);
    let run = disk.check();
    assert_reported(&run, &["content/a.md:", "content/b.md:"]);
}

#[test]
fn a_page_of_ten_mebibytes_is_an_error() {
    let disk = Disk::new(&[("content/a.md", "A line of text.\n".repeat(10 << 16).as_bytes())]);
    assert_reported(&disk.check(), &["content/a.md:1:1: error[input.size]"]);
}

#[test]
fn a_million_lights_are_an_error_and_no_light() {
    let light = |number: usize| format!("{{\"service\":\"s{number}\",\"success\":99}},");
    let lights = |count: usize| (0..count).map(light).collect::<String>();
    let file = |count: usize| format!("{{\"provider\":\"P\",\"lights\":[{}{{}}]}}", lights(count));
    let disk = Disk::new(&[
        ("data/health/million.json", file(1_000_000).as_bytes()),
        ("data/health/many.json", file(40_000).as_bytes()),
        ("data/health/bytes.json", file(70_000).as_bytes()),
        ("content/_index.md", b"# Home\n"),
    ]);
    let wanted = [
        "data/health/million.json:1:1: error[input.size]",
        "data/health/many.json:1:",
        "error[health.file]: more than 100000 values",
        "data/health/bytes.json:1:1: error[health.file]",
    ];
    assert_reported(&disk.check(), &wanted);
}

#[test]
fn a_transcript_of_a_hundred_thousand_lines_is_a_page() {
    let line = |number: usize| format!("N{}\t0:{:02}\t<i>{number}\n", number % 9, number % 60);
    let lines: String = (0..100_000).map(line).collect();
    let text = format!("# A\n\n```transcript\n{lines}```\n");
    let disk = Disk::new(&[("content/a.md", text.as_bytes())]);
    let run = disk.check();
    assert_reported(&run, &[]);
    assert!(!run.text.contains("content/a.md"), "{}", run.text);
}

/// Texts that nest, or repeat, a hundred thousand times.
fn deep() -> Vec<(&'static str, String)> {
    let depth = setting("DEPTH", 20_000) as usize;
    vec![
        ("quotes", format!("{}x\n", ">".repeat(depth))),
        ("spaced-quotes", format!("{}x\n", "> ".repeat(depth))),
        ("lists", format!("{}x\n", "- ".repeat(depth))),
        ("ordered", format!("{}x\n", "1. ".repeat(depth))),
        ("emphasis", format!("{}x{}\n", "*a ".repeat(depth), " a*".repeat(depth))),
        ("strong", format!("{}x{}\n", "**a ".repeat(depth), " a**".repeat(depth))),
        ("underscores", format!("{}x\n", "_a ".repeat(depth))),
        ("brackets", format!("{}x{}\n", "[".repeat(depth), "]".repeat(depth))),
        ("links", format!("{}x{}\n", "[a](".repeat(depth), ")".repeat(depth))),
        ("images", format!("{}x{}\n", "![".repeat(depth), "](x)".repeat(depth))),
        ("directives", ":::note\n".repeat(depth)),
        ("html", format!("{}x\n", "<b>".repeat(depth))),
        ("html-blocks", "<details>\n\n".repeat(depth)),
        ("closing-tags", "</b>".repeat(depth)),
        ("comments", "<!-- ".repeat(depth)),
        ("code", "`a ``b ".repeat(depth / 2)),
        ("footnotes", format!("{}\n", "[^a".repeat(depth))),
        ("attributes", format!("# x {}\n", "{#a ".repeat(depth))),
        ("table", format!("{}\n{}\n", "|a".repeat(depth / 10), "|-".repeat(depth / 10))),
        ("headings", "# a\n".repeat(depth)),
        ("definitions", "a\n: ".repeat(depth)),
        ("includes", "::include includes.md\n".repeat(depth)),
    ]
}

#[test]
fn deep_nesting_ends_soon_and_is_reported() {
    let mut wrong = Vec::new();
    for (name, text) in deep() {
        let path = format!("content/{name}.md");
        let disk = Disk::new(&[(path.as_str(), text.as_bytes())]);
        let run = disk.check();
        let nests =
            ["quotes", "spaced-quotes", "lists", "ordered", "emphasis", "directives", "html"].contains(&name);
        if run.code != Some(1) || !run.text.contains("content/witness.md:3:1: error[link.missing]") {
            wrong.push(format!("{name}: exit {:?}", run.code));
        }
        if nests && !run.text.contains("error[markdown.nesting]") {
            wrong.push(format!("{name}: nothing says that it nests too deep"));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn includes_cannot_multiply_without_end() {
    let level = |next: usize| format!("::include l{next}.md\n\n").repeat(20);
    let mut files: Vec<(String, String)> =
        (0..8).map(|at| (format!("content/l{at}.md"), level(at + 1))).collect();
    files.push(("content/l8.md".to_owned(), "Text.\n".repeat(10)));
    let files: Vec<(&str, &[u8])> =
        files.iter().map(|(path, text)| (path.as_str(), text.as_bytes())).collect();
    let disk = Disk::new(&files);
    let run = disk.check();
    assert_reported(&run, &["content/l0.md:"]);
}

#[test]
fn a_slug_cannot_lead_out_of_the_site() {
    let disk = Disk::new(&[("content/a.md", b"---\nslug: ../../x\n---\nText\n")]);
    assert_reported(&disk.check(), &["content/a.md:2:1: error[front-matter.value]"]);
    let before = disk.snapshot();
    disk.run(&["build", "--keep-going"]);
    assert_only_public_was_written(&disk, &before);
}

#[track_caller]
fn assert_only_public_was_written(disk: &Disk, before: &BTreeMap<PathBuf, Vec<u8>>) {
    let (public, cache) = (disk.root().join("public"), disk.outside.path().join("cache"));
    let own = disk.root().join(".opsbook");
    let elsewhere =
        |path: &Path| !path.starts_with(&public) && !path.starts_with(&cache) && !path.starts_with(&own);
    let mut after = disk.snapshot();
    after.retain(|path, _| elsewhere(path));
    assert_eq!(
        after.keys().collect::<Vec<_>>(),
        before.keys().filter(|path| elsewhere(path)).collect::<Vec<_>>()
    );
    assert!(after.iter().all(|(path, bytes)| before.get(path) == Some(bytes)), "a file was changed");
}

#[cfg(unix)]
#[test]
fn symbolic_links_cannot_lead_out_of_the_content() {
    use std::os::unix::fs::symlink;
    let disk = Disk::new(&[(
        "content/a.md",
        b"[x](leak.md) ![y](leak.png)\n\n::include leak.md\n\n::include far/x.md\n",
    )]);
    fs::create_dir(disk.outside.path().join("far")).expect("folders can be made");
    fs::write(disk.outside.path().join("secret.md"), "SECRET").expect("files can be written");
    fs::write(disk.outside.path().join("far/x.md"), "SECRET").expect("files can be written");
    let content = disk.root().join("content");
    symlink(disk.outside.path().join("secret.md"), content.join("leak.md")).expect("links can be made");
    symlink("../../secret.md", content.join("leak.png")).expect("links can be made");
    symlink("../../far", content.join("far")).expect("links can be made");
    symlink("nothing.md", content.join("dangling.md")).expect("links can be made");
    symlink("loop.md", content.join("loop.md")).expect("links can be made");
    symlink("witness.md", content.join("inside.md")).expect("links can be made");
    let run = disk.check();
    let wanted = ["leak.md", "leak.png", "far", "dangling.md", "loop.md"];
    let wanted = wanted.map(|name| format!("content/{name}:1:1: error[input.link]"));
    assert_reported(&run, &wanted.each_ref().map(String::as_str));
    assert!(!run.text.contains("content/inside.md:1:1"), "a link inside the content is fine\n{}", run.text);
    disk.run(&["build", "--keep-going"]);
    let public = disk.root().join("public");
    let leaked = disk.snapshot().into_iter().filter(|(path, _)| path.starts_with(&public));
    let leaked = leaked.filter(|(_, bytes)| bytes.windows(6).any(|window| window == b"SECRET"));
    assert_eq!(leaked.map(|(path, _)| path).collect::<Vec<_>>(), Vec::<PathBuf>::new());
}

/// What a folder's page would say of its level is not known where it cannot be read.
#[cfg(unix)]
#[test]
fn a_folder_whose_page_cannot_be_read_is_withheld() {
    use std::os::unix::fs::symlink;
    let settings: (&str, &[u8]) = ("book.toml", b"[visibility]\ndefault = \"public\"\n");
    let large = format!("---\nvisibility: internal\n---\n{}", "Text.\n".repeat(1_000_000));
    let disk = Disk::new(&[
        settings,
        ("content/large/_index.md", large.as_bytes()),
        ("content/large/a.md", b"SECRET"),
        ("content/large/deep/b.md", b"SECRET"),
        ("content/gone/a.md", b"SECRET"),
        ("content/beside/a.md", b"SECRET"),
        ("content/other/a.md", b"# Other\n"),
    ]);
    let content = disk.root().join("content");
    symlink("nowhere.md", content.join("gone/_index.md")).expect("links can be made");
    symlink("nowhere.md", content.join("beside.md")).expect("links can be made");
    assert_eq!(disk.run(&["build", "--keep-going"]).code, Some(1));
    let public = disk.root().join("public");
    assert!(public.join("other/a/index.html").exists());
    let site = disk.snapshot().into_iter().filter(|(path, _)| path.starts_with(&public));
    let leaked = site.filter(|(_, bytes)| bytes.windows(6).any(|window| window == b"SECRET"));
    assert_eq!(leaked.map(|(path, _)| path).collect::<Vec<_>>(), Vec::<PathBuf>::new());
}

#[test]
fn two_pages_with_one_url_are_an_error() {
    let nfd = "content/cafe\u{301}.md";
    let disk = Disk::new(&[
        ("content/Setup.md", b"# A\n"),
        ("content/setup.md", b"# B\n"),
        ("content/caf\u{e9}.md", b"# C\n"),
        (nfd, b"# D\n"),
    ]);
    let run = disk.check();
    assert_reported(&run, &["error[url.conflict]"]);
    assert_eq!(run.text.matches("error[url.conflict]").count(), 2, "{}", run.text);
}

#[test]
fn an_output_folder_that_is_not_ours_is_refused() {
    for out in ["content", ".", "..", "/", "content/sub", "theme", "../elsewhere"] {
        let disk = Disk::new(&[("content/sub/a.md", b"# A\n"), ("theme/templates/x.html", b"x")]);
        fs::create_dir(disk.outside.path().join("elsewhere")).expect("folders can be made");
        fs::write(disk.outside.path().join("elsewhere/mine.txt"), "mine").expect("files can be written");
        let before = disk.snapshot();
        let run = disk.run(&["build", "--keep-going", "--out", out]);
        assert_eq!(run.code, Some(2), "--out {out}: {}", run.text);
        assert!(!run.text.is_empty());
        assert_only_public_was_written(&disk, &before);
        assert!(!disk.root().join("public").exists(), "--out {out} wrote somewhere else");
    }
}

#[test]
fn errors_leave_the_published_site_as_it_was() {
    let disk = Disk::new(&[("content/witness.md", b"# Witness\n")]);
    assert_eq!(disk.run(&["build"]).code, Some(0));
    let published = disk.snapshot();
    disk.write("content/witness.md", b"# Witness\n\n[x](nowhere.md)\n");
    assert_eq!(disk.run(&["build"]).code, Some(1));
    let public = disk.root().join("public");
    let site = |files: BTreeMap<PathBuf, Vec<u8>>| -> Vec<(PathBuf, Vec<u8>)> {
        files.into_iter().filter(|(path, _)| path.starts_with(&public)).collect()
    };
    assert!(site(published.clone()) == site(disk.snapshot()), "the site changed");
    assert_eq!(disk.run(&["build", "--keep-going"]).code, Some(1));
    assert!(site(published) != site(disk.snapshot()), "the site did not change");
    let page = fs::read_to_string(public.join("witness/index.html")).expect("the page is there");
    assert!(page.contains("<span class=\"unlinked\">x</span>"));
}

#[test]
fn a_page_that_is_gone_leaves_nothing_behind() {
    let disk = Disk::new(&[("content/witness.md", b"# Witness\n"), ("content/a.md", b"# A\n")]);
    assert_eq!(disk.run(&["build"]).code, Some(0));
    assert!(disk.root().join("public/a/index.html").exists());
    fs::remove_file(disk.root().join("content/a.md")).expect("files can be removed");
    assert_eq!(disk.run(&["build"]).code, Some(0));
    assert!(!disk.root().join("public/a").exists());
}

#[test]
fn what_cannot_run_is_told_apart_from_what_is_wrong() {
    let disk = Disk::new(&[]);
    assert_eq!(disk.run(&["check", "--root", "../no-such-folder"]).code, Some(2));
    assert_eq!(disk.run(&["check", "--no-such-option"]).code, Some(2));
    assert_eq!(disk.run(&["no-such-command"]).code, Some(2));
    assert_eq!(disk.check().code, Some(1));
    fs::write(disk.root().join("content/witness.md"), "# Witness\n").expect("files can be written");
    assert_eq!(disk.check().code, Some(0));
}

#[test]
fn the_same_bytes_come_out_elsewhere() {
    let files: &[(&str, &[u8])] = &[
        (
            "content/witness.md",
            b"---\ndate: 2026-11-21\ntags: [a, B]\n---\n# Witness\n\n```bash\nls # x\n```\n",
        ),
        ("content/s/ü.md", b"# U\n\n[w](../witness.md)\n"),
    ];
    let build = |environment: &[(&str, &str)]| {
        let disk = Disk::new(files);
        let mut command = Command::new(env!("CARGO_BIN_EXE_opsbook"));
        command
            .arg("build")
            .arg("--root")
            .arg(disk.root())
            .current_dir("/")
            .envs(environment.iter().copied());
        assert!(command.output().expect("the program can be started").status.success());
        let public = disk.root().join("public");
        let files = disk.snapshot().into_iter();
        files
            .filter_map(|(path, bytes)| Some((path.strip_prefix(&public).ok()?.to_path_buf(), bytes)))
            .collect::<BTreeMap<_, _>>()
    };
    let here = build(&[]);
    assert!(!here.is_empty());
    let elsewhere = [
        [("TZ", "Pacific/Kiritimati"), ("LANG", "tr_TR.UTF-8"), ("RAYON_NUM_THREADS", "1")],
        [("TZ", "America/Los_Angeles"), ("LC_ALL", "C"), ("RAYON_NUM_THREADS", "8")],
    ];
    for environment in elsewhere {
        assert!(build(&environment) == here, "{environment:?} changes the bytes");
    }
}

#[test]
fn hostile_data_files_are_named_in_short_time() {
    let deep = format!("groups:\n{}", "{a: ".repeat(100_000));
    let large = format!("groups:\n- name: g\n  rules:\n{}", "  - alert: A\n".repeat(50_000));
    let mut bomb = "groups:\n- name: g\n  rules: [{alert: A}]\nx0: &x0 [y,y,y,y,y,y,y,y,y,y]\n".to_owned();
    for level in 1..9 {
        let row = vec![format!("*x{}", level - 1); 10].join(",");
        bomb.push_str(&format!("x{level}: &x{level} [{row}]\n"));
    }
    let disk = Disk::new(&[
        ("data/deep.rules", deep.as_bytes()),
        ("data/large.rules", large.as_bytes()),
        ("data/bomb.yml", bomb.as_bytes()),
        ("data/bytes.rules", b"groups: \xFF\n"),
        ("data/controls/deep.toml", "id = [".repeat(20_000).as_bytes()),
        ("data/controls/empty.toml", b""),
    ]);
    let run = disk.check();
    let expected = [
        "data/deep.rules:2:2001: error[alert.rules]: more than 500 brackets are open here",
        "data/large.rules:1:1: error[alert.rules]: the rule file has",
        "data/bomb.yml:",
        "data/bytes.rules:1:9: error[input.encoding]: the byte 0xFF is not valid UTF-8",
        "data/controls/deep.toml:1:",
        "data/controls/empty.toml:1:1: error[control.framework]: a framework needs",
    ];
    assert_reported(&run, &expected);
}

/// Of a folder in as many folders as there may be, and of one in one more.
#[test]
fn folders_in_too_many_folders_are_an_error() {
    let most = opsbook::bounds::FOLDER_LEVELS.most;
    let deep = |levels: usize| format!("content/{}x.md", "d/".repeat(levels));
    let (last, beyond) = (deep(most), deep(most + 1));
    let disk =
        Disk::new(&[(last.as_str(), b"# Last\n\n[x](nowhere.md)\n"), (beyond.as_str(), b"# Beyond\n")]);
    let run = disk.check();
    let folder = beyond.trim_end_matches("/x.md");
    let wanted = [format!("{last}:3:1: error[link.missing]"), format!("{folder}:1:1: error[input.depth]")];
    assert_reported(&run, &wanted.each_ref().map(String::as_str));
    assert!(!run.text.contains(&format!("{beyond}:")), "nothing of it is read\n{}", run.text);
}

#[test]
fn an_include_counts_with_its_bytes() {
    let text = "A line of text, ".repeat(1 << 16);
    let page = "# A\n\n::include _p.md\n\n::include _p.md\n\n::include _p.md\n\n::include _p.md\n";
    let one_more = format!("{page}\n::include _p.md\n\n[x](nowhere.md)\n");
    let disk = Disk::new(&[
        ("content/_p.md", text.as_bytes()),
        ("content/a.md", page.as_bytes()),
        ("content/b.md", one_more.as_bytes()),
    ]);
    let run = disk.check();
    assert_reported(
        &run,
        &["content/b.md:11:11: error[include.limit]", "content/b.md:13:1: error[link.missing]"],
    );
    assert!(!run.text.contains("content/a.md:"), "{}", run.text);
}

/// Texts with more of something than a page may hold, and the words by which they are reported.
#[test]
fn more_than_a_page_may_hold_is_an_error_at_its_place() {
    use opsbook::bounds::{CODE_BLOCKS, CODE_BYTES, DIAGRAMS, DIAGRAMS_BYTES, PAGE_PARTS, TAG_BYTES};
    let code = format!("```text\n{}```\n", "a b c\n".repeat(20_000));
    let diagram = format!("```mermaid\nflowchart TD\n%% {}\na --> b\n```\n", "x".repeat(30 << 10));
    let texts = [
        ("parts", "*a* ".repeat(PAGE_PARTS.most / 3), PAGE_PARTS.name),
        ("blocks", "```\na\n```\n".repeat(CODE_BLOCKS.most + 1), CODE_BLOCKS.name),
        ("code", code.repeat(CODE_BYTES.most / code.len() + 1), CODE_BYTES.name),
        ("diagrams", "```mermaid\npie\n  \"a\": 1\n```\n".repeat(DIAGRAMS.most + 1), DIAGRAMS.name),
        ("sources", diagram.repeat(DIAGRAMS_BYTES.most / (30 << 10) + 1), DIAGRAMS_BYTES.name),
        ("tag", format!("<b title=\"{}\">a</b>\n", "x".repeat(TAG_BYTES.most)), "a tag longer than 16 KiB"),
    ];
    let paths: Vec<String> = texts.iter().map(|(name, ..)| format!("content/{name}.md")).collect();
    let files: Vec<(&str, &[u8])> =
        paths.iter().zip(&texts).map(|(path, (_, text, _))| (path.as_str(), text.as_bytes())).collect();
    let run = Disk::new(&files).check();
    for (path, (.., words)) in paths.iter().zip(&texts) {
        let named = |line: &&str| line.starts_with(path.as_str()) && line.contains(words);
        let lines: Vec<&str> = run.text.lines().filter(named).collect();
        assert_eq!(lines.len(), 1, "{path} should say `{words}` once\n{}", run.text);
    }
}
