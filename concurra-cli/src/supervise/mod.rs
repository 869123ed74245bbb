//! The connection of `mtrun` and a runner that it starts.
//!
//! It has three parts: a variable that invites the runner and names the other two, a socket for events,
//! orders and the closing record, and the board, a file that names the running tasks also after the
//! runner has died. Unaware of plans and of how tasks run.

mod board;
mod exit_class;
pub(crate) mod exit_hook;
#[cfg(feature = "launcher")]
pub(crate) mod folder;
#[cfg(feature = "launcher")]
mod interrupts;
mod invitation;
mod link;
mod message;
#[cfg(feature = "launcher")]
mod process_tree;
pub(crate) mod signals;
mod stdout;
#[cfg(feature = "launcher")]
mod watch;

pub(crate) use board::{Board, Thread, this_thread};
pub(crate) use exit_class::ExitClass;
#[cfg(feature = "launcher")]
pub(crate) use interrupts::Interrupts;
pub(crate) use invitation::{Invitation, VARIABLE};
pub(crate) use link::Link;
pub(crate) use message::{Absent, Closing, Forward, KnownFailure, Order, Unread};
#[cfg(feature = "launcher")]
pub(crate) use watch::{Orders, Received, SharedReporters, Watch};

/// The protocol of `mtrun` and of a runner has to be the same. It changes with each message, and with each
/// outcome, as the counts in the closing record are in the order of outcomes. Markers in programs have it,
/// too.
pub(crate) const PROTOCOL: u32 = 7;

/// The version of this library or of this `mtrun`.
pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");

#[cfg(all(test, feature = "launcher"))]
mod tests;
