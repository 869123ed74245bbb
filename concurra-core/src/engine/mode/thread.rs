//! Runs a body on the worker's thread.

use super::{Attempt, Mode};
use crate::task::{Action, Special};
use crate::value::Completion;

pub(super) struct Thread;

impl Mode for Thread {
    fn fits(&self, _: &Special) -> bool {
        true
    }

    fn is_outside(&self) -> bool {
        false
    }

    fn attempt(&self, attempt: &Attempt<'_>) -> Completion {
        match &attempt.special.action {
            Action::Function(body) => body(&attempt.context()),
            Action::Closure(closure) => closure.call(&attempt.context(), attempt.is_last()),
            Action::Command(_) => unreachable!("a command is a subprocess"),
        }
    }
}
