//! `--report jsonl=FILE`: each event as a line, when it happens. `docs/events.md` describes them.

use std::io::{self, Write};

use concurra_core::Event;
use serde::Serialize;

use super::{Reporter, Target};

pub(super) struct JsonLines;

/// An event, with the names that it means by numbers.
#[derive(Serialize)]
struct Line<'e> {
    target: &'e str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'e str>,
    #[serde(flatten)]
    event: &'e Event,
}

impl Reporter for JsonLines {
    fn event(&mut self, target: &Target, event: &Event, out: &mut dyn Write) -> io::Result<()> {
        let name = event.task().map(|task| target.run.task(task).name.as_str());
        serde_json::to_writer(&mut *out, &Line { target: &target.name, name, event })?;
        out.write_all(b"\n")
    }
}
