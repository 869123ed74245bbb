//! Very many small runs: a wake-up that is lost once in a hundred thousand times hangs one of them.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use concurra_core::{Outcome, Runner, StopReason, skip};

use crate::support::{Random, names};

/// So many runs unless `CONCURRA_STRESS_RUNS` asks for more.
const RUNS: usize = 3000;

/// Reached only by a run that hangs.
const PATIENCE: Duration = Duration::from_secs(60);

#[test]
fn many_random_runs_neither_hang_nor_lose_tasks() {
    let runs = std::env::var("CONCURRA_STRESS_RUNS").ok().and_then(|runs| runs.parse().ok());
    let runs = runs.unwrap_or(RUNS);
    let at = Arc::new(AtomicUsize::new(0));
    let (beat, heart) = mpsc::channel();
    let seen = Arc::clone(&at);
    thread::spawn(move || {
        for seed in 0..runs {
            seen.store(seed, Ordering::Relaxed);
            one_run(seed);
            if seed % 64 == 0 || seed + 1 == runs {
                let _ = beat.send(seed + 1);
            }
        }
    });
    let mut last = 0;
    while last < runs {
        match heart.recv_timeout(PATIENCE) {
            Ok(done) => last = done,
            Err(error) => panic!("run {}: {error}", at.load(Ordering::Relaxed)),
        }
    }
}

fn one_run(seed: usize) {
    let mut random = Random::new(seed as u64 + 1);
    let workers = 2 + random.below(7);
    let needs = {
        let (tasks, most) = (1 + random.below(24), 1 + random.below(3));
        random.needs(tasks, most)
    };
    let stop = random.below(8);
    let mut runner = Runner::new()
        .workers(workers)
        .run_dependents(random.below(4) == 0)
        .fail_fast(random.below(4) == 0)
        .grace(PATIENCE);
    if random.below(2) == 0 {
        runner = runner.on_task_done(|_| ());
    }
    let ran: Arc<[AtomicUsize]> = needs.iter().map(|_| AtomicUsize::new(0)).collect();
    for (task, row) in needs.iter().enumerate() {
        let (ran, kind) = (Arc::clone(&ran), random.below(40));
        let canceller = (stop == 0 && task == 0).then(|| runner.canceller());
        let reason = if kind < 20 { StopReason::Interrupt } else { StopReason::Abort };
        let body = move || {
            ran[task].fetch_add(1, Ordering::Relaxed);
            canceller.iter().for_each(|canceller| canceller.stop(reason));
            match kind {
                0 => return Err("no"),
                1 => skip("why"),
                2 => drop(rayon::join(|| vec![1], || vec![2])),
                3..6 => thread::yield_now(),
                6 => thread::sleep(Duration::from_micros(200)),
                _ => {}
            }
            Ok(())
        };
        runner.add(task.to_string(), body).after(names(row));
    }
    let report = runner.run().expect("a plan");
    assert_eq!(report.tasks().len(), needs.len());
    for (task, row) in needs.iter().enumerate() {
        let outcome = report.tasks()[task].outcome();
        let ran = ran[task].load(Ordering::Relaxed);
        let started = matches!(outcome, Outcome::Passed | Outcome::Failed);
        assert!(ran == 1 || ran == 0 && !started, "{task} ran {ran} times and is {outcome}");
        let ended = |need: &usize| report.tasks()[*need].outcome() != Outcome::Cancelled;
        assert!(!started || row.iter().all(ended), "{task} ran after a cancelled one");
    }
}

#[test]
fn no_task_starts_before_what_it_waits_for_has_ended() {
    for seed in 1..=600 {
        let mut random = Random::new(seed);
        let needs = random.needs(300, 3);
        let mut runner = Runner::new().workers(if seed % 2 == 0 { 2 } else { 8 });
        let mut serial = Vec::new();
        for (task, row) in needs.iter().enumerate() {
            let added = runner.add(task.to_string(), || ()).after(names(row));
            if seed % 3 == 0 && task % 9 == 0 {
                added.serial("group");
                serial.push(task);
            }
        }
        let report = runner.run().expect("a plan");
        let span = |task: usize| {
            let task = &report[task.to_string().as_str()];
            let (start, end) =
                (task.start_time().expect("it ran"), task.end_time().expect("it ended"));
            (start, end)
        };
        for (task, row) in needs.iter().enumerate() {
            for &need in row {
                assert!(span(need).1 <= span(task).0, "seed {seed}: {task} waits for {need}");
            }
        }
        serial.sort_by_key(|task| span(*task));
        for pair in serial.windows(2) {
            assert!(span(pair[0]).1 <= span(pair[1]).0, "seed {seed}: {pair:?} overlap");
        }
    }
}
