//! A program of its own that runs its tasks, and shows a progress bar by callbacks.
//!
//! It has its own `main`, so `mtrun` has no say in it; the bar shows on a terminal only.
//!
//! ```text
//! cargo run --example callbacks
//! ```

use concurra::{Outcome, State, task};
use indicatif::{ProgressBar, ProgressStyle};

/// Work that takes a moment: how many primes there are below a number.
fn primes(below: u32) -> usize {
    (2..below).filter(|n| (2..*n).take_while(|d| d * d <= *n).all(|d| n % d != 0)).count()
}

#[task]
fn small() -> usize {
    primes(50_000)
}

#[task]
fn large() -> usize {
    primes(200_000)
}

#[task(after = ["small", "large"])]
fn ratio(state: &State) -> Result<f64, concurra::ResultError> {
    Ok(*state.result::<usize>("large")? as f64 / *state.result::<usize>("small")? as f64)
}

fn main() -> anyhow::Result<()> {
    let bar = ProgressBar::no_length();
    bar.set_style(ProgressStyle::with_template("{bar:30} {pos}/{len} {msg}")?);
    // Callbacks outlive this function, so each takes a handle of its own; the bar is one.
    let (start, run, done, end) = (bar.clone(), bar.clone(), bar.clone(), bar);
    let mut runner = concurra::registered!()
        .on_run_start(move |run| start.set_length(run.plan.tasks().len() as u64))
        .on_task_run(move |task, worker| run.set_message(format!("{worker}: {}", task.name())))
        .on_task_done(move |task| {
            done.set_position(task.end.done as u64);
            if task.end.outcome != Outcome::Passed {
                done.println(format!("{} {}", task.task.name(), task.end.outcome));
            }
        })
        .on_run_done(move |_| end.finish_and_clear());
    // Tasks by hand can stand beside annotated ones, and wait for them.
    runner.add("goodbye", || println!("all primes are counted")).after(["ratio"]);
    let report = runner.run()?;
    // The error is the table of the tasks and what failed.
    report.verify()?;
    println!("{report}");
    println!("the ratio is {:.2}", report["ratio"].result::<f64>()?);
    Ok(())
}
