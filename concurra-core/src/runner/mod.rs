//! The one type that runs everything, whether tasks come from attributes or are added by hand.

mod builder;
mod planned;

use std::num::NonZeroUsize;
use std::panic::Location;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

pub use builder::TaskBuilder;
pub use planned::PlannedRunner;

use crate::callbacks::{Callbacks, OnRunDone, RunStart, TaskDone};
use crate::catalog::Catalog;
use crate::context::Context;
use crate::engine::{Around, Canceller, Notes, Observer, Settings};
use crate::names::Home;
use crate::plan::{Draft, PlannedTask};
use crate::problem::PlanError;
use crate::report::Report;
use crate::selection::Selection;
use crate::state::State;
use crate::task::{Body, ClosureBody, Task};
use crate::value::Output;

/// Runs tasks that depend on each other.
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
    workers: Option<usize>,
    max_fail: Option<NonZeroUsize>,
    run_dependents: bool,
    grace: Duration,
    state: Arc<State>,
    callbacks: Callbacks,
    run_done: Option<Box<OnRunDone>>,
    observers: Vec<Box<dyn Observer>>,
    around: Option<Arc<dyn Around>>,
    notes: Notes,
}

/// How long a body that was given up may go on before the run ends without it.
const GRACE: Duration = Duration::from_secs(5);

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
            workers: None,
            max_fail: None,
            run_dependents: false,
            grace: GRACE,
            state: Arc::default(),
            callbacks: Callbacks::default(),
            run_done: None,
            observers: Vec::new(),
            around: None,
            notes: Notes::default(),
        }
    }

    /// A runner with the annotated tasks and hooks of the calling file's crate and of crates taken
    /// in by `link!`; with those of all crates of the binary when the calling file has no task.
    #[must_use]
    #[track_caller]
    pub fn registered() -> Self {
        let file = Location::caller().file();
        let home = crate::registry::tasks().find(|def| def.place.file == file).map(|def| Home {
            krate: def.module.split("::").next().unwrap_or(def.module),
            target: def.target,
            hidden: None,
        });
        Self::registered_at(home)
    }

    /// A runner with the annotated tasks and hooks that a crate sees as its own.
    #[doc(hidden)]
    #[must_use]
    pub fn registered_at(home: Option<Home>) -> Self {
        let Catalog { tasks, bodies, own, setups, teardowns, problems } =
            Catalog::read(home.as_ref());
        let draft =
            Draft { tasks, bodies, own, home, setups, teardowns, problems, ..Draft::default() };
        Self { draft, ..Self::new() }
    }

    /// How many tasks run at once; 0 becomes 1. The default is the number of cores.
    #[must_use]
    pub const fn workers(mut self, workers: usize) -> Self {
        self.workers = Some(workers);
        self
    }

    /// Chooses among the tasks.
    #[must_use]
    pub fn select(mut self, selection: Selection) -> Self {
        self.draft.selection = selection;
        self
    }

    /// Gives a task's result from outside: it is not run. `None` stands for a result of `()`.
    #[must_use]
    pub fn mock(mut self, task: impl Into<String>, result: Option<&str>) -> Self {
        self.draft.mocks.push((task.into(), result.map(ToOwned::to_owned)));
        self
    }

    /// Stops at the first failure.
    #[must_use]
    pub const fn fail_fast(self, yes: bool) -> Self {
        self.max_fail(if yes { NonZeroUsize::new(1) } else { None })
    }

    /// Stops when that many tasks have failed; `None` never does.
    #[must_use]
    pub const fn max_fail(mut self, most: Option<NonZeroUsize>) -> Self {
        self.max_fail = most;
        self
    }

    /// Runs tasks whose dependencies did not pass, instead of skipping them.
    #[must_use]
    pub const fn run_dependents(mut self, yes: bool) -> Self {
        self.run_dependents = yes;
        self
    }

    /// How long bodies that were given up may go on before teardown; 5 s by default.
    #[must_use]
    pub const fn grace(mut self, grace: Duration) -> Self {
        self.grace = grace;
        self
    }

    /// What the tasks share; an empty state by default.
    #[must_use]
    pub fn state(mut self, state: impl Into<Arc<State>>) -> Self {
        self.state = state.into();
        self
    }

    /// Adds a closure under a name.
    pub fn add<R>(
        &mut self,
        name: impl Into<String>,
        mut body: impl FnMut() -> R + Send + 'static,
    ) -> TaskBuilder<'_>
    where
        R: Output + Send + Sync,
    {
        self.push(name.into(), Box::new(move |_| body().into_completion()))
    }

    /// Adds a closure that receives the state.
    pub fn add_with_state<R>(
        &mut self,
        name: impl Into<String>,
        mut body: impl FnMut(&State) -> R + Send + 'static,
    ) -> TaskBuilder<'_>
    where
        R: Output + Send + Sync,
    {
        let call = move |context: &Context<'_>| body(context.state()).into_completion();
        self.push(name.into(), Box::new(call))
    }

    fn push(&mut self, name: String, body: ClosureBody) -> TaskBuilder<'_> {
        self.draft.push(Task::added(name), Body::closure(body), true);
        let last = self.draft.tasks.len() - 1;
        TaskBuilder::new(&mut self.draft.tasks[last])
    }

    /// Is called once before anything runs.
    #[must_use]
    pub fn on_run_start(mut self, call: impl FnMut(&RunStart<'_>) + Send + 'static) -> Self {
        self.callbacks.run_start = Some(Box::new(call));
        self
    }

    /// Is called when a task has nothing left to wait for.
    #[must_use]
    pub fn on_task_start(mut self, call: impl FnMut(&PlannedTask) + Send + 'static) -> Self {
        self.callbacks.task_start = Some(Box::new(call));
        self
    }

    /// Is called when a worker, whose number is given, runs a task.
    #[must_use]
    pub fn on_task_run(mut self, call: impl FnMut(&PlannedTask, usize) + Send + 'static) -> Self {
        self.callbacks.task_run = Some(Box::new(call));
        self
    }

    /// Is called when a task has ended, however it did.
    #[must_use]
    pub fn on_task_done(mut self, call: impl FnMut(&TaskDone<'_>) + Send + 'static) -> Self {
        self.callbacks.task_done = Some(Box::new(call));
        self
    }

    /// Is called once after everything, teardowns included.
    #[must_use]
    pub fn on_run_done(mut self, call: impl FnMut(&Report) + Send + 'static) -> Self {
        self.run_done = Some(Box::new(call));
        self
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
        Canceller(self.notes.sender.clone())
    }

    /// Checks the whole plan; nothing runs.
    ///
    /// # Errors
    /// Everything that is wrong with the plan.
    pub fn plan(self) -> Result<PlannedRunner, PlanError> {
        let workers = match self.workers {
            Some(workers) => NonZeroUsize::new(workers).unwrap_or(NonZeroUsize::MIN),
            None => thread::available_parallelism().unwrap_or(NonZeroUsize::MIN),
        };
        let settings = Settings {
            workers,
            run_dependents: self.run_dependents,
            max_fail: self.max_fail,
            grace: self.grace,
            around: self.around,
        };
        let mut observers = self.observers;
        if !self.callbacks.is_empty() {
            observers.push(Box::new(self.callbacks));
        }
        Ok(PlannedRunner {
            plan: self.draft.plan()?,
            settings,
            state: self.state,
            notes: self.notes,
            observers,
            run_done: self.run_done,
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
}

impl std::fmt::Debug for Runner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Runner").field("tasks", &self.draft.tasks.len()).finish_non_exhaustive()
    }
}
