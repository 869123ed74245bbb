//! The failures of tasks, and the one place that turns a panic into a failure.

mod backtrace;
mod discard;
mod exit_code;
mod expected;
mod forked;
mod panic_hook;

use std::any::Any;
use std::error::Error;
use std::fmt;
use std::io::{self, Write};
use std::iter;
use std::panic;
use std::thread;
use std::time::Duration;

use discard::contain;
pub(crate) use discard::{Discarded, discard, drop_for_user};
pub(crate) use exit_code::judge_exit_code;
pub use expected::expect_panic;
pub(crate) use forked::{leave_if_copy, leave_if_copy_after};
pub(crate) use panic_hook::{check as check_panic_hook, watch_thread};
use panic_hook::{ensure_outermost, take_seen, watched};
use serde::{Deserialize, Serialize};

use crate::outcome::Outcome;

/// Why a task failed: its message, the causes below it, and the place of a panic.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// The outermost message.
    pub message: String,
    /// The causes of an error, outermost first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub causes: Vec<String>,
    /// `file:line:column` of a panic.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// A captured backtrace, when `RUST_BACKTRACE` asks for one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trace: Option<String>,
}

/// The start of a panic's message.
const PANICKED: &str = "panicked: ";

/// The most causes of one failure.
const MOST_CAUSES: usize = 100;

impl Failure {
    /// A failure of one message.
    #[must_use]
    pub fn message(message: impl Into<String>) -> Self {
        Self { message: worded(message.into()), causes: Vec::new(), place: None, trace: None }
    }

    /// A failure that carries an error's message and those of its sources, up to a hundred.
    #[must_use]
    pub fn from_error(error: &(dyn Error + '_)) -> Self {
        let causes = iter::successors(error.source(), |&cause| cause.source());
        // An error may be its own cause.
        let mut causes: Vec<_> = causes.take(MOST_CAUSES).map(ToString::to_string).collect();
        if causes.len() == MOST_CAUSES {
            "… (more causes)".clone_into(&mut causes[MOST_CAUSES - 1]);
        }
        let trace = backtrace::of_error(error);
        Self {
            causes: causes.into_iter().map(worded).collect(),
            trace,
            ..Self::message(words(error))
        }
    }

    /// A failure made of a caught panic.
    #[must_use]
    pub(crate) fn from_panic(payload: Box<dyn Any + Send>) -> Self {
        let text = panic_text(payload.as_ref());
        let (place, trace) = take_seen(&text).map(|seen| (seen.place, seen.trace)).unzip();
        let message = format!("{PANICKED}{}", worded(text));
        // A payload whose own `Drop` panics must not take the worker with it.
        contain(payload);
        Self { place, trace: trace.flatten(), ..Self::message(message) }
    }
}

/// In place of a message that a reader would not see.
const NO_MESSAGE: &str = "(no message)";

/// A text that a reader sees.
fn worded(text: String) -> String {
    if text.trim().is_empty() { NO_MESSAGE.to_owned() } else { text }
}

/// The message of an error. Of one without a message and without sources the debug text may tell more.
fn words(error: &(dyn Error + '_)) -> String {
    let text = error.to_string();
    if !text.trim().is_empty() || error.source().is_some() {
        return text;
    }
    let debug = format!("{error:?}");
    // The debug text of an error made of text is that text, and that of `anyhow` has a backtrace.
    let tells_more = debug != format!("{text:?}") && !debug.contains("Stack backtrace:");
    if tells_more { debug } else { text }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        self.causes.iter().try_for_each(|cause| write!(f, ": {cause}"))
    }
}

/// How a body ended when it did not return a value.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Ending {
    /// The body failed.
    Failed(Box<Failure>),
    /// The body failed in a way that another attempt would not change.
    Final(Box<Failure>),
    /// The body ran longer than this.
    TimedOut(Duration),
    /// The body asked to be skipped.
    Skipped(String),
    /// The run was stopped, and the body's processes with it.
    Cancelled,
}

impl Ending {
    /// The outcome of the task whose body ended so.
    pub(crate) const fn outcome(&self) -> Outcome {
        match self {
            Self::Failed(_) | Self::Final(_) => Outcome::Failed,
            Self::TimedOut(_) => Outcome::TimedOut,
            Self::Skipped(_) => Outcome::Skipped,
            Self::Cancelled => Outcome::Cancelled,
        }
    }

    /// The failure to report, if it is one.
    pub(crate) fn failure(&self) -> Option<Failure> {
        match self {
            Self::Failed(failure) | Self::Final(failure) => Some(Failure::clone(failure)),
            Self::TimedOut(limit) => {
                Some(Failure::message(format!("ran longer than its timeout of {limit:?}")))
            }
            Self::Skipped(_) | Self::Cancelled => None,
        }
    }
}

