//! Results as JSON, by their types.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ffi::OsString;
use std::fmt::Debug;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::os::unix::ffi::OsStringExt;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use concurra_core::{CommandOutput, ResultType, Runner, Value, codec};
use serde_json::{Value as Json, json};

use crate::support::run;

/// The codec writes the value as this JSON, and reads the JSON as the same value.
#[track_caller]
fn both_ways<T: Clone + PartialEq + Debug + Send + Sync + 'static>(value: T, json: Json) {
    let erased = Value::new(value.clone());
    assert_eq!(codec::encode(&erased), Ok(json.clone()));
    let read = codec::decode(erased.type_name(), json).expect("it is read back");
    assert_eq!(read.downcast_ref::<T>(), Some(&value));
    assert!(codec::crosses(&ResultType::of::<T>()));
}

#[test]
fn numbers_and_texts_are_written() {
    both_ways((), json!(null));
    both_ways(true, json!(true));
    both_ways('ä', json!("ä"));
    both_ways(u8::MAX, json!(255));
    both_ways(u64::MAX, json!(u64::MAX));
    both_ways(i64::MIN, json!(i64::MIN));
    both_ways(-3i128, json!(-3));
    both_ways(u128::from(u64::MAX), json!(u64::MAX));
    both_ways(u128::MAX, json!("340282366920938463463374607431768211455"));
    both_ways(i128::MIN, json!("-170141183460469231731687303715884105728"));
    both_ways(7usize, json!(7));
    both_ways(1.5f32, json!(1.5));
    both_ways(0.1f64, json!(0.1));
    both_ways(String::from("a"), json!("a"));
    both_ways("literal", json!("literal"));
    both_ways(PathBuf::from("a/b"), json!("a/b"));
    both_ways(OsString::from("a"), json!("a"));
    both_ways(json!({"a": [1, null]}), json!({"a": [1, null]}));
    both_ways(IpAddr::from(Ipv4Addr::LOCALHOST), json!("127.0.0.1"));
    both_ways(SocketAddr::from(([127, 0, 0, 1], 80)), json!("127.0.0.1:80"));
}

#[test]
fn numbers_without_json_are_texts() {
    both_ways(f64::INFINITY, json!("Infinity"));
    both_ways(f32::NEG_INFINITY, json!("-Infinity"));
    both_ways(Some(f64::INFINITY), json!("Infinity"));
    both_ways(vec![1.0, f64::NEG_INFINITY], json!([1.0, "-Infinity"]));
    both_ways(BTreeMap::from([(String::from("a"), f64::INFINITY)]), json!({"a": "Infinity"}));
    for not_a_number in [Value::new(f64::NAN), Value::new(f32::NAN), Value::new(Some(f64::NAN))] {
        assert_eq!(codec::encode(&not_a_number), Ok(json!("NaN")));
    }
    let read = codec::decode("f64", json!("NaN")).expect("it is read back");
    assert!(read.downcast_ref::<f64>().is_some_and(|number| number.is_nan()));
    assert!(codec::decode("f64", json!("1.5")).is_err(), "a text is not a number");
    assert!(codec::decode("u64", json!("1")).is_err(), "a text is not a number");
}

#[test]
fn times_are_as_a_person_reads_them() {
    both_ways(Duration::from_millis(1500), json!(1.5));
    both_ways(Duration::from_nanos(100_000_001), json!(0.100_000_001));
    both_ways(vec![Duration::ZERO], json!([0.0]));
    both_ways(Duration::new(1 << 40, 1), json!({"secs": 1_u64 << 40, "nanos": 1}));
    both_ways(Duration::MAX, json!({"secs": u64::MAX, "nanos": 999_999_999}));
    let time = SystemTime::UNIX_EPOCH + Duration::from_nanos(1_000_000_000_000_000_001);
    both_ways(time, json!("2001-09-09T01:46:40.000000001Z"));
}

