//! SIGINT and SIGTERM: they stop a run, and have their usual effect when no run takes them.
//!
//! An installed handler stays: the one before it cannot be put back. So the handler ends the process
//! when no run takes the signal, if the signal would have ended it without the handler.

use std::fs;
use std::io;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;
use signal_hook::iterator::{Handle, Signals};
use signal_hook::low_level::emulate_default_handler;

use crate::engine::Canceller;
use crate::event::StopReason;
use crate::process::Group;
use crate::sync::lock;

const TAKEN: [i32; 2] = [SIGINT, SIGTERM];

/// Whether the signals have the effect that they had before this program's handler.
static FREE: AtomicBool = AtomicBool::new(true);

static TAKERS: Mutex<Takers> = Mutex::new(Takers { count: 0, installed: false });

struct Takers {
    count: usize,
    installed: bool,
}

/// As long as a value lives, SIGINT and SIGTERM do not end the process by themselves.
///
/// Several may live at once, as runs may be side by side and inside each other.
#[doc(hidden)]
#[derive(Debug)]
#[must_use = "dropping it gives the signals their usual effect"]
pub struct TakenSignals(Handle);

impl TakenSignals {
    /// Calls `on_signal` for each signal, on a new thread.
    ///
    /// # Errors
    /// A handler could not be installed, or the thread could not be made.
    pub fn new(mut on_signal: impl FnMut(i32) + Send + 'static) -> io::Result<Self> {
        let mut takers = lock(&TAKERS);
        takers.install()?;
        let mut signals = Signals::new(TAKEN)?;
        let handle = signals.handle();
        let named = thread::Builder::new().name("signals".to_owned());
        named.spawn(move || signals.forever().for_each(&mut on_signal))?;
        // Only now, so that no signal is lost before the thread receives it.
        takers.count += 1;
        FREE.store(false, Ordering::SeqCst);
        Ok(Self(handle))
    }
}

impl Drop for TakenSignals {
    fn drop(&mut self) {
        let mut takers = lock(&TAKERS);
        takers.count -= 1;
        FREE.store(takers.count == 0, Ordering::SeqCst);
        self.0.close();
    }
}

impl Takers {
    /// Installs handlers, once, with the effect that each signal has without them.
    fn install(&mut self) -> io::Result<()> {
        if self.installed {
            return Ok(());
        }
        for signal in TAKEN {
            if ends_process(signal) {
                flag::register_conditional_default(signal, &FREE)?;
            } else {
                // Without a handler, commands would inherit that this program ignores the signal. The
                // system calls a handler of the user's before this one.
                static SEEN: AtomicBool = AtomicBool::new(false);
                flag::register(signal, &SEEN)?;
            }
        }
        self.installed = true;
        Ok(())
    }
}

/// Whether the signal ends the process, as the program neither handles nor ignores it. `true` where
/// the system does not report that, as in most programs.
fn ends_process(signal: i32) -> bool {
    let status = fs::read_to_string("/proc/thread-self/status").unwrap_or_default();
    let has = |kind: &str| {
        let mask = status.lines().find_map(|line| line.strip_prefix(kind));
        let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
        mask.is_some_and(|mask| mask >> (signal - 1) & 1 == 1)
    };
    !has("SigCgt:") && !has("SigIgn:")
}

/// Turns signals into stops until it is dropped.
///
/// The first signal stops the run, the second ends the process as it would without this, and with
/// it all that it has started.
pub(crate) fn handle(canceller: Canceller) -> io::Result<TakenSignals> {
    let mut stopped = false;
    TakenSignals::new(move |signal| {
        if std::mem::replace(&mut stopped, true) {
            Group::kill_started();
            // If even this fails, the program can do no more.
            drop(emulate_default_handler(signal));
        }
        canceller.stop(if signal == SIGINT {
            StopReason::Interrupt
        } else {
            StopReason::Terminate
        });
    })
}
