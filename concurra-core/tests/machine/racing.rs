//! One machine under many threads: each change is won by exactly one of them.

use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use concurra_core::{Graph, Outcome, Reach, Rows, TaskId};

use crate::machine;
use crate::race::{DEPTH, Race, WIDTH};

const THREADS: usize = 4;
const REACHES: [Reach; 3] = [Reach::Running, Reach::Waiting, Reach::All];

/// Lets several threads work on the race until `end` leaves them.
fn work_until(race: &Race, end: impl FnOnce()) {
    let begun = Barrier::new(THREADS + 1);
    race.over.store(false, Ordering::Release);
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                begun.wait();
                race.work();
            });
        }
        begun.wait();
        end();
        race.over.store(true, Ordering::Release);
    });
}

/// Stops and sweeps; gives back how many tasks were postponed.
fn stop(race: &Race, reach: Reach) -> usize {
    race.machine.stop();
    race.machine.sweep(&race.graph, reach, |_| false, |step| race.note(step))
}

/// Runs what was postponed.
fn resume(race: &Race) {
    race.forget_ready();
    race.machine.resume(&race.graph, |step| race.note(step));
    work_until(race, || race.wait_for("what runs always", || race.machine.unended() == 0));
}

fn postponed(race: &Race) -> Vec<TaskId> {
    race.graph.tasks().filter(|task| race.machine.outcome(*task).is_none()).collect()
}

#[test]
fn each_task_is_started_and_ended_by_one_thread() {
    for _ in 0..20 {
        let race = Race::new(DEPTH, 1);
        work_until(&race, || race.wait_for("every task", || race.machine.unended() == 0));
        race.check(1);
    }
}

#[test]
fn a_sweep_and_finishing_threads_never_both_end_a_task() {
    for round in 0..150 {
        let race = Race::new(DEPTH, 1);
        let reach = REACHES[round % 3];
        let mut counted = 0;
        work_until(&race, || {
            // The stop falls at another point of the run each time.
            let enough = WIDTH + 4 * round;
            race.wait_for("the stop", || race.called() >= enough || race.machine.unended() == 0);
            counted = stop(&race, reach);
            race.wait_for("the rest", || race.machine.unended() == 0);
        });
        let postponed = postponed(&race);
        assert_eq!(postponed.len(), counted);
        assert!(postponed.iter().all(|task| race.always(*task)), "only those are postponed");
        resume(&race);
        race.check(2);
    }
}

#[test]
fn a_stop_strands_no_task_that_is_to_be_tried_again() {
    for round in 0..300 {
        // Nearly all that the threads do is to start tasks and to give them back.
        let race = Race::new(2, 40);
        let reach = REACHES[round % 3];
        let mut counted = 0;
        work_until(&race, || {
            let enough = 10 * round;
            race.wait_for("the stop", || race.called() >= enough || race.machine.unended() == 0);
            counted = stop(&race, reach);
        });
        assert_eq!(race.machine.unended(), 0, "a task waits for ever");
        assert_eq!(postponed(&race).len(), counted);
        resume(&race);
        race.check(2);
    }
}

/// More threads than cores: one that is put aside between looking for a stop and giving its task
/// back goes on when the sweep is over.
#[test]
fn a_thread_that_sees_a_stop_late_strands_no_task() {
    for round in 0..100 {
        let mut rows = Rows::default();
        (0..2 * THREADS).for_each(|_| rows.push([]));
        let graph = Graph::new(rows);
        let machine = machine(&graph, false, |task| task.0 % 2 == 0);
        let given_back = AtomicUsize::new(0);
        thread::scope(|scope| {
            for task in graph.tasks() {
                let (machine, given_back) = (&machine, &given_back);
                scope.spawn(move || {
                    while machine.start(task).is_some() {
                        if !machine.again(task) {
                            let _abandoned = !machine.finish(task, Outcome::Failed);
                        }
                        given_back.fetch_add(1, Ordering::Relaxed);
                    }
                });
            }
            while given_back.load(Ordering::Relaxed) < 1000 * round {
                thread::yield_now();
            }
            machine.stop();
            machine.sweep(&graph, REACHES[round % 3], |_| false, drop);
        });
        assert_eq!(machine.unended(), 0, "a task waits for ever");
    }
}

#[test]
fn a_second_stop_that_cancels_ends_everything() {
    for round in 0..100 {
        let race = Race::new(4, 5);
        let mut counted = 0;
        work_until(&race, || {
            let enough = 2 * round;
            race.wait_for("the stop", || race.called() >= enough || race.machine.unended() == 0);
            stop(&race, REACHES[round % 2]);
            counted = stop(&race, Reach::All);
        });
        assert_eq!(counted, 0, "nothing is postponed any more");
        assert_eq!(postponed(&race), []);
        race.check(1);
    }
}
