//! The state machine against a plain model, and under many threads.

mod model;
mod play;
mod properties;
mod race;
mod racing;
mod script;
