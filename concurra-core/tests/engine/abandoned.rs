//! Abandoned bodies, and their late results.

use std::cell::RefCell;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use concurra_core::{
    Completion, Context, Home, MaxFail, Outcome, Output, Place, Registration, ResultType, Runner,
    StopReason, TaskDef, TaskOptions, inventory, is_cancelled, registered_in,
};

use crate::support::{Gate, Log, WIDTHS, run};

const SHORT: Duration = Duration::from_millis(50);

#[test]
fn a_task_that_runs_is_abandoned_at_once_and_its_late_result_thrown_away() {
    // The chain before it runs on the same worker without a pause, so it is not counted yet when
    // the stop comes: the run must not wait for the count.
    for workers in [2, 3, 8] {
        for chain in [0, 1, 5] {
            let (running, over) = (Gate::default(), Gate::default());
            let mut runner = Runner::new()
                .workers(workers)
                .max_fail(MaxFail::immediate(1))
                .grace(Duration::ZERO);
            for task in 0..chain {
                let added = runner.add(format!("before {task}"), || ());
                if task > 0 {
                    added.after([format!("before {}", task - 1)]);
                }
            }
            let (here, ended) = (running.clone(), over.clone());
            let held = Arc::new(());
            let inside = Arc::clone(&held);
            let body = move || {
                let _dropped_with_the_body = &inside;
                here.open();
                ended.pass();
                7
            };
            let added = runner.add("runs on", body);
            if chain > 0 {
                added.after([format!("before {}", chain - 1)]);
            }
            runner.add("behind", || ()).after(["runs on"]);
            runner.add("fails", move || {
                running.pass();
                Err::<(), _>("no")
            });
            let begun = Instant::now();
            let report = run(runner);
            assert!(begun.elapsed() < Duration::from_secs(8), "the run waits for the body");
            let abandoned = &report["runs on"];
            assert_eq!(abandoned.outcome(), Outcome::Cancelled);
            assert_eq!(report["behind"].outcome(), Outcome::Cancelled);
            assert_eq!(report.warnings(), ["still running after the end: runs on"]);
            let duration = abandoned.duration();
            over.open();
            while Arc::strong_count(&held) > 1 {
                std::thread::yield_now();
            }
            assert_eq!(abandoned.duration(), duration, "the late end changed the report");
            let error = abandoned.result::<i32>().unwrap_err().to_string();
            assert_eq!(error, r#"task "runs on" has no result: it ended as cancelled"#);
        }
    }
}

#[test]
fn a_run_after_one_that_gave_a_body_up_has_workers_of_its_own() {
    for workers in WIDTHS {
        let over = Gate::default();
        let ended = over.clone();
        let mut runner = Runner::new().workers(workers).grace(Duration::ZERO);
        let canceller = runner.canceller();
        runner.add("runs on", move || {
            canceller.stop(StopReason::Abort);
            ended.pass();
        });
        let report = run(runner);
        assert_eq!(report["runs on"].outcome(), Outcome::Cancelled);
        let mut runner = Runner::new().workers(workers);
        (0..20).for_each(|task| {
            runner.add(task.to_string(), || ());
        });
        assert!(run(runner).is_good());
        over.open();
    }
}

#[test]
fn every_task_has_one_finished_event_also_when_its_body_hangs() {
    for workers in [2, 3, 8] {
        let (running, over) = (Gate::default(), Gate::default());
        let (here, ended) = (running.clone(), over.clone());
        let log = Log::default();
        let told = log.clone();
        let mut runner = Runner::new()
            .workers(workers)
            .max_fail(MaxFail::immediate(1))
            .grace(Duration::ZERO)
            .on_task_done(move |done| told.add((done.task.name().to_owned(), done.end.done)));
        runner.add("before", || ());
        runner.add("with it", || ()).after(["before"]);
        runner
            .add("runs on", move || {
                here.open();
                ended.pass();
            })
            .after(["with it"]);
        runner.add("behind", || ()).after(["runs on"]);
        runner.add("fails", move || {
            running.pass();
            Err::<(), _>("no")
        });
        run(runner);
        over.open();
        let log = log.all();
        let counts: Vec<usize> = log.iter().map(|(_, done)| *done).collect();
        assert_eq!(counts, [1, 2, 3, 4, 5], "{log:?}");
    }
}

#[test]
fn a_body_can_ask_whether_it_was_abandoned() {
    for workers in WIDTHS {
        let noticed = Gate::default();
        let mut runner = Runner::new().workers(workers);
        let late = noticed.clone();
        let body = move || {
            assert!(!is_cancelled(), "it has only begun");
            while !is_cancelled() {
                std::thread::yield_now();
            }
            late.open();
        };
        runner.add("asks", body).timeout(SHORT);
        let report = run(runner);
        assert_eq!(report["asks"].outcome(), Outcome::TimedOut);
        noticed.pass();
    }
    assert!(!is_cancelled(), "no task runs here");
}

/// A result whose `Drop` panics.
struct Bomb;

impl Output for Bomb {}

impl Drop for Bomb {
    fn drop(&mut self) {
        assert!(std::thread::panicking(), "a panic during a panic");
    }
}

/// Opens a gate when its thread ends.
struct OnExit(Gate);

impl Drop for OnExit {
    fn drop(&mut self) {
        self.0.open();
    }
}

thread_local! {
    static LAST: RefCell<Option<OnExit>> = const { RefCell::new(None) };
}

#[test]
fn a_late_result_that_panics_when_it_is_dropped_does_no_harm() {
    let (over, exited) = (Gate::default(), Gate::default());
    let (ended, last) = (over.clone(), exited.clone());
    let mut runner = Runner::new().workers(1);
    let body = move || {
        LAST.set(Some(OnExit(last.clone())));
        ended.wait(2);
        Bomb
    };
    runner.add("late", body).timeout(SHORT);
    runner.add("next", || ());
    let report = run(runner);
    assert_eq!(report["late"].outcome(), Outcome::TimedOut);
    assert_eq!(report["next"].outcome(), Outcome::Passed);
    over.open();
    // A panic that left the body's loop would end the process before the thread.
    exited.pass();
}

/// What the attempts of [`asks`] say to each other.
#[derive(Clone, Default)]
struct Talk {
    attempts: Arc<AtomicU32>,
    /// The second one runs.
    second: Gate,
    /// The first one has asked while the second runs.
    asked: Gate,
    /// The run is over.
    over: Gate,
    said: Log<(u32, bool)>,
}

static TALK: Mutex<Option<Talk>> = Mutex::new(None);

/// Asks whether it was abandoned: its first attempt while the second one runs, and the second one
/// before and after.
fn asks(_: &Context<'_>) -> Completion {
    let talk = TALK.lock().expect("no panic under the lock").clone().expect("the test is there");
    let attempt = talk.attempts.fetch_add(1, Ordering::SeqCst) + 1;
    let ask = || talk.said.add((attempt, is_cancelled()));
    if attempt == 1 {
        talk.second.pass();
        ask();
        talk.asked.open();
        talk.over.pass();
    } else {
        ask();
        talk.second.open();
        talk.asked.pass();
        ask();
    }
    Ok(None)
}

inventory::submit! {
    Registration::Task(|| const {
        &TaskDef {
            name: "asks",
            module: module_path!(),
            target: None,
            place: Place { file: file!(), line: line!(), column: 1 },
            after: &[],
            tags: &[],
            ignore: None,
            options: TaskOptions::NONE,
            body: asks,
            result: ResultType::of::<()>,
        }
    })
}

#[test]
fn a_body_that_was_abandoned_stays_so_while_its_task_is_tried_again() {
    for workers in WIDTHS {
        let talk = Talk::default();
        *TALK.lock().expect("no panic under the lock") = Some(talk.clone());
        let runner = registered_in(Home::of_module(module_path!(), None))
            .workers(workers)
            .retry_timeouts(true)
            .retries(1);
        let report = run(runner.timeout(SHORT * 6));
        assert_eq!(report["asks"].outcome(), Outcome::Passed);
        assert_eq!(report["asks"].attempts(), 2);
        assert_eq!(talk.said.all(), [(2, false), (1, true), (2, false)]);
        assert_eq!(report.warnings(), ["still running after the end: abandoned::asks"]);
        talk.over.open();
    }
}
