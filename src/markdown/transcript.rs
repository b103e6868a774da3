//! Transcripts: what was said in a talk, one line for each utterance.
//!
//! ```text
//! Moderator    00:00:03    Welcome to the talk.
//! ```
//!
//! Owns the form of the lines, the corrections of misheard words, and the HTML with an anchor for each time. A transcript
//! is a code block with the word `transcript`, because recognised speech has characters that Markdown would take for
//! mark-up, and because a block of code can be hidden from an audience as a whole. Code is needed for it, since anchors,
//! speakers and the links to the recording follow from the lines.

use std::collections::BTreeMap;
use std::ops::Range;

use super::export::{ExportPatch, MarkdownExport};
use super::writer::HtmlWriter;
use crate::diagnostic::Diagnostic;
use crate::html_escape::{escape_attribute, escape_text};
use crate::rules::TRANSCRIPT_FORM;
use crate::source::Span;

/// The most characters of a speaker's name. A longer text before a time is something else.
const NAME_CHARACTERS: usize = 100;

/// The most speakers that the page lists.
const SPEAKERS_LISTED: usize = 20;

/// One line of a transcript.
struct Utterance<'a> {
    speaker: &'a str,
    /// Since the beginning.
    seconds: u32,
    text: &'a str,
}

impl HtmlWriter<'_> {
    /// Writes a transcript. Returns whether the text is one; if not, this is reported at `place`.
    pub(super) fn transcript(&mut self, text: &str, place: impl FnOnce(&Self) -> Span) -> bool {
        if !text.lines().any(|line| utterance(line).is_some()) {
            let message = "no line of this transcript has a speaker and a time";
            let problem = Diagnostic::new(&TRANSCRIPT_FORM, place(self), message);
            let help = "write lines such as `Moderator    00:00:03    Welcome.`, with two spaces or a tab between the parts";
            self.document.diagnostics.push(problem.help(help));
            return false;
        }
        let settings = self.context.code.transcript;
        let mut corrected = 0;
        let mut correct = |text: &str| match &settings.corrections {
            Some(corrections) => {
                let (text, count) = corrections.apply(text);
                corrected += count;
                text
            }
            None => text.to_owned(),
        };
        let mut speakers: BTreeMap<String, (usize, usize)> = BTreeMap::new();
        let mut html = String::with_capacity(text.len() * 2);
        let mut is_open = false;
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            let Some(Utterance { speaker, seconds, text }) = utterance(line) else {
                // A line without a time goes on with what was said, or stands before the first speaker.
                html.push_str(if is_open { " " } else { "<p>" });
                html.push_str(&escape_text(&correct(line.trim())));
                html.push_str(if is_open { "" } else { "</p>\n" });
                continue;
            };
            let (speaker, text) = (correct(speaker), correct(text));
            let number = speakers.len();
            speakers.entry(speaker.clone()).or_insert((number, 0)).1 += 1;
            let time = clock(seconds);
            let id = self.ids.take(&format!("t-{}", time.replace(':', "-")));
            if is_open {
                html.push_str("</span></p>\n");
            }
            is_open = true;
            html.push_str(&format!("<p id=\"{id}\"><span><a href=\"#{id}\">{time}</a>"));
            if let Some(recording) = &settings.recording {
                let url = escape_attribute(&recording_at(recording, seconds));
                let label = self.context.strings.fill("body.play_from", &[("time", &time)]);
                html.push_str(&format!(
                    " <a href=\"{url}\" aria-label=\"{}\">▶</a>",
                    escape_attribute(&label)
                ));
            }
            html.push_str(&format!("</span> <span><b>{}</b> {}", escape_text(&speaker), escape_text(&text)));
        }
        if is_open {
            html.push_str("</span></p>\n");
        }
        let summary = self.transcript_summary(&speakers, corrected);
        self.out()
            .raw(&format!("<div class=\"transcript\">\n<p>{}</p>\n{html}</div>\n", escape_text(&summary)));
        true
    }

    /// Who spoke how often, and the number of corrections.
    fn transcript_summary(&self, speakers: &BTreeMap<String, (usize, usize)>, corrected: usize) -> String {
        let t = self.context.strings;
        let mut by_turn: Vec<(&String, &(usize, usize))> = speakers.iter().collect();
        by_turn.sort_by_key(|(_, (first, _))| *first);
        let mut names: Vec<String> = by_turn
            .iter()
            .take(SPEAKERS_LISTED)
            .map(|(name, (_, count))| format!("{name} ({count})"))
            .collect();
        if by_turn.len() > names.len() {
            names.push(t.fill("register.and_more", &[("count", &(by_turn.len() - names.len()))]));
        }
        let all: usize = speakers.values().map(|(_, count)| count).sum();
        let mut summary = format!("{}: {}", t.counted("unit.utterance", all), names.join(", "));
        if corrected > 0 {
            summary.push_str(&format!(" · {}", t.counted("unit.correction", corrected)));
        }
        summary
    }

    /// Corrects the copy of a transcript: it must not name those whose names are replaced.
    pub(super) fn correct_copy(&mut self, range: Range<usize>) {
        let Some(corrections) = &self.context.code.transcript.corrections else { return };
        let written = self.current.origin.text.get(range.clone()).unwrap_or("");
        let first = written.find('\n').unwrap_or(0);
        for (found, said) in corrections.find(&written[first..]) {
            let start = range.start + first;
            let place = start + found.start..start + found.end;
            self.patch(place, ExportPatch::Inline(MarkdownExport::of(said)));
        }
    }

    /// The corrected text of a transcript. Also one that is shown as code, because it has no times, must not name those
    /// whose names are replaced.
    pub(super) fn corrected(&self, text: &str) -> String {
        let corrections = &self.context.code.transcript.corrections;
        corrections.as_ref().map_or_else(|| text.to_owned(), |corrections| corrections.apply(text).0)
    }
}

