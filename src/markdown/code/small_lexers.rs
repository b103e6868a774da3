//! Small lexers for PromQL, PowerShell, PHP, JavaScript and TypeScript, Ruby and makefiles.
//!
//! These languages have no grammar, or none that is safe or fast enough. Owns one scanner and a table of words for each
//! language. The scanner takes linear time for any text.

use super::token::{Class, TokenWriter};

/// The lexical rules of a language.
#[derive(Debug)]
pub struct LexicalRules {
    /// The starts of comments that end with the line.
    comments: &'static [&'static str],
    block_comment: Option<(&'static str, &'static str)>,
    quotes: &'static [char],
    /// The character that escapes a quote inside a string.
    escape: char,
    /// In lower case. Words are compared without regard to case.
    keywords: &'static str,
    functions: &'static str,
    /// Characters of a word besides letters and digits.
    inner: &'static str,
    names: NameRules,
}

/// The meaning of words that are not in the lists.
#[derive(Debug, Clone, Copy, PartialEq)]
enum NameRules {
    /// A word in braces is a label, a word before `(` a function.
    PromQl,
    /// `Verb-Noun` is a function, `-word` an operator or a parameter, `[word]` a type.
    PowerShell,
    /// A word before `(` is a function, a word with a capital letter a type.
    Code,
    /// At the start of a line, a word before `:` is a target and a word before `=` a variable.
    Make,
}

pub static PROMQL: LexicalRules = LexicalRules {
    comments: &["#"],
    block_comment: None,
    quotes: &['"', '\'', '`'],
    escape: '\\',
    keywords: "by without on ignoring group_left group_right offset bool and or unless atan2 start end inf nan",
    functions: "sum min max avg group stddev stdvar count count_values bottomk topk quantile limitk limit_ratio",
    inner: "_:",
    names: NameRules::PromQl,
};

pub static POWERSHELL: LexicalRules = LexicalRules {
    comments: &["#"],
    block_comment: Some(("<#", "#>")),
    quotes: &['"', '\''],
    escape: '`',
    keywords: "begin break catch class continue data do dynamicparam else elseif end enum exit filter finally for \
        foreach from function if in param process return switch throw trap try until using while",
    functions: "",
    inner: "_-",
    names: NameRules::PowerShell,
};

pub static PHP: LexicalRules = LexicalRules {
    comments: &["//", "#"],
    block_comment: Some(("/*", "*/")),
    quotes: &['"', '\'', '`'],
    escape: '\\',
    keywords: "abstract and array as break callable case catch class clone const continue declare default do echo else \
        elseif empty enum extends final finally fn for foreach function global goto if implements include include_once \
        instanceof insteadof interface isset list match namespace new null or print private protected public readonly \
        require require_once return self static switch throw trait true false try unset use var while xor yield php",
    functions: "",
    inner: "_",
    names: NameRules::Code,
};

pub static JAVASCRIPT: LexicalRules = LexicalRules {
    comments: &["//"],
    block_comment: Some(("/*", "*/")),
    quotes: &['"', '\'', '`'],
    escape: '\\',
    keywords: "abstract as async await break case catch class const continue debugger declare default delete do else \
        enum export extends false finally for from function get if implements import in instanceof interface keyof let \
        namespace new null of private protected public readonly return satisfies set static super switch this throw \
        true try type typeof undefined var void while with yield",
    functions: "",
    inner: "_$",
    names: NameRules::Code,
};

pub static RUBY: LexicalRules = LexicalRules {
    comments: &["#"],
    block_comment: Some(("\n=begin", "\n=end")),
    quotes: &['"', '\'', '`'],
    escape: '\\',
    keywords: "alias and attr_accessor attr_reader attr_writer begin break case class def defined? do else elsif end ensure \
        extend false for if in include module next nil not or prepend private protected public raise redo require \
        require_relative rescue retry return self super then true undef unless until when while yield",
    functions: "puts print p",
    inner: "_?",
    names: NameRules::Code,
};

pub static MAKE: LexicalRules = LexicalRules {
    comments: &["#"],
    block_comment: None,
    quotes: &['"', '\''],
    escape: '\\',
    keywords: "ifeq ifneq ifdef ifndef else endif include -include sinclude define endef export unexport override private vpath undefine",
    functions: "",
    inner: "_-.",
    names: NameRules::Make,
};

