//! What several targets come to together: lines, reports, and the exit code.

mod allowance;
pub(crate) mod exit;
mod line;
mod printer;
pub(crate) mod reports;

pub(crate) use allowance::Allowance;
pub(crate) use printer::{Printer, interrupted};
