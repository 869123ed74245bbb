//! A task that calls `std::process::exit` must not end a run as if it were good.
//!
//! The C library calls a hook whenever the process exits other than by a signal. While the hook is
//! armed, it names the running tasks and ends the process with a failure.

use std::io::Write;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, Once};

use crate::sync::lock;

/// The exit code of a process that a task ended.
const EXIT_CODE: libc::c_int = 101;

type Names = Box<dyn Fn() -> Vec<String> + Send>;

static ARMED: Mutex<Option<Names>> = Mutex::new(None);

/// The process whose run the hook protects. A process that a task forks ends in its own way.
static PROCESS: AtomicU32 = AtomicU32::new(0);

/// Arms the hook; `names` returns the running tasks.
///
/// `names` is called on the thread that leaves the process, so it must not take a lock that is held
/// while a task's body runs. Arming again replaces the closure.
pub(crate) fn arm(names: impl Fn() -> Vec<String> + Send + 'static) {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        // SAFETY: the function is `extern "C"`, lives for ever and does not unwind, as it catches
        // panics. When atexit has no room the hook is missing, which harms nothing.
        unsafe {
            libc::atexit(on_exit);
        }
    });
    PROCESS.store(std::process::id(), Ordering::Relaxed);
    *lock(&ARMED) = Some(Box::new(names));
}

/// Disarms the hook, at the end of a run and before an exit on purpose.
pub(crate) fn disarm() {
    *lock(&ARMED) = None;
}

extern "C" fn on_exit() {
    if PROCESS.load(Ordering::Relaxed) != std::process::id() {
        return;
    }
    let names = lock(&ARMED).take();
    let Some(names) = names else { return };
    // A panic must not cross into C, and a hook that cannot name tasks still has to fail the run.
    let names = std::panic::catch_unwind(std::panic::AssertUnwindSafe(names));
    let names = names.unwrap_or_default();
    let line = if names.is_empty() {
        "error: process::exit was called before the run had ended\n".to_owned()
    } else {
        format!("error: process::exit was called while running: {}\n", names.join(", "))
    };
    // With stderr closed, nothing can be reported.
    let _ = std::io::stderr().write_all(line.as_bytes());
    // SAFETY: _exit(2) ends the process and never returns. A hook of `exit` must not call `exit`
    // again.
    unsafe { libc::_exit(EXIT_CODE) }
}
