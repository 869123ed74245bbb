//! Failed tasks and their effect on the others.

use crate::support::mtrun;

const PANICS: [&str; 5] = ["broken/tests/crashes.rs", "--tags", "panics", "-w", "1"];

fn panics(more: &[&str]) -> crate::support::Ran {
    mtrun(&[&PANICS, more].concat()).exits(100)
}

#[test]
fn every_kind_of_failure_is_named() {
    panics(&[])
        .prints(&["panicked: the broker is down\n", "at broken/tests/crashes.rs:"])
        .prints(&["panicked: a value that is not text (panic_any)"])
        .prints(&["bad number: invalid digit found in string"])
        .prints(&["Odd { code: 7 }"])
        .prints(&["==== 0 passed, 4 failed in "]);
}

#[test]
fn after_the_first_failure_nothing_more_starts_when_so_asked() {
    let rest = "CANCEL fails_with_causes fails_with_debug_only panics_with_value";
    let ended = format!("FAIL panics_with_text, {rest}");
    panics(&["--fail-fast"]).ended(&ended).prints(&["==== 0 passed, 1 failed, 3 cancelled in "]);
    panics(&["--max-fail=1"]).ended(&ended);
    panics(&["--max-fail", "2"]).prints(&["==== 0 passed, 2 failed, 2 cancelled in "]);
    panics(&["--fail-fast", "--no-fail-fast"]).prints(&["==== 0 passed, 4 failed in "]);
}

#[test]
fn fail_fast_skips_dependents_of_the_failed_task() {
    let ran = mtrun(&["six", "--fail-fast", "-w", "1"]).exits(100);
    let line = ran.lines().into_iter().find(|line| line.name == "test_f").expect("test_f");
    assert_eq!(line.outcome, "SKIP");
}
