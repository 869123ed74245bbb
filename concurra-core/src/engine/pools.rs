//! The rayon pools that runs borrow; a run of the same width finds a warm one.

use std::any::Any;
use std::io::Write;
use std::process;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use rayon::{ThreadPool, ThreadPoolBuilder};

use super::idle_threads::IdleThreads;
use crate::failure;

/// A pool for worker loops and the one thread on which idle ones park.
pub(crate) struct Pools {
    /// Kept for its threads, which live as long as it.
    _workers: ThreadPool,
    pub(super) idle: Arc<IdleThreads>,
    pub(crate) parking: ThreadPool,
    width: usize,
    /// An earlier run used them.
    warm: AtomicBool,
}

/// Runs may be nested or side by side, so there may be several of one width.
static WARM: Mutex<Vec<Arc<Pools>>> = Mutex::new(Vec::new());

/// More would only hold threads that nobody needs.
const MOST_WARM: usize = 4;

impl Pools {
    /// Takes warm pools or builds new ones. The error is the system's, when it has no threads left.
    pub(crate) fn take(width: usize) -> Result<Arc<Self>, rayon::ThreadPoolBuildError> {
        let mut warm = WARM.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = warm.iter().position(|pools| pools.width == width) {
            return Ok(warm.swap_remove(found));
        }
        drop(warm);
        let named = |prefix: &'static str| move |index: usize| format!("{prefix}-{index}");
        let idle = Arc::<IdleThreads>::default();
        let arrivals = Arc::clone(&idle);
        let workers = ThreadPoolBuilder::new()
            .num_threads(width)
            .thread_name(named("worker"))
            .start_handler(move |_| {
                failure::watch_thread();
                arrivals.stay();
            })
            .panic_handler(|payload| die_of(payload.as_ref()))
            .build()?;
        let parking =
            ThreadPoolBuilder::new().num_threads(1).thread_name(named("parking")).build()?;
        let warm = AtomicBool::new(false);
        Ok(Arc::new(Self { _workers: workers, idle, parking, width, warm }))
    }

    /// Whether an earlier run used them.
    pub(crate) fn is_warm(&self) -> bool {
        self.warm.load(Ordering::Relaxed)
    }

    /// Keeps the pools warm for the next run; only when no body of this run is left on them.
    pub(crate) fn give_back(self: Arc<Self>) {
        self.warm.store(true, Ordering::Relaxed);
        let mut warm = WARM.lock().unwrap_or_else(PoisonError::into_inner);
        if warm.len() == MOST_WARM {
            warm.remove(0);
        }
        warm.push(self);
    }
}

impl Drop for Pools {
    fn drop(&mut self) {
        self.idle.close();
    }
}

/// Ends the process, as rayon does by itself when work panics that nobody waits for. A task's
/// panics are kept for its failure, so this one would end the process without a word.
fn die_of(payload: &(dyn Any + Send)) {
    let mut stderr = std::io::stderr();
    // A process that cannot say why it ends has to end all the same.
    drop(writeln!(stderr, "{}", failure::last_words(payload)));
    process::abort()
}
