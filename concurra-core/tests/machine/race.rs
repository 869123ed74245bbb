//! Several threads on one machine, and a record of the steps that they saw.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard};
use std::thread;
use std::time::{Duration, Instant};

use crate::machine;
use concurra_core::{Graph, Machine, Outcome, Rows, Step, TaskId};

pub(crate) const WIDTH: usize = 40;
pub(crate) const DEPTH: usize = 25;

/// Layers in which each task waits for three of the layer before.
fn layers(depth: usize) -> Graph {
    let mut rows = Rows::default();
    for task in 0..WIDTH * depth {
        let (layer, place) = (task / WIDTH, task % WIDTH);
        let above = [0, 1, 7].map(|step| (place + step) % WIDTH);
        let needs = above.iter().filter(|_| layer > 0);
        rows.push(needs.map(|place| TaskId::from((layer - 1) * WIDTH + place)));
    }
    Graph::new(rows)
}

pub(crate) struct Race {
    pub(crate) graph: Graph,
    pub(crate) machine: Machine,
    pub(crate) over: AtomicBool,
    queue: Mutex<Vec<TaskId>>,
    /// How often a task is given back at most before it is finished.
    patience: usize,
    tallies: Vec<Tally>,
}

/// How many threads did what to one task.
#[derive(Default)]
struct Tally {
    called: AtomicUsize,
    started: AtomicUsize,
    given_back: AtomicUsize,
    ended: AtomicUsize,
}

impl Race {
    /// A race whose first tasks are ready.
    pub(crate) fn new(depth: usize, patience: usize) -> Self {
        let graph = layers(depth);
        let tallies = graph.tasks().map(|_| Tally::default()).collect();
        let machine = machine(&graph, false, runs_always);
        let (queue, over) = (Mutex::default(), AtomicBool::new(false));
        let race = Self { graph, machine, over, queue, patience, tallies };
        race.machine.begin(&race.graph, [], |step| race.note(step));
        race
    }

    pub(crate) fn always(&self, task: TaskId) -> bool {
        runs_always(task)
    }

    /// Takes in what the machine says.
    pub(crate) fn note(&self, step: Step) {
        match step {
            Step::Ready(task) => {
                add(&self.tally(task).called);
                let ended = |need: &TaskId| self.machine.outcome(*need).is_some();
                assert!(self.graph.dependencies(task).iter().all(ended), "{task:?} is too early");
                // Everyone sees each ready task, so that all try to start it.
                self.queue().push(task);
            }
            Step::Ended(task, _) | Step::Abandoned(task) => add(&self.tally(task).ended),
        }
    }

    /// Starts tasks until the race is over.
    pub(crate) fn work(&self) {
        let mut next = 0;
        while !self.over.load(Ordering::Acquire) {
            let Some(task) = self.queue().get(next).copied() else {
                thread::yield_now();
                continue;
            };
            next += 1;
            if self.machine.start(task).is_some() {
                self.run(task);
            }
        }
    }

    fn run(&self, task: TaskId) {
        let started = self.tally(task).started.fetch_add(1, Ordering::Relaxed);
        if started < task.index() % (self.patience + 1) && self.give_back(task) {
            return;
        }
        let fails = task.0.is_multiple_of(97) || task.0 == 5;
        let outcome = if fails { Outcome::Failed } else { Outcome::Passed };
        if self.machine.finish(task, outcome) {
            add(&self.tally(task).ended);
            self.machine.release(&self.graph, task, outcome, &mut |step| self.note(step));
        }
    }

    /// Gives a task back; `false` when it has to be finished.
    fn give_back(&self, task: TaskId) -> bool {
        let given_back = self.machine.again(task);
        if given_back {
            add(&self.tally(task).given_back);
            self.queue().push(task);
        }
        given_back
    }

    /// How often a task could be started.
    pub(crate) fn called(&self) -> usize {
        self.queue().len()
    }

    /// What was ready before a stop is not found after it.
    pub(crate) fn forget_ready(&self) {
        self.queue().clear();
    }

    /// Turns a hang into a failure.
    pub(crate) fn wait_for(&self, what: &str, reached: impl Fn() -> bool) {
        let deadline = Instant::now() + Duration::from_secs(60);
        while !reached() {
            if Instant::now() > deadline {
                self.over.store(true, Ordering::Release);
                panic!("{what} did not come");
            }
            thread::yield_now();
        }
    }

    /// Checks a race that came to its end; `called` is how often a task that runs always may have
    /// been called ready.
    pub(crate) fn check(&self, called_always: usize) {
        for task in self.graph.tasks() {
            let Tally { called, started, given_back, ended } = self.tally(task);
            let [called, started, given_back, ended] =
                [called, started, given_back, ended].map(|count| count.load(Ordering::Relaxed));
            let most = if self.always(task) { called_always } else { 1 };
            assert!(called <= most, "{task:?} was called ready {called} times");
            assert!(started == 0 || called > 0, "{task:?} was started without being ready");
            let held = started - given_back;
            assert!(held <= 1, "{task:?} was held by {held} threads when it ended");
            assert_eq!(ended, 1, "{task:?} ended {ended} times");
            let own = matches!(self.machine.outcome(task), Some(Outcome::Passed | Outcome::Failed));
            assert!(!own || held == 1, "{task:?} ended by itself without being run");
        }
    }

    fn tally(&self, task: TaskId) -> &Tally {
        &self.tallies[task.index()]
    }

    fn queue(&self) -> MutexGuard<'_, Vec<TaskId>> {
        self.queue.lock().expect("no panic")
    }
}

fn runs_always(task: TaskId) -> bool {
    task.0 % 7 == 3
}

fn add(count: &AtomicUsize) {
    count.fetch_add(1, Ordering::Relaxed);
}
