//! The macro `registered!`.

/// A [`Runner`](crate::Runner) with the annotated functions of the crate that contains this
/// line, and of the libraries that it links by [`link!`](crate::link).
///
/// ```standalone_crate
/// use concurra::task;
///
/// #[task]
/// fn load() -> u32 {
///     3
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let report = concurra::registered!().workers(2).run()?;
/// assert_eq!(*report["load"].result::<u32>()?, 3);
/// # Ok(())
/// # }
/// ```
///
/// The line may be in any module of the crate. A crate is one target: a library, a binary and a test
/// with the same name are three crates. Tasks of other crates run only as dependencies of tasks of
/// this crate. The plan is wrong when the runner has no task at all, as a `link!` is missing then.
///
/// `registered!(all)` takes the annotated functions of every crate in the program, those of all
/// dependencies among them:
///
/// ```standalone_crate
/// # #[concurra::task]
/// # fn load() {}
/// # fn main() -> Result<(), concurra::PlanError> {
/// let planned = concurra::registered!(all).plan()?;
/// # assert_eq!(planned.plan().tasks().len(), 1);
/// # Ok(())
/// # }
/// ```
#[macro_export]
macro_rules! registered {
    () => {
        $crate::__private::registered_in($crate::registered!(@home))
    };
    (all) => {
        $crate::__private::registered_anywhere($crate::registered!(@home))
    };
    (@home) => {
        $crate::__private::Home::of_module(
            ::core::module_path!(),
            $crate::__private::target(
                ::core::option_env!("CARGO_BIN_NAME"),
                ::core::option_env!("CARGO_TARGET_TMPDIR"),
            ),
        )
    };
    ($($other:tt)*) => {
        ::core::compile_error!(
            "write `concurra::registered!()` for the tasks of this crate, or \
             `concurra::registered!(all)` for those of every crate in the program"
        )
    };
}
