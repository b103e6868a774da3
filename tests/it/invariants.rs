//! What holds for every site: the same bytes on each run, links that resolve, HTML that cannot run script.
//!
//! Sites are random handbooks, and the project's own. `SEED=7 cargo test --test it invariants::` begins elsewhere.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::support::handbook::{Built, Handbook, build};
use crate::support::judge::{hazards, misnested, sanitiser_changes};
use crate::support::random::{self, Random};
use crate::support::scan::{Element, elements};
use crate::support::setting;
use opsbook::input::{Drafts, Inputs, Loader, Options, Preview};
use opsbook::memo::Retention;
use opsbook::path::{PageAddresses, decode};
use opsbook::pipeline::Engine;
use proptest::prelude::*;

fn seed() -> u64 {
    u64::from(setting("SEED", 1))
}

/// The project's own handbook, as the program loads it.
fn own() -> Inputs {
    let root = env!("CARGO_MANIFEST_DIR").into();
    let options = Options {
        root,
        out: None,
        base_url: None,
        preview: Preview::No,
        drafts: Drafts::Include,
        audience: None,
        today: None,
    };
    Loader::new(options).load().expect("the own handbook can be read")
}

fn with_threads(threads: usize, inputs: &Inputs) -> Built {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads can be started");
    pool.install(|| build(&mut Engine::new(Retention::Nothing), inputs))
}

#[test]
fn any_number_of_threads_makes_the_same_bytes() {
    let random = random::handbook(&mut Random::new(seed()), 80).inputs();
    for inputs in [random, own()] {
        let one = with_threads(1, &inputs);
        for threads in [2, 8] {
            let many = with_threads(threads, &inputs);
            assert_eq!(one.diagnostics, many.diagnostics);
            let paths = |built: &Built| built.outputs.keys().cloned().collect::<Vec<_>>();
            assert_eq!(paths(&one), paths(&many));
            let differs = one.outputs.iter().find(|(path, bytes)| many.outputs[*path] != **bytes);
            assert!(differs.is_none(), "{:?} differs with {threads} threads", differs.map(|(path, _)| path));
        }
    }
}

#[test]
fn every_reference_in_random_sites_resolves() {
    for seed in seed()..seed() + 10 {
        let mut random = Random::new(seed);
        let mut handbook = random::handbook(&mut random, 30);
        for _ in 0..10 {
            random::edit(&mut random, &mut handbook);
        }
        let problems = unresolved(&handbook.build().outputs);
        assert!(problems.is_empty(), "seed {seed}:\n{}", problems.join("\n"));
    }
}

#[test]
fn with_addresses_as_files_every_reference_names_a_file() {
    let random = (seed()..seed() + 3).map(|seed| random::handbook(&mut Random::new(seed), 30).inputs());
    for mut inputs in random.chain([own()]) {
        Arc::make_mut(&mut inputs.config).addresses = PageAddresses::Files;
        let built = build(&mut Engine::new(Retention::Nothing), &inputs);
        let problems = unresolved(&built.outputs);
        assert!(problems.is_empty(), "\n{}", problems.join("\n"));
        let pages = built.outputs.iter().filter(|(path, _)| path.ends_with(".html"));
        assert!(pages.clone().count() > 20);
        for (page, html) in pages {
            assert!(!page.contains("/index.html") || page == "index.html", "{page}");
            for element in elements(std::str::from_utf8(html).unwrap()) {
                for reference in references(&element) {
                    let path = reference.split(['#', '?']).next().unwrap();
                    // An index rule of a server would be needed for these.
                    let is_folder = path.ends_with('/') || path.ends_with('.');
                    assert!(!is_folder || reference.contains("://"), "{page}: {reference}");
                }
            }
        }
    }
}

#[test]
fn every_reference_in_the_own_handbook_resolves() {
    let built = build(&mut Engine::new(Retention::Nothing), &own());
    assert_eq!(built.diagnostics, Vec::<String>::new());
    assert!(!built.build.failed());
    let problems = unresolved(&built.outputs);
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}

