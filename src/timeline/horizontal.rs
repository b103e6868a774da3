//! The drawing for wide screens and paper: time runs to the right, to scale.
//!
//! Owns the positions of labels. Labels that would overlap move up, each with a line down to its point in time. Rows
//! of the written timeline are numbered marks below the bar, stacked where they are crowded.

use super::scale::{TimeScale, clock, date};
use super::{Canvas, Chart, PointGroup, mark_id, points_before};

/// The width of the drawing. All sizes of this file are pixels, unless stated otherwise.
const WIDTH: i64 = 736;
/// The margin to the left and right of the scale.
const EDGE: i64 = 12;
/// The distance between two rows of labels.
const ROW: i64 = 34;
/// The height of the bar of phases.
const BAR: i64 = 12;
/// The width of a letter of a label in the widest common font, in tenths of a pixel.
const LETTER: i64 = 76;
/// Half the width of the text below a tick, such as `22:00`, in the widest common font.
const TICK: i64 = 20;
/// The most marks of a stack.
const STACK: usize = 4;
/// The distance between two marks, in both directions: at full size, each is a target of 24 pixels.
const MARK: i64 = 26;
/// The radius of a mark.
const RADIUS: i64 = 11;

/// Rows of the written timeline that would overlap in the drawing.
#[derive(Debug, PartialEq, Eq)]
struct MarkStack {
    /// The position of the earliest row.
    x: i64,
    /// The numbers of the rows, in order of time.
    rows: Vec<usize>,
}

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
    let stacks = stacks(&chart.events, &scale);
    let high = stacks.iter().map(|stack| stack.rows.len().min(STACK)).max().unwrap_or(0);
    let axis = bar + BAR + 8 + high as i64 * MARK;
    let mut canvas = Canvas::new("wide", (WIDTH, axis + 44), &chart.words);
    ticks(&mut canvas, &scale, axis);
    phases(&mut canvas, stops, &scale, bar);
    labels(&mut canvas, stops, &flags, &scale, bar);
    marks(&mut canvas, chart, &stacks, bar + BAR + 6 + MARK / 2);
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

fn labels(canvas: &mut Canvas, stops: &[PointGroup], flags: &[Flag], scale: &TimeScale, bar: i64) {
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

/// The rows in the period of the drawing. A stack begins where a mark would overlap the first one of the stack before.
fn stacks(events: &[i64], scale: &TimeScale) -> Vec<MarkStack> {
    let mut rows: Vec<(i64, usize)> =
        (1..).zip(events).filter(|(_, at)| scale.holds(**at)).map(|(row, at)| (*at, row)).collect();
    rows.sort_unstable();
    let mut stacks: Vec<MarkStack> = Vec::new();
    for (at, row) in rows {
        let x = scale.place(at);
        match stacks.last_mut().filter(|stack| x - stack.x < MARK) {
            Some(stack) => stack.rows.push(row),
            None => stacks.push(MarkStack { x, rows: vec![row] }),
        }
    }
    stacks
}

/// Draws stacks of marks, downwards from the bar. The last mark of a stack that is too high says how many rows it stands
/// for, and leads to the first of them.
fn marks(canvas: &mut Canvas, chart: &Chart<'_>, stacks: &[MarkStack], top: i64) {
    for stack in stacks {
        for (place, &row) in stack.rows.iter().take(STACK).enumerate() {
            let rest = stack.rows.len() - place;
            let is_more = place + 1 == STACK && rest > 1;
            let y = top + place as i64 * MARK;
            let phase = points_before(&chart.points, chart.events[row - 1]).last().map(|point| point.phase);
            let phase = phase.map_or("before".to_owned(), |phase| format!("p{phase}"));
            let mut name = (chart.words.row)(row);
            let mut text = row.to_string();
            if is_more {
                // Who speaks to a computer names what is visible, so the accessible name begins with it.
                text = format!("+{rest}");
                name = format!("{text}, {name}");
            }
            canvas.open_link(&mark_id(row), row, &name);
            canvas.dot(&format!("ob-mark {phase}"), (stack.x, y), RADIUS);
            canvas.text(&format!("ob-mark-text {phase}"), (stack.x, y + 4), &text);
            if is_more {
                // The rows without a mark of their own lead back to this one.
                stack.rows[STACK..].iter().for_each(|row| canvas.target(&mark_id(*row)));
            }
            canvas.close_link();
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
    fn crowded_rows_are_stacked_and_the_last_mark_counts_the_rest() {
        let events: Vec<i64> = (0..40).map(|second| 600 + second).collect();
        let drawing = draw_of(&[("Started", 0), ("Resolved", 7200)], &events);
        assert_eq!(drawing.matches("class=\"ob-mark p0\"").count(), STACK, "{drawing}");
        assert!(drawing.contains("aria-label=\"+37, row 4\"") && drawing.contains(">+37</text>"));
        assert!(drawing.contains("id=\"ob-mark-4\" href=\"#ob-row-4\""));
    }

    #[test]
    fn marks_keep_their_distance_and_the_numbers_of_their_rows() {
        let events: Vec<i64> = (0..60).map(|seed: i64| seed * 7919 % 7200).collect();
        let scale = TimeScale::new((0, 7200), &events, (EDGE, WIDTH - 2 * EDGE));
        let stacks = stacks(&events, &scale);
        assert!(stacks.windows(2).all(|pair| pair[1].x - pair[0].x >= MARK), "{stacks:?}");
        let mut rows: Vec<usize> = stacks.iter().flat_map(|stack| stack.rows.clone()).collect();
        rows.sort_unstable();
        assert_eq!(rows, (1..=60).collect::<Vec<_>>());
        let in_order = |stack: &MarkStack| stack.rows.is_sorted_by_key(|row| events[row - 1]);
        assert!(stacks.iter().all(in_order), "{stacks:?}");
    }

    #[test]
    fn what_lies_far_outside_is_counted() {
        let drawing = draw_of(&[("Started", 1_000_000), ("Resolved", 1_004_440)], &[5, 6, 2_000_000]);
        assert!(drawing.contains("1970-01-12 UTC, 2 earlier") && drawing.contains("1 later"));
    }

    #[test]
    fn a_phase_of_seconds_can_be_seen() {
        let drawing = draw_of(&[("Started", 0), ("Detected", 60), ("Resolved", 864_000)], &[]);
        assert!(drawing.contains("class=\"ob-phase p0\" x=\"12\" y=\"76\" width=\"2\""), "{drawing}");
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
