//! Times in events: durations as seconds, the start of a run as RFC 3339.

/// A duration as seconds with up to nine decimals.
pub(crate) mod seconds {
    use std::time::Duration;

    #[cfg(feature = "replay")]
    use serde::{Deserialize, Deserializer};
    use serde::{Serialize, Serializer};

    pub(crate) fn serialize<S: Serializer>(
        time: &(impl Into<Option<Duration>> + Copy),
        to: S,
    ) -> Result<S::Ok, S::Error> {
        (*time).into().map(|time| time.as_secs_f64()).serialize(to)
    }

    #[cfg(feature = "replay")]
    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Duration, D::Error> {
        Duration::try_from_secs_f64(f64::deserialize(from)?).map_err(serde::de::Error::custom)
    }
}

/// A duration that may be absent.
pub(crate) mod seconds_if_any {
    #[cfg(feature = "replay")]
    use serde::{Deserialize, Deserializer, de::Error};

    pub(crate) use super::seconds::serialize;

    #[cfg(feature = "replay")]
    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<std::time::Duration>, D::Error> {
        let seconds = Option::<f64>::deserialize(from)?;
        seconds.map(std::time::Duration::try_from_secs_f64).transpose().map_err(Error::custom)
    }
}

/// A time in UTC, to the nanosecond.
pub(crate) mod rfc3339 {
    use std::fmt::{Display, Write};
    use std::time::SystemTime;

    #[cfg(feature = "replay")]
    use serde::{Deserialize, Deserializer};
    use serde::{Serialize, Serializer};

    pub(crate) fn serialize<S: Serializer>(time: &SystemTime, to: S) -> Result<S::Ok, S::Error> {
        text(*time, humantime::format_rfc3339_nanos).serialize(to)
    }

    /// The time as text; none when the clock is centuries away.
    pub(crate) fn text<T: Display>(
        time: SystemTime,
        format: impl Fn(SystemTime) -> T,
    ) -> Option<String> {
        // The formatter panics at times before its first year, and fails at those after its last.
        time.duration_since(SystemTime::UNIX_EPOCH).ok()?;
        let mut text = String::new();
        write!(text, "{}", format(time)).ok()?;
        Some(text)
    }

    #[cfg(feature = "replay")]
    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<SystemTime, D::Error> {
        let Some(text) = Option::<String>::deserialize(from)? else {
            return Ok(SystemTime::UNIX_EPOCH);
        };
        humantime::parse_rfc3339(&text).map_err(serde::de::Error::custom)
    }
}
