//! Conducts a run: sleeps until a note arrives or a time is due, and carries out stops.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender};
use std::time::{Duration, Instant, SystemTime};

use super::abandoned::Abandoned;
use super::grace::Grace;
use super::observers::{Events, Observers};
use super::phase::Phase;
use super::table::Table;
use super::warning::Warning;
use super::{Around, Note, Notes, Observer, nanos};
use crate::event::{Event, HookFinished, RunFinished, StopReason};
use crate::graph::TaskId;
use crate::isolate::Hosts;
use crate::machine::{Reach, Step};
use crate::max_fail::MaxFail;
use crate::outcome::Outcome;
use crate::process::Guard;
use crate::settings::Settings;
use crate::state::State;
use crate::sync::{LOOK, look_for};

/// How long the end of a run waits for workers to leave and for drops, which are user code.
const EXIT_TIMEOUT: Duration = Duration::from_secs(1);

/// The shortest time between two events about a slow attempt. Shorter ones would keep observers busy.
const SHORTEST_PERIOD: Duration = Duration::from_millis(10);

/// The input of a run.
pub(crate) struct Job<'j> {
    pub(crate) table: Arc<Table>,
    pub(crate) settings: Arc<Settings>,
    pub(crate) around: Option<Arc<dyn Around>>,
    pub(crate) state: &'j Arc<State>,
    pub(crate) notes: Notes,
    pub(crate) observers: &'j mut [Box<dyn Observer>],
    /// Warnings from before the run.
    pub(crate) warnings: Vec<Warning>,
}

/// The result of a run.
pub(crate) struct Conducted {
    pub(crate) table: Arc<Table>,
    pub(crate) hooks: Vec<HookFinished>,
    pub(crate) stopped: Option<StopReason>,
    pub(crate) warnings: Vec<Warning>,
    /// The wall clock at the start of the run.
    pub(crate) started: SystemTime,
    pub(crate) duration: Duration,
}

pub(super) struct Conductor {
    pub(super) table: Arc<Table>,
    pub(super) state: Arc<State>,
    pub(super) settings: Arc<Settings>,
    pub(super) around: Option<Arc<dyn Around>>,
    pub(super) epoch: Instant,
    pub(super) hosts: Arc<Hosts>,
    pub(super) guard: Arc<Guard>,
    pub(super) sender: Sender<Note>,
    pub(super) notes: Receiver<Note>,
    pub(super) events: Events,
    pub(super) stopped: Option<StopReason>,
    /// The first stop that cancels running tasks.
    pub(super) cancelled_by: Option<StopReason>,
    /// How far the stops so far reach.
    pub(super) reach: Option<Reach>,
    /// The tasks whose outcomes were known before the run, and those that they skip.
    ended_before: usize,
    /// `always` tasks that wait until the phase is over.
    pub(super) postponed: usize,
    pub(super) warnings: Vec<Warning>,
    pub(super) abandoned: Abandoned,
    /// The tasks and hooks whose bodies the run has waited for as long as it may.
    pub(super) waited_for: Vec<String>,
    /// The time for the clean-up after the limit of the run.
    pub(super) grace: Grace,
    pub(super) hooks: Vec<HookFinished>,
}

/// Runs setups, tasks and teardowns.
pub(crate) fn conduct(job: Job<'_>) -> Conducted {
    let Job { table, settings, around, state, notes, observers, warnings } = job;
    state.attach(Arc::clone(&table) as _);
    let started = SystemTime::now();
    let mut observers = Observers::new(Arc::clone(&table), observers);
    let mut conductor = Conductor {
        events: observers.events.clone(),
        table,
        state: Arc::clone(state),
        settings,
        around,
        epoch: Instant::now(),
        hosts: Arc::default(),
        guard: Arc::default(),
        sender: notes.sender,
        notes: notes.receiver,
        stopped: None,
        cancelled_by: None,
        reach: None,
        ended_before: 0,
        postponed: 0,
        warnings,
        abandoned: Abandoned::default(),
        waited_for: Vec::new(),
        grace: Grace::default(),
        hooks: Vec::new(),
    };
    conductor.events.send(|| {
        let Conductor { settings, table, state, .. } = &conductor;
        Event::RunStarted(table.run_started(settings, started, state).into())
    });
    conductor.conduct(&mut observers);
    conductor.finish(&mut observers, started)
}

impl Conductor {
    fn conduct(&mut self, observers: &mut Observers<'_>) {
        observers.drain();
        let roots = self.begin();
        self.take_pending();
        // A run that is stopped before it begins calls no hooks.
        let hooked = self.stopped.is_none();
        observers.attend(|| {
            if hooked {
                self.set_up();
            }
            self.run_tasks(roots);
            if hooked {
                self.tear_down();
            }
        });
        self.take_pending();
        self.warn_of_abandoned();
        if !self.table.drops.settle(EXIT_TIMEOUT) {
            let why = "values of tasks that did not run are still being dropped".to_owned();
            self.warnings.push(why.into());
        }
    }

