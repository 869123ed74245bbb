//! Results by name, for the state that tasks share.

use std::borrow::Cow;

use super::Table;
use super::values::Found;
use crate::graph::TaskId;
use crate::names::is_suffix;
use crate::nearest::nearest;
use crate::outcome::Outcome;
use crate::state::{ResultError, Results};
use crate::value::Value;

impl Results for Table {
    fn lookup(&self, asked: &str) -> Result<Option<Value>, ResultError> {
        let name = asked.to_owned();
        match self.plan.find(asked).as_slice() {
            [] => Err(self.missing(name)),
            [task] => {
                let outcome = self.machine.outcome(*task);
                let outcome = outcome.ok_or_else(|| ResultError::NotRun { name: name.clone() })?;
                match self.values.get(*task) {
                    Found::Freed => Err(ResultError::Freed { name }),
                    Found::Value(value) if outcome.satisfies() => Ok(Some(value)),
                    Found::Nothing if outcome.satisfies() => Ok(None),
                    _ => match self.left_value(*task) {
                        None => Err(ResultError::NotPassed { name, outcome }),
                        left => Ok(left),
                    },
                }
            }
            several => {
                let full_name = |task: &TaskId| self.plan.task(*task).name().to_owned();
                let tasks = several.iter().map(full_name).collect();
                Err(ResultError::Ambiguous { name, tasks })
            }
        }
    }

    fn mask<'t>(&self, text: &'t str) -> Cow<'t, str> {
        Self::mask(self, text)
    }

    fn finished(&self) -> Vec<(String, Outcome)> {
        let ended =
            |task| Some((self.plan.task(task).name().to_owned(), self.machine.outcome(task)?));
        self.plan.graph().tasks().filter_map(ended).collect()
    }
}

impl Table {
    fn missing(&self, name: String) -> ResultError {
        if self.plan.left_out().iter().any(|left| is_suffix(left, &name)) {
            return ResultError::LeftOut { name };
        }
        // A task that runs has no result yet, and one of them is the task that asks.
        let tasks = self.plan.graph().tasks().filter(|task| !self.machine.is_running(*task));
        let names = tasks.map(|task| self.plan.task(task).name());
        let nearest = nearest(&name, names).into_iter().map(ToOwned::to_owned).collect();
        ResultError::NoSuchTask { name, in_run: true, nearest, known_as: None }
    }
}
