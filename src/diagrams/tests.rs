//! Diagrams of every type, invalid ones, and hostile ones.
//!
//! Owns what must hold for everything that [`super::draw`] returns: only the elements and attributes below, well
//! formed, in colours that can be read.

use proptest::prelude::*;

use super::colour::{Colour, TEXT_CONTRAST};
use super::drawing::{DrawnShape, PaintColour};
use super::problem::Reason;
use super::{Drawing, DrawingCache, MarkupPiece, contrast, draw, pieces};
use crate::memo::Digest;
use crate::source::position;

/// The elements and attributes that a page may have.
const ELEMENTS: &[&str] = &[
    "svg", "title", "desc", "defs", "marker", "rect", "ellipse", "line", "polygon", "polyline", "path",
    "text", "tspan", "a",
];
const ATTRIBUTES: &[&str] = &[
    "class",
    "role",
    "aria-labelledby",
    "width",
    "height",
    "viewBox",
    "id",
    "refX",
    "refY",
    "markerWidth",
    "markerHeight",
    "markerUnits",
    "orient",
    "x",
    "y",
    "rx",
    "ry",
    "cx",
    "cy",
    "x1",
    "y1",
    "x2",
    "y2",
    "points",
    "d",
    "font-size",
    "font-weight",
    "font-style",
    "text-anchor",
    "dominant-baseline",
    "transform",
    "fill",
    "stroke",
    "stroke-width",
    "stroke-dasharray",
    "opacity",
    "marker-start",
    "marker-end",
];

/// One diagram of each type, with a word that it shows.
const SORTS: &[(&str, &str)] = &[
    (
        "flowchart TD\n A([Alert]) -->|yes| B{Linked?}\n B -.-> C[(Log)]\n subgraph s [Later]\n D((Review))\n end\n C ==> D",
        "Linked?",
    ),
    ("graph LR\n A --> B[Two<br/>lines]", "lines"),
    (
        "sequenceDiagram\n autonumber\n actor U as User\n U->>+A: GET /x?y=1\n Note right of A: note\n alt found\n A-->>-U: 200\n else\n A--xU: no\n end",
        "GET /x?y=1",
    ),
    (
        "classDiagram\n Animal <|-- Duck\n Animal : +int age\n class Duck{\n +swim()\n }\n Duck \"1\" --> \"*\" Egg : lays",
        "+swim()",
    ),
    (
        "stateDiagram-v2\n [*] --> Still\n Still --> Moving : push\n state Moving {\n [*] --> slow\n }\n note right of Still : hint",
        "hint",
    ),
    ("erDiagram\n CUSTOMER ||--o{ ORDER : places\n CUSTOMER {\n string name PK \"the name\"\n }", "places"),
    (
        "gantt\n title Plan\n dateFormat YYYY-MM-DD\n section One\n Task :a1, 2026-01-01, 30d\n Gate :milestone, 2026-02-01, 0d",
        "Task",
    ),
    ("timeline\n title History\n 2002 : LinkedIn\n 2004 : Facebook : Google", "LinkedIn"),
    ("mindmap\n root((mind))\n  Origins\n   Long history", "Long history"),
    (
        "gitGraph\n commit id: \"one\"\n branch dev\n checkout dev\n commit\n checkout main\n merge dev tag: \"v1\"",
        "v1",
    ),
    ("pie showData title Pets\n \"Dogs\" : 386\n \"Cats\" : 85.9", "Dogs [386]"),
    ("quadrantChart\n title Reach\n x-axis Low --> High\n y-axis Few --> Many\n A: [0.3, 0.6]", "Many"),
    ("journey\n title My day\n section Go\n Make tea: 5: Me", "Make tea"),
    ("block-beta\n columns 2\n a[\"A label\"] b\n a --> b", "A label"),
];

/// The markup, with links as a page would write them.
fn html(drawing: &Drawing) -> String {
    let part = |piece: MarkupPiece| match piece {
        MarkupPiece::Html(html) => html,
        MarkupPiece::Open(link) => format!("<a class=\"{link}\""),
        MarkupPiece::Close(_) => "</a>".to_owned(),
    };
    pieces(drawing, "d").into_iter().map(part).collect()
}

/// All texts of a drawing.
fn shown(drawing: &Drawing) -> String {
    let runs = drawing.texts().flat_map(|words| words.runs.iter().map(|run| run.text.as_str()));
    runs.collect::<Vec<_>>().join(" ")
}

