//! The keys of definitions: kinds of pages and registers.
//!
//! `kinds` and `registers` read them.

use super::file_keys::KeyForm::{
    Again, Any, AnyNumber, Choice, Flag, Map, Named, Number, Pattern, Table, Tables, Text, Texts,
};
use super::file_keys::{FileKey, key, only};
use super::{FileSchema, SchemaScope};

pub(super) const KIND: FileSchema = FileSchema {
    name: "kind",
    title: "Kind of pages",
    help: "The fields and sections of a kind of pages, named after the file.",
    folder: SchemaScope::Kinds,
    files: "*.toml",
    keys: only(&[
        key("title", Text, "The name that readers see. Default: the file's name."),
        key("plural", Text, "The plural that readers see."),
        key("help", Text, "The purpose of the kind, one sentence."),
        key("like", Text, "Another kind whose fields, sections and other settings this kind has, too."),
        key("folder", Text, "Where `opsbook new` puts pages, in the content folder."),
        key("dated", Flag, "Whether file names begin with the day.").or("false"),
        key("plain_names", Flag, "Whether file names may have lower-case letters, digits and `-` only.")
            .or("false"),
        key("order", Choice(&["newest", "oldest", "title"]), "How a section sorts its pages of this kind."),
        key("checklist", Flag, "Whether readers can tick the steps of its pages.").or("false"),
        key("home", Choice(&["broken", "work", "learned", "agreed", "who"]), "Its area of the home page."),
        key("opening", Text, "Advice on the text before the first section."),
        key("template", Text, "The template of your theme for pages of this kind."),
        key("review_every", Pattern("^[0-9]{1,4}[dwmy]$"), "How long a review holds, such as `6m`."),
        key("linked_as", Text, "The label for links from pages of this kind, on their target pages."),
        key("search_weight", Number(0.1, 3.0), "How much its pages count in search results.").or("1"),
        key("known_as", Texts, "Other words for the kind, which `opsbook new` and `check` correct."),
        key("registers", Texts, "The data that is read from its pages, such as `actions`."),
        key("let_through", Texts, "Keys of front matter that are accepted and ignored."),
        key(
            "aliases",
            Map(&Map(&Text)),
            "Other names of the kind, each with the values of fields that it sets.",
        ),
        key("fields", Named("field", FIELD), "The fields, in the order of pages."),
        key("translations", Map(&Table(KIND_WORDS)), "The words of the kind in other languages."),
        key("sections", Tables(SECTION), "The sections, in the order of new pages."),
        key("lists", Tables(LIST), "What a page lists after its text."),
    ]),
};

/// The values of `type`.
const TYPES: &[&str] = &[
    "text",
    "choice",
    "flag",
    "number",
    "date",
    "time",
    "period",
    "url",
    "license",
    "control",
    "calendar-event",
    "page",
    "file",
    "record",
    "map",
];

const FIELD: &[FileKey] = &[
    key("type", Choice(TYPES), "The type of the value.").or("\"text\""),
    key("values", Any, "The values of a choice: a list, or a table with a help text for each value."),
    key("fields", Again("field"), "The fields of a record."),
    key("list", Flag, "Whether it holds several values.").or("false"),
    key("required", Any, "`true`, or a condition: `{ status = [\"stable\"] }`.").or("false"),
    key("wanted", Any, "The same, for a field whose absence is a warning.").or("false"),
    key("forbidden", Any, "When the field must not be there: `{ status = [\"draft\"] }`.").or("false"),
    key("not_before", Text, "For a date or a time: the field with one that must not be after it."),
    key("day_of", Text, "For a date: the field with a time that must be on that day."),
    key("least", AnyNumber, "For a number: the least value, a whole number."),
    key("most", AnyNumber, "For a number: the greatest value, a whole number."),
    key("in_name", Flag, "For a date: whether file names begin with it.").or("false"),
    key("by", Text, "For a choice: the field for the name in a value such as `superseded by NAME`."),
    key("default", Text, "The value of an absent field."),
    key("help", Text, "The meaning of the field, one sentence."),
    key("example", Text, "An example for new pages and messages."),
    key("label", Text, "The label before the value. Default: the name."),
    key("also", Texts, "Other spellings of the key."),
    key("after", Text, "The existing field that it follows."),
    key("shown", Flag, "Whether the page shows it.").or("true"),
    key("empty", Text, "The text in place of an absent field."),
    key("expires", Flag, "For a date: whether the page or record ends once the day is past.").or("false"),
    key("lead", Flag, "Whether it is in the strip at the top of the page.").or("false"),
    key("facet", Flag, "Whether readers can filter a search by it.").or("false"),
    key("marks", Map(&Texts), "For a choice: values that the program knows the meaning of."),
    key(
        "computed",
        Tables(COMPUTED),
        "For a choice or a date: values that follow from dates and other fields.",
    ),
    key("grouped_by", Text, "For a list of records: a choice in them that divides the table."),
    key("invite", Text, "For a list of records: the text of a link with which readers add one."),
    key(
        "invite_section",
        Text,
        "For a list of records: the section of the page that says how readers add one.",
    ),
    key("board", Flag, "For a list of records: whether the browser shows them as a board, too.").or("false"),
];

