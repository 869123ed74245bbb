//! What functions return when all is well, and its mocks.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};
use std::num::ParseIntError;
use std::path::PathBuf;
use std::str::FromStr;

use concurra::task;
use concurra_core::codec;
use serde::{Serialize, Serializer};
use serde_json::{Value as Json, json};

use crate::errors::Outer;
use crate::{def, result, run};

/// What serde reads and `FromStr` does not.
type Row = BTreeMap<String, u32>;

fn one_row(id: u32) -> Row {
    BTreeMap::from([("id".to_owned(), id)])
}

/// Neither readable nor printable.
#[derive(Clone)]
struct Opaque;

/// Can be written but not read.
#[derive(Clone)]
struct Written;

impl Serialize for Written {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str("written")
    }
}

/// Can be written, and read from text but not from JSON.
#[derive(Clone)]
struct Spelt(u32);

impl Serialize for Spelt {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl FromStr for Spelt {
    type Err = ParseIntError;

    fn from_str(text: &str) -> Result<Self, ParseIntError> {
        text.parse().map(Self)
    }
}

type Unit = ();

#[task]
fn bare() {}
#[task]
#[expect(clippy::unused_unit, reason = "the macro must know it from a result")]
fn unit() -> () {}
#[task]
fn alias_of_unit() -> Unit {}
#[task]
fn number() -> i32 {
    7
}
#[task]
fn text() -> String {
    "text".to_owned()
}
#[task]
fn literal() -> &'static str {
    "literal"
}
#[task]
fn row() -> Row {
    one_row(1)
}
#[task]
fn rows() -> Vec<Row> {
    Vec::new()
}
#[task]
fn path() -> PathBuf {
    PathBuf::from("a")
}
#[task]
fn address() -> IpAddr {
    Ipv4Addr::LOCALHOST.into()
}
#[task]
fn opaque() -> Opaque {
    Opaque
}
#[task]
fn only_written() -> Written {
    Written
}
#[task]
fn spelt() -> anyhow::Result<Spelt> {
    Ok(Spelt(3))
}
#[task]
fn maybe() -> Option<i32> {
    None
}
#[task]
fn ok_number() -> Result<i32, Outer> {
    Ok(8)
}
#[task]
fn ok_literal() -> Result<&'static str, Outer> {
    Ok("fine")
}
#[task]
fn ok_unit() -> Result<(), Outer> {
    Ok(())
}

#[test]
fn nothing_is_a_result_of_no_value() {
    for name in ["bare", "unit", "alias_of_unit", "ok_unit"] {
        assert!(run(name).expect("it passes").is_none(), "{name}");
        for text in ["whatever", ""] {
            let read = codec::from_text(&(def(name).result)(), text);
            assert!(matches!(read, Some(Ok(None))), "{name}");
        }
        assert_eq!((def(name).result)().name, "()");
    }
}

#[test]
fn plain_values_are_results() {
    assert_eq!(result::<i32>(run("number")), 7);
    assert_eq!(result::<String>(run("text")), "text");
    assert_eq!(result::<&'static str>(run("literal")), "literal");
    assert_eq!(result::<Row>(run("row")), one_row(1));
    assert_eq!(result::<Option<i32>>(run("maybe")), None);
    result::<Opaque>(run("opaque"));
}

#[test]
fn ok_is_looked_through() {
    assert_eq!(result::<i32>(run("ok_number")), 8);
    assert_eq!((def("ok_number").result)().name, "i32");
    assert_eq!((def("errors::alias").result)().name, "i32");
    assert_eq!((def("any").result)().name, "i32");
}

/// The result of a mocked task, or why the mock is refused.
fn mocked<T: Send + Sync + Clone + 'static>(name: &str, text: &str) -> Result<T, String> {
    let read = codec::from_text(&(def(name).result)(), text);
    read.unwrap_or_else(|| Err("no reader".to_owned())).map(|value| result(Ok(value)))
}

#[test]
fn mocks_are_read_from_text() {
    assert_eq!(mocked("number", "12"), Ok(12));
    assert!(mocked::<i32>("number", "twelve").is_err());
    assert_eq!(mocked("ok_number", "12"), Ok(12));
    assert_eq!(mocked("any", "12"), Ok(12));
    assert_eq!(mocked("text", "plain"), Ok("plain".to_owned()));
    assert_eq!(mocked("text", "\"quoted\""), Ok("quoted".to_owned()));
    assert_eq!(mocked("literal", "plain"), Ok("plain"));
    assert_eq!(mocked("ok_literal", "\"quoted\""), Ok("quoted"));
    assert_eq!(mocked("row", r#"{"id": 3}"#), Ok(one_row(3)));
    assert!(mocked::<Row>("row", r#"{"id": "x"}"#).is_err());
    assert_eq!(mocked("rows", r#"[{"id": 3}]"#), Ok(vec![one_row(3)]));
    assert_eq!(mocked("maybe", "null"), Ok(None::<i32>));
    assert_eq!(mocked("maybe", "4"), Ok(Some(4)));
    assert_eq!(mocked("path", "a/b"), Ok(PathBuf::from("a/b")));
    assert_eq!(mocked("address", "127.0.0.1"), Ok(IpAddr::from([127, 0, 0, 1])));
    assert!(mocked::<Opaque>("opaque", "x").is_err());
    assert!(mocked::<Spelt>("spelt", "3").is_ok());
    assert!(mocked::<Written>("only_written", "written").is_err());
}

/// The result of a task as it is written, and whether it is read back from that.
fn written(name: &str) -> (Option<Json>, bool) {
    let value = run(name).expect("it passes").expect("it is not `()`");
    assert_eq!((def(name).result)().id, value.type_id(), "{name}");
    let json = codec::encode(&value).ok();
    let read = json.clone().map(|json| codec::decode(value.type_name(), json));
    (json, read.is_some_and(|read| read.is_ok_and(|read| read.type_id() == value.type_id())))
}

#[test]
fn results_are_written_where_their_types_can_be() {
    assert_eq!(written("number"), (Some(json!(7)), true));
    assert_eq!(written("ok_number"), (Some(json!(8)), true));
    assert_eq!(written("text"), (Some(json!("text")), true));
    assert_eq!(written("literal"), (Some(json!("literal")), true));
    assert_eq!(written("row"), (Some(json!({"id": 1})), true));
    assert_eq!(written("rows"), (Some(json!([])), true));
    assert_eq!(written("maybe"), (Some(json!(null)), true));
    assert_eq!(written("only_written"), (Some(json!("written")), false));
    assert_eq!(written("spelt"), (Some(json!(3)), false));
    assert_eq!(written("opaque"), (None, false));
}
