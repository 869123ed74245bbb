//! The one type that runs everything, whether tasks come from attributes or are added by hand.

mod add;
mod builder;
mod callbacks;
mod planned;
mod running;
mod settings;

use std::sync::Arc;

pub use builder::TaskBuilder;
use callbacks::OnRunDone;
pub use callbacks::{RunStart, TaskDone};
pub use planned::PlannedRunner;
pub use running::{Progress, Running};

use crate::catalog::Catalog;
use crate::engine::{Around, Canceller, Notes, Observer};
use crate::logged::Logged;
use crate::names::Home;
use crate::plan::Draft;
use crate::problem::PlanError;
use crate::report::Report;
use crate::settings::Settings;
use crate::state::State;

/// Runs tasks that depend on each other.
///
/// `concurra::registered!()` makes one with the annotated functions of a crate.
///
/// ```
/// use concurra_core::{Runner, State};
///
/// let mut runner = Runner::new().workers(4);
/// runner.add("receive", || 3);
/// runner.add_with_state("pay", |state: &State| state.result::<i32>("receive").map(|n| *n * 2))
///     .after(["receive"]);
/// let report = runner.run()?;
/// assert_eq!(*report["pay"].result::<i32>()?, 6);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Runner {
    draft: Draft,
    settings: Settings,
    around: Option<Arc<dyn Around>>,
    state: Arc<State>,
    secret_params: Vec<String>,
    run_done: Option<Box<OnRunDone>>,
    observers: Vec<Box<dyn Observer>>,
    notes: Notes,
}

/// A runner with the annotated tasks and hooks of a crate and of those that it takes in by `link!`.
#[doc(hidden)]
#[must_use]
pub fn registered_in(home: Home) -> Runner {
    Runner::of_catalog(Catalog::read(&home, false), home)
}

/// A runner with the annotated tasks and hooks of every crate, named as one of them sees them.
#[doc(hidden)]
#[must_use]
pub fn registered_anywhere(home: Home) -> Runner {
    Runner::of_catalog(Catalog::read(&home, true), home)
}

impl Default for Runner {
    fn default() -> Self {
        Self::new()
    }
}

impl Runner {
    /// A runner without tasks.
    #[must_use]
    pub fn new() -> Self {
        Self {
            draft: Draft::default(),
            settings: Settings::new(),
            around: None,
            state: Arc::default(),
            secret_params: Vec::new(),
            run_done: None,
            observers: Vec::new(),
            notes: Notes::default(),
        }
    }

    fn of_catalog(catalog: Catalog, home: Home) -> Self {
        let Catalog { tasks, bodies, own, setups, teardowns, problems } = catalog;
        let home = Some(home);
        let draft =
            Draft { tasks, bodies, own, home, setups, teardowns, problems, ..Draft::default() };
        Self { draft, ..Self::new() }
    }

    /// Adds a receiver of every event.
    #[doc(hidden)]
    #[must_use]
    pub fn observe(mut self, observer: Box<dyn Observer>) -> Self {
        self.observers.push(observer);
        self
    }

    /// Wraps every body, on its worker's thread.
    #[doc(hidden)]
    #[must_use]
    pub fn around(mut self, around: Arc<dyn Around>) -> Self {
        self.around = Some(around);
        self
    }

    /// A handle that stops the run from any thread.
    #[must_use]
    pub fn canceller(&self) -> Canceller {
        self.notes.canceller.clone()
    }

    /// Checks the whole plan; nothing runs.
    ///
    /// # Errors
    /// Everything that is wrong with the plan.
    pub fn plan(self) -> Result<PlannedRunner, PlanError> {
        let Self { settings, mut observers, mut draft, state, .. } = self;
        let mut warnings = Vec::new();
        if settings.workers == Some(0) {
            warnings.push("0 workers would run nothing: the run has 1".to_owned());
        }
        observers.extend(Logged::wanted(&settings, &state).map(|logged| Box::new(logged) as _));
        draft.secrets.extend(self.secret_params.iter().filter_map(|name| state.param(name)));
        Ok(PlannedRunner {
            plan: draft.plan(&settings)?,
            settings,
            around: self.around,
            state,
            notes: self.notes,
            observers,
            run_done: self.run_done,
            warnings,
        })
    }

    /// Runs the tasks and waits for them.
    ///
    /// # Errors
    /// The plan is wrong; nothing was run. A task that fails is no error of the run: see
    /// [`Report::verify`].
    pub fn run(self) -> Result<Report, PlanError> {
        self.plan().map(PlannedRunner::run)
    }

    /// Runs the tasks in the background.
    ///
    /// ```
    /// let mut runner = concurra_core::Runner::new();
    /// runner.add("answer", || 42);
    /// let run = runner.start()?;
    /// let report = run.wait();
    /// assert!(report.is_good());
    /// # Ok::<(), concurra_core::PlanError>(())
    /// ```
    ///
    /// # Errors
    /// The plan is wrong; nothing was run.
    ///
    /// # Panics
    /// The system has no thread left.
    pub fn start(self) -> Result<Running, PlanError> {
        self.plan().map(PlannedRunner::start)
    }
}

impl std::fmt::Debug for Runner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Runner").field("tasks", &self.draft.tasks.len()).finish_non_exhaustive()
    }
}
