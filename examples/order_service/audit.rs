//! The audit: it trusts no answer of the service, and reads the database itself.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use concurra::{State, task};
use rusqlite::{Connection, OpenFlags};

use crate::client::integer;
use crate::orders::placed;
use crate::server::client;

fn open(state: &State) -> Result<Connection> {
    let file = state.result::<PathBuf>("database::create")?;
    Ok(Connection::open_with_flags(&*file, OpenFlags::SQLITE_OPEN_READ_ONLY)?)
}

fn count(db: &Connection, sql: &str) -> Result<i64> {
    db.query_row(sql, [], |row| row.get(0)).with_context(|| sql.to_owned())
}

/// Checks that a query for what must not be finds nothing; its first column names the culprits, of
/// whom a few are enough to begin with.
fn none(db: &Connection, wrong: &str, sql: &str) -> Result<()> {
    let mut query = db.prepare(sql)?;
    let found = query.query_map([], |row| row.get::<_, String>(0))?;
    let found = found.collect::<rusqlite::Result<Vec<_>>>()?;
    let named = &found[..found.len().min(5)];
    ensure!(found.is_empty(), "{} {wrong}, among them {}", found.len(), named.join(", "));
    Ok(())
}

/// Waits until nobody changes anything any more, as the audit compares sums.
#[task(
    after = [
        "customers::read_back", "customers::refuse_same_mail", "database::migrate_again",
        "orders::cancel", "orders::double_click", "orders::place_again",
        "orders::refuse_key_of_another", "orders::refuse_out_of_stock",
        "orders::refuse_unknown_names", "payments::refuse_double_payment",
        "payments::refuse_overdraft", "payments::refuse_wrong_amount",
        "server::refuse_bad_bodies", "server::refuse_unknown_paths", "shipping::confirm",
        "shipping::refuse_turning_back", "shipping::ship_again", "stock::read_back",
        "stock::refuse_same_sku", "warehouse::all_lines_or_none", "warehouse::last_piece",
        "warehouse::refuse_packing_too_early",
    ],
    tags = ["audit"]
)]
fn close_the_books(state: &State) -> Result<()> {
    let db = open(state)?;
    let verdict: String = db.query_row("PRAGMA integrity_check", [], |row| row.get(0))?;
    ensure!(verdict == "ok", "the file is damaged: {verdict}");
    none(&db, "broken references", "SELECT \"table\" FROM pragma_foreign_key_check")
}

/// What customers lack is what the ledger says, and the ledger what orders say.
#[task(after = ["close_the_books"], tags = ["audit"])]
fn money(state: &State) -> Result<()> {
    let db = open(state)?;
    none(
        &db,
        "customers whose balance is not what they brought less what they paid",
        "SELECT mail FROM customers WHERE balance <> deposited
             - (SELECT coalesce(sum(amount), 0) FROM ledger WHERE customer = customers.id)",
    )?;
    none(
        &db,
        "orders whose payments are not their total, or nothing when unpaid",
        "SELECT key FROM orders WHERE iif(paid, total, 0)
             <> (SELECT coalesce(sum(amount), 0) FROM ledger WHERE order_id = orders.id)",
    )?;
    none(
        &db,
        "orders whose total is not that of their lines",
        "SELECT key FROM orders WHERE total
             <> (SELECT sum(quantity * price) FROM lines WHERE order_id = orders.id)",
    )?;
    let revenue = *state.result::<i64>("payments::pay")?;
    let booked = count(
        &db,
        "SELECT coalesce(sum(amount), 0) FROM ledger JOIN orders ON orders.id = order_id
         WHERE key LIKE 'order-%'",
    )?;
    ensure!(booked == revenue, "{revenue} cents were paid, {booked} are booked");
    tracing::info!("{booked} cents accounted for");
    Ok(())
}

