//! Durations as options have them, such as `500ms` and `1m 30s`.

use std::time::Duration;

/// What each unit is in nanoseconds.
const UNITS: [(&str, u128); 9] = [
    ("ns", 1),
    ("us", 1_000),
    ("ms", 1_000_000),
    ("s", SECOND),
    ("sec", SECOND),
    ("m", 60 * SECOND),
    ("min", 60 * SECOND),
    ("h", 3_600 * SECOND),
    ("d", 86_400 * SECOND),
];

const SECOND: u128 = 1_000_000_000;

/// Reads whole numbers with units, which are added up. The error says what to write.
pub(crate) fn parse(text: &str) -> Result<Duration, String> {
    let no_duration = || {
        let way_out = "write whole numbers with units, such as `5s` or `1m 30s`";
        format!("`{text}` is no duration: {way_out}")
    };
    let too_long = || format!("`{text}` is too long: write a shorter duration");
    let mut rest = text.trim();
    if rest.is_empty() {
        return Err("an empty string is no duration: write one such as `5s`".to_owned());
    }
    let negated = rest.strip_prefix('-').map(str::trim_start);
    if let Some(positive) = negated.filter(|positive| parse(positive).is_ok()) {
        return Err(format!("a duration cannot be negative: write `{positive}`"));
    }
    let mut nanos = 0_u128;
    while !rest.is_empty() {
        let (number, after) = split(rest, |letter| letter.is_ascii_digit());
        let (unit, after) = split(after, char::is_alphabetic);
        if number.is_empty() || (unit.is_empty() && !after.is_empty()) {
            return Err(no_duration());
        }
        let unit = in_nanos(number, unit)?;
        let part = number.parse::<u128>().ok().and_then(|number| number.checked_mul(unit));
        nanos = part.and_then(|part| nanos.checked_add(part)).ok_or_else(too_long)?;
        rest = after;
    }
    let seconds = u64::try_from(nanos / SECOND).map_err(|_| too_long())?;
    let below_a_second = u32::try_from(nanos % SECOND).map_err(|_| too_long())?;
    Ok(Duration::new(seconds, below_a_second))
}

fn in_nanos(number: &str, unit: &str) -> Result<u128, String> {
    if unit.is_empty() {
        return Err(format!("`{number}` needs a unit: write `{number}ms` or `{number}s`"));
    }
    let known = UNITS.iter().find(|(name, _)| *name == unit);
    known.map(|(_, nanos)| *nanos).ok_or_else(|| {
        format!("`{unit}` is no unit of time: write `ns`, `us`, `ms`, `s`, `m`, `h` or `d`")
    })
}

/// The letters at the beginning that belong to a word, and what follows, without spaces between.
fn split(text: &str, belongs: impl Fn(char) -> bool) -> (&str, &str) {
    let end = text.find(|letter| !belongs(letter)).unwrap_or(text.len());
    (&text[..end], text[end..].trim_start())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::parse;

    #[test]
    fn units_add_up() {
        for (text, nanos) in [
            ("1ns", 1),
            ("2us", 2_000),
            ("500ms", 500_000_000),
            ("5s", 5_000_000_000),
            ("5sec", 5_000_000_000),
            ("1m 30s", 90_000_000_000),
            ("1min30sec", 90_000_000_000),
            (" 2 h ", 7_200_000_000_000),
            ("1d", 86_400_000_000_000),
            ("1s 1s", 2_000_000_000),
            ("0ms", 0),
            ("007s", 7_000_000_000),
        ] {
            assert_eq!(parse(text), Ok(Duration::from_nanos(nanos)), "{text:?}");
        }
    }

    #[test]
    fn what_a_duration_can_hold_is_the_limit() {
        let most = u64::MAX;
        assert_eq!(parse(&format!("{most}s 999999999ns")), Ok(Duration::MAX));
        for text in [
            format!("{most}s 1000000000ns"),
            format!("{most}d"),
            format!("{}s", "9".repeat(60)),
            format!("{}d {}d", u128::MAX / 100_000_000_000_000, u128::MAX / 100_000_000_000_000),
        ] {
            assert_eq!(
                parse(&text),
                Err(format!("`{text}` is too long: write a shorter duration"))
            );
        }
    }

    #[test]
    fn errors_say_what_to_write() {
        for (text, error) in [
            ("", "an empty string is no duration: write one such as `5s`"),
            (" ", "an empty string is no duration: write one such as `5s`"),
            ("5", "`5` needs a unit: write `5ms` or `5s`"),
            ("1m 30", "`30` needs a unit: write `30ms` or `30s`"),
            ("- 5s", "a duration cannot be negative: write `5s`"),
            ("5S", "`S` is no unit of time: write `ns`, `us`, `ms`, `s`, `m`, `h` or `d`"),
        ] {
            assert_eq!(parse(text), Err(error.to_owned()), "{text:?}");
        }
        for text in [
            "s", "soon", "-soon", "--5s", "1.5s", "1 30s", "1m, 30s", "+5s", "5s-", "５s",
            "1_000ms",
        ] {
            let error = parse(text).expect_err(text);
            assert!(error.starts_with(&format!("`{text}` is no duration: write")), "{error}");
        }
    }
}
