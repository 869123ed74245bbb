//! Money that moves between customers and the shop.

use rusqlite::{Connection, params};
use serde_json::Value;

use super::Refusal;
use super::orders::{Order, note};

/// Takes the order's whole total from its customer, once.
pub(crate) fn pay(db: &Connection, id: i64, body: &Value) -> Result<Value, Refusal> {
    let amount = body["amount"].as_i64().ok_or_else(|| Refusal::bad("say the amount"))?;
    let order = Order::find(db, id)?;
    order.must(order.status == "placed" && !order.paid, "paid")?;
    if amount != order.total {
        let total = order.total;
        return Err(Refusal::contradiction(format!("order {id} costs {total}, not {amount}")));
    }
    let sql = "UPDATE customers SET balance = balance - ?2 WHERE id = ?1 AND balance >= ?2";
    if db.prepare_cached(sql)?.execute(params![order.customer, amount])? == 0 {
        return Err(Refusal::unaffordable(format!("the customer cannot pay {amount}")));
    }
    book(db, &order, "payment", amount)?;
    db.prepare_cached("UPDATE orders SET paid = 1 WHERE id = ?1")?.execute([id])?;
    note(db, id, "paid")?;
    Ok(Order::find(db, id)?.json())
}

/// Gives the money of a paid order back.
pub(crate) fn refund(db: &Connection, order: &Order) -> Result<(), Refusal> {
    let sql = "UPDATE customers SET balance = balance + ?2 WHERE id = ?1";
    db.prepare_cached(sql)?.execute(params![order.customer, order.total])?;
    db.prepare_cached("UPDATE orders SET paid = 0 WHERE id = ?1")?.execute([order.id])?;
    book(db, order, "refund", -order.total)
}

fn book(db: &Connection, order: &Order, kind: &str, amount: i64) -> Result<(), Refusal> {
    let sql = "INSERT INTO ledger (order_id, kind, customer, amount) VALUES (?1, ?2, ?3, ?4)";
    db.prepare_cached(sql)?.execute(params![order.id, kind, order.customer, amount])?;
    Ok(())
}
