//! What files say beside what they show does not get into a site.
//!
//! Random bytes, cut-off and changed files of every format never make the program panic, and what is clean stays as it
//! is. A whole site holds the token that stands in all its pictures nowhere; files that are not looked into are reported.
#![expect(clippy::disallowed_methods, reason = "lays out handbooks on disk and runs the program")]

#[path = "../../src/metadata/fixtures.rs"]
mod fixtures;

use std::fs;
use std::path::Path;
use std::process::Command;

use opsbook::metadata::{ImageFormat, MetadataProblem, clean, format_of};
use proptest::prelude::*;

use fixtures::{TOKEN, holds};

/// Extension and content: files that can be cleaned, each with the token.
fn loud() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("avif", fixtures::avif_loud()),
        ("drawio", format!("<mxfile agent='{TOKEN}'><diagram/></mxfile>").into()),
        ("gif", fixtures::gif_loud()),
        ("ico", fixtures::ico_loud()),
        ("jpg", fixtures::jpeg_loud(6)),
        ("png", fixtures::png_loud()),
        ("svg", fixtures::svg_loud()),
        ("webp", fixtures::webp_loud(6)),
    ]
}

/// Cleans twice: the second time there is nothing left to do.
#[track_caller]
fn assert_stable(format: ImageFormat, bytes: &[u8]) {
    let Ok(cleaned) = clean(format, bytes) else { return };
    let again =
        clean(format, &cleaned).unwrap_or_else(|_| panic!("{format:?} was {bytes:?}, became {cleaned:?}"));
    assert_eq!(again, cleaned, "{format:?}");
}

#[test]
fn every_known_format_has_files_here() {
    for (extension, file) in loud() {
        let format = format_of(extension).unwrap();
        assert!(holds(&file, TOKEN), "{extension}");
        let cleaned = clean(format, &file).unwrap_or_else(|problem| panic!("{extension}: {problem:?}"));
        assert!(!holds(&cleaned, TOKEN), "{extension}");
        assert_stable(format, &file);
    }
}

#[test]
fn a_picture_is_told_by_its_bytes_and_not_by_its_name() {
    assert_eq!(clean(ImageFormat::Jpeg, &fixtures::png_loud()).unwrap(), fixtures::png_quiet());
    assert_eq!(clean(ImageFormat::Png, &fixtures::jpeg_loud(1)).unwrap(), fixtures::jpeg_quiet());
    assert_eq!(clean(ImageFormat::Gif, &fixtures::webp_loud(1)).unwrap(), fixtures::webp_quiet());
    assert_eq!(clean(ImageFormat::Png, &fixtures::svg_loud()), Err(MetadataProblem::Unreadable));
    assert_eq!(clean(ImageFormat::Svg, &fixtures::svg_quiet()).unwrap(), fixtures::svg_quiet());
}

#[test]
fn cut_off_files_never_break_the_program() {
    for (extension, file) in loud() {
        let format = format_of(extension).unwrap();
        for end in 0..file.len() {
            assert_stable(format, &file[..end]);
        }
    }
}

