//! Publication on a real file system: all or nothing, ours alone, one at a time.
//!
//! Owns scenes with folders, links and killed builds. Knows no page: sites here are a few texts.

#![expect(clippy::disallowed_methods, reason = "a test of effects")]

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{MetadataExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::support::setting;
use opsbook::input::Failure;
use opsbook::memo::Digest;
use opsbook::output::{Body, MediaOfFile, Original, Output, Sink};
use opsbook::publish::{
    MANIFEST, Manifest, OutputFolder, ProtectedFolders, Publication, SiteReaders, Staging,
};
use opsbook::visibility::{Audience, Levels};

fn readers<'a>(levels: &'a Levels, audience: &str) -> SiteReaders<'a> {
    SiteReaders { levels, audience: Audience::from_level(levels.find(audience).unwrap()) }
}

fn public(levels: &Levels) -> SiteReaders<'_> {
    readers(levels, "public")
}

/// A handbook's folder with content, and a folder for the site beside it.
struct Scene {
    folder: tempfile::TempDir,
}

impl Scene {
    fn new() -> Scene {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("book/content")).unwrap();
        Scene { folder }
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().canonicalize().unwrap().join(path)
    }

    fn choose(&self, out: &Path) -> Result<OutputFolder, Failure> {
        let (root, sources, home) = (self.path("book"), [self.path("book/content")], self.path("home"));
        OutputFolder::choose(out, ProtectedFolders { root: &root, sources: &sources, home: Some(&home) })
    }

    fn begin(&self) -> Result<Staging, Failure> {
        let place = self.choose(&self.path("book/public"))?;
        Staging::begin(place, &self.path("book"), public(&Levels::default()), &|| {})
    }

    fn publish(&self, files: &[(&str, &str)]) -> Result<Publication, Failure> {
        let staging = self.begin()?;
        for (path, text) in files {
            staging.put(Output::text(*path, *text)).unwrap();
        }
        staging.commit()
    }

    /// Every file of the site but the manifest.
    fn site(&self) -> BTreeMap<String, String> {
        let mut files = read(&self.path("book/public"));
        files.remove(MANIFEST);
        files
    }

    /// Names in the handbook's folder.
    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.path("book")).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

fn read(folder: &Path) -> BTreeMap<String, String> {
    let files = walkdir::WalkDir::new(folder).into_iter().map(Result::unwrap);
    files
        .filter(|entry| !entry.file_type().is_dir())
        .map(|entry| {
            let path = entry.path().strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
            (path, fs::read_to_string(entry.path()).unwrap())
        })
        .collect()
}

/// Whether the files are exactly those of the manifest, byte for byte.
fn is_whole(folder: &Path) -> bool {
    let mut files = read(folder);
    let manifest = Manifest::parse(&files.remove(MANIFEST).unwrap()).unwrap();
    let digests: BTreeMap<String, String> = files
        .into_iter()
        .map(|(path, text)| (path, blake3::hash(text.as_bytes()).to_hex().to_string()))
        .collect();
    digests == manifest.files
}

#[test]
fn a_new_site_replaces_the_old_one_and_leaves_nothing_behind() {
    let scene = Scene::new();
    scene.publish(&[("index.html", "1"), ("a/b/index.html", "1"), ("gone/x.html", "1")]).unwrap();
    let done = scene.publish(&[("index.html", "2"), ("a/b/index.html", "2")]).unwrap();
    assert_eq!((done.files, done.kept), (2, vec![]));
    let want = [("a/b/index.html", "2"), ("index.html", "2")];
    assert_eq!(scene.site(), want.map(|(path, text)| (path.into(), text.into())).into());
    assert!(is_whole(&scene.path("book/public")));
    assert!(!scene.path("book/public/gone").exists());
    assert_eq!(scene.names(), ["content", "public"]);
}

#[test]
fn a_file_that_has_not_changed_is_kept_and_any_other_is_written() {
    let scene = Scene::new();
    let number = |file: &str| fs::metadata(scene.path("book/public").join(file)).unwrap().ino();
    let files = [("same.html", "1"), ("a/same.html", "1"), ("touched.html", "1"), ("a/gone.html", "1")];
    scene.publish(&files).unwrap();
    let numbers = files.map(|(path, _)| number(path));
    // Somebody has changed one file in place, to the same length.
    fs::write(scene.path("book/public/touched.html"), "X").unwrap();
    fs::remove_file(scene.path("book/public/a/gone.html")).unwrap();
    scene.publish(&files).unwrap();
    assert_eq!(files[..2].iter().map(|(path, _)| number(path)).collect::<Vec<_>>(), numbers[..2]);
    assert_ne!(number("touched.html"), numbers[2]);
    assert!(is_whole(&scene.path("book/public")));
    scene.publish(&[("same.html", "2")]).unwrap();
    assert_ne!(number("same.html"), numbers[0]);
    assert!(is_whole(&scene.path("book/public")));
    assert_eq!(scene.names(), ["content", "public"]);
}