#[track_caller]
fn assert_harmless(drawing: &Drawing) {
    let html = html(drawing);
    let document = roxmltree::Document::parse(&html).unwrap_or_else(|error| panic!("{error}: {html}"));
    for node in document.descendants().filter(roxmltree::Node::is_element) {
        assert!(ELEMENTS.contains(&node.tag_name().name()), "{node:?}");
        for attribute in node.attributes() {
            assert!(ATTRIBUTES.contains(&attribute.name()), "{attribute:?}");
            let sound = |c: char| c.is_ascii_alphanumeric() || " .,-#()_".contains(c);
            assert!(attribute.value().chars().all(sound), "{attribute:?}");
            let inner = attribute
                .value()
                .strip_prefix("url(")
                .map_or(attribute.value(), |id| id.strip_prefix("#d-m").unwrap());
            assert!(!inner.contains("url("), "{attribute:?}");
        }
    }
}

/// The problem as `line:column message | help`.
fn problem(source: &str) -> String {
    let problem = draw(source).unwrap_err();
    let at = position(source, problem.position.start);
    format!("{}:{} {} | {}", at.line, at.column, problem.message, problem.help)
}

#[test]
fn every_sort_of_diagram_is_drawn() {
    for (source, word) in SORTS {
        let drawing = draw(source).unwrap_or_else(|problem| panic!("{source}: {problem:?}"));
        assert!(shown(&drawing).contains(word), "{source}: {}", shown(&drawing));
        assert!(
            drawing.description.contains(word) || drawing.title.contains(word),
            "{}",
            drawing.description
        );
        assert_harmless(&drawing);
        assert_eq!(draw(source).unwrap(), drawing, "drawn twice, drawn alike");
    }
}

#[test]
fn labels_may_name_characters_in_every_sort() {
    for source in [
        "flowchart TD\n A[\"1#46; Plan #quot;x#quot;\"] --> B",
        "flowchart TD\n A -->|\"1#46; Plan #quot;x#quot;\"| B",
        "erDiagram\n A ||--o{ B : \"1#46; Plan #quot;x#quot;\"",
        "sequenceDiagram\n A->>B: 1#46; Plan #quot;x#quot;",
        "stateDiagram-v2\n a --> b: 1#46; Plan #quot;x#quot;",
        "pie title 1#46; Plan #quot;x#quot;\n \"a\" : 3",
    ] {
        let drawing = draw(source).unwrap();
        let said = [drawing.title.as_str(), " ", drawing.description.as_str()].concat();
        assert!(said.contains("1. Plan \"x\""), "{source}: {said}");
        let first = DrawingCache::default();
        first.draw(source).unwrap();
        let second = DrawingCache::with_entries(first.worth_saving().unwrap());
        second.draw(source).unwrap();
        assert!(second.worth_saving().is_none(), "drawn anew: {source}");
    }
}

#[test]
fn no_text_is_wider_than_what_it_stands_on() {
    let source =
        "flowchart TD\n A[mmmmmmmmmm WWWWWW 12345] --> B[iiiiii llll]\n B --> C[\"Überprüfung der Größe\"]";
    let drawing = draw(source).unwrap();
    let boxes: Vec<_> =
        drawing.items.iter().filter(|item| matches!(item.shape, DrawnShape::Rectangle(..))).collect();
    for text in drawing.items.iter().filter(|item| matches!(item.shape, DrawnShape::Text(_))) {
        let [left, top, right, bottom] = contrast::bounds(text).unwrap();
        let fits = |[l, t, r, b]: [f64; 4]| l <= left && t <= top && right <= r && bottom <= b;
        assert!(boxes.iter().any(|item| fits(contrast::bounds(item).unwrap())), "{text:?}");
    }
}

#[test]
fn names_come_from_the_author_or_from_the_diagram() {
    let named =
        draw("flowchart TD\n accTitle: From alert to log\n accDescr: What happens\n A --> B").unwrap();
    assert_eq!((named.title.as_str(), named.description.as_str()), ("From alert to log", "What happens"));
    let block = draw("flowchart TD\n accDescr {\n  One\n  two\n }\n A --> B").unwrap();
    assert_eq!(block.description, "One two");
    let plain = draw("---\ntitle: Über\n---\nflowchart TD\n A[Eins] --> B[Zwei]").unwrap();
    assert_eq!((plain.title.as_str(), plain.description.as_str()), ("Über", "Eins · Zwei · Über"));
    assert_eq!(draw("%% a remark\nstateDiagram-v2\n a --> b").unwrap().title, "stateDiagram");
}

