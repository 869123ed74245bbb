//! The items that attributes register. Unaware of plans and of how tasks run.
//!
//! Each registration is a function pointer: descriptors that nested others as constants made the
//! compiler's time grow with the square of a chain's length.

use std::panic::Location;
use std::time::Duration;

use crate::codec::Source;
use crate::context::Context;
use crate::event::HookKind;
use crate::value::{Completion, ResultType};

/// A place in the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// As `file!()` gives it.
    pub file: &'static str,
    /// Counted from 1.
    pub line: u32,
    /// Counted from 1.
    pub column: u32,
}

impl From<&'static Location<'static>> for Place {
    fn from(call: &'static Location<'static>) -> Self {
        Self { file: call.file(), line: call.line(), column: call.column() }
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

/// Distinguishes targets of a package with the same crate name, by variables that cargo sets only for
/// some: `CARGO_BIN_NAME` for binaries and examples, `CARGO_TARGET_TMPDIR` for tests.
#[must_use]
pub const fn target(
    binary: Option<&'static str>,
    tmpdir: Option<&'static str>,
) -> Option<&'static str> {
    match (binary, tmpdir) {
        (Some(binary), _) => Some(binary),
        // No binary can have this name.
        (None, Some(_)) => Some("(test)"),
        (None, None) => None,
    }
}

/// The body of a registered task or hook.
pub type FnBody = fn(&Context<'_>) -> Completion;

/// The options of an attribute, without names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TaskOptions {
    /// How many attempts may follow the first one; `Some(None)` stands for `never`.
    pub retries: Option<Option<u32>>,
    /// How long it waits before its next attempt.
    pub backoff: Option<Duration>,
    /// How long each attempt may take.
    pub timeout: Option<Duration>,
    /// Only one task of this name runs at a time.
    pub serial: Option<&'static str>,
    /// Whether no other task runs at the same time.
    pub alone: bool,
    /// Whether it runs with any outcomes of its dependencies, and also after a stop.
    pub always: bool,
    /// Whether it runs in a worker process.
    pub isolate: bool,
    /// Whether its result is masked wherever it is shown.
    pub secret: bool,
}

impl TaskOptions {
    /// No option.
    pub const NONE: Self = Self {
        retries: None,
        backoff: None,
        timeout: None,
        serial: None,
        alone: false,
        always: false,
        isolate: false,
        secret: false,
    };
}

/// An annotated function as the macro describes it.
#[derive(Clone, Copy, Debug)]
pub struct TaskDef {
    /// The function's name, as written.
    pub name: &'static str,
    /// `module_path!()` of the function.
    pub module: &'static str,
    /// The target, if it is not a library; see [`target`].
    pub target: Option<&'static str>,
    /// The place of the function.
    pub place: Place,
    /// Names as written in `after`.
    pub after: &'static [&'static str],
    /// Labels to select by.
    pub tags: &'static [&'static str],
    /// Why the task is ignored.
    pub ignore: Option<&'static str>,
    /// Its other options.
    pub options: TaskOptions,
    /// Calls the function.
    pub body: FnBody,
    /// The type of the function's result.
    pub result: fn() -> ResultType,
}

/// A `#[setup]` or `#[teardown]` function as the macro describes it.
#[derive(Clone, Copy, Debug)]
pub struct HookDef {
    /// Which end of the run.
    pub kind: HookKind,
    /// How long it may take.
    pub timeout: Option<Duration>,
    /// The function's name, as written.
    pub name: &'static str,
    /// `module_path!()` of the function.
    pub module: &'static str,
    /// The target, if it is not a library; see [`target`].
    pub target: Option<&'static str>,
    /// The place of the function.
    pub place: Place,
    /// Calls the function.
    pub body: FnBody,
}

/// A library whose tasks run with those of the crate that links it.
#[derive(Clone, Copy, Debug)]
pub struct LinkDef {
    /// The crate's name as written in `link!`.
    pub krate: &'static str,
    /// `module_path!()` at `link!`.
    pub module: &'static str,
    /// The target of `link!`, if it is not a library; see [`target`].
    pub target: Option<&'static str>,
    /// The place of `link!`.
    pub place: Place,
}

/// One registration, as an attribute submits it.
#[derive(Clone, Copy, Debug)]
pub enum Registration {
    /// A task.
    Task(fn() -> &'static TaskDef),
    /// A setup or teardown.
    Hook(fn() -> &'static HookDef),
    /// A `link!`.
    Link(fn() -> &'static LinkDef),
}

inventory::collect!(Registration);
inventory::submit! { Source(|| tasks().map(|def| (def.result)()).collect()) }

/// Everything registered in this binary, in no particular order.
pub(crate) fn registrations() -> impl Iterator<Item = &'static Registration> {
    inventory::iter::<Registration>.into_iter()
}

/// Every registered task, in no particular order.
pub(crate) fn tasks() -> impl Iterator<Item = &'static TaskDef> {
    registrations().filter_map(|registration| match registration {
        Registration::Task(def) => Some(def()),
        _ => None,
    })
}
