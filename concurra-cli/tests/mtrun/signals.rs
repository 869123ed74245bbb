//! SIGINT, SIGTERM and SIGHUP from a script, and the end of `mtrun` itself.

use std::path::Path;
use std::process::{Command, Stdio};

use libc::{SIGHUP, SIGINT, SIGKILL, SIGSTOP, SIGTERM};

use crate::support::{Fresh, Ran, Running, command, flows, is_alive, mtrun, prepare, send, until};

fn slow() -> Running {
    Running::start(|gate| command(&flows(), &["slow", &gate.argument(), "--grace=10ms"]))
}

/// Lets the running task end, and checks that everything else of a stop happened.
#[track_caller]
fn stops_well(mut running: Running, code: i32) {
    running
        .prints("interrupted: nothing more starts; waiting for waits; Ctrl-C again cancels them");
    running.gate().open();
    let (ended, out) = running.end();
    assert_eq!(ended, Some(code), "{out}");
    let parts = ["setup ran", "quick", "waits", "CANCEL", "never", "teardown ran"];
    for part in parts {
        assert!(out.contains(part), "no {part:?} in:\n{out}");
    }
    assert!(!out.contains("never ran"), "{out}");
    assert!(out.contains("==== 2 passed, 1 cancelled in "), "{out}");
}

#[test]
fn the_first_sigint_lets_running_tasks_finish_and_tears_down() {
    let running = slow();
    running.signal(SIGINT);
    stops_well(running, 130);
}

/// Checks that the running task was cancelled, and the rest of the stop happened.
#[track_caller]
fn cancels(running: Running, code: i32) {
    // The gate stays shut: the task never finishes by itself.
    let (ended, out) = running.end();
    assert_eq!(ended, Some(code), "{out}");
    for part in ["; cancelling waits; ", " exits at once\n", "never", "teardown ran"] {
        assert!(out.contains(part), "no {part:?} in:\n{out}");
    }
    assert!(out.contains("==== 1 passed, 2 cancelled in "), "{out}");
}

#[test]
fn sigterm_and_sighup_cancel_running_tasks_and_tear_down() {
    for (signal, code) in [(SIGTERM, 143), (SIGHUP, 129)] {
        // This test may run where SIGHUP is ignored, and `mtrun` would inherit that.
        let running = Running::start(|gate| {
            let mut env = Command::new("env");
            if cfg!(target_os = "linux") {
                env.arg("--default-signal=HUP");
            }
            env.args([env!("CARGO_BIN_EXE_mtrun"), "slow", &gate.argument(), "--grace=10ms"]);
            prepare(&mut env, &flows());
            env
        });
        running.signal(signal);
        cancels(running, code);
    }
}

#[test]
fn the_second_sigint_cancels_running_tasks_and_tears_down() {
    let mut running = slow();
    running.signal(SIGINT);
    running.prints("Ctrl-C again cancels them");
    running.signal(SIGINT);
    cancels(running, 130);
}

#[test]
fn under_nohup_the_end_of_the_terminal_changes_nothing() {
    let running = Running::start(|gate| {
        let mut shell = Command::new("sh");
        let line = "trap '' HUP; exec \"$0\" slow \"$1\"";
        shell.args(["-c", line, env!("CARGO_BIN_EXE_mtrun"), &gate.argument()]);
        prepare(&mut shell, &flows());
        shell
    });
    running.signal(SIGHUP);
    running.signal(SIGINT);
    stops_well(running, 130);
}

#[test]
fn sigint_counts_also_where_the_shell_had_it_ignored() {
    let running = Running::start(|gate| {
        let mut shell = Command::new("sh");
        let line = "trap '' INT; exec \"$0\" slow \"$1\"";
        shell.args(["-c", line, env!("CARGO_BIN_EXE_mtrun"), &gate.argument()]);
        prepare(&mut shell, &flows());
        shell
    });
    running.signal(SIGINT);
    stops_well(running, 130);
}

/// Stops a run whose task hangs, until the next signal exits at once.
fn cancelled_with_hanging_cleanup() -> Running {
    // The teardown comes only after the grace.
    let mut running =
        Running::start(|gate| command(&flows(), &["slow", &gate.argument(), "--grace=1h"]));
    running.signal(SIGINT);
    running.prints("Ctrl-C again cancels them");
    running.signal(SIGINT);
    running.prints("for abandoned bodies that still run: ");
    running
}

#[test]
fn the_third_signal_exits_at_once_and_names_what_is_left_undone() {
    let running = cancelled_with_hanging_cleanup();
    let runner = running.gate().reached();
    running.signal(SIGINT);
    let (code, out) = running.end();
    assert_eq!(code, Some(130), "{out}");
    assert!(
        out.contains(
            "error: interrupted: exiting at once\n  still running: waits (abandoned)\n  \
             did not run: teardown end"
        ),
        "{out}"
    );
    assert!(!out.contains("===="), "{out}");
    assert!(!is_alive(runner));
}

#[test]
fn the_third_signal_also_ends_a_runner_that_does_not_answer() {
    let running = cancelled_with_hanging_cleanup();
    let runner = running.gate().reached();
    send(runner, SIGSTOP);
    running.signal(SIGINT);
    let (code, out) = running.end();
    assert_eq!(code, Some(130), "{out}");
    assert!(!is_alive(runner));
}

