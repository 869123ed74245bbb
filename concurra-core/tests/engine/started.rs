//! Every task that made an attempt is reported as started, and no other, also when the run is stopped.

use std::collections::BTreeSet;
use std::sync::mpsc::{Sender, channel};
use std::time::Duration;

use concurra_core::{Event, Observer, Plan, Runner, StopReason, TaskId};

use crate::aftermath::spin;
use crate::support::watched;

/// Sends the tasks that are reported as started, and those whose end has an attempt.
struct Attempts(Sender<(bool, TaskId)>);

impl Observer for Attempts {
    fn event(&mut self, _: &Plan, event: &Event) {
        let sent = match event {
            Event::Started { task, .. } => self.0.send((true, *task)),
            Event::Finished(end) if end.attempts > 0 => self.0.send((false, end.task)),
            _ => Ok(()),
        };
        sent.expect("the test listens");
    }
}

#[test]
fn a_stop_finds_each_start_or_prevents_it() {
    for round in 0..40 {
        let (send, attempts) = channel();
        let workers = [1, 2, 8, 16][round % 4];
        let mut runner = Runner::new().workers(workers).observe(Box::new(Attempts(send)));
        runner.add_all((0..5_000).map(|task| (task.to_string(), || ())));
        let reason = [StopReason::Timeout, StopReason::Abort][round / 4 % 2];
        let run = runner.start().expect("a plan");
        spin(round % 10, Duration::from_micros(300));
        run.canceller().stop(reason);
        let report = watched(|| run.wait());
        let (mut started, mut made) = (BTreeSet::new(), BTreeSet::new());
        for (is_start, task) in attempts.try_iter() {
            assert!(if is_start { &mut started } else { &mut made }.insert(task));
        }
        assert_eq!(started, made, "{reason:?} in round {round}");
        let reported = report.tasks().iter().filter(|task| task.attempts() > 0);
        assert_eq!(reported.map(|task| task.id()).collect::<BTreeSet<_>>(), made);
    }
}
