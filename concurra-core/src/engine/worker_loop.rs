//! The loop that a worker's thread runs: take a task, run it, release its dependents.

use std::sync::Arc;

use super::attempt::After;
use super::cancelled;
use super::ready::Queue;
use super::run::{LoopStart, Run};
use super::worker::Worker;
use crate::failure;
use crate::graph::TaskId;
use crate::outcome::Outcome;
use crate::sync::{LOOK, look_for};

/// The state of one loop.
struct WorkerLoop<'r> {
    run: &'r Arc<Run>,
    worker: &'r Arc<Worker>,
    queue: Queue,
    /// When the last body ended.
    now: u64,
}

/// What the loop does next.
enum Next {
    Look,
    Run(TaskId),
    Leave,
}

/// Runs tasks until the run is over or the conductor abandons the loop's body.
pub(crate) fn work(run: Arc<Run>, LoopStart { worker, queue }: LoopStart) {
    let here = cancelled::enter(&run, &worker);
    failure::watch_thread();
    WorkerLoop { run: &run, worker: &worker, queue, now: run.now() }.work();
    drop(here);
    let (loops, abandoned) = (Arc::clone(&run.loops), worker.is_abandoned());
    // This thread may be the last that has the results.
    failure::discard(run);
    if abandoned {
        worker.body_returned();
        loops.body_returned();
    } else {
        loops.leave();
    }
}

impl WorkerLoop<'_> {
    fn work(mut self) {
        let mut next = Next::Look;
        loop {
            next = match next {
                Next::Run(task) => self.step(task),
                Next::Look => match self.take() {
                    Some(task) => self.step(task),
                    None => self.rest(),
                },
                Next::Leave => return,
            }
        }
    }

    /// Takes a task.
    fn take(&self) -> Option<TaskId> {
        let (task, others) = self.run.ready.pop(&self.queue)?;
        // While they moved to this deque no other worker could see them.
        self.run.sleep.wake(others);
        Some(task)
    }

    /// Runs a task.
    fn step(&mut self, task: TaskId) -> Next {
        let run = self.run;
        if !run.serial.enter(run.table.body(task), task) {
            return Next::Look;
        }
        self.worker.begin(task);
        let Some(plain) = run.machine().start(task) else {
            self.worker.end();
            run.leave_serial(task);
            return Next::Look;
        };
        let (ended, after) = run.execute(task, plain, self.worker, self.start_of(task));
        // Drops of results are user code, whose time does not belong to the next task.
        self.now = if run.table.frees_results() { run.now() } else { ended };
        self.worker.end();
        match after {
            After::Ended(outcome) => {
                run.leave_serial(task);
                let (next, skipped) = self.release(task, outcome);
                self.worker.note_ended(1 + skipped);
                next.map_or(Next::Look, Next::Run)
            }
            After::Abandoned if self.worker.is_abandoned() => Next::Leave,
            After::Postponed | After::Abandoned => Next::Look,
        }
    }

    /// When a task starts: when the last body on this thread or the last dependency ended. To read the clock
    /// once more would take longer than a short body.
    fn start_of(&self, task: TaskId) -> u64 {
        let table = &self.run.table;
        let dependencies = table.plan.graph().dependencies(task).iter();
        dependencies.fold(self.now, |latest, task| latest.max(table.ended(*task)))
    }

    /// Makes the dependents of a task ready. Returns one of them to run next, and how many were
    /// skipped.
    fn release(&self, task: TaskId, outcome: Outcome) -> (Option<TaskId>, usize) {
        let (run, mut next, mut pushed) = (self.run, None, 0);
        let skipped = run.release(task, outcome, |ready| {
            if next.is_none() && run.ready.keeps_next() {
                next = Some(ready);
            } else {
                run.ready.push(&self.queue, ready);
                pushed += 1;
            }
        });
        run.sleep.wake(pushed);
        (next, skipped)
    }

    /// Counts the ended tasks, looks for work for a while, then sleeps.
    fn rest(&mut self) -> Next {
        self.run.count_ended(self.worker.take_uncounted());
        let (sleep, ready) = (&self.run.sleep, &self.run.ready);
        look_for(LOOK, || (ready.has_any() || sleep.is_closed()).then_some(()));
        if !sleep.rest(|| ready.has_any()) {
            return Next::Leave;
        }
        self.now = self.run.now();
        Next::Look
    }
}
