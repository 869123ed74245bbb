//! The options of a task that was just added.

use std::borrow::Cow;
use std::ffi::OsString;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use crate::label;
use crate::plan::{Draft, site};
use crate::policy::{Backoff, Retries};
use crate::problem::Problem;
use crate::process::CommandSpec;
use crate::task::{Options, Task};

/// Sets the options of a task that was just added; need not be kept.
///
/// ```
/// use std::time::Duration;
///
/// let mut runner = concurra_core::Runner::new();
/// runner.add("receive", || ());
/// runner
///     .add("pay", || ())
///     .after(["receive"])
///     .tags(["slow"])
///     .retries(3)
///     .backoff(Duration::from_millis(100))
///     .timeout(Duration::from_secs(2));
/// ```
pub struct TaskBuilder<'r> {
    pub(super) draft: &'r mut Draft,
    /// The first of the tasks that were just added; most often there is one.
    pub(super) first: usize,
}

impl TaskBuilder<'_> {
    fn tasks(&mut self) -> &mut [Task] {
        &mut self.draft.tasks[self.first..]
    }

    fn names(&self) -> Vec<&str> {
        self.draft.tasks[self.first..].iter().map(|task| task.name.as_str()).collect()
    }

    /// Records a problem of each task whose label would not be found.
    fn label(&mut self, what: &'static str, text: &str, advice: Option<&'static str>) {
        let Some(advice) = advice else { return };
        let problem = |task: &Task| {
            let (task, text) = (site(task), text.to_owned());
            Problem::BadLabel { task, what, text, advice }
        };
        self.draft.problems.extend(self.draft.tasks[self.first..].iter().map(problem));
    }

    fn options(mut self, change: impl Fn(&mut Options)) -> Self {
        self.draft.has_options = true;
        self.tasks().iter_mut().for_each(|task| change(task.options_mut()));
        self
    }

    /// Names of tasks that must finish first; the runner may get these tasks later. A name must be whole.
    /// The name of an annotated task is the one in reports, or has its crate's name in front.
    pub fn after<N: Into<String>>(mut self, names: impl IntoIterator<Item = N>) -> Self {
        let names: Vec<_> = names.into_iter().map(|name| Cow::Owned(name.into())).collect();
        self.tasks().iter_mut().for_each(|task| task.after.extend_from_slice(&names));
        self
    }

    /// Labels to select by. A tag has no blanks at its ends, no control characters, and none of the
    /// operators of a [`Selection`](crate::Selection): `, & | ! ( )`.
    pub fn tags<T: Into<String>>(mut self, tags: impl IntoIterator<Item = T>) -> Self {
        let tags: Vec<_> = tags.into_iter().map(|tag| Cow::Owned(tag.into())).collect();
        tags.iter().for_each(|tag| self.label("tag", tag, label::of_tag(tag)));
        self.tasks().iter_mut().for_each(|task| task.tags.extend_from_slice(&tags));
        self
    }

    /// How many attempts may follow the first one when it fails: a number or
    /// [`Retries::Never`]. Overrides the runner's setting.
    pub fn retries(self, retries: impl Into<Retries>) -> Self {
        let retries = retries.into();
        self.options(|options| options.retries = Some(retries))
    }

    /// How long it waits before its next attempt: a [`Duration`] or a [`Backoff`].
    pub fn backoff(self, backoff: impl Into<Backoff>) -> Self {
        let backoff = backoff.into();
        self.options(|options| options.backoff = Some(backoff))
    }

    /// Timeout of each attempt, from its start; overrides the runner's setting. Zero means no limit.
    pub fn timeout(self, timeout: Duration) -> Self {
        self.options(|options| options.timeout = Some(timeout))
    }

    /// Whether it runs in a worker process; overrides the runner's setting. Only functions with
    /// `#[task]` can, so use `false` for a closure in a runner that isolates its tasks.
    pub fn isolate(self, yes: bool) -> Self {
        self.options(|options| options.isolate = Some(yes))
    }

    /// Never runs at the same time as another task of this serial name, as with
    /// `#[task(serial = "db")]`. An abandoned body on a thread no longer counts.
    pub fn serial(mut self, name: impl Into<String>) -> Self {
        let name: Cow<'static, str> = Cow::Owned(name.into());
        self.label("serial name", &name, label::of_name(&name));
        self.options(|options| options.serial = Some(name.clone()))
    }

    /// Never runs at the same time as any other task, as with `#[task(serial)]`. It waits until the
    /// running tasks have ended, and no other task starts meanwhile. An abandoned body on a thread no
    /// longer counts.
    pub fn alone(self) -> Self {
        self.options(|options| options.alone = true)
    }

    /// Runs with any outcomes of its dependencies, and also after a stop of the run; not after an abort.
    pub fn always(self) -> Self {
        self.options(|options| options.always = true)
    }

    /// Its result appears as `***` wherever it is shown, as with `#[task(secret)]`; the result of a
    /// command is its output. The output of every other task in a process appears as `***` too, as it
    /// may contain the result.
    pub fn secret(self) -> Self {
        self.options(|options| options.secret = true)
    }

    /// The folder in which a command runs.
    pub fn current_dir(self, folder: impl Into<PathBuf>) -> Self {
        self.command("current_dir", |spec| spec.current_dir = Some(folder.into()))
    }

    /// Sets a variable of a command's environment; may be called again.
    pub fn env(self, key: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        self.command("env", |spec| spec.env.push((key.into(), value.into())))
    }

    /// Sets a variable of a command's environment whose value appears as `***` wherever the command
    /// and its output are shown.
    pub fn secret_env(self, key: impl Into<OsString>, value: impl Into<String>) -> Self {
        let value = value.into();
        self.draft.secrets.extend([value.as_str()]);
        self.command("secret_env", |spec| {
            spec.secrets.extend([value.as_str()]);
            spec.env.push((key.into(), value.into()));
        })
    }

    /// Whether a command fails when its exit status is not 0; by default it does.
    pub fn check(self, check: bool) -> Self {
        self.command("check", |spec| spec.check = check)
    }

    /// Whether a command's output is captured for its result, the default; otherwise it goes to the
    /// output of this process.
    pub fn capture(self, capture: bool) -> Self {
        self.command("capture", |spec| spec.capture = capture)
    }

    /// The most bytes of each of a command's output streams that its result and reports have; overrides
    /// the runner's setting. Zero keeps all. See [`Runner::capture_limit`](crate::Runner::capture_limit).
    pub fn capture_limit(self, bytes: usize) -> Self {
        self.command("capture_limit", |spec| spec.capture_limit = Some(bytes))
    }

    /// Whether a command's output is captured as text, the default, or as bytes.
    pub fn text(self, text: bool) -> Self {
        self.command("text", |spec| spec.text = text)
    }

    fn command(self, option: &'static str, change: impl FnOnce(&mut CommandSpec)) -> Self {
        let slot = self.draft.slots.last_mut();
        if let Some(spec) = slot.and_then(|slot| slot.record.body.spec_mut()) {
            change(spec);
        } else {
            let names = self.draft.tasks[self.first..].iter().map(|task| task.name.clone());
            self.draft.problems.extend(names.map(|task| Problem::NoCommand { task, option }));
        }
        self
    }
}

impl fmt::Display for TaskBuilder<'_> {
    /// The name of the task; that of an unnamed one is its index.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.names().join(", "))
    }
}

/// Names only: the rest of the runner may hold secrets, such as mocks.
impl fmt::Debug for TaskBuilder<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TaskBuilder").field("names", &self.names()).finish_non_exhaustive()
    }
}
