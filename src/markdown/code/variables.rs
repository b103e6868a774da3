//! Finds the variables in code that readers replace by values of their own.
//!
//! Owns the syntax of variables: a literal that the page names, `<NAME>`, and in commands `$NAME` and `${NAME}`. `{{
//! NAME }}` alone is not a variable, because in code of operators it nearly always belongs to a template engine.

use std::ops::Range;

use super::shell_commands::shell_commands;

/// A variable that readers fill in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct CodeVariable {
    pub name: String,
    /// The literals in code that stand for the variable.
    pub replaces: Vec<String>,
}

/// The variables of a page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Variables {
    names: Vec<String>,
    forms: Vec<VariableSyntax>,
}

/// One way to write a variable.
#[derive(Debug, Clone, PartialEq, Eq)]
struct VariableSyntax {
    text: String,
    variable: usize,
    /// The index of the literal. `None` for a syntax that every variable has.
    literal: Option<usize>,
    /// Whether only a shell knows the syntax.
    shell: bool,
}

/// An occurrence of a variable in code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VariableUse {
    pub range: Range<usize>,
    pub variable: usize,
    pub literal: Option<usize>,
    /// Whether it is written in shell syntax.
    pub shell: bool,
}

/// A literal within a longer name, where no value replaces it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JoinedLiteral {
    pub variable: usize,
    /// Such as `12`.
    pub literal: String,
    /// Such as `rook-ceph-osd-12`.
    pub name: String,
}

impl Variables {
    pub const NONE: Variables = Variables { names: Vec::new(), forms: Vec::new() };

    pub fn new(variables: &[CodeVariable]) -> Variables {
        let forms = variables.iter().enumerate().flat_map(|(number, variable)| forms(number, variable));
        let names = variables.iter().map(|variable| variable.name.clone()).collect();
        Variables { names, forms: forms.collect() }
    }

    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    pub fn name(&self, variable: usize) -> &str {
        &self.names[variable]
    }

    /// The literals in a text, in order, each with the replacement that names its variable, such as `<HOST>`.
    pub fn literals(&self, code: &str) -> Vec<(Range<usize>, String)> {
        let literals = self.find(code).into_iter().filter(|found| found.literal.is_some());
        literals.map(|found| (found.range, format!("<{}>", self.name(found.variable)))).collect()
    }

    /// The literals in the commands of a block that are part of a longer name, such as `12` in `rook-ceph-osd-12`, one
    /// for each variable. No value replaces them. Letters and digits next to a literal make another word of it, so
    /// `node1` in `node12` does not count.
    pub fn joined(&self, language: &str, code: &str) -> Vec<JoinedLiteral> {
        let literals: Vec<&VariableSyntax> =
            self.forms.iter().filter(|form| form.literal.is_some()).collect();
        let mut found: Vec<JoinedLiteral> = Vec::new();
        // Most pages have no variables, and to find the commands of a block takes longer than all else here.
        if !literals.iter().any(|form| code.contains(&form.text)) {
            return found;
        }
        for command in shell_commands(language, code) {
            let replaced = self.find(&command);
            for form in &literals {
                if found.iter().any(|known| known.variable == form.variable) {
                    continue;
                }
                for (at, text) in command.match_indices(&form.text) {
                    // The longer name may be a literal itself.
                    let next = replaced.partition_point(|found| found.range.end <= at);
                    if replaced.get(next).is_some_and(|found| found.range.start <= at) {
                        continue;
                    }
                    if let Some(name) = name_around(&command, at..at + text.len()) {
                        let (literal, name) = (text.to_owned(), name.to_owned());
                        found.push(JoinedLiteral { variable: form.variable, literal, name });
                        break;
                    }
                }
            }
        }
        found
    }

    /// A text in which the names of variables replace their literals.
    pub fn named(&self, code: &str) -> String {
        let (mut text, mut at) = (String::with_capacity(code.len()), 0);
        for (range, name) in self.literals(code) {
            text.push_str(&code[at..range.start]);
            text.push_str(&name);
            at = range.end;
        }
        text + &code[at..]
    }

