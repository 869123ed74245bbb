//! What a run knows of its tasks: statuses, times, results. Everything is found by index.

mod cause;
mod lookup;
mod record;
mod story;

use std::collections::HashMap;
use std::sync::{Mutex, OnceLock};

pub(crate) use record::Record;
use story::Story;

use crate::graph::TaskId;
use crate::machine::Machine;
use crate::outcome::Outcome;
use crate::plan::{Plan, Preset};
use crate::task::Body;
use crate::value::Value;

/// Results and records of a run; outlives it in the report and in the state.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) plan: Plan,
    pub(crate) machine: Machine<Record>,
    /// A block is made when the first of its tasks has a result; many tasks give none.
    values: Box<[OnceLock<Box<Block>>]>,
    /// What is to be told of tasks that did not simply pass; few do, so these have no slot.
    stories: Mutex<HashMap<TaskId, Story>>,
    /// What kept every task from starting: a failed setup or a stop.
    obstacle: OnceLock<String>,
}

/// Results that are allocated together.
type Block = [OnceLock<Value>; BLOCK];

const BLOCK: usize = 64;

impl Table {
    pub(crate) fn new(plan: Plan, run_dependents: bool) -> Self {
        let always = |task| plan.task(task).runs_always();
        let machine = Machine::with_records(&plan.graph, run_dependents, always, Record::default);
        let values = (0..plan.graph.len().div_ceil(BLOCK)).map(|_| OnceLock::new()).collect();
        Self { plan, machine, values, stories: Mutex::default(), obstacle: OnceLock::new() }
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

    /// Puts a result in its slot; it can be seen once the machine says that the task passed.
    pub(crate) fn keep(&self, task: TaskId, value: Value) {
        // A slot is written twice only by a body that was given up, whose result is thrown away.
        let block = self.values[task.index() / BLOCK]
            .get_or_init(|| Box::new([const { OnceLock::new() }; BLOCK]));
        drop(block[task.index() % BLOCK].set(value));
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
}
