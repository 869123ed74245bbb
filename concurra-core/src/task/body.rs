//! The bodies of tasks.

use std::num::NonZeroU32;
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::Duration;
use std::{fmt, mem};

use crate::context::Context;
use crate::failure::{self, Ending};
use crate::outcome::ExecutionMode;
use crate::policy::Backoff;
use crate::process::CommandSpec;
use crate::registry::FnBody;
use crate::sync::lock;
use crate::value::{Completion, ResultType};

/// A user's closure.
pub(crate) trait Callable: Send {
    fn call(&mut self, context: &Context<'_>) -> Completion;

    /// The type of its result.
    fn result_type(&self) -> ResultType;

    /// Whether its drop does anything.
    fn needs_drop(&self) -> bool;
}

/// The body of a task. All bodies are close together: workers read little else of the plan.
pub(crate) struct Body {
    pub(crate) action: Action,
    /// `None` for a plain body: a function or a closure that is called once.
    attributes: Option<Box<Attributes>>,
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
pub(crate) enum Action {
    Function(FnBody),
    Closure(Closure),
    Command(Box<CommandSpec>),
}

/// The body of a task without attributes, which has one attempt. The worker that starts the task owns it.
pub(crate) enum Plain {
    Function(FnBody),
    /// `None` when nothing will call it any more.
    Closure(Option<Box<dyn Callable>>),
}

/// A closure; taken out when it runs, so that its last call can drop it. `None` while it runs, and
/// [`Gone`] when nothing will call it any more.
pub(crate) struct Closure(Mutex<Option<Box<dyn Callable>>>);

/// Replaces a closure that nothing will call any more. It has no size, so its box allocates nothing, and
/// `Closure` needs no third state.
struct Gone;

impl Callable for Gone {
    fn call(&mut self, _: &Context<'_>) -> Completion {
        Err(Ending::Cancelled)
    }

    fn result_type(&self) -> ResultType {
        ResultType::of::<()>()
    }

    fn needs_drop(&self) -> bool {
        false
    }
}

impl Plain {
    /// Calls the body, on the thread of a worker; a panic is its failure.
    pub(crate) fn call(&mut self, context: &Context<'_>) -> Completion {
        match self {
            Self::Function(body) => failure::guard_watched(|| body(context)),
            Self::Closure(None) => Err(Ending::Cancelled),
            Self::Closure(Some(closure)) => {
                let completion = failure::guard_watched(|| closure.call(context));
                // The memory of a closure is freed after the run: that takes longer on another thread than
                // the one that has allocated it.
                if closure.needs_drop() { self.drop_after(completion) } else { completion }
            }
        }
    }

    #[inline(never)]
    fn drop_after(&mut self, completion: Completion) -> Completion {
        match self.take() {
            Some(closure) => completion_of_drop(closure, completion),
            None => completion,
        }
    }

    /// Whether there is nothing to call.
    pub(crate) const fn is_gone(&self) -> bool {
        matches!(self, Self::Closure(None))
    }

    /// Takes the closure away, if its drop does anything.
    pub(crate) fn take(&mut self) -> Option<Box<dyn Callable>> {
        match self {
            Self::Closure(closure) => closure.take().filter(|closure| closure.needs_drop()),
            Self::Function(_) => None,
        }
    }
}

/// Drops a closure after its last call. The attempt includes the drop: a panic there fails a task that
/// passed.
fn completion_of_drop(closure: Box<dyn Callable>, completion: Completion) -> Completion {
    match (failure::panic_of(|| drop(closure)), completion) {
        (Some(failure), Ok(value)) => {
            failure::discard(value);
            Err(Ending::Final(failure.into()))
        }
        (_, completion) => completion,
    }
}

impl Closure {
    /// Calls the closure; a panic is its failure. Keeps it for another attempt unless this is the last.
    pub(crate) fn call(&self, context: &Context<'_>, last: bool) -> Completion {
        let rest: Option<Box<dyn Callable>> = if last { Some(Box::new(Gone)) } else { None };
        let taken = mem::replace(&mut *lock(&self.0), rest);
        let Some(mut closure) = taken else { return Err(Ending::Cancelled) };
        let completion = failure::guard(|| closure.call(context));
        if last && !closure.needs_drop() {
            return completion;
        }
        if !last && matches!(completion, Err(Ending::Failed(_) | Ending::TimedOut(_))) {
            self.put_back(closure);
            return completion;
        }
        if !last {
            *lock(&self.0) = Some(Box::new(Gone));
        }
        completion_of_drop(closure, completion)
    }

