//! Drops of closures: they may panic, hang or take long.

use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use concurra_core::{Outcome, Runner};

use crate::support::{Gate, WIDTHS, run};

/// Calls a closure when it is dropped.
struct OnDrop<F: FnMut()>(F);

impl<F: FnMut()> Drop for OnDrop<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}

/// Makes a closure hold something.
fn touch<T>(_: &T) {}

fn bomb() -> OnDrop<impl FnMut() + Send + 'static> {
    OnDrop(|| panic!("in a drop"))
}

#[test]
fn a_panic_in_a_drop_hides_nothing() {
    for (workers, retries) in WIDTHS.into_iter().flat_map(|workers| [(workers, 0), (workers, 1)]) {
        let mut runner = Runner::new().workers(workers).retries(retries);
        let (one, two, three, four) = (bomb(), bomb(), bomb(), bomb());
        runner.add("panics", move || -> () {
            let _held = &one;
            panic!("in the body")
        });
        runner.add("fails", move || {
            let _held = &two;
            Err::<(), _>("the disk is full")
        });
        runner.add("passes", move || {
            let _held = &three;
        });
        runner.add("is skipped", move || touch(&four)).after(["fails"]);
        let report = run(runner);
        let error = |name: &str| report[name].error().unwrap_or_default();
        assert_eq!(error("panics"), "panicked: in the body");
        assert_eq!(error("fails"), "the disk is full");
        assert_eq!(error("passes"), "panicked: in a drop");
        assert_eq!(report["passes"].attempts(), 1, "there is nothing to be called again");
        assert_eq!(report["is skipped"].outcome(), Outcome::Skipped);
    }
}

#[test]
fn a_drop_is_within_its_attempt_s_limit() {
    for retries in [0, 1] {
        let over = Gate::default();
        let ended = over.clone();
        let held = OnDrop(move || ended.pass());
        let mut runner = Runner::new().workers(1).retries(retries);
        let body = move || {
            let _held = &held;
        };
        runner.add("hangs in a drop", body).timeout(Duration::from_millis(50));
        runner.add("is not delayed", move || over.open());
        let report = run(runner);
        assert_eq!(report["hangs in a drop"].outcome(), Outcome::TimedOut);
        assert_eq!(report["is not delayed"].outcome(), Outcome::Passed);
    }
}

/// Waits for a thread when it is dropped.
struct Joined(Option<JoinHandle<()>>);

impl Drop for Joined {
    fn drop(&mut self) {
        self.0.take().expect("it is dropped once").join().expect("it does not panic");
    }
}

#[test]
fn closures_that_are_never_called_may_wait_for_each_other() {
    for workers in WIDTHS {
        let (sender, receiver) = channel::<u32>();
        let heard = Arc::new(Mutex::new(false));
        let end = Arc::clone(&heard);
        let sink = Joined(Some(thread::spawn(move || {
            receiver.iter().for_each(drop);
            *end.lock().expect("no panic under the lock") = true;
        })));
        let mut runner = Runner::new().workers(workers);
        runner.add("prepare", || Err::<(), _>("no"));
        runner.add("consume", move || touch(&sink)).after(["prepare"]);
        runner.add("produce", move || sender.send(1).map_err(|_| "no receiver")).after(["prepare"]);
        let report = run(runner);
        assert_eq!(report["produce"].outcome(), Outcome::Skipped);
        assert!(*heard.lock().expect("no panic under the lock"), "something is not dropped");
    }
}

#[test]
fn no_run_waits_for_the_drop_of_an_uncalled_closure() {
    for workers in WIDTHS {
        let over = Gate::default();
        let (ended, opens) = (over.clone(), over.clone());
        let held = OnDrop(move || ended.pass());
        let mut runner = Runner::new().workers(workers);
        // Whoever ends this one, drops what depends on it: a timeout is the conductor's.
        let never = Gate::default();
        let end = never.clone();
        runner.add("hangs", move || end.pass()).timeout(Duration::from_millis(20));
        runner.add("is skipped", move || touch(&held)).after(["hangs"]);
        let later = Gate::default();
        let end = later.clone();
        runner.add("hangs longer", move || end.pass()).timeout(Duration::from_millis(40));
        runner.add("opens", move || opens.open()).after(["hangs longer"]).always();
        let report = run(runner);
        assert_eq!(report["hangs longer"].outcome(), Outcome::TimedOut);
        assert_eq!(report.warnings(), ["still running after the end: hangs, hangs longer"]);
        never.open();
        later.open();
    }
}

#[test]
fn a_drop_that_never_ends_is_a_warning() {
    let over = Gate::default();
    let ended = over.clone();
    let held = OnDrop(move || ended.pass());
    let mut runner = Runner::new().mock("given", None);
    runner.add("given", move || touch(&held));
    let report = run(runner);
    let warning = "values of tasks that did not run are still being dropped";
    assert_eq!(report.warnings(), [warning]);
    over.open();
}
