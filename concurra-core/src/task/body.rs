//! The bodies of tasks.

use std::num::NonZeroU32;
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::Duration;
use std::{fmt, mem};

use super::callable::{Callable, drop_called};
use crate::context::Context;
use crate::failure::{self, Ending};
use crate::outcome::ExecutionMode;
use crate::policy::Backoff;
use crate::process::CommandSpec;
use crate::registry::FnBody;
use crate::sync::lock;
use crate::value::Completion;

/// What all threads may read of a task's body. `None` stands for a plain body: a function or a closure that
/// is called once, which belongs to the worker that starts the task.
#[derive(Default)]
pub(crate) struct Body(Option<Box<Special>>);

/// A body that may be called several times, has a limit, excludes others or runs outside of this process.
struct Special {
    action: Action,
    attributes: Attributes,
}

/// How a body is run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Attributes {
    /// More attempts after the first.
    pub(crate) retries: u32,
    pub(crate) backoff: Option<Backoff>,
    /// For each attempt, from its start.
    pub(crate) timeout: Option<Duration>,
    /// Tasks of one group exclude each other.
    pub(crate) serial: Option<u32>,
    /// Excludes every other task.
    pub(crate) alone: bool,
    /// Runs in a worker process.
    pub(crate) isolate: bool,
    /// Its result is masked wherever it is shown.
    pub(crate) secret: bool,
}

/// What an attempt calls or starts.
enum Action {
    Function(FnBody),
    Closure(Closure),
    Command(CommandSpec),
}

/// A closure; taken out when it runs, so that its last call can drop it. `None` while it runs, and
/// [`Gone`] when nothing will call it any more.
pub(crate) struct Closure(Mutex<Option<Box<dyn Callable>>>);

/// Replaces a closure that nothing will call any more. It has no size, so its box allocates nothing, and
/// `Closure` needs no third state.
struct Gone;

impl Callable for Gone {
    fn call(&mut self, _: &Context<'_>, completion: &mut Completion) {
        *completion = Err(Ending::Cancelled);
    }

    fn needs_drop(&self) -> bool {
        false
    }
}

impl Closure {
    /// Calls the closure; a panic is its failure. Keeps it for another attempt unless this is the last.
    pub(crate) fn call(&self, context: &Context<'_>, last: bool) -> Completion {
        let rest: Option<Box<dyn Callable>> = if last { Some(Box::new(Gone)) } else { None };
        let taken = mem::replace(&mut *lock(&self.0), rest);
        let Some(mut closure) = taken else { return Err(Ending::Cancelled) };
        let completion = failure::guard(|| {
            let mut completion = Ok(None);
            closure.call(context, &mut completion);
            completion
        });
        if last {
            return if closure.needs_drop() {
                drop_called(closure, completion)
            } else {
                completion
            };
        }
        if matches!(completion, Err(Ending::Failed(_) | Ending::TimedOut(_))) {
            self.put_back(closure);
            return completion;
        }
        *lock(&self.0) = Some(Box::new(Gone));
        drop_called(closure, completion)
    }

    /// Whether no call of the closure is running.
    pub(crate) fn is_free(&self) -> bool {
        lock(&self.0).is_some()
    }

    /// Puts the closure back, unless nothing will call it any more.
    fn put_back(&self, closure: Box<dyn Callable>) {
        let mut slot = lock(&self.0);
        if slot.is_none() {
            *slot = Some(closure);
        } else {
            // Without the lock, as a drop runs user code.
            drop(slot);
            failure::discard(closure);
        }
    }

    /// Takes the closure away, or lets its running call drop it. Returns the closure only if its drop
    /// does anything.
    pub(crate) fn take(&self) -> Option<Box<dyn Callable>> {
        let taken = lock(&self.0).replace(Box::new(Gone));
        taken.filter(|closure| closure.needs_drop())
    }
}

impl Drop for Closure {
    fn drop(&mut self) {
        let closure = self.0.get_mut().unwrap_or_else(PoisonError::into_inner);
        failure::drop_for_user(closure.take());
    }
}

impl Attributes {
    /// The largest number of attempts.
    pub(crate) fn most_attempts(&self) -> NonZeroU32 {
        NonZeroU32::MIN.saturating_add(self.retries)
    }
}

impl Body {
    pub(crate) fn command(spec: CommandSpec) -> Self {
        let (action, attributes) = (Action::Command(spec), Attributes::default());
        Self(Some(Box::new(Special { action, attributes })))
    }

    /// Sets how the body is run. Only a plain body has something to call.
    pub(crate) fn set_attributes(
        &mut self,
        attributes: Attributes,
        call: impl FnOnce() -> Option<Box<dyn Callable>>,
    ) {
        if let Some(special) = &mut self.0 {
            special.attributes = attributes;
        } else if attributes != Attributes::default() {
            let call = call();
            let function = call.as_ref().and_then(|call| call.as_function());
            let closure = || Action::Closure(Closure(Mutex::new(call)));
            let action = function.map_or_else(closure, Action::Function);
            self.0 = Some(Box::new(Special { action, attributes }));
        }
    }

    /// Calls a function or a closure; a panic is its failure. The `last` call drops a closure.
    pub(crate) fn call(&self, context: &Context<'_>, last: bool) -> Completion {
        match self.action() {
            Some(Action::Function(body)) => failure::guard(|| body(context)),
            Some(Action::Closure(closure)) => closure.call(context, last),
            Some(Action::Command(_)) | None => unreachable!("its worker calls a plain body"),
        }
    }

    /// Whether the body is a function or a closure without attributes.
    pub(crate) const fn is_plain(&self) -> bool {
        self.0.is_none()
    }

    pub(crate) fn attributes(&self) -> &Attributes {
        static PLAIN: LazyLock<Attributes> = LazyLock::new(Attributes::default);
        self.0.as_ref().map_or(&PLAIN, |special| &special.attributes)
    }

    /// The group of tasks that exclude each other.
    #[inline]
    pub(crate) fn serial(&self) -> Option<u32> {
        self.0.as_ref()?.attributes.serial
    }

    /// Whether no other task runs at the same time.
    #[inline]
    pub(crate) fn is_alone(&self) -> bool {
        self.0.as_ref().is_some_and(|special| special.attributes.alone)
    }

    /// The closure, if the body is one that is not plain.
    pub(crate) fn as_closure(&self) -> Option<&Closure> {
        if let Some(Action::Closure(closure)) = self.action() { Some(closure) } else { None }
    }

    /// The command, if the body is one.
    pub(crate) fn spec(&self) -> Option<&CommandSpec> {
        if let Some(Action::Command(spec)) = self.action() { Some(spec) } else { None }
    }

    pub(crate) fn spec_mut(&mut self) -> Option<&mut CommandSpec> {
        if let Action::Command(spec) = &mut self.0.as_mut()?.action { Some(spec) } else { None }
    }

    /// How the body is run, unless it falls back to a thread.
    pub(crate) fn mode(&self) -> ExecutionMode {
        match self.action() {
            Some(Action::Command(_)) => ExecutionMode::Subprocess,
            _ if self.attributes().isolate => ExecutionMode::Process,
            _ => ExecutionMode::Thread,
        }
    }

    fn action(&self) -> Option<&Action> {
        self.0.as_ref().map(|special| &special.action)
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Body").field("mode", &self.mode()).finish_non_exhaustive()
    }
}
