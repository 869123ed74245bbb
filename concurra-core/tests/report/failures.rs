//! What a report says of failures, and the error that it is.

use std::error::Error;
use std::fmt;
use std::process::ExitCode;
use std::time::Duration;

use concurra_core::{Outcome, Runner};

use crate::placeless::placeless;
use crate::support::{passes_at, run, steady, text};

#[derive(Debug)]
struct Refused;

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the gateway\nis down")
    }
}

impl Error for Refused {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&fmt::Error)
    }
}

#[test]
fn a_failure_is_shown_with_its_causes() {
    let mut runner = Runner::new();
    runner.add("pay", || Err::<(), _>(Refused));
    runner.add("ship", || ()).after(["pay"]);
    assert_eq!(
        text(&run(runner)),
        format!(
            "\
label | task    | outcome             | duration
pay   | closure | failed              |   0.000s
ship  | closure | skipped: pay failed |        -

failed: pay
  the gateway
  is down
  caused by: {}
  declared at @

0 passed, 1 failed, 1 skipped in 0.00s",
            fmt::Error
        )
    );
}

#[test]
fn a_panic_is_shown_with_its_place() {
    let mut runner = Runner::new();
    let place = format!("concurra-core/tests/report/failures.rs:{}", line!() + 1);
    runner.add("count", || -> () { panic!("boom") });
    let report = run(runner);
    // There is a backtrace when the environment asks for one.
    let trace = report["count"].failure().and_then(|failure| failure.trace);
    let trace: String = trace
        .iter()
        .flat_map(|trace| trace.trim_end().lines())
        .map(|line| format!("  {line}\n"))
        .collect();
    let expected =
        format!("failed: count\n  panicked: boom\n  at {place}:36\n  declared at {place}\n{trace}");
    let report = steady(&report.to_string());
    assert_eq!(report.split("\n\n").nth(1), Some(expected.trim_end()));
}

#[test]
fn earlier_attempts_are_shown() {
    let mut runner = Runner::new();
    runner.add("tried\nagain", passes_at(9)).retries(2);
    let report = text(&run(runner));
    let block = report.split("\n\n").nth(1).expect("a block");
    assert_eq!(
        block,
        "\
failed: tried\\nagain (attempt 3 of 3)
  attempt 3 failed
  declared at @
  attempt 1: attempt 1 failed
  attempt 2: attempt 2 failed"
    );
}

#[test]
fn the_failure_of_a_command_has_its_output() {
    let mut runner = Runner::new();
    runner.shell("errors", "echo out; echo one >&2; echo two >&2; exit 3");
    let report = text(&run(runner));
    let block = report.split("\n\n").nth(1).expect("a block");
    assert_eq!(
        block,
        "failed: errors\n  exited with 3; the end of its stderr:\n  one\n  two\n  declared at @"
    );
}

#[test]
fn a_command_that_timed_out_is_shown_with_its_output() {
    let mut runner = Runner::new().timeout(Duration::from_secs(1));
    runner.shell("waits", "seq 21; echo 'is it up?' >&2; exec sleep 1000");
    let shown = text(&run(runner));
    let (_, output) = shown.split_once("its timeout of 1s\n  declared at @\n").expect("a block");
    let numbers: String = (2..=21).map(|number| format!("    {number}\n")).collect();
    let expected =
        format!("  stdout, the last 20 of 21 lines:\n{numbers}  stderr:\n    is it up?\n\n");
    assert!(output.starts_with(&expected), "{shown}");
}

fn shown(text: &str) -> String {
    placeless(&steady(text))
}

#[test]
fn the_error_is_the_report() {
    let mut runner = Runner::new().name("orders");
    runner.add("load", || Err::<(), _>("no rows"));
    let report = run(runner);
    let expected = "\
label | task    | outcome | duration
load  | closure | failed  |   0.000s

failed: load
  no rows
  declared at @

orders: 0 passed, 1 failed in 0.00s";
    let error = report.verify().expect_err("it failed");
    assert_eq!(shown(&error.to_string()), expected);
    assert_eq!(shown(&format!("{error:?}")), format!("\n{expected}"));
    let error = report.verify_with("Pipeline failed").expect_err("it failed");
    assert_eq!(shown(&error.to_string()), format!("Pipeline failed\n{expected}"));
    let boxed: Box<dyn Error + Send + Sync> = error.into();
    assert_eq!(shown(&format!("{boxed:?}")), format!("\nPipeline failed\n{expected}"));
}

#[test]
fn a_good_run_is_no_error() {
    let mut runner = Runner::new();
    runner.add("load", || ());
    runner.add("skips", || -> () { concurra_core::skip("no board") });
    let report = run(runner);
    assert_eq!(report.verify(), Ok(()));
    assert_eq!(report.verify_with(format_args!("run {}", 1)), Ok(()));
}

#[test]
fn closures_fail_by_exit_codes_and_by_errors_inside_results() {
    type Inside<T> = Result<Result<T, String>, Refused>;
    let mut runner = Runner::new();
    runner.add("success", || ExitCode::SUCCESS);
    runner.add("after", || ()).after(["success"]);
    runner.add("code", || ExitCode::FAILURE);
    runner.add("ok code", || Ok::<_, Refused>(ExitCode::from(9)));
    runner.add("error inside", || -> Inside<u8> { Ok(Err("out of stock".to_owned())) });
    runner.add_with_state("code inside", |_| -> Inside<ExitCode> { Ok(Ok(ExitCode::from(2))) });
    let report = run(runner);
    for name in ["success", "after"] {
        assert_eq!(report[name].outcome(), Outcome::Passed);
    }
    for (name, message) in [
        ("code", "returned exit code 1"),
        ("ok code", "returned exit code 9"),
        ("error inside", "out of stock"),
        ("code inside", "returned exit code 2"),
    ] {
        let failure = report[name].failure().expect("it failed");
        assert_eq!(failure.to_string(), message, "{name}");
    }
}
