//! The roles of theme colours, and how they pass through Mermaid.
//!
//! Owns [`ColourRole`]. Mermaid wants a colour for each of its variables. It gets a token for each role instead: a
//! colour that no author writes by chance. Where the token appears in the output, our drawing has the class of the
//! role, and the style sheet says what it looks like by day, by night and on paper.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::colour::Colour;

macro_rules! roles {
    ($($role:ident $name:literal)*) => {
        /// What a colour of the theme is used for.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum ColourRole { $($role),* }

        impl ColourRole {
            /// All roles, in the order of their tokens.
            pub const ALL: &'static [ColourRole] = &[$(ColourRole::$role),*];

            /// The end of the role's class names: `df-NAME` fills, `ds-NAME` draws lines.
            pub fn name(self) -> &'static str {
                match self { $(ColourRole::$role => $name),* }
            }
        }
    };
}

roles! {
    Paper "paper"
    Box "box"
    Alternate "alternate"
    Muted "muted"
    Ink "ink"
    Soft "soft"
    Edge "edge"
    Line "line"
    Label "label"
    Group "group"
    GroupEdge "group-edge"
    Note "note"
    NoteEdge "note-edge"
    Active "active"
    Bad "bad"
    Warning "warning"
    Good "good"
    Tone0 "tone0"
    Tone1 "tone1"
    Tone2 "tone2"
    Tone3 "tone3"
    Tone4 "tone4"
    Tone5 "tone5"
    Tone6 "tone6"
    Tone7 "tone7"
}

/// The roles of the members of a series: slices, branches, sections. A longer series starts again with the first
/// role.
const TONES: [ColourRole; 8] = [
    ColourRole::Tone0,
    ColourRole::Tone1,
    ColourRole::Tone2,
    ColourRole::Tone3,
    ColourRole::Tone4,
    ColourRole::Tone5,
    ColourRole::Tone6,
    ColourRole::Tone7,
];

/// The token of the first role. The others follow it.
const FIRST_TOKEN: u32 = 0xfe_a5_00;

/// Mermaid's variables by role. Mermaid would compute a variable without a value from others.
const VARIABLES: &[(ColourRole, &[&str])] = &[
    (
        ColourRole::Paper,
        &[
            "background",
            "compositeBackground",
            "altSectionBkgColor",
            "quadrant3Fill",
            "altBackground",
            "sequenceNumberColor",
        ],
    ),
    (
        ColourRole::Box,
        &[
            "primaryColor",
            "mainBkg",
            "nodeBkg",
            "stateBkg",
            "actorBkg",
            "labelBoxBkgColor",
            "labelBackgroundColor",
            "compositeTitleBackground",
            "taskBkgColor",
            "quadrant1Fill",
            "attributeBackgroundColorOdd",
            "rowOdd",
            "personBkg",
            "tagLabelBackground",
            "requirementBackground",
        ],
    ),
    (
        ColourRole::Alternate,
        &[
            "secondaryColor",
            "attributeBackgroundColorEven",
            "rowEven",
            "quadrant2Fill",
            "doneTaskBkgColor",
            "excludeBkgColor",
        ],
    ),
    (ColourRole::Muted, &["tertiaryColor", "quadrant4Fill", "sectionBkgColor2"]),
    (
        ColourRole::Ink,
        &[
            "primaryTextColor",
            "secondaryTextColor",
            "tertiaryTextColor",
            "textColor",
            "nodeTextColor",
            "titleColor",
            "classText",
            "labelColor",
            "labelTextColor",
            "loopTextColor",
            "actorTextColor",
            "signalTextColor",
            "noteTextColor",
            "stateLabelColor",
            "transitionLabelColor",
            "branchLabelColor",
            "commitLabelColor",
            "tagLabelColor",
            "pieTitleTextColor",
            "pieSectionTextColor",
            "pieLegendTextColor",
            "quadrant1TextFill",
            "quadrant2TextFill",
            "quadrant3TextFill",
            "quadrant4TextFill",
            "quadrantPointTextFill",
            "quadrantTitleFill",
            "taskTextColor",
            "taskTextLightColor",
            "taskTextDarkColor",
            "taskTextOutsideColor",
            "taskTextClickableColor",
            "errorTextColor",
            "requirementTextColor",
            "relationLabelColor",
            "rootLabelColor",
        ],
    ),
    (ColourRole::Soft, &["quadrantXAxisTextFill", "quadrantYAxisTextFill"]),
    (
        ColourRole::Edge,
        &[
            "primaryBorderColor",
            "secondaryBorderColor",
            "tertiaryBorderColor",
            "nodeBorder",
            "stateBorder",
            "actorBorder",
            "labelBoxBorderColor",
            "activationBorderColor",
            "compositeBorder",
            "taskBorderColor",
            "pieStrokeColor",
            "pieOuterStrokeColor",
            "quadrantExternalBorderStrokeFill",
            "quadrantInternalBorderStrokeFill",
            "tagLabelBorder",
            "personBorder",
            "requirementBorderColor",
            "doneTaskBorderColor",
            "gridColor",
            "actorLineColor",
        ],
    ),
    (
        ColourRole::Line,
        &[
            "lineColor",
            "arrowheadColor",
            "defaultLinkColor",
            "signalColor",
            "transitionColor",
            "specialStateColor",
            "innerEndBackground",
            "commitLineColor",
            "relationColor",
            "quadrantPointFill",
            "activeTaskBorderColor",
        ],
    ),
    (ColourRole::Label, &["edgeLabelBackground", "commitLabelBackground", "relationLabelBackground"]),
    (ColourRole::Group, &["clusterBkg", "sectionBkgColor"]),
    (ColourRole::GroupEdge, &["clusterBorder", "border2", "border1", "flowContainerStroke"]),
    (ColourRole::Note, &["noteBkgColor"]),
    (ColourRole::NoteEdge, &["noteBorderColor"]),
    (ColourRole::Active, &["activationBkgColor", "activeTaskBkgColor"]),
    (ColourRole::Bad, &["errorBkgColor", "critBorderColor", "critBkgColor"]),
    (ColourRole::Warning, &["todayLineColor", "vertLineColor"]),
];

