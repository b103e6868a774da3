//! Plots as inline SVG: bars by month, times on a log scale, heat maps, Pareto charts, squares, ages, treemaps, sparklines.
//!
//! This module owns [`Plot`] with the numbers of a plot, and turns it into SVG text. A pure function from data to
//! text. The numbers are also in the description of each drawing. Shapes have classes that the theme colours, and a
//! texture that says the same without colour; there is no `style` and no script. The module knows no page and no
//! register.
//!
//! No crate fits: `plotters` and `poloto` write colours and sizes into attributes and have no texture, title or
//! description of a drawing; `charming` and `plotly` draw with a script in the browser. What is left is scales and
//! ticks, which are short.
//!
//! A drawing is [`WIDTH`] units wide and scales to its place, which is as wide as a phone or little more, so that
//! one drawing serves all screens. The theme sets the size of its letters by the width of that place.

mod ages;
mod bars;
mod canvas;
mod heat;
mod pareto;
mod points;
mod scale;
mod sparkline;
mod squares;
mod treemap;

use jiff::civil::Date;

pub use ages::{AgeRow, Ages};
pub use bars::Bars;
pub use heat::Heat;
pub use pareto::Pareto;
pub use points::{Points, TimedPoint, median, running_median};
pub use sparkline::sparkline;
pub use squares::{SquareGroup, Squares};
pub use treemap::Treemap;

/// The width of a drawing in units: the pixels that a phone has for it.
pub const WIDTH: f64 = 360.0;
/// The width reserved for a character of a label, in units: that of the widest common font at the size for phones.
const CHARACTER: f64 = 8.3;
/// The same of a bold label.
const BOLD: f64 = 9.2;
/// The height of a line of text, in units.
const LINE: f64 = 17.0;

/// A plot with its numbers.
#[derive(Debug, Clone, PartialEq)]
pub enum Plot {
    Bars(Bars),
    Points(Points),
    Heat(Heat),
    Pareto(Pareto),
    Squares(Squares),
    Ages(Ages),
    Treemap(Treemap),
}

/// The texts of a drawing, in the language of the page.
pub struct PlotTexts<'a> {
    /// Unique on the page: the beginning of all ids in the drawing.
    pub id: &'a str,
    /// The accessible name.
    pub title: &'a str,
    /// `1 h 14 min`, from seconds.
    pub duration: &'a dyn Fn(i64) -> String,
    /// `median`.
    pub median: &'a str,
    /// `1 square = 9`, where a square stands for several items.
    pub square: &'a dyn Fn(usize) -> String,
    /// `None` for a drawing that is not part of a larger one.
    pub place: Option<PlotPlace>,
}

/// Where a drawing is in a larger one, in units of that one. The drawing becomes as large as the place and its own
/// proportions allow.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PlotPlace {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

/// A category of an axis. On an axis of time it is a month, a quarter or a year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Category {
    /// The first day of a period.
    pub start: Date,
    /// `2026-11`.
    pub name: String,
    /// `Nov`.
    pub short: String,
    /// `2026`; empty where `short` says it.
    pub year: String,
}

/// The numbers of one sort in each category of a plot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Series {
    pub name: String,
    pub look: Look,
    pub values: Vec<usize>,
}

/// How shapes of one sort look. The texture says without colour what the ink says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Look {
    pub ink: Ink,
    pub texture: Texture,
}

impl Look {
    pub const fn new(ink: Ink, texture: Texture) -> Look {
        Look { ink, texture }
    }

    /// The look of a level, such as a severity: 0 is the gravest. Levels after the fifth look alike.
    pub const fn of_level(level: usize) -> Look {
        match level {
            0 => Look::new(Ink::Red, Texture::Solid),
            1 => Look::new(Ink::Orange, Texture::Hatched),
            2 => Look::new(Ink::Amber, Texture::Dotted),
            3 => Look::new(Ink::Blue, Texture::Lined),
            4 => Look::new(Ink::Grey, Texture::Crossed),
            _ => Look::new(Ink::Grey, Texture::Outlined),
        }
    }
}

/// A colour of the theme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ink {
    Red,
    Orange,
    Amber,
    Green,
    Blue,
    Grey,
}

