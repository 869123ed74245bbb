//! One function alone: what it needs is not run, its results come from the command line.
//!
//! ```text
//! cargo run --bin mtrun -- examples/single.rs::ship --result-pay=ok
//! cargo run --bin mtrun -- examples/single.rs::ship                       # says what is missing
//! cargo run --bin mtrun -- examples/single.rs::ship --with-deps
//! cargo run --bin mtrun -- examples/single.rs::pay --result-order='["pen", "ink"]'
//! cargo run --bin mtrun -- examples/single.rs --result-pay=ok             # all, without payment
//! ```

use anyhow::{Result, ensure};
use concurra::{State, task};

#[task]
fn order() -> Vec<String> {
    vec!["pen".to_owned()]
}

/// Its mocked result is JSON, as a list cannot be read from plain text.
#[task(after = ["order"])]
fn pay(state: &State) -> Result<String> {
    let items = state.result::<Vec<String>>("order")?;
    println!("{} paid", items.join(" and "));
    Ok("ok".to_owned())
}

#[task(after = ["pay"])]
fn ship(state: &State) -> Result<()> {
    let payment = state.result::<String>("pay")?;
    ensure!(*payment == "ok", "the payment is {payment:?}");
    println!("shipped, as the payment is {payment}");
    Ok(())
}

concurra::main!();