const COMPUTED: &[FileKey] = &[
    key("value", Text, "For a choice: the value."),
    key("day", Text, "For a date: the date field that the value is taken from."),
    key("plus", Text, "For a date: the field with the period that is added to the day."),
    key("where", Map(&Texts), "Other fields, each with the values that it may have."),
    key("from", Text, "The date field from which on the value holds."),
    key("after", Text, "The date field after which the value holds."),
    key("before", Text, "The date field before which the value holds."),
    key("until", Text, "The date field until which the value holds."),
];

const SECTION: &[FileKey] = &[
    key("heading", Text, "The heading.").required(),
    key("also", Texts, "Other headings that mean the same."),
    key("required", Any, "`true`, or a condition: `{ status = [\"stable\"] }`.").or("false"),
    key("help", Text, "What to write there, one sentence."),
    key("after", Text, "The existing section that it follows."),
    key("text", Text, "Its Markdown in a new page."),
    key("offered", Flag, "Whether a new page has it although it is not required.").or("false"),
    key("blameless", Flag, "Whether its text must not seek a cause in people.").or("false"),
];

const LIST: &[FileKey] = &[
    key("title", Text, "The heading.").required(),
    key("kinds", Texts, "The kinds of the pages."),
    key("kind", Texts, "Another spelling of `kinds`."),
    key("field", Text, "The field in which other pages name this one."),
    key("shows", Text, "A field of these pages whose values are listed instead."),
    key("below", Text, "A field of this page with another page, whose children are listed."),
    key("actions", Flag, "Whether open actions of this owner are counted.").or("false"),
];

const KIND_WORDS: &[FileKey] = &[
    key("title", Text, "The name of the kind."),
    key("plural", Text, "The plural."),
    key("help", Text, "The purpose of the kind, one sentence."),
    key("linked_as", Text, "The label for links from pages of this kind."),
    key("fields", Map(&Text), "Labels of fields."),
    key("values", Map(&Map(&Any)), "Values of choices, by field: a name, or `name` and `help`."),
    key("empty", Map(&Text), "Texts in place of absent fields."),
    key("lists", Map(&Text), "Headings of lists."),
    key("invite", Map(&Text), "Texts of links with which readers add a record."),
];

pub(super) const REGISTER: FileSchema = FileSchema {
    name: "register",
    title: "Register",
    help: "A table of pages with their fields, named after the file.",
    folder: SchemaScope::Registers,
    files: "*.toml",
    keys: only(&[
        key("title", Text, "The title of the page. Default: the file's name."),
        key("help", Text, "A description in one or two sentences."),
        key("label", Text, "A word for a page of one value (`each`), or for an entry (`entries`)."),
        key("kind", Texts, "The kinds of the listed pages. Default: all."),
        key("kinds", Texts, "Another spelling of `kind`."),
        key(
            "filter",
            Map(&Any),
            "Which pages are listed, by field: its values, or `{ set = true }`, `{ least = 7 }`, `{ most = \"today\" }`.",
        ),
        key("columns", Texts, "Fields, in the order of the columns."),
        key("group", Text, "The field whose values divide the page into tables."),
        key("sort", Texts, "Fields to sort by; `-` before a field puts the largest first."),
        key("each", Text, "A field. Each of its values has a page of its own."),
        key("calendar", Text, "The field with the due date, for a calendar."),
        key("graph", Text, "A field of type `page` that is drawn as a graph."),
        key("feed", Flag, "Whether there is a feed of the listed pages.").or("false"),
        key("home", Flag, "With `each`: whether the home page counts the pages of each value.").or("false"),
        key("entries", Table(ENTRIES), "What the texts of pages say, listed instead of the pages."),
        key("appointments", Table(APPOINTMENTS), "The fields with the begin and the end of events."),
        key("labels", Map(&Text), "Headings of columns, by field."),
        key("figures", Tables(FIGURE), "Numbers above the tables."),
        key("translations", Map(&Table(REGISTER_WORDS)), "The words of the register in other languages."),
    ]),
};

const ENTRIES: &[FileKey] = &[
    key("below", Texts, "Headings. Each item of a list below one is an entry."),
    key("labels", Texts, "Labels. The text after a label and a colon is an entry."),
];

const APPOINTMENTS: &[FileKey] = &[
    key("begin", Texts, "The field with the begin.").required(),
    key("end", Texts, "The field with the end."),
];

const FIGURE: &[FileKey] = &[
    key("label", Text, "The words beside the number.").required(),
    key("tone", Choice(&["good", "warn", "bad"]), "What it means if the number is not zero."),
    key("filter", Map(&Any), "Which pages are counted, by field, as for the register."),
];

const REGISTER_WORDS: &[FileKey] = &[
    key("title", Text, "The title of the page."),
    key("help", Text, "A description in one or two sentences."),
    key("label", Text, "A word for a page of one value."),
    key("labels", Map(&Text), "Headings of columns, by field."),
    key("figures", Map(&Text), "Words beside numbers, by their English words."),
];
