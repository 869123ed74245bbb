//! Customers, products and orders of single tasks, apart from those that all tasks share.

use anyhow::{Result, anyhow};
use concurra::State;
use serde_json::{Value, json};

use crate::client::{Client, integer};
use crate::server::client;

/// A customer and what was created for them; names begin with that of the task.
pub(crate) struct Scratch<'s> {
    pub(crate) client: Client,
    state: &'s State,
    name: &'static str,
    customer: i64,
}

impl<'s> Scratch<'s> {
    /// A customer with so much money.
    pub(crate) fn new(state: &'s State, name: &'static str, deposit: i64) -> Result<Self> {
        let client = client(state)?;
        let body = json!({ "mail": format!("{name}@example.org"), "deposit": deposit });
        let customer = integer(&client.post("/customers", &body)?.expect(201)?, "id")?;
        Ok(Self { client, state, name, customer })
    }

    /// A product of which there are so many pieces, at 100 each.
    pub(crate) fn product(&self, product: &str, pieces: i64) -> Result<String> {
        let sku = format!("{}-{product}", self.name);
        let body = json!({ "sku": sku, "price": 100, "pieces": pieces });
        self.client.post("/products", &body)?.expect(201)?;
        Ok(sku)
    }

    /// What an order of these lines says.
    pub(crate) fn request(&self, lines: &[(&str, i64)]) -> Value {
        let line = |(sku, quantity): &(&str, i64)| json!({ "sku": sku, "quantity": quantity });
        let lines: Vec<_> = lines.iter().map(line).collect();
        json!({ "customer": self.customer, "lines": lines })
    }

    /// Places an order, counted for the audit, and gives its number.
    pub(crate) fn order(&self, key: &str, lines: &[(&str, i64)]) -> Result<i64> {
        let key = format!("{}-{key}", self.name);
        let placed = self.client.post_once("/orders", &key, &self.request(lines))?.expect(201)?;
        count_placed(self.state, 1)?;
        integer(&placed, "id")
    }

    /// Takes a step of an order.
    pub(crate) fn step(&self, order: i64, step: &str) -> Result<crate::client::Answer> {
        self.client.post(&format!("/orders/{order}/{step}"), &json!({}))
    }

    /// Pays for an order.
    pub(crate) fn pay(&self, order: i64, amount: i64) -> Result<crate::client::Answer> {
        self.client.post(&format!("/orders/{order}/payment"), &json!({ "amount": amount }))
    }

    /// What the customer still has.
    pub(crate) fn balance(&self) -> Result<i64> {
        let path = format!("/customers/{}", self.customer);
        integer(&self.client.get(&path)?.expect(200)?, "balance")
    }

    /// How many pieces of a product are free.
    pub(crate) fn free(&self, sku: &str) -> Result<i64> {
        integer(&self.client.get(&format!("/products/{sku}"))?.expect(200)?, "free")
    }
}

/// Counts orders that the service says it has taken; the audit looks for each of them.
pub(crate) fn count_placed(state: &State, orders: usize) -> Result<()> {
    let count = |placed: &mut usize| *placed += orders;
    state.update("placed", || 0, count).map_err(|error| anyhow!(error))
}
