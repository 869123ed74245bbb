//! The warehouse: reserved while payments are made, packed when both are done.

use std::sync::Barrier;

use anyhow::{Result, ensure};
use concurra::{State, task};
use serde_json::{Value, json};

use crate::client::together;
use crate::orders::placed;
use crate::scratch::Scratch;
use crate::server::url;
use crate::settings::Settings;

/// Takes a step of all orders that the tasks share.
pub(crate) fn step_all(state: &State, step: &str) -> Result<Vec<Value>> {
    let settings = state.get::<Settings>("settings")?;
    let orders = placed(state)?;
    let done = together(settings.clients, &url(state)?, &orders, |client, order| {
        client.post(&format!("/orders/{}/{step}", order.id), &json!({}))?.expect(200)
    })?;
    tracing::info!("{step} of {} orders", done.len());
    Ok(done)
}

#[task(after = ["orders::place"], tags = ["warehouse"])]
fn reserve(state: &State) -> Result<()> {
    let reserved = step_all(state, "reservation")?;
    ensure!(reserved.iter().all(|order| order["reserved"] == true), "{reserved:?}");
    Ok(())
}

/// The last piece is ordered by several customers, who all come for it at once.
#[task(after = ["orders::place"], tags = ["warehouse", "race", "refusal"])]
fn last_piece(state: &State) -> Result<()> {
    const RIVALS: usize = 4;
    let scratch = Scratch::new(state, "last-piece", 1_000)?;
    let sku = scratch.product("pen", 1)?;
    let order = |rival: usize| scratch.order(&rival.to_string(), &[(&sku, 1)]);
    let orders = (0..RIVALS).map(order).collect::<Result<Vec<_>>>()?;
    let ready = Barrier::new(RIVALS);
    let answers = together(RIVALS, &url(state)?, &orders, |client, order| {
        ready.wait();
        client.post(&format!("/orders/{order}/reservation"), &json!({}))
    })?;
    let (won, lost): (Vec<_>, Vec<_>) =
        answers.into_iter().partition(|answer| answer.status == 200);
    ensure!(won.len() == 1, "{} got the last piece", won.len());
    lost.into_iter().try_for_each(|answer| answer.refused(409, "out of stock"))?;
    ensure!(scratch.free(&sku)? == 0, "the last piece is still free");
    Ok(())
}

/// Where one line cannot be had, the others stay on the shelf.
#[task(after = ["orders::place"], tags = ["warehouse", "refusal"])]
fn all_lines_or_none(state: &State) -> Result<()> {
    let scratch = Scratch::new(state, "all-or-none", 1_000)?;
    let (pen, ink) = (scratch.product("a-pen", 5)?, scratch.product("ink", 1)?);
    let first = scratch.order("first", &[(&ink, 1)])?;
    let second = scratch.order("second", &[(&pen, 2), (&ink, 1)])?;
    scratch.step(first, "reservation")?.expect(200)?;
    scratch.step(second, "reservation")?.refused(409, "ink is out of stock")?;
    ensure!(scratch.free(&pen)? == 5, "{} of 5 pens are free", scratch.free(&pen)?);
    Ok(())
}

#[task(after = ["orders::place"], tags = ["warehouse", "refusal"])]
fn refuse_packing_too_early(state: &State) -> Result<()> {
    let scratch = Scratch::new(state, "too-early", 1_000)?;
    let sku = scratch.product("pen", 5)?;
    let unpaid = scratch.order("unpaid", &[(&sku, 1)])?;
    scratch.step(unpaid, "reservation")?.expect(200)?;
    scratch.step(unpaid, "packing")?.refused(409, "paid false")?;
    let unreserved = scratch.order("unreserved", &[(&sku, 1)])?;
    scratch.pay(unreserved, 100)?.expect(200)?;
    scratch.step(unreserved, "packing")?.refused(409, "reserved false")?;
    scratch.step(unreserved, "shipment")?.refused(409, "cannot be shipped")
}

#[task(after = ["payments::pay", "reserve"], tags = ["warehouse"])]
fn pack(state: &State) -> Result<()> {
    let packed = step_all(state, "packing")?;
    ensure!(packed.iter().all(|order| order["status"] == "packed"), "{packed:?}");
    Ok(())
}
