//! Backtraces without the frames that tell nothing of a task.

use std::backtrace::{Backtrace, BacktraceStatus};
use std::env;
use std::error::Error;
use std::panic::{self, AssertUnwindSafe};
use std::sync::OnceLock;

/// What `RUST_BACKTRACE` asks for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Nothing,
    Own,
    /// `full`: every frame.
    All,
}

fn wanted(variables: &[&str]) -> Wanted {
    let set = variables.iter().find_map(env::var_os);
    match set.as_deref().map(|set| set.to_string_lossy().into_owned()).as_deref() {
        None | Some("0") => Wanted::Nothing,
        Some("full") => Wanted::All,
        Some(_) => Wanted::Own,
    }
}

/// As std does, the variables are read once. It reads the first one that is set, for captured backtraces.
fn wanted_by_errors() -> Wanted {
    static WANTED: OnceLock<Wanted> = OnceLock::new();
    *WANTED.get_or_init(|| wanted(&["RUST_LIB_BACKTRACE", "RUST_BACKTRACE"]))
}

/// The task's frames in the backtrace of a panic on this thread. `None` when there are none, or when
/// `RUST_BACKTRACE` does not ask for a backtrace.
pub(super) fn of_panic() -> Option<String> {
    let trace = Backtrace::capture();
    (trace.status() == BacktraceStatus::Captured).then(|| shown(&trace.to_string()))?
}

/// The frames of the backtrace that an error captured where it began. `anyhow` shows it in the
/// error's `Debug`, and std has no stable way to it.
pub(super) fn of_error(error: &(dyn Error + '_)) -> Option<String> {
    if wanted_by_errors() == Wanted::Nothing {
        return None;
    }
    // An error that cannot be debugged is shown all the same.
    let text = panic::catch_unwind(AssertUnwindSafe(|| format!("{error:?}"))).ok()?;
    let heading = "\nStack backtrace:\n";
    let (_, trace) = text.rsplit_once(heading)?;
    shown(trace)
}

fn shown(trace: &str) -> Option<String> {
    let shown =
        if wanted_by_errors() == Wanted::All { trace.to_owned() } else { own_frames(trace) };
    (!shown.trim().is_empty()).then_some(shown)
}

/// A frame: `3: flow::load`, and below it `at ./tests/flow.rs:3:5` where that is known.
struct Frame<'t> {
    symbol: &'t str,
    place: &'t str,
    text: String,
}

/// The crates whose functions are the same in every trace.
const RUNTIME: [&str; 12] = [
    "std::",
    "core::",
    "alloc::",
    "__rustc::",
    "rayon::",
    "rayon_core::",
    "concurra::",
    "concurra_core::",
    "concurra_cli::",
    "anyhow::",
    "eyre::",
    "test::",
];

/// Functions of the system.
const SYSTEM: [&str; 7] = [
    "start_thread",
    "clone",
    "clone3",
    "_start",
    "__libc_start_main",
    "__libc_start_main_impl",
    "__libc_start_call_main",
];

/// Where the runtime's sources stand.
const RUNTIME_PLACES: [&str; 5] = ["/rustc/", "/rustlib/src/", "/nptl/", "/sysdeps/", "/csu/"];

impl<'t> Frame<'t> {
    fn all(trace: &'t str) -> Vec<Self> {
        let mut frames: Vec<Self> = Vec::new();
        for line in trace.lines() {
            let trimmed = line.trim_start();
            match (frames.last_mut(), trimmed.strip_prefix("at ")) {
                (Some(frame), Some(place)) => {
                    frame.place = place;
                    frame.text += &format!("{line}\n");
                }
                _ => {
                    let symbol = trimmed.split_once(": ").map_or(trimmed, |(_, symbol)| symbol);
                    frames.push(Self { symbol, place: "", text: format!("{line}\n") });
                }
            }
        }
        frames
    }

    fn is_unknown(&self) -> bool {
        self.symbol == "<unknown>"
    }

    fn is_machinery(&self) -> bool {
        ["rust_begin_unwind", "core::panicking::"].iter().any(|part| self.symbol.contains(part))
    }

