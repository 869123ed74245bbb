//! The engine through the public API. Overlap is proved by gates, order by what was recorded; the
//! times that occur only turn a hang into a failure.

mod abandoned;
#[path = "../support/aftermath.rs"]
mod aftermath;
mod attempts;
mod background;
mod bombs;
mod callbacks;
mod commands;
mod cut_short;
mod dropped;
mod drops;
mod durations;
mod endings;
mod excluded;
mod fail_fast;
mod freed;
mod kinds;
mod left_running;
#[path = "../support/leftovers.rs"]
mod leftovers;
mod nesting;
mod order;
mod overlap;
mod pieces;
mod secrets;
mod size;
mod started;
mod starting;
mod stop;
mod stress;
mod support;
mod timeouts;
