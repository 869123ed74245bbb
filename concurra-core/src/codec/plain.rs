//! How values of std's types look as JSON. Durations and the like are as a person reads them, also
//! within lists and maps.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ffi::OsString;
use std::fmt::Write;
use std::hash::Hash;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use serde::de::DeserializeOwned;
use serde_json::Value as Json;

/// A type that is written as JSON and read back.
pub(super) trait Plain: Sized {
    /// Writes the value; `None` when it cannot be.
    fn to_json(&self) -> Option<Json>;

    /// Reads a value; the error says what is wrong.
    fn from_json(json: Json) -> Result<Self, String>;
}

macro_rules! as_serde_has_it {
    ($($ty:ty),* $(,)?) => { $(
        impl Plain for $ty {
            fn to_json(&self) -> Option<Json> {
                serde_json::to_value(self).ok()
            }

            fn from_json(json: Json) -> Result<Self, String> {
                read(json)
            }
        }
    )* };
}

as_serde_has_it!(
    (),
    bool,
    char,
    u8,
    u16,
    u32,
    u64,
    u128,
    usize,
    i8,
    i16,
    i32,
    i64,
    i128,
    isize,
    f32,
    f64,
    String,
    PathBuf,
    IpAddr,
    SocketAddr,
    Json,
);

fn read<T: DeserializeOwned>(json: Json) -> Result<T, String> {
    serde_json::from_value(json).map_err(|error| error.to_string())
}

impl Plain for &'static str {
    fn to_json(&self) -> Option<Json> {
        Some(Json::from(*self))
    }

    /// What is read stays as long as the process.
    fn from_json(json: Json) -> Result<Self, String> {
        read(json).map(|text: String| &*text.leak())
    }
}

/// Text; what is no UTF-8 cannot be written.
impl Plain for OsString {
    fn to_json(&self) -> Option<Json> {
        self.to_str().map(Json::from)
    }

    fn from_json(json: Json) -> Result<Self, String> {
        read(json).map(|text: String| text.into())
    }
}

/// Seconds.
impl Plain for Duration {
    fn to_json(&self) -> Option<Json> {
        Some(Json::from(self.as_secs_f64()))
    }

    fn from_json(json: Json) -> Result<Self, String> {
        let seconds: f64 = read(json)?;
        Self::try_from_secs_f64(seconds).map_err(|error| error.to_string())
    }
}

/// RFC 3339, in UTC.
impl Plain for SystemTime {
    fn to_json(&self) -> Option<Json> {
        let mut text = String::new();
        // The formatter panics at times before its first year, and fails at those after its last.
        self.duration_since(Self::UNIX_EPOCH).ok()?;
        write!(text, "{}", humantime::format_rfc3339_nanos(*self)).ok()?;
        Some(Json::from(text))
    }

    fn from_json(json: Json) -> Result<Self, String> {
        let text: String = read(json)?;
        humantime::parse_rfc3339(&text).map_err(|error| error.to_string())
    }
}

impl<T: Plain> Plain for Option<T> {
    fn to_json(&self) -> Option<Json> {
        self.as_ref().map_or(Some(Json::Null), T::to_json)
    }

    fn from_json(json: Json) -> Result<Self, String> {
        if json.is_null() { Ok(None) } else { T::from_json(json).map(Some) }
    }
}

/// Lists, sets.
macro_rules! list {
    ($list:ident [$($bound:tt)*]) => {
        impl<T: Plain $($bound)*> Plain for $list<T> {
            fn to_json(&self) -> Option<Json> {
                self.iter().map(T::to_json).collect()
            }

            fn from_json(json: Json) -> Result<Self, String> {
                let items: Vec<Json> = read(json)?;
                items.into_iter().map(T::from_json).collect()
            }
        }
    };
}

list!(Vec []);
list!(HashSet [+ Eq + Hash]);
list!(BTreeSet [+ Ord]);

/// Maps from text.
macro_rules! map {
    ($map:ident [$($bound:tt)*]) => {
        impl<K: Plain $($bound)* + AsRef<str>, T: Plain> Plain for $map<K, T> {
            fn to_json(&self) -> Option<Json> {
                let entry = |(key, value): (&K, &T)| Some((key.as_ref().to_owned(), value.to_json()?));
                self.iter().map(entry).collect::<Option<_>>().map(Json::Object)
            }

            fn from_json(json: Json) -> Result<Self, String> {
                let entries: serde_json::Map<String, Json> = read(json)?;
                let entry = |(key, json)| Ok((K::from_json(Json::String(key))?, T::from_json(json)?));
                entries.into_iter().map(entry).collect()
            }
        }
    };
}

map!(HashMap [+ Eq + Hash]);
map!(BTreeMap [+ Ord]);
