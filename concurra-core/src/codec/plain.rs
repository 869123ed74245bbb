//! How values of std's types look as JSON. Durations and the like are as a person reads them, also
//! within lists and maps; what serde writes of them is read as well.
//!
//! Every program has this code for each type of the table, so it is loops, and not chains of
//! iterators, which take ten times the room in a build that is not optimised.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use serde::de::DeserializeOwned;
use serde_json::{Value as Json, json};

/// A type that is written as JSON.
pub(super) trait Write {
    /// Writes the value; the error says why it cannot be.
    fn to_json(&self) -> Result<Json, String>;
}

/// A type that is read from JSON.
pub(super) trait Read: Sized {
    /// Reads a value; the error says what is there in its place.
    fn from_json(json: Json) -> Result<Self, String>;
}

pub(super) fn wrong(json: &Json, expected: &str) -> String {
    match json {
        Json::Array(_) => format!("expected {expected}, found a list"),
        Json::Object(_) => format!("expected {expected}, found a map"),
        Json::String(_) => format!("expected {expected}, found a text"),
        other => format!("expected {expected}, found {other}"),
    }
}

fn not_unicode() -> String {
    "it is not Unicode".to_owned()
}

/// What serde writes of types that look otherwise here.
fn as_serde_has_it<T: DeserializeOwned>(json: Json) -> Result<T, String> {
    serde_json::from_value(json).map_err(|error| error.to_string())
}

impl Write for () {
    fn to_json(&self) -> Result<Json, String> {
        Ok(Json::Null)
    }
}

impl Read for () {
    fn from_json(json: Json) -> Result<Self, String> {
        if json.is_null() { Ok(()) } else { Err(wrong(&json, "null")) }
    }
}

impl Write for Json {
    fn to_json(&self) -> Result<Json, String> {
        Ok(self.clone())
    }
}

impl Read for Json {
    fn from_json(json: Json) -> Result<Self, String> {
        Ok(json)
    }
}

impl Write for bool {
    fn to_json(&self) -> Result<Json, String> {
        Ok(Json::Bool(*self))
    }
}

impl Read for bool {
    fn from_json(json: Json) -> Result<Self, String> {
        json.as_bool().ok_or_else(|| wrong(&json, "true or false"))
    }
}

/// Integers; JSON's numbers have 64 bits here, so what is longer is text.
macro_rules! integers {
    ($($ty:ident)*) => { $(
        impl Write for $ty {
            fn to_json(&self) -> Result<Json, String> {
                let number = i128::try_from(*self).ok().and_then(write_integer);
                Ok(number.unwrap_or_else(|| Json::String(self.to_string())))
            }
        }

        impl Read for $ty {
            fn from_json(json: Json) -> Result<Self, String> {
                let number = match &json {
                    Json::String(text) if Self::BITS > 64 => text.parse().ok(),
                    json => read_integer(json).and_then(|number| Self::try_from(number).ok()),
                };
                number.ok_or_else(|| wrong(&json, concat!("a number of type ", stringify!($ty))))
            }
        }
    )* };
}

integers!(u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize);

fn write_integer(number: i128) -> Option<Json> {
    u64::try_from(number).map(Json::from).or_else(|_| i64::try_from(number).map(Json::from)).ok()
}

fn read_integer(json: &Json) -> Option<i128> {
    json.as_u64().map(i128::from).or_else(|| json.as_i64().map(i128::from))
}

/// JSON's numbers are finite, so what is not is text: `NaN`, `Infinity`, `-Infinity`.
impl Write for f64 {
    fn to_json(&self) -> Result<Json, String> {
        let text = match *self {
            Self::INFINITY => "Infinity",
            Self::NEG_INFINITY => "-Infinity",
            number if number.is_nan() => "NaN",
            number => return Ok(Json::from(number)),
        };
        Ok(Json::from(text))
    }
}

impl Read for f64 {
    fn from_json(json: Json) -> Result<Self, String> {
        let number = match json.as_str() {
            Some(text) => text.parse().ok().filter(|number: &Self| !number.is_finite()),
            None => json.as_f64(),
        };
        number.ok_or_else(|| wrong(&json, "a number"))
    }
}

