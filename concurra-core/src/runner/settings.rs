//! What holds for a whole run.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use super::Runner;
use crate::policy::Backoff;
use crate::selection::Selection;
use crate::state::State;

impl Runner {
    /// What the run is called in its report and its log.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.settings.name = Some(name.into());
        self
    }

    /// Logs every tenth of the tasks through `tracing`, at the level `INFO`.
    #[must_use]
    pub const fn progress(mut self, yes: bool) -> Self {
        self.logged.progress = yes;
        self
    }

    /// Logs every failed attempt through `tracing` when it fails: as a warning when the task is tried
    /// again, otherwise as an error.
    #[must_use]
    pub const fn log_errors(mut self, yes: bool) -> Self {
        self.logged.errors = yes;
        self
    }

    /// Parameters whose values appear as `***` wherever a task's failure, output or record has them.
    #[must_use]
    pub fn secret_params<N: Into<String>>(mut self, names: impl IntoIterator<Item = N>) -> Self {
        self.secret_params.extend(names.into_iter().map(Into::into));
        self
    }

    /// Whether SIGINT and SIGTERM stop the run: running tasks may finish, commands are asked to end
    /// and killed after the grace, teardowns run. A second signal ends the process at once. Without
    /// it a signal ends the process as always, and what its commands and worker processes are at ends
    /// with it.
    ///
    /// After the run a signal does again what it did before the first run of this kind. A handler of
    /// the program's own is called during the run as well, and is all there is after it; it has to be
    /// installed before that first run, as later ones cannot be seen and the signal then ends the
    /// process in spite of them. Handlers are seen on Linux only.
    #[must_use]
    pub const fn handle_signals(mut self, yes: bool) -> Self {
        self.handle_signals = yes;
        self
    }

    /// How many tasks run at once; 0 becomes 1, with a warning. The default is the number of cores.
    #[must_use]
    pub const fn workers(mut self, workers: usize) -> Self {
        self.workers = Some(workers);
        self
    }

    /// Chooses among the tasks, those that were added included; what a chosen one needs comes along.
    ///
    /// ```
    /// use concurra_core::{Runner, Selection};
    ///
    /// let mut only_slow = Selection::default();
    /// only_slow.tags = vec!["slow".to_owned()];
    /// let mut runner = Runner::new().select(only_slow);
    /// runner.add("load", || ());
    /// runner.add("import", || ()).after(["load"]).tags(["slow"]);
    /// runner.add("other", || ());
    /// assert_eq!(runner.run().unwrap().tasks().len(), 2);
    /// ```
    #[must_use]
    pub fn select(mut self, selection: Selection) -> Self {
        self.draft.selection = selection;
        self
    }

    /// Gives a task's result from outside: it is not run. `None` stands for a result of `()`.
    ///
    /// The text is read as the type that the task returns: JSON of it, else the text itself. That of
    /// a command is its standard output, of a command that ended well. What cannot be read, or for
    /// whose type nobody knows how, is told with everything else that is wrong with the plan.
    #[must_use]
    pub fn mock(mut self, task: impl Into<String>, result: Option<&str>) -> Self {
        self.draft.mocks.push((task.into(), result.map(ToOwned::to_owned)));
        self
    }

    /// Stops at the first failure, as `max_fail` of 1 does; `false` takes away any such limit.
    #[must_use]
    pub fn fail_fast(self, yes: bool) -> Self {
        self.max_fail(usize::from(yes))
    }

    /// Stops when that many tasks have failed; zero never does.
    #[must_use]
    pub const fn max_fail(mut self, most: usize) -> Self {
        self.settings.max_fail = NonZeroUsize::new(most);
        self
    }

    /// Runs tasks whose dependencies did not pass, instead of skipping them.
    #[must_use]
    pub const fn run_dependents(mut self, yes: bool) -> Self {
        self.run_dependents = yes;
        self
    }

    /// Between asking processes to end and killing them, and how long bodies that were given up
    /// may go on before teardown; 5 s by default.
    #[must_use]
    pub const fn grace(mut self, grace: Duration) -> Self {
        self.settings.grace = grace;
        self
    }

    /// How often tasks that say nothing of it are tried again when they fail; never by default.
    #[must_use]
    pub const fn retries(mut self, retries: u32) -> Self {
        self.draft.defaults.retries = Some(retries);
        self
    }

    /// How long tasks that say nothing of it wait before they are tried again: a [`Duration`] or a
    /// [`Backoff`].
    #[must_use]
    pub fn backoff(mut self, backoff: impl Into<Backoff>) -> Self {
        self.draft.defaults.backoff = Some(backoff.into());
        self
    }

    /// How long each attempt of tasks that say nothing of it may take, from its start. Zero stands
    /// for as long as it likes.
    ///
    /// What runs on a thread cannot be ended: its task is `timed_out` at once and another thread
    /// takes over, whose parallel iterators use rayon's global pool; what it returns later is thrown
    /// away. See [`is_cancelled`](crate::is_cancelled).
    #[must_use]
    pub const fn timeout(mut self, timeout: Duration) -> Self {
        self.draft.defaults.timeout = Some(timeout);
        self
    }

    /// How long the whole run may take; then running tasks are given up and the rest is cancelled.
    /// What runs [`always`](super::TaskBuilder::always) still does, each task for as long as its own
    /// timeout lets it; so do setups and teardowns, which have no limit. Zero stands for as long as
    /// it likes.
    #[must_use]
    pub const fn run_timeout(mut self, timeout: Duration) -> Self {
        self.settings.run_timeout = if timeout.is_zero() { None } else { Some(timeout) };
        self
    }

    /// Tries tasks again also when they timed out. A closure that still runs cannot be.
    #[must_use]
    pub const fn retry_timeouts(mut self, yes: bool) -> Self {
        self.settings.retry_timeouts = yes;
        self
    }

    /// Whether a task that passed only after a retry counts as failed.
    #[must_use]
    pub const fn flaky_fails(mut self, yes: bool) -> Self {
        self.settings.flaky_fails = yes;
        self
    }

    /// Runs tasks that say nothing of it in worker processes of this program: each can be killed and
    /// may crash alone. Annotated functions can, whose results serde writes and reads; see
    /// [`worker_process`](crate::worker_process). Commands are processes anyway.
    ///
    /// A process that a task ended well runs the next one: a thread that the task left behind goes on
    /// there, its working directory and environment stay, and what it started ends with the process
    /// when that is killed. What crosses over is JSON: what serde writes as `null`, such as a NaN
    /// within a struct, comes back as that.
    #[must_use]
    pub const fn isolate(mut self, yes: bool) -> Self {
        self.draft.isolate = yes;
        self
    }

    /// Runs what cannot run in a worker process in a thread, with a warning; it fails otherwise. What
    /// is found out only while the task runs fails all the same, as nothing is run twice: a result
    /// that serde refuses to write, or one of another task that is read and cannot be sent.
    #[must_use]
    pub const fn fallback_to_thread(mut self, yes: bool) -> Self {
        self.settings.fallback_to_thread = yes;
        self
    }

    /// After how long observers are told that a task is slow, and again each time.
    #[doc(hidden)]
    #[must_use]
    pub const fn slow(mut self, period: Duration) -> Self {
        self.settings.slow = Some(period);
        self
    }

    /// Whether the report has every result, as by default; otherwise each is freed when the last of
    /// its dependents has ended, and only those of tasks without dependents stay.
    #[must_use]
    pub const fn keep_results(mut self, yes: bool) -> Self {
        self.keep_results = yes;
        self
    }

    /// What the tasks share; an empty state by default.
    ///
    /// A state knows the results of one run, the last that began with it: runs side by side, or one
    /// inside another, each have a state of their own.
    #[must_use]
    pub fn state(mut self, state: impl Into<Arc<State>>) -> Self {
        self.state = state.into();
        self
    }
}
