//! Hooks that hang or ask to be skipped: they are named, timed, and abandoned like tasks.

use libc::{SIGINT, SIGTERM};

use crate::support::{Ran, Running, command, flows, mtrun};

fn hanging(place: &str, more: &[&str]) -> Ran {
    let hang = format!("--hang={place}");
    mtrun(&[&["broken/tests/hanging.rs", &hang, "--grace=20ms"], more].concat())
}

#[test]
fn a_setup_has_a_timeout_of_its_own_or_that_of_the_command_line() {
    for (place, setup, more) in
        [("limited", "limited", &[][..]), ("setup", "prepare", &["--timeout=100ms"])]
    {
        hanging(place, more)
            .exits(105)
            .prints(&[&format!("SKIP [        -] works (skipped: setup {setup} timed out)")])
            .prints(&["removes ran", &format!("---- FAIL setup {setup} ----")])
            .prints(&["ran longer than its timeout of 100ms", "1 setup failed in "]);
    }
    hanging("none", &["--timeout=100ms"]).exits(0).ended("PASS works stores");
}

#[test]
fn a_hook_that_runs_for_long_is_shown() {
    hanging("limited", &["--slow=20ms"]).exits(105).prints(&["SLOW [>", "] setup limited\n"]);
}

#[test]
fn the_limit_of_the_run_bounds_setups_and_the_grace_after_it_everything_else() {
    for workers in ["--workers=1", "--workers=2", "--workers=8"] {
        let limited = |place| hanging(place, &["--run-timeout=100ms", workers]);
        limited("setup")
            .exits(105)
            .prints(&["stopped as the run took too long: nothing more starts; "])
            .prints(&["cancelling setup prepare\n", "removes ran"])
            .prints(&["abandoned: stopped as the run took too long"]);
        limited("always")
            .exits(100)
            .ended("PASS works, CANCEL stores")
            .prints(&["did not run, as the time limit of the run and the grace are over"])
            .lacks("removes ran");
        limited("teardown")
            .exits(100)
            .ended("PASS works stores")
            .prints(&["waiting for teardown removes", "---- FAIL teardown removes ----"])
            .prints(&["abandoned, as the time limit of the run and the grace are over"])
            .prints(&["still running after the end: teardown removes"]);
    }
}

#[test]
fn a_setup_that_asks_to_be_skipped_skips_every_task_and_the_run_is_good() {
    hanging("none", &["--board=none"])
        .exits(0)
        .ended("SKIP works stores")
        .prints(&["SKIP [        -] works (skipped: no board)", "removes ran"])
        .prints(&["==== 0 passed, 2 skipped in "]);
}

#[test]
fn signals_cancel_a_setup_and_then_teardowns_run() {
    for (signals, code) in [(&[SIGTERM][..], 143), (&[SIGINT, SIGINT], 130)] {
        let mut running = Running::start(|gate| {
            let words =
                ["broken/tests/hanging.rs", "--hang=setup", &gate.argument(), "--grace=20ms"];
            command(&flows(), &words)
        });
        running.signal(signals[0]);
        for signal in &signals[1..] {
            running.prints("waiting for setup prepare; Ctrl-C again cancels them");
            running.signal(*signal);
        }
        running.prints("cancelling setup prepare; ");
        let (ended, out) = running.end();
        assert_eq!(ended, Some(code), "{out}");
        assert!(out.contains("removes ran"), "{out}");
    }
}

/// Interrupts a setup that hangs. It ends when the test lets it, or by itself when it sees the stop.
fn interrupted_setup(more: &[&str], lets: bool) -> String {
    let mut running = Running::start(|gate| {
        let mut mtrun = command(&flows(), &["broken/tests/hanging.rs", "--hang=setup"]);
        mtrun.arg(gate.argument()).args(more);
        mtrun
    });
    running.signal(SIGINT);
    running.prints("waiting for setup prepare; Ctrl-C again cancels them");
    if lets {
        running.gate().open();
    }
    let (ended, out) = running.end();
    assert_eq!(ended, Some(130), "{out}");
    out
}

#[test]
fn after_the_first_interrupt_no_other_setup_starts() {
    let out = interrupted_setup(&[], true);
    assert!(!out.contains("verify ran"), "{out}");
    assert!(out.contains("removes ran") && out.contains("] stores\n"), "{out}");
}

#[test]
fn a_setup_that_fails_after_an_interrupt_skips_always_tasks() {
    let out = interrupted_setup(&["--fails=yes"], true);
    assert!(out.contains("] stores (skipped: setup prepare failed)"), "{out}");
    assert!(out.contains("] works (cancelled: interrupted)"), "{out}");
}

#[test]
fn a_setup_sees_that_the_run_stops() {
    let out = interrupted_setup(&["--polls=yes"], false);
    assert!(out.contains("setup was cancelled\n"), "{out}");
}

#[test]
fn a_limit_after_an_interrupt_is_named_as_the_cause() {
    let out = interrupted_setup(&["--run-timeout=500ms", "--grace=20ms"], false);
    assert!(out.contains("stopped as the run took too long: nothing more starts; "), "{out}");
    assert!(out.contains("abandoned: stopped as the run took too long"), "{out}");
    assert!(out.contains("] works (cancelled: interrupted)"), "{out}");
}

#[test]
fn an_interrupt_during_teardown_says_that_nothing_is_left_to_cancel() {
    let mut running = Running::start(|gate| {
        let hang = "--hang=teardown";
        command(&flows(), &["broken/tests/hanging.rs", hang, &gate.argument()])
    });
    running.signal(SIGINT);
    running.prints("waiting for teardown removes; Ctrl-C twice more exits at once");
    running.gate().open();
    assert_eq!(running.end().0, Some(130));
}
