//! Durations that no clock can tell stand for ever.

use std::time::Duration;

use concurra_core::{Backoff, Canceller, Event, Observer, Outcome, Plan, Runner, StopReason};

use crate::support::{WIDTHS, run};

const EVER: Duration = Duration::MAX;

/// Interrupts the run when as many attempts are to be followed by another.
struct StopsAtRetries {
    left: usize,
    canceller: Canceller,
}

impl Observer for StopsAtRetries {
    fn event(&mut self, _: &Plan, event: &Event) {
        if let Event::Retrying { .. } = event {
            self.left -= 1;
            if self.left == 0 {
                self.canceller.cancel(StopReason::Interrupt);
            }
        }
    }
}

#[test]
fn a_backoff_may_be_the_longest_duration() {
    for failed in [0, 1, 2, 31, 32, 33, u32::MAX] {
        assert_eq!(Backoff::exponential(EVER, EVER).longest(failed), EVER);
        assert_eq!(Backoff::fixed(EVER).longest(failed), EVER);
    }
    let growing = Backoff::exponential(Duration::from_secs(u64::MAX / 2), EVER);
    assert_eq!(growing.longest(3), EVER);
}

#[test]
fn limits_and_graces_may_be_the_longest_duration() {
    for workers in WIDTHS {
        for backoff in [Backoff::exponential(EVER, EVER), Backoff::fixed(EVER)] {
            let runner = Runner::new().workers(workers).retries(2).backoff(backoff);
            let runner = runner.timeout(EVER).run_timeout(EVER).grace(EVER).slow(EVER);
            let canceller = runner.canceller();
            let observer = Box::new(StopsAtRetries { left: 2, canceller });
            let mut runner = runner.observe(observer).retry_timeouts(true);
            runner.add("fails", || Err::<(), _>("no"));
            // It ends when it is asked to, so it is never killed.
            runner.command("times out", ["sleep", "1000"]).timeout(Duration::from_millis(20));
            runner.command("is stopped", ["sleep", "1000"]);
            runner.add("cleans up", || ()).after(["fails", "is stopped"]).always();
            let report = run(runner);
            for name in ["fails", "times out", "is stopped"] {
                assert_eq!(report[name].outcome(), Outcome::Cancelled, "{name}");
            }
            assert_eq!(report["cleans up"].outcome(), Outcome::Passed);
            assert_eq!(report["fails"].attempts(), 1);
            assert!(report.to_json()["tasks"].is_array() && !report.to_string().is_empty());
        }
    }
}
