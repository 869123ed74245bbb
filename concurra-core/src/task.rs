//! A task as the runner holds it, whether it comes from an attribute or was added by hand.

use std::borrow::Cow;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::context::Context;
use crate::outcome::ExecutionMode;
use crate::policy::{Attempts, Backoff, Policy};
use crate::process::{CommandSpec, Secrets};
use crate::registry::{FnBody, Place, TaskDef, TaskOptions};
use crate::value::{Completion, ResultType};

/// A closure that a task runs.
pub(crate) type ClosureBody = Box<dyn FnMut(&Context<'_>) -> Completion + Send>;

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
pub(crate) struct Closure(Mutex<Option<ClosureBody>>);

impl Closure {
    /// Calls the closure; it is kept when it may be called again.
    pub(crate) fn call(&self, context: &Context<'_>, last: bool) -> Completion {
        let mut closure = self.lock().take().expect("a closure runs once at a time");
        if last {
            return closure(context);
        }
        let kept = Kept { closure: Some(closure), place: self };
        kept.call(context)
    }

    /// Whether the closure can be called: it is not running.
    pub(crate) fn is_free(&self) -> bool {
        self.lock().is_some()
    }

    fn lock(&self) -> MutexGuard<'_, Option<ClosureBody>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Brings a closure back also when it panics.
struct Kept<'c> {
    closure: Option<ClosureBody>,
    place: &'c Closure,
}

impl Kept<'_> {
    fn call(mut self, context: &Context<'_>) -> Completion {
        self.closure.as_mut().expect("it is here until the drop")(context)
    }
}

impl Drop for Kept<'_> {
    fn drop(&mut self) {
        *self.place.lock() = self.closure.take();
    }
}

impl Body {
    /// The body of a closure.
    pub(crate) fn closure(body: ClosureBody) -> Self {
        Self::Closure(Closure(Mutex::new(Some(body))))
    }

    /// Calls a plain body.
    pub(crate) fn call(&self, context: &Context<'_>) -> Completion {
        match self {
            Self::Function(body) => body(context),
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

    /// What nobody may read of a command.
    pub(crate) fn secrets(&self) -> Option<&Secrets> {
        match self {
            Self::Special(special) => match &special.what {
                What::Command(spec) => Some(&spec.secrets),
                _ => None,
            },
            _ => None,
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

/// Where the task's own names are looked up.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Origin {
    /// Declared by an attribute.
    Declared(&'static TaskDef),
    /// Added by hand.
    Added,
}

/// A task before it is planned.
#[derive(Debug)]
pub(crate) struct Task {
    pub(crate) name: String,
    pub(crate) origin: Origin,
    pub(crate) after: Vec<Cow<'static, str>>,
    pub(crate) tags: Vec<Cow<'static, str>>,
    /// Few tasks have any.
    pub(crate) options: Option<Box<Options>>,
}

/// What a task says beside its names.
#[derive(Clone, Debug, Default)]
pub(crate) struct Options {
    pub(crate) policy: Policy,
    /// Only one task of this name runs at a time.
    pub(crate) serial: Option<Cow<'static, str>>,
    /// Runs whatever happened upstream.
    pub(crate) always: bool,
    /// Runs in a worker process, or does not; the run decides where nothing is said.
    pub(crate) isolate: Option<bool>,
    /// Its result is never written anywhere.
    pub(crate) secret: bool,
}

impl From<TaskOptions> for Options {
    fn from(said: TaskOptions) -> Self {
        let TaskOptions { retries, backoff, timeout, isolate, secret } = said;
        let policy = Policy { retries, backoff: backoff.map(Backoff::fixed), timeout };
        Self { policy, isolate: isolate.then_some(true), secret, ..Self::default() }
    }
}

impl Task {
    /// A declared task under the name it has in this binary.
    pub(crate) fn declared(def: &'static TaskDef, name: String) -> Self {
        Self {
            name,
            origin: Origin::Declared(def),
            after: def.after.iter().map(|name| Cow::Borrowed(*name)).collect(),
            tags: def.tags.iter().map(|tag| Cow::Borrowed(*tag)).collect(),
            options: (def.options != TaskOptions::NONE).then(|| Box::new(def.options.into())),
        }
    }

    /// A task added by hand.
    pub(crate) const fn added(name: String) -> Self {
        Self { name, origin: Origin::Added, after: Vec::new(), tags: Vec::new(), options: None }
    }

    /// What the task says beside its names, to be changed.
    pub(crate) fn options(&mut self) -> &mut Options {
        self.options.get_or_insert_default()
    }

    pub(crate) fn policy(&self) -> Policy {
        self.options.as_ref().map_or_else(Policy::default, |options| options.policy)
    }

    pub(crate) fn serial(&self) -> Option<&str> {
        self.options.as_ref()?.serial.as_deref()
    }

    /// Whether it says that it runs in a worker process, or that it does not.
    pub(crate) fn isolate(&self) -> Option<bool> {
        self.options.as_ref().and_then(|options| options.isolate)
    }

    pub(crate) fn is_secret(&self) -> bool {
        self.options.as_ref().is_some_and(|options| options.secret)
    }

    pub(crate) fn runs_always(&self) -> bool {
        self.options.as_ref().is_some_and(|options| options.always)
    }

    pub(crate) const fn def(&self) -> Option<&'static TaskDef> {
        match self.origin {
            Origin::Declared(def) => Some(def),
            Origin::Added => None,
        }
    }

    pub(crate) fn place(&self) -> Option<Place> {
        self.def().map(|def| def.place)
    }

    pub(crate) fn ignore(&self) -> Option<&'static str> {
        self.def().and_then(|def| def.ignore)
    }

    pub(crate) fn result_type(&self) -> Option<ResultType> {
        self.def().map(|def| (def.result)())
    }

    pub(crate) fn has_tag(&self, tag: &str) -> bool {
        self.tags.iter().any(|own| own == tag)
    }
}
