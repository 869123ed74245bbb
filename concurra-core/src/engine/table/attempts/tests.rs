//! The start of a task beside a stop that ends it.

use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use crate::engine::Table;
use crate::graph::TaskId;
use crate::machine::Reach;
use crate::outcome::Outcome;
use crate::plan::Draft;
use crate::registry::FnBody;
use crate::settings::Layers;
use crate::task::{Slot, Task};

const TASK: TaskId = TaskId(0);

/// A table whose one task a worker is about to start.
fn table() -> Table {
    let mut draft = Draft::default();
    draft.push(Task::added("task".to_owned()), Slot::calling((|_| Ok(None)) as FnBody));
    let layers = Layers::default();
    let table = Table::new(draft.plan(&layers).expect("a plan"), &layers.merged());
    table.machine.begin(table.plan.graph(), Vec::new(), |_| ());
    assert!(table.machine.start(TASK).is_some());
    table
}

/// Ends the task as a stop does, and returns how many attempts its end has.
fn stop(table: &Table, swept: impl FnOnce()) -> u32 {
    table.machine.stop();
    table.machine.sweep(table.plan.graph(), Reach::Running, |_| false, |_| ());
    swept();
    table.note_abandoned(TASK, None, 2);
    table.finished(TASK, Outcome::Cancelled, 2).attempts
}

#[test]
fn a_stop_waits_for_the_report_of_a_start() {
    let table = &table();
    let (stopping, swept) = channel();
    let (ended, attempts) = channel();
    thread::scope(|scope| {
        let is_started = table.start_unless_ended(TASK, 0, 1, || {
            scope.spawn(move || {
                let stopped = stop(table, || stopping.send(()).expect("the test listens"));
                ended.send(stopped).expect("the test listens");
            });
            swept.recv().expect("the stop comes");
            // The end of the task must not be reported before its start is.
            let early = attempts.recv_timeout(Duration::from_millis(50));
            assert_eq!(early, Err(RecvTimeoutError::Timeout));
        });
        assert!(is_started);
        assert_eq!(attempts.recv(), Ok(1));
    });
}

#[test]
fn a_task_that_a_stop_has_ended_does_not_start() {
    let table = table();
    assert_eq!(stop(&table, || ()), 0);
    assert!(!table.start_unless_ended(TASK, 0, 3, || unreachable!("it has ended")));
    assert_eq!(table.finished(TASK, Outcome::Cancelled, 3).attempts, 0);
}
