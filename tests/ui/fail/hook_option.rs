use concurra::{setup, teardown};

#[setup(after = ["load"], with_state)]
fn begin() {}

#[setup(timeout = "soon", retries = 1, isolate)]
fn limited() {}

#[teardown(tags = ["x"], backoff = 5, secret, crat = concurra)]
fn end() {}

fn main() {}
