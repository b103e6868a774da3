//! A bill of materials in the form of CycloneDX 1.6.
//!
//! It has no time and no random number: the same lock file gives the same bytes.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::Error;
use crate::graph::{Graph, Package};

/// The program and every package that is compiled into it or used to build it.
pub fn bill(graph: &Graph) -> Value {
    let built: Vec<&Package> = graph.built().collect();
    let needs: Vec<Value> = std::iter::once(graph.root())
        .chain(built.iter().copied())
        .map(|package| {
            let needed: Vec<String> =
                graph.needs[&package.id].iter().map(|id| purl(&graph.packages[id])).collect();
            json!({ "ref": purl(package), "dependsOn": needed })
        })
        .collect();
    let mut program = component(graph.root());
    program["type"] = "application".into();
    json!({
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": { "component": program },
        "components": built.into_iter().map(component).collect::<Vec<_>>(),
        "dependencies": needs,
    })
}

fn component(package: &Package) -> Value {
    let mut component = json!({
        "type": "library",
        "bom-ref": purl(package),
        "name": package.name,
        "version": package.version.to_string(),
        "purl": purl(package),
    });
    if let Some(licence) = &package.license {
        // Old manifests separate licences with a slash.
        component["licenses"] =
            json!([{ "expression": licence.replace(" / ", " OR ").replace('/', " OR ") }]);
    }
    if let Some(description) = &package.description {
        component["description"] = description.trim().into();
    }
    if let Some(checksum) = &package.checksum {
        component["hashes"] = json!([{ "alg": "SHA-256", "content": checksum }]);
    }
    if let Some(repository) = &package.repository {
        component["externalReferences"] = json!([{ "type": "vcs", "url": repository }]);
    }
    component
}

fn purl(package: &Package) -> String {
    format!("pkg:cargo/{}@{}", package.name, package.version)
}

/// Names that are missing, twice, or without what a bill must say of them.
pub fn problems(graph: &Graph) -> Result<Vec<String>, Error> {
    let bill = bill(graph);
    let components = bill["components"].as_array().ok_or("the bill lists no components")?;
    let mut named = BTreeSet::new();
    let mut problems = Vec::new();
    for component in components {
        let name = component["purl"].as_str().ok_or("a component has no name")?;
        if !named.insert(name.to_owned()) {
            problems.push(format!("{name} is listed twice"));
        }
        if component["licenses"].is_null() || component["hashes"].is_null() {
            problems.push(format!("{name} has no licence or no checksum"));
        }
    }
    let missing = graph.built().map(purl).filter(|name| !named.contains(name));
    problems.extend(missing.map(|name| format!("{name} is missing")));
    let listed: Vec<&Value> = bill["dependencies"]
        .as_array()
        .into_iter()
        .flatten()
        .flat_map(|one| one["dependsOn"].as_array())
        .flatten()
        .collect();
    let unknown = listed.into_iter().filter_map(Value::as_str).filter(|name| !named.contains(*name));
    problems.extend(unknown.map(|name| format!("{name} is needed and not listed")));
    Ok(problems)
}
