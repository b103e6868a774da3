//! The template filter `humps`: lets a technical name break between its words.
//!
//! Owns the filter; `html_escape` knows the words of a name. The name stays one word when it is copied or searched for,
//! because `<wbr>` is not a character.

use tera::{Kwargs, State, TeraResult, Value};

use crate::html_escape::push_name;

/// The name, escaped, with `<wbr>` between its words.
pub(super) fn humps(name: &str, _: Kwargs, _: &State<'_>) -> TeraResult<Value> {
    let mut html = String::with_capacity(name.len() + 16);
    push_name(&mut html, name);
    Ok(Value::safe_string(&html))
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
