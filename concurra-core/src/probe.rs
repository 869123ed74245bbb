//! Finds the traits that a function's return type implements, without bounds on the type.
//!
//! Method look-up prefers the receiver with the most references. So of several implementations
//! the expansion of an attribute gets the first whose bounds the concrete type meets. Only
//! expansions use this module.

mod returned;

use std::fmt::Display;
use std::marker::PhantomData;
use std::process::Termination;
use std::str::FromStr;

pub use returned::{Judge, Returned, Shallow, Split};

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::value::{self, DecodeValue, EncodeValue, ParseValue, ResultType, Value};

/// Stands for a type without a value of it.
#[derive(Debug)]
pub struct Probe<T>(PhantomData<fn() -> T>);

impl<T> Probe<T> {
    /// A probe of `T`.
    #[expect(clippy::new_without_default, reason = "only expansions make probes")]
    #[must_use]
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

/// Looks into one `Result`; a type with an exit code has the result `()`.
pub trait ResultOf {
    /// The type of the result.
    type Output;

    /// A probe of the result's type.
    fn result(&self) -> Probe<Self::Output> {
        Probe::new()
    }
}

impl<T> ResultOf for Probe<T> {
    type Output = T;
}

impl<T: Termination> ResultOf for &Probe<T> {
    type Output = ();
}

impl<T, E> ResultOf for &&Probe<Result<T, E>> {
    type Output = T;
}

/// Finds how a result can be written as JSON.
pub trait Write {
    /// The writer of the type, if there is one.
    fn writer(&self) -> Option<EncodeValue>;
}

impl<T> Write for Probe<T> {
    fn writer(&self) -> Option<EncodeValue> {
        None
    }
}

impl<T: Serialize + 'static> Write for &Probe<T> {
    fn writer(&self) -> Option<EncodeValue> {
        Some(value::by_serde::<T>)
    }
}

/// Finds how a result can be read from text or JSON.
pub trait Read {
    /// The type with its reader, if there is one.
    fn with_reader(&self) -> ResultType;
}

impl<T: 'static> Read for Probe<T> {
    fn with_reader(&self) -> ResultType {
        ResultType::of::<T>()
    }
}

impl<T: FromStr<Err: Display> + Send + Sync + 'static> Read for &Probe<T> {
    fn with_reader(&self) -> ResultType {
        let parse: ParseValue =
            |text| text.parse::<T>().map(Value::new).map_err(|error| error.to_string());
        ResultType { parse: Some(parse), ..ResultType::of::<T>() }
    }
}

impl<T: DeserializeOwned + Send + Sync + 'static> Read for &&Probe<T> {
    fn with_reader(&self) -> ResultType {
        // From text, as serde's code for `from_value` would take as long to compile once more.
        let decode: DecodeValue = |json| {
            let read = serde_json::from_str::<T>(&json.to_string());
            read.map(Value::new).map_err(without_place)
        };
        ResultType { decode: Some(decode), ..ResultType::of::<T>() }
    }
}

/// For an alias of `&'static str`, which the expansion cannot see. It comes before the other
/// implementations: `&'static str` is `Deserialize` for one lifetime only, which the compiler notices
/// too late. The codec knows how to read it.
impl Read for &&&Probe<&'static str> {
    fn with_reader(&self) -> ResultType {
        ResultType::of::<&'static str>()
    }
}

/// The user has not seen the text in which the place is.
fn without_place(error: serde_json::Error) -> String {
    let text = error.to_string();
    text.rfind(" at line ").map_or(text.clone(), |place| text[..place].to_owned())
}
