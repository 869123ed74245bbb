//! The server, before it has anything to sell.

use std::path::PathBuf;

use anyhow::{Result, anyhow, ensure};
use concurra::{State, task};
use serde_json::json;

use crate::client::Client;
use crate::shop::Service;

/// A client of the server that this run has started.
pub(crate) fn client(state: &State) -> Result<Client> {
    Ok(Client::new(&url(state)?))
}

/// Where that server is.
pub(crate) fn url(state: &State) -> Result<String> {
    Ok(state.result::<String>("server::start")?.to_string())
}

#[task(after = ["database::migrate"], tags = ["server"])]
fn start(state: &State) -> Result<String> {
    let file = state.result::<PathBuf>("database::create")?;
    // The boxed error of tiny_http becomes one of anyhow only by its text.
    let service = Service::start(&file).map_err(|error| anyhow!("{error}"))?;
    let url = service.url();
    state.insert("service", service);
    tracing::info!("serving at {url}");
    Ok(url)
}

#[task(after = ["start"], tags = ["server"])]
fn health(state: &State) -> Result<()> {
    let body = client(state)?.get("/health")?.expect(200)?;
    ensure!(body == json!({ "status": "up" }), "{body}");
    Ok(())
}

#[task(after = ["health"], tags = ["server", "refusal"])]
fn refuse_unknown_paths(state: &State) -> Result<()> {
    let client = client(state)?;
    client.get("/nothing")?.refused(404, "there is no GET /nothing")?;
    client.post("/health", &json!({}))?.refused(404, "there is no POST /health")?;
    client.get("/orders/999999999")?.refused(404, "no order 999999999")?;
    client.get("/orders/first")?.refused(400, "not a number")?;
    client.post("/orders/1/gift", &json!({}))?.refused(404, "no gift")
}

#[task(after = ["health"], tags = ["server", "refusal"])]
fn refuse_bad_bodies(state: &State) -> Result<()> {
    let client = client(state)?;
    client.post_text("/customers", "{\"mail\": ")?.refused(400, "not JSON")?;
    client.post("/customers", &json!({ "mail": "nobody" }))?.refused(400, "a mail address")?;
    client
        .post("/products", &json!({ "sku": "free", "price": 0 }))?
        .refused(400, "a price above 0")?;
    client.post("/orders", &json!({ "customer": 1 }))?.refused(400, "Idempotency-Key")?;
    client.post_once("/orders", "empty", &json!({ "customer": 1 }))?.refused(400, "at least one")
}
