//! The guide's tutorials, replayed in a folder of their own as they are written.
//!
//! Owns the replay. A page is read from top to bottom:
//!
//! - A code block whose title is a path becomes that file. A title with more words behind a comma is a part of a file; it
//!   lies in `$PART` until the next one.
//! - The lines of a `console` block with `$` run in a shell. If the block prints something, it prints all of it.
//! - A comment that begins with `replay` holds shell lines for what the prose asks the reader to do in an editor.
//!
//! The day is that of the tutorials, and figures that change with each version are not compared.

#![expect(clippy::disallowed_methods, reason = "reads the guide and runs a shell")]

use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use fancy_regex::Regex;

/// The day on which the commands of the tutorials were run.
const DAY: &str = "2026-11-23";

/// What differs between machines and versions, with what stands for it in the comparison.
const FIGURES: &[(&str, &str)] = &[
    (r"\bin [\d.]+ m?s\b", "in N ms"),
    (r"\bWrote \d+ files\b", "Wrote N files"),
    (r"\baudited \d+ files\b", "audited N files"),
    (r"\bin \d+ more files\b", "in N more files"),
    (r"(note: in [^:]+):\d+:\d+", "$1:N:N"),
    (r"\bsearch/[0-9a-f]{10}\.json\b", "search/N.json"),
];

/// A step of a tutorial.
#[derive(Debug)]
enum Step {
    /// A whole file.
    File { path: String, text: String },
    /// A part of a file, which a later script uses.
    Part(String),
    /// A console block: its commands, and everything between its fences.
    Console { commands: Vec<String>, shown: String },
    /// Shell lines that stand for work in an editor.
    Script(String),
}

/// The folder of a replay: the reader's own, with a program beside it that takes every day for [`DAY`].
struct Replay {
    folder: tempfile::TempDir,
    /// Where the reader's shell is.
    here: PathBuf,
    part: String,
}

impl Replay {
    fn new() -> Replay {
        let folder = tempfile::tempdir().unwrap();
        let home = folder.path().canonicalize().unwrap().join("you");
        fs::create_dir_all(&home).unwrap();
        let program = folder.path().join("bin/opsbook");
        fs::create_dir_all(program.parent().unwrap()).unwrap();
        fs::write(&program, program_on_the_day()).unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        Replay { folder, here: home, part: String::new() }
    }

    /// Runs a shell line where the last one ended, and returns what it printed and whether it succeeded.
    fn run(&mut self, line: &str) -> (String, bool) {
        let root = self.folder.path();
        let part = root.join("part");
        fs::write(&part, &self.part).unwrap();
        let path = format!("{}:{}", root.join("bin").display(), std::env::var("PATH").unwrap());
        // The last line says where the shell went, behind whatever the command printed.
        let script = format!("{{ {line}\n}} 2>&1; code=$?; pwd > \"$END\"; exit $code");
        let output = Command::new("bash")
            .args(["-c", &script])
            .current_dir(&self.here)
            .env("PATH", path)
            .env("PART", &part)
            .env("END", root.join("end"))
            .env_remove("COLUMNS")
            .stdin(Stdio::null())
            .output()
            .unwrap();
        self.here = PathBuf::from(fs::read_to_string(root.join("end")).unwrap().trim_end());
        (String::from_utf8(output.stdout).unwrap(), output.status.success())
    }

    /// What was printed, as the page shows it.
    fn as_shown(&self, text: &str) -> String {
        let home = self.folder.path().canonicalize().unwrap();
        compared(&text.replace(home.to_str().unwrap(), "/home"))
    }

    fn take(&mut self, step: &Step) -> Result<(), String> {
        match step {
            Step::File { path, text } => {
                let file = self.here.join(path);
                fs::create_dir_all(file.parent().unwrap()).unwrap();
                fs::write(file, text).unwrap();
            }
            Step::Part(text) => self.part.clone_from(text),
            Step::Script(script) => {
                let (printed, is_well) = self.run(&format!("set -e\n{script}"));
                if !is_well {
                    return Err(format!("the script fails:\n{script}\n{printed}"));
                }
            }
            Step::Console { commands, shown } => {
                let prints = shown.lines().count() > commands.iter().flat_map(|line| line.lines()).count();
                let mut transcript = String::new();
                for command in commands {
                    let (printed, is_well) = self.run(command);
                    if !prints && !is_well {
                        return Err(format!("`{command}` fails:\n{printed}"));
                    }
                    write!(transcript, "$ {command}\n{}", self.as_shown(&printed)).unwrap();
                }
                if prints && transcript != compared(shown) {
                    return Err(format!("the page shows:\n{shown}\nand this was printed:\n{transcript}"));
                }
            }
        }
        Ok(())
    }
}

