//! The drawing for wide screens and paper: time runs to the right, to scale.
//!
//! Owns the positions of labels. Labels that would overlap move up, each with a line down to its point in time. Other
//! events are dots below the bar, stacked where they are crowded.

use super::scale::{TimeScale, clock, date};
use super::{Canvas, Chart, PointGroup};

/// The width of the drawing. All sizes of this file are pixels, unless stated otherwise.
const WIDTH: i64 = 736;
/// The margin to the left and right of the scale.
const EDGE: i64 = 10;
/// The distance between two rows of labels.
const ROW: i64 = 34;
/// The height of the bar of phases.
const BAR: i64 = 12;
/// The width of a letter of a label in the widest common font, in tenths of a pixel.
const LETTER: i64 = 76;
/// Half the width of the text below a tick, such as `22:00`, in the widest common font.
const TICK: i64 = 20;
/// The most dots of a stack.
const STACK: usize = 4;
/// The distance between two dots, in both directions.
const DOT: i64 = 7;

/// A label, placed like a flag on a pole: its horizontal extent, the side of the line that it is on, and its row,
/// counted from the bar upwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Flag {
    from: i64,
    to: i64,
    side: Side,
    row: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Right,
    Left,
}

/// The drawing as SVG. `stops` must not be empty.
pub(super) fn draw(chart: &Chart<'_>, stops: &[PointGroup]) -> String {
    let ends = (stops[0].at, stops[stops.len() - 1].at);
    let scale = TimeScale::new(ends, &chart.events, (EDGE, WIDTH - 2 * EDGE));
    let flags = flags(stops, &scale);
    let rows = flags.iter().map(|flag| flag.row + 1).max().unwrap_or(1);
    let bar = rows * ROW + 8;
    let dots = stacks(&chart.events, &scale);
    let high = dots.iter().map(|(_, count)| (*count).min(STACK)).max().unwrap_or(0);
    let axis = bar + BAR + 8 + high as i64 * DOT;
    let mut canvas = Canvas::new("wide", (WIDTH, axis + 44), &chart.words);
    ticks(&mut canvas, &scale, axis);
    phases(&mut canvas, stops, &scale, bar);
    labels(&mut canvas, stops, &flags, (&scale, bar));
    swarm(&mut canvas, &dots, bar + BAR + 8);
    outside(&mut canvas, chart, &scale, axis + 38);
    canvas.finish()
}

/// Places the labels. Flags on the right side get their rows from the last to the first, flags on the left side from
/// the first to the last, so that no line crosses a flag of a lower row.
fn flags(stops: &[PointGroup], scale: &TimeScale) -> Vec<Flag> {
    let mut flags: Vec<Flag> = stops.iter().map(|stop| flag(stop, scale)).collect();
    let mut edge = WIDTH;
    // A flag that would leave the drawing, or overlap one that was turned for that reason, turns to the left.
    for flag in flags.iter_mut().rev() {
        if flag.to > edge {
            let width = flag.to - flag.from;
            edge = flag.from;
            *flag = Flag { from: edge - width, to: edge, side: Side::Left, row: 0 };
        }
    }
    let turn = flags.iter().position(|flag| flag.side == Side::Left).unwrap_or(flags.len());
    for at in (0..turn).rev() {
        flags[at].row = above(flags[at], &flags[at + 1..turn]);
    }
    for at in turn..flags.len() {
        flags[at].row = above(flags[at], &flags[..at]);
    }
    flags
}

fn flag(stop: &PointGroup, scale: &TimeScale) -> Flag {
    let letters = stop.label.chars().count().max(time(stop).len()) as i64;
    let from = scale.place(stop.at);
    Flag { from, to: from + letters * LETTER / 10 + 8, side: Side::Right, row: 0 }
}

/// The time of day, with the day before it where a new day begins.
fn time(stop: &PointGroup) -> String {
    let day = stop.day.as_ref().map(|day| format!("{day} ")).unwrap_or_default();
    day + &clock(stop.at)
}

/// The first row above all of the others that the flag would overlap.
fn above(flag: Flag, others: &[Flag]) -> i64 {
    let meets = |other: &&Flag| other.to > flag.from && other.from < flag.to;
    others.iter().filter(meets).map(|other| other.row + 1).max().unwrap_or(0)
}

fn phases(canvas: &mut Canvas, stops: &[PointGroup], scale: &TimeScale, bar: i64) {
    for pair in stops.windows(2) {
        let (from, to) = (scale.place(pair[0].at), scale.place(pair[1].at));
        // A phase of seconds must stay visible, so the narrowest one has two pixels.
        let class = format!("ob-phase p{}", pair[0].phase);
        canvas.rect(&class, (from, bar), ((to - from).max(2), BAR));
    }
}

fn labels(canvas: &mut Canvas, stops: &[PointGroup], flags: &[Flag], (scale, bar): (&TimeScale, i64)) {
    for (stop, flag) in stops.iter().zip(flags) {
        let (x, foot) = (scale.place(stop.at), bar - 8 - flag.row * ROW);
        let (shift, class) = match flag.side {
            Side::Right => (5, "start"),
            Side::Left => (-5, "end"),
        };
        canvas.line("ob-lead-line", (x, foot - 24), (x, bar + BAR));
        canvas.text(&format!("ob-point {class}"), (x + shift, foot - 14), &stop.label);
        canvas.text(&format!("ob-clock {class}"), (x + shift, foot), &time(stop));
    }
}

fn ticks(canvas: &mut Canvas, scale: &TimeScale, axis: i64) {
    canvas.line("ob-axis", (scale.start, axis), (scale.start + scale.width, axis));
    for (at, text) in scale.ticks() {
        let x = scale.place(at);
        canvas.line("ob-axis", (x, axis), (x, axis + 5));
        // The text is centred at its tick; near the edges it moves inwards, so that it is not cut off.
        canvas.text("ob-tick-text", (x.clamp(TICK, WIDTH - TICK), axis + 19), &text);
    }
}

