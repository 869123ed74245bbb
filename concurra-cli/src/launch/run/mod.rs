//! Starts runners and supervises them.

mod start;
mod supervisor;
pub(crate) mod survey;

pub(crate) use start::Starter;
pub(crate) use supervisor::{Ended, supervise};
