//! Setups and teardowns.

use super::run::Run;
use crate::catalog::Hook;
use crate::context::Context;
use crate::failure::{self, Ending, Failure};
use crate::registry::Place;

/// A setup or teardown that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HookFailure {
    /// The hook's name.
    pub name: String,
    /// Whether it is a setup.
    pub setup: bool,
    /// Where it is declared.
    pub place: Place,
    /// What it said.
    pub failure: Failure,
}

/// Calls a hook on the conductor's thread.
pub(super) fn call(hook: &Hook, run: &Run) -> Result<(), Failure> {
    let context = Context::new(&run.state);
    match failure::guard(|| (hook.def.body)(&context)) {
        Ok(_) => Ok(()),
        Err(Ending::Failed(failure)) => Err(failure),
        Err(Ending::Skipped(why)) => Err(Failure::message(format!("asked to be skipped: {why}"))),
    }
}
