//! What `deny.toml` allows and forbids.

use jiff::civil::Date;
use serde::Deserialize;
use spdx::{Expression, ParseMode};

use crate::Error;
use crate::graph::Graph;

#[derive(Deserialize)]
pub struct Policy {
    pub graph: Targets,
    pub advisories: Advisories,
    licenses: Licences,
    bans: Bans,
    sources: Sources,
}

#[derive(Deserialize)]
pub struct Targets {
    pub targets: Vec<String>,
}

#[derive(Deserialize)]
pub struct Advisories {
    pub ignore: Vec<Exception>,
}

/// An advisory that is known and borne until a day.
#[derive(Deserialize)]
pub struct Exception {
    pub id: String,
    reason: String,
}

#[derive(Deserialize)]
struct Licences {
    allow: Vec<String>,
}

#[derive(Deserialize)]
struct Bans {
    deny: Vec<Ban>,
}

#[derive(Deserialize)]
struct Ban {
    #[serde(rename = "crate")]
    name: String,
    reason: String,
    /// Packages that may need it all the same.
    #[serde(default)]
    wrappers: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Sources {
    allow_registry: Vec<String>,
}

impl Exception {
    /// The last day on which it holds: its reason begins with `until YEAR-MONTH-DAY: `.
    pub fn until(&self) -> Option<Date> {
        let (day, reason) = self.reason.strip_prefix("until ")?.split_once(": ")?;
        if reason.is_empty() { None } else { day.parse().ok() }
    }
}

impl Policy {
    pub fn read() -> Result<Policy, Error> {
        Ok(toml::from_str(&std::fs::read_to_string("deny.toml")?)?)
    }

    /// Packages, those for tests too, without a combination of licences that is allowed.
    pub fn licence_problems(&self, graph: &Graph) -> Vec<String> {
        let mut problems = Vec::new();
        for package in graph.packages.values() {
            let name = format!("{} {}", package.name, package.version);
            let Some(licence) = &package.license else {
                problems.push(format!("{name} names no licence"));
                continue;
            };
            match Expression::parse_mode(licence, ParseMode::LAX) {
                Ok(expression) => {
                    let allowed = expression.evaluate(|one| self.licenses.allow.contains(&one.to_string()));
                    if !allowed {
                        problems.push(format!("{name}: {licence} is not allowed"));
                    }
                }
                Err(error) => problems.push(format!("{name}: {licence}: {}", error.reason)),
            }
        }
        problems
    }

    /// Packages that are built into the program although they are banned, with what brings them.
    pub fn ban_problems(&self, graph: &Graph) -> Vec<String> {
        let mut problems = Vec::new();
        for user in graph.built().chain([graph.root()]) {
            for needed in graph.needs[&user.id].iter().map(|id| &graph.packages[id]) {
                let ban = self.bans.deny.iter().find(|ban| ban.name == needed.name);
                if let Some(ban) = ban.filter(|ban| !ban.wrappers.contains(&user.name)) {
                    problems.push(format!(
                        "{} {}, by {}: {}",
                        needed.name, needed.version, user.name, ban.reason
                    ));
                }
            }
        }
        problems
    }

    pub fn source_problems(&self, graphs: &[&Graph]) -> Vec<String> {
        let mut problems = Vec::new();
        for package in graphs.iter().flat_map(|graph| graph.packages.values()) {
            // Without a source it lies in this repository.
            let Some(source) = &package.source else { continue };
            let known =
                self.sources.allow_registry.iter().any(|one| source.strip_prefix("registry+") == Some(one));
            if !known || package.checksum.is_none() {
                problems.push(format!("{} {} from {source}", package.name, package.version));
            }
        }
        problems
    }

    pub fn wildcard_problems(&self, graph: &Graph) -> Vec<String> {
        let any = graph
            .root()
            .dependencies
            .iter()
            .filter(|one| one.path.is_none() && one.req.comparators.is_empty());
        any.map(|requirement| requirement.name.clone()).collect()
    }
}
