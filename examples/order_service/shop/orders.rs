//! Orders: placed, looked up, counted.

use rusqlite::{Connection, OptionalExtension, params};
use serde_json::{Value, json};

use super::Refusal;

/// What the steps of an order need to know of it.
pub(crate) struct Order {
    pub(crate) id: i64,
    pub(crate) customer: i64,
    pub(crate) total: i64,
    pub(crate) status: String,
    pub(crate) paid: bool,
    pub(crate) reserved: bool,
    pub(crate) tracking: Option<String>,
}

impl Order {
    pub(crate) fn find(db: &Connection, id: i64) -> Result<Self, Refusal> {
        let sql =
            "SELECT customer, total, status, paid, reserved, tracking FROM orders WHERE id = ?1";
        db.prepare_cached(sql)?
            .query_row([id], |row| {
                Ok(Self {
                    id,
                    customer: row.get(0)?,
                    total: row.get(1)?,
                    status: row.get(2)?,
                    paid: row.get(3)?,
                    reserved: row.get(4)?,
                    tracking: row.get(5)?,
                })
            })
            .optional()?
            .ok_or_else(|| Refusal::missing(format!("there is no order {id}")))
    }

    /// Refuses a step that the order is not ready for.
    pub(crate) fn must(&self, holds: bool, step: &str) -> Result<(), Refusal> {
        if holds {
            return Ok(());
        }
        let Self { id, status, paid, reserved, .. } = self;
        Err(Refusal::conflict(format!(
            "order {id} cannot be {step}: it is {status}, paid {paid}, reserved {reserved}"
        )))
    }

    pub(crate) fn json(&self) -> Value {
        json!({
            "id": self.id,
            "total": self.total,
            "status": self.status,
            "paid": self.paid,
            "reserved": self.reserved,
            "tracking": self.tracking,
        })
    }
}

/// Notes a step in an order's history.
pub(crate) fn note(db: &Connection, order: i64, step: &str) -> Result<(), Refusal> {
    let sql = "INSERT INTO history (order_id, step) VALUES (?1, ?2)";
    db.prepare_cached(sql)?.execute(params![order, step])?;
    Ok(())
}

/// Sets an order's status and notes it.
pub(crate) fn advance(db: &Connection, order: i64, status: &str) -> Result<(), Refusal> {
    let sql = "UPDATE orders SET status = ?2 WHERE id = ?1";
    db.prepare_cached(sql)?.execute(params![order, status])?;
    note(db, order, status)
}

/// Places an order, once per key: a client that got no answer may ask again.
pub(crate) fn place(db: &Connection, key: &str, body: &Value) -> Result<(u16, Value), Refusal> {
    let request = body.to_string();
    let sql = "SELECT id, request FROM orders WHERE key = ?1";
    let earlier: Option<(i64, String)> = db
        .prepare_cached(sql)?
        .query_row([key], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    match earlier {
        Some((id, same)) if same == request => Ok((200, Order::find(db, id)?.json())),
        Some(_) => Err(Refusal::contradiction(format!("the key {key} stands for another order"))),
        None => insert(db, key, body, &request).map(|order| (201, order)),
    }
}

fn insert(db: &Connection, key: &str, body: &Value, request: &str) -> Result<Value, Refusal> {
    let lines = lines(body)?;
    let customer = body["customer"].as_i64().ok_or_else(|| Refusal::bad("name the customer"))?;
    super::catalog::customer(db, customer)
        .map_err(|refusal| Refusal::contradiction(refusal.reason))?;
    let prices = lines.iter().map(|(sku, quantity)| price(db, sku, *quantity));
    let prices = prices.collect::<Result<Vec<_>, _>>()?;
    let total: i64 = lines.iter().zip(&prices).map(|((_, quantity), price)| quantity * price).sum();
    db.prepare_cached(
        "INSERT INTO orders (key, request, customer, total) VALUES (?1, ?2, ?3, ?4)",
    )?
    .execute(params![key, request, customer, total])?;
    let id = db.last_insert_rowid();
    let sql = "INSERT INTO lines (order_id, sku, quantity, price) VALUES (?1, ?2, ?3, ?4)";
    let mut line = db.prepare_cached(sql)?;
    for ((sku, quantity), price) in lines.iter().zip(&prices) {
        line.execute(params![id, sku, quantity, price])?;
    }
    note(db, id, "placed")?;
    Ok(Order::find(db, id)?.json())
}

fn lines(body: &Value) -> Result<Vec<(&str, i64)>, Refusal> {
    let lines = body["lines"].as_array().filter(|lines| !lines.is_empty());
    let lines = lines.ok_or_else(|| Refusal::bad("an order has at least one line"))?;
    let line = |line: &'_ Value| match (line["sku"].as_str(), line["quantity"].as_i64()) {
        (Some(_), Some(quantity)) if quantity > 0 => Ok(quantity),
        _ => Err(Refusal::bad("a line has a sku and a quantity above 0")),
    };
    lines.iter().map(|it| Ok((it["sku"].as_str().unwrap_or_default(), line(it)?))).collect()
}

/// The price of a piece, of which so many are free.
fn price(db: &Connection, sku: &str, quantity: i64) -> Result<i64, Refusal> {
    let product = super::catalog::product(db, sku)
        .map_err(|refusal| Refusal::contradiction(refusal.reason))?;
    let free = product["free"].as_i64().unwrap_or_default();
    if free < quantity {
        return Err(Refusal::conflict(format!("{sku} is out of stock: {free} of {quantity} free")));
    }
    Ok(product["price"].as_i64().unwrap_or_default())
}

/// What the service says of itself.
pub(crate) fn report(db: &Connection) -> Result<Value, Refusal> {
    let count = |sql: &str| db.query_row(sql, [], |row| row.get::<_, i64>(0));
    Ok(json!({
        "orders": count("SELECT count(*) FROM orders")?,
        "confirmed": count("SELECT count(*) FROM orders WHERE status = 'confirmed'")?,
        "revenue": count("SELECT coalesce(sum(amount), 0) FROM ledger")?,
        "shipped": count("SELECT coalesce(sum(shipped), 0) FROM products")?,
    }))
}
