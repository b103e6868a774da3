//! Reads numbers, lengths, transforms and paths in the notation of SVG.
//!
//! Owns lengths with their units, `transform`, lists of points, and the path language. Nothing is passed on as
//! written: all of it becomes numbers.

use super::drawing::{DrawingReference, Length, PathCommand, PathStep, Stroke, Transform};

/// The most numbers in one path or list of points. Further numbers are ignored.
const MOST_NUMBERS: usize = 20_000;

/// An affine map as the matrix `[a b c d e f]` of SVG.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Matrix(pub [f64; 6]);

impl Matrix {
    pub const HERE: Matrix = Matrix([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);

    pub fn shift(x: f64, y: f64) -> Matrix {
        Matrix([1.0, 0.0, 0.0, 1.0, x, y])
    }

    pub fn scale(x: f64, y: f64) -> Matrix {
        Matrix([x, 0.0, 0.0, y, 0.0, 0.0])
    }

    /// The map that applies `inner` first, then this one.
    pub fn compose(self, inner: Matrix) -> Matrix {
        let ([a, b, c, d, e, f], [g, h, i, j, k, l]) = (self.0, inner.0);
        Matrix([
            a * g + c * h,
            b * g + d * h,
            a * i + c * j,
            b * i + d * j,
            a * k + c * l + e,
            b * k + d * l + f,
        ])
    }

    /// The image of a point.
    pub fn point(self, [x, y]: [f64; 2]) -> [f64; 2] {
        let [a, b, c, d, e, f] = self.0;
        [a * x + c * y + e, b * x + d * y + f]
    }

    /// The map for a drawing. Returns `None` if it is too large for any picture.
    pub fn place(self) -> Option<Transform> {
        let [a, b, c, d, e, f] = self.0;
        let shift = [Length::from_pixels(e)?, Length::from_pixels(f)?];
        let part = |number: f64| (number.abs() <= 1000.0).then_some((number * 10_000.0).round() as i32);
        let linear = [part(a)?, part(b)?, part(c)?, part(d)?];
        Some(Transform { linear: (linear != [10_000, 0, 0, 10_000]).then_some(linear), shift })
    }

    /// Reads the first 20 functions of a `transform`. Unknown functions change nothing.
    pub fn read(text: &str) -> Matrix {
        let mut matrix = Matrix::HERE;
        for part in text.split(')').take(20) {
            let Some((name, inner)) = part.split_once('(') else { continue };
            let all = numbers(inner);
            let at = |index: usize| all.get(index).copied();
            let step = match name.trim_matches([' ', ',', '\n', '\t']) {
                "translate" => Matrix::shift(at(0).unwrap_or(0.0), at(1).unwrap_or(0.0)),
                "scale" => Matrix::scale(at(0).unwrap_or(1.0), at(1).or(at(0)).unwrap_or(1.0)),
                "rotate" => turn(at(0).unwrap_or(0.0), [at(1).unwrap_or(0.0), at(2).unwrap_or(0.0)]),
                "matrix" if all.len() == 6 => Matrix([all[0], all[1], all[2], all[3], all[4], all[5]]),
                _ => Matrix::HERE,
            };
            matrix = matrix.compose(step);
        }
        matrix
    }
}

fn turn(degrees: f64, [x, y]: [f64; 2]) -> Matrix {
    let (sine, cosine) = degrees.to_radians().sin_cos();
    Matrix::shift(x, y)
        .compose(Matrix([cosine, sine, -sine, cosine, 0.0, 0.0]))
        .compose(Matrix::shift(-x, -y))
}

/// A length in pixels; `em` is the font size in pixels. Returns `None` for percentages and for other text.
pub fn pixels(text: &str, em: f64) -> Option<f64> {
    let text = text.trim();
    let (number, factor) = match text {
        _ if text.ends_with('%') => return None,
        _ if text.ends_with("rem") => (text.trim_end_matches("rem"), 16.0),
        _ if text.ends_with("em") => (text.trim_end_matches("em"), em),
        _ if text.ends_with("px") => (text.trim_end_matches("px"), 1.0),
        _ if text.ends_with("pt") => (text.trim_end_matches("pt"), 4.0 / 3.0),
        _ => (text, 1.0),
    };
    let value: f64 = number.trim().parse().ok()?;
    value.is_finite().then_some(value * factor)
}

/// The finite numbers in a text, with any separators.
pub fn numbers(text: &str) -> Vec<f64> {
    let mut all = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit() || "+-.".contains(c)) {
        rest = &rest[at..];
        let length = number_length(rest);
        if let Ok(number) = rest[..length].parse::<f64>()
            && number.is_finite()
            && all.len() < MOST_NUMBERS
        {
            all.push(number);
        }
        // At least one byte, so that the loop always ends.
        rest = &rest[length.max(1)..];
    }
    all
}

/// The length in bytes of the number at the start of `text`, such as `-1.5e-3`.
fn number_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut at = usize::from(bytes.first().is_some_and(|sign| b"+-".contains(sign)));
    let mut point = false;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'0'..=b'9' => {}
            b'.' if !point => point = true,
            _ => break,
        }
        at += 1;
    }
    let signed = usize::from(bytes.get(at + 1).is_some_and(|sign| b"+-".contains(sign)));
    if bytes.get(at).is_some_and(|e| b"eE".contains(e))
        && bytes.get(at + 1 + signed).is_some_and(u8::is_ascii_digit)
    {
        at += 1 + signed;
        while bytes.get(at).is_some_and(u8::is_ascii_digit) {
            at += 1;
        }
    }
    at
}

