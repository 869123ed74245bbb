//! The thread that called for the run: it sleeps on notes, carries out stops, calls observers.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

use super::audience::Audience;
use super::pools::Pools;
use super::ready::Ready;
use super::run::Run;
use super::sleep::Sleep;
use super::table::Table;
use super::{HookFailure, Note, Notes, Observer, Settings, hooks, worker};
use crate::event::{Event, StopReason};
use crate::machine::{Reach, Step};
use crate::outcome::Outcome;
use crate::plan::Plan;
use crate::state::State;

/// What a run leaves behind.
pub(crate) struct Conducted {
    pub(crate) table: Arc<Table>,
    pub(crate) hooks: Vec<HookFailure>,
    pub(crate) stopped: Option<StopReason>,
    pub(crate) warnings: Vec<String>,
    pub(crate) duration: Duration,
}

struct Conductor<'o> {
    table: Arc<Table>,
    notes: Receiver<Note>,
    audience: Audience<'o>,
    stopped: Option<StopReason>,
    /// Running tasks were given up, so every task has ended; nobody waits for their bodies.
    abandoned: bool,
    warnings: Vec<String>,
    hooks: Vec<HookFailure>,
}

/// How long a worker may take to leave when no body runs any more. One that takes longer helps with
/// a piece that its task spawned and did not wait for.
const FAREWELL: Duration = Duration::from_millis(200);

/// Runs setups, tasks and teardowns.
pub(crate) fn conduct(
    plan: Plan,
    settings: &Settings,
    state: &Arc<State>,
    notes: Notes,
    observers: &mut [Box<dyn Observer>],
) -> Conducted {
    let begun = Instant::now();
    let table = Arc::new(Table::new(plan, settings.run_dependents));
    state.attach(Arc::clone(&table) as _);
    let Notes { sender, receiver } = notes;
    let audience = Audience::new(Arc::clone(&table), observers);
    let mut conductor = Conductor {
        table,
        notes: receiver,
        audience,
        stopped: None,
        abandoned: false,
        warnings: Vec::new(),
        hooks: Vec::new(),
    };
    conductor.audience.begin(settings.workers.get());
    let run = conductor.prepare(settings, state, sender);
    conductor.set_up(&run);
    conductor.hear_early_stop(&run);
    if run.remaining.load(Ordering::Acquire) > 0 {
        conductor.run_tasks(&run, settings);
    }
    conductor.hear_pending(&run);
    conductor.tear_down(&run);
    conductor.hear_pending(&run);
    conductor.tell_rest(&run);
    let Conductor { table, audience, hooks, stopped, mut warnings, .. } = conductor;
    warnings.extend(audience.into_warnings());
    Conducted { table, hooks, stopped, warnings, duration: begun.elapsed() }
}

