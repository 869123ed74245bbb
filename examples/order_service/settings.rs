//! How large the test is, as parameters tell.

use std::num::NonZeroUsize;

use concurra::{State, StateError};

/// How large the test is.
pub(crate) struct Settings {
    /// `--orders=200`
    pub(crate) orders: usize,
    /// `--customers=20`, among whom the orders go round.
    pub(crate) customers: usize,
    /// `--products=10`, of which an order takes one or two.
    pub(crate) products: usize,
    /// `--pieces=800` of each product; by default there is enough for all orders.
    pub(crate) pieces: usize,
    /// `--clients=4` that send requests at once, where order does not matter.
    pub(crate) clients: usize,
}

impl Settings {
    pub(crate) fn read(state: &State) -> Result<Self, StateError> {
        let count = |key, default| {
            let default = NonZeroUsize::new(default).unwrap_or(NonZeroUsize::MIN);
            state.param_or(key, default).map(NonZeroUsize::get)
        };
        let orders = count("orders", 200)?;
        Ok(Self {
            orders,
            customers: count("customers", 20)?,
            products: count("products", 10)?,
            pieces: state.param_or("pieces", orders.saturating_mul(4))?,
            clients: count("clients", 4)?,
        })
    }

    /// The price of a product, in cents.
    pub(crate) fn price(product: usize) -> usize {
        100 + 25 * product
    }

    /// What a customer brings, in cents: enough, should all orders be theirs.
    pub(crate) fn deposit(&self) -> usize {
        self.orders.saturating_mul(4 * Self::price(self.products))
    }
}
