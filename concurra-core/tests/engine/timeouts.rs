//! Attempts, and runs, that take longer than they may.

use std::thread;
use std::time::{Duration, Instant};

use concurra_core::{Event, Outcome, Plan, Runner, StopReason};

use crate::support::{Gate, Log, WIDTHS, run};

const HOUR: Duration = Duration::from_secs(3600);
const SHORT: Duration = Duration::from_millis(50);

/// A body that never ends while the test runs.
fn hangs() {
    thread::sleep(HOUR);
}

#[test]
fn a_task_that_hangs_delays_no_other() {
    for workers in WIDTHS {
        let mut runner = Runner::new().workers(workers);
        for task in 0..workers {
            runner.add(format!("hangs {task}"), hangs).timeout(SHORT).retries(3);
        }
        let others = Log::default();
        for task in 0..20 {
            let others = others.clone();
            runner.add(format!("other {task}"), move || others.add(task));
        }
        runner.add("below", || ()).after(["hangs 0"]);
        let begun = Instant::now();
        let report = run(runner);
        assert!(begun.elapsed() < Duration::from_secs(20), "it waited for a body that hangs");
        for task in 0..workers {
            let hung = &report[format!("hangs {task}").as_str()];
            assert_eq!((hung.outcome(), hung.attempts()), (Outcome::TimedOut, 1));
            assert_eq!(
                hung.failure().expect("a reason").to_string(),
                "ran longer than its timeout of 50ms"
            );
            let duration = hung.duration().expect("it ran");
            assert!(duration >= SHORT && duration < Duration::from_secs(10), "{duration:?}");
        }
        assert_eq!(others.all().len(), 20);
        assert_eq!(report["below"].cause().as_deref(), Some("hangs 0 timed out"));
        let warnings = report.warnings();
        assert!(warnings[0].starts_with("still running after the end: hangs 0"), "{warnings:?}");
    }
}

#[test]
fn a_worker_whose_task_hangs_goes_on_soon_after_its_timeout() {
    let limit = Duration::from_millis(200);
    let over = Gate::default();
    let ended = over.clone();
    let mut runner = Runner::new().workers(1);
    let body = move || {
        ended.wait(2);
    };
    runner.add("hangs", body).timeout(limit);
    runner.add("next", || ());
    let report = run(runner);
    let next = report["next"].end().started.expect("it ran");
    // How soon depends on the machine; the body that hangs would take much longer.
    assert!((limit..limit * 10).contains(&next), "{next:?}");
    assert_eq!(report["hangs"].outcome(), Outcome::TimedOut);
    assert_eq!(report.warnings(), ["still running after the end: hangs"]);
    over.open();
}

#[test]
fn a_timeout_holds_for_each_attempt_and_not_for_the_run() {
    // Each takes a part of the limit, all together more than it.
    let (limit, part) = (Duration::from_secs(3), Duration::from_millis(700));
    let mut runner = Runner::new().workers(2).timeout(limit);
    for task in 0..5 {
        let added = runner.add(task.to_string(), move || thread::sleep(part));
        if task > 0 {
            added.after([(task - 1).to_string()]);
        }
    }
    let mut made = 0;
    let again = move || {
        made += 1;
        thread::sleep(part);
        if made < 5 { Err("not yet") } else { Ok(()) }
    };
    runner.add("again", again).retries(4);
    let report = run(runner);
    assert_eq!(report.verify(), Ok(()));
    assert!(report.duration() > limit);
}

#[test]
fn a_closure_that_hangs_is_not_tried_again() {
    for workers in WIDTHS {
        let mut runner = Runner::new().workers(workers).retry_timeouts(true);
        runner.add("hangs", hangs).timeout(SHORT).retries(2);
        let report = run(runner);
        // It is still in use by the attempt that hangs.
        assert_eq!(report["hangs"].outcome(), Outcome::TimedOut);
        assert_eq!(report["hangs"].attempts(), 1);
    }
}

