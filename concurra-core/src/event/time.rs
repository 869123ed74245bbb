//! Times in events: durations as seconds, the start of a run as RFC 3339.

/// A duration as seconds with up to nine decimals.
pub(crate) mod seconds {
    use std::time::Duration;

    use serde::Serializer;
    #[cfg(feature = "replay")]
    use serde::{Deserialize, Deserializer};

    pub(crate) fn serialize<S: Serializer>(time: &Duration, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_f64(time.as_secs_f64())
    }

    #[cfg(feature = "replay")]
    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Duration, D::Error> {
        Duration::try_from_secs_f64(f64::deserialize(from)?).map_err(serde::de::Error::custom)
    }
}

/// A time in UTC, to the nanosecond.
pub(crate) mod rfc3339 {
    use std::fmt::Write;
    use std::time::SystemTime;

    #[cfg(feature = "replay")]
    use serde::{Deserialize, Deserializer};
    use serde::{Serialize, Serializer};

    pub(crate) fn serialize<S: Serializer>(time: &SystemTime, to: S) -> Result<S::Ok, S::Error> {
        let nanos = |time| humantime::format_rfc3339_nanos(time);
        // The formatter panics at times before its first year, and fails at those after its last.
        let mut text = String::new();
        let is_known = time.duration_since(SystemTime::UNIX_EPOCH).is_ok();
        let written = is_known && write!(text, "{}", nanos(*time)).is_ok();
        written.then_some(text).serialize(to)
    }

    #[cfg(feature = "replay")]
    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<SystemTime, D::Error> {
        let Some(text) = Option::<String>::deserialize(from)? else {
            return Ok(SystemTime::UNIX_EPOCH);
        };
        humantime::parse_rfc3339(&text).map_err(serde::de::Error::custom)
    }
}
