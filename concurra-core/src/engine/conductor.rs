//! The thread that called for the run: it sleeps on notes, carries out stops, calls observers.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender};
use std::time::{Duration, Instant, SystemTime};

use super::audience::Audience;
use super::phase::Phase;
use super::table::Table;
use super::{HookFailure, Note, Notes, Observer, Settings, hooks};
use crate::event::{Event, StopReason};
use crate::graph::TaskId;
use crate::isolate::Hosts;
use crate::machine::Step;
use crate::outcome::Outcome;
use crate::state::State;

/// What a run leaves behind.
pub(crate) struct Conducted {
    pub(crate) table: Arc<Table>,
    pub(crate) hooks: Vec<HookFailure>,
    pub(crate) stopped: Option<StopReason>,
    pub(crate) warnings: Vec<String>,
    /// The wall clock at the start of the run.
    pub(crate) started: SystemTime,
    pub(crate) duration: Duration,
}

pub(super) struct Conductor<'o> {
    pub(super) table: Arc<Table>,
    pub(super) state: Arc<State>,
    pub(super) settings: &'o Settings,
    pub(super) epoch: Instant,
    pub(super) hosts: Arc<Hosts>,
    pub(super) sender: Sender<Note>,
    pub(super) notes: Receiver<Note>,
    pub(super) audience: Audience<'o>,
    pub(super) stopped: Option<StopReason>,
    /// Who aborts a run wants its end at once.
    pub(super) aborted: bool,
    /// Tasks that run always and wait until the phase is over.
    pub(super) postponed: usize,
    pub(super) warnings: Vec<String>,
    hooks: Vec<HookFailure>,
}

/// Runs setups, tasks and teardowns.
pub(crate) fn conduct(
    table: Arc<Table>,
    settings: &Settings,
    state: &Arc<State>,
    notes: Notes,
    observers: &mut [Box<dyn Observer>],
) -> Conducted {
    state.attach(Arc::clone(&table) as _);
    let started = SystemTime::now();
    let mut conductor = Conductor {
        audience: Audience::new(Arc::clone(&table), observers),
        table,
        state: Arc::clone(state),
        settings,
        epoch: Instant::now(),
        hosts: Arc::default(),
        sender: notes.sender,
        notes: notes.receiver,
        stopped: None,
        aborted: false,
        postponed: 0,
        warnings: Vec::new(),
        hooks: Vec::new(),
    };
    conductor.conduct();
    let Conductor { table, audience, hooks, stopped, mut warnings, epoch, .. } = conductor;
    warnings.extend(audience.into_warnings());
    Conducted { table, hooks, stopped, warnings, started, duration: epoch.elapsed() }
}

