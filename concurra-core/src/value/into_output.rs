//! What closures return, on its way to a completion.

use std::error::Error;
use std::marker::PhantomData;
use std::process::ExitCode;

use super::Output;
use crate::failure::{Ending, Failure, judge_exit_code};

/// A type that can be the result of a task: one trait for three bounds, so that one message names
/// them all.
#[diagnostic::on_unimplemented(
    message = "the result of a task must be `Send + Sync + 'static`, which `{Self}` is not",
    label = "this result cannot be shared between threads",
    note = "return an owned type; `Arc` does for `Rc`, `Mutex` for `RefCell` and `Cell`"
)]
pub trait TaskResult: Send + Sync + 'static {}

#[diagnostic::do_not_recommend]
impl<T: Send + Sync + 'static> TaskResult for T {}

/// What a closure may return: an [`Output`], an [`ExitCode`], or a `Result` with any of these and an
/// error.
///
/// An `Err` and an exit code that is not `SUCCESS` fail the task, also inside a `Result`. An error is
/// anything that `?` can turn into a boxed error, or a `Box<dyn Error>` itself. What other types say by
/// [`Termination`](std::process::Termination) counts when the closure returns its `report()`.
///
/// The compiler finds `M`, which keeps these kinds of types apart.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not known as the result of a task",
    label = "neither a known type, nor a `Result` of a known type and an error",
    note = "for a type `T` of your own write `impl concurra::Output for T {{}}`; return a type of \
            another package in a `Box`",
    note = "an error implements `std::error::Error`, or is a text or a `Box<dyn Error>`",
    note = "of a type with `Termination` return the `report()`, an exit code that is judged",
    note = "a closure that never returns says what it would return: `|| -> () {{ panic!() }}`"
)]
pub trait IntoOutput<M> {
    /// The task's result.
    type Value: 'static;

    /// Turns the returned value into the task's result, or into its failure.
    ///
    /// # Errors
    /// The failure.
    #[doc(hidden)]
    fn into_output(self) -> Result<Self::Value, Ending>;
}

#[diagnostic::do_not_recommend]
impl<T: Output> IntoOutput<()> for T {
    type Value = T;

    fn into_output(self) -> Result<T, Ending> {
        Ok(self)
    }
}

/// Marks exit codes.
#[derive(Debug)]
pub struct IsExitCode;

/// An exit code says only whether the task passed.
#[diagnostic::do_not_recommend]
impl IntoOutput<IsExitCode> for ExitCode {
    type Value = ();

    fn into_output(self) -> Result<(), Ending> {
        judge_exit_code(self)
    }
}

/// Marks a `Result`, with the kind of its value and of its error.
#[derive(Debug)]
pub struct IsResult<M, N>(PhantomData<fn(M, N)>);

/// A value inside `Ok` counts as if the closure had returned it.
#[diagnostic::do_not_recommend]
impl<T, E, M, N> IntoOutput<IsResult<M, N>> for Result<T, E>
where
    T: IntoOutput<M>,
    E: IntoFailure<N>,
{
    type Value = T::Value;

    fn into_output(self) -> Result<T::Value, Ending> {
        match self {
            Ok(value) => value.into_output(),
            Err(error) => Err(Ending::Failed(error.into_failure().into())),
        }
    }
}

/// An error that a closure may return; see [`IntoOutput`].
pub trait IntoFailure<N> {
    /// The failure of the task.
    #[doc(hidden)]
    fn into_failure(self) -> Failure;
}

impl<E: Into<Box<dyn Error + Send + Sync>>> IntoFailure<()> for E {
    fn into_failure(self) -> Failure {
        Failure::from_error(&*self.into())
    }
}

/// Marks boxed errors that threads cannot share. Only the failure leaves the thread.
#[derive(Debug)]
pub struct IsBoxed;

impl IntoFailure<IsBoxed> for Box<dyn Error> {
    fn into_failure(self) -> Failure {
        Failure::from_error(&*self)
    }
}

impl IntoFailure<IsBoxed> for Box<dyn Error + Send> {
    fn into_failure(self) -> Failure {
        Failure::from_error(&*self)
    }
}

#[cfg(test)]
mod tests {
    use std::any::type_name;

    use super::*;

    fn result_name<R: IntoOutput<M>, M>() -> &'static str {
        type_name::<R::Value>()
    }

    fn ends<R: IntoOutput<M>, M>(returned: R) -> String {
        match returned.into_output() {
            Ok(_) => type_name::<R::Value>().to_owned(),
            Err(Ending::Failed(failure)) => failure.to_string(),
            Err(other) => format!("{other:?}"),
        }
    }

    #[test]
    fn the_result_type_of_a_result_is_its_ok_type() {
        assert_eq!(result_name::<u8, _>(), "u8");
        assert_eq!(result_name::<Result<u8, String>, _>(), "u8");
        assert_eq!(result_name::<Result<u8, Box<dyn Error + Send + Sync>>, _>(), "u8");
    }

    #[test]
    fn a_value_inside_ok_is_judged() {
        type Nested<T> = Result<Result<T, String>, Box<dyn Error + Send + Sync>>;
        assert_eq!(ends(ExitCode::SUCCESS), "()");
        assert_eq!(ends(ExitCode::FAILURE), "returned exit code 1");
        assert_eq!(ends(Ok::<_, String>(ExitCode::from(7))), "returned exit code 7");
        assert_eq!(ends(Nested::Ok(Ok(1_u8))), "u8");
        assert_eq!(ends(Nested::<u8>::Ok(Err("inner".to_owned()))), "inner");
        assert_eq!(ends(Nested::<u8>::Err("outer".into())), "outer");
        let code = Nested::Ok(Ok(Ok::<_, String>(ExitCode::from(255))));
        assert_eq!(ends(code), "returned exit code 255");
        assert_eq!(result_name::<Nested<u8>, _>(), "u8");
        assert_eq!(result_name::<Nested<ExitCode>, _>(), "()");
    }

    #[test]
    fn any_boxed_error_is_a_failure() {
        fn parse<E>(text: &str) -> Result<u8, E>
        where
            E: From<std::num::ParseIntError>,
        {
            Ok(text.parse()?)
        }
        let why = "invalid digit found in string";
        assert_eq!(ends(parse::<Box<dyn Error>>("x")), why);
        assert_eq!(ends(parse::<Box<dyn Error + Send + Sync>>("x")), why);
        assert_eq!(ends(parse::<std::num::ParseIntError>("x")), why);
        let sendable: Result<(), Box<dyn Error + Send>> = Err(Box::new(std::fmt::Error));
        assert!(ends(sendable).starts_with("an error occurred when formatting"));
        assert_eq!(ends(Ok::<_, Box<dyn Error>>(Err::<u8, &str>("inner"))), "inner");
        assert_eq!(ends(parse::<Box<dyn Error>>("1")), "u8");
    }
}