#[test]
fn without_commit_the_old_site_stays_and_no_trace_is_left() {
    let scene = Scene::new();
    scene.publish(&[("index.html", "1")]).unwrap();
    let staging = scene.begin().unwrap();
    staging.put(Output::text("index.html", "2")).unwrap();
    assert_eq!(scene.names().len(), 4, "lock and staging folder beside content and public");
    drop(staging);
    assert_eq!(scene.site()["index.html"], "1");
    assert_eq!(scene.names(), ["content", "public"]);
}

#[test]
fn a_folder_with_files_of_others_is_refused_before_anything_is_written() {
    let scene = Scene::new();
    fs::create_dir_all(scene.path("book/public/docs")).unwrap();
    fs::write(scene.path("book/public/docs/thesis.tex"), "years of work").unwrap();
    let refused = scene.publish(&[("index.html", "1")]).unwrap_err();
    assert!(refused.message.contains("was not made by Opsbook"), "{refused}");

    fs::remove_dir_all(scene.path("book/public")).unwrap();
    scene.publish(&[("index.html", "1")]).unwrap();
    fs::write(scene.path("book/public/CNAME"), "handbook.example.org").unwrap();
    let refused = scene.publish(&[("index.html", "2")]).unwrap_err();
    assert!(refused.message.ends_with("contains files Opsbook did not make: `CNAME`"), "{refused}");
    assert_eq!(scene.site()["index.html"], "1");
    assert_eq!(scene.names(), ["content", "public"]);
}

#[test]
fn a_site_for_fewer_readers_is_never_put_into_one_for_more() {
    let scene = Scene::new();
    let levels = Levels::default();
    let publish = |audience: &str, folder: &str| {
        let place = scene.choose(&scene.path(folder))?;
        let staging = Staging::begin(place, &scene.path("book"), readers(&levels, audience), &|| {})?;
        staging.put(Output::text("index.html", "1")).unwrap();
        staging.commit()
    };
    publish("public", "book/public").unwrap();
    for folder in ["book/public/internal", "book/public/a/b"] {
        let refused = publish("internal", folder).unwrap_err();
        assert!(refused.message.contains("`public`, and this one is for `internal`"), "{refused}");
    }
    publish("internal", "book/internal").unwrap();
    publish("internal", "book/elsewhere/internal").unwrap();
}

#[test]
fn a_site_for_fewer_readers_never_takes_the_place_of_one_for_more() {
    let scene = Scene::new();
    let levels = Levels::default();
    let publish = |audience: &str, text: &str| {
        let place = scene.choose(&scene.path("book/public"))?;
        let staging = Staging::begin(place, &scene.path("book"), readers(&levels, audience), &|| {})?;
        staging.put(Output::text("index.html", text)).unwrap();
        staging.commit()
    };
    publish("partner", "1").unwrap();
    publish("public", "2").unwrap();
    let refused = publish("partner", "3").unwrap_err();
    assert!(
        refused.message.contains("holds a site for `public`, and this one is for `partner`"),
        "{refused}"
    );
    assert_eq!(scene.site()["index.html"], "2");
    assert_eq!(scene.names(), ["content", "public"]);
    fs::remove_dir_all(scene.path("book/public")).unwrap();
    publish("partner", "4").unwrap();
    // Those of versions that did not say for whom a site is.
    let manifest = scene.path("book/public").join(MANIFEST);
    let text = fs::read_to_string(&manifest).unwrap();
    fs::write(&manifest, text.replace("  \"audience\": \"partner\",\n", "")).unwrap();
    assert!(publish("partner", "5").unwrap_err().message.contains("does not say for whom"));
    publish("public", "6").unwrap();
}

#[test]
fn files_that_others_add_during_a_build_are_kept() {
    let scene = Scene::new();
    scene.publish(&[("index.html", "1")]).unwrap();
    let staging = scene.begin().unwrap();
    staging.put(Output::text("index.html", "2")).unwrap();
    fs::write(scene.path("book/public/note.txt"), "mine").unwrap();
    let done = staging.commit().unwrap();
    assert_eq!(done.kept, [scene.path("book/public.kept-1")]);
    assert_eq!(fs::read_to_string(scene.path("book/public.kept-1/note.txt")).unwrap(), "mine");
    assert!(is_whole(&scene.path("book/public")));
}

