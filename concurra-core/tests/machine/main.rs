//! The state machine against a plain model, and under many threads.

mod model;
mod properties;
mod racing;
