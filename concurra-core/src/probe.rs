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
    /// The type of the result.
    type Output;

    /// A probe with the writer.
    fn written(&self) -> Written<Self::Output>;
}

/// A probe with the writer of its type, if there is one.
#[derive(Debug)]
pub struct Written<T> {
    encode: Option<EncodeValue>,
    of: PhantomData<fn() -> T>,
}

impl<T> Write for Probe<T> {
    type Output = T;

    fn written(&self) -> Written<T> {
        Written { encode: None, of: PhantomData }
    }
}

impl<T: Serialize + 'static> Write for &Probe<T> {
    type Output = T;

    fn written(&self) -> Written<T> {
        Written { encode: Some(value::by_serde::<T>), of: PhantomData }
    }
}

/// Finds how a result can be read from text or JSON, and describes its type.
pub trait Describe {
    /// The description of the type.
    fn describe(&self) -> ResultType;
}

impl<T: 'static> Describe for Written<T> {
    fn describe(&self) -> ResultType {
        ResultType { encode: self.encode, ..ResultType::of::<T>() }
    }
}

impl<T: FromStr<Err: Display> + Send + Sync + 'static> Describe for &Written<T> {
    fn describe(&self) -> ResultType {
        let parse: ParseValue =
            |text| text.parse::<T>().map(Value::new).map_err(|error| error.to_string());
        ResultType { parse: Some(parse), ..Describe::describe(*self) }
    }
}

impl<T: DeserializeOwned + Send + Sync + 'static> Describe for &&Written<T> {
    fn describe(&self) -> ResultType {
        // From text, as serde's code for `from_value` would take as long to compile once more.
        let decode: DecodeValue = |json| {
            let read = serde_json::from_str::<T>(&json.to_string());
            read.map(Value::new).map_err(without_place)
        };
        ResultType { decode: Some(decode), ..Describe::describe(**self) }
    }
}

/// Comes before the other implementations: `&'static str` is `Deserialize` for one lifetime only,
/// which the compiler notices too late. The codec knows how to read it.
impl Describe for &&&Written<&'static str> {
    fn describe(&self) -> ResultType {
        Describe::describe(***self)
    }
}

/// The user has not seen the text in which the place is.
fn without_place(error: serde_json::Error) -> String {
    let text = error.to_string();
    text.rfind(" at line ").map_or(text.clone(), |place| text[..place].to_owned())
}
