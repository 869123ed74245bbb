//! Signals and the orders of `mtrun`, as stops of the run.

use std::sync::{Arc, Mutex, MutexGuard, TryLockError};
use std::time::Duration;
use std::{env, fs, io, process, thread};

use concurra_core::{Answer, Canceller, StopReason, TakenSignals};

use super::undone::undone;
use crate::report::Reporters;
use crate::supervise::signals;
use crate::supervise::{ExitClass, Link, Order, exit_hook};

/// How often, a millisecond apart, a process that exits at once looks whether the reporters are free.
const LOOKS: usize = 100;

/// Listens for signals and orders that stop the run. Under `mtrun` signals come through it alone, so that
/// each counts once whether a terminal or a script sends it. Otherwise signals reach the run until the
/// returned value is dropped: a test process may go on for long after it.
pub(super) fn listen(
    link: Option<&Link>,
    canceller: Canceller,
    reporters: Arc<Mutex<Reporters>>,
) -> io::Result<Option<TakenSignals>> {
    let obey = move |reason, answer| {
        exit_hook::exit_with(ExitClass::Stopped(reason).binary_code());
        match answer {
            Answer::Stop => canceller.stop(reason),
            Answer::Cancel => canceller.cancel(reason),
            Answer::Exit => exit(reason, &reporters),
        }
    };
    signals::end_copies();
    let Some(link) = link else {
        return TakenSignals::new(first_answer(), obey).map(Some);
    };
    signals::ignore()?;
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
fn exit(reason: StopReason, reporters: &Mutex<Reporters>) {
    exit_hook::disarm();
    let undone = patiently(reporters).and_then(|reporters| reporters.run().map(undone));
    eprintln!("error: {reason}: exiting at once{}", undone.unwrap_or_default());
    process::exit(ExitClass::Stopped(reason).mtrun_code().into());
}

/// Locks the reporters. `None` when one of them waits for a reader of its output: that must not keep the
/// process.
fn patiently(reporters: &Mutex<Reporters>) -> Option<MutexGuard<'_, Reporters>> {
    for _ in 0..LOOKS {
        match reporters.try_lock() {
            Err(TryLockError::WouldBlock) => thread::park_timeout(Duration::from_millis(1)),
            locked => return locked.ok(),
        }
    }
    None
}
