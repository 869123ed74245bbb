//! Callbacks: in order, complete, never on a worker.

use std::collections::BTreeMap;
use std::sync::mpsc::channel;
use std::thread;
use std::time::{Duration, Instant};

use concurra_core::{Outcome, Runner, StopReason, is_cancelled};

use crate::support::{Gate, Log, Random, WIDTHS, names, run, watched};

#[test]
fn callbacks_get_every_task_in_order_on_the_calling_thread() {
    for workers in WIDTHS {
        let log: Log<(String, String)> = Log::default();
        let caller = Log::default();
        let note = |what: &'static str| {
            let (log, caller) = (log.clone(), caller.clone());
            move |task: &str, detail: String| {
                caller.add(thread::current().id());
                log.add((task.to_owned(), format!("{what}{detail}")));
            }
        };
        let [begin, ready, run, done, end] =
            ["begin", "start", "run", "done", "end"].map(|what| note(what));
        let mut runner = Runner::new()
            .workers(workers)
            .on_run_start(move |start| {
                begin("", format!(" {} {}", start.workers, start.plan.tasks().len()));
            })
            .on_task_start(move |task| ready(task.name(), String::new()))
            .on_task_run(move |task, worker| {
                assert!(worker < workers);
                run(task.name(), String::new());
            })
            .on_task_done(move |task| {
                done(
                    task.task.name(),
                    format!(" {} {}/{}", task.end.outcome, task.end.done, task.total),
                );
            })
            .on_run_done(move |report| end("", format!(" {}", report.counts())));
        let needs = Random::new(11).needs(200, 3);
        for (task, row) in needs.iter().enumerate() {
            runner.add(task.to_string(), || ()).after(names(row));
        }
        let threads = watched(move || {
            runner.run().expect("a plan");
            thread::current().id()
        });
        assert!(caller.all().iter().all(|at| *at == threads), "a callback ran on a worker");
        check(&log.all(), &needs, workers);
    }
}

/// Each task: start after all it waits for are done, then run, then done, which counts up.
fn check(log: &[(String, String)], needs: &[Vec<usize>], workers: usize) {
    let tasks = needs.len();
    assert_eq!(log.first(), Some(&(String::new(), format!("begin {workers} {tasks}"))));
    assert_eq!(log.last(), Some(&(String::new(), format!("end {tasks} passed"))));
    let mut seen: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut done = 0;
    for (task, what) in &log[1..log.len() - 1] {
        if what == "start" {
            for need in &needs[task.parse::<usize>().expect("a number")] {
                let need = seen.get(need.to_string().as_str()).map_or(0, Vec::len);
                assert_eq!(need, 3, "{task} was told too early");
            }
        }
        if what.starts_with("done") {
            done += 1;
            assert_eq!(*what, format!("done passed {done}/{tasks}"));
        }
        seen.entry(task).or_default().push(what);
    }
    assert_eq!(done, tasks);
    for told in seen.values() {
        assert_eq!(told[..2], ["start", "run"]);
        assert_eq!(told.len(), 3);
    }
}

#[test]
fn tasks_do_not_wait_for_callbacks() {
    for workers in WIDTHS {
        let (passed, all_ran) = channel();
        let mut runner = Runner::new().workers(workers).on_task_start({
            let mut first = true;
            move |_| {
                if std::mem::take(&mut first) {
                    let patience = Duration::from_secs(10);
                    all_ran.recv_timeout(patience).expect("the tasks wait for the callback");
                }
            }
        });
        // The conductor tells of what is ready at the start before it lets anything run; so this
        // holds only the telling of what comes later.
        runner.add("first", || ());
        for task in 0..20 {
            runner.add(task.to_string(), || ()).after(["first"]);
        }
        let all = (0..20).map(|task| task.to_string());
        runner.add("last", move || passed.send(()).expect("the callback listens")).after(all);
        let report = watched(|| runner.run()).expect("a plan");
        assert_eq!(report.verify(), Ok(()), "{workers} workers: {:?}", report.warnings());
        assert!(report.warnings().is_empty(), "{:?}", report.warnings());
    }
}

#[test]
fn events_wait_for_others_but_not_for_long() {
    for workers in WIDTHS {
        let (passed, seen) = channel();
        let runner = Runner::new().workers(workers);
        // Observers get nothing after the end of a run, so the last task waits for their events.
        let mut runner = runner.on_task_done(move |_| _ = passed.send(Instant::now()));
        let ended: Log<Instant> = Log::default();
        for task in 0..100_usize {
            let ended = ended.clone();
            let work = move || {
                thread::park_timeout(Duration::from_millis(1));
                ended.add(Instant::now());
            };
            runner.add(task.to_string(), work).after(task.checked_sub(1).map(|it| it.to_string()));
        }
        let late: Log<Duration> = Log::default();
        let all_late = late.clone();
        let last = move || {
            for ended in ended.all() {
                let seen = seen.recv_timeout(Duration::from_secs(10)).expect("an event");
                late.add(seen.saturating_duration_since(ended));
            }
        };
        runner.add("last", last).after(["99"]);
        assert!(watched(|| runner.run()).expect("a plan").is_good());
        let mut late = all_late.all();
        late.sort_unstable();
        // A busy machine delays a few of them.
        assert!(late[50] <= Duration::from_millis(50), "{late:?}");
    }
}

