//! A runner whose plan was checked.

use std::borrow::Cow;
use std::sync::Arc;
use std::thread;

use super::Running;
use super::callbacks::OnRunDone;
use crate::engine::{Around, Job, Notes, Observer, Table, Warning, conduct};
use crate::failure;
use crate::plan::Plan;
use crate::report::Report;
use crate::settings::Settings;
use crate::signals;
use crate::state::State;

/// A runner whose plan was checked.
pub struct PlannedRunner {
    pub(super) plan: Plan,
    pub(super) settings: Settings,
    pub(super) around: Option<Arc<dyn Around>>,
    pub(super) state: Arc<State>,
    pub(super) notes: Notes,
    pub(super) observers: Vec<Box<dyn Observer>>,
    pub(super) run_done: Option<Box<OnRunDone>>,
    pub(super) warnings: Vec<String>,
}

/// A run whose records are there already, as somebody may look at them while it runs.
pub(super) struct Ready {
    table: Arc<Table>,
    settings: Arc<Settings>,
    around: Option<Arc<dyn Around>>,
    state: Arc<State>,
    notes: Notes,
    observers: Vec<Box<dyn Observer>>,
    run_done: Option<Box<OnRunDone>>,
    warnings: Vec<String>,
}

impl PlannedRunner {
    /// What will run.
    #[must_use]
    pub const fn plan(&self) -> &Plan {
        &self.plan
    }

    /// How many tasks run at once.
    #[must_use]
    pub fn workers(&self) -> usize {
        self.settings.workers().get()
    }

    /// The number of worker indices: that of workers, but no more than a run of so many tasks needs.
    #[doc(hidden)]
    #[must_use]
    pub fn width(&self) -> usize {
        self.settings.width(self.plan.tasks().len())
    }

    /// The text with `***` in place of everything that is known to be secret before the run.
    #[doc(hidden)]
    #[must_use]
    pub fn mask<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.plan.secrets.mask(text)
    }

    /// Adds a receiver of every event.
    #[doc(hidden)]
    pub fn observe(&mut self, observer: Box<dyn Observer>) {
        self.observers.push(observer);
    }

    /// Wraps every body, on its worker's thread.
    #[doc(hidden)]
    pub fn around(&mut self, around: Arc<dyn Around>) {
        self.around = Some(around);
    }

    /// Runs the tasks and waits for them.
    #[must_use]
    pub fn run(self) -> Report {
        self.ready().run()
    }

    /// Runs the tasks in the background.
    ///
    /// # Panics
    /// The system has no thread left.
    pub fn start(self) -> Running {
        let canceller = self.notes.canceller.clone();
        let ready = self.ready();
        let table = Arc::clone(&ready.table);
        let named = thread::Builder::new().name("concurra".to_owned());
        let thread = named.spawn(move || ready.run()).expect("a thread for the scheduler");
        Running::new(thread, table, canceller)
    }

    fn ready(self) -> Ready {
        let table = Arc::new(Table::new(self.plan, &self.settings));
        self.notes.canceller.reach(&table);
        Ready {
            table,
            settings: Arc::new(self.settings),
            around: self.around,
            state: self.state,
            notes: self.notes,
            observers: self.observers,
            run_done: self.run_done,
            warnings: self.warnings,
        }
    }
}

impl Ready {
    fn run(self) -> Report {
        let Self { table, settings, around, state, notes, mut observers, run_done, mut warnings } =
            self;
        let handled = Settings::is_set(settings.handle_signals)
            .then(|| signals::handle(notes.canceller.clone()));
        if let Some(Err(error)) = &handled {
            warnings.push(format!("signals do not stop the run: {error}"));
        }
        let warnings = warnings.into_iter().map(Warning::from).collect();
        let (state, observers) = (&state, &mut observers[..]);
        let name = settings.name.clone();
        let job = Job { table, settings, around, state, notes, observers, warnings };
        let conducted = conduct(job);
        let mut report = Report::new(conducted, Arc::clone(state), name);
        drop(handled);
        if let Some(mut call) = run_done {
            let called = failure::guard(|| {
                call(&report);
                Ok(())
            });
            if let Some(failure) = called.err().and_then(|ending| ending.failure()) {
                report.warn(Warning::Callback { failure, times: 1 });
            }
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
