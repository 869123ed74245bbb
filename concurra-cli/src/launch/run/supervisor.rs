//! Starts a runner and watches over it.

use std::process::ExitStatus;
use std::sync::Arc;

use concurra_core::Outcome;

use super::death::death;
use super::start::{Printed, Start};
use crate::launch::error::LaunchError;
use crate::supervise::Interrupts;
use crate::supervise::{Closing, ExitClass, Received, SharedReporters, VARIABLE, Watch};

/// How a runner ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) class: ExitClass,
    pub(crate) closing: Option<Closing>,
    /// The message when it did not finish.
    pub(crate) trouble: Option<String>,
}

impl Ended {
    /// Prints what kept a runner from its end, or from its start.
    pub(crate) fn or_error(ended: Result<Self, LaunchError>, label: &str) -> Self {
        match ended {
            Ok(ended) => {
                if let Some(trouble) = &ended.trouble {
                    eprintln!("error: {label}: {trouble}");
                }
                ended
            }
            Err(error) => {
                eprintln!("error: {error}");
                Self { class: error.class(), closing: None, trouble: None }
            }
        }
    }

    /// How much of it failed: tasks, hooks, and a run that did not come to its end.
    pub(crate) fn failures(&self) -> usize {
        let lost = usize::from(self.closing.is_none() && self.class == ExitClass::Failed);
        let crashed = usize::from(self.closing.is_some() && self.trouble.is_some());
        let reported = self.closing.as_ref().map_or(0, |closing| {
            let tasks =
                [Outcome::Failed, Outcome::TimedOut].map(|outcome| closing.counts.of(outcome));
            tasks.iter().sum::<usize>() + closing.failed_setups + closing.failed_teardowns
        });
        reported + lost + crashed
    }
}

/// Runs a runner to its end.
pub(crate) fn supervise(
    mut start: Start<'_>,
    interrupts: &Interrupts,
    reporters: &SharedReporters,
) -> Result<Ended, LaunchError> {
    let label = &start.job.label;
    let failed = |source| LaunchError::Start { label: label.clone(), source };
    let mut command = start.command();
    let watch = Watch::listen(&mut start.invitation, Arc::clone(reporters)).map_err(failed)?;
    command.env(VARIABLE, start.invitation.to_text());
    // One that only lists has nothing to finish.
    let orders = (start.printed == Printed::Everything).then(|| watch.orders());
    let status = interrupts.start(&mut command, orders).and_then(|runner| runner.wait());
    let received = watch.finish();
    Ok(judge(status.map_err(failed)?, received, start.is_direct(), interrupts))
}

/// The closing record decides how a run ended, unless the exit of its process contradicts it.
fn judge(
    status: ExitStatus,
    received: Received,
    is_direct: bool,
    interrupts: &Interrupts,
) -> Ended {
    // Cargo has exit codes of its own for programs that fail.
    let is_expected = |class: ExitClass| {
        let code = class.mtrun_code();
        if is_direct { status.code() == Some(code.into()) } else { status.success() == (code == 0) }
    };
    if let Some(kind) = interrupts.first() {
        return Ended { class: ExitClass::Stopped(kind), closing: received.closing, trouble: None };
    }
    let expected = received.closing.as_ref().map(|closing| closing.class);
    match expected {
        Some(class) if is_expected(class) => {
            Ended { class, closing: received.closing, trouble: None }
        }
        // The record stands, but something went wrong after it; a good run is then not good.
        Some(class) => {
            let good = matches!(class, ExitClass::Good | ExitClass::Nothing);
            let class = if good { ExitClass::Failed } else { class };
            let trouble = Some(format!("the run ended, but then its process {}", death(status)));
            Ended { class, closing: received.closing, trouble }
        }
        None => unfinished(status, &received, is_direct),
    }
}

fn unfinished(status: ExitStatus, received: &Received, is_direct: bool) -> Ended {
    let refused = ExitClass::Listing.mtrun_code();
    if received.hello.is_none() && status.code() == Some(refused.into()) {
        // The runner printed why it does not take the invitation.
        let trouble = Some("the runner refused to be supervised".to_owned());
        return Ended { class: ExitClass::Listing, closing: None, trouble };
    }
    let running = match received.running.as_slice() {
        [] if received.hello.is_none() && !is_direct => {
            "; the `runner` in cargo's configuration must start it here, with its variables"
                .to_owned()
        }
        [] => "; no task was running".to_owned(),
        running => format!(" while running: {}", running.join(", ")),
    };
    let trouble = Some(format!("the run did not finish: its process {}{running}", death(status)));
    Ended { class: ExitClass::Failed, closing: None, trouble }
}
