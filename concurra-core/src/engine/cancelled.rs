//! Lets a body ask whether its task was cancelled.

use std::cell::RefCell;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::run::Run;
use super::worker::Worker;

thread_local! {
    static HERE: RefCell<Option<Here>> = const { RefCell::new(None) };
}

/// What runs on a thread.
enum Here {
    /// The task of this worker.
    Task(Arc<Run>, Arc<Worker>),
    /// A hook, and whether it was cancelled.
    Hook(Arc<AtomicBool>),
}

impl Here {
    fn is_cancelled(&self) -> bool {
        let (run, worker) = match self {
            Self::Task(run, worker) => (run, worker),
            Self::Hook(cancelled) => return cancelled.load(Ordering::Relaxed),
        };
        // Another worker may run the next attempt of an abandoned task.
        let abandoned = |task| !run.machine().is_running(task) || worker.is_abandoned();
        worker.task().is_some_and(|task| run.machine().is_stopping() || abandoned(task))
    }
}

/// Restores what ran on the thread before when it is dropped.
pub(super) struct Restore(Option<Here>);

/// Records whose loop this thread runs. A body may start a run whose loop comes to the same thread.
pub(super) fn enter(run: &Arc<Run>, worker: &Arc<Worker>) -> Restore {
    Restore(HERE.replace(Some(Here::Task(Arc::clone(run), Arc::clone(worker)))))
}

/// Records that this thread runs a hook.
pub(super) fn enter_hook(cancelled: &Arc<AtomicBool>) -> Restore {
    Restore(HERE.replace(Some(Here::Hook(Arc::clone(cancelled)))))
}

impl Drop for Restore {
    fn drop(&mut self) {
        drop(HERE.replace(self.0.take()));
    }
}

/// Whether the task on this thread was abandoned or its run is stopping: the task exceeded its
/// timeout, or the run was aborted, interrupted or stopped by a failure. A long body may ask now and
/// then, and return early. Its result counts unless the task was abandoned.
///
/// The same holds in a setup. In a teardown, which a stop does not cancel, it says whether the teardown
/// was abandoned.
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
    let asked = HERE.try_with(|here| here.borrow().as_ref().is_some_and(Here::is_cancelled));
    asked.unwrap_or(false)
}
