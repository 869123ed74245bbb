//! Runs a body in a worker process of this program. The conductor can kill it, and it may crash.

use super::Attempt;
use crate::codec::{self, Sent};
use crate::event::TaskOutput;
use crate::failure::{Discarded, Ending, Failure};
use crate::isolate::{self, Answer, Done, Host, Question};
use crate::outcome::ExecutionMode;
use crate::registry::TaskDef;
use crate::settings::Settings;
use crate::state::Results;
use crate::type_text;
use crate::value::Completion;

/// Why a task has no worker process.
enum Unplaced {
    /// A retry may find one.
    Now(Ending),
    /// No retry will find one.
    Never {
        why: String,
        /// What the user can do, to follow the reason in a message.
        advice: &'static str,
    },
}

/// Runs the function of an attempt.
pub(super) fn run(attempt: &Attempt<'_>) -> Completion {
    let def = attempt.run.table.plan.task(attempt.task).def;
    let falls_back = Settings::is_set(attempt.run.settings.fallback_to_thread);
    match possible(def).and_then(|def| Ok((def, host(attempt)?))) {
        Ok((def, host)) => run_on(host, attempt, def),
        Err(Unplaced::Now(ending)) => Err(ending),
        Err(Unplaced::Never { why, .. }) if falls_back => in_thread(attempt, &why),
        Err(Unplaced::Never { why, advice }) => {
            let mut record = attempt.record.borrow_mut();
            record.worker = None;
            record.warning = Some("it did not run, as `fallback_to_thread` is not set".to_owned());
            Err(Ending::Final(Failure::message(why + advice).into()))
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
    let name = run.table.shown_name(attempt.task);
    let answer = |question| match question {
        Question::Result(name) => {
            // Another thread may free it meanwhile.
            let found = run.table.lookup(&name).map(Discarded::new);
            Answer::Result(found.map(|value| value.as_ref().map(Sent::new)))
        }
        Question::Finished => Answer::Finished(Results::finished(&*run.table)),
        Question::Shared(key) => Answer::Shared(run.state.send_shared(&key)),
        Question::SharedKeys => Answer::SharedKeys(run.state.shared_keys()),
    };
    let done = host.run(isolate::key(def), &name, attempt.capture(), answer, |name| {
        run.state.note_param(name);
    });
    let [stdout, stderr] = host.output().map(|stream| stream.text());
    attempt.leave_output(TaskOutput { stdout, stderr });
    match done {
        Ok(done) => {
            // A process that was asked to end runs no other task.
            if let Some(hosts) = run.hosts.upgrade().filter(|_| attempt.releases_processes()) {
                hosts.give_back(host);
            }
            completion(done)
        }
        Err(lost) => Err(Ending::Failed(Failure::message(lost.to_string()).into())),
    }
}

fn completion(done: Done) -> Completion {
    match done {
        Done::Passed(sent) => sent.map(Sent::read).transpose().map_err(|why| {
            // A retry would fail in the same way.
            let why = format!("its result cannot come back from its process: {why}");
            Ending::Final(Failure::message(why).into())
        }),
        Done::Skipped(reason) => Err(Ending::Skipped(reason)),
        Done::Failed(failure) => Err(Ending::Failed(failure.into())),
    }
}

/// The definition of a task that can run in a worker process; the error says why it cannot.
fn possible(def: Option<&'static TaskDef>) -> Result<&'static TaskDef, Unplaced> {
    let never = |why: &str, advice| Err(Unplaced::Never { why: why.to_owned(), advice });
    match def {
        None => never(
            "a closure cannot run in a worker process",
            "; annotate a function with `#[task(isolate)]`, or let it run in a thread \
             (`.isolate(false)`)",
        ),
        Some(_) if isolate::is_worker_process() => never(
            "an isolated task cannot start worker processes",
            "; let the tasks of its run run in threads (`.isolate(false)`)",
        ),
        Some(_) if !isolate::is_possible() => never(
            "this program has no worker processes",
            "; begin its `main` with `concurra::worker_process()`, or use `concurra::main!()`",
        ),
        Some(def) if !codec::crosses(&(def.result)()) => {
            let result = type_text::one((def.result)().name);
            never(
                &format!("its result, {result}, cannot come back from a worker process"),
                "; derive serde::Serialize and serde::Deserialize for its type",
            )
        }
        Some(def) => Ok(def),
    }
}

/// An idle worker process, or a new one.
fn host(attempt: &Attempt<'_>) -> Result<Host, Unplaced> {
    // Without hosts the run is over.
    let hosts = attempt.run.hosts.upgrade().ok_or(Unplaced::Now(Ending::Cancelled))?;
    hosts.take(attempt.run.state.params()).map_err(|error| match error.is_lasting() {
        // The error itself has the advice.
        true => Unplaced::Never { why: error.to_string(), advice: "" },
        false => Unplaced::Now(Ending::Failed(Failure::message(error.to_string()).into())),
    })
}
