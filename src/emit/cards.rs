//! `index.card.svg` beside each page, where `[brand]` asks for cards: the picture that other programs show beside a link
//! to the page.
//!
//! Owns the drawing. It says what the head of the page says: kind, title, owner, state. A site without a base URL has no
//! cards, because previews need absolute URLs.

use std::sync::Arc;

use super::brand_colour::brand_colour;
use super::later;
use super::text::xml;
use crate::output::Output;
use crate::page::incidents::EXERCISE;
use crate::plot::wrapped;
use crate::site::{CARD_HEIGHT, CARD_WIDTH, PageId, Site, SitePage};

/// The empty edge.
const MARGIN: u32 = 80;

/// The sizes of a title in pixels, with the characters of its lines and the most lines: the largest that fits is taken.
const TITLES: [(u32, usize, usize); 3] = [(76, 20, 2), (62, 25, 3), (50, 31, 4)];

pub fn emit(site: &Arc<Site>) -> Vec<Output> {
    if !site.has_cards() {
        return Vec::new();
    }
    let output = |(id, page): (PageId, &SitePage)| {
        later(site, site.card_url(page).to_string(), move |site| card(site, id))
    };
    site.ids().map(output).collect()
}

fn card(site: &Site, id: PageId) -> String {
    let page = site.page(id);
    let title = page.name.full.to_string();
    let mut lines = Vec::new();
    let mut size = 0;
    for (in_pixels, characters, most) in TITLES {
        (size, lines) = (in_pixels, wrapped(&title, characters, most));
        if !lines.iter().any(|line| line.ends_with('…')) {
            break;
        }
    }
    let colour = brand_colour(site);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-labelledby=\"t\" xml:lang=\"{lang}\" lang=\"{lang}\" \
         viewBox=\"0 0 {CARD_WIDTH} {CARD_HEIGHT}\" width=\"{CARD_WIDTH}\" height=\"{CARD_HEIGHT}\" \
         font-family=\"Inter, system-ui, 'Segoe UI', Roboto, 'Noto Sans', 'Helvetica Neue', Arial, sans-serif\">\
         <title id=\"t\">{}</title><path fill=\"#fff\" d=\"M0 0h{CARD_WIDTH}v{CARD_HEIGHT}H0z\"/>\
         <path fill=\"{colour}\" d=\"M0 0h{CARD_WIDTH}v18H0z\"/>",
        xml(&title),
        lang = xml(site.language(page)),
    );
    push_text(&mut svg, &TextLine { y: 130, size: 30, weight: 700, fill: &colour, text: &kind(site, page) });
    let mut y = 150;
    for line in &lines {
        y += size * 6 / 5;
        push_text(&mut svg, &TextLine { y, size, weight: 700, fill: "#17211f", text: line });
    }
    let facts: Vec<String> = [page.page.front.owner.clone(), state(site, id)].into_iter().flatten().collect();
    let facts = wrapped(&facts.join(" · "), 60, 1).concat();
    push_text(
        &mut svg,
        &TextLine { y: CARD_HEIGHT - 118, size: 32, weight: 600, fill: "#17211f", text: &facts },
    );
    let name =
        if title == site.config.title { String::new() } else { wrapped(&site.config.title, 60, 1).concat() };
    push_text(
        &mut svg,
        &TextLine { y: CARD_HEIGHT - 66, size: 28, weight: 400, fill: "#505e5b", text: &name },
    );
    svg.push_str("</svg>\n");
    svg
}

/// The name of the page's kind for readers; empty for a plain page.
fn kind(site: &Site, page: &SitePage) -> String {
    let kind = &page.page.front.kind;
    if kind.name == site.kinds.plain().name {
        return String::new();
    }
    site.kinds.wording(kind, site.language(page)).title().to_uppercase()
}

/// What the page's own field says about its state; else the state of its review.
fn state(site: &Site, id: PageId) -> Option<String> {
    let page = site.page(id);
    let front = &page.page.front;
    let wording = site.kinds.wording(&front.kind, site.language(page));
    let t = site.strings.for_language(site.language(page));
    // A state alone would look like that of an incident.
    if front.data.flag(EXERCISE) {
        return Some(t.say("incident.exercise").to_owned());
    }
    for field in ["report_state", "state", "status"] {
        if let Some(value) = front.data.text(field) {
            return Some(wording.value(field, value).to_owned());
        }
    }
    let review = site.registers.reviews.for_page(id)?;
    Some(t.say(review.state.word()).to_owned())
}

/// A line of text at the left edge.
struct TextLine<'a> {
    y: u32,
    size: u32,
    weight: u32,
    fill: &'a str,
    text: &'a str,
}

fn push_text(svg: &mut String, line: &TextLine<'_>) {
    let TextLine { y, size, weight, fill, text } = line;
    if !text.is_empty() {
        svg.push_str(&format!(
            "<text x=\"{MARGIN}\" y=\"{y}\" font-size=\"{size}\" font-weight=\"{weight}\" fill=\"{fill}\">{}</text>",
            xml(text)
        ));
    }
}