    /// Whether no call of the closure is running.
    pub(crate) fn is_free(&self) -> bool {
        lock(&self.0).is_some()
    }

    pub(crate) fn result_type(&self) -> Option<ResultType> {
        lock(&self.0).as_ref().map(|closure| closure.result_type())
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

impl Closure {
    fn take_unshared(&mut self) -> Option<Box<dyn Callable>> {
        self.0.get_mut().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl Drop for Closure {
    fn drop(&mut self) {
        failure::drop_for_user(self.take_unshared());
    }
}

impl Drop for Plain {
    fn drop(&mut self) {
        failure::drop_for_user(self.take());
    }
}

impl Attributes {
    /// The largest number of attempts.
    pub(crate) fn most_attempts(&self) -> NonZeroU32 {
        NonZeroU32::MIN.saturating_add(self.retries)
    }
}

impl Body {
    pub(crate) const fn function(body: FnBody) -> Self {
        Self { action: Action::Function(body), attributes: None }
    }

    pub(crate) fn closure(body: Box<dyn Callable>) -> Self {
        let closure = Closure(Mutex::new(Some(body)));
        Self { action: Action::Closure(closure), attributes: None }
    }

    pub(crate) fn command(spec: CommandSpec) -> Self {
        Self { action: Action::Command(Box::new(spec)), attributes: Some(Box::default()) }
    }

    pub(crate) fn set_attributes(&mut self, attributes: Attributes) {
        if attributes != Attributes::default() {
            self.attributes = Some(Box::new(attributes));
        }
    }

    /// Calls a function or a closure; a panic is its failure. The `last` call drops a closure.
    pub(crate) fn call(&self, context: &Context<'_>, last: bool) -> Completion {
        match &self.action {
            Action::Function(body) => failure::guard(|| body(context)),
            Action::Closure(closure) => closure.call(context, last),
            Action::Command(_) => unreachable!("a command is a subprocess"),
        }
    }

    /// Whether the body is a function or a closure without attributes.
    pub(crate) const fn is_plain(&self) -> bool {
        self.attributes.is_none()
    }

    /// Takes out what a plain body calls. Leaves other bodies as they are.
    pub(crate) fn take_plain(&mut self) -> Plain {
        match &mut self.action {
            Action::Function(body) if self.attributes.is_none() => Plain::Function(*body),
            Action::Closure(closure) if self.attributes.is_none() => {
                Plain::Closure(closure.take_unshared())
            }
            _ => Plain::Closure(None),
        }
    }

    pub(crate) fn attributes(&self) -> &Attributes {
        static PLAIN: LazyLock<Attributes> = LazyLock::new(Attributes::default);
        self.attributes.as_deref().unwrap_or(&PLAIN)
    }

    /// The group of tasks that exclude each other.
    pub(crate) fn serial(&self) -> Option<u32> {
        self.attributes.as_ref()?.serial
    }

    /// Whether no other task runs at the same time.
    pub(crate) fn is_alone(&self) -> bool {
        self.attributes.as_ref().is_some_and(|attributes| attributes.alone)
    }

    /// The closure, if the body is one.
    pub(crate) const fn as_closure(&self) -> Option<&Closure> {
        if let Action::Closure(closure) = &self.action { Some(closure) } else { None }
    }

    /// The command, if the body is one.
    pub(crate) fn spec(&self) -> Option<&CommandSpec> {
        if let Action::Command(spec) = &self.action { Some(spec) } else { None }
    }

    /// How the body is run, unless it falls back to a thread.
    pub(crate) fn mode(&self) -> ExecutionMode {
        match &self.action {
            Action::Command(_) => ExecutionMode::Subprocess,
            _ if self.attributes().isolate => ExecutionMode::Process,
            _ => ExecutionMode::Thread,
        }
    }
}

impl fmt::Debug for Plain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Plain").finish_non_exhaustive()
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Body").field("mode", &self.mode()).finish_non_exhaustive()
    }
}
