//! The macro `registered!`.

/// A [`Runner`](crate::Runner) with the annotated functions of the crate that this line stands in,
/// and of the libraries that it takes in by [`link!`](crate::link).
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
/// It does not matter in which module of the crate the line stands. A crate is one target: a
/// library, a binary and a test of one name are told apart. Tasks of other crates run only where a
/// task of this one needs them. A runner of no task at all is an error when it is planned.
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
