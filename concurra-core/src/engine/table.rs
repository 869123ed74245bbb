//! What a run knows of its tasks: statuses, times, results. Everything is found by index.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use crate::failure::{Ending, Failure};
use crate::graph::TaskId;
use crate::machine::Machine;
use crate::names::is_suffix;
use crate::nearest::nearest;
use crate::outcome::Outcome;
use crate::plan::{Plan, PlannedTask, Preset};
use crate::state::{Lookup, Results};
use crate::task::Body;
use crate::value::Value;

/// Results and records of a run; outlives it in the report and in the state.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) plan: Plan,
    pub(crate) machine: Machine<Record>,
    /// A block is made when the first of its tasks has a result; many tasks give none.
    values: Box<[OnceLock<Box<Block>>]>,
    /// Why tasks did not pass; few do, so these have no slot.
    endings: Mutex<HashMap<TaskId, Ending>>,
    /// What kept every task from starting: a failed setup or a stop.
    obstacle: OnceLock<String>,
}

#[derive(Debug)]
pub(crate) struct Record {
    started: AtomicU64,
    ended: AtomicU64,
    worker: AtomicU32,
}

/// Results that are allocated together.
type Block = [OnceLock<Value>; BLOCK];

const BLOCK: usize = 64;

const NO_WORKER: u32 = u32::MAX;

/// Stand beside the end of a task whose body was given up, and of one whose body came back late.
const GIVEN_UP: u64 = 1 << 63;
const BACK: u64 = 1 << 62;

impl Table {
    pub(crate) fn new(plan: Plan, run_dependents: bool) -> Self {
        let record = || Record {
            started: AtomicU64::new(0),
            ended: AtomicU64::new(0),
            worker: AtomicU32::new(NO_WORKER),
        };
        let machine = Machine::with_records(&plan.graph, run_dependents, record);
        let values = (0..plan.graph.len().div_ceil(BLOCK)).map(|_| OnceLock::new()).collect();
        Self { plan, machine, values, endings: Mutex::default(), obstacle: OnceLock::new() }
    }

    pub(crate) fn body(&self, task: TaskId) -> &Body {
        &self.plan.bodies[task.index()]
    }

    /// The outcomes that are known before the run, with mocked results put in their slots.
    pub(crate) fn presets(&self) -> Vec<(TaskId, Outcome)> {
        let mut known = Vec::new();
        for &task in &self.plan.presets {
            match &self.plan.task(task).preset {
                Preset::None => {}
                Preset::Ignored(_) => known.push((task, Outcome::Ignored)),
                Preset::Mocked(value) => {
                    if let Some(value) = value {
                        self.keep(task, value.clone());
                    }
                    known.push((task, Outcome::Mocked));
                }
            }
        }
        known
    }

    pub(crate) fn note_start(&self, task: TaskId, worker: usize, at: u64) {
        let record = self.machine.record(task);
        record.started.store(at, Ordering::Relaxed);
        record.worker.store(u32::try_from(worker).unwrap_or(NO_WORKER), Ordering::Relaxed);
    }

    pub(crate) fn note_end(&self, task: TaskId, at: u64) {
        // Zero stands for a body that still runs.
        self.machine.record(task).ended.store(at.max(1), Ordering::Relaxed);
    }

    /// The task ends now, and its body goes on, unless it has come back by now.
    pub(crate) fn note_given_up(&self, task: TaskId, at: u64) {
        let ended = &self.machine.record(task).ended;
        let given_up = |seen: u64| Some(at.max(1) | GIVEN_UP | (seen & BACK));
        let _ = ended.fetch_update(Ordering::AcqRel, Ordering::Acquire, given_up);
    }

    /// The body of a task that was given up has come back.
    pub(crate) fn note_back(&self, task: TaskId) {
        self.machine.record(task).ended.fetch_or(BACK, Ordering::AcqRel);
    }

    /// Puts a result in its slot; it can be seen once the machine says that the task passed.
    pub(crate) fn keep(&self, task: TaskId, value: Value) {
        // A slot is written twice only by a body that was given up, whose result is thrown away.
        let block = self.values[task.index() / BLOCK]
            .get_or_init(|| Box::new([const { OnceLock::new() }; BLOCK]));
        drop(block[task.index() % BLOCK].set(value));
    }

    pub(crate) fn note_ending(&self, task: TaskId, ending: Ending) {
        self.endings().insert(task, ending);
    }

    pub(crate) fn note_obstacle(&self, why: String) {
        // The first obstacle is the cause; later ones follow from it.
        drop(self.obstacle.set(why));
    }

    /// The result of a task that passed or was mocked; `None` stands for `()`.
    pub(crate) fn value(&self, task: TaskId) -> Option<&Value> {
        let satisfied = self.machine.outcome(task).is_some_and(Outcome::satisfies);
        let block = self.values[task.index() / BLOCK].get().filter(|_| satisfied)?;
        block[task.index() % BLOCK].get()
    }

    /// How the task ended; after a run every task has.
    pub(crate) fn outcome(&self, task: TaskId) -> Outcome {
        self.machine.outcome(task).unwrap_or(Outcome::Cancelled)
    }