/// Writes `code` with the lexical rules of its language.
pub fn write(words: &LexicalRules, code: &str, writer: &mut TokenWriter) {
    let mut scan = CodeScan { words, code, at: 0, braces: 0 };
    while let Some((class, end)) = scan.token() {
        writer.push(class, &code[scan.at..end]);
        scan.at = end;
    }
}

struct CodeScan<'a> {
    words: &'a LexicalRules,
    code: &'a str,
    at: usize,
    braces: usize,
}

impl CodeScan<'_> {
    /// The class and the end of the token at the current offset.
    fn token(&mut self) -> Option<(Class, usize)> {
        let rest = &self.code[self.at..];
        let first = rest.chars().next()?;
        if let Some((open, close)) = self.words.block_comment.filter(|(open, _)| rest.starts_with(open)) {
            let length =
                rest[open.len()..].find(close).map_or(rest.len(), |at| open.len() + at + close.len());
            return Some((Class::Comment, self.at + length));
        }
        if self.words.comments.iter().any(|start| rest.starts_with(start)) {
            return Some((Class::Comment, self.at + rest.find('\n').unwrap_or(rest.len())));
        }
        if self.words.quotes.contains(&first) {
            return Some((Class::String, self.at + self.string(rest, first)));
        }
        if first == '$' && !self.words.inner.contains('$') && self.words.names != NameRules::PromQl {
            return Some((Class::Variable, self.at + variable(rest)));
        }
        if first.is_ascii_digit() {
            return Some((Class::Number, self.at + self.number(rest)));
        }
        // A hyphen or a dot begins no word, except in `-word` where the language has it.
        if first.is_alphabetic()
            || first == '_'
            || self.words.inner.contains(first) && first != '-' && first != '.'
            || self.starts_dashed(rest)
        {
            let length = self.word(rest);
            return Some((self.meaning(&rest[..length]), self.at + length));
        }
        Some((self.punctuation(first), self.at + first.len_utf8()))
    }

    /// The length of a string. It ends at its quote; in makefiles and PromQL it also ends with its line.
    fn string(&self, rest: &str, quote: char) -> usize {
        let mut escaped = false;
        for (at, c) in rest.char_indices().skip(1) {
            match c {
                _ if escaped => escaped = false,
                c if c == self.words.escape && quote != '`' => escaped = true,
                c if c == quote => return at + c.len_utf8(),
                '\n' if !matches!(self.words.names, NameRules::PowerShell | NameRules::Code) => return at,
                _ => {}
            }
        }
        rest.len()
    }

    /// The length of a number with its suffix: `1e9`, `0xff`, `5m30s`, `10MB`.
    fn number(&self, rest: &str) -> usize {
        let part = |c: char| c.is_ascii_alphanumeric() || c == '.';
        rest.find(|c: char| !part(c)).unwrap_or(rest.len())
    }

    fn starts_dashed(&self, rest: &str) -> bool {
        let free = !self.code[..self.at].ends_with(|c: char| c.is_alphanumeric() || c == ')');
        matches!(self.words.names, NameRules::PowerShell | NameRules::Make)
            && free
            && rest.strip_prefix('-').is_some_and(|word| word.starts_with(|c: char| c.is_ascii_alphabetic()))
    }

    fn word(&self, rest: &str) -> usize {
        let inner = |c: char| c.is_alphanumeric() || self.words.inner.contains(c);
        rest.char_indices().skip(1).find(|(_, c)| !inner(*c)).map_or(rest.len(), |(at, _)| at)
    }

    fn meaning(&self, word: &str) -> Class {
        let lower = word.to_lowercase();
        let among = |list: &str| list.split_whitespace().any(|known| known == lower);
        if among(self.words.keywords) {
            return Class::Keyword;
        }
        if among(self.words.functions) {
            return Class::Function;
        }
        let (before, after) = (&self.code[..self.at], &self.code[self.at + word.len()..]);
        match self.words.names {
            NameRules::PromQl if self.braces > 0 => Class::Attribute,
            NameRules::PromQl if after.trim_start().starts_with('(') => Class::Function,
            NameRules::PowerShell if word.starts_with('-') => Class::Attribute,
            NameRules::PowerShell if word.contains('-') => Class::Function,
            NameRules::PowerShell if before.ends_with('[') && after.starts_with([']', '[', '.']) => {
                Class::Type
            }
            NameRules::Code if after.starts_with('(') => Class::Function,
            NameRules::Code if word.starts_with(char::is_uppercase) => Class::Type,
            NameRules::Make if before.is_empty() || before.ends_with('\n') => target(after),
            _ => Class::Plain,
        }
    }

    fn punctuation(&mut self, character: char) -> Class {
        match character {
            '{' => self.braces += 1,
            '}' => self.braces = self.braces.saturating_sub(1),
            _ => {}
        }
        match character {
            '(' | ')' | '[' | ']' | '{' | '}' | ',' | ';' => Class::Punctuation,
            '=' | '+' | '-' | '*' | '/' | '%' | '^' | '<' | '>' | '!' | '~' | '|' | '@' | '&' | ':' | '?' => {
                Class::Operator
            }
            _ => Class::Plain,
        }
    }
}