#[test]
fn grounds_of_authors_keep_their_colour_and_can_be_read_on() {
    let source = "flowchart TD\n A[dark]:::x --> B[light]\n classDef x fill:#003,color:#111\n style B fill:lightyellow,stroke:#333";
    let drawing = draw(source).unwrap();
    let fills: Vec<u32> = drawing
        .items
        .iter()
        .filter_map(|item| match item.paint.fill {
            PaintColour::Own(colour) if matches!(item.shape, DrawnShape::Rectangle(..)) => Some(colour),
            _ => None,
        })
        .collect();
    assert_eq!(fills, [0x00_00_33, 0xff_ff_e0]);
    let inks = drawing.items.iter().filter(|item| matches!(item.shape, DrawnShape::Text(_)));
    for (item, ground) in inks.zip(fills) {
        let PaintColour::Own(ink) = item.paint.fill else { panic!("{item:?}") };
        assert!(Colour::of(ink).contrast(Colour::of(ground)) >= TEXT_CONTRAST, "{ink:06x} on {ground:06x}");
    }
    let themed = draw("flowchart TD\n A[x] --> B\n style A color:#fff").unwrap();
    assert!(
        themed.texts().count() > 0 && !html(&themed).contains("#ffffff"),
        "a text on the theme's ground has its ink"
    );
}

#[test]
fn problems_say_where_and_what_helps() {
    let cases = [
        (
            "flwchart TD\n A --> B",
            "1:1 `flwchart` is not a type of diagram that can be drawn | did you mean `flowchart`?",
        ),
        (
            "flowchart TD\n  A --> B[a (b)]\n  C --> D",
            "2:3 a label has a character with a meaning in Mermaid, such as `(`, `[` or `{` | put the label in quotes: `A[\"text (more text)\"]`",
        ),
        (
            "sequenceDiagram\n  A->>B: x\n  nonsense here\n  B->>A: y",
            "3:3 `nonsense here` is not complete | see the syntax at https://mermaid.js.org/intro/syntax-reference.html",
        ),
        (
            "pie\n \"a\" : 1\n \"b\" x 2",
            "3:2 `\"b\" x 2` is not expected here | see the syntax at https://mermaid.js.org/intro/syntax-reference.html",
        ),
        (
            "",
            "1:1 the diagram is empty | begin with the type of diagram, such as `flowchart TD` or `sequenceDiagram`",
        ),
        (
            "C4Context\n title x",
            "1:1 `C4Context` is not a type of diagram that can be drawn | begin with the type of diagram, such as `flowchart TD` or `sequenceDiagram`",
        ),
    ];
    for (source, wanted) in cases {
        assert_eq!(problem(source), wanted, "{source}");
    }
}

#[test]
fn too_much_is_refused_with_words() {
    let long = format!("flowchart TD\n A[{}]", "x".repeat(1024 * 1024));
    assert!(
        problem(&long).contains("the diagram has 1048593 bytes; at most 65536 are drawn"),
        "{}",
        problem(&long)
    );
    let deep = format!("flowchart TD\n A{}x{}", "(".repeat(4000), ")".repeat(4000));
    assert!(problem(&deep).contains("deeper than"), "{}", problem(&deep));
    let groups = (0..1500).map(|at| format!("subgraph s{at}\n")).collect::<String>();
    assert!(problem(&format!("flowchart TD\n{groups}A\n{}", "end\n".repeat(1500))).contains("deeper than"));
    let many = (0..3000).map(|at| format!("a{at} --> b{at}\n")).collect::<String>();
    assert!(problem(&format!("flowchart TD\n{many}")).contains("more than 4000 nodes and lines"));
}

/// Text from hostile authors.
const PAYLOADS: &[&str] = &[
    "<img src=x onerror=alert(1)>",
    "</svg><script>alert(1)</script>",
    "javascript:alert(1)",
    "\"><svg onload=alert(1)>",
    "<style>*{display:none}</style>",
    "<a href='javascript:x'>y</a>",
    "#lt;script#gt;",
    "&lt;script&gt;",
    "]]><x>",
    "<foreignObject><body onload=x>",
    "\u{202E}txet\u{202C}",
    "\u{0}\u{8}\u{1b}[31m",
    "fill:url(http://evil.example/x)",
    "url(#x)",
    "expression(alert(1))",
    "`${x}`",
    "{{7*7}}",
    "$$\\href{javascript:x}{y}$$",
    "x\" onclick=\"y",
    "<!--",
    "&#x202E;",
];

