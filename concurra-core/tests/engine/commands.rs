//! Commands among the tasks of a run.

use std::fs;
use std::time::Duration;

use concurra_core::{
    CommandOutput, ExecutionMode, MaxFail, Outcome, Report, Runner, State, StopReason,
};

use crate::leftovers::{PATIENCE, ends, number};
use crate::support::{Gate, Scratch, WIDTHS, run, watched};

const SHORT: Duration = Duration::from_millis(200);

/// Runs a runner whose command times out, with longer and longer timeouts until the command has begun in
/// time, as a shell may start late on a busy machine.
fn timed_out_once(begun: impl Fn(&Report) -> bool, runner: impl Fn(Duration) -> Runner) -> Report {
    let mut timeout = SHORT;
    loop {
        let report = run(runner(timeout));
        if begun(&report) {
            return report;
        }
        timeout *= 2;
        assert!(timeout < PATIENCE, "the command has not begun");
    }
}

#[test]
fn commands_have_results_for_every_outcome() {
    for workers in WIDTHS {
        let mut runner = Runner::new().workers(workers);
        runner.command("hello", ["echo", "hello"]);
        runner.shell("pipe", r"printf 'b\na\n' | sort");
        runner.shell("fails", "echo out; echo err >&2; exit 3");
        runner.shell("unchecked", "exit 3").check(false);
        runner.shell("bytes", r"printf '\377'").text(false);
        let reads = |state: &State| {
            let hello =
                state.result::<CommandOutput>("hello").map_err(|error| error.to_string())?;
            Ok::<_, String>(hello.stdout.as_str().into_owned())
        };
        runner.add_with_state("reads", reads).after(["hello"]);
        let report = run(runner);
        assert_eq!(report["hello"].outcome(), Outcome::Passed);
        assert_eq!(report["hello"].execution_mode(), Some(ExecutionMode::Subprocess));
        assert_eq!(*report["reads"].result::<String>().expect("passed"), "hello\n");
        let sorted = report["pipe"].result::<CommandOutput>().expect("passed");
        assert_eq!(sorted.stdout.as_str(), "a\nb\n");
        assert_eq!(report["fails"].outcome(), Outcome::Failed);
        let failed = report["fails"].result::<CommandOutput>().expect("also when it failed");
        assert_eq!(failed.returncode, Some(3));
        assert_eq!(
            (failed.stdout.as_str(), failed.stderr.as_str()),
            ("out\n".into(), "err\n".into())
        );
        let said = report["fails"].failure().expect("failed").to_string();
        assert!(said.contains("exited with 3") && said.contains("err"), "{said}");
        assert_eq!(report["unchecked"].outcome(), Outcome::Passed);
        let unchecked = report["unchecked"].result::<CommandOutput>().expect("passed");
        assert_eq!(unchecked.returncode, Some(3));
        let bytes = report["bytes"].result::<CommandOutput>().expect("passed");
        assert_eq!(bytes.stdout.as_bytes(), [0xff]);
    }
}

#[test]
fn large_output_on_both_pipes_is_complete() {
    const SIZE: usize = 100_000_000;
    let yes = format!("yes | head -c {SIZE}");
    let mut runner = Runner::new().workers(1);
    runner.shell("much", format!("{yes} & {yes} >&2; wait")).text(false).capture_limit(0);
    let report = run(runner);
    let output = report["much"].result::<CommandOutput>().expect("passed");
    for stream in [&output.stdout, &output.stderr] {
        let bytes = stream.as_bytes();
        assert_eq!(bytes.len(), SIZE);
        let page = b"y\n".repeat(10_000);
        assert!(bytes.chunks(page.len()).all(|chunk| *chunk == page[..chunk.len()]));
    }
}

#[test]
fn a_command_that_fails_is_tried_again() {
    let marks = Scratch::new("marks");
    let line = format!("echo mark >> {0}; test $(wc -l < {0}) -ge 3", marks.display());
    let mut runner = Runner::new();
    runner.shell("third time", line).retries(4);
    let report = run(runner);
    assert_eq!(report["third time"].outcome(), Outcome::Passed);
    assert_eq!(report["third time"].attempts(), 3);
}

