//! Results that are freed when nothing waits for them any more.

use std::iter;
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use concurra_core::{Event, Observer, Outcome, Output, Plan, Runner, State, StopReason};

use crate::support::{Gate, WIDTHS, watched};

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
        assert!(error.starts_with(r#"the run freed the result of task "load""#), "{error}");
        assert!(report["reads 0"].result::<bool>().is_err());
    }
}

/// Takes its time to be dropped.
struct Slow;

impl Drop for Slow {
    fn drop(&mut self) {
        std::thread::sleep(LIMIT * 2);
    }
}

impl Output for Slow {}

const LIMIT: Duration = Duration::from_millis(300);

#[test]
fn the_drop_of_a_result_does_not_count_as_time_of_the_next_task() {
    for workers in WIDTHS {
        let mut runner = Runner::new().workers(workers).keep_results(false);
        runner.add("load", || Slow);
        runner.add("read", || ()).after(["load"]);
        runner.add("next", || ()).after(["read"]).timeout(LIMIT);
        runner.add("last", || ()).after(["read"]);
        let report = watched(|| runner.run()).expect("a plan");
        assert_eq!(report.verify(), Ok(()));
        assert!(report["last"].duration().expect("it ran") < LIMIT);
    }
}

/// Opens a gate when a task is cancelled.
struct OnCancelled(Gate);

impl Observer for OnCancelled {
    fn event(&mut self, _: &Plan, event: &Event) {
        if let Event::Finished(end) = event
            && end.outcome == Outcome::Cancelled
        {
            self.0.open();
        }
    }
}

#[test]
fn a_result_goes_although_its_dependents_ended_first() {
    for workers in WIDTHS {
        let (held, cancelled) = (Arc::new(()), Gate::default());
        let given = Arc::clone(&held);
        let observer = Box::new(OnCancelled(cancelled.clone()));
        let mut runner = Runner::new().workers(workers).keep_results(false).observe(observer);
        let canceller = runner.canceller();
        runner.add("load", move || {
            canceller.stop(StopReason::Interrupt);
            cancelled.pass();
            Arc::clone(&given)
        });
        runner.add("never", || ()).after(["load"]);
        let report = watched(|| runner.run()).expect("a plan");
        assert_eq!(report["load"].outcome(), Outcome::Passed);
        assert_eq!(Arc::strong_count(&held), 1, "the result is held");
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

#[test]
fn a_result_that_an_abandoned_body_reads_is_there_or_gone() {
    for round in 0..200 {
        let (send, errors) = channel();
        let mut runner = Runner::new().workers(WIDTHS[round % 3]).keep_results(false);
        runner.add("load", || "rows".to_owned());
        let reads = move |state: &State| {
            // The conductor frees the result when it abandons this body, which goes on reading.
            let found = || state.result::<String>("load").err();
            let error = iter::repeat_with(found).find_map(|error| error).expect("an error");
            drop(send.send(error.to_string()));
        };
        let limit = Duration::from_micros(500);
        runner.add_with_state("reads", reads).after(["load"]).timeout(limit);
        let report = watched(|| runner.run()).expect("a plan");
        assert_eq!(report["reads"].outcome(), Outcome::TimedOut);
        let error = match errors.recv_timeout(Duration::from_secs(60)) {
            Ok(error) => error,
            // The limit was over before the body began.
            Err(RecvTimeoutError::Disconnected) => continue,
            Err(RecvTimeoutError::Timeout) => panic!("the body does not return"),
        };
        assert!(
            error.starts_with(r#"the run freed the result of task "load""#),
            "{round}: {error}"
        );
    }
}