impl Write for f32 {
    fn to_json(&self) -> Result<Json, String> {
        f64::from(*self).to_json()
    }
}

impl Read for f32 {
    fn from_json(json: Json) -> Result<Self, String> {
        #[expect(clippy::cast_possible_truncation, reason = "it was an f32 when it was written")]
        f64::from_json(json).map(|number| number as Self)
    }
}

impl Write for String {
    fn to_json(&self) -> Result<Json, String> {
        Ok(Json::String(self.clone()))
    }
}

impl Read for String {
    fn from_json(json: Json) -> Result<Self, String> {
        if let Json::String(text) = json { Ok(text) } else { Err(wrong(&json, "a text")) }
    }
}

impl Write for &'static str {
    fn to_json(&self) -> Result<Json, String> {
        Ok(Json::from(*self))
    }
}

impl Read for &'static str {
    /// What is read stays as long as the process.
    fn from_json(json: Json) -> Result<Self, String> {
        String::from_json(json).map(|text| &*text.leak())
    }
}

/// Types that are text, how it is written and how it is read.
macro_rules! texts {
    ($($ty:ty: $write:expr, $read:expr;)*) => { $(
        impl Write for $ty {
            fn to_json(&self) -> Result<Json, String> {
                let write: fn(&Self) -> Option<String> = $write;
                write(self).map(Json::String).ok_or_else(not_unicode)
            }
        }

        impl Read for $ty {
            fn from_json(json: Json) -> Result<Self, String> {
                let read: fn(&str) -> Result<Self, String> = $read;
                String::from_json(json).and_then(|text| read(&text))
            }
        }
    )* };
}

texts! {
    char: |it| Some(it.to_string()), |text| text.parse().map_err(said);
    // What is no UTF-8 cannot be written.
    PathBuf: |it| it.to_str().map(ToOwned::to_owned), |text| Ok(text.into());
    IpAddr: |it| Some(it.to_string()), |text| text.parse().map_err(said);
    SocketAddr: |it| Some(it.to_string()), |text| text.parse().map_err(said);
}

fn said(error: impl ToString) -> String {
    error.to_string()
}

/// Text, where it is UTF-8.
impl Write for OsString {
    fn to_json(&self) -> Result<Json, String> {
        self.to_str().map(Json::from).ok_or_else(not_unicode)
    }
}

impl Read for OsString {
    fn from_json(json: Json) -> Result<Self, String> {
        if let Json::String(text) = json { Ok(text.into()) } else { as_serde_has_it(json) }
    }
}

/// RFC 3339 in UTC.
impl Write for SystemTime {
    fn to_json(&self) -> Result<Json, String> {
        let mut text = String::new();
        // The formatter panics at times before its first year, and fails at those after its last.
        self.duration_since(Self::UNIX_EPOCH).map_err(|_| "it is before 1970")?;
        write!(text, "{}", humantime::format_rfc3339_nanos(*self))
            .map_err(|_| "it is after 9999")?;
        Ok(Json::String(text))
    }
}

impl Read for SystemTime {
    fn from_json(json: Json) -> Result<Self, String> {
        match json {
            Json::String(text) => humantime::parse_rfc3339(&text).map_err(said),
            other => as_serde_has_it(other),
        }
    }
}

/// Seconds; as serde has it where a number of them would not be exact.
impl Write for Duration {
    fn to_json(&self) -> Result<Json, String> {
        let seconds = self.as_secs_f64();
        if Self::try_from_secs_f64(seconds) == Ok(*self) {
            return Ok(Json::from(seconds));
        }
        Ok(json!({"secs": self.as_secs(), "nanos": self.subsec_nanos()}))
    }
}

impl Read for Duration {
    fn from_json(json: Json) -> Result<Self, String> {
        match json.as_f64() {
            Some(seconds) => Self::try_from_secs_f64(seconds).map_err(said),
            None => as_serde_has_it(json),
        }
    }
}
