#!/usr/bin/env python3
"""Lays one corpus of Markdown out for Hugo, mdBook or opsbook.

usage: layout.py hugo|mdbook|opsbook CORPUS TARGET
       layout.py synthetic PAGES TARGET

Every layout is plain: a page with its title, its
text and a link home, no sidebar. `synthetic` writes a handbook of that many pages.
"""

import pathlib
import re
import shutil
import sys

SHORTCODE = re.compile(r"\{\{[<%]\s*(/?)\s*([A-Za-z0-9_][A-Za-z0-9_/.-]*)")
FRONT = re.compile(r"\A(?:\ufeff)?\s*---\n.*?\n---\n", re.S)


def content_of(corpus):
    """The folder that holds the corpus's pages: `content`, the only folder, or the corpus itself."""
    if (corpus / "content").is_dir():
        return corpus / "content"
    folders = [path for path in corpus.iterdir() if path.is_dir()]
    return folders[0] if len(folders) == 1 else corpus


def copy(source, target):
    """Copies the tree so that it can be written to."""
    shutil.copytree(source, target, copy_function=shutil.copyfile)
    for path in [target, *target.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def hugo(corpus, target):
    """A Hugo site with the smallest layouts that show a page, and a stub for each shortcode in use."""
    copy(content_of(corpus), target / "content")
    write(target / "hugo.toml", HUGO_TOML)
    layouts = target / "layouts"
    write(layouts / "_default/baseof.html", HUGO_BASE)
    write(layouts / "_default/single.html", '{{ define "main" }}{{ .Content }}{{ end }}\n')
    write(layouts / "_default/list.html", HUGO_LIST)
    paired, all_names = set(), set()
    for page in (target / "content").rglob("*.md"):
        for closing, name in SHORTCODE.findall(page.read_text(encoding="utf-8", errors="replace")):
            all_names.add(name)
            if closing:
                paired.add(name)
    for name in all_names:
        write(layouts / f"shortcodes/{name}.html", "{{ .Inner }}" if name in paired else "{{ .Get 0 }}")


def mdbook(corpus, target):
    """An mdBook whose summary is the tree of folders; front matter, which it does not know, is cut off."""
    copy(content_of(corpus), target / "src")
    write(target / "book.toml", MDBOOK_TOML)
    for page in (target / "src").rglob("*.md"):
        text = page.read_text(encoding="utf-8", errors="replace")
        page.write_text(FRONT.sub("", text, count=1), encoding="utf-8")
    lines = ["# Summary", ""]
    summarise(target / "src", target / "src", 0, lines)
    write(target / "src/SUMMARY.md", "\n".join(lines) + "\n")


def summarise(folder, root, depth, lines):
    """Appends the pages of a folder, its own page first."""
    own = [folder / name for name in ("_index.md", "index.md", "README.md") if (folder / name).is_file()]
    if own:
        lines.append(entry(own[0], root, depth))
        depth += 1
    for page in sorted(folder.glob("*.md")):
        if page not in own and page.name != "SUMMARY.md":
            lines.append(entry(page, root, depth))
    for child in sorted(path for path in folder.iterdir() if path.is_dir()):
        if any(child.rglob("*.md")):
            summarise(child, root, depth, lines)


def entry(page, root, depth):
    path = page.relative_to(root).as_posix()
    return f"{'  ' * depth}- [{path.replace('_', '-').removesuffix('.md')}](<{path}>)"


def opsbook(corpus, target):
    """The corpus with the settings that `tests/corpora` has for it."""
    copy(content_of(corpus), target / "content")
    settings = pathlib.Path(__file__).parent.parent / "tests/corpora" / f"{corpus.name}.toml"
    shutil.copyfile(settings, target / "book.toml")


def synthetic(pages, target):
    """A handbook of that many pages, a hundred to a section and ten sections to a part: 4 KiB each, with links,
    code and a table."""
    write(target / "book.toml", '[book]\ntitle = "Synthetic"\n')
    write(target / "content/_index.md", "# Home\n\nA handbook to measure with.\n")
    for number in range(pages):
        part, section, page = number // 1000, number // 100 % 10, number % 100
        folder = target / f"content/part-{part}/section-{section}"
        if section == page == 0:
            write(folder.parent / "_index.md", f"# Part {part}\n\nSections.\n")
        if page == 0:
            write(folder / "_index.md", f"# Section {section}\n\nPages.\n")
        before = f"page-{page - 1}.md" if page else "_index.md"
        write(folder / f"page-{page}.md", page_text(number, before))


def page_text(number, before):
    words = "restart the service on each node and watch the log until the quorum is whole again".split()
    sentence = " ".join(words[(number + at) % len(words)] for at in range(60)).capitalize() + "."
    parts = [f"---\ntitle: Page {number}\ntags: [t{number % 20}]\n---\n"]
    for step in range(6):
        parts.append(f"## Step {step}\n\n{sentence} See [before]({before}).\n\n- one\n- two\n")
        parts.append(f"```bash\n# step {step}\nfor node in a b c; do ssh \"$node\" systemctl status x-{number}; done\n```\n")
    parts.append("| Key | Value |\n|---|---|\n" + "".join(f"| k{at} | v{number} |\n" for at in range(8)))
    return "\n".join(parts)


HUGO_TOML = """\
baseURL = "https://handbook.example.org/"
title = "Corpus"
enableGitInfo = false
disableHugoGeneratorInject = true
ignoreLogs = ["warning-goldmark-raw-html"]
[markup.goldmark.renderer]
unsafe = true
[markup.highlight]
codeFences = true
noClasses = false
"""

HUGO_BASE = """\
<!doctype html>
<html lang="{{ site.Language.Lang }}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{{ .Title }}</title></head>
<body><header><a href="{{ "/" | relURL }}">{{ site.Title }}</a></header><main><h1>{{ .Title }}</h1>
{{ block "main" . }}{{ end }}</main></body>
</html>
"""

HUGO_LIST = """\
{{ define "main" }}{{ .Content }}<ul>{{ range .Pages }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>{{ end }}</ul>{{ end }}
"""

MDBOOK_TOML = """\
[book]
title = "Corpus"
[output.html]
[output.html.search]
enable = false
[output.html.print]
enable = false
"""


def main():
    match sys.argv[1:]:
        case ["hugo" | "mdbook" | "opsbook" as tool, corpus, target]:
            globals()[tool](pathlib.Path(corpus).resolve(), pathlib.Path(target))
        case ["synthetic", pages, target]:
            synthetic(int(pages), pathlib.Path(target))
        case _:
            sys.exit(__doc__)


main()
