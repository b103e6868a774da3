//! `[feedback]`: where a reader can report something wrong on a page.
//!
//! Owns the address of a new issue: a template with `{title}` and `{body}`. `view` writes the title
//! and the body. Must not know any page.

use crate::fields::{FieldEntry, FieldReader, text_of};
use crate::forge::Forge;

use super::{Repository, base_url};

/// A link to a new issue, or to a new e-mail, that names the page.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Feedback {
    /// With `{title}` and `{body}`, which are replaced by URL-encoded texts.
    pub url: String,
}

pub(super) fn read(mut feedback: FieldReader<'_>, repository: Option<&Repository>) -> Option<Feedback> {
    let web = |text: &str| base_url(text).is_some();
    let url = "an absolute URL such as `https://codeberg.org/you/handbook`";
    let other = feedback.text_where(&["repository"], url, web);
    let (issues, email) = (feedback.take(&["issues"]), feedback.take(&["email"]));
    let home = other.as_deref().or(repository.map(|known| &*known.url));
    let found = match (&issues, &email) {
        (Some(_), Some(email)) => {
            let help = "leave out `issues` or `email`".to_owned();
            feedback.report(email, "readers need one way to say something, not two".to_owned(), Some(help));
            None
        }
        (Some(issues), None) => form(&mut feedback, issues, home),
        (None, Some(email)) => letter(&mut feedback, email),
        (None, None) => None,
    };
    feedback.finish(&[]);
    found
}

/// The link to a new issue in a repository.
fn form(feedback: &mut FieldReader<'_>, issues: &FieldEntry, home: Option<&str>) -> Option<Feedback> {
    let name = text_of(&issues.value).unwrap_or_default();
    let Some(forge) = Forge::named(&name) else {
        let message = format!("`issues` must be `github`, `gitlab` or `forgejo`, not `{name}`");
        feedback.report(issues, message, None);
        return None;
    };
    let Some(home) = home else {
        let help = "set `repository` beside it, or `url` in `[repository]`".to_owned();
        feedback.report(issues, "`issues` does not know in which repository".to_owned(), Some(help));
        return None;
    };
    Some(Feedback { url: format!("{}{}", home.trim_end_matches('/'), forge.issue_path()) })
}

/// The link to a new e-mail.
fn letter(feedback: &mut FieldReader<'_>, email: &FieldEntry) -> Option<Feedback> {
    let address = text_of(&email.value).unwrap_or_default();
    if !is_address(&address) {
        let message = format!("`email` must be an address such as `ops@example.org`, not `{address}`");
        feedback.report(email, message, None);
        return None;
    }
    Some(Feedback { url: format!("mailto:{address}?subject={{title}}&body={{body}}") })
}

/// Whether a text is an address that needs no quoting, neither in an e-mail nor in a URL.
fn is_address(text: &str) -> bool {
    let Some((name, host)) = text.split_once('@') else { return false };
    let plain = |text: &str, also: &str| {
        !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || also.contains(c))
    };
    plain(name, "-_.+") && host.contains('.') && host.split('.').all(|part| plain(part, "-"))
}

#[cfg(test)]
mod tests {
    use crate::config::parse;
    use crate::path::FilePath;
    use crate::source::Source;

    /// The address, or the first problem.
    fn read(text: &str) -> Result<String, String> {
        let source = Source::new(FilePath::new("book.toml").unwrap(), text);
        let (config, problems) = parse(&source);
        match (config.feedback, problems.first()) {
            (_, Some(problem)) => Err(problem.message.to_string()),
            (found, None) => Ok(found.map(|found| found.url).unwrap_or_default()),
        }
    }

    #[test]
    fn it_is_off_unless_asked_for() {
        assert_eq!(read("[repository]\nurl = \"https://a.example/b\"\n"), Ok(String::new()));
        assert_eq!(read("[feedback]\n"), Ok(String::new()));
    }

    #[test]
    fn each_forge_has_its_form() {
        let of = |forge: &str| {
            read(&format!("[repository]\nurl = \"https://a.example/b/\"\n[feedback]\nissues = \"{forge}\"\n"))
                .unwrap()
        };
        assert_eq!(of("github"), "https://a.example/b/issues/new?title={title}&body={body}");
        assert_eq!(of("forgejo"), of("github"));
        let gitlab = "https://a.example/b/-/issues/new?issue[title]={title}&issue[description]={body}";
        assert_eq!(of("gitlab"), gitlab);
        let other = read("[feedback]\nissues = \"forgejo\"\nrepository = \"https://c.example/d\"\n").unwrap();
        assert!(other.starts_with("https://c.example/d/issues/new?"));
        let letter = read("[feedback]\nemail = \"ops+hb@example.org\"\n").unwrap();
        assert_eq!(letter, "mailto:ops+hb@example.org?subject={title}&body={body}");
    }

    #[test]
    fn what_cannot_work_is_said() {
        let problem = |text: &str| read(&format!("[feedback]\n{text}\n")).unwrap_err();
        assert!(problem("issues = \"github\"").contains("which repository"));
        assert!(
            problem("issues = \"bitbucket\"").contains("`github`, `gitlab` or `forgejo`, not `bitbucket`")
        );
        assert!(problem("issue = \"github\"").contains("unknown key"));
        let both = "issues = \"github\"\nrepository = \"https://a.example/b\"\nemail = \"a@b.example\"";
        assert!(problem(both).contains("one way"));
        for address in [
            "a",
            "a@b",
            "a b@c.example",
            "a@c.example?cc=x@y.example",
            "@c.example",
            "a@c..example",
            "a@c.example\\nx",
        ] {
            assert!(problem(&format!("email = \"{address}\"")).contains("must be an address"), "{address}");
        }
        assert!(problem("repository = \"git@a.example:b\"").contains("must be an absolute URL"));
    }
}
