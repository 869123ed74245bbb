//! Durations as options have them, such as `500ms` and `1m 30s`.

use std::time::Duration;

const SECOND: u128 = 1_000_000_000;

/// Reads whole numbers with units, which are added up. The error says what to write.
pub(crate) fn parse(text: &str) -> Result<Duration, String> {
    let mut rest = text.trim();
    if rest.is_empty() {
        return Err("an empty string is not a valid duration: write one such as `5s`".to_owned());
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
            let advice = "write whole numbers with units, such as `5s` or `1m 30s`";
            return Err(format!("`{text}` is not a valid duration: {advice}"));
        }
        let unit = in_nanos(number, unit)?;
        // What does not fit is too long in any unit.
        let number: u128 = number.parse().unwrap_or(u128::MAX);
        nanos = nanos.saturating_add(number.saturating_mul(unit));
        rest = after;
    }
    let too_long = |_| format!("`{text}` is too long: write a shorter duration");
    let seconds = u64::try_from(nanos / SECOND).map_err(too_long)?;
    Ok(Duration::new(seconds, u32::try_from(nanos % SECOND).map_err(too_long)?))
}

/// A unit in nanoseconds.
fn in_nanos(number: &str, unit: &str) -> Result<u128, String> {
    Ok(match unit {
        "ns" => 1,
        "us" => 1_000,
        "ms" => 1_000_000,
        "s" | "sec" => SECOND,
        "m" | "min" => 60 * SECOND,
        "h" => 3_600 * SECOND,
        "d" => 86_400 * SECOND,
        "" => return Err(format!("`{number}` needs a unit: write `{number}ms` or `{number}s`")),
        _ => {
            let units = "`ns`, `us`, `ms`, `s`, `m`, `h` or `d`";
            return Err(format!("`{unit}` is not a unit of time: write {units}"));
        }
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
            ("", "an empty string is not a valid duration: write one such as `5s`"),
            (" ", "an empty string is not a valid duration: write one such as `5s`"),
            ("5", "`5` needs a unit: write `5ms` or `5s`"),
            ("1m 30", "`30` needs a unit: write `30ms` or `30s`"),
            ("- 5s", "a duration cannot be negative: write `5s`"),
            ("5S", "`S` is not a unit of time: write `ns`, `us`, `ms`, `s`, `m`, `h` or `d`"),
        ] {
            assert_eq!(parse(text), Err(error.to_owned()), "{text:?}");
        }
        for text in [
            "s", "soon", "-soon", "--5s", "1.5s", "1 30s", "1m, 30s", "+5s", "5s-", "５s",
            "1_000ms",
        ] {
            let error = parse(text).expect_err(text);
            assert!(
                error.starts_with(&format!("`{text}` is not a valid duration: write")),
                "{error}"
            );
        }
    }
}