    /// The occurrences of variables, in order. Of overlapping ones, the first counts; at the same start, the longest.
    pub fn find(&self, code: &str) -> Vec<VariableUse> {
        let mut found: Vec<VariableUse> = Vec::new();
        for form in &self.forms {
            let places = code.match_indices(&form.text).map(|(at, text)| at..at + text.len());
            let free = places.filter(|place| stands_free(code, place, &form.text));
            found.extend(free.map(|range| VariableUse {
                range,
                variable: form.variable,
                literal: form.literal,
                shell: form.shell,
            }));
        }
        found.sort_by_key(|found| (found.range.start, std::cmp::Reverse(found.range.end)));
        let mut end = 0;
        found.retain(|found| {
            let free = found.range.start >= end;
            end = if free { found.range.end } else { end };
            free
        });
        found
    }
}

fn forms(variable: usize, of: &CodeVariable) -> impl Iterator<Item = VariableSyntax> {
    let usual = [
        (format!("<{}>", of.name), false),
        (format!("${}", of.name), true),
        (format!("${{{}}}", of.name), true),
    ];
    let usual = usual.map(|(text, shell)| VariableSyntax { text, variable, literal: None, shell });
    let literals = of.replaces.iter().enumerate().filter(|(_, text)| !text.is_empty());
    let literals = literals.map(move |(number, text)| {
        let literal = Some(number);
        VariableSyntax { text: text.clone(), variable, literal, shell: false }
    });
    usual.into_iter().chain(literals.collect::<Vec<_>>())
}

/// The most bytes before and after a literal that are looked at as parts of one name: the length of a label of a host
/// name. Without a limit, a text without spaces would take the square of its length.
const NAME_BYTES: usize = 63;

/// The longer name that a literal is joined to; `None` if there is none. Numbers alone, as in a date, are no name.
fn name_around(code: &str, literal: Range<usize>) -> Option<&str> {
    let first = code.ceil_char_boundary(literal.start.saturating_sub(NAME_BYTES));
    let last = code.floor_char_boundary(literal.end + NAME_BYTES);
    let (before, after) = (&code[first..literal.start], &code[literal.end..last]);
    let before = &before[before.trim_end_matches(is_part).len()..];
    let after = &after[..after.len() - after.trim_start_matches(is_part).len()];
    let is_other_word = before.ends_with(char::is_alphanumeric) || after.starts_with(char::is_alphanumeric);
    let is_name = before.contains(char::is_alphabetic) || after.contains(char::is_alphabetic);
    (!is_other_word && is_name).then(|| &code[literal.start - before.len()..literal.end + after.len()])
}

/// Whether a text at `place` is not part of a longer word, name, number or address.
fn stands_free(code: &str, place: &Range<usize>, text: &str) -> bool {
    let (before, after) = (&code[..place.start], &code[place.end..]);
    let ends = |text: &str| text.ends_with(is_part);
    let starts = |text: &str| text.starts_with(is_part);
    if text.starts_with(is_part) && (ends(before) || ends_number(before, text)) {
        return false;
    }
    // `\$NAME` and `$$NAME` are not variables in a shell.
    if text.starts_with('$') && before.ends_with(['\\', '$']) {
        return false;
    }
    !(text.ends_with(is_part) && (starts(after) || starts_number(after, text)))
}

/// Whether a character can be part of a name. Names of hosts and programs may contain hyphens.
fn is_part(character: char) -> bool {
    character.is_alphanumeric() || character == '_' || character == '-'
}

/// Whether a number before the text continues in it: `192.0.2.` before `1`.
fn ends_number(before: &str, text: &str) -> bool {
    let digit = |character: char| character.is_ascii_digit();
    text.starts_with(digit) && before.strip_suffix('.').is_some_and(|before| before.ends_with(digit))
}

