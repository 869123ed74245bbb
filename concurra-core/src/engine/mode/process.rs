//! In a worker process of this program, that can be ended and may crash.

use std::any::type_name;

use serde_json::Value as Json;

use super::{Attempt, Mode};
use crate::codec;
use crate::event::TaskOutput;
use crate::failure::{Ending, Failure};
use crate::isolate::{self, Host};
use crate::outcome::ExecutionMode;
use crate::registry::TaskDef;
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
        let possible = possible(def).map_err(|why| Ending::Final(Failure::message(why)));
        match possible.and_then(|def| Ok((def, host(attempt)?))) {
            Ok((def, host)) => run(attempt, def, host),
            Err(Ending::Final(why)) if attempt.run.fallback_to_thread => in_thread(attempt, &why),
            Err(ending) => Err(ending),
        }
    }
}

fn in_thread(attempt: &Attempt<'_>, why: &Failure) -> Completion {
    // To find out that there is no worker process may have taken long.
    if !attempt.lets_go() {
        return Err(Ending::Cancelled);
    }
    let warning = format!("it ran in a thread: {why}");
    attempt.run.table.note_mode(attempt.task, ExecutionMode::ThreadFallback, warning);
    attempt.stays_inside();
    super::thread::Thread.attempt(attempt)
}

/// Whether the task can run in a worker process; why not, otherwise.
fn possible(def: Option<&'static TaskDef>) -> Result<&'static TaskDef, String> {
    let Some(def) = def else {
        return Err("a closure cannot run in a worker process; annotate a function with \
                    `#[task(isolate)]`, or let it run in a thread (`.isolate(false)`)"
            .to_owned());
    };
    if !isolate::is_possible() {
        return Err("this program has no worker processes; begin its `main` with \
                    `concurra::worker_process()`, or use `concurra::main!()`"
            .to_owned());
    }
    let result = (def.result)();
    let is_unit = result.name == type_name::<()>();
    if !is_unit && (result.encode.is_none() || result.decode.is_none()) {
        return Err(format!(
            "its result, {}, cannot come back from a worker process; derive serde::Serialize and \
             serde::Deserialize for its type",
            type_text::one(result.name)
        ));
    }
    Ok(def)
}

/// A worker process; final is the lack of one when there will be none either for another attempt.
fn host(attempt: &Attempt<'_>) -> Result<Host, Ending> {
    // Without hosts the run is over.
    let hosts = attempt.run.hosts.upgrade().ok_or(Ending::Cancelled)?;
    hosts.take(&params(attempt)).map_err(|error| {
        let failure = Failure::message(error.to_string());
        if error.is_lasting() { Ending::Final(failure) } else { Ending::Failed(failure) }
    })
}

fn run(attempt: &Attempt<'_>, def: &'static TaskDef, mut host: Host) -> Completion {
    let run = attempt.run;
    attempt.started(host.group());
    let done = host.run(&isolate::key(def), |what, name| match what {
        "result" => isolate::lookup_as_json(run.table.lookup(name)),
        "shared" => run.state.shared_as_json(name).unwrap_or_default(),
        _ => isolate::finished_as_json(&Results::finished(&*run.table)),
    });
    let [stdout, stderr] = host.output().map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    attempt.leave_output(TaskOutput { stdout, stderr });
    match done {
        Ok(done) => {
            // One that was asked to end, however late, runs no other task.
            if let Some(hosts) = run.hosts.upgrade().filter(|_| attempt.lets_go()) {
                hosts.give_back(host);
            }
            completion(&done)
        }
        Err(lost) => Err(Ending::Failed(Failure::message(lost.to_string()))),
    }
}

fn params(attempt: &Attempt<'_>) -> Json {
    let params = attempt.run.state.params().iter();
    params.map(|(key, text)| (key.clone(), Json::from(text.as_str()))).collect()
}

/// What a worker process says that a task came to.
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
