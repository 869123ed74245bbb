//! What a task in a worker process reads of its run, and how the parent answers.

use std::os::unix::net::UnixStream;
use std::sync::mpsc::Receiver;
use std::sync::{Mutex, PoisonError};
use std::{io, process};

use serde_json::{Value as Json, json};

use super::lines::{message, send};
use crate::codec;
use crate::outcome::Outcome;
use crate::state::{Elsewhere, Lookup, Results, Shared};
use crate::value::Value;

/// The run, seen from a worker process.
#[derive(Debug)]
pub(super) struct Remote {
    /// The process that speaks. What a task forks has the socket too, and would be heard as the task.
    process: u32,
    socket: Mutex<UnixStream>,
    answers: Mutex<Receiver<Json>>,
}

impl Remote {
    pub(super) fn new(socket: UnixStream, answers: Receiver<Json>) -> Self {
        let process = process::id();
        Self { process, socket: Mutex::new(socket), answers: Mutex::new(answers) }
    }

    pub(super) fn send(&self, line: &Json) -> io::Result<()> {
        if process::id() != self.process {
            return Err(io::Error::other(
                "it is a copy that a task forked, and has come back from that task",
            ));
        }
        send(&mut self.socket.lock().unwrap_or_else(PoisonError::into_inner), line)
    }

    /// Asks and waits for the answer; `None` when nobody is there any more.
    fn ask(&self, what: &str, name: &str) -> Option<Json> {
        // One question at a time, as answers come without their questions.
        let answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        self.send(&message("ask", json!([what, name]))).ok()?;
        answers.recv().ok()
    }
}

impl Results for Remote {
    fn lookup(&self, name: &str) -> Lookup {
        let answer = self.ask("result", name);
        answer.as_ref().and_then(lookup_from_json).unwrap_or(Lookup::NotRun)
    }

    fn finished(&self) -> Vec<(String, Outcome)> {
        let answer = self.ask("finished", "").unwrap_or_default();
        let pairs = answer.as_array().into_iter().flatten();
        pairs.filter_map(|pair| Some((text(&pair[0])?, outcome(&pair[1])?))).collect()
    }
}

impl Elsewhere for Remote {
    fn shared_keys(&self) -> Vec<String> {
        self.ask("shared_keys", "").as_ref().map(texts).unwrap_or_default()
    }

    fn shared(&self, key: &str) -> Option<Shared> {
        let answer = self.ask("shared", key)?;
        let value = text(&answer["why"]).map_or_else(|| Ok(answer["value"].clone()), Err);
        Some(Shared { found: text(&answer["type"])?, value })
    }
}

/// The answer to a question for a result.
pub(crate) fn lookup_as_json(lookup: Lookup) -> Json {
    match lookup {
        Lookup::Value(None) => json!({"passed": null}),
        Lookup::Value(Some(value)) => match encode(&value) {
            Ok(encoded) => json!({"passed": {"type": value.type_name(), "value": encoded}}),
            Err(why) => unreadable(value.type_name(), &why),
        },
        Lookup::NotRun => json!({"not_run": null}),
        Lookup::Freed => json!({"freed": null}),
        Lookup::LeftOut => json!({"left_out": null}),
        Lookup::NotPassed(outcome) => json!({"not_passed": outcome.as_str()}),
        Lookup::Ambiguous(tasks) => json!({"ambiguous": tasks}),
        Lookup::NoSuchTask(nearest) => json!({"no_such_task": nearest}),
        Lookup::Unreadable { found, why } => unreadable(&found, &why),
    }
}

/// A value as it travels.
fn encode(value: &Value) -> Result<Json, String> {
    codec::travelling(codec::encode(value))
}

fn unreadable(found: &str, why: &str) -> Json {
    json!({"unreadable": [found, why]})
}

/// The answer to the question for the tasks that have finished.
pub(crate) fn finished_as_json(finished: &[(String, Outcome)]) -> Json {
    finished.iter().map(|(name, outcome)| json!([name, outcome.as_str()])).collect()
}

fn lookup_from_json(answer: &Json) -> Option<Lookup> {
    let (what, says) = answer.as_object()?.iter().next()?;
    Some(match what.as_str() {
        "passed" if says.is_null() => Lookup::Value(None),
        "passed" => {
            let kind = text(&says["type"])?;
            match codec::decode(&kind, says["value"].clone()) {
                Ok(value) => Lookup::Value(Some(value)),
                Err(why) => Lookup::Unreadable { found: kind, why: why.to_string() },
            }
        }
        "freed" => Lookup::Freed,
        "left_out" => Lookup::LeftOut,
        "not_passed" => Lookup::NotPassed(outcome(says)?),
        "ambiguous" => Lookup::Ambiguous(texts(says)),
        "no_such_task" => Lookup::NoSuchTask(texts(says)),
        "unreadable" => Lookup::Unreadable { found: text(&says[0])?, why: text(&says[1])? },
        _ => Lookup::NotRun,
    })
}

fn outcome(word: &Json) -> Option<Outcome> {
    Outcome::ALL.into_iter().find(|outcome| Some(outcome.as_str()) == word.as_str())
}

fn text(text: &Json) -> Option<String> {
    text.as_str().map(ToOwned::to_owned)
}

fn texts(list: &Json) -> Vec<String> {
    list.as_array().into_iter().flatten().filter_map(text).collect()
}

/// A result on its way to the parent.
pub(super) fn result_as_json(value: Option<&Value>) -> Result<Json, String> {
    match value {
        None => Ok(json!({"passed": null})),
        Some(value) => match encode(value) {
            Ok(encoded) => Ok(json!({"passed": {"type": value.type_name(), "value": encoded}})),
            Err(why) => Err(format!("its result cannot come back from its process: {why}")),
        },
    }
}
