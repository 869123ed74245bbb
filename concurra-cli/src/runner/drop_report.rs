//! The end of a report: the results and the state of the run are dropped after the closing line.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};

use concurra_core::Report;

use super::watch::Watch;

/// How long the workers of a run that is over may hold its state. Abandoned bodies may hold it for ever.
const MOST_WAIT: Duration = Duration::from_millis(100);

/// Drops a report with the users' results and values. Returns whether none of them panicked; the panic
/// hook has printed the message and the place of a panic.
pub(super) fn drop_report(report: Report, watch: &Watch) -> bool {
    // A worker ends a moment after the run. If it held the values last, it would drop them, or nothing
    // would when the process ends first.
    let over = Instant::now();
    while Arc::strong_count(report.state()) > 1 && over.elapsed() < MOST_WAIT {
        std::thread::park_timeout(Duration::from_millis(1));
    }
    let dropped = watch.within("the drop of results and state", || {
        catch_unwind(AssertUnwindSafe(|| drop(report)))
    });
    let Err(payload) = dropped else { return true };
    // The payload is a user's value as well, and its own drop may panic.
    std::mem::forget(payload);
    eprintln!(
        "error: all tasks had ended, but then a result or a value of the state panicked when it was \
         dropped"
    );
    false
}

#[cfg(test)]
mod tests {
    use std::sync::Weak;

    use concurra_core::{Output, Runner};

    use super::*;
    use crate::log;
    use crate::options::LogOptions;
    use crate::supervise::Board;

    struct Parting(bool);

    impl Output for Parting {}

    impl Drop for Parting {
        fn drop(&mut self) {
            assert!(!self.0, "a bad end");
        }
    }

    #[test]
    fn a_panic_in_a_drop_fails_the_run() {
        for (bad, good) in [(false, true), (true, false)] {
            let mut runner = Runner::new().workers(2);
            runner.add("work", move || Parting(bad));
            let report = runner.run().expect("a plan");
            let log = log::Handle::install(&LogOptions::default(), Weak::new())
                .expect("nothing is logged");
            let board = Arc::new(Board::unnamed().expect("a board"));
            let watch = Watch::new(2, Arc::clone(&board), log);
            assert_eq!(drop_report(report, &watch), good);
            assert!(board.read().running.is_empty());
        }
    }
}
