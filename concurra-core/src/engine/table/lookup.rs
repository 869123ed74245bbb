//! Results by name, for the state that tasks share.

use std::borrow::Cow;

use super::Table;
use crate::graph::TaskId;
use crate::names::is_suffix;
use crate::nearest::nearest;
use crate::outcome::Outcome;
use crate::plan::PlannedTask;
use crate::state::{Lookup, Results};

impl Results for Table {
    fn lookup(&self, name: &str) -> Lookup {
        match self.plan.find(name).as_slice() {
            [] => self.missing(name),
            [task] => match self.machine.outcome(*task) {
                None => Lookup::NotRun,
                Some(_) if self.values.is_freed(*task) => Lookup::Freed,
                Some(outcome) if outcome.satisfies() => Lookup::Value(self.value(*task)),
                Some(outcome) => self
                    .left_value(*task)
                    .map_or(Lookup::NotPassed(outcome), |value| Lookup::Value(Some(value))),
            },
            several => {
                let name = |task: &TaskId| self.plan.task(*task).name().to_owned();
                Lookup::Ambiguous(several.iter().map(name).collect())
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
    fn missing(&self, name: &str) -> Lookup {
        if self.plan.left_out().iter().any(|left| is_suffix(left, name)) {
            return Lookup::LeftOut;
        }
        let names = self.plan.tasks().iter().map(PlannedTask::name);
        Lookup::NoSuchTask(nearest(name, names).into_iter().map(ToOwned::to_owned).collect())
    }
}
