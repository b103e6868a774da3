//! Selects the lexer for a language.
//!
//! Owns the names that authors write after a fence. Only vetted grammars are listed. The bundled grammars for makefiles
//! and JavaScript can run forever, and those for PHP, TypeScript, Ruby and Markdown take 0.1 to 0.6 s and up to 80 MB
//! to load. These languages have small lexers instead.

use super::console;
use super::small_lexers::{self, LexicalRules};

/// The lexer of a language.
#[derive(Debug, Clone, Copy)]
pub enum Lexer {
    /// The syntect grammar with this name.
    Grammar(&'static str),
    /// A small lexer of Opsbook.
    Small(&'static LexicalRules),
    /// A session at a prompt.
    Console,
    /// Line by line. A grammar would load the grammars of every language that a fence may name.
    Markdown,
}

/// The lexer for a language as written after a fence. `None` for plain text and unknown names.
pub fn lexer(language: &str, code: &str) -> Option<Lexer> {
    let name = language.to_ascii_lowercase();
    let (_, lexer) = LANGUAGES.iter().find(|(names, _)| names.split(' ').any(|known| known == name))?;
    // A session is often labelled with the name of its shell.
    match lexer {
        Lexer::Grammar(SHELL) if console::begins_with_prompt(code) => Some(Lexer::Console),
        lexer => Some(*lexer),
    }
}

/// Whether a word names a language or a type of diagram.
pub fn is_known(name: &str) -> bool {
    LANGUAGES.iter().any(|(names, _)| names.split(' ').any(|known| known == name)) || PLAIN.contains(&name)
}

/// Names of languages without colours, of diagrams and of transcripts.
const PLAIN: [&str; 7] = ["text", "txt", "plain", "plaintext", "mermaid", "none", "transcript"];

/// One name of each language.
#[cfg(test)]
pub fn names() -> impl Iterator<Item = &'static str> {
    LANGUAGES.iter().filter_map(|(names, _)| names.split(' ').next())
}

/// The grammar for shell commands.
pub const SHELL: &str = "Bourne Again Shell (bash)";

/// The names of each language and its lexer.
const LANGUAGES: &[(&str, Lexer)] = &[
    ("bash sh shell zsh ash ksh shellscript", Lexer::Grammar(SHELL)),
    ("console shell-session shellsession sh-session bash-session terminal session", Lexer::Console),
    ("fish", Lexer::Grammar("Fish")),
    ("yaml yml ansible", Lexer::Grammar("YAML")),
    ("json jsonc json5 jsonl ndjson", Lexer::Grammar("JSON")),
    ("jsonnet libsonnet", Lexer::Grammar("jsonnet")),
    ("toml", Lexer::Grammar("TOML")),
    ("ini cfg conf systemd service editorconfig desktop", Lexer::Grammar("INI")),
    ("properties", Lexer::Grammar("Java Properties")),
    ("env dotenv", Lexer::Grammar("DotENV")),
    ("hcl terraform tf tfvars opentofu", Lexer::Grammar("Terraform")),
    ("python py python3", Lexer::Grammar("Python")),
    ("go golang", Lexer::Grammar("Go")),
    ("rust rs", Lexer::Grammar("Rust")),
    ("sql mysql pgsql postgresql psql plpgsql", Lexer::Grammar("SQL")),
    ("nginx", Lexer::Grammar("nginx")),
    ("apache apacheconf", Lexer::Grammar("Apache Conf")),
    ("dockerfile docker containerfile", Lexer::Grammar("Dockerfile")),
    ("jinja jinja2 j2", Lexer::Grammar("Jinja2")),
    ("diff patch", Lexer::Grammar("Diff")),
    ("http", Lexer::Grammar("HTTP Request and Response")),
    ("ruby rb", Lexer::Small(&small_lexers::RUBY)),
    ("javascript js mjs node typescript ts jsx tsx", Lexer::Small(&small_lexers::JAVASCRIPT)),
    ("html", Lexer::Grammar("HTML")),
    ("css", Lexer::Grammar("CSS")),
    ("scss", Lexer::Grammar("SCSS")),
    ("xml svg", Lexer::Grammar("XML")),
    ("lua", Lexer::Grammar("Lua")),
    ("perl pl", Lexer::Grammar("Perl")),
    ("php", Lexer::Small(&small_lexers::PHP)),
    ("java", Lexer::Grammar("Java")),
    ("kotlin kt", Lexer::Grammar("Kotlin")),
    ("groovy jenkinsfile gradle", Lexer::Grammar("Groovy")),
    ("c h", Lexer::Grammar("C")),
    ("cpp c++ cc hpp", Lexer::Grammar("C++")),
    ("csharp cs c#", Lexer::Grammar("C#")),
    ("elixir ex", Lexer::Grammar("Elixir")),
    ("graphql gql", Lexer::Grammar("GraphQL")),
    ("protobuf proto", Lexer::Grammar("Protocol Buffer")),
    ("rego", Lexer::Grammar("Rego")),
    ("jq", Lexer::Grammar("JQ")),
    ("puppet pp", Lexer::Grammar("Puppet")),
    ("nix", Lexer::Grammar("Nix")),
    ("awk", Lexer::Grammar("AWK")),
    ("cmake", Lexer::Grammar("CMake")),
    ("crontab cron", Lexer::Grammar("Crontab")),
    ("fstab", Lexer::Grammar("fstab")),
    ("ssh-config ssh_config sshconfig", Lexer::Grammar("SSH Config")),
    ("sshd-config sshd_config", Lexer::Grammar("SSHD Config")),
    ("gitconfig", Lexer::Grammar("Git Config")),
    ("csv", Lexer::Grammar("Comma Separated Values")),
    ("tsv", Lexer::Grammar("Tab Separated Values")),
    ("log syslog", Lexer::Grammar("log")),
    ("markdown md", Lexer::Markdown),
    ("promql", Lexer::Small(&small_lexers::PROMQL)),
    ("powershell ps1 pwsh posh", Lexer::Small(&small_lexers::POWERSHELL)),
    ("makefile make mk", Lexer::Small(&small_lexers::MAKE)),
];
