//! Signals to a runner whose orders come from `mtrun`, and to the processes that its tasks fork.

use std::io;
use std::sync::Once;

use concurra_core::{Answer, TakenSignals, ends_process};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::low_level::{emulate_default_handler, register};

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

/// Lets signals end the processes that tasks fork, as they end this one without its handlers. Such a
/// process has the handlers, and no thread that acts on a signal.
pub(crate) fn end_copies() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        let process = std::process::id();
        let mut ending = vec![SIGINT, SIGTERM, SIGHUP];
        ending.retain(|signal| ends_process(*signal));
        // A run's own handlers come first: they take over what a signal does without any handler.
        drop(TakenSignals::new(Answer::Stop, |_, _| {}));
        for signal in ending {
            let end = move || {
                if std::process::id() != process {
                    drop(emulate_default_handler(signal));
                }
            };
            // SAFETY: both calls are safe in a signal handler, and do not panic. Without room for the
            // handler, copies ignore the signal.
            drop(unsafe { register(signal, end) });
        }
    });
}
