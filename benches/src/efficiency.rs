//! How much of the workers' time short bodies get.

use std::time::{Duration, Instant};

use crate::contender::named_runner;
use crate::options::Options;
use crate::shape::Shape;
use crate::spin::{bare_threads, spin, turns};
use crate::statistics::{Rounds, float, median};
use crate::table::{Table, figure};

const TASKS: usize = 100_000;
const BODY: Duration = Duration::from_micros(1);

pub(crate) fn measure(options: &Options) -> Result<(), String> {
    let Efficiency { bare, actual, share } = Efficiency::take(options)?;
    let per_body =
        |seconds: f64| figure(Some(seconds * float(options.workers) / float(TASKS) * 1e9));
    let mut table = Table::new([
        "bodies",
        "workers",
        "ns a body, bare threads",
        "ns a body, concurra",
        "bare / concurra",
    ]);
    table.row([
        TASKS.to_string(),
        options.workers.to_string(),
        per_body(bare),
        per_body(actual),
        figure(Some(share.median)),
    ]);
    println!("{}\n{}", table.text(), table.markdown());
    Ok(())
}

/// Medians: times in seconds, and the first over the second.
pub(crate) struct Efficiency {
    bare: f64,
    actual: f64,
    pub(crate) share: Rounds,
}

impl Efficiency {
    pub(crate) fn take(options: &Options) -> Result<Self, String> {
        let turns = turns(BODY);
        let edges = Shape::Independent.edges(TASKS);
        let (mut bare, mut actual) = (Vec::new(), Vec::new());
        for _ in 0..options.rounds.unwrap_or(9) {
            // The ideal is measured in the same round, as the clock rate and neighbours change, and on
            // as many threads, as two cores of a machine may be two halves of one.
            bare.push(bare_threads(options.workers, TASKS, turns));
            let runner = named_runner(&edges, move || spin(turns)).workers(options.workers);
            let planned = runner.plan().map_err(|error| error.to_string())?;
            let begun = Instant::now();
            let report = planned.run();
            actual.push(begun.elapsed().as_secs_f64());
            assert!(report.is_good(), "{report}");
        }
        let shares: Vec<f64> =
            bare.iter().zip(&actual).map(|(bare, actual)| bare / actual).collect();
        let medians = median(bare).zip(median(actual)).zip(Rounds::of(shares));
        let ((bare, actual), share) = medians.ok_or("no round was run")?;
        Ok(Self { bare, actual, share })
    }
}
