//! The settings of a run. [`all_settings`] declares each once: a field here, a method of the runner.
//! The command line, `main!` and code fill in the same type; each may leave settings to the others.
//! [`Layers`] tells apart what wins over the settings of a task and what only fills their gaps.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::LazyLock;
use std::thread;
use std::time::Duration;

use crate::max_fail::MaxFail;
use crate::policy::Backoff;

/// Hands every setting to a macro: its documentation, its method's parameter, its type, and the value
/// that the method sets.
macro_rules! all_settings {
    ($then:ident) => {
        $then! {
            /// The name of the run in reports and logs.
            name(name: impl Into<String>) -> String = name.into();

            /// How many tasks run at once; 0 becomes 1, with a warning. The default is the number of
            /// cores.
            ///
            /// Bodies run on a rayon pool with two threads for each worker. One runs bodies. The other runs
            /// only what bodies hand to rayon, such as the pieces of a `par_iter`.
            workers(workers: usize) -> usize = workers;

            /// The run stops when that many tasks have failed; zero sets no limit. Running tasks may
            /// finish, unless a [`MaxFail`] says that they are cancelled.
            max_fail(most: impl Into<MaxFail>) -> MaxFail = most.into();

            /// How many attempts may follow the first one of a failed task, for tasks without their own
            /// setting. The default is none. Setups and teardowns are never tried again.
            retries(retries: u32) -> u32 = retries;

            /// How long a failed task waits for its next attempt, for tasks without their own setting: a
            /// [`Duration`] or a [`Backoff`].
            backoff(backoff: impl Into<Backoff>) -> Backoff = backoff.into();

            /// How long each attempt may take, for tasks, setups and teardowns without their own timeout.
            /// Zero means no limit.
            ///
            /// A thread cannot be killed: when its attempt times out, the task is `timed_out` at once and
            /// another thread takes over, whose parallel iterators use rayon's global pool. The late
            /// result is dropped. See [`is_cancelled`](crate::is_cancelled).
            timeout(timeout: Duration) -> Duration = timeout;

            /// How long the whole run may take. Then a running setup and running tasks are cancelled, and
            /// no other task starts. [`always`](crate::TaskBuilder::always) tasks and teardowns still run
            /// and share one grace; what takes longer is abandoned. Zero means no limit.
            run_timeout(timeout: Duration) -> Duration = timeout;

            /// The time between asking processes to end and killing them, and how long abandoned bodies
            /// may go on before teardowns; 5 s by default.
            grace(grace: Duration) -> Duration = grace;

            /// The period after which observers get an event of a task that still runs.
            #[doc(hidden)]
            slow(period: Duration) -> Duration = period;

            /// Whether attempts that timed out are followed by another. A closure whose body still runs
            /// cannot be called again.
            retry_timeouts(yes: bool) -> bool = yes;

            /// Whether a task that passed only after a retry counts as failed.
            flaky_fails(yes: bool) -> bool = yes;

            /// Runs tasks without their own setting in worker processes of this program: each can be
            /// killed and may crash alone. Annotated functions can run there if serde writes and reads
            /// their results; see [`worker_process`](crate::worker_process). Commands are processes
            /// anyway.
            ///
            /// A process whose task ended well runs the next task. Threads that the first task left behind
            /// continue there, its working directory and environment stay, and the processes that it
            /// started end with the worker process. Results travel as JSON: a value that serde writes as
            /// `null`, such as a NaN within a struct, comes back as `null`.
            isolate(yes: bool) -> bool = yes;

            /// Runs tasks that cannot run in a worker process on a thread, with a warning; otherwise they
            /// fail. Two obstacles appear only while a task runs, and then the task fails, as no body runs
            /// twice: serde refuses to write its result, or the task reads a result of another task that
            /// cannot be sent.
            fallback_to_thread(yes: bool) -> bool = yes;

            /// Runs tasks whose dependencies did not pass, instead of skipping them.
            run_dependents(yes: bool) -> bool = yes;

            /// Whether the report has every result, as by default; otherwise each is freed when the last
            /// of its dependents has ended, and only those of tasks without dependents stay.
            keep_results(yes: bool) -> bool = yes;

            /// The most bytes of each output stream of a command or an isolated task that are kept; zero
            /// keeps all. Of a longer stream, reports and events have the head and the tail, with a line
            /// that says how much is left out and which file has the whole.
            ///
            /// The default is 1 MiB, and the result of a command, a
            /// [`CommandOutput`](crate::CommandOutput), has all. With this setting the result has no more
            /// than the report, and a command that writes for ever does not fill the memory.
            capture_limit(bytes: usize) -> usize = bytes;

            /// The folder for the output that is longer than the limit; files with the names of tasks. By
            /// default a new folder `concurra-output-..` in the system's folder for temporary files, which
            /// only this user can read. Concurra makes it when it is needed, and leaves it.
            ///
            /// In the files, `***` stands for the secrets that are known when a task writes them. A file
            /// ends after 1 GiB. The output of a secret task is in no file.
            output_dir(folder: impl Into<PathBuf>) -> PathBuf = folder.into();

            /// Whether SIGINT, SIGTERM and SIGHUP stop the run. After a first SIGINT running tasks may
            /// finish. A second SIGINT, or a first SIGTERM or SIGHUP, cancels them: processes are asked to
            /// end and killed after the grace. Then `always` tasks and teardowns run. One more signal ends
            /// the process at once. Without this setting a signal ends the process as always, and its
            /// commands and worker processes with it.
            ///
            /// After the run a signal has the effect that it had before the first such run. If the program
            /// has its own handler, Concurra calls it during the run as well. The program must install the
            /// handler before the first such run: Concurra does not see a later one, and the signal then
            /// ends the process in spite of it. Concurra sees handlers on Linux only.
            handle_signals(yes: bool) -> bool = yes;

            /// Logs every tenth of the tasks through `tracing`, at the level `INFO`.
            progress(yes: bool) -> bool = yes;

            /// Logs every failed attempt through `tracing` when it fails: as a warning when another
            /// attempt follows, otherwise as an error.
            log_errors(yes: bool) -> bool = yes;
        }
    };
}
pub(crate) use all_settings;