#[test]
fn signals_of_several_kinds_count_together() {
    let mut running =
        Running::start(|gate| command(&flows(), &["slow", &gate.argument(), "--grace=1h"]));
    running.signal(SIGTERM);
    running.prints("for abandoned bodies that still run: ");
    running.signal(SIGINT);
    let (code, out) = running.end();
    assert_eq!(code, Some(143), "{out}");
}

#[test]
fn when_mtrun_is_killed_the_runner_stops_and_tears_down() {
    let running = slow();
    let (mtrun_process, runner) = (running.process(), running.gate().reached());
    running.signal(SIGKILL);
    let (code, out) = running.end();
    assert_eq!(code, None, "{out}");
    assert!(out.contains("terminated: nothing more starts; cancelling waits"), "{out}");
    assert!(out.contains("teardown ran"), "{out}");
    assert!(out.contains("==== 1 passed, 2 cancelled in "), "{out}");
    until(|| (!is_alive(runner)).then_some(()));

    let left = std::env::temp_dir().join(format!("mtrun-{mtrun_process}-0"));
    mtrun(&["hooks"]).exits(0);
    assert!(!Path::new(&left).exists(), "the next mtrun removes {}", left.display());
}

#[test]
fn a_stop_while_cargo_builds_ends_cargo_and_runs_nothing() {
    let package = Fresh::package("building", "");
    package.write("tests/a.rs", "#[concurra::task] fn a() {} concurra::main!();");
    // This cargo describes the workspace, but its builds never end.
    let script = format!(
        "#!/bin/sh\nif [ \"$1\" = metadata ]; then exec {:?} \"$@\"; fi\n\
         echo $$ > half; mv half building; exec sleep 1000\n",
        env!("CARGO")
    );
    package.write("cargo", &script);
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(package.path("cargo"), mode).expect("a mode");
    for (signal, code) in [(SIGINT, 130), (SIGTERM, 143)] {
        let note = package.path("building");
        let _ = std::fs::remove_file(&note);
        let mut command = package.command(&[]);
        // A stamp would make cargo's part too short to be stopped in.
        command.env("CARGO", package.path("cargo")).env("XDG_CACHE_HOME", package.path("cache"));
        let mut child =
            command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts");
        let text = until(|| std::fs::read_to_string(&note).ok());
        send(i32::try_from(child.id()).expect("a process"), signal);
        assert_eq!(child.wait().expect("an end").code(), Some(code));
        assert!(!is_alive(text.trim().parse().expect("cargo's process")));
    }
}

#[test]
fn a_stop_as_the_build_ends_runs_nothing_and_prints_an_error() {
    let package = Fresh::package("built", "");
    for target in ["a", "b"] {
        let task = format!("#[concurra::task] fn {target}() {{}} concurra::main!();");
        package.write(&format!("tests/{target}.rs"), &task);
    }
    // It ends well, but only after mtrun, which passes the signal on, knows of it.
    let script = format!(
        "#!/bin/sh\n{:?} \"$@\" || exit\nif [ \"$1\" = metadata ]; then exit; fi\n\
         sleep 1000 &\ntrap 'kill $!; exit 0' INT TERM\nkill -$SIGNAL $PPID\nwait\n",
        env!("CARGO")
    );
    package.write("cargo", &script);
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(package.path("cargo"), mode).expect("a mode");
    let stop = |signal: &str, words: &[&str]| {
        let mut command = package.command(words);
        command.env("CARGO", package.path("cargo")).env("SIGNAL", signal);
        // A stamp would leave cargo out.
        let _ = std::fs::remove_dir_all(package.path("cache"));
        Ran::of(command.env("XDG_CACHE_HOME", package.path("cache")))
    };
    for words in [&["a"][..], &["a", "b"], &["a", "b", "--tags", "x"]] {
        for (signal, code, word) in [("INT", 130, "interrupted"), ("TERM", 143, "terminated")] {
            let ran = stop(signal, words).exits(code);
            let expected = format!("error: {word}: nothing was run\n");
            assert_eq!((ran.out.as_str(), ran.complaint()), ("", expected.as_str()));
        }
    }
}

#[test]
fn a_stop_in_the_first_target_keeps_the_others_from_starting() {
    let running =
        Running::start(|gate| command(&flows(), &["slow", "hooks", "layers", &gate.argument()]));
    running.signal(SIGINT);
    let mut running = running;
    running.prints("nothing more starts");
    running.gate().open();
    let (code, out) = running.end();
    assert_eq!(code, Some(130), "{out}");
    assert!(!out.contains("==> tests/hooks.rs"), "{out}");
    assert!(out.contains("1 cancelled, 2 targets not run in "), "{out}");
}

#[test]
fn a_test_process_that_goes_on_after_the_run_ends_by_a_signal() {
    let package = Fresh::package("goes-on", "");
    package.write("src/lib.rs", "");
    // The tests of a process run in the order of their names, and ours is `concurra`.
    let goes_on = r#"
        #[concurra::task]
        fn task() {}

        concurra::main!();

        #[test]
        fn later() {
            let process = std::process::id().to_string();
            std::process::Command::new("kill").args(["-TERM", &process]).status().unwrap();
            std::thread::sleep(std::time::Duration::from_secs(10));
        }
    "#;
    package.write("tests/goes_on.rs", goes_on);
    let mut cargo = Command::new(env!("CARGO"));
    prepare(&mut cargo, package.folder());
    let ran = Ran::of(cargo.args(["test", "--test", "goes_on", "--", "--test-threads=1"]));
    assert!(ran.out.contains("test concurra ... ok"), "{}{}", ran.out, ran.err);
    ran.complains("(signal: 15, SIGTERM");
}
