//! What a task does.

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

/// A closure that a task runs, under a type that does not name it.
pub(crate) trait Callable: Send {
    fn call(&mut self, context: &Context<'_>) -> Completion;

    /// The type that it gives as its result.
    fn result_type(&self) -> ResultType;

    /// Whether it holds anything of which dropping does something.
    fn needs_drop(&self) -> bool;
}

/// What a task does, close together for all tasks: workers read little else of the plan.
pub(crate) enum Body {
    /// An annotated function.
    Function(FnBody),
    /// A closure that is called once.
    Closure(Closure),
    /// Anything of which more is to be said.
    Special(Box<Special>),
}

/// A body of which more is to be said, or that runs outside of this process.
pub(crate) struct Special {
    pub(crate) what: What,
    pub(crate) attributes: Attributes,
}

/// What else is to be said of a body.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Attributes {
    pub(crate) attempts: Attempts,
    /// Tasks of one group exclude each other.
    pub(crate) serial: Option<u32>,
    /// Runs in a worker process.
    pub(crate) isolate: bool,
    /// Its result is never written anywhere.
    pub(crate) secret: bool,
}

/// What an attempt does.
pub(crate) enum What {
    Function(FnBody),
    Closure(Closure),
    Command(CommandSpec),
}

/// A closure; taken out when it runs, so that what it holds is freed when it ends.
pub(crate) struct Closure(Mutex<Slot>);

enum Slot {
    Here(Box<dyn Callable>),
    /// It runs.
    Out,
    /// It is not called any more.
    Gone,
}

impl Closure {
    /// Calls the closure; a panic is its failure. It is kept when it may be called again.
    pub(crate) fn call(&self, context: &Context<'_>, last: bool) -> Completion {
        let slot = mem::replace(&mut *self.lock(), if last { Slot::Gone } else { Slot::Out });
        // Who ended the task meanwhile has let it go.
        let Slot::Here(mut closure) = slot else { return Err(Ending::Cancelled) };
        if last && !closure.needs_drop() {
            return failure::guard(|| closure.call(context));
        }
        let completion = failure::guard(|| closure.call(context));
        if !last && matches!(completion, Err(Ending::Failed(_) | Ending::TimedOut(_))) {
            self.put_back(closure);
            return completion;
        }
        if !last {
            *self.lock() = Slot::Gone;
        }
        // What it holds is dropped within the attempt; a panic there is told, but hides no other.
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
        matches!(*self.lock(), Slot::Here(_))
    }

    fn result_type(&self) -> Option<ResultType> {
        match &*self.lock() {
            Slot::Here(closure) => Some(closure.result_type()),
            Slot::Out | Slot::Gone => None,
        }
    }

    /// Brings the closure back, unless nobody calls it any more.
    fn put_back(&self, closure: Box<dyn Callable>) {
        let mut slot = self.lock();
        if matches!(*slot, Slot::Out) {
            *slot = Slot::Here(closure);
        } else {
            // What it holds is user code to drop, and not under the lock.
            drop(slot);
            failure::discard(closure);
        }
    }

    /// Takes the closure away, or has it dropped when it comes back. One without anything to drop
    /// is not worth being given.
    fn take_closure(&self) -> Option<Box<dyn Callable>> {
        let slot = mem::replace(&mut *self.lock(), Slot::Gone);
        match slot {
            Slot::Here(closure) if closure.needs_drop() => Some(closure),
            _ => None,
        }
    }

    fn lock(&self) -> MutexGuard<'_, Slot> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Body {
    /// The body of a closure.
    pub(crate) fn closure(body: Box<dyn Callable>) -> Self {
        Self::Closure(Closure(Mutex::new(Slot::Here(body))))
    }

    /// Takes away a closure that holds something, as nobody calls it any more.
    pub(crate) fn take_closure(&self) -> Option<Box<dyn Callable>> {
        match self {
            Self::Closure(closure) => closure.take_closure(),
            Self::Special(special) => match &special.what {
                What::Closure(closure) => closure.take_closure(),
                What::Function(_) | What::Command(_) => None,
            },
            Self::Function(_) => None,
        }
    }

    /// Calls a plain body; a panic is its failure.
    pub(crate) fn call(&self, context: &Context<'_>) -> Completion {
        match self {
            Self::Function(body) => failure::guard(|| body(context)),
            Self::Closure(closure) => closure.call(context, true),
            Self::Special(_) => unreachable!("its attempts call it"),
        }
    }

    /// The body of a command.
    pub(crate) fn command(spec: CommandSpec) -> Self {
        let attributes = Attributes::default();
        Self::Special(Box::new(Special { what: What::Command(spec), attributes }))
    }

    /// The same with what else is to be said of it.
    pub(crate) fn under(self, attributes: Attributes) -> Self {
        let what = match self {
            Self::Special(special) => special.what,
            plain if attributes == Attributes::default() => return plain,
            Self::Function(body) => What::Function(body),
            Self::Closure(closure) => What::Closure(closure),
        };
        Self::Special(Box::new(Special { what, attributes }))
    }

    /// The command that it runs.
    pub(crate) fn spec(&self) -> Option<&CommandSpec> {
        match self {
            Self::Special(special) => match &special.what {
                What::Command(spec) => Some(spec),
                _ => None,
            },
            _ => None,
        }
    }

    /// What nobody may read of a command.
    pub(crate) fn secrets(&self) -> Option<&Secrets> {
        self.spec().map(|spec| &spec.secrets)
    }

    /// The type that a closure gives as its result; a function's is in its description.
    pub(crate) fn result_type(&self) -> Option<ResultType> {
        match self {
            Self::Closure(closure) => closure.result_type(),
            Self::Special(special) => match &special.what {
                What::Closure(closure) => closure.result_type(),
                _ => None,
            },
            Self::Function(_) => None,
        }
    }

    /// How the body is run, if nothing hinders it.
    pub(crate) const fn mode(&self) -> ExecutionMode {
        match self {
            Self::Special(special) if matches!(special.what, What::Command(_)) => {
                ExecutionMode::Subprocess
            }
            Self::Special(special) if special.attributes.isolate => ExecutionMode::Process,
            _ => ExecutionMode::Thread,
        }
    }

    /// The group of tasks that exclude each other.
    pub(crate) const fn serial(&self) -> Option<u32> {
        match self {
            Self::Special(special) => special.attributes.serial,
            _ => None,
        }
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Function(_) => "Function",
            Self::Closure(_) => "Closure",
            Self::Special(_) => "Special",
        })
    }
}
