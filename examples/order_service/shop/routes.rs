//! Which request does what.

use rusqlite::Transaction;
use serde_json::{Value, json};
use tiny_http::Method;

use super::{Refusal, Store, catalog, orders, payment, warehouse};

/// A request, read and not yet understood.
pub(crate) struct Asked<'r> {
    pub(crate) method: &'r Method,
    pub(crate) path: &'r str,
    pub(crate) key: Option<&'r str>,
    pub(crate) body: &'r str,
}

/// The status and the body of the answer.
pub(crate) fn answer(store: &Store, asked: &Asked<'_>) -> (u16, Value) {
    let answered = body(asked).and_then(|body| store.transact(|db| route(db, asked, &body)));
    answered.unwrap_or_else(|refusal| (refusal.status, json!({ "error": refusal.reason })))
}

fn body(asked: &Asked<'_>) -> Result<Value, Refusal> {
    if asked.body.is_empty() {
        return Ok(Value::Null);
    }
    serde_json::from_str(asked.body).map_err(|error| Refusal::bad(format!("not JSON: {error}")))
}

fn route(db: &Transaction<'_>, asked: &Asked<'_>, body: &Value) -> Result<(u16, Value), Refusal> {
    let ok = |value| Ok((200, value));
    let path: Vec<&str> = asked.path.trim_matches('/').split('/').collect();
    match (asked.method, path.as_slice()) {
        (Method::Get, ["health"]) => ok(json!({ "status": "up" })),
        (Method::Get, ["report"]) => ok(orders::report(db)?),
        (Method::Get, ["customers", id]) => ok(catalog::customer(db, number(id)?)?),
        (Method::Get, ["products", sku]) => ok(catalog::product(db, sku)?),
        (Method::Get, ["orders", id]) => ok(orders::Order::find(db, number(id)?)?.json()),
        (Method::Post, ["customers"]) => {
            let mail = body["mail"].as_str().unwrap_or_default();
            let deposit = body["deposit"].as_i64().unwrap_or(-1);
            Ok((201, catalog::create_customer(db, mail, deposit)?))
        }
        (Method::Post, ["products"]) => {
            let sku = body["sku"].as_str().unwrap_or_default();
            let price = body["price"].as_i64().unwrap_or_default();
            let pieces = body["pieces"].as_i64().unwrap_or(-1);
            Ok((201, catalog::create_product(db, sku, price, pieces)?))
        }
        (Method::Post, ["orders"]) => {
            let key = asked.key.ok_or_else(|| Refusal::bad("send an Idempotency-Key"))?;
            orders::place(db, key, body)
        }
        (Method::Post, ["orders", id, step]) => ok(take(db, number(id)?, step, body)?),
        (method, _) => Err(Refusal::missing(format!("there is no {method} {}", asked.path))),
    }
}

fn take(db: &Transaction<'_>, id: i64, step: &str, body: &Value) -> Result<Value, Refusal> {
    match step {
        "payment" => payment::pay(db, id, body),
        "reservation" => warehouse::reserve(db, id),
        "packing" => warehouse::pack(db, id),
        "shipment" => warehouse::ship(db, id),
        "confirmation" => warehouse::confirm(db, id),
        "cancellation" => warehouse::cancel(db, id),
        _ => Err(Refusal::missing(format!("an order has no {step}"))),
    }
}

fn number(text: &str) -> Result<i64, Refusal> {
    text.parse().map_err(|_| Refusal::bad(format!("{text:?} is not a number")))
}
