//! A process and its descendants.

use std::fs;

use rustix::process::{Pid, Signal, kill_process};

/// Sends a signal to a process and kills its descendants: cargo does not pass signals on, and its
/// compilers would continue. Only Linux lists descendants.
pub(super) fn send(process: Pid, signal: Signal) {
    let mut tree = vec![process];
    let mut next = 0;
    while let Some(parent) = tree.get(next) {
        tree.extend(children(*parent));
        next += 1;
    }
    // A process that has ended needs no signal.
    let _ = kill_process(process, signal);
    for descendant in &tree[1..] {
        let _ = kill_process(*descendant, Signal::KILL);
    }
}

/// The children of all threads of a process.
fn children(process: Pid) -> Vec<Pid> {
    let threads = fs::read_dir(format!("/proc/{process}/task")).into_iter().flatten().flatten();
    let lists = threads.flat_map(|thread| fs::read_to_string(thread.path().join("children")));
    let numbers = lists.collect::<String>();
    let numbers = numbers.split_whitespace().filter_map(|number| number.parse().ok());
    numbers.filter_map(Pid::from_raw).collect()
}
