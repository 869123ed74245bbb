//! `--report json=FILE`: one object with every target, once all have ended.

use std::io::{self, Write};

use serde::Serialize;

use super::{Reporter, Target};

pub(super) struct Json;

#[derive(Serialize)]
struct Document<'t> {
    schema_version: u32,
    targets: Vec<Entry<'t>>,
}

#[derive(Serialize)]
struct Entry<'t> {
    target: &'t str,
    /// Why the run did not finish.
    lost: Option<&'t str>,
    #[serde(flatten)]
    run: &'t concurra_core::RunView,
}

/// Grows when a field goes or changes its meaning, not when one is added.
const SCHEMA_VERSION: u32 = 2;

impl Reporter for Json {
    fn end(&mut self, targets: &[Target], out: &mut dyn Write) -> io::Result<()> {
        fn entry(target: &Target) -> Entry<'_> {
            Entry { target: &target.name, lost: target.run.lost.as_deref(), run: &target.run }
        }
        let targets = targets.iter().map(entry).collect();
        serde_json::to_writer(&mut *out, &Document { schema_version: SCHEMA_VERSION, targets })?;
        out.write_all(b"\n")
    }
}
