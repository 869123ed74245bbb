//! Texts of others as a person is shown them: on one line, and of many only some.

use std::borrow::Cow;

/// So many of a long list are worth showing.
const SHOWN: usize = 10;

/// Beyond so many a list is long: a few that are left out take as much room as saying so.
const LONG: usize = 20;

/// A text on one line, which does nothing to a terminal; something is there also for no text.
pub(crate) fn line(text: &str) -> Cow<'_, str> {
    if text.is_empty() {
        Cow::Borrowed("\"\"")
    } else if text.contains(char::is_control) {
        let shown = |c: char| if c.is_control() { c.escape_default().collect() } else { c.into() };
        Cow::Owned(text.chars().map(shown).collect::<Vec<String>>().concat())
    } else {
        Cow::Borrowed(text)
    }
}

/// A name as a message has it.
pub(crate) fn quoted(name: &str) -> String {
    format!("`{}`", line(name))
}

/// `a`, `b` or `c`.
pub(crate) fn choices<S: AsRef<str>>(names: &[S]) -> String {
    let (shown, left_out) = front(names.len());
    let mut words: Vec<String> = names[..shown].iter().map(|name| quoted(name.as_ref())).collect();
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
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// What is shown of a list of that many: how many at its beginning, and how many are left out.
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
    fn what_would_break_a_line_is_escaped() {
        assert_eq!(line("db::load ä"), "db::load ä");
        assert_eq!(line("a\nb\u{1b}[31m"), "a\\nb\\u{1b}[31m");
        assert_eq!(line(""), "\"\"");
    }

    #[test]
    fn digits_are_grouped() {
        let told = [0, 999, 1000, 99_990, 1_234_567].map(grouped);
        assert_eq!(told, ["0", "999", "1,000", "99,990", "1,234,567"]);
    }

    #[test]
    fn only_long_lists_are_shortened() {
        let told = |length: usize| {
            let all: Vec<usize> = (0..length).collect();
            joined(&all, " ", ToString::to_string)
        };
        assert_eq!(told(0), "");
        assert_eq!(told(3), "0 1 2");
        assert!(told(20).ends_with(" 9 10 11 12 13 14 15 16 17 18 19"));
        assert_eq!(told(21), "0 1 2 3 4 5 6 7 … 11 more … 19 20");
    }
}
