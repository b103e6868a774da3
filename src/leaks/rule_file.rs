//! Rule files in the format of gitleaks (`[[rules]]` of `gitleaks.toml`).
//!
//! Owns the supported part of the format, and reports the rest. Expressions of a handbook are compiled when they are
//! read. An expression that takes too much memory, or that needs look-around or backreferences, is refused, so that
//! every search takes linear time.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use regex_automata::meta::Regex;
use regex_automata::util::syntax;
use serde::Deserialize;

use super::detectors::{AllowTarget, Allowlist, Detector, Detectors, Expression};
use super::validators;
use crate::rules::{self, LEAK_SECRET, Rule};

/// The most memory of a compiled expression, in bytes.
const LARGEST_EXPRESSION: usize = 8 * 1024 * 1024;
/// Keys that are ignored without a report, because they do not change what is found.
const IGNORED: &[&str] = &["title", "description", "minVersion", "commits", "tags"];

/// The rules of a file, and its problems.
#[derive(Debug, Default)]
pub struct LoadedRules {
    pub detectors: Detectors,
    /// The parts that cannot be used, one sentence each without a full stop.
    pub problems: Vec<String>,
}

/// Reads a rule file. A rule that cannot be used is left out and reported.
///
/// # Errors
/// The message of the TOML parser.
pub fn read(text: &str) -> Result<LoadedRules, String> {
    let file: SecretRuleFile = toml::from_str(text).map_err(|error| error.message().to_owned())?;
    let mut reader = RuleFileReader::default();
    reader.unknown("the file", &file.other);
    let mut allow = Vec::new();
    for list in file.allowlist.into_iter().chain(file.allowlists) {
        allow.extend(reader.allowlist("the file", list));
    }
    let rules = file.rules.into_iter().filter_map(|rule| reader.rule(rule)).collect();
    Ok(LoadedRules { detectors: Detectors::new(rules, allow), problems: reader.problems })
}

