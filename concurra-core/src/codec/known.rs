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

/// The results that closures return most. Each type here is code in every program, and a reader most
/// of it.
fn standard() -> Vec<ResultType> {
    let mut types = vec![command_output()];
    macro_rules! add {
        ($function:ident: $($ty:ty),*) => { $(types.push($function::<$ty>());)* };
    }
    macro_rules! with_lists {
        ($($ty:ty),*) => { $(add!(known: $ty, Option<$ty>, Vec<$ty>);)* };
    }
    macro_rules! in_maps {
        ($function:ident: $($ty:ty),*) => {
            $(add!($function: HashMap<String, $ty>, BTreeMap<String, $ty>);)*
        };
    }
    add!(known: (), OsString, SystemTime, IpAddr, SocketAddr, Vec<Vec<String>>, Vec<Vec<f64>>);
    with_lists!(bool, char, u8, u16, u32, u64, u128, usize, i8, i16, i32, i64, i128, isize);
    with_lists!(f32, f64, String, &'static str, PathBuf, Duration, Json);
    in_maps!(known: bool, i64, f64, String, Json);
    in_maps!(written: i32, u32, u64, usize);
    add!(written: HashSet<String>, BTreeSet<String>);
    types
}

fn known<T: JsonForm + Send + Sync + 'static>() -> ResultType {
    let decode = |json| match T::from_json(json) {
        Ok(value) => Ok(Value::new(value)),
        Err(why) => Err(why),
    };
    ResultType { decode: Some(decode), ..written::<T>() }
}

/// A type without a reader.
fn written<T: JsonForm + 'static>() -> ResultType {
    let encode = |value: &Value| match of_type::<T>(value) {
        Ok(value) => value.to_json(),
        Err(why) => Err(why),
    };
    ResultType { encode: Some(encode), ..ResultType::of::<T>() }
}

/// It is written without its secrets and so cannot be read back: the stars would pass for secrets.
fn command_output() -> ResultType {
    ResultType {
        encode: Some(|value| Ok(of_type::<CommandOutput>(value)?.to_json())),
        ..ResultType::of::<CommandOutput>()
    }
}
