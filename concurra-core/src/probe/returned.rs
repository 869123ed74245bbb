//! The returned value of a function, on its way to a completion: this module takes results, errors
//! and exit codes out of it.

use std::any::type_name;
use std::cell::Cell;
use std::error::Error;
use std::fmt::{Debug, Display};
use std::mem::ManuallyDrop;
use std::process::Termination;

use crate::failure::{Ending, Failure, judge_exit_code};

/// A returned value, or the failure that was found in it. It is always taken out, so nothing is left
/// to drop; code for that would be compiled with every task.
pub struct Returned<R>(ManuallyDrop<Cell<Option<Result<R, Ending>>>>);

impl<R> Returned<R> {
    /// Holds the returned value.
    pub const fn new(returned: R) -> Self {
        Self::of(Ok(returned))
    }

    const fn of(result: Result<R, Ending>) -> Self {
        Self(ManuallyDrop::new(Cell::new(Some(result))))
    }

    fn take(&self) -> Result<R, Ending> {
        self.0.take().expect("a returned value is taken once")
    }
}

/// Looks through one `Result`.
pub trait Split {
    /// The type inside.
    type Output;

    /// Takes the value out of the `Result`, or makes a failure of its error.
    fn split(&self) -> Returned<Self::Output>;
}

impl<T> Split for Returned<T> {
    type Output = T;

    fn split(&self) -> Returned<T> {
        Returned::of(self.take())
    }
}

/// One implementation for `Result`, for errors that meet a bound; more references win.
macro_rules! split_result {
    ($receiver:ty, [$($bound:tt)*], $error:ident => $failure:expr) => {
        impl<T, E $($bound)*> Split for $receiver {
            type Output = T;

            fn split(&self) -> Returned<T> {
                let inner = |returned: Result<T, E>| {
                    returned.map_err(|$error| Ending::Failed($failure.into()))
                };
                Returned::of(self.take().and_then(inner))
            }
        }
    };
}

split_result!(&Returned<Result<T, E>>, [], _error =>
    Failure::message(format!("an error of type {}, which cannot be printed", type_name::<E>())));
split_result!(&&Returned<Result<T, E>>, [: Debug], error =>
    Failure::message(format!("{error:?}")));
split_result!(&&&Returned<Result<T, E>>, [: Display], error =>
    Failure::message(error.to_string()));
split_result!(&&&&Returned<Result<T, E>>, [: Error], error => Failure::from_error(&error));
split_result!(&&&&&Returned<Result<T, E>>, [: AsRef<dyn Error>], error =>
    Failure::from_error(error.as_ref()));
split_result!(&&&&&&Returned<Result<T, E>>, [: Into<Box<dyn Error + Send + Sync>>], error =>
    Failure::from_error(&*error.into()));

/// Separates results from exit codes, after two `Result`s were looked through.
pub trait Judge {
    /// The result's type.
    type Output;

    /// Gives the result, or the failure that was found.
    ///
    /// # Errors
    /// A failure for an error, or for an exit code other than success.
    fn judge(&self) -> Result<Self::Output, Ending>
    where
        Self: Shallow;
}

impl<T> Judge for Returned<T> {
    type Output = T;

    fn judge(&self) -> Result<T, Ending> {
        self.take()
    }
}

/// As in libtest: the exit code of such a type counts, and nothing else.
impl<T: Termination> Judge for &Returned<T> {
    type Output = ();

    fn judge(&self) -> Result<(), Ending> {
        judge_exit_code(self.take()?.report())
    }
}

impl<T, E> Judge for &&Returned<Result<T, E>> {
    type Output = T;

    fn judge(&self) -> Result<T, Ending>
    where
        Self: Shallow,
    {
        unreachable!("it does not compile")
    }
}

/// A type without a `Result` inside.
#[diagnostic::on_unimplemented(
    message = "a `Result` may be inside one other `Result`, and no deeper",
    label = "too many `Result`s inside each other",
    note = "use `?` in the function, so that it returns one `Result`"
)]
pub trait Shallow {}

impl<T> Shallow for Returned<T> {}

impl<T> Shallow for &Returned<T> {}
