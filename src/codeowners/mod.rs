//! `CODEOWNERS` files: who owns a path of the repository, in the syntax of GitHub and of GitLab.
//!
//! Owns the meaning of the lines, and what is wrong with them. Reads no file and knows no page.
//!
//! ```text
//! *.md             @example/writers      # GitHub: a comment may follow
//! /runbooks/       @example/operations
//! ^[Security][2]   @example/security     # GitLab: an optional section, 2 approvals, its default owners
//! /advisories/
//! ```

mod block;
mod pattern;

use std::collections::BTreeMap;
use std::ops::Range;

use crate::diagnostic::Diagnostic;
use crate::forge::Forge;
use crate::rules::OWNER_FILE;
use crate::source::{Source, Span};

pub use block::{BlockChange, BlockRefusal, OwnedPath, change_block, is_writable};

use pattern::PathPattern;

/// Where forges look for the file, from the root of the repository, in the order in which Opsbook takes one.
pub const PLACES: [&str; 4] = [".github/CODEOWNERS", ".gitlab/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"];

/// Whose rules a file follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OwnersSyntax {
    /// <https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners>
    GitHub,
    /// <https://docs.gitlab.com/user/project/codeowners/reference/>
    GitLab,
}

impl OwnersSyntax {
    /// The syntax of a file, by its place in the repository, else by its lines. `forge_url` is the address of the
    /// repository.
    pub fn of_file(place: &str, text: &str, forge_url: Option<&str>) -> OwnersSyntax {
        let is_gitlab = match place.split('/').next() {
            Some(".gitlab") => true,
            Some(".github") => false,
            _ => {
                let has_sections = || text.lines().any(|line| SectionHeading::read(line.trim()).is_some());
                forge_url.and_then(Forge::at) == Some(Forge::GitLab) || has_sections()
            }
        };
        if is_gitlab { OwnersSyntax::GitLab } else { OwnersSyntax::GitHub }
    }
}

/// A file that was read.
#[derive(Debug)]
pub struct CodeOwners {
    /// The section without a name is the first one.
    sections: Vec<OwnersSection>,
    /// What is wrong with its lines. A wrong line has no effect, as on the forge.
    pub problems: Vec<Diagnostic>,
}

/// Rules of which the last one that matches a path decides.
#[derive(Debug, Default)]
struct OwnersSection {
    name: String,
    is_optional: bool,
    approvals: u32,
    rules: Vec<OwnersRule>,
}

#[derive(Debug)]
struct OwnersRule {
    pattern: PathPattern,
    /// Empty for a path without an owner.
    owners: Vec<String>,
    is_exclusion: bool,
}

/// Who owns a path, according to one section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SectionOwners<'a> {
    /// Empty for the section without a name.
    pub section: &'a str,
    /// Whether a change needs no approval of these owners.
    pub is_optional: bool,
    /// The number of approvals that a change needs.
    pub approvals: u32,
    pub owners: &'a [String],
}

impl CodeOwners {
    /// Reads a file. Problems are at their lines.
    pub fn parse(source: &Source, syntax: OwnersSyntax) -> CodeOwners {
        let mut parser = OwnersParser {
            source,
            syntax,
            sections: vec![OwnersSection { approvals: 1, ..OwnersSection::default() }],
            by_name: BTreeMap::new(),
            current: 0,
            defaults: Vec::new(),
            problems: Vec::new(),
        };
        for line in lines(&source.text) {
            parser.line(&line);
        }
        CodeOwners { sections: parser.sections, problems: parser.problems }
    }

    /// The owners of a path from the root of the repository: of each section the last rule that matches.
    pub fn sections_of(&self, path: &str) -> Vec<SectionOwners<'_>> {
        let names: Vec<&str> = path.split('/').collect();
        let mut found = Vec::new();
        for section in &self.sections {
            let is_excluded = |rule: &OwnersRule| rule.is_exclusion && rule.pattern.fits(&names);
            let rule =
                section.rules.iter().rev().find(|rule| !rule.is_exclusion && rule.pattern.fits(&names));
            let Some(rule) = rule.filter(|rule| !rule.owners.is_empty()) else { continue };
            // GitLab: a later rule does not include again what an exclusion takes out.
            if section.rules.iter().any(is_excluded) {
                continue;
            }
            found.push(SectionOwners {
                section: &section.name,
                is_optional: section.is_optional,
                approvals: section.approvals,
                owners: &rule.owners,
            });
        }
        found
    }

    /// The owners of a path in all sections, each once.
    pub fn owners_of(&self, path: &str) -> Vec<&str> {
        let mut owners: Vec<&str> = Vec::new();
        for owner in self.sections_of(path).iter().flat_map(|section| section.owners) {
            if !owners.iter().any(|known| known.eq_ignore_ascii_case(owner)) {
                owners.push(owner);
            }
        }
        owners
    }
}

