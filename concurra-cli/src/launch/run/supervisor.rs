//! Starts a runner and watches over it.

use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;
use std::sync::Arc;

use concurra_core::shown::line;
use concurra_core::{Counts, Outcome};

use super::start::Start;
use crate::launch::error::LaunchError;
use crate::supervise::{
    Closing, ExitClass, Interrupts, KnownFailure, Received, SharedReporters, VARIABLE, Watch,
};

/// How a runner ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) class: ExitClass,
    /// How many tasks ended how, also before a crash.
    pub(crate) counts: Counts,
    pub(crate) closing: Option<Closing>,
    /// The failures that the runner could not print any more.
    pub(crate) unprinted: Vec<KnownFailure>,
    /// Why the run did not start or not finish.
    pub(crate) trouble: Option<String>,
}

impl Ended {
    /// Prints why the runner of a target did not start or not finish, with `mask` over secrets, and what it
    /// could not print.
    pub(crate) fn of(
        ended: Result<Self, LaunchError>,
        label: &str,
        mask: impl Fn(&str) -> String,
    ) -> Self {
        let mut ended = ended.unwrap_or_else(|error| Self {
            class: error.class(),
            counts: Counts::default(),
            closing: None,
            unprinted: Vec::new(),
            trouble: Some(error.to_string()),
        });
        ended.unprinted.iter().for_each(|failure| eprint!("{}", failure.text));
        if let Some(trouble) = &mut ended.trouble {
            *trouble = mask(trouble);
            eprintln!("error: {}: {trouble}", line(label));
        }
        ended
    }

    /// The failures of tasks and hooks, and one for a run that did not finish.
    pub(crate) fn failures(&self) -> usize {
        let tasks = [Outcome::Failed, Outcome::TimedOut].map(|outcome| self.counts.of(outcome));
        let hooks = |closing: &Closing| closing.failed_setups + closing.failed_teardowns;
        let hooks = self.closing.as_ref().map_or(0, hooks);
        let is_run = self.closing.is_some() || self.class == ExitClass::Failed;
        let crashed = usize::from(is_run && self.trouble.is_some());
        tasks.iter().sum::<usize>() + hooks + crashed
    }

    /// Whether the process died by itself in the middle of its run.
    pub(crate) fn has_crashed(&self) -> bool {
        self.closing.is_none() && self.trouble.is_some()
    }
}

/// Runs a runner to its end.
pub(crate) fn supervise(
    mut start: Start,
    interrupts: &Interrupts,
    reporters: &SharedReporters,
) -> Result<Ended, LaunchError> {
    let watch = Watch::listen(&mut start.invitation, Arc::clone(reporters));
    let watch = watch.map_err(LaunchError::Start)?;
    start.command.env(VARIABLE, start.invitation.to_text());
    // A runner that runs no task has nothing to finish.
    let orders = (!start.is_asked).then(|| watch.orders.clone());
    let status = interrupts.start(&mut start.command, orders).and_then(|runner| runner.wait());
    let received = watch.finish();
    let status = status.map_err(LaunchError::Start)?;
    let counts = received.closing.as_ref().map_or(received.counts, |closing| closing.counts);
    let (class, trouble) = judge(status, &received, start.is_direct);
    let Received { closing, failures, .. } = received;
    // A runner prints them at its end.
    let unprinted = if closing.is_none() { failures } else { Vec::new() };
    Ok(match interrupts.first() {
        None => Ended { class, counts, closing, unprinted, trouble },
        Some(signal) => {
            // A child that `mtrun` has ended had no trouble of its own. A terminal sends the signal to the
            // child as well, which may not take it yet.
            let is_ours = interrupts.has_killed()
                || matches!(status.signal(), Some(libc::SIGINT | libc::SIGTERM));
            let trouble = trouble.filter(|_| !is_ours);
            Ended { class: ExitClass::Stopped(signal), counts, closing, unprinted, trouble }
        }
    })
}

/// The closing record decides how a run ended, unless the exit of its process contradicts it.
fn judge(status: ExitStatus, received: &Received, is_direct: bool) -> (ExitClass, Option<String>) {
    // Cargo has other exit codes for programs that fail.
    let is_expected = |class: ExitClass| {
        let code = class.mtrun_code();
        if is_direct { status.code() == Some(code.into()) } else { status.success() == (code == 0) }
    };
    match &received.closing {
        Some(closing) if is_expected(closing.class) => (closing.class, None),
        Some(closing) => {
            // The run was good at its end, but its process was not.
            let class = if closing.class.is_good() { ExitClass::Failed } else { closing.class };
            let running = while_running(received).unwrap_or_default();
            let trouble = format!("the run ended, but then its process {}{running}", death(status));
            (class, Some(trouble))
        }
        None => unfinished(status, received, is_direct),
    }
}

/// ` while running: load, seed (abandoned)`.
fn while_running(received: &Received) -> Option<String> {
    received.noted.while_running().map(|running| format!(" {running}"))
}

fn unfinished(
    status: ExitStatus,
    received: &Received,
    is_direct: bool,
) -> (ExitClass, Option<String>) {
    let refused = ExitClass::Listing.mtrun_code();
    if !received.has_connected && status.code() == Some(refused.into()) {
        // The runner printed why it does not take the invitation.
        return (ExitClass::Listing, Some("the runner refused to be supervised".to_owned()));
    }
    let running = while_running(received).unwrap_or_else(|| {
        let why = if !received.has_connected && !is_direct {
            "; the `runner` in cargo's configuration must start it here, with its variables"
        } else if received.counts.total() > 0 {
            "; no task was running, but a task that had ended may have left a thread behind"
        } else {
            "; no task was running"
        };
        why.to_owned()
    });
    let trouble = format!("the run did not finish: its process {}{running}", death(status));
    let is_setup = received.failures.iter().any(|failure| failure.is_setup);
    (if is_setup { ExitClass::Setup } else { ExitClass::Failed }, Some(trouble))
}

/// `exited with code 1`, `was killed by SIGSEGV`.
fn death(status: ExitStatus) -> String {
    let Some(signal) = status.signal() else {
        return format!("exited with code {}", status.code().unwrap_or_default());
    };
    let name = signal_hook::low_level::signal_name(signal).map(str::to_owned);
    format!("was killed by {}", name.unwrap_or_else(|| format!("signal {signal}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deaths() {
        let words = |raw| death(ExitStatus::from_raw(raw));
        assert_eq!(words(libc::SIGSEGV), "was killed by SIGSEGV");
        assert_eq!(words(libc::SIGABRT | 0x80), "was killed by SIGABRT");
        assert_eq!(words(3 << 8), "exited with code 3");
    }
}
