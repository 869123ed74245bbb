//! Signals stop a run that handles them, and have their usual effect after it.

#[cfg(target_os = "linux")]
#[path = "../support/leftovers.rs"]
mod leftovers;
mod signalled;

use std::os::unix::process::ExitStatusExt;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use std::{env, process};

use concurra_core::{Event, Outcome, Plan, Report, Runner, StopReason};
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::low_level::{raise, register};

use signalled::{INSIDE, Signalled};

/// Prints that it runs, and returns when the run stops.
fn waits_for_a_stop() {
    println!("it runs");
    while !concurra_core::is_cancelled() {
        std::thread::yield_now();
    }
}

/// Goes on after the run stops, as a body that hangs does.
fn never_ends() {
    waits_for_a_stop();
    println!("it was asked to end");
    hang();
}

/// Reached only by a process that a signal has to end.
fn hang() {
    loop {
        std::thread::park();
    }
}

/// Runs a task that goes on until a signal comes, and ends the process by how the run ended. An interrupt
/// lets the task pass.
fn run_until_signalled() -> ! {
    let mut runner = Runner::new().workers(2).handle_signals(true);
    runner.add("waits", waits_for_a_stop);
    runner.add("behind", || ()).after(["waits"]);
    let report = runner.run().expect("a plan");
    let outcome = report["waits"].outcome();
    // The task may end between the signal and its cancellation.
    let may_be_cancelled = report.stopped() != Some(StopReason::Interrupt);
    assert!(outcome == Outcome::Passed || may_be_cancelled && outcome == Outcome::Cancelled);
    assert_eq!(report["behind"].outcome(), Outcome::Cancelled);
    leave(&report)
}

/// Ends the process by how the run ended.
fn leave(report: &Report) -> ! {
    process::exit(match report.stopped() {
        Some(StopReason::Interrupt) => 30,
        Some(StopReason::Terminate) => 43,
        Some(StopReason::Hangup) => 29,
        _ => 1,
    })
}

/// Stops the run of a test by a signal and gives back the code with which its process ended.
fn code_after(signal: &str, test: &str) -> Option<i32> {
    if env::var_os(INSIDE).is_some() {
        run_until_signalled();
    }
    let process = Signalled::start(test);
    process.signal(signal);
    process.code()
}

#[test]
fn an_interrupt_stops_the_run() {
    assert_eq!(code_after("-INT", "an_interrupt_stops_the_run"), Some(30));
}

#[test]
fn a_termination_stops_the_run() {
    assert_eq!(code_after("-TERM", "a_termination_stops_the_run"), Some(43));
}

#[test]
fn the_end_of_the_terminal_stops_the_run() {
    assert_eq!(code_after("-HUP", "the_end_of_the_terminal_stops_the_run"), Some(29));
}

#[test]
#[cfg(target_os = "linux")]
fn nohup_keeps_the_end_of_the_terminal_from_a_run() {
    if env::var_os(INSIDE).is_some() {
        run_until_signalled();
    }
    let test = "nohup_keeps_the_end_of_the_terminal_from_a_run";
    let process = Signalled::start_after("trap '' HUP;", test);
    process.signal("-HUP");
    process.signal("-INT");
    assert_eq!(process.code(), Some(30));
}

#[test]
fn a_second_signal_cancels_running_tasks() {
    if env::var_os(INSIDE).is_some() {
        let mut runner = Runner::new().workers(2).handle_signals(true).grace(Duration::ZERO);
        runner.command("command", ["sleep", "1000"]);
        runner.add("never ends", never_ends);
        runner.add("cleans up", || println!("it cleans up")).after(["never ends"]).always();
        let report = runner.run().expect("a plan");
        for name in ["command", "never ends"] {
            assert_eq!(report[name].outcome(), Outcome::Cancelled);
        }
        leave(&report);
    }
    let mut process = Signalled::start("a_second_signal_cancels_running_tasks");
    process.signal("-INT");
    process.wait_for_line("it was asked to end");
    process.signal("-INT");
    process.wait_for_line("it cleans up");
    assert_eq!(process.code(), Some(30));
}

#[test]
fn a_third_signal_ends_the_process() {
    if env::var_os(INSIDE).is_some() {
        let mut runner = Runner::new().handle_signals(true);
        runner.add("never ends", never_ends);
        let hangs = || {
            println!("it does not end");
            hang();
        };
        runner.add("cleans up", hangs).after(["never ends"]).always();
        drop(runner.grace(Duration::ZERO).run());
        process::exit(1);
    }
    let mut process = Signalled::start("a_third_signal_ends_the_process");
    process.signal("-INT");
    process.wait_for_line("it was asked to end");
    process.signal("-INT");
    process.wait_for_line("it does not end");
    process.signal("-INT");
    assert_eq!(process.code(), None, "it is killed by the signal");
}

/// Kills the guard of a program, which would end its commands.
#[cfg(target_os = "linux")]
fn kill_guard_of(program: u32) {
    let threads = std::fs::read_dir(format!("/proc/{program}/task")).expect("it runs");
    let children = threads.map(|thread| {
        let path = thread.expect("a thread").path().join("children");
        std::fs::read_to_string(path).unwrap_or_default()
    });
    let children = children.collect::<Vec<_>>().concat();
    let is_guard = |child: &&str| {
        let words = std::fs::read_to_string(format!("/proc/{child}/cmdline")).unwrap_or_default();
        words.contains("concurra: ends commands")
    };
    let guard = children.split_whitespace().find(is_guard).expect("a guard");
    let killed = Command::new("kill").args(["-KILL", guard]).status().expect("`kill`");
    assert!(killed.success() && leftovers::ends(guard.parse().expect("a number")));
}

