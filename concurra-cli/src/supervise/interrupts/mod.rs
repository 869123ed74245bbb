//! Ctrl-C and SIGTERM to `mtrun`: the first asks the child to stop, the second ends it.
//!
//! In a terminal the signal reaches the child as well, from a script only `mtrun`. The runner
//! ignores signals and takes orders instead, so one signal counts once in both cases.

mod child;
mod process_tree;

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use concurra_core::{StopReason, TakenSignals};
use rustix::process::Signal;

use crate::supervise::signals;
use crate::supervise::{ExitClass, Order, Orders};

/// How long a child that must leave at once may take before `mtrun` kills it.
const PATIENCE: Duration = Duration::from_millis(300);

/// The signals so far, and the child that runs now.
#[derive(Clone, Debug, Default)]
pub(crate) struct Interrupts(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    /// A child ended, or the first signal came.
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    first: Option<StopReason>,
    child: Option<Child>,
}

/// A child that runs.
#[derive(Clone, Debug)]
struct Child {
    process: u32,
    /// A runner takes orders, and may finish its tasks. Any other child has nothing to finish.
    orders: Option<Orders>,
}

impl Interrupts {
    /// Listens until the returned value is dropped.
    pub(crate) fn listen(&self) -> std::io::Result<TakenSignals> {
        let own = self.clone();
        signals::listen(move |reason, count| own.take(reason, count))
    }

    /// The signal that asks `mtrun` to end.
    pub(crate) fn first(&self) -> Option<StopReason> {
        self.lock().first
    }

    fn take(&self, reason: StopReason, count: u32) {
        let mut state = self.lock();
        state.first.get_or_insert(reason);
        self.0.changed.notify_all();
        let Some(Child { process, orders }) = state.child.clone() else {
            if count > 1 {
                // `mtrun` itself may wait for something that never comes.
                std::process::exit(ExitClass::Stopped(reason).mtrun_code().into());
            }
            return;
        };
        match &orders {
            Some(orders) => orders.give(if count > 1 { Order::Kill } else { Order::Stop(reason) }),
            None => {
                process_tree::send(
                    process,
                    if reason == StopReason::Interrupt { Signal::INT } else { Signal::TERM },
                );
            }
        }
        drop(state);
        let (own, orders) = (self.clone(), orders.filter(|_| count == 1));
        std::thread::spawn(move || own.kill(process, orders.as_ref(), PATIENCE));
    }

    /// Kills a child that still runs after `patience`, unless it is a runner that took its order.
    fn kill(&self, process: u32, orders: Option<&Orders>, patience: Duration) {
        let runs = |state: &mut State| {
            state.child.as_ref().is_some_and(|running| running.process == process)
        };
        let waited = self.0.changed.wait_timeout_while(self.lock(), patience, runs);
        // The lock is held while the signal is sent, so that the child is not reaped meanwhile and
        // its number given to another process.
        let (mut state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        if runs(&mut state) && !orders.is_some_and(Orders::is_connected) {
            process_tree::send(process, Signal::KILL);
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
    fn the_end_of_a_child_ends_the_wait_for_it() {
        let interrupts = Interrupts::default();
        let child = interrupts.start(&mut Command::new("true"), Some(Orders::default()));
        let process = interrupts.lock().child.clone().expect("a child").process;
        let waiting = interrupts.clone();
        let hour = Duration::from_secs(3600);
        let wait = std::thread::spawn(move || waiting.kill(process, None, hour));
        assert!(child.expect("it starts").wait().expect("an end").success());
        wait.join().expect("no panic");
    }

    #[test]
    fn a_runner_that_does_not_leave_is_killed() {
        let interrupts = Interrupts::default();
        let mut command = Command::new("sleep");
        let child = interrupts.start(command.arg("1000"), Some(Orders::default()));
        interrupts.take(StopReason::Terminate, 1);
        let status = child.expect("it starts").wait().expect("an end");
        assert_eq!(status.signal(), Some(Signal::KILL.as_raw()));
    }

    #[test]
    fn a_second_signal_ends_mtrun_also_when_it_waits_for_no_child() {
        const INSIDE: &str = "CONCURRA_TEST_SECOND_SIGNAL";
        if std::env::var_os(INSIDE).is_some() {
            let interrupts = Interrupts::default();
            for count in 1..=2 {
                interrupts.take(StopReason::Terminate, count);
            }
            std::process::exit(0);
        }
        let name =
            concat!(module_path!(), "::a_second_signal_ends_mtrun_also_when_it_waits_for_no_child");
        let (_, name) = name.split_once("::").expect("the name of the crate");
        let mut again = Command::new(std::env::current_exe().expect("a path"));
        again.args([name, "--exact"]).env(INSIDE, "yes");
        assert_eq!(again.output().expect("it starts").status.code(), Some(143));
    }

    #[test]
    fn nothing_starts_after_a_signal() {
        let interrupts = Interrupts::default();
        interrupts.take(StopReason::Interrupt, 1);
        assert!(interrupts.start(&mut Command::new("true"), None).is_err());
        assert_eq!(interrupts.first(), Some(StopReason::Interrupt));
    }
}
