//! METG(50 %), the minimum effective task granularity: the shortest body with which the workers spend half of
//! their time in bodies.

use std::time::Duration;

use crate::contender::{self, Contender};
use crate::options::Options;
use crate::shape::{Edges, Shape};
use crate::spin::{bare_threads, turns};
use crate::statistics::{geometric_mean, median};
use crate::table::{Table, figure};

const SHAPES: [Shape; 4] = [Shape::Stencil, Shape::Fft, Shape::Tree, Shape::Random];
const TASKS: usize = 10_000;

/// The lengths that are tried, in nanoseconds: each is a quarter longer than the one before.
const SHORTEST: f64 = 20.0;
const LONGEST: f64 = 5_000.0;
const STEP: f64 = 1.25;

pub(crate) fn measure(options: &Options) -> Result<(), String> {
    let names = SHAPES.map(|shape| shape.name().to_owned());
    let head = ["METG(50 %), ns".to_owned()].into_iter().chain(names);
    let mut table = Table::new(head.chain(["geometric mean".to_owned()]));
    for metg in lengths(options)? {
        let figures = metg.by_shape.iter().copied().chain([metg.mean()]).map(figure);
        table.row([metg.name.to_owned()].into_iter().chain(figures));
    }
    println!("{}\n{}", table.text(), table.markdown());
    Ok(())
}

/// The shortest bodies of a contender, in nanoseconds.
pub(crate) struct Metg {
    pub(crate) name: &'static str,
    by_shape: Vec<Option<f64>>,
}

impl Metg {
    pub(crate) fn mean(&self) -> Option<f64> {
        geometric_mean(&self.by_shape)
    }
}

/// The METG of each contender.
pub(crate) fn lengths(options: &Options) -> Result<Vec<Metg>, String> {
    let mut contenders = contender::all(options.workers)?;
    contenders.retain(|contender| contender.spins() && options.wants(contender.name()));
    let by_shape = SHAPES.map(|shape| shortest(&shape.edges(TASKS), options, &contenders));
    let names = contenders.iter().map(|contender| contender.name()).enumerate();
    let metg = |(index, name)| {
        let by_shape = by_shape.iter().map(|lengths| lengths[index]).collect();
        Metg { name, by_shape }
    };
    Ok(names.map(metg).collect())
}

/// The METG of each contender; `None` for one that no length is enough for.
fn shortest(
    edges: &Edges,
    options: &Options,
    contenders: &[Box<dyn Contender>],
) -> Vec<Option<f64>> {
    let rounds = options.rounds.unwrap_or(5);
    // Before each length, the last one that was too short, with its efficiency.
    let mut before = vec![(SHORTEST, 0.0); contenders.len()];
    let mut found = vec![None; contenders.len()];
    let mut length = SHORTEST;
    while length < LONGEST && found.contains(&None) {
        let turns = turns(Duration::from_secs_f64(length * 1e-9)).max(1);
        let mut shares = vec![Vec::new(); contenders.len()];
        for _ in 0..rounds {
            let bare = bare_threads(options.workers, edges.len(), turns);
            for (contender, shares) in contenders.iter().zip(&mut shares) {
                shares.push(bare / contender.measure(edges, turns).run.as_secs_f64());
            }
        }
        for (index, shares) in shares.into_iter().enumerate() {
            let share = median(shares).unwrap_or_default();
            let (shorter, less) = before[index];
            if share < 0.5 {
                before[index] = (length, share);
            } else if found[index].is_none() {
                let part = (0.5 - less) / (share - less);
                found[index] = Some(shorter + part * (length - shorter));
            }
        }
        length *= STEP;
    }
    found
}
