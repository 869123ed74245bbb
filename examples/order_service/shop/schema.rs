//! The tables of the service, and how a file gets them.

use rusqlite::{Connection, Result, TransactionBehavior};

/// Each step is applied once and in this order; the file's `user_version` counts them.
pub(crate) const MIGRATIONS: &[&str] = &[
    "CREATE TABLE customers (
         id INTEGER PRIMARY KEY,
         mail TEXT NOT NULL UNIQUE,
         deposited INTEGER NOT NULL CHECK (deposited >= 0),
         balance INTEGER NOT NULL CHECK (balance >= 0)
     ) STRICT",
    "CREATE TABLE products (
         sku TEXT PRIMARY KEY,
         price INTEGER NOT NULL CHECK (price > 0),
         received INTEGER NOT NULL CHECK (received >= 0),
         free INTEGER NOT NULL CHECK (free >= 0),
         reserved INTEGER NOT NULL DEFAULT 0 CHECK (reserved >= 0),
         shipped INTEGER NOT NULL DEFAULT 0 CHECK (shipped >= 0)
     ) STRICT",
    "CREATE TABLE orders (
         id INTEGER PRIMARY KEY,
         key TEXT NOT NULL UNIQUE,
         request TEXT NOT NULL,
         customer INTEGER NOT NULL REFERENCES customers (id),
         total INTEGER NOT NULL CHECK (total > 0),
         status TEXT NOT NULL DEFAULT 'placed'
             CHECK (status IN ('placed', 'packed', 'shipped', 'confirmed', 'cancelled')),
         paid INTEGER NOT NULL DEFAULT 0 CHECK (paid IN (0, 1)),
         reserved INTEGER NOT NULL DEFAULT 0 CHECK (reserved IN (0, 1)),
         tracking TEXT UNIQUE
     ) STRICT",
    "CREATE TABLE lines (
         order_id INTEGER NOT NULL REFERENCES orders (id),
         sku TEXT NOT NULL REFERENCES products (sku),
         quantity INTEGER NOT NULL CHECK (quantity > 0),
         price INTEGER NOT NULL CHECK (price > 0),
         PRIMARY KEY (order_id, sku)
     ) STRICT",
    "CREATE TABLE ledger (
         order_id INTEGER NOT NULL REFERENCES orders (id),
         kind TEXT NOT NULL CHECK (kind IN ('payment', 'refund')),
         customer INTEGER NOT NULL REFERENCES customers (id),
         amount INTEGER NOT NULL CHECK (amount <> 0),
         PRIMARY KEY (order_id, kind)
     ) STRICT",
    "CREATE TABLE history (
         id INTEGER PRIMARY KEY,
         order_id INTEGER NOT NULL REFERENCES orders (id),
         step TEXT NOT NULL,
         UNIQUE (order_id, step)
     ) STRICT",
];

/// Brings a file up to date and tells how many steps that took.
pub(crate) fn migrate(db: &mut Connection) -> Result<usize> {
    let transaction = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let done: u32 = transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let missing = MIGRATIONS.get(done as usize..).unwrap_or_default();
    for step in missing {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "user_version", MIGRATIONS.len() as i64)?;
    transaction.commit()?;
    Ok(missing.len())
}
