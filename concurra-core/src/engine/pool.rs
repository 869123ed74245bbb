//! The rayon pools that runs borrow; a run of the same width finds a warm one.

use std::any::Any;
use std::io::{self, Write};
use std::sync::{Arc, Mutex};
use std::{mem, process, thread};

use rayon_core::{ThreadBuilder, ThreadPool, ThreadPoolBuildError, ThreadPoolBuilder};

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
    /// The other threads, as long as they have not started.
    helpers: Mutex<Vec<ThreadBuilder>>,
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
        let mut helpers = Vec::new();
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
            .spawn_handler(|thread| {
                if thread.index() < width {
                    return start(thread);
                }
                helpers.push(thread);
                Ok(())
            })
            .build()?;
        let (helpers, process) = (Mutex::new(helpers), process::id());
        Ok(Arc::new(Self { _threads: threads, idle, helpers, width, process }))
    }

    /// Starts the threads that only help, unless an earlier run has. Where the system has no thread left, bodies do without.
    pub(super) fn start_helpers(&self) {
        lock(&self.helpers).drain(..).for_each(|helper| drop(start(helper)));
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

fn start(thread: ThreadBuilder) -> io::Result<()> {
    let named = thread::Builder::new().name(thread.name().unwrap_or_default().to_owned());
    named.spawn(|| thread.run()).map(drop)
}

/// Ends the process, as rayon does by itself when spawned work panics. The hook of tasks keeps panics
/// for their failures, so without these words the process would end silently.
fn die_of(payload: &(dyn Any + Send)) {
    // A process that cannot write why it ends has to end all the same.
    drop(writeln!(io::stderr(), "{}", failure::last_words(payload)));
    process::abort()
}
