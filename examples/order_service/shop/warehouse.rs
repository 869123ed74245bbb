//! Pieces that are reserved, packed, shipped, or go back to the shelf.

use rusqlite::{Connection, params};
use serde_json::Value;

use super::Refusal;
use super::orders::{Order, advance, note};
use super::payment::refund;

/// Sets the pieces of all lines aside, or of none.
pub(crate) fn reserve(db: &Connection, id: i64) -> Result<Value, Refusal> {
    let order = Order::find(db, id)?;
    order.must(order.status == "placed" && !order.reserved, "reserved")?;
    let sql = "UPDATE products SET free = free - ?2, reserved = reserved + ?2
               WHERE sku = ?1 AND free >= ?2";
    let mut take = db.prepare_cached(sql)?;
    for (sku, quantity) in lines(db, id)? {
        if take.execute(params![sku, quantity])? == 0 {
            return Err(Refusal::conflict(format!("{sku} is out of stock")));
        }
    }
    db.prepare_cached("UPDATE orders SET reserved = 1 WHERE id = ?1")?.execute([id])?;
    note(db, id, "reserved")?;
    Ok(Order::find(db, id)?.json())
}

pub(crate) fn pack(db: &Connection, id: i64) -> Result<Value, Refusal> {
    let order = Order::find(db, id)?;
    order.must(order.status == "placed" && order.paid && order.reserved, "packed")?;
    advance(db, id, "packed")?;
    Ok(Order::find(db, id)?.json())
}

/// Hands the parcel over; asked again, it answers with the same tracking number.
pub(crate) fn ship(db: &Connection, id: i64) -> Result<Value, Refusal> {
    let order = Order::find(db, id)?;
    if order.tracking.is_some() {
        return Ok(order.json());
    }
    order.must(order.status == "packed", "shipped")?;
    let sql = "UPDATE products SET reserved = reserved - ?2, shipped = shipped + ?2 WHERE sku = ?1";
    let mut hand_over = db.prepare_cached(sql)?;
    for (sku, quantity) in lines(db, id)? {
        hand_over.execute(params![sku, quantity])?;
    }
    let sql = "UPDATE orders SET tracking = ?2 WHERE id = ?1";
    db.prepare_cached(sql)?.execute(params![id, format!("TRK-{id:08}")])?;
    advance(db, id, "shipped")?;
    Ok(Order::find(db, id)?.json())
}

pub(crate) fn confirm(db: &Connection, id: i64) -> Result<Value, Refusal> {
    let order = Order::find(db, id)?;
    order.must(order.status == "shipped", "confirmed")?;
    advance(db, id, "confirmed")?;
    Ok(Order::find(db, id)?.json())
}

/// Undoes what was done for an order that has not left the house.
pub(crate) fn cancel(db: &Connection, id: i64) -> Result<Value, Refusal> {
    let order = Order::find(db, id)?;
    order.must(matches!(order.status.as_str(), "placed" | "packed"), "cancelled")?;
    if order.paid {
        refund(db, &order)?;
    }
    if order.reserved {
        put_back(db, id)?;
    }
    advance(db, id, "cancelled")?;
    Ok(Order::find(db, id)?.json())
}

fn put_back(db: &Connection, id: i64) -> Result<(), Refusal> {
    let sql = "UPDATE products SET free = free + ?2, reserved = reserved - ?2 WHERE sku = ?1";
    let mut put_back = db.prepare_cached(sql)?;
    for (sku, quantity) in lines(db, id)? {
        put_back.execute(params![sku, quantity])?;
    }
    db.prepare_cached("UPDATE orders SET reserved = 0 WHERE id = ?1")?.execute([id])?;
    Ok(())
}

fn lines(db: &Connection, order: i64) -> Result<Vec<(String, i64)>, Refusal> {
    let sql = "SELECT sku, quantity FROM lines WHERE order_id = ?1";
    let mut lines = db.prepare_cached(sql)?;
    let rows = lines.query_map([order], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
