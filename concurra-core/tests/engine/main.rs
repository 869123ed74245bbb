//! The engine through the public API. Overlap is proved by gates, order by what was recorded; the
//! times that occur only turn a hang into a failure.

mod attempts;
mod background;
mod callbacks;
mod commands;
mod endings;
mod freed;
mod kinds;
mod nesting;
mod order;
mod overlap;
mod pieces;
mod secrets;
mod size;
mod stop;
mod stress;
mod support;