#[test]
fn a_link_in_the_old_site_never_leads_a_deletion_outside() {
    let scene = Scene::new();
    scene.publish(&[("a/index.html", "1"), ("index.html", "1")]).unwrap();
    fs::create_dir(scene.path("outside")).unwrap();
    fs::write(scene.path("outside/index.html"), "canary").unwrap();
    let staging = scene.begin().unwrap();
    staging.put(Output::text("index.html", "2")).unwrap();
    fs::remove_dir_all(scene.path("book/public/a")).unwrap();
    symlink(scene.path("outside"), scene.path("book/public/a")).unwrap();
    staging.commit().unwrap();
    assert_eq!(fs::read_to_string(scene.path("outside/index.html")).unwrap(), "canary");
}

#[test]
fn folders_that_are_no_output_folders_are_refused() {
    let scene = Scene::new();
    fs::create_dir(scene.path("home")).unwrap();
    fs::write(scene.path("file"), "").unwrap();
    for (name, target) in [("to-root", "book"), ("to-home", "home"), ("to-top", "/"), ("to-nothing", "none")]
    {
        symlink(scene.path(target), scene.path(name)).unwrap();
    }
    let hostile = [
        "",
        "/",
        ".",
        "book",
        "book/.",
        "book/content",
        "book/content/public",
        "home",
        "file",
        "to-root",
        "to-home",
        "to-top",
        "to-nothing",
        "to-nothing/x",
        "to-root/content",
        "absent/../../x",
    ];
    for out in hostile {
        let path = if out.is_empty() { PathBuf::new() } else { scene.path("").join(out) };
        let refused = scene.choose(&path).map(|place| place.folder());
        assert!(refused.is_err(), "{out:?}: {refused:?}");
    }
    for out in ["book/public", "site", "home/site", "to-home/site", "deep/er/site"] {
        assert!(scene.choose(&scene.path(out)).is_ok(), "{out}");
    }
}

#[test]
fn a_link_to_a_folder_of_ours_is_published_through() {
    let scene = Scene::new();
    fs::create_dir(scene.path("www")).unwrap();
    symlink(scene.path("www"), scene.path("book/public")).unwrap();
    scene.publish(&[("index.html", "1")]).unwrap();
    assert_eq!(fs::read_to_string(scene.path("www/index.html")).unwrap(), "1");
    assert!(scene.path("book/public").is_symlink());
}

#[test]
fn paths_that_leave_the_site_are_not_written() {
    let scene = Scene::new();
    let staging = scene.begin().unwrap();
    for path in ["../x", "/etc/x", "a/../../x", "", "a//b", MANIFEST] {
        let error = staging.put(Output::text(path, "x")).unwrap_err();
        assert!(error.to_string().starts_with(&format!("cannot write `{path}`")), "{error}");
    }
    assert!(!scene.path("book/x").exists() && !scene.path("x").exists());
}

#[test]
fn one_path_is_written_once() {
    let scene = Scene::new();
    let staging = scene.begin().unwrap();
    staging.put(Output::text("a/index.html", "1")).unwrap();
    assert!(staging.put(Output::text("a/index.html", "2")).is_err());
    assert!(staging.put(Output::text("a", "a file where a folder is")).is_err());
}

/// The digest of a file as it is now.
fn judged(file: &Path) -> Digest {
    let bytes = if file.is_file() { fs::read(file).unwrap() } else { Vec::new() };
    Digest::of_stream(blake3::Hasher::new().update(&bytes))
}

#[test]
fn a_file_that_was_exchanged_since_it_was_judged_is_not_published() {
    let scene = Scene::new();
    let place = scene.path("book/content/a.csv");
    fs::write(&place, "judged").unwrap();
    let original = Original {
        location: place.clone(),
        format: None,
        digest: judged(&place),
        media: MediaOfFile::ByName,
    };
    fs::write(&place, "others").unwrap();
    let staging = scene.begin().unwrap();
    let error = staging.put(Output::new("a.csv", Body::File(original))).unwrap_err();
    assert!(error.to_string().contains("was changed"), "{error}");
}

#[test]
fn files_of_the_inputs_are_copied_only_from_beneath_the_handbook() {
    let scene = Scene::new();
    fs::write(scene.path("secret"), "canary").unwrap();
    fs::write(scene.path("book/content/a.png"), "png").unwrap();
    symlink(scene.path("secret"), scene.path("book/content/link.png")).unwrap();
    symlink("content", scene.path("book/inner")).unwrap();
    rustix::fs::mknodat(
        rustix::fs::CWD,
        scene.path("book/content/pipe.png"),
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::RUSR,
        0,
    )
    .unwrap();
    let staging = scene.begin().unwrap();
    let put = |path: &str, from: &str| {
        let location = scene.path(from);
        let digest = judged(&location);
        staging.put(Output::new(
            path,
            Body::File(Original { location, format: None, digest, media: MediaOfFile::ByName }),
        ))
    };
    put("a.png", "book/content/a.png").unwrap();
    put("inner.png", "book/inner/a.png").unwrap();
    for hostile in ["secret", "book/content/link.png", "book/content", "book/content/pipe.png", "book/none"] {
        assert!(put(&format!("x/{hostile}"), hostile).is_err(), "{hostile}");
    }
    let whole = fs::read_to_string(scene.path("book/content/a.png")).unwrap();
    drop(staging);
    assert_eq!(whole, "png");
}

