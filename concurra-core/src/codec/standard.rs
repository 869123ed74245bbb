//! The std types that can be written, one line each: what closures return most.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ffi::OsString;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use serde_json::Value as Json;

use super::plain::Plain;
use crate::process::CommandOutput;
use crate::value::{ResultType, Value};

/// What is known of std's types.
pub(super) fn types() -> Vec<ResultType> {
    let mut types = vec![of::<()>(), command_output()];
    macro_rules! each {
        ($family:ident: $($ty:ty),* $(,)?) => { $(types.extend($family::<$ty>());)* };
    }
    each!(lists: bool, char, u8, u16, u32, u64, u128, usize, i8, i16, i32, i64, i128, isize);
    each!(lists: f32, f64, String, &'static str, OsString, PathBuf, Duration, SystemTime);
    each!(lists: IpAddr, SocketAddr, Json, Vec<String>, Vec<f64>);
    each!(maps: bool, u32, u64, usize, i32, i64, f64, String, &'static str, Json, Vec<String>);
    each!(sets: char, u32, u64, usize, i32, i64, String, &'static str, PathBuf);
    types
}

fn lists<T: Plain + Send + Sync + 'static>() -> [ResultType; 3] {
    [of::<T>(), of::<Option<T>>(), of::<Vec<T>>()]
}

fn maps<T: Plain + Send + Sync + 'static>() -> [ResultType; 4] {
    [
        of::<HashMap<String, T>>(),
        of::<BTreeMap<String, T>>(),
        of::<HashMap<&'static str, T>>(),
        of::<BTreeMap<&'static str, T>>(),
    ]
}

fn sets<T: Plain + std::hash::Hash + Ord + Send + Sync + 'static>() -> [ResultType; 2] {
    [of::<HashSet<T>>(), of::<BTreeSet<T>>()]
}

fn of<T: Plain + Send + Sync + 'static>() -> ResultType {
    ResultType {
        encode: Some(|value| value.downcast_ref::<T>()?.to_json()),
        decode: Some(|json| T::from_json(json).map(Value::new)),
        ..ResultType::of::<T>()
    }
}

/// It is written without its secrets, so it is not read back: somebody would take stars for them.
fn command_output() -> ResultType {
    ResultType {
        encode: Some(|value| Some(value.downcast_ref::<CommandOutput>()?.to_json())),
        ..ResultType::of::<CommandOutput>()
    }
}
