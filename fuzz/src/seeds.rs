//! What a target begins with: its own corpus, and the texts of the repository that fit.
//!
//! Owns where inputs lie. They are sorted, so that every run begins with the same.
#![expect(clippy::disallowed_methods, reason = "reads the repository's own files")]

use std::path::{Path, PathBuf};

use opsbook::metadata::ImageFormat;

use crate::case::Case;
use crate::fixtures;
use crate::targets::{FORMATS, Seeds, Target};

/// Folders with files that the program reads as they are.
const READ: &[&str] = &["content", "src/controls/built_in", "src/kinds/built_in"];

/// Inputs that were kept for a target; where a defect was found, it is mended.
pub fn corpus(target: &Target) -> Vec<Vec<u8>> {
    contents(&Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target.name))
}

/// All that inputs of a target are made of: its corpus, and what fits of the repository.
pub fn seeds(target: &Target) -> Vec<Vec<u8>> {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let cases = || contents(&repository.join("tests/sites"));
    let mut found = corpus(target);
    match target.seeds {
        Seeds::Own => {}
        Seeds::Cases => found.extend(cases()),
        Seeds::Pictures => found.extend(pictures()),
        Seeds::Files(ends) => {
            found.extend(cases().iter().flat_map(|case| parts(case, ends)));
            let read = READ.iter().flat_map(|folder| files(&repository.join(folder)));
            found.extend(read.filter(|path| fits(&path.to_string_lossy(), ends)).filter_map(content));
        }
    }
    found.sort();
    found.dedup();
    found
}

fn fits(path: &str, ends: &[&str]) -> bool {
    ends.iter().any(|end| path.ends_with(end))
}

/// The files of a case.
fn parts(case: &[u8], ends: &[&str]) -> Vec<Vec<u8>> {
    let case = Case::parse(&String::from_utf8_lossy(case));
    let parts = case.parts.into_iter().filter(|part| part.wanted().is_none() && fits(&part.name, ends));
    parts.map(|part| part.text.into_bytes()).collect()
}

/// A small file of each format, behind the byte that names the format.
fn pictures() -> Vec<Vec<u8>> {
    let files = [
        (ImageFormat::Avif, fixtures::avif_loud()),
        (ImageFormat::Drawio, fixtures::svg_loud()),
        (ImageFormat::Gif, fixtures::gif_loud()),
        (ImageFormat::Ico, fixtures::ico_loud()),
        (ImageFormat::Jpeg, fixtures::jpeg_loud(6)),
        (ImageFormat::Png, fixtures::png_loud()),
        (ImageFormat::Svg, fixtures::svg_loud()),
        (ImageFormat::Webp, fixtures::webp_loud(6)),
    ];
    let named = |(format, bytes): (ImageFormat, Vec<u8>)| {
        let number = FORMATS.iter().position(|known| *known == format).and_then(|at| u8::try_from(at).ok());
        Some([vec![number?], bytes].concat())
    };
    files.into_iter().filter_map(named).collect()
}

fn content(path: PathBuf) -> Option<Vec<u8>> {
    std::fs::read(path).ok()
}

/// What stands in every file beneath a folder.
fn contents(folder: &Path) -> Vec<Vec<u8>> {
    files(folder).into_iter().filter_map(content).collect()
}

/// Every file beneath a folder, sorted; none where there is no such folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    paths.sort();
    let beneath = |path: PathBuf| if path.is_dir() { files(&path) } else { vec![path] };
    paths.into_iter().flat_map(beneath).collect()
}