macro_rules! define_settings {
    ($($(#[$doc:meta])* $name:ident($($parameter:tt)+) -> $kind:ty = $value:expr;)*) => {
        /// The settings of a run; `None` leaves a setting to others, or to its default.
        #[derive(Clone, Debug, Default, PartialEq, Eq)]
        pub struct Settings {
            $($(#[$doc])* pub $name: Option<$kind>,)*
        }

        impl Settings {
            /// Nothing is set.
            #[must_use]
            pub const fn new() -> Self {
                Self { $($name: None),* }
            }

            /// These settings, and those of `other` where these have none.
            #[must_use]
            pub fn or(self, other: Self) -> Self {
                Self { $($name: self.$name.or(other.$name)),* }
            }
        }
    };
}
all_settings!(define_settings);

/// The settings that reach a run, by what they win over.
#[derive(Clone, Debug, Default)]
pub(crate) struct Layers {
    /// Those of the command line: they win over the settings of a task.
    pub(crate) over: Settings,
    /// Those of the runner and of `main!`: the settings of a task win over them.
    pub(crate) under: Settings,
}

impl Layers {
    /// The settings of the run as a whole.
    pub(crate) fn merged(&self) -> Settings {
        self.over.clone().or(self.under.clone())
    }

    /// A setting that a task may have itself.
    pub(crate) fn pick<T>(&self, own: Option<T>, of: impl Fn(&Settings) -> Option<T>) -> Option<T> {
        of(&self.over).or(own).or_else(|| of(&self.under))
    }
}

/// The most worker loops of a run with fewer tasks, and the most threads of a pool that only help with
/// pieces of parallel iterators: more seldom have a core.
pub(crate) const MOST_HELPERS: usize = 256;

/// The values in force.
impl Settings {
    pub(crate) fn workers(&self) -> NonZeroUsize {
        let one = NonZeroUsize::MIN;
        self.workers.map_or_else(cores, |workers| NonZeroUsize::new(workers).unwrap_or(one))
    }

    /// How many worker loops a run of that many tasks has.
    pub(crate) fn width(&self, tasks: usize) -> usize {
        self.workers().get().min(tasks.max(MOST_HELPERS))
    }

    pub(crate) fn run_timeout(&self) -> Option<Duration> {
        self.run_timeout.filter(|limit| !limit.is_zero())
    }

    pub(crate) fn grace(&self) -> Duration {
        self.grace.unwrap_or(Duration::from_secs(5))
    }

    pub(crate) fn is_set(setting: Option<bool>) -> bool {
        setting.unwrap_or(false)
    }
}

/// The number of cores. The system reads files to find it, so Concurra asks once.
pub(crate) fn cores() -> NonZeroUsize {
    static CORES: LazyLock<NonZeroUsize> =
        LazyLock::new(|| thread::available_parallelism().unwrap_or(NonZeroUsize::MIN));
    *CORES
}