/// A line that is neither empty nor a comment.
#[derive(Debug)]
pub struct OwnersLine<'t> {
    /// The line without whitespace around it.
    pub text: &'t str,
    /// Where it begins, in bytes of the file.
    pub start: usize,
}

/// The lines of a file that say something.
pub fn lines(text: &str) -> impl Iterator<Item = OwnersLine<'_>> {
    let mut end = 0;
    let all = text.split_inclusive('\n').map(move |line| {
        let start = end + line.len() - line.trim_start().len();
        end += line.len();
        OwnersLine { text: line.trim(), start }
    });
    all.filter(|line| !line.text.is_empty() && !line.text.starts_with('#'))
}

impl OwnersLine<'_> {
    /// Whether it begins as the heading of a section does.
    pub fn is_heading(&self) -> bool {
        self.text.starts_with(['[', '^'])
    }

    /// The length of its pattern. A space after a backslash is part of it.
    pub fn pattern_length(&self) -> usize {
        let mut is_escaped = false;
        for (at, character) in self.text.char_indices() {
            if character.is_whitespace() && !is_escaped {
                return at;
            }
            is_escaped = character == '\\' && !is_escaped;
        }
        self.text.len()
    }
}

/// The heading of a section: `^[Name][2] @default`.
struct SectionHeading<'t> {
    name: &'t str,
    is_optional: bool,
    approvals: u32,
    /// Where its default owners begin in the line.
    owners: usize,
}

impl SectionHeading<'_> {
    /// Reads a line; `None` if it is not a heading.
    fn read(line: &str) -> Option<SectionHeading<'_>> {
        let (is_optional, rest) = match line.strip_prefix('^') {
            Some(rest) => (true, rest),
            None => (false, line),
        };
        let (name, rest) = rest.strip_prefix('[')?.split_once(']')?;
        let (approvals, rest) = match rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            Some((number, rest)) => (number, rest),
            None => ("", rest),
        };
        let is_number = approvals.bytes().all(|byte| byte.is_ascii_digit());
        let ends = rest.is_empty() || rest.starts_with(char::is_whitespace);
        // GitLab takes 1 for a number that cannot be met.
        let approvals = approvals.parse().unwrap_or(1).max(1);
        let heading = SectionHeading { name, is_optional, approvals, owners: line.len() - rest.len() };
        (!name.trim().is_empty() && is_number && ends).then_some(heading)
    }
}

struct OwnersParser<'s> {
    source: &'s Source,
    syntax: OwnersSyntax,
    sections: Vec<OwnersSection>,
    /// By their names in lower case.
    by_name: BTreeMap<String, usize>,
    current: usize,
    /// The default owners of the current heading.
    defaults: Vec<String>,
    problems: Vec<Diagnostic>,
}

