//! The preview's server over raw connections: names, targets, headers, events, limits.
//!
//! Owns requests as no browser would send them. Builds nothing: the site is put into memory by hand.

#![expect(clippy::disallowed_methods, reason = "a test of effects")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use opsbook::memo::Digest;
use opsbook::metadata::ImageFormat;
use opsbook::output::{Body, Lazy, MediaOfFile, Original, Output, Sink, UnlistedFolder};
use opsbook::serve::{Port, Reach, Server, SiteFiles, Store};

const CANARY: &str = "bcd7fgh2jkm9npq4rtv8wxz3";

struct Scene {
    folder: tempfile::TempDir,
    store: Arc<Store>,
    server: Server,
}

#[derive(Clone)]
struct Answer {
    status: u16,
    head: String,
    body: String,
}

impl Answer {
    fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.filter(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value).next()
    }
}

impl Scene {
    fn new() -> Scene {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("book");
        std::fs::create_dir_all(root.join("content")).unwrap();
        std::fs::write(root.join("content/a.png"), "picture").unwrap();
        std::fs::write(root.join("content/draft.md"), CANARY).unwrap();
        std::fs::write(folder.path().join("secret"), CANARY).unwrap();
        let store = Arc::new(Store::new(&root).unwrap());
        let scene = Scene {
            server: Server::bind(Port::Exactly(0), &Reach::Machine, Arc::clone(&store)).unwrap(),
            folder,
            store,
        };
        scene.show("one");
        scene
    }

