//! An external command as one attempt of a task. Unaware of tasks, clocks, timeouts and runs.
//!
//! The calling thread starts the command, reads its output and waits for its end. Another thread can
//! end it earlier, through the [`Group`].

mod capture;
mod check;
mod drain;
mod end;
mod exit;
mod explain;
mod group;
mod guard;
mod members;
mod output;
mod run;
mod spec;
#[cfg(test)]
mod tests;
mod whole_file;

pub(crate) use capture::{CaptureSpec, Shown};
pub(crate) use drain::Drain;
pub(crate) use end::End;
pub(crate) use exit::{last_words, signal_name};
pub(crate) use explain::start_hint;
pub(crate) use group::{Group, kill_this_process};
pub(crate) use guard::Guard;
pub use output::{Captured, CommandOutput};
pub(crate) use run::{Monitor, run};
pub(crate) use spec::CommandSpec;
pub(crate) use whole_file::OutputFolder;