#[test]
fn a_panicking_callback_is_a_warning() {
    for workers in WIDTHS {
        let mut runner = Runner::new()
            .workers(workers)
            .on_run_start(|_| panic!("at the start"))
            .on_task_start(|task| panic!("start of {}", task.name()))
            .on_task_run(|task, _| panic!("run of {}", task.name()))
            .on_task_done(|done| panic!("end of {}", done.task.name()))
            .on_run_done(|_| panic!("at the end"));
        runner.add("a", || 1);
        runner.add("b", || 2).after(["a"]);
        let report = watched(|| runner.run()).expect("a plan");
        assert!(report.is_good());
        let warnings = report.warnings().join("\n");
        for text in ["at the start", "start of a", "run of a", "end of a", "end of b", "at the end"]
        {
            let told = format!("a callback panicked: {text} at {}:", file!());
            assert!(warnings.contains(&told), "{text} in {warnings}");
        }
    }
}

#[test]
fn a_callback_that_always_panics_is_one_warning() {
    let mut runner = Runner::new().on_task_done(|_| panic!("each time"));
    runner.add_all((0..100).map(|task| (task.to_string(), || ())));
    let report = watched(|| runner.run()).expect("a plan");
    let [warning] = &report.warnings()[..] else { panic!("{:?}", report.warnings()) };
    assert!(warning.contains("each time") && warning.ends_with("(100 times)"), "{warning}");
}

#[test]
fn a_task_that_never_runs_has_only_a_finished_event() {
    for workers in WIDTHS {
        let log = Log::default();
        let [start, run, done] = [log.clone(), log.clone(), log.clone()];
        let mut runner = Runner::new()
            .workers(workers)
            .on_task_start(move |task| start.add(format!("start {}", task.name())))
            .on_task_run(move |task, _| run.add(format!("run {}", task.name())))
            .on_task_done(move |task| {
                let cause = task.end.cause.clone().unwrap_or_default();
                done.add(format!("{} {} {cause}", task.end.outcome, task.task.name()));
            });
        runner.add("a", || Err::<(), _>("no"));
        runner.add("b", || ()).after(["a"]);
        runner.add("c", || ()).after(["b"]);
        watched(|| runner.run()).expect("a plan");
        let told = ["start a", "run a", "failed a ", "skipped b a failed", "skipped c a failed"];
        assert_eq!(log.all(), told);
    }
}

#[test]
fn no_event_of_a_task_follows_its_end() {
    // The running task ends after the stop has cancelled what waits for it.
    for workers in WIDTHS {
        for _ in 0..20 {
            let log = Log::default();
            let [start, run, done] = [log.clone(), log.clone(), log.clone()];
            let cancelled = Gate::default();
            let heard = cancelled.clone();
            let mut runner = Runner::new()
                .workers(workers)
                .on_task_start(move |task| start.add((task.name().to_owned(), "start")))
                .on_task_run(move |task, _| run.add((task.name().to_owned(), "run")))
                .on_task_done(move |task| {
                    done.add((task.task.name().to_owned(), "done"));
                    if task.end.outcome == Outcome::Cancelled {
                        heard.open();
                    }
                });
            let canceller = runner.canceller();
            runner.add("stops", move || {
                canceller.stop(StopReason::Interrupt);
                cancelled.pass();
            });
            for task in 0..10 {
                runner.add(format!("behind {task}"), || ()).after(["stops"]);
                runner.add(format!("beside {task}"), || ());
            }
            let report = watched(|| runner.run()).expect("a plan");
            let log = log.all();
            for task in report.tasks() {
                let told: Vec<_> = log
                    .iter()
                    .filter(|(name, _)| name == task.name())
                    .map(|(_, what)| *what)
                    .collect();
                let all = ["start", "run", "done"];
                let fits = told == all || told == ["start", "done"] || told == ["done"];
                assert!(fits, "{}: {told:?}", task.name());
            }
        }
    }
}

/// A callback that waits for the gate.
fn blocked_until(gate: &Gate) -> Runner {
    let gate = gate.clone();
    Runner::new().on_task_run(move |task, _| {
        if task.name() == "hangs" {
            gate.pass();
        }
    })
}

#[test]
fn a_callback_that_blocks_delays_no_timeout() {
    for workers in WIDTHS {
        let (gate, end) = (Gate::default(), Gate::default());
        let (next, hung) = (gate.clone(), end.clone());
        let mut runner = blocked_until(&gate).workers(workers);
        runner.add("hangs", move || hung.pass()).timeout(Duration::from_millis(1));
        // Only a timeout in time lets it begin on one worker, and only then the callback returns.
        runner.add("next", move || next.open()).always().after(["hangs"]);
        let report = watched(|| runner.run()).expect("a plan");
        assert_eq!(report["hangs"].outcome(), Outcome::TimedOut);
        assert_eq!(report["next"].outcome(), Outcome::Passed);
        end.open();
    }
}

#[test]
fn a_callback_that_blocks_delays_no_stop() {
    for workers in WIDTHS {
        for reason in [StopReason::Interrupt, StopReason::Abort] {
            let gate = Gate::default();
            let next = gate.clone();
            let mut runner = blocked_until(&gate).workers(workers);
            let canceller = runner.canceller();
            runner.add("hangs", move || {
                canceller.stop(reason);
                while !is_cancelled() {
                    thread::yield_now();
                }
                next.open();
            });
            assert!(!watched(|| runner.run()).expect("a plan").is_good());
        }
    }
}

#[test]
fn a_later_callback_replaces_an_earlier_one_of_its_kind() {
    let log = Log::default();
    let (first, second, start) = (log.clone(), log.clone(), log.clone());
    let mut runner = Runner::new()
        .on_task_done(move |_| first.add("first"))
        .on_task_start(move |_| start.add("start"))
        .on_task_done(move |_| second.add("second"));
    runner.add("a", || ());
    run(runner);
    assert_eq!(log.all(), ["start", "second"]);
}
