//! `opsbook check --external` with a server on this machine: what is asked, what is sent, what the answers mean, and what is
//! known without a network.
//!
//! Owns the command as people call it. Which hosts are private is in `src/external/link_policy.rs`.
#![expect(clippy::disallowed_methods, reason = "writes handbooks")]

use std::fs;
use std::path::Path;
use std::time::Duration;

use tempfile::TempDir;

use crate::support::program::{Run, command};
use crate::support::web_server::{WebReply, WebServer};

/// Short times; the server is in a private network.
const SETTINGS: &str = "[external]\nprivate = true\npause = 0\ntimeout = 1\nretries = 1\n";

struct Fixture {
    root: TempDir,
}

impl Fixture {
    fn new(settings: &str) -> Fixture {
        let fixture = Fixture { root: TempDir::new().unwrap() };
        fixture.write("book.toml", settings);
        fixture
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.root.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.root.path().join(name)).unwrap()
    }

    fn check(&self, options: &[&str]) -> Run {
        check(self.root.path(), options)
    }
}

/// Runs `check --format short` without the proxy of this machine.
pub fn check(root: &Path, options: &[&str]) -> Run {
    let mut command = command(root, &["check", "--format", "short", "--today", "2026-11-21"]);
    for name in ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"] {
        command.env_remove(name);
    }
    let output = command.args(options).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Run { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
}

fn lines(run: &Run, server: &WebServer) -> Vec<String> {
    run.out.lines().map(|line| line.replace(&server.url(""), "SERVER")).collect()
}

fn strange_server() -> WebServer {
    WebServer::start(|line, before| match line {
        "HEAD /chain/1" => WebReply::With(301, "location: /chain/2".to_owned()),
        "HEAD /chain/2" => WebReply::With(308, "location: /chain/3#part".to_owned()),
        "HEAD /slash" => WebReply::With(301, "location: /slash/".to_owned()),
        "HEAD /found" => WebReply::With(302, "location: /good".to_owned()),
        "HEAD /lost" => WebReply::With(302, "location: /gone".to_owned()),
        "HEAD /circle" => WebReply::With(302, "location: /circle/2".to_owned()),
        "HEAD /circle/2" => WebReply::With(302, "location: /circle".to_owned()),
        "HEAD /nowhere" => WebReply::With(301, "location: http://[".to_owned()),
        "HEAD /endless" => WebReply::With(302, "location: /endless/a".to_owned()),
        line if line.starts_with("HEAD /endless") => {
            WebReply::With(302, format!("location: {}a", &line["HEAD ".len()..]))
        }
        "HEAD /gone" | "GET /gone" => WebReply::Status(404),
        "HEAD /no-head" => WebReply::Status(405),
        "HEAD /wrong-head" => WebReply::Status(404),
        "HEAD /login" | "GET /login" => WebReply::Status(401),
        "HEAD /busy" if before == 0 => WebReply::With(429, "retry-after: 1".to_owned()),
        "HEAD /very-busy" => WebReply::With(503, "retry-after: 86400".to_owned()),
        "HEAD /failed" | "GET /failed" => WebReply::Status(500),
        "HEAD /closed" | "GET /closed" => WebReply::Close,
        "HEAD /closed-head" => WebReply::Close,
        "HEAD /late" | "GET /late" => WebReply::Late(Duration::from_secs(3)),
        _ => WebReply::Status(200),
    })
}

