//! What Ctrl-C and SIGTERM do to `mtrun`: the first asks whatever runs to stop, the second ends it.
//!
//! In a terminal the signal reaches the children as well, from a script only `mtrun`. The runner
//! lets signals pass and takes orders instead, so one signal counts once in both cases.

use std::fmt;
use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use concurra_core::TakenSignals;
use signal_hook::consts::{SIGINT, SIGKILL, SIGTERM};

use crate::supervise::Order;
use crate::supervise::signals::{self, Kind, Signal};

/// How long a runner that must leave at once has at most to end its own children.
const LAST_WORDS: Duration = Duration::from_millis(300);

/// The signals so far, and what runs now.
#[derive(Clone, Debug, Default)]
pub(super) struct Interrupts(Arc<Shared>);

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
    Cargo(u32),
    Runner(u32, Give),
}

impl fmt::Debug for Running {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Nothing => "Nothing",
            Self::Cargo(_) => "Cargo",
            Self::Runner(..) => "Runner",
        })
    }
}

/// While it lives, signals are passed on to a child.
#[must_use]
pub(super) struct Watched(Interrupts);

impl Drop for Watched {
    fn drop(&mut self) {
        self.0.lock().running = Running::Nothing;
        self.0.0.ended.notify_all();
    }
}

impl Interrupts {
    /// Listens until what it gives is dropped.
    pub(super) fn listen(&self) -> io::Result<TakenSignals> {
        let own = self.clone();
        signals::listen(move |signal| own.take(signal))
    }

    /// The signal that asks `mtrun` to end.
    pub(super) fn first(&self) -> Option<Kind> {
        self.lock().first
    }

    /// Passes signals on to cargo, which knows nothing of orders.
    pub(super) fn watch_cargo(&self, process: u32) -> Watched {
        self.watch(Running::Cargo(process))
    }

    /// Passes signals on to a runner as orders.
    pub(super) fn watch_runner(
        &self,
        process: u32,
        give: impl Fn(Order) + Send + Sync + 'static,
    ) -> Watched {
        self.watch(Running::Runner(process, Arc::new(give)))
    }

    fn watch(&self, running: Running) -> Watched {
        let missed = {
            let mut state = self.lock();
            state.running = running.clone();
            state.first
        };
        if let Some(kind) = missed {
            running.ask(kind);
        }
        Watched(self.clone())
    }

    fn take(&self, Signal { kind, count }: Signal) {
        if count > 1 {
            self.end(LAST_WORDS);
            return;
        }
        let running = {
            let mut state = self.lock();
            state.first = Some(kind);
            state.running.clone()
        };
        running.ask(kind);
    }

    /// Ends what runs; a runner may leave by itself for as long as the patience lasts.
    fn end(&self, patience: Duration) {
        let running = self.lock().running.clone();
        if let Running::Runner(_, give) = running {
            give(Order::Kill);
        }
        let leaves = |state: &mut State| matches!(state.running, Running::Runner(..));
        let waited = self.0.ended.wait_timeout_while(self.lock(), patience, leaves);
        let (state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        // What ended meanwhile is no longer ours to kill.
        match state.running {
            Running::Cargo(process) | Running::Runner(process, _) => {
                signals::send(process, SIGKILL);
            }
            Running::Nothing => {}
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Running {
    fn ask(&self, kind: Kind) {
        match self {
            Self::Nothing => {}
            Self::Cargo(process) => {
                signals::send(*process, if kind == Kind::Interrupt { SIGINT } else { SIGTERM });
            }
            Self::Runner(_, give) => give(Order::Stop(kind)),
        }
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
