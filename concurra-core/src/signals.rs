//! SIGINT and SIGTERM as orders to stop a run.

use std::io;
use std::thread;

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::{Handle, Signals};
use signal_hook::low_level::emulate_default_handler;

use crate::engine::Canceller;
use crate::event::StopReason;

/// Turns signals into stops until it is dropped.
#[derive(Debug)]
pub(crate) struct Handling(Handle);

impl Handling {
    /// The first signal stops the run, the second ends the process as it would without this.
    pub(crate) fn start(canceller: Canceller) -> io::Result<Self> {
        let mut signals = Signals::new([SIGINT, SIGTERM])?;
        let handle = signals.handle();
        thread::Builder::new().name("signals".to_owned()).spawn(move || {
            let mut stopped = false;
            for signal in signals.forever() {
                if std::mem::replace(&mut stopped, true) {
                    // Nothing is left to be done when not even this is possible.
                    drop(emulate_default_handler(signal));
                }
                canceller.stop(if signal == SIGINT {
                    StopReason::Interrupt
                } else {
                    StopReason::Terminate
                });
            }
        })?;
        Ok(Self(handle))
    }
}

impl Drop for Handling {
    fn drop(&mut self) {
        self.0.close();
    }
}
