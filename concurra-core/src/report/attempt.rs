//! One attempt of a task, as a report has it.

use std::time::{Duration, SystemTime};

use serde::ser::{Serialize, SerializeStruct, Serializer};

use super::json::{output, time};
use crate::engine;
use crate::event::TaskOutput;
use crate::failure::{Ending, Failure};
use crate::outcome::{ExecutionMode, Outcome};

/// One attempt of a task; see [`TaskReport::attempt_records`](super::TaskReport::attempt_records).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AttemptRecord {
    /// From 1.
    pub number: u32,
    /// When it started.
    pub start_time: SystemTime,
    /// When it ended, or was abandoned while its body went on.
    pub end_time: SystemTime,
    /// The number of the worker that ran it, from 0. None when it failed before its body was called.
    pub worker: Option<usize>,
    /// How the body was run.
    pub mode: ExecutionMode,
    /// How it ended.
    pub outcome: Outcome,
    /// Why it failed.
    pub failure: Option<Failure>,
    /// What it wrote, when it ran in another process.
    pub output: Option<TaskOutput>,
}

impl AttemptRecord {
    pub(super) fn new(record: engine::AttemptRecord, epoch: SystemTime) -> Self {
        let time = |nanos: u64| epoch + Duration::from_nanos(nanos);
        Self {
            number: record.number,
            start_time: time(record.started),
            end_time: time(record.ended),
            worker: record.worker,
            mode: record.mode,
            outcome: record.ending.as_ref().map_or(Outcome::Passed, Ending::outcome),
            failure: record.ending.as_ref().and_then(Ending::failure),
            output: record.output,
        }
    }

    /// How long it took.
    #[must_use]
    pub fn duration(&self) -> Duration {
        self.end_time.duration_since(self.start_time).unwrap_or_default()
    }
}

impl Serialize for AttemptRecord {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("AttemptRecord", 9)?;
        fields.serialize_field("number", &self.number)?;
        fields.serialize_field("start_time", &time(self.start_time))?;
        fields.serialize_field("end_time", &time(self.end_time))?;
        fields.serialize_field("duration_seconds", &self.duration().as_secs_f64())?;
        fields.serialize_field("worker", &self.worker)?;
        fields.serialize_field("mode", self.mode.as_str())?;
        fields.serialize_field("outcome", self.outcome.as_str())?;
        fields.serialize_field("failure", &self.failure.as_ref().map(ToString::to_string))?;
        fields.serialize_field("output", &output(self.output.as_ref()))?;
        fields.end()
    }
}
