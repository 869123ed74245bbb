//! What a report says of hooks that failed.

use concurra_core::{
    Completion, Context, Ending, Failure, HookDef, HookKind, Outcome, Place, Registration,
    StopReason, inventory,
};
use serde_json::json;

use crate::registered::described;
use crate::support::{registered, run, text};

fn passes(_: &Context<'_>) -> Completion {
    Ok(None)
}

fn fails(_: &Context<'_>) -> Completion {
    let causes = vec!["disk full".to_owned()];
    Err(Ending::Failed(Failure { causes, ..Failure::message("the scratch folder stays") }.into()))
}

inventory::submit! {
    Registration::Task(|| const { &described!("hooked", "load", passes, ()) })
}
inventory::submit! {
    Registration::Hook(|| const { &HookDef {
        kind: HookKind::Teardown,
        timeout: None,
        name: "clean_up",
        module: "hooked",
        target: None,
        place: Place { file: "tests/hooked.rs", line: 7, column: 1 },
        body: fails,
    } })
}

#[test]
fn a_failed_teardown_is_shown_and_fails_the_run() {
    let report = run(registered("hooked"));
    assert_eq!(
        text(&report),
        "\
label | task         | outcome | duration
load  | hooked::load | passed  |   0.000s

failed: teardown clean_up
  the scratch folder stays
  caused by: disk full
  declared at tests/hooked.rs:7

1 passed, 1 teardown failed in 0.00s"
    );
    assert!(report.verify().is_err());
    let json = report.to_json();
    assert_eq!(json["good"], json!(false));
    assert_eq!(
        json["hook_failures"],
        json!([{
            "name": "clean_up", "hook": "teardown", "place": "tests/hooked.rs:7",
            "error": "the scratch folder stays: disk full", "trace": null,
        }])
    );
}

#[test]
fn a_run_that_was_stopped_before_it_began_tears_nothing_down() {
    let runner = registered("hooked");
    runner.canceller().stop(StopReason::Interrupt);
    let report = run(runner);
    assert_eq!(report.to_json()["hook_failures"], json!([]));
    assert_eq!(report["load"].outcome(), Outcome::Cancelled);
}
