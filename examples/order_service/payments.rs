//! Payments, made while pieces are reserved.

use std::sync::Barrier;

use anyhow::{Result, ensure};
use concurra::{State, task};
use serde_json::json;

use crate::client::together;
use crate::orders::placed;
use crate::scratch::Scratch;
use crate::server::url;
use crate::settings::Settings;

#[task(after = ["orders::place"], tags = ["payment"])]
fn pay(state: &State) -> Result<i64> {
    let settings = state.get::<Settings>("settings")?;
    let orders = placed(state)?;
    together(settings.clients, &url(state)?, &orders, |client, order| {
        let path = format!("/orders/{}/payment", order.id);
        client.post(&path, &json!({ "amount": order.total }))?.expect(200)
    })?;
    let revenue = orders.iter().map(|order| order.total).sum();
    tracing::info!("{} orders paid, {revenue} cents", orders.len());
    Ok(revenue)
}

#[task(after = ["orders::place"], tags = ["payment", "refusal"])]
fn refuse_wrong_amount(state: &State) -> Result<()> {
    let scratch = Scratch::new(state, "wrong-amount", 1_000)?;
    let sku = scratch.product("pen", 5)?;
    let order = scratch.order("it", &[(&sku, 2)])?;
    scratch.pay(order, 199)?.refused(422, "costs 200, not 199")?;
    scratch.pay(order, 201)?.refused(422, "costs 200, not 201")?;
    scratch.pay(order, -200)?.refused(422, "costs 200, not -200")?;
    scratch.step(order, "payment")?.refused(400, "say the amount")?;
    ensure!(scratch.balance()? == 1_000, "money was taken");
    Ok(())
}

#[task(after = ["orders::place"], tags = ["payment", "refusal"])]
fn refuse_overdraft(state: &State) -> Result<()> {
    let scratch = Scratch::new(state, "overdraft", 150)?;
    let sku = scratch.product("pen", 5)?;
    let order = scratch.order("it", &[(&sku, 2)])?;
    scratch.pay(order, 200)?.refused(402, "cannot pay 200")?;
    ensure!(scratch.balance()? == 150, "money was taken");
    Ok(())
}

/// Of several payments for one order, sent at once, one is taken.
#[task(after = ["orders::place"], tags = ["payment", "refusal", "race"])]
fn refuse_double_payment(state: &State) -> Result<()> {
    const PAYERS: usize = 4;
    let scratch = Scratch::new(state, "double-payment", 1_000)?;
    let sku = scratch.product("pen", 5)?;
    let order = scratch.order("it", &[(&sku, 2)])?;
    let ready = Barrier::new(PAYERS);
    let path = format!("/orders/{order}/payment");
    let answers = together(PAYERS, &url(state)?, &[(); PAYERS], |client, ()| {
        ready.wait();
        client.post(&path, &json!({ "amount": 200 }))
    })?;
    let (taken, refused): (Vec<_>, Vec<_>) =
        answers.into_iter().partition(|answer| answer.status == 200);
    ensure!(taken.len() == 1, "{} payments were taken", taken.len());
    refused.into_iter().try_for_each(|answer| answer.refused(409, "cannot be paid"))?;
    ensure!(scratch.balance()? == 800, "the customer has {}", scratch.balance()?);
    Ok(())
}
