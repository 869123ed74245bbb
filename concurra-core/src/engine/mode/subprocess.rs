//! Runs a command as a process.

use super::Attempt;
use crate::event::TaskOutput;
use crate::failure::{Ending, Failure};
use crate::process::{self, Captured, CommandOutput, CommandSpec};
use crate::task::Action;
use crate::value::{Completion, Value};

/// Runs the command of an attempt.
pub(super) fn run(attempt: &Attempt<'_>) -> Completion {
    let Action::Command(spec) = &attempt.body.action else { unreachable!("only commands are run") };
    let guard = attempt.run.guard.upgrade();
    guard.iter().for_each(|guard| guard.begin());
    let mut done = process::run(spec, |group| {
        guard.iter().for_each(|guard| group.guard(guard));
        attempt.started(group);
    });
    let [stdout, stderr] =
        [&done.output.stdout, &done.output.stderr].map(|stream| stream.as_str().into_owned());
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
            Err(if done.is_impossible { Ending::Final(failure) } else { Ending::Failed(failure) })
        }
    }
}

/// The failure of a secret command without its output, of which a line may be too short to be masked.
fn without_last_words(failure: Failure, spec: &CommandSpec, output: &CommandOutput) -> Failure {
    let streams = [&output.stdout, &output.stderr].map(Captured::as_bytes);
    let said = process::last_words(streams, &spec.secrets);
    let message = failure.message.strip_suffix(&said).unwrap_or(&failure.message);
    Failure { message: message.to_owned(), ..failure }
}
