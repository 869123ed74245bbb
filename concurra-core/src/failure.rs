//! The failures of tasks, and the one place that turns a panic into a failure.

mod discard;
mod exit_code;
mod expected;
mod forked;

use std::any::Any;
use std::backtrace::{Backtrace, BacktraceStatus};
use std::cell::Cell;
use std::collections::VecDeque;
use std::error::Error;
use std::fmt;
use std::io::Write;
use std::iter;
use std::panic::{self, PanicHookInfo};
use std::sync::{Mutex, Once};
use std::thread::{self, ThreadId};
use std::time::Duration;

use discard::contain;
pub(crate) use discard::{Discarded, discard, drop_for_user};
pub(crate) use exit_code::judge_exit_code;
pub use expected::expect_panic;
pub(crate) use forked::leave_if_copy;
use serde::{Deserialize, Serialize};

use crate::outcome::Outcome;
use crate::sync::lock;

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
        Self { message: message.into(), causes: Vec::new(), place: None, trace: None }
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
        Self { causes, ..Self::message(error.to_string()) }
    }

    /// A failure made of a caught panic.
    #[must_use]
    pub(crate) fn from_panic(payload: Box<dyn Any + Send>) -> Self {
        let text = panic_text(payload.as_ref());
        let (place, trace) = take_seen(&text).map(|seen| (seen.place, seen.trace)).unzip();
        let message = format!("{PANICKED}{text}");
        // A payload whose own `Drop` panics must not take the worker with it.
        contain(payload);
        Self { place, trace: trace.flatten(), ..Self::message(message) }
    }
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
    Failed(Failure),
    /// The body failed in a way that another attempt would not change.
    Final(Failure),
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
            Self::Failed(failure) | Self::Final(failure) => Some(failure.clone()),
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
/// It unwinds without calling the panic hook, so nothing is printed.
#[doc(hidden)]
pub fn skip(reason: impl Into<String>) -> ! {
    panic::resume_unwind(Box::new(SkipRequest(reason.into())))
}

/// Runs user code and turns a panic or `skip!` into an ending.
pub(crate) fn guard<T>(body: impl FnOnce() -> Result<T, Ending>) -> Result<T, Ending> {
    caught(body).unwrap_or_else(|payload| match skip_reason(payload) {
        Ok(reason) => Err(Ending::Skipped(reason)),
        Err(payload) => Err(Ending::Failed(Failure::from_panic(payload))),
    })
}

/// Runs user code that returns nothing; its panic as a failure.
pub(crate) fn panic_of(call: impl FnOnce()) -> Option<Failure> {
    let called = guard(|| {
        call();
        Ok(())
    });
    called.err()?.failure()
}

/// Runs user code and catches its panic; the panic prints nothing.
fn caught<T>(body: impl FnOnce() -> T) -> thread::Result<T> {
    install_hook();
    let outer = WATCHED.replace(true);
    let caught = panic::catch_unwind(panic::AssertUnwindSafe(body));
    WATCHED.set(outer);
    caught
}

/// The reason of `skip!`, or the payload of a real panic.
fn skip_reason(payload: Box<dyn Any + Send>) -> Result<String, Box<dyn Any + Send>> {
    payload.downcast::<SkipRequest>().map(|request| request.0)
}

/// A panic as the hook saw it; the payload that the task gets has neither place nor trace.
struct SeenPanic {
    thread: ThreadId,
    text: String,
    place: String,
    trace: Option<String>,
}

thread_local! {
    /// Whether a panic on this thread becomes the failure of a task.
    static WATCHED: Cell<bool> = const { Cell::new(false) };
}

/// The last panics, newest first. Rayon carries the panic of a piece of a parallel iterator to the body
/// that waits for the piece, so a task's panic may have begun on another thread.
static SEEN: Mutex<VecDeque<SeenPanic>> = Mutex::new(VecDeque::new());

/// Panics that user code catches stay in the list, so it needs a limit.
const MOST_SEEN: usize = 256;

/// Marks a thread of a pool: the panics of its pieces become failures of tasks.
pub(crate) fn watch_thread() {
    install_hook();
    WATCHED.set(true);
}

/// A payload carries no place, so a hook records it. Outside of tasks the earlier hook prints.
fn install_hook() {
    static INSTALL: Once = Once::new();
    INSTALL.call_once(|| {
        let earlier = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !WATCHED.try_with(Cell::get).unwrap_or(false) {
                earlier(info);
            } else if ends_process(info) {
                print_seen();
                earlier(info);
            } else {
                record_panic(info);
            }
        }));
    });
}

/// Whether the panic ends the process. The standard library shows that only by the message of a
/// second panic; the first one is the cause and was recorded.
fn ends_process(info: &PanicHookInfo<'_>) -> bool {
    let words = ["panic in a function that cannot unwind", "panic in a destructor during cleanup"];
    cfg!(panic = "abort") || words.contains(&panic_text(info.payload()).as_str())
}

/// Prints the panics of this thread that will not become failures of tasks.
fn print_seen() {
    let me = thread::current().id();
    let seen = lock(&SEEN);
    for panic in seen.iter().rev().filter(|panic| panic.thread == me) {
        // The process ends also if it cannot print the reason.
        drop(writeln!(std::io::stderr(), "panicked at {}: {}", panic.place, panic.text));
    }
}

fn record_panic(info: &PanicHookInfo<'_>) {
    let place = info.location().map_or_else(|| "an unknown place".to_owned(), ToString::to_string);
    let trace = Backtrace::capture();
    let trace = (trace.status() == BacktraceStatus::Captured).then(|| trace.to_string());
    let text = panic_text(info.payload());
    let mut seen = lock(&SEEN);
    seen.truncate(MOST_SEEN - 1);
    seen.push_front(SeenPanic { thread: thread::current().id(), text, place, trace });
}

/// Takes the record of a panic: of this thread if there is one, else of another.
fn take_seen(text: &str) -> Option<SeenPanic> {
    let me = thread::current().id();
    let mut seen = lock(&SEEN);
    let here = seen.iter().position(|panic| panic.text == text && panic.thread == me);
    let found = here.or_else(|| seen.iter().position(|panic| panic.text == text))?;
    seen.remove(found)
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