    pub(crate) fn worker(&self, task: TaskId) -> Option<usize> {
        let worker = self.machine.record(task).worker.load(Ordering::Relaxed);
        (worker != NO_WORKER).then_some(worker as usize)
    }

    /// When the body began and ended, since the start of the run; one that still runs ends now.
    pub(crate) fn times(&self, task: TaskId, now: u64) -> Option<(Duration, Duration)> {
        self.worker(task)?;
        let record = self.machine.record(task);
        let started = record.started.load(Ordering::Relaxed);
        let ended = match record.ended.load(Ordering::Relaxed) & !(GIVEN_UP | BACK) {
            0 => now,
            ended => ended,
        };
        Some((Duration::from_nanos(started), Duration::from_nanos(ended.max(started))))
    }

    /// Whether the body of a task that was given up has not come back.
    pub(crate) fn still_runs(&self, task: TaskId) -> bool {
        let ended = self.machine.record(task).ended.load(Ordering::Acquire);
        self.worker(task).is_some() && ended & (GIVEN_UP | BACK) == GIVEN_UP
    }

    /// The first task in source order that failed.
    pub(crate) fn first_failed(&self) -> Option<&str> {
        let failed = |task: &&TaskId| self.machine.outcome(**task) == Some(Outcome::Failed);
        let first = self.endings().keys().filter(failed).min().copied();
        first.map(|task| self.plan.task(task).name())
    }

    pub(crate) fn failure(&self, task: TaskId) -> Option<Failure> {
        // A body that was given up may have noted an ending that nobody waits for any more.
        let failed = self.machine.outcome(task) == Some(Outcome::Failed);
        match self.endings().get(&task).filter(|_| failed)? {
            Ending::Failed(failure) => Some(failure.clone()),
            Ending::Skipped(_) => None,
        }
    }

    /// Why a task did not run or did not pass, in a few words: `load failed`.
    pub(crate) fn cause(&self, task: TaskId) -> Option<String> {
        match self.machine.outcome(task)? {
            Outcome::Skipped => {
                let own = match self.endings().get(&task) {
                    Some(Ending::Skipped(reason)) => Some(reason.clone()),
                    _ => None,
                };
                own.or_else(|| self.machine.cause(task).map(|root| self.as_cause(root)))
                    .or_else(|| self.obstacle.get().cloned())
            }
            Outcome::Cancelled => self.obstacle.get().cloned(),
            Outcome::Ignored => self.plan.task(task).ignored().map(ToOwned::to_owned),
            _ => None,
        }
    }

    /// Whether the task failed, or did not run as something else failed.
    pub(crate) fn is_bad(&self, task: TaskId) -> bool {
        match (self.machine.outcome(task), self.machine.cause(task)) {
            (Some(Outcome::Skipped), Some(root)) => {
                self.machine.outcome(root).is_some_and(Outcome::is_bad)
            }
            // What no task is the cause of was skipped by its own body, or for a failed setup.
            (Some(Outcome::Skipped), None) => self.worker(task).is_none(),
            (outcome, _) => outcome.is_some_and(Outcome::is_bad),
        }
    }

    /// The root of a skip, as its dependents name it.
    fn as_cause(&self, root: TaskId) -> String {
        let name = self.plan.task(root).name();
        let outcome = self.machine.outcome(root);
        match (outcome, self.cause(root)) {
            (Some(Outcome::Skipped), Some(reason)) => format!("{name} skipped: {reason}"),
            (Some(Outcome::Ignored), Some(reason)) => format!("{name} ignored: {reason}"),
            (Some(Outcome::TimedOut), _) => format!("{name} timed out"),
            (Some(outcome), _) => format!("{name} {outcome}"),
            (None, _) => format!("{name} did not pass"),
        }
    }

    fn endings(&self) -> MutexGuard<'_, HashMap<TaskId, Ending>> {
        self.endings.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Results for Table {
    fn lookup(&self, name: &str) -> Lookup {
        match self.plan.find(name).as_slice() {
            [] => self.missing(name),
            [task] => match self.machine.outcome(*task) {
                None => Lookup::NotRun,
                Some(outcome) if outcome.satisfies() => Lookup::Value(self.value(*task).cloned()),
                Some(outcome) => Lookup::NotPassed(outcome),
            },
            several => {
                let name = |task: &TaskId| self.plan.task(*task).name().to_owned();
                Lookup::Ambiguous(several.iter().map(name).collect())
            }
        }
    }

    fn finished(&self) -> Vec<(String, Outcome)> {
        let ended =
            |task| Some((self.plan.task(task).name().to_owned(), self.machine.outcome(task)?));
        self.plan.graph().tasks().filter_map(ended).collect()
    }
}

impl Table {
    fn missing(&self, name: &str) -> Lookup {
        if self.plan.left_out().iter().any(|left| is_suffix(left, name)) {
            return Lookup::LeftOut;
        }
        let names = self.plan.tasks().iter().map(PlannedTask::name);
        Lookup::NoSuchTask(nearest(name, names).into_iter().map(ToOwned::to_owned).collect())
    }
}
