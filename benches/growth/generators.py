"""Handbooks that grow: one generator for each construct that an author can repeat.

A generator is a function from a size to a handbook: a dictionary of paths and texts. PAGES are made of one pattern that
fills a page of so many bytes; their size is the size of the page. HANDBOOKS have a size of their own: pages, folders, rows
of a data file, times a file is included.
"""

SETTINGS = '[book]\ntitle = "H"\nlanguage = "en"\n[visibility]\ndefault = "public"\n'
MATH = SETTINGS + "[markdown]\nmath = true\n"
SMART = SETTINGS + "[markdown]\nsmart_punctuation = true\n"
COUNTED = SETTINGS + '[minutes]\nparticipants = "count"\n'
GLOSSARY = SETTINGS + '[glossary]\npages = ["a"]\n'
WORDS = SETTINGS + '[glossary]\npages = ["b"]\n'
NOTES = SETTINGS + '[markdown]\nflavor = "notes"\n'
HOME = "# Home\n"


class Page:
    """A page that begins with `head`, and then has `pattern` until it is full; `{i}` in it is a number."""

    def __init__(self, pattern, head="# A\n\n", tail="\n", settings=SETTINGS, name="content/a.md", more=None):
        self.pattern, self.head, self.tail, self.settings = pattern, head, tail, settings
        self.name, self.more = name, more or {}

    def __call__(self, size):
        if "{i}" not in self.pattern:
            body = self.pattern * max(1, size // len(self.pattern.encode()))
        else:
            parts, length, i = [], 0, 0
            while length < size:
                part = self.pattern.replace("{i}", str(i))
                parts.append(part)
                length += len(part.encode())
                i += 1
            body = "".join(parts)
        files = {"book.toml": self.settings, "content/_index.md": HOME, self.name: self.head + body + self.tail}
        return files | self.more


def half(opening, closing, head="# A\n\n", settings=SETTINGS):
    """Something opened many times, then closed as many times."""

    def page(size):
        n = max(1, size // len((opening + closing).encode()))
        text = head + opening * n + "x" + closing * n + "\n"
        return {"book.toml": settings, "content/_index.md": HOME, "content/a.md": text}

    return page


def kind(name, pattern, front="", settings=SETTINGS):
    return Page(pattern, head=f"---\nkind: {name}\n{front}---\n# A\n\n", settings=settings)


def code(language, line, settings=SETTINGS):
    return Page(line + "\n", head=f"# A\n\n```{language}\n", tail="```\n", settings=settings)


B = "content/b.md"

PAGES = {
    # Letters, words and what search makes of them.
    "one letter": Page("a"),
    "letters": Page("ab cd ef "),
    "new words": Page("w{i} "),
    "one token of emoji names": Page(":a:"),
    "one token of names": Page("a.b/c-"),
    "one token in code": Page("a.b", head="# A\n\n`", tail="`\n"),
    "capitals in one name": Page("NovaCompute"),
    "capitals": Page("ABC "),
    "points": Page("."),
    "colons in one line": Page(":: ", head="# A\n\nx "),
    "dashes in words": Page("a-"),
    "underlines in words": Page("a_"),
    "quotes": Page("'\""),
    "smart quotes": Page("\"a\" 'b' -- ... ", settings=SMART),
    "opening smart quotes": Page(' "', settings=SMART),
    "umlauts": Page("Überwachung Straße ", head="---\nlanguage: de\n---\n# A\n\n"),
    "spelled umlauts in one token": Page("ue.", head="---\nlanguage: de\n---\n# A\n\n"),
    "long compounds": Page("Speicherplatzüberwachungsdienst{i} ", head="---\nlanguage: de\n---\n# A\n\n"),
    "Chinese": Page("構築する。"),
    "Korean": Page("클라우드 운영 "),
    "Thai": Page("ระบบคลาวด์"),
    "Arabic": Page("مَكتَب "),
    "combining accents": Page("e\u0301"),
    "accents on one letter": Page("\u0301", head="# A\n\ne"),
    "marks of Hindi": Page("क्षे"),
    "no-break spaces": Page("a\u00a0"),
    "wide spaces": Page("\u3000x"),
    "zero-width spaces": Page("a\u200b"),
    "right-to-left marks": Page("a\u202eb\u202c "),
    "emoji": Page("🚀"),
    "joined emoji": Page("👩‍👩‍👧"),
    "emoji names": Page(":rocket: ", settings=NOTES),
    "emoji names in one word": Page(":rocket:", settings=NOTES),
    "colons": Page(":"),
    "colons, notes": Page(":", settings=NOTES),
    "control characters": Page("a\u0001b "),
    # Lines and blocks.
    "empty lines": Page("\n"),
    "lines": Page("a\n"),
    "lines of spaces": Page("        \n"),
    "spaces": Page(" "),
    "tabs": Page("\t"),
    "carriage returns": Page("a\r\n"),
    "paragraphs": Page("a b c\n\n"),
    "hard breaks": Page("a  \nb\\\n"),
    "rules": Page("---\n\n"),
    "stars": Page("*"),
    "underlines": Page("_"),
    "headings": Page("## A\n\n"),
    "numbered headings": Page("## Part {i}\n\n"),
    "deep headings": Page("# A\n## B\n### C\n#### D\n##### E\n###### F\n"),
    "first headings": Page("# A {i}\n\n"),
    "headings underlined": Page("Part {i}\n---\n\n"),
    "headings with ids": Page("## A {#a-{i}}\n\n"),
    "headings with one id": Page("## A {#a}\n\n"),
    "headings that look numbered": Page("## A\n\n## A-1\n\n## A-{i}\n\n"),
    "one heading": Page("a b ", head="# A\n\n## "),
    "empty headings": Page("##\n"),
    "attributes of headings": Page("## A {.x{i} .y #z{i}}\n"),
    "attributes of one heading": Page(".x{i} ", head="# A\n\n## B {", tail="}\n"),
    "braces": Page("{"),
    "closing braces": Page("}"),
    # Quotes and lists.
    "quotes of one line": Page("> a\n\n"),
    "one quote": Page("> a\n"),
    "nested quotes": Page(">"),
    "nested quotes with text": half("> ", ""),
    "alerts": Page("> [!NOTE]\n> a\n\n"),
    "lazy quotes": Page("> a\nb\n"),
    "items": Page("- a\n"),
    "loose items": Page("- a\n\n"),
    "items of numbers": Page("1. a\n"),
    "items of changing marks": Page("- a\n* b\n+ c\n"),
    "nested items on one line": Page("- "),
    "nested numbers on one line": Page("1. "),
    "items nested eight deep": Page("- a\n  - b\n    - c\n      - d\n        - e\n          - f\n            - g\n              - h\n"),
    "tasks": Page("- [ ] a\n- [x] b\n"),
    "items with paragraphs": Page("- a\n\n  b\n\n"),
    "items of nothing": Page("-\n"),
    "quotes in items": Page("- > a\n"),
    "items in quotes": Page("> - a\n"),
    "definitions": Page("Term {i}\n: a\n\n"),
    "definitions of one term": Page(": a\n", head="# A\n\nTerm\n"),
    # The glossary.
    "terms of a glossary": Page("Term t{i}\n: a\n\n", settings=GLOSSARY, more={B: "# B\n\nTerm t1, term t2\n"}),
    "terms of one definition": Page("<dt id='t{i}'>t{i}</dt>\n", head="# A\n\n<dl>\n", tail="<dd>" + "a " * 10000 + "</dd>\n</dl>\n", settings=GLOSSARY),
    "headings of a glossary": Page("### T{i}\n\na\n\n", settings=GLOSSARY, more={B: "# B\n\nT1, T2\n"}),
    "uses of one term": Page("term ", settings=WORDS, more={B: "# B\n\nTerm\n: a\n"}),
    "starts of a long name": Page("a ", settings=WORDS, more={B: "# B\n\na a a a a a a b\n: c\n"}),
    "words with joints": Page("a.", settings=WORDS, more={B: "# B\n\na a\n: c\n"}),
    # Tables.
    "rows": Page("| a | b |\n", head="# A\n\n| a | b |\n|---|---|\n"),
    "tables": Page("| a | b |\n|---|---|\n| c | d |\n\n"),
    "columns": lambda size: wide(size),
    "pipes": Page("|"),
    "lines of pipes": Page("| a\n"),
    "rows without cells": Page("|\n", head="# A\n\n" + "|a" * 200 + "|\n" + "|-" * 200 + "|\n"),
    "heads of tables": Page("|-"),
    "wrong tables": Page("| a | b |\n|---|\n\n"),
    "escaped pipes": Page("\\|", head="# A\n\n| a |\n|---|\n| ", tail=" |\n"),
    # Inlines.
    "emphasis": Page("*a* "),
    "strong": Page("**a** "),
    "emphasis of both sorts": Page("*a _b_* "),
    "open emphasis": Page("*a "),
    "open strong": Page("**a "),
    "open emphasis in a word": Page("a*"),
    "nested emphasis": half("*a ", " b*"),
    "nested strong": half("**a ", " b**"),
    "mixed emphasis": Page("*a **b "),
    "strikes": Page("~~a~~ "),
    "open strikes": Page("~~a "),
    "code spans": Page("`a` "),
    "open code": Page("`a"),
    "backticks of all lengths": lambda size: ticks(size),
    "backticks": Page("`"),
    "tildes": Page("~"),
    "links": Page("[a](b.md) ", more={B: "# B\n"}),
    "links to anchors": Page("[a](#s{i}) "),
    "broken links": Page("[a](x{i}.md) "),
    "broken links with one name": Page("[a](x.md) "),
    "broken anchors": Page("[a](b.md#s{i}) ", more={B: "# B\n" + "".join(f"\n## T{i}\n" for i in range(500))}),
    "links outside": Page("[a](https://a.example/{i}) "),
    "refused links": Page("[a](javascript:x) "),
    "opening brackets": Page("["),
    "closing brackets": Page("]"),
    "open links": Page("[a]("),
    "open links with titles": Page('[a](b "'),
    "open references": Page("[a]["),
    "pairs of brackets": Page("[]"),
    "nested brackets": half("[", "]"),
    "nested links": half("[a ", "](b)"),
    "nested images": half("![a ", "](b)"),
    "escapes": Page("\\*"),
    "entities": Page("&amp;&lt;&#123; "),
    "open entities": Page("&"),
    "images": Page("![a](x.png) "),
    "images outside": Page("![a](https://a.example/x{i}.png) "),
    "images with sizes": Page("![a](x.png =100x200) ", settings=NOTES),
    "references": Page("[a{i}] ", tail="\n\n" + "".join(f"[a{i}]: b.md\n" for i in range(300)), more={B: "# B\n"}),
    "definitions of references": Page("[a{i}]: b.md\n"),
    "references and their definitions": Page("[a{i}]\n\n[a{i}]: b.md\n\n", more={B: "# B\n"}),
    "references of one long definition": Page("[a] ", tail="\n\n[a]: /" + "x" * 20000 + "\n"),
    "URLs": Page("https://a.example/{i} "),
    "beginnings of URLs": Page("https://"),
    "beginnings of URLs with spaces": Page("https://a.b "),
    "URLs without a host": Page("www. "),
    "URLs in one word": Page("https://a.example/"),
    "closing brackets of a URL": Page(")", head="# A\n\nhttps://a.example/"),
    "brackets of a URL": Page("()", head="# A\n\nhttps://a.example/"),
    "brackets and points of a URL": Page(").", head="# A\n\nhttps://a.example/"),
    "opening brackets of a URL": Page("(", head="# A\n\nhttps://a.example/"),
    "points of a URL": Page(".", head="# A\n\nhttps://a.example/x"),
    "angle URLs": Page("<https://a.example/{i}> "),
    "open angles": Page("<"),
    "open angle URLs": Page("<https://a "),
    "mail addresses": Page("<a@b.example> a@b.example "),
    # Footnotes.
    "footnotes": Page("a[^{i}]\n\n[^{i}]: b\n\n"),
    "references to one footnote": Page("a[^1] ", tail="\n\n[^1]: b\n"),
    "footnotes without reference": Page("[^{i}]: b\n\n"),
    "references without footnote": Page("a[^{i}] "),
    "footnotes in footnotes": Page("[^{i}]: b[^{i}]\n\n", head="# A\n\na[^0]\n\n"),
    "long footnotes": Page("    a\n\n", head="# A\n\na[^1]\n\n[^1]: b\n\n"),
    "open footnotes": Page("[^"),
    # Code.
    "fences": Page("```\na\n```\n\n"),
    "fences in shell": Page("```sh\nls {i}\n```\n\n"),
    "one open fence": Page("a\n", head="# A\n\n```\n"),
    "fences of two signs": Page("```\n~~~\n"),
    "indented code": Page("    a\n"),
    "info strings": Page("a ", head="# A\n\n```", tail="\nx\n```\n"),
    "attributes of fences": Page("k{i}=v ", head="# A\n\n```sh {", tail="}\nx\n```\n"),
    "lines of text in code": code("text", "a b c"),
    "one line of code": code("sh", "echo a; ".strip() * 20),
    "shell": code("sh", "for x in $(ls -la | grep \"a b\"); do echo '${x}' >> /tmp/x; done"),
    "open quotes in shell": code("sh", "echo \"a 'b $(c `d"),
    "nested shells": code("sh", "$( " * 20),
    "here documents": code("sh", "cat <<EOF{i}\na\n"),
    "console": code("console", "ops@host:~$ ls -l /tmp/{i}\ntotal 1"),
    "YAML": code("yaml", "- name: a{i}\n  list: [1, 2, {a: b}]"),
    "JSON": code("json", '{"a": [1, "b", {"c": null}]},'),
    "open JSON": code("json", '[{"a":'),
    "TOML": code("toml", '[a.b{i}]\nc = "d"'),
    "transcript": Page("N{i}\t0:01\ta word {i}\n", "# A\n\n```transcript\n", "```\n"),
    "Python": code("python", "def f{i}(a, b=1): return [x for x in a if 'b' in f\"{x}\"]"),
    "Rust": code("rust", "fn f{i}<T: A>(a: &'a str) -> Vec<T> { a.iter().map(|x| x + 1).collect() }"),
    "JavaScript": code("js", "const f = (a) => `x${a}` + /a[b]c/g.test('d'); // e"),
    "Go": code("go", 'func f(a int) (b string, err error) { return fmt.Sprintf("%d", a), nil }'),
    "SQL": code("sql", "SELECT a, b FROM c WHERE d = 'e' AND f IN (1, 2);"),
    "HTML in code": code("html", '<div class="a" id=b><script>let x = 1;</script></div>'),
    "Dockerfiles": code("dockerfile", "RUN apt-get update && apt-get install -y a \\\n  b"),
    "Terraform": code("hcl", 'resource "a" "b" { c = "${d.e}" }'),
    "makefiles": code("make", "a: b\n\t$(CC) -o $@ $<"),
    "nginx": code("nginx", "location /a { proxy_pass http://b; }"),
    "diffs": code("diff", "-a\n+b"),
    "Ruby": code("ruby", 'def f(a) = a.map { |x| "#{x}" } # b'),
    "PHP": code("php", '<?php $a = ["b" => "$c"]; ?>'),
    "Markdown in code": code("markdown", "# A *b* `c` [d](e)"),
    "ini": code("ini", "[a]\nb = c"),
    "C": code("c", 'int f(char *a) { /* b */ return a[0] == \'c\' ? 1 : strlen("d"); }'),
    "Java": code("java", 'public class A { int f(String a) { return a.length() + "b".hashCode(); } }'),
    "Perl": code("perl", "my %a = map { $_ => 1 } grep { /b.c/ } @d;"),
    "PowerShell": code("powershell", 'Get-Item "$a" | Where-Object { $_.b -eq 1 }'),
    "an unknown language": code("zzz", "a b"),
    "marked lines": Page("a\n", head="# A\n\n```sh {1,3-5,7-9}\n", tail="```\n"),
    # Formulas.
    "formulas": Page("$a^2$ ", settings=MATH),
    "open formulas": Page("$a ", settings=MATH),
    "dollars": Page("$", settings=MATH),
    "blocks of formulas": Page("$$\n\\frac{a}{b}\n$$\n\n", settings=MATH),
    "one formula": Page("a+", head="# A\n\n$$\n", tail="\n$$\n", settings=MATH),
    "nested formulas": Page("\\frac{a}{", head="# A\n\n$$", tail="$$\n", settings=MATH),
    # HTML.
    "line breaks in HTML": Page("a<br>"),
    "elements": Page("<b>a</b> "),
    "open elements": Page("<b>"),
    "open blocks": Page("<div>\n\n"),
    "nested blocks": half("<div>\n\n", "</div>\n\n"),
    "end tags": Page("</div>"),
    "end tags of lines": Page("</b>"),
    "wrong order of tags": Page("<b><i></b></i> "),
    "unknown elements": Page("<x{i}>a</x{i}> "),
    "details": Page("<details><summary>a</summary>\n\nb\n\n</details>\n\n"),
    "open details": Page("<details>\n"),
    "attributes": Page('a{i}="b" ', head="# A\n\n<div ", tail=">\n\na\n\n</div>\n"),
    "one attribute": Page("a", head='# A\n\n<a title="', tail='">b</a>\n'),
    "open attributes": Page('<a b="'),
    "open tags": Page("<a "),
    "open tags in a block": Page("<a ", head="# A\n\n<div>\n"),
    "open quotes of tags in a block": Page('<a "', head="# A\n\n<div>\n"),
    "blocks of code with colours": Page("```yaml\n" + "- name: a\n  list: [1, {a: b}]\n" * 1500 + "```\n\n"),
    "large diagrams": Page("```mermaid\nflowchart TD\n" + "".join(f"  a{i} --> b{i}\n" for i in range(300)) + "```\n\n"),
    "small diagrams on one page": Page("```mermaid\npie\n  \"a{i}\": 1\n```\n\n"),
    "danger boxes": Page(":::danger\na\n:::\n\n### B\n\n", head="# A\n\n## A\n\n"),
    "tables in HTML": Page("<tr><td>a</td><td>b</td></tr>\n", head="# A\n\n<table>\n", tail="</table>\n"),
    "tables in tables": Page("<table><tr><td>"),
    "links in HTML": Page('<a href="b.md">a</a> ', more={B: "# B\n"}),
    "images in HTML": Page('<img src="x.png" alt="a"> '),
    "scripts": Page("<script>a</script>\n\n"),
    "open scripts": Page("<script>"),
    "styles": Page('<p style="color: red">a</p>\n\n'),
    "comments": Page("<!-- a -->\n\n"),
    "comments in lines": Page("a <!-- b --> c "),
    "open comments": Page("<!--"),
    "open comments in paragraphs": Page("a <!-- b\n\n"),
    "ends of comments": Page("-->"),
    "instructions": Page("<?a"),
    "declarations": Page("<!A "),
    "sections of CDATA": Page("<![CDATA["),
    "pre": Page("<pre>a</pre>\n\n"),
    "entities in HTML": Page("<b>&copy;&#x41;</b> "),
    "frames": Page('<iframe src="https://a.example/{i}"></iframe>\n\n'),
    # Directives.
    "directives": Page(":::note\na\n:::\n\n"),
    "directives with titles": Page(":::note Title {i}\na\n:::\n\n"),
    "open directives": Page(":::note\n"),
    "closing directives": Page(":::\n"),
    "unknown directives": Page(":::x{i}\na\n:::\n\n"),
    "nested directives": lambda size: nested(size),
    "tabs of one group": Page(":::tab[T{i}]\na\n:::\n", head="# A\n\n::::tabs\n", tail="::::\n"),
    "groups of tabs": Page("::::tabs\n:::tab[A]\na\n:::\n::::\n\n"),
    "tabs without a group": Page(":::tab[A]\na\n:::\n"),
    "steps": Page("1. a\n", head="# A\n\n:::steps\n", tail="\n:::\n"),
    "cards": Page("- [a](b.md) c\n", head="# A\n\n:::cards\n", tail="\n:::\n", more={B: "# B\n"}),
    "colons of a directive": Page(":", head="# A\n\n:::", tail="note\n"),
    "shortcodes": Page("{{< a b >}} "),
    "tags of Liquid": Page("{% a %} "),
    "open tags of Liquid": Page("{% "),
    "comments of MDX": Page("{/* a */} ", name="content/a.mdx"),
    "open comments of MDX": Page("{/*", name="content/a.mdx"),
    "imports of MDX": Page("import a from 'b'\n\n", name="content/a.mdx"),
    "admonitions of another tool": Page("!!! note\n    a\n\n"),
    "admonitions of AsciiDoc": Page("[NOTE]\na\n\n"),
    "wiki links": Page("[[a{i}]] "),
    "highlights": Page("==a== "),
    "toc marks": Page("[TOC]\n\n"),
    "missing includes": Page("::include x{i}.md\n\n"),
    # Levels.
    "marked words": Page("[a]{.internal} "),
    "marks of a bounded number": Page("[a]{.public}\n\n"),
    "one long title": Page("a", head="---\nnav_title: N\n---\n# ", more={B: "# B\n\n[a](a.md)\n"}),
    "marked words in one line of brackets": Page("[a]{.internal}"),
    "open marked words": Page("[a]{.internal "),
    "marked paragraphs": Page("a {.internal}\n\n"),
    "marked items": Page("- a {.internal}\n"),
    "marked headings": Page("## A {.internal}\n\nb\n\n"),
    "marked rows": Page("| a | b {.internal} |\n", head="# A\n\n| a | b |\n|---|---|\n"),
    "marked code": Page("`a`{.internal} "),
    "marked fences": Page("```sh {.internal}\na\n```\n\n"),
    "marked blocks": Page(":::internal\na\n:::\n\n"),
    "open marked blocks": Page(":::internal\na\n"),
    "nested marked words": half("[a ", "]{.internal}"),
    "names of levels": Page("internal "),
    "names of levels in tags": Page("<internal "),
    "names of levels with colons": Page("visibility: "),
    "names of levels in braces": Page("{internal} "),
    "almost marks": Page("{. internal} "),
    "marked links": Page("[a](b.md){.internal} ", more={B: "# B\n"}),
    "marked images": Page("![a](x.png){.internal} "),
    "comments of levels": Page("<!-- internal -->\n\na\n\n<!-- /internal -->\n\n"),
    "marks in quotes": Page("> a {.internal}\n\n"),
    "marks with footnotes": Page("[a[^{i}]]{.internal}\n\n[^{i}]: b\n\n"),
    # Kinds.
    "action items": kind("minutes", "- AI @ops: check the disk {i} until 2026-12-01\n", "date: 2026-11-01\n"),
    "tasks in minutes": kind("minutes", "- [ ] @ops: check the disk {i}\n", "date: 2026-11-01\n"),
    "decisions": kind("minutes", "- Decision: we buy disk {i}\n", "date: 2026-11-01\n"),
    "agenda": kind("minutes", "## Topic {i}\n\n- a\n\n", "date: 2026-11-01\n"),
    "meetings of one page": kind("minutes", "## 2026-11-{i}\n\n- AI @ops: a\n\n"),
    "participants": kind("minutes", "Name{i} Surname, ", "date: 2026-11-01\n"),
    "participants of many meetings, counted": kind("minutes", "## 2026-11-{i}\n\n### Participants\n\n- Ada Lovelace\n- @grace\n\n### Agenda\n\n- Disks\n\n", settings=COUNTED),
    "lines of participants, counted": kind("minutes", "Participants: @a{i}\n\na b\n\n", settings=COUNTED),
    "handles of one line of participants, counted": Page("@a{i}, ", head="---\nkind: minutes\ndate: 2026-11-01\n---\n# A\n\nParticipants: ", settings=COUNTED),
    "labels in raw HTML that may name people": kind("minutes", "<p>Remote</p>\n\na b\n\n", settings=COUNTED),
    "headings above the text of minutes": half("## T\n\n", "a b\n\n", head="---\nkind: minutes\n---\n# A\n\n", settings=COUNTED),
    "mentions": kind("minutes", "@ops{i} ", "date: 2026-11-01\n"),
    "tables of actions": Page("| a {i} | @ops | 2026-12-01 |\n", head="---\nkind: minutes\ndate: 2026-11-01\n---\n# A\n\n## Action items\n\n| Action | Owner | Due |\n|---|---|---|\n"),
    "TODO marks": kind("minutes", "TODO: a {i}\n\n", "date: 2026-11-01\n"),
    "commands of a runbook": kind("runbook", "```sh\nrm -rf /tmp/{i}\n```\n\n"),
    "one block of commands": Page("rm -rf /tmp/x{i}\n", head="---\nkind: runbook\n---\n# A\n\n## Fix\n\n```sh\n", tail="```\n"),
    "consoles of a runbook": kind("runbook", "```console\n$ ls {i}\na\n```\n\n"),
    "variables in code": Page("ssh $HOST \"echo HOST\"\n", head="---\nkind: runbook\nvariables:\n  HOST:\n    example: HOST\n---\n# A\n\n```sh\n", tail="```\n"),
    "examples within names": Page("rook-12-", head="---\nkind: runbook\nvariables:\n- {name: OSD, example: \"12\", replaces: [\"12\"]}\n---\n# A\n\n```sh\nls ", tail="\n```\n"),
    "examples in dates": Page("2026-12-", head="---\nkind: runbook\nvariables:\n- {name: OSD, example: \"12\", replaces: [\"12\"]}\n---\n# A\n\n```sh\nls ", tail="\n```\n"),
    "timelines": Page("| 10:00 | a {i} |\n", head="---\nkind: rca\n---\n# A\n\n## Timeline\n\n| Time | Event |\n|---|---|\n"),
    "lists of times": kind("rca", "- 10:00 a {i}\n"),
    "blame": kind("rca", "Anna should have known; human error. "),
    "incidents": kind("security-incident", "- 2026-11-01 10:00 UTC a {i}\n"),
    "steps of a process": kind("process", "1. The team does {i}\n"),
    "dates": kind("minutes", "- a until 2026-12-01, due tomorrow, 1.12.2026\n", "date: 2026-11-01\n"),
    "secrets": Page("password = hunter{i} "),
    "addresses": Page("10.0.0.{i} "),
    "tokens": Page("ghp_0123456789abcdefghijABCDEFGHIJ{i} "),
}


def wide(size):
    """A table of one row with as many columns as fit."""
    n = max(1, size // 9)
    text = "# A\n\n" + "| a " * n + "|\n" + "|--" * n + "|\n" + "|b" * n + "|\n"
    return {"book.toml": SETTINGS, "content/_index.md": HOME, "content/a.md": text}


def ticks(size):
    """Runs of backticks of growing length, none closed."""
    parts, length, n = [], 0, 1
    while length < size:
        parts.append("`" * n + " a ")
        length += n + 3
        n += 1
    return {"book.toml": SETTINGS, "content/_index.md": HOME, "content/a.md": "# A\n\n" + "".join(parts) + "\n"}


def nested(size):
    """Directives in directives, each with one colon less."""
    n = int((size * 0.9) ** 0.5)
    lines = [":" * (3 + n - i) + "note\n" for i in range(n)] + ["a\n"] + [":" * (4 + i) + "\n" for i in range(n)]
    return {"book.toml": SETTINGS, "content/_index.md": HOME, "content/a.md": "# A\n\n" + "".join(lines)}


def handbook(files, settings=SETTINGS):
    return {"book.toml": settings, "content/_index.md": HOME} | files


# A runbook without errors, so that the build goes on to write it.
STEPS = "---\n# P\n\n## Symptom\n\na\n\n## Verify\n\nb\n\n"
SET_PAGE = "---\nkind: runbook\nvariables:\n  - {name: A, example: a}\n" + STEPS + "`<A>`\n"


def sets(n, name="A"):
    return "".join(f'[[sets]]\nname="s{i}"\nvalues={{{name}="{i}"}}\n' for i in range(n))


def one_set(n):
    """A set with a value for each of so many variables of a page."""
    names = [f"V{i}" for i in range(n)]
    front = "".join(f"  - {{name: {name}, example: a}}\n" for name in names)
    text = f"---\nkind: runbook\nvariables:\n{front}{STEPS}" + "".join(f"`<{name}>` " for name in names) + "\n"
    values = ", ".join(f'{name} = "{name}"' for name in names)
    return handbook({"content/a.md": text, "data/values/a.toml": f'[[sets]]\nname = "s"\nvalues = {{ {values} }}\n'})


def set_of_each_page(n):
    """As many runbooks as lists of sets, each list for the variable of one runbook."""
    lists = {f"data/values/l{i}.toml": sets(3, f"V{i}") for i in range(n)}
    return pages(n, lambda i: SET_PAGE.replace("A,", f"V{i},").replace("<A>", f"<V{i}>"), more=lists)


def term_of_each_page(n):
    """As many pages as terms of a glossary, each of which uses one."""
    terms = "".join(f"### Term{i}\n\na\n\n" for i in range(n))
    return pages(n, lambda i: f"# P\n\nTerm{i} is explained.\n", settings=WORDS, more={B: "# B\n\n" + terms})


def manifesto(n, more=""):
    front = "".join(f"  - {{name: S{i}, kind: {('founding', 'supporting', 'individual')[i % 3]}{more}}}\n" for i in range(n))
    return f"---\nkind: manifesto\nsignatories:\n{front}---\n# P\n\n## Principles\n\n1. **A.** b\n"


SCORED = 'title = "K"\n[fields.score]\ntype = "number"\n[fields.until]\ntype = "date"\n'
LIMITS = "filter = { score = { least = 2, most = 9000 }, until = { most = \"today\" }, interval = { most = \"1m\" } }\n"


def scored(i):
    return f"---\nkind: k\nscore: {i}\nuntil: 20{10 + i % 30}-01-02\ninterval: {1 + i % 3}m\n---\n# P {i}\n"


def limited(n, registers, figures):
    """Pages with numbers, days and periods, and registers and figures that list them by limits."""
    text = 'title = "R"\nkind = "k"\ncolumns = ["score", "until"]\n' + LIMITS
    text += "".join(f'[[figures]]\nlabel = "f{i}"\n{LIMITS}' for i in range(figures))
    more = {f"registers/r{i}.toml": text for i in range(registers)}
    return pages(n, scored, more=more | {"kinds/k.toml": SCORED})


def pages(n, text, name=lambda i: f"content/p{i}.md", settings=SETTINGS, more=None):
    return handbook({name(i): text(i) for i in range(n)} | (more or {}), settings)


def front(line):
    """Front matter with so many entries; beyond its limits it is an error."""
    return lambda n: handbook({"content/a.md": "---\n" + "".join(line.replace("{i}", str(i)) for i in range(n)) + "---\n# A\n"})


def front_list(key, item):
    return lambda n: handbook({"content/a.md": f"---\n{key}: [" + ", ".join(item.replace("{i}", str(i)) for i in range(n)) + "]\n---\n# A\n"})


def rules(n):
    return "groups:\n  - name: g\n    rules:\n" + "".join(
        f"      - alert: A{i}\n        expr: up == 0\n        labels: {{severity: page}}\n        annotations: {{summary: s{i}}}\n" for i in range(n)
    )


def lights(n):
    days = ", ".join(f'"2026-10-{d:02}": 99.{d}' for d in range(1, 31))
    entries = ",".join(f'{{"service": "s{i}", "success": 99.5, "days": {{{days}}}}}' for i in range(n))
    return f'{{"provider": "P", "measured_at": "2026-11-20T00:00:00Z", "lights": [{entries}]}}'


def status_page(n):
    parts = ",".join(f'{{"id": "c{i}", "displayName": "c{i}"}}' for i in range(n))
    incidents = ",".join(
        f'{{"id": "i{i}", "beganAt": "2026-11-01T00:00:00Z", "affects": [{{"reference": "c{i}", "severity": {i % 101}}}]}}' for i in range(n)
    )
    return f'{{"provider": "P", "measured_at": "2026-11-20T00:00:00Z", "components": [{parts}], "incidents": [{incidents}]}}'


def framework(n):
    head = 'name = "F"\nedition = "2026"\n'
    return head + "".join(f'[[controls]]\nid = "A-{i}"\ntitle = "T {i}"\n' for i in range(n))


def svg(element):
    def made(n):
        body = "".join(element.replace("{i}", str(i)) for i in range(n))
        return handbook({"content/a.md": "# A\n\n![x](x.svg)\n", "content/x.svg": f'<svg xmlns="http://www.w3.org/2000/svg">{body}</svg>'})

    return made


def mermaid(head, line):
    def made(n):
        body = "".join(line.replace("{i}", str(i)) for i in range(n))
        return handbook({"content/a.md": f"# A\n\n```mermaid\n{head}\n{body}```\n"})

    return made


def deep(n):
    """One page in so many folders."""
    return handbook({"content/" + "d/" * n + "x.md": "# X\n"})


def deep_pages(n):
    """A page in each of so many folders."""
    return handbook({"content/" + "d/" * i + "x.md": "# X\n" for i in range(n)})


def chain(n):
    """Texts that include each other one after the other."""
    files = {f"content/_c{i}.md": f"a\n\n::include _c{i + 1}.md\n" for i in range(n)}
    return handbook({"content/a.md": "# A\n\n::include _c0.md\n", f"content/_c{n}.md": "end\n"} | files)


def tree(n):
    """Texts that include the next one twice."""
    files = {f"content/_c{i}.md": f"::include _c{i + 1}.md\n\n::include _c{i + 1}.md\n" for i in range(n)}
    return handbook({"content/a.md": "# A\n\n::include _c0.md\n", f"content/_c{n}.md": "end\n"} | files)


PARTS = "# B\n\n" + "".join(f"## S{i}\n\ntext {i}\n\n" for i in range(30_000))

# Name: (size, generator).
HANDBOOKS = {
    "pages": (250, lambda n: pages(n, lambda i: f"# Page {i}\n\nText.\n")),
    "pages that link each other": (100, lambda n: pages(n, lambda i: f"# P {i}\n\n" + "".join(f"[a](p{(i + j) % n}.md) " for j in range(30)))),
    "pages that all link one": (250, lambda n: pages(n, lambda i: f"# P {i}\n\n[a](p0.md)\n")),
    "pages with one title": (250, lambda n: pages(n, lambda i: "# Same\n")),
    "pages with tags of their own": (250, lambda n: pages(n, lambda i: f"---\ntags: [t{i}]\n---\n# P {i}\n")),
    "pages with one tag": (250, lambda n: pages(n, lambda i: f"---\ntags: [t]\n---\n# P {i}\n")),
    "pages with aliases": (250, lambda n: pages(n, lambda i: f"---\naliases: [/old/{i}/]\n---\n# P {i}\n")),
    "aliases in conflict": (250, lambda n: pages(n, lambda i: f"---\naliases: [/old/]\n---\n# P {i}\n")),
    "pages with a broken link each": (750, lambda n: pages(n, lambda i: f"# P {i}\n\n[a](nothing-{i}.md)\n")),
    "broken links of one page among many": (750, lambda n: pages(n, lambda i: f"# P {i}\n", more={"content/z.md": "# Z\n\n" + "".join(f"[a](nothing-{i}.md) " for i in range(n))})),
    "broken links to long names": (250, lambda n: pages(n, lambda i: f"# P {i}\n\n[a]({'n' * 150}-{i}.md)\n", name=lambda i: f"content/{'m' * 150}{i}.md")),
    "broken anchors among many headings": (2000, lambda n: handbook({"content/a.md": "# A\n\n" + "".join(f"[a](#nothing-{i}) " for i in range(n)) + "\n\n" + "".join(f"## Part {i}\n\n" for i in range(n))})),
    "wrong references among many ids": (500, lambda n: pages(n, lambda i: f"---\nkind: runbook\nid: RB-{i}\nrelated: [RX-{i}]\n---\n# P {i}\n")),
    "missing images among many files": (500, lambda n: handbook({"content/a.md": "# A\n\n" + "".join(f"![a](missing-{i}.png) " for i in range(n))} | {f"content/file-{i}.txt": "a" for i in range(n)})),
    "folders": (250, lambda n: pages(n, lambda i: f"# P {i}\n", name=lambda i: f"content/f{i}/_index.md")),
    "depth of folders": (50, deep),
    "depth of folders with pages": (50, deep_pages),
    "files": (500, lambda n: handbook({"content/a.md": "# A\n\n" + "".join(f"[a](f{i}.txt) " for i in range(n))} | {f"content/f{i}.txt": "a" for i in range(n)})),
    "the same text included": (100, lambda n: handbook({"content/a.md": "# A\n\n" + "::include _p.md\n\n" * n, "content/_p.md": "text\n\n" * 2000})),
    "a long text included": (50, lambda n: handbook({"content/a.md": "# A\n\n" + "::include _p.md\n\n" * n, "content/_p.md": "x" * 1_000_000})),
    "a long file included as code": (25, lambda n: handbook({"content/a.md": "# A\n\n" + "::include p.txt\n\n" * n, "content/p.txt": "x y\n" * 250_000})),
    "one section of many": (50, lambda n: handbook({"content/a.md": "# A\n\n" + "::include b.md#s7\n\n" * n, "content/b.md": PARTS})),
    "sections of many": (50, lambda n: handbook({"content/a.md": "# A\n\n" + "".join(f"::include b.md#s{i}\n\n" for i in range(n)), "content/b.md": PARTS})),
    "missing sections of many": (50, lambda n: handbook({"content/a.md": "# A\n\n" + "".join(f"::include b.md#x{i}\n\n" for i in range(n)), "content/b.md": PARTS})),
    "pages that include one section each": (25, lambda n: pages(n, lambda i: f"# P {i}\n\n::include b.md#s{i}\n", more={"content/b.md": PARTS})),
    "includes of includes": (4, chain),
    "includes that double": (3, tree),
    "keys of front matter": (200, front("k{i}: v\n")),
    "values of front matter": (200, front_list("tags", "t{i}")),
    "aliases of one page": (200, front_list("aliases", "/a{i}/")),
    "brackets in YAML": (2000, lambda n: handbook({"content/a.md": "---\nx: " + "[" * n + "\n---\n# A\n"})),
    "anchors in YAML": (200, lambda n: handbook({"content/a.md": "---\nx: &a [1]\ny: [" + ", ".join(["*a"] * n) + "]\n---\n# A\n"})),
    "lines of YAML text": (200, lambda n: handbook({"content/a.md": "---\ndescription: |\n" + "  a\n" * n + "---\n# A\n"})),
    "quotes in YAML": (2000, lambda n: handbook({"content/a.md": '---\ntitle: "' + '\\"' * n + '"\n---\n# A\n'})),
    "comments in YAML": (2000, front("# a{i}\n")),
    "keys of settings": (500, lambda n: handbook({"content/a.md": "# A\n"}, SETTINGS + "".join(f"k{i} = 1\n" for i in range(n)))),
    "rules of settings": (500, lambda n: handbook({"content/a.md": "# A\n"}, SETTINGS + "[rules]\n" + "".join(f'"x.y{i}" = "off"\n' for i in range(n)))),
    "tables of settings": (500, lambda n: handbook({"content/a.md": "# A\n"}, SETTINGS + "".join(f"[t{i}]\n" for i in range(n)))),
    "menu of settings": (500, lambda n: handbook({"content/a.md": "# A\n"}, SETTINGS + "x = [" + "[" * n + "]" * n + "]\n")),
    "alert rules": (500, lambda n: handbook({"data/a.yml": rules(n)})),
    "alert rules with runbooks": (250, lambda n: pages(n, lambda i: f"---\nkind: runbook\nalerts: [A{i}]\n---\n# P {i}\n", more={"data/a.yml": rules(n)})),
    "unknown alerts": (250, lambda n: pages(n, lambda i: f"---\nkind: runbook\nalerts: [B{i}]\n---\n# P {i}\n", more={"data/a.yml": rules(n)})),
    "lights": (500, lambda n: handbook({"data/health/a.json": lights(n)})),
    "incidents of a status page": (500, lambda n: handbook({"data/health/a.json": status_page(n)})),
    "rule files": (100, lambda n: handbook({f"data/a{i}.yml": rules(5).replace("alert: A", f"alert: F{i}x") for i in range(n)})),
    "brackets in rule files": (5000, lambda n: handbook({"data/a.yml": "groups: " + "[" * n})),
    "controls": (500, lambda n: handbook({"data/controls/f.toml": framework(n)})),
    "references to controls": (200, lambda n: pages(n, lambda i: "---\ncontrols: [f:2026/A-1, f:2026/X-1]\n---\n# P\n", more={"data/controls/f.toml": framework(n)})),
    "minutes": (100, lambda n: pages(n, lambda i: f"---\nkind: minutes\ndate: 20{10 + i // 300}-{1 + i // 28 % 12:02}-{1 + i % 28:02}\n---\n# M {i}\n\n- AI @ops: check the disk {i % 7}\n- Decision: we buy {i}\n", name=lambda i: f"content/minutes/m{i}.md")),
    "action items of many minutes": (100, lambda n: pages(n, lambda i: f"---\nkind: minutes\ndate: 20{10 + i // 300}-{1 + i // 28 % 12:02}-{1 + i % 28:02}\n---\n# M {i}\n\n" + "".join(f"- AI @ops: check disk {j} of rack {i}\n" for j in range(20)), name=lambda i: f"content/minutes/m{i}.md")),
    "analyses": (100, lambda n: pages(n, lambda i: f"---\nkind: rca\nservices: [A{i % 5}]\nseverity: high\n---\n# R {i}\n\n## Timeline\n\n| Time | Event |\n|---|---|\n| 10:00 | a |\n", name=lambda i: f"content/rcas/r{i}.md")),
    "runbooks": (100, lambda n: pages(n, lambda i: f"---\nkind: runbook\nid: RB-{i}\n---\n# R {i}\n\n## Fix\n\n```sh\nrm -rf /tmp/x\n```\n", name=lambda i: f"content/runbooks/r{i}.md")),
    # At four times this size the file is nearly as large as it may be.
    "sets of values": (350, lambda n: handbook({"data/values/a.toml": sets(n), "content/a.md": SET_PAGE})),
    "pages that offer sets": (100, lambda n: pages(n, lambda i: SET_PAGE, more={"data/values/a.toml": sets(50)})),
    "files of sets": (25, lambda n: handbook({f"data/values/l{i}.toml": sets(3) for i in range(n)} | {"content/a.md": SET_PAGE})),
    "values of a set": (100, one_set),
    "pages with a list of sets each": (100, set_of_each_page),
    "pages with a term each": (100, term_of_each_page),
    "pages that use a glossary": (100, lambda n: pages(n, lambda i: f"# P\n\nTerm{i % 500} and Term{i * 7 % 500} are explained.\n", settings=WORDS, more={B: "# B\n\n" + "".join(f"### Term{i}\n\na\n\n" for i in range(500))})),
    "signatories": (100, lambda n: handbook({"content/a.md": manifesto(n)})),
    "signatories with evidence": (50, lambda n: handbook({"content/a.md": manifesto(n, ", evidence: [_index.md]")})),
    "manifestos": (100, lambda n: pages(n, lambda i: manifesto(20))),
    "pages within limits": (250, lambda n: limited(n, 1, 3)),
    "registers with limits": (25, lambda n: limited(50, n, 3)),
    "figures with limits": (100, lambda n: limited(50, 1, n)),
    "duties": (250, lambda n: pages(n, lambda i: "---\ninterval: 1m\nlast_run: 2026-11-21\n---\n# P\n")),
    "kinds": (50, lambda n: handbook({f"kinds/k{i}.toml": f'name = "k{i}"\ntitle = "K {i}"\n' for i in range(n)})),
    "fields of a kind": (200, lambda n: handbook({"kinds/k.toml": 'title = "K"\n' + "".join(f'[fields.f{i}]\ntype = "text"\n' for i in range(n)), "content/a.md": "---\nkind: k\n---\n# A\n"})),
    "elements of SVG": (20_000, svg('<rect x="{i}" y="1"/>')),
    "groups of SVG": (20_000, svg("<g>")),
    "attributes of SVG": (20_000, svg("<a ")),
    "styles of SVG": (5_000, svg("<style>.a{i} { fill: url(#b) }</style>")),
    "comments of SVG": (20_000, svg("<!-- a -->")),
    "open CDATA of SVG": (20_000, svg("<![CDATA[")),
    "namespaces of SVG": (5_000, svg('<a xmlns:n{i}="http://a/{i}" n{i}:b="c"/>')),
    "nodes of a flowchart": (50, mermaid("flowchart TD", "a{i} --> b{i}\n")),
    "a chain in a flowchart": (50, mermaid("flowchart LR", "a{i} --> a{i}1\n")),
    "messages of a sequence": (100, mermaid("sequenceDiagram", "A->>B: m{i}\n")),
    "states": (50, mermaid("stateDiagram-v2", "s{i} --> t{i}\n")),
    "classes": (50, mermaid("classDiagram", "A{i} <|-- B{i}\n")),
    "entities of a diagram": (50, mermaid("erDiagram", "A{i} ||--o{ B{i} : has\n")),
    "bars of a Gantt chart": (100, mermaid("gantt", "  t{i} : 2026-01-01, 3d\n")),
    "slices": (100, mermaid("pie", '  "s{i}" : 3\n')),
    "commits": (50, mermaid("gitGraph", "commit\n")),
    "ideas of a mind map": (50, mermaid("mindmap\n  root", "    i{i}\n")),
    "events of a timeline": (50, mermaid("timeline", "  20{i} : e\n")),
    "small diagrams": (25, lambda n: handbook({"content/a.md": "# A\n\n" + "".join(f"```mermaid\nflowchart TD\n  a{i} --> b\n```\n\n" for i in range(n))})),
    "embedded PNG text": (20_000, lambda n: handbook({"content/a.md": "# A\n\n[a](x.pdf)\n", "content/x.pdf": "%PDF-1.4\n" + "1 0 obj\n<< /A 1 >>\nendobj\n" * n})),
    "patterns of paths": (50, lambda n: pages(n, lambda i: f"# P {i}\n", settings=SETTINGS + "[visibility.paths]\n" + "".join(f'"content/p{i}.md" = "internal"\n' for i in range(n)))),
    "stars of one pattern": (5, lambda n: handbook({"content/" + "a" * 60 + "b.md": "# A\n"}, SETTINGS + '[visibility.paths]\n"content/' + "*a" * n + '" = "internal"\n')),
    "hidden pages that are linked": (250, lambda n: pages(n, lambda i: f"---\nvisibility: {'internal' if i % 2 else 'public'}\n---\n# P {i}\n\n[a](p{(i + 1) % n}.md)\n")),
    "templates of the theme": (50, lambda n: handbook({f"theme/x{i}.css": "a { color: red }\n" for i in range(n)})),
    "texts of the theme": (200, lambda n: handbook({"theme/strings/en.toml": "".join(f'k{i} = "v"\n' for i in range(n))})),
}
