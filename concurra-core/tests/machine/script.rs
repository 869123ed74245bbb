//! Random runs: graphs, completion orders, endings and stops.

use concurra_core::{Outcome, Reach};
use proptest::prelude::*;
use proptest::sample::Index;

/// What a run is made of, before anything is decided in it.
#[derive(Clone, Debug)]
pub(crate) struct Script {
    pub(crate) needs: Vec<Vec<usize>>,
    /// For each task whether it runs whatever happens.
    pub(crate) always: Vec<bool>,
    /// For each task how it ends when it runs, and whether it is known beforehand.
    pub(crate) fates: Vec<Outcome>,
    pub(crate) known: Vec<Option<Outcome>>,
    /// For each task how often it is given back before it ends.
    pub(crate) attempts: Vec<usize>,
    pub(crate) run_dependents: bool,
    /// Which of the possible steps comes next, each time.
    pub(crate) choices: Vec<Index>,
    pub(crate) stop: Option<Stop>,
}

/// How a run is stopped.
#[derive(Clone, Debug)]
pub(crate) struct Stop {
    /// Before which step.
    pub(crate) at: usize,
    pub(crate) reach: Reach,
    /// What happens at the same time.
    pub(crate) meanwhile: Meanwhile,
    /// After how many more steps everything is abandoned.
    pub(crate) abort: Option<usize>,
}

/// What a worker does while the run is being stopped.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Meanwhile {
    Nothing,
    /// A task ends before the sweep, and so do those that it skips.
    Ended(Index),
    /// A task ends before the sweep, and its dependents hear of it only after.
    Told(Index),
}

const MOST: usize = 12;
const MOST_BACK: usize = 2;

pub(crate) fn scripts() -> impl Strategy<Value = Script> {
    (1..=MOST).prop_flat_map(|tasks| {
        // A random order of the tasks; edges go forward in it, so numbers say nothing of order.
        let order = Just((0..tasks).collect::<Vec<_>>()).prop_shuffle();
        let edges = prop::collection::vec(prop::bool::weighted(0.25), tasks * tasks);
        (
            (order, edges),
            prop::collection::vec(prop::bool::weighted(0.3), tasks),
            prop::collection::vec(fate(), tasks),
            prop::collection::vec(known(), tasks),
            prop::collection::vec(0..=MOST_BACK, tasks),
            any::<bool>(),
            prop::collection::vec(any::<Index>(), (2 * MOST_BACK + 2) * tasks + 1),
            prop::option::of(stop(tasks)),
        )
            .prop_map(
                |(graph, always, fates, known, attempts, run_dependents, choices, stop)| {
                    let needs = needs(&graph.0, &graph.1, &known);
                    Script { needs, always, fates, known, attempts, run_dependents, choices, stop }
                },
            )
    })
}

fn fate() -> impl Strategy<Value = Outcome> + Clone {
    prop_oneof![
        5 => Just(Outcome::Passed),
        1 => Just(Outcome::Failed),
        1 => Just(Outcome::TimedOut),
        1 => Just(Outcome::Skipped),
    ]
}

fn known() -> impl Strategy<Value = Option<Outcome>> + Clone {
    prop_oneof![
        8 => Just(None),
        1 => Just(Some(Outcome::Mocked)),
        1 => Just(Some(Outcome::Ignored)),
    ]
}

fn stop(tasks: usize) -> impl Strategy<Value = Stop> {
    let reach = prop_oneof![Just(Reach::Waiting), Just(Reach::Running), Just(Reach::All)];
    let meanwhile = prop_oneof![
        2 => Just(Meanwhile::Nothing),
        1 => any::<Index>().prop_map(Meanwhile::Ended),
        1 => any::<Index>().prop_map(Meanwhile::Told),
    ];
    (0..3 * tasks, reach, meanwhile, prop::option::of(0..2 * tasks))
        .prop_map(|(at, reach, meanwhile, abort)| Stop { at, reach, meanwhile, abort })
}

/// A task whose outcome is known waits for nothing, as the plan cuts its edges.
fn needs(order: &[usize], edges: &[bool], known: &[Option<Outcome>]) -> Vec<Vec<usize>> {
    let mut needs = vec![Vec::new(); order.len()];
    for (later, &task) in order.iter().enumerate() {
        if known[task].is_none() {
            let earlier = order[..later].iter().enumerate();
            let edge = |(from, _): &(usize, &usize)| edges[later * order.len() + from];
            needs[task] = earlier.filter(edge).map(|(_, need)| *need).collect();
        }
    }
    needs
}
