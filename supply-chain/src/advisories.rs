//! Known defects of packages, from RustSec's advisory database.
//!
//! `advisories.jsonl` is a copy of its facts: a first line with the commit and its day, then a line for each advisory that
//! is not withdrawn, for every package there is, so that a new dependency is judged, too.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;
use std::process::Command;

use jiff::civil::Date;
use semver::{Version, VersionReq};
use serde::{Deserialize, Serialize};

use crate::Error;
use crate::graph::{Graph, Package};
use crate::policy::Policy;

const FILE: &str = "supply-chain/advisories.jsonl";

#[derive(Serialize, Deserialize)]
struct Origin {
    repository: String,
    commit: String,
    date: Date,
}

pub struct Snapshot {
    pub date: Date,
    pub advisories: Vec<Advisory>,
}

#[derive(Serialize, Deserialize)]
pub struct Advisory {
    id: String,
    package: String,
    title: String,
    /// `unmaintained`, `unsound` or `notice`; a vulnerability where it is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    informational: Option<String>,
    /// Versions in which it is mended.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    patched: Vec<VersionReq>,
    /// Versions that never had it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    unaffected: Vec<VersionReq>,
}

impl Advisory {
    fn applies(&self, package: &str, version: &Version) -> bool {
        let free = |requirements: &[VersionReq]| requirements.iter().any(|one| one.matches(version));
        self.package == package && !free(&self.patched) && !free(&self.unaffected)
    }
}

/// Reads the copy.
pub fn read() -> Result<Snapshot, Error> {
    let text = std::fs::read_to_string(FILE)?;
    let mut lines = text.lines();
    let origin: Origin = serde_json::from_str(lines.next().unwrap_or_default())?;
    let advisories = lines.map(serde_json::from_str).collect::<Result<_, _>>()?;
    Ok(Snapshot { date: origin.date, advisories })
}

impl Snapshot {
    fn applying<'a>(&'a self, package: &'a Package) -> impl Iterator<Item = &'a Advisory> {
        self.advisories.iter().filter(|advisory| advisory.applies(&package.name, &package.version))
    }

    /// Packages with an advisory for which there is no exception, or one that has ended.
    pub fn problems(&self, graph: &Graph, policy: &Policy, today: Date) -> Vec<String> {
        let mut problems = Vec::new();
        for package in graph.packages.values() {
            for advisory in self.applying(package) {
                let kind = advisory.informational.as_deref().unwrap_or("vulnerability");
                let what = format!(
                    "{} {}: {}, {kind}: {}",
                    package.name, package.version, advisory.id, advisory.title
                );
                match policy.advisories.ignore.iter().find(|exception| exception.id == advisory.id) {
                    None => problems.push(what),
                    Some(exception) => match exception.until() {
                        Some(last) if today <= last => {}
                        Some(last) => problems.push(format!("{what} (the exception ended on {last})")),
                        None => problems.push(format!(
                            "{what} (its reason in deny.toml does not begin with its last day)"
                        )),
                    },
                }
            }
        }
        problems
    }

    /// Exceptions that no package needs any longer.
    pub fn unneeded(&self, graphs: &[&Graph], policy: &Policy) -> Vec<String> {
        let packages = graphs.iter().flat_map(|graph| graph.packages.values());
        let needed: BTreeSet<&str> = packages
            .flat_map(|package| self.applying(package))
            .map(|advisory| advisory.id.as_str())
            .collect();
        let all = policy.advisories.ignore.iter().map(|exception| exception.id.clone());
        all.filter(|id| !needed.contains(id.as_str())).collect()
    }
}

#[derive(Deserialize)]
struct Original {
    advisory: Facts,
    #[serde(default)]
    versions: Versions,
}

#[derive(Deserialize)]
struct Facts {
    id: String,
    package: String,
    informational: Option<String>,
    withdrawn: Option<toml::Value>,
}

#[derive(Default, Deserialize)]
struct Versions {
    #[serde(default)]
    patched: Vec<VersionReq>,
    #[serde(default)]
    unaffected: Vec<VersionReq>,
}

/// Writes the copy anew from a clone of the database, as its newest commit has it.
pub fn take(clone: &Path) -> Result<(), Error> {
    let git = |arguments: &[&str]| -> Result<String, Error> {
        let answer = Command::new("git").arg("-C").arg(clone).args(arguments).output()?;
        if !answer.status.success() {
            return Err(
                format!("git {}: {}", arguments.join(" "), String::from_utf8_lossy(&answer.stderr)).into()
            );
        }
        Ok(String::from_utf8(answer.stdout)?)
    };
    let head = git(&["log", "-1", "--format=%H %cs"])?;
    let (commit, date) = head.trim().split_once(' ').ok_or("git told no commit")?;
    let origin = Origin {
        repository: "https://github.com/rustsec/advisory-db".to_owned(),
        commit: commit.to_owned(),
        date: date.parse()?,
    };
    let mut text = serde_json::to_string(&origin)? + "\n";
    for path in
        git(&["ls-tree", "-r", "--name-only", "HEAD", "crates"])?.lines().filter(|path| path.ends_with(".md"))
    {
        let advisory = advisory(&git(&["show", &format!("HEAD:{path}")])?)
            .map_err(|error| format!("{path}: {error}"))?;
        if let Some(advisory) = advisory {
            writeln!(text, "{}", serde_json::to_string(&advisory)?)?;
        }
    }
    Ok(std::fs::write(FILE, text)?)
}

/// The facts of an advisory's file, a block of TOML in Markdown; none if it was withdrawn.
fn advisory(file: &str) -> Result<Option<Advisory>, Error> {
    let (facts, text) = file
        .strip_prefix("```toml\n")
        .and_then(|rest| rest.split_once("\n```"))
        .ok_or("it does not begin with a block of TOML")?;
    let original: Original = toml::from_str(facts)?;
    if original.advisory.withdrawn.is_some() {
        return Ok(None);
    }
    let title = text.lines().find_map(|line| line.strip_prefix("# ")).ok_or("it has no title")?;
    Ok(Some(Advisory {
        id: original.advisory.id,
        package: original.advisory.package,
        title: title.trim().to_owned(),
        informational: original.advisory.informational,
        patched: original.versions.patched,
        unaffected: original.versions.unaffected,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "```toml\n[advisory]\nid = \"RUSTSEC-2000-0001\"\npackage = \"example\"\ndate = \"2000-01-01\"\n\n\
        [versions]\npatched = [\"^1.2.3\", \">= 2.1\"]\nunaffected = [\"< 1.0\"]\n```\n\n# A title\n\nMore.\n";

    #[test]
    fn an_advisory_holds_for_the_versions_that_are_neither_mended_nor_free_of_it() {
        let advisory = advisory(FILE).unwrap().unwrap();
        assert_eq!(advisory.title, "A title");
        let applies = |version: &str| advisory.applies("example", &version.parse().unwrap());
        assert!(applies("1.0.0") && applies("1.2.2") && applies("2.0.9"));
        assert!(!applies("0.9.0") && !applies("1.2.3") && !applies("1.9.0") && !applies("2.1.0"));
        assert!(!advisory.applies("other", &"1.0.0".parse().unwrap()));
    }

    #[test]
    fn a_withdrawn_advisory_is_left_out() {
        let withdrawn = FILE.replace("date = ", "withdrawn = \"2001-01-01\"\ndate = ");
        assert!(advisory(&withdrawn).unwrap().is_none());
    }
}
