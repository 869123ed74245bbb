//! Tasks that need an excluded task.

use concurra_core::{Outcome, Runner, Selection};

use crate::support::{WIDTHS, run};

/// `build` -> `put` -> `ship` -> `tell`, `put` is excluded, and `clean` runs always.
fn runner(workers: usize) -> Runner {
    let mut selection = Selection::default();
    selection.skip = vec!["put".to_owned()];
    let mut runner = Runner::new().workers(workers).select(selection);
    runner.add("build", || ());
    runner.add("put", || -> () { panic!("it is excluded") }).after(["build"]);
    runner.add("ship", || ()).after(["put", "fails"]);
    runner.add("tell", || ()).after(["ship"]);
    runner.add("clean", || ()).after(["ship"]).always();
    runner.add("fails", || ());
    runner
}

#[test]
fn they_are_skipped_with_the_root_cause_and_the_run_is_good() {
    for workers in WIDTHS {
        let report = run(runner(workers));
        assert!(report.is_good(), "{report}");
        for task in ["ship", "tell"] {
            let task = &report[task];
            assert_eq!(task.outcome(), Outcome::Skipped);
            assert_eq!(task.cause().as_deref(), Some("put is excluded"));
            assert_eq!((task.root_cause(), task.is_bad()), (None, false));
            assert_eq!(task.info().needs_excluded.as_deref(), Some("put"));
        }
        assert_eq!(report["clean"].outcome(), Outcome::Passed);
        assert!(report.get("put").is_none());
        assert!(report.to_string().contains("skipped: put is excluded"), "{report}");
    }
}

#[test]
fn a_failure_beside_them_stays_a_failure() {
    for workers in WIDTHS {
        let mut runner = runner(workers);
        runner.add("breaks", || Err::<(), _>("no"));
        runner.add("behind", || ()).after(["breaks", "put"]);
        runner.add("below", || ()).after(["breaks"]);
        let report = run(runner);
        assert!(!report.is_good());
        assert_eq!(report["behind"].cause().as_deref(), Some("put is excluded"));
        assert_eq!(report["below"].cause().as_deref(), Some("breaks failed"));
    }
}

#[test]
fn with_run_dependents_they_run() {
    for workers in WIDTHS {
        let report = run(runner(workers).run_dependents(true));
        assert!(report.tasks().iter().all(|task| task.outcome() == Outcome::Passed), "{report}");
    }
}
