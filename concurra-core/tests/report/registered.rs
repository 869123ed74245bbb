//! Registered tasks, described by hand as attributes would, and what is known of their results.

use concurra_core::{
    Completion, Context, Output, Registration, ResultType, Runner, Value, codec, inventory,
};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::json;

use crate::support::{registered, run};

/// What an attribute says of a function.
macro_rules! described {
    ($module:literal, $name:literal, $body:ident, $result:ty) => {
        concurra_core::TaskDef {
            name: $name,
            module: $module,
            target: None,
            place: concurra_core::Place { file: file!(), line: line!(), column: 1 },
            after: &[],
            tags: &[],
            ignore: None,
            options: concurra_core::TaskOptions::NONE,
            body: $body,
            result: || {
                use concurra_core::probe::{Probe, Read as _, Write as _};
                let probe = Probe::<$result>::new();
                concurra_core::ResultType {
                    encode: (&&probe).writer(),
                    ..(&&&&probe).with_reader()
                }
            },
        }
    };
}
pub(crate) use described;

fn nothing(_: &Context<'_>) -> Completion {
    Ok(None)
}

/// What serde writes and reads.
#[derive(Debug, PartialEq, Eq)]
struct Receipt(u32);

impl Output for Receipt {}

impl Serialize for Receipt {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map([("id", self.0)])
    }
}

impl<'de> Deserialize<'de> for Receipt {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let fields = std::collections::BTreeMap::<String, u32>::deserialize(deserializer)?;
        fields.get("id").copied().map(Self).ok_or_else(|| serde::de::Error::missing_field("id"))
    }
}

/// What serde only writes, badly.
struct Panics;

impl Output for Panics {}

impl Serialize for Panics {
    fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        panic!("no way to write it")
    }
}

/// What cannot be written.
struct Opaque;

inventory::submit! {
    Registration::Task(|| const { &described!("shop::r#match", "receipt", nothing, Receipt) })
}
inventory::submit! {
    Registration::Task(|| const { &described!("shop::r#match", "panics", nothing, Panics) })
}
inventory::submit! {
    Registration::Task(|| const { &described!("shop::r#match", "opaque", nothing, Opaque) })
}

#[test]
fn a_closure_s_result_is_written_when_an_annotated_task_returns_its_type() {
    let mut runner = Runner::new();
    runner.add("pay", || Receipt(7));
    runner.add("panics", || Panics);
    let report = run(runner).to_json();
    assert_eq!(report["tasks"][0]["result"], json!({"id": 7}));
    assert_eq!(report["tasks"][1]["result"], json!(null));
}

#[test]
fn registered_types_are_read_back() {
    let value = Value::new(Receipt(7));
    let read = codec::decode(value.type_name(), json!({"id": 7})).expect("it is one");
    assert_eq!(read.downcast_ref(), Some(&Receipt(7)));
    let wrong = codec::decode(value.type_name(), json!({})).expect_err("it is none");
    assert_eq!(wrong.to_string(), "this JSON is not a Receipt: missing field `id`");
    assert!(codec::crosses(&ResultType::of::<Receipt>()));
    // What is only written, or neither.
    assert!(!codec::crosses(&ResultType::of::<Panics>()));
    assert!(!codec::crosses(&ResultType::of::<Opaque>()));
    let name = std::any::type_name::<Opaque>();
    assert_eq!(
        codec::decode(name, json!({})).expect_err("no decoder").to_string(),
        "an Opaque cannot be read from JSON: only std's common types can, and types with \
         serde::Deserialize that annotated tasks return"
    );
}

#[test]
fn an_annotated_task_is_shown_by_its_path() {
    let report = run(registered("shop"));
    assert_eq!(report["receipt"].name(), "match::receipt");
    assert_eq!(report["receipt"].info().task, "shop::match::receipt");
    assert!(report.to_string().contains("match::receipt | shop::match::receipt | passed "));
}