#[test]
fn above_two_thousand_pages_the_search_page_lists_sections_only() {
    let listed = |pages: usize| {
        let mut handbook = Handbook::default();
        for page in 0..pages {
            handbook.files.insert(format!("content/part/p{page}.md"), b"A.\n".to_vec());
        }
        let page = handbook.build().outputs.remove("search/index.html").expect("there is a search page");
        let text = String::from_utf8(page).expect("pages are UTF-8");
        let contents = text.split("ob-contents-title").last().map(str::to_owned);
        contents.expect("the page has a list of contents")
    };
    // The home page and the section count as well.
    assert_eq!(listed(1_998).matches("<li>").count(), 1_999 + FOOTER);
    let sections = listed(1_999);
    assert_eq!(sections.matches("<li>").count(), 1 + FOOTER);
    assert!(sections.contains("1999 pages"), "{sections}");
}

/// List items below the contents of the search page.
const FOOTER: usize = 1;

/// References that lead nowhere, and ids that a page gives twice.
fn unresolved(outputs: &BTreeMap<String, Vec<u8>>) -> Vec<String> {
    let pages: BTreeMap<&str, Vec<Element>> = outputs
        .iter()
        .filter(|(path, _)| path.ends_with(".html"))
        .map(|(path, bytes)| (path.as_str(), elements(std::str::from_utf8(bytes).expect("pages are UTF-8"))))
        .collect();
    let ids: BTreeMap<&str, BTreeSet<&str>> = pages
        .iter()
        .map(|(path, page)| (*path, page.iter().filter_map(|e| e.attribute("id")).collect()))
        .collect();
    let mut problems = Vec::new();
    for (path, page) in &pages {
        if ids[path].len() != page.iter().filter(|e| e.attribute("id").is_some()).count() {
            problems.push(format!("{path}: an id stands twice"));
        }
        for reference in page.iter().flat_map(references) {
            if let Err(problem) = resolve(path, &reference, outputs, &ids) {
                problems.push(format!("{path}: `{reference}` {problem}"));
            }
        }
    }
    problems
}

/// Everything in an element that names another place.
fn references(element: &Element) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for name in ["href", "src", "poster", "cite"] {
        found.extend(element.attribute(name).map(str::to_owned));
    }
    for name in ["aria-labelledby", "aria-describedby", "aria-controls", "for"] {
        let ids = element.attribute(name).unwrap_or_default().split_whitespace();
        found.extend(ids.map(|id| format!("#{id}")));
    }
    found
}

fn resolve(
    page: &str,
    reference: &str,
    outputs: &BTreeMap<String, Vec<u8>>,
    ids: &BTreeMap<&str, BTreeSet<&str>>,
) -> Result<(), String> {
    if ["https://", "http://", "mailto:"].iter().any(|scheme| reference.starts_with(scheme)) {
        return Ok(());
    }
    // The page for missing addresses is shown at any depth, so its references begin at the root.
    let reference = if page == "404.html" { reference.trim_start_matches('/') } else { reference };
    if reference.starts_with('/') {
        return Err("is not relative".to_owned());
    }
    let (path, anchor) = reference.split_once('#').unwrap_or((reference, ""));
    // What follows `?` chooses rows of a register in the browser.
    let path = path.split_once('?').map_or(path, |(path, _)| path);
    let path = if page == "404.html" && path.is_empty() { "./" } else { path };
    let file = if path.is_empty() {
        page.to_owned()
    } else {
        target(page, &decode(path)).ok_or("leaves the site")?
    };
    if !outputs.contains_key(&file) {
        return Err(format!("leads to {file}, which is not there"));
    }
    let known = ids.get(file.as_str()).is_none_or(|ids| ids.contains(decode(anchor).as_ref()));
    if anchor.is_empty() || known { Ok(()) } else { Err(format!("names an id that {file} does not have")) }
}

/// The output that a relative path leads to.
fn target(page: &str, path: &str) -> Option<String> {
    let mut segments: Vec<&str> = page.split('/').collect();
    segments.pop();
    for segment in path.split('/') {
        match segment {
            "." | "" => {}
            ".." => drop(segments.pop()?),
            name => segments.push(name),
        }
    }
    if path.ends_with('/') || path.ends_with("..") || path == "." {
        segments.push("index.html");
    }
    Some(segments.join("/"))
}

