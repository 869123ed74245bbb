//! Results with references to static data.

#![deny(warnings)]

use std::borrow::Cow;
use std::collections::BTreeMap;

use concurra::task;

#[task]
fn option() -> Option<&'static str> {
    None
}

#[task]
fn list() -> Result<Vec<(&'static str, u8)>, String> {
    Ok(vec![("a", 1)])
}

#[task(isolate)]
fn map() -> Result<Result<BTreeMap<&'static str, [&'static [u8]; 1]>, u8>, &'static str> {
    Err("no")
}

#[task]
fn owned() -> Result<Cow<'static, str>, &'static str> {
    Ok("a".into())
}

fn main() {}