#[test]
fn what_killed_builds_left_behind_is_cleaned_up() {
    let scene = Scene::new();
    scene.publish(&[("index.html", "1")]).unwrap();
    fs::create_dir_all(scene.path("book/.public.new-4000000/a")).unwrap();
    fs::write(scene.path("book/.public.new-4000000/a/index.html"), "half").unwrap();
    fs::write(scene.path("book/.public.lock"), "").unwrap();
    fs::create_dir(scene.path("book/.public.new-mine")).unwrap();
    scene.publish(&[("index.html", "2")]).unwrap();
    assert_eq!(scene.names(), [".public.new-mine", "content", "public"]);
}

#[test]
fn a_site_set_aside_by_a_killed_build_comes_back() {
    let scene = Scene::new();
    scene.publish(&[("index.html", "1")]).unwrap();
    fs::rename(scene.path("book/public"), scene.path("book/.public.old-4000000")).unwrap();
    drop(scene.begin().unwrap());
    assert_eq!(scene.site()["index.html"], "1");
    assert_eq!(scene.names(), ["content", "public"]);
}

#[test]
fn eight_builds_at_once_do_not_mix() {
    let scene = Scene::new();
    for round in 0..5 {
        std::thread::scope(|scope| {
            for build in 0..8 {
                let scene = &scene;
                scope.spawn(move || {
                    let text = format!("{round}-{build}");
                    let paths: Vec<String> = (0..30).map(|page| format!("p{page}/index.html")).collect();
                    let files: Vec<(&str, &str)> =
                        paths.iter().map(|path| (path.as_str(), text.as_str())).collect();
                    scene.publish(&files).unwrap();
                });
            }
        });
        let texts: std::collections::BTreeSet<String> = scene.site().into_values().collect();
        assert_eq!(texts.len(), 1, "{texts:?}");
        assert!(is_whole(&scene.path("book/public")));
        assert_eq!(scene.names(), ["content", "public"]);
    }
}

#[test]
fn whoever_waits_for_another_build_is_told() {
    let scene = Scene::new();
    let first = scene.begin().unwrap();
    let told = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let second = scope.spawn(|| {
            let place = scene.choose(&scene.path("book/public")).unwrap();
            let waiting = || told.store(true, Ordering::SeqCst);
            Staging::begin(place, &scene.path("book"), public(&Levels::default()), &waiting).map(drop)
        });
        while !told.load(Ordering::SeqCst) {
            std::thread::sleep(Duration::from_millis(1));
        }
        drop(first);
        second.join().unwrap().unwrap();
    });
}

/// Publishes again and again until it is killed; runs only as a child of the test below.
#[test]
fn child_that_is_killed() {
    let Ok(folder) = std::env::var("OPSBOOK_TEST_PUBLISH") else { return };
    let root = Path::new(&folder).join("book");
    for round in 0.. {
        let place = OutputFolder::choose(
            &root.join("public"),
            ProtectedFolders { root: &root, sources: &[], home: None },
        );
        let staging = Staging::begin(place.unwrap(), &root, public(&Levels::default()), &|| {}).unwrap();
        for page in 0..40 {
            let path = format!("p{}/{page}/index.html", page % 7);
            staging.put(Output::text(path, format!("{round} {page}").repeat(200))).unwrap();
        }
        staging.commit().unwrap();
    }
}

#[test]
fn a_build_killed_at_any_moment_leaves_a_whole_site() {
    let scene = Scene::new();
    scene.publish(&[("index.html", "1")]).unwrap();
    let publish = || {
        Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "publish::child_that_is_killed", "--test-threads=1"])
            .env("OPSBOOK_TEST_PUBLISH", scene.path(""))
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap()
    };
    let kills = setting("KILLS", 8);
    for kill in 0..kills {
        let mut child = publish();
        std::thread::sleep(Duration::from_millis(5) + Duration::from_millis(43) * kill / kills);
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(is_whole(&scene.path("book/public")), "kill {kill}");
    }
    // One child lives until it has published, however slow the machine is.
    let mut child = publish();
    let start = Instant::now();
    while !scene.path("book/public/p0/0/index.html").exists() {
        assert!(start.elapsed() < Duration::from_secs(60), "the children publish something");
        std::thread::sleep(Duration::from_millis(5));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(is_whole(&scene.path("book/public")));
    drop(scene.begin().unwrap());
    assert_eq!(scene.names(), ["content", "public"]);
}
