//! The methods of a runner that add tasks.

use std::ffi::OsString;
use std::marker::PhantomData;
use std::mem;

use super::{Runner, TaskBuilder};
use crate::context::Context;
use crate::process::CommandSpec;
use crate::report::Report;
use crate::state::State;
use crate::task::{Callable, Slot, Task, complete_with};
use crate::value::{Completion, IntoOutput, Output, ResultType, TaskResult, complete};

impl Runner {
    /// Adds a closure under a name. It is called again when it is retried. [`IntoOutput`] describes
    /// what it may return.
    ///
    /// ```
    /// use std::error::Error;
    ///
    /// let mut runner = concurra_core::Runner::new();
    /// runner.add("receive", || "ORD-1001");
    /// runner.add("parse", || -> Result<u32, Box<dyn Error>> { Ok("12".parse()?) });
    /// ```
    #[track_caller]
    pub fn add<R, M: 'static>(
        &mut self,
        name: impl Into<String>,
        body: impl FnMut() -> R + Send + 'static,
    ) -> TaskBuilder<'_>
    where
        R: IntoOutput<M, Value: TaskResult>,
    {
        self.push(name.into(), without_context(body))
    }

    /// Adds a closure whose name is its index, from 0; the builder's `Display` shows the name. The
    /// plan is wrong if another task has that name.
    ///
    /// ```
    /// let mut runner = concurra_core::Runner::new();
    /// assert_eq!(runner.add_unnamed(|| 42).to_string(), "0");
    /// ```
    #[track_caller]
    pub fn add_unnamed<R, M: 'static>(
        &mut self,
        body: impl FnMut() -> R + Send + 'static,
    ) -> TaskBuilder<'_>
    where
        R: IntoOutput<M, Value: TaskResult>,
    {
        let index = self.draft.tasks.len();
        self.push(index.to_string(), without_context(body))
    }

    /// Adds many closures; the builder's options apply to each.
    ///
    /// ```
    /// let mut runner = concurra_core::Runner::new();
    /// runner.add("load", || ());
    /// runner.add_all((0..100).map(|part| (format!("part {part}"), move || part))).after(["load"]);
    /// ```
    #[track_caller]
    pub fn add_all<N, F, R, M: 'static>(
        &mut self,
        tasks: impl IntoIterator<Item = (N, F)>,
    ) -> TaskBuilder<'_>
    where
        N: Into<String>,
        F: FnMut() -> R + Send + 'static,
        R: IntoOutput<M, Value: TaskResult>,
    {
        let first = self.draft.tasks.len();
        let tasks = tasks.into_iter();
        self.draft.reserve(tasks.size_hint().0);
        for (name, body) in tasks {
            self.draft.push(Task::added(name.into()), without_context(body));
        }
        TaskBuilder { draft: &mut self.draft, first }
    }

    /// Adds a closure that receives the state.
    #[track_caller]
    pub fn add_with_state<R, M: 'static>(
        &mut self,
        name: impl Into<String>,
        mut body: impl FnMut(&State) -> R + Send + 'static,
    ) -> TaskBuilder<'_>
    where
        R: IntoOutput<M, Value: TaskResult>,
    {
        let body = move |context: &Context<'_>| body(context.state());
        self.push(name.into(), Slot::calling(Closure(body, PhantomData)))
    }

    /// Adds a command: a program and its arguments, as they are, without a shell. Its result is a
    /// [`CommandOutput`](crate::CommandOutput), also when it fails.
    ///
    /// It runs in its own process group, without input, and is over when it exits. A timeout or a stop
    /// ends every process of the group. A process that leaves the group on purpose, as a daemon does by
    /// `setsid`, goes on.
    ///
    /// It may leave processes in the background, such as a server, which then go on. Redirect their
    /// output, as in `server >server.log 2>&1 &`. Otherwise the task ends with a warning, once nothing
    /// came out for 200 ms, but no later than 2 s after the exit or at the task's timeout. Of what such
    /// a process writes later nothing is read, and writing may end the process.
    ///
    /// ```
    /// use concurra_core::{CommandOutput, Runner};
    ///
    /// let mut runner = Runner::new();
    /// runner.command("greet", ["echo", "hello"]);
    /// let report = runner.run().unwrap();
    /// assert_eq!(report["greet"].result::<CommandOutput>().unwrap().stdout.as_str(), "hello\n");
    /// ```
    #[track_caller]
    pub fn command<W: Into<OsString>>(
        &mut self,
        name: impl Into<String>,
        words: impl IntoIterator<Item = W>,
    ) -> TaskBuilder<'_> {
        self.push(name.into(), Slot::command(CommandSpec::exec(words)))
    }

    /// Adds a command line that `/bin/sh` runs; otherwise as [`command`](Self::command).
    ///
    /// ```
    /// let mut runner = concurra_core::Runner::new();
    /// runner.shell("errors", "cat *.log | grep ERROR").current_dir("logs");
    /// ```
    #[track_caller]
    pub fn shell(&mut self, name: impl Into<String>, line: impl Into<String>) -> TaskBuilder<'_> {
        self.push(name.into(), Slot::command(CommandSpec::shell(line)))
    }

    #[track_caller]
    fn push(&mut self, name: String, slot: Slot) -> TaskBuilder<'_> {
        let first = self.draft.tasks.len();
        self.draft.push(Task::added(name), slot);
        TaskBuilder { draft: &mut self.draft, first }
    }
}

fn without_context<R, M: 'static>(mut body: impl FnMut() -> R + Send + 'static) -> Slot
where
    R: IntoOutput<M, Value: TaskResult>,
{
    Slot::calling(Closure(move |_: &Context<'_>| body(), PhantomData))
}

/// A user's closure.
struct Closure<F, M>(F, PhantomData<fn() -> M>);

impl<F, R, M> Callable for Closure<F, M>
where
    F: FnMut(&Context<'_>) -> R + Send,
    R: IntoOutput<M, Value: TaskResult>,
{
    fn call(&mut self, context: &Context<'_>, completion: &mut Completion) {
        complete_with(completion, complete((self.0)(context).into_output()));
    }

    fn result_type(&self) -> Option<ResultType> {
        Some(ResultType::of::<R::Value>())
    }

    fn needs_drop(&self) -> bool {
        mem::needs_drop::<F>()
    }
}

/// A task may run a runner and return its report.
///
/// ```
/// use concurra_core::{Report, Runner};
///
/// let mut runner = Runner::new();
/// runner.add("inner", || {
///     let mut inner = Runner::new();
///     inner.add("answer", || 42);
///     inner.run().expect("a plan")
/// });
/// let report = runner.run().expect("a plan");
/// assert_eq!(report["inner"].result::<Report>().unwrap().tasks().len(), 1);
/// ```
impl Output for Report {}
