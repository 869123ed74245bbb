//! The one type that runs everything, whether tasks come from attributes or are added by hand.

mod add;
mod builder;
mod callbacks;
mod planned;
mod running;
mod settings;

pub use builder::TaskBuilder;
pub use callbacks::{RunStart, TaskDone};
pub use planned::PlannedRunner;
use planned::RunConfig;
pub use running::{Progress, Running};

use crate::engine::{Canceller, Observer};
use crate::logged::Logged;
use crate::names::Home;
use crate::plan::Draft;
use crate::problem::PlanError;
use crate::report::Report;
use crate::settings::{Layers, Settings};

/// Runs tasks that depend on each other.
///
/// `concurra::registered!()` makes one with the annotated functions of a crate.
///
/// Some settings exist for a run and for a task: retries, backoff, timeout, isolation. The one of a task,
/// in `#[task(..)]` or from its [`TaskBuilder`], wins over the one of its runner. The command line of a
/// binary with `concurra::main!()` wins over both. [`Retries::Never`](crate::Retries::Never) wins over
/// everything.
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
#[derive(Default)]
pub struct Runner {
    draft: Draft,
    secret_params: Vec<String>,
    /// Settings that win over those of tasks.
    overrides: Settings,
    config: RunConfig,
}

/// A runner with the annotated tasks and hooks of a crate, and of the libraries that it includes by
/// `link!`.
#[doc(hidden)]
#[must_use]
pub fn registered_in(home: Home) -> Runner {
    Runner { draft: Draft::registered(home, false), ..Runner::new() }
}

/// A runner with the annotated tasks and hooks of every crate. Names are those that `home` sees.
#[doc(hidden)]
#[must_use]
pub fn registered_anywhere(home: Home) -> Runner {
    Runner { draft: Draft::registered(home, true), ..Runner::new() }
}

impl Runner {
    /// A runner without tasks. Its run is good, with an empty report, if none is added.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a receiver of every event.
    #[doc(hidden)]
    #[must_use]
    pub fn observe(mut self, observer: Box<dyn Observer>) -> Self {
        self.config.observers.push(observer);
        self
    }

    /// A handle that stops the run from any thread.
    #[must_use]
    pub fn canceller(&self) -> Canceller {
        self.config.notes.canceller.clone()
    }

    /// Checks the whole plan; nothing runs.
    ///
    /// # Errors
    /// All problems of the plan.
    pub fn plan(self) -> Result<PlannedRunner, PlanError> {
        let Self { mut draft, secret_params, overrides, mut config } = self;
        let layers = Layers { over: overrides, under: config.settings };
        config.settings = layers.merged();
        if config.settings.workers == Some(0) {
            config.warnings.push("0 workers would run nothing: the run has 1".to_owned().into());
        }
        config.observers.extend(config.callbacks.drain(..).map(|(_, callback)| callback));
        let logged = Logged::wanted(&config.settings);
        config.observers.extend(logged.map(|logged| Box::new(logged) as _));
        let secrets = secret_params.iter().filter_map(|name| config.state.params().get(name));
        draft.secrets.extend(secrets.map(String::as_str));
        let plan = draft.plan(&layers)?;
        config.warnings.extend(plan.harmless().iter().map(|problem| problem.to_string().into()));
        Ok(PlannedRunner { plan, config })
    }

    /// Runs the tasks and waits for them.
    ///
    /// # Errors
    /// The plan is wrong; nothing ran. A failed task is not an error here: see
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
    /// The plan is wrong; nothing ran.
    ///
    /// # Panics
    /// The system cannot start a thread.
    pub fn start(self) -> Result<Running, PlanError> {
        self.plan().map(PlannedRunner::start)
    }
}

impl std::fmt::Debug for Runner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Runner").field("tasks", &self.draft.tasks.len()).finish_non_exhaustive()
    }
}
