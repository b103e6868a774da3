//! The template filter `humps`: lets a technical name break between its words.
//!
//! Owns what a word of such a name is: `FilesystemAlmostFull` has three, a path has one for each folder. The name
//! stays one word when it is copied or searched for, because `<wbr>` is not a character.

use tera::{Kwargs, State, TeraResult, Value};

use crate::html_escape::push_text;

/// The name, escaped, with `<wbr>` between its words.
pub(super) fn humps(name: &str, _: Kwargs, _: &State<'_>) -> TeraResult<Value> {
    let mut html = String::with_capacity(name.len() + 16);
    let mut rest = name;
    while let Some(length) = word(rest) {
        push_text(&mut html, &rest[..length]);
        html.push_str("<wbr>");
        rest = &rest[length..];
    }
    push_text(&mut html, rest);
    Ok(Value::safe_string(&html))
}

/// The length of the first word in bytes, if another word follows.
fn word(name: &str) -> Option<usize> {
    let mut before = name.chars().next()?;
    let mut signs = name.char_indices().skip(1).peekable();
    while let Some((at, sign)) = signs.next() {
        let next = signs.peek().map(|(_, next)| *next);
        let divided = "_/:.".contains(before) && sign.is_alphanumeric();
        let begins = sign.is_uppercase() && (before.is_lowercase() || before.is_ascii_digit());
        // The last of several capitals belongs to the word after them: `MQ|Node`.
        let ends = sign.is_uppercase() && before.is_uppercase() && next.is_some_and(char::is_lowercase);
        if divided || begins || ends {
            return Some(at);
        }
        before = sign;
    }
    None
}

#[cfg(test)]
mod tests {
    use tera::{Context, Tera};

    fn rendered(name: &str) -> String {
        let mut tera = Tera::new();
        tera.register_filter("humps", super::humps);
        tera.add_raw_template("a.html", "{{ name | humps }}").unwrap();
        let mut context = Context::new();
        context.insert("name", name);
        tera.render("a.html", &context).unwrap()
    }

    #[test]
    fn names_break_between_their_words_only() {
        for (name, shown) in [
            ("FilesystemAlmostFull", "Filesystem|Almost|Full"),
            ("CephOSDDown", "Ceph|OSD|Down"),
            ("RabbitMQNodeMissing", "Rabbit|MQ|Node|Missing"),
            ("KubeAPIDown5xxHigh", "Kube|API|Down5xx|High"),
            ("node_disk:rate5m", "node_|disk:|rate5m"),
            ("content/runbooks/files/a-b.yaml", "content/|runbooks/|files/|a-b.|yaml"),
            ("ÜberhitzungGemeldet", "Überhitzung|Gemeldet"),
            ("plain", "plain"),
            ("", ""),
        ] {
            assert_eq!(rendered(name), shown.replace('|', "<wbr>"), "{name}");
        }
    }

    #[test]
    fn hostile_names_stay_text() {
        assert_eq!(rendered("<img/onX=1>&Y"), "&lt;img/<wbr>on<wbr>X=1&gt;&amp;Y");
    }
}
