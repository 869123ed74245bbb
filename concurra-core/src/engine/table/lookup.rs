//! Results by name, for the state that tasks share.

use std::borrow::Cow;

use super::Table;
use crate::graph::TaskId;
use crate::names::is_suffix;
use crate::nearest::nearest;
use crate::outcome::Outcome;
use crate::plan::PlannedTask;
use crate::state::{ResultError, Results};
use crate::value::Value;

impl Results for Table {
    fn lookup(&self, asked: &str) -> Result<Option<Value>, ResultError> {
        let name = asked.to_owned();
        match self.plan.find(asked).as_slice() {
            [] => Err(self.missing(name)),
            [task] => match self.machine.outcome(*task) {
                None => Err(ResultError::NotRun { name }),
                Some(_) if self.values.is_freed(*task) => Err(ResultError::Freed { name }),
                Some(outcome) if outcome.satisfies() => Ok(self.value(*task)),
                Some(outcome) => match self.left_value(*task) {
                    None => Err(ResultError::NotPassed { name, outcome }),
                    left => Ok(left),
                },
            },
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
        let names = self.plan.tasks().iter().map(PlannedTask::name);
        let nearest = nearest(&name, names).into_iter().map(ToOwned::to_owned).collect();
        ResultError::NoSuchTask { name, in_run: true, nearest, known_as: None }
    }
}
