//! Tasks that wait for each other: the walls are built at the same time, the roof when both stand.
//!
//! ```text
//! cargo run --bin mtrun -- examples/basic.rs
//! cargo run --bin mtrun -- examples/basic.rs --workers 1
//! cargo run --bin mtrun -- examples/basic.rs --graph
//! cargo run --bin mtrun -- examples/basic.rs wall     # by name, with what they need
//! cargo run --example basic                           # the same without mtrun
//! ```

use concurra::{State, task};

#[task]
fn foundation() -> u32 {
    4
}

#[task(after = ["foundation"])]
fn north_wall(state: &State) -> Result<u32, concurra::ResultError> {
    Ok(*state.result::<u32>("foundation")? * 10)
}

#[task(after = ["foundation"])]
fn south_wall(state: &State) -> Result<u32, concurra::ResultError> {
    Ok(*state.result::<u32>("foundation")? * 10)
}

/// A task is an ordinary function: an `Err` or a panic makes it fail.
#[task(after = ["north_wall", "south_wall"])]
fn roof(state: &State) -> anyhow::Result<()> {
    let bricks = *state.result::<u32>("north_wall")? + *state.result::<u32>("south_wall")?;
    anyhow::ensure!(bricks == 80, "the roof rests on {bricks} bricks");
    println!("the house took {bricks} bricks");
    Ok(())
}

concurra::main!();
