//! The bodies of tasks.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::{fmt, mem};

use crate::context::Context;
use crate::failure::{self, Ending};
use crate::outcome::ExecutionMode;
use crate::policy::Attempts;
use crate::process::CommandSpec;
use crate::registry::FnBody;
use crate::secret::Secrets;
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
pub(crate) enum Body {
    /// A function or a closure that is called once.
    Plain(Action),
    /// A body with attributes, or a command.
    Special(Box<Special>),
}

/// A body with attributes, or a command.
pub(crate) struct Special {
    pub(crate) action: Action,
    pub(crate) attributes: Attributes,
}

/// How a body is run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Attributes {
    pub(crate) attempts: Attempts,
    /// Tasks of one group exclude each other.
    pub(crate) serial: Option<u32>,
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

/// A closure; taken out when it runs, so that its last call can drop it.
pub(crate) struct Closure(Mutex<Slot>);

enum Slot {
    Ready(Box<dyn Callable>),
    Running,
    /// Nothing will call it any more.
    Gone,
}

impl Closure {
    /// Calls the closure; a panic is its failure. Keeps it for another attempt unless this is the last.
    pub(crate) fn call(&self, context: &Context<'_>, last: bool) -> Completion {
        let slot = mem::replace(&mut *self.lock(), if last { Slot::Gone } else { Slot::Running });
        // The closure is gone if the task ended meanwhile.
        let Slot::Ready(mut closure) = slot else { return Err(Ending::Cancelled) };
        let completion = failure::guard(|| closure.call(context));
        if last && !closure.needs_drop() {
            return completion;
        }
        if !last && matches!(completion, Err(Ending::Failed(_) | Ending::TimedOut(_))) {
            self.put_back(closure);
            return completion;
        }
        *self.lock() = Slot::Gone;
        // The attempt includes the drop of the closure. A panic there fails a task that passed.
        let dropped = failure::guard(|| {
            drop(closure);
            Ok(())
        });
        match (completion, dropped) {
            (Ok(_), Err(Ending::Failed(failure))) => Err(Ending::Final(failure)),
            (completion, _) => completion,
        }
    }

    /// Whether the closure can be called: it is not running.
    pub(crate) fn is_free(&self) -> bool {
        matches!(*self.lock(), Slot::Ready(_))
    }

    fn result_type(&self) -> Option<ResultType> {
        match &*self.lock() {
            Slot::Ready(closure) => Some(closure.result_type()),
            Slot::Running | Slot::Gone => None,
        }
    }

    /// Puts the closure back, unless nothing will call it any more.
    fn put_back(&self, closure: Box<dyn Callable>) {
        let mut slot = self.lock();
        if matches!(*slot, Slot::Running) {
            *slot = Slot::Ready(closure);
        } else {
            // Without the lock, as a drop runs user code.
            drop(slot);
            failure::discard(closure);
        }
    }

    /// Takes the closure away, or lets its call drop it. A closure without anything to drop is not
    /// returned.
    fn take(&self) -> Option<Box<dyn Callable>> {
        let slot = mem::replace(&mut *self.lock(), Slot::Gone);
        match slot {
            Slot::Ready(closure) if closure.needs_drop() => Some(closure),
            _ => None,
        }
    }

    fn lock(&self) -> MutexGuard<'_, Slot> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Body {
    pub(crate) fn closure(body: Box<dyn Callable>) -> Self {
        Self::Plain(Action::Closure(Closure(Mutex::new(Slot::Ready(body)))))
    }

    pub(crate) fn command(spec: CommandSpec) -> Self {
        let (action, attributes) = (Action::Command(Box::new(spec)), Attributes::default());
        Self::Special(Box::new(Special { action, attributes }))
    }

    pub(crate) fn with_attributes(self, attributes: Attributes) -> Self {
        match self {
            Self::Plain(_) if attributes == Attributes::default() => self,
            Self::Plain(action) => Self::Special(Box::new(Special { action, attributes })),
            Self::Special(special) => Self::Special(Box::new(Special { attributes, ..*special })),
        }
    }

    /// Calls a plain body; a panic is its failure.
    pub(crate) fn call(&self, context: &Context<'_>) -> Completion {
        match self {
            Self::Plain(Action::Function(body)) => failure::guard(|| body(context)),
            Self::Plain(Action::Closure(closure)) => closure.call(context, true),
            _ => unreachable!("its attempts call it"),
        }
    }

    fn action(&self) -> &Action {
        match self {
            Self::Plain(action) => action,
            Self::Special(special) => &special.action,
        }
    }

    fn attributes(&self) -> Option<&Attributes> {
        match self {
            Self::Plain(_) => None,
            Self::Special(special) => Some(&special.attributes),
        }
    }

    fn as_closure(&self) -> Option<&Closure> {
        if let Action::Closure(closure) = self.action() { Some(closure) } else { None }
    }

    /// Takes a closure away that holds something to drop, as it will not be called any more.
    pub(crate) fn take_closure(&self) -> Option<Box<dyn Callable>> {
        self.as_closure()?.take()
    }

    /// The result type of a closure; that of a function is in its description.
    pub(crate) fn result_type(&self) -> Option<ResultType> {
        self.as_closure()?.result_type()
    }

    /// The command that it runs.
    pub(crate) fn spec(&self) -> Option<&CommandSpec> {
        if let Action::Command(spec) = self.action() { Some(spec) } else { None }
    }

    /// The secrets of a command.
    pub(crate) fn secrets(&self) -> Option<&Secrets> {
        self.spec().map(|spec| &spec.secrets)
    }

    /// How the body is run, unless it falls back to a thread.
    pub(crate) fn mode(&self) -> ExecutionMode {
        match self.attributes() {
            _ if self.spec().is_some() => ExecutionMode::Subprocess,
            Some(attributes) if attributes.isolate => ExecutionMode::Process,
            _ => ExecutionMode::Thread,
        }
    }

    /// The group of tasks that exclude each other.
    pub(crate) fn serial(&self) -> Option<u32> {
        self.attributes()?.serial
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Body").field("mode", &self.mode()).finish_non_exhaustive()
    }
}
