//! Time per task of the engine, beside other schedulers.

use std::time::Duration;

use crate::contender::{self, Contender, Sample};
use crate::options::Options;
use crate::shape::Edges;
use crate::statistics::{Rounds, float, geometric_mean, median};
use crate::table::{Table, figure};

/// Nanoseconds a task, by contender and by shape.
struct Figures {
    tasks: usize,
    run: Vec<Vec<Option<Rounds>>>,
    /// Medians.
    plan: Vec<Option<f64>>,
}

pub(crate) fn measure(options: &Options) -> Result<(), String> {
    let mut contenders = contender::all(options.workers)?;
    contenders.retain(|contender| options.wants(contender.name()));
    let mut all = Vec::new();
    for &tasks in &options.tasks {
        let figures = Figures::take(tasks, options, &contenders);
        let tables =
            [times(&figures, options, &contenders), ratios(&figures, options, &contenders)];
        println!("{tasks} tasks, {} workers, ns a task\n", options.workers);
        tables.iter().for_each(|table| println!("{}", table.text()));
        all.push((tasks, tables));
    }
    println!("As Markdown:\n");
    for (tasks, tables) in &all {
        println!("{tasks} tasks, {} workers, ns a task:\n", options.workers);
        tables.iter().for_each(|table| println!("{}", table.markdown()));
    }
    Ok(())
}

/// The geometric mean over the shapes, in nanoseconds a task, of each contender.
pub(crate) fn means(
    tasks: usize,
    options: &Options,
) -> Result<Vec<(&'static str, Option<Rounds>)>, String> {
    let contenders = contender::all(options.workers)?;
    let figures = Figures::take(tasks, options, &contenders);
    let means = figures.run.iter().map(|run| Rounds::geometric_mean(run));
    Ok(contenders.iter().map(|contender| contender.name()).zip(means).collect())
}

impl Figures {
    fn take(tasks: usize, options: &Options, contenders: &[Box<dyn Contender>]) -> Self {
        let mut run = vec![Vec::new(); contenders.len()];
        let mut plan = Vec::new();
        for shape in &options.shapes {
            let samples = interleaved(contenders, &shape.edges(tasks), rounds(options, tasks));
            let per_task = |time: Duration| nanoseconds(time) / float(tasks);
            for (contender, samples) in samples.iter().enumerate() {
                let samples = samples.iter().map(|one| per_task(one.run)).collect();
                run[contender].push(Rounds::of(samples));
            }
            let planned = samples.iter().flatten().filter_map(|one| one.plan);
            plan.push(median(planned.map(per_task).collect()));
        }
        Self { tasks, run, plan }
    }
}

/// One run of each in turn, so that a change of the machine's mood meets all of them.
fn interleaved(
    contenders: &[Box<dyn Contender>],
    edges: &Edges,
    rounds: usize,
) -> Vec<Vec<Sample>> {
    let mut samples = vec![Vec::new(); contenders.len()];
    // The first round warms pools and allocators and does not count.
    for round in 0..=rounds {
        for (contender, samples) in contenders.iter().zip(&mut samples) {
            if edges.len() <= contender.most_tasks() {
                let sample = contender.measure(edges, 0);
                samples.extend((round > 0).then_some(sample));
            }
        }
    }
    samples
}

/// Small graphs are over soon and vary most.
fn rounds(options: &Options, tasks: usize) -> usize {
    options.rounds.unwrap_or(match tasks {
        0..=1_000 => 101,
        1_001..=10_000 => 31,
        10_001..=100_000 => 9,
        _ => 5,
    })
}

fn medians(run: &[Option<Rounds>]) -> Vec<Option<f64>> {
    run.iter().map(|rounds| rounds.map(|it| it.median)).collect()
}

fn nanoseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e9
}

fn head(options: &Options, first: &str) -> Vec<String> {
    let shapes = options.shapes.iter().map(|shape| shape.name().to_owned());
    [first.to_owned()].into_iter().chain(shapes).chain(["geometric mean".to_owned()]).collect()
}

fn times(figures: &Figures, options: &Options, contenders: &[Box<dyn Contender>]) -> Table {
    let mut table = Table::new(head(options, &format!("{} tasks", figures.tasks)));
    for (contender, run) in contenders.iter().zip(&figures.run) {
        table.row(cells(contender.name(), &medians(run)));
        if contender.name() == "concurra" {
            table.row(cells("concurra: plan, before the run", &figures.plan));
        }
    }
    table
}

/// Concurra's time as a share of each other's: below 1 it is faster.
fn ratios(figures: &Figures, options: &Options, contenders: &[Box<dyn Contender>]) -> Table {
    let mut table = Table::new(head(options, "concurra's time over that of"));
    let Some(own) = contenders.iter().position(|contender| contender.name() == "concurra") else {
        return table;
    };
    let own_run = medians(&figures.run[own]);
    let over = |others: &[Option<Rounds>]| -> Vec<Option<f64>> {
        let pairs = own_run.iter().zip(medians(others));
        pairs.map(|(own, other)| Some((*own)? / other?)).collect()
    };
    for (index, (contender, run)) in contenders.iter().zip(&figures.run).enumerate() {
        if index != own {
            table.row(cells(contender.name(), &over(run)));
        }
    }
    table
}

fn cells(name: &str, by_shape: &[Option<f64>]) -> Vec<String> {
    let mean = geometric_mean(by_shape);
    let figures = by_shape.iter().copied().chain([mean]).map(small_or_large);
    [name.to_owned()].into_iter().chain(figures).collect()
}

/// Ratios to slow schedulers need more digits than times.
fn small_or_large(value: Option<f64>) -> String {
    match value {
        Some(value) if value < 0.1 => format!("{value:.4}"),
        other => figure(other),
    }
}
