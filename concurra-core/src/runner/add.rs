//! How tasks come to a runner.

use std::ffi::OsString;

use super::{Runner, TaskBuilder};
use crate::context::Context;
use crate::process::CommandSpec;
use crate::state::State;
use crate::task::{Body, ClosureBody, Task};
use crate::value::Output;

impl Runner {
    /// Adds a closure under a name. It is called again when it is retried.
    ///
    /// ```
    /// let mut runner = concurra_core::Runner::new();
    /// runner.add("receive", || "ORD-1001");
    /// ```
    pub fn add<R>(
        &mut self,
        name: impl Into<String>,
        body: impl FnMut() -> R + Send + 'static,
    ) -> TaskBuilder<'_>
    where
        R: Output + Send + Sync,
    {
        self.push(name.into(), closure(body))
    }

    /// Adds a closure without a name: its name is its index, from 0. The builder shows it. A plan in
    /// which another task was given that very name is wrong.
    ///
    /// ```
    /// let mut runner = concurra_core::Runner::new();
    /// assert_eq!(runner.add_unnamed(|| 42).to_string(), "0");
    /// ```
    pub fn add_unnamed<R>(&mut self, body: impl FnMut() -> R + Send + 'static) -> TaskBuilder<'_>
    where
        R: Output + Send + Sync,
    {
        let index = self.draft.tasks.len();
        self.push(index.to_string(), closure(body))
    }

    /// Adds many closures; what is said to the builder is said of each.
    ///
    /// ```
    /// let mut runner = concurra_core::Runner::new();
    /// runner.add("load", || ());
    /// runner.add_all((0..100).map(|part| (format!("part {part}"), move || part))).after(["load"]);
    /// ```
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
            self.draft.push(Task::added(name.into()), Body::closure(closure(body)), true);
        }
        TaskBuilder::of(&mut self.draft, first)
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

    /// Adds a command: a program and its arguments, as they are, without a shell. Its result is a
    /// [`CommandOutput`](crate::CommandOutput), also when it fails.
    ///
    /// It runs in a process group of its own with no input; a timeout or a stop ends everything in
    /// that group. It is over when its process has ended and everything that writes to its output
    /// has closed it: redirect the output of what it leaves in the background.
    ///
    /// ```
    /// use concurra_core::{CommandOutput, Runner};
    ///
    /// let mut runner = Runner::new();
    /// runner.command("greet", ["echo", "hello"]);
    /// let report = runner.run().unwrap();
    /// assert_eq!(report["greet"].result::<CommandOutput>().unwrap().stdout.as_str(), "hello\n");
    /// ```
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
    pub fn shell(&mut self, name: impl Into<String>, line: impl Into<String>) -> TaskBuilder<'_> {
        self.push_command(name.into(), CommandSpec::shell(line))
    }

    fn push_command(&mut self, name: String, spec: CommandSpec) -> TaskBuilder<'_> {
        let first = self.draft.tasks.len();
        self.draft.push(Task::added(name), Body::command(spec), true);
        TaskBuilder::of(&mut self.draft, first)
    }

    fn push(&mut self, name: String, body: ClosureBody) -> TaskBuilder<'_> {
        let first = self.draft.tasks.len();
        self.draft.push(Task::added(name), Body::closure(body), true);
        TaskBuilder::of(&mut self.draft, first)
    }
}

fn closure<R: Output + Send + Sync>(mut body: impl FnMut() -> R + Send + 'static) -> ClosureBody {
    Box::new(move |_| body().into_completion())
}
