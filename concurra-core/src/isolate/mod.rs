//! Worker processes: other instances of this program that run annotated functions one after the
//! other, for a run in this one. Unaware of graphs, engines and reports.
//!
//! Parent and child send each other lines of JSON over a socket. The child asks for results and shared
//! values when a task reads them, so only values that a task needs cross.

mod child;
mod error;
mod host;
mod hosts;
mod log;
mod messages;
mod program;
mod remote;
mod wire;

use std::env;
use std::ffi::OsString;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

pub(crate) use host::Host;
pub(crate) use hosts::Hosts;
pub(crate) use messages::{Answer, Done, Question, key};

/// The variable with the parent's number. A process that a task starts inherits the variable, but its
/// parent has another number, so it does not take itself for a worker process.
const PARENT: &str = "CONCURRA_WORKER_OF";

/// The arguments of worker processes; set when this program can have worker processes.
static ARGUMENTS: OnceLock<Vec<OsString>> = OnceLock::new();

/// Lets this program start worker processes for isolated tasks. Programs with a `main` of their own
/// begin it with this line; `concurra::main!()` does so by itself.
///
/// In a worker process it does not return.
///
/// ```
/// concurra_core::worker_process();
/// // The program's own work.
/// ```
pub fn worker_process() {
    worker_process_with([]);
}

/// As [`worker_process`], for programs that come to this line only with some arguments.
#[doc(hidden)]
pub fn worker_process_with(arguments: impl IntoIterator<Item = OsString>) {
    let parent = env::var(PARENT).ok().and_then(|parent| parent.parse().ok());
    let real = rustix::process::getppid().map(|parent| parent.as_raw_nonzero().get());
    if parent.is_some() && parent == real {
        SERVES.store(true, Ordering::Relaxed);
        program::take_name();
        child::serve();
    }
    program::remember();
    // The first call counts: it knows the program's own arguments.
    drop(ARGUMENTS.set(arguments.into_iter().collect()));
}

/// Whether this program is a worker process.
static SERVES: AtomicBool = AtomicBool::new(false);

/// Whether this process is a worker process, which cannot have worker processes itself.
pub(crate) fn is_worker_process() -> bool {
    SERVES.load(Ordering::Relaxed)
}

/// Whether this program can have worker processes.
pub(crate) fn is_possible() -> bool {
    ARGUMENTS.get().is_some()
}
