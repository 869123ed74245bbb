//! A runner with a checked plan.

use std::borrow::Cow;
use std::sync::{Arc, Mutex};
use std::thread;

use super::Running;
use super::callbacks::OnRunDone;
use super::running::Shared;
use crate::engine::{Around, Job, Notes, Observer, Table, Warning, conduct};
use crate::failure::{self, Discarded};
use crate::plan::Plan;
use crate::report::Report;
use crate::settings::Settings;
use crate::signals;
use crate::state::State;
use crate::sync::lock;

/// A runner with a checked plan.
pub struct PlannedRunner {
    pub(super) plan: Plan,
    pub(super) config: RunConfig,
}

/// How a plan is run.
#[derive(Default)]
pub(super) struct RunConfig {
    pub(super) settings: Settings,
    pub(super) around: Option<Arc<dyn Around>>,
    pub(super) state: Arc<State>,
    pub(super) notes: Notes,
    pub(super) observers: Vec<Box<dyn Observer>>,
    /// By their kind.
    pub(super) callbacks: Vec<(&'static str, Box<dyn Observer>)>,
    pub(super) run_done: Option<Box<OnRunDone>>,
    pub(super) warnings: Vec<Warning>,
}

impl PlannedRunner {
    /// The checked plan.
    #[must_use]
    pub const fn plan(&self) -> &Plan {
        &self.plan
    }

    /// How many tasks run at once.
    #[must_use]
    pub fn workers(&self) -> usize {
        self.config.settings.workers().get()
    }

    /// The number of worker indices: as many as workers, but no more than the tasks need.
    #[doc(hidden)]
    #[must_use]
    pub fn width(&self) -> usize {
        self.config.settings.width(self.plan.tasks().len())
    }

    /// The text with `***` in place of every secret that is known before the run.
    #[doc(hidden)]
    #[must_use]
    pub fn mask<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.plan.secrets.mask(text)
    }

    /// Adds a receiver of every event.
    #[doc(hidden)]
    pub fn observe(&mut self, observer: Box<dyn Observer>) {
        self.config.observers.push(observer);
    }

    /// Wraps every body, on its worker's thread.
    #[doc(hidden)]
    pub fn around(&mut self, around: Arc<dyn Around>) {
        self.config.around = Some(around);
    }

    /// Runs the tasks and waits for them.
    #[must_use]
    pub fn run(self) -> Report {
        let table = self.config.table(self.plan);
        self.config.run(table)
    }

    /// Runs the tasks in the background.
    ///
    /// # Panics
    /// The system cannot start a thread.
    pub fn start(self) -> Running {
        let Self { plan, config } = self;
        let canceller = config.notes.canceller.clone();
        let table = config.table(plan);
        let named = thread::Builder::new().name("concurra".to_owned());
        let shared = Arc::new(Shared { table: Arc::clone(&table), report: Mutex::default() });
        let (run, shared) = (Arc::clone(&shared), Discarded::new(shared));
        let thread = named.spawn(move || {
            let run = Discarded::new(run);
            let report = config.run(table);
            *lock(&run.report) = Some(report);
        });
        Running { thread: thread.expect("a thread for the scheduler"), shared, canceller }
    }
}

impl RunConfig {
    /// The records of the run, which others may read while it runs.
    fn table(&self, plan: Plan) -> Arc<Table> {
        let table = Arc::new(Table::new(plan, &self.settings));
        self.notes.canceller.reach(&table);
        table
    }

    fn run(self, table: Arc<Table>) -> Report {
        let Self { settings, around, state, notes, observers, run_done, mut warnings, .. } = self;
        let mut held = observers;
        let handled = Settings::is_set(settings.handle_signals)
            .then(|| signals::handle(notes.canceller.clone()));
        if let Some(Err(error)) = &handled {
            warnings.push(format!("signals do not stop the run: {error}").into());
        }
        let name = settings.name.clone();
        let (state, observers, settings) = (&state, &mut held[..], Arc::new(settings));
        let job = Job { table, settings, around, state, notes, observers, warnings };
        let conducted = conduct(job);
        let mut report = Report::new(conducted, Arc::clone(state), name);
        drop(handled);
        let mut panics = Vec::new();
        if let Some(mut call) = run_done {
            panics.extend(failure::panic_of(|| call(&report)));
            panics.extend(failure::panic_of(|| drop(call)));
        }
        // What callbacks hold is a user's.
        let held = held.into_iter();
        panics.extend(held.filter_map(|observer| failure::panic_of(|| drop(observer))));
        for failure in panics {
            report.warn(Warning::Callback { failure, times: 1 });
        }
        report
    }
}

impl std::fmt::Debug for PlannedRunner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PlannedRunner")
            .field("tasks", &self.plan.tasks().len())
            .finish_non_exhaustive()
    }
}