#[derive(Deserialize)]
struct SecretRuleFile {
    #[serde(default)]
    rules: Vec<RuleTable>,
    allowlist: Option<AllowTable>,
    #[serde(default)]
    allowlists: Vec<AllowTable>,
    #[serde(flatten)]
    other: BTreeMap<String, toml::Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RuleTable {
    id: String,
    description: Option<String>,
    regex: Option<String>,
    path: Option<String>,
    #[serde(default)]
    secret_group: usize,
    #[serde(default)]
    entropy: f64,
    #[serde(default)]
    keywords: Vec<String>,
    #[serde(default)]
    tags: Vec<String>,
    allowlist: Option<AllowTable>,
    #[serde(default)]
    allowlists: Vec<AllowTable>,
    #[serde(flatten)]
    other: BTreeMap<String, toml::Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AllowTable {
    #[serde(default)]
    condition: String,
    #[serde(default)]
    regex_target: String,
    #[serde(default)]
    regexes: Vec<String>,
    #[serde(default)]
    paths: Vec<String>,
    #[serde(default)]
    stopwords: Vec<String>,
    #[serde(flatten)]
    other: BTreeMap<String, toml::Value>,
}

#[derive(Default)]
/// Turns tables into rules, and collects the problems.
struct RuleFileReader {
    problems: Vec<String>,
}

impl RuleFileReader {
    fn rule(&mut self, table: RuleTable) -> Option<Detector> {
        let owner = format!("the rule `{}`", table.id);
        self.unknown(&owner, &table.other);
        let Some(regex) = table.regex else {
            self.problems.push(format!("{owner} has no `regex` and is not used"));
            return None;
        };
        let regex = self.expression(&owner, "regex", regex)?;
        let path = match table.path {
            Some(path) => Some(self.expression(&owner, "path", path)?),
            None => None,
        };
        let mut allow = Vec::new();
        for list in table.allowlist.into_iter().chain(table.allowlists) {
            allow.extend(self.allowlist(&owner, list));
        }
        Some(Detector {
            rule: reported_as(&table.tags),
            what: table.description.unwrap_or_else(|| table.id.clone()).into(),
            regex,
            path,
            secret_group: table.secret_group,
            entropy: table.entropy,
            keywords: table.keywords,
            allow,
            validator: None,
        })
    }

    fn allowlist(&mut self, owner: &str, table: AllowTable) -> Option<Allowlist> {
        self.unknown(&format!("an allowlist of {owner}"), &table.other);
        let target = match table.regex_target.as_str() {
            "" | "secret" => AllowTarget::Secret,
            "match" => AllowTarget::Match,
            "line" => AllowTarget::Line,
            other => {
                self.problems.push(format!("an allowlist of {owner} has the unknown target `{other}`"));
                return None;
            }
        };
        let mut expressions = |name: &str, texts: Vec<String>| {
            texts.into_iter().map(|text| self.expression(owner, name, text)).collect::<Option<Vec<_>>>()
        };
        // A list that needs all of its expressions would allow too much without one of them.
        let regexes = expressions("allowlist", table.regexes)?;
        let paths = expressions("allowlist", table.paths)?;
        Some(Allowlist {
            needs_all: table.condition.eq_ignore_ascii_case("and"),
            target,
            regexes,
            paths,
            stopwords: table.stopwords.iter().map(|word| word.to_lowercase()).collect(),
        })
    }

    fn expression(&mut self, owner: &str, key: &str, text: String) -> Option<Expression> {
        match compile(&text) {
            Ok(regex) => Some(Expression::compiled(text, regex)),
            Err(error) => {
                self.problems.push(format!("the `{key}` of {owner} cannot be used: {error}"));
                None
            }
        }
    }

    fn unknown(&mut self, owner: &str, other: &BTreeMap<String, toml::Value>) {
        for key in other.keys().filter(|key| !IGNORED.contains(&key.as_str())) {
            self.problems.push(format!("`{key}` of {owner} is not supported"));
        }
    }
}

/// The rule of Opsbook that one of the tags names, by default `leak.secret`.
fn reported_as(tags: &[String]) -> &'static Rule {
    tags.iter().find_map(|tag| rules::find_rule(tag)).unwrap_or(&LEAK_SECRET)
}

/// Compiles an expression as Go and gitleaks read it: classes are ASCII, and texts are bytes.
///
/// # Errors
/// The reason, without a full stop.
pub(super) fn compile(text: &str) -> Result<Regex, String> {
    let syntax = syntax::Config::new().unicode(false).utf8(false);
    let config = Regex::config().utf8_empty(false).nfa_size_limit(Some(LARGEST_EXPRESSION));
    Regex::builder().configure(config).syntax(syntax).build(&with_literal_braces(text)).map_err(|error| {
        let reason = match (error.size_limit(), error.syntax_error()) {
            (Some(_), _) => "it takes too much memory".to_owned(),
            (None, Some(error)) => error.to_string(),
            (None, None) => error.to_string(),
        };
        // A syntax error shows the expression in several lines, with the reason in the last one.
        reason.lines().last().unwrap_or_default().trim().trim_start_matches("error: ").to_owned()
    })
}

/// Escapes braces that are not a repetition: Go reads them literally, as in `{{name}}`.
fn with_literal_braces(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['\\', '{']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        // Escapes and repetitions are copied as they are: `\{`, `\x{41}`, `{2,5}`.
        let length = match rest.strip_prefix('\\') {
            Some(escaped) => {
                let named = escaped.starts_with(['x', 'p', 'P']) && escaped[1..].starts_with('{');
                let end = if named { rest.find('}').map(|end| end + 1) } else { None };
                end.unwrap_or_else(|| 1 + escaped.chars().next().map_or(0, char::len_utf8))
            }
            None => {
                let counts = rest.find('}').filter(|end| is_count(&rest[1..*end]));
                if counts.is_none() {
                    out.push('\\');
                }
                counts.map_or(1, |end| end + 1)
            }
        };
        out.push_str(&rest[..length]);
        rest = &rest[length..];
    }
    out + rest
}

/// Whether the text between two braces makes them a repetition: `2`, `2,`, `2,5`.
fn is_count(inner: &str) -> bool {
    let (least, most) = inner.split_once(',').unwrap_or((inner, ""));
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    !least.is_empty() && is_digits(least) && is_digits(most)
}

/// The rules of a built-in file that are wanted. Their expressions are compiled when they are first needed.
///
/// # Panics
/// When the file is invalid, which tests exclude.
pub(super) fn built_in(text: &str, is_wanted: impl Fn(&Rule) -> bool) -> Detectors {
    let file: SecretRuleFile = toml::from_str(text).expect("the built-in rules are TOML");
    let allow = file.allowlist.map(|list| Allowlist {
        needs_all: false,
        target: AllowTarget::Secret,
        regexes: list.regexes.into_iter().map(Expression::lazy).collect(),
        paths: Vec::new(),
        stopwords: list.stopwords,
    });
    let mut detectors = Vec::new();
    for table in file.rules {
        let rule = reported_as(&table.tags);
        if !is_wanted(rule) {
            continue;
        }
        detectors.push(Detector {
            rule,
            what: table.description.unwrap_or_default().into(),
            regex: Expression::lazy(table.regex.unwrap_or_default()),
            path: None,
            secret_group: table.secret_group,
            entropy: table.entropy,
            keywords: table.keywords,
            allow: Vec::new(),
            validator: validators::find(&table.id),
        });
    }
    Detectors::new(detectors, allow.into_iter().collect())
}

