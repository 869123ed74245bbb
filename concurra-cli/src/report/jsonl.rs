//! `--report jsonl=FILE`: each event as a line, when it happens. `docs/events.md` describes them.

use std::io::{self, Write};

use concurra_core::Event;

use super::{NamedEvent, Reporter, Target};

pub(super) struct JsonLines;

impl Reporter for JsonLines {
    fn event(&mut self, target: &Target, event: &Event, out: &mut dyn Write) -> io::Result<()> {
        let mut json = Vec::new();
        NamedEvent::of(target, event).write(&mut json)?;
        self.json(target, &json, out)
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
