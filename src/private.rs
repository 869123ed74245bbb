//! The items that expansions of the macros use.

pub use concurra_core::{
    Completion, Context, FromContext, Home, HookDef, HookKind, LinkDef, Place, Registration,
    ResultType, TaskDef, TaskOptions, TaskResult, inventory, probe, registered_anywhere,
    registered_in, skip, target,
};

#[cfg(feature = "cli")]
pub use concurra_cli::{Defaults, Root, harness, identity, main, marker, marker_len};
#[cfg(feature = "cli")]
pub use concurra_macros::timeout;

use concurra_core::Ending;

/// Ends the body of a task with a return value.
///
/// # Errors
/// The ending of the function's error.
pub fn complete<T: TaskResult>(returned: Result<T, Ending>) -> Completion {
    concurra_core::complete(returned)
}

/// Ends the body of a hook with a return value: only an error counts.
///
/// # Errors
/// The ending of the function's error.
pub fn finish<T>(returned: Result<T, Ending>) -> Completion {
    returned.map(|_| None)
}

/// Calls the body of a task with `#[should_panic]`.
///
/// # Errors
/// The body did not panic, or not with the expected text.
pub fn expect_panic(expected: Option<&str>, body: impl FnOnce()) -> Completion {
    concurra_core::expect_panic(expected, body).map(|()| None)
}

/// How the body of a function without a return type ends.
pub const NOTHING: Completion = Ok(None);
