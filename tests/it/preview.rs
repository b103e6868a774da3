//! Which site `opsbook serve` shows while there are errors.
//!
//! Owns the session: a handbook on disk, saves, and what a request gets after each. Sends plain requests; what
//! browsers do with the answers is tested in `tests/browser`.

#![expect(clippy::disallowed_methods, reason = "a test of effects")]

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;

use opsbook::input::{Drafts, Options, Preview};
use opsbook::report::{ColourChoice, ReportStyle};
use opsbook::serve::{Editor, Port, Reach, Server, Session, SessionStep, Store, WhyNotShown};

struct Scene {
    folder: tempfile::TempDir,
    server: Server,
    session: Session,
}

impl Scene {
    /// A preview of these files; nothing is built yet.
    fn new(files: &[(&str, &str)]) -> Scene {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("content")).unwrap();
        std::fs::write(folder.path().join("book.toml"), "[book]\ntitle = \"H\"\n").unwrap();
        let options = Options {
            root: folder.path().to_owned(),
            out: None,
            base_url: None,
            preview: Preview::Yes,
            drafts: Drafts::Leave,
            audience: None,
            today: None,
        };
        let store = Arc::new(Store::new(folder.path()).unwrap());
        let look = ReportStyle { colour: ColourChoice::Never, width: 80, most: 9 };
        let session = Session::new(options, look, Arc::clone(&store), Editor::named("vscode").ok());
        let scene = Scene {
            server: Server::bind(Port::Exactly(0), &Reach::Machine, store).unwrap(),
            folder,
            session,
        };
        files.iter().for_each(|(path, text)| scene.write(path, text));
        scene
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    /// Saves a file and lets the session look; why the site is not shown comes back.
    fn save(&mut self, path: &str, text: &str) -> Option<WhyNotShown> {
        self.write(path, text);
        self.look()
    }

    fn look(&mut self) -> Option<WhyNotShown> {
        match self.session.rebuild() {
            SessionStep::Built { held, .. } => held,
            step => panic!("nothing was built: {step:?}"),
        }
    }

    fn get(&self, target: &str) -> String {
        let port = self.server.port();
        let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        write!(stream, "GET {target} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n")
            .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    /// The panel's document.
    fn problems(&self) -> serde_json::Value {
        let answer = self.get("/_opsbook/problems.json");
        serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap()
    }
}

#[test]
fn an_error_in_one_page_freezes_neither_it_nor_the_others() {
    let mut scene = Scene::new(&[("content/a.md", "# A\nfirst\n"), ("content/b.md", "# B\nfirst\n")]);
    assert_eq!(scene.look(), None);
    assert_eq!(scene.save("content/a.md", "# A\nsecond [c](c.md)\n"), None);
    assert!(scene.get("/a/").contains("second"), "the page with the error is shown");
    assert_eq!(scene.save("content/b.md", "# B\nsecond\n"), None);
    assert!(scene.get("/b/").contains("second"), "another page follows its saves");
    assert_eq!(scene.save("content/c.md", "# C\nnew [d](d.md)\n"), None);
    assert!(scene.get("/c/").contains("new"), "a new page is there with its first save");
    let problems = scene.problems();
    assert_eq!((&problems["errors"], &problems["held"]), (&1.into(), &serde_json::Value::Null));
}

#[test]
fn a_problem_names_its_page_and_its_place_in_the_editor() {
    let mut scene = Scene::new(&[("content/näh er/a.md", "# A\n\nSee [c](c.md).\n")]);
    assert_eq!(scene.look(), None);
    let problem = &scene.problems()["problems"][0];
    assert_eq!((&problem["rule"], &problem["page"]), (&"link.missing".into(), &"n%C3%A4h-er/a/".into()));
    let root = scene.folder.path().canonicalize().unwrap();
    let link = format!("vscode://file{}/content/n%C3%A4h%20er/a.md:3:5", root.display());
    assert_eq!(problem["editor"], link.as_str());
}

#[test]
fn broken_front_matter_leaves_the_text_readable() {
    let mut scene = Scene::new(&[("content/a.md", "# A\nfirst\n")]);
    assert_eq!(scene.look(), None);
    assert_eq!(scene.save("content/a.md", "---\ntitle: [\n---\nsecond\n"), None);
    assert!(scene.get("/a/").contains("second"));
}

#[test]
fn what_every_page_depends_on_holds_the_last_good_site_until_it_is_repaired() {
    let page = ("content/a.md", "# A\nfirst\n");
    for (path, broken, good) in [
        ("book.toml", "[book\n", "[book]\ntitle = \"H\"\n"),
        ("theme/templates/page.html", "{{ nothing.at.all }}", "{% extends \"base.html\" %}"),
        ("kinds/adr.toml", "nonsense = 1\n", "title = \"ADR\"\nhelp = \"Records a decision.\"\n"),
    ] {
        let mut scene = Scene::new(&[page]);
        assert_eq!(scene.look(), None);
        scene.write("content/a.md", "# A\nsecond\n");
        assert_eq!(scene.save(path, broken), Some(WhyNotShown::Broken), "{path}");
        assert!(scene.get("/a/").contains("first"), "{path}");
        assert!(scene.problems()["held"].is_string(), "{path}");
        scene.save(path, good);
        assert!(!scene.get("/a/").contains("first"), "{path}");
    }
}

#[test]
fn before_there_is_a_good_site_a_broken_one_is_better_than_none() {
    let mut scene = Scene::new(&[("content/a.md", "# A\nfirst\n")]);
    assert_eq!(scene.save("book.toml", "[book]\ntitle = \"H\"\nnonsense = 1\n"), None);
    assert!(scene.get("/a/").contains("first"));
}

#[test]
fn nothing_is_shown_while_it_is_unclear_who_may_see_it() {
    let mut scene = Scene::new(&[("content/a.md", "# A\nfirst\n")]);
    let unclear = "# A\nsecond\n\n:::internal\nhidden\n";
    assert_eq!(scene.save("content/a.md", unclear), Some(WhyNotShown::Unclear), "also at the start");
    assert!(!scene.get("/a/").contains("hidden"));
    scene.save("book.toml", "[book]\ntitle = \"H\"\n[visibility]\ndefault = \"public\"\n");
    assert_eq!(scene.save("content/a.md", "# A\nthird\n"), None);
    assert_eq!(scene.save("content/a.md", unclear), Some(WhyNotShown::Unclear));
    assert!(scene.get("/a/").contains("third"), "the last good site stays");
}