impl Conductor<'_> {
    fn conduct(&mut self) {
        self.audience.begin(self.settings.workers.get());
        let roots = self.begin();
        self.set_up();
        self.hear_early_stop();
        let mut given_up = self.run_phase(roots, self.settings.max_fail);
        let postponed = self.take_postponed();
        if !postponed.is_empty() {
            self.wait_for(&given_up);
            given_up.extend(self.run_phase(postponed, None));
        }
        if !self.table.plan.teardowns.is_empty() {
            self.wait_for(&given_up);
        }
        self.hear_pending();
        self.tear_down();
        self.hear_pending();
        self.warn_of(given_up);
    }

    /// Ends what is known beforehand and gives back what can start.
    fn begin(&mut self) -> Vec<TaskId> {
        let table = Arc::clone(&self.table);
        let (graph, known) = (table.plan.graph(), table.presets());
        let (mut roots, mut ended) = (Vec::new(), Vec::new());
        table.machine.begin(graph, known, |step| match step {
            Step::Ready(task) => roots.push(task),
            Step::Ended(task, outcome) => ended.push((task, outcome)),
            Step::GivenUp(_) => {}
        });
        for (task, outcome) in ended {
            self.tell_finished(task, outcome);
        }
        for &task in &roots {
            self.tell(|| Event::Ready { task });
        }
        roots
    }

    /// Runs the setups; the first that fails skips every task.
    fn set_up(&mut self) {
        let table = Arc::clone(&self.table);
        for hook in &table.plan.setups {
            let Err(failure) = hooks::call(hook, &self.state) else { continue };
            let (name, place) = (hook.name.clone(), hook.def.place);
            table.note_obstacle(format!("setup {name} failed"));
            let failure = table.masked_failure(failure);
            self.hooks.push(HookFailure { name, setup: true, place, failure });
            table.machine.stop();
            table.machine.end_all(table.plan.graph(), Outcome::Skipped, |step| {
                if let Step::Ended(task, outcome) = step {
                    self.tell_finished(task, outcome);
                }
            });
            return;
        }
    }

    /// Runs the teardowns, whatever happened.
    fn tear_down(&mut self) {
        let table = Arc::clone(&self.table);
        for hook in &table.plan.teardowns {
            if let Err(failure) = hooks::call(hook, &self.state) {
                let (name, place) = (hook.name.clone(), hook.def.place);
                let failure = self.table.masked_failure(failure);
                self.hooks.push(HookFailure { name, setup: false, place, failure });
            }
        }
    }

    /// Runs what is ready and all that becomes so; gives back tasks whose bodies were given up.
    fn run_phase(&mut self, roots: Vec<TaskId>, max_fail: Option<NonZeroUsize>) -> Vec<TaskId> {
        let remaining = self.table.machine.unended();
        if remaining == 0 {
            return Vec::new();
        }
        match Phase::start(self, roots, remaining, max_fail) {
            Ok(mut phase) => {
                self.listen(&mut phase);
                phase.leave(self)
            }
            Err(error) => {
                self.give_up(None, &format!("no threads could be started: {error}"));
                Vec::new()
            }
        }
    }

    /// Hears notes until every task of the phase has ended.
    fn listen(&mut self, phase: &mut Phase) {
        loop {
            match phase.next_note(&self.notes) {
                Some(Note::Event(event)) => self.audience.tell(*event),
                Some(Note::Stop(reason)) => self.stop(Some(phase), reason),
                Some(Note::Alarm(at)) => phase.clock.look_at(at),
                Some(Note::Later { task, at }) => phase.clock.keep(task, at),
                Some(Note::Woken) => phase.look_after_woken(),
                Some(Note::AllEnded) => return,
                Some(Note::Left) => {}
                None => self.on_time(phase),
            }
        }
    }

    /// Hears what was said while nobody listened.
    fn hear_pending(&mut self) {
        while let Ok(note) = self.notes.try_recv() {
            match note {
                Note::Event(event) => self.audience.tell(*event),
                Note::Stop(reason) => self.stop(None, reason),
                _ => {}
            }
        }
    }

    /// Carries out a stop that came before the first task; events keep until tasks run, as no task
    /// waits for a callback.
    fn hear_early_stop(&mut self) {
        let early: Vec<Note> = self.notes.try_iter().collect();
        for note in early {
            match note {
                Note::Stop(reason) => self.stop(None, reason),
                other => drop(self.sender.send(other)),
            }
        }
    }

    /// Waits for bodies that were given up, but no longer than the grace.
    fn wait_for(&mut self, given_up: &[TaskId]) {
        // A grace that no clock can tell is no end to wait for.
        let deadline = Instant::now().checked_add(self.settings.grace);
        while !self.aborted && given_up.iter().any(|task| self.table.still_runs(*task)) {
            let left = deadline.map_or(Duration::MAX, |deadline| {
                deadline.saturating_duration_since(Instant::now())
            });
            match self.notes.recv_timeout(left) {
                Ok(Note::Event(event)) => self.audience.tell(*event),
                Ok(Note::Stop(reason)) => self.stop(None, reason),
                Ok(_) => {}
                Err(_) => return,
            }
        }
    }

    fn warn_of(&mut self, mut given_up: Vec<TaskId>) {
        given_up.retain(|task| self.table.still_runs(*task));
        given_up.sort_unstable();
        given_up.dedup();
        let name = |task: &TaskId| self.table.plan.task(*task).name();
        let running: Vec<&str> = given_up.iter().map(name).collect();
        if !running.is_empty() {
            self.warnings.push(format!("still running after the end: {}", running.join(", ")));
        }
    }

    /// Tells an event in one stream with what workers tell.
    pub(super) fn tell(&self, event: impl FnOnce() -> Event) {
        // Without observers nobody would take it out again.
        if self.audience.is_there() {
            drop(self.sender.send(Note::Event(Box::new(event()))));
        }
    }

    pub(super) fn tell_finished(&self, task: TaskId, outcome: Outcome) {
        let now = super::nanos(self.epoch.elapsed());
        self.tell(|| Event::Finished(self.table.finished(task, outcome, now)));
    }
}