/// Mermaid's numbered variables for the members of a series, with the number of the first one.
const SERIES: &[(&str, usize)] =
    &[("cScale", 0), ("cScalePeer", 0), ("git", 0), ("gitInv", 0), ("pie", 1), ("fillType", 0), ("actor", 0)];

/// Mermaid's numbered variables for text on the members of a series.
const LABELS: &[&str] = &["cScaleLabel", "cScaleInv", "gitBranchLabel", "surfacePeer", "surface"];

impl ColourRole {
    /// The colour that represents the role on its way through Mermaid.
    pub fn token(self) -> Colour {
        Colour::of(FIRST_TOKEN + self as u32)
    }

    /// The role with this token.
    pub fn of_token(colour: Colour) -> Option<ColourRole> {
        let index = colour.bits().checked_sub(FIRST_TOKEN)?;
        ColourRole::ALL.get(usize::try_from(index).ok()?).copied()
    }
}

/// The value of each of Mermaid's variables.
pub fn variables() -> Map<String, Value> {
    let token = |role: ColourRole| Value::String(format!("#{:06x}", role.token().bits()));
    let mut all = Map::new();
    for (role, names) in VARIABLES {
        all.extend(names.iter().map(|name| ((*name).to_owned(), token(*role))));
    }
    for (name, first) in SERIES {
        let numbered = |at: usize| (format!("{name}{}", at + first), token(TONES[at % TONES.len()]));
        all.extend((0..12).map(numbered));
    }
    for name in LABELS {
        all.extend((0..12).map(|at| (format!("{name}{at}"), token(ColourRole::Ink))));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_token_gives_its_role_back() {
        for role in ColourRole::ALL {
            assert_eq!(ColourRole::of_token(role.token()), Some(*role));
        }
        assert_eq!(ColourRole::of_token(Colour::of(0)), None);
        assert_eq!(ColourRole::of_token(Colour::of(0xff_ff_ff)), None);
    }

    #[test]
    fn no_variable_has_two_roles() {
        let mut names: Vec<_> = VARIABLES.iter().flat_map(|(_, names)| names.iter()).collect();
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all);
    }
}
