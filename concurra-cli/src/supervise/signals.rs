//! SIGINT and SIGTERM, counted.

use std::io;

use concurra_core::{StopReason, TakenSignals};
use signal_hook::consts::SIGINT;

/// Calls `f` on another thread for each SIGINT and SIGTERM, with how many of both have come, until the
/// returned value is dropped.
///
/// The handler is installed also when the process was started with SIGINT ignored, as shells do for
/// `command &`: a script that sends the signal means it.
///
/// # Errors
/// The handler or the thread could not be made.
pub(crate) fn listen(f: impl Fn(StopReason, u32) + Send + 'static) -> io::Result<TakenSignals> {
    let mut count = 0_u32;
    TakenSignals::new(move |signal| {
        count = count.saturating_add(1);
        f(if signal == SIGINT { StopReason::Interrupt } else { StopReason::Terminate }, count);
    })
}

/// Lets SIGINT and SIGTERM pass without effect on this process, as long as it lives.
///
/// A handler that does nothing is used, as a signal that is ignored would stay ignored in the
/// commands that tasks start.
///
/// # Errors
/// The handler or the thread could not be made.
pub(crate) fn ignore() -> io::Result<()> {
    std::mem::forget(TakenSignals::new(|_| {})?);
    Ok(())
}