/// Every piece that came in is free, reserved for an open order, or shipped with one.
#[task(after = ["close_the_books"], tags = ["audit"])]
fn pieces(state: &State) -> Result<()> {
    let db = open(state)?;
    none(
        &db,
        "products with pieces lost or found",
        "SELECT sku FROM products WHERE received <> free + reserved + shipped",
    )?;
    none(
        &db,
        "products with other pieces reserved than open orders hold",
        "SELECT sku FROM products WHERE reserved <> (
             SELECT coalesce(sum(quantity), 0) FROM lines JOIN orders ON orders.id = order_id
             WHERE sku = products.sku AND orders.reserved AND tracking IS NULL)",
    )?;
    none(
        &db,
        "products with other pieces shipped than orders took along",
        "SELECT sku FROM products WHERE shipped <> (
             SELECT coalesce(sum(quantity), 0) FROM lines JOIN orders ON orders.id = order_id
             WHERE sku = products.sku AND tracking IS NOT NULL)",
    )
}

/// Each order that a client was told of is there and confirmed, and there is no other.
#[task(after = ["close_the_books"], tags = ["audit"])]
fn no_order_lost(state: &State) -> Result<()> {
    let db = open(state)?;
    let mut query = db.prepare("SELECT id, total, status FROM orders WHERE key = ?1")?;
    for order in placed(state)?.iter() {
        let row = query.query_row([&order.key], |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, row.get::<_, String>(2)?))
        });
        let row = row.with_context(|| format!("order {} is lost", order.key))?;
        let told = (order.id, order.total, "confirmed".to_owned());
        ensure!(row == told, "order {} is {row:?}, the client knows {told:?}", order.key);
    }
    let told = *state.get::<usize>("placed")? as i64;
    let stored = count(&db, "SELECT count(*) FROM orders")?;
    ensure!(stored == told, "clients placed {told} orders, {stored} are stored");
    tracing::info!("{stored} orders found again");
    Ok(())
}

/// No order took a step before those that it needs.
#[task(after = ["close_the_books"], tags = ["audit"])]
fn history(state: &State) -> Result<()> {
    let db = open(state)?;
    let mut query = db.prepare("SELECT order_id, step FROM history ORDER BY id")?;
    let rows = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let mut taken: BTreeMap<i64, Vec<String>> = BTreeMap::new();
    for row in rows {
        let (order, step): (i64, String) = row?;
        let before = taken.entry(order).or_default();
        ensure!(may_follow(before, &step), "order {order} was {step} after {before:?}");
        before.push(step);
    }
    let orders = count(&db, "SELECT count(*) FROM orders")?;
    ensure!(taken.len() as i64 == orders, "{} of {orders} orders have a history", taken.len());
    Ok(())
}

fn may_follow(before: &[String], step: &str) -> bool {
    let was = |earlier: &str| before.iter().any(|step| step == earlier);
    let open = was("placed") && !was("cancelled");
    match step {
        "placed" => before.is_empty(),
        "paid" | "reserved" => open && !was("packed"),
        "packed" => open && was("paid") && was("reserved"),
        "shipped" => open && was("packed"),
        "confirmed" => open && was("shipped"),
        "cancelled" => open && !was("shipped"),
        _ => false,
    }
}

/// What the service says of itself is what is stored.
#[task(after = ["close_the_books"], tags = ["audit"])]
fn report(state: &State) -> Result<()> {
    let db = open(state)?;
    let report = client(state)?.get("/report")?.expect(200)?;
    for (key, sql) in [
        ("orders", "SELECT count(*) FROM orders"),
        ("confirmed", "SELECT count(*) FROM history WHERE step = 'confirmed'"),
        ("revenue", "SELECT sum(total) FROM orders WHERE paid"),
        (
            "shipped",
            "SELECT sum(quantity) FROM lines JOIN orders ON id = order_id
                     WHERE tracking IS NOT NULL",
        ),
    ] {
        let (told, stored) = (integer(&report, key)?, count(&db, sql)?);
        ensure!(told == stored, "the service reports {told} as {key}, stored are {stored}");
    }
    Ok(())
}

#[task(after = ["money", "pieces", "no_order_lost", "history", "report"], tags = ["audit"])]
fn sign_off(state: &State) -> Result<()> {
    let confirmed = *state.result::<usize>("shipping::confirm")?;
    let orders = placed(state)?.len();
    ensure!(confirmed == orders, "{confirmed} of {orders} orders reached their customers");
    tracing::info!("all {orders} orders are with their customers");
    Ok(())
}
