//! `--report jsonl=FILE`: each event as a line, when it happens. `docs/events.md` describes them.

use std::io::{self, Write};

use concurra_core::Event;
use serde::Serialize;

use super::{Reporter, Target};

pub(super) struct JsonLines;

/// An event as JSON, with the name of the task that it means by a number.
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
}

impl Reporter for JsonLines {
    fn event(&mut self, target: &Target, event: &Event, out: &mut dyn Write) -> io::Result<()> {
        self.json(target, &serde_json::to_vec(&NamedEvent::of(target, event))?, out)
    }

    fn json(&mut self, target: &Target, event: &[u8], out: &mut dyn Write) -> io::Result<()> {
        out.write_all(b"{\"target\":")?;
        serde_json::to_writer(&mut *out, &target.name)?;
        out.write_all(b",")?;
        out.write_all(event.strip_prefix(b"{").unwrap_or(event))?;
        out.write_all(b"\n")
    }

    #[cfg(feature = "launcher")]
    fn takes_json(&self) -> bool {
        true
    }
}
