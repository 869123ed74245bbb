//! Where isolated tasks run.

use std::time::Duration;
use std::{env, fs, process};

use concurra::{ExecutionMode, Outcome};

use crate::leftovers::ends;
use crate::support::{again, outcome_of, run, runner};
use crate::tasks::numbers;

scenarios! {
    tasks_run_in_other_processes,
    a_process_serves_many_tasks,
    a_process_that_was_asked_to_end_runs_nothing_more,
    a_process_that_was_given_back_does_not_end_with_its_last_task,
}

fn tasks_run_in_other_processes() {
    let mut runner = runner(&["process_number", "nothing", "here"]);
    runner.add("here", process::id).isolate(false);
    let report = run(runner);
    let there = *report["process_number"].result::<u32>().expect("it passed");
    assert_ne!(there, process::id());
    assert_eq!(*report["here"].result::<u32>().expect("it passed"), process::id());
    assert_eq!(report["nothing"].execution_mode(), Some(ExecutionMode::Process));
    assert_eq!(report["here"].execution_mode(), Some(ExecutionMode::Thread));
    assert_eq!(report.verify(), Ok(()));
    assert!(ends(there), "the process outlives the run");
}

fn a_process_serves_many_tasks() {
    let names = ["process_number", "structured", "nothing", "reads_param"];
    let report = run(runner(&names).workers(1));
    assert_eq!(report.verify(), Ok(()));
    let crashed = run(runner(&["aborts", "process_number"]).workers(1));
    assert_eq!(outcome_of(&crashed, "aborts").0, Outcome::Failed);
    assert_eq!(crashed["process_number"].outcome(), Outcome::Passed, "the slot was replaced");
}

fn a_process_that_was_asked_to_end_runs_nothing_more() {
    if env::var_os("NUMBERS").is_none() {
        return again("a_process_that_was_asked_to_end_runs_nothing_more");
    }
    // One that is asked before it listens ends at once, which proves nothing.
    for seconds in [0.2, 1.0, 5.0, 20.0] {
        let runner = runner(&["ends_when_asked", "last_number"]).workers(1).run_dependents(true);
        let report = run(runner.timeout(Duration::from_secs_f32(seconds)).grace(Duration::MAX));
        assert_eq!(outcome_of(&report, "ends_when_asked").0, Outcome::TimedOut);
        let last = report["last_number"].result::<u32>().expect("it passed").to_string();
        if let Ok(asked) = fs::read_to_string(numbers().join("asked")) {
            assert_ne!(last, asked, "the process was used again");
            return;
        }
    }
    unreachable!("the process never listens");
}

fn a_process_that_was_given_back_does_not_end_with_its_last_task() {
    if env::var_os("NUMBERS").is_none() {
        return again("a_process_that_was_given_back_does_not_end_with_its_last_task");
    }
    let names = ["slow_to_read", "until_it_is_read", "bystander"];
    let report = run(runner(&names).isolate(false).grace(Duration::from_millis(100)));
    assert_eq!(outcome_of(&report, "slow_to_read").0, Outcome::TimedOut);
    assert_eq!(outcome_of(&report, "bystander"), (Outcome::Passed, String::new()));
}
