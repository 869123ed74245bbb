//! A task that calls `std::process::exit` must not end a run as if it were good.
//!
//! The C library calls a hook whenever the process exits other than by a signal. While the hook is
//! armed, it names what runs and ends the process with a failure.

use std::io::Write;
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicU8, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, Once};

use super::Board;
use crate::sync::lock;

/// The exit code of a process that a task ended.
static EXIT_CODE: AtomicU8 = AtomicU8::new(101);

static ARMED: Mutex<Option<Armed>> = Mutex::new(None);

/// What the hook prints.
struct Armed {
    board: Arc<Board>,
    /// The failures so far.
    failures: Box<dyn Fn() -> String + Send>,
}

/// The process whose run the hook protects. A process that a task forks ends in its own way.
static PROCESS: AtomicU32 = AtomicU32::new(0);

/// Arms the hook with the board of the run, and with the failures that the run has not printed. Arming
/// again replaces both.
pub(crate) fn arm(board: Arc<Board>, failures: impl Fn() -> String + Send + 'static) {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        // SAFETY: the function is `extern "C"`, lives for ever and does not unwind, as it catches
        // panics. When atexit has no room the hook is missing, which harms nothing.
        unsafe {
            libc::atexit(on_exit);
        }
    });
    PROCESS.store(std::process::id(), Ordering::Relaxed);
    *lock(&ARMED) = Some(Armed { board, failures: Box::new(failures) });
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
    if PROCESS.load(Ordering::Relaxed) != std::process::id() {
        return;
    }
    let Some(Armed { board, failures }) = lock(&ARMED).take() else { return };
    // A panic must not cross into C, and a hook that cannot name tasks still has to fail the run.
    let running = std::panic::catch_unwind(|| {
        board.note_caller();
        board.read().while_running()
    });
    let failures = std::panic::catch_unwind(AssertUnwindSafe(failures)).unwrap_or_default();
    let running = running.ok().flatten().unwrap_or_else(|| "before the run had ended".to_owned());
    let line = format!("{failures}error: process::exit was called {running}\n");
    // With stderr closed, nothing can be reported.
    let _ = std::io::stderr().write_all(line.as_bytes());
    // SAFETY: _exit(2) ends the process and never returns. A hook of `exit` must not call `exit`
    // again.
    unsafe { libc::_exit(EXIT_CODE.load(Ordering::Relaxed).into()) }
}
