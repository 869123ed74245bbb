//! Closures are dropped when their tasks end, before the report is.

use std::sync::Arc;
use std::sync::mpsc::channel;

use concurra_core::{Outcome, Runner, State, StopReason, skip};

use crate::support::{Gate, WIDTHS, run, watched};

#[test]
fn closures_are_dropped_for_every_outcome() {
    for workers in WIDTHS {
        let held = Arc::new(());
        let hold = || {
            let held = Arc::clone(&held);
            move || drop(Arc::clone(&held))
        };
        let mut runner = Runner::new().workers(workers).mock("mocked", None);
        runner.add("passes", hold());
        runner.add("passes at once", hold()).retries(2);
        runner.add("mocked", hold()).retries(1);
        let fails = hold();
        runner.add("fails", move || Err::<(), _>(format!("{:?}", fails())));
        runner.add("skipped", hold()).after(["fails"]);
        runner.add("skipped as well", hold()).after(["skipped"]).retries(1);
        let skips = hold();
        runner
            .add("leaves", move || -> () {
                skips();
                skip("no board")
            })
            .retries(1);
        let report = run(runner);
        assert_eq!(report.counts().to_string(), "2 passed, 1 failed, 3 skipped, 1 mocked");
        assert_eq!(Arc::strong_count(&held), 1, "a closure is not dropped");
    }
}

#[test]
fn a_stop_drops_closures_that_were_never_called() {
    let held = Arc::new(());
    let mut runner = Runner::new().workers(1);
    let canceller = runner.canceller();
    runner.add("stops", move || canceller.stop(StopReason::Abort));
    let inside = Arc::clone(&held);
    runner.add("waits", move || drop(Arc::clone(&inside))).after(["stops"]).retries(1);
    let report = run(runner);
    assert_eq!(report["waits"].outcome(), Outcome::Cancelled);
    assert_eq!(Arc::strong_count(&held), 1);
}

#[test]
fn an_abandoned_closure_is_dropped_when_it_returns() {
    let (over, dropped) = (Gate::default(), Gate::default());
    let (ended, inside) = (over.clone(), OnDrop(dropped.clone()));
    let mut runner = Runner::new().workers(1);
    let body = move || {
        let _held = &inside;
        ended.pass();
    };
    // Were the time to be tried again not over, it would be kept for that.
    runner.add("hangs", body).timeout(std::time::Duration::from_millis(50)).retries(1);
    let report = run(runner);
    assert_eq!(report["hangs"].outcome(), Outcome::TimedOut);
    over.open();
    dropped.pass();
}

/// Opens a gate when it is dropped.
struct OnDrop(Gate);

impl Drop for OnDrop {
    fn drop(&mut self) {
        self.0.open();
    }
}

#[test]
fn a_channel_closes_when_its_sending_task_ends() {
    for workers in WIDTHS {
        let (sender, receiver) = channel();
        let mut runner = Runner::new().workers(workers).retries(3);
        runner.add("sends", move || sender.send(1).map_err(|error| error.to_string()));
        runner.add("receives", move || receiver.iter().sum::<i32>()).after(["sends"]);
        let report = run(runner);
        assert_eq!(*report["receives"].result::<i32>().expect("it passed"), 1);
    }
}

#[test]
fn a_state_in_closures_is_dropped_with_the_report() {
    let state = Arc::new(State::default());
    let inside = Arc::clone(&state);
    let mut runner = Runner::new().state(Arc::clone(&state)).retries(1);
    runner.add("reads", move || inside.contains("x"));
    drop(watched(|| runner.run()).expect("a plan"));
    assert_eq!(Arc::strong_count(&state), 1);
}
