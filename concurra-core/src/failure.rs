//! What a task says when it does not pass, and the one place that turns a panic into a message.

use std::any::Any;
use std::cell::RefCell;
use std::error::Error;
use std::fmt;
use std::panic::{self, PanicHookInfo};
use std::sync::Once;

/// Why a task failed: its message, the causes below it, and the place of a panic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The outermost message.
    pub message: String,
    /// The causes of an error, outermost first.
    pub causes: Vec<String>,
    /// `file:line:column` of a panic.
    pub place: Option<String>,
    /// A captured backtrace, when `RUST_BACKTRACE` asks for one.
    pub trace: Option<String>,
}

impl Failure {
    /// A failure of one message.
    #[must_use]
    pub fn message(message: impl Into<String>) -> Self {
        Self { message: message.into(), causes: Vec::new(), place: None, trace: None }
    }

    /// A failure that carries an error's message and those of all its sources.
    #[must_use]
    pub fn from_error(error: &(dyn Error + '_)) -> Self {
        let mut failure = Self::message(error.to_string());
        let mut source = error.source();
        while let Some(cause) = source {
            failure.causes.push(cause.to_string());
            source = cause.source();
        }
        failure
    }

    /// A failure made of a caught panic.
    #[must_use]
    pub(crate) fn from_panic(payload: Box<dyn Any + Send>) -> Self {
        let seen = LAST_PANIC.with_borrow_mut(Option::take);
        let (place, trace) = seen.map_or((None, None), |seen| (Some(seen.place), seen.trace));
        let message = format!("panicked: {}", panic_text(payload.as_ref()));
        // A payload whose own `Drop` panics must not take the worker with it.
        let dropped = panic::catch_unwind(panic::AssertUnwindSafe(|| drop(payload)));
        std::mem::forget(dropped.err());
        Self { place, trace, ..Self::message(message) }
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
pub enum Ending {
    /// The body failed.
    Failed(Failure),
    /// The body asked to be skipped.
    Skipped(String),
}

/// What `skip!` unwinds with.
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
    install_hook();
    let outer = WATCHED.replace(true);
    // A panic that somebody caught may have left its place, which is not that of the next one.
    LAST_PANIC.take();
    let caught = panic::catch_unwind(panic::AssertUnwindSafe(body));
    WATCHED.set(outer);
    caught.unwrap_or_else(|payload| match payload.downcast::<SkipRequest>() {
        Ok(request) => Err(Ending::Skipped(request.0)),
        Err(payload) => Err(Ending::Failed(Failure::from_panic(payload))),
    })
}

struct SeenPanic {
    place: String,
    trace: Option<String>,
}

thread_local! {
    static WATCHED: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
    static LAST_PANIC: RefCell<Option<SeenPanic>> = const { RefCell::new(None) };
}

/// A payload carries no place, so a hook notes it; outside of tasks the earlier hook speaks.
fn install_hook() {
    static INSTALL: Once = Once::new();
    INSTALL.call_once(|| {
        let earlier = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if WATCHED.try_with(std::cell::Cell::get).unwrap_or(false) {
                note_panic(info);
            } else {
                earlier(info);
            }
        }));
    });
}

fn note_panic(info: &PanicHookInfo<'_>) {
    let place = info.location().map_or_else(|| "an unknown place".to_owned(), ToString::to_string);
    let trace = std::backtrace::Backtrace::capture();
    let trace =
        (trace.status() == std::backtrace::BacktraceStatus::Captured).then(|| trace.to_string());
    let _ = LAST_PANIC.try_with(|last| last.replace(Some(SeenPanic { place, trace })));
}

fn panic_text(payload: &(dyn Any + Send)) -> String {
    if let Some(text) = payload.downcast_ref::<&'static str>() {
        (*text).to_owned()
    } else if let Some(text) = payload.downcast_ref::<String>() {
        text.clone()
    } else if let Some(error) = payload.downcast_ref::<Box<dyn Error + Send + Sync>>() {
        error.to_string()
    } else {
        "a value that is not text (panic_any)".to_owned()
    }
}