impl Ink {
    /// The class of shapes with this ink.
    fn class(self) -> &'static str {
        match self {
            Ink::Red => "ink-red",
            Ink::Orange => "ink-orange",
            Ink::Amber => "ink-amber",
            Ink::Green => "ink-green",
            Ink::Blue => "ink-blue",
            Ink::Grey => "ink-grey",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Texture {
    Solid,
    Hatched,
    Dotted,
    Lined,
    Crossed,
    /// An edge without a ground: something that is missing.
    Outlined,
}

/// The drawing of a plot.
pub fn draw(chart: &Plot, texts: &PlotTexts<'_>) -> String {
    match chart {
        Plot::Bars(chart) => chart.draw(texts),
        Plot::Points(chart) => chart.draw(texts),
        Plot::Heat(chart) => chart.draw(texts),
        Plot::Pareto(chart) => chart.draw(texts),
        Plot::Squares(chart) => chart.draw(texts),
        Plot::Ages(chart) => chart.draw(texts),
        Plot::Treemap(chart) => chart.draw(texts),
    }
}

/// The numbers of a category that are not 0, such as `SEV1 2, SEV3 1`.
fn described<'a>(numbers: impl Iterator<Item = (&'a str, usize)>) -> String {
    let parts: Vec<String> =
        numbers.filter(|(_, value)| *value > 0).map(|(name, value)| format!("{name} {value}")).collect();
    parts.join(", ")
}

/// The height of a name above its row, in units.
const NAME_LINE: f64 = 16.0;

/// Where the names of rows are: beside the rows, or above them if one is too long for that.
struct RowNames {
    /// Where the rows begin.
    left: f64,
    /// The room above each row: [`NAME_LINE`], or 0 where the names are beside the rows.
    above: f64,
    /// The width of a name.
    room: f64,
}

impl RowNames {
    /// `most` is the most of the width that names beside rows take, in units.
    fn new<'a>(names: impl Iterator<Item = &'a str>, most: f64) -> RowNames {
        let longest = names.map(|name| name.chars().count()).max().unwrap_or(0);
        let left = longest as f64 * CHARACTER + 10.0;
        if left <= most {
            RowNames { left, above: 0.0, room: left - 8.0 }
        } else {
            RowNames { left: 0.0, above: NAME_LINE, room: WIDTH }
        }
    }
}

/// A label that fits into a width in units, shortened with an ellipsis where it must be.
fn fitting(label: &str, width: f64) -> String {
    shortened(label, characters(width))
}

/// The number of characters of a label that have room in a width in units.
fn characters(width: f64) -> usize {
    (width / CHARACTER).floor().max(2.0) as usize
}

