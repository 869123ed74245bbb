//! What functions return that says whether they passed: exit codes, and results inside results.

use std::convert::Infallible;
use std::fmt;
use std::process::{ExitCode, Termination};
use std::sync::Arc;

use concurra::__private::Context;
use concurra::{State, setup, task, teardown};

use crate::errors::Outer;
use crate::signatures::hook;
use crate::{def, failure, result, run};

/// What a program of its own would return.
#[derive(Clone, Copy)]
enum Verdict {
    Good,
    Bad,
}

impl Termination for Verdict {
    fn report(self) -> ExitCode {
        match self {
            Self::Good => ExitCode::SUCCESS,
            Self::Bad => ExitCode::from(3),
        }
    }
}

type Code = ExitCode;
type Inside<T> = Result<Result<T, Outer>, fmt::Error>;

#[task]
fn success() -> ExitCode {
    ExitCode::SUCCESS
}
#[task]
fn good() -> Verdict {
    Verdict::Good
}
#[task]
fn ok_success() -> Result<ExitCode, Outer> {
    Ok(ExitCode::SUCCESS)
}
#[task]
fn ok_ok_good() -> Inside<Verdict> {
    Ok(Ok(Verdict::Good))
}
#[task]
fn ok_ok_nothing() -> Inside<()> {
    Ok(Ok(()))
}

#[task]
fn code() -> ExitCode {
    ExitCode::FAILURE
}
#[task]
fn alias() -> Code {
    ExitCode::from(255)
}
#[task]
fn bad() -> Verdict {
    Verdict::Bad
}
#[task]
fn ok_code() -> Result<ExitCode, Outer> {
    Ok(ExitCode::from(7))
}
#[task]
fn ok_bad() -> anyhow::Result<Verdict> {
    Ok(Verdict::Bad)
}
#[task]
fn ok_ok_code() -> Inside<Code> {
    Ok(Ok(ExitCode::from(9)))
}
#[task]
fn ok_error() -> Inside<u8> {
    Ok(Err(Outer))
}
#[task]
fn ok_unprinted() -> Result<Result<(), Verdict>, Outer> {
    Ok(Err(Verdict::Bad))
}
#[task]
fn error() -> Inside<ExitCode> {
    Err(fmt::Error)
}
#[task]
fn never_ok() -> Result<Infallible, Outer> {
    Err(Outer)
}

#[task]
fn ok_ok_number() -> Inside<u8> {
    Ok(Ok(5))
}
#[task]
fn maybe_code() -> Option<Result<u8, String>> {
    Some(Err("a value".to_owned()))
}

#[setup]
fn begin_with_code() -> ExitCode {
    ExitCode::FAILURE
}
#[setup]
fn begin_with_error_inside() -> Inside<()> {
    Ok(Err(Outer))
}
#[teardown]
fn end_with_code() -> Result<Verdict, Outer> {
    Ok(Verdict::Bad)
}

#[test]
fn success_is_a_result_of_no_value() {
    for name in ["success", "good", "ok_success", "ok_ok_good", "ok_ok_nothing"] {
        assert!(run(name).expect("it passes").is_none(), "{name}");
        assert_eq!((def(name).result)().name, "()", "{name}");
    }
}

#[test]
fn every_other_exit_code_fails() {
    for (name, number) in [
        ("judged::code", 1),
        ("judged::alias", 255),
        ("judged::bad", 3),
        ("judged::ok_code", 7),
        ("judged::ok_bad", 3),
        ("judged::ok_ok_code", 9),
    ] {
        assert_eq!(failure(run(name)).message, format!("returned exit code {number}"), "{name}");
    }
}

#[test]
fn an_error_inside_fails() {
    let ok_error = failure(run("ok_error"));
    assert_eq!((ok_error.message.as_str(), ok_error.causes.len()), ("outer", 1));
    assert!(failure(run("ok_unprinted")).message.contains("Verdict"));
    assert_eq!(failure(run("judged::error")).message, fmt::Error.to_string());
    assert_eq!(failure(run("never_ok")).message, "outer");
}

#[test]
fn what_is_inside_is_the_result() {
    assert_eq!(result::<u8>(run("ok_ok_number")), 5);
    let known = (def("ok_ok_number").result)();
    assert_eq!((known.name, known.decode.is_some(), known.encode.is_some()), ("u8", true, true));
    // An `Option` says nothing of success.
    let inside = result::<Option<Result<u8, String>>>(run("maybe_code"));
    assert_eq!(inside, Some(Err("a value".to_owned())));
}

#[test]
fn hooks_are_judged_in_the_same_way() {
    let state = Arc::new(State::default());
    let said = |name| failure((hook(name).body)(&Context::new(&state))).message;
    assert_eq!(said("begin_with_code"), "returned exit code 1");
    assert_eq!(said("begin_with_error_inside"), "outer");
    assert_eq!(said("end_with_code"), "returned exit code 3");
}