impl Expression {
    fn compiled(text: String, regex: Regex) -> Expression {
        Expression { text, regex: OnceLock::from(regex) }
    }

    fn lazy(text: String) -> Expression {
        Expression { text, regex: OnceLock::new() }
    }

    pub(super) fn regex(&self) -> &Regex {
        self.regex.get_or_init(|| compile(&self.text).expect("the expression was tested"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_built_in_rules_can_be_used_and_their_names_are_unique() {
        let loaded = read(crate::leaks::BUILT_IN).unwrap();
        assert_eq!(loaded.problems, [""; 0]);
        let file: SecretRuleFile = toml::from_str(crate::leaks::BUILT_IN).unwrap();
        let mut names: Vec<&str> = file.rules.iter().map(|rule| rule.id.as_str()).collect();
        assert!(names.len() > 50);
        assert!(file.rules.iter().all(|rule| !rule.keywords.is_empty() && rule.description.is_some()));
        names.sort_unstable();
        assert!(names.windows(2).all(|pair| pair[0] != pair[1]));
    }

    #[test]
    fn rules_of_a_handbook_find_what_they_say() {
        let loaded = read(
            "title = \"x\"\n[[rules]]\nid = \"acme\"\ndescription = \"an Acme key\"\nregex = '''\\bacme_([a-z0-9]{8})\\b'''\n\
             entropy = 2.5\nkeywords = [\"acme_\"]\n[[rules.allowlists]]\nstopwords = [\"sample\"]\n\
             [[rules.allowlists]]\ncondition = \"AND\"\nregexTarget = \"line\"\nregexes = ['''test''']\npaths = ['''\\.md$''']\n",
        )
        .unwrap();
        assert_eq!(loaded.problems, [""; 0]);
        let found = |text: &str, path: &str| -> Vec<String> {
            let found = loaded.detectors.find(text.as_bytes(), Some(path));
            found.into_iter().map(|leak| text[leak.range].to_owned()).collect()
        };
        assert_eq!(found("x acme_k3v9x2q7 and acme_p4w8z1m6", "a.html"), ["k3v9x2q7", "p4w8z1m6"]);
        assert_eq!(found("acme_aaaaaaaa acme_sample12 ACME_K3V9X2Q7", "a.html"), [""; 0]);
        assert_eq!(found("test acme_k3v9x2q7", "a.md"), [""; 0]);
        assert_eq!(found("test acme_k3v9x2q7", "a.html"), ["k3v9x2q7"]);
    }

    #[test]
    fn braces_that_count_nothing_stand_for_themselves() {
        for (written, escaped) in [
            ("{{[^{}]+}}", r"\{\{[^\{}]+}}"),
            (r"a{2,5}b{3}c{4,}\x{41}\{\p{L}", r"a{2,5}b{3}c{4,}\x{41}\{\p{L}"),
            (r"\$(?:\d+|{\d+})", r"\$(?:\d+|\{\d+})"),
            ("é\\", "é\\"),
            ("{", r"\{"),
        ] {
            assert_eq!(with_literal_braces(written), escaped);
        }
        assert!(compile("{{[a-z]+}}").unwrap().is_match("a {{name}}"));
    }

    #[test]
    fn what_is_not_supported_is_told_and_the_rest_is_used() {
        let loaded = read(
            "[extend]\nuseDefault = true\n[[rules]]\nid = \"a\"\nregex = 'a(?=b)'\n[[rules]]\nid = \"b\"\npath = '\\.p12$'\n\
             [[rules]]\nid = \"c\"\nregex = 'ccc'\nrequired = []\n",
        )
        .unwrap();
        assert_eq!(loaded.problems.len(), 4, "{:?}", loaded.problems);
        assert!(loaded.problems[0].contains("`extend` of the file"));
        assert!(loaded.problems[1].contains("look-around"), "{}", loaded.problems[1]);
        assert_eq!(loaded.detectors.find(b"a ccc", None).len(), 1);
        assert!(read("[[rules]]\n").is_err() && read("rules = 1").is_err());
    }
}