#[test]
fn the_answer_to_each_link_is_reported_where_the_link_is() {
    let server = strange_server();
    let fixture = Fixture::new(SETTINGS);
    let names = [
        "good",
        "chain/1#part",
        "chain/1",
        "slash",
        "found",
        "lost",
        "circle",
        "nowhere",
        "endless",
        "gone#x",
        "no-head",
        "wrong-head",
        "login",
        "busy",
        "very-busy",
        "failed",
    ];
    let links: Vec<String> =
        names.iter().map(|name| format!("[x]({})\n", server.url(&format!("/{name}")))).collect();
    fixture.write("content/page.md", &format!("# Page\n\n{}", links.concat()));
    let run = fixture.check(&["--external"]);
    assert_eq!(
        lines(&run, &server),
        [
            "content/page.md:4:5: warning[external.moved]: `SERVER/chain/1#part` has moved for good; write `SERVER/chain/3#part`",
            "content/page.md:5:5: warning[external.moved]: `SERVER/chain/1` has moved for good; write `SERVER/chain/3#part`",
            "content/page.md:6:5: warning[external.moved]: `SERVER/slash` has moved for good; write `SERVER/slash/`",
            "content/page.md:8:5: warning[external.dead]: `SERVER/lost` answers with 404 Not Found; link where the page is now, or a copy in a web archive, or take the link out",
            "content/page.md:9:5: warning[external.dead]: `SERVER/circle` redirects in a circle; link where the page is now, or a copy in a web archive, or take the link out",
            "content/page.md:10:5: warning[external.dead]: `SERVER/nowhere` redirects to something that is not an address; link where the page is now, or a copy in a web archive, or take the link out",
            "content/page.md:11:5: warning[external.dead]: `SERVER/endless` redirects more than ten times; link where the page is now, or a copy in a web archive, or take the link out",
            "content/page.md:12:5: warning[external.dead]: `SERVER/gone#x` answers with 404 Not Found; link where the page is now, or a copy in a web archive, or take the link out",
            "content/page.md:17:5: warning[external.unreachable]: `SERVER/very-busy` cannot be checked: its host answers with 503 Service Unavailable; check it again later; if programs may not ask this host, name it in `exclude` of `[external]`",
            "content/page.md:18:5: warning[external.unreachable]: `SERVER/failed` cannot be checked: its host answers with 500 Internal Server Error; check it again later; if programs may not ask this host, name it in `exclude` of `[external]`",
        ]
    );
    assert_eq!(run.code, 0);
    assert_eq!(fixture.check(&["--external", "--deny-warnings"]).code, 1);
    let requests = server.requests();
    let busy: Vec<_> = requests.iter().filter(|request| request.line == "HEAD /busy").collect();
    assert!(busy.len() >= 2 && busy[1].at - busy[0].at >= Duration::from_millis(900), "{busy:?}");
    assert!(requests.iter().all(|request| !request.line.contains('#')));
    for request in &requests {
        let names: Vec<&str> =
            request.headers.iter().map(|header| header.split(':').next().unwrap()).collect();
        assert_eq!(names, ["accept", "host", "user-agent"], "{request:?}");
    }
}

#[test]
fn a_host_that_is_silent_is_not_called_dead_and_is_given_up() {
    let server = strange_server();
    let fixture = Fixture::new(SETTINGS);
    let late: String =
        (0..20).map(|number| format!("<{}>\n", server.url(&format!("/late?{number}")))).collect();
    let page = format!("# Page\n\n<{}>\n<{}>\n", server.url("/closed-head"), server.url("/closed"));
    fixture.write("content/page.md", &page);
    let run = fixture.check(&["--external"]);
    let found = lines(&run, &server);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("content/page.md:4:2: warning[external.unreachable]: `SERVER/closed` cannot be checked: there is no connection"), "{found:?}");
    let silent = WebServer::start(|_, _| WebReply::Late(Duration::from_secs(30)));
    let late = late.replace(&server.url(""), &silent.url(""));
    fixture.write("content/page.md", &format!("# Page\n\n<{}>\n\n{late}", server.url("/good")));
    let run = fixture.check(&["--external"]);
    // Some requests are on their way when the server is given up. The other server is asked nevertheless.
    assert!(silent.requests().len() <= 6, "{}", silent.requests().len());
    assert_eq!(
        run.out.lines().filter(|line| line.contains("does not answer within 1 s")).count(),
        20,
        "{}",
        run.out
    );
}

#[test]
fn answers_are_kept_and_count_without_a_network() {
    let fixture = Fixture::new(SETTINGS);
    let server = strange_server();
    let page = format!(
        "# Page\n\n<{}>\n<{}>\n<{}>\n",
        server.url("/good"),
        server.url("/gone"),
        server.url("/slash")
    );
    fixture.write("content/page.md", &page);
    let first = fixture.check(&["--external"]);
    assert_eq!(first.out.lines().count(), 2, "{}", first.out);
    assert!(first.err.contains("web links: 3 asked\n"), "{}", first.err);
    server.forget();
    let second = fixture.check(&["--external"]);
    assert_eq!(second.out, first.out);
    assert!(second.err.contains("web links: 1 asked; 2 known from an earlier run\n"), "{}", second.err);
    assert_eq!(server.lines(), ["GET /gone", "HEAD /gone"]);
    fixture.write("book.toml", &format!("{SETTINGS}max_age = 0\n"));
    drop(server);
    let offline = fixture.check(&["--external"]);
    assert_eq!(offline.out, first.out);
    assert!(offline.err.contains("the network seems to be down"), "{}", offline.err);
    // A damaged cache is as if there were none; then nothing is known.
    fixture.write(".opsbook/web-links.cache", "opsbook-weblnk1\nnonsense");
    let nothing = fixture.check(&["--external"]);
    assert_eq!((nothing.out.as_str(), nothing.code), ("", 0));
}

