//! The attributes with their documentation, whose examples their own crate cannot compile.

/// Declares a task: a function that runs once the tasks named in `after` have passed.
///
/// ```
/// use concurra::{State, task};
///
/// #[task(tags = ["layer1"])]
/// fn load() -> Result<Vec<u32>, std::num::ParseIntError> {
///     "1 2 3".split(' ').map(str::parse).collect()
/// }
///
/// #[task(after = ["load"], with_state, tags = ["layer2"])]
/// fn seed(state: &State) {
///     state.insert("seeded", true);
/// }
///
/// #[task(after = ["load", "seed"], ignore = "the printer is out of paper")]
/// fn print() {}
/// # fn main() {}
/// ```
///
/// The function stays an ordinary function: it can be called and unit-tested.
///
/// # Options
///
/// | option | meaning |
/// |---|---|
/// | `after = ["load", "db::migrate"]` | tasks that must pass first, by name, in any order of declaration |
/// | `with_state` | requires a parameter for the state |
/// | `tags = ["slow"]` | labels to select by, without blanks at their ends and without the operators `, & \| ! ( )` |
/// | `ignore = "why"` | runs only on request |
/// | `retries = 2` | how often it is tried again when it fails; `never`: not even where `--retries` asks for it |
/// | `backoff = "100ms"` | how long it waits before it is tried again |
/// | `timeout = "5s"` | how long each attempt may take |
/// | `serial = "db"` | never runs at the same time as another task with this name |
/// | `serial` | never runs at the same time as any other task |
/// | `always` | runs with any outcomes of the tasks in `after`, and after a stop of the run |
/// | `isolate` | runs in a worker process, which has one task at a time and can be killed |
/// | `secret` | its result appears as `***` wherever it is shown |
/// | `crate = renamed` | the path of this crate where it is not `::concurra` |
///
/// # Attempts
///
/// ```
/// # use concurra::task;
/// #[task(retries = 2, backoff = "100ms", timeout = "1m 30s")]
/// fn download() -> std::io::Result<()> {
///     // ..
/// #   Ok(())
/// }
/// # fn main() {}
/// ```
///
/// A timeout holds for each attempt, from its start; a task that timed out is not tried again
/// unless the run asks for it. A duration is made of numbers with the units `ns`, `us`, `ms`,
/// `s`, `m`, `h` and `d`, which add up. The run has defaults for these three options, which the task's own
/// win over. `--retries` and `--timeout` on the command line win over the task's own.
///
/// A task that must not happen twice, such as a payment, has `retries = never`: neither the command line
/// nor a default makes Concurra try it again.
///
/// ```
/// # use concurra::task;
/// #[task(retries = never)]
/// fn pay() -> std::io::Result<()> {
///     // ..
/// #   Ok(())
/// }
/// # fn main() {}
/// ```
///
/// # Tasks that exclude each other
///
/// ```
/// # use concurra::task;
/// #[task(serial = "db")]
/// fn migrate() {}
///
/// #[task(serial = "db")]
/// fn vacuum() {}
///
/// #[task(serial)]
/// fn measure() {}
/// # fn main() {}
/// ```
///
/// `migrate` and `vacuum` run one after the other, in any order. `measure` waits until the running tasks
/// have ended, and no other task starts before it has ended. Both hold within a run, for tasks on threads
/// and in worker processes. A task that waits for its next attempt lets the others run, and an abandoned
/// body on a thread no longer counts.
///
/// # Tasks that run always
///
/// ```
/// # use concurra::task;
/// #[task]
/// fn flash() {}
///
/// #[task(after = ["flash"], always)]
/// fn power_off() {}
/// # fn main() {}
/// ```
///
/// `power_off` also runs when `flash` failed, was skipped or cancelled, or the run was stopped. It does not
/// run after an abort, when a setup failed or called `skip!`, and when the grace after
/// [`run_timeout`](crate::Runner::run_timeout) is over. A chosen task brings the `always` tasks that come
/// after it.
///
/// # Attributes of libtest
///
/// `#[ignore]`, `#[ignore = "why"]`, `#[should_panic]` and `#[should_panic(expected = "disk full")]`
/// have the same meaning on a task as on a test. Write them above or below `#[task]`, also in
/// `cfg_attr`.
///
/// ```
/// # use concurra::task;
/// #[task]
/// #[ignore = "needs a printer"]
/// #[should_panic(expected = "out of paper")]
/// fn print() {
///     panic!("the printer is out of paper");
/// }
/// # fn main() {}
/// ```
///
/// With `#[should_panic]` a task passes when it panics, with a message that contains the expected
/// text. It fails when it returns, aborts or runs longer than its timeout. It must not have a return
/// type.
///
/// `#[test]` and `#[bench]` below `#[task]` are errors. Above it the compiler handles them first and
/// removes the function from every build without libtest, and the task with it. That is an error, too,
/// where the file has another task or hook. A file without any stays silent, and so does a `#[test]` in
/// `cfg_attr` or one that a macro takes as an argument. So read `--list`.
///
/// When another attribute below `#[task]` removes or renames the function, the compiler does not find
/// the function, and points at that attribute.
///
/// # Renamed dependencies
///
/// The attributes name `::concurra`. Where `Cargo.toml` gives the dependency another name, such as `conc`,
/// `extern crate conc as concurra;` in the root file makes that name known in the whole crate. The
/// option `crate = conc` does the same for one task.
///
/// # Names
///
/// A task's name is its path in its crate: `load`, `db::migrate`. The compiler writes it in the composed
/// form of Unicode (NFC), and texts in options too. Elsewhere a name counts as it is written, and a
/// message spells out marks: `gro\u{308}ße` is not `größe`. A name in `after` is found like
/// a path: from the task's own module outward, then with a crate's name in front.
///
/// # Parameters and results
///
/// A parameter of type `&State` or `Arc<State>` receives the state. The result is nothing, any
/// type that is `Send + Sync + 'static`, or a `Result` with any error. Other tasks read it with
/// `state.result::<T>("load")`.
///
/// An `Err` and a panic are failures, and so is an exit code other than
/// [`ExitCode::SUCCESS`](std::process::ExitCode). A type with
/// [`Termination`](std::process::Termination) counts by its exit code, and the task has no result. The
/// same holds for the value inside a `Result`, and inside a `Result` in a `Result`; one more level is a
/// compile error. Values of all other types are results, such as an `Option` or an `ExitStatus`.
pub use concurra_macros::task;

/// Declares a function that runs once before any task, in the order of the functions' names.
///
/// It may take the state and may fail or call [`skip!`](crate::skip); then no other setup runs, and every
/// task is skipped, `always` tasks too. Teardowns run. Its options are `timeout = "10s"`, after which it is
/// abandoned and has failed, and `crate`.
///
/// ```
/// use concurra::State;
///
/// #[concurra::setup]
/// fn connect(state: &State) -> Result<(), std::env::VarError> {
///     state.insert("home", std::env::var("HOME")?);
///     Ok(())
/// }
/// # fn main() {}
/// ```
pub use concurra_macros::setup;

/// Declares a function that runs once after all tasks, also after failures, in the reverse order
/// of the functions' names.
///
/// It may take the state and may fail; then the run fails. Its options are `timeout = "10s"`, after which it
/// is abandoned and has failed, and `crate`.
///
/// ```
/// #[concurra::teardown]
/// fn disconnect() {
///     std::fs::remove_dir_all("scratch").ok();
/// }
/// # fn main() {}
/// ```
pub use concurra_macros::teardown;