/// A text of at most this many lines and characters a line. A line ends between two words; a word that is longer than
/// a line, and what is left of the text, end with an ellipsis.
pub fn wrapped(text: &str, characters: usize, lines: usize) -> Vec<String> {
    let mut made: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        let is_full = line.chars().count() + 1 + word.chars().count() > characters;
        if is_full && !line.is_empty() && made.len() + 1 < lines {
            made.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    made.push(line);
    made.iter().map(|line| shortened(line, characters)).collect()
}

/// A text of at most this many characters, with an ellipsis where there are more.
fn shortened(label: &str, most: usize) -> String {
    if label.chars().count() <= most {
        return label.to_owned();
    }
    let kept: String = label.chars().take(most - 1).collect();
    format!("{}…", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    pub(super) fn texts() -> PlotTexts<'static> {
        PlotTexts {
            id: "p",
            title: "A < \"B\"",
            duration: &|seconds| format!("{} min", seconds / 60),
            median: "median",
            square: &|count| format!("1 square = {count}"),
            place: None,
        }
    }

    /// The months from January 2026.
    pub(super) fn months(count: usize) -> Vec<Category> {
        let start = date(2026, 1, 1);
        let month = |number: usize| {
            let day = start.checked_add(jiff::Span::new().months(number as i64)).unwrap();
            Category {
                start: day,
                name: day.strftime("%Y-%m").to_string(),
                short: day.strftime("%b").to_string(),
                year: day.year().to_string(),
            }
        };
        (0..count).map(month).collect()
    }

    /// The attribute of every element with a tag, as a number.
    pub(super) fn numbers(drawing: &str, tag: &str, attribute: &str) -> Vec<f64> {
        let document = roxmltree::Document::parse(drawing).unwrap();
        let elements = document.descendants().filter(|node| node.has_tag_name(tag));
        elements.filter_map(|node| node.attribute(attribute)?.parse().ok()).collect()
    }

    fn charts() -> Vec<Plot> {
        let series = |name: &str, level, values: &[usize]| Series {
            name: name.to_owned(),
            look: Look::of_level(level),
            values: values.to_vec(),
        };
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<String>>();
        let point = |month, day, seconds| TimedPoint { day: date(2026, month, day), seconds };
        vec![
            Plot::Bars(Bars {
                categories: months(4),
                above: vec![series("<SEV1>", 0, &[1, 0, 2, 0]), series("SEV2", 1, &[0, 3, 1, 0])],
                below: Some(series("closed", 2, &[0, 1, 0, 4])),
            }),
            Plot::Points(Points {
                name: "Time to <detect>".to_owned(),
                categories: months(4),
                points: vec![point(1, 5, 60), point(2, 9, 7200), point(4, 2, 0)],
                range: (0, 90_000),
            }),
            Plot::Heat(Heat {
                categories: months(4),
                rows: vec![("Object <storage>".to_owned(), vec![0, 4, 1, 0])],
            }),
            Plot::Pareto(Pareto { rows: vec![("<a>".to_owned(), 5), ("b".to_owned(), 3)] }),
            Plot::Squares(Squares {
                sorts: vec![
                    ("with".to_owned(), Look::of_level(0)),
                    ("<without>".to_owned(), Look::of_level(5)),
                ],
                groups: vec![SquareGroup { name: "<OPS>".to_owned(), counts: vec![3, 40] }],
            }),
            Plot::Ages(Ages {
                sorts: vec![("fresh".to_owned(), Look::of_level(3)), ("late".to_owned(), Look::of_level(0))],
                rows: vec![AgeRow {
                    name: "<Storage>".to_owned(),
                    ages: vec![(10, 0), (99, 0), (140, 1), (9000, 1)],
                    never: 2,
                }],
                limit: "limit".to_owned(),
                never: names(&["never"]).remove(0),
            }),
            Plot::Treemap(Treemap {
                sorts: vec![
                    ("fresh".to_owned(), Look::of_level(1)),
                    ("<late>".to_owned(), Look::of_level(5)),
                ],
                groups: vec![
                    SquareGroup { name: "<Runbooks>".to_owned(), counts: vec![30, 4] },
                    SquareGroup { name: "Guide".to_owned(), counts: vec![1, 0] },
                ],
            }),
        ]
    }

    #[test]
    fn every_drawing_is_well_formed_and_named_and_has_no_colour_of_its_own() {
        for chart in charts() {
            let drawing = draw(&chart, &texts());
            let document = roxmltree::Document::parse(&drawing).unwrap_or_else(|e| panic!("{e}\n{drawing}"));
            let svg = document.root_element();
            assert_eq!(svg.attribute("role"), Some("img"));
            let named = |attribute: &str, tag: &str| {
                let id = svg.attribute(attribute).unwrap();
                let node = document.descendants().find(|node| node.attribute("id") == Some(id)).unwrap();
                assert!(node.has_tag_name(tag));
                node.text().unwrap_or_default().to_owned()
            };
            assert_eq!(named("aria-labelledby", "title"), "A < \"B\"");
            assert!(!named("aria-describedby", "desc").is_empty(), "{drawing}");
            for word in ["style", "<script", "#0", "rgb", "stroke=", "NaN", "inf"] {
                assert!(!drawing.contains(word), "{word}: {drawing}");
            }
        }
    }

    #[test]
    fn nothing_leaves_the_drawing() {
        for chart in charts() {
            let drawing = draw(&chart, &texts());
            let height = numbers(&drawing, "svg", "height")[0];
            for (tag, x, y) in [("rect", "x", "y"), ("text", "x", "y"), ("circle", "cx", "cy")] {
                assert!(numbers(&drawing, tag, x).iter().all(|x| (0.0..=WIDTH).contains(x)), "{drawing}");
                assert!(numbers(&drawing, tag, y).iter().all(|y| (0.0..=height).contains(y)), "{drawing}");
            }
        }
    }

    #[test]
    fn a_text_of_several_lines_breaks_between_words_and_loses_only_its_end() {
        let lines = |text: &str, most: usize| wrapped(text, 10, most).join("|");
        assert_eq!(lines("Cloud Computing Criteria", 3), "Cloud|Computing|Criteria");
        assert_eq!(lines("Cloud Computing Criteria", 2), "Cloud|Computing…");
        assert_eq!(lines("  a  b\tc ", 2), "a b c");
        assert_eq!(lines("CephPGUnavailableBlockingIO now", 2), "CephPGUna…|now");
        assert_eq!(lines("", 2), "");
    }

    #[test]
    fn a_drawing_in_a_larger_one_has_the_size_of_its_place() {
        let place = PlotPlace { x: 10.0, y: 20.5, width: 300.0, height: 200.0 };
        for chart in charts() {
            let drawing = draw(&chart, &PlotTexts { place: Some(place), ..texts() });
            let sizes = ["x", "y", "width", "height"].map(|name| numbers(&drawing, "svg", name));
            assert_eq!(sizes, [vec![10.0], vec![20.5], vec![300.0], vec![200.0]]);
            assert!(drawing.contains("viewBox=\"0 0 360 "), "{drawing}");
        }
    }

    #[test]
    fn a_long_label_ends_with_an_ellipsis() {
        assert_eq!(fitting("Compute", 10.0 * CHARACTER), "Compute");
        assert_eq!(fitting("OpenStack control plane", 10.5 * CHARACTER), "OpenStack…");
        assert_eq!(fitting("ÄÖÜß", 2.5 * CHARACTER), "Ä…");
    }
}
