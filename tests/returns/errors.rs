//! What functions return when they fail.

use std::error::Error;
use std::fmt;
use std::rc::Rc;

use concurra::task;

use crate::{failure, run};

/// An error with a cause.
#[derive(Debug)]
pub(crate) struct Outer;

/// An error that must stay on its thread.
#[derive(Debug)]
struct Local(#[expect(dead_code, reason = "it only keeps the type on its thread")] Rc<u8>);

#[derive(Debug)]
struct OnlyDebug;
struct OnlyDisplay;
struct Nothing;

macro_rules! says {
    ($($type:ty: $text:literal),*) => {$(
        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str($text)
            }
        }
    )*};
}

macro_rules! has_cause {
    ($($type:ty),*) => {$(
        impl Error for $type {
            fn source(&self) -> Option<&(dyn Error + 'static)> {
                Some(&fmt::Error)
            }
        }
    )*};
}

says!(Outer: "outer", Local: "local", OnlyDisplay: "only display");
has_cause!(Outer, Local);

type Short<T> = Result<T, Outer>;

#[task]
fn alias() -> Short<i32> {
    Err(Outer)
}
#[task]
fn any() -> anyhow::Result<i32> {
    Err(anyhow::Error::new(Outer).context("while loading"))
}
#[task]
fn any_spelled() -> Result<(), anyhow::Error> {
    Err(anyhow::anyhow!("plain"))
}
#[task]
fn boxed() -> Result<i32, Box<dyn Error>> {
    Err(Box::new(Outer))
}
#[task]
fn boxed_sync() -> Result<i32, Box<dyn Error + Send + Sync>> {
    Err(Box::new(Outer))
}
#[task]
fn boxed_send() -> Result<i32, Box<dyn Error + Send>> {
    Err(Box::new(Outer))
}
#[task]
fn rc_error() -> Result<i32, Rc<Outer>> {
    Err(Rc::new(Outer))
}
#[task]
fn concrete() -> Result<i32, Outer> {
    Err(Outer)
}
#[task]
fn string_error() -> Result<i32, String> {
    Err("a string".to_owned())
}
#[task]
fn str_error() -> Result<i32, &'static str> {
    Err("a literal")
}
#[task]
fn local_error() -> Result<i32, Local> {
    Err(Local(Rc::new(1)))
}
#[task]
fn debug_error() -> Result<i32, OnlyDebug> {
    Err(OnlyDebug)
}
#[task]
fn display_error() -> Result<i32, OnlyDisplay> {
    Err(OnlyDisplay)
}
#[task]
fn silent_error() -> Result<i32, Nothing> {
    Err(Nothing)
}

#[test]
fn errors_are_printed_with_their_causes() {
    let causes = |name| {
        let failure = failure(run(name));
        (failure.message, failure.causes)
    };
    let cause = || vec![fmt::Error.to_string()];
    for name in ["errors::alias", "boxed", "boxed_sync", "concrete"] {
        assert_eq!(causes(name), ("outer".to_owned(), cause()), "{name}");
    }
    assert_eq!(causes("local_error"), ("local".to_owned(), cause()));
    let all = vec!["outer".to_owned(), fmt::Error.to_string()];
    assert_eq!(causes("any"), ("while loading".to_owned(), all));
    for (name, message) in [
        ("any_spelled", "plain"),
        ("string_error", "a string"),
        ("str_error", "a literal"),
        ("debug_error", "OnlyDebug"),
        ("display_error", "only display"),
        ("boxed_send", "outer"),
    ] {
        assert_eq!(causes(name), (message.to_owned(), vec![]), "{name}");
    }
    assert!(causes("rc_error").0.contains("outer"));
    assert!(causes("silent_error").0.contains("Nothing"));
}
