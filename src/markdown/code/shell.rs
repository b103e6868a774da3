//! Determines how a shell reads each position of a script.
//!
//! Owns the parts of shell syntax that are needed to insert a value into a command without changing its meaning:
//! quotes, substitutions, comments, here-documents, and programs that interpret their arguments as programs. A doubtful
//! position is strict: only a value that no language could misinterpret is allowed there.

use std::collections::VecDeque;
use std::ops::Range;

/// The quoting at a position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quoting {
    /// No quoting: words are split at whitespace, and every character may have a meaning.
    Bare,
    /// `"…"`.
    Double,
    /// `'…'`.
    Single,
    /// A here-document in which variables are expanded.
    Document,
    /// A here-document with a quoted end word, in which nothing is expanded.
    Verbatim,
    /// A comment.
    Plain,
    /// Anything else, such as `${…}` or `` `…` ``.
    Other,
}

/// A position in a script.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScriptPosition {
    pub quote: Quoting,
    /// Whether another program interprets the text as a program: `ssh host "…"`, `sed '…'`.
    pub is_reparsed: bool,
}

/// Programs whose arguments are programs, and options that precede such arguments.
const REPARSING: [&str; 46] = [
    "-c",
    "-e",
    "-exec",
    "--command",
    "--eval",
    "--execute",
    "ansible",
    "ash",
    "at",
    "awk",
    "bash",
    "batch",
    "clush",
    "dash",
    "eval",
    "fish",
    "gawk",
    "jq",
    "ksh",
    "lua",
    "mariadb",
    "mysql",
    "node",
    "parallel",
    "pdsh",
    "perl",
    "php",
    "psql",
    "pssh",
    "python",
    "python2",
    "python3",
    "rsh",
    "ruby",
    "runuser",
    "salt",
    "script",
    "sed",
    "sh",
    "sqlite3",
    "ssh",
    "su",
    "watch",
    "xargs",
    "yq",
    "zsh",
];

/// A construct that is open at some position of a script.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Frame {
    /// `$(…)` or `(…)`.
    Command,
    Double,
    Single,
    /// `$'…'`.
    Ansi,
    Backtick,
    /// `${…}`.
    Braces,
    /// `$((…))`.
    Arithmetic,
}

/// A here-document whose lines have not been read yet.
struct HereDocument {
    end: String,
    quote: Quoting,
}

/// The positions of a script.
#[derive(Debug, Default)]
pub struct Script {
    /// The start of each stretch, and its position type.
    stretches: Vec<(usize, ScriptPosition)>,
}

impl Script {
    /// Reads a script.
    pub fn read(text: &str) -> Script {
        let mut reading = ShellReader::of(text);
        while reading.step() {}
        reading.end_line();
        reading.script
    }

    /// The position type of a range. A range that spans several stretches is strict.
    pub fn place(&self, range: &Range<usize>) -> ScriptPosition {
        let after = self.stretches.partition_point(|(start, _)| *start <= range.start);
        let place = after.checked_sub(1).map(|at| self.stretches[at].1);
        let place = place.unwrap_or(ScriptPosition { quote: Quoting::Bare, is_reparsed: false });
        match self.stretches.get(after) {
            Some((next, _)) if *next < range.end => ScriptPosition { quote: Quoting::Other, ..place },
            _ => place,
        }
    }
}

struct ShellReader<'a> {
    text: &'a str,
    at: usize,
    open: Vec<Frame>,
    documents: VecDeque<HereDocument>,
    /// The start of the current word.
    word: usize,
    /// The index of the first stretch of the current command.
    command: usize,
    is_reparsed: bool,
    script: Script,
}

