//! Durations as options and the settings of `main!` have them, such as `500ms` and `1m 30s`: the
//! grammar of `#[task(timeout = "5s")]`.

use std::time::Duration;

/// What to write where a duration is needed.
pub(super) const EXAMPLES: &str = "`500ms`, `5s` or `1m 30s`";

const SECOND: u128 = 1_000_000_000;

/// The longest duration in one unit.
pub(super) const LONGEST: &str = "`18446744073709551615s`";

/// What is wrong with a text that is no duration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoDuration {
    /// It is not made of numbers and units.
    Shape,
    /// It is longer than any.
    TooLong,
}

/// Reads whole numbers with units, which are added up. Constant, so that a wrong setting of `main!`
/// does not compile.
pub(crate) const fn parse(text: &str) -> Result<Duration, NoDuration> {
    let mut rest = text.as_bytes().trim_ascii();
    if rest.is_empty() {
        return Err(NoDuration::Shape);
    }
    let mut nanos = 0_u128;
    while !rest.is_empty() {
        let Some((part, after)) = part(rest) else { return Err(NoDuration::Shape) };
        (nanos, rest) = (nanos.saturating_add(part), after);
    }
    if nanos / SECOND > u64::MAX as u128 {
        return Err(NoDuration::TooLong);
    }
    #[expect(clippy::cast_possible_truncation, reason = "both fit, as was just checked")]
    Ok(Duration::new((nanos / SECOND) as u64, (nanos % SECOND) as u32))
}

/// One number with its unit, in nanoseconds, and what follows.
const fn part(text: &[u8]) -> Option<(u128, &[u8])> {
    let (number, after) = split(text, true);
    let (unit, after) = split(after.trim_ascii_start(), false);
    let Some(number) = whole(number) else { return None };
    let Some(unit) = in_nanos(unit) else { return None };
    Some((number.saturating_mul(unit), after.trim_ascii_start()))
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
        let tens = number.saturating_mul(10);
        (number, rest) = (tens.saturating_add((*digit - b'0') as u128), after);
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
            assert_eq!(parse(text), Ok(Duration::from_millis(millis)), "{text:?}");
        }
        assert_eq!(parse(&format!("{}s 999999999ns", u64::MAX)), Ok(Duration::MAX));
        assert_eq!(parse(LONGEST.trim_matches('`')), Ok(Duration::from_secs(u64::MAX)));
    }

    #[test]
    fn other_texts_are_none() {
        let no_unit = "9".repeat(99);
        for text in
            ["", " ", "5", "s", "soon", "1.5s", "-5s", "1m, 30s", "5S", "５s", &no_unit, "1d x"]
        {
            assert_eq!(parse(text), Err(NoDuration::Shape), "{text:?}");
        }
    }

    #[test]
    fn what_is_too_long_is_known() {
        let longer = [u128::from(u64::MAX) + 1, u128::MAX].map(|number| format!("{number}s"));
        let sum = format!("{}s 1000ms", u64::MAX);
        for text in [&longer[0], &longer[1], &format!("{}d", "9".repeat(99)), &sum] {
            assert_eq!(parse(text), Err(NoDuration::TooLong), "{text:?}");
        }
    }
}
