//! SIGINT, SIGTERM and SIGHUP: they stop a run, and have their usual effect when no run takes them.
//!
//! An installed handler stays: the one before it cannot be put back. So the handler ends the process
//! when no run takes the signal, if the signal would have ended it without the handler.

use std::fs;
use std::io;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::flag;
use signal_hook::iterator::{Handle, Signals};
use signal_hook::low_level::emulate_default_handler;

use crate::engine::Canceller;
use crate::event::StopReason;
use crate::process::Group;
use crate::sync::lock;

const TAKEN: [i32; 3] = [SIGINT, SIGTERM, SIGHUP];

/// Whether the signals have the effect that they had before this program's handler.
static FREE: AtomicBool = AtomicBool::new(true);

static TAKERS: Mutex<Takers> =
    Mutex::new(Takers { count: 0, taken: Vec::new(), ending: Vec::new() });

struct Takers {
    count: usize,
    /// The signals with a handler; empty until the first taker.
    taken: Vec<i32>,
    /// Those of them that would end the process without the handler.
    ending: Vec<i32>,
}

/// What a run does on a signal.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Answer {
    /// Running tasks may finish.
    Stop,
    /// Running tasks are cancelled.
    Cancel,
    /// The process ends at once.
    Exit,
}

impl Answer {
    /// The answer to a signal, after the last answer. `first` is the answer to a first Ctrl-C.
    #[must_use]
    pub fn to(signal: i32, last: Option<Self>, first: Self) -> Self {
        match last {
            None if signal == SIGINT => first,
            None | Some(Self::Stop) => Self::Cancel,
            Some(Self::Cancel | Self::Exit) => Self::Exit,
        }
    }
}

/// As long as a value lives, SIGINT, SIGTERM and SIGHUP do not end the process by themselves.
///
/// Several may live at once, as runs may be side by side and inside each other.
#[doc(hidden)]
#[derive(Debug)]
#[must_use = "dropping it gives the signals their usual effect"]
pub struct TakenSignals(Handle);

impl TakenSignals {
    /// Calls `answer` for each signal, on a new thread. `first` is the answer to a first Ctrl-C.
    ///
    /// A SIGHUP that the program ignores, as under `nohup`, stays ignored. A SIGINT that it ignores is
    /// taken: shells start background jobs so, and a script that sends the signal means it.
    ///
    /// # Errors
    /// A handler could not be installed, or the thread could not be made.
    pub fn new(
        first: Answer,
        mut answer: impl FnMut(StopReason, Answer) + Send + 'static,
    ) -> io::Result<Self> {
        let mut takers = lock(&TAKERS);
        takers.install()?;
        let mut signals = Signals::new(&takers.taken)?;
        let handle = signals.handle();
        let named = thread::Builder::new().name("signals".to_owned());
        let mut last = None;
        let on_signal = move |signal| {
            let next = Answer::to(signal, last, first);
            last = Some(next);
            answer(reason(signal), next);
        };
        named.spawn(move || signals.forever().for_each(on_signal))?;
        // Only now, so that no signal is lost before the thread receives it.
        takers.take();
        Ok(Self(handle))
    }
}

impl Drop for TakenSignals {
    fn drop(&mut self) {
        let mut takers = lock(&TAKERS);
        takers.count -= 1;
        FREE.store(takers.count == 0, Ordering::SeqCst);
        self.0.close();
    }
}

impl Takers {
    /// Counts one more taker. From now on the handlers leave signals to takers.
    fn take(&mut self) {
        self.count += 1;
        FREE.store(false, Ordering::SeqCst);
    }

    /// Installs handlers, once, with the effect that each signal has without them.
    fn install(&mut self) -> io::Result<()> {
        if !self.taken.is_empty() {
            return Ok(());
        }
        let before = Dispositions::read();
        let mut taken = TAKEN.to_vec();
        taken.retain(|signal| *signal != SIGHUP || !before.ignores(SIGHUP));
        let (ending, other): (Vec<i32>, Vec<i32>) =
            taken.iter().partition(|signal| !before.handles(**signal) && !before.ignores(**signal));
        for &signal in &ending {
            flag::register_conditional_default(signal, &FREE)?;
        }
        for signal in other {
            // Without a handler, commands would inherit that this program ignores the signal. The
            // system calls a handler of the user's before this one.
            static SEEN: AtomicBool = AtomicBool::new(false);
            flag::register(signal, &SEEN)?;
        }
        (self.taken, self.ending) = (taken, ending);
        Ok(())
    }
}

/// Installs the handlers of a program that will take signals. Returns the signals that would end it
/// without them.
///
/// # Errors
/// A handler could not be installed.
#[doc(hidden)]
pub fn install_handlers() -> io::Result<Vec<i32>> {
    let mut takers = lock(&TAKERS);
    takers.install()?;
    Ok(takers.ending.clone())
}

/// Lets SIGINT, SIGTERM and SIGHUP pass without effect on this process, as long as it lives.
///
/// A handler that does nothing is used, as a signal that is ignored would stay ignored in the
/// commands that tasks start.
///
/// # Errors
/// A handler could not be installed.
#[doc(hidden)]
pub fn ignore_signals() -> io::Result<()> {
    let mut takers = lock(&TAKERS);
    takers.install()?;
    takers.take();
    Ok(())
}

/// What signals do in this program: sets of bits. Where the system does not report that, they do what
/// they do in most programs.
#[derive(Default)]
struct Dispositions {
    handled: u64,
    ignored: u64,
}

impl Dispositions {
    /// The system makes a text of many lines for this, so Concurra asks once for all signals.
    fn read() -> Self {
        let status = fs::read_to_string("/proc/thread-self/status").unwrap_or_default();
        let bits = |name: &str| {
            let bits = status.lines().find_map(|line| line.strip_prefix(name));
            bits.and_then(|bits| u64::from_str_radix(bits.trim(), 16).ok()).unwrap_or_default()
        };
        Self { handled: bits("SigCgt:"), ignored: bits("SigIgn:") }
    }

    const fn handles(&self, signal: i32) -> bool {
        self.handled >> (signal - 1) & 1 == 1
    }

    const fn ignores(&self, signal: i32) -> bool {
        self.ignored >> (signal - 1) & 1 == 1
    }
}

const fn reason(signal: i32) -> StopReason {
    match signal {
        SIGINT => StopReason::Interrupt,
        SIGHUP => StopReason::Hangup,
        _ => StopReason::Terminate,
    }
}

/// Turns signals into stops until it is dropped: a first SIGINT lets running tasks finish, the next
/// signal cancels them, and one more ends the process as it would without this, and with it all that
/// it has started.
pub(crate) fn handle(canceller: Canceller) -> io::Result<TakenSignals> {
    TakenSignals::new(Answer::Stop, move |reason, answer| match answer {
        Answer::Stop => canceller.stop(reason),
        Answer::Cancel => canceller.cancel(reason),
        Answer::Exit => {
            Group::kill_started();
            // If even this fails, the program can do no more.
            drop(emulate_default_handler(number(reason)));
        }
    })
}

const fn number(reason: StopReason) -> i32 {
    match reason {
        StopReason::Interrupt => SIGINT,
        StopReason::Hangup => SIGHUP,
        _ => SIGTERM,
    }
}
