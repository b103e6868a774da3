//! The template filter `say`: fills in the placeholders of a text, in the form for a number.
//!
//! Owns what templates can do with texts: `{{ t.unit.page | say(count=3) }}`. Reads nothing but its arguments.

use tera::{Error, Kwargs, State, TeraResult, Value};

use crate::strings::fill;

/// The text for `count`, with `{name}` replaced by the argument of that name. The template escapes the result like
/// any other value.
pub(super) fn say(text: &Value, values: Kwargs, _: &State<'_>) -> TeraResult<String> {
    let count: Option<usize> = values.get("count")?;
    let name = if count == Some(1) { "one" } else { "other" };
    let form = text.as_str().or_else(|| text.as_map()?.get(&name.into())?.as_str());
    let form = form.ok_or_else(|| Error::message("`say` takes a text of `t`"))?;
    let value = |name: &str| values.get::<&Value>(name).ok().flatten().map(ToString::to_string);
    Ok(fill(form, value))
}

#[cfg(test)]
mod tests {
    use tera::{Context, Tera};

    fn rendered(template: &str) -> Result<String, String> {
        let mut tera = Tera::new();
        tera.register_filter("say", super::say);
        tera.add_raw_template("a.html", template).map_err(|error| error.to_string())?;
        let mut context = Context::new();
        let texts =
            serde_json::json!({ "plain": "{a} & {b}", "unit": { "one": "{count} day", "other": "days" } });
        context.insert("t", &texts);
        tera.render("a.html", &context).map_err(|error| error.to_string())
    }

    #[test]
    fn numbers_choose_the_form_and_values_are_escaped() {
        let shown = rendered(
            "{{ t.plain | say(a='<b>', b=2) }}, {{ t.unit | say(count=1) }}, {{ t.unit | say(count=0) }}",
        );
        assert_eq!(shown.unwrap(), "&lt;b&gt; &amp; 2, 1 day, days");
        assert!(rendered("{{ 7 | say(count=1) }}").is_err());
    }
}
