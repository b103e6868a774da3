//! The table of bounds: upper limits for everything that could take unlimited time or memory.
//!
//! Owns names, values and reasons; the guide shows this table. The rule that a bound names reports what exceeds it,
//! with its position and a way out. Bounds count bytes, levels and steps, never time: a build must not depend on the
//! speed of the machine. Everything without a bound takes time and memory in proportion to its size.
//!
//! The modules that read the inputs check the bounds.

use std::fmt;

use crate::rules::{
    ALERT_RULES, ASSET_METADATA, CALENDAR_FILE, DIAGRAM_SYNTAX, FRONT_MATTER_SIZE, FRONT_MATTER_SYNTAX,
    HEALTH_FILE, HTML_DROPPED, INCLUDE_LIMIT, INPUT_DEPTH, INPUT_NAME, INPUT_SIZE, MARKDOWN_MATH,
    MARKDOWN_NESTING, OUTPUT_NAME, OWNER_FILE, PEOPLE_FILE, RUNBOOK_VARIABLE, Rule, VALUES_FILE,
    VISIBILITY_SETTING,
};

/// One bound.
#[derive(Debug)]
pub struct Bound {
    /// The name of what is counted, as in the guide.
    pub name: &'static str,
    /// The largest amount that is allowed, in [`Bound::unit`].
    pub most: usize,
    pub unit: BoundUnit,
    /// The rule that reports what exceeds the bound.
    pub rule: &'static Rule,
    /// Why there is a bound, and why it has this value.
    pub reason: &'static str,
}

/// The unit of a bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BoundUnit {
    Bytes,
    /// Anything else, with its plural: `levels`.
    Things(&'static str),
}

impl Bound {
    /// Whether `amount` is more than the bound allows. The bound itself is allowed.
    pub fn is_exceeded(&self, amount: usize) -> bool {
        amount > self.most
    }
}

/// `4 MiB`, `16 KiB`, `200 bytes`, `32 levels`.
impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.unit {
            BoundUnit::Bytes if self.most.is_multiple_of(MIB) => write!(f, "{} MiB", self.most / MIB),
            BoundUnit::Bytes if self.most.is_multiple_of(KIB) => write!(f, "{} KiB", self.most / KIB),
            BoundUnit::Bytes => write!(f, "{} bytes", self.most),
            BoundUnit::Things(word) => write!(f, "{} {word}", self.most),
        }
    }
}

const KIB: usize = 1024;
const MIB: usize = 1024 * KIB;

macro_rules! bounds {
    ($($id:ident $name:literal $most:expr, $unit:expr, $rule:ident $reason:literal)*) => {
        $(pub static $id: Bound = Bound { name: $name, most: $most, unit: $unit, rule: &$rule, reason: $reason };)*
        /// Every bound, in the order of the guide's table.
        pub static BOUNDS: &[&Bound] = &[$(&$id),*];
    };
}