impl Conductor<'_> {
    /// Ends what is known beforehand and collects what can start.
    fn prepare(
        &mut self,
        settings: &Settings,
        state: &Arc<State>,
        sender: std::sync::mpsc::Sender<Note>,
    ) -> Arc<Run> {
        let table = Arc::clone(&self.table);
        let (graph, known) = (table.plan.graph(), table.presets());
        let (mut roots, mut ended) = (Vec::new(), Vec::new());
        table.machine.begin(graph, known, |step| match step {
            Step::Ready(task) => roots.push(task),
            Step::Ended(task, outcome) => ended.push((task, outcome)),
        });
        let run = Run {
            state: Arc::clone(state),
            ready: Ready::new(roots.clone(), graph.len(), settings.width(graph.len())),
            sleep: Sleep::default(),
            notes: sender,
            epoch: Instant::now(),
            observed: self.audience.is_there(),
            around: settings.around.clone(),
            max_fail: settings.max_fail,
            failures: AtomicUsize::new(0),
            remaining: AtomicUsize::new(graph.len() - ended.len()),
            table: Arc::clone(&table),
        };
        ended.into_iter().for_each(|(task, outcome)| run.tell_finished(task, outcome));
        if run.observed {
            roots.into_iter().for_each(|task| run.tell(|| Event::Ready { task }));
        }
        Arc::new(run)
    }

    /// Runs the setups; the first that fails skips every task.
    fn set_up(&mut self, run: &Arc<Run>) {
        let table = Arc::clone(&self.table);
        for hook in &table.plan.setups {
            if let Err(failure) = hooks::call(hook, run) {
                self.hooks.push(HookFailure {
                    name: hook.name.clone(),
                    setup: true,
                    place: hook.def.place,
                    failure,
                });
                table.note_obstacle(format!("setup {} failed", hook.name));
                run.machine().stop();
                self.end_rest(run, |run, step| {
                    run.machine().end_all(run.graph(), Outcome::Skipped, step);
                });
                return;
            }
        }
    }

    /// Runs the teardowns, whatever happened.
    fn tear_down(&mut self, run: &Arc<Run>) {
        let table = Arc::clone(&self.table);
        for hook in &table.plan.teardowns {
            if let Err(failure) = hooks::call(hook, run) {
                let (name, place) = (hook.name.clone(), hook.def.place);
                self.hooks.push(HookFailure { name, setup: false, place, failure });
            }
        }
    }

    fn run_tasks(&mut self, run: &Arc<Run>, settings: &Settings) {
        let width = settings.width(run.graph().len());
        let pools = match Pools::take(width) {
            Ok(pools) => pools,
            Err(error) => {
                return self.give_up(run, &format!("no threads could be started: {error}"));
            }
        };
        let loops = Arc::new(AtomicUsize::new(width));
        let (shared, parking) = (Arc::clone(run), Arc::clone(&pools));
        let left = Arc::clone(&loops);
        pools.workers.spawn_broadcast(move |_| {
            worker::work(&shared, &parking.parking);
            if left.fetch_sub(1, Ordering::AcqRel) == 1 {
                drop(shared.notes.send(Note::Left));
            }
        });
        self.listen(run);
        self.leave(run, pools, &loops, settings.grace);
    }

    fn give_up(&mut self, run: &Arc<Run>, why: &str) {
        self.warnings.push(why.to_owned());
        self.table.note_obstacle(why.to_owned());
        run.machine().stop();
        self.end_rest(run, |run, step| run.machine().sweep(run.graph(), Reach::Waiting, step));
    }

    /// Hears notes until every task has ended.
    fn listen(&mut self, run: &Arc<Run>) {
        while !self.abandoned {
            match self.notes.recv() {
                Ok(Note::Event(event)) => self.audience.tell(event),
                Ok(Note::Stop(reason)) => self.stop(run, reason),
                Ok(Note::AllEnded) | Err(_) => return,
                Ok(Note::Left) => {}
            }
        }
    }

    /// Carries out a stop that came before the first task; events keep until tasks run, as no task
    /// waits for a callback.
    fn hear_early_stop(&mut self, run: &Arc<Run>) {
        let early: Vec<Note> = self.notes.try_iter().collect();
        for note in early {
            match note {
                Note::Stop(reason) => self.stop(run, reason),
                other => drop(run.notes.send(other)),
            }
        }
    }

    /// Hears what was said while nobody listened.
    fn hear_pending(&mut self, run: &Arc<Run>) {
        while let Ok(note) = self.notes.try_recv() {
            match note {
                Note::Event(event) => self.audience.tell(event),
                Note::Stop(reason) => self.stop(run, reason),
                Note::AllEnded | Note::Left => {}
            }
        }
    }

    fn stop(&mut self, run: &Arc<Run>, reason: StopReason) {
        if self.stopped.is_some() {
            // Someone who let running tasks finish may lose patience with them.
            if reason == StopReason::Abort {
                self.sweep(run, reason);
            }
            return;
        }
        self.stopped = Some(reason);
        self.audience.tell(Event::Stopping { reason });
        let failed = self.table.first_failed().filter(|_| reason == StopReason::Failures);
        self.table.note_obstacle(
            failed
                .map_or_else(|| reason.to_string(), |name| format!("stopped after {name} failed")),
        );
        run.machine().stop();
        self.sweep(run, reason);
    }

    fn sweep(&mut self, run: &Arc<Run>, reason: StopReason) {
        let reach = if reason.spares_running() { Reach::Waiting } else { Reach::Running };
        self.end_rest(run, |run, step| run.machine().sweep(run.graph(), reach, step));
        if reach == Reach::Running {
            // A worker counts its tasks when it is idle, so one whose body was given up may never.
            run.sleep.close();
            self.abandoned = true;
        }
    }

    fn end_rest(&mut self, run: &Arc<Run>, end: impl FnOnce(&Run, &mut dyn FnMut(Step))) {
        let (now, mut ended) = (run.now(), 0);
        end(run, &mut |step| {
            if let Step::Ended(task, outcome) = step {
                ended += 1;
                if outcome == Outcome::Cancelled {
                    run.table.note_given_up(task, now);
                }
                run.tell_finished(task, outcome);
            }
        });
        run.count_ended(ended);
    }

    /// Waits until the workers have left their loops: those with a body that was given up get the
    /// grace. Pools on which one is left are not used again.
    fn leave(&mut self, run: &Arc<Run>, pools: Arc<Pools>, loops: &AtomicUsize, grace: Duration) {
        let patience = if self.abandoned { grace } else { grace.min(FAREWELL) };
        let deadline = Instant::now() + patience;
        while loops.load(Ordering::Acquire) > 0 {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.notes.recv_timeout(left) {
                Ok(Note::Event(event)) => self.audience.tell(event),
                Ok(_) => {}
                Err(_) => {
                    self.warn_of_abandoned(run);
                    // Rayon's threads end when their bodies do and keep no process from exiting.
                    return;
                }
            }
        }
        pools.give_back();
    }

    fn warn_of_abandoned(&mut self, run: &Arc<Run>) {
        let running: Vec<&str> = run
            .graph()
            .tasks()
            .filter(|task| run.machine().outcome(*task) == Some(Outcome::Cancelled))
            .filter(|task| self.table.still_runs(*task))
            .map(|task| self.table.plan.task(task).name())
            .collect();
        self.warnings.push(if running.is_empty() {
            "not waited for: work that a task spawned on the pool and did not wait for".to_owned()
        } else {
            format!("still running after the grace: {}", running.join(", "))
        });
    }

    /// Tells of ends that no worker told: of tasks on one that did not come back from a body.
    fn tell_rest(&mut self, run: &Arc<Run>) {
        if self.abandoned && self.audience.misses_some() {
            for task in run.graph().tasks() {
                if let Some(outcome) = run.machine().outcome(task) {
                    run.tell_finished(task, outcome);
                }
            }
            self.hear_pending(run);
        }
    }
}
