//! Signals and the orders of `mtrun`, as stops of the run.

use std::{env, fs, io, process};

use concurra_core::{Answer, Canceller, StopReason, TakenSignals, ignore_signals};

use super::undone::Unprinted;
use crate::supervise::signals;
use crate::supervise::{ExitClass, Link, Order, exit_hook};

/// Listens for signals and orders that stop the run. Under `mtrun` signals come through it alone, so that
/// each counts once whether a terminal or a script sends it. Otherwise signals reach the run until the
/// returned value is dropped: a test process may go on for long after it.
pub(super) fn listen(
    link: Option<&Link>,
    canceller: Canceller,
    unprinted: Unprinted,
) -> io::Result<Option<TakenSignals>> {
    let obey = move |reason, answer| {
        exit_hook::exit_with(ExitClass::Stopped(reason).binary_code());
        match answer {
            Answer::Stop => canceller.stop(reason),
            Answer::Cancel => canceller.cancel(reason),
            Answer::Exit => exit(reason, &unprinted),
        }
    };
    signals::end_copies();
    let Some(link) = link else {
        return TakenSignals::new(first_answer(), obey).map(Some);
    };
    ignore_signals()?;
    link.orders(move |order| match order {
        Order::Stop(reason) => obey(reason, Answer::Stop),
        Order::Cancel(reason) => obey(reason, Answer::Cancel),
        Order::Exit(reason) => obey(reason, Answer::Exit),
    })?;
    Ok(None)
}

/// What the first Ctrl-C does. Cargo and nextest end soon after it, and a run without them would go on
/// in the background.
fn first_answer() -> Answer {
    let parent = std::os::unix::process::parent_id();
    let is_cargo = match fs::read_to_string(format!("/proc/{parent}/comm")) {
        Ok(name) => name.starts_with("cargo"),
        // The system has no such file.
        Err(_) => env::var_os("CARGO").is_some(),
    };
    if is_cargo { Answer::Cancel } else { Answer::Stop }
}

/// Ends the process at once, without the message about a task that calls `exit`.
fn exit(reason: StopReason, unprinted: &Unprinted) {
    exit_hook::disarm();
    eprint!("{}", unprinted.failures());
    eprintln!("error: {reason}: exiting at once{}", unprinted.undone());
    process::exit(ExitClass::Stopped(reason).mtrun_code().into());
}
