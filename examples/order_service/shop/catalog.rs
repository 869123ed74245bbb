//! Customers and products.

use rusqlite::{Connection, ErrorCode, OptionalExtension, params};
use serde_json::{Value, json};

use super::Refusal;

pub(crate) fn create_customer(db: &Connection, mail: &str, deposit: i64) -> Result<Value, Refusal> {
    if !mail.contains('@') || deposit < 0 {
        return Err(Refusal::bad("a customer has a mail address and a deposit of 0 or more"));
    }
    let sql = "INSERT INTO customers (mail, deposited, balance) VALUES (?1, ?2, ?2)";
    db.prepare_cached(sql)?
        .execute(params![mail, deposit])
        .map_err(|error| taken(error, format!("there is a customer with the mail {mail}")))?;
    Ok(json!({ "id": db.last_insert_rowid() }))
}

pub(crate) fn customer(db: &Connection, id: i64) -> Result<Value, Refusal> {
    let sql = "SELECT mail, balance FROM customers WHERE id = ?1";
    db.prepare_cached(sql)?
        .query_row([id], |row| {
            Ok(json!({
                "id": id,
                "mail": row.get::<_, String>(0)?,
                "balance": row.get::<_, i64>(1)?,
            }))
        })
        .optional()?
        .ok_or_else(|| Refusal::missing(format!("there is no customer {id}")))
}

pub(crate) fn create_product(
    db: &Connection,
    sku: &str,
    price: i64,
    pieces: i64,
) -> Result<Value, Refusal> {
    if sku.is_empty() || price <= 0 || pieces < 0 {
        return Err(Refusal::bad("a product has a sku, a price above 0 and 0 pieces or more"));
    }
    let sql = "INSERT INTO products (sku, price, received, free) VALUES (?1, ?2, ?3, ?3)";
    db.prepare_cached(sql)?
        .execute(params![sku, price, pieces])
        .map_err(|error| taken(error, format!("there is a product {sku}")))?;
    Ok(json!({ "sku": sku }))
}

pub(crate) fn product(db: &Connection, sku: &str) -> Result<Value, Refusal> {
    let sql = "SELECT price, free, reserved, shipped FROM products WHERE sku = ?1";
    db.prepare_cached(sql)?
        .query_row([sku], |row| {
            Ok(json!({
                "sku": sku,
                "price": row.get::<_, i64>(0)?,
                "free": row.get::<_, i64>(1)?,
                "reserved": row.get::<_, i64>(2)?,
                "shipped": row.get::<_, i64>(3)?,
            }))
        })
        .optional()?
        .ok_or_else(|| Refusal::missing(format!("there is no product {sku}")))
}

/// A broken uniqueness is the client's doing, anything else is the service's.
fn taken(error: rusqlite::Error, reason: String) -> Refusal {
    match error.sqlite_error_code() {
        Some(ErrorCode::ConstraintViolation) => Refusal::conflict(reason),
        _ => error.into(),
    }
}
