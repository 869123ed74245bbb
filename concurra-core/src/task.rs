//! A task in a runner, from an attribute or added by a call.

mod body;
mod callable;
mod slot;

use std::borrow::Cow;
use std::panic::Location;
use std::sync::LazyLock;
use std::time::Duration;

pub(crate) use body::{Attributes, Body, Closure};
pub(crate) use callable::{Callable, Plain, complete_with};
pub(crate) use slot::{NO_WORKER, Record, Slot};

use crate::policy::{Backoff, Retries};
use crate::registry::{Place, TaskDef, TaskOptions};
use crate::settings::Layers;
use crate::value::Value;

/// A task of a runner and of its plan.
#[derive(Debug)]
pub struct Task {
    pub(crate) name: String,
    /// Runs unless a filter leaves it out; others run only as dependencies.
    pub(crate) own: bool,
    /// Its description in the source; `None` for an added task.
    pub(crate) def: Option<&'static TaskDef>,
    /// Where it is declared or added.
    pub(crate) place: Place,
    pub(crate) after: Vec<Cow<'static, str>>,
    pub(crate) tags: Vec<Cow<'static, str>>,
    /// Few tasks have any.
    pub(crate) options: Option<Box<Options>>,
    /// It is in the plan only because a chosen task needs it.
    pub(crate) dependency: bool,
    /// Few tasks have one.
    pub(crate) preset: Option<Box<Preset>>,
}

/// An outcome that is known before the run.
#[derive(Debug)]
pub(crate) enum Preset {
    Mocked(Option<Value>),
    Ignored(&'static str),
    /// Skipped, as it needs this task, which the selection excludes.
    NeedsExcluded(String),
}

impl Preset {
    pub(crate) const fn is_mocked(&self) -> bool {
        matches!(self, Self::Mocked(_))
    }

    pub(crate) const fn is_skipped(&self) -> bool {
        matches!(self, Self::NeedsExcluded(_))
    }
}

/// The options of a task.
#[derive(Clone, Debug, Default)]
pub(crate) struct Options {
    pub(crate) retries: Option<Retries>,
    pub(crate) backoff: Option<Backoff>,
    /// For each attempt; zero means no limit.
    pub(crate) timeout: Option<Duration>,
    /// Only one task of this name runs at a time.
    pub(crate) serial: Option<Cow<'static, str>>,
    /// No other task runs at the same time.
    pub(crate) alone: bool,
    /// Runs with any outcomes upstream.
    pub(crate) always: bool,
    /// Whether it runs in a worker process; `None` leaves that to the run.
    pub(crate) isolate: Option<bool>,
    /// Its result is masked wherever it is shown.
    pub(crate) secret: bool,
}

impl From<TaskOptions> for Options {
    fn from(declared: TaskOptions) -> Self {
        let TaskOptions { retries, backoff, timeout, serial, alone, always, isolate, secret } =
            declared;
        let retries = retries.map(|most| most.map_or(Retries::Never, Retries::UpTo));
        let (backoff, isolate) = (backoff.map(Backoff::fixed), isolate.then_some(true));
        let serial = serial.map(Cow::Borrowed);
        Self { retries, backoff, timeout, serial, alone, always, isolate, secret }
    }
}

impl Options {
    /// How a body with these options is run.
    pub(crate) fn attributes(&self, layers: &Layers, serial: Option<u32>) -> Attributes {
        let (most, is_final) = match self.retries {
            Some(Retries::UpTo(most)) => (Some(most), false),
            Some(Retries::Never) => (None, true),
            None => (None, false),
        };
        let retries = layers.pick(most, |settings| settings.retries).filter(|_| !is_final);
        let timeout = layers.pick(self.timeout, |settings| settings.timeout);
        Attributes {
            retries: retries.unwrap_or_default(),
            backoff: layers.pick(self.backoff, |settings| settings.backoff),
            timeout: timeout.filter(|limit| !limit.is_zero()),
            serial,
            alone: self.alone,
            isolate: layers.pick(self.isolate, |settings| settings.isolate).unwrap_or_default(),
            secret: self.secret,
        }
    }
}

impl Task {
    /// A declared task under its name in this binary.
    pub(crate) fn declared(def: &'static TaskDef, name: String) -> Self {
        Self {
            name,
            own: true,
            def: Some(def),
            place: def.place,
            after: def.after.iter().map(|name| Cow::Borrowed(*name)).collect(),
            tags: def.tags.iter().map(|tag| Cow::Borrowed(*tag)).collect(),
            options: (def.options != TaskOptions::NONE).then(|| Box::new(def.options.into())),
            dependency: false,
            preset: None,
        }
    }

    /// A task that the caller's caller adds.
    #[track_caller]
    pub(crate) fn added(name: String) -> Self {
        let (place, after, tags) = (Location::caller().into(), Vec::new(), Vec::new());
        let (own, dependency, preset) = (true, false, None);
        Self { name, own, def: None, place, after, tags, options: None, dependency, preset }
    }

    pub(crate) fn options(&self) -> &Options {
        static DEFAULT: LazyLock<Options> = LazyLock::new(Options::default);
        self.options.as_deref().unwrap_or(&DEFAULT)
    }

    pub(crate) fn options_mut(&mut self) -> &mut Options {
        self.options.get_or_insert_default()
    }

    pub(crate) fn ignore(&self) -> Option<&'static str> {
        self.def.and_then(|def| def.ignore)
    }

    pub(crate) fn has_tag(&self, tag: &str) -> bool {
        self.tags.iter().any(|own| own == tag)
    }
}
