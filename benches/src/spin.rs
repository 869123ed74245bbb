//! Bodies of a known length.

use std::hint;
use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

use crate::statistics::median;

/// Spins for so many turns. A body that looked at the clock itself would end on time even when something
/// held it up, and hide the loss.
pub(crate) fn spin(turns: u32) {
    (0..turns).for_each(|turn| {
        hint::black_box(turn);
    });
}

/// How many turns of [`spin`] take so long.
pub(crate) fn turns(length: Duration) -> u32 {
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
        reason = "bodies have some thousand turns at most"
    )]
    let turns = (length.as_secs_f64() / per_turn) as u32;
    turns
}

/// The time of plain threads for bodies of so many turns, each thread with its share of them, without the
/// start of the threads.
pub(crate) fn bare_threads(threads: usize, bodies: usize, turns: u32) -> f64 {
    let together = Barrier::new(threads);
    let share = || {
        together.wait();
        let begun = Instant::now();
        (0..bodies / threads).for_each(|_| spin(turns));
        begun.elapsed().as_secs_f64()
    };
    thread::scope(|scope| {
        let all: Vec<_> = (0..threads).map(|_| scope.spawn(share)).collect();
        let times = all.into_iter().map(|thread| thread.join().expect("a body that spins"));
        times.fold(0.0, f64::max)
    })
}