#[test]
fn lists_and_maps_are_written() {
    both_ways(vec!["a", "b"], json!(["a", "b"]));
    both_ways(vec![String::from("a")], json!(["a"]));
    both_ways(Some(3u32), json!(3));
    both_ways(None::<String>, json!(null));
    both_ways(vec![vec![1.5]], json!([[1.5]]));
    both_ways(BTreeMap::from([(String::from("a"), 1i64)]), json!({"a": 1}));
    both_ways(HashMap::from([(String::from("a"), 0.5)]), json!({"a": 0.5}));
    both_ways(BTreeMap::from([(String::from("a"), json!([]))]), json!({"a": []}));
    both_ways(HashMap::from([(String::from("a"), String::from("b"))]), json!({"a": "b"}));
    let set = Value::new(BTreeSet::from(["b", "a"].map(String::from)));
    assert_eq!(codec::encode(&set), Ok(json!(["a", "b"])));
}

#[test]
fn json_of_serde_can_be_read() {
    let time = SystemTime::UNIX_EPOCH + Duration::from_nanos(1_500_000_000);
    reads_serde(Duration::from_millis(1500));
    reads_serde(time);
    reads_serde(OsString::from("a"));
    reads_serde(Some(Duration::from_millis(1500)));
    reads_serde(vec![1u8, 2]);
    reads_serde(PathBuf::from("a/b"));
    reads_serde(IpAddr::from(Ipv4Addr::LOCALHOST));
    reads_serde('ä');
    reads_serde(0.1f32);
}

#[track_caller]
fn reads_serde<T: serde::Serialize + PartialEq + Debug + Send + Sync + 'static>(value: T) {
    let json = serde_json::to_value(&value).expect("serde writes it");
    let read = codec::decode(std::any::type_name::<T>(), json).expect("it is read");
    assert_eq!(read.downcast_ref(), Some(&value));
}

#[test]
fn values_without_a_json_form_are_not_written() {
    let refused = |value: Value| codec::encode(&value).expect_err("it is not JSON").to_string();
    let no_text = refused(Value::new(OsString::from_vec(vec![0xff])));
    assert_eq!(no_text, "this OsString cannot be written as JSON: it is not Unicode");
    let early = refused(Value::new(SystemTime::UNIX_EPOCH - Duration::from_secs(1)));
    assert_eq!(early, "this SystemTime cannot be written as JSON: it is before 1970");
    let late = refused(Value::new(SystemTime::UNIX_EPOCH + Duration::from_secs(1 << 40)));
    assert_eq!(late, "this SystemTime cannot be written as JSON: it is after 9999");
    let unknown = refused(Value::new(std::time::Instant::now()));
    assert_eq!(
        unknown,
        "an Instant cannot be written as JSON: only std's common types can, and types with \
         serde::Serialize that annotated tasks return"
    );
    assert!(!codec::crosses(&ResultType::of::<std::time::Instant>()));
}

#[test]
fn errors_name_the_type_and_the_reason() {
    let wrong = |name: &str, json: Json| codec::decode(name, json).expect_err(name).to_string();
    assert_eq!(
        wrong("u8", json!(300)),
        "this JSON is not a u8: invalid value: integer `300`, expected u8"
    );
    assert_eq!(
        wrong("core::time::Duration", json!(-1)),
        "this JSON is not a Duration: cannot convert float seconds to Duration: value is negative"
    );
    assert_eq!(
        wrong("shop::Receipt", json!({})),
        "a Receipt cannot be read from JSON: only std's common types can, and types with \
         serde::Deserialize that annotated tasks return"
    );
}

#[test]
fn a_command_s_output_is_written_and_not_read() {
    let mut runner = Runner::new();
    runner.command("greet", ["echo", "hello"]);
    let output = run(runner)["greet"].result::<CommandOutput>().expect("passed");
    let written = codec::encode(&Value::new((*output).clone())).expect("it can be written");
    assert_eq!(written, output.to_json());
    assert!(!codec::crosses(&ResultType::of::<CommandOutput>()));
}
