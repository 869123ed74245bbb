use concurra::task;

#[task(retries = "3")]
fn text() {}

#[task(retries = -1)]
fn negative() {}

#[task(retries = 4294967296)]
fn too_many() {}

#[task(retries = 2.0)]
fn broken() {}

#[task(retries = 2u8)]
fn suffix() {}

#[task(retries = [1])]
fn list() {}

#[task(retries)]
fn no_value() {}

#[task(retries(2))]
fn parentheses() {}

#[task(retries = TRIES)]
fn constant() {}

#[task(retries = "never")]
fn quoted() {}

fn main() {}
