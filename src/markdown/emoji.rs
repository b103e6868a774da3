//! Replaces emoji names, as people write them in notes: `:thumbsup:`.
//!
//! Owns the known names. A text with any other name stays as it was written.

use std::borrow::Cow;

/// Names as on GitHub, sorted.
const EMOJI: &[(&str, &str)] = &[
    ("+1", "👍"),
    ("-1", "👎"),
    ("alarm_clock", "⏰"),
    ("arrow_right", "➡️"),
    ("ballot_box_with_check", "☑️"),
    ("beer", "🍺"),
    ("bell", "🔔"),
    ("books", "📚"),
    ("bug", "🐛"),
    ("bulb", "💡"),
    ("calendar", "📆"),
    ("chart_with_upwards_trend", "📈"),
    ("christmas_tree", "🎄"),
    ("clap", "👏"),
    ("clipboard", "📋"),
    ("clock1", "🕐"),
    ("closed_lock_with_key", "🔐"),
    ("cloud", "☁️"),
    ("coffee", "☕"),
    ("computer", "💻"),
    ("construction", "🚧"),
    ("date", "📅"),
    ("eyes", "👀"),
    ("exclamation", "❗"),
    ("family", "👪"),
    ("fire", "🔥"),
    ("gear", "⚙️"),
    ("grin", "😁"),
    ("hammer", "🔨"),
    ("heart", "❤️"),
    ("heavy_check_mark", "✔️"),
    ("hourglass", "⌛"),
    ("information_source", "ℹ️"),
    ("key", "🔑"),
    ("laughing", "😆"),
    ("link", "🔗"),
    ("lock", "🔒"),
    ("mag", "🔍"),
    ("mega", "📣"),
    ("memo", "📝"),
    ("movie_camera", "🎥"),
    ("muscle", "💪"),
    ("no_entry", "⛔"),
    ("notebook", "📓"),
    ("ok", "🆗"),
    ("ok_hand", "👌"),
    ("package", "📦"),
    ("palm_tree", "🌴"),
    ("party_popper", "🎉"),
    ("pencil", "📝"),
    ("point_right", "👉"),
    ("pray", "🙏"),
    ("pushpin", "📌"),
    ("question", "❓"),
    ("raised_hands", "🙌"),
    ("recycle", "♻️"),
    ("rocket", "🚀"),
    ("rotating_light", "🚨"),
    ("slightly_smiling_face", "🙂"),
    ("smile", "😄"),
    ("smiley", "😃"),
    ("sparkles", "✨"),
    ("speech_balloon", "💬"),
    ("star", "⭐"),
    ("sunny", "☀️"),
    ("tada", "🎉"),
    ("thinking", "🤔"),
    ("thumbsdown", "👎"),
    ("thumbsup", "👍"),
    ("warning", "⚠️"),
    ("wave", "👋"),
    ("white_check_mark", "✅"),
    ("wink", "😉"),
    ("wrench", "🔧"),
    ("x", "❌"),
    ("zap", "⚡"),
];

/// Replaces the known names in a text.
pub(super) fn replaced(text: &str) -> Cow<'_, str> {
    if text.bytes().filter(|b| *b == b':').take(2).count() < 2 {
        return Cow::Borrowed(text);
    }
    let (mut kept, mut at) = (String::new(), 0);
    while let Some(start) = text[at..].find(':').map(|start| at + start) {
        kept.push_str(&text[at..start]);
        let name =
            text[start + 1..].split(|c: char| !(c.is_ascii_alphanumeric() || "_+-".contains(c))).next();
        let end = start + 1 + name.map_or(0, str::len);
        let emoji = name.filter(|_| text[end..].starts_with(':')).and_then(known);
        // In `10:30:x:` the colon after a digit begins no name.
        let free = !text[..start].ends_with(|c: char| c.is_ascii_alphanumeric());
        match emoji.filter(|_| free) {
            Some(emoji) => {
                kept.push_str(emoji);
                at = end + 1;
            }
            None => {
                kept.push(':');
                at = start + 1;
            }
        }
    }
    kept.push_str(&text[at..]);
    Cow::Owned(kept)
}

/// The emoji with this name.
pub(super) fn known(name: &str) -> Option<&'static str> {
    EMOJI.iter().find(|(known, _)| *known == name).map(|(_, emoji)| *emoji)
}

#[cfg(test)]
mod tests {
    use super::replaced;

    #[test]
    fn known_names_become_emoji_and_others_stay() {
        assert_eq!(replaced(":family: Participants :+1::tada:"), "👪 Participants 👍🎉");
        assert_eq!(replaced("at 10:30:45, a:x:b, :nonsense: ::"), "at 10:30:45, a:x:b, :nonsense: ::");
    }
}