/// The class of a word at the start of a makefile line, according to the rest of the line.
fn target(after: &str) -> Class {
    let line = after.lines().next().unwrap_or_default();
    match line.find([':', '=']) {
        Some(at)
            if line[at..].starts_with('=')
                || line[at..].starts_with(":=")
                || line[at..].starts_with("::=") =>
        {
            Class::Variable
        }
        Some(_) => Class::Function,
        None => Class::Plain,
    }
}

/// The length of `$x`, `${x}`, `$(x y)` or `$@`, with nested brackets of the same type, at most to the end of the line.
fn variable(rest: &str) -> usize {
    let mut inner = rest.char_indices().skip(1);
    let close = match inner.next() {
        Some((_, '{')) => ('{', '}'),
        Some((_, '(')) => ('(', ')'),
        Some((_, c)) if c.is_alphanumeric() || c == '_' => {
            let word = |c: char| c.is_alphanumeric() || c == '_';
            return rest.char_indices().skip(1).find(|(_, c)| !word(*c)).map_or(rest.len(), |(at, _)| at);
        }
        Some((_, c)) if !c.is_whitespace() => return 1 + c.len_utf8(),
        _ => return 1,
    };
    let mut depth = 1;
    for (at, c) in inner {
        match c {
            '\n' => return at,
            c if c == close.0 => depth += 1,
            c if c == close.1 => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at + c.len_utf8();
        }
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn html(words: &LexicalRules, code: &str) -> String {
        let mut writer = TokenWriter::with_capacity(0);
        write(words, code, &mut writer);
        writer.finish().replace("<span class=\"c-", "<").replace("\">", ":").replace("</span>", ">")
    }

    #[test]
    fn promql_knows_functions_labels_and_durations() {
        let code = "sum by (job) (rate(http_total{code=~\"5..\"}[5m])) > 0.1 # x";
        let want = "<function:sum> <keyword:by> <punctuation:(>job<punctuation:)> <punctuation:(><function:rate><punctuation:(>\
            http_total<punctuation:{><attribute:code><operator:=~><string:\"5..\"><punctuation:}[><number:5m><punctuation:]))> \
            <operator:&gt;> <number:0.1> <comment:# x>";
        assert_eq!(html(&PROMQL, code), want);
    }

    #[test]
    fn powershell_knows_commands_parameters_and_variables() {
        let code = "Get-Item -Path \"a`\"b\" | % { $_.Name } <# a\nb #>";
        let html = html(&POWERSHELL, code);
        assert!(html.starts_with("<function:Get-Item> <attribute:-Path> <string:\"a`\"b\">"), "{html}");
        assert!(
            html.contains("<variable:$_>.Name") && html.ends_with("<comment:&lt;# a>\n<comment:b #&gt;>"),
            "{html}"
        );
    }

    #[test]
    fn makefiles_know_targets_and_variables() {
        let html = html(&MAKE, "X := 1\nall: $(wildcard $(X))\n\techo $@\n");
        assert!(html.starts_with("<variable:X> <operator::=> <number:1>\n<function:all>"), "{html}");
        assert!(html.contains("<variable:$(wildcard $(X))>") && html.contains("<variable:$@>"), "{html}");
    }
}
