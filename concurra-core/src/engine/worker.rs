//! The loop that a worker's thread runs: take a task, run it, release what waited for it.

use std::num::NonZeroUsize;
use std::sync::OnceLock;
use std::thread;

use rayon::ThreadPool;

use super::ready::Local;
use super::run::Run;
use crate::graph::TaskId;

/// A worker's end of a run.
struct WorkerLoop<'r> {
    run: &'r Run,
    parking: &'r ThreadPool,
    local: Local<'r>,
    /// Ended tasks that are not counted yet: one shared counter would cost more than the tasks.
    ended: usize,
}

/// Looks for work that often before it sleeps; a wake-up costs more than these looks.
const LOOKS: usize = 100;

/// Runs tasks until the run is over.
pub(crate) fn work(run: &Run, parking: &ThreadPool) {
    if let Some(local) = run.ready.claim() {
        WorkerLoop { run, parking, local, ended: 0 }.work();
    }
}

impl WorkerLoop<'_> {
    fn work(mut self) {
        let mut now = self.run.now();
        let mut next = None;
        loop {
            if let Some(task) = next.take().or_else(|| self.take()) {
                next = self.step(task, &mut now);
                continue;
            }
            self.run.count_ended(std::mem::take(&mut self.ended));
            if !self.wait() {
                return;
            }
            now = self.run.now();
        }
    }

    /// Takes a task from where there are some.
    fn take(&self) -> Option<TaskId> {
        let (task, others) = self.local.pop()?;
        // What came along was out of everybody's sight for a moment.
        self.run.sleep.wake(others);
        Some(task)
    }

    /// Runs a task; gives back one that it made ready.
    fn step(&mut self, task: TaskId, now: &mut u64) -> Option<TaskId> {
        if !self.run.machine().start(task) {
            return None;
        }
        let (ended, outcome) = self.run.execute(task, self.local.slot(), *now);
        *now = ended;
        let outcome = outcome?;
        let (local, mut next, mut pushed) = (&self.local, None, 0);
        let skipped = self.run.release(task, outcome, |ready| {
            if next.is_none() && local.keeps_next() {
                next = Some(ready);
            } else {
                local.push(ready);
                pushed += 1;
            }
        });
        // Idle workers may take what this one will not come to at once.
        self.run.sleep.wake(pushed);
        self.ended += 1 + skipped;
        next
    }

    /// Looks for work for a while, then sleeps; `false` when the run is over.
    fn wait(&self) -> bool {
        let crowded = rayon::current_num_threads() > cores();
        for look in 0..LOOKS {
            if self.run.ready.has_any() {
                return true;
            }
            if self.run.sleep.is_closed() {
                return false;
            }
            // With more threads than cores, whoever has the work needs this core.
            if crowded || look % 8 == 7 {
                thread::yield_now();
            } else {
                std::hint::spin_loop();
            }
        }
        self.run.sleep.sleep(self.parking, || self.run.ready.has_any())
    }
}

/// The machine's width; asking the system reads files, so it is asked once.
fn cores() -> usize {
    static CORES: OnceLock<usize> = OnceLock::new();
    *CORES.get_or_init(|| thread::available_parallelism().map_or(1, NonZeroUsize::get))
}
