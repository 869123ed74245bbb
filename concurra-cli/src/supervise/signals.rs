//! Signals to a runner whose orders come from `mtrun`.

use std::io;

use concurra_core::{Answer, TakenSignals};

/// Lets SIGINT, SIGTERM and SIGHUP pass without effect on this process, as long as it lives.
///
/// A handler that does nothing is used, as a signal that is ignored would stay ignored in the
/// commands that tasks start.
///
/// # Errors
/// The handler or the thread could not be made.
pub(crate) fn ignore() -> io::Result<()> {
    std::mem::forget(TakenSignals::new(Answer::Stop, |_, _| {})?);
    Ok(())
}
