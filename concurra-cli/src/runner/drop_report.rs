//! What a run leaves behind: results and state, which are dropped when everything is told.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};

use concurra_core::Report;

use super::watch::Watch;

/// How long workers may take to let go of a run that is over. Bodies that were given up may never.
const MOST_WAIT: Duration = Duration::from_millis(100);

/// Drops it. The values are the users' own, and so is the panic that one of them may end with; the
/// panic hook has told its message and place then. Gives whether all went well.
pub(super) fn drop_report(report: Report, watch: &Watch) -> bool {
    wait_for_workers(&report);
    watch.note_caller("the drop of results and state");
    let dropped = catch_unwind(AssertUnwindSafe(|| drop(report)));
    watch.note_caller("");
    let Err(payload) = dropped else { return true };
    // The payload is theirs as well, and its own drop may panic.
    std::mem::forget(payload);
    eprintln!(
        "error: all tasks had ended, but then a result or a value of the state panicked when it was \
         dropped"
    );
    false
}

/// Workers end a moment after the run. If one of them held the values last, it would drop them, or
/// nobody would when the process ends first.
fn wait_for_workers(report: &Report) {
    let over = Instant::now();
    while Arc::strong_count(report.state()) > 1 && over.elapsed() < MOST_WAIT {
        std::thread::park_timeout(Duration::from_millis(1));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Weak;

    use concurra_core::{Output, Runner};

    use super::*;
    use crate::log;
    use crate::options::LogOptions;

    struct Parting(bool);

    impl Output for Parting {}

    impl Drop for Parting {
        fn drop(&mut self) {
            assert!(!self.0, "a bad end");
        }
    }

    #[test]
    fn a_panic_in_a_drop_is_told_and_no_more() {
        for (bad, good) in [(false, true), (true, false)] {
            let mut runner = Runner::new().workers(2);
            runner.add("work", move || Parting(bad));
            let report = runner.run().expect("a plan");
            let log = log::Handle::install(&LogOptions::default(), Weak::new())
                .expect("nothing is logged");
            let watch = Watch::new(2, None, log);
            assert_eq!(drop_report(report, &watch), good);
            assert!(watch.names()().is_empty());
        }
    }
}
