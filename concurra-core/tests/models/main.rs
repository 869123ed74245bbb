//! The two protocols of the engine that are written with single memory accesses, under every order of these
//! accesses that the memory model allows.

mod sleeping;
mod sync;
mod taking;

#[path = "../../src/engine/sleep.rs"]
mod sleep;
#[path = "../../src/machine/status.rs"]
mod status;
