//! Values and parameters, and the errors of missing ones.

use std::collections::BTreeMap;

use concurra_core::{State, StateError};

use crate::number;

#[test]
fn values_are_found_by_key_and_type() {
    let state = State::default();
    assert!(state.keys().is_empty());
    state.insert("x", 10);
    state.insert(String::from("name"), "n");
    assert_eq!(number(&state, "x"), 10);
    assert_eq!(*state.get::<&str>("name").unwrap(), "n");
    assert_eq!(state.keys(), ["name", "x"]);
    state.insert("x", String::from("of another type"));
    assert!(state.get::<i32>("x").is_err());
    assert!(state.contains("x") && state.remove("x"));
    assert!(!state.contains("x") && !state.remove("x"));
}

#[test]
fn errors_name_the_key_the_types_and_what_to_do() {
    let state = State::default();
    state.insert("cfg", 1);
    state.insert("x", 1);
    let say = |key| state.get::<String>(key).unwrap_err().to_string();
    assert_eq!(say("cfq"), r#"state has no key "cfq"; did you mean `cfg`?"#);
    assert_eq!(say("other"), r#"state has no key "other""#);
    assert_eq!(say("x"), r#""x" holds an i32, not a String"#);
    state.insert("orders", 1);
    assert_eq!(
        state.param_as::<u32>("orders").unwrap_err().to_string(),
        r#"the parameter "orders" is not set; read the value of this key by `state.get("orders")`"#
    );
    let changed = state.update("x", String::new, |_| ());
    assert_eq!(changed.unwrap_err().to_string(), r#""x" holds an i32, not a String"#);
    assert_eq!(number(&state, "x"), 1);
}

#[test]
fn messages_distinguish_types_with_one_name() {
    mod a {
        #[derive(Debug)]
        pub(super) struct Config;
    }
    #[derive(Debug)]
    struct Config;
    let state = State::default();
    state.insert("c", a::Config);
    let message = state.get::<Config>("c").unwrap_err().to_string();
    assert!(message.contains("::a::Config, not a state::"), "{message}");
}

#[test]
fn parameters_are_read_and_parsed() {
    let given = [("orders", "12"), ("env", "dev")].map(|(k, v)| (k.to_owned(), v.to_owned()));
    let state = State::with_params(BTreeMap::from(given));
    assert_eq!(state.param("env"), Some("dev"));
    assert_eq!(state.param("none"), None);
    assert_eq!(state.param_as::<u32>("orders"), Ok(12));
    let say = |key| state.param_as::<u32>(key).unwrap_err().to_string();
    assert_eq!(
        say("env"),
        r#"parameter "env" is "dev", which is not a u32: invalid digit found in string"#
    );
    assert_eq!(say("order"), r#"the parameter "order" is not set; did you mean `orders`?"#);
    assert_eq!(say("size"), r#"the parameter "size" is not set; pass --size=VALUE"#);
}

#[test]
fn debug_shows_keys_and_no_values() {
    let given = BTreeMap::from([("token".to_owned(), "hush".to_owned())]);
    let state = State::with_params(given);
    state.insert("password", "secret");
    assert_eq!(format!("{state:?}"), r#"State { keys: ["password"], params: ["token"], .. }"#);
}

#[test]
fn types_travel_between_threads() {
    fn travels<T: Send + Sync + 'static>() {}
    travels::<State>();
    travels::<StateError>();
    travels::<concurra_core::ResultError>();
}
