//! Commands in a run beside a plain loop over `std::process::Command` with as many slots.

use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Instant;

use concurra::Runner;

use crate::options::Options;
use crate::statistics::{float, median};
use crate::table::{Table, figure};

const COMMANDS: usize = 1_000;

pub(crate) fn measure(options: &Options) -> Result<(), String> {
    let (mut plain, mut ours) = (Vec::new(), Vec::new());
    for _ in 0..options.rounds.unwrap_or(9) {
        // Side by side in one round, as the machine changes.
        plain.push(plain_loop(options.workers));
        ours.push(run(options.workers)?);
    }
    let ratios: Vec<f64> = plain.iter().zip(&ours).map(|(plain, ours)| ours / plain).collect();
    let each = |times| figure(median(times).map(|seconds| seconds / float(COMMANDS) * 1e6));
    let mut table = Table::new(["commands", "plain loop, µs each", "concurra, µs each", "ratio"]);
    table.row([COMMANDS.to_string(), each(plain), each(ours), figure(median(ratios))]);
    println!("{}\n{}", table.text(), table.markdown());
    Ok(())
}

fn plain_loop(slots: usize) -> f64 {
    let next = AtomicUsize::new(0);
    let begun = Instant::now();
    thread::scope(|scope| {
        for _ in 0..slots {
            scope.spawn(|| {
                while next.fetch_add(1, Ordering::Relaxed) < COMMANDS {
                    let output = Command::new("true").output().expect("`true` is everywhere");
                    assert!(output.status.success());
                }
            });
        }
    });
    begun.elapsed().as_secs_f64()
}

fn run(workers: usize) -> Result<f64, String> {
    let mut runner = Runner::new().workers(workers);
    for command in 0..COMMANDS {
        runner.command(command.to_string(), ["true"]);
    }
    let planned = runner.plan().map_err(|error| error.to_string())?;
    let begun = Instant::now();
    let report = planned.run();
    let seconds = begun.elapsed().as_secs_f64();
    assert!(report.is_good(), "{report}");
    Ok(seconds)
}
