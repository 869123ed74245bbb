//! One machine under many threads: each change is won by exactly one of them.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Barrier, Mutex};
use std::thread;

use concurra_core::{Graph, Machine, Outcome, Reach, Rows, Step, TaskId};

const THREADS: usize = 4;
const WIDTH: usize = 40;
const DEPTH: usize = 25;

/// Layers in which each task waits for three of the layer before.
fn layers() -> Graph {
    let mut rows = Rows::default();
    for task in 0..WIDTH * DEPTH {
        let (layer, place) = (task / WIDTH, task % WIDTH);
        let above = [0, 1, 7].map(|step| (place + step) % WIDTH);
        let needs = above.iter().filter(|_| layer > 0);
        rows.push(needs.map(|place| TaskId::from((layer - 1) * WIDTH + place)));
    }
    Graph::new(rows)
}

/// What several threads did to one machine.
struct Race {
    graph: Graph,
    machine: Machine,
    queue: Mutex<Vec<TaskId>>,
    over: AtomicBool,
    /// For each task how many threads started, ended or called it ready.
    started: Vec<AtomicUsize>,
    ended: Vec<AtomicUsize>,
    called: Vec<AtomicUsize>,
}

impl Race {
    fn new() -> Self {
        let graph = layers();
        let zeros = || (0..graph.len()).map(|_| AtomicUsize::new(0)).collect();
        let (started, ended, called) = (zeros(), zeros(), zeros());
        let machine = Machine::new(&graph, false);
        let (queue, over) = (Mutex::default(), AtomicBool::new(false));
        Self { graph, machine, queue, over, started, ended, called }
    }

    fn note(&self, step: Step) {
        match step {
            Step::Ready(task) => {
                self.called[task.index()].fetch_add(1, Ordering::Relaxed);
                let ended = |need: &TaskId| self.machine.outcome(*need).is_some();
                assert!(self.graph.dependencies(task).iter().all(ended), "{task:?} is too early");
                // Everyone sees each ready task, so that all try to start it.
                self.queue.lock().expect("no panic").push(task);
            }
            Step::Ended(task, _) | Step::GivenUp(task) => {
                self.ended[task.index()].fetch_add(1, Ordering::Relaxed);
            }
        }
    }

    fn work(&self) {
        let mut next = 0;
        while !self.over.load(Ordering::Acquire) {
            let Some(task) = self.queue.lock().expect("no panic").get(next).copied() else {
                thread::yield_now();
                continue;
            };
            next += 1;
            if self.machine.start(task) {
                self.started[task.index()].fetch_add(1, Ordering::Relaxed);
                let outcome =
                    if task.0.is_multiple_of(97) { Outcome::Failed } else { Outcome::Passed };
                if self.machine.finish(task, outcome) {
                    self.ended[task.index()].fetch_add(1, Ordering::Relaxed);
                    self.machine.release(&self.graph, task, outcome, &mut |step| self.note(step));
                }
            }
        }
    }

    fn all_ended(&self) -> bool {
        self.graph.tasks().all(|task| self.machine.outcome(task).is_some())
    }

    fn check(&self) {
        for task in self.graph.tasks() {
            let [started, ended, called] = [&self.started, &self.ended, &self.called]
                .map(|counts| counts[task.index()].load(Ordering::Relaxed));
            assert!(started <= 1, "{task:?} was started {started} times");
            assert!(called <= 1, "{task:?} was called ready {called} times");
            assert!(started <= called, "{task:?} was started without being ready");
            assert_eq!(ended, 1, "{task:?} ended {ended} times");
        }
    }
}

#[test]
fn each_task_is_started_and_ended_by_one_thread() {
    for _ in 0..20 {
        let race = Race::new();
        race.machine.begin(&race.graph, [], |step| race.note(step));
        thread::scope(|scope| {
            (0..THREADS).for_each(|_| drop(scope.spawn(|| race.work())));
            while !race.all_ended() {
                thread::yield_now();
            }
            race.over.store(true, Ordering::Release);
        });
        race.check();
    }
}

#[test]
fn a_sweep_and_finishing_threads_never_both_end_a_task() {
    for round in 0..200 {
        let race = Race::new();
        let begun = Barrier::new(THREADS + 1);
        race.machine.begin(&race.graph, [], |step| race.note(step));
        thread::scope(|scope| {
            for _ in 0..THREADS {
                scope.spawn(|| {
                    begun.wait();
                    race.work();
                });
            }
            begun.wait();
            // The stop falls at another point of the run each time.
            let called = || race.queue.lock().expect("no panic").len();
            while called() < WIDTH + 3 * round && !race.all_ended() {
                thread::yield_now();
            }
            race.machine.stop();
            let reach = if round % 2 == 0 { Reach::Running } else { Reach::Waiting };
            race.machine.sweep(&race.graph, reach, |step| race.note(step));
            while !race.all_ended() {
                thread::yield_now();
            }
            race.over.store(true, Ordering::Release);
        });
        race.check();
    }
}