    /// Whether it calls the body of a task or hook. A method of the state may call a closure of the body.
    fn is_scheduler(&self) -> bool {
        let marks = ["__INVENTORY", "__rust_begin_short_backtrace"];
        let core = self.path().strip_prefix("concurra_core::");
        marks.iter().any(|mark| self.symbol.contains(mark))
            || core.is_some_and(|path| !path.starts_with("state::"))
    }

    fn is_runtime(&self) -> bool {
        let path = self.path();
        RUNTIME.iter().any(|name| path.starts_with(name))
            || SYSTEM.contains(&path)
            || RUNTIME_PLACES.iter().any(|part| self.place.contains(part))
    }

    /// The path of the function; of a trait's function, the path of the trait.
    fn path(&self) -> &'t str {
        let path = self.symbol.trim_start_matches(['<', '&']);
        path.split_once(" as ").map_or(path, |(_, of)| of)
    }
}

/// The frames between the machinery of panics and the scheduler, without those of the runtime at both
/// ends, and without unknown ones.
fn own_frames(trace: &str) -> String {
    let frames = Frame::all(trace);
    let start = frames.iter().rposition(Frame::is_machinery).map_or(0, |last| last + 1);
    let own = &frames[start..];
    let end = own.iter().position(Frame::is_scheduler).unwrap_or(own.len());
    let own = own[..end].iter().filter(|frame| !frame.is_unknown()).collect::<Vec<_>>();
    let is_own = |frame: &&Frame<'_>| !frame.is_runtime();
    let first = own.iter().position(is_own).unwrap_or(own.len());
    let last = own.iter().rposition(is_own).map_or(first, |last| last + 1);
    own[first..last].iter().map(|frame| frame.text.as_str()).collect()
}

#[cfg(test)]
mod tests {
    use super::own_frames;

    #[test]
    fn the_frames_of_the_body_stay() {
        let trace = "   0: std::backtrace::create\n   1: __rustc::rust_begin_unwind\n             \
                     at /rustc/panicking.rs:689:5\n   2: core::panicking::panic_fmt\n             \
                     at /rustc/panicking.rs:80:5\n   3: core::option::expect_failed\n   4: \
                     index<u32>\n             at /rustc/5/library/core/src/slice/index.rs:1:1\n   5: \
                     flow::load::{{closure}}\n   6: core::iter::Iterator::for_each\n   7: \
                     flow::load\n             at ./tests/flow.rs:3:5\n   8: \
                     core::ops::function::FnOnce::call_once\n   9: \
                     flow::_::__INVENTORY::{{closure}}\n  10: concurra_core::failure::guard\n";
        let own = "   5: flow::load::{{closure}}\n   6: core::iter::Iterator::for_each\n   7: \
                   flow::load\n             at ./tests/flow.rs:3:5\n";
        assert_eq!(own_frames(trace), own);
    }

    #[test]
    fn frames_without_a_name_and_those_of_the_runtime_alone_are_nothing() {
        let stripped = "   0: <unknown>\n   1: <unknown>\n   2: start_thread\n             at \
                        ./nptl/pthread_create.c:442:8\n   3: clone3\n             at \
                        ./misc/../sysdeps/unix/sysv/linux/x86_64/clone3.S:81:0\n";
        assert_eq!(own_frames(stripped), "");
        assert_eq!(own_frames("   0: <F as core::ops::FnOnce<()>>::call_once\n"), "");
        assert_eq!(own_frames("   0: a\n   1: concurra_core::x\n"), "   0: a\n");
        let main = "   0: <unknown>\n  40: __libc_start_main_impl\n             at \
                    ./csu/../csu/libc-start.c:360:3\n";
        assert_eq!(own_frames(main), "");
    }

    #[test]
    fn the_frames_around_a_method_of_the_state_stay() {
        let own = "   0: flow::load::{{closure}}\n   1: concurra_core::state::State::update\n   2: \
                   flow::load\n";
        assert_eq!(own_frames(&format!("{own}   3: concurra_core::failure::guard\n")), own);
    }

    #[test]
    fn an_error_begins_in_the_library_that_captured_it() {
        let trace = "   0: anyhow::error::<impl anyhow::Error>::msg\n   1: <core::result::Result<T,F> \
                     as core::ops::try_trait::FromResidual>::from_residual\n   2: flow::load\n";
        assert_eq!(own_frames(trace), "   2: flow::load\n");
    }
}
