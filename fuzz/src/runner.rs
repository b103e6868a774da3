//! Runs targets in plain Rust, on any machine that can build the program.
//!
//! Owns the command line of `opsbook-fuzz`. Each target runs in a process of its own, so that an input that ends the
//! process, or never ends, is found and kept as well. The clock says only when to stop.
#![expect(
    clippy::disallowed_methods,
    reason = "a command: it reads arguments and files, and stops when its time is over"
)]

use std::hash::{DefaultHasher, Hash, Hasher};
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode};
use std::time::{Duration, Instant};
use std::{env, fs, thread};

use crate::mutate::Mutator;
use crate::seeds::{corpus, seeds};
use crate::targets::{TARGETS, Target, target};

const USAGE: &str = "\
Usage: opsbook-fuzz [--seconds N] [--seed N] [TARGET]...
       opsbook-fuzz --repeat TARGET FILE...
       opsbook-fuzz --export TARGET FOLDER
       opsbook-fuzz --targets";

/// How much longer than asked a target may take before its process is ended: building with debug assertions is slow,
/// and the corpus is run whatever time there is.
const PATIENCE: Duration = Duration::from_secs(300);

/// The command.
pub fn run() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments.as_slice() {
        ["--targets"] => {
            TARGETS.iter().for_each(|target| println!("{}", target.name));
            Ok(true)
        }
        ["--repeat", name, files @ ..] => known(name).and_then(|target| repeat(target, files)),
        ["--export", name, folder] => known(name).and_then(|target| export(target, Path::new(folder))),
        ["--alone", name, seconds, seed] => {
            known(name).and_then(|target| Ok(alone(target, number(seconds)?, number(seed)?)))
        }
        rest => Request::read(rest).and_then(|request| all(&request)),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(problem) => {
            eprintln!("{problem}\n{USAGE}");
            ExitCode::from(2)
        }
    }
}

/// What is asked for.
struct Request {
    seconds: u64,
    seed: u64,
    targets: Vec<&'static Target>,
}

impl Request {
    fn read(arguments: &[&str]) -> Result<Request, String> {
        let mut request = Request { seconds: 60, seed: 1, targets: Vec::new() };
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            let mut value = || rest.next().ok_or_else(|| format!("`{argument}` needs a number"));
            match *argument {
                "--seconds" => request.seconds = number(value()?)?,
                "--seed" => request.seed = number(value()?)?,
                name => request.targets.push(known(name)?),
            }
        }
        if request.targets.is_empty() {
            request.targets = TARGETS.iter().collect();
        }
        Ok(request)
    }
}

fn number(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| format!("`{text}` is no number"))
}

fn known(name: &str) -> Result<&'static Target, String> {
    target(name).ok_or_else(|| format!("no target `{name}`"))
}

/// Runs the targets one after the other, each for its share of the time.
fn all(request: &Request) -> Result<bool, String> {
    let share = request.seconds / request.targets.len() as u64;
    let mut failed = 0;
    for target in &request.targets {
        let program = env::current_exe().map_err(|error| error.to_string())?;
        let arguments = ["--alone", target.name, &share.to_string(), &request.seed.to_string()];
        let child = Command::new(program).args(arguments).env("RAYON_NUM_THREADS", "1").spawn();
        let mut child = child.map_err(|error| error.to_string())?;
        let number = child.id();
        if !ended_well(&mut child, Duration::from_secs(share) + PATIENCE) {
            failed += 1;
            let current = current(number);
            if let Ok(input) = fs::read(&current) {
                keep(target, &input);
            }
        }
        let _ = fs::remove_file(current(number));
    }
    println!("\n{} passed, {failed} failed", request.targets.len() - failed);
    Ok(failed == 0)
}

/// Waits for a process, and ends it when it takes too long.
fn ended_well(child: &mut Child, most: Duration) -> bool {
    let start = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return status.success(),
            Ok(None) if start.elapsed() < most => thread::sleep(Duration::from_millis(50)),
            Ok(None) | Err(_) => {
                eprintln!("no end after {} s", most.as_secs());
                let _ = child.kill();
                let _ = child.wait();
                return false;
            }
        }
    }
}

/// Where a process keeps the input that it works on.
fn current(process: u32) -> PathBuf {
    env::temp_dir().join(format!("opsbook-fuzz-{process}"))
}

/// Runs one target in this process: its corpus, then others until the time is over. What its inputs are made of besides
/// is tested elsewhere.
fn alone(target: &Target, seconds: u64, seed: u64) -> bool {
    let (start, end) = (Instant::now(), Duration::from_secs(seconds));
    let current = current(std::process::id());
    let mut mutator = Mutator::new(seeds(target), seed);
    let mut kept = corpus(target).into_iter();
    let mut runs = 0;
    loop {
        let input = match kept.next() {
            Some(input) => input,
            None if start.elapsed() < end => mutator.next(),
            None => break,
        };
        if let Err(error) = fs::write(&current, &input) {
            eprintln!("{}: {error}", current.display());
            return false;
        }
        if panic::catch_unwind(AssertUnwindSafe(|| (target.check)(&input))).is_err() {
            return false;
        }
        runs += 1;
    }
    println!("{:<13} {runs:>7} inputs, {:>5.1} s", target.name, start.elapsed().as_secs_f64());
    true
}

/// Keeps an input that broke a promise, and says how to repeat it.
fn keep(target: &Target, input: &[u8]) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("found");
    let path = folder.join(format!("{}-{}", target.name, name_of(input)));
    let kept = fs::create_dir_all(&folder).and_then(|()| fs::write(&path, input));
    match kept {
        Ok(()) => eprintln!("kept; again by: fuzz/run --repeat {} {}", target.name, path.display()),
        Err(error) => eprintln!("{}: {error}", path.display()),
    }
}

/// Runs a target on files.
fn repeat(target: &Target, files: &[&str]) -> Result<bool, String> {
    for file in files {
        let input = fs::read(file).map_err(|error| format!("{file}: {error}"))?;
        (target.check)(&input);
        println!("{}: {file} holds", target.name);
    }
    Ok(true)
}

/// Writes the seeds of a target into a folder, for libFuzzer.
fn export(target: &Target, folder: &Path) -> Result<bool, String> {
    let problem = |error: std::io::Error| format!("{}: {error}", folder.display());
    fs::create_dir_all(folder).map_err(problem)?;
    for seed in seeds(target) {
        fs::write(folder.join(name_of(&seed)), seed).map_err(problem)?;
    }
    Ok(true)
}

/// The same name for the same bytes.
fn name_of(input: &[u8]) -> String {
    let mut hasher = DefaultHasher::new();
    input.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}
