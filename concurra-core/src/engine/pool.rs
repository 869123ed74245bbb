//! The rayon pools that runs borrow; a run of the same width finds a warm one.

use std::any::Any;
use std::io::Write;
use std::sync::{Arc, Mutex};
use std::{mem, process};

use rayon_core::{ThreadPool, ThreadPoolBuildError, ThreadPoolBuilder};

use super::idle_threads::IdleThreads;
use crate::failure;
use crate::settings::MOST_HELPERS;
use crate::sync::lock;

/// A pool whose first threads run worker loops. Its other threads run only what bodies hand to
/// rayon, such as pieces of parallel iterators, so that a loop's thread never has to.
pub(crate) struct Pool {
    /// Kept for its threads, which live as long as it.
    _threads: ThreadPool,
    pub(super) idle: Arc<IdleThreads>,
    width: usize,
    /// The process that has the threads.
    process: u32,
}

/// Runs may be nested or side by side, so there may be several of one width.
static WARM: Mutex<Vec<Arc<Pool>>> = Mutex::new(Vec::new());

/// More would only hold threads that no run needs.
const MOST_WARM: usize = 4;

impl Pool {
    /// Takes a warm pool with so many threads for loops, or builds one. The error is the system's, when
    /// it has no threads left.
    pub(crate) fn take(width: usize) -> Result<Arc<Self>, ThreadPoolBuildError> {
        let mut warm = lock(&WARM);
        // A process that a task forked has the pools, but not their threads.
        if warm.first().is_some_and(|pool| pool.process != process::id()) {
            warm.drain(..).for_each(mem::forget);
        }
        if let Some(found) = warm.iter().position(|pool| pool.width == width) {
            return Ok(warm.swap_remove(found));
        }
        drop(warm);
        let idle = Arc::<IdleThreads>::default();
        let waiting = Arc::clone(&idle);
        let name = move |index| match index {
            _ if index < width => format!("worker-{index}"),
            _ => format!("helper-{}", index - width),
        };
        let threads = ThreadPoolBuilder::new()
            .num_threads(width + width.min(MOST_HELPERS))
            .thread_name(name)
            .start_handler(move |index| {
                failure::watch_thread();
                if index < width {
                    waiting.stay();
                }
            })
            .panic_handler(|payload| die_of(payload.as_ref()))
            .build()?;
        Ok(Arc::new(Self { _threads: threads, idle, width, process: process::id() }))
    }

    /// Keeps the pool warm for the next run; only when no body of this run is left on it.
    pub(crate) fn give_back(self: Arc<Self>) {
        let mut warm = lock(&WARM);
        if warm.len() == MOST_WARM {
            warm.remove(0);
        }
        warm.push(self);
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        self.idle.close();
    }
}

/// Ends the process, as rayon does by itself when spawned work panics. The hook of tasks keeps panics
/// for their failures, so without these words the process would end silently.
fn die_of(payload: &(dyn Any + Send)) {
    // A process that cannot write why it ends has to end all the same.
    drop(writeln!(std::io::stderr(), "{}", failure::last_words(payload)));
    process::abort()
}
