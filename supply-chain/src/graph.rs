//! The packages of a lock file and what needs what, as Cargo tells it.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use semver::Version;
use serde::Deserialize;

use crate::Error;

/// A package and everything that it is made of, tests included.
pub struct Graph {
    /// By the id that Cargo gives.
    pub packages: BTreeMap<String, Package>,
    /// The package itself.
    pub root: String,
    /// What a package needs to be built, without what only its tests need.
    pub needs: BTreeMap<String, BTreeSet<String>>,
}

#[derive(Deserialize)]
pub struct Package {
    pub id: String,
    pub name: String,
    pub version: Version,
    pub license: Option<String>,
    pub description: Option<String>,
    pub repository: Option<String>,
    /// Where it comes from; nowhere for packages of this repository.
    pub source: Option<String>,
    pub dependencies: Vec<Requirement>,
    /// SHA-256 of its archive, from the lock file.
    #[serde(skip)]
    pub checksum: Option<String>,
}

#[derive(Deserialize)]
pub struct Requirement {
    pub name: String,
    pub req: semver::VersionReq,
    pub path: Option<String>,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    resolve: Resolve,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
    root: String,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    deps: Vec<Edge>,
}

#[derive(Deserialize)]
struct Edge {
    pkg: String,
    dep_kinds: Vec<Kind>,
}

#[derive(Deserialize)]
struct Kind {
    kind: Option<String>,
}

#[derive(Deserialize)]
struct Lock {
    package: Vec<Locked>,
}

#[derive(Deserialize)]
struct Locked {
    name: String,
    version: Version,
    checksum: Option<String>,
}

impl Graph {
    /// Asks Cargo for the package whose manifest it is, with its default features.
    pub fn of_package(manifest: &str, targets: &[String]) -> Result<Graph, Error> {
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.args(["metadata", "--locked", "--format-version", "1", "--manifest-path", manifest]);
        targets.iter().for_each(|target| {
            cargo.args(["--filter-platform", target]);
        });
        let answer = cargo.stderr(std::process::Stdio::inherit()).output()?;
        if !answer.status.success() {
            return Err(format!("cargo metadata failed for {manifest}").into());
        }
        let metadata: Metadata = serde_json::from_slice(&answer.stdout)?;

        let lock: Lock =
            toml::from_str(&std::fs::read_to_string(manifest.replace("Cargo.toml", "Cargo.lock"))?)?;
        let checksums: BTreeMap<_, _> =
            lock.package.into_iter().map(|locked| ((locked.name, locked.version), locked.checksum)).collect();
        let mut packages = BTreeMap::new();
        for mut package in metadata.packages {
            package.checksum =
                checksums.get(&(package.name.clone(), package.version.clone())).cloned().flatten();
            packages.insert(package.id.clone(), package);
        }
        let mut needs = BTreeMap::new();
        for node in metadata.resolve.nodes {
            let built = |edge: &&Edge| edge.dep_kinds.iter().any(|kind| kind.kind.as_deref() != Some("dev"));
            needs.insert(node.id, node.deps.iter().filter(built).map(|edge| edge.pkg.clone()).collect());
        }
        Ok(Graph { packages, root: metadata.resolve.root, needs })
    }

    /// What is compiled to build the package, itself left out, sorted by name.
    pub fn built(&self) -> impl Iterator<Item = &Package> {
        let mut found = BTreeSet::new();
        let mut open = vec![&self.root];
        while let Some(id) = open.pop() {
            if found.insert(id) {
                open.extend(&self.needs[id]);
            }
        }
        self.packages.values().filter(move |package| package.id != self.root && found.contains(&package.id))
    }

    pub fn root(&self) -> &Package {
        &self.packages[&self.root]
    }
}
