//! An order service, tested in the order of its business: an HTTP server on loopback over a SQLite
//! file in a temporary folder, driven by real HTTP clients, and audited in the end.
//!
//! ```text
//! cargo run --bin mtrun -- examples/order_service.rs
//! cargo run --bin mtrun -- examples/order_service.rs --orders=2000 --clients=8
//! cargo run --bin mtrun -- examples/order_service.rs --tags payment          # and what it needs
//! cargo run --bin mtrun -- examples/order_service.rs --tags 'refusal&!seed' --log
//! cargo run --bin mtrun -- examples/order_service.rs --graph
//! cargo run --bin mtrun -- examples/order_service.rs --pieces=5              # fails: out of stock
//! ```
//!
//! Tags name the layers (`database`, `server`, `seed`, `order`, `payment`, `warehouse`, `shipping`,
//! `audit`) and what is tested beside the way that all orders take (`refusal`, `race`,
//! `idempotency`).

#[path = "order_service/audit.rs"]
mod audit;
#[path = "order_service/client.rs"]
mod client;
#[path = "order_service/customers.rs"]
mod customers;
#[path = "order_service/database.rs"]
mod database;
#[path = "order_service/orders.rs"]
mod orders;
#[path = "order_service/payments.rs"]
mod payments;
#[path = "order_service/scratch.rs"]
mod scratch;
#[path = "order_service/server.rs"]
mod server;
#[path = "order_service/settings.rs"]
mod settings;
#[path = "order_service/shipping.rs"]
mod shipping;
#[path = "order_service/shop/mod.rs"]
mod shop;
#[path = "order_service/stock.rs"]
mod stock;
#[path = "order_service/warehouse.rs"]
mod warehouse;

use anyhow::{Context, Result, ensure};
use concurra::State;
use tempfile::TempDir;

use settings::Settings;
use shop::Service;

#[concurra::setup]
fn prepare(state: &State) -> Result<()> {
    state.insert("settings", Settings::read(state)?);
    let folder = tempfile::Builder::new().prefix("order-service-").tempdir()?;
    tracing::info!("the database is in {}", folder.path().display());
    state.insert("folder", folder);
    Ok(())
}

/// Runs whatever happened before, so it takes for granted neither a server nor a folder.
#[concurra::teardown]
fn clean_up(state: &State) -> Result<()> {
    if state.contains("service") {
        let broken = state.get::<Service>("service")?.stop();
        ensure!(broken == 0, "{broken} threads of the server had panicked");
        tracing::info!("the server has stopped");
    }
    if state.contains("folder") {
        let folder = state.get::<TempDir>("folder")?;
        std::fs::remove_dir_all(folder.path())
            .with_context(|| format!("removing {}", folder.path().display()))?;
    }
    Ok(())
}

concurra::main!();