/// The payload that `skip!` unwinds with.
struct SkipRequest(String);

/// Leaves the body of the running task; its outcome is `skipped` with this reason.
///
/// It unwinds without calling the panic hook, so nothing is printed. A program that cannot unwind ends with
/// a message.
#[doc(hidden)]
pub fn skip(reason: impl Into<String>) -> ! {
    let reason = reason.into();
    if CANNOT_UNWIND {
        let line = format!(
            "error: skip!({reason:?}) ends the process, as {ABORTS}; return from the task instead, or set \
             `panic = \"unwind\"` in the profile"
        );
        // The process ends also if it cannot print the reason.
        drop(writeln!(io::stderr(), "{line}"));
    }
    panic::resume_unwind(Box::new(SkipRequest(reason)))
}

/// Whether this program was built so that a panic ends it.
const CANNOT_UNWIND: bool = cfg!(panic = "abort");

/// Why it does.
const ABORTS: &str = "the program is built with `panic = \"abort\"`";

/// Runs user code and turns a panic or `skip!` into an ending.
pub(crate) fn guard<T>(body: impl FnOnce() -> Result<T, Ending>) -> Result<T, Ending> {
    caught(body).unwrap_or_else(|payload| Err(ending_of_panic(payload)))
}

/// Runs user code that stores its completion, on a thread that [`watch_thread`] watches.
#[inline]
pub(crate) fn guard_watched<T>(
    completion: &mut Result<T, Ending>,
    body: impl FnOnce(&mut Result<T, Ending>),
) {
    ensure_outermost();
    if let Err(payload) = panic::catch_unwind(panic::AssertUnwindSafe(|| body(completion))) {
        *completion = Err(ending_of_panic(payload));
    }
}

#[cold]
fn ending_of_panic(payload: Box<dyn Any + Send>) -> Ending {
    match skip_reason(payload) {
        Ok(reason) => Ending::Skipped(reason),
        Err(payload) => Ending::Failed(Failure::from_panic(payload).into()),
    }
}

/// Runs user code that returns nothing; its panic as a failure.
pub(crate) fn panic_of(call: impl FnOnce()) -> Option<Failure> {
    let called = guard(|| {
        call();
        Ok(())
    });
    called.err()?.failure()
}

/// Runs user code and catches its panic. The panic prints nothing but what a panic hook of the user prints.
fn caught<T>(body: impl FnOnce() -> T) -> thread::Result<T> {
    watched(|| panic::catch_unwind(panic::AssertUnwindSafe(body)))
}

/// The reason of `skip!`, or the payload of a real panic.
fn skip_reason(payload: Box<dyn Any + Send>) -> Result<String, Box<dyn Any + Send>> {
    payload.downcast::<SkipRequest>().map(|request| request.0)
}

/// The message of a panic that no task waited for. It is printed before the process ends.
pub(crate) fn last_words(payload: &(dyn Any + Send)) -> String {
    let text = panic_text(payload);
    let place = take_seen(&text).map_or_else(String::new, |seen| format!(" at {}", seen.place));
    format!("work that a task spawned and did not wait for panicked: {text}{place}")
}

fn panic_text(payload: &(dyn Any + Send)) -> String {
    text_of(payload).unwrap_or_else(|| "a value that is not text (panic_any)".to_owned())
}

/// The message of a panic; `None` when its payload is not text.
fn text_of(payload: &(dyn Any + Send)) -> Option<String> {
    let text = payload.downcast_ref::<&str>().map(ToString::to_string);
    let text = text.or_else(|| payload.downcast_ref::<String>().cloned());
    let error = || payload.downcast_ref::<Box<dyn Error + Send + Sync>>().map(ToString::to_string);
    text.or_else(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An error without a message of its own.
    #[derive(Debug)]
    struct Silent(Option<Box<dyn Error>>);

    impl fmt::Display for Silent {
        fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
            Ok(())
        }
    }

    impl Error for Silent {
        fn source(&self) -> Option<&(dyn Error + 'static)> {
            self.0.as_deref()
        }
    }

    #[test]
    fn an_error_without_a_message_shows_its_causes() {
        let failure = Failure::from_error(&Silent(Some("deep".into())));
        assert_eq!(failure.to_string(), "(no message): deep");
        assert_eq!(Failure::from_error(&Silent(None)).message, "Silent(None)");
        assert_eq!(Failure::from_error(&*Box::<dyn Error>::from("")).message, NO_MESSAGE);
    }
}
