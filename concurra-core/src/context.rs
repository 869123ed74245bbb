//! The argument of a body, and how the body's parameters come from it.

use std::sync::Arc;

use crate::state::State;

/// The argument of a body.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    state: &'a Arc<State>,
}

impl<'a> Context<'a> {
    /// A context over the run's state.
    #[must_use]
    pub const fn new(state: &'a Arc<State>) -> Self {
        Self { state }
    }

    /// The values that the tasks of the run share.
    #[must_use]
    pub const fn state(&self) -> &'a Arc<State> {
        self.state
    }
}

/// A type that a task's or a hook's parameter may have.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "a task cannot receive a parameter of type `{Self}`",
    label = "write `&State` or `Arc<State>` here",
    note = "results of other tasks are read with `state.result::<T>(\"name\")`"
)]
pub trait FromContext<'a> {
    /// Takes the parameter from the context.
    fn from_context(context: &Context<'a>) -> Self;
}

impl<'a> FromContext<'a> for &'a State {
    fn from_context(context: &Context<'a>) -> Self {
        context.state()
    }
}

impl<'a> FromContext<'a> for &'a Arc<State> {
    fn from_context(context: &Context<'a>) -> Self {
        context.state()
    }
}

impl<'a> FromContext<'a> for Arc<State> {
    fn from_context(context: &Context<'a>) -> Self {
        Arc::clone(context.state())
    }
}
