//! Runs a command as a process.

use std::sync::Arc;
use std::time::Instant;

use super::Attempt;
use crate::event::TaskOutput;
use crate::failure::{Ending, Failure};
use crate::process::{self, Captured, CommandOutput, CommandSpec, Group, Guard, Monitor};
use crate::value::{Completion, Value};

/// The warning about a process in the background.
const HELD: &str = "a process that it started goes on and still holds its output, of which nothing \
                    more is read; redirect the output of processes in the background, as in \
                    `server >server.log 2>&1 &`";

/// Runs the command of an attempt.
pub(super) fn run(attempt: &Attempt<'_>) -> Completion {
    let Some(spec) = attempt.body.spec() else { unreachable!("only commands are run") };
    let guard = attempt.run.guard.upgrade();
    guard.iter().for_each(|guard| guard.begin());
    let mut done = process::run(spec, attempt.capture(), &Watched { attempt, guard });
    if done.is_held {
        attempt.record.borrow_mut().warning = Some(HELD.to_owned());
    }
    let [stdout, stderr] = done.shown;
    attempt.leave_output(TaskOutput { stdout, stderr });
    let is_secret = attempt.body.attributes().secret;
    let failure = match done.failure {
        Some(failure) if is_secret => Some(without_last_words(failure, spec, &done.output)),
        failure => failure,
    };
    done.output.hide(&attempt.run.table.secrets());
    let output = Value::new(done.output);
    match failure {
        None => Ok(Some(output)),
        Some(failure) => {
            attempt.leave_result(output);
            let failure = Box::new(failure);
            Err(if done.is_impossible { Ending::Final(failure) } else { Ending::Failed(failure) })
        }
    }
}

/// The command of an attempt, which the guard and the conductor can end.
struct Watched<'a> {
    attempt: &'a Attempt<'a>,
    guard: Option<Arc<Guard>>,
}

impl Monitor for Watched<'_> {
    fn started(&self, group: Arc<Group>) {
        self.guard.iter().for_each(|guard| group.guard(guard));
        self.attempt.started(group);
    }

    fn ended(&self) -> Option<Instant> {
        self.attempt.command_ended()
    }
}

/// The failure of a secret command without its output, of which a line may be too short to be masked.
fn without_last_words(failure: Failure, spec: &CommandSpec, output: &CommandOutput) -> Failure {
    let streams = [&output.stdout, &output.stderr].map(Captured::as_bytes);
    let said = process::last_words(streams, &spec.secrets);
    let message = failure.message.strip_suffix(&said).unwrap_or(&failure.message);
    Failure { message: message.to_owned(), ..failure }
}
