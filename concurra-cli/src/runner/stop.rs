//! Ctrl-C, SIGTERM and the orders of `mtrun`, as stops of the run.

use std::io;

use concurra_core::{Canceller, StopReason, TakenSignals};

use crate::supervise::signals;
use crate::supervise::{ExitClass, Link, Order, exit_hook};

/// Listens for signals and orders that stop the run. Under `mtrun` signals come through it alone, so that
/// each counts once whether a terminal or a script sends it. Otherwise signals reach the run until the
/// returned value is dropped: a test process may go on for long after it.
pub(super) fn listen(
    link: Option<&Link>,
    canceller: Canceller,
) -> io::Result<Option<TakenSignals>> {
    match link {
        Some(link) => {
            signals::ignore()?;
            link.orders(move |order| match order {
                Order::Stop(reason) => canceller.stop(reason),
                Order::Kill => leave(ExitClass::Stopped(StopReason::Interrupt)),
            })?;
            Ok(None)
        }
        None => signals::listen(move |reason, count| {
            if count == 1 {
                canceller.stop(reason);
            } else {
                leave(ExitClass::Stopped(reason));
            }
        })
        .map(Some),
    }
}

/// Ends the process at once, without the message about a task that calls `exit`.
fn leave(class: ExitClass) {
    exit_hook::disarm();
    std::process::exit(class.mtrun_code().into());
}
