//! What Opsbook is made of: known defects, licences, a bill of materials.
//!
//! `check` is a part of the project's tests and needs no network: it reads `deny.toml`, the lock files and a copy of the
//! advisories of RustSec that is committed with its date. cargo-deny reads the same `deny.toml` and asks for the newest
//! advisories; whoever has it may run it besides.

mod advisories;
mod graph;
mod policy;
mod sbom;

use std::path::Path;
use std::process::ExitCode;

use graph::Graph;
use policy::Policy;

/// What went wrong, for people.
type Error = Box<dyn std::error::Error>;

const USAGE: &str = "usage: supply-chain/run [check | sbom | advisories FOLDER]";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments.as_slice() {
        [] | ["check"] => check(),
        ["sbom"] => write_sbom(),
        ["advisories", folder] => advisories::take(Path::new(folder)).map(|()| true),
        _ => Err(USAGE.into()),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Runs every check on every lock file and says which packages do not fit. `false` if there are some.
fn check() -> Result<bool, Error> {
    let policy = Policy::read()?;
    let snapshot = advisories::read()?;
    let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    println!("advisories of {}: {}", snapshot.date, snapshot.advisories.len());
    let program = Graph::of_package("Cargo.toml", &policy.graph.targets)?;
    let fuzz = Graph::of_package("fuzz/Cargo.toml", &policy.graph.targets)?;
    let built = program.built().count();
    println!(
        "packages of the program on all systems: {built}, with those of its tests: {}",
        program.packages.len() - 1
    );

    let checks = [
        ("no package of the program has a known defect", snapshot.problems(&program, &policy, today)),
        ("no package of the fuzz targets has a known defect", snapshot.problems(&fuzz, &policy, today)),
        ("each exception is needed", snapshot.unneeded(&[&program, &fuzz], &policy)),
        ("each licence is allowed", policy.licence_problems(&program)),
        ("no banned package is built into the program", policy.ban_problems(&program)),
        (
            "each package comes from the registry, with its checksum",
            policy.source_problems(&[&program, &fuzz]),
        ),
        ("each requirement names a version", policy.wildcard_problems(&program)),
        ("the bill of materials names each package of the program once", sbom::problems(&program)?),
    ];
    let mut failed = 0;
    for (name, problems) in &checks {
        if problems.is_empty() {
            println!("ok: {name}");
        } else {
            failed += 1;
            println!("FAILED: {name}");
            problems.iter().for_each(|problem| println!("  {problem}"));
        }
    }
    println!("{} passed, {failed} failed", checks.len() - failed);
    Ok(failed == 0)
}

fn write_sbom() -> Result<bool, Error> {
    let policy = Policy::read()?;
    let program = Graph::of_package("Cargo.toml", &policy.graph.targets)?;
    println!("{}", serde_json::to_string_pretty(&sbom::bill(&program))?);
    Ok(true)
}
