//! The file and its tables.

use std::path::PathBuf;

use anyhow::{Result, ensure};
use concurra::{State, task};
use tempfile::TempDir;

use crate::shop::{MIGRATIONS, Store, migrate as bring_up_to_date};

#[task(tags = ["database"])]
fn create(state: &State) -> Result<PathBuf> {
    let file = state.get::<TempDir>("folder")?.path().join("orders.db");
    Store::connect(&file)?;
    ensure!(file.is_file(), "{} was not created", file.display());
    Ok(file)
}

#[task(after = ["create"], tags = ["database"])]
fn migrate(state: &State) -> Result<usize> {
    let file = state.result::<PathBuf>("database::create")?;
    let applied = bring_up_to_date(&mut Store::connect(&file)?)?;
    ensure!(applied == MIGRATIONS.len(), "{applied} of {} steps applied", MIGRATIONS.len());
    tracing::info!("{applied} migrations applied");
    Ok(applied)
}

#[task(after = ["migrate"], tags = ["database", "idempotency"])]
fn migrate_again(state: &State) -> Result<()> {
    let file = state.result::<PathBuf>("database::create")?;
    let applied = bring_up_to_date(&mut Store::connect(&file)?)?;
    ensure!(applied == 0, "{applied} steps were applied a second time");
    Ok(())
}
