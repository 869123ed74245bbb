//! Orders: placed by several clients at once, and what the service must not take.

use std::sync::Barrier;

use anyhow::{Context, Result, ensure};
use concurra::{State, task};
use serde_json::{Value, json};

use crate::client::{integer, together};
use crate::scratch::{Scratch, count_placed};
use crate::server::{client, url};
use crate::settings::Settings;

/// An order as the client knows it.
#[derive(Clone, Debug)]
pub(crate) struct Order {
    pub(crate) key: String,
    pub(crate) id: i64,
    pub(crate) total: i64,
}

/// The orders that all tasks share.
pub(crate) fn placed(state: &State) -> Result<std::sync::Arc<Vec<Order>>> {
    Ok(state.result("orders::place")?)
}

/// What the order of that number says: one or two products, for the next customer in turn.
fn request(number: usize, customers: &[i64], skus: &[String]) -> Value {
    let customer = customers[number % customers.len()];
    let (first, second) = (number % skus.len(), (number * 7 + 3) % skus.len());
    let mut lines = vec![json!({ "sku": skus[first], "quantity": 1 + number % 3 })];
    if second != first {
        lines.push(json!({ "sku": skus[second], "quantity": 1 }));
    }
    json!({ "customer": customer, "lines": lines })
}

#[task(after = ["customers::create", "stock::fill"], tags = ["order"])]
fn place(state: &State) -> Result<Vec<Order>> {
    let settings = state.get::<Settings>("settings")?;
    let customers = state.result::<Vec<i64>>("customers::create")?;
    let skus = state.result::<Vec<String>>("stock::fill")?;
    let numbers: Vec<usize> = (0..settings.orders).collect();
    let orders = together(settings.clients, &url(state)?, &numbers, |client, order| {
        let key = format!("order-{order:06}");
        let body = request(*order, &customers, &skus);
        let placed = client.post_once("/orders", &key, &body)?.expect(201)?;
        Ok(Order { key, id: integer(&placed, "id")?, total: integer(&placed, "total")? })
    })?;
    count_placed(state, orders.len())?;
    let total: i64 = orders.iter().map(|order| order.total).sum();
    tracing::info!("{} orders by {} clients, {total} cents", orders.len(), settings.clients);
    Ok(orders)
}

/// A client that lost the answer asks again, and must not buy twice.
#[task(after = ["place"], tags = ["order", "idempotency"])]
fn place_again(state: &State) -> Result<()> {
    let customers = state.result::<Vec<i64>>("customers::create")?;
    let skus = state.result::<Vec<String>>("stock::fill")?;
    let client = client(state)?;
    for (number, order) in placed(state)?.iter().enumerate().step_by(10) {
        let body = request(number, &customers, &skus);
        let same = client.post_once("/orders", &order.key, &body)?.expect(200)?;
        ensure!(integer(&same, "id")? == order.id, "{} became two orders: {same}", order.key);
    }
    Ok(())
}

#[task(after = ["place"], tags = ["order", "refusal"])]
fn refuse_key_of_another(state: &State) -> Result<()> {
    let scratch = Scratch::new(state, "reused-key", 0)?;
    let sku = scratch.product("pen", 1)?;
    let body = scratch.request(&[(&sku, 1)]);
    let taken = scratch.client.post_once("/orders", "order-000000", &body)?;
    taken.refused(422, "stands for another order")
}

#[task(after = ["place"], tags = ["order", "refusal"])]
fn refuse_unknown_names(state: &State) -> Result<()> {
    let scratch = Scratch::new(state, "unknown-names", 0)?;
    let place = |body| scratch.client.post_once("/orders", "unknown", &body);
    place(scratch.request(&[("no-such-sku", 1)]))?.refused(422, "no product no-such-sku")?;
    let sku = scratch.product("pen", 1)?;
    let mut body = scratch.request(&[(&sku, 1)]);
    body["customer"] = json!(999_999_999);
    place(body)?.refused(422, "no customer 999999999")
}

#[task(after = ["place"], tags = ["order", "refusal"])]
fn refuse_out_of_stock(state: &State) -> Result<()> {
    let scratch = Scratch::new(state, "out-of-stock", 1_000)?;
    let sku = scratch.product("pen", 2)?;
    let body = scratch.request(&[(&sku, 3)]);
    let refused = scratch.client.post_once("/orders", "too-many", &body)?;
    refused.refused(409, "out of stock: 2 of 3 free")
}

/// The same request from several clients at once becomes one order.
#[task(after = ["place"], tags = ["order", "race", "idempotency"])]
fn double_click(state: &State) -> Result<()> {
    const CLICKS: usize = 4;
    let scratch = Scratch::new(state, "double-click", 1_000)?;
    let sku = scratch.product("pen", 10)?;
    let body = scratch.request(&[(&sku, 1)]);
    let ready = Barrier::new(CLICKS);
    let answers = together(CLICKS, &url(state)?, &[(); CLICKS], |client, ()| {
        ready.wait();
        client.post_once("/orders", "double-click", &body)
    })?;
    let created = answers.iter().filter(|answer| answer.status == 201).count();
    ensure!(created == 1, "{created} clicks created an order");
    let ids = answers.into_iter().map(|answer| integer(&answer.body, "id"));
    let ids = ids.collect::<Result<Vec<_>>>().context("every click gets the order")?;
    ensure!(ids.windows(2).all(|pair| pair[0] == pair[1]), "one key, several orders: {ids:?}");
    count_placed(state, created)
}

/// A paid and reserved order that is cancelled leaves nothing behind.
#[task(after = ["place"], tags = ["order"])]
fn cancel(state: &State) -> Result<()> {
    let scratch = Scratch::new(state, "cancel", 1_000)?;
    let sku = scratch.product("pen", 5)?;
    let order = scratch.order("it", &[(&sku, 3)])?;
    scratch.pay(order, 300)?.expect(200)?;
    scratch.step(order, "reservation")?.expect(200)?;
    ensure!((scratch.balance()?, scratch.free(&sku)?) == (700, 2), "nothing was taken");
    scratch.step(order, "cancellation")?.expect(200)?;
    ensure!((scratch.balance()?, scratch.free(&sku)?) == (1_000, 5), "not all was given back");
    scratch.step(order, "cancellation")?.refused(409, "it is cancelled")?;
    scratch.pay(order, 300)?.refused(409, "it is cancelled")
}
