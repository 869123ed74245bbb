//! Signals to the processes that tasks fork.

use std::sync::Once;

use concurra_core::install_handlers;
use signal_hook::low_level::{emulate_default_handler, register};

/// Lets signals end the processes that tasks fork, as they end this one without its handlers. Such a
/// process has the handlers, and no thread that acts on a signal.
pub(crate) fn end_copies() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        let process = std::process::id();
        // A run's own handlers come first: they take over what a signal does without any handler.
        let ending = install_handlers().unwrap_or_default();
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