    /// Sends the last events, and returns the result of the run.
    fn finish(mut self, observers: &mut Observers<'_>, started: SystemTime) -> Conducted {
        observers.drain();
        observers.remask();
        self.warnings.extend(observers.take_warnings());
        for warning in &self.warnings {
            self.events.send(|| Event::Warning { text: warning.text(&self.table) });
        }
        let (stopped, duration) = (self.stopped, self.epoch.elapsed());
        self.events.send(|| {
            let good = self.table.is_good(&self.hooks, stopped);
            Event::RunFinished(RunFinished { duration, good, stopped, rerun: None })
        });
        observers.drain();
        self.warnings.extend(observers.take_warnings());
        let Self { table, hooks, warnings, .. } = self;
        Conducted { table, hooks, stopped, warnings, started, duration }
    }

    /// Runs the tasks, then the `always` tasks of a stopped run.
    fn run_tasks(&mut self, roots: Vec<TaskId>) {
        self.take_pending();
        self.run_phase(roots, self.settings.max_fail.unwrap_or_default());
        self.pause_cleaning();
        let postponed = self.take_postponed();
        if !postponed.is_empty() {
            self.begin_cleaning();
            self.stop_at_limit(None, self.now());
            self.run_phase(postponed, MaxFail::ALL);
            self.pause_cleaning();
        }
        if !self.table.plan.teardowns.is_empty() {
            self.begin_cleaning();
        }
        self.take_pending();
        // No task needs worker processes any more, and teardowns may remove what those use.
        drop((std::mem::take(&mut self.hosts), std::mem::take(&mut self.guard)));
    }

    /// Ends the tasks whose outcomes are known before the run, and returns the tasks that can start.
    fn begin(&mut self) -> Vec<TaskId> {
        let table = Arc::clone(&self.table);
        let (graph, known) = (table.plan.graph(), table.presets());
        known.iter().for_each(|(task, _)| table.drop_closure(*task));
        let (mut roots, mut ended) = (Vec::new(), Vec::new());
        table.machine.begin(graph, known, |step| match step {
            Step::Ready(task) => roots.push(task),
            Step::Ended(task, outcome) => ended.push((task, outcome)),
            Step::Abandoned(_) => {}
        });
        self.ended_before = ended.len();
        ended.into_iter().for_each(|(task, outcome)| self.end(task, outcome));
        for &task in &roots {
            self.events.send(|| Event::Ready { task });
        }
        roots
    }

    /// Runs the ready tasks and all that become ready.
    fn run_phase(&mut self, roots: Vec<TaskId>, max_fail: MaxFail) {
        let machine = &self.table.machine;
        // To look at every task takes as long as to run some of them.
        let remaining = match self.stopped {
            None if !machine.is_stopping() => self.table.plan.graph().len() - self.ended_before,
            _ => machine.unended(),
        };
        if remaining == 0 {
            return;
        }
        match self.start(roots, remaining, max_fail) {
            Ok(mut phase) => {
                self.listen(&mut phase);
                self.leave(phase);
            }
            Err(error) => self.end_all(None, &format!("no threads could be started: {error}")),
        }
    }

    /// Waits until the loops have left.
    fn leave(&mut self, phase: Phase) {
        phase.close();
        let deadline = Instant::now() + EXIT_TIMEOUT;
        while phase.run.loops.are_open() {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.notes.recv_timeout(left) {
                Ok(Note::Stop(stop)) => self.stop(None, stop),
                Ok(_) => {}
                Err(_) => {
                    let what = "a worker still drops the late result of a cancelled task";
                    self.warnings.push(what.to_owned().into());
                    break;
                }
            }
        }
        self.abandoned.tasks.extend(phase.end());
    }

    /// Takes notes until every task of the phase has ended.
    fn listen(&mut self, phase: &mut Phase) {
        // Many runs take less time than waking this thread at their end.
        let mut early = look_for(LOOK, || self.notes.try_recv().ok());
        loop {
            match early.take().or_else(|| self.next_note(phase.clock.due())) {
                Some(Note::Stop(stop)) => self.stop(Some(phase), stop),
                Some(Note::Alarm(at)) => phase.clock.look_at(at),
                Some(Note::Later { task, at }) => phase.clock.keep(task, at),
                Some(Note::AllEnded) => return,
                Some(Note::Left) | None => {}
            }
            // After each note, so that neither notes nor what is due keep the other waiting.
            if phase.is_due() {
                self.on_time(phase);
            }
        }
    }

    /// Waits for the next note; `None` when none has come by this time.
    pub(super) fn next_note(&self, by: Option<u64>) -> Option<Note> {
        let Some(by) = by else { return self.notes.recv().ok() };
        let left = Duration::from_nanos(by.saturating_sub(self.now()));
        self.notes.recv_timeout(left).ok()
    }

    /// Nanoseconds since the start of the run.
    pub(super) fn now(&self) -> u64 {
        nanos(self.epoch.elapsed())
    }

    /// The period of events about slow attempts, in nanoseconds, if an observer gets them.
    pub(super) fn slow_period(&self) -> Option<u64> {
        let period = self.settings.slow.filter(|_| self.events.are_observed())?;
        Some(nanos(period.max(SHORTEST_PERIOD)))
    }

    /// Takes the notes that have arrived, without waiting.
    pub(super) fn take_pending(&mut self) {
        while let Ok(note) = self.notes.try_recv() {
            if let Note::Stop(stop) = note {
                self.stop(None, stop);
            }
        }
    }

    /// Reports a task that ended without its worker, and frees the results that only it needed.
    pub(super) fn end(&self, task: TaskId, outcome: Outcome) {
        self.table.release_results_elsewhere(task);
        self.events.send(|| self.table.finished(task, outcome, self.now()).into());
    }
}
