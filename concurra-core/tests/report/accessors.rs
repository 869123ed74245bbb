//! Each fact of a task's report by its own method.

use std::time::Duration;

use concurra_core::{ExecutionMode, HookKind, RunView, Runner};

use crate::support::run;

#[test]
fn a_report_of_a_task_has_a_method_for_each_fact() {
    let mut runner = Runner::new().workers(1);
    runner.add("load", || ());
    runner
        .add("fails", || Err::<(), _>("no rows"))
        .after(["load"])
        .tags(["slow"])
        .retries(2)
        .timeout(Duration::from_secs(60));
    runner.add("panics", || -> () { panic!("no disk") });
    runner.add("skipped", || ()).after(["fails"]);
    let report = run(runner);
    let [load, fails, panics, skipped] =
        ["load", "fails", "panics", "skipped"].map(|name| &report[name]);

    assert_eq!([load, fails, panics, skipped].map(|task| task.id().index()), [0, 1, 2, 3]);
    assert_eq!(fails.task(), "closure");
    assert_eq!(fails.after().iter().map(|task| task.name()).collect::<Vec<_>>(), ["load"]);
    assert_eq!(fails.tags().collect::<Vec<_>>(), ["slow"]);
    assert_eq!((fails.retries(), load.retries()), (2, 0));
    assert_eq!((fails.timeout(), load.timeout()), (Some(Duration::from_secs(60)), None));
    assert_eq!((fails.worker(), skipped.worker()), (Some(0), None));
    assert!(fails.started() >= load.started() && skipped.started().is_none());

    let errors: Vec<_> = fails.attempt_records().iter().map(|attempt| attempt.error()).collect();
    assert_eq!(errors, vec![Some("no rows".to_owned()); 3]);
    assert_eq!([load, skipped].map(|task| task.attempt_records().len()), [1, 0]);
    assert!(fails.retried() && !load.retried());

    let trace = panics.trace().expect("the place of the panic");
    assert!(trace.starts_with("at ") && trace.contains("accessors.rs:"), "{trace}");
    assert_eq!(fails.trace(), None);
    assert_eq!((skipped.root_cause(), fails.root_cause()), (Some(fails.id()), None));
    assert_eq!([load, fails, skipped].map(|task| task.is_bad()), [false, true, true]);

    assert_eq!(load.execution_mode().map(ExecutionMode::as_str), Some("thread"));
    assert_eq!(RunView::default().failed_hooks(HookKind::Setup).count(), 0);
}
