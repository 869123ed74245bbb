//! Runs a body in a worker process of this program. The conductor can kill it, and it may crash.

use super::Attempt;
use super::placement::{Unplaced, host, possible};
use crate::codec::Sent;
use crate::event::TaskOutput;
use crate::failure::{Ending, Failure};
use crate::isolate::{self, Answer, Done, Host, Question};
use crate::outcome::ExecutionMode;
use crate::registry::TaskDef;
use crate::settings::Settings;
use crate::state::Results;
use crate::value::Completion;

/// Runs the function of an attempt.
pub(super) fn run(attempt: &Attempt<'_>) -> Completion {
    let def = attempt.run.table.plan.task(attempt.task).def();
    let falls_back = Settings::is_set(attempt.run.settings.fallback_to_thread);
    match possible(def).and_then(|def| Ok((def, host(attempt)?))) {
        Ok((def, host)) => run_on(host, attempt, def),
        Err(Unplaced::Now(ending)) => Err(ending),
        Err(Unplaced::Never { why, .. }) if falls_back => in_thread(attempt, &why),
        Err(Unplaced::Never { why, advice }) => {
            let mut record = attempt.record.borrow_mut();
            record.worker = None;
            record.warning = Some("it did not run, as `fallback_to_thread` is not set".to_owned());
            Err(Ending::Final(Failure::message(why + advice)))
        }
    }
}

fn in_thread(attempt: &Attempt<'_>, why: &str) -> Completion {
    // The search for a worker process may have taken so long that a stop came.
    if !attempt.releases_processes() {
        return Err(Ending::Cancelled);
    }
    let mut record = attempt.record.borrow_mut();
    record.mode = ExecutionMode::ThreadFallback;
    record.warning = Some(format!("it ran in a thread: {why}"));
    drop(record);
    attempt.run_in_thread()
}

fn run_on(mut host: Host, attempt: &Attempt<'_>, def: &'static TaskDef) -> Completion {
    let run = attempt.run;
    attempt.started(host.group());
    let done = host.run(isolate::key(def), |question| match question {
        Question::Result(name) => {
            let found = run.table.lookup(&name);
            Answer::Result(found.map(|value| value.as_ref().map(Sent::new)))
        }
        Question::Finished => Answer::Finished(Results::finished(&*run.table)),
        Question::Shared(key) => Answer::Shared(run.state.send_shared(&key)),
        Question::SharedKeys => Answer::SharedKeys(run.state.shared_keys()),
    });
    let [stdout, stderr] = host.output().map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    attempt.leave_output(TaskOutput { stdout, stderr });
    match done {
        Ok(done) => {
            // A process that was asked to end runs no other task.
            if let Some(hosts) = run.hosts.upgrade().filter(|_| attempt.releases_processes()) {
                hosts.give_back(host);
            }
            completion(done)
        }
        Err(lost) => Err(Ending::Failed(Failure::message(lost.to_string()))),
    }
}

fn completion(done: Done) -> Completion {
    match done {
        Done::Passed(sent) => sent.map(Sent::read).transpose().map_err(|why| {
            // A retry would fail in the same way.
            let why = format!("its result cannot come back from its process: {why}");
            Ending::Final(Failure::message(why))
        }),
        Done::Skipped(reason) => Err(Ending::Skipped(reason)),
        Done::Failed(failure) => Err(Ending::Failed(failure)),
    }
}
