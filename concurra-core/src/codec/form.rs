//! The JSON of std's types. It is serde's, with these exceptions: times and durations are easy to
//! read, and JSON's gaps (`NaN`, long integers, `Some(None)`) are texts or errors.
//!
//! Every program contains this code for each type of the table. So it uses loops: chains of
//! iterators take ten times the room in a build without optimisation.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ffi::OsString;
use std::fmt::Write as _;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value as Json};

/// A type that can be written as JSON and read back.
pub(super) trait JsonForm: Sized {
    /// Writes the value; the error says why JSON cannot hold it.
    fn to_json(&self) -> Result<Json, String>;

    /// Reads a value; the error says why the JSON is not one.
    fn from_json(json: Json) -> Result<Self, String>;
}

fn write<T: Serialize>(value: &T) -> Result<Json, String> {
    serde_json::to_value(value).map_err(text)
}

fn read<T: DeserializeOwned>(json: Json) -> Result<T, String> {
    serde_json::from_value(json).map_err(text)
}

fn text(error: impl ToString) -> String {
    error.to_string()
}

/// Types whose JSON is serde's.
macro_rules! as_serde {
    ($($ty:ty)*) => { $(
        impl JsonForm for $ty {
            fn to_json(&self) -> Result<Json, String> {
                write(self)
            }

            fn from_json(json: Json) -> Result<Self, String> {
                read(json)
            }
        }
    )* };
}

as_serde!(() bool char u8 u16 u32 u64 usize i8 i16 i32 i64 isize);
as_serde!(String PathBuf HashSet<String> BTreeSet<String> Json);

/// Types whose JSON is serde's too, without serde's reader of their binary form.
macro_rules! texts {
    ($($ty:ty)*) => { $(
        impl JsonForm for $ty {
            fn to_json(&self) -> Result<Json, String> {
                Ok(self.to_string().into())
            }

            fn from_json(json: Json) -> Result<Self, String> {
                read::<String>(json)?.parse().map_err(text)
            }
        }
    )* };
}

texts!(IpAddr SocketAddr);

/// The numbers of `serde_json` have 64 bits, so longer integers are texts.
macro_rules! long_integers {
    ($($ty:ty)*) => { $(
        impl JsonForm for $ty {
            fn to_json(&self) -> Result<Json, String> {
                write(self).or_else(|_| Ok(self.to_string().into()))
            }

            fn from_json(json: Json) -> Result<Self, String> {
                match json {
                    Json::String(digits) => digits.parse().map_err(text),
                    json => read(json),
                }
            }
        }
    )* };
}

long_integers!(u128 i128);

/// JSON's numbers are finite, so the others are texts: `NaN`, `Infinity`, `-Infinity`.
macro_rules! floats {
    ($($ty:ty)*) => { $(
        impl JsonForm for $ty {
            fn to_json(&self) -> Result<Json, String> {
                Ok(match *self {
                    Self::INFINITY => "Infinity".into(),
                    Self::NEG_INFINITY => "-Infinity".into(),
                    number if number.is_nan() => "NaN".into(),
                    number => number.into(),
                })
            }

            fn from_json(json: Json) -> Result<Self, String> {
                match json.as_str().map(str::parse) {
                    Some(Ok(number)) if !Self::is_finite(number) => Ok(number),
                    _ => read(json),
                }
            }
        }
    )* };
}

floats!(f32 f64);

impl JsonForm for &'static str {
    fn to_json(&self) -> Result<Json, String> {
        Ok((*self).into())
    }

    /// The text stays in memory as long as the process runs.
    fn from_json(json: Json) -> Result<Self, String> {
        read(json).map(|text: String| &*text.leak())
    }
}

impl JsonForm for OsString {
    fn to_json(&self) -> Result<Json, String> {
        self.to_str().map(Json::from).ok_or_else(|| "it is not Unicode".to_owned())
    }

    fn from_json(json: Json) -> Result<Self, String> {
        if let Json::String(text) = json { Ok(text.into()) } else { read(json) }
    }
}

/// RFC 3339 in UTC.
impl JsonForm for SystemTime {
    fn to_json(&self) -> Result<Json, String> {
        let mut text = String::new();
        // The formatter panics before 1970, and fails after 9999.
        self.duration_since(Self::UNIX_EPOCH).map_err(|_| "it is before 1970")?;
        write!(text, "{}", humantime::format_rfc3339_nanos(*self))
            .map_err(|_| "it is after 9999")?;
        Ok(text.into())
    }

    fn from_json(json: Json) -> Result<Self, String> {
        match json {
            Json::String(time) => humantime::parse_rfc3339(&time).map_err(text),
            json => read(json),
        }
    }
}

/// Seconds; serde's form where a number of seconds is not exact.
impl JsonForm for Duration {
    fn to_json(&self) -> Result<Json, String> {
        let seconds = self.as_secs_f64();
        match Self::try_from_secs_f64(seconds) {
            Ok(same) if same == *self => Ok(seconds.into()),
            _ => write(self),
        }
    }

    fn from_json(json: Json) -> Result<Self, String> {
        match json.as_f64() {
            Some(seconds) => Self::try_from_secs_f64(seconds).map_err(text),
            None => read(json),
        }
    }
}

impl<T: JsonForm> JsonForm for Option<T> {
    fn to_json(&self) -> Result<Json, String> {
        let Some(value) = self else { return Ok(Json::Null) };
        match value.to_json() {
            Ok(Json::Null) => Err("it would be read as `None`".to_owned()),
            written => written,
        }
    }

    fn from_json(json: Json) -> Result<Self, String> {
        match json {
            Json::Null => Ok(None),
            json => Ok(Some(T::from_json(json)?)),
        }
    }
}

impl<T: JsonForm> JsonForm for Vec<T> {
    fn to_json(&self) -> Result<Json, String> {
        let mut items = Vec::with_capacity(self.len());
        for item in self {
            items.push(item.to_json()?);
        }
        Ok(Json::Array(items))
    }

    fn from_json(json: Json) -> Result<Self, String> {
        let mut list = Self::new();
        for item in read::<Vec<Json>>(json)? {
            list.push(T::from_json(item)?);
        }
        Ok(list)
    }
}

macro_rules! maps {
    ($($map:ident)*) => { $(
        impl<T: JsonForm> JsonForm for $map<String, T> {
            fn to_json(&self) -> Result<Json, String> {
                let mut entries = Map::new();
                for (key, value) in self {
                    entries.insert(key.clone(), value.to_json()?);
                }
                Ok(Json::Object(entries))
            }

            fn from_json(json: Json) -> Result<Self, String> {
                let mut map = Self::new();
                for (key, value) in read::<Map<String, Json>>(json)? {
                    map.insert(key, T::from_json(value)?);
                }
                Ok(map)
            }
        }
    )* };
}

maps!(HashMap BTreeMap);
