//! How tasks come to a runner.

use std::ffi::OsString;
use std::mem;

use super::{Runner, TaskBuilder};
use crate::context::Context;
use crate::process::CommandSpec;
use crate::report::Report;
use crate::state::State;
use crate::task::{Body, Callable, Task};
use crate::value::{Completion, Output, ResultType};

impl Runner {
    /// Adds a closure under a name. It is called again when it is retried.
    ///
    /// ```
    /// let mut runner = concurra_core::Runner::new();
    /// runner.add("receive", || "ORD-1001");
    /// ```
    #[track_caller]
    pub fn add<R>(
        &mut self,
        name: impl Into<String>,
        body: impl FnMut() -> R + Send + 'static,
    ) -> TaskBuilder<'_>
    where
        R: Output + Send + Sync,
    {
        self.push(name.into(), Box::new(Plain(body)))
    }

    /// Adds a closure without a name: its name is its index, from 0. The builder shows it. A plan in
    /// which another task was given that very name is wrong.
    ///
    /// ```
    /// let mut runner = concurra_core::Runner::new();
    /// assert_eq!(runner.add_unnamed(|| 42).to_string(), "0");
    /// ```
    #[track_caller]
    pub fn add_unnamed<R>(&mut self, body: impl FnMut() -> R + Send + 'static) -> TaskBuilder<'_>
    where
        R: Output + Send + Sync,
    {
        let index = self.draft.tasks.len();
        self.push(index.to_string(), Box::new(Plain(body)))
    }

    /// Adds many closures; what is said to the builder is said of each.
    ///
    /// ```
    /// let mut runner = concurra_core::Runner::new();
    /// runner.add("load", || ());
    /// runner.add_all((0..100).map(|part| (format!("part {part}"), move || part))).after(["load"]);
    /// ```
    #[track_caller]
    pub fn add_all<N, F, R>(&mut self, tasks: impl IntoIterator<Item = (N, F)>) -> TaskBuilder<'_>
    where
        N: Into<String>,
        F: FnMut() -> R + Send + 'static,
        R: Output + Send + Sync,
    {
        let first = self.draft.tasks.len();
        let tasks = tasks.into_iter();
        self.draft.reserve(tasks.size_hint().0);
        for (name, body) in tasks {
            self.draft.push(Task::added(name.into()), Body::closure(Box::new(Plain(body))), true);
        }
        TaskBuilder::of(&mut self.draft, first)
    }

    /// Adds a closure that receives the state.
    #[track_caller]
    pub fn add_with_state<R>(
        &mut self,
        name: impl Into<String>,
        body: impl FnMut(&State) -> R + Send + 'static,
    ) -> TaskBuilder<'_>
    where
        R: Output + Send + Sync,
    {
        self.push(name.into(), Box::new(WithState(body)))
    }

    /// Adds a command: a program and its arguments, as they are, without a shell. Its result is a
    /// [`CommandOutput`](crate::CommandOutput), also when it fails.
    ///
    /// It runs in a process group of its own with no input. It is over when its process has ended
    /// and everything that writes to its output has closed it: redirect the output of what it leaves
    /// in the background. A timeout or a stop ends everything in that group. A process that leaves the
    /// group on purpose, as `setsid` lets a daemon do, goes on.
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
        self.push_command(name.into(), CommandSpec::exec(words))
    }

    /// Adds a command line that `/bin/sh` runs; otherwise as [`command`](Self::command).
    ///
    /// ```
    /// let mut runner = concurra_core::Runner::new();
    /// runner.shell("errors", "cat *.log | grep ERROR").current_dir("logs");
    /// ```
    #[track_caller]
    pub fn shell(&mut self, name: impl Into<String>, line: impl Into<String>) -> TaskBuilder<'_> {
        self.push_command(name.into(), CommandSpec::shell(line))
    }

    #[track_caller]
    fn push_command(&mut self, name: String, spec: CommandSpec) -> TaskBuilder<'_> {
        let first = self.draft.tasks.len();
        self.draft.push(Task::added(name), Body::command(spec), true);
        TaskBuilder::of(&mut self.draft, first)
    }

    #[track_caller]
    fn push(&mut self, name: String, body: Box<dyn Callable>) -> TaskBuilder<'_> {
        let first = self.draft.tasks.len();
        self.draft.push(Task::added(name), Body::closure(body), true);
        TaskBuilder::of(&mut self.draft, first)
    }
}

/// A closure that receives nothing.
struct Plain<F>(F);

/// A closure that receives the state.
struct WithState<F>(F);

impl<F, R> Callable for Plain<F>
where
    F: FnMut() -> R + Send,
    R: Output + Send + Sync,
{
    fn call(&mut self, _: &Context<'_>) -> Completion {
        (self.0)().into_completion()
    }

    fn result_type(&self) -> ResultType {
        R::result_type()
    }

    fn needs_drop(&self) -> bool {
        mem::needs_drop::<F>()
    }
}

impl<F, R> Callable for WithState<F>
where
    F: FnMut(&State) -> R + Send,
    R: Output + Send + Sync,
{
    fn call(&mut self, context: &Context<'_>) -> Completion {
        (self.0)(context.state()).into_completion()
    }

    fn result_type(&self) -> ResultType {
        R::result_type()
    }

    fn needs_drop(&self) -> bool {
        mem::needs_drop::<F>()
    }
}

/// A task may run tasks of its own and give back what they came to.
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
