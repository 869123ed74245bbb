//! Copies of this process that a body forks.
//!
//! A copy that returns from its body must not go on in the run of its parent: it would run further
//! tasks a second time.

use std::io::Write;
use std::process;

use super::Ending;

/// Ends this process if it is a copy of `process` that comes back from a body. Its exit code is 0 when
/// the body passed, else 101, as after a panic.
pub(crate) fn leave_if_copy<T>(process: u32, ended: &Result<T, Ending>) {
    if process::id() != process {
        leave(ended);
    }
}

/// The nanoseconds that a fork takes at least.
const SHORTEST_FORK: u64 = 10_000;

/// Does the same after a body that took so many nanoseconds. A body that is too short for a fork also takes less
/// time than the system call for the number of the process.
#[inline]
pub(crate) fn leave_if_copy_after<T>(took: u64, process: u32, ended: &Result<T, Ending>) {
    if took >= SHORTEST_FORK {
        leave_if_copy(process, ended);
    }
}

#[cold]
fn leave<T>(ended: &Result<T, Ending>) -> ! {
    let failure = ended.as_ref().err().and_then(Ending::failure);
    let Some(failure) = failure else { process::exit(0) };
    let place = failure.place.as_ref().map(|place| format!(" at {place}")).unwrap_or_default();
    // A copy that cannot write why it ends has to end all the same.
    drop(writeln!(
        std::io::stderr(),
        "error: in a process that a task or hook forked: {failure}{place}"
    ));
    process::exit(101)
}
