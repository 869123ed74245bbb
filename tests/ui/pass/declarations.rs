#![deny(warnings)]

use std::sync::Arc;

use concurra::{State, setup, task, teardown};

#[task(after = [], tags = [], )]
fn empty() {}

#[task(
    after = ["empty", "inner::same"],
    with_state,
    tags = ["layer1", r"raw"],
    ignore = "why",
    crate = ::concurra,
)]
pub const fn all<'a>(_state: &'a State) -> &'static str {
    "all"
}

#[task(retries = 0, backoff = "100ms", timeout = "1m 30s", isolate, secret)]
fn careful() -> u8 {
    1
}

#[task(retries = 0, backoff = "1s", timeout = "1s", serial, always, isolate, secret)]
fn with_every_setting() {}

#[task(serial = "db", always)]
fn with_a_serial_name(_: &State) {}

mod inner {
    #[concurra::task(after = ["super::empty"])]
    pub(crate) fn same() -> Result<fn(&str) -> u8, std::fmt::Error> {
        concurra::skip!("no {}", "board")
    }
}

#[task]
fn pattern(_: &State, mut state: Arc<State>) -> Box<dyn Fn(&str) -> usize + Send + Sync> {
    state = Arc::clone(&state);
    drop(state);
    Box::new(str::len)
}

#[task]
fn functions() -> (fn(&str) -> &str, Option<for<'a> fn(&'a str) -> &'a str>) {
    (str::trim, None)
}

#[cfg(any())]
#[task]
fn absent_above(_: Missing) {}

#[task]
#[cfg(any())]
fn absent_below(_: Missing) {}

#[task]
#[cfg_attr(all(), cfg(any()))]
fn absent_by_attribute(_: Missing) {}

#[task]
#[deprecated = "kept for the old board"]
fn deprecated() -> u8 {
    1
}

#[task]
#[must_use]
fn must_use() -> u8 {
    1
}

#[task]
#[ignore = "no paper"]
#[should_panic(expected = "no paper")]
fn ignored(_: &State) {
    panic!("no paper")
}

#[ignore]
#[should_panic]
#[deprecated = "kept for the old board"]
#[task]
const fn panics() {
    panic!()
}

#[cfg_attr(all(), should_panic = "no paper", ignore)]
#[task]
#[cfg_attr(any(), ignore = "why")]
fn by_condition(_: &State) {
    panic!("no paper")
}

#[must_use]
#[setup]
fn begin() -> u8 {
    must_use()
}

#[teardown(crate = concurra)]
fn end(_state: &State) -> Result<(), String> {
    Ok(())
}

/// A library's macro that declares tasks.
macro_rules! declare {
    ($name:ident, $result:ty, $text:literal, $limit:expr) => {
        #[$crate::task(crate = $crate::again, after = [$text], tags = [$text], timeout = $limit)]
        fn $name(_state: &State) -> $result {
            Default::default()
        }
    };
}

use concurra as again;

declare!(declared, Vec<u8>, "empty", "5s");

fn main() {
    #[task]
    fn within() -> i32 {
        1
    }

    assert_eq!(all(&State::default()), "all");
    assert_eq!(within(), 1);
}
