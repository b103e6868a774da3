//! Resolves references to controls, such as `c5:2020/SIM-03`.
//!
//! Owns the syntax of a reference and the messages about a wrong one. Knows no page.

use std::sync::Arc;

use super::{Framework, Frameworks};
use crate::diagnostic::{Diagnostic, nearest};
use crate::rules::CONTROL_UNKNOWN;
use crate::source::Span;

/// The reason why a reference names no control.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownControl {
    /// The problem, in one sentence.
    pub message: String,
    /// The way out, with a similar or valid reference where there is one.
    pub help: String,
}

impl UnknownControl {
    /// The diagnostic at the span of the reference.
    pub fn at(self, span: Span) -> Diagnostic {
        Diagnostic::new(&CONTROL_UNKNOWN, span, self.message).help(self.help)
    }
}

impl Frameworks {
    /// The framework that a reference names, and the index of the control in [`Framework::controls`].
    ///
    /// # Errors
    /// The reason and the way out, where the reference names no known framework or control.
    pub fn find(&self, reference: &str) -> Result<(&Arc<Framework>, usize), UnknownControl> {
        let Some((key, id)) = reference.split_once('/') else {
            return Err(self.without_framework(reference));
        };
        let Some(framework) = self.iter().find(|framework| framework.key() == key) else {
            return Err(self.unknown_framework(key, id));
        };
        let at = framework.position(id).ok_or_else(|| unknown_id(framework, id))?;
        Ok((framework, at))
    }

    /// The problem of a reference without a slash, such as `SIM-03`.
    fn without_framework(&self, id: &str) -> UnknownControl {
        let message = format!("`{id}` names no framework and edition");
        let holders: Vec<String> = self.references(id, |_| true);
        let help = if holders.is_empty() {
            format!("write a control as `FRAMEWORK:EDITION/ID`; {}", self.known())
        } else {
            format!("write {}", either(&holders))
        };
        UnknownControl { message, help }
    }

    /// The problem of a reference such as `c5/SIM-03`, `c5:2016/SIM-03` or `c6:2020/SIM-03`.
    fn unknown_framework(&self, key: &str, id: &str) -> UnknownControl {
        let (name, edition) = key.split_once(':').unwrap_or((key, ""));
        let message = match edition {
            "" => format!("`{key}/{id}` names no edition"),
            _ => format!("there is no framework `{key}`"),
        };
        // A framework with the same id that has the control is a better hint than a similar name.
        let editions = self.references(id, |framework| framework.id.eq_ignore_ascii_case(name));
        let near = nearest(&key.to_lowercase(), self.iter().map(|f| f.id.as_str()));
        let help = match (editions.is_empty(), near) {
            (false, _) => format!("write {}", either(&editions)),
            (true, Some(near)) => format!("did you mean `{near}`? {}", self.known()),
            (true, None) => self.known(),
        };
        UnknownControl { message, help }
    }

    /// The references to the control `id`, in any case, in each framework that contains it and that `accept` allows.
    fn references(&self, id: &str, accept: impl Fn(&Framework) -> bool) -> Vec<String> {
        let of = |framework: &Arc<Framework>| {
            let control = framework.controls.iter().find(|control| control.id.eq_ignore_ascii_case(id))?;
            accept(framework).then(|| framework.reference(control))
        };
        self.iter().filter_map(of).collect()
    }

    /// The list of known frameworks: ``known are `c5:2020` and `iso27001:2022` ``.
    fn known(&self) -> String {
        let keys: Vec<String> = self.iter().map(|framework| framework.key()).collect();
        format!("known are {}", list(&keys, "and"))
    }
}

fn unknown_id(framework: &Framework, id: &str) -> UnknownControl {
    let message = format!("`{}` has no control `{id}`", framework.key());
    let ids = || framework.controls.iter().map(|control| control.id.as_str());
    let near = ids().find(|known| known.eq_ignore_ascii_case(id)).or_else(|| nearest(id, ids()));
    let help = near.map(|near| format!("did you mean `{}/{near}`?", framework.key()));
    UnknownControl { message, help: help.unwrap_or_else(|| range(framework)) }
}

