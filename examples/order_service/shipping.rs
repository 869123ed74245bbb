//! Parcels that leave, and customers who have them.

use std::collections::BTreeSet;

use anyhow::{Context, Result, ensure};
use concurra::{State, task};
use serde_json::{Value, json};

use crate::orders::placed;
use crate::server::client;
use crate::warehouse::step_all;

fn tracking_numbers(shipped: &[Value]) -> Result<Vec<String>> {
    let tracking = |order: &Value| order["tracking"].as_str().map(ToOwned::to_owned);
    let numbers = shipped.iter().map(tracking).collect::<Option<_>>();
    numbers.context("a shipped order has no tracking number")
}

#[task(after = ["warehouse::pack"], tags = ["shipping"])]
fn ship(state: &State) -> Result<Vec<String>> {
    let numbers = tracking_numbers(&step_all(state, "shipment")?)?;
    let different: BTreeSet<_> = numbers.iter().collect();
    ensure!(different.len() == numbers.len(), "two parcels have one tracking number");
    Ok(numbers)
}

#[task(after = ["ship"], tags = ["shipping", "idempotency"])]
fn ship_again(state: &State) -> Result<()> {
    let again = tracking_numbers(&step_all(state, "shipment")?)?;
    ensure!(again == *state.result::<Vec<String>>("ship")?, "the parcels were sent twice");
    Ok(())
}

/// What has left the house can neither be cancelled nor packed nor paid again.
#[task(after = ["ship"], tags = ["shipping", "refusal"])]
fn refuse_turning_back(state: &State) -> Result<()> {
    let orders = placed(state)?;
    let first = orders.first().context("there is no order")?;
    let client = client(state)?;
    for step in ["cancellation", "packing", "reservation"] {
        let answer = client.post(&format!("/orders/{}/{step}", first.id), &json!({}))?;
        answer.refused(409, "paid true, reserved true")?;
    }
    let amount = json!({ "amount": first.total });
    client.post(&format!("/orders/{}/payment", first.id), &amount)?.refused(409, "cannot be paid")
}

#[task(after = ["ship"], tags = ["shipping"])]
fn confirm(state: &State) -> Result<usize> {
    let confirmed = step_all(state, "confirmation")?;
    ensure!(confirmed.iter().all(|order| order["status"] == "confirmed"), "{confirmed:?}");
    Ok(confirmed.len())
}
