//! An event as JSON, with the name of its task, which the event itself has only as an index.

use std::io;

use concurra_core::{Event, Finished};
use serde::Serialize;

use super::Target;

/// More bytes than most events have.
const LENGTH: usize = 256;

#[derive(Serialize)]
pub(crate) struct NamedEvent<'e> {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'e str>,
    #[serde(flatten)]
    event: &'e Event,
}

impl<'e> NamedEvent<'e> {
    pub(crate) fn of(target: &'e Target, event: &'e Event) -> Self {
        Self { name: event.task().map(|task| target.run.task(task).name.as_str()), event }
    }

    /// Writes the JSON.
    pub(crate) fn write(&self, out: &mut Vec<u8>) -> io::Result<()> {
        out.reserve(LENGTH);
        if self.write_frequent(out)? { Ok(()) } else { Ok(serde_json::to_writer(out, self)?) }
    }

    /// Writes an event of a task that simply passes, as most do. The bytes are those of the derived code, which
    /// takes several times as long. Returns `false` for any other event.
    fn write_frequent(&self, out: &mut Vec<u8>) -> io::Result<bool> {
        let write_name = |out: &mut Vec<u8>| write(r#"{"name":"#, &self.name, out);
        match self.event {
            Event::Ready { task } => {
                write_name(out)?;
                write(r#","event":"ready","task":"#, task, out)?;
            }
            Event::Started { task, worker, at } => {
                write_name(out)?;
                write(r#","event":"started","task":"#, task, out)?;
                write(r#","worker":"#, worker, out)?;
                write(r#","at_seconds":"#, &at.as_secs_f64(), out)?;
            }
            Event::Finished(end) => {
                let Finished {
                    task,
                    outcome,
                    started: Some(started),
                    duration,
                    worker: Some(worker),
                    mode: Some(mode),
                    failure: None,
                    cause: None,
                    root: None,
                    result,
                    output: None,
                    warning: None,
                    attempts,
                    retries,
                    attempt_records,
                    bad,
                    done,
                } = &**end
                else {
                    return Ok(false);
                };
                if !attempt_records.is_empty() {
                    return Ok(false);
                }
                write_name(out)?;
                write(r#","event":"finished","task":"#, task, out)?;
                write(r#","outcome":"#, outcome, out)?;
                write(r#","started_seconds":"#, &started.as_secs_f64(), out)?;
                write(r#","duration_seconds":"#, &duration.as_secs_f64(), out)?;
                write(r#","worker":"#, worker, out)?;
                write(r#","mode":"#, mode, out)?;
                if let Some(result) = result {
                    write(r#","result":"#, result, out)?;
                }
                write(r#","attempts":"#, attempts, out)?;
                write(r#","retries":"#, retries, out)?;
                write(r#","bad":"#, bad, out)?;
                write(r#","done":"#, done, out)?;
            }
            _ => return Ok(false),
        }
        out.push(b'}');
        Ok(true)
    }
}

/// Writes a key and its value. `write!` would take longer than the rest of the event.
fn write(key: &str, value: &impl Serialize, out: &mut Vec<u8>) -> io::Result<()> {
    out.extend_from_slice(key.as_bytes());
    Ok(serde_json::to_writer(out, value)?)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use concurra_core::{ExecutionMode, Outcome, TaskId};
    use serde_json::{Value, json};

    use super::*;

    fn finished() -> Finished {
        Finished {
            task: TaskId::from(7),
            outcome: Outcome::Passed,
            started: Some(Duration::from_nanos(287_099)),
            duration: Duration::from_nanos(1),
            worker: Some(1),
            mode: Some(ExecutionMode::Thread),
            failure: None,
            cause: None,
            root: None,
            result: None,
            output: None,
            warning: None,
            attempts: 1,
            retries: 0,
            attempt_records: Vec::new(),
            bad: false,
            done: 3,
        }
    }

    #[test]
    fn frequent_events_have_the_bytes_of_the_derived_code() {
        let mut events = vec![Event::Ready { task: TaskId::from(0) }];
        for nanos in [0, 1, 999, 1_000_000_000, 12_345_678_901, u64::MAX] {
            let (task, at) = (TaskId::from(12_345), Duration::from_nanos(nanos));
            events.push(Event::Started { task, worker: 12, at });
            events.push(Finished { started: Some(at), ..finished() }.into());
            events.push(Finished { duration: at, ..finished() }.into());
        }
        for outcome in Outcome::ALL {
            events.push(Finished { outcome, bad: true, retries: 9, ..finished() }.into());
        }
        use ExecutionMode::{Process, Subprocess, Thread, ThreadFallback};
        for mode in [Thread, Process, Subprocess, ThreadFallback] {
            events.push(Finished { mode: Some(mode), ..finished() }.into());
        }
        for result in [Value::Null, json!(1.0), json!({"b": "\"ä\n", "a": [1e-7, 1e300]})] {
            events.push(Finished { result: Some(result), ..finished() }.into());
        }
        for (event, name) in
            events.iter().zip(["task", "größe \"🦀\"\n\u{1}\\"].into_iter().cycle())
        {
            let (named, mut written) = (NamedEvent { name: Some(name), event }, Vec::new());
            assert!(named.write_frequent(&mut written).expect("it is written"), "{event:?}");
            let derived = serde_json::to_string(&named).expect("JSON");
            assert_eq!(String::from_utf8(written).expect("text"), derived);
        }
    }

    #[test]
    fn every_other_event_is_left_to_the_derived_code() {
        let text = || Some("why".to_owned());
        let others: [Event; 7] = [
            Finished { started: None, ..finished() }.into(),
            Finished { worker: None, ..finished() }.into(),
            Finished { cause: text(), ..finished() }.into(),
            Finished { warning: text(), ..finished() }.into(),
            Finished { root: Some(TaskId::from(1)), ..finished() }.into(),
            Event::Slow { task: TaskId::from(1), running: Duration::ZERO },
            Event::Warning { text: "why".to_owned() },
        ];
        for event in &others {
            let (named, mut written) = (NamedEvent { name: None, event }, Vec::new());
            assert!(!named.write_frequent(&mut written).expect("nothing is written"));
            named.write(&mut written).expect("it is written");
            assert_eq!(written, serde_json::to_vec(&named).expect("JSON"));
        }
    }
}
