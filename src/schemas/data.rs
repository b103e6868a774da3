//! The keys of files in the data folder: people, calendars, frameworks of controls, health data.
//!
//! `people`, `calendar`, `controls` and `health` read them. Rule files have the form of Prometheus, for which others keep a
//! schema.

use super::file_keys::KeyForm::{
    Any, AnyNumber, Choice, Map, Number, OpenTables, Pattern, Table, Tables, Text, Texts,
};
use super::file_keys::{FileKey, FileKeys, KeyForm, OtherKeys, key, only};
use super::{FileSchema, SchemaScope};

pub(super) const PEOPLE: FileSchema = FileSchema {
    name: "people",
    title: "People and teams",
    help: "The spellings of one name, so that owners and actions count as those of one person or team.",
    folder: SchemaScope::Data,
    files: "people.yaml",
    keys: only(&[key("people", Tables(PERSON), "People and teams.")]),
};

const PERSON: &[FileKey] = &[
    key("name", Text, "The name that readers see.").required(),
    key("also", Texts, "Other spellings, and the handles that forges know.").or("[]"),
];

pub(super) const FRAMEWORK: FileSchema = FileSchema {
    name: "controls",
    title: "Framework of controls",
    help: "Controls that pages refer to, such as `c5:2020/SIM-03`.",
    folder: SchemaScope::Data,
    files: "controls/*.toml",
    keys: only(&[
        key("id", NAME, "The first part of references: `c5`.").required(),
        key("edition", NAME, "The edition of the framework: `2020`.").required(),
        key("title", Text, "The name of the framework.").required(),
        key("publisher", Text, "Who publishes the framework."),
        key("url", Pattern(r"^https?://\S+$"), "The address of the framework in the web."),
        key("areas", Tables(AREA), "Groups of controls."),
        key("controls", Tables(CONTROL), "The controls.").required(),
    ]),
};

/// A name in references and addresses.
const NAME: KeyForm = Pattern("^[a-z0-9.-]+$");

const AREA: &[FileKey] = &[
    key("id", Text, "What the ids of its controls begin with: `DOOR`.").required(),
    key("title", Text, "The name of the area.").required(),
];

const CONTROL: &[FileKey] = &[
    key("id", Pattern("^[A-Za-z0-9._-]+$"), "The last part of references: `SIM-03`.").required(),
    key("title", Text, "What the control asks for, in short.").required(),
    key("area", Text, "The id of its area. Default: the area whose id its own id begins with."),
];

pub(super) const CALENDAR: FileSchema = FileSchema {
    name: "calendar",
    title: "Calendar",
    help: "Events that take place once or again and again, in the form of yaml2ics.",
    folder: SchemaScope::Data,
    files: "calendar/*.yaml",
    keys: FileKeys {
        keys: &[
            key("name", Text, "The name of the calendar for those who subscribe."),
            key("timezone", Text, "The time zone of all events, such as `Europe/Berlin`.").or("\"UTC\""),
            key("include", Texts, "Other files, relative to this one, whose events belong to this calendar."),
            key("events", OpenTables(EVENT), "The events."),
        ],
        others: OtherKeys::LetPass,
        unless: None,
    },
};

const EVENT: &[FileKey] = &[
    key("summary", Text, "The title. Events with the same title share a page."),
    key("name", Text, "Another spelling of `summary`."),
    key("description", Text, "A text."),
    key("location", Text, "The room, or its address."),
    key("url", Text, "An address in the web."),
    key("uid", Text, "The id that subscribers know the event by."),
    key("begin", MOMENT, "The first time, such as `2026-09-14 15:05:00`; a date alone for whole days.")
        .required(),
    key("end", MOMENT, "The end, or the last day."),
    key("duration", Map(&AnyNumber), "How long it lasts: `{hours: 1, minutes: 30}`."),
    key("timezone", Text, "The time zone of this event."),
    key("repeat", Table(REPEAT), "When it takes place again."),
];

/// A day, or a time with or without an offset.
const MOMENT: KeyForm = Pattern(r"^\d{4}-\d{2}-\d{2}");

const REPEAT: &[FileKey] = &[
    key(
        "interval",
        Map(&Number(1.0, 65_535.0)),
        "One of `{days: N}`, `{weeks: N}`, `{months: N}`, `{years: N}`.",
    )
    .required(),
    key("until", MOMENT, "The last day. Without it the event repeats without end."),
    key("except_on", Texts, "Days or times on which it does not take place."),
    key("also_on", Texts, "Days or times on which it takes place besides."),
];

pub(super) const HEALTH: FileSchema = FileSchema {
    name: "health",
    title: "Health data",
    help: "Measurements and incidents for the traffic lights of services.",
    folder: SchemaScope::Data,
    files: "health/*.json",
    keys: FileKeys {
        keys: &[
            key("provider", Text, "Whose services these are."),
            key("source", Text, "Who or what measured."),
            key("measured_at", TIME, "When, with an offset."),
            key("stale_after_days", DAYS, "For how many days after its own a measurement counts.").or("1"),
            key(
                "thresholds",
                Table(THRESHOLDS),
                "From which success in per cent a light is green and orange.",
            ),
            key("lights", Tables(LIGHT), "One light for each service."),
            key("incidents", Tables(INCIDENT), "What happened."),
        ],
        others: OtherKeys::Refuse,
        // The answers of a status page have the form of its interface.
        unless: Some("components"),
    },
};

/// A time with its offset.
const TIME: KeyForm =
    Pattern(r"^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?([Zz]|[+-]\d{2}(:?\d{2})?)$");

const DAYS: KeyForm = Number(0.0, 366.0);

const PERCENT: KeyForm = Number(0.0, 100.0);

const THRESHOLDS: &[FileKey] = &[
    key("green", PERCENT, "From this success on a light is green.").required(),
    key("orange", PERCENT, "From this success on a light is orange.").required(),
];

const LIGHT: &[FileKey] = &[
    key("provider", Text, "Whose service it is, if the file does not say so."),
    key("service", Text, "The service, as customers call it.").required(),
    key("success", PERCENT, "Success in per cent; or `requests` and `failed`."),
    key("requests", AnyNumber, "The number of requests."),
    key("failed", AnyNumber, "How many of the requests failed."),
    key("values", Map(&Any), "Up to 50 further numbers, by their names."),
    key("measured_at", TIME, "When, with an offset."),
    key("stale_after_days", DAYS, "For how many days after its own the measurement counts."),
    key("thresholds", Table(THRESHOLDS), "Other limits for this light."),
    key("days", Map(&PERCENT), "The success of each day in per cent."),
];

const INCIDENT: &[FileKey] = &[
    key("id", Text, "The permanent name.").required(),
    key("title", Text, "What readers see. Default: the id."),
    key("provider", Text, "Whose incident it is, if the file does not say so."),
    key("services", Texts, "The services that were affected."),
    key("service", Texts, "Another spelling of `services`."),
    key("began_at", TIME, "When it began.").required(),
    key("ended_at", TIME, "When it ended. Without an end it is not over."),
    key("level", Choice(&["green", "orange", "red"]), "How bad it is or was."),
    key("phase", Text, "How far the repair is."),
    key("update", Text, "What was said last."),
];
