//! Whether the right program runs, and as cargo would run it: the real `mtrun` and the real cargo
//! over packages that each test lays out for itself.

mod cache;
mod differential;
mod identity;
mod libtest;
mod nested;
mod runner;
mod scratch;
mod selection;
mod signals;
mod stale;
mod support;
