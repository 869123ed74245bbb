//! What can be found out about a function's return type without asking its author for bounds.
//!
//! Method look-up prefers the receiver with the most references, so of several implementations
//! the expansion of an attribute gets the first whose bounds the concrete type meets. Only
//! expansions use this module.

mod returned;

use std::any::TypeId;
use std::fmt::Display;
use std::marker::PhantomData;
use std::process::Termination;
use std::str::FromStr;

pub use returned::{Judge, Returned, Shallow, Split};

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

use crate::value::{self, DecodeValue, EncodeValue, ParseValue, ResultType, Value};

/// Stands for a type of which no value is at hand.
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

/// Looks through one `Result`; what has an exit code has no other result.
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

    /// A probe that knows it.
    fn written(&self) -> Written<Self::Output>;
}

/// A probe that knows how values of its type are written as JSON, if they can be.
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

/// Finds how a result can be read from text and from JSON, and tells all that is known.
pub trait Describe {
    /// What is known of the type.
    fn describe(&self) -> ResultType;
}

impl<T: 'static> Written<T> {
    fn of(&self) -> ResultType {
        ResultType { encode: self.encode, ..ResultType::of::<T>() }
    }
}

impl<T: 'static> Describe for Written<T> {
    fn describe(&self) -> ResultType {
        let anything: ParseValue = |_| Ok(None);
        let unit = TypeId::of::<T>() == TypeId::of::<()>();
        ResultType { parse: unit.then_some(anything), ..self.of() }
    }
}

impl<T: FromStr<Err: Display> + Send + Sync + 'static> Describe for &Written<T> {
    fn describe(&self) -> ResultType {
        let parse: ParseValue = |text| {
            let value: T = text.parse().map_err(|error: T::Err| error.to_string())?;
            Ok(Some(Value::new(value)))
        };
        ResultType { parse: Some(parse), ..self.of() }
    }
}

impl<T: DeserializeOwned + Send + Sync + 'static> Describe for &&Written<T> {
    fn describe(&self) -> ResultType {
        let parse: ParseValue = |text| {
            if TypeId::of::<T>() == TypeId::of::<()>() {
                return Ok(None);
            }
            // What is no JSON of this type may still be its text: `ok` for a `String`.
            read::<T>(text)
                .or_else(|error| read::<T>(&Json::from(text).to_string()).map_err(|_| error))
                .map(Some)
                .map_err(|error| if error.is_data() { error.to_string() } else { no_json(&error) })
        };
        let decode: DecodeValue = |json| read::<T>(&json.to_string()).map_err(without_place);
        ResultType { parse: Some(parse), decode: Some(decode), ..self.of() }
    }
}

/// The one reader for each type: the code that serde makes for another one, which reads JSON that
/// was read already, would take as long to compile.
fn read<T: DeserializeOwned + Send + Sync + 'static>(text: &str) -> serde_json::Result<Value> {
    serde_json::from_str::<T>(text).map(Value::new)
}

/// What does not even look like JSON is told so: where in the text it stops to is of no use.
fn no_json(error: &serde_json::Error) -> String {
    if error.is_eof() { "it is incomplete JSON".to_owned() } else { "it is not JSON".to_owned() }
}

/// Nobody has seen the text in which the error is.
fn without_place(error: serde_json::Error) -> String {
    let text = error.to_string();
    text.rfind(" at line ").map_or(text.clone(), |place| text[..place].to_owned())
}

impl Describe for &&&Written<&'static str> {
    fn describe(&self) -> ResultType {
        let parse: ParseValue = |text| {
            let text = serde_json::from_str(text).unwrap_or_else(|_| text.to_owned());
            let text: &'static str = text.leak();
            Ok(Some(Value::new(text)))
        };
        let decode: DecodeValue = |json| match json {
            Json::String(text) => Ok(Value::new::<&'static str>(text.leak())),
            other => Err(format!("{other} is not text")),
        };
        ResultType { parse: Some(parse), decode: Some(decode), ..self.of() }
    }
}