bounds! {
    PAGE_BYTES "text of a page" 4 * MIB, BoundUnit::Bytes, INPUT_SIZE
        "The longest page of the handbooks that were measured has 323 kB; more is usually a log."
    PAGE_PARTS "parts of a page" 300_000, BoundUnit::Things("parts"), INPUT_SIZE
        "Headings, links, cells and the like, with those of included texts: each takes far more memory than its letters."
    TITLE_BYTES "title of a page" KIB, BoundUnit::Bytes, INPUT_SIZE
        "Other pages show it in lists and menus, so a long one costs its length on each of them."
    MARKS "level marks in a text" 100_000, BoundUnit::Things("marks"), INPUT_SIZE
        "Each is a range to remove and to compare afterwards; a page that people write has far fewer."
    CODE_BYTES "code on a page" MIB, BoundUnit::Bytes, INPUT_SIZE
        "Giving code its colours takes a second for each MiB or two."
    CODE_BLOCKS "code blocks on a page" 10_000, BoundUnit::Things("code blocks"), INPUT_SIZE
        "Each is read by a grammar of its language from the beginning."
    DIAGRAMS "diagrams on a page" 200, BoundUnit::Things("diagrams"), INPUT_SIZE
        "Each is laid out and drawn, which takes a thousand times as long as writing text."
    DIAGRAMS_BYTES "all diagrams on a page" 128 * KIB, BoundUnit::Bytes, INPUT_SIZE
        "A large one may take a second."
    NAME_BYTES "name of a file or folder" 200, BoundUnit::Things("bytes"), INPUT_NAME
        "File systems take 255 bytes, and an extension or a number may be added."
    FOLDER_LEVELS "nested folders" 32, BoundUnit::Things("levels"), INPUT_DEPTH
        "Each page shows all folders above it, so the site of a chain of folders grows with the cube of its length."
    OUTPUT_NAME_BYTES "name in the site" 255, BoundUnit::Things("bytes"), OUTPUT_NAME
        "Linux does not accept longer names of files and folders."
    OUTPUT_PATH_BYTES "path in the site" 1024, BoundUnit::Things("bytes"), OUTPUT_NAME
        "There must be room for the path of the site itself."
    FRONT_MATTER_BYTES "front matter" 16 * KIB, BoundUnit::Bytes, FRONT_MATTER_SIZE
        "Front matter of real handbooks stays below 4 KiB, and YAML parsers have inputs that cost the square of their length."
    FRONT_MATTER_VALUES "values in front matter" 2_000, BoundUnit::Things("values"), FRONT_MATTER_SYNTAX
        "Aliases of YAML can make a large tree of a small text."
    PATTERN_CHARACTERS "pattern of `[visibility.paths]`" 1_000, BoundUnit::Things("characters"), VISIBILITY_SETTING
        "Matching takes as many steps as pattern and path have characters, multiplied, for each file."
    INCLUDES "includes on a page" 500, BoundUnit::Things("includes"), INCLUDE_LIMIT
        "Includes of included texts count, so a few files cannot make a huge page."
    INCLUDE_LEVELS "nested includes" 16, BoundUnit::Things("levels"), INCLUDE_LIMIT
        "Readers cannot follow a text through more files."
    INCLUDE_BYTES "texts that a page includes" 4 * MIB, BoundUnit::Bytes, INCLUDE_LIMIT
        "As much as a page may have itself. A file counts as a whole each time, because it is read as a whole."
    NESTING_LEVELS "nested lists, quotes and emphasis" 64, BoundUnit::Things("levels"), MARKDOWN_NESTING
        "Browsers and screen readers do not go deeper."
    TAG_BYTES "tag of HTML" 16 * KIB, BoundUnit::Bytes, HTML_DROPPED
        "The library that reads tags compares each attribute with all before it."
    FORMULA_BYTES "formula" 8 * KIB, BoundUnit::Bytes, MARKDOWN_MATH
        "MathML is many times as long as the formula."
    FORMULA_LEVELS "nested groups in a formula" 40, BoundUnit::Things("levels"), MARKDOWN_MATH
        "The library that reads formulas calls itself for each group."
    FORMULA_COMMANDS "commands in a formula" 2_000, BoundUnit::Things("commands"), MARKDOWN_MATH
        "A command may become a long text."
    DIAGRAM_BYTES "source of a diagram" 64 * KIB, BoundUnit::Bytes, DIAGRAM_SYNTAX
        "Laying out takes more than linear time; steps of layout, nodes and elements are counted as well."
    PATTERN_BYTES "pattern of a variable" 500, BoundUnit::Things("bytes"), RUNBOOK_VARIABLE
        "Browsers try patterns by backtracking."
    ALERT_FILE_BYTES "file of alert rules" 512 * KIB, BoundUnit::Bytes, ALERT_RULES
        "Large collections of alerts stay below 200 KiB."
    ALERT_FILE_VALUES "values in a file of alert rules" 50_000, BoundUnit::Things("values"), ALERT_RULES
        "A collection of 300 alerts has about 5,000; aliases of YAML can make a large tree of a small text."
    ALERT_FILE_BRACKETS "open brackets in a file of alert rules" 500, BoundUnit::Things("brackets"), ALERT_RULES
        "The time that the YAML parser takes grows with their depth times the length of the file."
    CALENDAR_FILE_BYTES "calendar" MIB, BoundUnit::Bytes, CALENDAR_FILE
        "The files of a community with 158 events have 120 kB together."
    CALENDAR_FILE_VALUES "values in a calendar" 10_000, BoundUnit::Things("values"), CALENDAR_FILE
        "About 600 events: each day of an event that repeats daily takes memory, and aliases make many of a small text."
    HEALTH_FILE_BYTES "file of health data" 2 * MIB, BoundUnit::Bytes, HEALTH_FILE
        "One service with 90 days takes about 2 kB."
    HEALTH_FILE_VALUES "values in a file of health data" 100_000, BoundUnit::Things("values"), HEALTH_FILE
        "About 1,000 services with 90 days each; every value takes many times the memory of its text."
    OWNERS_FILE_BYTES "`CODEOWNERS`" 3 * MIB, BoundUnit::Bytes, OWNER_FILE
        "GitHub reads no larger file; each line is compared with each page."
    VALUES_FILE_BYTES "file of sets of values" 64 * KIB, BoundUnit::Bytes, VALUES_FILE
        "Each page with one of its variables shows the values: 64 KiB are about 500 sets."
    PEOPLE_FILE_VALUES "values in `people.yaml`" 50_000, BoundUnit::Things("values"), PEOPLE_FILE
        "About 10,000 people; aliases of YAML can make a large tree of a small text."
    ASSET_BYTES "file whose metadata is taken out" 256 * MIB, BoundUnit::Bytes, ASSET_METADATA
        "Such a file is held in memory."
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_shown_in_the_unit_that_people_use() {
        let shown = [&PAGE_BYTES, &FRONT_MATTER_BYTES, &NAME_BYTES, &FOLDER_LEVELS].map(ToString::to_string);
        assert_eq!(shown, ["4 MiB", "16 KiB", "200 bytes", "32 levels"]);
    }

    #[test]
    fn the_bound_itself_is_allowed() {
        assert!(!FOLDER_LEVELS.is_exceeded(32) && FOLDER_LEVELS.is_exceeded(33));
    }
}
