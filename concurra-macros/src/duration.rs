//! Durations in text, such as `500ms` and `1m 30s`.

use std::time::Duration;

use humantime::DurationError as Error;

/// Reads numbers with units and adds them up. The error shows the right form.
pub(crate) fn parse(text: &str) -> Result<Duration, String> {
    sum(text).map_err(|error| match error {
        Error::Empty => {
            "an empty string is not a valid duration: write one such as `5s`".to_owned()
        }
        Error::UnknownUnit { unit, value, .. } if unit.is_empty() => {
            format!("`{value}` needs a unit: write `{value}ms` or `{value}s`")
        }
        Error::UnknownUnit { unit, .. } => {
            let units = "`ns`, `us`, `ms`, `s`, `m`, `h` or `d`";
            format!("`{unit}` is not a unit of time: write {units}")
        }
        Error::NumberOverflow => format!("`{text}` is too long: write a shorter duration"),
        Error::NumberExpected(_) | Error::InvalidCharacter(_) => {
            let advice = "write numbers with units, such as `5s` or `1m 30s`";
            format!("`{text}` is not a valid duration: {advice}")
        }
    })
}

/// Adds up the terms of `1m 30s`. humantime parses each by itself, as it panics when their sum exceeds
/// `u64::MAX` seconds.
fn sum(text: &str) -> Result<Duration, Error> {
    let letters = text.trim().chars().collect::<Vec<_>>();
    let terms = letters.chunk_by(|letter, next| !letter.is_alphabetic() || next.is_alphabetic());
    let terms = terms.map(|term| humantime::parse_duration(&term.iter().collect::<String>()));
    terms
        .reduce(|sum, term| sum?.checked_add(term?).ok_or(Error::NumberOverflow))
        .unwrap_or(Err(Error::Empty))
}

/// Reads a duration other than zero.
pub(crate) fn timeout(text: &str) -> Result<Duration, String> {
    match parse(text)? {
        Duration::ZERO => {
            Err("a timeout of zero leaves no time to run: leave it out for no limit".to_owned())
        }
        timeout => Ok(timeout),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_add_up() {
        for (text, nanos) in [
            ("1ns", 1),
            ("2us", 2_000),
            ("500ms", 500_000_000),
            ("5s", 5_000_000_000),
            ("5sec", 5_000_000_000),
            ("1.5s", 1_500_000_000),
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
        assert_eq!(parse(&format!("{}s 999999999ns", u64::MAX)), Ok(Duration::MAX));
    }

    #[test]
    fn errors_show_the_right_form() {
        for (text, error) in [
            ("", "an empty string is not a valid duration: write one such as `5s`"),
            (" ", "an empty string is not a valid duration: write one such as `5s`"),
            ("5", "`5` needs a unit: write `5ms` or `5s`"),
            ("1m 30", "`30` needs a unit: write `30ms` or `30s`"),
            ("5S", "`S` is not a unit of time: write `ns`, `us`, `ms`, `s`, `m`, `h` or `d`"),
        ] {
            assert_eq!(parse(text), Err(error.to_owned()), "{text:?}");
        }
        for text in
            ["s", "soon", "-soon", "- 5s", "--5s", "1m, 30s", "+5s", "5s-", "５s", "1_000ms"]
        {
            let error = parse(text).expect_err(text);
            assert!(
                error.starts_with(&format!("`{text}` is not a valid duration: write")),
                "{error}"
            );
        }
        for text in [
            format!("{}s 1000000000ns", u64::MAX),
            format!("{}s 1000ms", u64::MAX),
            format!("{}s 1000000001ns", u64::MAX),
            format!("{}d", u64::MAX),
        ] {
            let error = format!("`{text}` is too long: write a shorter duration");
            assert_eq!(parse(&text), Err(error));
        }
    }
}
