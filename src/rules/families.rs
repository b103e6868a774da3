//! The families of rules: what belongs together in the guide and in `opsbook explain`.
//!
//! Owns the table. The family of a rule follows from the first part of its name.

use super::{LEAK_SECRET, RULES, Rule};

/// Rules about one subject. The guide has a page for each family.
#[derive(Debug, PartialEq, Eq)]
pub struct RuleFamily {
    /// The name of its page in the guide.
    pub name: &'static str,
    pub title: &'static str,
    /// What holds for all its rules, as Markdown; empty if nothing does.
    pub about: &'static str,
    /// The first parts of the names of its rules.
    starts: &'static [&'static str],
}

/// Every family, in the order of the guide.
pub static FAMILIES: &[RuleFamily] = &[
    family("links", "Links", &["link"]),
    family("addresses", "Addresses", &["alias", "output", "redirect", "url"]),
    family("files", "Files and images", &["asset", "image", "input", "internal", "static"]),
    family("settings", "Front matter and settings", &["allow", "config", "front-matter", "rule"]),
    family(
        "markdown",
        "Markdown",
        &["code", "diagram", "directive", "id", "include", "markdown", "transcript"],
    ),
    family("html", "Raw HTML", &["html"]),
    family("structure", "Headings", &["heading"]),
    family("prose", "Prose", &["prose"]),
    family("accessibility", "Accessibility", &["accessibility"]),
    family("kinds", "Kinds of pages", &["field", "kind", "placeholder", "section"]),
    family("references", "Names, references and registers", &["owner", "page", "reference", "register"]),
    family("runbooks", "Runbooks", &["runbook", "values"]),
    family(
        "alerts",
        "Alerts, calendars, health, controls and reviews",
        &["alert", "calendar", "control", "health", "review"],
    ),
    RuleFamily {
        about: "These rules apply to kinds that feed the register of incidents or of advisories: `rca`, \
                `security-incident`, `advisory`. A page with `draft: true` may lack the requirements of its state.",
        ..family("incidents", "Incidents and advisories", &["advisory", "incident"])
    },
    family("minutes", "Minutes and actions", &["action", "minutes", "people"]),
    family("visibility", "Visibility", &["visibility"]),
    RuleFamily {
        about: "Only [`opsbook audit`](audit.md) checks these rules, in the finished site. The exception is \
                `leak.secret`, which every build checks.",
        ..family("leaks", "Leaks", &["leak"])
    },
    family("theme", "Theme and brand", &["brand", "theme"]),
    RuleFamily {
        about: "Only [`opsbook check --external`](how-to/check-web-links.md) checks these rules.",
        ..family("external", "Links into the web", &["external"])
    },
];

const fn family(name: &'static str, title: &'static str, starts: &'static [&'static str]) -> RuleFamily {
    RuleFamily { name, title, about: "", starts }
}

impl RuleFamily {
    /// The rules of the family, sorted by name.
    pub fn rules(&'static self) -> impl Iterator<Item = &'static Rule> {
        RULES.iter().copied().filter(|rule| self.starts.contains(&rule.start()))
    }

    /// The family with that name, or with rules whose names begin so: `links` or `link`.
    pub fn find(name: &str) -> Option<&'static RuleFamily> {
        FAMILIES.iter().find(|family| family.name == name || family.starts.contains(&name))
    }
}

impl Rule {
    /// The first part of the name.
    fn start(&self) -> &'static str {
        self.name.split('.').next().unwrap_or_default()
    }

    /// The family of the rule.
    pub fn family(&self) -> &'static RuleFamily {
        RuleFamily::find(self.start()).expect("each rule has a family: a test looks")
    }

    /// Whether only `opsbook check --external` finds its problems.
    pub fn needs_network(&self) -> bool {
        self.family().name == "external"
    }

    /// Whether only `opsbook audit` finds its problems. `check` knows the texts of the handbook, not the files of the site.
    pub fn needs_audit(&self) -> bool {
        self.family().name == "leaks" && *self != LEAK_SECRET
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_is_in_one_family() {
        for rule in RULES {
            let families = FAMILIES.iter().filter(|family| family.starts.contains(&rule.start()));
            assert_eq!(families.count(), 1, "{}", rule.name);
        }
        let used = |family: &RuleFamily| {
            family.starts.iter().all(|start| RULES.iter().any(|rule| rule.start() == *start))
        };
        assert!(FAMILIES.iter().all(used), "no family has a start that no rule has");
    }
}
