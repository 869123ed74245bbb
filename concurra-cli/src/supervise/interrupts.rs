//! Signals to `mtrun`, as orders to its runner. Other children end at the first signal.
//!
//! In a terminal the signal reaches the child as well, from a script only `mtrun`. The runner
//! ignores signals and takes orders instead, so one signal counts once in both cases.

use std::io::{self, Read};
use std::process::{self, ChildStdout, Command, ExitStatus, Output, Stdio};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use concurra_core::{Answer, StopReason, TakenSignals};
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, waitid};

use super::{ExitClass, Order, Orders, process_tree};
use crate::sync::lock;

/// How long a child that must leave at once may take before `mtrun` kills it.
const PATIENCE: Duration = Duration::from_millis(300);

/// How much later than its child `mtrun` may see a signal.
const MOMENT: Duration = Duration::from_millis(50);

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
    /// `mtrun` has ended a child that would have gone on.
    has_killed: bool,
}

/// A child that runs.
#[derive(Clone, Debug)]
struct Child {
    process: Pid,
    /// A runner takes orders, and may finish its tasks. Any other child has nothing to finish.
    orders: Option<Orders>,
}

/// A child that runs, to wait for: a runner, cargo, or a runner that lists its tasks.
#[derive(Debug)]
pub(crate) struct Running {
    child: process::Child,
    interrupts: Interrupts,
}

impl Interrupts {
    /// Listens until the returned value is dropped.
    pub(crate) fn listen(&self) -> io::Result<TakenSignals> {
        let own = self.clone();
        TakenSignals::new(Answer::Stop, move |reason, answer| own.take(reason, answer))
    }

    /// The signal that asks `mtrun` to end.
    pub(crate) fn first(&self) -> Option<StopReason> {
        lock(&self.0.state).first
    }

    /// Whether `mtrun` has ended a child that would have gone on.
    pub(crate) fn has_killed(&self) -> bool {
        lock(&self.0.state).has_killed
    }

    /// Starts a child; a runner takes orders.
    ///
    /// # Errors
    /// The program cannot be started, or a signal came before.
    pub(crate) fn start(
        &self,
        command: &mut Command,
        orders: Option<Orders>,
    ) -> io::Result<Running> {
        // A signal waits for the lock, so that it finds the child.
        let mut state = lock(&self.0.state);
        if state.first.is_some() {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let child = command.spawn()?;
        state.child = Some(Child { process: Pid::from_child(&child), orders });
        Ok(Running { child, interrupts: self.clone() })
    }

    /// Runs a child to its end and collects its output.
    ///
    /// # Errors
    /// The program cannot be started, or its output not be read.
    pub(crate) fn output(&self, command: &mut Command) -> io::Result<Output> {
        let command = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut running = self.start(command, None)?;
        let (mut out, mut errors) = (running.stdout(), running.child.stderr.take());
        let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
        std::thread::scope(|scope| {
            scope.spawn(|| errors.as_mut().map(|pipe| pipe.read_to_end(&mut stderr)));
            out.as_mut().map(|pipe| pipe.read_to_end(&mut stdout)).transpose()
        })?;
        Ok(Output { status: running.wait()?, stdout, stderr })
    }

    fn take(&self, reason: StopReason, answer: Answer) {
        let mut state = lock(&self.0.state);
        let is_first = state.first.is_none();
        state.first.get_or_insert(reason);
        self.0.changed.notify_all();
        let Some(Child { process, orders }) = state.child.clone() else {
            if !is_first {
                // `mtrun` itself may wait for something that never comes.
                process::exit(ExitClass::Stopped(reason).mtrun_code().into());
            }
            return;
        };
        state.has_killed |= answer == Answer::Exit || orders.is_none();
        match (&orders, answer) {
            (Some(orders), Answer::Stop) => orders.give(Order::Stop(reason)),
            (Some(orders), Answer::Cancel) => orders.give(Order::Cancel(reason)),
            (Some(orders), Answer::Exit) => orders.give(Order::Exit(reason)),
            (None, _) if reason == StopReason::Interrupt => {
                process_tree::send(process, Signal::INT);
            }
            (None, _) => process_tree::send(process, Signal::TERM),
        }
        drop(state);
        let (own, orders) = (self.clone(), orders.filter(|_| answer != Answer::Exit));
        std::thread::spawn(move || own.kill(process, orders.as_ref(), PATIENCE));
    }

    /// Kills a child that still runs after `patience`, unless it is a runner that took its order.
    fn kill(&self, process: Pid, orders: Option<&Orders>, patience: Duration) {
        let runs = |state: &mut State| {
            state.child.as_ref().is_some_and(|running| running.process == process)
        };
        let waited = self.0.changed.wait_timeout_while(lock(&self.0.state), patience, runs);
        // `wait` removes the child under this lock before it reaps the process. So the number still
        // belongs to the child.
        let (mut state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        if runs(&mut state) && !orders.is_some_and(Orders::is_connected) {
            state.has_killed = true;
            process_tree::send(process, Signal::KILL);
        }
    }
}

impl Running {
    /// Takes its stdout, if that is a pipe.
    pub(crate) fn stdout(&mut self) -> Option<ChildStdout> {
        self.child.stdout.take()
    }

    /// Waits for its end.
    ///
    /// # Errors
    /// The system cannot wait for it.
    pub(crate) fn wait(mut self) -> io::Result<ExitStatus> {
        let child = Pid::from_child(&self.child);
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
        // The child keeps its number until `wait` reaps it, so `kill` may send a signal until then.
        let ended = rustix::io::retry_on_intr(|| waitid(WaitId::Pid(child), options));
        let ran = lock(&self.interrupts.0.state).child.take();
        self.interrupts.0.changed.notify_all();
        ended?;
        let status = self.child.wait()?;
        if !status.success() && ran.is_some_and(|child| child.orders.is_none()) {
            // A signal of the terminal reaches `mtrun` and its child at once: a child that failed may have
            // been faster.
            let is_missing = |state: &mut State| state.first.is_none();
            let state = lock(&self.interrupts.0.state);
            drop(self.interrupts.0.changed.wait_timeout_while(state, MOMENT, is_missing));
        }
        Ok(status)
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
        let process = lock(&interrupts.0.state).child.clone().expect("a child").process;
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
        interrupts.take(StopReason::Terminate, Answer::Cancel);
        let status = child.expect("it starts").wait().expect("an end");
        assert_eq!(status.signal(), Some(Signal::KILL.as_raw()));
    }

    #[test]
    fn a_second_signal_ends_mtrun_also_when_it_waits_for_no_child() {
        const INSIDE: &str = "CONCURRA_TEST_SECOND_SIGNAL";
        if std::env::var_os(INSIDE).is_some() {
            let interrupts = Interrupts::default();
            for answer in [Answer::Cancel, Answer::Exit] {
                interrupts.take(StopReason::Terminate, answer);
            }
            process::exit(0);
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
        interrupts.take(StopReason::Interrupt, Answer::Stop);
        assert!(interrupts.start(&mut Command::new("true"), None).is_err());
        assert_eq!(interrupts.first(), Some(StopReason::Interrupt));
    }
}
