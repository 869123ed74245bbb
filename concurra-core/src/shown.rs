//! Texts of users in messages: on one line, and of a long list only some.

use std::borrow::Cow;

/// How many texts of a long list are shown.
const SHOWN: usize = 10;

/// A list with more texts is long. In place of a few texts, the number of them would be as long.
const LONG: usize = 20;

/// A text on one line without control characters. An empty text is shown as two quotes.
#[must_use]
pub fn line(text: &str) -> Cow<'_, str> {
    if text.is_empty() {
        Cow::Borrowed("\"\"")
    } else if text.contains(char::is_control) {
        let shown = |c: char| if c.is_control() { c.escape_default().collect() } else { c.into() };
        Cow::Owned(text.chars().map(shown).collect::<Vec<String>>().concat())
    } else {
        Cow::Borrowed(text)
    }
}

/// A text of several lines without other control characters; all lines but the first are indented, so that
/// none looks like a line of ours.
#[must_use]
pub fn paragraph(text: &str, indent: &str) -> String {
    let lines: Vec<_> = text.lines().filter(|text| !text.is_empty()).map(line).collect();
    lines.join(&format!("\n{indent}"))
}

/// A name in backticks, for a message.
pub(crate) fn quoted(name: &str) -> String {
    format!("`{}`", line(name))
}

/// A name in backticks, with the marks of decomposed letters escaped: the composed form of the name
/// looks the same.
///
/// ```
/// use concurra_core::nearest::spelled;
/// assert_eq!(spelled("gro\u{308}\u{df}e"), r"`gro\u{308}ße`");
/// ```
#[must_use]
pub fn spelled(name: &str) -> String {
    let is_mark = |c: char| matches!(c, '\u{300}'..='\u{36f}' | '\u{3099}' | '\u{309a}');
    let shown = |c: char| if is_mark(c) { c.escape_unicode().collect() } else { c.into() };
    format!("`{}`", line(name).chars().map(shown).collect::<Vec<String>>().concat())
}

/// `a`, `b` or `c`.
pub(crate) fn choices<S: AsRef<str>>(names: &[S]) -> String {
    let (shown, left_out) = front(names.len());
    let mut words: Vec<String> = names[..shown].iter().map(|name| spelled(name.as_ref())).collect();
    if left_out > 0 {
        words.push(format!("{} more", grouped(left_out)));
    }
    match words.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, front)) => format!("{} or {last}", front.join(", ")),
        None => String::new(),
    }
}

/// A number as a person reads it: `999,990`.
pub(crate) fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let groups = digits.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy);
    groups.collect::<Vec<_>>().join(",")
}

/// How many texts of a list are shown, and how many are left out.
pub(crate) const fn front(length: usize) -> (usize, usize) {
    if length > LONG { (SHOWN, length - SHOWN) } else { (length, 0) }
}

/// The words of a list, joined; of a long one most of the middle is left out.
pub(crate) fn joined<T>(all: &[T], between: &str, word: impl Fn(&T) -> String) -> String {
    let (shown, left_out) = front(all.len());
    let back = if left_out > 0 { 2 } else { 0 };
    let mut words: Vec<String> = all[..shown - back].iter().map(&word).collect();
    if left_out > 0 {
        words.push(format!("… {} more …", grouped(left_out)));
    }
    words.extend(all[all.len() - back..].iter().map(&word));
    words.join(between)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_escaped() {
        assert_eq!(line("db::load ä"), "db::load ä");
        assert_eq!(line("a\nb\u{1b}[31m"), "a\\nb\\u{1b}[31m");
        assert_eq!(line(""), "\"\"");
        assert_eq!(paragraph("a\r\nb\n\n\u{7}c\n", "  "), "a\n  b\n  \\u{7}c");
    }

    #[test]
    fn marks_of_decomposed_letters_are_escaped() {
        assert_eq!(spelled("größe हिन्दी"), "`größe हिन्दी`");
        assert_eq!(spelled("gro\u{308}ße\n"), r"`gro\u{308}ße\n`");
    }

    #[test]
    fn digits_are_grouped() {
        let shown = [0, 999, 1000, 99_990, 1_234_567].map(grouped);
        assert_eq!(shown, ["0", "999", "1,000", "99,990", "1,234,567"]);
    }

    #[test]
    fn only_long_lists_are_shortened() {
        let shown = |length: usize| {
            let all: Vec<usize> = (0..length).collect();
            joined(&all, " ", ToString::to_string)
        };
        assert_eq!(shown(0), "");
        assert_eq!(shown(3), "0 1 2");
        assert!(shown(20).ends_with(" 9 10 11 12 13 14 15 16 17 18 19"));
        assert_eq!(shown(21), "0 1 2 3 4 5 6 7 … 11 more … 19 20");
    }
}