#[test]
fn a_command_that_cannot_start_has_a_reason() {
    let mut runner = Runner::new();
    runner.command("empty", [""; 0]);
    runner.command("missing", ["no-such-program-here"]);
    runner.command("nul", ["echo", "a\0b"]);
    runner.shell("nowhere", "true").current_dir("/no/such/folder");
    runner.add("other", || ());
    let report = run(runner);
    let said = |name: &str| report[name].failure().expect(name).to_string();
    assert!(said("empty").contains("empty"), "{}", said("empty"));
    assert!(said("missing").contains("no-such-program-here"), "{}", said("missing"));
    assert!(said("nul").contains("NUL"), "{}", said("nul"));
    assert!(said("nowhere").contains("/no/such/folder"), "{}", said("nowhere"));
    assert_eq!(report["other"].outcome(), Outcome::Passed);
}

#[test]
fn an_impossible_command_is_not_retried() {
    let mut runner = Runner::new().retries(3);
    runner.shell("empty", "  ");
    runner.command("nul", ["a\0b"]);
    runner.command("missing", ["./there/is/none"]);
    let report = run(runner);
    let attempts = |name: &str| (report[name].outcome(), report[name].attempts());
    assert_eq!(attempts("empty"), (Outcome::Failed, 1));
    assert_eq!(attempts("nul"), (Outcome::Failed, 1));
    // A retry may find the command installed.
    assert_eq!(attempts("missing"), (Outcome::Failed, 4));
}

#[test]
fn options_of_commands_are_refused_elsewhere() {
    let mut runner = Runner::new();
    runner.add("closure", || ()).current_dir("/").env("K", "V");
    let error = runner.run().expect_err("no command").to_string();
    assert!(
        error.contains("`closure` is not a command, so `current_dir` has no effect"),
        "{error}"
    );
    assert!(error.contains("`env`"), "{error}");
}

#[test]
fn a_timeout_ends_a_command_with_all_that_it_started() {
    for workers in WIDTHS {
        let (child, grandchild) = (Scratch::new("child"), Scratch::new("grandchild"));
        // The grandchild holds the pipe and ignores SIGTERM, and its parent ends before it.
        let line = format!(
            "(trap '' TERM; echo $$ > {}; exec sleep 1000) & echo $! > {}; wait",
            child.display(),
            grandchild.display(),
        );
        let begun =
            |_: &Report| fs::read_to_string(&*grandchild).is_ok_and(|text| !text.is_empty());
        let report = timed_out_once(begun, |timeout| {
            let mut runner = Runner::new().workers(workers).grace(SHORT);
            runner.shell("hangs", &line).timeout(timeout).retries(2);
            runner.add("below", || ()).after(["hangs"]);
            runner
        });
        let hung = &report["hangs"];
        assert_eq!((hung.outcome(), hung.attempts()), (Outcome::TimedOut, 1));
        assert_eq!(report["below"].cause().as_deref(), Some("hangs timed out"));
        assert!(ends(number(&grandchild)), "the grandchild lives on");
        assert!(report.warnings().is_empty(), "{:?}", report.warnings());
    }
}

#[test]
fn a_timeout_asks_before_it_kills() {
    let line = "trap 'echo bye; exit 7' TERM; echo ready; while :; do sleep 0.01; done";
    let left = |report: &Report| {
        let left = report["polite"].result::<CommandOutput>().ok()?;
        Some(left.stdout.as_str().into_owned())
    };
    let begun = |report: &Report| left(report).is_some_and(|stdout| stdout.starts_with("ready"));
    let report = timed_out_once(begun, |timeout| {
        let mut runner = Runner::new();
        runner.shell("polite", line).timeout(timeout);
        runner
    });
    assert_eq!(report["polite"].outcome(), Outcome::TimedOut);
    assert_eq!(left(&report).as_deref(), Some("ready\nbye\n"));
}