impl OwnersParser<'_> {
    fn line(&mut self, line: &OwnersLine<'_>) {
        if line.is_heading() && self.syntax == OwnersSyntax::GitHub {
            return self.report(line.start..line.start + line.text.len(), NO_SECTIONS);
        }
        if line.is_heading() {
            match SectionHeading::read(line.text) {
                Some(heading) => return self.heading(line, &heading),
                None => return self.report(line.start..line.start + line.text.len(), NO_HEADING),
            }
        }
        let length = line.pattern_length();
        let place = line.start..line.start + length;
        let (is_exclusion, written) = match line.text[..length].strip_prefix('!') {
            Some(rest) => (true, rest),
            None => (false, &line.text[..length]),
        };
        if let Some(problem) = pattern_problem(&line.text[..length], self.syntax) {
            return self.report(place, problem);
        }
        let mut owners = match self.owners(line, length) {
            Ok(owners) => owners,
            Err(()) => return,
        };
        if owners.is_empty() {
            owners.clone_from(&self.defaults);
        }
        if owners.is_empty() && !is_exclusion && self.syntax == OwnersSyntax::GitLab {
            self.report(place, NO_OWNER);
        }
        let rule = OwnersRule { pattern: PathPattern::new(written, self.syntax), owners, is_exclusion };
        self.sections[self.current].rules.push(rule);
    }

    fn heading(&mut self, line: &OwnersLine<'_>, heading: &SectionHeading<'_>) {
        self.defaults = self.owners(line, heading.owners).unwrap_or_default();
        let key = heading.name.trim().to_lowercase();
        let next = self.sections.len();
        let known = *self.by_name.entry(key).or_insert(next);
        self.current = known;
        if known == next {
            self.sections.push(OwnersSection {
                name: heading.name.trim().to_owned(),
                is_optional: heading.is_optional,
                approvals: heading.approvals,
                rules: Vec::new(),
            });
            return;
        }
        // Sections of one name are one section, which is required if one of them is.
        let section = &mut self.sections[known];
        section.is_optional &= heading.is_optional;
        section.approvals = section.approvals.max(heading.approvals);
    }

    /// The owners after `start` in a line. GitHub ignores a line with a wrong owner, GitLab the owner.
    fn owners(&mut self, line: &OwnersLine<'_>, start: usize) -> Result<Vec<String>, ()> {
        let (mut owners, mut at) = (Vec::new(), start);
        for word in line.text[start..].split_inclusive(char::is_whitespace) {
            let place = line.start + at..line.start + at + word.trim_end().len();
            at += word.len();
            let word = word.trim_end();
            if word.starts_with('#') {
                match self.syntax {
                    OwnersSyntax::GitHub => break,
                    OwnersSyntax::GitLab => {
                        self.report(place.start..line.start + line.text.len(), NO_COMMENT);
                        break;
                    }
                }
            }
            if word.is_empty() {
                continue;
            }
            if is_owner(word, self.syntax) {
                owners.push(word.to_owned());
                continue;
            }
            let help = match self.syntax {
                OwnersSyntax::GitHub => "write `@user`, `@organization/team` or an e-mail address",
                OwnersSyntax::GitLab => {
                    "write `@user`, `@group/subgroup`, `@@maintainer` or an e-mail address"
                }
            };
            self.problem(place, format!("`{word}` is not an owner"), help);
            if self.syntax == OwnersSyntax::GitHub {
                return Err(());
            }
        }
        Ok(owners)
    }

    fn report(&mut self, range: Range<usize>, problem: LineProblem) {
        self.problem(range, problem.message.to_owned(), problem.help);
    }

    fn problem(&mut self, range: Range<usize>, message: String, help: &'static str) {
        let span = Span::new(&self.source.path, range);
        self.problems.push(Diagnostic::new(&OWNER_FILE, span, message).help(help));
    }
}

/// What is wrong with a line.
#[derive(Debug, Clone, Copy)]
struct LineProblem {
    message: &'static str,
    help: &'static str,
}

const NO_SECTIONS: LineProblem = LineProblem {
    message: "GitHub knows no sections",
    help: "take the heading out, or move the file to `.gitlab/CODEOWNERS`",
};
const NO_HEADING: LineProblem = LineProblem {
    message: "the heading of a section cannot be read",
    help: "write `[Name]`, `^[Name]` for an optional section, `[Name][2]` for two approvals, then default owners",
};
const NO_COMMENT: LineProblem = LineProblem {
    message: "GitLab reads a comment behind owners as owners",
    help: "put the comment on a line of its own",
};
const NO_OWNER: LineProblem = LineProblem {
    message: "the pattern has no owner, and its section has no default owner",
    help: "name an owner, or write `!` before the pattern to exclude it",
};
const NO_NEGATION: LineProblem = LineProblem {
    message: "GitHub does not read `!` as an exclusion",
    help: "write the pattern without `!` and without an owner: the last rule that matches counts",
};
const NO_CLASS: LineProblem = LineProblem {
    message: "GitHub does not read `[…]` as a set of characters",
    help: "use `*` or `?`, or write one line for each path",
};
const NO_HASH: LineProblem = LineProblem {
    message: "GitHub does not read `\\#` as a name",
    help: "own the folder of the file, or use `?` for the character",
};
const NO_PATTERN: LineProblem =
    LineProblem { message: "the line has no path", help: "write a path before the owners" };

/// What is wrong with a pattern, which may be an exclusion.
fn pattern_problem(pattern: &str, syntax: OwnersSyntax) -> Option<LineProblem> {
    let is_exclusion = pattern.starts_with('!');
    let written = pattern.strip_prefix('!').unwrap_or(pattern);
    if written.is_empty() || written.starts_with('@') && !written.contains('/') {
        return Some(NO_PATTERN);
    }
    match syntax {
        OwnersSyntax::GitLab => None,
        OwnersSyntax::GitHub if is_exclusion => Some(NO_NEGATION),
        OwnersSyntax::GitHub if written.starts_with("\\#") => Some(NO_HASH),
        OwnersSyntax::GitHub if written.contains('[') => Some(NO_CLASS),
        OwnersSyntax::GitHub => None,
    }
}

