//! Exit codes as results of bodies.

use std::process::ExitCode;

use super::{Ending, Failure};

/// An exit code other than that of success is a failure.
pub(crate) fn judge_exit_code(code: ExitCode) -> Result<(), Ending> {
    if code == ExitCode::SUCCESS {
        return Ok(());
    }
    // The standard library offers no other access to the number.
    let number = (1..=u8::MAX).find(|number| ExitCode::from(*number) == code);
    let number = number.map_or_else(|| format!("{code:?}"), |number| number.to_string());
    Err(Ending::Failed(Failure::message(format!("returned exit code {number}")).into()))
}