#[test]
fn nothing_hidden_and_no_secret_is_sent() {
    let server = strange_server();
    let url = |name: &str| server.url(&format!("/{name}"));
    let fixture = Fixture::new(&format!("[visibility]\ndefault = \"public\"\n{SETTINGS}"));
    fixture.write(
        "content/page.md",
        &format!(
            "# Page\n\n[a]({})\n\n:::internal\n[b]({})\n:::\n\n[c]({}){{.internal}}\n\n[d][label]\n\n[label]: {}\n\n[p](http://ops:pw@{})\n[q]({}?token=abc)\n",
            url("open"), url("hidden-block"), url("hidden-words"), url("definition"),
            &url("password")["http://".len()..], url("token"),
        ),
    );
    fixture.write(
        "content/inside.md",
        &format!("---\nvisibility: internal\n---\n# Inside\n\n[a]({})\n", url("hidden-page")),
    );
    fixture.write("content/draft.md", &format!("---\ndraft: true\n---\n# Draft\n\n[a]({})\n", url("draft")));
    fixture.write("content/_part.md", &format!("[a]({})\n", url("partial")));
    let run = fixture.check(&["--external"]);
    let asked = server.lines();
    assert_eq!(
        asked,
        ["HEAD /definition", "HEAD /draft", "HEAD /open", "HEAD /partial"],
        "{}{}",
        run.out,
        run.err
    );
    assert!(
        run.err.contains("not asked: 3 that not everyone may see, 2 with a password or a token"),
        "{}",
        run.err
    );
    server.forget();
    fixture.write(
        "book.toml",
        &format!(
            "[visibility]\ndefault = \"public\"\n{SETTINGS}audience = \"internal\"\ncredentials = true\n"
        ),
    );
    fixture.check(&["--external"]);
    assert_eq!(
        server.lines(),
        [
            "HEAD /hidden-block",
            "HEAD /hidden-page",
            "HEAD /hidden-words",
            "HEAD /password",
            "HEAD /token?token=abc"
        ]
    );
}

#[test]
fn no_host_is_asked_without_the_option_and_no_private_one_without_the_setting() {
    let server = strange_server();
    let fixture = Fixture::new("");
    fixture.write(
        "content/page.md",
        &format!("# Page\n\n<{}>\n<https://www.example.com/>\n", server.url("/gone")),
    );
    let private = fixture.check(&["--external"]);
    assert_eq!(private.out, "");
    assert!(
        private.err.contains("web links: 0 asked; not asked: 2 private or for documentation\n"),
        "{}",
        private.err
    );
    fixture.write("book.toml", SETTINGS);
    assert_eq!(fixture.check(&[]).out, "");
    let built = command(fixture.root.path(), &["build"]).output().unwrap();
    assert!(built.status.success());
    assert_eq!(server.lines(), Vec::<String>::new());
    fixture
        .write("book.toml", &format!("{SETTINGS}exclude = [\"127.0.0.1:*/gone\", \"www.example.com/*\"]\n"));
    assert!(fixture.check(&["--external"]).err.contains("not asked: 2 excluded"));
    assert_eq!(server.lines(), Vec::<String>::new());
}

#[test]
fn a_fix_writes_only_the_same_page() {
    let server = strange_server();
    let fixture = Fixture::new(SETTINGS);
    let page = |slash: &str| {
        format!(
            "# Page\n\n[a]({}#b) <{}> [c]({})\n",
            server.url(slash),
            server.url(slash),
            server.url("/chain/1")
        )
    };
    fixture.write("content/page.md", &page("/slash"));
    let run = fixture.check(&["--external", "--fix", "--yes"]);
    assert_eq!(fixture.read("content/page.md"), page("/slash/"));
    assert!(run.err.contains("2 fixes in 1 file"), "{}", run.err);
    assert_eq!(run.out.lines().count(), 1, "{}", run.out);
    assert!(run.out.contains("/chain/1` has moved for good"), "{}", run.out);
}
