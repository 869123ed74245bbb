//! `--list` as libtest does it: tests by name, a line or a JSON object each.

use std::io::{self, Write};

use concurra_core::{Place, PlannedTask};
use serde_json::{Value, json};

use crate::console::plural;
use crate::options::Format;

/// A test, as libtest lists it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Test<'p> {
    pub(crate) name: &'p str,
    pub(crate) place: Place,
    pub(crate) ignored: Option<&'static str>,
}

impl<'p> From<&'p PlannedTask> for Test<'p> {
    fn from(task: &'p PlannedTask) -> Self {
        Self { name: task.name(), place: task.place(), ignored: task.marked_ignored() }
    }
}

pub(crate) fn write_tests(
    tests: &[Test<'_>],
    format: Format,
    out: &mut dyn Write,
) -> io::Result<()> {
    if format == Format::Json {
        return write_json(tests, out);
    }
    // nextest takes only lines that end in `: test`.
    tests.iter().try_for_each(|test| writeln!(out, "{}: test", test.name))?;
    if format == Format::Terse {
        return Ok(());
    }
    let count = tests.len();
    writeln!(out, "\n{count} test{}, 0 benchmarks", plural(count))
}

fn write_json(tests: &[Test<'_>], out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}", json!({"type": "suite", "event": "discovery"}))?;
    tests.iter().try_for_each(|test| writeln!(out, "{}", discovered(test)))?;
    let ignored = tests.iter().filter(|test| test.ignored.is_some()).count();
    let count = tests.len();
    let end = json!({
        "type": "suite", "event": "completed", "tests": count, "benchmarks": 0, "total": count,
        "ignored": ignored,
    });
    writeln!(out, "{end}")
}

/// The place is that of the function's name, as in libtest.
fn discovered(test: &Test<'_>) -> Value {
    let place = test.place;
    let name = test.name.rsplit("::").next().unwrap_or_default();
    let end = place.column.saturating_add(u32::try_from(name.chars().count()).unwrap_or(0));
    json!({
        "type": "test", "event": "discovered", "name": test.name,
        "ignore": test.ignored.is_some(), "ignore_message": test.ignored.unwrap_or_default(),
        "source_path": place.file, "start_line": place.line, "start_col": place.column,
        "end_line": place.line, "end_col": end,
    })
}
