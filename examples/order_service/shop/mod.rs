//! The order service under test: HTTP in front of a SQLite file. It knows nothing of Concurra.
//!
//! Customers have money, products have pieces. An order is placed, then paid and reserved in any
//! order, packed, shipped and confirmed; until it is shipped it can be cancelled. Every request is
//! one transaction, and every step of an order leaves an entry in its history.

mod catalog;
mod http;
mod orders;
mod payment;
mod refusal;
mod routes;
mod schema;
mod store;
mod warehouse;

pub(crate) use http::Service;
pub(crate) use refusal::Refusal;
pub(crate) use schema::{MIGRATIONS, migrate};
pub(crate) use store::Store;
