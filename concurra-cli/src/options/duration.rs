//! Durations as options and the settings of `main!` have them, such as `500ms` and `1m 30s`: the
//! grammar of `#[task(timeout = "5s")]`.

use std::time::Duration;

/// What to write where a duration is needed.
pub(super) const EXAMPLES: &str = "`500ms`, `5s` or `1m 30s`";

const SECOND: u128 = 1_000_000_000;

/// Reads whole numbers with units, which are added up. Constant, so that a wrong setting of `main!`
/// does not compile.
pub(crate) const fn parse(text: &str) -> Option<Duration> {
    let mut rest = text.as_bytes().trim_ascii();
    if rest.is_empty() {
        return None;
    }
    let mut nanos = 0_u128;
    while !rest.is_empty() {
        let Some((part, after)) = part(rest) else { return None };
        let Some(sum) = nanos.checked_add(part) else { return None };
        (nanos, rest) = (sum, after);
    }
    if nanos / SECOND > u64::MAX as u128 {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, reason = "both fit, as was just checked")]
    Some(Duration::new((nanos / SECOND) as u64, (nanos % SECOND) as u32))
}

/// One number with its unit, in nanoseconds, and what follows.
const fn part(text: &[u8]) -> Option<(u128, &[u8])> {
    let (number, after) = split(text, true);
    let (unit, after) = split(after.trim_ascii_start(), false);
    let Some(number) = whole(number) else { return None };
    let Some(unit) = in_nanos(unit) else { return None };
    match number.checked_mul(unit) {
        Some(nanos) => Some((nanos, after.trim_ascii_start())),
        None => None,
    }
}

/// The digits, or the letters, at the beginning, and what follows.
const fn split(text: &[u8], digits: bool) -> (&[u8], &[u8]) {
    let mut end = 0;
    while end < text.len()
        && (if digits { text[end].is_ascii_digit() } else { text[end].is_ascii_alphabetic() })
    {
        end += 1;
    }
    text.split_at(end)
}

const fn whole(digits: &[u8]) -> Option<u128> {
    if digits.is_empty() {
        return None;
    }
    let mut number = 0_u128;
    let mut rest = digits;
    while let [digit, after @ ..] = rest {
        let Some(tens) = number.checked_mul(10) else { return None };
        let Some(sum) = tens.checked_add((*digit - b'0') as u128) else { return None };
        (number, rest) = (sum, after);
    }
    Some(number)
}

const fn in_nanos(unit: &[u8]) -> Option<u128> {
    Some(match unit {
        b"ns" => 1,
        b"us" => 1_000,
        b"ms" => 1_000_000,
        b"s" | b"sec" => SECOND,
        b"m" | b"min" => 60 * SECOND,
        b"h" => 3_600 * SECOND,
        b"d" => 86_400 * SECOND,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_add_up() {
        for (text, millis) in [
            ("500ms", 500),
            ("5s", 5_000),
            ("1m 30s", 90_000),
            ("1min30sec", 90_000),
            (" 2 h ", 7_200_000),
            ("1d", 86_400_000),
            ("0ms", 0),
            ("007s", 7_000),
        ] {
            assert_eq!(parse(text), Some(Duration::from_millis(millis)), "{text:?}");
        }
        assert_eq!(parse(&format!("{}s 999999999ns", u64::MAX)), Some(Duration::MAX));
    }

    #[test]
    fn other_texts_are_none() {
        let (long, longer) = (format!("{}s", u128::MAX), format!("{}d", u64::MAX));
        for text in
            ["", " ", "5", "s", "soon", "1.5s", "-5s", "1m, 30s", "5S", "５s", &long, &longer]
        {
            assert_eq!(parse(text), None, "{text:?}");
        }
    }
}
