//! What Ctrl-C and SIGTERM do to `mtrun`: the first asks what runs to stop, the second ends it.
//!
//! In a terminal the signal reaches the children as well, from a script only `mtrun`. The runner
//! ignores signals and takes orders instead, so one signal counts once in both cases. Every other
//! child is a [`Helper`], which a signal ends.

mod helper;
mod process_tree;

use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use concurra_core::TakenSignals;
use signal_hook::consts::{SIGINT, SIGKILL, SIGTERM};

use crate::supervise::signals::{self, Kind, Signal};
use crate::supervise::{Order, Orders};

/// How long a child that must leave at once may take before `mtrun` kills it.
const PATIENCE: Duration = Duration::from_millis(300);

/// The signals so far, and what runs now.
#[derive(Clone, Debug, Default)]
pub(crate) struct Interrupts(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    ended: Condvar,
}

#[derive(Debug, Default)]
struct State {
    first: Option<Kind>,
    running: Running,
}

#[derive(Clone, Debug, Default)]
enum Running {
    #[default]
    Nothing,
    Helper(u32),
    Runner(u32, Orders),
}

/// While it lives, signals are passed on to a child.
#[derive(Debug)]
#[must_use]
pub(crate) struct Watched(Interrupts);

impl Drop for Watched {
    fn drop(&mut self) {
        self.0.lock().running = Running::Nothing;
        self.0.0.ended.notify_all();
    }
}

impl Interrupts {
    /// Listens until the returned value is dropped.
    pub(crate) fn listen(&self) -> io::Result<TakenSignals> {
        let own = self.clone();
        signals::listen(move |signal| own.take(signal))
    }

    /// The signal that asks `mtrun` to end.
    pub(crate) fn first(&self) -> Option<Kind> {
        self.lock().first
    }

    /// Passes signals on to a runner as orders.
    pub(crate) fn watch_runner(&self, process: u32, orders: Orders) -> Watched {
        self.watch(Running::Runner(process, orders))
    }

    /// Passes signals on to a child that has nothing to finish.
    pub(crate) fn watch_helper(&self, process: u32) -> Watched {
        self.watch(Running::Helper(process))
    }

    fn watch(&self, running: Running) -> Watched {
        let missed = {
            let mut state = self.lock();
            state.running = running;
            state.first
        };
        if let Some(kind) = missed {
            self.ask(kind);
        }
        Watched(self.clone())
    }

    fn take(&self, Signal { kind, count }: Signal) {
        if count > 1 {
            return self.end(PATIENCE);
        }
        self.lock().first = Some(kind);
        self.ask(kind);
    }

    /// Asks what runs to stop. A runner may finish its tasks; a helper has nothing to finish, nor has
    /// a runner that has not come so far as to take orders.
    fn ask(&self, kind: Kind) {
        let running = self.lock().running.clone();
        let own = self.clone();
        match running {
            Running::Nothing => {}
            Running::Helper(process) => {
                process_tree::send(process, if kind == Kind::Interrupt { SIGINT } else { SIGTERM });
                // The caller may be the one that waits for the helper.
                std::thread::spawn(move || own.kill(process, PATIENCE, || true));
            }
            Running::Runner(process, orders) => {
                orders.give(Order::Stop(kind));
                if !orders.is_connected() {
                    let is_absent = move || !orders.is_connected();
                    std::thread::spawn(move || own.kill(process, PATIENCE, is_absent));
                }
            }
        }
    }

    /// Ends what runs; a runner may take `patience` to leave by itself.
    fn end(&self, patience: Duration) {
        let running = self.lock().running.clone();
        match running {
            Running::Nothing => {}
            Running::Helper(process) => self.kill(process, Duration::ZERO, || true),
            Running::Runner(process, orders) => {
                orders.give(Order::Kill);
                self.kill(process, patience, || true);
            }
        }
    }

    /// Kills a child that still runs after `patience`, if the condition holds then.
    fn kill(&self, process: u32, patience: Duration, condition: impl FnOnce() -> bool) {
        let runs = |state: &mut State| match state.running {
            Running::Nothing => false,
            Running::Helper(running) | Running::Runner(running, _) => running == process,
        };
        let waited = self.0.ended.wait_timeout_while(self.lock(), patience, runs);
        // The lock is held while the signal is sent, as the number of an ended child may be reused.
        let (mut state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        if runs(&mut state) && condition() {
            process_tree::send(process, SIGKILL);
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::process::ExitStatusExt;
    use std::process::Command;

    use super::*;

    #[test]
    fn the_end_of_a_runner_ends_the_wait_for_it() {
        let interrupts = Interrupts::default();
        // No process has this number, so nothing is killed should the wait run out.
        let watched = interrupts.watch_runner(u32::MAX, Orders::default());
        let runner = std::thread::spawn(move || drop(watched));
        interrupts.end(Duration::from_secs(3600));
        runner.join().expect("no panic");
    }

    #[test]
    fn a_runner_that_does_not_leave_is_killed() {
        let interrupts = Interrupts::default();
        let mut child = Command::new("sleep").arg("1000").spawn().expect("it starts");
        let watched = interrupts.watch_runner(child.id(), Orders::default());
        interrupts.end(Duration::ZERO);
        assert_eq!(child.wait().expect("an end").signal(), Some(SIGKILL));
        drop(watched);
    }
}
