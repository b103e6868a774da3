//! What `opsbook audit` says, and its exit codes.
//!
//! Owns small handbooks on disk. The project's own handbook must be clean.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::{Run, run};

/// A handbook in a folder of its own.
fn book(files: &[(&str, &str)]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("book");
    for (path, text) in files {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    (folder, root)
}

const SETTINGS: &str =
    "[book]\ntitle = \"T\"\n[audit]\ndeny = [\"ACME GmbH\"]\nallow = [\"*@ops.acme.io\"]\n";

fn json(run: &Run) -> Value {
    serde_json::from_str(&run.out).unwrap_or_else(|error| panic!("{error}: {}{}", run.out, run.err))
}

#[test]
fn exit_codes_tell_clean_found_and_failed() {
    let (_folder, root) =
        book(&[("book.toml", SETTINGS), ("content/_index.md", "# Home\n\nWrite to team@ops.acme.io.\n")]);
    let clean = run(&root, &["audit"]);
    assert_eq!((clean.code, clean.err.as_str()), (0, ""), "{}", clean.out);
    assert!(clean.out.contains("nothing found"), "{}", clean.out);
    fs::write(root.join("content/a.md"), "# A\n\nFor [Acme-GmbH](https://x.example/), ask anna@acme.io.\n")
        .unwrap();
    let found = run(&root, &["audit"]);
    assert_eq!(found.code, 1, "{}{}", found.out, found.err);
    let denied =
        "error[leak.denied]: entry 1 of the deny list: `Acm… (9 characters)`\n--> content/a.md:3:6\n";
    assert!(found.out.contains(denied), "{}", found.out);
    assert!(
        found.out.contains("warning[leak.email]: an e-mail address: `anna… (12 characters)`"),
        "{}",
        found.out
    );
    assert!(!found.out.contains("GmbH") && !found.out.contains("anna@"), "{}", found.out);
    assert!(found.out.contains("in a/index.html:"), "{}", found.out);
    assert!(!root.join("public").exists());
    assert_eq!(run(&root, &["audit", "--folder", "nowhere"]).code, 2);
    assert_eq!(run(&root, &["audit", "--audience", "nobody"]).code, 2);
}

#[test]
fn a_folder_is_looked_at_as_it_lies_there() {
    let (_folder, root) = book(&[
        ("book.toml", SETTINGS),
        ("content/_index.md", "# Home\n\nText.\n"),
        ("content/a.md", "# A\n\nText.\n"),
    ]);
    assert_eq!(run(&root, &["build"]).code, 0);
    assert_eq!(run(&root, &["audit", "--folder", "public"]).code, 0);
    fs::write(root.join("public/app.js.map"), "{}").unwrap();
    fs::write(root.join("public/.env"), "A=1").unwrap();
    let page = root.join("public/a/index.html");
    let text = fs::read_to_string(&page).unwrap().replace("Text", "ACME&#32;GmbH");
    fs::write(&page, text).unwrap();
    let found = run(&root, &["audit", "--folder", "public", "--format", "short"]);
    assert_eq!(found.code, 1);
    for line in [".env:1:1: error[leak.file]", "app.js.map:1:1: error[leak.file]", "a/index.html:"] {
        assert!(found.out.contains(line), "{line} in {}", found.out);
    }
}

#[test]
fn a_token_stops_the_build_unless_the_page_teaches() {
    let token = ["ghp", "Zk3vQ9xW7rT2mB8nL4pYc6dF1gH5jK0sA2eU"].join("_");
    let page = format!("# A\n\nUse `{token}`.\n");
    let (_folder, root) =
        book(&[("book.toml", SETTINGS), ("content/_index.md", "# Home\n"), ("content/a.md", &page)]);
    let built = run(&root, &["build"]);
    assert_eq!(built.code, 1);
    assert!(built.err.contains("error[leak.secret]: a GitHub token would be published"), "{}", built.err);
    assert!(built.err.contains("content/a.md:3:6") && !built.err.contains(&token), "{}", built.err);
    let forced = run(&root, &["build", "--keep-going"]);
    assert!(forced.code == 1 && forced.err.contains("an access token would be published"), "{}", forced.err);
    assert!(!root.join("public").exists());
    let audited = run(&root, &["audit"]);
    assert!(
        audited.code == 1 && !audited.out.contains(&token) && !audited.err.contains(&token),
        "{}",
        audited.out
    );
    let example = format!("---\nrules: {{leak.secret: off}}\n---\n{page}");
    fs::write(root.join("content/a.md"), &example).unwrap();
    assert_eq!(run(&root, &["build"]).code, 0);
    let audited = run(&root, &["audit"]);
    assert!(audited.code == 0 && audited.out.contains("nothing found"), "{}", audited.out);
    fs::write(root.join("content/b.md"), "# B\n\n<!-- a comment -->\n\n::include _c.md\n").unwrap();
    fs::write(root.join("content/_c.md"), format!("one\n\ntwo {token}\n")).unwrap();
    let built = run(&root, &["build"]);
    assert!(built.code == 1 && built.err.contains("content/_c.md:3:5"), "{}", built.err);
}

#[test]
fn comments_and_withheld_text_do_not_stop_the_build() {
    let token = ["ghp", "Zk3vQ9xW7rT2mB8nL4pYc6dF1gH5jK0sA2eU"].join("_");
    let page = format!("# A\n\n<!-- {token} -->\n\n:::internal\n{token}\n:::\n\nText.\n");
    let settings = format!(
        "{SETTINGS}[visibility]\ndefault = \"public\"\n[repository]\nurl = \"https://git.example/x\"\n"
    );
    let (_folder, root) =
        book(&[("book.toml", &settings), ("content/_index.md", "# Home\n"), ("content/a.md", &page)]);
    let built = run(&root, &["build"]);
    assert_eq!(built.code, 0, "{}", built.err);
    let audited =
        run(&root, &["audit", "--audience", "public", "--audience", "internal", "--format", "json"]);
    let document = json(&audited);
    let (public, internal) = (&document["audits"][0], &document["audits"][1]);
    assert_eq!((&public["audience"], &internal["audience"]), (&"public".into(), &"internal".into()));
    assert_eq!(public["diagnostics"], serde_json::json!([]));
    assert_eq!(public["withheld"][0]["what"], "block");
    assert_eq!(
        (&public["withheld"][0]["file"], &public["withheld"][0]["line"]),
        (&"content/a.md".into(), &5.into())
    );
    assert!(public["note"].as_str().unwrap().contains("in a public repository redaction is cosmetic"));
    assert_eq!(internal["diagnostics"][0]["rule"], "leak.secret");
    assert_eq!(internal["note"], Value::Null);
    assert!(audited.code == 1 && !audited.out.contains(&token));
}

#[test]
fn a_deny_file_is_read_and_missed() {
    let settings = "[book]\ntitle = \"T\"\n[audit]\ndeny_file = \"../deny.txt\"\n";
    let (folder, root) =
        book(&[("book.toml", settings), ("content/_index.md", "# Home\n\nAn INC123456 at Waldkauz.\n")]);
    let missed = run(&root, &["audit"]);
    assert_eq!(missed.code, 0, "{}", missed.out);
    assert!(missed.out.contains("warning[leak.unchecked]: a deny list that is not there"), "{}", missed.out);
    fs::write(root.join("book.toml"), format!("{settings}[rules]\n\"leak.unchecked\" = \"error\"\n"))
        .unwrap();
    assert_eq!(run(&root, &["audit"]).code, 1);
    fs::write(folder.path().join("deny.txt"), "# customers\nWaldkauz\n/INC\\d{6}/\n").unwrap();
    let found = json(&run(&root, &["audit", "--format", "json"]));
    let rules: Vec<&Value> =
        found["audits"][0]["diagnostics"].as_array().unwrap().iter().map(|find| &find["rule"]).collect();
    assert_eq!(rules, ["leak.denied", "leak.denied"]);
    fs::write(root.join("content/deny.txt"), "x").unwrap();
    fs::write(root.join("book.toml"), settings.replace("../deny", "content/deny")).unwrap();
    assert_eq!(run(&root, &["audit"]).code, 2);
}

#[test]
fn rules_of_gitleaks_are_read_and_what_is_not_supported_is_told() {
    let settings = "[book]\ntitle = \"T\"\n[audit]\nsecret_rules = [\"own.toml\", \"gone.toml\"]\n";
    let rules = "[[rules]]\nid = \"acme-key\"\ndescription = \"an Acme key\"\nregex = 'acme_[a-z0-9]{8}'\n\
                 keywords = [\"acme_\"]\n[[rules]]\nid = \"odd\"\nregex = 'a(?!b)'\n";
    let (_folder, root) = book(&[
        ("book.toml", settings),
        ("own.toml", rules),
        ("content/_index.md", "# Home\n\nKey acme_k3v9x2q7.\n"),
    ]);
    let audited = run(&root, &["audit"]);
    assert_eq!(audited.code, 1, "{}", audited.out);
    for text in [
        "error[leak.secret]: an Acme key: `acme… (13 characters)`",
        "content/_index.md:3:5",
        "the `regex` of the rule `odd` cannot be used: look-around",
        "a file of secret rules that cannot be read",
    ] {
        assert!(audited.out.contains(text), "{text}: {}", audited.out);
    }
    assert!(!audited.out.contains("acme_k3v9x2q7"), "{}", audited.out);
}

#[test]
fn the_deny_list_is_in_no_output() {
    let (_folder, root) = book(&[("book.toml", SETTINGS), ("content/_index.md", "# Home\n")]);
    assert_eq!(run(&root, &["build"]).code, 0);
    for entry in walkdir::WalkDir::new(root.join("public")).into_iter().map(Result::unwrap) {
        if entry.file_type().is_file() {
            let bytes = fs::read(entry.path()).unwrap();
            assert!(!String::from_utf8_lossy(&bytes).contains("ACME"), "{}", entry.path().display());
        }
    }
}

#[test]
fn the_projects_own_handbook_is_clean() {
    let audited = run(Path::new(env!("CARGO_MANIFEST_DIR")), &["audit", "--format", "json"]);
    assert_eq!(audited.code, 0, "{}{}", audited.out, audited.err);
    let document = json(&audited);
    let finds = document["audits"][0]["diagnostics"].as_array().unwrap();
    // What the machine is called is not the handbook's matter.
    let finds: Vec<&Value> = finds.iter().filter(|find| find["rule"] != "leak.machine").collect();
    assert_eq!(finds, [&Value::Null; 0]);
}