#[test]
#[cfg(target_os = "linux")]
fn a_third_signal_ends_the_commands() {
    if env::var_os(INSIDE).is_some() {
        let file = env::temp_dir().join(format!("concurra-deaf-{}", process::id()));
        let print_cancelled = |_: &Plan, event: &Event| {
            if matches!(event, Event::Stopping { cancels: true, .. }) {
                println!("it was cancelled");
            }
        };
        let mut runner = Runner::new().workers(2).handle_signals(true).grace(Duration::MAX);
        runner = runner.observe(Box::new(print_cancelled));
        let line = r#"sh -c 'trap "" TERM; echo $$ > "$FILE"; sleep 1000' & wait"#;
        runner.shell("deaf", line).env("FILE", &file);
        runner.add("never ends", move || {
            let deaf = leftovers::number(&file);
            std::fs::remove_file(&file).expect("it is there");
            println!("it runs, and so does {deaf}");
            while !concurra_core::is_cancelled() {
                std::thread::yield_now();
            }
            println!("it was asked to end");
            hang();
        });
        runner.add("cleans up", hang).after(["never ends"]).always();
        drop(runner.run());
        process::exit(1);
    }
    let (mut process, line) = Signalled::start_with_line("", "a_third_signal_ends_the_commands");
    let deaf = line.trim().rsplit(' ').next().and_then(|word| word.parse().ok());
    // Nobody but the process itself ends it.
    kill_guard_of(process.child.id());
    process.signal("-INT");
    process.wait_for_line("it was asked to end");
    process.signal("-INT");
    process.wait_for_line("it was cancelled");
    process.signal("-INT");
    assert_eq!(process.end().signal(), Some(SIGINT));
    assert!(leftovers::ends(deaf.expect("a number")), "the command lives on");
}

/// A run that handles signals, from its beginning to its end.
fn handled() {
    let mut runner = Runner::new().handle_signals(true);
    runner.add("task", || 1);
    assert!(runner.run().expect("a plan").is_good());
}

/// Goes on until a signal ends the process, or long enough for one that was swallowed.
fn go_on() -> ! {
    println!("it runs");
    std::thread::sleep(Duration::from_secs(10));
    process::exit(SURVIVED)
}

/// How a process ends that survived its signals.
const SURVIVED: i32 = 7;

#[test]
fn after_its_runs_a_signal_ends_the_process() {
    if env::var_os(INSIDE).is_some() {
        (0..3).for_each(|_| handled());
        go_on();
    }
    for (name, number) in [("-INT", SIGINT), ("-TERM", SIGTERM)] {
        let process = Signalled::start("after_its_runs_a_signal_ends_the_process");
        process.signal(name);
        assert_eq!(process.end().signal(), Some(number));
    }
}

#[test]
fn a_signal_ends_a_later_run_that_does_not_handle_it() {
    if env::var_os(INSIDE).is_some() {
        handled();
        let mut runner = Runner::new();
        runner.add("goes on", || -> () { go_on() });
        drop(runner.run());
        process::exit(SURVIVED);
    }
    let process = Signalled::start("a_signal_ends_a_later_run_that_does_not_handle_it");
    process.signal("-INT");
    assert_eq!(process.end().signal(), Some(SIGINT));
}

#[test]
fn a_signal_stops_a_run_also_after_others_inside_and_beside_it() {
    if env::var_os(INSIDE).is_some() {
        let mut runner = Runner::new().workers(2).handle_signals(true);
        runner.add("others", || {
            std::thread::scope(|scope| (0..3).for_each(|_| drop(scope.spawn(handled))));
            handled();
        });
        runner.add("waits", waits_for_a_stop).after(["others"]);
        leave(&runner.run().expect("a plan"));
    }
    let process = Signalled::start("a_signal_stops_a_run_also_after_others_inside_and_beside_it");
    process.signal("-TERM");
    assert_eq!(process.code(), Some(43));
}

#[test]
#[cfg(target_os = "linux")]
fn a_handler_of_the_program_is_all_there_is_outside_of_runs() {
    if env::var_os(INSIDE).is_some() {
        let calls = Arc::new(AtomicUsize::new(0));
        for signal in [SIGINT, SIGTERM] {
            let calls = Arc::clone(&calls);
            let count = move || {
                calls.fetch_add(1, Ordering::SeqCst);
            };
            // SAFETY: an atomic addition is all that the handler does.
            unsafe { register(signal, count) }.expect("a handler");
        }
        handled();
        let both = || [SIGINT, SIGTERM].map(|signal| raise(signal).expect("a signal"));
        both();
        assert_eq!(calls.load(Ordering::SeqCst), 2);
        let mut runner = Runner::new().handle_signals(true);
        runner.add("signals", || raise(SIGINT).map_err(|error| error.to_string()));
        runner.add("behind", concurra_core::is_cancelled).after(["signals"]);
        drop(runner.run());
        assert_eq!(calls.load(Ordering::SeqCst), 3);
        both();
        println!("it runs");
        process::exit(SURVIVED);
    }
    let process = Signalled::start("a_handler_of_the_program_is_all_there_is_outside_of_runs");
    assert_eq!(process.code(), Some(SURVIVED));
}

#[test]
#[cfg(target_os = "linux")]
fn an_ignored_signal_is_ignored_again_after_the_run() {
    if env::var_os(INSIDE).is_some() {
        handled();
        raise(SIGINT).expect("a signal");
        go_on();
    }
    let test = "an_ignored_signal_is_ignored_again_after_the_run";
    let process = Signalled::start_after("trap '' INT;", test);
    process.signal("-INT");
    process.signal("-TERM");
    assert_eq!(process.end().signal(), Some(SIGTERM));
}
