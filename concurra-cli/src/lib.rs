//! The runner inside a binary, and `mtrun`.

#[cfg(feature = "launcher")]
mod cargo;
mod console;
#[cfg(feature = "launcher")]
pub mod launch;
mod log;
mod marker;
pub mod options;
mod os_text;
#[cfg(feature = "launcher")]
#[doc(hidden)]
pub mod replay;
mod report;
mod root;
mod runner;
mod show;
mod supervise;
mod sync;

pub use marker::{identity, marker, marker_len};
pub use root::{Defaults, NextestUnit, Root};
pub use runner::{harness, main};
