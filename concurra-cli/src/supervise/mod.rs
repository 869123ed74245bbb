//! What `mtrun` and the runner that it starts say to each other.
//!
//! Three things connect them: a variable that tells the runner that it is supervised and where the
//! rest is found, a socket for orders and for the closing record, and the board, a file that still
//! tells which tasks were running when nobody is left to ask. Unaware of plans and of how tasks run.

mod board;
mod exit_class;
pub mod exit_hook;
#[cfg(feature = "launcher")]
mod folder;
#[cfg(feature = "launcher")]
mod interrupts;
mod invitation;
#[cfg(feature = "launcher")]
mod leftover;
mod link;
mod message;
pub mod signals;
mod stdout;
#[cfg(feature = "launcher")]
mod watch;

pub use board::Board;
pub use exit_class::ExitClass;
#[cfg(feature = "launcher")]
pub(crate) use interrupts::Interrupts;
pub use invitation::{Greeting, Invitation, VARIABLE};
pub use link::{Link, Mismatch};
pub use message::{Absent, Closing, Order};
#[cfg(feature = "launcher")]
pub(crate) use watch::SharedReporters;
#[cfg(feature = "launcher")]
pub use watch::{Orders, Received, Watch};

/// The protocol of `mtrun` and of a runner has to be the same. It changes with each message, and with each
/// outcome, as the counts in the closing record are in the order of outcomes. Markers in programs have it,
/// too.
pub const PROTOCOL: u32 = 3;

/// The version of this library or of this `mtrun`.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

#[cfg(all(test, feature = "launcher"))]
mod tests;
