//! Results and captured values whose `Drop` panics: a panic where Concurra drops one does no harm, and
//! several panics where the user drops them are one.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use concurra_core::{Outcome, Output, Runner, State};

use crate::aftermath::wait_until_idle;
use crate::support::{Gate, WIDTHS, run, watched};

/// Counts its drop, and panics.
#[derive(Debug)]
struct Bomb(Arc<AtomicUsize>);

impl Output for Bomb {}

impl Drop for Bomb {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::SeqCst);
        panic!("a bomb went off");
    }
}

/// The number of bombs that went off.
#[derive(Clone, Default)]
struct Count(Arc<AtomicUsize>);

impl Count {
    fn bomb(&self) -> Bomb {
        Bomb(Arc::clone(&self.0))
    }

    fn get(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }

    /// Waits until so many went off.
    fn reaches(&self, all: usize) {
        let count = self.clone();
        watched(move || {
            while count.get() < all {
                std::thread::yield_now();
            }
        });
    }
}

/// Whether the call panics.
fn panics(call: impl FnOnce()) -> bool {
    catch_unwind(AssertUnwindSafe(call)).is_err()
}

fn add_bombs(runner: &mut Runner, count: &Count) {
    for name in ["one", "two"] {
        let count = count.clone();
        runner.add(name, move || count.bomb());
    }
}

#[test]
fn a_dropped_run_may_have_results_that_panic() {
    for (workers, round) in WIDTHS.into_iter().flat_map(|it| (0..10).map(move |round| (it, round)))
    {
        let (count, over, held) = (Count::default(), Gate::default(), Arc::new(()));
        let mut runner = Runner::new().workers(workers);
        add_bombs(&mut runner, &count);
        let (ended, inside) = (over.clone(), Arc::clone(&held));
        runner.add("last", move || ended.pass()).after(["one", "two"]);
        let runner = runner.on_run_done(move |_| drop(Arc::clone(&inside)));
        let run = runner.start().expect("a plan");
        // Either the run or this thread is the last that has the results.
        if round % 2 == 0 {
            drop(run);
            over.open();
        } else {
            over.open();
            while run.is_running() {
                std::thread::yield_now();
            }
            drop(run);
        }
        count.reaches(2);
        while Arc::strong_count(&held) > 1 {
            std::thread::yield_now();
        }
    }
}

#[test]
fn a_run_that_was_waited_for_keeps_its_results() {
    let count = Count::default();
    let mut runner = Runner::new();
    add_bombs(&mut runner, &count);
    let report = runner.start().expect("a plan").wait();
    assert_eq!((report["one"].outcome(), count.get()), (Outcome::Passed, 0));
    assert!(panics(|| drop(report)));
    assert_eq!(count.get(), 2);
}

#[test]
fn several_panics_in_the_drop_of_a_report_are_one() {
    for workers in WIDTHS {
        let count = Count::default();
        let mut runner = Runner::new().workers(workers);
        add_bombs(&mut runner, &count);
        runner.add_with_state("inserts", {
            let count = count.clone();
            move |state: &State| {
                state.insert("a", count.bomb());
            }
        });
        let report = run(runner);
        assert_eq!(report.verify(), Ok(()));
        assert!(panics(|| drop(report)));
        assert_eq!(count.get(), 3);
    }
}

#[test]
fn a_report_may_be_dropped_by_a_panic() {
    let count = Count::default();
    let mut runner = Runner::new();
    add_bombs(&mut runner, &count);
    let report = run(runner);
    assert!(panics(move || {
        let _report = report;
        panic!("an assertion of the user's");
    }));
    assert_eq!(count.get(), 2);
}

#[test]
fn closures_that_never_ran_may_panic_together() {
    let count = Count::default();
    let mut runner = Runner::new();
    for name in ["one", "two"] {
        let held = count.bomb();
        runner.add(name, move || format!("{held:?}"));
    }
    assert!(panics(|| drop(runner)));
    assert_eq!(count.get(), 2);
}

#[test]
fn a_result_that_does_not_count_may_panic() {
    for workers in WIDTHS {
        let count = Count::default();
        let mut runner = Runner::new().workers(workers).retries(1).flaky_fails(true);
        let (mut attempts, flaky) = (0, count.clone());
        runner.add("flaky", move || {
            attempts += 1;
            if attempts == 1 { Err("not yet") } else { Ok(flaky.bomb()) }
        });
        let (held, inner) = (count.bomb(), count.clone());
        runner.add("panics twice", move || {
            let _held = &held;
            inner.bomb()
        });
        let late = count.clone();
        let (over, returned) = (Gate::default(), Gate::default());
        let (ended, comes) = (over.clone(), returned.clone());
        let body = move || {
            ended.pass();
            comes.open();
            late.bomb()
        };
        runner.add("late", body).timeout(Duration::from_millis(30));
        let report = run(runner);
        over.open();
        returned.pass();
        count.reaches(4);
        wait_until_idle(&report);
        let outcome = |name: &str| report[name].outcome();
        assert_eq!((outcome("flaky"), outcome("late")), (Outcome::Failed, Outcome::TimedOut));
        let error = report["panics twice"].error();
        assert_eq!(error.as_deref(), Some("panicked: a bomb went off"));
    }
}

#[test]
fn a_late_worker_may_be_the_last_that_has_the_results() {
    for workers in WIDTHS {
        let (count, over) = (Count::default(), Gate::default());
        let mut runner = Runner::new().workers(workers);
        add_bombs(&mut runner, &count);
        let ended = over.clone();
        runner.add("hangs", move || ended.pass()).timeout(Duration::from_millis(30));
        let report = run(runner);
        assert_eq!(report["hangs"].outcome(), Outcome::TimedOut);
        drop(report);
        assert_eq!(count.get(), 0);
        over.open();
        count.reaches(2);
    }
}

#[test]
fn what_a_callback_holds_may_panic() {
    let count = Count::default();
    let [started, ended, done] = [count.bomb(), count.bomb(), count.bomb()];
    let mut runner = Runner::new()
        .on_run_start(move |_| assert!(!format!("{started:?}").is_empty()))
        .on_task_done(move |_| assert!(!format!("{ended:?}").is_empty()))
        .on_run_done(move |_| assert!(!format!("{done:?}").is_empty()));
    runner.add("passes", || 1);
    let report = run(runner);
    assert_eq!(count.get(), 3);
    assert_eq!(*report["passes"].result::<i32>().expect("it passed"), 1);
    let warnings = report.warnings();
    assert_eq!(warnings.len(), 3, "{warnings:?}");
    assert!(warnings.iter().all(|it| it.starts_with("a callback panicked: a bomb went off at ")));
}

#[test]
fn the_results_of_an_earlier_run_may_panic() {
    let (count, state) = (Count::default(), Arc::new(State::default()));
    let mut runner = Runner::new().state(Arc::clone(&state));
    add_bombs(&mut runner, &count);
    drop(run(runner));
    assert_eq!(count.get(), 0, "the state has them");
    let mut runner = Runner::new().state(state);
    runner.add("passes", || ());
    assert_eq!(run(runner).verify(), Ok(()));
    assert_eq!(count.get(), 2);
}
