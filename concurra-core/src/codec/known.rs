//! The types that this binary can write as JSON and read back.

use std::any::TypeId;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ffi::OsString;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::LazyLock;
use std::time::{Duration, SystemTime};

use serde_json::Value as Json;

use super::form::JsonForm;
use crate::process::CommandOutput;
use crate::value::{ResultType, Value, of_type};

/// Lists the result types of registered tasks.
pub(crate) struct Source(pub(crate) fn() -> Vec<ResultType>);

inventory::collect!(Source);

/// Collected at the first use: most runs write no result. Std's types come first, and keep their
/// form also when an annotated task returns them.
static KNOWN: LazyLock<HashMap<TypeId, ResultType>> = LazyLock::new(|| {
    let registered = inventory::iter::<Source>.into_iter().flat_map(|source| source.0());
    let mut known = HashMap::new();
    for added in standard().into_iter().chain(registered) {
        let known: &mut ResultType = known.entry(added.id).or_insert(added);
        known.parse = known.parse.or(added.parse);
        known.encode = known.encode.or(added.encode);
        known.decode = known.decode.or(added.decode);
    }
    known
});

pub(super) fn by_id(id: TypeId) -> Option<&'static ResultType> {
    KNOWN.get(&id)
}

/// Several types have one name when they come from two versions of a package.
pub(super) fn by_name(name: &str) -> Vec<&'static ResultType> {
    KNOWN.values().filter(|known| known.name == name).collect()
}

/// The results that closures return most. Each type here is code in every program.
fn standard() -> Vec<ResultType> {
    let mut types = vec![command_output()];
    macro_rules! add {
        ($family:ident: $($ty:ty),*) => { $(types.extend($family::<$ty>());)* };
    }
    add!(alone: (), OsString, SystemTime, IpAddr, SocketAddr, Vec<Vec<String>>, Vec<Vec<f64>>);
    add!(with_lists: bool, char, u8, u16, u32, u64, u128, usize, i8, i16, i32, i64, i128, isize);
    add!(with_lists: f32, f64, String, &'static str, PathBuf, Duration, Json);
    add!(maps: bool, i64, f64, String, Json);
    add!(written_maps: i32, u32, u64, usize);
    add!(written: HashSet<String>, BTreeSet<String>);
    types
}

fn alone<T: JsonForm + Send + Sync + 'static>() -> [ResultType; 1] {
    [ResultType { decode: Some(|json| T::from_json(json).map(Value::new)), ..writable::<T>() }]
}

fn with_lists<T: JsonForm + Send + Sync + 'static>() -> [ResultType; 3] {
    let ([one], [maybe], [list]) = (alone::<T>(), alone::<Option<T>>(), alone::<Vec<T>>());
    [one, maybe, list]
}

fn maps<T: JsonForm + Send + Sync + 'static>() -> [ResultType; 2] {
    let ([hash], [tree]) = (alone::<HashMap<String, T>>(), alone::<BTreeMap<String, T>>());
    [hash, tree]
}

/// A type without a reader, which is most of the code.
fn written<T: JsonForm + 'static>() -> [ResultType; 1] {
    [writable::<T>()]
}

fn written_maps<T: JsonForm + 'static>() -> [ResultType; 2] {
    [writable::<HashMap<String, T>>(), writable::<BTreeMap<String, T>>()]
}

fn writable<T: JsonForm + 'static>() -> ResultType {
    ResultType { encode: Some(|value| of_type::<T>(value)?.to_json()), ..ResultType::of::<T>() }
}

/// It is written without its secrets and so cannot be read back: the stars would pass for secrets.
fn command_output() -> ResultType {
    ResultType {
        encode: Some(|value| Ok(of_type::<CommandOutput>(value)?.to_json())),
        ..ResultType::of::<CommandOutput>()
    }
}
