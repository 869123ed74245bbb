//! SIGINT and SIGTERM: as orders to stop a run, and what they do when nobody takes them.
//!
//! A handler stays once it is installed: what was there before cannot be put back. So where a
//! signal would have ended the process, it is made to do so whenever nobody takes it.

use std::fs;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;
use signal_hook::iterator::{Handle, Signals};
use signal_hook::low_level::emulate_default_handler;

use crate::engine::Canceller;
use crate::event::StopReason;
use crate::process::Group;

const TAKEN: [i32; 2] = [SIGINT, SIGTERM];

/// Whether the signals do what they did before there was a handler of ours.
static FREE: AtomicBool = AtomicBool::new(true);

static TAKERS: Mutex<Takers> = Mutex::new(Takers { count: 0, installed: false });

struct Takers {
    count: usize,
    installed: bool,
}

/// While one lives, SIGINT and SIGTERM do not end the process by themselves.
///
/// There may be several at once, as runs may be side by side and inside one another.
#[doc(hidden)]
#[derive(Debug)]
#[must_use = "dropping it leaves the signals to themselves"]
pub struct TakenSignals(Option<Handle>);

impl TakenSignals {
    /// Lets the signals pass without effect.
    ///
    /// # Errors
    /// A handler could not be installed.
    pub fn unheard() -> io::Result<Self> {
        Self::new(|| Ok(None))
    }

    /// Calls `hear` for each signal, on a thread of its own.
    ///
    /// # Errors
    /// A handler could not be installed, or the thread could not be made.
    pub fn heard(mut hear: impl FnMut(i32) + Send + 'static) -> io::Result<Self> {
        Self::new(|| {
            let mut signals = Signals::new(TAKEN)?;
            let handle = signals.handle();
            let named = thread::Builder::new().name("signals".to_owned());
            named.spawn(move || signals.forever().for_each(&mut hear))?;
            Ok(Some(handle))
        })
    }

    /// Takes the signals once somebody listens, so that none is lost.
    fn new(listen: impl FnOnce() -> io::Result<Option<Handle>>) -> io::Result<Self> {
        let mut takers = takers();
        takers.install()?;
        let handle = listen()?;
        takers.count += 1;
        FREE.store(false, Ordering::SeqCst);
        Ok(Self(handle))
    }
}

impl Drop for TakenSignals {
    fn drop(&mut self) {
        let mut takers = takers();
        takers.count -= 1;
        FREE.store(takers.count == 0, Ordering::SeqCst);
        self.0.iter().for_each(Handle::close);
    }
}

impl Takers {
    /// Installs handlers, once, that do what each signal does to this process without them.
    fn install(&mut self) -> io::Result<()> {
        if self.installed {
            return Ok(());
        }
        for signal in TAKEN {
            if ends_process(signal) {
                flag::register_conditional_default(signal, &FREE)?;
            } else {
                // What is ignored here would be ignored in the commands that tasks start as well,
                // unless there is a handler. A handler of the program's own is called before ours.
                static SEEN: AtomicBool = AtomicBool::new(false);
                flag::register(signal, &SEEN)?;
            }
        }
        self.installed = true;
        Ok(())
    }
}

fn takers() -> MutexGuard<'static, Takers> {
    TAKERS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whether the signal ends the process, as nobody handles or ignores it by now. Where the system
/// does not tell, that is taken for granted, as it is so in most programs.
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
    TakenSignals::heard(move |signal| {
        if std::mem::replace(&mut stopped, true) {
            Group::kill_started();
            // Nothing is left to be done when not even this is possible.
            drop(emulate_default_handler(signal));
        }
        canceller.stop(if signal == SIGINT {
            StopReason::Interrupt
        } else {
            StopReason::Terminate
        });
    })
}
