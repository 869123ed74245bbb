//! A process and all that it started.

use std::fs;
use std::path::Path;

use rustix::process::Signal;

use crate::supervise::signals;

/// Sends a signal to a process and kills its descendants: cargo does not pass signals on, and its
/// compilers would continue. Elsewhere than on Linux only the process itself is known.
pub(super) fn send(process: u32, signal: Signal) {
    let mut tree = vec![process];
    let mut next = 0;
    while let Some(parent) = tree.get(next) {
        tree.extend(children(*parent));
        next += 1;
    }
    signals::send(process, signal);
    tree.iter().skip(1).for_each(|descendant| signals::send(*descendant, Signal::KILL));
}

/// The children of all threads of a process.
fn children(process: u32) -> Vec<u32> {
    let threads = Path::new("/proc").join(process.to_string()).join("task");
    let threads = fs::read_dir(threads).into_iter().flatten().flatten();
    let lists =
        threads.filter_map(|thread| fs::read_to_string(thread.path().join("children")).ok());
    let lists = lists.collect::<String>();
    lists.split_whitespace().filter_map(|number| number.parse().ok()).collect()
}