#[test]
fn the_run_itself_may_have_a_limit() {
    for workers in WIDTHS {
        let mut runner = Runner::new().workers(workers).run_timeout(SHORT);
        runner.add("hangs", hangs);
        runner.add("below", || ()).after(["hangs"]);
        runner.add("cleans up", || ()).after(["hangs"]).always();
        let report = run(runner.grace(Duration::from_millis(500)));
        assert_eq!(report["hangs"].outcome(), Outcome::Cancelled);
        let cause = report["below"].cause();
        assert_eq!(cause.as_deref(), Some("stopped as the run took too long"));
        assert_eq!(report["cleans up"].outcome(), Outcome::Passed);
        assert!(!report.is_good());
    }
}

#[test]
fn processes_that_end_late_take_nothing_of_the_time_to_clean_up() {
    for workers in WIDTHS {
        let mut runner = Runner::new().workers(workers).run_timeout(SHORT).grace(SHORT);
        // It ends when it is killed, after the whole grace.
        runner.shell("serves", "trap '' TERM; while :; do sleep 0.01; done");
        runner.add("cleans up", || ()).after(["serves"]).always();
        let report = run(runner);
        assert_eq!(report["serves"].outcome(), Outcome::Cancelled);
        assert_eq!(report["cleans up"].outcome(), Outcome::Passed);
    }
}

#[test]
fn what_runs_always_has_one_grace_after_the_limit() {
    for workers in WIDTHS {
        let (begun, stuck) = (Gate::default(), Gate::default());
        let (begins, waits) = (begun.clone(), stuck.clone());
        let mut runner = Runner::new().workers(workers).run_timeout(SHORT).grace(SHORT);
        runner.add("stuck", move || (begins.open(), waits.pass())).always();
        runner.add("late", move || begun.pass());
        runner.add("after", || ()).after(["stuck"]).always();
        let report = run(runner);
        stuck.open();
        assert_eq!(report["stuck"].outcome(), Outcome::Cancelled);
        assert_eq!(report["after"].outcome(), Outcome::Cancelled);
        assert!(report.duration() >= SHORT * 2, "{:?}", report.duration());
    }
}

#[test]
fn the_grace_begins_when_the_last_cancelled_process_has_ended() {
    const GRACE: Duration = Duration::from_secs(2);
    let stuck = Gate::default();
    let waits = stuck.clone();
    let mut runner = Runner::new().workers(2).run_timeout(SHORT * 4).grace(GRACE);
    // It ends when it is asked to, long before it would be killed.
    runner.shell("serves", "exec sleep 1000");
    runner.add("stuck", move || waits.pass()).always();
    let report = run(runner);
    stuck.open();
    assert_eq!(report["serves"].outcome(), Outcome::Cancelled);
    assert_eq!(report["stuck"].outcome(), Outcome::Cancelled);
    assert!(report.duration() < GRACE * 2, "{:?}", report.duration());
}

#[test]
fn the_shortest_period_for_slow_tasks_delays_neither_a_stop_nor_the_end() {
    for workers in WIDTHS {
        let seen = Gate::default();
        let opens = seen.clone();
        let observer = move |_: &Plan, event: &Event| {
            if matches!(event, Event::Slow { .. }) {
                opens.open();
            }
        };
        let mut runner = Runner::new().workers(workers).slow(Duration::from_nanos(1));
        runner = runner.observe(Box::new(observer));
        let canceller = runner.canceller();
        runner.add("slow", move || seen.pass());
        runner.add("stops", move || canceller.stop(StopReason::Interrupt)).after(["slow"]);
        runner.add("behind", || ()).after(["stops"]);
        let report = run(runner);
        assert_eq!(report["stops"].outcome(), Outcome::Passed);
        assert_eq!(report["behind"].outcome(), Outcome::Cancelled);
    }
}
