//! Lets a body ask whether its task was cancelled.

use std::cell::RefCell;
use std::sync::Arc;

use super::run::Run;
use super::worker::Worker;

thread_local! {
    static HERE: RefCell<Option<(Arc<Run>, Arc<Worker>)>> = const { RefCell::new(None) };
}

/// Restores the thread's earlier loop when it is dropped.
pub(super) struct Here(Option<(Arc<Run>, Arc<Worker>)>);

/// Records whose loop this thread runs. A body may start a run whose loop comes to the same thread.
pub(super) fn enter(run: &Arc<Run>, worker: &Arc<Worker>) -> Here {
    Here(HERE.replace(Some((Arc::clone(run), Arc::clone(worker)))))
}

impl Drop for Here {
    fn drop(&mut self) {
        drop(HERE.replace(self.0.take()));
    }
}

/// Whether the task on this thread was abandoned or its run is stopping: the task exceeded its
/// timeout, or the run was aborted, interrupted or stopped by a failure. A long body may ask now and
/// then, and return early. Its result counts unless the task was abandoned.
///
/// Call it on the body's own thread. It returns `false` on threads that a body starts, and on those
/// that run pieces of its parallel iterators.
///
/// ```
/// let mut runner = concurra_core::Runner::new();
/// runner.add("scan", || (0..1000).take_while(|_| !concurra_core::is_cancelled()).count());
/// assert_eq!(*runner.run().unwrap()["scan"].result::<usize>().unwrap(), 1000);
/// ```
#[must_use]
pub fn is_cancelled() -> bool {
    let asked = HERE.try_with(|here| {
        here.borrow().as_ref().is_some_and(|(run, worker)| {
            // Another worker may run the next attempt of an abandoned task.
            let abandoned = |task| !run.machine().is_running(task) || worker.is_abandoned();
            worker.task().is_some_and(|task| run.machine().is_stopping() || abandoned(task))
        })
    });
    asked.unwrap_or(false)
}