/// Sources with each `@` in a position for such text.
const PLACES: &[&str] = &[
    "flowchart TD\n A[\"@\"] -->|\"@\"| B",
    "flowchart TD\n A[@] --> B",
    "sequenceDiagram\n A->>B: @\n Note over A: @",
    "flowchart TD\n A --> B\n style A fill:@,stroke:@",
    "flowchart TD\n A:::x\n classDef x fill:@",
    "flowchart TD\n A --> B\n click A href \"@\" \"@\"",
    "%%{init: {\"themeCSS\": \"@\", \"fontFamily\": \"@\"}}%%\nflowchart TD\n A --> B",
    "---\ntitle: \"@\"\nconfig:\n  themeVariables:\n    primaryColor: \"@\"\n---\nflowchart TD\n A --> B",
    "flowchart TD\n accTitle: @\n accDescr: @\n A",
    "pie title @\n \"@\" : 1",
    "gantt\n title @\n section @\n @ :a, 2026-01-01, 1d",
    "classDiagram\n class A[\"@\"]\n A : @",
    "stateDiagram-v2\n a : @\n a --> b : @",
    "erDiagram\n A ||--o{ B : \"@\"",
    "mindmap\n root((@))\n  @",
    "timeline\n title @\n 2020 : @",
    "gitGraph\n commit id: \"@\" tag: \"@\"",
    "journey\n title @\n section @\n @: 5: @",
    "flowchart TD\n A@{ shape: icon, icon: \"@\", label: \"@\" }",
    "flowchart TD\n A@{ img: \"@\", label: \"@\", w: 60, h: 60 }",
    "sequenceDiagram\n participant A\n link A: @ @ @\n A->>A: x",
    "block-beta\n a[\"@\"]",
    "quadrantChart\n title @\n @: [0.3, 0.6]",
];

#[test]
fn a_hostile_source_becomes_a_picture_or_a_problem() {
    let mut drawn = 0;
    for place in PLACES {
        for payload in PAYLOADS {
            if let Ok(drawing) = draw(&place.replace('@', payload)) {
                assert_harmless(&drawing);
                assert!(!shown(&drawing).contains(['\u{202E}', '\u{0}', '\u{1b}']), "{place}: {payload}");
                drawn += 1;
            }
        }
    }
    assert!(drawn > PLACES.len() * PAYLOADS.len() / 2, "most of them are plain text: {drawn}");
}

#[test]
fn what_was_drawn_is_taken_from_the_cache() {
    for (source, _) in SORTS {
        let first = DrawingCache::default();
        let drawing = first.draw(source).unwrap();
        let second = DrawingCache::with_entries(first.worth_saving().unwrap());
        assert_eq!(second.draw(source).unwrap(), drawing);
        assert!(second.worth_saving().is_none(), "drawn anew: {source}");
    }
}

/// A cache entry as on disk.
fn entry(outcome: Result<&Drawing, Reason>) -> std::sync::Arc<[u8]> {
    postcard::to_stdvec(&outcome).unwrap().into()
}

const FAILING: [&str; 5] = [
    "flowchart TD\n A[Keep (the key)] --> B",
    "flowchart TD\n A -->",
    "flowchat TD\n A --> B",
    "gantt\n",
    "pie\n \"a\" : x",
];

#[test]
fn what_cannot_be_drawn_is_not_tried_again_and_said_again() {
    for source in FAILING {
        let first = DrawingCache::default();
        let problem = first.draw(source).unwrap_err();
        assert_eq!(draw(source).unwrap_err(), problem);
        let second = DrawingCache::with_entries(first.worth_saving().unwrap());
        assert_eq!(second.draw(source).unwrap_err(), problem);
        assert!(second.worth_saving().is_none(), "tried anew: {source}");
    }
}

#[test]
fn a_forged_reason_says_nothing_but_our_own_sentences_and_the_source() {
    let source = "flowchart TD\n A[Schlüssel] --> B";
    let first = DrawingCache::default();
    first.draw(source).unwrap();
    let key: Digest = *first.worth_saving().unwrap().keys().next().unwrap();
    let places = [(0, 0), (3, 1), (18, 19), (0, u32::MAX), (u32::MAX, u32::MAX)];
    let reasons = places.iter().flat_map(|(start, end)| {
        [
            Reason::Unexpected(*start, *end),
            Reason::Meaning(0, *start, *end),
            Reason::Meaning(255, *start, *end),
        ]
    });
    for reason in reasons {
        let cache = DrawingCache::with_entries([(key, entry(Err(reason)))]);
        let problem = cache.draw(source).unwrap_err();
        assert!(source.get(problem.position.clone()).is_some(), "{problem:?}");
        assert!(!problem.message.is_empty() && problem.message.len() < 200, "{problem:?}");
    }
}