/// Whether a word names an account, a team, a role or an e-mail address.
pub fn is_owner(word: &str, syntax: OwnersSyntax) -> bool {
    let is_name = |name: &str| {
        !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
    };
    if let Some(role) = word.strip_prefix("@@") {
        let roles = ["developer", "maintainer", "owner"];
        return syntax == OwnersSyntax::GitLab && roles.contains(&role.trim_end_matches('s'));
    }
    if let Some(account) = word.strip_prefix('@') {
        let slashes = account.matches('/').count();
        return account.split('/').all(is_name) && (slashes <= 1 || syntax == OwnersSyntax::GitLab);
    }
    // Before the sign of a mailbox a forge reads no `#`, which begins a comment.
    let is_local = |name: &str| {
        let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '%' | '+' | '-');
        !name.is_empty() && name.chars().all(is_plain)
    };
    word.split_once('@').is_some_and(|(name, host)| is_local(name) && is_name(host))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::path::FilePath;
    use crate::source::position;

    fn source(text: &str) -> Source {
        Source::new(FilePath::new("CODEOWNERS").unwrap(), text)
    }

    fn owners(text: &str, syntax: OwnersSyntax, path: &str) -> String {
        CodeOwners::parse(&source(text), syntax).owners_of(path).join(" ")
    }

    /// Problems as `line:column message`.
    fn problems(text: &str, syntax: OwnersSyntax) -> Vec<String> {
        let source = source(text);
        let found = CodeOwners::parse(&source, syntax).problems;
        let line = |problem: &Diagnostic| {
            let at = position(&source.text, problem.span.start as usize);
            format!("{}:{} {}", at.line, at.column, problem.message)
        };
        found.iter().map(line).collect()
    }

    #[test]
    fn on_github_the_last_rule_that_matches_counts() {
        for (text, path, want) in [
            ("* @all", "a/b.md", "@all"),
            ("*.js @js # why @not", "a/b.js", "@js"),
            ("*.js @js\n*.js", "a/b.js", ""),
            ("* @all\n/docs/ @docs mail@example.org", "docs/a/b.md", "@docs mail@example.org"),
            ("/docs/ @docs", "docs", ""),
            ("/docs @docs", "docs/a/b.md", "@docs"),
            ("/docs @docs", "docs", "@docs"),
            ("docs @docs", "x/docs/a.md", "@docs"),
            ("apps/ @apps", "x/apps/a.md", "@apps"),
            ("docs/* @docs", "docs/a.md", "@docs"),
            ("docs/* @docs", "docs/a/b.md", ""),
            ("docs/* @docs", "x/docs/a.md", ""),
            ("docs/**/*.md @docs", "docs/a.md", "@docs"),
            ("docs/**/*.md @docs", "docs/a/b/c.md", "@docs"),
            ("/docs/** @docs", "docs/a/b/c.md", "@docs"),
            ("**/logs @logs", "a/b/logs/x", "@logs"),
            ("/a\\ b/ @x", "a b/c", "@x"),
            ("/a?c.md @x", "abc.md", "@x"),
            ("/a?c.md @x", "a/c.md", ""),
            ("/Docs/ @x", "docs/a", ""),
            ("a*b*c @x", "aXbYbZc", "@x"),
            ("* @all\nnot-an-owner word", "a", "@all"),
            ("* @a @A @b", "x", "@a @b"),
        ] {
            assert_eq!(owners(text, OwnersSyntax::GitHub, path), want, "{text:?} {path}");
        }
    }

    #[test]
    fn on_gitlab_each_section_has_a_last_rule() {
        let sections = "* @all\n[Docs] @docs\ndocs/\n*.md @md\n^[Data][2] @data\ndata/\n[DOCS]\nz/ @z\n";
        for (text, path, want) in [
            (sections, "docs/a.txt", "@all @docs"),
            (sections, "docs/a.md", "@all @md"),
            (sections, "data/a.md", "@all @md @data"),
            (sections, "z/a.md", "@all @z"),
            ("/docs/ @docs", "docs/a/b.md", "@docs"),
            ("/docs/* @docs", "docs/a/b.md", ""),
            ("/docs @docs", "docs/a.md", ""),
            ("docs/* @docs", "x/docs/a.md", "@docs"),
            ("/docs/** @docs", "docs/a/b.md", ""),
            ("/docs/** @docs", "docs/a.md", "@docs"),
            ("/docs/**/*.md @docs", "docs/a/b.md", "@docs"),
            ("\\#a.md @x", "#a.md", "@x"),
            ("path\\ with\\ spaces/ @x", "y/path with spaces/a", "@x"),
            ("[a-c]*.md @x", "bird.md", "@all-in"),
            ("/[!a-c]x.md @x", "dx.md", "@x"),
            ("/[!a-c]x.md @x", "ax.md", ""),
            ("*.md @md\n!/docs/\n/docs/a.md @a", "docs/a.md", ""),
            ("*.md @md\n!/docs/", "a.md", "@md"),
            (
                "README @group/with-nested/subgroup @@maintainers",
                "README",
                "@group/with-nested/subgroup @@maintainers",
            ),
            ("LICENSE @legal this does not match janedoe@gitlab.com", "LICENSE", "@legal janedoe@gitlab.com"),
        ] {
            // A line that begins with a bracket is the heading of a section, so no pattern begins with a set.
            let want = if want == "@all-in" { "" } else { want };
            assert_eq!(owners(text, OwnersSyntax::GitLab, path), want, "{text:?} {path}");
        }
        let parsed = source(sections);
        let parsed = CodeOwners::parse(&parsed, OwnersSyntax::GitLab);
        let found = parsed.sections_of("data/a");
        assert_eq!((found[1].section, found[1].is_optional, found[1].approvals), ("Data", true, 2));
    }

    #[test]
    fn a_wrong_line_is_a_problem_at_its_place() {
        let text = "* @all\n  /a/ @b/c/d\n!x @y\n[Docs]\n\\#a @b\na[bc] @d\n@me\n";
        let want = [
            "2:7 `@b/c/d` is not an owner",
            "3:1 GitHub does not read `!` as an exclusion",
            "4:1 GitHub knows no sections",
            "5:1 GitHub does not read `\\#` as a name",
            "6:1 GitHub does not read `[…]` as a set of characters",
            "7:1 the line has no path",
        ];
        assert_eq!(problems(text, OwnersSyntax::GitHub), want);
        let text = "* @all\n[Docs\n[]\n[A][x]\n[B][0]\n/a/\n/b/ @x # @y\n/c/ @@boss\n";
        let want = [
            "2:1 the heading of a section cannot be read",
            "3:1 the heading of a section cannot be read",
            "4:1 the heading of a section cannot be read",
            "6:1 the pattern has no owner, and its section has no default owner",
            "7:8 GitLab reads a comment behind owners as owners",
            "8:5 `@@boss` is not an owner",
            "8:1 the pattern has no owner, and its section has no default owner",
        ];
        assert_eq!(problems(text, OwnersSyntax::GitLab), want);
    }

    #[test]
    fn the_place_and_the_lines_say_the_syntax() {
        let of = OwnersSyntax::of_file;
        assert_eq!(of(".gitlab/CODEOWNERS", "* @a", None), OwnersSyntax::GitLab);
        assert_eq!(of(".github/CODEOWNERS", "[A]", None), OwnersSyntax::GitHub);
        assert_eq!(of("CODEOWNERS", "* @a", None), OwnersSyntax::GitHub);
        assert_eq!(of("CODEOWNERS", "# x\n\n^[A] @b", None), OwnersSyntax::GitLab);
        assert_eq!(of("docs/CODEOWNERS", "* @a", Some("https://gitlab.example.org/a")), OwnersSyntax::GitLab);
    }

    #[test]
    fn hostile_files_take_time_in_their_length() {
        let many: String =
            (0..100_000).map(|number| format!("/a/**/b{number}*/**/*x*y*z @o{number}\n")).collect();
        let deep = format!("{}/b @x\n", "**/".repeat(20_000));
        let stars = format!("{}b @x\n", "*a".repeat(20_000));
        let path = format!("{}c/{}", "a/".repeat(200), "a".repeat(200));
        for text in [many, deep, stars, "[".repeat(100_000), "\u{0}\u{fffd}\n".repeat(10_000)] {
            for syntax in [OwnersSyntax::GitHub, OwnersSyntax::GitLab] {
                assert_eq!(owners(&text, syntax, &path), "");
            }
        }
    }
}
