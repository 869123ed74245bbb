//! Results that are freed when nothing waits for them any more.

use std::sync::Arc;

use concurra_core::{Runner, State};

use crate::support::{WIDTHS, watched};

#[test]
fn a_result_goes_with_its_last_dependent() {
    for workers in WIDTHS {
        let held = Arc::new(());
        let given = Arc::clone(&held);
        let mut runner = Runner::new().workers(workers).keep_results(false);
        runner.add("load", move || Arc::clone(&given));
        for task in 0..3 {
            let reads = |state: &State| {
                let loaded = state.result::<Arc<()>>("load").map_err(|error| error.to_string())?;
                // The run's, the test's, the closure's and this one.
                Ok::<_, String>(Arc::strong_count(&loaded) >= 2)
            };
            runner.add_with_state(format!("reads {task}"), reads).after(["load"]);
        }
        let late = Arc::clone(&held);
        let others = move || Arc::strong_count(&late);
        runner.add("behind", others).after(["reads 0", "reads 1", "reads 2"]);
        let report = watched(|| runner.run()).expect("a plan");
        assert_eq!(report.verify(), Ok(()));
        // The test's own and that of the closure that counts.
        assert_eq!(*report["behind"].result::<usize>().expect("a leaf's result stays"), 2);
        let error = report["load"].result::<Arc<()>>().expect_err("freed").to_string();
        assert!(error.starts_with(r#"the result of task "load" is gone"#), "{error}");
        assert!(report["reads 0"].result::<bool>().is_err());
    }
}

#[test]
fn a_skipped_dependent_frees_it_too() {
    let held = Arc::new(());
    let given = Arc::clone(&held);
    let mut runner = Runner::new().keep_results(false);
    runner.add("load", move || Arc::clone(&given));
    runner.add("fails", || Err::<(), _>("no"));
    runner.add("skipped", || ()).after(["load", "fails"]);
    let report = watched(|| runner.run()).expect("a plan");
    assert!(!report.is_good());
    assert_eq!(Arc::strong_count(&held), 1, "the result is held");
}
