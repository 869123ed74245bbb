//! Customers, created while the stock is filled.

use anyhow::{Result, ensure};
use concurra::{State, task};
use serde_json::json;

use crate::client::{integer, together};
use crate::server::{client, url};
use crate::settings::Settings;

#[task(after = ["server::health"], tags = ["seed"])]
fn create(state: &State) -> Result<Vec<i64>> {
    let settings = state.get::<Settings>("settings")?;
    let numbers: Vec<usize> = (0..settings.customers).collect();
    let ids = together(settings.clients, &url(state)?, &numbers, |client, number| {
        let mail = format!("customer-{number}@example.org");
        let body = json!({ "mail": mail, "deposit": settings.deposit() });
        integer(&client.post("/customers", &body)?.expect(201)?, "id")
    })?;
    tracing::info!("{} customers, {} cents each", ids.len(), settings.deposit());
    Ok(ids)
}

#[task(after = ["create"], tags = ["seed"])]
fn read_back(state: &State) -> Result<()> {
    let client = client(state)?;
    let ids = state.result::<Vec<i64>>("customers::create")?;
    for (number, id) in ids.iter().enumerate() {
        let customer = client.get(&format!("/customers/{id}"))?.expect(200)?;
        let mail = format!("customer-{number}@example.org");
        ensure!(customer["mail"] == mail, "customer {id} is {customer}, not {mail}");
    }
    Ok(())
}

#[task(after = ["create"], tags = ["seed", "refusal"])]
fn refuse_same_mail(state: &State) -> Result<()> {
    let body = json!({ "mail": "customer-0@example.org", "deposit": 1 });
    client(state)?.post("/customers", &body)?.refused(409, "customer-0@example.org")
}
