//! Tasks that run in a worker process, and tasks that cannot.

use std::error::Error;
use std::process::{self, ExitCode};

use concurra::{CommandOutput, ExecutionMode, Outcome, Runner, State, task};
use serde_json::Value;

use crate::support::{outcome_of, run, runner};
use crate::types::Opaque;

scenarios! {
    closures_fail_or_fall_back,
    a_result_that_cannot_cross_may_fall_back_too,
    commands_stay_commands,
    a_run_inside_an_isolated_task_has_threads,
    tasks_of_all_kinds_in_one_plan,
    only_the_expected_panic_passes,
    exit_codes_cross_over,
}

#[task]
#[should_panic(expected = "disk full")]
fn panics_as_expected() {
    panic!("disk full");
}

#[task]
#[should_panic(expected = "disk full")]
fn panics_otherwise() {
    panic!("network down");
}

#[task]
#[should_panic]
fn aborts_instead() {
    process::abort();
}

#[task(timeout = "50ms")]
#[should_panic]
fn hangs_instead() {
    loop {
        std::thread::park();
    }
}

fn only_the_expected_panic_passes() {
    let names = ["panics_as_expected", "panics_otherwise", "aborts_instead", "hangs_instead"];
    let whole = names.map(|name| format!("kinds::{name}"));
    let report = run(runner(&whole.each_ref().map(String::as_str)));
    assert_eq!(outcome_of(&report, names[0]), (Outcome::Passed, String::new()));
    let (outcome, message) = outcome_of(&report, names[1]);
    let expected = "panicked without the expected text \"disk full\": network down";
    assert_eq!((outcome, message.as_str()), (Outcome::Failed, expected));
    let (outcome, message) = outcome_of(&report, names[2]);
    assert_eq!((outcome, message.as_str()), (Outcome::Failed, "its process was killed by SIGABRT"));
    assert_eq!(outcome_of(&report, names[3]).0, Outcome::TimedOut);
    let modes = names.map(|name| report[name].execution_mode());
    assert_eq!(modes, [Some(ExecutionMode::Process); 4]);
}

fn closures_fail_or_fall_back() {
    let plan = |fall_back| {
        let mut runner = Runner::new().isolate(true).fallback_to_thread(fall_back).retries(2);
        runner.add("closure", process::id);
        runner.add("opaque", || -> Result<Box<Opaque>, String> { Ok(Box::new(Opaque)) });
        runner.add("in a thread", || ()).isolate(false);
        run(runner)
    };
    let report = plan(false);
    for name in ["closure", "opaque"] {
        let (outcome, message) = outcome_of(&report, name);
        assert_eq!((outcome, report[name].attempts()), (Outcome::Failed, 0));
        assert_eq!(report[name].execution_mode(), None, "it never started");
        assert_eq!((report[name].end().worker, report[name].duration()), (None, None));
        let warning = report[name].warning();
        assert_eq!(warning.as_deref(), Some("it did not run, as `fallback_to_thread` is not set"));
        assert!(message.starts_with("a closure cannot run in a worker process"), "{message}");
    }
    assert_eq!(report["in a thread"].outcome(), Outcome::Passed);
    let report = plan(true);
    assert_eq!(report.verify(), Ok(()));
    assert_eq!(*report["closure"].result::<u32>().expect("it passed"), process::id());
    assert_eq!(report["closure"].execution_mode(), Some(ExecutionMode::ThreadFallback));
    let warning = report["closure"].warning().expect("it fell back");
    assert!(warning.starts_with("it ran in a thread: a closure cannot run"), "{warning}");
}

fn a_result_that_cannot_cross_may_fall_back_too() {
    let report = run(runner(&["opaque", "nothing"]).fallback_to_thread(true));
    assert_eq!(report.verify(), Ok(()));
    assert!(report["opaque"].result::<Opaque>().is_ok());
    assert_eq!(report["opaque"].execution_mode(), Some(ExecutionMode::ThreadFallback));
    assert!(report["opaque"].warning().is_some_and(|warning| warning.contains("an Opaque")));
    assert_eq!(report["nothing"].execution_mode(), Some(ExecutionMode::Process));
}

#[task]
fn succeeds() -> ExitCode {
    ExitCode::SUCCESS
}

#[task]
fn returns_a_code() -> Result<ExitCode, String> {
    Ok(ExitCode::from(4))
}

fn exit_codes_cross_over() {
    let report = run(runner(&["kinds::succeeds", "kinds::returns_a_code"]));
    assert_eq!(outcome_of(&report, "succeeds"), (Outcome::Passed, String::new()));
    let failed = (Outcome::Failed, "returned exit code 4".to_owned());
    assert_eq!(outcome_of(&report, "returns_a_code"), failed);
}

fn commands_stay_commands() {
    let mut runner = Runner::new().isolate(true);
    runner.command("echo", ["echo", "hello"]);
    let report = run(runner);
    assert_eq!(report.verify(), Ok(()));
    assert_eq!(report["echo"].execution_mode(), Some(ExecutionMode::Subprocess));
}

/// The failure or the warning of an isolated task in a run inside another isolated task.
#[task]
fn runs_inside(state: &State) -> String {
    let fall_back = state.param("fall_back").is_some();
    let report = run(runner(&["nothing"]).fallback_to_thread(fall_back));
    let failure = report["nothing"].failure().map(|failure| failure.to_string());
    failure.or_else(|| report["nothing"].warning()).unwrap_or_default()
}

fn a_run_inside_an_isolated_task_has_threads() {
    let why = "an isolated task cannot start worker processes";
    let way_out = "; let the tasks of its run run in threads (`.isolate(false)`)";
    let fall_back = [("fall_back".to_owned(), String::new())];
    for (params, expected) in
        [(None, format!("{why}{way_out}")), (Some(fall_back), format!("it ran in a thread: {why}"))]
    {
        let state = State::with_params(params.into_iter().flatten().collect());
        let report = run(runner(&["kinds::runs_inside"]).state(state));
        assert_eq!(*report["runs_inside"].result::<String>().expect("it passed"), expected);
    }
}

fn tasks_of_all_kinds_in_one_plan() {
    for (isolate, mode) in [(false, ExecutionMode::Thread), (true, ExecutionMode::Process)] {
        for workers in [1, 2, 8] {
            let chosen = ["closure", "structured", "command", "line", "all"];
            let mut runner = runner(&chosen).workers(workers).isolate(isolate);
            runner.add("closure", || 4).isolate(false);
            runner.command("command", ["echo", "2"]).after(["tasks::structured", "closure"]);
            runner.shell("line", "echo 3 | cat").after(["command"]);
            let all = |state: &State| -> Result<String, Box<dyn Error + Send + Sync>> {
                let closure = state.result::<i32>("closure")?;
                let rows = state.result::<Value>("structured")?;
                let line = state.result::<CommandOutput>("line")?;
                Ok(format!("{closure} {} {}", rows["rows"], line.stdout.as_str()))
            };
            runner.add_with_state("all", all).after(["line"]).isolate(false);
            let report = run(runner);
            assert_eq!(report.verify(), Ok(()));
            assert_eq!(*report["all"].result::<String>().expect("it passed"), "4 [1,2,3] 3\n");
            let modes = chosen.map(|name| report[name].execution_mode().expect("it ran"));
            let (thread, subprocess) = (ExecutionMode::Thread, ExecutionMode::Subprocess);
            assert_eq!(modes, [thread, mode, subprocess, subprocess, thread]);
        }
    }
}
