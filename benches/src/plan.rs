//! Adding and planning many closures: time and memory.

use std::fs;
use std::time::Instant;

use concurra::Runner;

use crate::options::Options;
use crate::statistics::{Rounds, float};
use crate::table::{Table, figure};

const TASKS: usize = 1_000_000;

pub(crate) fn measure(options: &Options) -> Result<(), String> {
    let Planning { add, plan, bytes } = Planning::take(TASKS, options)?;
    let [add, plan] = [add, plan].map(|rounds| rounds.map(|rounds| rounds.median));
    let mut table = Table::new(["closures", "add, ns each", "plan, ns each", "bytes each"]);
    table.row([TASKS.to_string(), figure(add), figure(plan), figure(bytes)]);
    println!("{}\n{}", table.text(), table.markdown());
    Ok(())
}

/// Figures for each closure: times in nanoseconds, and bytes.
pub(crate) struct Planning {
    add: Option<Rounds>,
    pub(crate) plan: Option<Rounds>,
    bytes: Option<f64>,
}

impl Planning {
    pub(crate) fn take(tasks: usize, options: &Options) -> Result<Self, String> {
        let (mut adds, mut plans, mut bytes) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..options.rounds.unwrap_or(5) {
            let before = resident();
            let begun = Instant::now();
            let mut runner = Runner::new();
            runner.add_all((0..tasks).map(|task| (task.to_string(), move || task)));
            adds.push(begun.elapsed().as_secs_f64());
            let begun = Instant::now();
            let planned = runner.plan().map_err(|error| error.to_string())?;
            plans.push(begun.elapsed().as_secs_f64());
            bytes.push(float(resident().saturating_sub(before)));
            drop(planned);
        }
        // A later round reuses memory that an earlier one freed, so only the largest figure counts.
        let most = bytes.into_iter().max_by(f64::total_cmp);
        let each = |times| Some(Rounds::of(times)?.map(|seconds| seconds / float(tasks) * 1e9));
        let bytes = most.map(|bytes| bytes / float(tasks));
        Ok(Self { add: each(adds), plan: each(plans), bytes })
    }
}

/// The memory that this process has, in bytes.
fn resident() -> usize {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<usize>().ok());
    kilobytes.unwrap_or(0) * 1024
}
