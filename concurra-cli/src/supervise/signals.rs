//! SIGINT and SIGTERM, counted.

use std::io;

use concurra_core::TakenSignals;
use serde::{Deserialize, Serialize};
use signal_hook::consts::SIGINT;

/// Which signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// SIGINT: Ctrl-C.
    Interrupt,
    /// SIGTERM.
    Terminate,
}

/// A signal that came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signal {
    /// Which one.
    pub kind: Kind,
    /// The how many-th of either kind, from 1.
    pub count: u32,
}

/// Calls `f` for each SIGINT and SIGTERM, on a thread of its own, until what it gives is dropped.
///
/// The handler is installed also when the process was started with SIGINT ignored, as shells do for
/// `command &`: a script that sends the signal means it.
///
/// # Errors
/// The handler or the thread could not be made.
pub fn listen(f: impl Fn(Signal) + Send + 'static) -> io::Result<TakenSignals> {
    let mut count = 0_u32;
    TakenSignals::heard(move |signal| {
        count = count.saturating_add(1);
        let kind = if signal == SIGINT { Kind::Interrupt } else { Kind::Terminate };
        f(Signal { kind, count });
    })
}

/// Lets SIGINT and SIGTERM pass without effect on this process, as long as it lives.
///
/// A handler that does nothing is used, as a signal that is ignored would stay ignored in the
/// commands that tasks start.
///
/// # Errors
/// The handler could not be installed.
pub fn ignore() -> io::Result<()> {
    std::mem::forget(TakenSignals::unheard()?);
    Ok(())
}

/// Sends a signal to a child. A process that is gone already is none of our business.
#[cfg(feature = "launcher")]
pub(crate) fn send(process: u32, signal: i32) {
    let Ok(process) = libc::pid_t::try_from(process) else { return };
    // SAFETY: kill(2) reads and writes no memory of ours.
    unsafe {
        libc::kill(process, signal);
    }
}
