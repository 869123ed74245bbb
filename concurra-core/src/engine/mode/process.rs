//! Runs a body in a worker process of this program. The conductor can kill it, and it may crash.

use serde_json::Value as Json;

use super::placement::{Unplaced, host, possible};
use super::{Attempt, Mode};
use crate::codec;
use crate::event::TaskOutput;
use crate::failure::{Ending, Failure};
use crate::isolate::{self, Host};
use crate::outcome::ExecutionMode;
use crate::registry::TaskDef;
use crate::settings::Settings;
use crate::state::Results;
use crate::task::{Special, What};
use crate::type_text;
use crate::value::Completion;

pub(super) struct Process;

impl Mode for Process {
    fn fits(&self, special: &Special) -> bool {
        special.attributes.isolate && !matches!(special.what, What::Command(_))
    }

    fn is_outside(&self) -> bool {
        true
    }

    fn attempt(&self, attempt: &Attempt<'_>) -> Completion {
        let def = attempt.run.table.plan.task(attempt.task).def();
        let falls_back = Settings::is_set(attempt.run.settings.fallback_to_thread);
        match possible(def).and_then(|def| Ok((def, host(attempt)?))) {
            Ok((def, host)) => run(attempt, def, host),
            Err(Unplaced::Now(ending)) => Err(ending),
            Err(Unplaced::Never { why, .. }) if falls_back => in_thread(attempt, &why),
            Err(Unplaced::Never { why, advice }) => {
                let mut record = attempt.record.borrow_mut();
                record.worker = None;
                record.warning =
                    Some("it did not run, as `fallback_to_thread` is not set".to_owned());
                Err(Ending::Final(Failure::message(why + advice)))
            }
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
    super::thread::Thread.attempt(attempt)
}

fn run(attempt: &Attempt<'_>, def: &'static TaskDef, mut host: Host) -> Completion {
    let run = attempt.run;
    attempt.started(host.group());
    let done = host.run(&isolate::key(def), |what, name| match what {
        "result" => isolate::lookup_as_json(run.table.lookup(name)),
        "shared" => run.state.shared_as_json(name).unwrap_or_default(),
        "shared_keys" => run.state.shared_keys().into(),
        _ => isolate::finished_as_json(&Results::finished(&*run.table)),
    });
    let [stdout, stderr] = host.output().map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    attempt.leave_output(TaskOutput { stdout, stderr });
    match done {
        Ok(done) => {
            // A process that was asked to end runs no other task.
            if let Some(hosts) = run.hosts.upgrade().filter(|_| attempt.releases_processes()) {
                hosts.give_back(host);
            }
            completion(&done)
        }
        Err(lost) => Err(Ending::Failed(Failure::message(lost.to_string()))),
    }
}

/// Reads the completion that a worker process sends.
fn completion(done: &Json) -> Completion {
    if let Some(passed) = done.get("passed") {
        if passed.is_null() {
            return Ok(None);
        }
        let kind = passed["type"].as_str().unwrap_or_default();
        return match codec::decode(kind, passed["value"].clone()) {
            Ok(value) => Ok(Some(value)),
            Err(why) => Err(Ending::Final(Failure::message(format!(
                "its result, {}, could not be read back: {why}",
                type_text::one(kind)
            )))),
        };
    }
    // A retry would fail in the same way.
    if let Some(why) = done["unwritable"].as_str() {
        return Err(Ending::Final(Failure::message(why)));
    }
    if let Some(reason) = done["skipped"].as_str() {
        return Err(Ending::Skipped(reason.to_owned()));
    }
    let failed = &done["failed"];
    let text = |key: &str| failed[key].as_str().map(ToOwned::to_owned);
    let causes = failed["causes"].as_array().into_iter().flatten();
    Err(Ending::Failed(Failure {
        message: text("message").unwrap_or_default(),
        causes: causes.filter_map(|cause| Some(cause.as_str()?.to_owned())).collect(),
        place: text("place"),
        trace: text("trace"),
    }))
}