/// The body that a page of this text gets.
fn body(markdown: &str) -> String {
    let files = BTreeMap::from([("content/a.md".to_owned(), markdown.as_bytes().to_vec())]);
    let mut built = Handbook { files, ..Handbook::default() }.build();
    let page = built.outputs.remove("a/index.html").expect("the page is built");
    let page = String::from_utf8(page).expect("pages are UTF-8");
    let (_, rest) = page.split_once("<main>").expect("the plain theme has a main element");
    rest.rsplit_once("</main>").expect("the main element is closed").0.to_owned()
}

/// Pieces that soups of hostile HTML are made of.
const PIECES: &[&str] = &[
    "<script>",
    "</script>",
    "alert(1)",
    "<style>",
    "</style>",
    "<svg onload=alert(1)>",
    "</svg>",
    "<math>",
    "<mtext>",
    "<img src=x onerror=alert(1)>",
    "<a href=\"javascript:alert(1)\">",
    "<a href='JaVa\tScript:x'>",
    "</a>",
    "<a href=\"x.md\">",
    "<div style=\"position:fixed\">",
    "</div>",
    "<details open ontoggle=alert(1)>",
    "</details>",
    "<summary>",
    "</summary>",
    "<table>",
    "<tr>",
    "<td>",
    "</table>",
    "<p>",
    "</p>",
    "<b>",
    "</b>",
    "<i>",
    "</i>",
    "<kbd>",
    "</kbd>",
    "<br>",
    "<br/>",
    "<!--",
    "-->",
    "--!>",
    "<!-->",
    "<![CDATA[",
    "]]>",
    "<!doctype x>",
    "<?php ?>",
    "<",
    ">",
    "&lt;script&gt;",
    "&#60;script>",
    "\"",
    "'",
    "`",
    "``",
    "\n",
    "\n\n",
    "    ",
    "- ",
    "> ",
    "# ",
    "*",
    "**",
    "_",
    "[x](",
    ")",
    "[",
    "]",
    "![",
    "|",
    "---",
    "<textarea>",
    "</textarea>",
    "<title>",
    "</title>",
    "<noscript>",
    "</noscript>",
    "<template>",
    "<select><option>",
    "<iframe src=\"https://x.example/\">",
    "</iframe>",
    "<object data=x>",
    "<base href=//evil>",
    "<form action=x>",
    "<input onfocus=alert(1) autofocus>",
    "<a\nhref\n=\njavascript:x>",
    "<x-y>",
    "<IMG SRC=`javascript:x`>",
    "text",
    " ",
    "é",
    "\u{0}",
    ":::note",
    ":::",
    "{#id .c}",
    "<span id=x class=y>",
    "</span>",
    "<li>",
    "<ul>",
    "</ul>",
    "<dl><dt>",
    "<h2>",
    "</h2>",
    "=",
    "<a href=\"data:text/html,x\">",
    "<img srcset=x>",
    "<video src=x>",
    "<a title='<script>'>",
    "<a title=\"&quot;><script>\">",
];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_soup_of_html_can_run_script(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..14)) {
        let body = body(&pieces.concat());
        prop_assert_eq!(hazards(&body), Vec::<String>::new(), "{}", body);
    }

    #[test]
    fn a_sanitiser_finds_nothing_left_to_do(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..14)) {
        let body = body(&pieces.concat());
        prop_assert_eq!(sanitiser_changes(&body), None, "{}", body);
    }

    #[test]
    fn tags_nest_whatever_the_author_wrote(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..14)) {
        let body = body(&pieces.concat());
        prop_assert_eq!(misnested(&body), Vec::<String>::new(), "{}", body);
    }

    #[test]
    fn any_text_becomes_a_page(text in "\\PC{0,200}") {
        let body = body(&text);
        prop_assert_eq!(hazards(&body), Vec::<String>::new(), "{}", body);
    }
}
