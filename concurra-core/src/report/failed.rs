//! A run in which not everything passed, as an error.

use std::fmt;

use thiserror::Error;

use super::Report;

/// A run in which not everything passed; the message is the report.
///
/// ```
/// let mut runner = concurra_core::Runner::new();
/// runner.add("load", || Err::<(), _>("no rows"));
/// let error = runner.run().unwrap().verify().unwrap_err();
/// assert!(error.to_string().contains("no rows"));
/// ```
#[derive(Clone, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct RunFailed {
    message: String,
}

impl fmt::Debug for RunFailed {
    /// The message itself, which a `main` that returns the error prints.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\n{self}")
    }
}

impl Report {
    /// Checks that the run was good.
    ///
    /// # Errors
    /// The run was not good; the message is the report.
    pub fn verify(&self) -> Result<(), RunFailed> {
        self.check(|| self.to_string())
    }

    /// Checks that the run was good; the error begins with `message`.
    ///
    /// ```
    /// let mut runner = concurra_core::Runner::new();
    /// runner.add("load", || Err::<(), _>("no rows"));
    /// let error = runner.run().unwrap().verify_with("Pipeline failed").unwrap_err();
    /// assert!(error.to_string().starts_with("Pipeline failed\n"));
    /// ```
    ///
    /// # Errors
    /// The run was not good; the error has `message` and the report, both without secrets.
    pub fn verify_with(&self, message: impl fmt::Display) -> Result<(), RunFailed> {
        self.check(|| format!("{}\n{self}", self.mask(&message.to_string())))
    }

    fn check(&self, message: impl FnOnce() -> String) -> Result<(), RunFailed> {
        if self.is_good() { Ok(()) } else { Err(RunFailed { message: message() }) }
    }
}
