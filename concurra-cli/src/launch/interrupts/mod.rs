//! What Ctrl-C and SIGTERM do to `mtrun`: the first asks what runs to stop, the second ends it.
//!
//! In a terminal the signal reaches the children as well, from a script only `mtrun`. The runner
//! ignores signals and takes orders instead, so one signal counts once in both cases. Every child
//! that is no runner is a [`Helper`], so that a signal ends it.

mod helper;
mod process_tree;

use std::fmt;
use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use concurra_core::TakenSignals;
use signal_hook::consts::{SIGINT, SIGKILL, SIGTERM};

use crate::supervise::Order;
use crate::supervise::signals::{self, Kind, Signal};

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

type Give = Arc<dyn Fn(Order) + Send + Sync>;

#[derive(Clone, Default)]
enum Running {
    #[default]
    Nothing,
    Helper(u32),
    Runner(u32, Give),
}

impl fmt::Debug for Running {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Nothing => "Nothing",
            Self::Helper(_) => "Helper",
            Self::Runner(..) => "Runner",
        })
    }
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
    pub(crate) fn watch_runner(
        &self,
        process: u32,
        give: impl Fn(Order) + Send + Sync + 'static,
    ) -> Watched {
        self.watch(Running::Runner(process, Arc::new(give)))
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

    /// Asks what runs to stop. A runner may finish its tasks; a helper has nothing to finish.
    fn ask(&self, kind: Kind) {
        let running = self.lock().running.clone();
        match running {
            Running::Nothing => {}
            Running::Helper(process) => {
                process_tree::send(process, if kind == Kind::Interrupt { SIGINT } else { SIGTERM });
                let own = self.clone();
                // The caller may be the one that waits for the helper.
                std::thread::spawn(move || own.kill(process, PATIENCE));
            }
            Running::Runner(_, give) => give(Order::Stop(kind)),
        }
    }

    /// Ends what runs; a runner may take `patience` to leave by itself.
    fn end(&self, patience: Duration) {
        let running = self.lock().running.clone();
        match running {
            Running::Nothing => {}
            Running::Helper(process) => self.kill(process, Duration::ZERO),
            Running::Runner(process, give) => {
                give(Order::Kill);
                self.kill(process, patience);
            }
        }
    }

    /// Kills a child that still runs after `patience`.
    fn kill(&self, process: u32, patience: Duration) {
        let runs = |state: &mut State| match state.running {
            Running::Nothing => false,
            Running::Helper(running) | Running::Runner(running, _) => running == process,
        };
        let waited = self.0.ended.wait_timeout_while(self.lock(), patience, runs);
        // The lock is held while the signal is sent, as the number of an ended child may be reused.
        let (mut state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        if runs(&mut state) {
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
    use std::sync::mpsc::channel;

    use super::*;

    #[test]
    fn the_end_of_a_runner_ends_the_wait_for_it() {
        let interrupts = Interrupts::default();
        let (sender, orders) = channel();
        // No process has this number, so nothing is killed should the wait run out.
        let give = move |order| sender.send(order).expect("a listener");
        let watched = interrupts.watch_runner(u32::MAX, give);
        let runner = std::thread::spawn(move || {
            let order = orders.recv();
            drop(watched);
            order
        });
        interrupts.end(Duration::from_secs(3600));
        assert_eq!(runner.join().expect("no panic"), Ok(Order::Kill));
    }

    #[test]
    fn a_runner_that_does_not_leave_is_killed() {
        let interrupts = Interrupts::default();
        let mut child = Command::new("sleep").arg("1000").spawn().expect("it starts");
        let watched = interrupts.watch_runner(child.id(), |_| {});
        interrupts.end(Duration::ZERO);
        assert_eq!(child.wait().expect("an end").signal(), Some(SIGKILL));
        drop(watched);
    }
}