    fn show(&self, text: &str) {
        let files = SiteFiles::default();
        let root = self.folder.path().canonicalize().unwrap();
        let page = |path: &str| files.put(Output::text(path, format!("<p>{text}</p>"))).unwrap();
        ["index.html", "a/b/index.html", "über uns/index.html", "404.html", "a/b.md"]
            .into_iter()
            .for_each(page);
        let asset = |path: &str, from: &Path| {
            let body = Body::File(Original {
                location: from.to_owned(),
                format: None,
                digest: judged(from),
                media: MediaOfFile::ByName,
            });
            files.put(Output::new(path, body)).unwrap();
        };
        asset("a/a.png", &root.join("book/content/a.png"));
        asset("a/stolen.png", &root.join("secret"));
        self.store.show(files, r#"{"errors":0,"problems":[]}"#);
    }

    fn host(&self) -> String {
        format!("127.0.0.1:{}", self.server.port())
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(("127.0.0.1", self.server.port())).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        stream
    }

    fn send(&self, head: &str) -> Answer {
        let mut stream = self.connect();
        stream.write_all(head.as_bytes()).unwrap();
        let mut bytes = Vec::new();
        // A server that has refused may close before everything was read.
        let _ = stream.read_to_end(&mut bytes);
        let text = String::from_utf8_lossy(&bytes);
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let status = head.get(9..12).and_then(|status| status.parse().ok()).unwrap_or(0);
        Answer { status, head: head.to_ascii_lowercase(), body: body.to_owned() }
    }

    fn get(&self, target: &str) -> Answer {
        self.ask("GET", target, &format!("Host: {}\r\n", self.host()))
    }

    fn ask(&self, method: &str, target: &str, headers: &str) -> Answer {
        self.send(&format!("{method} {target} HTTP/1.1\r\n{headers}Connection: close\r\n\r\n"))
    }
}

/// Reads one event of a stream: its name and its data.
fn event(stream: &mut impl BufRead) -> (String, String) {
    let (mut name, mut data) = (String::new(), String::new());
    loop {
        let mut line = String::new();
        assert!(stream.read_line(&mut line).unwrap() > 0, "the stream has ended");
        match line.trim_end().split_once(": ") {
            Some(("event", text)) => name = text.to_owned(),
            Some(("data", text)) => data = text.to_owned(),
            _ if line.trim_end().is_empty() && !name.is_empty() => return (name, data),
            _ => {}
        }
    }
}

/// The digest of a file as it is now.
fn judged(file: &Path) -> Digest {
    let bytes = std::fs::read(file).unwrap_or_default();
    Digest::of_stream(blake3::Hasher::new().update(&bytes))
}

fn subscribe(scene: &Scene) -> BufReader<TcpStream> {
    let mut stream = scene.connect();
    write!(stream, "GET /_opsbook/events HTTP/1.1\r\nHost: {}\r\n\r\n", scene.host()).unwrap();
    BufReader::new(stream)
}

#[test]
fn pictures_are_shown_as_they_would_be_published() {
    let scene = Scene::new();
    let (files, root) = (SiteFiles::default(), scene.folder.path().canonicalize().unwrap());
    for (name, text) in
        [("a.svg", format!("<svg><!-- {CANARY} --></svg>")), ("b.svg", format!("<svg>{CANARY}"))]
    {
        std::fs::write(root.join("book/content").join(name), text).unwrap();
        let (location, format) = (root.join("book/content").join(name), Some(ImageFormat::Svg));
        let digest = Digest::from_parts(&[b"<svg></svg>"]);
        let body = Body::File(Original { location, format, digest, media: MediaOfFile::ByName });
        files.put(Output::new(name, body)).unwrap();
    }
    scene.store.show(files, "{}");
    assert_eq!(scene.get("/a.svg").body, "<svg></svg>");
    let broken = scene.get("/b.svg");
    assert_eq!((broken.status, broken.body.contains(CANARY)), (404, false));
}

#[test]
fn pages_and_assets_come_with_their_types() {
    let scene = Scene::new();
    for (target, status, media) in [
        ("/", 200, "text/html; charset=utf-8"),
        ("/a/b/", 200, "text/html; charset=utf-8"),
        ("/a/b/?q=1", 200, "text/html; charset=utf-8"),
        ("/a/b/index.html", 200, "text/html; charset=utf-8"),
        ("/%C3%BCber%20uns/", 200, "text/html; charset=utf-8"),
        ("/a/b.md", 200, "text/markdown; charset=utf-8"),
        ("/a/a.png", 200, "image/png"),
        ("/_opsbook/reload.js", 200, "text/javascript; charset=utf-8"),
        ("/_opsbook/overlay.css", 200, "text/css; charset=utf-8"),
        ("/_opsbook/problems.json", 200, "application/json"),
        ("/absent", 404, "text/html; charset=utf-8"),
        ("/_opsbook/other", 404, "text/html; charset=utf-8"),
    ] {
        let answer = scene.get(target);
        assert_eq!(answer.status, status, "{target}");
        assert!(answer.head.contains(&format!("content-type: {media}\r\n")), "{target}: {}", answer.head);
    }
    assert_eq!(scene.get("/a/a.png").body, "picture");
    assert_eq!(scene.get("/absent").body, "<p>one</p>", "the handbook's own page");
}

#[test]
fn a_page_without_its_slash_leads_to_it() {
    let scene = Scene::new();
    for (target, location) in [("/a/b", "/a/b/"), ("/%C3%BCber%20uns", "/%c3%bcber%20uns/")] {
        let answer = scene.get(target);
        assert_eq!(answer.status, 307, "{target}");
        assert!(answer.head.contains(&format!("location: {location}\r\n")), "{}", answer.head);
    }
}

#[test]
fn every_answer_carries_the_protecting_headers_and_none_that_opens() {
    let scene = Scene::new();
    let host = format!("Host: {}\r\n", scene.host());
    let mut answers =
        ["/", "/a/b", "/absent", "/a/a.png", "/_opsbook/reload.js"].map(|t| scene.get(t)).to_vec();
    answers.push(scene.ask("POST", "/", &host));
    answers.push(scene.ask("OPTIONS", "/", &format!("{host}Origin: http://{}\r\n", scene.host())));
    answers.push(scene.ask("GET", "/", "Host: evil\r\n"));
    for answer in answers {
        for header in [
            "cache-control: no-store",
            "content-security-policy: default-src 'none'; script-src 'self'; style-src 'self' 'sha256-trple0fid/8poufv6v9r/xdy/h8mvnjiqv0m0szsbi8=' \
             'sha256-fqjs+egx5uvxaviw0ucrgkxcpysigcv8uqakucdc81m='; img-src 'self'; \
             font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'; frame-ancestors 'none'",
            "x-content-type-options: nosniff",
            "x-frame-options: deny",
            "referrer-policy: no-referrer",
            "cross-origin-resource-policy: same-origin",
        ] {
            assert_eq!(answer.head.matches(&format!("{header}\r\n")).count(), 1, "{header}\n{}", answer.head);
        }
        assert!(!answer.head.contains("access-control"), "{}", answer.head);
    }
}

#[test]
fn only_reading_is_answered() {
    let scene = Scene::new();
    let host = format!("Host: {}\r\n", scene.host());
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "PROPFIND"] {
        let answer = scene.ask(method, "/", &host);
        assert_eq!(answer.status, 405, "{method}");
        assert!(answer.head.contains("allow: get, head\r\n"));
    }
    let head = scene.ask("HEAD", "/", &host);
    assert_eq!((head.status, head.body.as_str()), (200, ""));
}

