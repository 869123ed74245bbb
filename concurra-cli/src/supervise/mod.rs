//! The connection of `mtrun` and a runner that it starts.
//!
//! It has three parts: a variable that invites the runner and names the other two, a socket for events,
//! orders and the closing record, and the board, a file that names the running tasks also after the
//! runner has died. Unaware of plans and of how tasks run.

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
pub(crate) use message::Forward;
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