/// Reads `Name    00:00:03    text`: tabs or at least two spaces between name and time, any whitespace after the time.
fn utterance(line: &str) -> Option<Utterance<'_>> {
    let line = line.trim();
    let end = line.find('\t').into_iter().chain(line.find("  ")).min()?;
    let (speaker, rest) = (line[..end].trim(), line[end..].trim_start());
    if speaker.is_empty() || speaker.chars().nth(NAME_CHARACTERS).is_some() {
        return None;
    }
    let (time, text) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    Some(Utterance { speaker, seconds: seconds_of(time)?, text: text.trim() })
}

/// Reads `01:02:03`, `02:03`, either also with a fraction and in brackets.
fn seconds_of(time: &str) -> Option<u32> {
    let time = time.strip_prefix('[').and_then(|time| time.strip_suffix(']')).unwrap_or(time);
    let (time, fraction) = time.split_once(['.', ',']).unwrap_or((time, ""));
    if !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number = |part: &str| -> Option<u32> {
        let is_number = (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        if is_number { part.parse().ok() } else { None }
    };
    let parts: Vec<&str> = time.splitn(4, ':').collect();
    let (hours, minutes, seconds) = match parts.as_slice() {
        [hours, minutes, seconds] => (number(hours)?, number(minutes)?, number(seconds)?),
        [minutes, seconds] => (0, number(minutes)?, number(seconds)?),
        _ => return None,
    };
    let is_time = seconds < 60 && (minutes < 60 || parts.len() == 2);
    is_time.then_some(hours * 3600 + minutes * 60 + seconds)
}

/// `01:02:03`.
fn clock(seconds: u32) -> String {
    format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

/// The address of a recording at a second: a parameter for YouTube, else a media fragment
/// (<https://www.w3.org/TR/media-frags/>).
fn recording_at(url: &str, seconds: u32) -> String {
    let url = url.split('#').next().unwrap_or(url);
    let host = url.split_once("://").map_or("", |(_, rest)| rest.split(['/', '?']).next().unwrap_or(rest));
    let host = host.to_ascii_lowercase();
    let is_youtube = host == "youtu.be" || host == "youtube.com" || host.ends_with(".youtube.com");
    match is_youtube {
        true if url.contains('?') => format!("{url}&t={seconds}s"),
        true => format!("{url}?t={seconds}s"),
        false => format!("{url}#t={seconds}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_have_a_speaker_a_time_and_a_text() {
        let read = |line| utterance(line).map(|found| (found.speaker, found.seconds, found.text));
        assert_eq!(read("Moderator    00:00:03    Welcome.  "), Some(("Moderator", 3, "Welcome.")));
        assert_eq!(read("A B\t1:02:03.250\tWell,  then"), Some(("A B", 3723, "Well,  then")));
        assert_eq!(read("A  [75:10]"), Some(("A", 4510, "")));
        for line in [
            "",
            "A 00:00:03 text",
            "A  text",
            "  00:00:03  text",
            "A  00:61:00  x",
            "A  00:00:60 x",
            "A  1:2:3:4 x",
            "A  9999:00:00 x",
        ] {
            assert_eq!(read(line), None, "{line}");
        }
        assert_eq!(read(&format!("{}  00:00:03  x", "n".repeat(101))), None);
    }

    #[test]
    fn recordings_are_linked_at_a_second() {
        assert_eq!(
            recording_at("https://www.youtube.com/watch?v=a#x", 88),
            "https://www.youtube.com/watch?v=a&t=88s"
        );
        assert_eq!(recording_at("https://youtu.be/a", 88), "https://youtu.be/a?t=88s");
        assert_eq!(recording_at("https://notyoutube.com/a.mp4", 88), "https://notyoutube.com/a.mp4#t=88");
    }
}
