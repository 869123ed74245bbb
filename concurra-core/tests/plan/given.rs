//! Results that are given from outside.

use concurra_core::{Outcome, Report, Runner, Selection, State};

use crate::{edges, runner, selected};

const CHAIN: &[(&str, &str, &str)] =
    &[("far", "", ""), ("near", "far", ""), ("shared", "", ""), ("end", "near shared", "")];

fn outcomes(report: &Report) -> Vec<(&str, Outcome)> {
    report.tasks().iter().map(|task| (task.name(), task.outcome())).collect()
}

#[test]
fn what_only_a_mocked_task_needs_is_not_pulled_in() {
    let only_end = |selection: &mut Selection| selection.filters = vec!["end".to_owned()];
    let planned = selected(CHAIN, only_end).mock("near", None).plan().expect("a plan");
    assert_eq!(edges(planned.plan()), "(near) (shared) end<near,shared");
    assert_eq!(
        outcomes(&planned.run()),
        [("near", Outcome::Mocked), ("shared", Outcome::Passed), ("end", Outcome::Passed)]
    );
}

#[test]
fn a_chosen_task_that_is_mocked_waits_for_nothing() {
    let mut wrong = runner(CHAIN).mock("near", None);
    wrong.add("fails", || Err::<(), _>("no"));
    let planned = wrong.plan().expect("a plan");
    assert_eq!(edges(planned.plan()), "far near shared end<near,shared fails");
    let report = planned.run();
    assert_eq!(report["near"].outcome(), Outcome::Mocked);
    assert_eq!(report["end"].outcome(), Outcome::Passed);
    assert_eq!(report["near"].duration(), None);
}

#[test]
fn one_task_alone_sees_given_results() {
    for workers in [1, 2, 8] {
        // A body may read a given result, whether it declares the dependency or not.
        for after in [&["first"][..], &[]] {
            let mut selection = Selection::default();
            selection.only = Some("second".to_owned());
            let mut runner = Runner::new().workers(workers).select(selection);
            runner.add("first", || -> String { unreachable!("it is given") });
            let body = |state: &State| {
                state.result::<String>("first").map(|first| format!("{first} seen"))
            };
            runner.add_with_state("second", body).after(after.iter().copied());
            let report = runner.mock("first", Some("mock")).run().expect("a plan");
            assert_eq!(*report["second"].result::<String>().expect("passed"), "mock seen");
            assert_eq!(report.counts().to_string(), "1 passed, 1 mocked");
            assert!(report.is_good());
        }
    }
}

#[test]
fn a_task_that_was_left_out_has_no_result_yet() {
    let mut selection = Selection::default();
    selection.only = Some("second".to_owned());
    let mut runner = Runner::new().workers(1).select(selection);
    runner.add("first", || 1);
    runner
        .add_with_state("second", |state: &State| state.result::<i32>("first").map(|_| ()))
        .after(["first"]);
    let report = runner.run().expect("a plan");
    let failure = report["second"].failure().expect("it failed").to_string();
    assert_eq!(
        failure,
        "task \"first\" is not part of this run; run it too, or give its result \
         (`--result-first=VALUE`)"
    );
}