#[test]
fn a_request_under_a_foreign_name_is_refused() {
    let scene = Scene::new();
    let port = scene.server.port();
    for host in [format!("localhost:{port}"), format!("127.0.0.1:{port}"), format!("[::1]:{port}")] {
        assert_eq!(scene.ask("GET", "/", &format!("Host: {host}\r\n")).status, 200, "{host}");
    }
    let hostile = [
        "Host: localhost\r\n".to_owned(),
        format!("Host: evil.test:{port}\r\n"),
        format!("Host: localhost.evil.test:{port}\r\n"),
        format!("Host: 127.0.0.1.nip.io:{port}\r\n"),
        format!("Host: 0.0.0.0:{port}\r\n"),
        format!("Host: 2130706433:{port}\r\n"),
        format!("Host: [::ffff:127.0.0.1]:{port}\r\n"),
        format!("Host: user@localhost:{port}\r\n"),
        format!("Host: localhost.:{port}\r\n"),
        format!("Host: localhost:{port}\r\nHost: localhost:{port}\r\n"),
        format!("Host: localhost:{port}\r\nHost: evil.test\r\n"),
        "Host:\r\n".to_owned(),
        String::new(),
    ];
    for headers in hostile {
        for target in ["/", "/_opsbook/events", "/_opsbook/problems.json"] {
            let answer = scene.ask("GET", target, &headers);
            assert!([400, 403].contains(&answer.status), "{headers:?}: {}", answer.status);
            assert!(!answer.body.contains("one"));
        }
    }
}

#[test]
fn no_target_reaches_anything_but_the_site() {
    let scene = Scene::new();
    let mut targets = vec!["/a/stolen.png".to_owned(), "//secret".to_owned(), "/content/draft.md".to_owned()];
    let steps =
        ["../", "..\\", "%2e%2e/", "%2e%2e%2f", "%252e%252e%252f", "..%c0%af", "..%00/", ".%2e/", "..;/"];
    for step in steps {
        for depth in 1..=12 {
            for name in ["secret", "book/content/draft.md", "etc/passwd"] {
                targets.push(format!("/{}{name}", step.repeat(depth)));
                targets.push(format!("/a/b/{}{name}", step.repeat(depth)));
            }
        }
    }
    let place = scene.folder.path().display().to_string();
    let odd = [
        format!("{place}/secret"),
        format!("/{place}/secret"),
        format!("file://{place}/secret"),
        format!("http://127.0.0.1/{place}/secret"),
        "*".to_owned(),
        "/.git/config".to_owned(),
        "/.env".to_owned(),
        "/C:/secret".to_owned(),
        "/\\\\?\\secret".to_owned(),
        "secret".to_owned(),
        "evil:443".to_owned(),
        "/%00".to_owned(),
        "/%ff".to_owned(),
        "/%".to_owned(),
    ];
    targets.extend(odd);
    assert!(targets.len() > 300);
    assert_eq!(scene.get("/#/../secret").body, "<p>one</p>", "a fragment is no part of a target");
    for target in &targets {
        for method in ["GET", "HEAD"] {
            let answer = scene.ask(method, target, &format!("Host: {}\r\n", scene.host()));
            assert!([400, 403, 404].contains(&answer.status), "{method} {target}: {}", answer.status);
            assert!(!answer.body.contains(CANARY) && !answer.body.contains("root:"), "{target}");
        }
    }
}