/// A shell script that runs the program as on [`DAY`]. A preview would wait for its end, so it is left out.
fn program_on_the_day() -> String {
    format!(
        "#!/bin/sh
program={}
case \"$1 $*\" in
serve*) exit 0;;
init*)
    \"$program\" \"$@\" || exit
    grep -rlZ --include='*.md' \"$(date -u +%F)\" . | xargs -0 -r sed -i \"s/$(date -u +%F)/{DAY}/g\"
    exit 0;;
*--today*) ;;
build*|check*|audit*|status*) set -- \"$@\" --today {DAY};;
esac
exec \"$program\" \"$@\"
",
        env!("CARGO_BIN_EXE_opsbook")
    )
}

/// A text without the figures that change, and without trailing spaces.
fn compared(text: &str) -> String {
    let mut text = text.to_owned();
    for (figure, instead) in FIGURES {
        text = Regex::new(figure).unwrap().replace_all(&text, *instead).into_owned();
    }
    text.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

/// The steps of a page, with the heading above each.
fn steps(page: &str) -> Vec<(String, Step)> {
    let mut steps = Vec::new();
    let mut heading = String::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        if let Some(title) = line.strip_prefix("## ") {
            title.clone_into(&mut heading);
        }
        if line.trim_end() == "<!-- replay" {
            let script: Vec<&str> = lines.by_ref().take_while(|line| line.trim_end() != "-->").collect();
            steps.push((heading.clone(), Step::Script(script.join("\n"))));
        }
        let fence: String = line.chars().take_while(|c| *c == '`').collect();
        if fence.len() < 3 {
            continue;
        }
        let text: String = lines
            .by_ref()
            .take_while(|line| line.trim_end() != fence)
            .map(|line| format!("{line}\n"))
            .collect();
        let info = &line[fence.len()..];
        let title = info.split_once("title=\"").and_then(|(_, rest)| rest.split_once('"'));
        let step = match title {
            Some((title, _)) if title.contains(", ") => Step::Part(text),
            Some((path, _)) => Step::File { path: path.to_owned(), text },
            None if info == "console" => Step::Console { commands: commands(&text), shown: text },
            None => continue,
        };
        steps.push((heading.clone(), step));
    }
    steps
}

/// The commands of a console block, each with the lines that continue it.
fn commands(block: &str) -> Vec<String> {
    let mut commands: Vec<String> = Vec::new();
    let mut continues = false;
    for line in block.lines() {
        let known = commands.last_mut().filter(|_| continues);
        match (known, line.strip_prefix("$ ")) {
            (Some(command), _) => *command = format!("{command}\n{line}"),
            (None, Some(command)) => commands.push(command.to_owned()),
            (None, None) => continue,
        }
        let command = commands.last().expect("one was added");
        continues = command.ends_with('\\') || command.matches('\'').count() % 2 == 1;
    }
    commands
}

/// Replays a tutorial of the guide.
fn replay(page: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("content/guide").join(page);
    let steps = steps(&fs::read_to_string(path).unwrap());
    let consoles = steps.iter().filter(|(_, step)| matches!(step, Step::Console { .. })).count();
    assert!(consoles > 3, "{page} has {consoles} console blocks");
    let mut reader = Replay::new();
    for (heading, step) in &steps {
        if let Err(reason) = reader.take(step) {
            panic!("{page}, {heading}: {reason}");
        }
    }
}

#[test]
fn the_first_handbook_is_made_as_written() {
    replay("first-handbook.md");
}

#[test]
fn an_alert_becomes_an_analysis_as_written() {
    replay("from-alert-to-analysis.md");
}

#[test]
fn two_audiences_get_their_sites_as_written() {
    replay("several-audiences.md");
}

#[test]
fn a_command_has_its_continued_lines() {
    let block = "$ a --b \\\n    c\nprinted\n$ jq '.x\n  | .y' f\n$ d\n";
    assert_eq!(commands(block), ["a --b \\\n    c", "jq '.x\n  | .y' f", "d"]);
}