#[test]
fn hostile_files_cost_time_in_proportion_to_their_length() {
    let svg = |text: &str| format!("<svg>{}", text.repeat(4_000_000 / text.len())).into_bytes();
    for text in [
        "<g>",
        "<g xmlns:a='b'>",
        "<a b='data:'/>",
        "<",
        "<!--",
        "<style>",
        "<style>/*",
        "<g a='data:image/png,",
        "&",
    ] {
        assert_stable(ImageFormat::Svg, &svg(text));
    }
    for repeated in [[0xFF_u8; 4], [0xFF, 0, 0xFF, 0], [0; 4], [0xFF, 0xD8, 0xFF, 0xE1]] {
        for (extension, file) in loud() {
            let long = [&file[..file.len().min(40)], &repeated.repeat(500_000)].concat();
            assert_stable(format_of(extension).unwrap(), &long);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_bytes_never_break_the_program(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        for (extension, file) in loud() {
            let format = format_of(extension).unwrap();
            assert_stable(format, &bytes);
            // Behind a sound beginning.
            for length in [4, 8, 12, 40] {
                assert_stable(format, &[&file[..length], &bytes].concat());
            }
        }
    }

    #[test]
    fn changed_files_never_break_the_program(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        (from, to) in (any::<prop::sample::Index>(), any::<prop::sample::Index>()),
    ) {
        for (extension, file) in loud() {
            let format = format_of(extension).unwrap();
            let mut changed = file.clone();
            for (place, byte) in &changes {
                let place = place.index(changed.len());
                changed[place] = *byte;
            }
            assert_stable(format, &changed);
            // A piece stands twice.
            let (from, to) = (from.index(file.len()), to.index(file.len()));
            assert_stable(format, &[&file[..from], &file[to..]].concat());
        }
    }
}

struct Run {
    folder: tempfile::TempDir,
    code: Option<i32>,
    text: String,
}

/// Runs the program on a handbook with one page that links all files.
fn run(files: &[(&str, Vec<u8>)], settings: &str, arguments: &[&str]) -> Run {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    fs::create_dir(root.join("content")).unwrap();
    fs::write(root.join("book.toml"), format!("[book]\ntitle = \"Book\"\n{settings}")).unwrap();
    let mut page = "# Page\n".to_owned();
    for (name, bytes) in files {
        fs::write(root.join("content").join(name), bytes).unwrap();
        page.push_str(&format!("\n[file]({name})\n"));
    }
    fs::write(root.join("content/page.md"), page).unwrap();
    let run = Command::new(env!("CARGO_BIN_EXE_opsbook")).args(arguments).current_dir(root).output().unwrap();
    let text = [run.stdout, run.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
    Run { folder, code: run.status.code(), text }
}

fn named(files: Vec<(&'static str, Vec<u8>)>) -> Vec<(String, Vec<u8>)> {
    files.into_iter().map(|(extension, bytes)| (format!("file.{extension}"), bytes)).collect()
}

fn by_name(files: &[(String, Vec<u8>)]) -> Vec<(&str, Vec<u8>)> {
    files.iter().map(|(name, bytes)| (name.as_str(), bytes.clone())).collect()
}

/// Files of the published site that hold the token.
fn with_token(root: &Path) -> Vec<String> {
    let walk = walkdir::WalkDir::new(root.join("public")).sort_by_file_name().into_iter().map(Result::unwrap);
    let files =
        walk.filter(|entry| entry.file_type().is_file() && holds(&fs::read(entry.path()).unwrap(), TOKEN));
    files.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}

#[test]
fn a_site_says_nothing_beside_what_it_shows() {
    let files = named(loud());
    let run = run(&by_name(&files), "", &["build"]);
    assert_eq!(run.code, Some(0), "{}", run.text);
    let root = run.folder.path();
    assert_eq!(with_token(root), Vec::<String>::new());
    for (name, _) in &files {
        assert!(root.join("public").join(name).exists(), "{name}");
    }
    assert_eq!(fs::read(root.join("public/file.png")).unwrap(), fixtures::png_quiet());
    assert!(holds(&fs::read(root.join("content/file.png")).unwrap(), TOKEN));
    // The manifest names what was published, so a second build links it again.
    let number = || {
        use std::os::unix::fs::MetadataExt;
        fs::metadata(root.join("public/file.png")).unwrap().ino()
    };
    let first = number();
    let again = Command::new(env!("CARGO_BIN_EXE_opsbook")).arg("build").current_dir(root).output().unwrap();
    assert!(again.status.success());
    assert_eq!(number(), first);
}

/// Files of each sort that is published as it is.
fn unchecked() -> Vec<(String, Vec<u8>)> {
    let extensions = ["docx", "mp3", "mp4", "odt", "ogg", "pdf", "pptx", "wav", "webm", "xlsx"];
    extensions.map(|extension| (format!("file.{extension}"), TOKEN.into())).into()
}

#[test]
fn what_is_not_looked_into_is_published_with_a_warning_that_names_a_tool() {
    let files = unchecked();
    let run = run(&by_name(&files), "", &["build"]);
    assert_eq!(run.code, Some(0), "{}", run.text);
    assert_eq!(run.text.matches("warning[asset.unchecked]").count(), files.len(), "{}", run.text);
    for tool in ["exiftool", "qpdf", "ffmpeg", "Inspect Document"] {
        assert!(run.text.contains(tool), "{tool}: {}", run.text);
    }
    assert!(!run.text.contains(TOKEN), "{}", run.text);
    for (name, bytes) in files {
        assert_eq!(fs::read(run.folder.path().join("public").join(&name)).unwrap(), bytes, "{name}");
    }
}

#[test]
fn a_handbook_decides_how_much_unchecked_files_weigh() {
    let files = unchecked();
    let off = run(&by_name(&files), "[rules]\n\"asset.unchecked\" = \"off\"\n", &["build"]);
    assert_eq!(off.code, Some(0), "{}", off.text);
    assert!(!off.text.contains("asset.unchecked"), "{}", off.text);
    let error = run(&by_name(&files), "[rules]\n\"asset.unchecked\" = \"error\"\n", &["build"]);
    assert_eq!(error.code, Some(1), "{}", error.text);
    assert!(!error.folder.path().join("public").exists());
}

#[test]
fn a_picture_that_cannot_be_read_is_not_published_whatever_the_rules_say() {
    let half = fixtures::png_loud()[..100].to_vec();
    let run =
        run(&[("half.png", half)], "[rules]\n\"asset.metadata\" = \"off\"\n", &["build", "--keep-going"]);
    assert_eq!(run.code, Some(1));
    assert!(run.text.contains("asset.broken"), "{}", run.text);
    assert!(!run.folder.path().join("public/half.png").exists());
}

#[test]
fn files_that_no_page_links_are_not_complained_about() {
    let run = run(&[], "", &["check"]);
    let root = run.folder.path();
    fs::write(root.join("content/a.pdf"), b"%PDF-1.7").unwrap();
    let again = Command::new(env!("CARGO_BIN_EXE_opsbook")).arg("check").current_dir(root).output().unwrap();
    let text = String::from_utf8_lossy(&again.stderr).into_owned();
    assert!(again.status.success() && !text.contains("asset.unchecked"), "{text}");
}
