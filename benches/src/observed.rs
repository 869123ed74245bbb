//! What a task costs under `mtrun`, with its console and a report, beyond an unobserved run.

use std::process::Command;
use std::time::Instant;

use crate::contender::named_runner;
use crate::options::Options;
use crate::package::{Package, Profile, Target, build_mtrun, target_folder};
use crate::process::interleaved;
use crate::shape::Shape;
use crate::statistics::{Rounds, float, median};
use crate::table::{Table, figure};

/// How many tasks the target has.
pub(crate) const TASKS: usize = 10_000;

pub(crate) fn measure(options: &Options) -> Result<(), String> {
    let mut table = Table::new(["10,000 trivial tasks under mtrun", "µs a task"]);
    table.row(["more than in an unobserved run".to_owned(), figure(Some(more(options)?.median))]);
    println!("{}\n{}", table.text(), table.markdown());
    Ok(())
}

/// Microseconds a task more than in an unobserved run.
pub(crate) fn more(options: &Options) -> Result<Rounds, String> {
    let package = Package::write()?;
    package.build(Target::Many, Profile::Dev)?;
    let mtrun = build_mtrun()?;
    let report = package.folder.join("report.jsonl");
    let command = |more: &[&str]| -> Result<Command, String> {
        let mut command = Command::new(&mtrun);
        command.arg(package.folder.join("tests/many.rs")).args(more);
        command.arg(format!("--report=jsonl={}", report.display()));
        command.current_dir(&package.folder).env("CARGO_TARGET_DIR", target_folder()?);
        Ok(command)
    };
    // All that does not depend on the number of tasks is in both.
    let mut commands = [command(&[])?, command(&["--exact", "task_0"])?];
    let times = interleaved(&mut commands, options.rounds.unwrap_or(9))?;
    let [all, one] = &times[..] else { return Err("a command was not run".to_owned()) };
    let observed = Rounds::of_differences(all, one).ok_or("no round was run")?;
    let alone = alone(options)?;
    Ok(observed.map(|more| more * 1e3 / float(TASKS - 1) - alone))
}

/// Microseconds a task in an unobserved run.
fn alone(options: &Options) -> Result<f64, String> {
    let edges = Shape::Independent.edges(TASKS);
    let mut runs = Vec::new();
    for _ in 0..9 {
        let runner = named_runner(&edges, || ()).workers(options.workers);
        let planned = runner.plan().map_err(|error| error.to_string())?;
        let begun = Instant::now();
        let report = planned.run();
        runs.push(begun.elapsed().as_secs_f64() * 1e6 / float(TASKS));
        assert!(report.is_good(), "{report}");
    }
    median(runs).ok_or_else(|| "no round was run".to_owned())
}
