//! The impact of a word: how much it says about a page.
//!
//! Owns the weights of the fields. Each field saturates by itself, as in BM25F (Robertson, Zaragoza, Taylor 2004:
//! "Simple BM25 extension to multiple weighted fields"). The length of the page is weighed in the body, the length of
//! the title in the title. The result is a number from 1 to 31. The part that depends on the query, the rarity of a
//! word, is computed in `search.js`.

use super::corpus::TextLength;
use super::vocabulary::Posting;

const TITLE: f32 = 3.0;
const HEADING: f32 = 1.4;
const ABOUT: f32 = 0.8;
const CODE: f32 = 0.6;
const BODY: f32 = 1.0;
/// How fast the body saturates, and how much its length counts: `k1` and `b` of BM25.
const SATURATION: f32 = 1.2;
const LENGTH: f32 = 0.6;
/// The factor for a word inside a compound, which says less than the word itself.
const INSIDE: f32 = 0.6;
/// The sum that gives the highest impact.
const MOST: f32 = 6.0;

/// The factor of legal pages, which use the words of every subject and are in the footer of every page.
pub const LEGAL: f32 = 0.3;

/// The mean lengths of titles and bodies, in words.
#[derive(Debug, Clone, Copy)]
pub struct MeanLengths {
    title: f32,
    body: f32,
}

impl MeanLengths {
    /// The means of all pages; at least 1, because lengths are divided by them.
    pub fn from_lengths(lengths: &[TextLength]) -> MeanLengths {
        let pages = lengths.len().max(1) as f32;
        let sum =
            |of: fn(&TextLength) -> u32| lengths.iter().map(|length| of(length) as f32).sum::<f32>() / pages;
        MeanLengths { title: sum(|length| length.title).max(1.0), body: sum(|length| length.body).max(1.0) }
    }
}

/// The impact of a word on a page, from 1 to 31. It is a square root, because small differences count most where the
/// sum is small. `weight` is the factor of the page.
pub fn impact(hit: &Posting, length: TextLength, mean: MeanLengths, weight: f32) -> u32 {
    let saturated = |count: f32, half: f32| count / (count + half);
    let body = f32::from(hit.body) + f32::from(hit.code);
    let long = 1.0 - LENGTH + LENGTH * length.body as f32 / mean.body;
    // A word of a short title says more than a word of a long one. Repeating it adds nothing.
    let title = if hit.title > 0 { TITLE / (0.5 + 0.5 * length.title as f32 / mean.title) } else { 0.0 };
    let sum = BODY * saturated(body, SATURATION * long)
        + CODE * saturated(f32::from(hit.code), 1.0)
        + HEADING * saturated(f32::from(hit.heading), 0.7)
        + ABOUT * saturated(f32::from(hit.about), 0.5)
        + title.min(TITLE * 1.2);
    let sum = if hit.inside { sum * INSIDE } else { sum };
    let step = 31.0 * (sum * weight / MOST).sqrt();
    (step.round() as u32).clamp(1, 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MEAN: MeanLengths = MeanLengths { title: 3.0, body: 300.0 };

    fn weigh(hit: Posting, body: u32) -> u32 {
        impact(&hit, TextLength { title: 3, body, german: false }, MEAN, 1.0)
    }

    #[test]
    fn a_title_says_more_than_many_words_and_a_short_page_more_than_a_long_one() {
        let body = |body| Posting { body, ..Posting::new(0) };
        let title = Posting { title: 1, ..Posting::new(0) };
        assert!(weigh(title, 300) > weigh(body(100), 300));
        assert!(weigh(body(3), 100) > weigh(body(3), 3000));
        assert!(weigh(Posting { inside: true, ..title }, 300) < weigh(title, 300));
        let heavy = impact(&body(3), TextLength { title: 3, body: 300, german: false }, MEAN, 2.0);
        assert!(heavy > weigh(body(3), 300));
        assert_eq!(weigh(Posting { title: 9, heading: 9, about: 9, code: 99, ..body(999) }, 1), 31);
    }
}
