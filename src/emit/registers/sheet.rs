//! The poster as a drawing: the plots of all registers with their titles on one sheet of A3, in one file that loads nothing.
//!
//! Owns the places on the sheet and its style, which is that of light pages. `plot` draws the plots.

use std::fmt::Write as _;

use crate::emit::brand_colour::brand_colour;
use crate::emit::text::xml;
use crate::html_escape::is_xml_character;
use crate::plot::{self, PlotPlace, PlotTexts, wrapped};
use crate::site::Site;
use crate::site::registers::table::RegisterPlot;
use crate::utc;

/// The style of the drawing. The content security policy names its digest.
pub(super) const STYLE: &str = include_str!("../poster.css");

/// The size of A3 across, with 5 units a millimetre.
const WIDTH: f64 = 2100.0;
const HEIGHT: f64 = 1485.0;
/// The empty edge of the sheet.
const MARGIN: f64 = 60.0;
/// Where the plots begin: below the title of the sheet.
const TOP: f64 = 160.0;
/// The gap between two plots.
const GAP: f64 = 45.0;
/// The size of a plot's title and note on the narrowest place, in units.
const HEADING: f64 = 17.0;
const NOTE: f64 = 12.0;
/// How much wider letters become at most where few plots have much room.
const LARGEST: f64 = 1.6;
/// The width reserved for a character, as a share of the size of letters.
const CHARACTER: f64 = 0.58;

/// The sheet with these plots, in reading order.
pub(super) fn sheet(site: &Site, title: &str, plots: &[RegisterPlot<'_>]) -> String {
    let t = site.words();
    let colour = brand_colour(site);
    let name = format!("{title}: {}", site.config.title);
    let titles: Vec<&str> = plots.iter().map(|plot| plot.title.as_str()).collect();
    let mut svg = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <svg xmlns=\"http://www.w3.org/2000/svg\" role=\"graphics-document document\" aria-labelledby=\"poster-t\" \
         aria-describedby=\"poster-d\" xml:lang=\"{lang}\" lang=\"{lang}\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" width=\"420mm\" \
         height=\"297mm\" color=\"{colour}\"><title id=\"poster-t\">{}</title><desc id=\"poster-d\">{}</desc>\
         <style>{STYLE}</style><rect class=\"paper\" width=\"{WIDTH}\" height=\"{HEIGHT}\"/>\
         <text class=\"title\" x=\"{MARGIN}\" y=\"{}\">{}</text>\
         <text class=\"day end\" x=\"{}\" y=\"{}\">{}</text>",
        xml(&name),
        xml(&titles.join("; ")),
        MARGIN + 50.0,
        xml(&wrapped(&site.config.title, 64, 1).concat()),
        WIDTH - MARGIN,
        MARGIN + 50.0,
        xml(&t.fill("state.as_of", &[("day", &site.today)])),
        lang = xml(&site.config.language),
    );
    if plots.is_empty() {
        put(
            &mut svg,
            format_args!(
                "<text class=\"day\" x=\"{MARGIN}\" y=\"{TOP}\">{}</text>",
                xml(t.say("poster.empty"))
            ),
        );
    }
    let places = places(plots.len());
    for (plot, place) in plots.iter().zip(places) {
        push_plot(&mut svg, site, plot, place);
    }
    svg.push_str("</svg>\n");
    // Names come from texts of authors, which may have characters that HTML allows and XML does not.
    svg.retain(is_xml_character);
    svg
}

/// The places of so many plots: as many rows as columns or fewer, like the sheet.
fn places(count: usize) -> Vec<PlotPlace> {
    let columns = match count {
        0 | 1 => 1,
        2..=4 => 2,
        5..=6 => 3,
        7..=8 => 4,
        _ => 5,
    };
    let rows = count.div_ceil(columns);
    let share = |room: f64, parts: usize| (room - GAP * (parts.max(1) - 1) as f64) / parts.max(1) as f64;
    let (width, height) = (share(WIDTH - 2.0 * MARGIN, columns), share(HEIGHT - TOP - MARGIN, rows));
    let place = |number: usize| PlotPlace {
        x: MARGIN + (number % columns) as f64 * (width + GAP),
        y: TOP + (number / columns) as f64 * (height + GAP),
        width,
        height,
    };
    (0..count).map(place).collect()
}

/// A plot with its title and note. Its drawings share what is left of the place, one below the other.
fn push_plot(svg: &mut String, site: &Site, plot: &RegisterPlot<'_>, place: PlotPlace) {
    let t = site.words();
    let scale = (place.width / plot::WIDTH).min(LARGEST);
    let mut y = place.y;
    put(svg, format_args!("<path class=\"rule\" d=\"M{:.1} {y:.1}h{:.1}\"/>", place.x, place.width));
    y += 10.0;
    for (class, text, size, most) in [("heading", &plot.title, HEADING, 2), ("note", &plot.note, NOTE, 3)] {
        let size = size * scale;
        for line in wrapped(text, (place.width / (size * CHARACTER)) as usize, most) {
            y += size * 1.25;
            put(
                svg,
                format_args!(
                    "<text class=\"{class}\" x=\"{:.1}\" y=\"{y:.1}\" font-size=\"{size:.1}\">{}</text>",
                    place.x,
                    xml(&line)
                ),
            );
        }
    }
    y += 16.0;
    let height = (place.y + place.height - y) / plot.charts.len().max(1) as f64;
    let square = |count: usize| t.fill("plots.square", &[("count", &count)]);
    for (number, chart) in plot.charts.iter().enumerate() {
        let texts = PlotTexts {
            id: &format!("{}-{number}", plot.name),
            title: &plot.title,
            duration: &utc::duration,
            median: t.say("plots.median"),
            square: &square,
            place: Some(PlotPlace { y: y + number as f64 * height, height: height - 8.0, ..place }),
        };
        svg.push_str(&plot::draw(chart, &texts));
    }
}

fn put(svg: &mut String, shape: std::fmt::Arguments<'_>) {
    svg.write_fmt(shape).expect("writing into a text cannot fail");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plots_have_places_on_the_sheet_that_do_not_touch() {
        for count in 0..=12 {
            let places = places(count);
            assert_eq!(places.len(), count);
            for (number, place) in places.iter().enumerate() {
                assert!(place.x >= MARGIN && place.y >= TOP, "{place:?}");
                assert!(place.x + place.width <= WIDTH - MARGIN + 0.01, "{count}: {place:?}");
                assert!(place.y + place.height <= HEIGHT - MARGIN + 0.01, "{count}: {place:?}");
                for other in &places[..number] {
                    let beside = other.x + other.width < place.x || place.x + place.width < other.x;
                    let below = other.y + other.height < place.y;
                    assert!(beside || below, "{count}: {place:?} {other:?}");
                }
            }
        }
    }
}
