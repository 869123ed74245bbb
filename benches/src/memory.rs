//! Bytes a task, seen from outside: by the memory of a process that does nothing else.

use std::env;
use std::fs;
use std::process::Command;

use crate::contender::{self, Contender, named_runner};
use crate::options::Options;
use crate::shape::Shape;
use crate::statistics::float;
use crate::table::{Table, figure};

/// The bytes that Concurra takes for a task's status, times and body when the task is added. They belong to
/// the scheduler, not to the caller.
const SLOT: f64 = 64.0;

/// The subcommand by which a process becomes a measured one.
pub(crate) const CHILD: &str = "memory-child";

pub(crate) fn measure(options: &Options) -> Result<(), String> {
    let tasks = options.tasks.iter().copied().max().unwrap_or(1_000_000);
    let mut table = Table::new([
        "bytes a task",
        "added",
        "planned",
        "run",
        "peak",
        "the scheduler's own: peak - added, with slots",
    ]);
    for shape in &options.shapes {
        for contender in ["concurra", "dagx"] {
            let figures = child(contender, *shape, tasks, options.workers)?;
            let cells = figures.into_iter().map(|bytes| figure(Some(bytes)));
            table.row([format!("{contender}, {}", shape.name())].into_iter().chain(cells));
        }
    }
    println!("{tasks} tasks, {} workers\n", options.workers);
    println!("{}\n{}", table.text(), table.markdown());
    Ok(())
}

/// The most bytes a task that Concurra itself takes, over the shapes.
pub(crate) fn most(tasks: usize, options: &Options) -> Result<Option<f64>, String> {
    let own =
        |shape: &Shape| Ok(child("concurra", *shape, tasks, options.workers)?.last().copied());
    let all: Result<Vec<_>, String> = options.shapes.iter().map(own).collect();
    Ok(all?.into_iter().flatten().max_by(f64::total_cmp))
}

fn child(contender: &str, shape: Shape, tasks: usize, workers: usize) -> Result<Vec<f64>, String> {
    let program = env::current_exe().map_err(|error| error.to_string())?;
    let output = Command::new(program)
        .args([CHILD, contender, shape.name(), &tasks.to_string(), &workers.to_string()])
        .output()
        .map_err(|error| error.to_string())?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    let text = String::from_utf8_lossy(&output.stdout);
    text.split_whitespace()
        .map(|bytes| bytes.parse().map_err(|_| format!("the child said {text}")))
        .collect()
}

/// Measures itself and prints the figures.
pub(crate) fn be_child(mut arguments: impl Iterator<Item = String>) -> Result<(), String> {
    let mut next = || arguments.next().ok_or("an argument is missing");
    let (contender, shape) = (next()?, next()?);
    let tasks: usize = next()?.parse().map_err(|_| "the number of tasks is no number")?;
    let workers: usize = next()?.parse().map_err(|_| "the number of workers is no number")?;
    let edges = Shape::named(&shape).ok_or("unknown shape")?.edges(tasks);
    let before = Memory::now()?;
    let phases = match contender.as_str() {
        "concurra" => {
            let runner = named_runner(&edges, || ()).workers(workers);
            let added = Memory::now()?;
            let planned = runner.plan().map_err(|error| error.to_string())?;
            let plan = Memory::now()?;
            let report = planned.run();
            let phases = [added, plan, Memory::now()?];
            assert!(report.is_good(), "{report}");
            phases
        }
        _ => {
            // dagx has no plan and keeps its graph until the run is over.
            let sample = contender::dagx(workers).measure(&edges, 0);
            assert!(!sample.run.is_zero());
            [before, before, Memory::now()?]
        }
    };
    let per_task = |bytes: u64| {
        let bytes = u32::try_from(bytes.saturating_sub(before.held) / 1024).unwrap_or(u32::MAX);
        f64::from(bytes) * 1024.0 / float(tasks)
    };
    let [added, planned, run] = phases.map(|phase| per_task(phase.held));
    let peak = per_task(phases[2].peak);
    let slot = if contender == "concurra" { SLOT } else { 0.0 };
    println!("{added} {planned} {run} {peak} {}", peak - added + slot);
    Ok(())
}

/// What the system says that this process takes, in bytes.
#[derive(Clone, Copy)]
struct Memory {
    held: u64,
    peak: u64,
}

impl Memory {
    fn now() -> Result<Self, String> {
        let status = fs::read_to_string("/proc/self/status")
            .map_err(|error| format!("memory is only measured on Linux: {error}"))?;
        let field = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name));
            let kilobytes = line.and_then(|line| line.split_whitespace().next());
            kilobytes.and_then(|number| number.parse::<u64>().ok()).map(|number| number * 1024)
        };
        match (field("VmRSS:"), field("VmHWM:")) {
            (Some(held), Some(peak)) => Ok(Self { held, peak }),
            _ => Err("the system does not tell this process's memory".to_owned()),
        }
    }
}
