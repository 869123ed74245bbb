//! Times of whole processes.

use std::process::{Command, Stdio};
use std::time::Instant;

/// The times of all rounds in milliseconds, one row for each command, which run in turns.
pub(crate) fn interleaved(
    commands: &mut [Command],
    rounds: usize,
) -> Result<Vec<Vec<f64>>, String> {
    let mut samples = vec![Vec::new(); commands.len()];
    // The first round loads executables into memory and does not count.
    for round in 0..=rounds {
        for (command, samples) in commands.iter_mut().zip(&mut samples) {
            let took = time(command)?;
            samples.extend((round > 0).then_some(took));
        }
    }
    Ok(samples)
}

fn time(command: &mut Command) -> Result<f64, String> {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let begun = Instant::now();
    let status = command.status().map_err(|error| format!("{command:?}: {error}"))?;
    let took = begun.elapsed().as_secs_f64() * 1e3;
    if status.success() { Ok(took) } else { Err(format!("{command:?}: {status}")) }
}
