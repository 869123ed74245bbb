//! The panic hook that records where tasks panic: a payload carries neither place nor backtrace.
//!
//! It stays the outermost hook. When a program sets a hook of its own, std drops the one before, and the
//! drop of ours puts ours around theirs. So theirs runs, and the place is known with any hook.

use std::cell::Cell;
use std::collections::VecDeque;
use std::io::Write;
use std::panic::{self, PanicHookInfo};
use std::path::Path;
use std::ptr;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, Once, OnceLock, TryLockError};
use std::thread::{self, ThreadId};

use super::{ABORTS, CANNOT_UNWIND, backtrace, panic_text};
use crate::sync::lock;

type Hook = Box<dyn Fn(&PanicHookInfo<'_>) + Sync + Send>;

/// A panic as the hook saw it.
pub(super) struct SeenPanic {
    thread: ThreadId,
    text: String,
    pub(super) place: String,
    pub(super) trace: Option<String>,
}

thread_local! {
    /// Whether a panic on this thread becomes the failure of a task.
    static WATCHED: Cell<bool> = const { Cell::new(false) };

    /// Whether our hook runs on this thread. A hook of the program may call an earlier one of ours.
    static HOOKED: Cell<bool> = const { Cell::new(false) };
}

/// The last panics, newest first. Rayon carries the panic of a piece of a parallel iterator to the body
/// that waits for the piece, so a task's panic may have begun on another thread.
static SEEN: Mutex<VecDeque<SeenPanic>> = Mutex::new(VecDeque::new());

/// Panics that user code catches stay in the list, so it needs a limit.
const MOST_SEEN: usize = 256;

/// Whether our hook may not be the outermost one.
static UNCERTAIN: AtomicBool = AtomicBool::new(true);

/// The address of our outermost hook.
static OURS: AtomicUsize = AtomicUsize::new(0);

/// Held while the hook is replaced.
static REPLACING: Mutex<()> = Mutex::new(());

/// Calls user code whose panic becomes a failure.
pub(super) fn watched<R>(call: impl FnOnce() -> R) -> R {
    enter();
    let outer = WATCHED.replace(true);
    let returned = call();
    WATCHED.set(outer);
    returned
}

/// Watches a thread as long as it lives, such as a worker's: all panics on it become failures of tasks.
pub(crate) fn watch_thread() {
    enter();
    WATCHED.set(true);
}

/// Called before code whose panics are to be recorded.
fn enter() {
    // The others wait for the first.
    static FIRST: Once = Once::new();
    FIRST.call_once(install);
    ensure_outermost();
}

/// Makes our hook the outermost one again, if it may not be. Called before code whose panics are to be
/// recorded, on a thread that is watched.
#[inline]
pub(super) fn ensure_outermost() {
    if UNCERTAIN.load(Ordering::Relaxed) {
        install();
    }
}

/// Called after code that may have set a panic hook and kept ours, while no task runs.
pub(crate) fn check() {
    UNCERTAIN.store(true, Ordering::Relaxed);
    install();
}

/// Makes our hook the outermost one, around the one that is set.
#[cold]
fn install() {
    // A panic may be on its way, for example when it drops a hook that the user had taken.
    while UNCERTAIN.load(Ordering::Acquire) && !thread::panicking() {
        let _replacing = match REPLACING.try_lock() {
            // Another thread does it, or this one, in the drop of a hook.
            Err(TryLockError::WouldBlock) => return,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Ok(guard) => guard,
        };
        UNCERTAIN.store(false, Ordering::Release);
        wrap();
    }
}

fn wrap() {
    let current = panic::take_hook();
    if address(&current) == OURS.load(Ordering::Relaxed) {
        return panic::set_hook(current);
    }
    // As the first call has left none, this is the hook of std.
    static STANDARD: OnceLock<Hook> = OnceLock::new();
    let standard = STANDARD.get_or_init(panic::take_hook);
    let theirs = Some(&current).filter(|hook| !is_same(hook, standard));
    let is_theirs = theirs.is_some_and(|hook| !is_libtests(hook));
    let drop_notice = DropNotice;
    let ours: Hook = Box::new(move |info| {
        let _ = &drop_notice;
        on_panic(info, &current, is_theirs);
    });
    OURS.store(address(&ours), Ordering::Relaxed);
    panic::set_hook(ours);
}

fn address(hook: &Hook) -> usize {
    ptr::from_ref(hook.as_ref()).cast::<()>().addr()
}

/// Whether both are the same function without a state.
fn is_same(one: &Hook, other: &Hook) -> bool {
    #[expect(ambiguous_wide_pointer_comparisons, reason = "both come from the same code of std")]
    let is_same = ptr::from_ref(one.as_ref()) == ptr::from_ref(other.as_ref());
    is_same
}

/// Whether it is the hook of libtest, which prints panics into the captured output of a test. It has the
/// hook of std and nothing else, and only test programs lie in such a folder.
fn is_libtests(hook: &Hook) -> bool {
    static IS_TEST: OnceLock<bool> = OnceLock::new();
    let is_test = || {
        let program = std::env::current_exe().unwrap_or_default();
        program.parent().is_some_and(|folder| folder.ends_with(Path::new("deps")))
    };
    size_of_val(hook.as_ref()) == size_of::<Hook>()
        && OURS.load(Ordering::Relaxed) == 0
        && *IS_TEST.get_or_init(is_test)
}

/// Part of our hook; dropped when the program sets another one, or drops the one that it took.
struct DropNotice;

impl Drop for DropNotice {
    fn drop(&mut self) {
        UNCERTAIN.store(true, Ordering::Release);
        install();
    }
}

/// Records the panic of a task. Calls the hook of the program, which is std's own unless `is_theirs`: what
/// that one would print stands in the failure of the task.
fn on_panic(info: &PanicHookInfo<'_>, earlier: &Hook, is_theirs: bool) {
    let is_watched = WATCHED.try_with(Cell::get).unwrap_or(false);
    let is_inner = HOOKED.try_with(|hooked| hooked.replace(true)).unwrap_or(false);
    if !is_watched {
        earlier(info);
    } else if ends_process(info) {
        if !is_theirs && !is_inner {
            print_seen();
        }
        earlier(info);
        if CANNOT_UNWIND && !is_inner {
            drop(writeln!(std::io::stderr(), "note: a panic ends the process, as {ABORTS}"));
        }
    } else {
        if !is_inner {
            record(info);
        }
        if is_theirs {
            earlier(info);
        }
    }
    // A hook that panics ends the process, so this line is always reached.
    let _ = HOOKED.try_with(|hooked| hooked.set(is_inner));
}

/// Whether the panic ends the process. The standard library shows that only by the message of a
/// second panic; the first one is the cause and was recorded.
fn ends_process(info: &PanicHookInfo<'_>) -> bool {
    let words = ["panic in a function that cannot unwind", "panic in a destructor during cleanup"];
    CANNOT_UNWIND || words.contains(&panic_text(info.payload()).as_str())
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

fn record(info: &PanicHookInfo<'_>) {
    let place = info.location().map_or_else(|| "an unknown place".to_owned(), ToString::to_string);
    let trace = backtrace::of_panic();
    let text = panic_text(info.payload());
    let mut seen = lock(&SEEN);
    seen.truncate(MOST_SEEN - 1);
    seen.push_front(SeenPanic { thread: thread::current().id(), text, place, trace });
}

/// Takes the record of a panic: of this thread if there is one, else of another.
pub(super) fn take_seen(text: &str) -> Option<SeenPanic> {
    let me = thread::current().id();
    let mut seen = lock(&SEEN);
    let here = seen.iter().position(|panic| panic.text == text && panic.thread == me);
    let found = here.or_else(|| seen.iter().position(|panic| panic.text == text));
    // Without a record no hook of ours was called, unless the panic was only resumed.
    UNCERTAIN.fetch_or(found.is_none(), Ordering::Relaxed);
    seen.remove(found?)
}