#[test]
fn a_timed_out_command_may_be_tried_again() {
    let mark = Scratch::new("again");
    let line = format!("test -e {0} && exit 0; touch {0}; sleep 1000", mark.display());
    let mut runner = Runner::new().retry_timeouts(true);
    // On a busy machine the first attempts may time out before they leave the mark.
    runner.shell("second time", line).timeout(SHORT * 5).retries(20);
    let report = run(runner);
    assert_eq!(report["second time"].outcome(), Outcome::Passed);
    assert!(report["second time"].attempts() >= 2);
}

#[test]
fn an_immediate_stop_at_a_failure_ends_commands_that_run() {
    for workers in [2, 8] {
        let pid = Scratch::new("fail-fast");
        let mut runner = Runner::new().workers(workers).max_fail(MaxFail::immediate(1));
        runner.shell("runs", format!("echo $$ > {}; exec sleep 1000", pid.display()));
        let path = pid.to_path_buf();
        runner.add("fails", move || {
            number(&path);
            Err::<(), _>("no")
        });
        let report = run(runner);
        assert_eq!(report["runs"].outcome(), Outcome::Cancelled);
        assert_eq!(report["runs"].cause().as_deref(), Some("stopped after fails failed"));
        assert!(ends(number(&pid)), "the command lives on");
    }
}

#[test]
fn a_stop_asks_commands_to_end_and_kills_the_rest() {
    for workers in [2, 8] {
        let (polite, stubborn) = (Scratch::new("polite"), Scratch::new("stubborn"));
        let mut runner = Runner::new().workers(workers).grace(SHORT);
        runner.shell("polite", format!("echo $$ > {}; exec sleep 1000", polite.display()));
        let line =
            format!("trap '' TERM; echo $$ > {}; while :; do sleep 1; done", stubborn.display());
        runner.shell("stubborn", line);
        runner.add("behind", || ()).after(["polite"]);
        runner.add("cleans up", || ()).after(["polite", "stubborn"]).always();
        let run = runner.start().expect("a plan");
        let numbers = [number(&polite), number(&stubborn)];
        run.canceller().cancel(StopReason::Interrupt);
        let report = watched(|| run.wait());
        for name in ["polite", "stubborn", "behind"] {
            assert_eq!(report[name].outcome(), Outcome::Cancelled, "{name}");
            assert_eq!(report[name].cause().as_deref(), Some("interrupted"), "{name}");
        }
        assert_eq!(report["cleans up"].outcome(), Outcome::Passed);
        assert!(numbers.into_iter().all(ends), "a command lives on");
    }
}

#[test]
fn commands_never_outnumber_the_workers() {
    for workers in [1, 2] {
        let folder = Scratch::new("slots");
        fs::create_dir_all(&*folder).expect("a folder");
        let mut runner = Runner::new().workers(workers);
        for task in 0..12 {
            let line =
                format!("mkdir {0}/{task} && ls {0} | wc -l; rmdir {0}/{task}", folder.display());
            runner.shell(task.to_string(), line);
        }
        let report = run(runner);
        assert_eq!(report.verify(), Ok(()));
        for task in report.tasks() {
            let output = task.result::<CommandOutput>().expect("passed");
            let seen: usize = output.stdout.as_str().trim().parse().expect("a number");
            assert!(seen <= workers, "{seen} at once on {workers} workers");
        }
        fs::remove_dir_all(&*folder).expect("the folder is there");
    }
}

#[test]
fn closures_and_commands_in_one_plan() {
    for workers in WIDTHS {
        let gate = Gate::default();
        let mut runner = Runner::new().workers(workers);
        runner.add("first", || 1);
        runner.command("second", ["echo", "2"]).after(["first"]);
        runner.shell("third", "echo 3 | cat").after(["second"]);
        runner.add("last", move || gate.open()).after(["third"]);
        let report = run(runner);
        assert_eq!(report.verify(), Ok(()));
        let names: Vec<&str> = report.tasks().iter().map(|task| task.name()).collect();
        assert_eq!(names, ["first", "second", "third", "last"], "the order of adding");
    }
}
