//! The runner inside a binary, and `mtrun`.

mod root;

use std::process::ExitCode;

pub use root::{Defaults, NextestUnit, Root};

/// Runs the tasks of a binary as its arguments say.
#[must_use]
pub fn main(root: Root) -> ExitCode {
    root.keep_marker();
    ExitCode::SUCCESS
}

/// Runs the tasks of a binary as one test of libtest.
pub fn harness(root: Root) {
    root.keep_marker();
}
