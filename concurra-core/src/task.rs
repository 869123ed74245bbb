//! A task as the runner holds it, whether it comes from an attribute or was added by hand.

mod body;

use std::borrow::Cow;
use std::panic::Location;

pub(crate) use body::{Attributes, Body, Callable, Special, What};

use crate::policy::{Backoff, Policy};
use crate::registry::{Place, TaskDef, TaskOptions};

/// Where the task's own names are looked up.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Origin {
    /// Declared by an attribute.
    Declared(&'static TaskDef),
    /// Added by hand, by this call.
    Added(&'static Location<'static>),
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
    #[track_caller]
    pub(crate) const fn added(name: String) -> Self {
        let origin = Origin::Added(Location::caller());
        Self { name, origin, after: Vec::new(), tags: Vec::new(), options: None }
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
            Origin::Added(_) => None,
        }
    }

    pub(crate) fn place(&self) -> Place {
        match self.origin {
            Origin::Declared(def) => def.place,
            Origin::Added(call) => call.into(),
        }
    }

    pub(crate) fn ignore(&self) -> Option<&'static str> {
        self.def().and_then(|def| def.ignore)
    }

    pub(crate) fn has_tag(&self, tag: &str) -> bool {
        self.tags.iter().any(|own| own == tag)
    }
}
