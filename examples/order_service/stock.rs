//! Products and their pieces, filled in while customers are created.

use anyhow::{Result, ensure};
use concurra::{State, task};
use serde_json::json;

use crate::client::{integer, together};
use crate::server::{client, url};
use crate::settings::Settings;

#[task(after = ["server::health"], tags = ["seed"])]
fn fill(state: &State) -> Result<Vec<String>> {
    let settings = state.get::<Settings>("settings")?;
    let products: Vec<usize> = (0..settings.products).collect();
    let skus = together(settings.clients, &url(state)?, &products, |client, product| {
        let sku = format!("sku-{product:03}");
        let price = Settings::price(*product);
        let body = json!({ "sku": sku, "price": price, "pieces": settings.pieces });
        client.post("/products", &body)?.expect(201)?;
        Ok(sku)
    })?;
    tracing::info!("{} products, {} pieces each", skus.len(), settings.pieces);
    Ok(skus)
}

#[task(after = ["fill"], tags = ["seed", "refusal"])]
fn refuse_same_sku(state: &State) -> Result<()> {
    let body = json!({ "sku": "sku-000", "price": 1, "pieces": 1 });
    client(state)?.post("/products", &body)?.refused(409, "sku-000")
}

/// The price that the service tells is the one that was asked for, also to the last product.
#[task(after = ["fill"], tags = ["seed"])]
fn read_back(state: &State) -> Result<()> {
    let client = client(state)?;
    for (product, sku) in state.result::<Vec<String>>("stock::fill")?.iter().enumerate() {
        let body = client.get(&format!("/products/{sku}"))?.expect(200)?;
        let price = integer(&body, "price")?;
        ensure!(price == Settings::price(product) as i64, "{sku} costs {price}");
    }
    Ok(())
}
