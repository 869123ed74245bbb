//! METG(50 %), the minimum effective task granularity: the shortest body with which the workers spend half of
//! their time in bodies.

use std::time::Duration;

use crate::contender::{self, Contender};
use crate::options::Options;
use crate::shape::{Edges, Shape};
use crate::spin::{bare_threads, turns};
use crate::statistics::Rounds;
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
        let figures = metg.by_shape.iter().copied().chain([metg.mean()]);
        let figures = figures.map(|rounds| figure(rounds.map(|it| it.median)));
        table.row([metg.name.to_owned()].into_iter().chain(figures));
    }
    println!("{}\n{}", table.text(), table.markdown());
    Ok(())
}

/// The shortest bodies of a contender, in nanoseconds.
pub(crate) struct Metg {
    pub(crate) name: &'static str,
    by_shape: Vec<Option<Rounds>>,
}

impl Metg {
    pub(crate) fn mean(&self) -> Option<Rounds> {
        Rounds::geometric_mean(&self.by_shape)
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
) -> Vec<Option<Rounds>> {
    let rounds = options.rounds.unwrap_or(5);
    let mut found = vec![Found::default(); contenders.len()];
    let mut length = SHORTEST;
    while length < LONGEST && found.iter().any(|found| found.rounds().is_none()) {
        let turns = turns(Duration::from_secs_f64(length * 1e-9)).max(1);
        let mut shares = vec![Vec::new(); contenders.len()];
        for _ in 0..rounds {
            let bare = bare_threads(options.workers, edges.len(), turns);
            for (contender, shares) in contenders.iter().zip(&mut shares) {
                shares.push(bare / contender.measure(edges, turns).run.as_secs_f64());
            }
        }
        for (found, shares) in found.iter_mut().zip(shares) {
            if let Some(shares) = Rounds::of(shares) {
                found.take(length, shares);
            }
        }
        length *= STEP;
    }
    found.iter().map(Found::rounds).collect()
}

/// The lengths at which the share of the median round, and of the quartiles, becomes a half.
#[derive(Clone, Default)]
struct Found {
    median: Crossing,
    quartiles: [Crossing; 2],
}

impl Found {
    fn take(&mut self, length: f64, shares: Rounds) {
        self.median.take(length, shares.median);
        // Rounds with a large share are content with a short body.
        let [less, more] = shares.quartiles;
        let [low, high] = &mut self.quartiles;
        low.take(length, more);
        high.take(length, less);
    }

    fn rounds(&self) -> Option<Rounds> {
        let [low, high] = &self.quartiles;
        Some(Rounds { median: self.median.at?, quartiles: [low.at?, high.at?] })
    }
}

#[derive(Clone, Default)]
struct Crossing {
    /// The last length that was too short, with its share.
    before: Option<(f64, f64)>,
    at: Option<f64>,
}

impl Crossing {
    fn take(&mut self, length: f64, share: f64) {
        if share < 0.5 {
            self.before = Some((length, share));
        } else if self.at.is_none() {
            let (shorter, less) = self.before.unwrap_or((SHORTEST, 0.0));
            let part = (0.5 - less) / (share - less);
            self.at = Some(shorter + part * (length - shorter));
        }
    }
}