/// The horizontal position of each stack of events, and its number of events.
fn stacks(events: &[i64], scale: &TimeScale) -> Vec<(i64, usize)> {
    let mut places: Vec<i64> = events
        .iter()
        .filter(|at| scale.holds(**at))
        .map(|at| scale.place(*at) / DOT * DOT + DOT / 2)
        .collect();
    places.sort_unstable();
    places.chunk_by(|a, b| a == b).map(|same| (same[0], same.len())).collect()
}

/// Draws stacks of dots, downwards from the bar. The last dot of a stack that is too high has the class `more`.
fn swarm(canvas: &mut Canvas, stacks: &[(i64, usize)], top: i64) {
    for (x, count) in stacks {
        for number in 0..(*count).min(STACK) {
            let more = number + 1 == STACK && *count > STACK;
            let class = if more { "ob-event more" } else { "ob-event" };
            canvas.dot(class, (*x, top + number as i64 * DOT), 3);
        }
    }
}

/// Writes the first day, and the numbers of events before and after the time that is drawn.
fn outside(canvas: &mut Canvas, chart: &Chart<'_>, scale: &TimeScale, y: i64) {
    let earlier = chart.events.iter().filter(|at| **at < scale.from).count();
    let later = chart.events.iter().filter(|at| **at > scale.to).count();
    let mut left = format!("{} UTC", date(scale.from));
    if earlier > 0 {
        left = format!("{left}, {}", (chart.words.earlier)(earlier));
    }
    canvas.text("ob-note-text", (EDGE, y), &left);
    if later > 0 {
        canvas.text("ob-note-text end", (WIDTH - EDGE, y), &(chart.words.later)(later));
    }
}

#[cfg(test)]
mod tests {
    use super::super::stops;
    use super::super::tests::chart;
    use super::*;

    #[test]
    fn flags_that_would_meet_fly_in_rows_of_their_own() {
        let hours = |hours: i64| hours * 3600;
        let points = [("Started", 0), ("Detected", 120), ("Acknowledged", 300), ("Resolved", hours(72))];
        let chart = chart(&points, &[]);
        let stops = stops(&chart.points);
        let scale = TimeScale::new((0, hours(72)), &[], (EDGE, WIDTH - 2 * EDGE));
        let flags = flags(&stops, &scale);
        assert_eq!(flags.iter().map(|flag| flag.row).collect::<Vec<_>>(), [2, 1, 0, 0]);
        assert!(flags.iter().all(|flag| flag.from >= 0 && flag.to <= WIDTH));
    }

    #[test]
    fn no_line_crosses_a_flag_below_its_own() {
        let ends = [3600, 3 * 86_400];
        let times = (0..600).map(|seed: i64| [seed * 7919 % 97, seed * 104_729 % 89, seed * 1_299_709 % 101]);
        for (mut places, end) in times.flat_map(|places| ends.map(|end| (places, end))) {
            places.sort_unstable();
            let at = |place: i64| 60 + place * (end - 120) / 101;
            let [a, b, c] = places.map(at);
            let points =
                [("Started", 0), ("Detected", a), ("Acknowledged", b), ("Mitigated", c), ("Resolved", end)];
            let chart = chart(&points, &[]);
            let stops = stops(&chart.points);
            let scale = TimeScale::new((0, end), &[], (EDGE, WIDTH - 2 * EDGE));
            let flags = flags(&stops, &scale);
            for (stop, flag) in stops.iter().zip(&flags) {
                let x = scale.place(stop.at);
                let crossed = flags.iter().any(|low| low.row < flag.row && low.from < x && x < low.to);
                assert!(!crossed, "{points:?} {flags:?}");
            }
        }
    }

    #[test]
    fn crowded_events_are_stacked_and_a_high_stack_says_that_there_are_more() {
        let events: Vec<i64> = (0..40).map(|second| 600 + second).collect();
        let drawing = draw_of(&[("Started", 0), ("Resolved", 7200)], &events);
        let dots = drawing.matches("class=\"ob-event").count();
        assert!((STACK..=2 * STACK).contains(&dots), "{dots}");
        assert!(drawing.contains("ob-event more"));
    }

    #[test]
    fn what_lies_far_outside_is_counted() {
        let drawing = draw_of(&[("Started", 1_000_000), ("Resolved", 1_004_440)], &[5, 6, 2_000_000]);
        assert!(drawing.contains("1970-01-12 UTC, 2 earlier") && drawing.contains("1 later"));
    }

    #[test]
    fn a_phase_of_seconds_can_be_seen() {
        let drawing = draw_of(&[("Started", 0), ("Detected", 60), ("Resolved", 864_000)], &[]);
        assert!(drawing.contains("class=\"ob-phase p0\" x=\"10\" y=\"76\" width=\"2\""), "{drawing}");
    }

    #[test]
    fn what_stands_below_the_first_and_the_last_tick_lies_in_the_drawing() {
        let drawing = draw_of(&[("Started", 0), ("Resolved", 7 * 3600)], &[]);
        let place = |text: &str| text.split('"').next().unwrap().parse::<i64>().unwrap();
        let places: Vec<i64> = drawing.split("ob-tick-text\" x=\"").skip(1).map(place).collect();
        assert_eq!((places.first(), places.last()), (Some(&20), Some(&(WIDTH - 20))), "{drawing}");
    }

    fn draw_of(points: &[(&str, i64)], events: &[i64]) -> String {
        let chart = chart(points, events);
        draw(&chart, &stops(&chart.points))
    }
}
