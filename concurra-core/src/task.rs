//! A task as the runner holds it, whether it comes from an attribute or was added by hand.

use std::borrow::Cow;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use crate::context::Context;
use crate::registry::{FnBody, Place, TaskDef};
use crate::value::{Completion, ResultType};

/// A closure that a task runs.
pub(crate) type ClosureBody = Box<dyn FnMut(&Context<'_>) -> Completion + Send>;

/// What a task does.
pub(crate) enum Body {
    /// An annotated function.
    Function(FnBody),
    /// A closure; taken out when it runs, so that what it holds is freed when it ends.
    Closure(Mutex<Option<ClosureBody>>),
}

impl Body {
    /// A closure that is run once.
    pub(crate) fn closure(body: ClosureBody) -> Self {
        Self::Closure(Mutex::new(Some(body)))
    }

    /// Calls the body on the worker's thread.
    pub(crate) fn call(&self, context: &Context<'_>) -> Completion {
        match self {
            Self::Function(body) => body(context),
            Self::Closure(body) => {
                let taken = body.lock().unwrap_or_else(PoisonError::into_inner).take();
                taken.expect("a closure runs once")(context)
            }
        }
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Function(_) => "Function",
            Self::Closure(_) => "Closure",
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
}

impl Task {
    /// A declared task under the name it has in this binary.
    pub(crate) fn declared(def: &'static TaskDef, name: String) -> Self {
        Self {
            name,
            origin: Origin::Declared(def),
            after: def.after.iter().map(|name| Cow::Borrowed(*name)).collect(),
            tags: def.tags.iter().map(|tag| Cow::Borrowed(*tag)).collect(),
        }
    }

    /// A task added by hand.
    pub(crate) const fn added(name: String) -> Self {
        Self { name, origin: Origin::Added, after: Vec::new(), tags: Vec::new() }
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