#[test]
fn an_asset_that_became_a_link_to_the_outside_is_not_served() {
    let scene = Scene::new();
    let (root, asset) = (scene.folder.path(), scene.folder.path().join("book/content/a.png"));
    std::fs::remove_file(&asset).unwrap();
    std::os::unix::fs::symlink(root.join("secret"), &asset).unwrap();
    let answer = scene.get("/a/a.png");
    assert_eq!(answer.status, 404);
    assert!(!answer.body.contains(CANARY));
}

#[test]
fn foreign_sites_get_no_events() {
    let scene = Scene::new();
    let own = format!("Host: {}\r\n", scene.host());
    for header in [
        "Origin: http://evil.test",
        "Origin: null",
        "Origin: http://127.0.0.1",
        "Origin: https://localhost",
        "Sec-Fetch-Site: cross-site",
        "Sec-Fetch-Site: same-site",
        "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document",
    ] {
        let answer = scene.ask("GET", "/_opsbook/events", &format!("{own}{header}\r\n"));
        assert_eq!(answer.status, 403, "{header}");
    }
}

#[test]
fn a_save_is_told_once_and_after_the_site_was_exchanged() {
    let scene = Scene::new();
    let mut stream = subscribe(&scene);
    let (name, first) = event(&mut stream);
    assert_eq!(name, "reload");
    let state = format!("server-timing: opsbook;desc=\"{first}\"\r\n");
    assert!(scene.get("/").head.contains(&state), "the page knows its state");
    assert_eq!(event(&mut stream).0, "problems");

    scene.show("two");
    let (name, second) = event(&mut stream);
    assert_eq!(
        (name.as_str(), second.parse::<u64>().unwrap()),
        ("reload", first.parse::<u64>().unwrap() + 1)
    );
    assert_eq!(scene.get("/").body, "<p>two</p>");

    scene.store.report(r#"{"errors":1,"problems":[{"message":"x"}]}"#);
    assert_eq!(event(&mut stream).0, "problems", "nothing lay between the two");
    assert_eq!(scene.get("/").body, "<p>two</p>", "the last good site stays");
    assert!(scene.get("/_opsbook/problems.json").body.contains(r#""message":"x""#));
}

#[test]
fn the_stream_lives_longer_than_a_silent_connection() {
    let scene = Scene::new();
    let mut stream = subscribe(&scene);
    event(&mut stream);
    event(&mut stream);
    let mut silent = scene.connect();
    silent.write_all(b"GET / HTTP/1.1\r\nHost: ").unwrap();
    let start = Instant::now();
    let mut rest = Vec::new();
    let _ = silent.read_to_end(&mut rest);
    assert!(start.elapsed() < Duration::from_secs(15), "the silent connection was closed");
    scene.show("two");
    assert_eq!(event(&mut stream).0, "reload");
}

#[test]
fn bad_requests_and_idle_connections_do_not_stop_the_server() {
    let scene = Scene::new();
    let _idle: Vec<TcpStream> = (0..100).map(|_| scene.connect()).collect();
    let long = format!("GET / HTTP/1.1\r\nHost: {}\r\nX: {}\r\n\r\n", scene.host(), "x".repeat(1 << 20));
    for _ in 0..20 {
        assert_ne!(scene.send(&long).status, 200);
    }
    for _ in 0..200 {
        scene.send("\0\u{1}\u{2}\r\n\r\n");
        scene.send("GET / HTTP/9.9\r\n\r\n");
    }
    assert_eq!(scene.get("/").status, 200);
}

#[test]
fn what_is_made_on_demand_is_made_at_the_first_request_and_never_before() {
    let scene = Scene::new();
    let made = Arc::new(AtomicUsize::new(0));
    let files = SiteFiles::default();
    let count = Arc::clone(&made);
    files
        .put(Output::later("llms.txt", move || format!("text {}", count.fetch_add(1, Ordering::Relaxed))))
        .unwrap();
    let count = Arc::clone(&made);
    let folder = Lazy::new(move || {
        count.fetch_add(10, Ordering::Relaxed);
        vec![Output::text("search/words-1f3a.json", "{}")]
    });
    files.put_folder(UnlistedFolder { path: "search/".to_owned(), files: folder }).unwrap();
    scene.store.show(files, "{}");
    assert_eq!((scene.get("/nothing").status, made.load(Ordering::Relaxed)), (404, 0));
    assert_eq!(
        (scene.get("/llms.txt").body.as_str(), scene.get("/llms.txt").body.as_str()),
        ("text 0", "text 0")
    );
    assert_eq!(
        (scene.get("/search/words-1f3a.json").status, scene.get("/search/words-0000.json").status),
        (200, 404)
    );
    assert_eq!(made.load(Ordering::Relaxed), 11);
}

#[test]
fn a_defect_in_one_answer_is_an_answer_and_the_next_one_is_right() {
    let scene = Scene::new();
    let files = SiteFiles::default();
    files.put(Output::later("llms.txt", || -> String { panic!("a defect, as this test wants it") })).unwrap();
    files.put(Output::text("index.html", "<p>one</p>")).unwrap();
    scene.store.show(files, "{}");
    for _ in 0..2 {
        assert_eq!(scene.get("/llms.txt").status, 500);
        assert_eq!(scene.get("/").status, 200);
    }
}

#[test]
fn pictures_are_those_of_the_folder_that_has_the_name_now() {
    let scene = Scene::new();
    assert_eq!(scene.get("/a/a.png").body, "picture");
    let folder = scene.folder.path();
    std::fs::rename(folder.join("book"), folder.join("away")).unwrap();
    assert_eq!(scene.get("/a/a.png").status, 404);
    std::fs::create_dir_all(folder.join("book/content")).unwrap();
    std::fs::write(folder.join("book/content/a.png"), "picture").unwrap();
    assert_eq!(scene.get("/a/a.png").body, "picture");
    // No one has judged another one before it was loaded.
    std::fs::write(folder.join("book/content/a.png"), "another").unwrap();
    assert_eq!(scene.get("/a/a.png").status, 404);
}

#[test]
fn a_question_is_kept_on_the_way_to_a_page() {
    let answer = Scene::new().get("/a/b?q=disk%20full&x");
    assert_eq!(answer.status, 307);
    assert!(answer.head.contains("location: /a/b/?q=disk%20full&x\r\n"), "{}", answer.head);
}

#[test]
fn other_machines_see_a_shared_preview_with_its_token_only() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("book");
    std::fs::create_dir_all(root.join("content")).unwrap();
    let store = Arc::new(Store::new(&root).unwrap());
    let reach = Reach::Network { address: [127, 0, 0, 1].into(), names: vec!["desk.example".to_owned()] };
    let server = Server::bind(Port::Exactly(0), &reach, Arc::clone(&store)).unwrap();
    let entrance = server.entrance();
    let scene = Scene { server, folder, store };
    let host = "Host: desk.example\r\n";
    for target in ["/", "/index.html", "/_opsbook/events", "/_opsbook/problems.json", "/?token=0"] {
        let answer = scene.ask("GET", target, host);
        assert_eq!((answer.status, answer.header("set-cookie")), (403, None), "{target}");
    }
    let answer = scene.ask("GET", &format!("/a/{entrance}"), host);
    assert_eq!((answer.status, answer.header("location")), (303, Some("/a/")));
    let cookie = answer.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
    let with = |host: &str| {
        scene.ask("GET", "/_opsbook/reload.js", &format!("Host: {host}\r\nCookie: {cookie}\r\n"))
    };
    assert_eq!(with("desk.example").status, 200);
    assert_eq!(with("evil.example").status, 403);
}
