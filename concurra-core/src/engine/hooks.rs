//! Setups and teardowns.

use std::sync::Arc;

use crate::catalog::Hook;
use crate::context::Context;
use crate::failure::{self, Ending, Failure};
use crate::state::State;

/// Calls a hook on the conductor's thread.
pub(super) fn call(hook: &Hook, state: &Arc<State>) -> Result<(), Failure> {
    let context = Context::new(state);
    match failure::guard(|| (hook.def.body)(&context)) {
        Ok(_) => Ok(()),
        Err(Ending::Skipped(why)) => Err(Failure::message(format!("asked to be skipped: {why}"))),
        Err(ending) => Err(ending.failure().unwrap_or_default()),
    }
}