/// The first and the last id of a framework, as examples of their syntax.
fn range(framework: &Framework) -> String {
    let ends = framework.controls.first().zip(framework.controls.last());
    let (first, last) = ends.map_or(("", ""), |(first, last)| (first.id.as_str(), last.id.as_str()));
    format!("its {} ids run from `{first}` to `{last}`", framework.controls.len())
}

fn either(references: &[String]) -> String {
    list(references, "or")
}

/// The items in backticks as an English list: `` `a`, `b` or `c` ``.
fn list(items: &[String], word: &str) -> String {
    let quoted: Vec<String> = items.iter().map(|item| format!("`{item}`")).collect();
    match quoted.as_slice() {
        [] => "none".to_owned(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} {word} {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn help(reference: &str) -> (String, String) {
        let frameworks = Frameworks::built_in();
        let unknown = frameworks.find(reference).map(|_| ()).unwrap_err();
        (unknown.message, unknown.help)
    }

    #[track_caller]
    fn assert_unknown(reference: &str, message: &str, way_out: &str) {
        assert_eq!(help(reference), (message.to_owned(), way_out.to_owned()));
    }

    #[test]
    fn a_reference_leads_to_its_control() {
        let frameworks = Frameworks::built_in();
        let (framework, at) = frameworks.find("c5:2020/SIM-03").unwrap();
        assert_eq!(framework.controls[at].title, "Documentation and reporting of security incidents");
        assert_eq!(framework.areas[framework.controls[at].area.unwrap()].id, "SIM");
        let (framework, at) = frameworks.find("iso27001:2022/A.5.26").unwrap();
        assert_eq!(framework.controls[at].title, "Response to information security incidents");
    }

    #[test]
    fn an_id_alone_is_completed_where_a_framework_has_it() {
        assert_unknown("SIM-03", "`SIM-03` names no framework and edition", "write `c5:2020/SIM-03`");
        assert_unknown("a.5.26", "`a.5.26` names no framework and edition", "write `iso27001:2022/A.5.26`");
        assert_unknown(
            "XYZ",
            "`XYZ` names no framework and edition",
            "write a control as `FRAMEWORK:EDITION/ID`; known are `c5:2020` and `iso27001:2022`",
        );
    }

    #[test]
    fn a_missing_or_wrong_edition_is_reported_with_the_known_ones() {
        assert_unknown("c5/SIM-03", "`c5/SIM-03` names no edition", "write `c5:2020/SIM-03`");
        assert_unknown("C5:2020/SIM-03", "there is no framework `C5:2020`", "write `c5:2020/SIM-03`");
        assert_unknown("c5:2026/SIM-03", "there is no framework `c5:2026`", "write `c5:2020/SIM-03`");
        let known = "known are `c5:2020` and `iso27001:2022`";
        assert_unknown("c5:2026/SIM-06", "there is no framework `c5:2026`", known);
        let near = format!("did you mean `iso27001`? {known}");
        assert_unknown("iso27002/A.5.1", "`iso27002/A.5.1` names no edition", &near);
    }

    #[test]
    fn a_wrong_id_is_reported_with_the_nearest_one() {
        let none = "`c5:2020` has no control `SIM-3`";
        assert_unknown("c5:2020/SIM-3", none, "did you mean `c5:2020/SIM-03`?");
        let none = "`c5:2020` has no control `sim-03`";
        assert_unknown("c5:2020/sim-03", none, "did you mean `c5:2020/SIM-03`?");
        let none = "`iso27001:2022` has no control `Incident response`";
        assert_unknown("iso27001:2022/Incident response", none, "its 93 ids run from `A.5.1` to `A.8.34`");
    }
}
