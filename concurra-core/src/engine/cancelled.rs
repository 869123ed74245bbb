//! Lets a body ask whether anybody still waits for it.

use std::cell::RefCell;
use std::sync::Arc;

use super::run::Run;
use super::worker::Worker;

thread_local! {
    static HERE: RefCell<Option<(Arc<Run>, Arc<Worker>)>> = const { RefCell::new(None) };
}

/// Ends what [`enter`] began.
pub(super) struct Here(Option<(Arc<Run>, Arc<Worker>)>);

/// Says whose loop this thread runs. A body may hold a run inside, whose loop may come here.
pub(super) fn enter(run: &Arc<Run>, worker: &Arc<Worker>) -> Here {
    Here(HERE.replace(Some((Arc::clone(run), Arc::clone(worker)))))
}

impl Drop for Here {
    fn drop(&mut self) {
        drop(HERE.replace(self.0.take()));
    }
}

/// Whether the task that runs on this thread was abandoned or its run is to stop: it ran longer
/// than its timeout, or the run was aborted, interrupted or stopped by a failure. A body that takes
/// long may ask now and then, and return; what it returns counts only if it was not abandoned.
///
/// To be asked on the body's own thread: `false` on threads that run no task, such as those that a
/// body starts itself, and of no meaning in the pieces of its parallel iterators, which may run
/// beside another body.
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
            // An abandoned task may be running again, elsewhere.
            let abandoned = |task| !run.machine().is_running(task) || worker.is_abandoned();
            worker.task().is_some_and(|task| run.machine().is_stopping() || abandoned(task))
        })
    });
    asked.unwrap_or(false)
}
