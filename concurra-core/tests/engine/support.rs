//! What the scenarios share.

use std::ops::Deref;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;
use std::{env, fs, process, thread};

use concurra_core::{Report, Runner};

/// Each scenario runs with one worker, with fewer than it has tasks, and with more.
pub(crate) const WIDTHS: [usize; 3] = [1, 2, 8];

/// Reached only by an engine that hangs.
const PATIENCE: Duration = Duration::from_secs(60);

/// Fails instead of hanging.
pub(crate) fn watched<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let (done, finished) = channel();
    let worker = thread::spawn(move || {
        let worked = work();
        let _ = done.send(());
        worked
    });
    match finished.recv_timeout(PATIENCE) {
        Err(RecvTimeoutError::Timeout) => panic!("the run hangs"),
        _ => worker.join().unwrap_or_else(|panic| resume_unwind(panic)),
    }
}

/// Runs a plan that is right; fails instead of hanging.
pub(crate) fn run(runner: Runner) -> Report {
    watched(|| runner.run()).expect("a plan")
}

/// A file that is not there yet, and not any more when the scenario is over.
pub(crate) struct Scratch(PathBuf);

impl Scratch {
    pub(crate) fn new(name: &str) -> Self {
        let path = env::temp_dir().join(format!("concurra-{name}-{}", process::id()));
        drop(fs::remove_file(&path));
        Self(path)
    }
}

impl Deref for Scratch {
    type Target = Path;

    fn deref(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        drop(fs::remove_file(&self.0));
    }
}

/// Lets a number of threads through when all of them are there.
#[derive(Clone, Debug, Default)]
pub(crate) struct Gate(Arc<(Mutex<usize>, Condvar)>);

impl Gate {
    /// Waits until so many have come; panics when they do not come.
    pub(crate) fn meet(&self, all: usize) {
        let met = self.wait(all);
        assert!(met >= all, "only {met} of {all} met");
    }

    /// Waits until so many have come, but not for ever; tells how many did.
    pub(crate) fn wait(&self, all: usize) -> usize {
        let (count, changed) = &*self.0;
        let mut count = count.lock().expect("no panic under the lock");
        *count += 1;
        changed.notify_all();
        let patience = PATIENCE / 6;
        *changed
            .wait_timeout_while(count, patience, |count| *count < all)
            .expect("no panic under the lock")
            .0
    }

    /// Opens a gate that waits for two.
    pub(crate) fn open(&self) {
        *self.0.0.lock().expect("no panic under the lock") += 1;
        self.0.1.notify_all();
    }

    /// Waits until another thread opens the gate.
    pub(crate) fn pass(&self) {
        self.meet(2);
    }
}

/// What happened, in order.
#[derive(Clone, Debug)]
pub(crate) struct Log<T>(Arc<Mutex<Vec<T>>>);

impl<T> Default for Log<T> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<T: Clone> Log<T> {
    pub(crate) fn add(&self, what: T) {
        self.0.lock().expect("no panic under the lock").push(what);
    }

    pub(crate) fn all(&self) -> Vec<T> {
        self.0.lock().expect("no panic under the lock").clone()
    }
}

/// Random numbers that are the same every time (xorshift).
pub(crate) struct Random(u64);

impl Random {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub(crate) const fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % end
    }

    /// For each task what it waits for: up to `most` others, before or behind it in the source.
    pub(crate) fn needs(&mut self, tasks: usize, most: usize) -> Vec<Vec<usize>> {
        let mut order: Vec<usize> = (0..tasks).collect();
        (1..tasks).for_each(|at| order.swap(at, self.below(at + 1)));
        let mut needs = vec![Vec::new(); tasks];
        for later in 1..tasks {
            let count = self.below(most + 1);
            needs[order[later]] = (0..count).map(|_| order[self.below(later)]).collect();
        }
        needs
    }
}

pub(crate) fn names(tasks: &[usize]) -> impl Iterator<Item = String> {
    tasks.iter().map(ToString::to_string)
}
