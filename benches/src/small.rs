//! A whole run of few tasks, when its pool is warm.

use std::time::Instant;

use crate::contender::named_runner;
use crate::options::Options;
use crate::shape::Shape;
use crate::statistics::{Rounds, median};
use crate::table::{Table, figure};

/// The runs that are usual: a chain of 10, and 100 tasks of each shape.
const RUNS: &[(usize, Shape)] = &[
    (10, Shape::Chain),
    (100, Shape::Chain),
    (100, Shape::Independent),
    (100, Shape::Tree),
    (100, Shape::Grid),
    (100, Shape::Random),
];

pub(crate) fn measure(options: &Options) -> Result<(), String> {
    let mut table = Table::new(["a whole run", "plan, µs", "run, µs", "slowest tenth of runs, µs"]);
    for (tasks, shape) in RUNS {
        let Small { plan, run, slow } = Small::take(*tasks, *shape, options)?;
        table.row([
            format!("{tasks} tasks, {}", shape.name()),
            figure(plan),
            figure(run.map(|run| run.median)),
            figure(slow),
        ]);
    }
    println!("{}\n{}", table.text(), table.markdown());
    Ok(())
}

/// The time of the slowest shape of 100 tasks, in microseconds.
pub(crate) fn slowest(options: &Options) -> Result<Option<Rounds>, String> {
    let hundreds = RUNS.iter().filter(|(tasks, _)| *tasks == 100);
    let runs: Result<Vec<_>, String> =
        hundreds.map(|(tasks, shape)| Ok(Small::take(*tasks, *shape, options)?.run)).collect();
    Ok(runs?.into_iter().flatten().max_by(|one, other| one.median.total_cmp(&other.median)))
}

/// Medians, and the time that a tenth of the runs exceeds, in microseconds.
struct Small {
    plan: Option<f64>,
    run: Option<Rounds>,
    slow: Option<f64>,
}

impl Small {
    fn take(tasks: usize, shape: Shape, options: &Options) -> Result<Self, String> {
        let rounds = options.rounds.unwrap_or(1_001);
        let edges = shape.edges(tasks);
        let (mut plans, mut runs) = (Vec::new(), Vec::new());
        for _ in 0..rounds {
            let runner = named_runner(&edges, || ()).workers(options.workers);
            let begun = Instant::now();
            let planned = runner.plan().map_err(|error| error.to_string())?;
            plans.push(begun.elapsed().as_secs_f64() * 1e6);
            let begun = Instant::now();
            let report = planned.run();
            runs.push(begun.elapsed().as_secs_f64() * 1e6);
            drop(report);
        }
        runs.sort_by(f64::total_cmp);
        let slow = runs.get(rounds * 9 / 10).copied();
        Ok(Self { plan: median(plans), run: Rounds::of(runs), slow })
    }
}