#[test]
fn a_forged_entry_is_drawn_anew() {
    let source = "flowchart TD\n A[Keep the key] --> B[Ask]\n click A href \"https://example.org/\"";
    let first = DrawingCache::default();
    let honest = first.draw(source).unwrap();
    let key: Digest = *first.worth_saving().unwrap().keys().next().unwrap();
    let say = |drawing: &mut Drawing, new: &str| {
        let text = drawing.items.iter_mut().find_map(|item| match &mut item.shape {
            DrawnShape::Text(words) if words.runs[0].text == "Keep the key" => Some(&mut words.runs[0].text),
            _ => None,
        });
        *text.unwrap() = new.to_owned();
    };
    let add_marker = |drawing: &mut Drawing| {
        let mut text =
            drawing.items.iter().find(|item| matches!(item.shape, DrawnShape::Text(_))).unwrap().clone();
        if let DrawnShape::Text(words) = &mut text.shape {
            words.runs[0].text = "Send the key to evil.example".to_owned();
        }
        drawing.markers[0].items.push(text);
    };
    let forgeries: [&dyn Fn(&mut Drawing); 6] = [
        &add_marker,
        &|drawing| say(drawing, "Send the key to evil.example"),
        &|drawing| say(drawing, "<script>alert(1)</script>"),
        &|drawing| drawing.links[0] = "https://evil.example/".to_owned(),
        &|drawing| drawing.title = "<img src=x>".to_owned(),
        &|drawing| drawing.items.iter_mut().filter(|item| item.link.is_some()).for_each(|i| i.link = Some(7)),
    ];
    for (number, forge) in forgeries.into_iter().enumerate() {
        let mut forged = (*honest).clone();
        forge(&mut forged);
        assert_ne!(forged, *honest);
        let cache = DrawingCache::with_entries([(key, entry(Ok(&forged)))]);
        assert_eq!(cache.draw(source).unwrap(), honest, "forgery {number}");
    }
}

#[test]
fn bytes_that_are_no_drawing_are_drawn_anew() {
    let source = "flowchart TD\n A[Keep the key] --> B[Ask]";
    let first = DrawingCache::default();
    let honest = first.draw(source).unwrap();
    let (key, bytes): (Digest, _) = first.worth_saving().unwrap().into_iter().next().unwrap();
    for at in 0..bytes.len() {
        let cut = DrawingCache::with_entries([(key, bytes[..at].into())]);
        let mut flipped = bytes.to_vec();
        flipped[at] ^= 0x80;
        let other = DrawingCache::with_entries([(key, flipped.into())]);
        assert_eq!(cut.draw(source).unwrap(), honest);
        assert!(shown(&other.draw(source).unwrap()).contains("Keep the key"));
    }
}

#[test]
fn whitespace_of_several_bytes_is_no_danger() {
    for space in ['\u{a0}', '\u{2001}', '\u{3000}'] {
        for (kind, _) in SORTS {
            let source = kind.replace(' ', &space.to_string());
            let failed =
                draw(&source).err().is_some_and(|problem| problem.message.contains("renderer fails"));
            assert!(!failed, "{source}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn any_text_after_a_kind_is_a_picture_or_a_problem(
        kind in 0..SORTS.len(),
        text in r#"([A-C]|-->|---|\[|\]|\(|\)|\{|\}|:|;|"|\n|\n |->>|\||subgraph |end\n|style |fill:|#[0-9a-f]{3}|<br/>|<b>|%%|@\{|classDef |:::|[0-9]{1,3}|,|\PC){0,40}"#,
    ) {
        let source = format!("{}\n{text}", SORTS[kind].0.split('\n').next().unwrap());
        match draw(&source) {
            Ok(drawing) => assert_harmless(&drawing),
            Err(problem) => {
                prop_assert!(source.get(problem.position.clone()).is_some(), "{problem:?}");
                prop_assert!(!problem.message.is_empty() && !problem.help.is_empty());
                prop_assert!(!problem.message.contains("renderer fails"), "{}: {:?}", source, problem);
            }
        }
    }

    #[test]
    fn a_whole_diagram_with_something_put_in_is_a_picture_or_a_problem(
        kind in 0..SORTS.len(),
        at in 0usize..200,
        text in r#"(\PC|[\[\](){}<>"'`;:|\\\n-]){0,12}"#,
    ) {
        let mut source = SORTS[kind].0.to_owned();
        let at = crate::source::floor_boundary(&source, at % (source.len() + 1));
        source.insert_str(at, &text);
        if let Ok(drawing) = draw(&source) {
            assert_harmless(&drawing);
        }
    }
}