/// The points of a list of numbers, two for each. Returns `None` if one is far outside any picture.
pub fn points(text: &str) -> Option<Vec<[Length; 2]>> {
    let pair = |pair: &[f64]| Some([Length::from_pixels(pair[0])?, Length::from_pixels(pair[1])?]);
    numbers(text).chunks_exact(2).map(pair).collect()
}

/// The steps of a path. Returns `None` if it cannot be read.
pub fn path(text: &str) -> Option<Vec<PathStep>> {
    let mut steps = Vec::new();
    let mut rest = text.trim();
    while let Some(letter) = rest.chars().next() {
        let command = PathCommand::try_from(letter).ok()?;
        // The letters of commands are ASCII, so the first byte is the whole character.
        let body = &rest[1..];
        let end = body.find(|c: char| c.is_ascii_alphabetic() && !"eE".contains(c)).unwrap_or(body.len());
        let numbers: Option<Vec<Length>> =
            numbers(&body[..end]).into_iter().map(Length::from_pixels).collect();
        let numbers = numbers?;
        let count = count(command.0);
        // The numbers may repeat without the letter: `L 1 1 2 2` draws two lines.
        let fits = if count == 0 {
            numbers.is_empty()
        } else {
            !numbers.is_empty() && numbers.len().is_multiple_of(count)
        };
        if !fits {
            return None;
        }
        steps.push(PathStep(command, numbers));
        rest = body[end..].trim_start();
    }
    // A path begins with a move, as SVG demands.
    matches!(steps.first(), Some(PathStep(PathCommand(Stroke::Move, _), _))).then_some(steps)
}

/// The number of numbers that a command takes at a time.
pub fn count(stroke: Stroke) -> usize {
    match stroke {
        Stroke::Close => 0,
        Stroke::Across | Stroke::Down => 1,
        Stroke::Move | Stroke::Line | Stroke::SmoothQuadratic => 2,
        Stroke::Smooth | Stroke::Quadratic => 4,
        Stroke::Curve => 6,
        Stroke::Arc => 7,
    }
}

/// The points that a path passes or bends towards, in absolute coordinates.
pub fn touched(steps: &[PathStep]) -> Vec<[f64; 2]> {
    let (mut all, mut pen): (Vec<[f64; 2]>, [f64; 2]) = (Vec::new(), [0.0, 0.0]);
    for PathStep(PathCommand(stroke, reference), numbers) in steps {
        let numbers: Vec<f64> = numbers.iter().map(|number| number.pixels()).collect();
        for group in numbers.chunks_exact(count(*stroke).max(1)) {
            let from = if *reference == DrawingReference::Relative { pen } else { [0.0, 0.0] };
            match stroke {
                Stroke::Across => pen[0] = from[0] + group[0],
                Stroke::Down => pen[1] = from[1] + group[0],
                Stroke::Arc => {
                    let end = [from[0] + group[5], from[1] + group[6]];
                    // An estimate of the extent: the vertical radius above and below the middle of the chord.
                    let middle = [f64::midpoint(pen[0], end[0]), f64::midpoint(pen[1], end[1])];
                    all.extend([[middle[0], middle[1] - group[1]], [middle[0], middle[1] + group[1]]]);
                    pen = end;
                }
                _ => {
                    // The last pair is the end of the step; the pairs before it are control points.
                    all.extend(group.chunks_exact(2).map(|pair| [from[0] + pair[0], from[1] + pair[1]]));
                    pen = all.last().copied().unwrap_or(pen);
                }
            }
            all.push(pen);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_are_read_however_they_are_written() {
        assert_eq!(numbers("1,-2.5 .5-.5e1,+3"), [1.0, -2.5, 0.5, -5.0, 3.0]);
        assert_eq!(numbers("1.2.3"), [1.2, 0.3]);
        assert_eq!(numbers("NaN Infinity e - + . 1e999"), Vec::<f64>::new());
    }

    #[test]
    fn transforms_are_put_together_from_the_left() {
        let matrix = Matrix::read("translate(10, 20) scale(2)");
        assert_eq!(matrix.point([1.0, 1.0]), [12.0, 22.0]);
        let turned = Matrix::read("rotate(90 5 5)").point([5.0, 0.0]);
        assert!((turned[0] - 10.0).abs() < 1e-9 && (turned[1] - 5.0).abs() < 1e-9, "{turned:?}");
        assert_eq!(Matrix::read("skewX(3) nonsense"), Matrix::HERE);
    }

    #[test]
    fn a_path_is_numbers_or_nothing() {
        let steps = path("M0,0L10 0h5v-5C1 1 2 2 3 3a2,2 0 0,1 4,0Z").unwrap();
        assert_eq!(steps.len(), 7);
        let touched = touched(&steps);
        assert!(
            [[10.0, 0.0], [15.0, 0.0], [15.0, -5.0]].iter().all(|point| touched.contains(point)),
            "{touched:?}"
        );
        for wrong in ["", "L1 1", "M1", "M1 1 X2", "M1 1\"><script>", "M0 0 L1e9 0", "M1 1 Z 3"] {
            assert_eq!(path(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn lengths_have_units() {
        assert_eq!(pixels("1.1em", 10.0), Some(11.0));
        assert_eq!(pixels("12px", 10.0), Some(12.0));
        assert_eq!(pixels("100%", 10.0), None);
        assert_eq!(pixels("inf", 10.0), None);
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_a_panic(text in r#"([MLHVCSQTAZmlzae0-9.,+\- ()%]|\PC){0,60}"#) {
            path(&text);
            points(&text);
            Matrix::read(&text).place();
            pixels(&text, 16.0);
        }
    }
}
