//! The language server as editors talk to it: the real program on a pair of pipes.
//!
//! Owns a small client of the protocol, and what an editor can rely on: positions, versions, order, errors.
#![expect(clippy::disallowed_methods, reason = "runs the program, and writes handbooks that it reads")]

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::program;

/// How long an answer may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// A client with a server of its own.
struct Client {
    child: Child,
    input: Option<ChildStdin>,
    inbox: Receiver<Value>,
    next: i64,
    /// The last problems of each file, by its name from the root of the handbook.
    problems: BTreeMap<String, Value>,
    messages: Vec<String>,
    root: PathBuf,
}

impl Client {
    /// Starts a server in a folder.
    fn start(root: &Path, arguments: &[&str]) -> Client {
        let all: Vec<&str> = [&["lsp"], arguments].concat();
        let mut command = program::command(root, &all);
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let (sender, inbox) = mpsc::channel();
        std::thread::spawn(move || {
            while let Some(message) = read(&mut output) {
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
        let input = child.stdin.take();
        let root = root.to_owned();
        Client { child, input, inbox, next: 0, problems: BTreeMap::new(), messages: Vec::new(), root }
    }

    /// Starts a server and says hello with these encodings.
    fn ready(root: &Path, encodings: &[&str]) -> Client {
        let mut client = Client::start(root, &[]);
        let result = client.initialize(encodings);
        assert_eq!(result["serverInfo"]["name"], "opsbook");
        client
    }

    fn initialize(&mut self, encodings: &[&str]) -> Value {
        let params = json!({
            "processId": null, "rootUri": uri(&self.root),
            "capabilities": { "general": { "positionEncodings": encodings } },
        });
        let result = self.request("initialize", params);
        self.notify("initialized", json!({}));
        result
    }

    fn send_raw(&mut self, text: &str) {
        self.input.as_mut().unwrap().write_all(text.as_bytes()).unwrap();
    }

    fn send(&mut self, message: &Value) {
        let body = message.to_string();
        self.send_raw(&format!("Content-Length: {}\r\n\r\n{body}", body.len()));
    }

    fn notify(&mut self, method: &str, params: Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    fn ask(&mut self, method: &str, params: Value) -> i64 {
        self.next += 1;
        self.send(&json!({ "jsonrpc": "2.0", "id": self.next, "method": method, "params": params }));
        self.next
    }

    /// The result of a request.
    #[track_caller]
    fn request(&mut self, method: &str, params: Value) -> Value {
        let id = self.ask(method, params);
        let answer = self.answer(json!(id));
        assert!(answer.get("error").is_none(), "{method}: {answer}");
        answer["result"].clone()
    }

    /// The code of the error that a request gets.
    #[track_caller]
    fn refused(&mut self, method: &str, params: Value) -> i64 {
        let id = self.ask(method, params);
        let answer = self.answer(json!(id));
        answer["error"]["code"].as_i64().unwrap_or_else(|| panic!("{method}: {answer}"))
    }

    #[track_caller]
    fn answer(&mut self, id: Value) -> Value {
        self.wait(|_, message| {
            let is_it = message.get("method").is_none() && message["id"] == id;
            is_it.then(|| message.clone())
        })
    }

    /// Reads messages until `seen` finds what it waits for.
    #[track_caller]
    fn wait<T>(&mut self, mut seen: impl FnMut(&Client, &Value) -> Option<T>) -> T {
        let latest = Instant::now() + PATIENCE;
        loop {
            let rest = latest.saturating_duration_since(Instant::now());
            let message = match self.inbox.recv_timeout(rest) {
                Ok(message) => message,
                Err(RecvTimeoutError::Timeout) => panic!("no answer; problems: {:#?}", self.problems),
                Err(RecvTimeoutError::Disconnected) => panic!("the server ended; said {:?}", self.messages),
            };
            if message["method"] == "textDocument/publishDiagnostics" {
                let name = message["params"]["uri"].as_str().unwrap();
                let root = uri(&self.root);
                let name = name.strip_prefix(&root).unwrap_or(name).trim_start_matches('/').to_owned();
                self.problems.insert(name, message["params"].clone());
            }
            if message["method"] == "window/showMessage" {
                self.messages.push(message["params"]["message"].as_str().unwrap().to_owned());
            }
            if let Some(found) = seen(self, &message) {
                return found;
            }
        }
    }

    /// Waits until a file has exactly these problems: `line:column-line:column rule`, counted from 0.
    #[track_caller]
    fn wait_for_problems(&mut self, file: &str, wanted: &[&str]) -> Value {
        if self.listed(file) == wanted && self.problems.contains_key(file) {
            return self.problems[file].clone();
        }
        let file = file.to_owned();
        self.wait(|client, _| {
            let is_there = client.listed(&file) == wanted && client.problems.contains_key(&file);
            is_there.then(|| client.problems[&file].clone())
        })
    }

    fn listed(&self, file: &str) -> Vec<String> {
        let Some(params) = self.problems.get(file) else { return Vec::new() };
        let line =
            |problem: &Value| format!("{} {}", place(&problem["range"]), problem["code"].as_str().unwrap());
        params["diagnostics"].as_array().unwrap().iter().map(line).collect()
    }

    fn open(&mut self, file: &str, text: &str) {
        let uri = uri(&self.root.join(file));
        let document = json!({ "uri": uri, "languageId": "markdown", "version": 1, "text": text });
        self.notify("textDocument/didOpen", json!({ "textDocument": document }));
    }

    /// Opens a file as it is on disk.
    fn open_saved(&mut self, file: &str) {
        let text = fs::read_to_string(self.root.join(file)).unwrap();
        self.open(file, &text);
    }

    fn change(&mut self, file: &str, version: i32, changes: Value) {
        let document = json!({ "uri": uri(&self.root.join(file)), "version": version });
        self.notify("textDocument/didChange", json!({ "textDocument": document, "contentChanges": changes }));
    }

    /// The params of a request about a position.
    fn at(&self, file: &str, line: u32, character: u32) -> Value {
        json!({
            "textDocument": { "uri": uri(&self.root.join(file)) },
            "position": { "line": line, "character": character },
        })
    }

    /// The labels of the completion at a position.
    #[track_caller]
    fn labels(&mut self, file: &str, line: u32, character: u32) -> Vec<String> {
        let found = self.request("textDocument/completion", self.at(file, line, character));
        let label = |item: &Value| item["label"].as_str().unwrap().to_owned();
        found["items"].as_array().unwrap().iter().map(label).collect()
    }

    /// Ends the session, and returns the exit code and what is on stderr.
    fn end(mut self) -> (i32, String) {
        self.request("shutdown", Value::Null);
        self.notify("exit", Value::Null);
        self.code()
    }

    fn code(mut self) -> (i32, String) {
        drop(self.input.take());
        let code = self.child.wait().unwrap().code().unwrap();
        let mut said = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        (code, said)
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        // A test that fails must not leave a server behind.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn read(output: &mut impl BufRead) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        output.read_line(&mut line).ok().filter(|read| *read > 0)?;
        match line.trim().split_once(": ") {
            Some((_, value)) => length = value.parse().ok()?,
            None => break,
        }
    }
    let mut body = vec![0; length];
    output.read_exact(&mut body).ok()?;
    Some(serde_json::from_slice(&body).expect("stdout holds messages of the protocol only"))
}

fn uri(path: &Path) -> String {
    format!("file://{}", path.display())
}

fn place(range: &Value) -> String {
    let position = |name: &str| format!("{}:{}", range[name]["line"], range[name]["character"]);
    format!("{}-{}", position("start"), position("end"))
}

/// A handbook on disk.
fn handbook(files: &[(&str, &str)]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().canonicalize().unwrap();
    for (file, text) in files {
        let path = root.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    (folder, root)
}

const BOOK: (&str, &str) = ("book.toml", "[book]\ntitle = \"Test\"\n");

#[test]
fn requests_of_the_language_server_come_in_the_order_of_the_protocol() {
    let (_folder, root) = handbook(&[BOOK, ("content/index.md", "# A\n")]);
    let mut client = Client::start(&root, &[]);
    assert_eq!(client.refused("textDocument/hover", client.at("content/index.md", 0, 0)), -32002);
    client.notify("textDocument/didOpen", json!({ "nonsense": true }));
    client.initialize(&["utf-16"]);
    assert_eq!(client.refused("initialize", json!({})), -32600);
    assert_eq!(client.refused("opsbook/unknown", json!({})), -32601);
    assert_eq!(client.refused("textDocument/hover", json!({ "position": 7 })), -32602);
    client.notify("textDocument/didChange", json!([1, 2]));
    client.notify("textDocument/didClose", json!({ "textDocument": { "uri": "file:///unknown.md" } }));
    client.notify("$/unknown", json!({}));
    client.send_raw("Content-Length: 9\r\n\r\n{nonsense");
    assert_eq!(client.answer(Value::Null)["error"]["code"], -32700);
    client.send_raw("Content-Length: 5\r\n\r\n[1,2]");
    assert_eq!(client.answer(Value::Null)["error"]["code"], -32600);
    // A document that was never opened, and one that is no file.
    assert_eq!(client.request("textDocument/hover", client.at("content/b.md", 0, 0)), Value::Null);
    let nowhere =
        json!({ "textDocument": { "uri": "untitled:1" }, "position": { "line": 0, "character": 0 } });
    assert_eq!(client.request("textDocument/hover", nowhere), Value::Null);
    assert_eq!(client.request("shutdown", Value::Null), Value::Null);
    assert_eq!(client.refused("textDocument/hover", client.at("content/index.md", 0, 0)), -32600);
    client.notify("exit", Value::Null);
    assert_eq!(client.code(), (0, String::new()));
}

#[test]
fn requests_that_wait_for_the_analysis_are_answered_before_the_shutdown() {
    let mut files = vec![BOOK];
    let pages: Vec<(String, String)> =
        (0..400).map(|number| (format!("content/{number}.md"), "# A\n\n[x](1.md)\n".repeat(20))).collect();
    files.extend(pages.iter().map(|(path, text)| (path.as_str(), text.as_str())));
    let (_folder, root) = handbook(&files);
    let mut client = Client::start(&root, &[]);
    client.initialize(&["utf-8"]);
    let hover = client.ask("textDocument/hover", client.at("content/1.md", 2, 5));
    let end = client.ask("shutdown", Value::Null);
    let first = client.wait(|_, message| message.get("method").is_none().then(|| message["id"].clone()));
    assert_eq!((first, client.answer(json!(end))["result"].clone()), (json!(hover), Value::Null));
}

#[test]
fn the_language_server_ends_with_its_client() {
    let (_folder, root) = handbook(&[BOOK, ("content/index.md", "# A\n")]);
    let mut client = Client::ready(&root, &[]);
    client.notify("exit", Value::Null);
    assert_eq!(client.code().0, 1);
    let (code, said) = Client::ready(&root, &[]).code();
    assert!(code == 1 && said.contains("without `shutdown`"), "{code} {said}");
    for nonsense in
        ["Content-Length: 99999999999999\r\n\r\n{}", "GET / HTTP/1.1\r\n\r\n", "Content-Length: 9\r\n\r\n{"]
    {
        let mut client = Client::ready(&root, &[]);
        client.send_raw(nonsense);
        let (code, said) = client.code();
        assert!(code == 2 && said.contains("lost each other") && !said.contains("panicked"), "{code} {said}");
    }
}

#[test]
fn outside_of_a_handbook_the_language_server_says_so() {
    let (_folder, root) = handbook(&[("a.md", "# A\n")]);
    let mut client = Client::ready(&root, &[]);
    client.open_saved("a.md");
    assert_eq!(client.request("textDocument/hover", client.at("a.md", 0, 0)), Value::Null);
    assert!(client.messages[0].contains("there is no `book.toml`"), "{:?}", client.messages);
    assert_eq!(client.end().0, 0);
    let (_folder, root) = handbook(&[("x/a.md", "# A\n")]);
    let client = Client::start(&root, &["--root", "x"]);
    let (code, said) = client.code();
    assert!(code == 2 && said.contains("there is no `book.toml`"), "{said}");
}

#[test]
fn a_handbook_within_the_folder_of_the_editor_is_found_by_its_document() {
    let (_folder, root) = handbook(&[
        ("docs/book.toml", BOOK.1),
        ("docs/content/index.md", "# A\n[x](#no)\n"),
        ("README.md", "x"),
    ]);
    let mut client = Client::ready(&root, &[]);
    client.open_saved("docs/content/index.md");
    client.wait_for_problems("docs/content/index.md", &["1:0-1:8 link.anchor"]);
    assert_eq!(client.end().0, 0);
}

#[test]
fn problems_follow_the_text_of_the_editor_in_either_encoding() {
    let text = "\u{feff}# A\r\n\r\n\t\u{1f600}\r\n\r\n\u{1f600}\u{e9} [x](b.md#no) \u{1f600} [y](c.md)\r\n";
    let (_folder, root) = handbook(&[BOOK, ("content/index.md", text), ("content/b.md", "# B\n\n## Yes\n")]);
    let wanted = [
        ("utf-8", ["4:7-4:19 link.anchor", "4:25-4:34 link.missing"]),
        ("utf-16", ["4:4-4:16 link.anchor", "4:20-4:29 link.missing"]),
    ];
    for (encoding, wanted) in wanted {
        let mut client = Client::ready(&root, &[encoding]);
        client.open_saved("content/index.md");
        let params = client.wait_for_problems("content/index.md", &wanted);
        assert_eq!(params["diagnostics"][0]["source"], "opsbook");
        // The file may be published before it is open, so the version is that of the client or none.
        assert!(params["version"] == 1 || params["version"].is_null(), "{params}");
        // The anchor is repaired in the page that has it, without a save.
        client.open_saved("content/b.md");
        let end = json!({ "line": 2, "character": 6 });
        client.change(
            "content/b.md",
            2,
            json!([{ "range": { "start": end, "end": end }, "text": "\n\n## No\n" }]),
        );
        client.wait_for_problems("content/index.md", &wanted[1..]);
        // A new first line moves the other problem.
        let start = json!({ "line": 0, "character": 0 });
        client.change(
            "content/index.md",
            7,
            json!([{ "range": { "start": start, "end": start }, "text": "\n" }]),
        );
        let moved = wanted[1].replace("4:", "5:");
        assert_eq!(client.wait_for_problems("content/index.md", &[moved.as_str()])["version"], 7);
        client.change("content/index.md", 8, json!([{ "text": "# A\n" }]));
        client.wait_for_problems("content/index.md", &[]);
        // A closed document is what is on disk.
        let document = json!({ "textDocument": { "uri": uri(&root.join("content/b.md")) } });
        client.notify("textDocument/didClose", document);
        let document = json!({ "textDocument": { "uri": uri(&root.join("content/index.md")) } });
        client.notify("textDocument/didClose", document);
        client.wait(|client, _| (client.listed("content/index.md").len() == 2).then_some(()));
        assert_eq!(client.end(), (0, String::new()));
    }
}

#[test]
fn the_language_server_reports_what_check_reports() {
    let (_folder, root) = handbook(&[
        ("book.toml", "[book]\ntitle = \"Test\"\n[visibility]\ndefault = \"public\"\n"),
        ("content/index.md", "---\nowner: A\n---\n# A\n\n[hidden](b.md)\n"),
        ("content/b.md", "---\nvisibility: internal\nowner: A\n---\n# B\n\n[x](#no)\n"),
    ]);
    let mut client = Client::ready(&root, &["utf-8"]);
    // One problem is for the default audience only, one for the highest only.
    client.wait_for_problems("content/index.md", &["5:0-5:14 link.hidden"]);
    client.wait_for_problems("content/b.md", &["6:0-6:8 link.anchor"]);
    // A save is seen without a report of the client.
    fs::write(root.join("content/index.md"), "---\nowner: A\n---\n# A\n").unwrap();
    client.wait_for_problems("content/index.md", &[]);
    assert_eq!(client.end(), (0, String::new()));
}

#[test]
fn broken_settings_are_a_message_and_no_end() {
    let (_folder, root) = handbook(&[BOOK, ("content/index.md", "# A\n[x](#no)\n")]);
    let mut client = Client::ready(&root, &[]);
    client.open_saved("content/index.md");
    client.wait_for_problems("content/index.md", &["1:0-1:8 link.anchor"]);
    // While it is typed.
    client.open_saved("book.toml");
    client.change("book.toml", 2, json!([{ "text": "[book\n" }]));
    client.wait(|client, _| {
        let listed = client.listed("book.toml");
        (listed.len() == 1 && listed[0].ends_with("config.invalid")).then_some(())
    });
    client.notify("textDocument/didSave", json!({ "textDocument": { "uri": uri(&root.join("book.toml")) } }));
    // On disk, and gone.
    fs::remove_file(root.join("book.toml")).unwrap();
    client.notify("textDocument/didSave", json!({ "textDocument": { "uri": uri(&root.join("book.toml")) } }));
    client.wait(|client, _| client.messages.iter().any(|said| said.contains("book.toml")).then_some(()));
    // Answers come from the last state.
    let links = client.request(
        "textDocument/documentSymbol",
        json!({ "textDocument": { "uri": uri(&root.join("content/index.md")) } }),
    );
    assert_eq!(links[0]["name"], "A");
    fs::write(root.join("book.toml"), BOOK.1).unwrap();
    client.change("book.toml", 3, json!([{ "text": BOOK.1 }]));
    client.notify("textDocument/didSave", json!({ "textDocument": { "uri": uri(&root.join("book.toml")) } }));
    client.wait_for_problems("book.toml", &[]);
    assert_eq!(client.end(), (0, String::new()));
}

#[test]
fn a_request_is_answered_although_the_handbook_cannot_be_read() {
    let broken = ("book.toml", "[book]\ntitle = \"Test\"\n[paths]\ncontent = \"nowhere\"\n");
    let (_folder, root) = handbook(&[broken, ("content/index.md", "# A\n")]);
    let mut client = Client::start(&root, &[]);
    // This client reports changes of files, so the server does not look at them by itself.
    let watches = json!({ "didChangeWatchedFiles": { "dynamicRegistration": true } });
    let params =
        json!({ "processId": null, "rootUri": uri(&root), "capabilities": { "workspace": watches } });
    client.request("initialize", params);
    client.notify("initialized", json!({}));
    client.open_saved("content/index.md");
    client.wait(|client, _| client.messages.iter().any(|said| said.contains("nowhere")).then_some(()));
    // The first request may come before the second failure, that of the opened text. The second one comes after it.
    let of_page = json!({ "textDocument": { "uri": uri(&root.join("content/index.md")) } });
    for _ in 0..2 {
        assert_eq!(client.request("textDocument/documentSymbol", of_page.clone()), Value::Null);
    }
    // When the handbook can be read, the answer is that of its texts.
    fs::write(root.join("book.toml"), BOOK.1).unwrap();
    client.notify("textDocument/didSave", json!({ "textDocument": { "uri": uri(&root.join("book.toml")) } }));
    assert_eq!(client.request("textDocument/documentSymbol", of_page)[0]["name"], "A");
    assert_eq!(client.end(), (0, String::new()));
}

/// A handbook with something of everything.
fn rich() -> (tempfile::TempDir, PathBuf) {
    handbook(&[
        BOOK,
        (
            "content/index.md",
            "# Home\n\nSee [disk](runbooks/disk-full.md) and [fix](runbooks/disk-full.md#fix).\n",
        ),
        (
            "content/runbooks/disk-full.md",
            "---\nkind: runbook\nowner: Platform\nstatus: stable\ntags: [storage]\nalerts: [DiskFull]\nvariables:\n  - \
             name: HOST\n    example: web-1\n---\n# A disk is full\n\nA host has no space left.\n\n## \
             Diagnose\n\n```console risk=read\n$ ssh <HOST> df\n```\n\n## Fix\n\n:::note\nSee [home](../index.md).\n:::\n",
        ),
        ("content/runbooks/_safety.md", "Mind the gap.\n"),
        (
            "data/alerts/a.yaml",
            "groups:\n- name: g\n  rules:\n  - alert: DiskFull\n    expr: up == 0\n    annotations:\n      summary: A disk is full\n",
        ),
    ])
}

#[test]
fn the_language_server_completes_what_the_handbook_has() {
    let (_folder, root) = rich();
    let mut client = Client::ready(&root, &["utf-16"]);
    let text = "---\nkind: runbook\nowner: \nstatus: \ntags: [\nalerts:\n  - \nse\nreviewed: \nhome: w\n---\n# N\n\n\
                \u{1f600} [a](../i\n[b](disk-full.md#\n[c](#\n[d](/\n:::wa\n::inc\n::include _\n";
    client.open("content/runbooks/new.md", text);
    let file = "content/runbooks/new.md";
    assert_eq!(client.labels(file, 1, 8)[0], "runbook");
    assert_eq!(client.labels(file, 2, 7), ["Platform"]);
    assert!(client.labels(file, 3, 8).contains(&"deprecated".to_owned()));
    assert_eq!(client.labels(file, 4, 7), ["storage"]);
    assert_eq!(client.labels(file, 6, 4), ["DiskFull"]);
    let keys = client.labels(file, 7, 2);
    assert!(keys[0] == "services" && !keys.contains(&"status".to_owned()), "{keys:?}");
    assert_eq!(client.labels(file, 8, 10).len(), 1);
    assert!(client.labels(file, 9, 7).contains(&"work".to_owned()));
    // The emoji is two units.
    let found = client.request("textDocument/completion", client.at(file, 13, 11));
    let item = &found["items"][0];
    assert_eq!((&item["label"], &item["detail"]), (&json!("../index.md"), &json!("Home")));
    assert_eq!(place(&item["textEdit"]["range"]), "13:7-13:11");
    let anchors = client.labels(file, 14, 17);
    assert_eq!(anchors[..3], ["a-disk-is-full", "diagnose", "fix"]);
    assert_eq!(client.labels(file, 15, 5), ["n"]);
    let absolute = client.labels(file, 16, 5);
    assert!(absolute.contains(&"/runbooks/disk-full.md".to_owned()), "{absolute:?}");
    assert_eq!(client.labels(file, 17, 5)[0], "warning");
    assert_eq!(client.labels(file, 18, 5)[0], "include");
    assert_eq!(client.labels(file, 19, 11), ["_safety.md"]);
    client.open_saved("content/runbooks/disk-full.md");
    let file = "content/runbooks/disk-full.md";
    let line = "$ ssh <";
    assert_eq!(client.labels(file, 17, line.len() as u32), ["<HOST>"]);
    // The keys of a record.
    let keys = client.labels(file, 8, 6);
    assert!(keys.contains(&"help".to_owned()) || keys.contains(&"example".to_owned()), "{keys:?}");
    assert_eq!(client.end(), (0, String::new()));
}

#[test]
fn the_language_server_shows_and_follows_links() {
    let (_folder, root) = rich();
    let mut client = Client::ready(&root, &["utf-16"]);
    client.open_saved("content/index.md");
    client.open_saved("content/runbooks/disk-full.md");
    let (home, disk) = ("content/index.md", "content/runbooks/disk-full.md");
    let hover = client.request("textDocument/hover", client.at(home, 2, 15));
    let text = hover["contents"]["value"].as_str().unwrap();
    assert!(text.starts_with("**A disk is full**") && text.contains("owner: Platform"), "{text}");
    assert!(text.contains("stable") && text.contains("A host has no space left."), "{text}");
    let hover = client.request("textDocument/hover", client.at(disk, 2, 2));
    assert!(hover["contents"]["value"].as_str().unwrap().contains("The role or team"), "{hover}");
    let target = client.request("textDocument/definition", client.at(home, 2, 60));
    assert_eq!(target["uri"], uri(&root.join(disk)));
    assert_eq!(place(&target["range"]), "20:0-20:6");
    let places = |found: Value| -> Vec<String> {
        let one = |location: &Value| {
            let name = location["uri"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
            format!("{name} {}", place(&location["range"]))
        };
        found.as_array().unwrap().iter().map(one).collect()
    };
    let with_context = |mut params: Value| {
        params["context"] = json!({ "includeDeclaration": false });
        params
    };
    let found = client.request("textDocument/references", with_context(client.at(disk, 20, 3)));
    assert_eq!(places(found), ["index.md 2:44-2:69"]);
    let found = client.request("textDocument/references", with_context(client.at(disk, 10, 3)));
    assert_eq!(places(found), ["index.md 2:11-2:32", "index.md 2:44-2:69"]);
    let document = json!({ "textDocument": { "uri": uri(&root.join(disk)) } });
    let links = client.request("textDocument/documentLink", document.clone());
    assert_eq!((links.as_array().unwrap().len(), &links[0]["tooltip"]), (1, &json!("Home")));
    let symbols = client.request("textDocument/documentSymbol", document.clone());
    assert_eq!(
        (&symbols[0]["name"], &symbols[0]["children"][1]["name"]),
        (&json!("A disk is full"), &json!("Fix"))
    );
    let folds = client.request("textDocument/foldingRange", document);
    let folds: Vec<String> = folds
        .as_array()
        .unwrap()
        .iter()
        .map(|fold| format!("{}-{}", fold["startLine"], fold["endLine"]))
        .collect();
    assert_eq!(folds, ["0-9", "10-24", "14-18", "16-18", "20-24", "22-24"]);
    let titles = client.request("workspace/symbol", json!({ "query": "dsk" }));
    assert_eq!((titles.as_array().unwrap().len(), &titles[0]["name"]), (1, &json!("A disk is full")));
    assert_eq!(client.end(), (0, String::new()));
}

/// The text of a document after edits of the protocol, in UTF-16.
fn edited(text: &str, edits: &Value) -> String {
    let offset = |position: &Value| {
        let line = position["line"].as_u64().unwrap() as usize;
        let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
        let mut units = position["character"].as_u64().unwrap() as usize;
        let mut at = start;
        for character in text[start..].chars() {
            if units == 0 {
                break;
            }
            units -= character.len_utf16();
            at += character.len_utf8();
        }
        at
    };
    let mut edits: Vec<(usize, usize, &str)> = edits
        .as_array()
        .unwrap()
        .iter()
        .map(|edit| {
            let range = &edit["range"];
            (offset(&range["start"]), offset(&range["end"]), edit["newText"].as_str().unwrap())
        })
        .collect();
    edits.sort();
    let mut text = text.to_owned();
    for (start, end, new) in edits.into_iter().rev() {
        text.replace_range(start..end, new);
    }
    text
}

#[test]
fn suggestions_of_problems_are_code_actions() {
    let text = "---\nstatus: stabel\ndecription: x\n---\n# A\n\n\u{1f600} [a](b.md#instal) [b](sub/c.md)\n\n:::wraning\nx\n:::\n";
    let (_folder, root) = handbook(&[
        BOOK,
        ("content/index.md", text),
        ("content/b.md", "# B\n\n## Install\n"),
        ("content/other/c.md", "# C\n"),
    ]);
    let mut client = Client::ready(&root, &["utf-16"]);
    client.open_saved("content/index.md");
    client.wait(|client, _| (client.listed("content/index.md").len() == 5).then_some(()));
    let document = uri(&root.join("content/index.md"));
    let params = json!({
        "textDocument": { "uri": document }, "context": { "diagnostics": [] },
        "range": { "start": { "line": 0, "character": 0 }, "end": { "line": 99, "character": 0 } },
    });
    let actions = client.request("textDocument/codeAction", params);
    let mut fixed = text.to_owned();
    let mut all = Vec::new();
    for action in actions.as_array().unwrap() {
        all.extend(action["edit"]["changes"][&document].as_array().unwrap().clone());
    }
    fixed = edited(&fixed, &Value::Array(all));
    assert_eq!(
        fixed,
        "---\nstatus: stable\ndescription: x\n---\n# A\n\n\u{1f600} [a](b.md#install) [b](other/c.md)\n\n:::warning\nx\n:::\n"
    );
    client.change("content/index.md", 2, json!([{ "text": fixed }]));
    client.wait_for_problems("content/index.md", &[]);
    assert_eq!(client.end(), (0, String::new()));
}

#[test]
fn a_hover_names_the_owner_that_codeowners_gives() {
    let (_folder, root) = handbook(&[
        BOOK,
        ("CODEOWNERS", "*.md @x/desk\n"),
        ("data/people.yaml", "people:\n- name: Service desk\n  also: ['@x/desk']\n"),
        ("content/index.md", "# A\n\n[b](b.md)\n"),
        ("content/b.md", "# B\n"),
    ]);
    let mut client = Client::ready(&root, &["utf-16"]);
    client.open_saved("content/index.md");
    let hover = client.request("textDocument/hover", client.at("content/index.md", 2, 5));
    let text = hover["contents"]["value"].as_str().unwrap();
    assert!(text.contains("owner: Service desk"), "{text}");
    assert_eq!(client.end(), (0, String::new()));
}

#[test]
fn the_fix_of_a_rule_is_a_code_action() {
    let text = "# A\n\n\u{1f600} [old](/was/#x \"t\") [twice](b.md.md)\n";
    let (_folder, root) = handbook(&[
        BOOK,
        ("content/index.md", text),
        ("content/b.md", "---\naliases: [/was/]\n---\n# B\n\n## X\n"),
    ]);
    let mut client = Client::ready(&root, &["utf-16"]);
    client.open_saved("content/index.md");
    client.wait(|client, _| (client.listed("content/index.md").len() == 2).then_some(()));
    let document = uri(&root.join("content/index.md"));
    let params = json!({
        "textDocument": { "uri": document }, "context": { "diagnostics": [] },
        "range": { "start": { "line": 0, "character": 0 }, "end": { "line": 9, "character": 0 } },
    });
    let actions = client.request("textDocument/codeAction", params);
    let mut all = Vec::new();
    for action in actions.as_array().unwrap() {
        all.extend(action["edit"]["changes"][&document].as_array().unwrap().clone());
    }
    let fixed = edited(text, &Value::Array(all));
    assert_eq!(fixed, "# A\n\n\u{1f600} [old](/b/#x \"t\") [twice](b.md)\n");
    client.change("content/index.md", 2, json!([{ "text": fixed }]));
    client.wait_for_problems("content/index.md", &[]);
    assert_eq!(client.end(), (0, String::new()));
}

#[test]
fn a_heading_is_renamed_with_the_links_to_it() {
    let home = "# Home\r\n\r\n\u{1f600} [a](b.md#old) [b][c] [d](b.md#old-1)\r\n\r\n[c]: b.md#old \"t\"\r\n\r\n::include b.md#old\r\n";
    let page = "# B\n\n## Old ##\n\nText with [self](#old).\n\n## Old\n\n## Own {#own}\n";
    let (_folder, root) = handbook(&[BOOK, ("content/index.md", home), ("content/b.md", page)]);
    let mut client = Client::ready(&root, &["utf-16"]);
    client.open_saved("content/b.md");
    client.open_saved("content/index.md");
    let prepared = client.request("textDocument/prepareRename", client.at("content/b.md", 2, 4));
    assert_eq!((place(&prepared["range"]), &prepared["placeholder"]), ("2:3-2:6".to_owned(), &json!("Old")));
    assert_eq!(client.request("textDocument/prepareRename", client.at("content/b.md", 4, 4)), Value::Null);
    let rename = |client: &Client, line: u32, name: &str| {
        let mut params = client.at("content/b.md", line, 4);
        params["newName"] = json!(name);
        params
    };
    let edit = client.request("textDocument/rename", rename(&client, 2, "New thing"));
    let changes = &edit["changes"];
    let new_page = edited(page, &changes[uri(&root.join("content/b.md"))]);
    assert_eq!(
        new_page,
        "# B\n\n## New thing ##\n\nText with [self](#new-thing).\n\n## Old\n\n## Own {#own}\n"
    );
    // The second heading of the old name gets its id.
    let new_home = edited(home, &changes[uri(&root.join("content/index.md"))]);
    assert_eq!(
        new_home,
        "# Home\r\n\r\n\u{1f600} [a](b.md#new-thing) [b][c] [d](b.md#old)\r\n\r\n[c]: b.md#new-thing \"t\"\r\n\r\n::include b.md#new-thing\r\n"
    );
    // A written id stays, and so do the links.
    let edit = client.request("textDocument/rename", rename(&client, 8, "Mine"));
    assert_eq!(edit["changes"].as_object().unwrap().len(), 1);
    assert_eq!(client.refused("textDocument/rename", rename(&client, 2, " ")), -32803);
    assert_eq!(client.refused("textDocument/rename", rename(&client, 4, "x")), -32803);
    assert_eq!(client.end(), (0, String::new()));
}

#[test]
fn a_page_is_renamed_with_the_links_to_it() {
    let (_folder, root) = rich();
    let mut client = Client::ready(&root, &["utf-16"]);
    // The unsaved text counts.
    let home = "# Home\n\nNew: [disk](runbooks/disk-full.md#fix).\n";
    client.open("content/index.md", home);
    let rename =
        |from: &str, to: &str| json!({ "oldUri": uri(&root.join(from)), "newUri": uri(&root.join(to)) });
    let files = json!({ "files": [rename("content/runbooks/disk-full.md", "content/storage/full.md")] });
    let edit = client.request("workspace/willRenameFiles", files);
    let changes = &edit["changes"];
    let new_home = edited(home, &changes[uri(&root.join("content/index.md"))]);
    assert_eq!(new_home, "# Home\n\nNew: [disk](storage/full.md#fix).\n");
    let old = fs::read_to_string(root.join("content/runbooks/disk-full.md")).unwrap();
    let moved = edited(&old, &changes[uri(&root.join("content/runbooks/disk-full.md"))]);
    assert!(moved.contains("aliases: [/runbooks/disk-full/]"), "{moved}");
    // Several files at once.
    let both = json!({ "files": [
        rename("content/runbooks/disk-full.md", "content/storage/full.md"),
        rename("content/index.md", "content/_index.md"),
    ] });
    let edit = client.request("workspace/willRenameFiles", both);
    assert_eq!(edited(home, &edit["changes"][uri(&root.join("content/index.md"))]), new_home);
    // Onto a page that exists: refused with a message.
    let files = json!({ "files": [rename("content/runbooks/disk-full.md", "content/index.md")] });
    assert_eq!(client.refused("workspace/willRenameFiles", files), -32803);
    assert!(client.messages.iter().any(|said| said.contains("exists")), "{:?}", client.messages);
    let files = json!({ "files": [rename("book.toml", "b.toml")] });
    assert_eq!(client.request("workspace/willRenameFiles", files), Value::Null);
    assert_eq!(client.end(), (0, String::new()));
}

/// Random edits: after each, a position that the server gives is that of the client's own text.
#[test]
fn positions_stay_right_over_random_edits() {
    let pieces = ["a", "\t", "\u{1f600}", "\u{e9}", "\r\n", "\n", " ", "x\u{301}", "```\r\n", "> "];
    let (_folder, root) = handbook(&[BOOK, ("content/index.md", "# A\n")]);
    let mut client = Client::ready(&root, &["utf-16"]);
    let mark = "[m](#marked-and-missing)";
    let mut text = format!("# A\r\n\r\n{mark}\r\n");
    client.open("content/index.md", &text);
    let mut random = crate::support::random::Random::new(7);
    for version in 2..60 {
        let places: Vec<usize> = (0..=text.len())
            .filter(|at| {
                text.is_char_boundary(*at) && !(text[..*at].ends_with('\r') && text[*at..].starts_with('\n'))
            })
            .filter(|at| {
                text.find(mark).is_none_or(|mark_at| !(mark_at + 1..mark_at + mark.len()).contains(at))
            })
            .collect();
        let at = places[random.below(places.len())];
        let position = position(&text, at);
        let piece = pieces[random.below(pieces.len())];
        text.insert_str(at, piece);
        client.change(
            "content/index.md",
            version,
            json!([{ "range": { "start": position, "end": position }, "text": piece }]),
        );
    }
    // Code may swallow the link; then it has no problem.
    let found = client.wait(|client, message| {
        let params = client.problems.get("content/index.md")?;
        let is_last = params["version"] == 59;
        (is_last || message["id"] == "never").then(|| params["diagnostics"].clone())
    });
    let is_link = |problem: &&Value| problem["code"] == "link.anchor";
    if let Some(problem) = found.as_array().unwrap().iter().find(is_link) {
        let at = text.find(mark).unwrap();
        assert_eq!(problem["range"]["start"], position(&text, at));
        assert_eq!(problem["range"]["end"], position(&text, at + mark.len()));
    }
    assert_eq!(client.end(), (0, String::new()));
}

fn position(text: &str, offset: usize) -> Value {
    let before = &text[..offset];
    let line = before.replace("\r\n", "\n").matches(['\n', '\r']).count();
    let start = before.rfind(['\n', '\r']).map_or(0, |at| at + 1);
    json!({ "line": line, "character": before[start..].encode_utf16().count() })
}