/// Whether a number at the end of the text continues after it: `.1` after `192.0.2`.
fn starts_number(after: &str, text: &str) -> bool {
    let digit = |character: char| character.is_ascii_digit();
    text.ends_with(digit) && after.strip_prefix('.').is_some_and(|after| after.starts_with(digit))
}

/// Whether a script assigns a value to a variable. Then `$NAME` is the script's own variable.
pub fn assigns(code: &str, name: &str) -> bool {
    code.match_indices(name).any(|(at, _)| {
        let (before, after) = (&code[..at], &code[at + name.len()..]);
        let whole = !before
            .ends_with(|character: char| is_part(character) || character == '$' || character == '{')
            && !after.starts_with(|character: char| character.is_alphanumeric() || character == '_');
        let command = before.rsplit(['\n', ';', '|', '&', '(']).next().unwrap_or("").trim_start();
        let command = command.rsplit(['$', '#']).next().unwrap_or("").trim_start();
        let reads = ["for ", "select ", "read ", "mapfile ", "readarray "];
        let given = after.starts_with('=') && !after.starts_with("==") || after.starts_with("+=");
        whole && (given || reads.iter().any(|word| command.starts_with(word)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variables() -> Variables {
        let variable = |name: &str, replaces: &[&str]| CodeVariable {
            name: name.to_owned(),
            replaces: replaces.iter().map(|text| (*text).to_owned()).collect(),
        };
        Variables::new(&[
            variable("HOST", &["testbed-node-0", "testbed-node-0.example.org"]),
            variable("ID", &["12", "<osd id>"]),
            variable("ADDRESS", &["192.0.2.1"]),
        ])
    }

    fn found(code: &str) -> Vec<&str> {
        variables().find(code).into_iter().map(|found| &code[found.range]).collect()
    }

    #[test]
    fn whole_words_are_found() {
        assert_eq!(found("ssh testbed-node-0:22 root@testbed-node-0"), ["testbed-node-0", "testbed-node-0"]);
        assert_eq!(found("testbed-node-01 a-testbed-node-0 testbed-node-0_x testbed-node-0-a"), [""; 0]);
        assert_eq!(found("x='testbed-node-0'/testbed-node-0."), ["testbed-node-0", "testbed-node-0"]);
        assert_eq!(found("éstestbed-node-0"), [""; 0]);
    }

    #[test]
    fn a_part_of_a_number_or_address_is_no_word() {
        assert_eq!(found("192.0.2.1 192.0.2.12 192.0.2.1.5 10.192.0.2.1 192.0.2.1."), ["192.0.2.1"; 2]);
        assert_eq!(found("osd.12 12% 3.12 12.5 120 12"), ["12"; 3]);
    }

    #[test]
    fn usual_forms_are_found_and_those_of_templates_are_not() {
        assert_eq!(
            found("a <ID> <osd id> ${ID} $ID $IDS \\$ID {{ ID }} ID"),
            ["<ID>", "<osd id>", "${ID}", "$ID"]
        );
    }

    #[test]
    fn a_named_text_holds_no_literal() {
        assert_eq!(
            variables().named("ssh testbed-node-0 # osd.12, 120, <ID>"),
            "ssh <HOST> # osd.<ID>, 120, <ID>"
        );
    }

    #[test]
    fn the_longer_one_stands() {
        assert_eq!(found("testbed-node-0.example.org"), ["testbed-node-0.example.org"]);
    }

    #[test]
    fn a_script_may_have_a_variable_of_its_own() {
        for own in ["HOST=a", "export HOST=a", "$ HOST=a", "for HOST in a; do", "read -r HOST", "HOST+=x"] {
            assert!(assigns(own, "HOST"), "{own}");
        }
        for other in
            ["ssh $HOST", "GHOST=a", "echo HOST", "--HOSTS=1", "echo ${HOST=a}", "[ $HOST == a ]", "-HOST=a"]
        {
            assert!(!assigns(other, "HOST"), "{other}");
        }
    }
}
