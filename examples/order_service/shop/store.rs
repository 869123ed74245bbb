//! The database behind the service.

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use rusqlite::{Connection, Result, Transaction, TransactionBehavior};

use super::Refusal;

/// The database behind the service. SQLite takes one writer at a time; the mutex lets requests
/// queue for it, where SQLite itself would let them poll.
pub(crate) struct Store {
    db: Mutex<Connection>,
}

impl Store {
    /// Opens a file, which is created where there is none.
    pub(crate) fn connect(file: &Path) -> Result<Connection> {
        let db = Connection::open(file)?;
        db.pragma_update(None, "journal_mode", "WAL")?;
        db.pragma_update(None, "synchronous", "NORMAL")?;
        db.pragma_update(None, "foreign_keys", true)?;
        Ok(db)
    }

    pub(crate) fn open(file: &Path) -> Result<Self> {
        Ok(Self { db: Mutex::new(Self::connect(file)?) })
    }

    /// Runs one request as a transaction: all of it counts, or none.
    pub(crate) fn transact<R>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<R, Refusal>,
    ) -> Result<R, Refusal> {
        // A request that panicked was rolled back, so the connection behind it is still good.
        let mut db = self.db.lock().unwrap_or_else(PoisonError::into_inner);
        let transaction = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let done = work(&transaction)?;
        transaction.commit()?;
        Ok(done)
    }
}
