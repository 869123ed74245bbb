//! What tasks share: values by key, results by task, parameters, and one lock.
//!
//! ```text
//! cargo run --bin mtrun -- examples/state.rs
//! cargo run --bin mtrun -- examples/state.rs --visits=3
//! cargo run --bin mtrun -- examples/state.rs --visits=three    # the error names key and text
//! ```

use anyhow::{Result, ensure};
use concurra::{State, task};

/// A setup runs before any task, so no task has to wait for what it stores.
#[concurra::setup]
fn configure(state: &State) -> Result<()> {
    let visits: u32 = state.param_or("visits", 2)?;
    state.insert("visits", visits);
    state.insert("credit", 100);
    state.insert("debit", 0);
    Ok(())
}

/// Updates of one key exclude each other: none is lost, though both visitors come at once.
fn visit(state: &State) -> Result<()> {
    for _ in 0..*state.get::<u32>("visits")? {
        state.update("hits", || 0, |hits: &mut u32| *hits += 1)?;
    }
    Ok(())
}

#[task]
fn first_visitor(state: &State) -> Result<()> {
    visit(state)
}

#[task]
fn second_visitor(state: &State) -> Result<()> {
    visit(state)
}

/// Two keys that belong together change under the lock; a result goes to who asks for it by name.
#[task]
fn transfer(state: &State) -> Result<i32> {
    let _section = state.lock();
    let credit = state.update("credit", || 0, |credit: &mut i32| std::mem::take(credit))?;
    state.update("debit", || 0, |debit: &mut i32| *debit += credit)?;
    Ok(credit)
}

#[task(after = ["first_visitor", "second_visitor", "transfer"])]
fn check(state: &State) -> Result<()> {
    let (hits, visits) = (*state.get::<u32>("hits")?, *state.get::<u32>("visits")?);
    ensure!(hits == 2 * visits, "{hits} hits in {visits} visits by two");
    ensure!(state.result::<i32>("transfer")? == state.get::<i32>("debit")?, "money was lost");
    println!("{hits} hits, keys: {}", state.keys().join(", "));
    Ok(())
}

concurra::main!();
