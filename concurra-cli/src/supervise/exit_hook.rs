//! A task that calls `std::process::exit` must not end a run as if it were good.
//!
//! The C library calls a hook whenever the process exits other than by a signal. While the hook is
//! armed, it names what runs and ends the process with a failure.

use std::io::Write;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Mutex, Once};

use crate::sync::lock;

/// The exit code of a process that a task ended.
static EXIT_CODE: AtomicU8 = AtomicU8::new(101);

/// What runs when the process exits.
#[derive(Debug, Default)]
pub(crate) struct Running {
    /// The names of tasks and hooks.
    pub(crate) names: Vec<String>,
    /// The index of the one on the thread that exits; none on a thread that a task started.
    pub(crate) caller: Option<usize>,
}

type Look = Box<dyn Fn() -> Running + Send>;

static ARMED: Mutex<Option<Look>> = Mutex::new(None);

/// Arms the hook; `running` returns what runs.
///
/// `running` is called on the thread that leaves the process, so it must not take a lock that is held
/// while a task's body runs. Arming again replaces the closure.
pub(crate) fn arm(running: impl Fn() -> Running + Send + 'static) {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        // SAFETY: the function is `extern "C"`, lives for ever and does not unwind, as it catches
        // panics. When atexit has no room the hook is missing, which harms nothing.
        unsafe {
            libc::atexit(on_exit);
        }
    });
    *lock(&ARMED) = Some(Box::new(running));
}

/// Disarms the hook, at the end of a run and before an exit on purpose.
pub(crate) fn disarm() {
    *lock(&ARMED) = None;
}

/// Sets the exit code of a process that a task ends from now on. A signal has stopped the run.
pub(crate) fn exit_with(code: u8) {
    EXIT_CODE.store(code, Ordering::Relaxed);
}

extern "C" fn on_exit() {
    let look = lock(&ARMED).take();
    let Some(look) = look else { return };
    // A panic must not cross into C, and a hook that cannot name tasks still has to fail the run.
    let running = std::panic::catch_unwind(std::panic::AssertUnwindSafe(look));
    let line = message(&running.unwrap_or_default());
    // With stderr closed, nothing can be reported.
    let _ = std::io::stderr().write_all(line.as_bytes());
    // SAFETY: _exit(2) ends the process and never returns. A hook of `exit` must not call `exit`
    // again.
    unsafe { libc::_exit(EXIT_CODE.load(Ordering::Relaxed).into()) }
}

fn message(Running { names, caller }: &Running) -> String {
    if names.is_empty() {
        return "error: process::exit was called before the run had ended\n".to_owned();
    }
    let caller = caller.and_then(|index| names.get(index)).filter(|_| names.len() > 1);
    let caller = caller.map_or_else(String::new, |name| format!("; the call came from {name}"));
    format!("error: process::exit was called while running: {}{caller}\n", names.join(", "))
}
