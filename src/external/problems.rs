//! The diagnostics of links into the web.
//!
//! Owns messages, ways out, and when a new address is certain enough to be written without a question.

use reqwest::Url;

use super::CheckedLinks;
use super::answer::LinkAnswer;
use crate::diagnostic::{Diagnostic, Fix, FixCertainty};
use crate::markdown::AddressSyntax;
use crate::pipeline::WebLink;
use crate::rules::{EXTERNAL_DEAD, EXTERNAL_MOVED, EXTERNAL_UNREACHABLE};

/// The longest address in a message, in bytes. A host can answer with any text.
const LONGEST: usize = 500;

/// The problem of a link, if it has one.
pub(super) fn problem(link: &WebLink, checked: &CheckedLinks) -> Option<Diagnostic> {
    let (answer, url) = checked.answer(link)?;
    let span = link.span.clone();
    match answer {
        LinkAnswer::Alive => None,
        LinkAnswer::Dead(death) => {
            let message = format!("`{}` {}", link.url, death.in_words());
            let help = "link where the page is now, or a copy in a web archive, or take the link out";
            Some(Diagnostic::new(&EXTERNAL_DEAD, span, message).help(help))
        }
        LinkAnswer::Moved { to } => moved(link, &url, to),
        LinkAnswer::Silent { reason, .. } => {
            let mut message = format!("`{}` cannot be checked: {reason}", link.url);
            let page = url_without_fragment(&url);
            if let Some(last) = checked.last_answers.get(page.as_str()) {
                let day = crate::utc::day_of(*last);
                message.push_str(&format!("; it last answered on {day}"));
            }
            let help = "check it again later; if programs may not ask this host, name it in `exclude` of `[external]`";
            Some(Diagnostic::new(&EXTERNAL_UNREACHABLE, span, message).help(help))
        }
    }
}

fn moved(link: &WebLink, url: &Url, to: &str) -> Option<Diagnostic> {
    let mut target = Url::parse(to).ok()?;
    if target.fragment().is_none() {
        target.set_fragment(url.fragment());
    }
    let message = format!("`{}` has moved for good", link.url);
    let problem = Diagnostic::new(&EXTERNAL_MOVED, link.span.clone(), message);
    if target.as_str().len() > LONGEST {
        return Some(problem.help("write its present address, which is too long to be shown here"));
    }
    let fix = link.syntax.filter(|syntax| *syntax != AddressSyntax::Unclear).map(|syntax| Fix {
        span: link.span.clone(),
        text: syntax.written(target.as_str()),
        certainty: certainty(url, &target),
    });
    Some(problem.help(format!("write `{target}`")).fix(fix))
}

/// An address that differs only in its encryption or in a slash at its end is the same page. Another one may be a page that
/// says that there is nothing left.
fn certainty(old: &Url, new: &Url) -> FixCertainty {
    let place = |url: &Url| {
        let path = url.path().trim_end_matches('/').to_owned();
        (url.host_str().map(str::to_owned), url.port(), path, url.query().map(str::to_owned))
    };
    let is_downgrade = old.scheme() == "https" && new.scheme() == "http";
    if place(old) == place(new) && !is_downgrade { FixCertainty::Certain } else { FixCertainty::Likely }
}

fn url_without_fragment(url: &Url) -> Url {
    let mut page = url.clone();
    page.set_fragment(None);
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_page_is_certain() {
        let is_certain = |old: &str, new: &str| {
            certainty(&Url::parse(old).unwrap(), &Url::parse(new).unwrap()) == FixCertainty::Certain
        };
        assert!(is_certain("http://a.org/b", "https://a.org/b"));
        assert!(is_certain("https://a.org/b", "https://a.org/b/"));
        assert!(!is_certain("https://a.org/b", "https://a.org/"));
        assert!(!is_certain("https://a.org/b", "http://a.org/b/"));
        assert!(!is_certain("https://a.org/b", "https://www.a.org/b"));
        assert!(!is_certain("https://a.org/b?c=1", "https://a.org/b"));
    }
}