impl<'a> ShellReader<'a> {
    fn of(text: &'a str) -> ShellReader<'a> {
        let (open, documents, script) = (Vec::new(), VecDeque::new(), Script::default());
        let mut reading =
            ShellReader { text, at: 0, open, documents, word: 0, command: 0, is_reparsed: false, script };
        reading.turn();
        reading
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    /// Reads the next character. Returns whether there was one.
    fn step(&mut self) -> bool {
        let Some(character) = self.rest().chars().next() else { return false };
        match self.open.last() {
            None | Some(Frame::Command) => self.bare(character),
            Some(Frame::Double) => self.double(character),
            Some(Frame::Single) => self.until('\'', character),
            Some(Frame::Ansi) if character == '\\' => self.skip(2),
            Some(Frame::Ansi) => self.until('\'', character),
            Some(Frame::Backtick) if character == '\\' => self.skip(2),
            Some(Frame::Backtick) => self.until('`', character),
            Some(Frame::Braces) => self.until('}', character),
            Some(Frame::Arithmetic) if self.rest().starts_with("))") => {
                self.at += 1;
                self.until(')', ')');
            }
            Some(Frame::Arithmetic) => self.skip(1),
        }
        true
    }

    fn bare(&mut self, character: char) {
        match character {
            '\\' => self.escaped(),
            '"' => self.enter(Frame::Double, 1),
            '\'' => self.enter(Frame::Single, 1),
            '`' => self.enter(Frame::Backtick, 1),
            '$' => self.dollar(),
            '(' => self.enter(Frame::Command, 1),
            ')' if !self.open.is_empty() => self.until(')', character),
            '#' if self.at == self.word => self.comment(),
            '<' if self.rest().starts_with("<<<") => self.separate(3),
            '<' if self.rest().starts_with("<<") => self.document(),
            '\n' => self.line(),
            ';' | '|' | '&' | '<' | '>' | ')' => self.separate(1),
            _ if character.is_whitespace() => self.separate(character.len_utf8()),
            _ => self.skip(1),
        }
    }

    fn double(&mut self, character: char) {
        match character {
            '\\' => self.escaped(),
            '`' => self.enter(Frame::Backtick, 1),
            '$' if !self.rest().starts_with("$'") => self.dollar(),
            _ => self.until('"', character),
        }
    }

    /// Reads an expansion that begins with `$`.
    fn dollar(&mut self) {
        let rest = self.rest();
        let name = rest.strip_prefix("${").and_then(|rest| rest.split_once('}')).map(|(name, _)| name);
        match name.filter(|name| is_name(name)) {
            Some(name) => self.at += name.len() + 3,
            None if rest.starts_with("$((") => self.enter(Frame::Arithmetic, 3),
            None if rest.starts_with("$(") => self.enter(Frame::Command, 2),
            None if rest.starts_with("${") => self.enter(Frame::Braces, 2),
            None if rest.starts_with("$'") => self.enter(Frame::Ansi, 2),
            None => self.skip(1),
        }
    }

    /// Reads a backslash and the character that it escapes.
    fn escaped(&mut self) {
        self.push(ScriptPosition { quote: Quoting::Other, is_reparsed: false });
        self.skip(2);
        self.turn();
    }

    fn skip(&mut self, characters: usize) {
        let length = self.rest().chars().take(characters).map(char::len_utf8).sum::<usize>();
        self.at += length;
    }

    /// Reads a character. If it is `close`, the open construct ends.
    fn until(&mut self, close: char, character: char) {
        let ends = character == close;
        if ends {
            self.open.pop();
            if close == ')' {
                self.end_word();
            }
        }
        self.at += character.len_utf8();
        if ends {
            self.turn();
        }
    }

    fn enter(&mut self, frame: Frame, length: usize) {
        self.open.push(frame);
        self.at += length;
        self.turn();
        if frame == Frame::Command {
            self.word = self.at;
        }
    }

    fn comment(&mut self) {
        self.push(ScriptPosition { quote: Quoting::Plain, is_reparsed: false });
        self.at += self.rest().find('\n').unwrap_or(self.rest().len());
        self.turn();
    }

    fn separate(&mut self, length: usize) {
        self.end_word();
        self.at += length;
        self.word = self.at;
    }

    fn end_word(&mut self) {
        let word = &self.text[self.word.min(self.at)..self.at];
        let name = if word.starts_with('-') { word } else { word.rsplit('/').next().unwrap_or(word) };
        self.is_reparsed |= REPARSING.contains(&name);
    }

    /// Reads the end word after `<<`.
    fn document(&mut self) {
        self.separate(2);
        let written = self.rest();
        let lead = written.len() - written.trim_start_matches('-').trim_start_matches([' ', '\t']).len();
        let word = &written[lead..];
        let quoted = word.starts_with(['\'', '"', '\\']);
        let bare = word.trim_start_matches(['\'', '"', '\\']);
        let end = bare
            .find(|character: char| !character.is_alphanumeric() && character != '_')
            .unwrap_or(bare.len());
        let length = lead + (word.len() - bare.len()) + end;
        if end > 0 && bare.starts_with(|character: char| character.is_alphabetic() || character == '_') {
            let quote = if quoted { Quoting::Verbatim } else { Quoting::Document };
            self.documents.push_back(HereDocument { end: bare[..end].to_owned(), quote });
            self.push(ScriptPosition { quote: Quoting::Other, is_reparsed: false });
            self.at += length;
            // The quote that ends the word does not open another one.
            self.at += usize::from(quoted && self.rest().starts_with(['\'', '"']));
            self.turn();
        }
        self.word = self.at;
    }

    /// Reads the end of a line outside quotes.
    fn line(&mut self) {
        let before = self.text[..self.at].trim_end_matches([' ', '\t']);
        let joined = ["|", "&&", "|&"].iter().any(|operator| before.ends_with(operator));
        self.separate(1);
        while let Some(document) = self.documents.pop_front() {
            self.body(&document);
        }
        if self.open.is_empty() && !joined {
            self.end_line();
        }
    }

    /// Reads the lines of a here-document.
    fn body(&mut self, document: &HereDocument) {
        let start = self.at;
        let ends = |line: &str| line.trim() == document.end;
        let length: usize =
            self.rest().split_inclusive('\n').take_while(|line| !ends(line)).map(str::len).sum();
        let text = &self.text[start..start + length];
        // A substitution in a here-document is run, so its text is not only data.
        let runs = document.quote == Quoting::Document && (text.contains("$(") || text.contains('`'));
        self.push(ScriptPosition {
            quote: if runs { Quoting::Other } else { document.quote },
            is_reparsed: false,
        });
        self.at += length;
        self.push(ScriptPosition { quote: Quoting::Other, is_reparsed: false });
        self.at += self.rest().find('\n').map_or(self.rest().len(), |end| end + 1);
        self.word = self.at;
        self.turn();
    }

    /// Ends a command with all of its pipes. Only now is it known which programs read it.
    fn end_line(&mut self) {
        self.end_word();
        if self.is_reparsed {
            let command = &mut self.script.stretches[self.command..];
            command.iter_mut().for_each(|(_, place)| place.is_reparsed = true);
        }
        self.is_reparsed = false;
        self.command = self.script.stretches.len();
        self.turn();
        self.word = self.at;
    }

    /// Starts a stretch with the quoting of the innermost open construct.
    fn turn(&mut self) {
        let quote = match self.open.last() {
            None | Some(Frame::Command) => Quoting::Bare,
            Some(Frame::Double) => Quoting::Double,
            Some(Frame::Single) => Quoting::Single,
            Some(Frame::Ansi | Frame::Backtick | Frame::Braces | Frame::Arithmetic) => Quoting::Other,
        };
        self.push(ScriptPosition { quote, is_reparsed: false });
    }

    fn push(&mut self, place: ScriptPosition) {
        self.script.stretches.push((self.at, place));
    }
}

/// Whether a text is a valid name of a variable.
pub fn is_name(text: &str) -> bool {
    let mut bytes = text.bytes();
    bytes.next().is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_')
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The quoting of each `VALUE` of a script, as letters. `+` means that the text is interpreted again.
    fn places(text: &str) -> String {
        let script = Script::read(text);
        let place = |(at, found): (usize, &str)| {
            let place = script.place(&(at..at + found.len()));
            let letter = match place.quote {
                Quoting::Bare => 'b',
                Quoting::Double => 'd',
                Quoting::Single => 's',
                Quoting::Document => 'h',
                Quoting::Verbatim => 'v',
                Quoting::Plain => 'p',
                Quoting::Other => 'o',
            };
            format!("{letter}{}", if place.is_reparsed { "+" } else { "" })
        };
        text.match_indices("VALUE").map(place).collect()
    }

    #[test]
    fn quotes_are_known() {
        assert_eq!(places("a VALUE \"x VALUE\" 'x VALUE' x=VALUE"), "bdsb");
        assert_eq!(places("a \"it's VALUE\" 'say \"VALUE' \\\"VALUE"), "dsb");
        assert_eq!(places("a \"\\\"VALUE\" VALUE $'VALUE' \\VALUE"), "dboo");
        assert_eq!(places("a 'open\nVALUE' VALUE\n\"\nVALUE\n\" VALUE"), "sbdb");
        assert_eq!(places("a 'VAL'UE VALUE"), "b");
    }

    #[test]
    fn substitutions_are_known() {
        assert_eq!(places("a $(b VALUE) \"$(b VALUE \"VALUE\") VALUE\" VALUE"), "bbddb");
        assert_eq!(places("a `b VALUE` VALUE ${x:-VALUE} VALUE $((1 + VALUE)) VALUE"), "obobob");
        assert_eq!(places("a \"${VALUE}\" ${VALUE} $VALUE"), "dbb");
        assert_eq!(places("(cd VALUE && ls) VALUE; case a in b) VALUE ;; esac"), "bbb");
    }

    #[test]
    fn comments_and_here_documents_are_known() {
        assert_eq!(places("# don't VALUE\na VALUE # VALUE\nb x#VALUE"), "pbpb");
        assert_eq!(places("cat > VALUE <<EOF\nx VALUE 'VALUE\nEOF\na VALUE"), "bhhb");
        assert_eq!(places("cat <<'EOF' | b VALUE\nx VALUE\nEOF\na VALUE"), "bvb");
        assert_eq!(places("cat <<EOF\n$(VALUE)\nEOF\ncat <<< VALUE"), "ob");
        assert_eq!(places("cat <<A <<-B\nVALUE\nA\nVALUE\n\tB\nVALUE"), "hhb");
        assert_eq!(places("cat <<VALUE\n"), "o");
    }

    #[test]
    fn what_another_program_parses_is_known() {
        assert_eq!(places("ssh root@VALUE \"a VALUE\" 'VALUE'\na VALUE"), "b+d+s+b");
        assert_eq!(places("a VALUE | \\\n  /usr/bin/ssh h b\na VALUE"), "b+b");
        assert_eq!(places("docker exec x bash -c 'a VALUE'"), "s+");
        assert_eq!(places("mysql -e \"VALUE\"; echo \"x\nVALUE\" |\nVALUE\nVALUE"), "d+d+b+b");
        assert_eq!(places("bash <<EOF\nVALUE\nEOF\nVALUE"), "h+b");
        assert_eq!(places("ssh-keygen -R VALUE; systemctl restart sshd VALUE"), "bb");
        assert_eq!(places("a $(ssh h VALUE)"), "b+");
    }

    proptest! {
        #[test]
        fn any_script_is_read(text in r#"([\PC\n\t]|\$\(|\$\{|\)|\}|"|'|`|<<EOF\n|EOF\n|\\| ){0,60}"#) {
            let script = Script::read(&text);
            prop_assert!(script.stretches.windows(2).all(|pair| pair[0].0 <= pair[1].0));
        }
    }
}
