//! What a task in a worker process reads of its run, and how the parent answers.

use std::collections::VecDeque;
use std::io::{self, BufRead, BufReader};
use std::os::unix::net::UnixStream;
use std::process;
use std::sync::{Mutex, MutexGuard, PoisonError};

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
    mouth: Mutex<UnixStream>,
    ear: Mutex<Ear>,
}

/// Where the parent is heard. Whoever waits for something hears the rest for others: no thread is
/// woken to hand on what it was told.
#[derive(Debug)]
struct Ear {
    lines: BufReader<UnixStream>,
    line: Vec<u8>,
    /// Heard by somebody who waited for an answer.
    orders: VecDeque<Json>,
}

impl Remote {
    pub(super) fn new(socket: UnixStream) -> io::Result<Self> {
        let lines = BufReader::new(socket.try_clone()?);
        let ear = Ear { lines, line: Vec::new(), orders: VecDeque::new() };
        Ok(Self { process: process::id(), mouth: Mutex::new(socket), ear: Mutex::new(ear) })
    }

    pub(super) fn send(&self, line: &Json) -> io::Result<()> {
        self.check_process()?;
        send(&mut self.mouth.lock().unwrap_or_else(PoisonError::into_inner), line)
    }

    /// Waits for what is to be done next; `None` when nobody is there any more.
    pub(super) fn order(&self) -> Option<Json> {
        let mut ear = self.ear();
        match ear.orders.pop_front() {
            Some(order) => Some(order),
            None => ear.hear(),
        }
    }

    /// Asks and waits for the answer; `None` when nobody is there any more.
    fn ask(&self, what: &str, name: &str) -> Option<Json> {
        self.check_process().ok()?;
        // One question at a time, as answers come without their questions.
        let mut ear = self.ear();
        self.send(&message("ask", json!([what, name]))).ok()?;
        loop {
            let mut line = ear.hear()?;
            match line.get_mut("answer") {
                Some(answer) => return Some(answer.take()),
                // This is a thread that its task has left behind.
                None => ear.orders.push_back(line),
            }
        }
    }

    fn check_process(&self) -> io::Result<()> {
        if process::id() == self.process {
            return Ok(());
        }
        Err(io::Error::other("it is a copy that a task forked, and has come back from that task"))
    }

    fn ear(&self) -> MutexGuard<'_, Ear> {
        self.ear.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Ear {
    fn hear(&mut self) -> Option<Json> {
        self.line.clear();
        self.lines.read_until(b'\n', &mut self.line).ok()?;
        serde_json::from_slice(&self.line).ok()
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
