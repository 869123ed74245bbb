//! The std types that can be written: what closures return most. Each line of the table is code in
//! every program, so it has no more than that.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ffi::OsString;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use serde_json::Value as Json;

use super::plain::{Read, Write};
use crate::process::CommandOutput;
use crate::value::{EncodeValue, ResultType, Value, of_type};

/// What is known of std's types.
pub(super) fn types() -> Vec<ResultType> {
    let mut types = vec![command_output()];
    macro_rules! each {
        ($family:ident: $($ty:ty),* $(,)?) => { $(types.extend($family::<$ty>());)* };
    }
    each!(alone: (), OsString, SystemTime, IpAddr, SocketAddr, Vec<Vec<String>>, Vec<Vec<f64>>);
    each!(with_lists: bool, char, u8, u16, u32, u64, u128, usize, i8, i16, i32, i64, i128, isize);
    each!(with_lists: f32, f64, String, &'static str, PathBuf, Duration, Json);
    each!(in_maps: bool, i64, f64, String, Json);
    each!(written_in_maps: i32, u32, u64, usize);
    each!(written: HashSet<String>, BTreeSet<String>);
    types
}

/// A type that is written and read.
fn alone<T: Write + Read + Send + Sync + 'static>() -> [ResultType; 1] {
    let [known] = written::<T>();
    [ResultType { decode: Some(|json| T::from_json(json).map(Value::new)), ..known }]
}

/// A type, what may be one, and lists of it.
fn with_lists<T: Write + Read + Send + Sync + 'static>() -> [ResultType; 3] {
    let ([one], [maybe], [list]) = (alone::<T>(), alone::<Option<T>>(), alone::<Vec<T>>());
    [one, maybe, list]
}

/// Maps from texts to a type.
fn in_maps<T: Write + Read + Send + Sync + 'static>() -> [ResultType; 2] {
    let ([hash], [tree]) = (alone::<HashMap<String, T>>(), alone::<BTreeMap<String, T>>());
    [hash, tree]
}

/// Maps from texts to a type, only written.
fn written_in_maps<T: Write + 'static>() -> [ResultType; 2] {
    let ([hash], [tree]) = (written::<HashMap<String, T>>(), written::<BTreeMap<String, T>>());
    [hash, tree]
}

/// A type that is only written, as reading takes more code.
fn written<T: Write + 'static>() -> [ResultType; 1] {
    let encode: EncodeValue = |value| of_type::<T>(value)?.to_json();
    [ResultType { encode: Some(encode), ..ResultType::of::<T>() }]
}

/// It is written without its secrets, so it is not read back: somebody would take stars for them.
fn command_output() -> ResultType {
    ResultType {
        encode: Some(|value| Ok(of_type::<CommandOutput>(value)?.to_json())),
        ..ResultType::of::<CommandOutput>()
    }
}
