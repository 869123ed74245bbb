//! Random graphs, completion orders, endings and stops: machine and model must agree at each step.

use std::collections::BTreeSet;

use concurra_core::{Graph, Machine, Outcome, Reach, Step, TaskId};
use proptest::prelude::*;
use proptest::sample::Index;

use crate::model::Model;

/// What a run is made of, before anything is decided in it.
#[derive(Clone, Debug)]
struct Script {
    needs: Vec<Vec<usize>>,
    /// For each task how it ends when it runs, and whether it is known beforehand.
    fates: Vec<Outcome>,
    known: Vec<Option<Outcome>>,
    run_dependents: bool,
    /// Which of the possible steps comes next, each time.
    choices: Vec<Index>,
    /// After how many steps the run is stopped, and how.
    stop: Option<(usize, Reach)>,
}

const MOST: usize = 12;

fn scripts() -> impl Strategy<Value = Script> {
    let fate = prop_oneof![
        5 => Just(Outcome::Passed),
        1 => Just(Outcome::Failed),
        1 => Just(Outcome::TimedOut),
        1 => Just(Outcome::Skipped),
    ];
    let known = prop_oneof![
        8 => Just(None),
        1 => Just(Some(Outcome::Mocked)),
        1 => Just(Some(Outcome::Ignored)),
    ];
    let reach = prop_oneof![Just(Reach::Waiting), Just(Reach::Running)];
    (1..=MOST).prop_flat_map(move |tasks| {
        // A random order of the tasks; edges go forward in it, so numbers say nothing of order.
        let order = Just((0..tasks).collect::<Vec<_>>()).prop_shuffle();
        let edges = prop::collection::vec(prop::bool::weighted(0.25), tasks * tasks);
        (
            (order, edges),
            prop::collection::vec(fate.clone(), tasks),
            prop::collection::vec(known.clone(), tasks),
            any::<bool>(),
            prop::collection::vec(any::<Index>(), 2 * tasks + 1),
            prop::option::of((0..2 * tasks, reach.clone())),
        )
            .prop_map(
                move |((order, edges), fates, known, run_dependents, choices, stop)| {
                    let needs = needs(&order, &edges, &known);
                    Script { needs, fates, known, run_dependents, choices, stop }
                },
            )
    })
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

/// A run under way: the machine, the model, and what was seen of the one and told to the other.
struct Play {
    model: Model,
    graph: Graph,
    machine: Machine,
    ready: BTreeSet<usize>,
    running: Vec<usize>,
    /// Every task that was ever called ready, and every one whose end was told.
    called: BTreeSet<usize>,
    told: BTreeSet<usize>,
}

impl Play {
    fn new(script: &Script) -> Self {
        let model = Model::new(script.needs.clone(), script.run_dependents);
        let graph = model.graph();
        let machine = Machine::new(&graph, script.run_dependents);
        let (ready, called, told) = Default::default();
        Self { model, graph, machine, ready, running: Vec::new(), called, told }
    }

    fn begin(&mut self, script: &Script) {
        let known: Vec<_> = script
            .known
            .iter()
            .enumerate()
            .filter_map(|(task, outcome)| Some((TaskId::from(task), (*outcome)?)))
            .collect();
        let mut steps = Vec::new();
        self.machine.begin(&self.graph, known.iter().copied(), |step| steps.push(step));
        known.iter().for_each(|(task, outcome)| self.model.ended[task.index()] = Some(*outcome));
        let mut expected: Vec<usize> = known.iter().map(|(task, _)| task.index()).collect();
        expected.extend(self.model.spread());
        let roots: Vec<usize> = steps.iter().filter_map(ready).collect();
        assert!(roots.is_sorted(), "roots come in source order: {roots:?}");
        self.take_in(&steps, &expected);
    }

    /// Checks steps of the machine against the tasks that the model ended.
    fn take_in(&mut self, steps: &[Step], expected: &[usize]) {
        let mut ended = BTreeSet::new();
        for step in steps {
            match *step {
                Step::Ready(task) => {
                    let task = task.index();
                    assert!(self.called.insert(task), "{task} is ready for a second time");
                    assert!(self.model.may_start(task), "{task} is ready too early");
                    assert_eq!(self.model.ended[task], None, "{task} is ready after its end");
                    self.ready.insert(task);
                }
                Step::GivenUp(task) => {
                    assert_eq!(self.model.ended[task.index()], Some(Outcome::Cancelled));
                    ended.insert(task.index());
                    self.tell(task.index());
                }
                Step::Ended(task, outcome) => {
                    assert_eq!(self.model.ended[task.index()], Some(outcome), "{task:?}");
                    ended.insert(task.index());
                    self.tell(task.index());
                }
            }
        }
        assert_eq!(ended, expected.iter().copied().collect());
        for task in 0..self.model.needs.len() {
            let waits = self.model.ended[task].is_none() && !self.running.contains(&task);
            let may_start = waits && self.model.may_start(task);
            assert!(!may_start || self.called.contains(&task), "{task} was never called ready");
        }
        self.compare();
    }

    fn tell(&mut self, task: usize) {
        assert!(self.told.insert(task), "{task} ended twice");
        self.ready.remove(&task);
    }

    fn compare(&self) {
        for (task, ended) in self.model.ended.iter().enumerate() {
            let id = TaskId::from(task);
            assert_eq!(self.machine.outcome(id), *ended, "outcome of {task}");
            assert_eq!(self.machine.is_running(id), self.running.contains(&task));
            if *ended == Some(Outcome::Skipped) && !self.model.roots[task].is_empty() {
                let cause = self.machine.cause(id).map(TaskId::index);
                assert_eq!(cause, self.model.roots[task].first().copied(), "cause of {task}");
            }
        }
    }

    fn start(&mut self, task: usize) {
        assert!(self.machine.start(task.into()));
        assert!(!self.machine.start(task.into()), "{task} started twice");
        self.ready.remove(&task);
        self.running.push(task);
    }

    fn finish(&mut self, at: usize, outcome: Outcome) {
        let task = self.running.swap_remove(at);
        assert!(self.machine.finish(task.into(), outcome));
        assert!(!self.machine.finish(task.into(), Outcome::Passed), "{task} finished twice");
        self.model.ended[task] = Some(outcome);
        self.tell(task);
        let mut steps = Vec::new();
        self.machine.release(&self.graph, task.into(), outcome, &mut |step| steps.push(step));
        let skipped = self.model.spread();
        self.take_in(&steps, &skipped);
    }

    fn stop(&mut self, reach: Reach) {
        self.machine.stop();
        let spared = if reach == Reach::Waiting { self.running.clone() } else { Vec::new() };
        let given_up = std::mem::replace(&mut self.running, spared.clone());
        let swept = self.model.sweep(&given_up, &spared);
        let mut steps = Vec::new();
        self.machine.sweep(&self.graph, reach, |step| steps.push(step));
        self.take_in(&steps, &swept);
        assert!((0..self.model.needs.len()).all(|task| !self.machine.start(task.into())));
        for task in given_up.into_iter().filter(|task| !spared.contains(task)) {
            let late = self.machine.finish(task.into(), Outcome::Passed);
            assert!(!late, "the late result of {task} counts");
        }
    }
}

fn ready(step: &Step) -> Option<usize> {
    match step {
        Step::Ready(task) => Some(task.index()),
        Step::Ended(..) | Step::GivenUp(_) => None,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..Default::default() })]

    #[test]
    fn machine_and_model_agree_at_every_step(script in scripts()) {
        let mut play = Play::new(&script);
        play.begin(&script);
        for (step, choice) in script.choices.iter().enumerate() {
            if let Some((_, reach)) = script.stop.filter(|(at, _)| *at == step) {
                play.stop(reach);
            }
            let possible = play.ready.len() + play.running.len();
            if possible == 0 {
                break;
            }
            let chosen = choice.index(possible);
            if let Some(task) = play.ready.iter().nth(chosen).copied() {
                play.start(task);
            } else {
                let at = chosen - play.ready.len();
                let fate = script.fates[play.running[at]];
                play.finish(at, fate);
            }
        }
        prop_assert!(play.ready.is_empty() && play.running.is_empty(), "the script is too short");
        prop_assert_eq!(play.told.len(), script.needs.len(), "every task ends");
    }
}
