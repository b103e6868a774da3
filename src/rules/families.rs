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
    /// What a handbook without problems of this family has, as one sentence of plain text.
    pub purpose: &'static str,
    /// What holds for all its rules, as Markdown; empty if nothing does.
    pub about: &'static str,
    /// The first parts of the names of its rules.
    starts: &'static [&'static str],
}

/// Every family, in the order of the guide.
pub static FAMILIES: &[RuleFamily] = &[
    family(
        "links",
        "Links",
        "Each link between pages leads to a page and a heading that its readers can open.",
        &["link"],
    ),
    family(
        "addresses",
        "Addresses",
        "Each page and file has one address, and an old address leads to the new one.",
        &["alias", "output", "redirect", "url"],
    ),
    family(
        "files",
        "Files and images",
        "Images and other files are complete, safe to publish, and small enough to load.",
        &["asset", "image", "input", "internal", "static"],
    ),
    family(
        "settings",
        "Front matter and settings",
        "Each setting and each key of front matter is known, has a valid value, and takes effect.",
        &["allow", "config", "front-matter", "rule"],
    ),
    family(
        "markdown",
        "Markdown",
        "Markdown becomes what its author meant; a mistake is not published as something else.",
        &["code", "diagram", "directive", "id", "include", "markdown", "transcript"],
    ),
    family(
        "html",
        "Raw HTML",
        "Raw HTML in a page is complete and harmless, so that no text is lost and no script gets in.",
        &["html"],
    ),
    family(
        "structure",
        "Headings",
        "The headings of a page are an outline that readers and screen readers can follow.",
        &["heading"],
    ),
    family(
        "prose",
        "Prose",
        "Published texts have no unfinished passages, and no addresses of real hosts.",
        &["prose"],
    ),
    family(
        "accessibility",
        "Accessibility",
        "Readers who do not see images or the layout get the same content.",
        &["accessibility"],
    ),
    family(
        "kinds",
        "Kinds of pages",
        "Each page has the fields and sections that its kind requires, and they are up to date.",
        &["field", "kind", "placeholder", "section"],
    ),
    family(
        "references",
        "Names, references and registers",
        "Ids and owners are valid, and each reference leads to one page.",
        &["owner", "page", "reference", "register"],
    ),
    family(
        "runbooks",
        "Runbooks",
        "Commands say what they may destroy, and the values that readers fill in fit them.",
        &["runbook", "values"],
    ),
    family(
        "alerts",
        "Alerts, calendars, health, controls and reviews",
        "Each alert has one runbook, each control is known, and dates of events and reviews are right.",
        &["alert", "calendar", "control", "health", "review"],
    ),
    RuleFamily {
        about: "These rules apply to kinds that feed the register of incidents or of advisories: `rca`, \
                `security-incident`, `advisory`. A page with `draft: true` may lack the requirements of its state.",
        ..family(
            "incidents",
            "Incidents and advisories",
            "Analyses and advisories are complete for their state, blame no one, and appear in time.",
            &["advisory", "incident"],
        )
    },
    family(
        "minutes",
        "Minutes and actions",
        "Each meeting has a date, each open action an owner, and each person one name.",
        &["action", "minutes", "people"],
    ),
    family(
        "visibility",
        "Visibility",
        "Each page and passage states in a valid way who may see it, so that no mistake publishes it.",
        &["visibility"],
    ),
    RuleFamily {
        about: "Only [`opsbook audit`](audit.md) checks these rules, in the finished site. The exception is \
                `leak.secret`, which every build checks.",
        ..family(
            "leaks",
            "Leaks",
            "The finished site has no passwords, keys, personal data or internal names.",
            &["leak"],
        )
    },
    family(
        "theme",
        "Theme and brand",
        "A changed theme and its colours stay readable, complete and up to date.",
        &["brand", "theme"],
    ),
    RuleFamily {
        about: "Only [`opsbook check --external`](how-to/check-web-links.md) checks these rules.",
        ..family(
            "external",
            "Links into the web",
            "Links into the web still lead to what they were made for.",
            &["external"],
        )
    },
];

const fn family(
    name: &'static str,
    title: &'static str,
    purpose: &'static str,
    starts: &'static [&'static str],
) -> RuleFamily {
    RuleFamily { name, title, purpose, about: "", starts }
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
    #[test]
    fn each_family_has_a_purpose_of_its_own_in_one_sentence() {
        for family in FAMILIES {
            let ends = family.purpose.matches(['.', '?', '!']).count();
            assert!(family.purpose.ends_with('.') && ends == 1, "{}", family.name);
            let same = FAMILIES.iter().filter(|other| other.purpose == family.purpose);
            assert_eq!(same.count(), 1, "{}", family.name);
        }
    }
}
