//! The lines that go over the socket: a JSON object each.

use std::time::Duration;

use concurra_core::Outcome;
#[cfg(feature = "launcher")]
use serde_json::Value;
use serde_json::{Map, json};

use super::signals::Kind;
use super::{ExitClass, PROTOCOL, VERSION};

/// What `mtrun` asks of the runner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Start nothing more, finish what runs, tear down, sum up.
    Stop(Kind),
    /// Leave at once.
    Kill,
}

/// The last word of a runner. A run without one did not finish.
#[derive(Clone, Debug, PartialEq)]
pub struct Closing {
    /// How it ended.
    pub class: ExitClass,
    /// How many tasks ended in which way; outcomes without a task may be left out.
    pub counts: Vec<(Outcome, usize)>,
    /// How many passed only when tried again.
    pub flaky: usize,
    /// How many setups failed.
    pub failed_setups: usize,
    /// How many teardowns failed.
    pub failed_teardowns: usize,
    /// How long the run took.
    pub duration: Duration,
    /// Names on the command line that this target does not know, but another one may. Only a runner
    /// that is [one of several](super::Link::several) reports them here instead of refusing them.
    pub absent: Vec<Absent>,
}

/// A name that a target does not know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Absent {
    /// What to say when no target knows it, without what may have been meant: the same text in each
    /// target.
    pub message: String,
    /// As written.
    pub name: String,
    /// What may have been meant, as far as this target knows.
    pub near: Vec<String>,
    /// How `mtrun` ends in that case.
    pub class: ExitClass,
}

impl Closing {
    /// A closing record without tasks.
    #[must_use]
    pub fn new(class: ExitClass) -> Self {
        Self {
            class,
            counts: Vec::new(),
            flaky: 0,
            failed_setups: 0,
            failed_teardowns: 0,
            duration: Duration::ZERO,
            absent: Vec::new(),
        }
    }
}

impl Order {
    #[cfg(feature = "launcher")]
    pub(super) const fn to_line(self) -> &'static str {
        match self {
            Self::Stop(Kind::Interrupt) => "stop int\n",
            Self::Stop(Kind::Terminate) => "stop term\n",
            Self::Kill => "kill\n",
        }
    }

    /// An order that this version does not know is none.
    pub(super) fn from_line(line: &str) -> Option<Self> {
        match line {
            "stop int" => Some(Self::Stop(Kind::Interrupt)),
            "stop term" => Some(Self::Stop(Kind::Terminate)),
            "kill" => Some(Self::Kill),
            _ => None,
        }
    }
}

/// The first line of a runner.
pub(super) fn hello() -> String {
    json!({"hello": {"protocol": PROTOCOL, "version": VERSION}}).to_string() + "\n"
}

pub(super) fn closing(closing: &Closing) -> String {
    let counts = closing.counts.iter().map(|(outcome, count)| (outcome.to_string(), json!(count)));
    let absent = closing.absent.iter().map(|absent| {
        let code = absent.class.mtrun_code();
        json!({"message": absent.message, "name": absent.name, "near": absent.near, "code": code})
    });
    let record = json!({
        "code": closing.class.mtrun_code(),
        "counts": counts.collect::<Map<_, _>>(),
        "flaky": closing.flaky,
        "failed_setups": closing.failed_setups,
        "failed_teardowns": closing.failed_teardowns,
        "seconds": closing.duration.as_secs_f64(),
        "absent": absent.collect::<Vec<_>>(),
    });
    json!({ "closing": record }).to_string() + "\n"
}

/// A line of a runner.
#[cfg(feature = "launcher")]
#[derive(Debug, PartialEq)]
pub(super) enum Line {
    Hello { protocol: u64, version: String },
    Closing(Closing),
}

#[cfg(feature = "launcher")]
impl Line {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let json: Value = serde_json::from_str(text).ok()?;
        if let Some(hello) = json.get("hello") {
            let version = hello["version"].as_str()?.to_owned();
            return Some(Self::Hello { protocol: hello["protocol"].as_u64()?, version });
        }
        read_closing(json.get("closing")?).map(Self::Closing)
    }
}

#[cfg(feature = "launcher")]
fn read_closing(json: &Value) -> Option<Closing> {
    let counts = Outcome::ALL.into_iter().filter_map(|outcome| {
        let count = number(json["counts"].get(outcome.as_str())?)?;
        Some((outcome, count))
    });
    Some(Closing {
        class: class(&json["code"])?,
        counts: counts.collect(),
        flaky: number(&json["flaky"]).unwrap_or(0),
        failed_setups: number(&json["failed_setups"]).unwrap_or(0),
        failed_teardowns: number(&json["failed_teardowns"]).unwrap_or(0),
        duration: Duration::try_from_secs_f64(json["seconds"].as_f64().unwrap_or(0.0)).ok()?,
        absent: json["absent"].as_array().into_iter().flatten().filter_map(read_absent).collect(),
    })
}

#[cfg(feature = "launcher")]
fn read_absent(json: &Value) -> Option<Absent> {
    let near = json["near"].as_array().into_iter().flatten();
    Some(Absent {
        message: json["message"].as_str()?.to_owned(),
        name: json["name"].as_str().unwrap_or_default().to_owned(),
        near: near.filter_map(Value::as_str).map(str::to_owned).collect(),
        class: class(&json["code"])?,
    })
}

#[cfg(feature = "launcher")]
fn number(json: &Value) -> Option<usize> {
    json.as_u64().and_then(|number| usize::try_from(number).ok())
}

#[cfg(feature = "launcher")]
fn class(json: &Value) -> Option<ExitClass> {
    ExitClass::from_mtrun_code(u8::try_from(json.as_u64()?).ok()?)
}
