//! How much of the workers' time short bodies get.

use std::hint;
use std::thread;
use std::time::{Duration, Instant};

use crate::contender::named_runner;
use crate::options::Options;
use crate::shape::Shape;
use crate::statistics::{float, median};
use crate::table::{Table, figure};

const TASKS: usize = 100_000;
const BODY: Duration = Duration::from_micros(1);

pub(crate) fn measure(options: &Options) -> Result<(), String> {
    let turns = turns();
    let edges = Shape::Independent.edges(TASKS);
    let (mut bare, mut actual) = (Vec::new(), Vec::new());
    for _ in 0..options.rounds.unwrap_or(9) {
        // The ideal is measured in the same round, as the clock rate and neighbours change, and on
        // as many threads, as two cores of a machine may be two halves of one.
        bare.push(bare_threads(options.workers, turns));
        let runner = named_runner(&edges, move || spin(turns)).workers(options.workers);
        let planned = runner.plan().map_err(|error| error.to_string())?;
        let begun = Instant::now();
        let report = planned.run();
        actual.push(begun.elapsed().as_secs_f64());
        assert!(report.is_good(), "{report}");
    }
    let ratios: Vec<f64> = bare.iter().zip(&actual).map(|(bare, actual)| bare / actual).collect();
    let per_body = |times| {
        let seconds: Option<f64> = median(times);
        figure(seconds.map(|seconds| seconds * float(options.workers) / float(TASKS) * 1e9))
    };
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
        figure(median(ratios)),
    ]);
    println!("{}\n{}", table.text(), table.markdown());
    Ok(())
}

/// The time of as many threads as there are workers, each with its share of the bodies.
fn bare_threads(threads: usize, turns: u32) -> f64 {
    let begun = Instant::now();
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| (0..TASKS / threads).for_each(|_| spin(turns)));
        }
    });
    begun.elapsed().as_secs_f64()
}

/// How many turns of [`spin`] fill the time of a body. A body that looked at the clock itself
/// would end on time even when something held it up, and hide the loss.
fn turns() -> u32 {
    const SAMPLE: u32 = 1_000_000;
    let mut samples = Vec::new();
    for _ in 0..9 {
        let begun = Instant::now();
        spin(SAMPLE);
        samples.push(begun.elapsed().as_secs_f64() / f64::from(SAMPLE));
    }
    let per_turn = median(samples).unwrap_or(1e-9);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a microsecond has some thousand turns at most"
    )]
    let turns = (BODY.as_secs_f64() / per_turn) as u32;
    turns
}

fn spin(turns: u32) {
    (0..turns).for_each(|turn| {
        hint::black_box(turn);
    });
}
