//! What a task calls: a function or a closure.

use std::{fmt, mem};

use crate::context::Context;
use crate::failure::{self, Ending};
use crate::registry::FnBody;
use crate::value::{Completion, ResultType};

/// A function or a closure of a user.
pub(crate) trait Callable: Send {
    /// Calls it. The completion is `Ok(None)` before, and stays so when it returns `()`: to move a completion
    /// takes longer than a short body.
    fn call(&mut self, context: &Context<'_>, completion: &mut Completion);

    /// The type of its result, where no declaration says it.
    fn result_type(&self) -> Option<ResultType> {
        None
    }

    /// Whether its drop does anything.
    fn needs_drop(&self) -> bool;

    /// A function can be called again while an earlier call still runs.
    fn as_function(&self) -> Option<FnBody> {
        None
    }
}

impl Callable for FnBody {
    fn call(&mut self, context: &Context<'_>, completion: &mut Completion) {
        complete_with(completion, self(context));
    }

    fn needs_drop(&self) -> bool {
        false
    }

    fn as_function(&self) -> Option<FnBody> {
        Some(*self)
    }
}

/// What a task without attributes calls once. `None` for other tasks, and when nothing will call it.
#[derive(Default)]
pub(crate) struct Plain(pub(super) Option<Box<dyn Callable>>);

impl Plain {
    /// Whether there is something to call.
    #[inline]
    pub(crate) const fn is_some(&self) -> bool {
        self.0.is_some()
    }

    /// Calls it, on the thread of a worker; a panic is its failure. The completion is `Ok(None)` before.
    #[inline]
    pub(crate) fn call(&mut self, context: &Context<'_>, completion: &mut Completion) {
        let Some(body) = &mut self.0 else { return };
        failure::guard_watched(completion, |completion| body.call(context, completion));
        // The memory of a closure without a drop stays until the report is dropped: to free it takes longer on
        // another thread than the one that has allocated it.
        if body.needs_drop() {
            self.drop_after_call(completion);
        }
    }

    #[inline(never)]
    fn drop_after_call(&mut self, completion: &mut Completion) {
        if let Some(closure) = self.0.take() {
            *completion = drop_called(closure, mem::replace(completion, Ok(None)));
        }
    }

    /// Takes the closure away, if its drop does anything.
    pub(crate) fn take(&mut self) -> Option<Box<dyn Callable>> {
        self.0.take().filter(|closure| closure.needs_drop())
    }
}

impl Drop for Plain {
    fn drop(&mut self) {
        failure::drop_for_user(self.0.take());
    }
}

impl fmt::Debug for Plain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Plain").finish_non_exhaustive()
    }
}

/// Stores what a body returned in a completion that is `Ok(None)`.
#[inline]
pub(crate) fn complete_with(completion: &mut Completion, returned: Completion) {
    if !matches!(returned, Ok(None)) {
        *completion = returned;
    }
}

/// Drops a closure after its last call, which had this completion. The attempt includes the drop: a panic
/// there fails a task that passed.
pub(super) fn drop_called(closure: Box<dyn Callable>, completion: Completion) -> Completion {
    match (failure::panic_of(|| drop(closure)), completion) {
        (Some(failure), Ok(value)) => {
            failure::discard(value);
            Err(Ending::Final(failure.into()))
        }
        (_, completion) => completion,
    }
}
